"""What was before: since when a person's zone held, and when they rested. Check-in days are labelled and excused by it.

A stay is a zone and the moment it began; None stands for "by the group's". Somebody who never changed theirs has no
rows: then the present one has held since ever.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.clock import EPOCH, from_ms, to_ms
from bot.storage import Reader, Writer

RestKind = Literal["break", "checkins"]
OwnStay = tuple[datetime, str | None]


@dataclass(frozen=True, slots=True)
class Rest:
    """A break from everything, or a rest from check-ins alone; `until` None: it goes on."""

    kind: str
    since: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the person rests at `now`."""
        return self.since <= now and (self.until is None or now < self.until)


async def move(writer: Writer, guild_id: int, user_id: int, timezone: str | None, now: datetime) -> None:
    """Keep that another zone holds from `now` on; nothing where it is the same. Call it before the settings change."""
    row = await writer.fetch_one("SELECT timezone FROM members WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
    before: str | None = row["timezone"] if row else None
    if before == timezone:
        return
    await writer.execute(
        "INSERT INTO member_stays (guild_id, user_id, since, timezone) SELECT $1, $2, 0, $3 "
        "WHERE NOT EXISTS (SELECT 1 FROM member_stays WHERE guild_id = $1 AND user_id = $2)",
        guild_id, user_id, before,
    )  # fmt: skip
    await writer.execute(
        "INSERT INTO member_stays (guild_id, user_id, since, timezone) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (guild_id, user_id, since) DO UPDATE SET timezone = excluded.timezone",
        guild_id, user_id, to_ms(now), timezone,
    )  # fmt: skip


async def stays_of(reader: Reader, guild_id: int, user_id: int) -> tuple[OwnStay, ...]:
    """Return the person's stays, the earliest first; at least one."""
    rows = await reader.fetch_all(
        "SELECT since, timezone FROM member_stays WHERE guild_id = $1 AND user_id = $2 ORDER BY since",
        guild_id, user_id,
    )  # fmt: skip
    if rows:
        return tuple((from_ms(row["since"]), row["timezone"]) for row in rows)
    present: str | None = await reader.fetch_value(
        "SELECT timezone FROM members WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
    )
    return ((EPOCH, present),)


async def begin_rest(
    writer: Writer, guild_id: int, user_id: int, kind: str, now: datetime, until: datetime | None
) -> None:
    """Begin a rest; one of this kind that goes on already gets the new end instead."""
    end = None if until is None else to_ms(until)
    changed = await writer.execute(
        "UPDATE member_rests SET until = $4 WHERE guild_id = $1 AND user_id = $2 AND kind = $3 "
        "AND (until IS NULL OR until > $5)",
        guild_id, user_id, kind, end, to_ms(now),
    )  # fmt: skip
    if not changed:
        await writer.execute(
            "INSERT INTO member_rests (guild_id, user_id, kind, since, until) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (guild_id, user_id, kind, since) DO UPDATE SET until = excluded.until",
            guild_id, user_id, kind, to_ms(now), end,
        )  # fmt: skip


async def end_rest(writer: Writer, guild_id: int, user_id: int, kind: str, now: datetime) -> bool:
    """End a rest of this kind; False where none went on."""
    changed = await writer.execute(
        "UPDATE member_rests SET until = $4 WHERE guild_id = $1 AND user_id = $2 AND kind = $3 "
        "AND (until IS NULL OR until > $4)",
        guild_id, user_id, kind, to_ms(now),
    )  # fmt: skip
    return changed > 0


async def rests_of(reader: Reader, guild_id: int, user_id: int) -> tuple[Rest, ...]:
    """Return the person's rests, the earliest first, with a break from before these were kept."""
    rows = await reader.fetch_all(
        "SELECT kind, since, until FROM member_rests WHERE guild_id = $1 AND user_id = $2 "
        "UNION SELECT 'break' AS kind, break_since AS since, break_until AS until FROM members "
        "WHERE guild_id = $1 AND user_id = $2 AND break_since IS NOT NULL ORDER BY since, kind",
        guild_id, user_id,
    )  # fmt: skip
    return tuple(
        Rest(row["kind"], from_ms(row["since"]), None if row["until"] is None else from_ms(row["until"]))
        for row in rows
    )
