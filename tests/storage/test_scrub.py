"""What was erased must be gone from the file's bytes, not only from its tables."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import Database, DatabaseBusy, sqlite_connections
from bot.storage.address import sqlite_path
from tests.storage.opened import opened

CANARY = "canary-7f3a!"
STAYS = "stays-21c9..."


def bytes_on_disk(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


def holders(path: Path, needle: str) -> list[str]:
    return [name for name, content in bytes_on_disk(path).items() if needle.encode() in content]


async def churn(database: Database, seed: int) -> None:
    """Write and delete rows of many sizes, so that pages split, merge and move."""
    chance = random.Random(seed)
    keys: list[str] = []
    for _ in range(40):
        async with database.write() as writer:
            for _ in range(20):
                keys.append(f"k{chance.getrandbits(40)}")
                word = CANARY if chance.random() < 0.5 else STAYS
                text = word * chance.randint(1, 120)
                await writer.execute("INSERT INTO app_state (key, value) VALUES ($1, $2)", keys[-1], text)
            for _ in range(10):
                gone = keys.pop(chance.randrange(len(keys)))
                await writer.execute("DELETE FROM app_state WHERE key = $1", gone)


@pytest.mark.parametrize("seed", range(4))
async def test_no_erased_byte_is_left(sqlite_url: str, seed: int) -> None:
    path = sqlite_path(sqlite_url)
    async with opened(sqlite_url) as database:
        await churn(database, seed)
        async with database.write() as writer:
            await writer.execute("DELETE FROM app_state WHERE value LIKE $1", f"{CANARY}%")
        assert holders(path, CANARY)  # the journal has them still: the test can fail
        await database.scrub()
        assert holders(path, CANARY) == []
        assert path.with_name(f"{path.name}-wal").stat().st_size == 0
        async with database.read() as reader:
            kept = await reader.fetch_all("SELECT value FROM app_state")
            assert await reader.fetch_value("PRAGMA integrity_check") == "ok"
    assert kept
    assert {row["value"][: len(STAYS)] for row in kept} == {STAYS}
    assert holders(path, CANARY) == []


async def test_somebody_from_outside_is_reported(
    sqlite_url: str, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connections, "BUSY_SECONDS", 0.0)
    path, database = sqlite_path(sqlite_url), sqlite_database
    with closing(sqlite3.connect(path, isolation_level=None)) as outside:
        async with database.write() as writer:
            await writer.execute("INSERT INTO app_state (key, value) VALUES ('a', $1)", CANARY)
        for statement in ("BEGIN", "SELECT * FROM app_state"):
            outside.execute(statement).fetchall()
        async with database.write() as writer:
            await writer.execute("DELETE FROM app_state")
        with pytest.raises(DatabaseBusy):
            await database.scrub()
        outside.execute("ROLLBACK")
        await database.scrub()
        assert holders(path, CANARY) == []
        outside.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            await database.scrub()
        outside.execute("ROLLBACK")


async def test_scrubbing_beside_writers_loses_nothing(database: Database) -> None:
    """On PostgreSQL it does nothing, and says so in its docstring."""
    for number in range(3):
        async with database.write() as writer:
            await writer.execute("INSERT INTO app_state (key, value) VALUES ($1, '')", str(number))
        await database.scrub()
    async with database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM app_state") == 3
