"""The only room that knows which reading a group had on which date."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import to_ms
from bot.storage import Reader, Row, Writer

# A year of readings is kept, so that what was never shown is still known when a group narrows its topics for a while.
KEPT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class DaysReading:
    """The reading of a group's own date, its round through the library, and its post where there is one."""

    day: date
    snippet_id: str
    round: int
    channel_id: int | None = None
    message_id: int | None = None


class DaysStore:
    """Keeps the readings of the days. Rows belong to the group; no person is in them."""

    async def get(self, reader: Reader, guild_id: int, day: date) -> DaysReading | None:
        """Return the reading of a date."""
        row = await reader.fetch_one(
            "SELECT * FROM days_readings WHERE guild_id = $1 AND day = $2", guild_id, day.isoformat()
        )
        return _reading(row) if row else None

    async def others(self, reader: Reader, guild_id: int, day: date) -> tuple[DaysReading, ...]:
        """Return the readings of all dates but `day`, the earliest first.

        A group whose clock went back over the date line has had tomorrow's already.
        """
        rows = await reader.fetch_all(
            "SELECT * FROM days_readings WHERE guild_id = $1 AND day <> $2 ORDER BY day", guild_id, day.isoformat()
        )
        return tuple(_reading(row) for row in rows)

    async def last_posted(self, reader: Reader, guild_id: int) -> date | None:
        """Return the last date whose reading was posted."""
        day = await reader.fetch_value(
            "SELECT MAX(day) FROM days_readings WHERE guild_id = $1 AND message_id IS NOT NULL", guild_id
        )
        return date.fromisoformat(day) if day else None

    async def add(
        self, writer: Writer, guild_id: int, day: date, snippet_id: str, number: int, now: datetime
    ) -> DaysReading:
        """Keep the reading of a date and return it; where somebody else chose one first, theirs."""
        await writer.execute(
            "INSERT INTO days_readings (guild_id, day, snippet_id, round, chosen_at) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (guild_id, day) DO NOTHING",
            guild_id, day.isoformat(), snippet_id, number, to_ms(now),
        )  # fmt: skip
        return await self.get(writer, guild_id, day) or DaysReading(day, snippet_id, number)

    async def change(self, writer: Writer, guild_id: int, old: DaysReading, snippet_id: str, number: int) -> None:
        """Put another reading in the place of one that can't be shown any more."""
        await writer.execute(
            "UPDATE days_readings SET snippet_id = $4, round = $5 "
            "WHERE guild_id = $1 AND day = $2 AND snippet_id = $3",
            guild_id, old.day.isoformat(), old.snippet_id, snippet_id, number,
        )  # fmt: skip

    async def posted(
        self, writer: Writer, guild_id: int, day: date, snippet_id: str, channel_id: int, message_id: int
    ) -> None:
        """Keep what was posted on a date, and where; it is the day's, whatever was chosen in the meantime."""
        await writer.execute(
            "UPDATE days_readings SET snippet_id = $3, channel_id = $4, message_id = $5 "
            "WHERE guild_id = $1 AND day = $2",
            guild_id, day.isoformat(), snippet_id, channel_id, message_id,
        )  # fmt: skip

    async def prune(self, writer: Writer, guild_id: int, day: date, number: int) -> None:
        """Forget the rounds before the last one, as far as they are older than a year."""
        await writer.execute(
            "DELETE FROM days_readings WHERE guild_id = $1 AND day < $2 AND round < $3",
            guild_id, (day - KEPT).isoformat(), number - 1,
        )  # fmt: skip

    async def delete_all(self, writer: Writer, guild_id: int) -> None:
        """Forget all of a group's days."""
        await writer.execute("DELETE FROM days_readings WHERE guild_id = $1", guild_id)


def _reading(row: Row) -> DaysReading:
    return DaysReading(
        date.fromisoformat(row["day"]), row["snippet_id"], row["round"], row["channel_id"], row["message_id"]
    )
