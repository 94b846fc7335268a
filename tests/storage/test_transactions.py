"""A write block is kept whole or not at all, whatever happens in it and however many there are."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import aiosqlite
import asyncpg
import pytest

from bot.storage import Condition, ConditionFailed, Database, TransactionFailed, Writer
from tests.storage.opened import opened

INSERT = "INSERT INTO app_state (key, value) VALUES ($1, $2)"
CLASHES = (sqlite3.IntegrityError, asyncpg.UniqueViolationError)


class Surprise(Exception):
    """Something a block may raise."""


async def keys(database: Database) -> list[str]:
    async with database.read() as reader:
        return [row["key"] for row in await reader.fetch_all("SELECT key FROM app_state ORDER BY key")]


async def test_the_end_of_the_block_commits(url: str, database: Database) -> None:
    async with database.write() as writer:
        await writer.execute(INSERT, "a", "1")
        await writer.execute(INSERT, "b", "2")
    async with opened(url) as other:
        assert await keys(other) == ["a", "b"]


async def test_an_exception_rolls_back(database: Database) -> None:
    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            raise Surprise

    with pytest.raises(Surprise):
        await body()
    assert await keys(database) == []
    async with database.write() as writer:
        await writer.execute(INSERT, "b", "2")
    assert await keys(database) == ["b"]


async def test_a_failed_statement_rolls_back(database: Database) -> None:
    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            await writer.execute(INSERT, "a", "2")

    with pytest.raises(CLASHES):
        await body()
    assert await keys(database) == []


async def fail_by_fetch(writer: Writer) -> None:
    await writer.fetch_one(f"{INSERT} RETURNING key", "a", "2")


async def fail_by_value(writer: Writer) -> None:
    await writer.fetch_value(f"{INSERT} RETURNING key", "a", "2")


async def fail_by_all(writer: Writer) -> None:
    await writer.fetch_all(f"{INSERT} RETURNING key", "a", "2")


async def fail_by_execute(writer: Writer) -> None:
    await writer.execute(INSERT, "a", "2")


async def fail_by_many(writer: Writer) -> None:
    await writer.execute_many(INSERT, [("b", "2"), ("a", "2")])


@pytest.mark.parametrize("fail", [fail_by_fetch, fail_by_value, fail_by_all, fail_by_execute, fail_by_many])
async def test_a_failed_statement_cannot_be_passed_over(
    database: Database, fail: Callable[[Writer], Awaitable[None]]
) -> None:
    """PostgreSQL would answer the commit with a silent rollback, SQLite would keep half of the block."""

    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            with pytest.raises(CLASHES):
                await fail(writer)

    with pytest.raises(TransactionFailed, match="nothing of it was kept"):
        await body()
    assert await keys(database) == []


async def test_nor_can_one_that_never_reached_the_engine(database: Database) -> None:
    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            with pytest.raises((ValueError, asyncpg.InterfaceError)):
                await writer.execute(INSERT, "b")

    with pytest.raises(TransactionFailed, match="nothing of it was kept"):
        await body()
    assert await keys(database) == []


async def test_nothing_follows_a_failed_statement(database: Database) -> None:
    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            with pytest.raises(CLASHES):
                await writer.execute(INSERT, "a", "2")
            await writer.execute(INSERT, "c", "3")

    with pytest.raises(TransactionFailed, match="failed before"):
        await body()
    assert await keys(database) == []


async def test_a_block_sees_itself_and_readers_do_not(database: Database) -> None:
    async with database.write() as writer:
        await writer.execute(INSERT, "a", "1")
        assert await writer.fetch_value("SELECT COUNT(*) FROM app_state") == 1
        assert await keys(database) == []  # and reading doesn't wait for the writer
    assert await keys(database) == ["a"]


async def test_blocks_do_not_nest(database: Database) -> None:
    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            async with database.write():
                pass

    with pytest.raises(RuntimeError, match="inside another"):
        await body()
    assert await keys(database) == []
    async with database.write() as writer:  # and the refusal left nothing locked
        await writer.execute(INSERT, "b", "2")


async def test_a_writer_ends_with_its_block(database: Database) -> None:
    async with database.write() as writer:
        pass
    for late in (writer.execute(INSERT, "a", "1"), writer.fetch_all("SELECT 1"), writer.execute_many(INSERT, [])):
        with pytest.raises(RuntimeError, match="has ended"):
            await late
    assert await keys(database) == []


async def test_two_writers_lose_nothing(url: str, database: Database) -> None:
    """Through one handle and through a second one, as two processes would have."""
    async with database.write() as writer:
        await writer.execute(INSERT, "count", "0")

    async def add_one(through: Database) -> None:
        async with through.write() as writer:
            sql = f"SELECT value FROM app_state WHERE key = $1 {through.row_lock}"
            value = await writer.fetch_value(sql, "count")
            await asyncio.sleep(0)
            await writer.execute("UPDATE app_state SET value = $2 WHERE key = $1", "count", str(int(value) + 1))

    async with opened(url) as other:
        await asyncio.gather(*(add_one(through) for through in (database, other) * 20))
    async with database.read() as reader:
        assert await reader.fetch_value("SELECT value FROM app_state") == "40"


async def test_many_readers_beside_a_writer(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, f"left{number}", "")
            await writer.execute(INSERT, f"right{number}", "")

    async def look() -> int:
        async with database.read() as reader:
            return int(await reader.fetch_value("SELECT COUNT(*) FROM app_state"))

    seen = await asyncio.gather(*(work for number in range(20) for work in (write(number), look(), look())))
    assert all(count % 2 == 0 for count in seen if count is not None)  # never half of a block
    assert await look() == 40


async def test_cancelling_rolls_back(database: Database) -> None:
    inside = asyncio.Event()

    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(body())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await keys(database) == []


@pytest.mark.parametrize("turns", range(24))
async def test_cancelling_at_any_moment_keeps_all_or_nothing(database: Database, turns: int) -> None:
    async def body() -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            await writer.execute(INSERT, "b", "2")

    task = asyncio.create_task(body())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.write() as writer:
        await writer.execute(INSERT, "z", "")
    assert await keys(database) in (["z"], ["a", "b", "z"])


async def test_cancelling_in_the_middle_of_a_commit(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is being committed stays; the transaction doesn't hang over into the next block."""
    committed = asyncio.Event()
    commit = aiosqlite.Connection.commit

    async def commit_and_hang(connection: aiosqlite.Connection) -> None:
        await commit(connection)
        committed.set()
        await asyncio.Event().wait()

    async def body() -> None:
        async with sqlite_database.write() as writer:
            await writer.execute(INSERT, "a", "1")

    with monkeypatch.context() as patched:
        patched.setattr(aiosqlite.Connection, "commit", commit_and_hang)
        task = asyncio.create_task(body())
        await committed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await keys(sqlite_database) == ["a"]
    async with sqlite_database.write() as writer:
        await writer.execute(INSERT, "b", "2")
    assert await keys(sqlite_database) == ["a", "b"]


async def test_cancelling_those_who_wait_for_their_turn(database: Database) -> None:
    async def body(number: int) -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, f"{number:02}", "")

    tasks = [asyncio.create_task(body(number)) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[1::2]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    kept = await keys(database)
    assert {f"{number:02}" for number in range(0, 20, 2)} <= set(kept)
    for number, outcome in enumerate(outcomes):
        assert outcome is None or isinstance(outcome, asyncio.CancelledError)
        if outcome is None:
            assert f"{number:02}" in kept


async def test_an_empty_block_is_allowed(database: Database) -> None:
    async with database.write():
        pass

    async def body() -> None:
        async with database.write():
            raise Surprise

    with pytest.raises(Surprise):
        await body()


async def test_closing_waits_for_the_running_block(url: str) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def body(database: Database) -> None:
        async with database.write() as writer:
            await writer.execute(INSERT, "a", "1")
            inside.set()
            await go_on.wait()

    async with opened(url) as database:
        task = asyncio.create_task(body(database))
        await inside.wait()
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        assert not closing.done()
        go_on.set()
        await asyncio.gather(task, closing)
    async with opened(url) as again:
        assert await keys(again) == ["a"]


SET = Condition("SELECT 1 FROM app_state WHERE key = $1", ("set",))


async def test_a_block_under_a_condition_is_kept_where_it_holds(database: Database) -> None:
    async with database.write() as writer:
        await writer.execute(INSERT, "set", "1")
    async with database.write(only_if=SET) as writer:
        await writer.execute(INSERT, "a", "1")
    assert await keys(database) == ["a", "set"]


@pytest.mark.parametrize("fail", [fail_by_fetch, fail_by_value, fail_by_all, fail_by_execute, fail_by_many])
async def test_and_does_nothing_where_it_does_not(
    database: Database, fail: Callable[[Writer], Awaitable[None]]
) -> None:
    async def body() -> None:
        async with database.write(only_if=SET) as writer:
            await fail(writer)

    with pytest.raises(ConditionFailed):
        await body()
    assert await keys(database) == []
    async with database.write() as writer:  # the condition was that block's alone
        await writer.execute(INSERT, "b", "2")
    assert await keys(database) == ["b"]


async def test_conditions_are_each_blocks_own_when_many_wait(database: Database) -> None:
    async def body(number: int) -> None:
        only_if = SET if number % 2 else None
        async with database.write(only_if=only_if) as writer:
            await writer.execute(INSERT, f"{number}", "1")

    outcomes = await asyncio.gather(*map(body, range(8)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), ConditionFailed] * 4
    assert await keys(database) == ["0", "2", "4", "6"]
