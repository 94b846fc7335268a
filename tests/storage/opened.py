"""Opens a database for a block: one left open by a failed test would keep its threads, and so the whole run, alive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.storage import Database, open_database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Yield the open database and close it, whatever happens."""
    database = await open_database(url)
    try:
        yield database
    finally:
        await database.close()
