"""Ends of pauses as people type them: natural words, but never a guess. `03/04` is asked for again, with both readings.

Everything is reckoned on the wall clock of a zone: "3 days" is the same time of day three days on, however long the
days are; a time that the clock jumps over in spring is moved forward by the jump; one that comes twice in autumn is its
first. Only minutes and hours are spans of elapsed time.
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from dateutil.relativedelta import relativedelta

from bot.errors import Refusal
from bot.times.hours import parse_clock_time

# A rest without an end is always possible, so a longer one is more likely a slip of the finger.
LONGEST = timedelta(days=366)

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "a couple of": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_UNITS = {
    "minute": "minutes", "min": "minutes", "hour": "hours", "hr": "hours", "h": "hours",
    "day": "days", "d": "days", "week": "weeks", "wk": "weeks", "w": "weeks", "month": "months", "year": "years",
}  # fmt: skip
_CALENDAR_STEPS = {
    "days": relativedelta(days=1),
    "weeks": relativedelta(weeks=1),
    "months": relativedelta(months=1),
    "years": relativedelta(years=1),
}
_LEAD = re.compile(r"^(?:(?:until|till|for|in|on|from now|the|at)\s+)+")
_SPAN = re.compile(r"(\d{1,4}|a couple of|[a-z]+)\s?([a-z]+?)s?(?: from now)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?\.?")
_DAY_MONTH = re.compile(r"(\d{1,2}) (?:of )?([a-z]+)\.?(?: (\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]+)\.? (?:the )?(\d{1,2})(?: (\d{4}))?")
_ISO_T = re.compile(r"(?<=\d)t(?=\d)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_TIME_BEHIND = re.compile(
    r"(?:(.*\S)\s+)?(?:at\s+)?"
    r"(\d{1,2}(?:[:.h]\d{2})?\s?[ap]\.?m\.?|\d{1,2}:\d{2}|\d{1,2}h(?:\d{2})?|noon|midday)"
)
_AT_BEHIND = re.compile(r"(.*\S)\s+at\s+(.+)")


def parse_until(words: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, that `words` name in `zone`; a day alone means its first moment.

    Raises `Refusal`: `times.until.unknown`, `.ambiguous` (with both readings), `.no_such_day`, `.past`, `.far` (more
    than 366 days), or as `parse_clock_time` does.
    """
    plain = _LEAD.sub("", _plain(words))
    span = _span(plain)
    moment = _after(now, zone, *span) if span else _named(plain, now.astimezone(zone), zone)
    if moment <= now:
        raise Refusal("times.until.past")
    if moment - now > LONGEST:
        raise Refusal("times.until.far")
    return moment


def at_wall_clock(day: date, minute: int, zone: tzinfo) -> datetime:
    """Return the UTC moment when the clock of `zone` shows `minute` minutes after midnight on `day`.

    A time jumped over is moved forward by the jump; of a time that comes twice it is the first.
    """
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)


def _plain(words: str) -> str:
    plain = " ".join(words.casefold().replace(",", " ").split())
    return _ISO_T.sub(" ", _ORDINAL.sub("", plain))


def _span(plain: str) -> tuple[int, str] | None:
    found = _SPAN.fullmatch(plain)
    if found is None:
        return None
    number = int(found[1]) if found[1].isdecimal() else _NUMBERS.get(found[1])
    unit = _UNITS.get(found[2])
    return (number, unit) if number and unit else None


def _after(now: datetime, zone: tzinfo, number: int, unit: str) -> datetime:
    if unit in ("minutes", "hours"):
        return now + timedelta(**{unit: number})
    local = now.astimezone(zone)
    day = local.date() + _CALENDAR_STEPS[unit] * min(number, 400)  # in any unit more than the longest rest
    at = local.time().replace(fold=0)
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _named(plain: str, local: datetime, zone: tzinfo) -> datetime:
    if plain == "midnight":
        return at_wall_clock(local.date() + timedelta(days=1), 0, zone)
    day_words, minute = _split_time(plain)
    if day_words:
        day = _day(day_words, local, minute)
        return at_wall_clock(day, minute or 0, zone)
    if minute is None:
        raise Refusal("times.until.unknown")
    moment = at_wall_clock(local.date(), minute, zone)
    if moment <= local.astimezone(UTC):
        moment = at_wall_clock(local.date() + timedelta(days=1), minute, zone)
    return moment


def _split_time(plain: str) -> tuple[str, int | None]:
    found = _TIME_BEHIND.fullmatch(plain) or _AT_BEHIND.fullmatch(plain)
    if found is None:
        return plain, None
    return (found[1] or "").removesuffix(" at"), parse_clock_time(found[2])


def _day(words: str, local: datetime, minute: int | None) -> date:
    words = words.removeprefix("on ")
    today = local.date()
    near = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "day after tomorrow": today + timedelta(days=2),
        "the day after tomorrow": today + timedelta(days=2),
        "next week": today + timedelta(days=7 - today.weekday()),
        "next month": today.replace(day=1) + relativedelta(months=1),
    }.get(words)
    if near is not None:
        return near
    weekday = _weekday(words, local, minute)
    return weekday if weekday is not None else _date(words, today)


def _weekday(words: str, local: datetime, minute: int | None) -> date | None:
    """Return the coming day of that name; "next Friday" is asked again: it means two days to two people."""
    next_one = words.startswith("next ")
    number = _names(tuple(calendar.day_name), 3).get(words.removeprefix("next ").removeprefix("this "))
    if number is None:
        return None
    today = local.date()
    ahead = (number - 1 - today.weekday()) % 7
    if ahead and not next_one:
        return today + timedelta(days=ahead)
    later_today = minute is not None and minute > local.hour * 60 + local.minute
    if ahead or (later_today and not next_one):
        raise _either(today + timedelta(days=ahead), today + timedelta(days=ahead + 7))
    return today + timedelta(days=7)


def _date(words: str, today: date) -> date:
    iso = _ISO.fullmatch(words)
    if iso:
        return _exact(int(iso[1]), int(iso[2]), int(iso[3]))
    numeric = _NUMERIC.fullmatch(words)
    if numeric:
        return _numeric(int(numeric[1]), int(numeric[2]), numeric[3], today)
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        found = pattern.fullmatch(words)
        month = _names(tuple(calendar.month_name)[1:], 3).get(found[month_at]) if found else None
        if found and month:
            return _year_or_next(found[3], month, int(found[day_at]), today)
    raise Refusal("times.until.unknown")


def _numeric(first: int, second: int, year: str | None, today: date) -> date:
    if first > 12 or first == second:
        return _year_or_next(year, second, first, today)
    if second > 12:
        return _year_or_next(year, first, second, today)
    raise _either(_year_or_next(year, second, first, today), _year_or_next(year, first, second, today))


def _year_or_next(year: str | None, month: int, day: int, today: date) -> date:
    if year:
        return _exact(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _exact(today.year, month, day) if (month, day) != (2, 29) else _leap_day(today)
    return this_year if this_year > today else _exact(today.year + 1, month, day)


def _leap_day(today: date) -> date:
    year = today.year if (today.month, today.day) < (2, 29) else today.year + 1
    return _exact(year, 2, 29)


def _exact(year: int, month: int, day: int) -> date:
    if year < 1900 or year > 2200:  # beyond them a zone's offset could leave the calendar
        raise Refusal("times.until.past" if year < 1900 else "times.until.far")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal("times.until.no_such_day") from None


def _either(one: date, other: date) -> Refusal:
    first, second = sorted((one, other))
    return Refusal(
        "times.until.ambiguous",
        first=_spelled(first), first_iso=first.isoformat(), second=_spelled(second), second_iso=second.isoformat(),
    )  # fmt: skip


def _spelled(day: date) -> str:
    return f"{calendar.day_name[day.weekday()]} {day.day} {calendar.month_name[day.month]} {day.year}"


@cache
def _names(full: tuple[str, ...], shortest: int) -> dict[str, int]:
    """Return the names and their beginnings of at least `shortest` letters, with their numbers from 1."""
    numbers: dict[str, int] = {}
    for number, name in enumerate(full, start=1):
        for length in range(shortest, len(name) + 1):
            numbers.setdefault(name[:length].casefold(), number)
    return numbers
