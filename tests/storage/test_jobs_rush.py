"""More jobs due at once than a process has places: servers take turns, and the table is not ranked for each job."""

import asyncio
from typing import Any

import pytest

from bot.jobs import Job, JobKind, store
from bot.jobs.choice import PER_GUILD
from bot.jobs.claims import FRESH, PAGE
from bot.jobs.runner import PLACES
from bot.storage import Database
from tests.unit.jobs.clocks import PatientClock
from tests.unit.jobs.workshop import Workshop


@pytest.fixture
def shop(database: Database) -> Workshop:
    return Workshop(database)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the runner asked the whole table for."""
    asked: list[str] = []
    for name in ("waiting", "soonest"):
        real = getattr(store, name)

        async def counted(*args: Any, _name: str = name, _real: Any = real, **others: Any) -> Any:
            asked.append(_name)
            return await _real(*args, **others)

        monkeypatch.setattr(store, name, counted)
    return asked


@pytest.mark.parametrize("none", [False, True], ids=["servers", "jobs of no server among them"])
async def test_every_server_has_its_first_before_one_has_its_second(shop: Workshop, none: bool) -> None:
    """Also where a server's jobs were written together, and each place that falls free is filled by itself."""
    servers: list[int | None] = [3, None, 1, 2, 5, 4] if none else [3, 1, 2, 5, 4]
    for guild_id in servers:
        for _ in range(3):
            await shop.write(guild_id=guild_id)
    claims, served = shop.runner()._claims, []
    for _ in range(3 * len(servers)):
        [job] = await claims.take([], 1)
        served.append(job.guild_id)
        shop.clock.advance(FRESH)
    rounds = [served[place : place + len(servers)] for place in range(0, len(served), len(servers))]
    assert [set(one) for one in rounds] == [set(servers)] * 3


async def test_what_somebody_waits_for_goes_before_a_rush(shop: Workshop) -> None:
    """Also in a server whose own jobs fill more than its places, and though it came last."""
    for guild_id in range(1, 5):
        for _ in range(2 * PER_GUILD):
            await shop.write(guild_id=guild_id)
    runner = shop.runner()
    runner.register(JobKind("help", shop._run, urgent=True))
    await shop.write(kind="help", guild_id=3)
    [first] = await runner._claims.take([], 1)
    assert (first.kind, first.guild_id) == ("help", 3)


async def test_a_page_serves_several_claims(shop: Workshop, reads: list[str]) -> None:
    for guild_id in range(1, 2 * PAGE + 1):
        await shop.write(guild_id=guild_id)
    assert await shop.runner().run_due() == 2 * PAGE
    assert reads.count("waiting") <= 10


async def test_a_page_grows_stale(shop: Workshop, reads: list[str]) -> None:
    for guild_id in range(1, 41):
        await shop.write(guild_id=guild_id)
    claims = shop.runner()._claims
    taken = [await claims.take([], 4) for _ in range(2)]
    assert reads == ["waiting"]
    shop.clock.advance(FRESH)
    taken.append(await claims.take([], 4))
    assert reads == ["waiting", "waiting"]
    assert len({job.id for some in taken for job in some}) == 12


async def test_a_job_cancelled_after_the_page_was_read_is_not_taken(shop: Workshop) -> None:
    for guild_id in range(1, 41):
        await shop.write(guild_id=guild_id, dedupe_key=f"job/{guild_id}")
    claims = shop.runner()._claims
    await claims.take([], 4)
    async with shop.database.write() as writer:
        await writer.execute("DELETE FROM jobs WHERE guild_id BETWEEN 5 AND 8")
    assert {job.guild_id for job in await claims.take([], 4)} == {9, 10, 11, 12}


async def test_a_full_house_looks_ahead_once_a_second(database: Database, reads: list[str]) -> None:
    clock = PatientClock()
    shop = Workshop(database, clock)
    opened, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def work(_: Job) -> None:
        begun.release()
        await opened.wait()

    shop.script.extend([work] * PLACES)
    for guild_id in range(1, PLACES + 5):
        await shop.write(guild_id=guild_id)
    runner = shop.runner()
    runner.start()
    try:
        for _ in range(PLACES):
            await asyncio.wait_for(begun.acquire(), 10)
        assert await clock.next_sleep() == 1
        assert "soonest" not in reads
        clock.advance(1)
        assert await clock.next_sleep() == 1
        assert reads.count("soonest") == 1
    finally:
        opened.set()
        await runner.stop(10)
