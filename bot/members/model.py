"""A person's own settings in one group."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.times.quiet import Quiet

# How the bot speaks of somebody's road; the words themselves are in the catalogue under `me.words`.
WORDINGS = ("sober", "tapering", "free_of", "in_recovery")
AUDIENCES = ("me", "team", "group")


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """Everything kept in a person's settings. Quiet hours are minutes after midnight in the person's zone."""

    guild_id: int
    user_id: int
    timezone: str | None = None
    country: str | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None
    words: str | None = None
    default_audience: str = "me"
    companion: bool = False
    reminders: bool = True
    break_since: datetime | None = None
    break_until: datetime | None = None

    def on_break(self, now: datetime) -> bool:
        """Whether the person rests from check-ins, reminders, celebrations and requests at `now`."""
        return self.break_since is not None and (self.break_until is None or now < self.break_until)

    def in_quiet_hours(self, now: datetime, zone: tzinfo) -> bool:
        """Whether `now` lies in the person's quiet hours, which may pass midnight; `zone` is the person's."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        return Quiet(self.quiet_from, self.quiet_to, zone).holds(now)
