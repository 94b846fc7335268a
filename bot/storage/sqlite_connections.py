"""SQLite connections as every part of the storage opens them, and what can be learnt about a file."""

import os
import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.errors import EXIT_DATABASE, StartError
from bot.storage.interface import ConditionFailed, DatabaseBusy, Value

BUSY_SECONDS = 5.0

# WAL: readers don't wait for the writer. FULL: a commit survives a power cut. secure_delete: freed bytes are
# zeroed.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
_PLACEHOLDER = re.compile(r"\$(\d+)")


class SetUpConnection(sqlite3.Connection):
    """A connection with our settings from its first moment, made in the one call that opens it."""

    pragmas: tuple[str, ...] = _PRAGMAS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row_factory = sqlite3.Row
        try:
            for pragma in self.pragmas:
                super().execute(pragma).close()
        except sqlite3.Error:
            self.close()
            raise


class ReadingConnection(SetUpConnection):
    """Refuses every change."""

    pragmas: tuple[str, ...] = (*_PRAGMAS, "PRAGMA query_only = ON")


class BlockState:
    """What the thread of the writing connection must know of the block it works for.

    The event loop sets `fresh` when a block gets its turn, and no statement of another block is on its way then.
    """

    def __init__(self) -> None:
        self.fresh = False  # no statement of this block has run
        self.saved = False  # a savepoint is open, for this block or for one before it that ended well
        self.only_if: tuple[str, dict[str, Value]] | None = None  # a query that must find a row, with its values


class WritingConnection(SetUpConnection):
    """Opens a block, and looks at its condition, in the same call as its first statement: that spares thread hops.

    BEGIN IMMEDIATE, because a deferred transaction that reads and then writes fails at once when another one
    committed in between, whatever the busy timeout. Within an open transaction (see `WriteQueue`) a savepoint.
    """

    # Savepoints keep pages of the file aside: not where others may read.
    pragmas = (*_PRAGMAS, "PRAGMA temp_store = MEMORY")

    def __init__(self, *args: Any, state: BlockState, **options: Any) -> None:
        super().__init__(*args, **options)
        self._state = state

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self._within_block()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        self._within_block()
        return super().executemany(sql, parameters)

    def commit(self) -> None:
        """Commit, or else roll back: no failed transaction is left to whoever comes next."""
        self._state.saved = False
        try:
            super().commit()
        except sqlite3.Error:
            super().rollback()
            raise

    def rollback(self) -> None:
        """Take back what the block did: the whole transaction, or from its savepoint on."""
        if self._state.fresh:
            return
        if self._state.saved and self.in_transaction:
            super().execute("ROLLBACK TO block")
            self._close_savepoint()
        else:
            self._state.saved = False
            super().rollback()

    def _within_block(self) -> None:
        if self._state.fresh:
            self._open_block()
        elif not self.in_transaction:  # some errors end the transaction: nothing may be written outside of it
            raise sqlite3.OperationalError("the transaction of this block has ended")

    def _open_block(self) -> None:
        self._state.fresh = False
        if not self.in_transaction:
            super().execute("BEGIN IMMEDIATE")
        else:
            if self._state.saved:
                self._close_savepoint()
            super().execute("SAVEPOINT block")
            self._state.saved = True
        if self._state.only_if is not None and not super().execute(*self._state.only_if).fetchall():
            raise ConditionFailed("the condition of this block does not hold")

    def _close_savepoint(self) -> None:
        self._state.saved = False
        super().execute("RELEASE block")


class Bindings:
    """Binds values by the number in their placeholder.

    SQLite takes `$1` for a name, so a tuple would be bound by first appearance, silently and wrongly: always a
    dict. A wrong number of values is a ValueError, where SQLite would ignore the ones too many.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def __call__(self, sql: str, values: Sequence[Value]) -> dict[str, Value]:
        count = self._counts.get(sql)
        if count is None:
            count = self._counts[sql] = max(map(int, _PLACEHOLDER.findall(sql)), default=0)
        if count != len(values):
            raise ValueError(f"the statement takes {count} values, {len(values)} were given")
        return {str(number): value for number, value in enumerate(values, 1)}


def prepare(path: Path) -> None:
    """Make the file, mode 0600, when it is missing, and see that it is a database; raises OSError, `sqlite3.Error`."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, factory=SetUpConnection).close()


def peek_revision(path: Path) -> str | None:
    """Return a file's revision without opening it for use; None where no revision can be read."""
    if not path.exists():
        return None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None  # whoever opens it in earnest next says what is wrong
    return None if row is None else str(row[0])


def scrub_file(path: Path) -> None:
    """Rebuild the file without its free space, then empty the journal; raises `DatabaseBusy`.

    `secure_delete` zeroes what a DELETE frees, but when rows move between pages copies of them stay in the gaps:
    only a rebuilt file is sure not to hold them.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, factory=SetUpConnection)
    try:
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
        raise DatabaseBusy("the database was busy; erased bytes may still be in its files") from error
    finally:
        connection.close()
    if busy:
        raise DatabaseBusy("a reader kept the journal; erased bytes may still be in it")


def unreachable(path: Path, reason: str) -> StartError:
    """Make the one sentence for a file that can't be used."""
    return StartError(f"The database file {path} can't be used: {reason}.", EXIT_DATABASE)
