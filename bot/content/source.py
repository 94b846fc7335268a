"""Reading of content files with the line of every value, so that each fault can say where it is.

YAML is read as events, not constructed: every scalar stays the text that was written (no surprise booleans,
dates or octal numbers) and carries its line. `tomllib` knows no lines, so keys are found again in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.content.model import Fault

FRONT_MATTER_LIMIT = 16_000
"""Characters of front matter: several times a long real one."""

_DEEPEST = 4  # file -> claims -> one claim -> value; anything deeper is a mistake
_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml reads 84 front matters in 5 ms, Python in 74
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*=")
_KEY_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)
"""Characters that nobody can see: they could hide a word from the safety rules and show it to a reader."""


@dataclass(frozen=True, slots=True)
class Located:
    """A value (text, list of located values or mapping of them) and the line it is written on."""

    value: object
    line: int


@dataclass(slots=True)
class Sheet:
    """One file while it is read: its path as shown to people, and the faults found so far."""

    path: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Notes a fault of this file."""
        self.faults.append(Fault(self.path, line, message))


def shown_path(path: Path, data_dir: Path) -> str:
    """A path as faults show it: `data/snippets/x.md`, never with what lies above the data folder."""
    return f"{data_dir.name}/{path.relative_to(data_dir).as_posix()}"


def read_text(path: Path, sheet: Sheet) -> str | None:
    """The file's text with Unix line ends; `None` after a fault: unreadable, not UTF-8, unseen characters."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        sheet.fault(1, f"the file can't be read: {error.strerror}")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        sheet.fault(raw.count(b"\n", 0, error.start) + 1, "the file is not UTF-8 text")
        return None
    text = text.replace("\r\n", "\n")
    unseen = UNSEEN.search(text)
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        sheet.fault(line, f"a character that nobody can see (U+{ord(unseen.group()):04X})")
        return None
    return text


def read_yaml_mapping(text: str, first_line: int, sheet: Sheet) -> Located | None:
    """Reads a YAML mapping that starts on `first_line` of the file; `None` after a fault."""
    if len(text) > FRONT_MATTER_LIMIT:
        sheet.fault(first_line, f"the front matter is longer than {FRONT_MATTER_LIMIT} characters")
        return None
    try:
        located = _YamlReader(text, first_line, sheet).read()
    except _UnfitYaml as error:
        sheet.fault(first_line + error.line, str(error))
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        sheet.fault(line, f"this is not YAML: {error.problem or error.context}")
        return None
    except yaml.YAMLError as error:
        sheet.fault(first_line, f"this is not YAML: {error}")
        return None
    if located is None or not isinstance(located.value, dict):
        sheet.fault(first_line, "expected lines of the form 'key: value'")
        return None
    return located


class _UnfitYaml(Exception):
    def __init__(self, event: yaml.Event, message: str) -> None:
        super().__init__(message)
        self.line = _line(event)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


class _YamlReader:
    """Turns parse events into located values, no deeper than a content file ever is.

    Composing would recurse in C as deep as the text nests, and crash the process on a hostile import.
    """

    def __init__(self, text: str, first_line: int, sheet: Sheet) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._first_line = first_line
        self._sheet = sheet

    def read(self) -> Located | None:
        """The document's root value; `None` for an empty text."""
        root = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    raise _UnfitYaml(event, "a second document starts here")
                root = self._value(event, 1)
        return root

    def _value(self, event: yaml.Event, depth: int) -> Located:
        line = self._first_line + _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _UnfitYaml(event, "anchors and aliases have no place here")
        if isinstance(event, yaml.ScalarEvent):
            return Located(event.value, line)
        if depth > _DEEPEST:
            raise _UnfitYaml(event, "nested too deeply")
        if isinstance(event, yaml.SequenceStartEvent):
            return Located([self._value(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)], line)
        fields: dict[str, Located] = {}
        for key_event in self._until(yaml.MappingEndEvent):
            key = self._value(key_event, depth + 1)
            if str(key.value) in fields:
                self._sheet.fault(key.line, f"'{key.value}' is written twice")
            fields[str(key.value)] = Located(self._value(next(self._events), depth + 1).value, key.line)
        return Located(fields, line)

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event


def read_toml(text: str, sheet: Sheet) -> Located | None:
    """Reads a TOML file into located values; `None` after a fault."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        line = int(where.group(1)) if where else text.count("\n") + 1
        sheet.fault(line, f"this is not TOML: {error}")
        return None
    return _with_lines(table, (), toml_lines(text), 1)


def _with_lines(
    value: object, path: tuple[str | int, ...], lines: Mapping[tuple[str | int, ...], int], line: int
) -> Located:
    here = lines.get(path, line)
    if isinstance(value, dict):
        return Located({key: _with_lines(item, (*path, key), lines, here) for key, item in value.items()}, here)
    if isinstance(value, list):
        return Located([_with_lines(item, (*path, place), lines, here) for place, item in enumerate(value)], here)
    return Located(value, here)


def toml_lines(text: str) -> dict[tuple[str | int, ...], int]:
    """The line of every table header and key of a valid TOML text, by path; array tables count from 0.

    A key inside an inline table is reported on the line of the key that holds it.
    """
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _key_path(header.group(2))
            if header.group(1) == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines[table] = number
        elif key:
            path = _key_path(key.group(1))
            for length in range(1, len(path) + 1):
                lines.setdefault((*table, *path[:length]), number)
            closing = next((mark for mark in ('"""', "'''") if line.count(mark) == 1), "")
    return lines


def _key_path(written: str) -> tuple[str | int, ...]:
    return tuple(next(part for part in match if part) for match in _KEY_PART.findall(written))
