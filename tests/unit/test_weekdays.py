"""Days of the week as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.text import t
from bot.times import parse_weekdays, show_weekdays, weekday_choices
from bot.times.weekdays import EVERY_DAY, LONGEST_WORDS, WEEKEND, WORKING_DAYS

PIECES = ("mon", "tue", "w", "th", "fri", "s", "every", "day", "-", ",", "and", "to")
days = st.frozensets(st.integers(0, 6), min_size=1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("every day", EVERY_DAY), ("Everyday", EVERY_DAY), ("daily", EVERY_DAY), ("all week", EVERY_DAY),
        ("each day", EVERY_DAY), ("sun-sat", EVERY_DAY), ("weekdays", WORKING_DAYS), ("week-days", WORKING_DAYS),
        ("on working days", WORKING_DAYS), ("Mon–Fri", WORKING_DAYS), ("monday to friday", WORKING_DAYS),
        ("from Mon until Fri", WORKING_DAYS), ("the weekend", WEEKEND), ("Sat & Sun", WEEKEND),
        ("Mon, Wed and Fri", {0, 2, 4}), ("mon wed fri", {0, 2, 4}), ("m/w/f", {0, 2, 4}), ("Mondays", {0}),
        ("every Monday", {0}), ("tues thurs", {1, 3}), ("weds", {2}), ("tu+th", {1, 3}), ("fri-mon", {4, 5, 6, 0}),
        ("mon-mon", {0}), ("mon-wed, sat", {0, 1, 2, 5}), ("  Mon.  Tue. ", {0, 1}),
        ("weekdays and sunday", EVERY_DAY - {5}),
    ],
)  # fmt: skip
def test_what_people_type(words: str, expected: set[int]) -> None:
    assert parse_weekdays(words) == expected


@pytest.mark.parametrize(
    "words",
    ["", "  ", "-", ",", "every", "t", "s", "mon t", "mo-fr-sa", "mon-", "-mon", "every other day", "not monday",
     "every day except sunday", "tomorrow", "7", "day", "mondayish", "🙂", "٣", "mon " * LONGEST_WORDS],
)  # fmt: skip
def test_what_could_be_something_else_is_asked_for_again(words: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_weekdays(words)
    assert t(refused.value.key, **refused.value.data)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (EVERY_DAY, "every day"), (WORKING_DAYS, "Monday to Friday"), (WEEKEND, "Saturday and Sunday"),
        ({0, 2, 4}, "Monday, Wednesday and Friday"), ({3}, "Thursday"), ({4, 5, 6}, "Friday to Sunday"),
        ({0, 5, 6}, "Monday, Saturday and Sunday"), (set(), ""),
    ],
)  # fmt: skip
def test_how_they_are_shown(chosen: set[int], shown: str) -> None:
    assert show_weekdays(frozenset(chosen)) == shown


@given(days)
def test_what_is_shown_is_read_back(chosen: frozenset[int]) -> None:
    assert parse_weekdays(show_weekdays(chosen)) == chosen


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_whatever_is_typed_suggestions_come_and_each_of_them_reads(typed: str) -> None:
    found = weekday_choices(typed)
    assert len(found) <= 25
    assert len({one.value for one in found}) == len(found)
    for one in found:
        assert one.name.casefold() == show_weekdays(parse_weekdays(one.value)).casefold()


@pytest.mark.parametrize(
    ("typed", "first"),
    [("", "Every day"), ("mon wed", "Monday and Wednesday"), ("wee", "Monday to Friday"),
     ("mon w", "Monday and Wednesday"),
     ("t", "Tuesday"), ("mon wed t", "Monday to Wednesday"), ("d", "Every day")],
)  # fmt: skip
def test_the_likeliest_is_suggested_first(typed: str, first: str) -> None:
    assert weekday_choices(typed)[0].name == first


def test_a_day_that_could_be_two_offers_both() -> None:
    assert [one.name for one in weekday_choices("t")] == ["Tuesday", "Thursday"]
    assert weekday_choices("zz") == ()
