"""The background loop: when it wakes, what wakes it, what it survives."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.jobs import Job, Runner, store
from bot.storage import Database
from tests.unit.jobs.clocks import PatientClock
from tests.unit.jobs.workshop import Gate, Workshop


class Shop(Workshop):
    """A workshop whose handlers say when they ran."""

    clock: PatientClock

    def __init__(self, database: Database) -> None:
        super().__init__(database, PatientClock())
        self.done: asyncio.Queue[int] = asyncio.Queue()
        self.script.extend([self._say] * 50)

    def _say(self, job: Job) -> None:
        self.done.put_nowait(job.id)

    async def next_done(self) -> int:
        return await asyncio.wait_for(self.done.get(), 10)


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


@pytest.fixture
async def runner(shop: Shop) -> AsyncIterator[Runner]:
    made = shop.runner()
    yield made
    await made.stop(10)


async def test_it_sleeps_at_most_fifteen_seconds(shop: Shop, runner: Runner) -> None:
    await shop.write(after=timedelta(hours=1))
    runner.start()
    assert await shop.clock.next_sleep() == 15
    written = await shop.write()
    shop.clock.advance(14.999)
    assert shop.done.empty()
    shop.clock.advance(0.001)
    assert await shop.next_done() == written


async def test_it_wakes_for_the_next_due(shop: Shop, runner: Runner) -> None:
    written = await shop.write(after=timedelta(seconds=7))
    runner.start()
    assert await shop.clock.next_sleep() == 7
    assert shop.told.ran == []
    shop.clock.advance(7)
    assert await shop.next_done() == written


async def test_a_kick_wakes_it_now(shop: Shop, runner: Runner) -> None:
    runner.start()
    await shop.clock.next_sleep()
    before = shop.clock.now()
    written = await shop.write()
    for _ in range(10):  # also while the first kick is taking effect
        runner.kick()
        await asyncio.sleep(0)
    assert await shop.next_done() == written
    assert await shop.clock.next_sleep() == 15
    assert shop.clock.now() == before


async def test_a_free_place_is_filled_at_once(shop: Shop, runner: Runner) -> None:
    written = {await shop.write(guild_id=number) for number in range(1, 41)}
    before = shop.clock.now()
    runner.start()
    assert {await shop.next_done() for _ in range(40)} == written
    assert shop.clock.now() == before


async def test_a_kick_while_it_looks_is_not_lost(shop: Shop, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job committed after the look and before the sleep must not wait for fifteen seconds."""
    soonest = store.soonest
    written: list[int] = []

    async def look_then_write(*args: Any) -> Any:
        rows = await soonest(*args)
        if not written:
            written.append(await shop.write())
            runner.kick()
        return rows

    monkeypatch.setattr(store, "soonest", look_then_write)
    runner.start()
    assert await shop.next_done() == written[0]


async def test_a_kick_without_a_loop_is_harmless(shop: Shop, runner: Runner) -> None:
    runner.kick()
    written = await shop.write()
    runner.start()
    assert await shop.next_done() == written


async def test_a_slow_job_holds_no_other_up(shop: Shop, runner: Runner) -> None:
    gate = Gate()
    shop.script.appendleft(gate)
    await shop.write(guild_id=1)
    runner.start()
    await asyncio.wait_for(gate.begun.wait(), 10)
    written = await shop.write(guild_id=1)
    runner.kick()
    assert await shop.next_done() == written
    gate.opened.set()


async def test_it_survives_a_database_that_is_away(shop: Shop, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any, **__: Any) -> Any:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(store, "waiting", away)
        runner.start()
        assert await shop.clock.next_sleep() == 15
    assert [(type(error), where) for error, where in shop.told.errors] == [(ConnectionError, "the loop of the jobs")]
    written = await shop.write()
    shop.clock.advance(15)
    assert await shop.next_done() == written


async def test_while_idle_it_is_one_task_in_a_plain_sleep(shop: Shop, runner: Runner) -> None:
    """An environment that moves time recognises a sleeping task, and nothing else (see `bot.jobs.runner`)."""
    before = asyncio.all_tasks()
    runner.start()
    await shop.clock.next_sleep()
    [loop] = asyncio.all_tasks() - before
    [asleep] = shop.clock.sleepers
    assert loop is runner._loop
    assert getattr(loop, "_fut_waiter") is asleep  # noqa: B009 -- no public way to ask what a task waits for


async def test_a_runner_is_started_once(runner: Runner) -> None:
    runner.start()
    with pytest.raises(RuntimeError, match="once"):
        runner.start()


async def test_a_stop_ends_the_loop_and_leaves_no_task(shop: Shop) -> None:
    before = asyncio.all_tasks()
    runner = shop.runner()
    await shop.write()
    runner.start()
    await shop.next_done()
    await runner.stop(10)
    assert asyncio.all_tasks() == before
    assert shop.clock.sleepers == {}
    assert await shop.count("lease_owner IS NOT NULL") == 0
    assert await shop.count("done_at IS NOT NULL") == 1


async def test_a_stop_does_not_wait_for_a_loop_that_hangs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = asyncio.Event()

    async def hang(*_: Any, **__: Any) -> Any:
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(store, "waiting", hang)
    runner = shop.runner()
    runner.start()
    await asyncio.wait_for(reached.wait(), 10)
    await asyncio.wait_for(runner.stop(0), 10)


async def test_a_loop_that_died_is_told_of_at_the_stop(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = asyncio.Event()

    async def broken(_: float) -> None:
        reached.set()
        raise OSError

    monkeypatch.setattr(shop.clock, "sleep", broken)
    runner = shop.runner()
    runner.start()
    await asyncio.wait_for(reached.wait(), 10)
    await runner.stop(10)
    assert [(type(error), where) for error, where in shop.told.errors] == [(OSError, "the end of the jobs' loop")]


async def test_the_lag_grows_while_the_loop_is_held_up(
    shop: Shop, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any, **__: Any) -> Any:
        return []

    await shop.write()
    with monkeypatch.context() as patch:
        patch.setattr(store, "waiting", nothing)
        runner.start()
        assert await shop.clock.next_sleep() == 1
        shop.clock.advance(1)
        await shop.clock.next_sleep()
        assert runner.lag() == 1
    shop.clock.advance(1)
    await shop.next_done()
    await shop.clock.next_sleep()
    assert runner.lag() == 0
