"""What follows from a check-in as it is kept, or as it would be: its clock, its next post, what stands in the way."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.guilds import GuildProfile
from bot.times import moment_of
from cogs.checkins.rules import Schedule
from cogs.checkins.service.clocks import named_zone, quiet_of, rule_of
from cogs.checkins.service.wishes import Wish, wish_of
from cogs.checkins.store.schedules import CheckinSchedule


@dataclass(frozen=True, slots=True)
class Outlook:
    """A check-in (`schedule`), or a draft of one where that is None.

    `posted_at` is the minute after midnight, by its own clock, to which the group's quiet hours move it; None where
    they don't. `paused` while it rests now, up to the date `paused_until` or without an end.
    """

    wish: Wish
    schedule: CheckinSchedule | None
    group: GuildProfile
    now: datetime
    next_at: datetime | None = None
    posted_at: int | None = None
    paused: bool = False
    paused_until: date | None = None

    @property
    def rests(self) -> bool:
        """Whether the whole bot rests in this group."""
        return self.group.rests(self.now)

    @property
    def zone(self) -> str | None:
        """The zone whose clock counts; None where neither the check-in nor its group has one."""
        return self.wish.timezone or self.group.timezone


def outlook_of(schedule: CheckinSchedule, group: GuildProfile, now: datetime) -> Outlook:
    """Return what follows from a check-in that is kept."""
    rule = rule_of(schedule, group)
    until = schedule.paused_until
    paused = schedule.paused and (until is None or now.astimezone(rule.zone).date() < until)
    found = rule.following(schedule.settled_day, now)
    return Outlook(
        wish_of(schedule),
        schedule,
        group,
        now,
        next_at=max(now, found[1]) if found else None,
        posted_at=_moved_to(rule, now),
        paused=paused,
        paused_until=until if paused else None,
    )


def outlook_for(wish: Wish, group: GuildProfile, now: datetime) -> Outlook:
    """Return what would follow from a draft."""
    if wish.minute is None or not wish.weekdays:
        return Outlook(wish, None, group, now)
    rule = Schedule(wish.minute, named_zone(wish.timezone or None, group), wish.weekdays, quiet=quiet_of(group))
    found = coming(rule, date.min, now)
    return Outlook(wish, None, group, now, next_at=found[1] if found else None, posted_at=_moved_to(rule, now))


def coming(rule: Schedule, after: date, now: datetime) -> tuple[date, datetime] | None:
    """Return the first occurrence behind a date whose moment is still to come, and that moment."""
    found = rule.following(after, now)
    while found is not None and found[1] < now:
        found = rule.following(found[0], now)
    return found


def _moved_to(rule: Schedule, now: datetime) -> int | None:
    """Return the minute at which the next one comes when it isn't its own."""
    found = coming(replace(rule, paused=False, paused_until=None), date.min, now)
    if found is None or rule.quiet is None or found[1] == moment_of(found[0], rule.minute, rule.zone):
        return None
    local = found[1].astimezone(rule.zone)
    return local.hour * 60 + local.minute
