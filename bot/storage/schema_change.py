"""Runs Alembic on a connection. This module imports SQLAlchemy, so `bot.storage.upgrade` imports it late."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.revision import require_known
from bot.storage.sqlite_connections import BUSY_SECONDS

Direction: TypeAlias = Literal["upgrade", "downgrade"]

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do as long as every process uses the same: the bytes of "evenkeel".
ADVISORY_LOCK = int.from_bytes(b"evenkeel", "big")


def configured() -> Config:
    """Return Alembic's configuration; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def change_sqlite(path: Path, direction: Direction, revision: str) -> None:
    """Go to the revision in one transaction; raises `sqlite3.Error`. The caller holds the file's lock alone."""
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    )
    try:
        with engine.connect() as connection:
            # Foreign keys rest because batch mode rebuilds tables; sqlite3 alone puts no DDL into a transaction.
            for statement in ("PRAGMA foreign_keys = OFF", "PRAGMA secure_delete = ON", "BEGIN IMMEDIATE"):
                connection.exec_driver_sql(statement)
            _run(connection, direction, revision)
            connection.commit()
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from error
        raise
    finally:
        engine.dispose()


async def change_postgresql(connect: Callable[[], Awaitable[Any]], direction: Direction, revision: str) -> None:
    """Go to the revision in one transaction, under an advisory lock that ends with it."""
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
            await connection.run_sync(_run, direction, revision)
    finally:
        await engine.dispose()


def _run(connection: Connection, direction: Direction, revision: str) -> None:
    # Alembic would say the same of a newer database, but in its own words.
    require_known(MigrationContext.configure(connection).get_current_revision())
    config = configured()
    config.attributes["connection"] = connection
    {"upgrade": command.upgrade, "downgrade": command.downgrade}[direction](config, revision)
