"""The only room that knows the table of readings posted with somebody's note. The note itself is in Discord alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import from_ms, to_ms
from bot.contracts import Post
from bot.storage import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class Shared:
    """A post that names the person whose note stands above a reading."""

    guild_id: int
    user_id: int
    channel_id: int
    message_id: int
    snippet_id: str
    shared_at: datetime

    @property
    def post(self) -> Post:
        """The message, to be deleted with the person's data."""
        return Post(self.channel_id, self.message_id)


class SharedStore:
    """A row stays for as long as its post may stand, so that it can be taken back however late."""

    async def add(self, writer: Writer, shared: Shared) -> None:
        """Keep whose post it is; a second time changes nothing."""
        await writer.execute(
            "INSERT INTO shared_readings (message_id, guild_id, user_id, channel_id, snippet_id, shared_at) "
            "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_id) DO NOTHING",
            shared.message_id, shared.guild_id, shared.user_id, shared.channel_id, shared.snippet_id,
            to_ms(shared.shared_at),
        )  # fmt: skip

    async def get(self, reader: Reader, guild_id: int, message_id: int) -> Shared | None:
        """Return a post of this server."""
        row = await reader.fetch_one(
            "SELECT * FROM shared_readings WHERE guild_id = $1 AND message_id = $2", guild_id, message_id
        )
        return _shared(row) if row else None

    async def author_of(self, reader: Reader, guild_id: int, message_id: int) -> int | None:
        """Return who is named in a post of this server, for a report about it; None for any other message."""
        shared = await self.get(reader, guild_id, message_id)
        return shared.user_id if shared else None

    async def all_of(self, reader: Reader, guild_id: int, user_id: int) -> tuple[Shared, ...]:
        """Return the person's posts in this server, the newest first."""
        rows = await reader.fetch_all(
            "SELECT * FROM shared_readings WHERE guild_id = $1 AND user_id = $2 "
            "ORDER BY shared_at DESC, message_id DESC",
            guild_id, user_id,
        )  # fmt: skip
        return tuple(_shared(row) for row in rows)

    async def last_of(self, reader: Reader, guild_id: int, user_id: int, snippet_ids: Sequence[str]) -> Shared | None:
        """Return the person's newest post of a reading, under any of the ids it has or had."""
        return next(
            (one for one in await self.all_of(reader, guild_id, user_id) if one.snippet_id in snippet_ids), None
        )

    async def remove(self, writer: Writer, guild_id: int, message_id: int) -> None:
        """Forget a post of this server."""
        await writer.execute(
            "DELETE FROM shared_readings WHERE guild_id = $1 AND message_id = $2", guild_id, message_id
        )


def _shared(row: Row) -> Shared:
    return Shared(
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        snippet_id=row["snippet_id"],
        shared_at=from_ms(row["shared_at"]),
    )
