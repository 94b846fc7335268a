"""The fields of one entry of a content file, read one by one, each fault noted with its line."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from bot.content.source import Located, Sheet

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


class Entry:
    """The fields of one mapping; every reader notes a fault and answers with an empty value, never raises."""

    def __init__(self, located: Located, sheet: Sheet) -> None:
        value = located.value
        self.line = located.line
        self.sheet = sheet
        self._fields: dict[str, Located] = value if isinstance(value, dict) else {}
        self._asked: set[str] = set()
        if not isinstance(value, dict):
            sheet.fault(located.line, "expected fields of the form 'key: value' here")

    def line_of(self, key: str) -> int:
        """The line of a field, or of the whole entry when it is missing."""
        located = self._fields.get(key)
        return located.line if located else self.line

    def take(self, key: str, *, required: bool) -> Located | None:
        """The raw field, remembered as known."""
        self._asked.add(key)
        located = self._fields.get(key)
        if located is None and required:
            self.sheet.fault(self.line, f"'{key}' is missing")
        return located

    def text(self, key: str, *, limit: int, required: bool = True) -> str:
        """One line of text of at most `limit` characters; must not be empty when required."""
        located = self.take(key, required=required)
        if located is None:
            return ""
        if not isinstance(located.value, str):
            self.sheet.fault(located.line, f"'{key}' must be text")
            return ""
        value = located.value
        if value != value.strip() or "\n" in value:
            self.sheet.fault(located.line, f"'{key}' must be one line without spaces around it")
        if required and not value.strip():
            self.sheet.fault(located.line, f"'{key}' is empty")
        if len(value) > limit:
            self.sheet.fault(located.line, f"'{key}' has {len(value)} characters; at most {limit}")
        return value.strip()

    def matching(self, key: str, pattern: re.Pattern[str], form: str, *, required: bool = True) -> str:
        """Text that matches a pattern whole; `form` says in words what is expected."""
        value = self.text(key, limit=300, required=required)
        if value and not pattern.fullmatch(value):
            self.sheet.fault(self.line_of(key), f"'{key}' must be {form}, not '{value}'")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words; the first one stands in for a wrong one."""
        value = self.text(key, limit=300)
        if value in allowed:
            return value
        if value:
            self.sheet.fault(self.line_of(key), f"'{key}' must be one of {', '.join(allowed)}, not '{value}'")
        return allowed[0]

    def items(self, key: str, *, required: bool, most: int) -> list[Located]:
        """A list of at most `most` items, not empty when required."""
        located = self.take(key, required=required)
        if located is None:
            return []
        value = located.value
        if not isinstance(value, list):
            self.sheet.fault(located.line, f"'{key}' must be a list")
            return []
        if required and not value:
            self.sheet.fault(located.line, f"'{key}' is empty")
        if len(value) > most:
            self.sheet.fault(located.line, f"'{key}' has {len(value)} items; at most {most}")
        return value

    def words(self, key: str, pattern: re.Pattern[str], form: str, *, required: bool, most: int) -> tuple[str, ...]:
        """A list of different texts that each match a pattern."""
        found: list[str] = []
        for item in self.items(key, required=required, most=most):
            if not isinstance(item.value, str) or not pattern.fullmatch(item.value):
                self.sheet.fault(item.line, f"an item of '{key}' must be {form}")
            elif item.value in found:
                self.sheet.fault(item.line, f"'{item.value}' stands twice in '{key}'")
            else:
                found.append(item.value)
        return tuple(found)

    def day(self, key: str) -> date:
        """A real date written as 2026-11-22; `date.min` stands in for a wrong one."""
        return self._day(key, required=True) or date.min

    def day_if_any(self, key: str) -> date | None:
        """A date, or `None` for a field that is empty or missing."""
        return self._day(key, required=False)

    def _day(self, key: str, *, required: bool) -> date | None:
        value = self.text(key, limit=40, required=required)
        if not value:
            return None
        day = real_day(value)
        if day is None:
            self.sheet.fault(self.line_of(key), f"'{key}' must be a real date like 2026-11-22, not '{value}'")
        return day

    def address(self, key: str, *, secure: bool = False, required: bool = True) -> str:
        """A web address; `secure` asks for https."""
        value = self.text(key, limit=400, required=required)
        if value and not sane_address(value, secure=secure):
            kind = "an https address" if secure else "an http or https address"
            self.sheet.fault(self.line_of(key), f"'{key}' must be {kind}, not '{value}'")
        return value

    def finish(self) -> None:
        """Notes every field that nobody asked for: a misspelt key would be lost in silence."""
        for key, located in self._fields.items():
            if key not in self._asked:
                self.sheet.fault(located.line, f"unknown key '{key}'")


def real_day(value: str) -> date | None:
    """The day written as 2026-11-22, or `None` for another form and for a day that no calendar has."""
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def sane_address(value: str, *, secure: bool = False) -> bool:
    """Whether a text is a plain http(s) address: printable ASCII, a host with a dot, no name or password."""
    if not value.isascii() or not value.isprintable() or any(sign in value for sign in " <>\"'\\`{}|^"):
        return False
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    labels = host.split(".")
    named = len(labels) > 1 and all(_HOST_LABEL.fullmatch(label) for label in labels)
    schemes = ("https",) if secure else ("http", "https")
    return parts.scheme in schemes and named and labels[-1].isalpha() and "@" not in parts.netloc and port is None
