"""Times of day as people type them: `22`, `10 pm`, `22:30`, `noon`; and quiet hours from one to another.

A time of day is a number of minutes after midnight, 0 to 1439. Nothing is guessed: `7` alone could be morning or
evening, so it is asked for again, with both readings.
"""

import re
from dataclasses import dataclass

from bot.errors import Refusal

MINUTES_A_DAY = 24 * 60
# Hours. `10:00-7:00` is nearly always a night with its "pm" left out: above this we ask.
LONGEST_QUIET = 18

_NAMED = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
_CLOCK = re.compile(r"(\d{1,2})(?:\s?[:.h]\s?(\d{2})|(?<=\d)(\d{2})|(h))?\s?(?:([ap])\.?m\.?)?")
_BETWEEN = re.compile(r"\s*(?:-|–|—|→|\bto\b|\buntil\b|\btill\b|\band\b)\s*")
_NO_HOURS = frozenset({"off", "none", "no", "never", "no quiet hours"})


@dataclass(frozen=True, slots=True)
class ClockChoice:
    """A suggestion for a time of day: what is shown (at most 100 characters) and what it stands for (`22:00`)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was typed, before it is settled; `open` where both halves of the day fit."""

    minute: int
    open: bool


def parse_clock_time(words: str) -> int:
    """Return minutes after midnight.

    Raises `Refusal`: `times.clock.unknown`, or `times.clock.half_day` (with both readings) for a bare `7`.
    """
    reading = _read(words)
    if reading.open:
        raise Refusal(
            "times.clock.half_day",
            morning=show_clock(reading.minute % 720),
            evening=show_clock(reading.minute % 720 + 720),
        )
    return reading.minute


def parse_quiet_hours(words: str) -> tuple[int, int] | None:
    """Return from and to as minutes after midnight, or None for "off"; the hours may pass midnight.

    Raises `Refusal`: `times.quiet.unknown`, `times.quiet.same`, `times.quiet.long`, or as `parse_clock_time` does.
    """
    plain = " ".join(words.casefold().split())
    if plain in _NO_HOURS:
        return None
    parts = _BETWEEN.split(re.sub(r"^(?:from|between)\s+", "", plain))
    if len(parts) != 2 or not all(parts):
        raise Refusal("times.quiet.unknown")
    start, end = _read(parts[0]), _read(parts[1])
    # One hour of a 24-hour clock (`22-7`) settles how the other one is meant.
    by_24_hours = any(not reading.open and reading.minute >= 13 * 60 for reading in (start, end))
    bare = all(part.isdecimal() or part in _NAMED for part in parts)
    if by_24_hours and bare:
        return check_quiet_hours(start.minute, end.minute)
    return check_quiet_hours(parse_clock_time(parts[0]), parse_clock_time(parts[1]))


def check_quiet_hours(start: int, end: int) -> tuple[int, int]:
    """Return the two times of day as they are.

    Raises `Refusal`: `times.quiet.same`, or `times.quiet.long` where more than 18 hours lie between.
    """
    if start == end:
        raise Refusal("times.quiet.same")
    length = (end - start) % MINUTES_A_DAY
    if length > LONGEST_QUIET * 60:
        raise Refusal("times.quiet.long", hours=round(length / 60))
    return start, end


def show_clock(minute: int) -> str:
    """Return `22:00` for 1320: everybody reads the 24-hour clock without an "am" or "pm" to mistake."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def clock_choices(words: str, *, first: int = 20 * 60) -> tuple[ClockChoice, ...]:
    """Return up to 24 suggestions for what was typed so far, or every full hour beginning at `first`; never raises."""
    if not words.strip():
        return tuple(_choice((first + 60 * step) % MINUTES_A_DAY) for step in range(24))
    try:
        reading = _read(words)
    except Refusal:
        return ()
    if not reading.open:
        return (_choice(reading.minute),)
    return tuple(_choice(half) for half in sorted((reading.minute % 720, reading.minute % 720 + 720)))


def _choice(minute: int) -> ClockChoice:
    clock = show_clock(minute)
    hour, rest = divmod(minute % 720, 60)
    half = "pm" if minute >= 720 else "am"
    return ClockChoice(f"{clock} ({hour or 12}{f':{rest:02}' if rest else ''} {half})", clock)


def _read(words: str) -> _Reading:
    plain = " ".join(words.casefold().split())
    if plain in _NAMED:
        return _Reading(_NAMED[plain], open=False)
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise Refusal("times.clock.unknown")
    hour = int(found[1])
    written = found[2] or found[3]
    minute = int(written or 0)
    half = found[5]
    if minute > 59 or hour > (12 if half else 24) or (half and hour == 0) or (hour == 24 and minute):
        raise Refusal("times.clock.unknown")
    if half:
        return _Reading(hour % 12 * 60 + minute + (720 if half == "p" else 0), open=False)
    is_open = 1 <= hour <= 12 and not written and not found[4] and not found[1].startswith("0")
    return _Reading(hour % 24 * 60 + minute, open=is_open)
