"""The moment of a day's wall-clock time, held against a walk through every minute of the zone's clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.times.daily import moment_of, next_daily, too_late

ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Santiago",
    "America/Sao_Paulo", "America/Nuuk", "America/Havana", "Africa/Casablanca", "Asia/Kathmandu", "Asia/Beirut",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kwajalein", "Asia/Tehran", "Asia/Gaza",
)  # fmt: skip
DAYS = st.dates(date(1990, 1, 1), date(2037, 12, 1))
MINUTES = st.integers(0, 1439)
SINCE = datetime(1995, 1, 1, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)


def walked(day: date, minute: int, zone: ZoneInfo) -> datetime | None:
    """The answer by looking at the clock every minute, from two days before to two days after."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    looks = [noon + timedelta(minutes=step) for step in range(-2280, 2281)]
    seen = [(look, look.astimezone(zone)) for look in looks]
    of_day = [(look, clock.hour * 60 + clock.minute) for look, clock in seen if clock.date() == day]
    exact = [look for look, shown in of_day if shown == minute]
    later = [look for look, shown in of_day if shown > minute]
    return next(iter(exact or later or [look for look, _ in of_day[-1:]]), None)


@given(DAYS, MINUTES, st.sampled_from(ZONES))
@example(date(2026, 3, 29), 90, "Europe/London")  # jumped over
@example(date(2026, 10, 25), 90, "Europe/London")  # comes twice
@example(date(2026, 10, 4), 2 * 60 + 15, "Australia/Lord_Howe")  # a jump of half an hour
@example(date(2027, 4, 4), 1 * 60 + 45, "Australia/Lord_Howe")
@example(date(2011, 12, 30), 540, "Pacific/Apia")  # the whole date left out
@example(date(1993, 8, 21), 540, "Pacific/Kwajalein")
@example(date(2018, 11, 4), 15, "America/Sao_Paulo")  # midnight itself is jumped over
@example(date(2025, 3, 29), 23 * 60 + 30, "America/Nuuk")  # the gap ends at the next midnight
def test_the_moment_is_what_a_walk_through_the_clock_finds(day: date, minute: int, name: str) -> None:
    zone = ZoneInfo(name)
    assert moment_of(day, minute, zone) == walked(day, minute, zone)


def test_the_corners_by_name() -> None:
    london, apia = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Apia")
    assert moment_of(date(2026, 3, 29), 90, london) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert moment_of(date(2026, 10, 25), 90, london) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_of(date(2011, 12, 30), 540, apia) is None
    nuuk = moment_of(date(2025, 3, 29), 23 * 60 + 30, ZoneInfo("America/Nuuk"))
    assert nuuk is not None
    assert nuuk.astimezone(ZoneInfo("America/Nuuk")).time() == time(22, 59)


@given(st.integers(0, 42 * 365 * 24 * 60), MINUTES, st.sampled_from(ZONES))
@example(8_937_840, 540, "Pacific/Apia")  # 29 December 2011, 20:00 UTC
def test_the_next_one_is_the_first_still_to_come_and_days_follow_each_other(
    minutes: int, minute: int, name: str
) -> None:
    zone, now = ZoneInfo(name), SINCE + timedelta(minutes=minutes)
    today = now.astimezone(zone).date()
    day, moment = next_daily(now, minute, zone, after=today - timedelta(days=1))
    assert moment >= now
    assert moment.astimezone(zone).date() == day
    assert day - today <= timedelta(days=2)
    if day > today:
        todays = moment_of(today, minute, zone)
        assert todays is None or todays < now
    following, then = next_daily(moment, minute, zone, after=day)
    assert following > day
    assert then > moment
    skipped = [day + timedelta(days=step) for step in range(1, (following - day).days)]
    assert all(moment_of(one, minute, zone) is None for one in skipped)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (9, 0, date(2026, 11, 23)),
        (15, 0, date(2026, 11, 23)),  # six hours late to the second still counts
        (15, 1, date(2026, 11, 24)),
    ],
)
def test_what_is_late_may_still_come_within_its_window(hour: int, minute: int, expected: date) -> None:
    now = datetime(2026, 11, 23, hour, minute, tzinfo=UTC)
    day, _ = next_daily(now, 540, ZoneInfo("Europe/London"), after=date(2026, 11, 20), late=SIX_HOURS)
    assert day == expected


def test_a_date_that_is_over_never_comes_back() -> None:
    london = ZoneInfo("Europe/London")
    moment = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    assert not too_late(moment + timedelta(minutes=119), date(2026, 11, 23), moment, london, SIX_HOURS)
    assert too_late(moment + timedelta(minutes=120), date(2026, 11, 23), moment, london, SIX_HOURS)
    day, _ = next_daily(moment + timedelta(minutes=120), 22 * 60, london, after=date(2026, 11, 20), late=SIX_HOURS)
    assert day == date(2026, 11, 24)
