"""Reads `data/support_lines.toml`: support lines, emergency numbers and the entry for every other country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

from bot.content.entry import Entry
from bot.content.model import (
    Directory,
    EmergencyNumber,
    LineKind,
    LineStatus,
    OtherNumber,
    SupportLine,
    SupportLines,
)
from bot.content.source import Sheet, read_text, read_toml, shown_path

_COUNTRY = re.compile(r"[A-Z]{2}")
_ID = re.compile(r"[a-z]{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"\d(?:[ -]?\d)*")
_NUMBER_FORM = "digits with single spaces or hyphens, as dialled"
_EMAIL = re.compile(r"[a-z0-9.]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_CHAT = re.compile(r"https://[!-~]+|WhatsApp \d(?:[ -]?\d)*")
_STATUSES = ("needs_check", "seen")


def read_support_lines(data_dir: Path) -> tuple[SupportLines | None, Sheet, dict[str, int]]:
    """The lines, the sheet with the faults, and the line in the file of each entry.

    Entries are named by the id of a line, by `emergency:<country>` and by `elsewhere`. `None` comes back only when
    the file or its `elsewhere` entry can't be read at all.
    """
    path = data_dir / "support_lines.toml"
    sheet = Sheet(shown_path(path, data_dir))
    text = read_text(path, sheet)
    located = None if text is None else read_toml(text, sheet)
    if located is None:
        return None, sheet, {}
    root = Entry(located, sheet)
    where: dict[str, int] = {}
    lines = tuple(_line(entry, where) for entry in _entries(root, "line", 200))
    emergencies = tuple(_emergency(entry, where) for entry in _entries(root, "emergency", 200))
    elsewhere = root.take("elsewhere", required=True)
    root.finish()
    _check_countries(lines, emergencies, where, sheet)
    if elsewhere is None:
        return None, sheet, where
    return SupportLines(lines, emergencies, _directory(Entry(elsewhere, sheet), where)), sheet, where


def _entries(root: Entry, key: str, most: int) -> Iterator[Entry]:
    for located in root.items(key, required=True, most=most):
        yield Entry(located, root.sheet)


def _line(entry: Entry, where: dict[str, int]) -> SupportLine:
    identity = entry.matching("id", _ID, "the country and lower-case words joined by '-'")
    if identity in where:
        entry.sheet.fault(entry.line_of("id"), f"'{identity}' stands twice")
    where[identity] = entry.line
    status, checked, verified, verified_by = _standing(entry)
    line = SupportLine(
        id=identity,
        country=entry.matching("country", _COUNTRY, "two capital letters (ISO 3166)"),
        country_name=entry.text("country_name", limit=40),
        service=entry.text("service", limit=80),
        kind=cast(LineKind, entry.choice("kind", ("crisis", "substance", "poison"))),
        status=status,
        call=entry.matching("call", _NUMBER, _NUMBER_FORM, required=False),
        call_also=entry.words("call_also", _NUMBER, _NUMBER_FORM, required=False, most=5),
        text=entry.matching("text", _NUMBER, _NUMBER_FORM, required=False),
        text_word=entry.text("text_word", limit=30, required=False),
        chat=entry.matching("chat", _CHAT, "an https address or 'WhatsApp <number>'", required=False),
        email=entry.matching("email", _EMAIL, "a mail address", required=False),
        tty=entry.matching("tty", _NUMBER, _NUMBER_FORM, required=False),
        hours=entry.text("hours", limit=80, required=False),
        languages=entry.text("languages", limit=80, required=False),
        cost=entry.text("cost", limit=40, required=False),
        note=entry.text("note", limit=200, required=False),
        address=entry.address("address", secure=True),
        source_seen=entry.text("source_seen", limit=200),
        last_checked=checked,
        last_verified=verified,
        verified_by=verified_by,
    )
    _check_line(entry, line)
    entry.finish()
    return line


def _check_line(entry: Entry, line: SupportLine) -> None:
    if not (line.call or line.text or line.chat):
        entry.sheet.fault(entry.line, "a line needs 'call', 'text' or 'chat'")
    if line.text_word and not line.text:
        entry.sheet.fault(entry.line_of("text_word"), "'text_word' without 'text'")
    if line.call_also and not line.call:
        entry.sheet.fault(entry.line_of("call_also"), "'call_also' without 'call'")
    if line.id and line.country and not line.id.startswith(f"{line.country.lower()}-"):
        entry.sheet.fault(entry.line_of("id"), f"'id' must begin with '{line.country.lower()}-'")


def _standing(entry: Entry) -> tuple[LineStatus, date, date | None, str]:
    status = cast(LineStatus, entry.choice("status", _STATUSES))
    checked = entry.day("last_checked")
    verified = entry.day_if_any("last_verified")
    verified_by = entry.text("verified_by", limit=60, required=False)
    for key in ("last_verified", "verified_by"):
        entry.take(key, required=True)
    if bool(verified) != bool(verified_by):
        entry.sheet.fault(entry.line_of("last_verified"), "'last_verified' and 'verified_by' are filled together")
    return status, checked, verified, verified_by


def _emergency(entry: Entry, where: dict[str, int]) -> EmergencyNumber:
    country = entry.matching("country", _COUNTRY, "two capital letters (ISO 3166)")
    if f"emergency:{country}" in where:
        entry.sheet.fault(entry.line, f"'{country}' has two emergency entries")
    where[f"emergency:{country}"] = entry.line
    status, checked, verified, verified_by = _standing(entry)
    also = []
    for located in entry.items("also", required=False, most=3):
        other = Entry(located, entry.sheet)
        also.append(
            OtherNumber(other.matching("number", _NUMBER, _NUMBER_FORM), other.text("reach", limit=60, required=False))
        )
        other.finish()
    number = EmergencyNumber(
        country=country,
        country_name=entry.text("country_name", limit=40),
        number=entry.matching("number", _NUMBER, _NUMBER_FORM),
        reach=entry.text("reach", limit=60, required=False),
        also=tuple(also),
        note=entry.text("note", limit=200, required=False),
        status=status,
        source_seen=entry.text("source_seen", limit=200),
        last_checked=checked,
        last_verified=verified,
        verified_by=verified_by,
    )
    entry.finish()
    return number


def _directory(entry: Entry, where: dict[str, int]) -> Directory:
    where["elsewhere"] = entry.line
    status, checked, verified, verified_by = _standing(entry)
    directory = Directory(
        service=entry.text("service", limit=80),
        note=entry.text("note", limit=300),
        address=entry.address("address", secure=True),
        status=status,
        source_seen=entry.text("source_seen", limit=200),
        last_checked=checked,
        last_verified=verified,
        verified_by=verified_by,
    )
    entry.finish()
    return directory


def _check_countries(
    lines: tuple[SupportLine, ...], emergencies: tuple[EmergencyNumber, ...], where: dict[str, int], sheet: Sheet
) -> None:
    names = {number.country: number.country_name for number in emergencies}
    for line in lines:
        if line.country and line.country not in names:
            sheet.fault(where[line.id], f"'{line.country}' has no emergency number in this file")
        elif line.country and line.country_name != names[line.country]:
            sheet.fault(where[line.id], f"'country_name' differs from '{names[line.country]}' of the emergency entry")
