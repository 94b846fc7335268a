"""Writing, cancelling and pruning jobs, on both engines."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import to_ms
from bot.jobs import KEEP_ENDED, cancel, enqueue
from bot.storage import Database
from tests.unit.jobs.workshop import DAY, Workshop


@pytest.fixture
def shop(database: Database) -> Workshop:
    return Workshop(database)


async def test_a_job_is_kept_as_it_was_given(shop: Workshop) -> None:
    payload = {"session_id": 2**62, "zone": "Europe/Berlin", "posts": [1, 2]}
    job_id = await shop.write(guild_id=2**62 + 1, after=timedelta(hours=1), payload=payload, dedupe_key="s/1")
    row = await shop.row(job_id)
    assert (row["kind"], row["guild_id"], row["dedupe_key"]) == ("call", 2**62 + 1, "s/1")
    assert row["due_at"] == to_ms(shop.clock.now() + timedelta(hours=1))
    assert json.loads(row["payload"]) == payload
    assert (row["attempts"], row["lease_owner"], row["done_at"], row["failed_at"]) == (0, None, None, None)


async def test_a_rolled_back_change_leaves_no_job(shop: Workshop) -> None:
    class ChangeFailedError(Exception):
        pass

    async def change() -> None:
        async with shop.database.write() as writer:
            await enqueue(writer, shop.ids, kind="call", guild_id=1, due_at=shop.clock.now(), payload={})
            raise ChangeFailedError

    with pytest.raises(ChangeFailedError):
        await change()
    assert await shop.count() == 0


async def test_the_same_key_twice_gives_one_row(shop: Workshop) -> None:
    first = await shop.write(after=DAY, payload={"a": 1}, dedupe_key="reminder/1")
    second = await shop.write(after=2 * DAY, payload={"a": 2}, dedupe_key="reminder/1")
    assert first == second
    row = await shop.row(first)
    assert (row["due_at"], json.loads(row["payload"])) == (to_ms(shop.clock.now() + DAY), {"a": 1})
    assert await shop.count() == 1


async def test_no_key_never_clashes(shop: Workshop) -> None:
    assert await shop.write() != await shop.write()
    assert await shop.count() == 2


async def test_a_key_holds_after_the_job_is_done(shop: Workshop) -> None:
    first = await shop.write(dedupe_key="milestone/30")
    runner = shop.runner()
    assert await runner.run_due() == 1
    assert await shop.write(dedupe_key="milestone/30") == first
    assert await runner.run_due() == 0
    assert shop.told.ids == [first]


async def test_the_same_key_from_many_writers_gives_one_row(shop: Workshop) -> None:
    written = await asyncio.gather(*(shop.write(dedupe_key="one") for _ in range(12)))
    assert len(set(written)) == 1
    assert await shop.count() == 1


@pytest.mark.parametrize(
    ("kind", "payload", "dedupe_key"),
    [
        ("call", {"note": "I feel low today"}, None),
        ("call", {"ids": list(range(400))}, None),
        ("two words", {}, None),
        ("call", {}, "a key with words"),
    ],
)
async def test_words_never_reach_the_table(
    shop: Workshop, kind: str, payload: Mapping[str, Any], dedupe_key: str | None
) -> None:
    with pytest.raises(ValueError, match=r"token|a few ids"):
        await shop.write(kind=kind, payload=payload, dedupe_key=dedupe_key)
    assert await shop.count() == 0


async def test_a_naive_moment_is_refused(shop: Workshop) -> None:
    naive = datetime(2026, 1, 15, 12, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        async with shop.database.write() as writer:
            await enqueue(writer, shop.ids, kind="call", guild_id=1, due_at=naive, payload={})


async def test_a_waiting_job_can_be_cancelled_and_its_key_used_again(shop: Workshop) -> None:
    first = await shop.write(after=DAY, dedupe_key="session/1")
    await shop.write(after=DAY, dedupe_key="session/2")
    async with shop.database.write() as writer:
        assert await cancel(writer, "session/1") is True
        assert await cancel(writer, "session/1") is False
    again = await shop.write(after=2 * DAY, dedupe_key="session/1")
    assert again != first
    assert await shop.count() == 2


async def test_an_ended_job_is_not_cancelled(shop: Workshop) -> None:
    await shop.write(dedupe_key="session/1")
    await shop.runner().run_due()
    async with shop.database.write() as writer:
        assert await cancel(writer, "session/1") is False
    assert await shop.count() == 1


async def test_ended_jobs_go_after_seven_days_and_waiting_ones_never(shop: Workshop) -> None:
    runner = shop.runner()
    await shop.write()
    await shop.write(after=60 * DAY)
    await runner.run_due()
    shop.clock.advance(KEEP_ENDED)
    fresh = await shop.write()
    await runner.run_due()
    assert await runner.prune(shop.clock.now() - KEEP_ENDED) == 0
    shop.clock.advance(timedelta(milliseconds=1))
    assert await runner.prune(shop.clock.now() - KEEP_ENDED) == 1
    assert await shop.count() == 2
    assert (await shop.row(fresh))["done_at"] is not None
