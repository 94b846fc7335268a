"""What each of a member's check-in days was. Pure; the rhythm is computed from the states alone.

A day can be a miss only if the group was really asked on it: a post of the bot stands on that day. So a day without a
schedule (weekdays), a paused schedule, a resting group and a post lost to an outage all freeze by themselves.

state      when (the first that fits)                                                            counts as
DONE       an entry is written under the day, whatever else happened                             a day
SKIPPED    "Not today" was pressed                                                               frozen
RESTED     a break, a pause of check-ins or a rest of the group touched the day                  frozen
BOT_OUT    the bot was out for `OUTAGE` or longer while the day lasted                           frozen
TRAVELLED  the member's zone changed on the day (`days_travelled`)                               frozen
UNASKED    no post stands on the day                                                             frozen
OPEN       the day is today, or still to come after a journey that set the clock back            nothing yet
MISSED     none of these                                                                         a miss
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from cogs.checkins.rules.days import Stays, days_touched

OUTAGE = timedelta(minutes=10)
"""From this length on an outage excuses a day (the habit of MrMorning, facts/product-anchors.md section 2)."""

_DAY = timedelta(days=1)


class DayState(Enum):
    """What one day was; the value is for storing."""

    DONE = "done"
    SKIPPED = "skipped"
    RESTED = "rested"
    BOT_OUT = "bot_out"
    TRAVELLED = "travelled"
    UNASKED = "unasked"
    OPEN = "open"
    MISSED = "missed"

    @property
    def frozen(self) -> bool:
        """Whether the day neither adds nor takes."""
        return self not in (DayState.DONE, DayState.OPEN, DayState.MISSED)


@dataclass(frozen=True, slots=True)
class Lived:
    """A member's days as sets of labels. `asked` are the days of the posts that the caller holds to be for the member.

    Suggested: the posts of the schedules that the member has ever answered, so that nobody misses somebody else's; and
    today where such a post is still to come, so that today is shown as open.
    """

    done: Collection[date] = frozenset()
    skipped: Collection[date] = frozenset()
    rested: Collection[date] = frozenset()
    bot_out: Collection[date] = frozenset()
    travelled: Collection[date] = frozenset()
    asked: Collection[date] = frozenset()

    def state(self, day: date, today: date) -> DayState:
        """What `day` was, seen from the member's `today`."""
        kinds = (
            (DayState.DONE, self.done),
            (DayState.SKIPPED, self.skipped),
            (DayState.RESTED, self.rested),
            (DayState.BOT_OUT, self.bot_out),
            (DayState.TRAVELLED, self.travelled),
        )
        named = next((state for state, days in kinds if day in days), None)
        if named is not None:
            return named
        if day not in self.asked:
            return DayState.UNASKED
        return DayState.OPEN if day >= today else DayState.MISSED


def day_states(lived: Lived, today: date) -> tuple[tuple[date, DayState], ...]:
    """Every day from the first entry to today, with its state; empty before there is one.

    What lies before the first entry can't be a miss. An entry under tomorrow's label (the clock was set back since)
    is within it.
    """
    if not lived.done:
        return ()
    first, last = min(lived.done), max(today, *lived.done)
    days = (first + step * _DAY for step in range((last - first).days + 1))
    return tuple((day, lived.state(day, today)) for day in days)


def days_out(outages: Iterable[tuple[datetime, datetime]], stays: Stays) -> frozenset[date]:
    """The member's days that an outage (from, until) of at least `OUTAGE` touched."""
    return frozenset[date]().union(
        *(days_touched(since, until, stays) for since, until in outages if until - since >= OUTAGE)
    )
