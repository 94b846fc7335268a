"""Which check-in day a moment belongs to for a member, also for one who travels. Pure.

A check-in day begins at 04:00 by the member's clock, not at midnight, because people who can't sleep check in at 2 a.m.
(product.md, principle 7). It carries the date on which it began.

The day of an entry is fixed when the entry is written: its date (the label) is stored beside the moment and never
computed again. A member has one entry a label and schedule; a second wish to write under the same label changes the
first. What else happened (a post, a pause, an outage) is labelled by the zone that the member had at that moment, so
that no later change of zone moves history: for this the member's zones are kept with the moment each began (`Stay`).

A journey changes the member's clock at one moment, seen from the old zone and from the new one:

clock set back     (Auckland to Los Angeles)   the label may fall back by one, so the same date comes twice
clock set forward  (Los Angeles to Auckland)   the label may leap, so a date is cut short or never comes at all

All labels from the one before to the one after are `days_travelled`: without an entry they are never a miss, with
one they count once. Every other label lies whole in one zone. So no journey loses or doubles a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from bot.times import moment_of

ROLLOVER = 4 * 60
"""Minutes after midnight at which a day begins (product.md, principle 7)."""

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """The zone that a member's days go by, from a moment on until the next stay."""

    since: datetime
    zone: tzinfo


Stays = Sequence[Stay]
"""At least one, the earliest first; the first holds for whatever was before it, too."""


def starts_at(day: date, zone: tzinfo) -> datetime | None:
    """The moment at which `day` begins in `zone`; None for a date that the zone left out.

    Where the clock leaps over 04:00 it is the first moment after, where 04:00 comes twice it is the first.
    """
    return moment_of(day, ROLLOVER, zone)


def ends_at(day: date, zone: tzinfo) -> datetime:
    """The moment at which the next day that exists in `zone` begins."""
    following = day + _DAY
    while (moment := starts_at(following, zone)) is None:
        following += _DAY
    return moment


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day that `moment` belongs to where `zone` holds: the last one that has begun."""
    day = moment.astimezone(zone).date()
    while (start := starts_at(day, zone)) is None or start > moment:
        day -= _DAY
    return day


def zone_then(moment: datetime, stays: Stays) -> tzinfo:
    """The zone that the member's days went by at `moment`."""
    return _stay_of(moment, stays).zone


def day_then(moment: datetime, stays: Stays) -> date:
    """The member's day at `moment`, by the zone of that moment; for an entry this is the label to store."""
    return day_of(moment, zone_then(moment, stays))


def yesterday(now: datetime, stays: Stays) -> date:
    """The day that may still be filled in beside today: the last one that the member had before today began.

    It stays open for as long as today lasts, until the next 04:00 of the member's clock (product.md, Check-ins:
    "back-entry for yesterday allowed"). After a leap forward it is the day that the leap cut short.
    """
    stay = _stay_of(now, stays)
    today = day_of(now, stay.zone)
    start = starts_at(today, stay.zone)
    earlier = [one for one in stays if one.since < stay.since]
    if start is not None and earlier and start <= stay.since:
        left = day_of(stay.since - _INSTANT, earlier[-1].zone)
        if left < today:
            return left
    before = today - _DAY
    while starts_at(before, stay.zone) is None:
        before -= _DAY
    return before


def may_write(day: date, now: datetime, stays: Stays) -> bool:
    """Whether a first entry may be written under `day` at `now`: it is today or the `yesterday` still open.

    What was written once may be changed or deleted at any time; that is not asked here.
    """
    return day == day_then(now, stays) or day == yesterday(now, stays)


def days_touched(since: datetime, until: datetime, stays: Stays) -> frozenset[date]:
    """Every label of a stretch of time, from the one at `since` to the one just before `until`; none for no time."""
    if until <= since:
        return frozenset()
    inside = [one for one in stays if since < one.since < until]
    cuts = [since, *(one.since for one in inside), until]
    touched: set[date] = set()
    for start, end in pairwise(cuts):
        zone = zone_then(start, stays)
        touched.update(_dates(day_of(start, zone), day_of(end - _INSTANT, zone)))
    return frozenset(touched)


def days_travelled(stays: Stays) -> frozenset[date]:
    """The labels that a change of zone touched, those it left out in between included; a change of name touches none.

    Whether two zones differ is asked of their clocks at the moment of the change.
    """
    touched: set[date] = set()
    for left, entered in pairwise(stays):
        clocks = {entered.since.astimezone(zone).utcoffset() for zone in (left.zone, entered.zone)}
        if len(clocks) > 1:
            days = day_of(entered.since - _INSTANT, left.zone), day_of(entered.since, entered.zone)
            touched.update(_dates(min(days), max(days)))
    return frozenset(touched)


def _stay_of(moment: datetime, stays: Stays) -> Stay:
    return next((one for one in reversed(stays) if one.since <= moment), stays[0])


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + step * _DAY for step in range((last - first).days + 1))
