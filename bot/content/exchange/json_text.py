"""Reads the JSON coat: every value with its place, nothing deeper than readings are, no key written twice unseen."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.content.exchange.model import BundleFault, Place
from bot.content.group import MOST_OWN
from bot.content.source import Located

# Of a whole file: list of readings -> reading -> claims -> claim, with room for what is misplaced.
_DEEPEST = 12
_WHOLE = Place()
# A string that never ends runs to the end of the text, so that looking for the next one starts nowhere twice.
_NESTING = re.compile(r'"(?:[^"\\]|\\.?)*(?:"|\Z)|([\[{])|[\]}]', re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")


class _Object(list[tuple[str, Any]]):
    """The pairs of a JSON object as written, doubles too."""


class JsonReader:
    """Turns a text into located values; the line of each is its number in `places`."""

    def __init__(self, faults: list[BundleFault]) -> None:
        self.places: list[Place] = []
        self._faults = faults

    def read(self, text: str) -> list[Located]:
        """The readings of a file, or nothing after a fault."""
        if _depth(text) > _DEEPEST:
            return self._fail("deep")
        try:
            whole = json.loads(
                text, object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=_refuse_constant
            )
        except json.JSONDecodeError as error:
            return self._fail("json", Place(line=error.lineno))
        except ValueError:
            return self._fail("number")
        readings = whole[0][1] if isinstance(whole, _Object) and [key for key, _ in whole] == ["snippets"] else None
        if not isinstance(readings, list) or isinstance(readings, _Object):
            return self._fail("shape")
        if len(readings) > MOST_OWN:
            return self._fail("many", count=len(readings), most=MOST_OWN)
        return [self._located(value, Place(reading=number)) for number, value in enumerate(readings, start=1)]

    def _fail(self, kind: str, place: Place = _WHOLE, **data: int) -> list[Located]:
        self._faults.append(BundleFault(place, f"library.import.fault.{kind}", data))
        return []

    def _located(self, value: object, place: Place) -> Located:
        self.places.append(place)
        line = len(self.places) - 1
        if isinstance(value, _Object):
            return Located(self._fields(value, place), line)
        if isinstance(value, str):
            return Located(_whole(value), line)
        if isinstance(value, list):
            inner = (Place(reading=place.reading, field=f"{place.field} {n}") for n in range(1, len(value) + 1))
            return Located([self._located(item, at) for item, at in zip(value, inner, strict=True)], line)
        return Located(value, line)

    def _fields(self, pairs: _Object, place: Place) -> dict[str, Located]:
        fields: dict[str, Located] = {}
        for key, value in ((_whole(key), value) for key, value in pairs):
            at = Place(reading=place.reading, field=f"{place.field}, {key}".removeprefix(", "))
            if key in fields:
                self._faults.append(BundleFault(at, "library.import.fault.field_twice"))
            elif value is not None:  # null is how some programs write a field that is left out
                fields[key] = self._located(value, at)
        return fields


def _whole(text: str) -> str:
    """The text without half characters: programs that cut words in the middle of a picture leave one behind."""
    return _HALF.sub("", text)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _depth(text: str) -> int:
    """How deep brackets stand in each other. (Nesting without end would exhaust the stack of the reader itself.)"""
    depth = deepest = 0
    for match in _NESTING.finditer(text):
        if match.group(1):
            depth += 1
            deepest = max(deepest, depth)
        elif not match.group().startswith('"'):
            depth -= 1
    return deepest
