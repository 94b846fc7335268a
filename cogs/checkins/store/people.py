"""The only room that knows what a rhythm needs beside the entries: reminders, skipped days, the total that stays."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import to_ms
from bot.storage import Reader, Row, Writer
from cogs.checkins.rules.rhythm import Rhythm, Run

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Person:
    """A member's own choices around check-ins, and what the bot keeps of their rhythm.

    `remind_minute` is after midnight by their clock, None without a reminder; `remind_edition` changes with each
    change, so that what an older one planned does nothing. `remind_ended`: the reminder ended because their private
    messages are closed, and they weren't told yet. `months`: how long they keep entries, None as long as the group.
    `offer_day` is the day of the last offer after low days. `kept` is the rhythm of the days before those that count.
    """

    guild_id: int
    user_id: int
    remind_minute: int | None = None
    remind_days: frozenset[int] = EVERY_DAY
    remind_edition: int = 0
    remind_failures: int = 0
    remind_ended: bool = False
    months: int | None = None
    offer_day: date | None = None
    kept: Rhythm | None = None


class PeopleStore:
    """Keeps people, server by server, and the days they skipped. `lock` is `Database.row_lock`."""

    async def get(self, reader: Reader, guild_id: int, user_id: int, lock: str = "") -> Person:
        """Return the person; the defaults for somebody new."""
        row = await reader.fetch_one(
            f"SELECT * FROM checkin_people WHERE guild_id = $1 AND user_id = $2 {lock}",  # noqa: S608
            guild_id, user_id,
        )  # fmt: skip
        return _person(row) if row else Person(guild_id, user_id)

    async def reminded_by(self, reader: Reader, guild_id: int, edition: int, lock: str = "") -> Person | None:
        """Return whose reminder has this edition; None where it was changed, turned off or erased meanwhile."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_people "  # noqa: S608
            f"WHERE guild_id = $1 AND remind_edition = $2 AND remind_minute IS NOT NULL {lock}",
            guild_id, edition,
        )  # fmt: skip
        return _person(row) if row else None

    async def remind(
        self, writer: Writer, guild_id: int, user_id: int, minute: int, days: Iterable[int], edition: int, now: datetime
    ) -> None:
        """Keep when to remind somebody; whatever went wrong with an earlier reminder is forgotten."""
        await writer.execute(
            "INSERT INTO checkin_people (guild_id, user_id, remind_minute, remind_days, remind_edition, "
            "remind_failures, remind_ended, updated_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6) "
            "ON CONFLICT (guild_id, user_id) DO UPDATE SET remind_minute = excluded.remind_minute, "
            "remind_days = excluded.remind_days, remind_edition = excluded.remind_edition, remind_failures = 0, "
            "remind_ended = 0, updated_at = excluded.updated_at",
            guild_id, user_id, minute, sum(1 << day for day in days), edition, to_ms(now),
        )  # fmt: skip

    async def remind_no_more(self, writer: Writer, guild_id: int, user_id: int, now: datetime, *, owed: bool) -> bool:
        """Forget the reminder; False where there was none. `owed`: the person is to be told at their next visit."""
        changed = await writer.execute(
            "UPDATE checkin_people SET remind_minute = NULL, remind_days = NULL, remind_failures = 0, "
            "remind_ended = $3, updated_at = $4 WHERE guild_id = $1 AND user_id = $2 AND remind_minute IS NOT NULL",
            guild_id, user_id, int(owed), to_ms(now),
        )  # fmt: skip
        return changed > 0

    async def failed(self, writer: Writer, guild_id: int, user_id: int, edition: int) -> int:
        """Count a reminder that couldn't be delivered, and return how many in a row did not; 0: it isn't theirs now."""
        failures = await writer.fetch_value(
            "UPDATE checkin_people SET remind_failures = remind_failures + 1 "
            "WHERE guild_id = $1 AND user_id = $2 AND remind_edition = $3 AND remind_minute IS NOT NULL "
            "RETURNING remind_failures",
            guild_id, user_id, edition,
        )  # fmt: skip
        return int(failures or 0)

    async def reached(self, writer: Writer, guild_id: int, user_id: int) -> None:
        """Keep that a reminder was delivered."""
        await writer.execute(
            "UPDATE checkin_people SET remind_failures = 0 "
            "WHERE guild_id = $1 AND user_id = $2 AND remind_failures > 0",
            guild_id, user_id,
        )  # fmt: skip

    async def told(self, writer: Writer, guild_id: int, user_id: int) -> bool:
        """Keep that the person knows why their reminder ended; False where there was nothing to tell."""
        changed = await writer.execute(
            "UPDATE checkin_people SET remind_ended = 0 WHERE guild_id = $1 AND user_id = $2 AND remind_ended = 1",
            guild_id, user_id,
        )  # fmt: skip
        return changed > 0

    async def set_months(
        self, writer: Writer, guild_id: int, user_id: int, months: int | None, now: datetime
    ) -> None:  # fmt: skip
        """Keep for how many months somebody keeps their entries; None: as long as the group does."""
        await self._ensure(writer, guild_id, user_id, now)
        await writer.execute(
            "UPDATE checkin_people SET months = $3, updated_at = $4 WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id, months, to_ms(now),
        )  # fmt: skip

    async def alone(self, writer: Writer, guild_id: int, user_id: int, now: datetime, lock: str) -> Person:
        """Return the person, whom nobody else changes before this transaction ends."""
        await self._ensure(writer, guild_id, user_id, now)
        return await self.get(writer, guild_id, user_id, lock)

    async def offered(self, writer: Writer, guild_id: int, user_id: int, day: date) -> None:
        """Keep the day of an offer after low days."""
        await writer.execute(
            "UPDATE checkin_people SET offer_day = $3 WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id, day.isoformat(),
        )  # fmt: skip

    async def keep(self, writer: Writer, guild_id: int, user_id: int, rhythm: Rhythm) -> None:
        """Keep the rhythm up to its last day: what stands on those days may go now."""
        await writer.execute(
            "UPDATE checkin_people SET kept = $3 WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id, _told(rhythm),
        )  # fmt: skip

    async def _ensure(self, writer: Writer, guild_id: int, user_id: int, now: datetime) -> None:
        await writer.execute(
            "INSERT INTO checkin_people (guild_id, user_id, remind_edition, remind_failures, remind_ended, updated_at) "
            "VALUES ($1, $2, 0, 0, 0, $3) ON CONFLICT (guild_id, user_id) DO NOTHING",
            guild_id, user_id, to_ms(now),
        )  # fmt: skip

    async def skipped(self, reader: Reader, guild_id: int, user_id: int) -> set[date]:
        """Return the days that somebody skipped."""
        rows = await reader.fetch_all(
            "SELECT day FROM checkin_skips WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return {date.fromisoformat(row["day"]) for row in rows}

    async def skip(self, writer: Writer, guild_id: int, user_id: int, day: date, now: datetime) -> bool:
        """Keep that a day is skipped; False where it was already."""
        changed = await writer.execute(
            "INSERT INTO checkin_skips (guild_id, user_id, day, pressed_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (guild_id, user_id, day) DO NOTHING",
            guild_id, user_id, day.isoformat(), to_ms(now),
        )  # fmt: skip
        return changed > 0

    async def unskip(self, writer: Writer, guild_id: int, user_id: int, day: date) -> bool:
        """Forget a skip; False where there was none."""
        changed = await writer.execute(
            "DELETE FROM checkin_skips WHERE guild_id = $1 AND user_id = $2 AND day = $3",
            guild_id, user_id, day.isoformat(),
        )  # fmt: skip
        return changed > 0

    async def is_over(self, reader: Reader, guild_id: int, user_id: int, day: date) -> bool:
        """Whether there is nothing to remind of any more on a day: checked in, or skipped."""
        found = await reader.fetch_value(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM checkin_entries "
            "WHERE guild_id = $1 AND user_id = $2 AND day = $3) "
            "OR EXISTS (SELECT 1 FROM checkin_skips WHERE guild_id = $1 AND user_id = $2 AND day = $3)",
            guild_id, user_id, day.isoformat(),
        )  # fmt: skip
        return found is not None

    async def moods(self, reader: Reader, guild_id: int, user_id: int) -> dict[date, int]:
        """Return the lowest mood of each day on which somebody gave one."""
        rows = await reader.fetch_all(
            "SELECT day, MIN(mood) AS mood FROM checkin_entries "
            "WHERE guild_id = $1 AND user_id = $2 AND mood IS NOT NULL GROUP BY day",
            guild_id, user_id,
        )  # fmt: skip
        return {date.fromisoformat(row["day"]): row["mood"] for row in rows}


def _person(row: Row) -> Person:
    mask = row["remind_days"]
    return Person(
        guild_id=row["guild_id"],
        user_id=row["user_id"],
        remind_minute=row["remind_minute"],
        remind_days=EVERY_DAY if mask is None else frozenset(day for day in EVERY_DAY if mask >> day & 1),
        remind_edition=row["remind_edition"],
        remind_failures=row["remind_failures"],
        remind_ended=bool(row["remind_ended"]),
        months=row["months"],
        offer_day=date.fromisoformat(row["offer_day"]) if row["offer_day"] else None,
        kept=_rhythm(row["kept"]) if row["kept"] else None,
    )


def _told(rhythm: Rhythm) -> str:
    run = rhythm.run
    return json.dumps(
        {
            "total": rhythm.total,
            "score": rhythm.score,
            "run": [run.days, run.first.isoformat(), run.last.isoformat()] if run else None,
            "until": rhythm.until.isoformat() if rhythm.until else None,
        },
        separators=(",", ":"),
    )


def _rhythm(words: str) -> Rhythm:
    told = json.loads(words)
    run = told["run"]
    return Rhythm(
        total=told["total"],
        score=told["score"],
        run=Run(run[0], date.fromisoformat(run[1]), date.fromisoformat(run[2])) if run else None,
        until=date.fromisoformat(told["until"]) if told["until"] else None,
    )
