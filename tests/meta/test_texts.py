"""Every key the code asks for is in the catalogue, and every text of the catalogue is asked for."""

import ast
import re

from bot.text import load_catalogue
from bot.text.catalogue import DATA_DIR
from tests.meta.source import calls, constant, modules

CODE = ("bot", "cogs", "rehearsal")
# Functions whose first argument is a key of the catalogue.
ASKS = ("t", "Refusal")
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_-]+)+")


def test_every_key_asked_for_by_name_is_there() -> None:
    entries = load_catalogue(DATA_DIR / "texts").entries
    missing = [
        f"{path}:{call.lineno} {key}"
        for path, tree in modules(*CODE)
        for name in ASKS
        for call in calls(tree, name)
        if call.args and (key := constant(call.args[0])) is not None and key not in entries
    ]
    assert not missing


def test_every_text_is_asked_for() -> None:
    words: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for _, tree in modules(*CODE):
        for node in ast.walk(tree):
            if (literal := constant(node)) is not None and KEY.fullmatch(literal):
                words.add(literal)
            elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
                patterns.append(pattern)
    unused = [
        key
        for key in load_catalogue(DATA_DIR / "texts").entries
        if key not in words
        and not any(pattern.fullmatch(key) for pattern in patterns)
        and not _describes_a_command(key, words)
    ]
    assert not unused


def _pattern(node: ast.JoinedStr) -> re.Pattern[str] | None:
    """Return what a formatted key can be; only those that name their file count, or every text would be used."""
    first = constant(node.values[0]) if node.values else None
    if first is None or not re.match(r"[a-z_]+\.", first):
        return None
    return re.compile("".join(re.escape(text) if (text := constant(part)) else r"[\w.-]+" for part in node.values))


def _describes_a_command(key: str, words: set[str]) -> bool:
    """`slash("me.timezone")` and `root("me")` read `me.timezone.description`, `me.timezone.zone.description`."""
    if not key.endswith(".description"):
        return False
    stem = key.removesuffix(".description")
    parent = stem.rsplit(".", 1)[0]
    return stem in words or parent in words or "." not in parent
