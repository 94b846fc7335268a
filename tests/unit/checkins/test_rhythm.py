"""Totals, strength and the run of days, from the states of the days."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.checkins.rules import DayState, Lived, Rhythm, Run, Stay, Strength, day_states, days_out, rhythm_of
from cogs.checkins.rules.rhythm import DECAY, next_score

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
DONE, MISSED, OPEN = DayState.DONE, DayState.MISSED, DayState.OPEN
FROZEN = tuple(state for state in DayState if state.frozen)
LETTERS = {"x": DONE, ".": MISSED, "?": OPEN, "s": DayState.SKIPPED, "r": DayState.RESTED, "o": DayState.BOT_OUT}

states = st.lists(st.sampled_from(tuple(DayState)), max_size=120)
frozen = st.sampled_from(FROZEN)


def dated(*all_states: DayState) -> list[tuple[date, DayState]]:
    return [(FIRST + step * DAY, state) for step, state in enumerate(all_states)]


def lived(pattern: str) -> Rhythm:
    return rhythm_of(dated(*(LETTERS[letter] for letter in pattern)))


def test_one_miss_at_the_top_leaves_948_thousandths() -> None:
    assert next_score(1.0, 0.0) == pytest.approx(0.948, abs=0.0005)


def test_the_half_life_is_13_days() -> None:
    top = Rhythm(score=1.0)
    assert rhythm_of(dated(*[MISSED] * 13), top).score == pytest.approx(0.5)
    assert rhythm_of(dated(*[MISSED] * 26), top).score == pytest.approx(0.25)
    assert rhythm_of(dated(*[DONE] * 13)).score == pytest.approx(0.5)


@given(states, st.integers(0, 120))
def test_going_on_from_a_kept_rhythm_is_the_whole_computation(all_states: list[DayState], cut: int) -> None:
    days = dated(*all_states)
    assert rhythm_of(days[cut:], rhythm_of(days[:cut])) == rhythm_of(days)


@given(states)
def test_the_strength_is_loops_weighted_mean_of_the_days_that_count(all_states: list[DayState]) -> None:
    counted = [state is DONE for state in all_states if state in (DONE, MISSED)]
    expected = sum((1 - DECAY) * DECAY**age for age, done in enumerate(reversed(counted)) if done)
    rhythm = rhythm_of(dated(*all_states))
    assert rhythm.score == pytest.approx(expected)
    assert 0.0 <= rhythm.score <= 1.0


@given(states, st.lists(st.tuples(st.integers(0, 120), frozen), max_size=20))
def test_frozen_days_change_nothing_wherever_they_lie(
    all_states: list[DayState], slipped_in: list[tuple[int, DayState]]
) -> None:
    with_frozen = list(all_states)
    for place, state in slipped_in:
        with_frozen.insert(place, state)
    plain, other = rhythm_of(dated(*all_states)), rhythm_of(dated(*with_frozen))
    assert (plain.total, plain.score, plain.run_days) == (other.total, other.score, other.run_days)


@given(states)
def test_today_still_open_breaks_nothing(all_states: list[DayState]) -> None:
    before, today = rhythm_of(dated(*all_states)), rhythm_of(dated(*all_states, OPEN))
    assert (before.total, before.score, before.run) == (today.total, today.score, today.run)
    assert today.open_today
    assert not rhythm_of(dated(*all_states, DONE)).open_today


@given(states)
def test_a_run_begins_and_ends_with_a_day_that_was_done(all_states: list[DayState]) -> None:
    days = dated(*all_states)
    rhythm, known = rhythm_of(days), dict(days)
    assert rhythm.total == all_states.count(DONE)
    since_the_last_miss = list(takewhile(lambda state: state is not MISSED, reversed(all_states)))
    assert rhythm.run_days == since_the_last_miss.count(DONE)
    if rhythm.run is None:
        return
    assert known[rhythm.run.first] is known[rhythm.run.last] is DONE
    inside = [state for day, state in days if rhythm.run.first <= day <= rhythm.run.last]
    assert MISSED not in inside
    assert inside.count(DONE) == rhythm.run.days
    assert all(state is not DONE for day, state in days if day > rhythm.run.last)


@pytest.mark.parametrize(
    ("pattern", "total", "run"),
    [
        ("xxx", 3, Run(3, FIRST, FIRST + 2 * DAY)),
        ("xx?", 2, Run(2, FIRST, FIRST + DAY)),
        ("xsx", 2, Run(2, FIRST, FIRST + 2 * DAY)),
        ("xxss", 2, Run(2, FIRST, FIRST + DAY)),
        (".ssx", 1, Run(1, FIRST + 3 * DAY, FIRST + 3 * DAY)),
        ("xx.x", 3, Run(1, FIRST + 3 * DAY, FIRST + 3 * DAY)),
        ("xx.", 2, None),
        ("xx.s?", 2, None),
        ("xrroox", 2, Run(2, FIRST, FIRST + 5 * DAY)),
    ],
)
def test_runs_by_example(pattern: str, total: int, run: Run | None) -> None:
    rhythm = lived(pattern)
    assert (rhythm.total, rhythm.run) == (total, run)


def test_yesterday_filled_in_mends_the_run_and_the_strength() -> None:
    assert lived("xxxxxx.x").run_days == 1
    kept = lived("xxxxxx")
    filled = rhythm_of([(FIRST + 6 * DAY, DONE), (FIRST + 7 * DAY, DONE)], kept)
    assert filled == lived("xxxxxxxx")
    assert filled.run_days == 8


@pytest.mark.parametrize(
    ("days", "word"),
    [
        (0, Strength.FRESH), (4, Strength.FRESH), (5, Strength.GROWING), (9, Strength.GROWING), (10, Strength.STEADY),
        (17, Strength.STEADY), (18, Strength.STRONG), (30, Strength.STRONG), (31, Strength.ROOTED),
        (365, Strength.ROOTED),
    ],
)  # fmt: skip
def test_strength_in_words(days: int, word: Strength) -> None:
    assert lived("x" * days).strength is word


def test_from_the_top_it_takes_five_misses_in_a_row_to_change_the_word() -> None:
    assert rhythm_of(dated(*[MISSED] * 4), Rhythm(score=1.0)).strength is Strength.ROOTED
    assert rhythm_of(dated(*[MISSED] * 5), Rhythm(score=1.0)).strength is Strength.STRONG
    assert Rhythm(score=1.0).strength is Strength.ROOTED


@pytest.mark.parametrize("again", [FIRST, FIRST - DAY])
def test_a_day_is_counted_once(again: date) -> None:
    with pytest.raises(ValueError, match="not behind"):
        rhythm_of([(FIRST, DONE), (again, DONE)])


# --- what a day was ---------------------------------------------------------------------------------------------------

LABELS = st.frozensets(st.integers(0, 30).map(lambda step: FIRST + step * DAY))
TODAY = FIRST + 25 * DAY


@given(st.builds(Lived, LABELS, LABELS, LABELS, LABELS, LABELS, LABELS))
def test_a_miss_is_a_day_that_was_asked_for_is_over_and_has_no_excuse(all_days: Lived) -> None:
    found = day_states(all_days, TODAY)
    if not all_days.done:
        assert found == ()
        return
    assert found[0] == (min(all_days.done), DONE)
    assert [day for day, _ in found] == [found[0][0] + step * DAY for step in range(len(found))]
    assert found[-1][0] == max(TODAY, *all_days.done)
    for day, state in found:
        excused = any(day in days for days in (all_days.skipped, all_days.rested, all_days.bot_out, all_days.travelled))
        assert (state is DONE) == (day in all_days.done)
        plain = day not in all_days.done and not excused and day in all_days.asked
        assert (state is MISSED) == (plain and day < TODAY)
        assert (state is OPEN) == (plain and day >= TODAY)


def test_the_first_reason_that_fits_is_told() -> None:
    one = frozenset({FIRST})
    assert Lived(done=one, skipped=one, rested=one).state(FIRST, TODAY) is DONE
    assert Lived(skipped=one, rested=one, asked=one).state(FIRST, TODAY) is DayState.SKIPPED
    assert Lived(rested=one, bot_out=one).state(FIRST, TODAY) is DayState.RESTED
    assert Lived(bot_out=one, travelled=one).state(FIRST, TODAY) is DayState.BOT_OUT
    assert Lived(travelled=one, asked=one).state(FIRST, TODAY) is DayState.TRAVELLED
    assert Lived().state(FIRST, TODAY) is DayState.UNASKED


def test_a_weekday_schedule_reaches_the_top_as_a_daily_one_does() -> None:
    weekdays = {FIRST + step * DAY for step in range(130) if (FIRST + step * DAY).weekday() < 5}
    rhythm = rhythm_of(day_states(Lived(done=weekdays, asked=weekdays), max(weekdays)))
    assert rhythm.run_days == rhythm.total == len(weekdays)
    assert rhythm.score == pytest.approx(lived("x" * len(weekdays)).score)


@pytest.mark.parametrize(("minutes", "days"), [(9, 0), (10, 1), (26 * 60, 2)])
def test_an_outage_of_ten_minutes_excuses_its_days(minutes: int, days: int) -> None:
    since = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    assert len(days_out([(since, since + timedelta(minutes=minutes))], [Stay(since, UTC)])) == days
