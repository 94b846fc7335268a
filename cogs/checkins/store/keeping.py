"""What is older than it may be kept: found without opening a sealed word, and deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import to_ms
from bot.contracts import Post
from bot.storage import Reader, Row, Writer

ENTRY, REPLY = "entry", "reply"
_TABLES = {ENTRY: ("checkin_entries", "entry_id"), REPLY: ("checkin_replies", "reply_id")}
_WITH_PEOPLE = ("checkin_entries", "checkin_people", "checkin_skips", "checkin_replies", "checkin_requests")


@dataclass(frozen=True, slots=True)
class Old:
    """An entry or a reply (`kind`), and every message of the bot's that goes with it."""

    kind: str
    row_id: int
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back somebody's rows go: the first days of entries and of skips, the last day of an entry."""

    first: date | None
    last: date | None
    skip: date | None


class KeepingStore:
    """Looks over the tables of all parts of the check-ins; what names nobody goes with the rest."""

    async def groups(self, reader: Reader) -> list[int]:
        """Return every server in which anything of the check-ins is kept."""
        tables = (*_WITH_PEOPLE, "checkin_posts", "checkin_weeks")
        rows = await reader.fetch_all(
            " UNION ".join(f"SELECT DISTINCT guild_id FROM {table}" for table in tables)  # noqa: S608 - literals
            + " ORDER BY guild_id"
        )
        return [row["guild_id"] for row in rows]

    async def people(self, reader: Reader, guild_id: int, after: int, limit: int) -> list[int]:
        """Return the next people of whom anything is kept here, in the order of their ids."""
        parts = " UNION ".join(
            f"SELECT user_id FROM {table} WHERE guild_id = $1 AND user_id > $2"  # noqa: S608 - literals
            for table in _WITH_PEOPLE
        )
        rows = await reader.fetch_all(f"{parts} ORDER BY user_id LIMIT $3", guild_id, after, limit)
        return [row["user_id"] for row in rows]

    async def reach(self, reader: Reader, guild_id: int, user_id: int) -> Reach:
        """Return how far back somebody's rows go."""
        row = await reader.fetch_one(
            "SELECT MIN(day) AS first, MAX(day) AS last, "
            "(SELECT MIN(day) FROM checkin_skips WHERE guild_id = $1 AND user_id = $2) AS skip "
            "FROM checkin_entries WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id,
        )  # fmt: skip
        days = (row[name] if row else None for name in ("first", "last", "skip"))
        return Reach(*(date.fromisoformat(day) if day else None for day in days))

    async def old_entries(self, reader: Reader, guild_id: int, user_id: int, day: date, limit: int) -> list[Old]:
        """Return somebody's entries of days before `day`, the oldest first."""
        rows = await reader.fetch_all(
            "SELECT entry_id AS row_id, channel_id, message_id FROM checkin_entries "
            "WHERE guild_id = $1 AND user_id = $2 AND day < $3 ORDER BY day, entry_id LIMIT $4",
            guild_id, user_id, day.isoformat(), limit,
        )  # fmt: skip
        return [await self._entry(reader, guild_id, row) for row in rows]

    async def old_replies(self, reader: Reader, guild_id: int, user_id: int, before: datetime, limit: int) -> list[Old]:
        """Return what somebody wrote back before a moment, the oldest first."""
        rows = await reader.fetch_all(
            "SELECT reply_id AS row_id, channel_id, message_id FROM checkin_replies "
            "WHERE guild_id = $1 AND user_id = $2 AND written_at < $3 ORDER BY written_at, reply_id LIMIT $4",
            guild_id, user_id, to_ms(before), limit,
        )  # fmt: skip
        return [Old(REPLY, row["row_id"], _posts(row)) for row in rows]

    async def get(self, reader: Reader, guild_id: int, kind: str, row_id: int) -> Old | None:
        """Return an entry or a reply as it stands; None where it is gone."""
        table, key = _TABLES[kind]
        row = await reader.fetch_one(
            f"SELECT {key} AS row_id, channel_id, message_id FROM {table} "  # noqa: S608 - four literals
            f"WHERE {key} = $1 AND guild_id = $2",
            row_id, guild_id,
        )  # fmt: skip
        if row is None:
            return None
        return await self._entry(reader, guild_id, row) if kind == ENTRY else Old(kind, row_id, _posts(row))

    async def _entry(self, reader: Reader, guild_id: int, row: Row) -> Old:
        notes = await reader.fetch_all(
            "SELECT channel_id, message_id FROM checkin_notes WHERE entry_id = $1 AND guild_id = $2",
            row["row_id"], guild_id,
        )  # fmt: skip
        return Old(ENTRY, row["row_id"], tuple(post for one in (row, *notes) for post in _posts(one)))

    async def delete(self, writer: Writer, guild_id: int, old: Old) -> None:
        """Delete an entry with what was asked and said about it, or a reply."""
        table, key = _TABLES[old.kind]
        if old.kind == ENTRY:
            for about in ("checkin_requests", "checkin_notes"):
                await writer.execute(
                    f"DELETE FROM {about} WHERE entry_id = $1 AND guild_id = $2",  # noqa: S608 - two literals
                    old.row_id, guild_id,
                )  # fmt: skip
        await writer.execute(
            f"DELETE FROM {table} WHERE {key} = $1 AND guild_id = $2",  # noqa: S608 - four literals
            old.row_id, guild_id,
        )  # fmt: skip

    async def delete_marks(self, writer: Writer, guild_id: int, user_id: int, day: date, before: datetime) -> None:
        """Delete somebody's skips of days before `day`, and that they were asked for a reply before a moment."""
        await writer.execute(
            "DELETE FROM checkin_skips WHERE guild_id = $1 AND user_id = $2 AND day < $3",
            guild_id, user_id, day.isoformat(),
        )  # fmt: skip
        await writer.execute(
            "DELETE FROM checkin_requests WHERE guild_id = $1 AND user_id = $2 AND asked_at < $3",
            guild_id, user_id, to_ms(before),
        )  # fmt: skip

    async def delete_posts(self, writer: Writer, guild_id: int, day: date) -> int:
        """Forget the group's own posts of dates before `day`, and return how many those were."""
        return await writer.execute(
            "DELETE FROM checkin_posts WHERE guild_id = $1 AND day < $2", guild_id, day.isoformat()
        )


def _posts(row: Row) -> tuple[Post, ...]:
    if row["channel_id"] is None or row["message_id"] is None:
        return ()
    return (Post(row["channel_id"], row["message_id"]),)
