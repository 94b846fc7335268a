"""Days of the week as people type them: `every day`, `weekdays`, `Mon Wed Fri`, `mon-thu`. Monday is 0.

A week begins on Monday (ISO 8601); a span may pass its end: `fri-mon` is four days. What could be two days (`t`, `s`)
is not guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import Refusal

EVERY_DAY = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
LONGEST_WORDS = 200
"""Characters read: all seven days in full, twice over."""

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PHRASES = {
    "everyday": EVERY_DAY, "daily": EVERY_DAY, "all": EVERY_DAY, "alldays": EVERY_DAY, "allweek": EVERY_DAY,
    "eachday": EVERY_DAY, "weekdays": WORKING_DAYS, "weekday": WORKING_DAYS, "workdays": WORKING_DAYS,
    "workday": WORKING_DAYS, "workingdays": WORKING_DAYS, "weekend": WEEKEND, "weekends": WEEKEND,
}  # fmt: skip
_JOINED = re.compile(r"\b(?:(every|all|each|working|work|week)[\s-]+(days?)|(all) (week))\b")
_LEFT_OUT = re.compile(r"\b(?:on|the|every|each|only|from)\b")
_SPAN = re.compile(r"\s*(?:-|–|—|→|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\btill\b)\s*")
_BETWEEN = re.compile(r"\s*(?:[,;/&+]|\band\b|\s)\s*")
# Fewer letters than these could be another day as well.
_SHORTEST = {"m": 0, "tu": 1, "w": 2, "th": 3, "f": 4, "sa": 5, "su": 6}


@dataclass(frozen=True, slots=True)
class WeekdayChoice:
    """A suggestion: what is shown (at most 100 characters) and what it stands for."""

    name: str
    value: str


def parse_weekdays(words: str) -> frozenset[int]:
    """Return the days, at least one. Raises `Refusal` (`times.weekdays.unknown`)."""
    days: set[int] = set()
    for part in _parts(words):
        days |= _days_of(part)
    if not days:
        raise Refusal("times.weekdays.unknown")
    return frozenset(days)


def show_weekdays(days: frozenset[int]) -> str:
    """Return `every day`, `Monday to Friday` or `Monday, Wednesday and Friday`."""
    if days == EVERY_DAY:
        return "every day"
    ordered = sorted(days)
    names = [_NAMES[day] for day in ordered]
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{names[0]} to {names[-1]}"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def weekday_choices(typed: str) -> tuple[WeekdayChoice, ...]:
    """Return up to 25 suggestions for what was typed so far; never raises."""
    plain = _plain(typed)
    if not plain:
        return tuple(map(_choice, (EVERY_DAY, WORKING_DAYS, WEEKEND, *_single())))
    read = _read(typed)
    found = [] if read is None else [read, *(read | one for one in _single() if not one <= read)]
    likely = (EVERY_DAY, WORKING_DAYS, WEEKEND, *_single())
    found += (days for days in likely if any(name.startswith(plain) for name in _called(days)))
    if read is None:
        found += _begun(plain)
    return tuple(map(_choice, dict.fromkeys(found)))[:25]


def _choice(days: frozenset[int]) -> WeekdayChoice:
    shown = show_weekdays(days)
    return WeekdayChoice(shown[0].upper() + shown[1:], shown)


def _single() -> Iterable[frozenset[int]]:
    return (frozenset({day}) for day in range(7))


def _called(days: frozenset[int]) -> tuple[str, ...]:
    """What somebody may be about to type who means these days."""
    if len(days) == 1:
        return tuple(_NAMES[day].casefold() for day in days)
    phrases = {EVERY_DAY: ("every day", "daily", "all days"), WORKING_DAYS: ("weekdays", "working days", "workdays")}
    return phrases.get(days, ("weekends",))


def _begun(plain: str) -> Iterable[frozenset[int]]:
    """What the last word of several may become: `mon wed t` is also Tuesday, or Thursday."""
    head, _, last = plain.rpartition(" ")
    before = _read(head)
    if before is None:
        return ()
    return (before | one for one in _single() if any(name.startswith(last) for name in _called(one)))


def _read(words: str) -> frozenset[int] | None:
    try:
        return parse_weekdays(words)
    except Refusal:
        return None


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace(".", " ").split())


def _parts(words: str) -> list[str]:
    """Return the days and spans of what was typed, each span as `mon-fri`. Raises `Refusal` for far too much."""
    if len(words) > LONGEST_WORDS:
        raise Refusal("times.weekdays.unknown")
    plain = _JOINED.sub(r"\1\2\3\4", _plain(words))
    spans = _SPAN.sub("-", _LEFT_OUT.sub(" ", plain).strip())
    return [part for part in _BETWEEN.split(spans.strip()) if part]


def _days_of(part: str) -> frozenset[int]:
    """Return the days of one word or span. Raises `Refusal`."""
    if part in _PHRASES:
        return _PHRASES[part]
    first, *more = part.split("-")
    if not more:
        return frozenset({_day(first)})
    if len(more) > 1:
        raise Refusal("times.weekdays.unknown")
    start, end = _day(first), _day(more[0])
    return frozenset((start + step) % 7 for step in range((end - start) % 7 + 1))


def _day(word: str) -> int:
    """Return the day that a word begins, in the singular or plural. Raises `Refusal`."""
    for shortest, day in _SHORTEST.items():
        name = _NAMES[day].casefold()
        if word.startswith(shortest) and f"{name}s".startswith(word):
            return day
        # "tues", "weds", "thurs" and their like are beginnings; "mons" and "fris" add a plural to one.
        if len(word) > 3 and word == f"{name[:3]}s":
            return day
    raise Refusal("times.weekdays.unknown")
