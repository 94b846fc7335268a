"""Opens whichever database the address names."""

from types import ModuleType

from bot.errors import EXIT_DATABASE, StartError
from bot.storage.address import is_postgresql, sqlite_path
from bot.storage.interface import Database
from bot.storage.sqlite import open_sqlite


async def open_database(url: str) -> Database:
    """Open a database; nothing is created in it, see `migrate`.

    Raises `StartError`: settings for an address of no known form, database when it can't be reached or when the
    extra that PostgreSQL needs is not installed.
    """
    if is_postgresql(url):
        database: Database = await postgresql_adapter().open_postgresql(url)
        return database
    return await open_sqlite(sqlite_path(url))


def postgresql_adapter() -> ModuleType:
    """Import the adapter that needs the extra; raises `StartError` (database) when it is missing."""
    try:
        from bot.storage import postgresql  # noqa: PLC0415 asyncpg is an extra
    except ImportError as error:
        raise StartError(
            "PostgreSQL needs the extra `postgres`: python -m pip install 'evenkeel[postgres]'.", EXIT_DATABASE
        ) from error
    return postgresql
