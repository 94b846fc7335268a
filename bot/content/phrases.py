"""The phrases of `data/screening/`: a small notation that a clinician can read, turned into patterns.

A phrase is words with single spaces, in lower case and without short forms ("do not", "i am"). Beside plain words:
`a/b` either word, `{name}` any entry of the list of that name, `word*` a word with any ending, `#` a number, `~` up to
two filler words, `*` up to three words of any kind but "not" and "never", `I` "i" or a sentence that leaves it out,
`.` the end of a clause; a `?` behind an element makes it optional. The text it is held against is made by
`cogs.care.screening`: single spaces, `,` and `.` standing alone, a "." at both ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

FILLERS = "fillers"
"""The list that `~` stands for."""

Lists = Mapping[str, tuple[str, ...]]

_PAUSE = "(?:, )?"
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "I": r"(?:i |(?<=[.,] )(?:(?:and|but|so|then|or) )?)",
        "*": rf"(?:{_PAUSE}(?!not |never )[^ .,]+ ){{0,3}}?",
        ".": "(?=[.,] )",
        "#": "[0-9]+ ",
    }
)
_WORD = re.compile(r"[a-z0-9]+\*?")
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")


class PhraseFault(ValueError):
    """A phrase that can't be read; its message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that was read: its pattern, and `needs`, sets of words.

    Of each set one word stands in every text that the pattern matches ("seizure*": a word that begins so).
    """

    written: str
    pattern: str
    needs: tuple[frozenset[str], ...]


def read_entry(written: str) -> str:
    """Return an entry of a list, plain words, as it stands. Raises `PhraseFault`."""
    if not _PLAIN.fullmatch(written):
        raise PhraseFault(f"'{written}' must be plain words in lower case, without short forms")
    return written


def read_phrase(written: str, lists: Lists) -> Phrase:
    """Read a phrase. Raises `PhraseFault` for what the notation doesn't know."""
    elements = written.split(" ")
    pattern = _PAUSE.join(_pattern(element, written, lists) for element in elements)
    needs = tuple(words for element in elements if (words := _needed(element, lists)))
    if not needs:
        raise PhraseFault(f"'{written}' needs at least one word of its own")
    return Phrase(written, pattern, needs)


def _pattern(element: str, phrase: str, lists: Lists) -> str:
    if element.endswith("?"):
        return f"(?:{_pattern(element[:-1], phrase, lists)})?"
    if element == "~":
        return f"(?:{_PAUSE}{_any_entry(FILLERS, lists)}){{0,2}}"
    if element in _SIGNS:
        return _SIGNS[element]
    parts = element.split("/")
    return _either(parts[0], phrase, lists) if len(parts) == 1 else _one_of(parts, phrase, lists)


def _one_of(parts: list[str], phrase: str, lists: Lists) -> str:
    return f"(?:{'|'.join(_either(part, phrase, lists) for part in parts)})"


def _either(part: str, phrase: str, lists: Lists) -> str:
    if part in {".", "#"}:
        return _SIGNS[part]
    if part.startswith("{") and part.endswith("}"):
        return _any_entry(part[1:-1], lists)
    if not _WORD.fullmatch(part):
        raise PhraseFault(f"'{part}' in '{phrase}' is neither a word nor a sign of the notation")
    return f"{part.replace('*', '[^ .,]*')} "


def _any_entry(name: str, lists: Lists) -> str:
    if name not in lists:
        raise PhraseFault(f"there is no list '{name}'")
    return _any_of(lists[name])


@cache
def _any_of(entries: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(_PAUSE.join(f'{word} ' for word in entry.split()) for entry in entries)})"


def _needed(element: str, lists: Lists) -> frozenset[str]:
    """The words of which one must be there for this element; empty where it can be had without any."""
    if element.endswith("?"):
        return frozenset()
    words: set[str] = set()
    for part in element.split("/"):
        if part in {"I", "~", "*", ".", "#"}:
            return frozenset()
        words.update(_longest(lists.get(part[1:-1], ())) if part.startswith("{") else (part,))
    return frozenset(words)


@cache
def _longest(entries: tuple[str, ...]) -> frozenset[str]:
    """Of an entry of several words its longest one will do: it is the one that stands in fewest other texts."""
    return frozenset(max(entry.split(), key=len) for entry in entries)
