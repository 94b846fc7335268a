"""The token bucket: its rate, its fairness, and what a cancelled caller costs."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import BURST, RATE, TokenBucket
from tests.clock import FakeClock
from tests.unit.jobs.clocks import PatientClock, YieldingClock

Passed = list[tuple[int | None, datetime]]


async def _caller(bucket: TokenBucket, clock: FakeClock, guild_id: int | None, passed: Passed) -> None:
    await bucket.take(guild_id)
    passed.append((guild_id, clock.now()))


async def _crowd(guilds: Sequence[int | None], rate: float = RATE, burst: int = BURST) -> Passed:
    clock = YieldingClock()
    bucket = TokenBucket(rate, burst, clock)
    passed: Passed = []
    await asyncio.gather(*(_caller(bucket, clock, guild_id, passed) for guild_id in guilds))
    return passed


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_rate_and_burst_keep_within_discords_limit() -> None:
    assert RATE + BURST <= 50


async def test_no_second_sees_more_than_rate_and_burst() -> None:
    passed = await _crowd([None] * 300)
    moments = [moment for _, moment in passed]
    for first in moments:
        within = sum(first <= moment < first + timedelta(seconds=1) for moment in moments)
        assert within <= 50
    assert moments[-1] - moments[0] == pytest.approx(timedelta(seconds=295 / 45), abs=timedelta(seconds=0.5))


async def test_the_burst_passes_at_once() -> None:
    clock = PatientClock()
    bucket = TokenBucket(45, 5, clock)
    for _ in range(5):
        await bucket.take(1)
    assert clock.sleepers == {}


async def test_a_loud_server_does_not_hold_a_quiet_one_up() -> None:
    order = [guild_id for guild_id, _ in await _crowd([1] * 50 + [2, 3, 2], burst=1)]
    assert order[:6] == [1, 1, 2, 3, 1, 2]
    assert Counter(order) == {1: 50, 2: 2, 3: 1}


async def test_callers_of_one_server_keep_their_order() -> None:
    clock = YieldingClock()
    bucket = TokenBucket(45, 1, clock)
    order: list[int] = []

    async def call(number: int) -> None:
        await bucket.take(7)
        order.append(number)

    await asyncio.gather(*(call(number) for number in range(30)))
    assert order == list(range(30))


async def test_a_newcomer_does_not_overtake_who_waits() -> None:
    clock = PatientClock()
    bucket = TokenBucket(1, 1, clock)
    await bucket.take(1)
    passed: Passed = []
    waiting = asyncio.create_task(_caller(bucket, clock, 1, passed))
    await _settle()
    newcomer = asyncio.create_task(_caller(bucket, clock, 2, passed))
    clock.advance(1)  # the token is there when the newcomer asks, and nobody has woken to take it
    await _settle()
    assert [guild_id for guild_id, _ in passed] == [1]
    clock.advance(1)
    await asyncio.gather(waiting, newcomer)
    assert [guild_id for guild_id, _ in passed] == [1, 2]


@given(st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=40))
def test_everybody_passes_and_no_server_is_two_turns_ahead(guilds: list[int | None]) -> None:
    order = [guild_id for guild_id, _ in asyncio.run(_crowd(guilds, rate=10, burst=1))]
    assert Counter(order) == Counter(guilds)
    left = Counter(guilds)
    seen: Counter[int | None] = Counter()
    for guild_id in order[1:]:  # the first passed before anybody had to wait
        seen[guild_id] += 1
        left[guild_id] -= 1
        waiting = [other for other in set(guilds) if left[other] > (other == order[0])]
        assert all(seen[guild_id] - seen[other] <= 1 for other in waiting)


async def test_a_cancelled_caller_uses_no_token_up() -> None:
    clock = PatientClock()
    bucket = TokenBucket(1, 1, clock)
    await bucket.take(1)
    passed: Passed = []
    first, second = (asyncio.create_task(_caller(bucket, clock, 1, passed)) for _ in range(2))
    await _settle()
    first.cancel()
    await _settle()
    clock.advance(1)
    await _settle()
    assert first.cancelled()
    assert second.done()
    assert passed == [(1, clock.now())]


async def test_a_token_that_comes_with_the_cancellation_goes_to_the_next() -> None:
    clock = PatientClock()
    bucket = TokenBucket(1, 1, clock)
    await bucket.take(1)
    passed: Passed = []
    first = asyncio.create_task(_caller(bucket, clock, 1, passed))
    await _settle()
    [turn] = bucket._queues[1]
    clock.advance(1)
    for _ in range(20):
        if turn.done():  # its caller has not run yet
            break
        await asyncio.sleep(0)
    first.cancel()
    await _settle()
    assert first.cancelled()
    assert passed == []
    await asyncio.wait_for(_caller(bucket, clock, 2, passed), 1)
    assert passed == [(2, clock.now())]


async def test_when_everybody_left_nothing_goes_on_waiting() -> None:
    clock = PatientClock()
    bucket = TokenBucket(1, 1, clock)
    await bucket.take(1)
    callers = [asyncio.create_task(bucket.take(guild_id)) for guild_id in (1, 2, 3)]
    await _settle()
    for caller in callers:
        caller.cancel()
    await _settle()
    clock.advance(1)
    await _settle()
    assert clock.sleepers == {}
    assert bucket._pump is None
    await asyncio.wait_for(bucket.take(4), 1)


async def test_a_long_rest_saves_no_more_than_the_burst() -> None:
    clock = PatientClock()
    bucket = TokenBucket(45, 5, clock)
    clock.advance(timedelta(days=1))
    callers = [asyncio.create_task(bucket.take(1)) for _ in range(20)]
    await _settle()
    assert sum(caller.done() for caller in callers) == 5
    clock.advance(1)
    await _settle()
    assert sum(caller.done() for caller in callers) == 10
    for caller in callers:
        caller.cancel()


async def test_a_clock_set_back_neither_stops_nor_floods() -> None:
    clock = PatientClock()
    bucket = TokenBucket(10, 1, clock)
    await bucket.take(1)
    clock.set(clock.now() - timedelta(hours=1))
    caller = asyncio.create_task(bucket.take(1))
    await _settle()
    assert not caller.done()
    clock.advance(0.1)
    await _settle()
    assert caller.done()


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (45, 0)])
def test_a_bucket_that_lets_nobody_through_is_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="bucket"):
        TokenBucket(rate, burst, FakeClock())
