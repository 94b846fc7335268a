"""Checks the text catalogue `data/texts/*.toml`: lengths, words, amounts and reading grade, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.model import Fault
from bot.content.reading import HIGHEST_GRADE, LONGEST_SENTENCE, grade, longest_sentence
from bot.content.safety.language import abuse
from bot.content.safety.passages import Finding
from bot.content.safety.readings import SHORT_READING, TEXT_RULES, Setting, phone_numbers
from bot.content.snippets import count_words
from bot.content.source import Located, Sheet, read_text, read_toml, shown_path
from bot.text.catalogue import limit_of

_PLURALS = {"one", "other"}


@dataclass(frozen=True, slots=True)
class CatalogueText:
    """One text (or one plural form of it) with its key and place."""

    key: str
    text: str
    line: int


def check_catalogue(data_dir: Path, setting: Setting) -> list[Fault]:
    """Every fault of the text catalogue; an empty list when there is no `texts` folder yet."""
    folder = data_dir / "texts"
    faults: list[Fault] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        sheet = Sheet(shown_path(path, data_dir))
        if path.suffix != ".toml" or not path.is_file():
            sheet.fault(1, "only .toml files belong in this folder")
        else:
            _check_file(path, sheet, setting)
        faults += sheet.faults
    return faults


def _check_file(path: Path, sheet: Sheet, setting: Setting) -> None:
    text = read_text(path, sheet)
    located = None if text is None else read_toml(text, sheet)
    if located is None or not isinstance(located.value, dict):
        return
    for entry in _texts(path.stem, located.value, sheet):
        for message in text_messages(entry.key, entry.text, setting):
            sheet.fault(entry.line, f"{entry.key}: {message}")


def _texts(prefix: str, tree: Mapping[str, Located], sheet: Sheet) -> Iterator[CatalogueText]:
    for name, item in tree.items():
        key, value = f"{prefix}.{name}", item.value
        if isinstance(value, str):
            yield CatalogueText(key, value.strip(), item.line)
        elif isinstance(value, dict) and _PLURALS & value.keys() and value.keys() <= _PLURALS:
            yield from _plural(key, value, item.line, sheet)
        elif isinstance(value, dict):
            yield from _texts(key, value, sheet)
        else:
            sheet.fault(item.line, f"{key}: a text is a string or a table of 'one' and 'other'")


def _plural(key: str, forms: Mapping[str, Located], line: int, sheet: Sheet) -> Iterator[CatalogueText]:
    if forms.keys() != _PLURALS:
        sheet.fault(line, f"{key}: a plural needs both 'one' and 'other'")
    for form in forms.values():
        if isinstance(form.value, str):
            yield CatalogueText(key, form.value.strip(), form.line)
        else:
            sheet.fault(form.line, f"{key}: 'one' and 'other' are strings")


def text_messages(key: str, text: str, setting: Setting) -> Iterator[str]:
    """What is wrong with one text of ours: length by its key, house rules, phone numbers, reading grade.

    Texts of up to 12 words have no grade: the formula says nothing about a label.
    """
    if not text:
        yield "the text is empty"
    limit = limit_of(key)
    if len(text) > limit:
        yield f"{len(text)} characters; Discord takes {limit} here"
    for finding in (*_findings(text), *abuse(text)):
        yield f"{finding.rule}: {finding.message}"
    for number, _ in phone_numbers(text, setting):
        yield f"phone number: '{number}' belongs in support_lines.toml"
    yield from reading_messages(text)


def reading_messages(text: str) -> Iterator[str]:
    """What is wrong with how a text reads; nothing for a text of up to 12 words."""
    if count_words(text) <= SHORT_READING:
        return
    found = grade(text)
    if found > HIGHEST_GRADE:
        yield f"reading grade {found:.1f}; at most {HIGHEST_GRADE:.0f}"
    words = longest_sentence(text)
    if words > LONGEST_SENTENCE:
        yield f"a sentence of {words} words; at most {LONGEST_SENTENCE}"


def _findings(text: str) -> Iterator[Finding]:
    for rule in TEXT_RULES:
        yield from rule(text)
