"""The group's week: what may be told, and that nobody can be read out of it."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cogs.checkins.rules import Choice, DayState, MoodDay, Panel, WeekEntry, offer_is_due, weekly_summary
from cogs.checkins.rules.summary import BANDS, LEAST_PEOPLE, Average, band_of, panel_of

MONDAY = date(2026, 1, 5)
DAY = timedelta(days=1)
SCALES = {"mood": (1, 5), "urge": (0, 10)}
people = st.frozensets(st.integers(1, 14), max_size=14)


def entry(user_id: int, mood: int = 3, *, day: int = 0, choice: Choice = Choice.GROUP) -> WeekEntry:
    return WeekEntry(user_id, MONDAY + day * DAY, choice, {"mood": mood})


def band(entries: list[WeekEntry]) -> int:
    found = weekly_summary(entries, SCALES, {}, seed="w")
    assert found is not None
    return found.averages["mood"].band


def test_below_five_people_there_is_none() -> None:
    four = [entry(user_id, day=day) for user_id in range(4) for day in range(7)]
    assert weekly_summary(four, SCALES, {}, seed="w") is None
    found = weekly_summary([*four, entry(9)], SCALES, {}, seed="w")
    assert found is not None
    assert (found.people, found.about_check_ins) == (5, 30)
    assert found.averages == {"mood": Average(2, frozenset({0, 1, 2, 3, 9}))}


@pytest.mark.parametrize("choice", [Choice.ME, Choice.TEAM, Choice.TEAM_REACH_OUT])
def test_numbers_that_were_not_shared_with_the_group_count_in_no_average(choice: Choice) -> None:
    shared = [entry(user_id, 1) for user_id in range(4)]
    private = [entry(user_id, 5, choice=choice) for user_id in range(4, 9)]
    found = weekly_summary([*shared, *private], SCALES, {}, seed="w")
    assert found is not None
    assert found.people == 9
    assert found.averages == {}
    assert band([*shared, entry(20, 1, choice=Choice.GROUP_REPLY), *private]) == 0


def test_each_person_counts_once() -> None:
    one_is_low_daily = [entry(1, 1, day=day) for day in range(7)] + [entry(user_id, 5) for user_id in range(2, 6)]
    assert band(one_is_low_daily) == 4


@pytest.mark.parametrize(("days", "about"), [(5, 10), (14, 10), (15, 20), (24, 20), (25, 30), (34, 30), (35, 40)])
def test_check_ins_are_told_to_the_nearest_ten(days: int, about: int) -> None:
    cells = list(product(range(7), range(5)))[:days]
    found = weekly_summary([entry(user, day=day) for day, user in cells for _ in range(2)], {}, {}, seed="w")
    assert found is not None
    assert found.about_check_ins == about


def test_the_bands_are_fifths() -> None:
    low_to_high = [band_of(Fraction(step, 10), (0, 10)) for step in range(0, 101, 5)]
    assert low_to_high == [0] * 5 + [1] * 3 + [2] * 4 + [3] * 4 + [4] * 5
    assert [band_of(Fraction(mood), (1, 5)) for mood in range(1, 6)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("scale", [(1, 5), (0, 10)])
@pytest.mark.parametrize("count", range(LEAST_PEOPLE, 10))
def test_a_band_alone_excludes_no_answer_of_anybody(scale: tuple[int, int], count: int) -> None:
    low, high = scale
    for mine in range(low, high + 1):
        sums = range((count - 1) * low, (count - 1) * high + 1)
        assert {band_of(Fraction(mine + others, count), scale) for others in sums} == set(range(BANDS))


@given(people, people, st.integers(0, 4), st.text(max_size=3))
@example(frozenset(range(10)), frozenset(range(1, 10)), 0, "")
def test_two_averages_in_a_row_are_never_set_apart_by_one_or_two(
    last: frozenset[int], present: frozenset[int], erased: int, seed: str
) -> None:
    shown = panel_of(last, None, seed=seed)
    assert shown == (last if len(last) >= 5 else None)
    if shown is None:
        return
    ghosts = frozenset(range(100, 100 + erased))
    panel = panel_of(present, Panel(shown, erased), seed=seed)
    if panel is None:
        return
    assert len(panel) >= LEAST_PEOPLE
    assert panel <= present
    changed = len(panel ^ (shown | ghosts))
    assert changed == 0 or changed >= 3
    if len(present ^ (shown | ghosts)) in (0, 3, 4, 5):
        assert panel == present


@given(st.lists(people, min_size=2, max_size=12))
def test_it_holds_week_after_week(weeks: list[frozenset[int]]) -> None:
    last: Panel | None = None
    for number, present in enumerate(weeks):
        panel = panel_of(present, last, seed=str(number))
        if panel is None:
            continue
        assert last is None or len(panel ^ last.people) not in (1, 2)
        last = Panel(panel)


def test_who_is_left_out_doesnt_depend_on_what_was_answered() -> None:
    last = {"mood": Panel(frozenset(range(9)))}
    panels = set()
    for mood in range(1, 6):
        found = weekly_summary([entry(user, mood if user == 1 else 3) for user in range(8)], SCALES, last, seed="w")
        assert found is not None
        panels.add(found.averages["mood"].people)
    (panel,) = panels
    assert len(panel) == 6
    others = [panel_of(frozenset(range(8)), last["mood"], seed=str(week)) for week in range(20)]
    assert len(set(others)) > 5


def test_few_who_join_wait_and_a_small_rest_is_not_told() -> None:
    five = frozenset(range(5))
    assert panel_of(five | {8, 9}, Panel(five), seed="") == five
    assert panel_of(five | {7, 8, 9}, Panel(five), seed="") == five | {7, 8, 9}
    assert panel_of(frozenset(range(6)), Panel(frozenset(range(7))), seed="") is None
    assert panel_of(five, Panel(five, erased=1), seed="") is None


# --- low days ---------------------------------------------------------------------------------------------------------

STATES = {".": DayState.MISSED, "s": DayState.SKIPPED, "o": DayState.BOT_OUT, "?": DayState.OPEN}


def days(pattern: str) -> list[MoodDay]:
    """Digits are moods, `x` an entry without one."""
    found = []
    for step, letter in enumerate(pattern):
        mood = int(letter) if letter.isdecimal() else None
        found.append(MoodDay(MONDAY + step * DAY, STATES.get(letter, DayState.DONE), mood))
    return found


@pytest.mark.parametrize(
    ("pattern", "due"),
    [
        ("111", True), ("11", False), ("3111", True), ("1113", False), ("1121", False), ("11.1", False),
        ("1s1oo1", True), ("1x1x1", True), ("111?", True), ("111s", True), ("11?", False), ("111.", False), ("", False),
    ],
)  # fmt: skip
def test_three_low_days_in_a_row_bring_an_offer(pattern: str, due: bool) -> None:
    assert offer_is_due(days(pattern), None) is due


def test_the_offer_is_made_once_a_run() -> None:
    assert not offer_is_due(days("1111"), MONDAY + 2 * DAY)
    assert not offer_is_due(days("1111"), MONDAY)
    assert not offer_is_due(days("111s1"), MONDAY + 2 * DAY)
    assert offer_is_due(days("111.111"), MONDAY + 2 * DAY)
    assert offer_is_due(days("1112111"), MONDAY + 2 * DAY)


@given(st.text("1235x.so", max_size=40))
def test_asked_each_day_every_run_of_three_brings_one_offer(pattern: str) -> None:
    last: date | None = None
    offers = 0
    for length in range(1, len(pattern) + 1):
        if offer_is_due(days(pattern[:length]), last):
            last = MONDAY + (length - 1) * DAY
            offers += 1
    runs, low = 0, 0
    for letter in pattern:
        low = low + 1 if letter == "1" else 0 if letter in "235." else low
        runs += letter == "1" and low == 3
    assert offers == runs
