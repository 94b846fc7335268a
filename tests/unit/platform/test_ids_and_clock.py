import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import from_ms, to_ms
from bot.ids import Ids
from tests.clock import FakeClock


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_a_moment_survives_storage_to_the_millisecond(moment: datetime) -> None:
    back = from_ms(to_ms(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert back.utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_ms(datetime(2026, 1, 1))  # noqa: DTZ001


def test_ids_are_ordered_by_time_and_fit_a_bigint() -> None:
    clock = FakeClock()
    ids = Ids(clock, random.Random(1))
    made = []
    for _ in range(50):
        made.append(ids.new())
        clock.advance(0.001)
    assert made == sorted(made)
    assert len(set(made)) == 50
    assert all(0 < one < 2**63 for one in made)


def test_keys_are_opaque_and_references_are_easy_to_read_out() -> None:
    ids = Ids(FakeClock(), random.Random(2))
    keys = {ids.key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(key) == 12 and key.islower() | key.isalnum() for key in keys)
    reference = ids.reference()
    assert len(reference) == 9
    assert not set(reference) & set("01OILU")
