"""What comes next on a shelf, and as a day's reading."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.learn.rules import Shown, eligible_for_today, in_reading_order, next_days_reading, next_in_topic
from tests.unit.learn.made import reading

SHELF = (
    reading("p1", "One", audience="peers"),
    reading("f1", "Two", audience="family"),
    reading("e1", "Three"),
    reading("f2", "Four", audience="family"),
    reading("e2", "Five"),
)
IDS = st.sets(st.text("abcdefg-", min_size=1, max_size=6), min_size=1, max_size=40)
GROUPS = st.integers(0, 2**63 - 1)


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ("family", ["f1", "f2", "e1", "e2", "p1"]),
        ("peers", ["p1", "e1", "e2", "f1", "f2"]),
        (None, ["p1", "f1", "e1", "f2", "e2"]),
    ],
)
def test_family_sees_family_first_and_peers_see_it_last(reader: str | None, expected: list[str]) -> None:
    assert [item.id for item in in_reading_order(SHELF, reader)] == expected  # type: ignore[arg-type]


def test_next_walks_the_shelf_once_round() -> None:
    current, walked = "f1", []
    for _ in SHELF:
        following = next_in_topic(SHELF, current, "family")
        assert following is not None
        current = following.id
        walked.append(current)
    assert walked == ["f2", "e1", "e2", "p1", "f1"]


def test_next_of_a_single_or_lost_reading() -> None:
    assert next_in_topic(SHELF[:1], "p1", None) is None
    assert next_in_topic((), "p1", None) is None
    following = next_in_topic(SHELF, "gone", "family")
    assert following is not None
    assert following.id == "f1"


def test_careful_readings_are_never_todays() -> None:
    items = (reading("calm", "A"), reading("careful", "B", tone="careful"))
    assert eligible_for_today(items) == ("calm",)
    assert eligible_for_today(items, topics=["peers"], reader="family") == ("calm",)


def test_todays_reading_fits_the_topics_and_the_group() -> None:
    items = (*SHELF, reading("c1", "Six", topic="coping"))
    assert eligible_for_today(items, topics=["coping"]) == ("c1",)
    assert eligible_for_today(items, topics=["nothing"]) == ()
    assert eligible_for_today(items, reader="peers") == ("p1", "e1", "e2", "c1")
    assert eligible_for_today(items, reader="family") == ("f1", "e1", "f2", "e2", "c1")
    assert set(eligible_for_today(items)) == {item.id for item in items}


def lived(days: int, ids: set[str], group: int) -> list[str]:
    """The readings of so many days in a row."""
    shown: list[Shown] = []
    for _ in range(days):
        chosen = next_days_reading(ids, shown, group)
        assert chosen is not None
        shown.append(chosen)
    return [one.snippet_id for one in shown]


@given(IDS, GROUPS)
def test_no_reading_comes_again_before_all_were_shown(ids: set[str], group: int) -> None:
    walked = lived(3 * len(ids), ids, group)
    for place in range(3):
        assert sorted(walked[place * len(ids) : (place + 1) * len(ids)]) == sorted(ids)


@given(IDS.filter(lambda ids: len(ids) > 1), GROUPS)
def test_no_reading_stands_on_two_days_in_a_row(ids: set[str], group: int) -> None:
    assert all(one != following for one, following in pairwise(lived(3 * len(ids), ids, group)))


@given(st.lists(IDS, min_size=1, max_size=30), GROUPS)
def test_a_library_that_changes_every_day_repeats_nothing_that_need_not_be(
    libraries: list[set[str]], group: int
) -> None:
    shown: list[Shown] = []
    for ids in libraries:
        chosen = next_days_reading(ids, shown, group)
        assert chosen is not None
        assert chosen.snippet_id in ids
        this_round = {one.snippet_id for one in shown if one.round == chosen.round}
        assert chosen.snippet_id not in this_round
        if shown and chosen.round > shown[-1].round:
            assert ids <= {one.snippet_id for one in shown if one.round == shown[-1].round}
        shown.append(chosen)


def test_what_an_earlier_round_left_out_comes_first() -> None:
    shown = [Shown("a", 1), Shown("b", 1), Shown("a", 2)]
    assert {next_days_reading({"a", "b", "new"}, shown, group) for group in range(20)} == {Shown("new", 2)}


def test_groups_and_rounds_have_orders_of_their_own() -> None:
    ids = {f"s{place}" for place in range(20)}
    walks = {group: lived(100, ids, group) for group in range(5)}
    assert len({tuple(walk[20 * one : 20 * one + 20]) for walk in walks.values() for one in range(5)}) == 25
    assert walks[3] == lived(100, ids, 3)


def test_one_reading_is_every_days_and_none_is_none() -> None:
    assert lived(3, {"a"}, 1) == ["a", "a", "a"]
    assert next_days_reading((), [Shown("a", 1)], 1) is None
