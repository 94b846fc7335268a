"""Many blocks at once: each is kept whole or not at all, and is on the disk before it returns."""

import asyncio
import sqlite3
from contextlib import closing

import aiosqlite
import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage import Database, TransactionFailed, write_queue
from bot.storage.address import sqlite_path
from tests.storage.opened import opened

INSERT = "INSERT INTO app_state (key, value) VALUES ($1, $2)"
CLASHES = (sqlite3.IntegrityError, asyncpg.UniqueViolationError)


class Surprise(Exception):
    """Something a block may raise."""


async def keys(database: Database) -> set[str]:
    async with database.read() as reader:
        return {row["key"] for row in await reader.fetch_all("SELECT key FROM app_state")}


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each commit that any SQLite connection makes."""
    counted: list[None] = []
    commit = aiosqlite.Connection.commit

    async def count(connection: aiosqlite.Connection) -> None:
        counted.append(None)
        await commit(connection)

    monkeypatch.setattr(aiosqlite.Connection, "commit", count)
    return counted


PLANS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "write", "raise", "clash", "nothing", "read"]),
        st.integers(min_value=0, max_value=3),  # rows
        st.one_of(st.none(), st.integers(min_value=0, max_value=40)),  # cancelled after so many turns of the loop
    ),
    min_size=1,
    max_size=30,
)


async def block(database: Database, number: int, deed: str, rows: int) -> None:
    """One block of a plan, which looks at the disk as soon as it has returned."""
    mine = {f"{number}-{row}" for row in range(rows)} if deed != "nothing" else set()
    async with database.write() as writer:
        for key in sorted(mine):
            await writer.execute(INSERT, key, "")
        if deed == "read":
            assert {row["key"] for row in await writer.fetch_all("SELECT key FROM app_state")} >= mine
        if deed == "raise":
            raise Surprise
        if deed == "clash":
            await writer.execute(INSERT, "there", "")
    assert await keys(database) >= mine


def check(deed: str, outcome: BaseException | None, kept: set[str], written: set[str]) -> None:
    """All of a block that returned, nothing of one that failed, either of one that was cancelled."""
    if isinstance(outcome, asyncio.CancelledError):
        assert kept in (set(), written if deed in {"write", "read"} else set())
    elif deed in {"raise", "clash"}:
        assert isinstance(outcome, Surprise if deed == "raise" else CLASHES)
        assert kept == set()
    else:
        assert outcome is None
        assert kept == (written if deed != "nothing" else set())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=PLANS)
async def test_any_crowd_of_blocks(database: Database, plans: list[tuple[str, int, int | None]]) -> None:
    async with database.write() as writer:
        await writer.execute("DELETE FROM app_state")
        await writer.execute(INSERT, "there", "")
    tasks = [asyncio.create_task(block(database, number, deed, rows)) for number, (deed, rows, _) in enumerate(plans)]
    for turn in range(41):
        for task, (_, _, cancelled_after) in zip(tasks, plans, strict=True):
            if cancelled_after == turn:
                task.cancel()
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    found = await keys(database)
    for number, ((deed, rows, _), outcome) in enumerate(zip(plans, outcomes, strict=True)):
        kept = {key for key in found if key.startswith(f"{number}-")}
        check(deed, outcome, kept, {f"{number}-{row}" for row in range(rows)})
    async with database.write() as writer:  # and nothing is left locked or half open
        await writer.execute(INSERT, "after", "")
    assert "after" in await keys(database)


async def test_a_crowd_shares_few_commits(sqlite_database: Database, commits: list[None]) -> None:
    async def write(number: int) -> None:
        async with sqlite_database.write() as writer:
            await writer.execute(INSERT, str(number), "")

    await asyncio.gather(*(write(number) for number in range(200)))
    assert await keys(sqlite_database) == {str(number) for number in range(200)}
    assert 200 / write_queue.SHARE <= len(commits) <= 200 / write_queue.SHARE + 4


async def test_one_after_the_other_commits_each(sqlite_database: Database, commits: list[None]) -> None:
    for number in range(3):
        async with sqlite_database.write() as writer:
            await writer.execute(INSERT, str(number), "")
    assert len(commits) == 3


async def test_a_block_that_wrote_nothing_commits_nothing(sqlite_database: Database, commits: list[None]) -> None:
    async with sqlite_database.write():
        pass
    assert commits == []


async def test_a_failing_block_leaves_the_others_alone(sqlite_database: Database, commits: list[None]) -> None:
    async def write(number: int) -> None:
        async with sqlite_database.write() as writer:
            await writer.execute(INSERT, str(number), "")
            await writer.execute(INSERT, f"{number}+", "")
            if number % 2:
                raise Surprise

    outcomes = await asyncio.gather(*(write(number) for number in range(20)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), Surprise] * 10
    assert await keys(sqlite_database) == {key for number in range(0, 20, 2) for key in (str(number), f"{number}+")}
    assert len(commits) < 10  # they did share


async def test_a_block_that_fails_before_it_wrote_takes_nothing_back(sqlite_database: Database) -> None:
    async def block(number: int) -> None:
        async with sqlite_database.write() as writer:
            if number % 2:
                raise Surprise
            await writer.execute(INSERT, str(number), "")

    outcomes = await asyncio.gather(*(block(number) for number in range(8)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), Surprise] * 4
    assert await keys(sqlite_database) == {"0", "2", "4", "6"}


async def test_a_common_commit_that_fails_fails_all(sqlite_url: str) -> None:
    """A deferred constraint, which the schema doesn't have, is the one way to make a commit itself fail."""
    with closing(sqlite3.connect(sqlite_path(sqlite_url))) as connection:
        connection.execute("CREATE TABLE notes (key TEXT REFERENCES app_state (key) DEFERRABLE INITIALLY DEFERRED)")
    async with opened(sqlite_url) as database:

        async def write(number: int) -> None:
            async with database.write() as writer:
                await writer.execute(INSERT, str(number), "")
                if number == 3:
                    await writer.execute("INSERT INTO notes (key) VALUES ('nobody')")

        outcomes = await asyncio.gather(*(write(number) for number in range(6)), return_exceptions=True)
        # The first began before anybody else waited and shares with the rest all the same.
        assert {type(outcome) for outcome in outcomes} == {sqlite3.IntegrityError}
        assert await keys(database) == set()
        with pytest.raises(sqlite3.IntegrityError):
            await write(3)  # alone
        assert await keys(database) == set()
        await write(4)
        assert await keys(database) == {"4"}


async def test_a_transaction_that_is_lost_is_told_to_all_who_share_it(sqlite_database: Database) -> None:
    """SQLite itself ends the transaction after some errors (a full disk); OR ROLLBACK does the same at will."""
    async with sqlite_database.write() as writer:
        await writer.execute(INSERT, "there", "")

    async def write(number: int) -> None:
        async with sqlite_database.write() as writer:
            await writer.execute(INSERT, str(number), "")
            if number == 2:
                over = "INSERT OR ROLLBACK INTO app_state (key, value) VALUES ('there', '')"
                late = writer.execute(INSERT, "outside", "")
                await asyncio.gather(writer.execute(over), late)

    outcomes = await asyncio.gather(*(write(number) for number in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        TransactionFailed,
        TransactionFailed,
        sqlite3.IntegrityError,
        type(None),
        type(None),
    ]
    assert await keys(sqlite_database) == {"there", "3", "4"}


async def test_scrubbing_and_closing_in_a_crowd(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:

        async def write(number: int) -> None:
            async with database.write() as writer:
                await writer.execute(INSERT, str(number), "")

        await asyncio.gather(
            *(write(number) for number in range(10)),
            database.scrub(),
            *(write(number) for number in range(10, 20)),
        )
        assert await keys(database) == {str(number) for number in range(20)}
        early = [asyncio.create_task(write(number)) for number in range(20, 25)]
        await asyncio.sleep(0)
        closing_down = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        late = asyncio.create_task(write(25))
        await asyncio.gather(*early, closing_down)
        with pytest.raises(RuntimeError, match="is closed"):
            await late
        with pytest.raises(RuntimeError, match="is closed"):
            await write(26)
    async with opened(sqlite_url) as database:
        assert await keys(database) == {str(number) for number in range(25)}


async def test_cancelled_while_the_common_commit_is_made(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who gives up waiting gets its cancellation; the commit stands, for it too."""
    commit = aiosqlite.Connection.commit
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(connection: aiosqlite.Connection) -> None:
        begun.set()
        await go_on.wait()
        await commit(connection)

    async def write(number: int) -> None:
        async with sqlite_database.write() as writer:
            await writer.execute(INSERT, str(number), "")

    monkeypatch.setattr(aiosqlite.Connection, "commit", slowly)
    tasks = [asyncio.create_task(write(number)) for number in range(4)]
    await begun.wait()
    tasks[1].cancel()
    await asyncio.gather(tasks[1], return_exceptions=True)
    assert tasks[1].cancelled()
    go_on.set()
    await asyncio.gather(tasks[0], *tasks[2:])
    assert await keys(sqlite_database) == {"0", "1", "2", "3"}
