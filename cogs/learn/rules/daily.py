"""When the daily reading is posted, and until when it may still be.

at the day's moment          posted
a call for help is open      looked at again every ten minutes
late                         still posted within six hours, on its own date, before the group's quiet hours
later                        skipped
refused for thirty days      turned off
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.times import MINUTES_A_DAY, Quiet, moment_of, next_daily, too_late

# A reading of the morning that comes in the late afternoon is no gift any more.
LATE = timedelta(hours=6)
LOOK_AGAIN = timedelta(minutes=10)
# A channel that has taken no post for so long will hardly take one again: the bot may be out of the server.
PATIENCE = timedelta(days=30)
SUGGESTED_MINUTE = 9 * 60


@dataclass(frozen=True, slots=True)
class Rhythm:
    """At which minute of the day, by which clock; `quiet` are the group's hours in which nothing comes by itself."""

    minute: int
    zone: tzinfo
    quiet: Quiet | None = None

    @property
    def late(self) -> timedelta:
        """How late it may still come: never in the quiet hours that follow."""
        if self.quiet is None:
            return LATE
        return min(LATE, timedelta(minutes=(self.quiet.start - self.posted_at) % MINUTES_A_DAY - 1))

    @property
    def posted_at(self) -> int:
        """The minute at which it is really posted: one inside the quiet hours waits until they end that day."""
        return self.quiet.end if self.quiet is not None and self.quiet.covers(self.minute) else self.minute

    def awake(self, now: datetime) -> datetime:
        """`now`, or the end of the quiet hours that `now` is in."""
        return now if self.quiet is None else self.quiet.after(now)

    def moment(self, day: date) -> datetime | None:
        """The moment of a date; None for a date that the zone left out."""
        return moment_of(day, self.posted_at, self.zone)

    def today(self, now: datetime) -> date:
        """The date by the group's clock."""
        return now.astimezone(self.zone).date()

    def is_over(self, day: date, now: datetime) -> bool:
        """Whether it is too late to post the reading of `day`."""
        moment = self.moment(day)
        if moment is None or too_late(now, day, moment, self.zone, self.late):
            return True
        # On a day that is an hour short the quiet hours come sooner than their distance by the clock says.
        return now > moment and self.awake(now) > now

    def coming(self, after: date, now: datetime) -> tuple[date, datetime]:
        """The first date behind `after` whose moment is still to come, and that moment."""
        return next_daily(now, self.posted_at, self.zone, after=after)

    def following(self, day: date, now: datetime) -> tuple[date, datetime]:
        """The first date behind `day` that can still be posted, and its moment: after an outage perhaps a past one."""
        return next_daily(now, self.posted_at, self.zone, after=day, late=self.late)
