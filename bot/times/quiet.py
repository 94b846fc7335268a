"""Hours in which nothing comes by itself: a group's for posts, a person's for messages to them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.times.daily import moment_of
from bot.times.hours import MINUTES_A_DAY

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `start` to `end`, minutes after midnight by the clock of `zone`; they may pass midnight, equal is never."""

    start: int
    end: int
    zone: tzinfo

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` lies in these hours."""
        local = moment.astimezone(self.zone)
        return self.covers(local.hour * 60 + local.minute)

    def covers(self, minute: int) -> bool:
        """Whether a minute after midnight, by the clock of these hours, lies in them."""
        return (minute - self.start) % MINUTES_A_DAY < (self.end - self.start) % MINUTES_A_DAY

    def after(self, moment: datetime) -> datetime:
        """`moment` itself where it is not quiet, else the moment at which these hours end, clock changes respected."""
        while self.holds(moment):
            moment = self._step(moment)
        return moment

    def _step(self, moment: datetime) -> datetime:
        """The next moment worth asking: the end by today's clock, or by tomorrow's, whichever still lies ahead."""
        local = moment.astimezone(self.zone)
        ahead = timedelta(minutes=(self.end - local.hour * 60 - local.minute) % MINUTES_A_DAY or MINUTES_A_DAY)
        ahead -= timedelta(seconds=local.second, microseconds=local.microsecond)
        there = (local.replace(tzinfo=None) + ahead).date()
        end = moment_of(there, self.end, self.zone)
        return end if end is not None and moment < end else moment + min(ahead, _HOUR)
