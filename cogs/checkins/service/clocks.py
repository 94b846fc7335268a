"""By whose clock a check-in asks: its own zone where it has one, else the group's, else UTC."""

from zoneinfo import ZoneInfo

from bot.guilds import GuildProfile
from bot.times import Quiet
from cogs.checkins.rules import Schedule
from cogs.checkins.store.schedules import CheckinSchedule


def zone_of(schedule: CheckinSchedule, group: GuildProfile) -> ZoneInfo:
    """Return the zone whose clock a check-in goes by."""
    return named_zone(schedule.timezone, group)


def named_zone(timezone: str | None, group: GuildProfile) -> ZoneInfo:
    """Return the zone of this name, or the group's where there is none."""
    return ZoneInfo(timezone or group.timezone or "UTC")


def quiet_of(group: GuildProfile) -> Quiet | None:
    """Return the hours in which nothing is posted by itself in the group, by the group's own clock."""
    if group.quiet_from is None or group.quiet_to is None:
        return None
    return Quiet(group.quiet_from, group.quiet_to, named_zone(None, group))


def rule_of(schedule: CheckinSchedule, group: GuildProfile) -> Schedule:
    """Return when a check-in is asked, as the rules know it."""
    return Schedule(
        schedule.minute,
        zone_of(schedule, group),
        schedule.weekdays,
        paused=schedule.paused,
        paused_until=schedule.paused_until,
        quiet=quiet_of(group),
    )
