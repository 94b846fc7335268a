"""The PostgreSQL adapter (asyncpg, extra `postgres`): one pool that writes and one that can only read."""

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, Literal, TypeAlias, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from bot.errors import EXIT_DATABASE, StartError
from bot.storage.address import described
from bot.storage.interface import Condition, ConditionFailed, Reader, Row, TransactionFailed, Value, Writer

# Eight connections a process: a server's usual limit of 100 leaves room for a dozen processes.
WRITERS = 4
READERS = 4
CONNECT_SECONDS = 10.0

_Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
_Proxy: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class _PostgresqlReader:
    """Reads through one connection of a pool."""

    def __init__(self, connection: _Proxy) -> None:
        self._connection = connection

    async def fetch_all(self, sql: str, *args: Value) -> list[Row]:
        return cast("list[Row]", await self._connection.fetch(sql, *args))

    async def fetch_one(self, sql: str, *args: Value) -> Row | None:
        return cast("Row | None", await self._connection.fetchrow(sql, *args))

    async def fetch_value(self, sql: str, *args: Value) -> Any:
        return await self._connection.fetchval(sql, *args)


class _ReadBlock:
    """One `async with database.read()`."""

    def __init__(self, pool: _Pool) -> None:
        self._pool = pool

    async def __aenter__(self) -> Reader:
        self._connection = await self._pool.acquire()
        return _PostgresqlReader(self._connection)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.release(self._connection)


class _PostgresqlWriter(_PostgresqlReader):
    """The writer of one block."""

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, connection: _Proxy) -> None:
        super().__init__(connection)
        self.live = True
        self.failed = False

    async def fetch_all(self, sql: str, *args: Value) -> list[Row]:
        with self._statement():
            return await super().fetch_all(sql, *args)

    async def fetch_one(self, sql: str, *args: Value) -> Row | None:
        with self._statement():
            return await super().fetch_one(sql, *args)

    async def fetch_value(self, sql: str, *args: Value) -> Any:
        with self._statement():
            return await super().fetch_value(sql, *args)

    async def execute(self, sql: str, *args: Value) -> int:
        with self._statement():
            tag = await self._connection.execute(sql, *args)
        verb, _, count = tag.partition(" ")
        return 0 if verb == "SELECT" or not count else int(count.rpartition(" ")[2])

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        with self._statement():
            await self._connection.executemany(sql, rows)

    def _statement(self) -> "_Statement":
        if not self.live:
            raise RuntimeError("this write block has ended")
        if self.failed:
            raise TransactionFailed("a statement of this block failed before")
        return _Statement(self)


class _Statement:
    """Notes that a statement failed: PostgreSQL then turns the block's commit into a rollback without a word."""

    def __init__(self, writer: _PostgresqlWriter) -> None:
        self._writer = writer

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.failed = self._writer.failed or kind is not None


class _WriteBlock:
    """One `async with database.write()`."""

    def __init__(self, pool: _Pool, writing: set[asyncio.Task[Any] | None], only_if: Condition | None) -> None:
        self._pool = pool
        self._writing = writing
        self._only_if = only_if
        self._task: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> Writer:
        self._task = asyncio.current_task()
        if self._task in self._writing:
            raise RuntimeError("a write block was opened inside another one; SQLite would wait for itself")
        self._connection = await self._pool.acquire()
        try:
            self._transaction = self._connection.transaction()
            await self._transaction.start()
            await self._check()
        except BaseException:
            await self._pool.release(self._connection)
            raise
        self._writing.add(self._task)
        self._writer = _PostgresqlWriter(self._connection)
        return self._writer

    async def _check(self) -> None:
        """Look at the condition, and hold it: whoever deletes what it found waits for the end of this block."""
        if self._only_if is None:
            return
        if not await self._connection.fetch(f"{self._only_if.sql} FOR SHARE", *self._only_if.args):
            await self._transaction.rollback()
            raise ConditionFailed("the condition of this block does not hold")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.live = False
        self._writing.discard(self._task)
        try:
            if kind is None and not self._writer.failed:
                await self._transaction.commit()
            else:
                await self._transaction.rollback()
        finally:
            await self._pool.release(self._connection)
        if kind is None and self._writer.failed:
            raise TransactionFailed("a statement failed and the block went on; nothing of it was kept")


class PostgresqlDatabase:
    """An open PostgreSQL database. Write blocks run beside each other at READ COMMITTED: see `row_lock`."""

    dialect: Literal["postgresql"] = "postgresql"
    lock_clause = "FOR UPDATE SKIP LOCKED"
    row_lock = "FOR UPDATE"

    def __init__(self, writers: _Pool, readers: _Pool) -> None:
        self._writers = writers
        self._readers = readers
        self._writing: set[asyncio.Task[Any] | None] = set()

    def read(self) -> _ReadBlock:
        return _ReadBlock(self._readers)

    def write(self, only_if: Condition | None = None) -> _WriteBlock:
        return _WriteBlock(self._writers, self._writing, only_if)

    async def revision(self) -> str | None:
        async with self.read() as reader:
            try:
                value = await reader.fetch_value("SELECT version_num FROM alembic_version")
            except asyncpg.UndefinedTableError:
                return None
        return None if value is None else str(value)

    async def scrub(self) -> None:
        """Nothing to do: see `Database.scrub`."""

    async def close(self) -> None:
        await asyncio.gather(self._writers.close(), self._readers.close())


async def connect(url: str) -> _Connection:
    """Open one connection; raises `StartError` (database) when the server can't be reached or refuses."""
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
        raise unreachable(url, error) from error


def unreachable(url: str, error: Exception) -> StartError:
    """Make the one sentence for a server that can't be used; it names neither user nor password."""
    reason = "it refused the user or the password"
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        reason = "there is no such database"
    elif isinstance(error, OSError | TimeoutError):
        reason = "nothing answers there"
    elif not isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        reason = f"the address or the server's answer was not understood ({type(error).__name__})"
    return StartError(f"Can't use {described(url)}: {reason}.", EXIT_DATABASE)


async def open_postgresql(url: str) -> PostgresqlDatabase:
    """Open both pools; raises `StartError` (database) when the server can't be reached or refuses."""
    writers = await _pool(url, WRITERS, {})
    try:
        readers = await _pool(url, READERS, {"default_transaction_read_only": "on"})
    except StartError:
        await writers.close()
        raise
    return PostgresqlDatabase(writers, readers)


async def _pool(url: str, size: int, settings: dict[str, str]) -> _Pool:
    try:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            timeout=CONNECT_SECONDS,
            init=_read_numbers_like_sqlite,
            server_settings=settings,
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError, ValueError) as error:
        raise unreachable(url, error) from error


async def _read_numbers_like_sqlite(connection: _Connection) -> None:
    """Take NUMERIC, which SUM and AVG of a BIGINT give, for the int or float that SQLite gives."""
    await connection.set_type_codec("numeric", schema="pg_catalog", format="text", encoder=str, decoder=_number)


def _number(text: str) -> int | float:
    return float(text) if "." in text or "N" in text else int(text)
