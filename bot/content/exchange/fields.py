"""The fields of one reading in an import: taken one by one, each fault noted with its place."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.content.exchange.model import BundleFault, Place
from bot.content.source import Located

# Characters of one field that are read at all, and items of one list: several times what a group may write.
_LONGEST, _LONGEST_LIST = 5_000, 50


class Fields:
    """One mapping of an import. Every reader notes a fault and answers with an empty value, never raises."""

    def __init__(self, located: Located, at: Callable[[int], Place], faults: list[BundleFault]) -> None:
        self.line = located.line
        self.broken: set[str] = set()
        self._at = at
        self._faults = faults
        self._fields: dict[str, Located] = located.value if isinstance(located.value, dict) else {}
        self._asked: set[str] = set()
        if not isinstance(located.value, dict):
            self.fault(located.line, "not_fields")

    def fault(self, line: int, kind: str, **data: str | int) -> None:
        """Note what is wrong on a line."""
        self._faults.append(BundleFault(self._at(line), f"library.import.fault.{kind}", data))

    def line_of(self, key: str) -> int:
        """The line of a field, or of the whole reading when it is missing."""
        located = self._fields.get(key)
        return located.line if located else self.line

    def text(self, key: str) -> str:
        """A text; empty for a missing one."""
        return self.text_in(key, self._take(key))

    def text_in(self, key: str, located: Located | None) -> str:
        """The text in a place that belongs to a field."""
        if located is None:
            return ""
        if not isinstance(located.value, str):
            self._spoilt(key, located, "not_text", field=key)
            return ""
        if len(located.value) > _LONGEST:
            self._spoilt(key, located, "long", field=key, count=len(located.value))
            return ""
        return located.value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words; the first one where there is none."""
        written = self.text(key).strip()
        if not written:
            return allowed[0]
        if written.casefold() not in allowed:
            self._spoilt(key, self._fields[key], "choice", field=key, allowed=", ".join(sorted(allowed)), words=written)
            return allowed[0]
        return written.casefold()

    def items(self, key: str) -> list[Located]:
        """A list; empty for a missing one, and one item for a text that stands alone."""
        located = self._take(key)
        if located is None or located.value == "":
            return []
        if isinstance(located.value, str):
            return [located]
        if not isinstance(located.value, list):
            self._spoilt(key, located, "not_list", field=key)
            return []
        if len(located.value) > _LONGEST_LIST:
            self._spoilt(key, located, "list_long", field=key, count=len(located.value))
            return []
        return located.value

    def finish(self, left_aside: Collection[str] = ()) -> None:
        """Note every field that nobody asked for: a misspelt one would be lost in silence."""
        for key, located in self._fields.items():
            if key not in self._asked and key not in left_aside:
                self.fault(located.line, "field_unknown", words=key)

    def _take(self, key: str) -> Located | None:
        self._asked.add(key)
        return self._fields.get(key)

    def _spoilt(self, key: str, located: Located, kind: str, **data: str | int) -> None:
        self.broken.add(key)
        self.fault(located.line, kind, **data)
