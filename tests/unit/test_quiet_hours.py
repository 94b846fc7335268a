"""Quiet hours, held against a walk through the minutes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.times import Quiet
from tests.unit.checkins.made import moments, zones

MINUTE = timedelta(minutes=1)
LONDON = ZoneInfo("Europe/London")
# The longest that may be set is 18 hours (bot/times/hours.py).
hours = st.tuples(st.integers(0, 1439), st.integers(1, 18 * 60)).map(lambda one: (one[0], (one[0] + one[1]) % 1440))


@given(moments, zones, hours)
@example(datetime(2026, 10, 25, 1, 15, tzinfo=UTC), LONDON, (22 * 60, 90))  # inside the hour that comes twice
@example(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), LONDON, (22 * 60, 90))  # the end is leapt over
@example(datetime(2011, 12, 30, 8, 0, tzinfo=UTC), ZoneInfo("Pacific/Apia"), (21 * 60, 8 * 60))
def test_they_end_at_the_first_minute_that_is_not_quiet(
    moment: datetime, zone: ZoneInfo, span: tuple[int, int]
) -> None:
    quiet = Quiet(*span, zone)
    walked = moment
    while quiet.holds(walked):
        walked += MINUTE
    assert quiet.after(moment) == walked


@given(moments, zones, hours)
def test_they_hold_from_the_first_minute_to_before_the_last(
    moment: datetime, zone: ZoneInfo, span: tuple[int, int]
) -> None:
    start, end = span
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    inside = start <= minute < end if start < end else minute >= start or minute < end
    assert Quiet(start, end, zone).holds(moment) == inside


@pytest.mark.parametrize("start", [0, 600])
def test_the_same_start_and_end_is_never_quiet(start: int) -> None:
    noon = datetime(2026, 1, 1, 10, 0, tzinfo=UTC)
    assert not Quiet(start, start, UTC).holds(noon)


def test_seconds_are_not_carried_on() -> None:
    quiet = Quiet(22 * 60, 7 * 60, UTC)
    assert quiet.after(datetime(2026, 1, 1, 23, 1, 30, 5, tzinfo=UTC)) == datetime(2026, 1, 2, 7, tzinfo=UTC)
    # Also in the hour that comes twice.
    autumn = Quiet(22 * 60, 90, LONDON)
    assert autumn.after(datetime(2026, 10, 25, 1, 15, 30, tzinfo=UTC)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    awake = datetime(2026, 1, 1, 12, 1, 30, tzinfo=UTC)
    assert quiet.after(awake) == awake
