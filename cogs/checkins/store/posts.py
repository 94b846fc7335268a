"""The only room that knows which post of a check-in stands on which date."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import from_ms, to_ms
from bot.storage import Reader, Row, Writer

_FIELDS = "schedule_id, guild_id, day, channel_id, message_id, thread_id, prompt_id, posted_at, edits, edited_at"


@dataclass(frozen=True, slots=True)
class DayPost:
    """The post of a check-in's date. `thread_id` is its thread, where there is one.

    `prompt_id` is what it begins with, None for the plain line. `edits` numbers the edits of its count, the last one at
    `edited_at`.
    """

    schedule_id: int
    guild_id: int
    day: date
    channel_id: int
    message_id: int
    thread_id: int | None
    prompt_id: str | None
    posted_at: datetime
    edits: int = 0
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A date on which a check-in was really asked, and when."""

    schedule_id: int
    day: date
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the post of a date begins with, and where it was to stand when that was chosen (0 where nobody knows).

    `before` is when somebody had chosen already; None where nobody had, so that nobody can have posted.
    """

    prompt_id: str | None
    channel_id: int
    before: datetime | None = None


class PostStore:
    """Keeps the posts. Rows belong to the group; no person is in them.

    A row without a message is a choice: made before the post, so that each try of it says the same.
    """

    async def get(self, reader: Reader, schedule_id: int, day: date) -> DayPost | None:
        """Return the post of a check-in's date."""
        row = await reader.fetch_one(
            f"SELECT {_FIELDS} FROM checkin_posts "  # noqa: S608 - names of columns
            "WHERE schedule_id = $1 AND day = $2 AND message_id IS NOT NULL",
            schedule_id, day.isoformat(),
        )  # fmt: skip
        return _post(row) if row else None

    async def last(self, reader: Reader, schedule_id: int, not_after: datetime | None = None) -> DayPost | None:
        """Return the newest post of a check-in, of those posted up to a moment."""
        row = await reader.fetch_one(
            f"SELECT {_FIELDS} FROM checkin_posts "  # noqa: S608
            "WHERE schedule_id = $1 AND posted_at <= $2 AND message_id IS NOT NULL ORDER BY day DESC LIMIT 1",
            schedule_id, 2**63 - 1 if not_after is None else to_ms(not_after),
        )  # fmt: skip
        return _post(row) if row else None

    async def by_message(self, reader: Reader, guild_id: int, message_id: int) -> DayPost | None:
        """Return the post that a message of the group is."""
        row = await reader.fetch_one(
            f"SELECT {_FIELDS} FROM checkin_posts WHERE guild_id = $1 AND message_id = $2",  # noqa: S608
            guild_id, message_id,
        )  # fmt: skip
        return _post(row) if row else None

    async def days_asked(
        self, reader: Reader, guild_id: int, schedule_ids: Collection[int], since: date
    ) -> tuple[Asked, ...]:
        """Return the dates from `since` on, on which a post of one of these check-ins stands, the earliest first."""
        if not schedule_ids:
            return ()
        places = ", ".join(f"${number}" for number in range(3, 3 + len(schedule_ids)))
        rows = await reader.fetch_all(
            "SELECT schedule_id, day, posted_at FROM checkin_posts "  # noqa: S608 - placeholders
            f"WHERE guild_id = $1 AND day >= $2 AND schedule_id IN ({places}) AND message_id IS NOT NULL "
            "ORDER BY day, schedule_id",
            guild_id, since.isoformat(), *schedule_ids,
        )  # fmt: skip
        return tuple(
            Asked(row["schedule_id"], date.fromisoformat(row["day"]), from_ms(row["posted_at"])) for row in rows
        )

    async def used_prompts(self, reader: Reader, guild_id: int, since: date) -> dict[str, date]:
        """Return the last date, from `since` on, of each prompt that any check-in of the group used or has chosen."""
        rows = await reader.fetch_all(
            "SELECT prompt_id, MAX(day) AS last FROM checkin_posts "
            "WHERE guild_id = $1 AND day >= $2 AND prompt_id IS NOT NULL GROUP BY prompt_id",
            guild_id, since.isoformat(),
        )  # fmt: skip
        return {row["prompt_id"]: date.fromisoformat(row["last"]) for row in rows}

    async def chosen(self, reader: Reader, schedule_id: int, day: date) -> Chosen | None:
        """Return what the post of a date begins with, posted or not; None where nobody has chosen."""
        row = await reader.fetch_one(
            "SELECT prompt_id, channel_id, posted_at FROM checkin_posts WHERE schedule_id = $1 AND day = $2",
            schedule_id, day.isoformat(),
        )  # fmt: skip
        return Chosen(row["prompt_id"], row["channel_id"], from_ms(row["posted_at"])) if row else None

    async def tried(self, reader: Reader, schedule_id: int, after: date) -> date | None:
        """Return the first date behind `after` that somebody chose words for and has no post that we know of."""
        day = await reader.fetch_value(
            "SELECT MIN(day) FROM checkin_posts WHERE schedule_id = $1 AND day > $2 AND message_id IS NULL",
            schedule_id, after.isoformat(),
        )  # fmt: skip
        return date.fromisoformat(day) if day else None

    async def choose(
        self,
        writer: Writer,
        guild_id: int,
        schedule_id: int,
        day: date,
        channel_id: int,
        prompt_id: str | None,
        now: datetime,
    ) -> Chosen:
        """Keep what the post of a date will begin with and return it; where somebody chose before, theirs."""
        changed = await writer.execute(
            "INSERT INTO checkin_posts (schedule_id, day, guild_id, channel_id, prompt_id, posted_at, edits) "
            "VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (schedule_id, day) DO NOTHING",
            schedule_id, day.isoformat(), guild_id, channel_id, prompt_id, to_ms(now),
        )  # fmt: skip
        if changed:
            return Chosen(prompt_id, channel_id)
        return await self.chosen(writer, schedule_id, day) or Chosen(prompt_id, channel_id, now)

    async def posted(self, writer: Writer, post: DayPost) -> None:
        """Keep a post; of one that is kept already the thread alone, where it has one by now."""
        await writer.execute(
            "INSERT INTO checkin_posts (schedule_id, day, guild_id, channel_id, message_id, thread_id, prompt_id, "
            "posted_at, edits, edited_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
            "ON CONFLICT (schedule_id, day) DO UPDATE SET "
            "posted_at = CASE WHEN checkin_posts.message_id IS NULL THEN excluded.posted_at "
            "ELSE checkin_posts.posted_at END, "
            "channel_id = CASE WHEN checkin_posts.message_id IS NULL THEN excluded.channel_id "
            "ELSE checkin_posts.channel_id END, "
            "message_id = COALESCE(checkin_posts.message_id, excluded.message_id), "
            "thread_id = COALESCE(excluded.thread_id, checkin_posts.thread_id)",
            post.schedule_id, post.day.isoformat(), post.guild_id, post.channel_id, post.message_id, post.thread_id,
            post.prompt_id, to_ms(post.posted_at), post.edits, to_ms(post.edited_at) if post.edited_at else None,
        )  # fmt: skip

    async def edited(self, writer: Writer, schedule_id: int, day: date, at: datetime) -> int:
        """Count an edit of the post and return how many there are by now; 0 where there is no post."""
        edits = await writer.fetch_value(
            "UPDATE checkin_posts SET edits = edits + 1, edited_at = $3 "
            "WHERE schedule_id = $1 AND day = $2 AND message_id IS NOT NULL RETURNING edits",
            schedule_id, day.isoformat(), to_ms(at),
        )  # fmt: skip
        return int(edits or 0)

    async def delete_all(self, writer: Writer, guild_id: int) -> int:
        """Forget the posts of a group and return how many rows they were."""
        return await writer.execute("DELETE FROM checkin_posts WHERE guild_id = $1", guild_id)


def _post(row: Row) -> DayPost:
    return DayPost(
        schedule_id=row["schedule_id"],
        guild_id=row["guild_id"],
        day=date.fromisoformat(row["day"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        prompt_id=row["prompt_id"],
        posted_at=from_ms(row["posted_at"]),
        edits=row["edits"],
        edited_at=None if row["edited_at"] is None else from_ms(row["edited_at"]),
    )
