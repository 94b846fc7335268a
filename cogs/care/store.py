"""The only room that knows the table of calls for the team."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.contracts import Erased, OwnedTables, Post
from bot.storage import Reader, Row, Writer

_MOMENTS = ("created_at", "claimed_at", "settled_at")


@dataclass(frozen=True, slots=True)
class CareRequest:
    """Somebody asked for the team: who, since when, where the card stands, who came.

    `waiting_id` and `welcome_id` are what the bot said in the quiet room: that nobody has come, and that somebody has.
    """

    request_id: int
    guild_id: int
    user_id: int
    created_at: datetime
    channel_id: int | None = None
    message_id: int | None = None
    thread_id: int | None = None
    waiting_id: int | None = None
    welcome_id: int | None = None
    claimed_by: int | None = None
    settled: bool = False

    def posts(self) -> tuple[Post, ...]:
        """Return every message of the bot's that names the person."""
        places = (
            (self.channel_id, self.message_id),
            (self.thread_id, self.waiting_id),
            (self.thread_id, self.welcome_id),
        )
        return tuple(
            Post(channel, message) for channel, message in places if channel is not None and message is not None
        )


class CareStore(OwnedTables):
    """Keeps calls for the team; also answers for them when somebody exports or erases their data."""

    name = "care"
    tables = frozenset({"care_requests"})

    async def open_of(self, reader: Reader, guild_id: int, user_id: int) -> CareRequest | None:
        """Return the person's call that nobody has settled yet."""
        row = await reader.fetch_one(
            "SELECT * FROM care_requests WHERE guild_id = $1 AND user_id = $2 AND settled_at IS NULL "
            "ORDER BY created_at DESC LIMIT 1",
            guild_id, user_id,
        )  # fmt: skip
        return _request(row) if row else None

    async def any_open(self, reader: Reader, guild_id: int, since: datetime) -> bool:
        """Whether there is a call in this server, made after `since`, that nobody has settled yet."""
        found = await reader.fetch_value(
            "SELECT 1 FROM care_requests WHERE guild_id = $1 AND settled_at IS NULL AND created_at > $2 LIMIT 1",
            guild_id, to_ms(since),
        )  # fmt: skip
        return found is not None

    async def get(self, reader: Reader, guild_id: int, request_id: int) -> CareRequest | None:
        """Return a call of this server."""
        row = await reader.fetch_one(
            "SELECT * FROM care_requests WHERE guild_id = $1 AND request_id = $2", guild_id, request_id
        )
        return _request(row) if row else None

    async def add(self, writer: Writer, request: CareRequest) -> bool:
        """Keep a new call; False where the person has an open one."""
        added = await writer.execute(
            "INSERT INTO care_requests (request_id, guild_id, user_id, created_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT DO NOTHING",
            request.request_id, request.guild_id, request.user_id, to_ms(request.created_at),
        )  # fmt: skip
        return added > 0

    async def posted(self, writer: Writer, request_id: int, channel_id: int, message_id: int) -> None:
        """Keep where the card stands."""
        await writer.execute(
            "UPDATE care_requests SET channel_id = $2, message_id = $3 WHERE request_id = $1",
            request_id, channel_id, message_id,
        )  # fmt: skip

    async def opened(self, writer: Writer, request_id: int, thread_id: int) -> None:
        """Keep which quiet room belongs to the call."""
        await writer.execute("UPDATE care_requests SET thread_id = $2 WHERE request_id = $1", request_id, thread_id)

    async def waited(self, writer: Writer, request_id: int, message_id: int) -> None:
        """Keep which message in the quiet room says that nobody has come yet."""
        await writer.execute("UPDATE care_requests SET waiting_id = $2 WHERE request_id = $1", request_id, message_id)

    async def welcomed(self, writer: Writer, request_id: int, message_id: int) -> None:
        """Keep which message in the quiet room says who has come."""
        await writer.execute("UPDATE care_requests SET welcome_id = $2 WHERE request_id = $1", request_id, message_id)

    async def claim(self, writer: Writer, guild_id: int, request_id: int, helper_id: int, now: datetime) -> bool:
        """Let one person take the call; False where somebody else was first or it is settled."""
        changed = await writer.execute(
            "UPDATE care_requests SET claimed_by = $3, claimed_at = $4 WHERE guild_id = $1 AND request_id = $2 "
            "AND claimed_by IS NULL AND settled_at IS NULL",
            guild_id, request_id, helper_id, to_ms(now),
        )  # fmt: skip
        return changed > 0

    async def settle(self, writer: Writer, guild_id: int, request_id: int, helper_id: int, now: datetime) -> bool:
        """Close the call; False where it was closed already."""
        changed = await writer.execute(
            "UPDATE care_requests SET settled_at = $4, claimed_by = COALESCE(claimed_by, $3) "
            "WHERE guild_id = $1 AND request_id = $2 AND settled_at IS NULL",
            guild_id, request_id, helper_id, to_ms(now),
        )  # fmt: skip
        return changed > 0

    async def close(self, writer: Writer, request_id: int, now: datetime) -> None:
        """Close a call in whose place its person has made a new one."""
        await writer.execute(
            "UPDATE care_requests SET settled_at = $2 WHERE request_id = $1 AND settled_at IS NULL",
            request_id, to_ms(now),
        )  # fmt: skip

    async def forget(self, writer: Writer, request_id: int) -> None:
        """Delete a call."""
        await writer.execute("DELETE FROM care_requests WHERE request_id = $1", request_id)

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        """Return when the person asked for the team and whether somebody came, and the calls they answered."""
        found: dict[str, Any] = {}
        for name, column in (("calls_for_the_team", "user_id"), ("calls_answered", "claimed_by")):
            rows = await reader.fetch_all(
                f"SELECT created_at, claimed_at, settled_at FROM care_requests "  # noqa: S608 - the two names above
                f"WHERE guild_id = $1 AND {column} = $2 ORDER BY created_at",
                guild_id, user_id,
            )  # fmt: skip
            if rows:
                found[name] = [{moment: _told(row[moment]) for moment in _MOMENTS} for row in rows]
        return found

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete the person's calls, name what the bot posted for them, and forget that they answered others' calls."""
        rows = await writer.fetch_all(
            "SELECT * FROM care_requests WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        erased = await self.erase_rows(writer, guild_id, user_id)
        erased += await writer.execute(
            "UPDATE care_requests SET claimed_by = NULL WHERE guild_id = $1 AND claimed_by = $2", guild_id, user_id
        )
        return Erased(erased, tuple(post for row in rows for post in _request(row).posts()))

    async def servers(self, reader: Reader, user_id: int | None = None) -> set[int]:
        """Return the servers with calls of the person, or answered by them, or of anybody."""
        found = await super().servers(reader, user_id)
        if user_id is not None:
            rows = await reader.fetch_all("SELECT DISTINCT guild_id FROM care_requests WHERE claimed_by = $1", user_id)
            found.update(row["guild_id"] for row in rows)
        return found

    async def people(self, reader: Reader, guild_id: int) -> set[int]:
        """Return everybody who called or answered in this server."""
        found = await super().people(reader, guild_id)
        rows = await reader.fetch_all(
            "SELECT DISTINCT claimed_by FROM care_requests WHERE guild_id = $1 AND claimed_by IS NOT NULL", guild_id
        )
        return found | {row["claimed_by"] for row in rows}


def _told(moment: int | None) -> str | None:
    return None if moment is None else from_ms(moment).isoformat()


def _request(row: Row) -> CareRequest:
    return CareRequest(
        request_id=row["request_id"],
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        created_at=from_ms(row["created_at"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        waiting_id=row["waiting_id"],
        welcome_id=row["welcome_id"],
        claimed_by=row["claimed_by"],
        settled=row["settled_at"] is not None,
    )
