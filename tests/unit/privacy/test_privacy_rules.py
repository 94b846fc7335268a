"""The word, the two files, and the dates."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.privacy.rules import (
    KEPT_AFTER_LEAVING,
    as_csv,
    as_json,
    goes_at,
    in_slice,
    is_confirmed,
    next_round,
    slices_for,
)


@pytest.mark.parametrize("typed", ["erase", "ERASE", "  Erase ", '"erase"', "“erase”", "erase."])
def test_the_word_confirms(typed: str) -> None:
    assert is_confirmed(typed)


@pytest.mark.parametrize("typed", ["", "yes", "erased", "erase it", "delete", "e r a s e"])
def test_nothing_else_confirms(typed: str) -> None:
    assert not is_confirmed(typed)


def test_the_json_reads_back_and_keeps_large_ids_whole() -> None:
    copy = {"a": {"id": 1319999999999999999, "small": 7, "yes": True, "words": "naïve \N{BLUE HEART}", "none": None}}
    assert json.loads(as_json(copy)) == {
        "a": {"id": "1319999999999999999", "small": 7, "yes": True, "words": "naïve \N{BLUE HEART}", "none": None}
    }
    assert "naïve".encode() in as_json(copy)


def read(table: bytes) -> list[list[str]]:
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))


def test_the_table_has_a_line_for_every_value() -> None:
    parts = {"settings": {"zone": "Europe/London", "avoid": ["5", "6"], "on": True, "off": False, "none": None}}
    assert read(as_csv(parts)) == [
        ["part", "item", "value"],
        ["settings", "zone", "Europe/London"],
        ["settings", "avoid.1", "5"],
        ["settings", "avoid.2", "6"],
        ["settings", "on", "yes"],
        ["settings", "off", "no"],
        ["settings", "none", ""],
    ]


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_value_is_a_formula(words: str) -> None:
    assert read(as_csv({"note": {"text": words}}))[1][2] == f"'{words}"


def test_a_number_below_zero_stays_a_number() -> None:
    assert read(as_csv({"note": {"delta": -3}}))[1][2] == "-3"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", min_size=1), st.dictionaries(st.text("abc", min_size=1), VALUES)))
def test_both_files_hold_every_value(parts: dict[str, dict[str, object]]) -> None:
    def leaves(value: object) -> int:
        if isinstance(value, dict):
            return sum(leaves(inner) for inner in value.values())
        if isinstance(value, list):
            return sum(leaves(inner) for inner in value)
        return 1

    assert len(read(as_csv(parts))) == 1 + leaves(parts)
    assert leaves(json.loads(as_json(parts))) == leaves(parts)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_nothing_goes_before_thirty_days_or_an_hour_after(left: datetime) -> None:
    assert timedelta(days=30) == KEPT_AFTER_LEAVING
    assert timedelta(0) <= goes_at(left) - (left + KEPT_AFTER_LEAVING) < timedelta(hours=1)
    assert goes_at(left).minute == goes_at(left).second == goes_at(left).microsecond == 0


@given(MOMENTS)
def test_the_round_is_daily(now: datetime) -> None:
    due = next_round(now)
    assert timedelta(0) < due - now <= timedelta(days=1)
    assert next_round(due) - due == timedelta(days=1)


@given(st.integers(0, 2000), st.lists(st.integers(0, 2**63 - 1), unique=True))
def test_everybody_is_in_exactly_one_slice(count: int, people: list[int]) -> None:
    slices = slices_for(count)
    assert slices >= 1
    for person in people:
        assert sum(in_slice(person, number, slices) for number in range(slices)) == 1
