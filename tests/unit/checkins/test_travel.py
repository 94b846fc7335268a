"""A change of zone, or a flight, never loses or doubles a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cogs.checkins.rules import (
    DayState,
    Lived,
    Stay,
    Stays,
    day_of,
    day_states,
    day_then,
    days_touched,
    days_travelled,
    may_write,
    rhythm_of,
    yesterday,
)
from cogs.checkins.rules.days import ends_at, starts_at, zone_then
from tests.unit.checkins.made import journeys, moments, zones

AUCKLAND, ANGELES = ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Los_Angeles")
PAGO, KIRITIMATI = ZoneInfo("Pacific/Pago_Pago"), ZoneInfo("Pacific/Kiritimati")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def hours(stays: Stays, beyond: timedelta = 5 * DAY) -> list[datetime]:
    """Every half hour from the first stay until after the last."""
    span = stays[-1].since + beyond - stays[0].since
    return [stays[0].since + step * HOUR / 2 for step in range(int(span / HOUR * 2))]


def states_of(done: set[date], stays: Stays, asked: set[date], today: date) -> dict[date, DayState]:
    return dict(day_states(Lived(done=done, travelled=days_travelled(stays), asked=asked), today))


def every_day(stays: Stays) -> set[date]:
    """A post on every date: the hardest case, nothing is excused for want of one."""
    seen = [day_then(moment, stays) for moment in hours(stays)]
    return {min(seen) + step * DAY for step in range((max(seen) - min(seen)).days + 1)}


@settings(max_examples=60)
@given(journeys(), st.integers(4, 23))
def test_who_checks_in_once_between_two_mornings_never_misses(stays: list[Stay], hour: int) -> None:
    """Once a day at the same hour of the clock around the person, wherever that is."""
    done: set[date] = set()
    for moment in hours(stays):
        local = moment.astimezone(zone_then(moment, stays))
        if local.hour == hour:
            done.add(day_then(moment, stays))
    today = day_then(hours(stays)[-1], stays)
    states = states_of(done, stays, every_day(stays), today)
    lived = rhythm_of(states.items())
    assert DayState.MISSED not in states.values()
    assert lived.total == lived.run_days == len(done)


@settings(max_examples=60)
@given(journeys())
def test_no_day_is_lost_and_the_ones_a_journey_left_out_are_frozen(stays: list[Stay]) -> None:
    labels = [day_then(moment, stays) for moment in hours(stays)]
    travelled = days_travelled(stays)
    for one, following in pairwise(dict.fromkeys(labels)):
        between = {one + step * DAY for step in range(1, (following - one).days)}
        assert between <= travelled | {date(2011, 12, 30)}
        if following < one:
            assert {one, following} <= travelled


@settings(max_examples=60)
@given(journeys())
def test_a_day_that_is_no_travel_day_lies_whole_in_one_zone(stays: list[Stay]) -> None:
    travelled = days_travelled(stays)
    seen: dict[date, list[int]] = {}
    for place, moment in enumerate(hours(stays)):
        seen.setdefault(day_then(moment, stays), []).append(place)
    for day, places in seen.items():
        if day not in travelled:
            assert places == list(range(places[0], places[-1] + 1))
    first, last = min(seen), max(seen)
    for day, places in seen.items():
        if day not in travelled | {first, last}:
            assert 43 <= len(places) <= 52


def test_auckland_to_los_angeles_and_back() -> None:
    # Takes off on Tuesday the 10th at 19:00 in Auckland, sets the new zone on landing: Tuesday, 10:00 in Los Angeles.
    out, back = utc(10, 18), utc(15, 17)
    stays = [Stay(utc(1, 0), AUCKLAND), Stay(out, ANGELES), Stay(back, AUCKLAND)]
    assert day_then(out - HOUR, stays) == date(2026, 11, 11)  # Wednesday 06:00 in Auckland
    assert day_then(out, stays) == date(2026, 11, 10)  # and Tuesday again in Los Angeles
    assert day_then(out + 18 * HOUR, stays) == date(2026, 11, 11)  # 04:00 there: Wednesday for the second time
    # Back: Sunday the 15th at 09:00 in Los Angeles is Monday the 16th, 06:00 in Auckland. Sunday was cut short.
    assert day_then(back - HOUR, stays) == date(2026, 11, 15)
    assert day_then(back, stays) == date(2026, 11, 16)
    assert days_travelled(stays) == {date(2026, 11, day) for day in (10, 11, 15, 16)}
    assert yesterday(back + HOUR, stays) == date(2026, 11, 15)
    assert yesterday(back + 3 * DAY, stays) == date(2026, 11, 18)
    # Entries on the 10th, the 12th to 14th and the 16th: the dates the journey touched are no miss.
    done = {date(2026, 11, day) for day in (9, 10, 12, 13, 14)}
    states = states_of(done, stays, every_day(stays), date(2026, 11, 16))
    assert DayState.MISSED not in states.values()
    assert rhythm_of(states.items()).run_days == 5


def test_a_leap_over_a_whole_date_leaves_the_day_before_it_open() -> None:
    leap = utc(10, 20)  # Tuesday 09:00 in Pago Pago, Wednesday 10:00 on Kiritimati; both begin at 04:00
    stays = [Stay(utc(1, 0), PAGO), Stay(leap, KIRITIMATI)]
    assert (day_then(leap - HOUR, stays), day_then(leap, stays)) == (date(2026, 11, 10), date(2026, 11, 11))
    night = utc(10, 14, 30)  # Tuesday 03:30, still Monday's; Wednesday 04:30
    stays = [Stay(utc(1, 0), PAGO), Stay(night, KIRITIMATI)]
    assert (day_then(night - HOUR, stays), day_then(night, stays)) == (date(2026, 11, 9), date(2026, 11, 11))
    assert days_travelled(stays) == {date(2026, 11, day) for day in (9, 10, 11)}
    assert yesterday(night + HOUR, stays) == date(2026, 11, 9)
    assert may_write(date(2026, 11, 9), night + 23 * HOUR, stays)
    assert not may_write(date(2026, 11, 10), night + HOUR, stays)


def test_history_stays_where_it_was_written() -> None:
    stays = [Stay(utc(1, 0), AUCKLAND), Stay(utc(10, 18), ANGELES)]
    written = utc(5, 20)
    assert day_then(written, stays) == day_of(written, AUCKLAND) == date(2026, 11, 6)
    assert day_of(written, ANGELES) == date(2026, 11, 5)  # what a new look through today's zone would have made of it
    assert day_then(utc(1, 0) - 30 * DAY, stays) == day_of(utc(1, 0) - 30 * DAY, AUCKLAND)


def test_another_name_for_the_same_clock_is_no_journey() -> None:
    stays = [Stay(utc(1, 0), ZoneInfo("Europe/London")), Stay(utc(10, 18), ZoneInfo("Europe/Lisbon"))]
    assert days_travelled(stays) == frozenset()
    assert days_travelled(stays[:1]) == frozenset()


@settings(max_examples=60)
@given(journeys(), moments, st.integers(1, 6 * 1440))
@example([Stay(utc(1, 0), AUCKLAND), Stay(utc(10, 18), ANGELES)], utc(10, 12), 600)
def test_a_stretch_of_time_touches_the_days_of_all_its_moments(stays: list[Stay], at: datetime, minutes: int) -> None:
    since = stays[0].since + (at - datetime(1996, 1, 1, tzinfo=UTC)) % (12 * DAY)
    until = since + timedelta(minutes=minutes)
    looks = [since + timedelta(minutes=step) for step in range(0, minutes, 20)] + [until - timedelta(seconds=1)]
    seen = {day_then(look, stays) for look in looks}
    touched = days_touched(since, until, stays)
    assert seen <= touched
    assert touched <= seen | days_travelled(stays) | {date(2011, 12, 30)}


@given(moments, zones)
def test_a_stretch_that_ends_as_a_day_begins_leaves_that_day_alone(moment: datetime, zone: ZoneInfo) -> None:
    stays = [Stay(moment, zone)]
    day = day_of(moment, zone)
    start = starts_at(day, zone)
    assert start is not None
    assert days_touched(start - HOUR, start, stays) == {day_of(start - HOUR, zone)}
    assert days_touched(start, ends_at(day, zone), stays) == {day}
    assert days_touched(start, start, stays) == days_touched(start + DAY, start, stays) == frozenset()


def test_a_stretch_goes_by_the_zone_of_each_of_its_moments() -> None:
    stays = [Stay(utc(1, 0), AUCKLAND), Stay(utc(10, 18), ANGELES)]
    # From Tuesday the 10th in Auckland to Thursday the 12th in Los Angeles, where Auckland has Friday already.
    assert days_touched(utc(9, 20), utc(12, 20), stays) == {date(2026, 11, day) for day in (10, 11, 12)}
