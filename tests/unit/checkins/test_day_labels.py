"""The day a moment belongs to, held against a walk through every minute of the zone's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given

from cogs.checkins.rules import Stay, day_of, day_then, may_write, yesterday
from cogs.checkins.rules.days import ends_at, starts_at
from tests.unit.checkins.made import ZONES, moments, zones

KATHMANDU, LONDON, APIA = ZoneInfo("Asia/Kathmandu"), ZoneInfo("Europe/London"), ZoneInfo("Pacific/Apia")
ISTANBUL = ZoneInfo("Europe/Istanbul")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def walked(moment: datetime, zone: ZoneInfo) -> date:
    """The highest date whose clock has shown 04:00 or later by `moment`, over the last three days."""
    looks = (moment - step * MINUTE for step in range(3 * 1440))
    shown = (look.astimezone(zone) for look in looks)
    return max(one.date() for one in shown if one.hour >= 4)


@given(moments, zones)
@example(datetime(2011, 12, 31, 12, tzinfo=UTC), APIA)  # the date before was left out
@example(datetime(2026, 3, 29, 2, 59, tzinfo=UTC), LONDON)
@example(datetime(2016, 3, 27, 1, 0, tzinfo=UTC), ISTANBUL)  # 03:00 leaps to 04:00
@example(datetime(2014, 10, 26, 1, 0, tzinfo=UTC), ISTANBUL)  # 04:00 falls back to 03:00
def test_the_day_is_what_a_walk_through_the_clock_finds(moment: datetime, zone: ZoneInfo) -> None:
    assert day_of(moment, zone) == walked(moment, zone)


@given(moments, zones)
def test_days_follow_each_other_without_a_hole(moment: datetime, zone: ZoneInfo) -> None:
    day = day_of(moment, zone)
    start, end = starts_at(day, zone), ends_at(day, zone)
    assert start is not None
    assert start <= moment < end
    assert day_of(end - MINUTE, zone) == day
    assert day_of(end, zone) > day
    assert timedelta(hours=22) <= end - start <= timedelta(hours=26)


@pytest.mark.parametrize(
    ("local", "expected"),
    [((2026, 1, 16, 3, 59), 15), ((2026, 1, 16, 4, 0), 16), ((2026, 1, 16, 2, 0), 15), ((2026, 1, 16, 23, 59), 16)],
)
@pytest.mark.parametrize("name", ["Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "UTC"])
def test_two_in_the_morning_still_belongs_to_the_day_before(
    local: tuple[int, int, int, int, int], expected: int, name: str
) -> None:
    moment = datetime(*local, tzinfo=ZoneInfo(name)).astimezone(UTC)
    assert day_of(moment, ZoneInfo(name)) == date(2026, 1, expected)


def test_a_clock_change_at_four_itself() -> None:
    """Istanbul put its clock from 03:00 to 04:00: the day begins at that very moment."""
    leap = datetime(2016, 3, 27, 1, 0, tzinfo=UTC)
    assert starts_at(date(2016, 3, 27), ISTANBUL) == leap
    assert day_of(leap - timedelta(microseconds=1), ISTANBUL) == date(2016, 3, 26)
    # In autumn 03:00 to 04:00 came twice; 04:00 itself once, at the end of the second.
    assert starts_at(date(2014, 10, 26), ISTANBUL) == datetime(2014, 10, 26, 2, 0, tzinfo=UTC)
    assert starts_at(date(2011, 12, 30), APIA) is None
    assert ends_at(date(2011, 12, 29), APIA) == starts_at(date(2011, 12, 31), APIA)


@given(moments, zones)
@example(datetime(2011, 12, 31, 12, tzinfo=UTC), APIA)  # yesterday is the date before the one left out
def test_yesterday_can_be_filled_in_until_today_is_over(moment: datetime, zone: ZoneInfo) -> None:
    stays = [Stay(moment - 30 * DAY, zone)]
    today = day_then(moment, stays)
    before = yesterday(moment, stays)
    assert before < today
    assert starts_at(before, zone) is not None
    assert ends_at(before, zone) == starts_at(today, zone)
    assert may_write(before, moment, stays)
    assert may_write(today, moment, stays)
    assert may_write(before, ends_at(today, zone) - MINUTE, stays)
    assert not may_write(before, ends_at(today, zone), stays)
    assert not may_write(ends_at(today, zone).astimezone(zone).date(), moment, stays)


def test_the_zones_under_test_are_odd_enough() -> None:
    assert {"Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe", "Pacific/Apia"} <= set(ZONES)
