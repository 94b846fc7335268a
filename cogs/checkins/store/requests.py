"""The only room that knows the table of companions who were asked to answer an entry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.clock import from_ms, to_ms
from bot.storage import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class CompanionRequest:
    """A companion was asked about an entry; `fell_through`: they can't, weren't reached, or somebody else was asked."""

    entry_id: int
    user_id: int
    guild_id: int
    asked_at: datetime
    fell_through: bool = False


class RequestStore:
    """One row a companion and entry, for as long as the entry is kept: nobody is asked twice about one."""

    async def of_entry(self, reader: Reader, guild_id: int, entry_id: int) -> tuple[CompanionRequest, ...]:
        """Return who was asked about an entry of this server, oldest first."""
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_requests WHERE entry_id = $1 AND guild_id = $2 ORDER BY asked_at, user_id",
            entry_id, guild_id,
        )  # fmt: skip
        return tuple(_request(row) for row in rows)

    async def standing(self, reader: Reader, guild_id: int, entry_id: int) -> CompanionRequest | None:
        """Return the request that stands; there is one at a time."""
        rows = await self.of_entry(reader, guild_id, entry_id)
        return next((one for one in reversed(rows) if not one.fell_through), None)

    async def of_companion(self, reader: Reader, entry_id: int, user_id: int) -> CompanionRequest | None:
        """Return the request to somebody about an entry, whatever the server: in a direct message there is none."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_requests WHERE entry_id = $1 AND user_id = $2", entry_id, user_id
        )
        return _request(row) if row else None

    async def last_asked(self, reader: Reader, guild_id: int, user_ids: Collection[int]) -> dict[int, datetime]:
        """Return when each of them was asked last about any entry of this server; those never asked are left out."""
        if not user_ids:
            return {}
        places = ", ".join(f"${number}" for number in range(2, 2 + len(user_ids)))
        rows = await reader.fetch_all(
            "SELECT user_id, MAX(asked_at) AS asked_at FROM checkin_requests "  # noqa: S608 - placeholders only
            f"WHERE guild_id = $1 AND user_id IN ({places}) GROUP BY user_id",
            guild_id, *user_ids,
        )  # fmt: skip
        return {row["user_id"]: from_ms(row["asked_at"]) for row in rows}

    async def ask(self, writer: Writer, request: CompanionRequest) -> bool:
        """Keep that a companion is asked, in the place of whoever was before; False where they were already."""
        await writer.execute(
            "UPDATE checkin_requests SET fell_through = 1 WHERE entry_id = $1 AND user_id <> $2",
            request.entry_id, request.user_id,
        )  # fmt: skip
        added = await writer.execute(
            "INSERT INTO checkin_requests (entry_id, user_id, guild_id, asked_at, fell_through) "
            "VALUES ($1, $2, $3, $4, 0) ON CONFLICT (entry_id, user_id) DO NOTHING",
            request.entry_id, request.user_id, request.guild_id, to_ms(request.asked_at),
        )  # fmt: skip
        return added > 0

    async def fall_through(self, writer: Writer, entry_id: int, user_id: int) -> bool:
        """Keep that a companion can't, or wasn't reached; False where that was known already."""
        changed = await writer.execute(
            "UPDATE checkin_requests SET fell_through = 1 WHERE entry_id = $1 AND user_id = $2 AND fell_through = 0",
            entry_id, user_id,
        )  # fmt: skip
        return changed > 0


def _request(row: Row) -> CompanionRequest:
    return CompanionRequest(
        entry_id=row["entry_id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        asked_at=from_ms(row["asked_at"]),
        fell_through=bool(row["fell_through"]),
    )
