"""Which columns are sealed, and how they move to a new key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import EXIT_SETTINGS, StartError
from bot.storage.interface import Database, Row, Value, Writer
from bot.storage.vault import SealBroken, Vault

BATCH = 100


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed text: its primary key and its sealed columns."""

    key: tuple[str, ...]
    columns: tuple[str, ...]


SEALED_COLUMNS: Mapping[str, SealedTable] = MappingProxyType(
    {
        "members": SealedTable(("guild_id", "user_id"), ("words_sealed",)),
        "group_snippets": SealedTable(("guild_id", "snippet_id"), ("words_sealed",)),
        "checkin_schedules": SealedTable(("schedule_id",), ("name_sealed",)),
        "checkin_question_sets": SealedTable(("guild_id", "set_id"), ("words_sealed",)),
        "checkin_entries": SealedTable(("entry_id",), ("marks_sealed", "words_sealed")),
        "checkin_replies": SealedTable(("reply_id",), ("words_sealed",)),
    }
)
"""Every column whose name ends in `_sealed`; a test holds this against the schema."""


async def rotate(database: Database, vault: Vault) -> int:
    """Bring every sealed value under the vault's newest key and return how many moved.

    Works in small transactions beside the running bot. Cut off in the middle, it is simply run again: what has moved
    is left alone. Raises `SealBroken` at the first value that none of the keys opens.
    """
    moved = 0
    for table, sealed in SEALED_COLUMNS.items():
        after: tuple[Value, ...] | None = None
        while True:
            async with database.write() as writer:
                rows = await _batch(writer, table, sealed, after, database.row_lock)
                for row in rows:
                    moved += await _move(writer, table, sealed, row, vault)
            if len(rows) < BATCH:
                break
            after = tuple(rows[-1][name] for name in sealed.key)
    return moved


async def check_key(database: Database, vault: Vault) -> None:
    """Raise `StartError` (settings) when the keys don't open what is in the database: a lost or foreign key.

    One value a table is tried, so that a start costs nothing.
    """
    async with database.read() as reader:
        for table, sealed in SEALED_COLUMNS.items():
            for column in sealed.columns:
                value = await reader.fetch_value(
                    f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1"  # noqa: S608 our own names
                )
                try:
                    if value is not None:
                        vault.open(value)
                except SealBroken as error:
                    raise StartError(
                        "The key doesn't open what is in the database: put back the EVENKEEL_KEY (or var/key) "
                        "it was written with.",
                        EXIT_SETTINGS,
                    ) from error


async def _batch(
    writer: Writer, table: str, sealed: SealedTable, after: tuple[Value, ...] | None, row_lock: str
) -> Sequence[Row]:
    key = ", ".join(sealed.key)
    start, values = "", after or ()
    if after is not None:
        places = ", ".join(f"${number}" for number in range(1, len(after) + 1))
        start = f"WHERE ({key}) > ({places})"
    return await writer.fetch_all(
        f"SELECT {key}, {', '.join(sealed.columns)} FROM {table} {start} "  # noqa: S608 our own names
        f"ORDER BY {key} LIMIT {BATCH} {row_lock}",
        *values,
    )


async def _move(writer: Writer, table: str, sealed: SealedTable, row: Row, vault: Vault) -> int:
    moved = 0
    where = " AND ".join(f"{name} = ${number}" for number, name in enumerate(sealed.key, 2))
    for column in sealed.columns:
        if row[column] is None or vault.is_newest(row[column]):
            continue
        await writer.execute(
            f"UPDATE {table} SET {column} = $1 WHERE {where}",  # noqa: S608 our own names
            vault.rotate(row[column]),
            *(row[name] for name in sealed.key),
        )
        moved += 1
    return moved
