"""Reads `data/texts/*.toml`: one file a feature, one key a sentence, with plural forms where a number decides.

A key is `feature.part.part`; its first part names the file. The last part of a key names the place where Discord
shows the text, and with it the longest it may be (`LIMITS`, from Discord's own reference on messages, components and
application commands).
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA_DIR = Path(__file__).resolve().parents[2] / "data"

# Characters. Buttons take 80 and modal labels 45: one limit for both keeps a label usable in either place.
LIMITS: Mapping[str, int] = {
    "description": 100,
    "label": 45,
    "title": 45,
    "placeholder": 100,
    "choice": 100,
}
LONGEST = 4000
_PLURALS = frozenset({"one", "other"})


class MissingText(LookupError):
    """A key that the catalogue does not hold, or a sentence that lacks its data: a mistake in the code."""


Entry = str | Mapping[str, str]


class Catalogue:
    """All texts, flat by key."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    def text(self, key: str, **data: Any) -> str:
        """Return the sentence of `key` with `data` in its places; `count` chooses the plural form.

        Raises `MissingText` for an unknown key or a place without data.
        """
        entry = self.entries.get(key)
        if entry is None:
            raise MissingText(key)
        if not isinstance(entry, str):
            entry = entry["one" if data.get("count") == 1 else "other"]
        try:
            return entry.format_map(data) if data else entry
        except KeyError as error:
            raise MissingText(f"{key} needs {error}") from None


def limit_of(key: str) -> int:
    """Return how many characters Discord takes where the text of `key` is shown."""
    return LIMITS.get(key.rsplit(".", 1)[-1], LONGEST)


def load_catalogue(directory: Path) -> Catalogue:
    """Read every file of `directory`. Raises `ValueError` naming the file for broken TOML or a wrong kind of entry."""
    entries: dict[str, Entry] = {}
    for path in sorted(directory.glob("*.toml")):
        try:
            tree = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{path.name}: {error}") from error
        _flatten(path.stem, tree, entries)
    return Catalogue(entries)


def _flatten(prefix: str, tree: Mapping[str, Any], entries: dict[str, Entry]) -> None:
    for name, value in tree.items():
        key = f"{prefix}.{name}"
        if isinstance(value, str):
            entries[key] = value.strip()
        elif isinstance(value, Mapping) and value.keys() == _PLURALS:
            entries[key] = {form: str(words).strip() for form, words in value.items()}
        elif isinstance(value, Mapping):
            _flatten(key, value, entries)
        else:
            raise ValueError(f"{key}: a text is a string or a table of one and other")


@cache
def _shipped() -> Catalogue:
    return load_catalogue(DATA_DIR / "texts")


def t(key: str, /, **data: Any) -> str:
    """Return the shipped text of `key`; see `Catalogue.text`."""
    return _shipped().text(key, **data)
