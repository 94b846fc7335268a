"""The same suite on both engines: a migrated SQLite file, and a PostgreSQL schema of this run's own."""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.storage import Database, migrate, open_database

SERVER = "EVENKEEL_TEST_POSTGRES_URL"


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end on a thread and loop of its own, beside whatever loop a test has."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def _say(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The server's address; skips where there is none."""
    address = os.environ.get(SERVER)
    if not address:
        pytest.skip(f"{SERVER} is not set")
    return address


def _schema(server: str) -> Iterator[str]:
    name = f"evenkeel_{uuid.uuid4().hex}"
    _apart(_say(server, f"CREATE SCHEMA {name}"))
    yield f"{server}{'&' if '?' in server else '?'}search_path={name}"
    _apart(_say(server, f"DROP SCHEMA {name} CASCADE"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that is copied, never opened."""
    path = tmp_path_factory.mktemp("template") / "evenkeel.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The address of a migrated schema that is emptied after each use."""
    for address in _schema(postgresql_server):
        migrate(address)
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that holds nothing."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'evenkeel.db'}"
    else:
        yield from _schema(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a migrated SQLite file without rows."""
    path = tmp_path / "evenkeel.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def url(engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database without rows."""
    if engine == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    address: str = request.getfixturevalue("postgresql_template")
    yield address
    _apart(_empty(address))


async def _empty(address: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
        )
        await connection.execute(";".join(f"DELETE FROM {table['tablename']}" for table in tables))
    finally:
        await connection.close()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An open, migrated database without rows."""
    opened = await open_database(url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """The same on SQLite alone, for what only a file has."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()
