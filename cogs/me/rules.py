"""Pure decisions about a person's settings: how a wish to change one travels in a button's id and is read again.

A wish is `<way>.<kind>.<value>`. It comes back from Discord, so nothing in it is believed: whatever doesn't read as one
of the settings below is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from bot.countries import is_country
from bot.errors import Refusal
from bot.members import AUDIENCES, WORDINGS
from bot.times import check_quiet_hours, is_zone, parse_quiet_hours

# People on a page of the avoid list: each takes three of Discord's 40 components and a line on a phone.
PEOPLE_A_PAGE = 6
SWITCHES = ("companion", "reminders")

_OFF = frozenset({"off", "none", "no", "never"})
_LARGEST = 2**63 - 1
_LAST_MOMENT = 253_402_300_799_999  # milliseconds: the end of the year 9999, beyond which there is no date
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """One setting and its new value as text; empty means "forget it". `in_panel` says where the wish was made."""

    kind: str
    value: str
    in_panel: bool = False

    @property
    def argument(self) -> str:
        """The form in which the wish travels."""
        return f"{'panel' if self.in_panel else 'typed'}.{self.kind}.{self.value}"


def read_change(argument: str) -> Change:
    """Return the wish that `argument` carries. Raises `Refusal` for anything that is none."""
    way, _, rest = argument.partition(".")
    kind, _, value = rest.partition(".")
    fits = _FITS.get(kind)
    if way not in ("panel", "typed") or fits is None or not fits(value):
        raise Refusal("kit.refused.outdated")
    return Change(kind, value, in_panel=way == "panel")


def quiet_change(start: str, end: str) -> Change:
    """Return the wish for quiet hours as typed; "off" means none. Raises `Refusal` where they don't read."""
    if start.strip().casefold() in _OFF:
        return Change("quiet", "")
    hours = parse_quiet_hours(f"{start} - {end}")
    return Change("quiet", "" if hours is None else f"{hours[0]}-{hours[1]}")


def hours_of(value: str) -> tuple[int, int]:
    """Return the minutes after midnight of a wish for quiet hours."""
    start, _, end = value.partition("-")
    return int(start), int(end)


def is_number(value: str) -> bool:
    """Whether `value` can be an id."""
    return value.isascii() and value.isdecimal() and len(value) <= 19 and int(value) <= _LARGEST


def page_of(entries: Sequence[_T], page: int) -> tuple[int, int, Sequence[_T]]:
    """Return the page that exists nearest to `page` (from 0), how many there are, and the entries on it."""
    pages = max(1, -(-len(entries) // PEOPLE_A_PAGE))
    there = min(max(0, page), pages - 1)
    return there, pages, entries[there * PEOPLE_A_PAGE : (there + 1) * PEOPLE_A_PAGE]


def _are_hours(value: str) -> bool:
    start, _, end = value.partition("-")
    if not (is_number(start) and is_number(end) and int(start) < 1440 and int(end) < 1440):
        return False
    try:
        check_quiet_hours(int(start), int(end))
    except Refusal:
        return False
    return True


_FITS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "words": lambda value: value in WORDINGS or not value,
        "audience": lambda value: value in AUDIENCES,
        "companion": lambda value: value in ("0", "1"),
        "reminders": lambda value: value in ("0", "1"),
        "timezone": lambda value: is_zone(value) or not value,
        "country": lambda value: is_country(value) or not value,
        "quiet": lambda value: not value or _are_hours(value),
        "rest": lambda value: not value or (is_number(value) and int(value) <= _LAST_MOMENT),
        "avoid": is_number,
    }
)
