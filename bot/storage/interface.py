"""What the rest of Evenkeel may ask of a database; each engine has one adapter of it.

Every `store.py` writes its SQL once, in the subset that SQLite and PostgreSQL read alike:

- placeholders are `$1`, `$2`, ...: in any order, any number of times each, and never inside a string literal;
- moments are BIGINT milliseconds UTC, snowflakes BIGINT, flags SMALLINT (0 or 1), structures JSON text;
- `SUM` of a BIGINT comes as `int` and `AVG` as `float` on both engines.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

Value: TypeAlias = int | float | str | bytes | None
Dialect: TypeAlias = Literal["sqlite", "postgresql"]


class TransactionFailed(RuntimeError):
    """A statement of this write block failed before: nothing of the block is kept, and nothing may follow.

    PostgreSQL demands this; SQLite is held to the same, so that code proven on one engine works on the other.
    Where a clash is expected, say so in the SQL with `ON CONFLICT`.
    """


class ConditionFailed(RuntimeError):
    """What a write block depends on did not hold: nothing of the block was done."""


class Condition(NamedTuple):
    """A query that must find a row for a write block to happen; it is looked at within the block's transaction."""

    sql: str
    args: tuple[Value, ...]


class DatabaseBusy(RuntimeError):
    """Somebody else kept the database occupied for longer than the busy timeout; the call may be repeated."""


class Row(Protocol):
    """One row of an answer, read by column name."""

    def __getitem__(self, key: str, /) -> Any: ...

    def __len__(self) -> int: ...

    def keys(self) -> Iterable[str]:
        """Return the names of the columns in the order of the query."""
        ...


class Reader(Protocol):
    """Reads what is committed; every statement of a read block sees the newest state."""

    async def fetch_one(self, sql: str, *args: Value) -> Row | None:
        """Return the first row or None. Add `LIMIT 1` where many could match: all of them are read."""
        ...

    async def fetch_all(self, sql: str, *args: Value) -> list[Row]:
        """Return every row."""
        ...

    async def fetch_value(self, sql: str, *args: Value) -> Any:
        """Return the first column of the first row, or None when there is no row."""
        ...


class Writer(Reader, Protocol):
    """Reads and changes within one transaction; sees its own changes."""

    @property
    def dialect(self) -> Dialect:
        """Which engine this is, for the rare statement that differs."""
        ...

    async def execute(self, sql: str, *args: Value) -> int:
        """Run one statement and return how many rows it inserted, changed or deleted (0 for a query)."""
        ...

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement once for each row of values."""
        ...


class Database(Protocol):
    """An open database. Closed by `close()`; usable by one event loop."""

    @property
    def dialect(self) -> Dialect:
        """Which engine this is."""
        ...

    @property
    def lock_clause(self) -> str:
        """What a claiming SELECT ends with: `FOR UPDATE SKIP LOCKED`, or nothing where there is one writer."""
        ...

    @property
    def row_lock(self) -> str:
        """What a SELECT ends with when its block will change the row: `FOR UPDATE`, or nothing on SQLite.

        SQLite has one writer at a time, so that a read-then-write can't be overtaken. PostgreSQL has many.
        """
        ...

    def read(self) -> AbstractAsyncContextManager[Reader]:
        """Read what is committed, beside any writer and without waiting for it."""
        ...

    def write(self, only_if: Condition | None = None) -> AbstractAsyncContextManager[Writer]:
        """Open one short transaction: commits at the end of the block, rolls back when the block raises.

        Blocks don't nest (RuntimeError), and nothing that waits for the network belongs in one. Raises
        `TransactionFailed` when a failed statement was passed over inside the block, and `ConditionFailed`, at the
        first statement at the latest, where `only_if` finds no row; what it found holds until the end of the block.
        """
        ...

    async def revision(self) -> str | None:
        """Return the schema's revision, or None for a database that was never migrated."""
        ...

    async def scrub(self) -> None:
        """Leave no erased byte in the files; raises `DatabaseBusy` when that couldn't be done now.

        SQLite: rebuilds the file from what is left and empties the journal; this takes time in proportion to the
        file's size and holds writers up meanwhile. PostgreSQL: does nothing, because its own vacuum and journal
        recycling decide when old bytes go, and a bot's rights don't reach them.
        """
        ...

    async def close(self) -> None:
        """Let a running write block end, then close every connection. May be called twice."""
        ...
