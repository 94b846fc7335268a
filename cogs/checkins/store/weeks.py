"""The only room that knows the weekly summaries of a group, and whose answers stand behind their averages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.clock import to_ms
from bot.content.checkins import ROLE_SCALES
from bot.storage import Reader, Row, Writer
from cogs.checkins.rules import Choice, Panel, WeekEntry

_NEAR = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class KeptWeek:
    """What was made out for a week once and holds for ever; `week` is its Monday.

    `people` is None where there were too few to tell anything. `bands` has the fifth of its scale for each measure
    that has an average. The post's ids are those of the message that told it to the group.
    """

    guild_id: int
    week: date
    people: int | None = None
    about_check_ins: int | None = None
    bands: Mapping[str, int] = field(default_factory=dict)
    channel_id: int | None = None
    message_id: int | None = None


class WeekStore:
    """Keeps each week's summary, and the people behind the averages last made out: ids alone, never an answer."""

    async def entries(
        self, writer: Writer, guild_id: int, since: datetime, until: datetime, lock: str
    ) -> tuple[WeekEntry, ...]:
        """Return the entries that the group wrote from `since` to just before `until`; opens no sealed word.

        With the database's `row_lock` nobody's can be erased before this block has kept who is behind an average.
        """
        # Labels lie near the moment of writing wherever somebody lives, also of a yesterday filled in: the index helps.
        first, last = since.date() - _NEAR, until.date() + _NEAR
        rows = await writer.fetch_all(
            "SELECT user_id, day, choice, numbers_shown, mood, sleep, urge FROM checkin_entries "  # noqa: S608
            f"WHERE guild_id = $1 AND day >= $2 AND day <= $3 AND written_at >= $4 AND written_at < $5 {lock}",
            guild_id, first.isoformat(), last.isoformat(), to_ms(since), to_ms(until),
        )  # fmt: skip
        return tuple(_entry(row) for row in rows)

    async def get(self, reader: Reader, guild_id: int, week: date) -> KeptWeek | None:
        """Return what is kept of a week."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_weeks WHERE guild_id = $1 AND week = $2", guild_id, week.isoformat()
        )
        return _kept(row) if row else None

    async def claim(self, writer: Writer, guild_id: int, week: date, now: datetime) -> bool:
        """Take it on to make a week out; False where somebody has. A second process waits here for the first."""
        taken = await writer.execute(
            "INSERT INTO checkin_weeks (guild_id, week, bands, computed_at) VALUES ($1, $2, '{}', $3) "
            "ON CONFLICT (guild_id, week) DO NOTHING",
            guild_id, week.isoformat(), to_ms(now),
        )  # fmt: skip
        return taken > 0

    async def fill(self, writer: Writer, kept: KeptWeek) -> None:
        """Keep what was made out for a week that was claimed."""
        await writer.execute(
            "UPDATE checkin_weeks SET people = $3, about_check_ins = $4, bands = $5 WHERE guild_id = $1 AND week = $2",
            kept.guild_id, kept.week.isoformat(), kept.people, kept.about_check_ins, json.dumps(dict(kept.bands)),
        )  # fmt: skip

    async def posted(self, writer: Writer, guild_id: int, week: date, channel_id: int, message_id: int) -> None:
        """Keep where a week was told to the group."""
        await writer.execute(
            "UPDATE checkin_weeks SET channel_id = $3, message_id = $4 WHERE guild_id = $1 AND week = $2",
            guild_id, week.isoformat(), channel_id, message_id,
        )  # fmt: skip

    async def panels(self, reader: Reader, guild_id: int) -> dict[str, Panel]:
        """Return the people behind each measure's last average."""
        people: dict[str, set[int]] = {}
        rows = await reader.fetch_all("SELECT measure, user_id FROM checkin_panels WHERE guild_id = $1", guild_id)
        for row in rows:
            people.setdefault(row["measure"], set()).add(row["user_id"])
        rows = await reader.fetch_all("SELECT measure, erased FROM checkin_averages WHERE guild_id = $1", guild_id)
        return {row["measure"]: Panel(frozenset(people.get(row["measure"], ())), row["erased"]) for row in rows}

    async def set_panel(self, writer: Writer, guild_id: int, measure: str, people: Iterable[int]) -> None:
        """Keep the people behind a measure's new average in the place of the last one's."""
        await writer.execute("DELETE FROM checkin_panels WHERE guild_id = $1 AND measure = $2", guild_id, measure)
        await writer.execute(
            "INSERT INTO checkin_averages (guild_id, measure, erased) VALUES ($1, $2, 0) "
            "ON CONFLICT (guild_id, measure) DO UPDATE SET erased = 0",
            guild_id, measure,
        )  # fmt: skip
        await writer.execute_many(
            "INSERT INTO checkin_panels (guild_id, measure, user_id) VALUES ($1, $2, $3)",
            [(guild_id, measure, user_id) for user_id in sorted(people)],
        )

    async def forget_person(self, writer: Writer, guild_id: int, user_id: int) -> int:
        """Erase somebody from behind the averages and return how many rows those were.

        That one more person is missing is still counted, without an id: the next average must differ by three.
        """
        await writer.execute(
            "UPDATE checkin_averages SET erased = erased + 1 WHERE guild_id = $1 AND measure IN "
            "(SELECT measure FROM checkin_panels WHERE guild_id = $1 AND user_id = $2)",
            guild_id, user_id,
        )  # fmt: skip
        return await writer.execute(
            "DELETE FROM checkin_panels WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )

    async def forget_told(self, writer: Writer, guild_id: int) -> None:
        """Forget what was told of all weeks. That they were made out stays, with the people behind the last average:
        a week made out a second time would show by how much it differs.
        """
        await writer.execute(
            "UPDATE checkin_weeks SET people = NULL, about_check_ins = NULL, bands = '{}', channel_id = NULL, "
            "message_id = NULL WHERE guild_id = $1",
            guild_id,
        )

    async def delete_before(self, writer: Writer, guild_id: int, week: date) -> int:
        """Delete what is kept of weeks that began before `week`, and return how many those were.

        Where no week is left, the next average has none to be compared with, and nobody need be kept behind one.
        """
        gone = await writer.execute(
            "DELETE FROM checkin_weeks WHERE guild_id = $1 AND week < $2", guild_id, week.isoformat()
        )
        for table in ("checkin_averages", "checkin_panels"):
            await writer.execute(
                f"DELETE FROM {table} WHERE guild_id = $1 "  # noqa: S608 - two literals
                "AND NOT EXISTS (SELECT 1 FROM checkin_weeks WHERE guild_id = $1)",
                guild_id,
            )
        return gone


def _entry(row: Row) -> WeekEntry:
    # Numbers that the writer didn't show "stay with you", as the form says: they are in no average either.
    shown = ROLE_SCALES if row["numbers_shown"] else ()
    answers = {str(role): row[role] for role in shown if row[role] is not None}
    return WeekEntry(row["user_id"], date.fromisoformat(row["day"]), Choice(row["choice"]), answers)


def _kept(row: Row) -> KeptWeek:
    return KeptWeek(
        guild_id=row["guild_id"],
        week=date.fromisoformat(row["week"]),
        people=row["people"],
        about_check_ins=row["about_check_ins"],
        bands=json.loads(row["bands"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
    )
