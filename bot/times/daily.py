"""When something that comes once a day is due, by the wall clock of a place. Pure; recurrence is never a span of UTC.

The clock is asked for each date afresh, so that no change of it skips or doubles a day.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def moment_of(day: date, minute: int, zone: tzinfo) -> datetime | None:
    """Return the UTC moment when the clock of `zone` shows `minute` minutes after midnight on `day`.

    A time that comes twice is its first; one that is jumped over is the first moment after the gap, or the last minute
    before it where the gap reaches into the next date. None for a date that the zone left out.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    moment = wall.astimezone(UTC)
    if _shown(moment, zone) == wall.replace(tzinfo=None):
        return moment
    behind = _end_of_gap(wall.replace(fold=1).astimezone(UTC), moment, zone)
    before = behind - timedelta(minutes=1)
    return next((one for one in (behind, before) if _shown(one, zone).date() == day), None)


def next_daily(
    now: datetime, minute: int, zone: tzinfo, *, after: date, late: timedelta = timedelta(0)
) -> tuple[date, datetime]:
    """Return the first date behind `after`, and its moment, that is still to come or not over for longer than `late`.

    However late it may be, a date that is over by the zone's clock doesn't come back.
    """
    day = max(after + _DAY, _shown(now, zone).date())
    while (moment := moment_of(day, minute, zone)) is None or too_late(now, day, moment, zone, late):
        day += _DAY
    return day, moment


def too_late(now: datetime, day: date, moment: datetime, zone: tzinfo, late: timedelta) -> bool:
    """Whether `moment`, the one of `day`, is over for longer than `late`, or its date is; its last instant counts."""
    return now - moment > late or _shown(now, zone).date() > day


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the moment, to the second, at which the clock of `zone` jumps between two moments around the jump."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
