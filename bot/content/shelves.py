"""Reads the small tables beside the snippets: `data/topics.toml` and `data/search_words.toml`."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content.entry import Entry
from bot.content.model import SearchWords, Topic
from bot.content.source import Located, Sheet, read_text, read_toml, shown_path

_KEY = re.compile(r"[a-z][a-z_]{1,29}")
_PHRASE = re.compile(r"[a-z0-9][a-z0-9' -]*")
_WORDS = re.compile(r"[a-z0-9][a-z0-9-]*")

NAME_LIMIT = 45
"""Characters of a topic's name: it stands on buttons and labels."""

DESCRIPTION_LIMIT = 100
"""Characters of a topic's description: what Discord takes under a choice of a select."""


def read_topics(data_dir: Path) -> tuple[dict[str, Topic], Sheet, dict[str, int]]:
    """The topics in the file's order, the sheet with the faults, and the line of each topic."""
    sheet, located = _file(data_dir / "topics.toml", data_dir)
    topics: dict[str, Topic] = {}
    where: dict[str, int] = {}
    for key, item in _fields(located).items():
        if not _KEY.fullmatch(key):
            sheet.fault(item.line, f"'{key}' must be lower-case letters")
        entry = Entry(item, sheet)
        topics[key] = Topic(
            key, entry.text("name", limit=NAME_LIMIT), entry.text("description", limit=DESCRIPTION_LIMIT)
        )
        where[key] = item.line
        entry.finish()
    if located is not None and not topics:
        sheet.fault(1, "there are no topics")
    return topics, sheet, where


def read_search_words(data_dir: Path) -> tuple[SearchWords, Sheet]:
    """Phrases and spellings for the search: `[phrases]` maps text to lists of words, `[spellings]` word to word."""
    sheet, located = _file(data_dir / "search_words.toml", data_dir)
    phrases: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, str] = {}
    if located is None:
        return SearchWords(phrases, spellings), sheet
    root = Entry(located, sheet)
    for key, item in _fields(root.take("phrases", required=True)).items():
        if not _PHRASE.fullmatch(key):
            sheet.fault(item.line, f"'{key}' must be lower-case words")
        phrases[key] = Entry(Located({"words": item}, item.line), sheet).words(
            "words", _WORDS, "a lower-case word", required=True, most=8
        )
    for key, item in _fields(root.take("spellings", required=True)).items():
        if not _WORDS.fullmatch(key):
            sheet.fault(item.line, f"'{key}' must be a lower-case word")
        spellings[key] = Entry(Located({"word": item}, item.line), sheet).matching("word", _WORDS, "a lower-case word")
    root.finish()
    for key, target in spellings.items():
        if target in spellings:
            sheet.fault(root.line_of("spellings"), f"'{key}' leads to '{target}', which leads on")
    return SearchWords(phrases, spellings), sheet


def _file(path: Path, data_dir: Path) -> tuple[Sheet, Located | None]:
    sheet = Sheet(shown_path(path, data_dir))
    text = read_text(path, sheet)
    return sheet, None if text is None else read_toml(text, sheet)


def _fields(located: Located | None) -> dict[str, Located]:
    value = located.value if located is not None else None
    return value if isinstance(value, dict) else {}
