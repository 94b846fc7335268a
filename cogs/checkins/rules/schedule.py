"""When a check-in is asked, until when it still may be, and when its post's count is edited. Pure.

An occurrence is one date of the schedule's zone: that date is its name (a job's dedupe key), so it happens once.

the clock of that date      asked
shows the minute            then
leaps over it               at the first minute after (`bot.times.moment_of`)
shows it twice              the first time
lies in the quiet hours     when they end, as the library's daily reading is (the group posts nothing by itself in them)
left the date out           not at all

Late by up to `LATE` it is still asked, also past midnight, because the check-in day lasts until 04:00; but never in
the quiet hours. Later it is skipped, and the team is told which dates were (product.md, principle 8).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.times import MINUTES_A_DAY, Quiet, moment_of

MOST_SCHEDULES = 10
"""Schedules of one server (product.md, Check-ins)."""

LATE = timedelta(hours=2)
"""How late a check-in may still be asked (the rule of OneCamp, facts/product-anchors.md section 2)."""

EVERY_DAY = frozenset(range(7))

FRESH = timedelta(hours=1)
"""Discord caps the edits of messages older than this (error 30046)."""
EDIT_FRESH = timedelta(seconds=10)
EDIT_OLD = timedelta(minutes=15)
"""Least time between two edits of the count (product.md, Check-ins)."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A minute after midnight by the clock of `zone`, on weekdays (0 is Monday) of its calendar, not of check-in days.

    Paused, it has no occurrence on dates before `paused_until`, or none at all where that is None. `quiet` are the
    group's hours. Raises ValueError for a minute or weekday that no clock or week has, and for no weekday at all.
    """

    minute: int
    zone: tzinfo
    weekdays: frozenset[int] = EVERY_DAY
    paused: bool = False
    paused_until: date | None = None
    quiet: Quiet | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.minute < MINUTES_A_DAY:
            raise ValueError(f"minute {self.minute}")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError(f"weekdays {sorted(self.weekdays)}")

    def moment(self, day: date) -> datetime | None:
        """When the occurrence of `day` is due; None where there is none: weekday, pause, a date left out."""
        if day.weekday() not in self.weekdays or self._rests_on(day):
            return None
        moment = moment_of(day, self.minute, self.zone)
        return self.quiet.after(moment) if moment and self.quiet else moment

    def asked_at(self, day: date, now: datetime) -> datetime | None:
        """When the occurrence of `day` is asked, seen from `now` on; None where there is none or it is too late."""
        moment = self.moment(day)
        return None if moment is None else self._still(moment, now)

    def following(self, after: date, now: datetime) -> tuple[date, datetime] | None:
        """The first occurrence behind the date `after` that can still be asked, and when it is due.

        After an outage its moment may be past by up to `LATE`. None while paused without end.
        """
        if self.paused and self.paused_until is None:
            return None
        day = max(after + _DAY, self._oldest(now))
        while (moment := self.moment(day)) is None or self._still(moment, now) is None:
            day += _DAY
        return day, moment

    def skipped(self, after: date, now: datetime) -> tuple[date, ...]:
        """The dates behind `after`, at most up to now, on which it should have been asked and is too late: to be told.

        `after` is the last date dealt with (after a pause or a rest of the group, the day before it ended); one that
        `following` still asks late is not among them.
        """
        return tuple(
            day
            for day in _from(after + _DAY, now.astimezone(self.zone).date())
            if (moment := self.moment(day)) is not None and self._still(moment, now) is None
        )

    def _still(self, moment: datetime, now: datetime) -> datetime | None:
        """When an occurrence due at `moment` is asked, from `now` on, quiet hours respected; None: too late."""
        if now <= moment:
            return moment
        earliest = self.quiet.after(now) if self.quiet else now
        return earliest if earliest - moment <= LATE else None

    def _rests_on(self, day: date) -> bool:
        return self.paused and (self.paused_until is None or day < self.paused_until)

    def _oldest(self, now: datetime) -> date:
        """A date before which nothing can be asked any more: quiet hours delay by less than a day, lateness by 2 h."""
        return now.astimezone(self.zone).date() - 2 * _DAY


def next_count_edit(posted_at: datetime, last_edit: datetime | None, now: datetime) -> datetime:
    """The earliest moment, from `now` on, at which the post's count may be edited; `now` itself where it may be now.

    In the first hour 10 s after the edit before (the post counts as one), then 15 min after it.
    """
    last = last_edit or posted_at
    soon = max(now, last + EDIT_FRESH)
    return soon if soon - posted_at < FRESH else max(now, last + EDIT_OLD)


def _from(first: date, last: date) -> Iterator[date]:
    return (first + step * _DAY for step in range((last - first).days + 1))
