"""The only room that knows the table of entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import from_ms, to_ms
from bot.contracts import Post, post_of
from bot.storage import Reader, Row, Vault, Writer
from cogs.checkins.rules.audience import Place
from cogs.checkins.store.entry import COLUMNS, Entry, EntryRows

__all__ = ["Entry", "EntryStore", "Overdue"]

_PLACES = ", ".join(f"${number}" for number in range(1, len(COLUMNS) + 1))
_INSERT = f"INSERT INTO checkin_entries ({', '.join(COLUMNS)}) VALUES ({_PLACES})"  # noqa: S608 - this file's names
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])


@dataclass(frozen=True, slots=True)
class Overdue:
    """An open wish for a reply, nothing of its entry opened; `told`: the team was to be told that it is overdue."""

    guild_id: int
    entry_id: int
    asked_at: datetime
    told: bool


class EntryStore:
    """Keeps entries. Every question is asked within one server; ids of another open nothing."""

    def __init__(self, vault: Vault) -> None:
        rows = EntryRows(vault)
        self._opened, self._values = rows.opened, rows.values

    async def get(self, reader: Reader, guild_id: int, entry_id: int, lock: str = "") -> Entry | None:
        """Return an entry of this server; `lock` is the database's `row_lock` where the block will change it."""
        row = await reader.fetch_one(
            f"SELECT * FROM checkin_entries WHERE entry_id = $1 AND guild_id = $2 {lock}",  # noqa: S608
            entry_id, guild_id,
        )  # fmt: skip
        return self._opened(row) if row else None

    async def find(
        self, reader: Reader, guild_id: int, user_id: int, schedule_id: int, day: date, lock: str = ""
    ) -> Entry | None:
        """Return the one entry that a person can have under a schedule and a day."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_entries "  # noqa: S608
            f"WHERE guild_id = $1 AND user_id = $2 AND schedule_id = $3 AND day = $4 {lock}",
            guild_id, user_id, schedule_id, day.isoformat(),
        )  # fmt: skip
        return self._opened(row) if row else None

    async def of_day(self, reader: Reader, guild_id: int, user_id: int, day: date) -> tuple[Entry, ...]:
        """Return a person's entries of one day, the first written first."""
        return await self.between(reader, guild_id, user_id, day, day)

    async def between(
        self, reader: Reader, guild_id: int, user_id: int, first: date, last: date
    ) -> tuple[Entry, ...]:  # fmt: skip
        """Return a person's entries of the days from `first` to `last`, the oldest first."""
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_entries WHERE guild_id = $1 AND user_id = $2 AND day >= $3 AND day <= $4 "
            "ORDER BY day, written_at, entry_id",
            guild_id, user_id, first.isoformat(), last.isoformat(),
        )  # fmt: skip
        return self._all(rows)

    async def page(
        self, reader: Reader, guild_id: int, user_id: int, before: tuple[date, int] | None, limit: int
    ) -> tuple[Entry, ...]:
        """Return up to `limit` entries, the newest day first, behind the (day, entry_id) `before`; None: from today."""
        day, entry_id = before or (date.max, 0)
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_entries WHERE guild_id = $1 AND user_id = $2 "
            "AND (day < $3 OR (day = $3 AND entry_id < $4)) ORDER BY day DESC, entry_id DESC LIMIT $5",
            guild_id, user_id, day.isoformat(), entry_id, limit,
        )  # fmt: skip
        return self._all(rows)

    async def by_message(self, reader: Reader, guild_id: int, message_id: int) -> Entry | None:
        """Return the entry that a post of this server shows."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_entries WHERE message_id = $1 AND guild_id = $2", message_id, guild_id
        )
        return self._opened(row) if row else None

    async def by_room(self, reader: Reader, guild_id: int, room_id: int) -> Entry | None:
        """Return the newest entry that a private thread of this server is about."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_entries WHERE room_id = $1 AND guild_id = $2 ORDER BY entry_id DESC LIMIT 1",
            room_id, guild_id,
        )  # fmt: skip
        return self._opened(row) if row else None

    async def author_of(self, reader: Reader, guild_id: int, message_id: int) -> int | None:
        """Return who is named in a post of this server, for a report about it; None for any other message."""
        user_id: int | None = await reader.fetch_value(
            "SELECT user_id FROM checkin_entries WHERE message_id = $1 AND guild_id = $2", message_id, guild_id
        )
        return user_id

    async def waiting(self, reader: Reader, guild_id: int) -> tuple[Entry, ...]:
        """Return the entries whose wish for a reply is open, the one that waits longest first."""
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_entries WHERE guild_id = $1 AND asked_at IS NOT NULL AND answered_at IS NULL "
            "ORDER BY asked_at, entry_id",
            guild_id,
        )
        return self._all(rows)

    async def overdue(
        self, reader: Reader, since: datetime, until: datetime, after: timedelta
    ) -> tuple[Overdue, ...]:  # fmt: skip
        """Return the open wishes between two moments, of all servers, of which no word to the team stands.

        A word counts that was posted from `after` the wish on.
        """
        rows = await reader.fetch_all(
            "SELECT guild_id, entry_id, asked_at, told FROM checkin_entries WHERE asked_at IS NOT NULL "
            "AND answered_at IS NULL AND asked_at > $1 AND asked_at < $2 AND NOT EXISTS ("
            "SELECT 1 FROM checkin_notes WHERE checkin_notes.entry_id = checkin_entries.entry_id "
            "AND kind = 'told' AND posted_at >= asked_at + $3) ORDER BY asked_at, entry_id",
            to_ms(since), to_ms(until), after // timedelta(milliseconds=1),
        )  # fmt: skip
        return tuple(
            Overdue(row["guild_id"], row["entry_id"], from_ms(row["asked_at"]), bool(row["told"])) for row in rows
        )

    async def days_done(self, reader: Reader, guild_id: int, user_id: int) -> set[date]:
        """Return every day with an entry of this person."""
        rows = await reader.fetch_all(
            "SELECT DISTINCT day FROM checkin_entries WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return {date.fromisoformat(row["day"]) for row in rows}

    async def schedules_answered(self, reader: Reader, guild_id: int, user_id: int) -> dict[int, date]:
        """Return the schedules that this person has answered and since which day, as far as entries are kept."""
        rows = await reader.fetch_all(
            "SELECT schedule_id, MIN(day) AS first FROM checkin_entries WHERE guild_id = $1 AND user_id = $2 "
            "AND schedule_id <> 0 GROUP BY schedule_id",
            guild_id, user_id,
        )  # fmt: skip
        return {row["schedule_id"]: date.fromisoformat(row["first"]) for row in rows}

    async def count(self, reader: Reader, schedule_id: int, post_day: date) -> int:
        """Return how many people checked in to a post."""
        found = await reader.fetch_value(
            "SELECT COUNT(DISTINCT user_id) FROM checkin_entries WHERE schedule_id = $1 AND post_day = $2",
            schedule_id, post_day.isoformat(),
        )  # fmt: skip
        return int(found)

    async def add(self, writer: Writer, entry: Entry) -> bool:
        """Keep a new entry; False where the person has one under this schedule and day already."""
        added = await writer.execute(
            f"{_INSERT} ON CONFLICT (guild_id, user_id, schedule_id, day) DO NOTHING", *self._values(entry)
        )
        return added > 0

    async def put(self, writer: Writer, entry: Entry) -> None:
        """Keep an entry as it stands, new or in place of what was kept under its id."""
        await writer.execute(f"{_INSERT} ON CONFLICT (entry_id) DO UPDATE SET {_UPDATES}", *self._values(entry))

    async def delete(self, writer: Writer, entry_id: int) -> None:
        """Delete an entry."""
        await writer.execute("DELETE FROM checkin_entries WHERE entry_id = $1", entry_id)

    async def delete_all_of(self, writer: Writer, guild_id: int, user_id: int) -> dict[int, Post | None]:
        """Delete a person's entries in this server; return them by id, each with its post.

        They are read as they go: a delivery may be keeping where one stands at this very moment.
        """
        rows = await writer.fetch_all(
            "DELETE FROM checkin_entries WHERE guild_id = $1 AND user_id = $2 "
            "RETURNING entry_id, channel_id, message_id",
            guild_id, user_id,
        )  # fmt: skip
        return {row["entry_id"]: post_of(row["channel_id"], row["message_id"]) for row in rows}

    async def posted(
        self, writer: Writer, entry_id: int, edition: int, place: Place, channel_id: int, message_id: int
    ) -> bool:
        """Keep where the post stands, and drop the words of that edition: they live there now.

        False where the entry is gone or another post of it stands.
        """
        changed = await writer.execute(
            "UPDATE checkin_entries SET place = $3, channel_id = $4, message_id = $5, "
            "words_sealed = CASE WHEN edition = $2 THEN NULL ELSE words_sealed END "
            "WHERE entry_id = $1 AND (message_id IS NULL OR message_id = $5)",
            entry_id, edition, place.value, channel_id, message_id,
        )  # fmt: skip
        return changed > 0

    async def unposted(self, writer: Writer, entry_id: int, place: Place = Place.NOWHERE) -> None:
        """Keep that no post stands; `place` is where the next one goes, or nowhere."""
        await writer.execute(
            "UPDATE checkin_entries SET place = $2, channel_id = NULL, message_id = NULL WHERE entry_id = $1",
            entry_id, place.value,
        )  # fmt: skip

    async def set_asked(self, writer: Writer, entry_id: int, at: datetime | None) -> None:
        """Open the wish for a reply at a moment, or withdraw it; what was told of an earlier wish is forgotten."""
        await writer.execute(
            "UPDATE checkin_entries SET asked_at = $2, answered_at = NULL, told_early = 0, told = 0 "
            "WHERE entry_id = $1",
            entry_id, None if at is None else to_ms(at),
        )  # fmt: skip

    async def answer(self, writer: Writer, entry_id: int, at: datetime) -> bool:
        """Settle the wish; False where it was settled before, or there is none."""
        changed = await writer.execute(
            "UPDATE checkin_entries SET answered_at = $2 "
            "WHERE entry_id = $1 AND asked_at IS NOT NULL AND answered_at IS NULL",
            entry_id, to_ms(at),
        )  # fmt: skip
        return changed > 0

    async def tell(self, writer: Writer, entry_id: int, early: bool) -> None:
        """Keep that the team is told of the wish, early or when it was overdue."""
        column = "told_early" if early else "told"
        await writer.execute(f"UPDATE checkin_entries SET {column} = 1 WHERE entry_id = $1", entry_id)  # noqa: S608

    async def room(self, writer: Writer, entry_id: int, room_id: int | None) -> None:
        """Keep which private thread of writer and team the entry has; None: it is gone."""
        await writer.execute("UPDATE checkin_entries SET room_id = $2 WHERE entry_id = $1", entry_id, room_id)

    def _all(self, rows: Iterable[Row]) -> tuple[Entry, ...]:
        return tuple(self._opened(row) for row in rows)
