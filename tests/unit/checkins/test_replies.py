"""The reply guarantee: who is asked, what counts, and that nobody is left unanswered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.times import Quiet
from cogs.checkins.rules import (
    Answer,
    Ask,
    Companion,
    Move,
    Origin,
    Place,
    Request,
    carried_out,
    choose_companion,
    is_reply,
    next_step,
)
from cogs.checkins.rules.replies import LONGEST_WAIT, SHORTEST_WAIT, TEAM_AFTER, WAIT, Step, fell_through
from tests.unit.checkins.made import zones

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
KATHMANDU = ZoneInfo("Asia/Kathmandu")
MINUTE = timedelta(minutes=1)
WRITER = 1
ASK = Ask(entry_id=7, writer_id=WRITER, place=Place.GROUP, asked_at=NOON)
READY = Companion(2, UTC, opted_in=True, has_role=True, sees=True)

companions = st.lists(
    st.builds(
        Companion,
        st.integers(1, 12), zones, *[st.sampled_from([True, True, True, False])] * 3,
        st.sampled_from([False, False, True]), st.sampled_from([False, False, True]),
        st.none() | st.builds(Quiet, st.integers(0, 1439), st.integers(0, 1439), zones),
        st.none() | st.integers(1, 4000).map(lambda minutes: NOON - minutes * MINUTE),
    ),
    unique_by=lambda one: one.user_id,
    max_size=10,
)  # fmt: skip
asks = st.builds(
    Ask, st.integers(1, 9), st.just(WRITER), st.sampled_from([Place.GROUP, Place.CARE]), st.just(NOON), st.booleans(),
    st.lists(st.builds(Request, st.integers(2, 12), st.booleans()), max_size=4).map(tuple), st.booleans(),
    st.booleans(),
)  # fmt: skip
later = st.integers(0, 400).map(lambda minutes: NOON + minutes * MINUTE)


def chosen(*several: Companion, now: datetime = NOON, asked: tuple[int, ...] = (), seed: str = "7") -> int | None:
    found = choose_companion(several, now, writer_id=WRITER, asked=asked, seed=seed)
    return found.user_id if found else None


def after_45(*several: Companion, ask: Ask = ASK, resting: bool = False) -> Step:
    return next_step(ask, several, NOON + WAIT, resting=resting)


# --- who is asked -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unable",
    [
        {"opted_in": False}, {"has_role": False}, {"sees": False}, {"on_break": True}, {"avoids": True},
        {"user_id": WRITER}, {"quiet": Quiet(11 * 60, 13 * 60, UTC)}, {"last_asked": NOON - 60 * MINUTE},
    ],
)  # fmt: skip
def test_every_condition_alone_keeps_a_companion_from_being_asked(unable: dict[str, object]) -> None:
    assert chosen(READY) == 2
    assert chosen(replace(READY, **unable)) is None  # type: ignore[arg-type]
    assert chosen(READY, asked=(2,)) is None


def test_nothing_known_of_somebody_is_no() -> None:
    assert chosen(Companion(2, UTC)) is None


def test_their_quiet_hours_go_by_their_own_zone() -> None:
    night = Quiet(22 * 60, 7 * 60, KATHMANDU)
    asleep = datetime(2026, 5, 1, 16, 15, tzinfo=UTC)  # 22:00 there
    assert chosen(replace(READY, quiet=night), now=asleep - MINUTE) == 2
    assert chosen(replace(READY, quiet=night), now=asleep) is None


def test_at_most_once_a_day_of_their_own() -> None:
    four = datetime(2026, 5, 1, 22, 15, tzinfo=UTC)  # 04:00 on the second in Kathmandu
    asked = replace(READY, zone=KATHMANDU, last_asked=four - 20 * 60 * MINUTE)
    assert chosen(asked, now=four - MINUTE) is None
    assert chosen(asked, now=four) == 2


def test_whoever_was_asked_longest_ago_comes_first() -> None:
    old = [replace(READY, user_id=2 + place, last_asked=NOON - timedelta(days=2 + place)) for place in range(3)]
    assert chosen(*old) == 4
    assert chosen(*old, replace(READY, user_id=9)) == 9


def test_among_equals_a_lot_decides_for_each_entry_anew() -> None:
    equal = [replace(READY, user_id=2 + place) for place in range(5)]
    drawn = [chosen(*equal, seed=str(entry)) for entry in range(200)]
    assert all(drawn.count(one.user_id) > 20 for one in equal)
    assert drawn == [chosen(*equal[::-1], seed=str(entry)) for entry in range(200)]


# --- what counts ------------------------------------------------------------------------------------------------------

COUNTS = {
    (Place.GROUP, Origin.REPLY), (Place.GROUP, Origin.WRITE_BACK), (Place.GROUP, Origin.PRIVATE_THREAD),
    (Place.CARE, Origin.WRITE_BACK), (Place.CARE, Origin.PRIVATE_THREAD),
}  # fmt: skip


@pytest.mark.parametrize("place", [Place.GROUP, Place.CARE])
@pytest.mark.parametrize("origin", Origin)
def test_what_counts_as_a_reply(place: Place, origin: Origin) -> None:
    ask, answer = replace(ASK, place=place), Answer(2, origin, NOON)
    assert is_reply(answer, ask) == ((place, origin) in COUNTS)
    for wrong in ({"author_id": WRITER}, {"by_bot": True}, {"at": NOON - timedelta(seconds=1)}):
        assert not is_reply(replace(answer, **wrong), ask)
    assert not is_reply(answer, ask, avoided={2})


# --- what is done, and when -------------------------------------------------------------------------------------------


def test_the_figures_are_the_products() -> None:
    assert (timedelta(minutes=45), timedelta(hours=3)) == (WAIT, TEAM_AFTER)


def test_the_course_of_an_evening() -> None:
    assert next_step(ASK, [READY], NOON) == Step(Move.WAIT, until=NOON + WAIT)
    assert next_step(ASK, [READY], NOON + WAIT - MINUTE).move is Move.WAIT
    assert after_45(READY) == Step(Move.ASK, companion_id=2)
    asked = carried_out(ASK, after_45(READY))
    assert after_45(READY, ask=asked) == Step(Move.WAIT, until=NOON + timedelta(hours=1))
    others = [READY, replace(READY, user_id=3)]
    assert next_step(asked, others, NOON + 2 * WAIT).move is Move.WAIT  # one at a time
    assert next_step(asked, others, NOON + TEAM_AFTER - MINUTE) == Step(Move.WAIT, until=NOON + TEAM_AFTER)
    overdue = next_step(asked, others, NOON + TEAM_AFTER)
    assert overdue == Step(Move.TELL)
    told = carried_out(asked, overdue)
    assert next_step(told, others, NOON + 2 * TEAM_AFTER) == Step(Move.NOTHING)


def test_nobody_eligible_the_team_is_told_at_once_and_again_after_three_hours() -> None:
    assert after_45() == Step(Move.TELL_EARLY)
    early = carried_out(ASK, after_45())
    assert after_45(ask=early) == Step(Move.WAIT, until=NOON + timedelta(hours=1))
    assert after_45(READY, ask=early) == Step(Move.ASK, companion_id=2)  # somebody came back
    assert next_step(early, [], NOON + TEAM_AFTER - MINUTE).until == NOON + TEAM_AFTER
    assert next_step(early, [READY], NOON + TEAM_AFTER) == Step(Move.TELL)


def test_the_next_one_is_asked_when_the_first_cannot() -> None:
    asked, others = replace(ASK, requests=(Request(2),)), replace(READY, user_id=3)
    assert after_45(READY, others, ask=fell_through(asked, 2)) == Step(Move.ASK, companion_id=3)
    assert after_45(READY, ask=fell_through(asked, 2)) == Step(Move.TELL_EARLY)
    assert fell_through(asked, 3) == asked
    for gone in ({"on_break": True}, {"avoids": True}, {"sees": False}, {"opted_in": False}, {"has_role": False}):
        unable = replace(READY, **gone)  # type: ignore[arg-type]
        assert after_45(unable, others, ask=asked) == Step(Move.ASK, companion_id=3)
    assert after_45(others, ask=asked) == Step(Move.ASK, companion_id=3)
    asleep = replace(READY, quiet=Quiet(12 * 60, 13 * 60, UTC), last_asked=NOON)
    assert after_45(asleep, others, ask=asked).move is Move.WAIT  # they may have read it


def test_while_the_group_rests_no_companion_is_asked_and_the_team_is_told_all_the_same() -> None:
    assert after_45(READY, resting=True) == Step(Move.TELL_EARLY)
    assert next_step(ASK, [READY], NOON + TEAM_AFTER, resting=True) == Step(Move.TELL)
    assert next_step(ASK, [READY], NOON + timedelta(days=9), resting=True) == Step(Move.TELL)


def test_the_wait_is_settable_within_its_limits() -> None:
    assert next_step(ASK, [READY], NOON + SHORTEST_WAIT, wait=SHORTEST_WAIT).move is Move.ASK
    assert next_step(ASK, [READY], NOON + LONGEST_WAIT, wait=LONGEST_WAIT).move is Move.ASK
    for wrong in (SHORTEST_WAIT - MINUTE, LONGEST_WAIT + MINUTE):
        with pytest.raises(ValueError, match="wait"):
            next_step(ASK, [READY], NOON, wait=wrong)


@given(asks, companions, later, st.booleans())
def test_looked_at_twice_in_a_moment_nothing_is_done_twice(
    ask: Ask, several: list[Companion], now: datetime, resting: bool
) -> None:
    step = next_step(ask, several, now, resting=resting)
    again = next_step(carried_out(ask, step), several, now, resting=resting)
    assert again.move in (Move.NOTHING, Move.WAIT)
    assert step.move is not Move.WAIT or (step.until is not None and step.until > now)
    assert (step.companion_id is not None) == (step.move is Move.ASK)
    if ask.settled:
        assert step.move is Move.NOTHING
    if step.move is Move.ASK:
        assert step.companion_id not in {WRITER, *(one.companion_id for one in ask.requests)}


@given(companions, st.booleans(), st.lists(st.integers(1, 30), min_size=10, max_size=60))
def test_however_often_and_late_it_is_looked_at_nobody_is_left_unanswered(
    several: list[Companion], resting: bool, gaps: list[int]
) -> None:
    ask, now, moves = ASK, NOON, []
    for gap in [0, *gaps, 400]:
        now += gap * MINUTE
        step = next_step(ask, several, now, resting=resting)
        if step.move not in (Move.WAIT, Move.NOTHING):
            moves.append((step.move, step.companion_id))
            assert now >= NOON + WAIT
            assert step.move is not Move.TELL or now >= NOON + TEAM_AFTER
        ask = carried_out(ask, step)
    assert moves[-1] == (Move.TELL, None)
    assert len(moves) == len(set(moves))
    assert sum(move is Move.ASK for move, _ in moves) <= 1


@given(st.lists(st.integers(0, 6 * 1440), min_size=1, max_size=40, unique=True).map(sorted))
def test_over_many_entries_each_companion_is_asked_once_a_day_and_in_turn(arrivals: list[int]) -> None:
    team = {number: replace(READY, user_id=number) for number in (2, 3, 4)}
    times: dict[int, list[datetime]] = {number: [] for number in team}
    for entry, minute in enumerate(arrivals):
        now = NOON + minute * MINUTE
        found = choose_companion(team.values(), now, writer_id=WRITER, asked=(), seed=str(entry))
        if found is None:
            assert all(times[number] for number in team)
            continue
        times[found.user_id].append(now)
        team[found.user_id] = replace(found, last_asked=now)
    for asked in times.values():
        days = [(one - timedelta(hours=4)).date() for one in asked]
        assert len(days) == len(set(days))
    counts = [len(asked) for asked in times.values()]
    assert max(counts) - min(counts) <= 1
