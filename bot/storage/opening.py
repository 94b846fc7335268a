"""Opens whichever database the address names."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from bot.errors import EXIT_DATABASE, StartError
from bot.storage.address import is_postgresql, sqlite_path
from bot.storage.filelock import ONE_BOT, FileLock, LockHeldError
from bot.storage.interface import ConditionFailed, Database, DatabaseBusy, TransactionFailed
from bot.storage.sqlite import open_sqlite
from bot.storage.sqlite_connections import unreachable


async def open_database(url: str) -> Database:
    """Open a database; nothing is created in it, see `migrate`.

    Raises `StartError`: settings for an address of no known form, database when it can't be reached or when the
    extra that PostgreSQL needs is not installed.
    """
    if is_postgresql(url):
        database: Database = await postgresql_adapter().open_postgresql(url)
        return database
    return await open_sqlite(sqlite_path(url))


@contextmanager
def for_one_bot(url: str) -> Iterator[None]:
    """Keep a second bot off a SQLite file for the length of a block; backups, checks and the like go on beside it.

    Two bots would both answer every press, and each would take the other's servers for its own. PostgreSQL has
    many processes by design, so nothing is held there. Raises `StartError` (database) when another bot has the file.
    """
    if is_postgresql(url):
        yield
        return
    path = sqlite_path(url)
    lock = FileLock(path, ONE_BOT)
    try:
        lock.take(alone=True)
    except LockHeldError as held:
        raise StartError(
            f"Another Evenkeel is using this database ({path}): stop that one first, or set another DATABASE_URL.",
            EXIT_DATABASE,
        ) from held
    except OSError as error:
        raise unreachable(path, error.strerror or "unknown reason") from error
    try:
        yield
    finally:
        lock.release()


def is_database_trouble(error: BaseException) -> bool:
    """Whether an error comes from the database, whichever engine it is."""
    if isinstance(error, (sqlite3.Error, TransactionFailed, ConditionFailed, DatabaseBusy)):
        return True
    # By name: a host without the extra has no asyncpg to ask.
    return type(error).__module__.partition(".")[0] == "asyncpg"


def postgresql_adapter() -> ModuleType:
    """Import the adapter that needs the extra; raises `StartError` (database) when it is missing."""
    try:
        from bot.storage import postgresql  # noqa: PLC0415 asyncpg is an extra
    except ImportError as error:
        raise StartError(
            "PostgreSQL needs the extra `postgres`: python -m pip install 'evenkeel[postgres]'.", EXIT_DATABASE
        ) from error
    return postgresql
