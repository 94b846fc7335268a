"""A form counts once, on both engines, however often it arrives."""

import asyncio
from datetime import timedelta

import pytest

from bot.discordkit import first_time
from bot.discordkit.submissions import forget_old
from bot.storage import Database
from tests.clock import FakeClock

MARK = "abcdefgh2345"


async def count(database: Database) -> int:
    async with database.read() as reader:
        return int(await reader.fetch_value("SELECT COUNT(*) FROM submissions"))


async def test_the_first_delivery_counts_and_no_other(database: Database) -> None:
    now = FakeClock().now()
    taken = []
    for mark in (MARK, MARK, "another"):
        async with database.write() as writer:
            taken.append(await first_time(writer, mark, now))
    assert taken == [True, False, True]


async def test_of_two_at_once_one_counts(database: Database) -> None:
    async def deliver() -> bool:
        async with database.write() as writer:
            return await first_time(writer, MARK, FakeClock().now())

    assert sorted(await asyncio.gather(*(deliver() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_form_whose_answer_was_not_stored_can_be_sent_again(database: Database) -> None:
    async def breaks() -> None:
        async with database.write() as writer:
            assert await first_time(writer, MARK, FakeClock().now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await breaks()
    async with database.write() as writer:
        assert await first_time(writer, MARK, FakeClock().now())


async def test_old_marks_go_and_young_ones_stay(database: Database) -> None:
    clock = FakeClock()
    async with database.write() as writer:
        await first_time(writer, "old", clock.now())
        clock.advance(timedelta(hours=1))
        await first_time(writer, "young", clock.now())
        assert await forget_old(writer, clock.now()) == 1
        assert await forget_old(writer, clock.now()) == 0
        assert not await first_time(writer, "young", clock.now())
    assert await count(database) == 1
