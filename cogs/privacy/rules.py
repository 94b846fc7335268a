"""Pure decisions about copies, confirmations and dates of going."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

# How long everything about a person stays after they left a server, unless they come back (the product's promise).
KEPT_AFTER_LEAVING = timedelta(days=30)
# Hour UTC of the daily look at who has left; housekeeping has the hour before.
HOUR = 4
# People asked about in one job: half a minute of requests that Discord answers slowly.
SLICE = 50
WORD = "erase"
EVERYTHING = "all"
PAGES = ("front", "kept", "long", "seen", "limits")

_HOUR = timedelta(hours=1)
# A larger whole number loses its last digits in spreadsheets and in JavaScript.
_LARGEST = 2**53 - 1
# Signs with which a spreadsheet begins a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_confirmed(words: str) -> bool:
    """Whether somebody typed the word that confirms an erasure; case, spaces and quotes don't matter."""
    return words.strip().strip("\"'`“”‘’.").strip().casefold() == WORD


def as_json(copy: Mapping[str, Any]) -> bytes:
    """Return a copy as JSON that a person can read, in UTF-8."""
    return json.dumps(_plain(copy), ensure_ascii=False, indent=2).encode()


def as_csv(parts: Mapping[str, Any], header: Sequence[str] = ("part", "item", "value")) -> bytes:
    """Return the parts of a copy as a table with one line a value.

    UTF-8 with a mark at the front, without which spreadsheets read it wrongly; a value that would be taken for a
    formula gets an apostrophe before it.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(header)
    for part, content in parts.items():
        for item, value in _leaves(_plain(content)):
            writer.writerow((part, item, _harmless(value)))
    return sheet.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
        return str(value)
    return value


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    inner: Iterable[tuple[str, Any]]
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list):
        inner = ((str(place), item) for place, item in enumerate(value, 1))
    else:
        yield path, value
        return
    for key, item in inner:
        yield from _leaves(item, f"{path}.{key}" if path else key)


def _harmless(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def goes_at(left_at: datetime) -> datetime:
    """Return when the data of somebody who left at that moment go: 30 days later, at the next full hour."""
    due = left_at + KEPT_AFTER_LEAVING
    whole = due.replace(minute=0, second=0, microsecond=0)
    return whole if whole == due else whole + _HOUR


def next_round(now: datetime) -> datetime:
    """Return the next full `HOUR` in UTC after `now`."""
    today = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def slices_for(people: int) -> int:
    """Return into how many slices so many people are cut; at least one."""
    return max(1, -(-people // SLICE))


def in_slice(user_id: int, number: int, slices: int) -> bool:
    """Whether a person belongs to a slice (0 up); the same on every look, whoever comes and goes in between."""
    return (user_id >> 22) % slices == number
