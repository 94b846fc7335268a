"""The SQLite adapter: one writer connection behind a lock, a few readers, each on its own thread (aiosqlite).

A thread hop costs more than a small statement, so the work is cut by hops: `BEGIN IMMEDIATE` travels with the
first statement of a write block, every fetch is one hop, and a block that ran nothing commits nothing.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, cast

import aiosqlite

from bot.storage.filelock import FileLock, LockHeldError
from bot.storage.interface import Condition, Reader, Row, TransactionFailed, Value, Writer
from bot.storage.sqlite_connections import (
    BUSY_SECONDS,
    Bindings,
    BlockState,
    ReadingConnection,
    WritingConnection,
    prepare,
    scrub_file,
    unreachable,
)
from bot.storage.write_queue import WriteQueue

READERS = 3
LOCK_SECONDS = 30.0


class _SqliteReader:
    """Reads through one connection. A fetch is a single hop, so blocks may share a connection."""

    def __init__(self, connection: aiosqlite.Connection, bindings: Bindings) -> None:
        self._connection = connection
        self._bindings = bindings
        self.blocks = 0

    async def fetch_all(self, sql: str, *args: Value) -> list[Row]:
        rows = await self._connection.execute_fetchall(sql, self._bindings(sql, args))
        return cast("list[Row]", rows)  # typed as an iterable by aiosqlite; it is sqlite3's own list

    async def fetch_one(self, sql: str, *args: Value) -> Row | None:
        rows = await self.fetch_all(sql, *args)
        return rows[0] if rows else None

    async def fetch_value(self, sql: str, *args: Value) -> Any:
        rows = await self.fetch_all(sql, *args)
        return cast("sqlite3.Row", rows[0])[0] if rows else None


class _ReadBlock:
    """One `async with database.read()`: takes the connection with the fewest blocks."""

    def __init__(self, readers: Sequence[_SqliteReader]) -> None:
        self._reader = min(readers, key=attrgetter("blocks"))

    async def __aenter__(self) -> Reader:
        self._reader.blocks += 1
        return self._reader

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.blocks -= 1


class _SqliteWriter(_SqliteReader):
    """The writer of one block."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, connection: aiosqlite.Connection, bindings: Bindings) -> None:
        super().__init__(connection, bindings)
        self.live = True
        self.failed = False

    async def fetch_all(self, sql: str, *args: Value) -> list[Row]:
        self._check()
        try:
            return await super().fetch_all(sql, *args)
        except BaseException:
            self.failed = True
            raise

    async def execute(self, sql: str, *args: Value) -> int:
        self._check()
        try:
            cursor = await self._connection.execute(sql, self._bindings(sql, args))
            if cast("tuple[object, ...] | None", cursor.description) is not None:
                await cursor.fetchall()  # rows nobody asked for (RETURNING) would hold the commit up
            elif cursor.rowcount < 0:
                # sqlite3 counts only statements that begin with INSERT, UPDATE or DELETE, not WITH ... INSERT.
                return int(await super().fetch_value("SELECT changes()"))
        except BaseException:
            self.failed = True
            raise
        return max(0, cursor.rowcount)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        self._check()
        try:
            await self._connection.executemany(sql, [self._bindings(sql, row) for row in rows])
        except BaseException:
            self.failed = True
            raise

    def _check(self) -> None:
        if not self.live:
            raise RuntimeError("this write block has ended")
        if self.failed:
            raise TransactionFailed("a statement of this block failed before")


class _WriteBlock:
    """One `async with database.write()`."""

    def __init__(
        self, queue: WriteQueue, connection: aiosqlite.Connection, bindings: Bindings, only_if: Condition | None
    ) -> None:
        self._queue = queue
        self._connection = connection
        self._bindings = bindings
        self._only_if = (only_if.sql, bindings(only_if.sql, only_if.args)) if only_if else None

    async def __aenter__(self) -> Writer:
        await self._queue.take(only_if=self._only_if)
        self._writer = _SqliteWriter(self._connection, self._bindings)
        return self._writer

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.live = False
        if kind is None and not self._writer.failed:
            await self._queue.keep()
            return
        await self._queue.undo()
        if kind is None:
            raise TransactionFailed("a statement failed and the block went on; nothing of it was kept")


class SqliteDatabase:
    """An open SQLite file."""

    dialect: Literal["sqlite"] = "sqlite"
    lock_clause = ""
    row_lock = ""

    def __init__(
        self,
        path: Path,
        lock: FileLock,
        state: BlockState,
        writer: aiosqlite.Connection,
        readers: Sequence[aiosqlite.Connection],
    ) -> None:
        self.path = path
        self._lock = lock
        self._bindings = Bindings()
        self._writer = writer
        self._connections = (*readers, writer)
        self._readers = [_SqliteReader(connection, self._bindings) for connection in readers]
        self._queue = WriteQueue(writer, state)
        self._closed = False

    def read(self) -> _ReadBlock:
        return _ReadBlock(self._readers)

    def write(self, only_if: Condition | None = None) -> _WriteBlock:
        return _WriteBlock(self._queue, self._writer, self._bindings, only_if)

    async def revision(self) -> str | None:
        async with self.read() as reader:
            try:
                value = await reader.fetch_value("SELECT version_num FROM alembic_version")
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise
                return None
        return None if value is None else str(value)

    async def scrub(self) -> None:
        await self._queue.take(alone=True)
        try:
            await asyncio.to_thread(scrub_file, self.path)
        finally:
            self._queue.give_back()

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await self._queue.take(alone=True)
        try:
            for connection in self._connections:
                await connection.close()
        finally:
            self._queue.close()
            self._lock.release()


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open the file and share its lock; raises `StartError` (database) when it can't be opened."""
    # At DEBUG aiosqlite logs every statement with its values, and values are people's.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
    lock = FileLock(path)
    try:
        await asyncio.to_thread(lock.take, alone=False, wait=LOCK_SECONDS)
        await asyncio.to_thread(prepare, path)
        state = BlockState()
        connections = await _connections(path, state)
    except LockHeldError as held:
        raise unreachable(path, "it is being migrated or restored by another process") from held
    except OSError as error:
        lock.release()
        raise unreachable(path, error.strerror or "unknown reason") from error
    except sqlite3.Error as error:
        lock.release()
        raise unreachable(path, str(error)) from error
    return SqliteDatabase(path, lock, state, connections[0], connections[1:])


async def _connections(path: Path, state: BlockState) -> list[aiosqlite.Connection]:
    """Open the writer and then the readers, or nothing."""
    opened: list[aiosqlite.Connection] = []
    kinds: list[dict[str, Any]] = [{"factory": WritingConnection, "state": state}]
    kinds += [{"factory": ReadingConnection}] * READERS
    try:
        for kind in kinds:
            opened.append(
                await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS, cached_statements=256, **kind)
            )
    except sqlite3.Error:
        for connection in opened:
            await connection.close()
        raise
    return opened
