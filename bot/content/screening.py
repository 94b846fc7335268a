"""Reads `data/screening/`: by which phrases a text shows that its writer may be in danger now, and which calm it.

`words.toml` holds lists and spellings, `guards.toml` what makes a phrase harmless; every other file is one category.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from bot.content.dangers import (
    CATEGORIES,
    PLACES,
    TENSES,
    DangerCategory,
    DangerFamily,
    DangerGuard,
    GuardPlace,
    ScreeningRules,
    Tense,
)
from bot.content.entry import Entry
from bot.content.phrases import FILLERS, Lists, Phrase, PhraseFault, read_entry, read_phrase
from bot.content.source import Located, Sheet, read_text, read_toml, shown_path

Read = TypeVar("Read")

_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
_LIST = re.compile(r"[a-z][a-z_]{1,29}")
_TOKEN = re.compile(r"[a-z0-9]{1,30}")
_SPELT = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_MOST = 400


@dataclass(slots=True)
class _Opened:
    """One file: its fields, and its text to find the line of a phrase in a list."""

    sheet: Sheet
    lines: list[str]
    root: Entry

    def line_of(self, written: str, after: int) -> int:
        quoted = f'"{written}"'
        rest = enumerate(self.lines[after - 1 :], start=after)
        return next((number for number, line in rest if quoted in line), after)


def read_screening(data_dir: Path) -> tuple[ScreeningRules, tuple[Sheet, ...]]:
    """The rules and the sheets with the faults of every file; a missing file is a fault, too."""
    folder = data_dir / "screening"
    words, guards = _open(folder / "words.toml", data_dir), _open(folder / "guards.toml", data_dir)
    dangers = {category: _open(folder / f"{category}.toml", data_dir) for category in CATEGORIES}
    lists, spellings = _read_words(words)
    families = [family for name, opened in dangers.items() for family in _families(opened, name, lists)]
    rules = ScreeningRules(
        families=tuple(families),
        guards=tuple(_guards(guards, lists)),
        harmless=_phrases(guards, guards.root, "harmless", lists),
        own_voice=_phrases(guards, guards.root, "own_voice", lists),
        spellings=spellings,
    )
    every = (words, guards, *dangers.values())
    known = {"words.toml", "guards.toml", *(f"{name}.toml" for name in dangers)}
    for opened in every:
        opened.root.finish()
    strange = Sheet(shown_path(folder, data_dir))
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in known:
            strange.fault(1, f"'{path.name}' is no file that screening reads")
    return rules, (*(opened.sheet for opened in every), strange)


def _open(path: Path, data_dir: Path) -> _Opened:
    sheet = Sheet(shown_path(path, data_dir))
    text = read_text(path, sheet)
    located = None if text is None else read_toml(text, sheet)
    return _Opened(sheet, (text or "").split("\n"), Entry(located or Located({}, 1), sheet))


def _read_words(opened: _Opened) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    lists: dict[str, tuple[str, ...]] = {}
    for name, item in _fields(opened.root.take("lists", required=True)).items():
        entry = Entry(Located({name: item}, item.line), opened.sheet)
        if not _LIST.fullmatch(name):
            opened.sheet.fault(item.line, f"'{name}' must be lower-case letters")
        lists[name] = tuple(_sound(opened, entry, name, read_entry))
    if FILLERS not in lists:
        opened.sheet.fault(1, f"there is no list '{FILLERS}'")
    spellings: dict[str, str] = {}
    for word, item in _fields(opened.root.take("spellings", required=True)).items():
        if not _TOKEN.fullmatch(word):
            opened.sheet.fault(item.line, f"'{word}' must be one word of letters and digits")
        spellings[word] = Entry(Located({"word": item}, item.line), opened.sheet).matching(
            "word", _SPELT, "plain words"
        )
    return lists, spellings


def _families(
    opened: _Opened, category: DangerCategory, lists: Mapping[str, tuple[str, ...]]
) -> Iterator[DangerFamily]:
    for item in opened.root.items("family", required=True, most=60):
        entry = Entry(item, opened.sheet)
        name = entry.matching("name", _NAME, "a lower-case name")
        entry.text("about", limit=200)
        tense = entry.choice("tense", TENSES)
        phrases = _phrases(opened, entry, "phrases", lists)
        entry.finish()
        yield DangerFamily(name, category, cast("Tense", tense), phrases)


def _guards(opened: _Opened, lists: Lists) -> Iterator[DangerGuard]:
    for item in opened.root.items("guard", required=True, most=60):
        entry = Entry(item, opened.sheet)
        name = entry.matching("name", _NAME, "a lower-case name")
        entry.text("about", limit=200)
        place = entry.choice("place", PLACES)
        phrases = _phrases(opened, entry, "phrases", lists)
        unless = _phrases(opened, entry, "unless", lists, required=False)
        categories = _some_of(entry, "categories", CATEGORIES)
        tenses = _some_of(entry, "tenses", TENSES)
        entry.finish()
        yield DangerGuard(name, cast("GuardPlace", place), phrases, unless, categories, tenses)


def _some_of(entry: Entry, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    one_of = re.compile("|".join(allowed))
    return entry.words(key, one_of, f"one of {', '.join(allowed)}", required=False, most=len(allowed))


def _phrases(opened: _Opened, entry: Entry, key: str, lists: Lists, *, required: bool = True) -> tuple[Phrase, ...]:
    return tuple(_sound(opened, entry, key, lambda written: read_phrase(written, lists), required=required))


def _sound(
    opened: _Opened, entry: Entry, key: str, read: Callable[[str], Read], *, required: bool = True
) -> Iterator[Read]:
    """What `read` makes of the texts of a list; of every other one its fault is noted on its own line."""
    seen: set[str] = set()
    for item in entry.items(key, required=required, most=_MOST):
        written = item.value if isinstance(item.value, str) else ""
        try:
            if not written:
                raise PhraseFault(f"an item of '{key}' must be text")
            if written in seen:
                raise PhraseFault(f"'{written}' stands twice in '{key}'")
            seen.add(written)
            yield read(written)
        except PhraseFault as fault:
            opened.sheet.fault(opened.line_of(written, item.line), str(fault))


def _fields(located: Located | None) -> dict[str, Located]:
    value = located.value if located is not None else None
    return value if isinstance(value, dict) else {}
