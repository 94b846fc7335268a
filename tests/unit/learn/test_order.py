"""What comes next on a shelf, and today's reading."""

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.learn.rules import eligible_for_today, in_reading_order, next_in_topic, todays_reading
from tests.unit.learn.made import reading

SHELF = (
    reading("p1", "One", audience="peers"),
    reading("f1", "Two", audience="family"),
    reading("e1", "Three"),
    reading("f2", "Four", audience="family"),
    reading("e2", "Five"),
)
IDS = st.sets(st.text("abcdefg-", min_size=1, max_size=6), min_size=1, max_size=40)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
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


@given(DAYS, IDS, GROUPS)
def test_todays_reading_depends_on_nothing_but_day_ids_and_group(day: date, ids: set[str], group: int) -> None:
    chosen = todays_reading(day, ids, group)
    assert chosen in ids
    assert chosen == todays_reading(day, sorted(ids, reverse=True), group) == todays_reading(day, [*ids, *ids], group)


@given(DAYS, IDS, GROUPS)
def test_no_reading_comes_again_before_all_were_shown(day: date, ids: set[str], group: int) -> None:
    start = day - timedelta(days=day.toordinal() % len(ids))
    for walk in range(3):
        first = start + timedelta(days=walk * len(ids))
        shown = [todays_reading(first + timedelta(days=place), ids, group) for place in range(len(ids))]
        assert sorted(shown, key=str) == sorted(ids)


@given(DAYS, IDS.filter(lambda ids: len(ids) > 1), GROUPS)
def test_no_reading_stands_on_two_days_in_a_row(day: date, ids: set[str], group: int) -> None:
    days = [todays_reading(day + timedelta(days=place), ids, group) for place in range(3 * len(ids))]
    assert all(one != following for one, following in pairwise(days))


def test_groups_and_walks_have_orders_of_their_own() -> None:
    ids = [f"s{place}" for place in range(20)]
    start = date(2026, 1, 1)
    start -= timedelta(days=start.toordinal() % 20)

    def walk(group: int, number: int) -> tuple[str | None, ...]:
        first = start + timedelta(days=20 * number)
        return tuple(todays_reading(first + timedelta(days=place), ids, group) for place in range(20))

    assert len({walk(group, number) for group in range(5) for number in range(5)}) == 25


def test_the_order_is_the_same_for_ever() -> None:
    ids = ["a", "b", "c", "d", "e"]
    days = [todays_reading(date(2026, 11, 22) + timedelta(days=place), ids, 42) for place in range(5)]
    assert days == ["c", "a", "b", "d", "b"]


def test_one_reading_is_every_days_and_none_is_none() -> None:
    assert todays_reading(date(2026, 1, 1), ["a"], 1) == todays_reading(date(2026, 1, 2), ["a"], 1) == "a"
    assert todays_reading(date(2026, 1, 1), [], 1) is None


def test_two_thousand_readings_take_a_few_milliseconds() -> None:
    ids = [f"s{place}" for place in range(2000)]
    spent = []
    for group in range(20):
        start = time.thread_time()
        todays_reading(date(2026, 11, 22), ids, group)
        spent.append(time.thread_time() - start)
    assert sorted(spent)[10] < 0.01
