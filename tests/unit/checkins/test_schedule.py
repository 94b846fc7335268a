"""When a check-in is asked, and when its count is edited."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.times import Quiet, moment_of
from cogs.checkins.rules import Schedule, next_count_edit
from cogs.checkins.rules.schedule import EVERY_DAY, LATE
from tests.unit.checkins.made import moments, zones

LONDON, APIA = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Apia")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POSTED = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
minutes = st.integers(0, 1439)
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def utc(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@given(minutes, zones, weekdays, moments)
@example(540, APIA, EVERY_DAY, datetime(2011, 12, 29, 20, 0, tzinfo=UTC))
def test_the_next_ones_are_all_the_dates_that_fit_and_each_comes_once(
    minute: int, zone: ZoneInfo, days: frozenset[int], now: datetime
) -> None:
    schedule, after = Schedule(minute, zone, days), now.astimezone(zone).date() - DAY
    asked: list[tuple[date, datetime]] = []
    for _ in range(10):
        found = schedule.following(after, now)
        assert found is not None
        asked.append(found)
        after, now = found[0], max(now, found[1])
    assert all(moment == moment_of(day, minute, zone) and day.weekday() in days for day, moment in asked)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(asked))
    between = [asked[0][0] + step * DAY for step in range((asked[-1][0] - asked[0][0]).days)]
    left_out = [day for day in between if day.weekday() in days and day not in dict(asked)]
    assert all(moment_of(day, minute, zone) is None for day in left_out)


@given(minutes, zones, weekdays, moments, st.integers(0, 9 * 1440))
def test_after_an_outage_each_date_is_asked_or_told_as_skipped(
    minute: int, zone: ZoneInfo, days: frozenset[int], down: datetime, out: int
) -> None:
    schedule, after, now = Schedule(minute, zone, days), down.astimezone(zone).date(), down + timedelta(minutes=out)
    skipped, found = schedule.skipped(after, now), schedule.following(after, now)
    assert found is not None
    due = {
        after + step * DAY: moment
        for step in range(1, 12)
        if (moment := schedule.moment(after + step * DAY)) is not None and moment <= now
    }
    assert set(skipped) == {day for day, moment in due.items() if now - moment > LATE}
    assert all(day in skipped or day >= found[0] for day in due)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(1, 17, 59), utc(1, 18)),
        (utc(1, 18), utc(1, 18)),
        (utc(1, 20), utc(1, 20)),  # two hours late to the second still counts
        (utc(1, 20, 1), None),
    ],
)
def test_late_by_two_hours_then_skipped(now: datetime, expected: datetime | None) -> None:
    schedule = Schedule(18 * 60, UTC)
    assert schedule.asked_at(date(2026, 5, 1), now) == expected
    assert schedule.skipped(date(2026, 4, 30), now) == (() if expected else (date(2026, 5, 1),))
    found = schedule.following(date(2026, 4, 30), now)
    assert found == ((date(2026, 5, 1), utc(1, 18)) if expected else (date(2026, 5, 2), utc(2, 18)))


def test_one_due_at_eleven_at_night_is_still_asked_past_midnight() -> None:
    schedule = Schedule(23 * 60, UTC)
    assert schedule.following(date(2026, 4, 30), utc(2, 0, 45)) == (date(2026, 5, 1), utc(1, 23))
    assert schedule.asked_at(date(2026, 5, 1), utc(2, 0, 45)) == utc(2, 0, 45)


def test_a_skipped_hour_is_asked_at_the_first_minute_after_and_a_doubled_one_once() -> None:
    schedule = Schedule(90, LONDON)
    assert schedule.moment(date(2026, 3, 29)) == utc(29, 1, 0, 3)
    first = utc(25, 0, 30, 10)
    assert schedule.following(date(2026, 10, 24), first - HOUR) == (date(2026, 10, 25), first)
    assert schedule.following(date(2026, 10, 25), first + HOUR) == (date(2026, 10, 26), utc(26, 1, 30, 10))


def test_a_pause_until_a_date_and_one_without_end() -> None:
    paused = Schedule(540, UTC, paused=True, paused_until=date(2026, 5, 20))
    assert paused.following(date(2026, 5, 1), utc(2, 3)) == (date(2026, 5, 20), utc(20, 9))
    assert paused.skipped(date(2026, 5, 1), utc(19, 12)) == ()
    assert paused.asked_at(date(2026, 5, 19), utc(19, 9)) is None
    assert Schedule(540, UTC, paused=True).following(date(2026, 5, 1), utc(2, 3)) is None
    over = Schedule(540, UTC, paused=False, paused_until=date(2026, 5, 20))
    assert over.following(date(2026, 5, 1), utc(2, 3)) == (date(2026, 5, 2), utc(2, 9))


def test_one_in_the_quiet_hours_comes_when_they_end_and_none_comes_late_into_them() -> None:
    quiet = Quiet(22 * 60, 7 * 60, UTC)
    night = Schedule(23 * 60 + 30, UTC, quiet=quiet)
    assert night.following(date(2026, 4, 30), utc(1, 12)) == (date(2026, 5, 1), utc(2, 7))
    assert night.following(date(2026, 4, 30), utc(2, 8, 30)) == (date(2026, 5, 1), utc(2, 7))
    evening = Schedule(21 * 60, UTC, quiet=quiet)
    assert evening.asked_at(date(2026, 5, 1), utc(1, 21, 59)) == utc(1, 21, 59)
    assert evening.asked_at(date(2026, 5, 1), utc(1, 22, 30)) is None
    nap = Schedule(13 * 60, UTC, quiet=Quiet(13 * 60 + 30, 14 * 60 + 30, UTC))
    assert nap.asked_at(date(2026, 5, 1), utc(1, 13, 40)) == utc(1, 14, 30)


@given(minutes, zones, weekdays, moments, minutes, st.integers(1, 18 * 60), zones)
def test_nothing_is_asked_in_quiet_hours_nor_more_than_two_hours_late(
    minute: int, zone: ZoneInfo, days: frozenset[int], now: datetime, start: int, length: int, clock: ZoneInfo
) -> None:
    quiet = Quiet(start, (start + length) % 1440, clock)
    schedule = Schedule(minute, zone, days, quiet=quiet)
    found = schedule.following(now.astimezone(zone).date() - 3 * DAY, now)
    assert found is not None
    day, due = found
    asked = schedule.asked_at(day, now)
    assert asked is not None
    assert not quiet.holds(asked)
    assert max(due, now) <= asked <= max(due + LATE, now)
    assert schedule.following(day - DAY, now) == found
    earlier = [day - step * DAY for step in range(1, 5)]
    assert all(schedule.asked_at(one, now) is None for one in earlier if one > now.astimezone(zone).date() - 3 * DAY)


@pytest.mark.parametrize("wrong", [{"minute": -1}, {"minute": 1440}, {"weekdays": frozenset()}, {"weekdays": {7}}])
def test_what_no_clock_shows_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"minute|weekdays"):
        Schedule(**{"minute": 1, "zone": UTC, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (None, 3, 10),
        (None, 40, 40),
        (40, 41, 50),
        (3580, 3581, 3590),
        (3589, 3589, 3599),
        (3590, 3591, 3590 + 900),  # ten seconds later the message is an hour old
        (3590, 3600, 3590 + 900),
        (3590, 5000, 5000),
        (None, 4000, 4000),
        (4000, 4001, 4900),
    ],
)
def test_the_count_by_example(last: int | None, now: int, expected: int) -> None:
    def at(seconds: int) -> datetime:
        return POSTED + timedelta(seconds=seconds)

    assert next_count_edit(POSTED, None if last is None else at(last), at(now)) == at(expected)


@given(st.lists(st.integers(0, 6 * 3600), max_size=200))
def test_edits_keep_their_distance_and_every_change_is_shown(presses: list[int]) -> None:
    edits: list[datetime] = []
    for press in sorted(presses):
        now = POSTED + timedelta(seconds=press)
        if edits and edits[-1] > now:
            continue  # an edit that is still to come shows this press, too
        edits.append(next_count_edit(POSTED, edits[-1] if edits else None, now))
        assert now <= edits[-1] <= now + timedelta(minutes=15)
    for one, other in pairwise([POSTED, *edits]):
        distance = timedelta(seconds=10) if other - POSTED < HOUR else timedelta(minutes=15)
        assert other - one >= distance
