"""What a statement means must not depend on the engine."""

import sqlite3
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage import Database

BIGINTS = st.integers(min_value=-(2**63), max_value=2**63 - 1)
# A NUL can't be stored by PostgreSQL, and half a surrogate pair is no text.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
ON_ONE_DATABASE = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def put(database: Database, **values: str) -> None:
    async with database.write() as writer:
        await writer.execute_many("INSERT INTO app_state (key, value) VALUES ($1, $2)", list(values.items()))


async def held(database: Database) -> dict[str, str]:
    async with database.read() as reader:
        rows = await reader.fetch_all("SELECT key, value FROM app_state ORDER BY key")
    return {row["key"]: row["value"] for row in rows}


@ON_ONE_DATABASE
@given(data=st.data())
async def test_placeholders_bind_by_number(database: Database, data: st.DataObject) -> None:
    """In any order and any number of times each; a tuple on SQLite would fail here."""
    values = data.draw(st.lists(BIGINTS, min_size=1, max_size=12))
    numbers = list(range(1, len(values) + 1))
    order = data.draw(st.permutations(numbers + data.draw(st.lists(st.sampled_from(numbers), max_size=12))))
    columns = ", ".join(f"CAST(${number} AS BIGINT) AS c{place}" for place, number in enumerate(order))
    for block in (database.read(), database.write()):
        async with block as reader:
            row = await reader.fetch_one(f"SELECT {columns}", *values)
        assert row is not None
        assert [row[f"c{place}"] for place in range(len(order))] == [values[number - 1] for number in order]


async def test_placeholders_in_an_update(database: Database) -> None:
    await put(database, first="1", second="2")
    async with database.write() as writer:
        sql = "UPDATE app_state SET value = $2 || $2 WHERE key = $1 OR value = $2"
        assert await writer.execute(sql, "first", "2") == 2
    assert await held(database) == {"first": "22", "second": "22"}


@pytest.mark.parametrize("values", [(), ("a",), ("a", "b", "c")])
async def test_a_wrong_number_of_values_is_refused(database: Database, values: tuple[str, ...]) -> None:
    async with database.read() as reader:
        with pytest.raises((ValueError, asyncpg.InterfaceError)):
            await reader.fetch_all("SELECT key FROM app_state WHERE key = $1 OR value = $2", *values)


@ON_ONE_DATABASE
@given(text=TEXTS, number=BIGINTS)
async def test_values_come_back_as_they_went_in(database: Database, text: str, number: int) -> None:
    async with database.write() as writer:
        await writer.execute("DELETE FROM setup_guides")
        await writer.execute(
            "INSERT INTO setup_guides (guild_id, state, updated_at) VALUES ($1, $2, $3)",
            *(number, text, -1 - number),
        )
    async with database.read() as reader:
        row = await reader.fetch_one("SELECT guild_id, state, updated_at FROM setup_guides")
    assert row is not None
    assert (row["guild_id"], row["state"], row["updated_at"]) == (number, text, -1 - number)
    assert list(row.keys()) == ["guild_id", "state", "updated_at"]
    assert len(row) == 3


async def test_sums_and_averages_are_plain_numbers(database: Database) -> None:
    async with database.write() as writer:
        await writer.execute_many(
            "INSERT INTO submissions (submission_key, handled_at) VALUES ($1, $2)", [("a", 2), ("b", 2**53)]
        )
        row = await writer.fetch_one("SELECT SUM(handled_at) AS total, AVG(handled_at) AS mean FROM submissions")
    assert row is not None
    assert (row["total"], type(row["total"])) == (2**53 + 2, int)
    assert (row["mean"], type(row["mean"])) == (2**52 + 1, float)


async def test_how_many_rows_changed(database: Database) -> None:
    async def changed(sql: str, *args: Any) -> int:
        async with database.write() as writer:
            return await writer.execute(sql, *args)

    insert = "INSERT INTO app_state (key, value) VALUES ($1, $1)"
    assert await changed(insert, "a") == 1
    assert await changed(f"{insert} ON CONFLICT (key) DO NOTHING", "a") == 0
    assert await changed(f"{insert} ON CONFLICT (key) DO UPDATE SET value = 'z'", "a") == 1
    assert await changed("WITH n AS (SELECT $1 AS k) INSERT INTO app_state (key, value) SELECT k, k FROM n", "b") == 1
    assert await changed("UPDATE app_state SET value = 'y' RETURNING key") == 2
    assert await changed("SELECT key FROM app_state") == 0
    assert await changed("DELETE FROM app_state WHERE key = $1", "nobody") == 0
    assert await changed("DELETE FROM app_state") == 2


async def test_what_fetches_return(database: Database) -> None:
    await put(database, a="1", b="2")
    for block in (database.read(), database.write()):
        async with block as reader:
            ordered = "SELECT value, key FROM app_state ORDER BY key"
            assert [row["value"] for row in await reader.fetch_all(ordered)] == ["1", "2"]
            first = await reader.fetch_one(ordered)
            assert first is not None
            assert first["key"] == "a"
            assert await reader.fetch_value(ordered) == "1"
            nobody = "SELECT value FROM app_state WHERE key = $1"
            assert await reader.fetch_all(nobody, "z") == []
            assert await reader.fetch_one(nobody, "z") is None
            assert await reader.fetch_value(nobody, "z") is None


async def test_returning_gives_the_rows(database: Database) -> None:
    async with database.write() as writer:
        row = await writer.fetch_one("INSERT INTO app_state (key, value) VALUES ('a', '1') RETURNING key, value")
    assert row is not None
    assert row["value"] == "1"
    assert await held(database) == {"a": "1"}


async def test_readers_cannot_change_anything(database: Database) -> None:
    async with database.read() as reader:
        with pytest.raises((sqlite3.OperationalError, asyncpg.ReadOnlySQLTransactionError)):
            await reader.fetch_all("INSERT INTO app_state (key, value) VALUES ('a', '1') RETURNING key")
    assert await held(database) == {}


async def test_execute_many_takes_none_at_all(database: Database) -> None:
    await put(database)
    assert await held(database) == {}


async def test_names_of_the_engine(database: Database, engine: str) -> None:
    assert database.dialect == engine
    assert database.lock_clause == {"sqlite": "", "postgresql": "FOR UPDATE SKIP LOCKED"}[engine]
    assert database.row_lock == {"sqlite": "", "postgresql": "FOR UPDATE"}[engine]
    async with database.write() as writer:
        assert writer.dialect == engine
        await writer.fetch_all(f"SELECT id FROM jobs ORDER BY due_at LIMIT 5 {database.lock_clause}")
