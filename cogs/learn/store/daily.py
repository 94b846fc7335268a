"""The only room that knows when and where a group's daily reading is posted."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import to_ms
from bot.storage import Reader, Row, Writer


@dataclass(frozen=True, slots=True)
class Schedule:
    """A group's daily reading.

    `minute` is after midnight by the group's clock; no `topics` means all. Each change gets a new `edition`: what an
    older one planned does nothing. `settled_day` is the last date that was posted, or skipped and accounted for.
    `trouble` is a token that says why the last ones were not posted as they should be, since `trouble_day`.
    """

    guild_id: int
    channel_id: int
    minute: int
    topics: tuple[str, ...]
    thread: bool
    edition: int
    settled_day: date
    trouble: str | None = None
    trouble_day: date | None = None


class ScheduleStore:
    """Keeps at most one schedule for each group. `lock` is `Database.row_lock` where the block changes what it reads.

    Rows belong to the group; no person is in them.
    """

    async def get(self, reader: Reader, guild_id: int, lock: str = "") -> Schedule | None:
        """Return the group's schedule."""
        row = await reader.fetch_one(
            f"SELECT * FROM daily_readings WHERE guild_id = $1 {lock}",  # noqa: S608 - the adapter's own words
            guild_id,
        )
        return _schedule(row) if row else None

    async def put(self, writer: Writer, schedule: Schedule, now: datetime) -> None:
        """Keep the schedule in the place of any other."""
        await writer.execute(
            "INSERT INTO daily_readings (guild_id, channel_id, minute, topics, thread, edition, settled_day, trouble, "
            "trouble_day, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
            "ON CONFLICT (guild_id) DO UPDATE SET channel_id = excluded.channel_id, minute = excluded.minute, "
            "topics = excluded.topics, thread = excluded.thread, edition = excluded.edition, "
            "settled_day = excluded.settled_day, trouble = excluded.trouble, trouble_day = excluded.trouble_day, "
            "updated_at = excluded.updated_at",
            schedule.guild_id, schedule.channel_id, schedule.minute, json.dumps(schedule.topics), int(schedule.thread),
            schedule.edition, schedule.settled_day.isoformat(), schedule.trouble,
            schedule.trouble_day.isoformat() if schedule.trouble_day else None, to_ms(now),
        )  # fmt: skip

    async def settle(self, writer: Writer, guild_id: int, day: date) -> None:
        """Keep that every date up to this one is posted or accounted for."""
        await writer.execute(
            "UPDATE daily_readings SET settled_day = $2 WHERE guild_id = $1 AND settled_day < $2",
            guild_id, day.isoformat(),
        )  # fmt: skip

    async def trouble(self, writer: Writer, guild_id: int, reason: str, day: date) -> bool:
        """Keep why nothing could be posted; False where the group's trouble was this one already."""
        changed = await writer.execute(
            "UPDATE daily_readings SET trouble = $2, trouble_day = $3 "
            "WHERE guild_id = $1 AND (trouble IS NULL OR trouble <> $2)",
            guild_id, reason, day.isoformat(),
        )  # fmt: skip
        return changed > 0

    async def mended(self, writer: Writer, guild_id: int) -> None:
        """Keep that all is well again."""
        await writer.execute(
            "UPDATE daily_readings SET trouble = NULL, trouble_day = NULL WHERE guild_id = $1", guild_id
        )

    async def delete(self, writer: Writer, guild_id: int) -> None:
        """Delete the schedule."""
        await writer.execute("DELETE FROM daily_readings WHERE guild_id = $1", guild_id)


def _schedule(row: Row) -> Schedule:
    return Schedule(
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        minute=row["minute"],
        topics=tuple(json.loads(row["topics"])),
        thread=bool(row["thread"]),
        edition=row["edition"],
        settled_day=date.fromisoformat(row["settled_day"]),
        trouble=row["trouble"],
        trouble_day=date.fromisoformat(row["trouble_day"]) if row["trouble_day"] else None,
    )
