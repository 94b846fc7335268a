"""Times, days and time zones as people type them: pure, told the present moment, refusing what they'd have to guess."""

from bot.times.daily import moment_of, next_daily, too_late
from bot.times.hours import (
    MINUTES_A_DAY,
    ClockChoice,
    check_quiet_hours,
    clock_choices,
    parse_clock_time,
    parse_quiet_hours,
    show_clock,
)
from bot.times.moments import at_wall_clock, parse_until
from bot.times.quiet import Quiet
from bot.times.weekdays import WeekdayChoice, parse_weekdays, show_weekdays, weekday_choices
from bot.times.zones import ZoneChoice, find_zones, is_zone, resolve_zone, zone_choices, zone_label, zones_of

__all__ = [
    "MINUTES_A_DAY", "ClockChoice", "Quiet", "WeekdayChoice", "ZoneChoice", "at_wall_clock", "check_quiet_hours",
    "clock_choices", "find_zones", "is_zone", "moment_of", "next_daily", "parse_clock_time", "parse_quiet_hours",
    "parse_until", "parse_weekdays", "resolve_zone", "show_clock", "show_weekdays", "too_late", "weekday_choices",
    "zone_choices", "zone_label", "zones_of",
]  # fmt: skip
