"""The only room that knows when, where and what a group's check-ins ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import to_ms
from bot.storage import Reader, Row, Vault, Writer, alone


@dataclass(frozen=True, slots=True)
class CheckinSchedule:
    """One check-in of a group.

    `minute` is after midnight by the clock of `timezone`, the group's own where that is None. Each change gets a new
    `edition`: what an older one planned does nothing. `settled_day` is the last date that was posted, or skipped and
    accounted for. Paused, it asks on no date before `paused_until`, or on none at all. `trouble` is a token that says
    why the last ones were not posted as they should be, since `trouble_day`.
    """

    schedule_id: int
    guild_id: int
    name: str
    channel_id: int
    minute: int
    timezone: str | None
    weekdays: frozenset[int]
    question_set: str
    thread: bool
    prompts: bool
    edition: int
    settled_day: date
    paused: bool = False
    paused_until: date | None = None
    trouble: str | None = None
    trouble_day: date | None = None


class ScheduleStore:
    """Keeps the check-ins of groups; their names are sealed. Rows belong to the group: no person is in them.

    `lock` is `Database.row_lock` where the block changes what it reads. What reads names raises `SealBroken`.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def alone(self, writer: Writer, guild_id: int, now: datetime) -> None:
        """Let no other change to the group's check-ins happen before this transaction ends; begin each one with it."""
        await alone(writer, f"checkin_schedules:{guild_id}", now)

    async def all_of(self, reader: Reader, guild_id: int, lock: str = "") -> tuple[CheckinSchedule, ...]:
        """Return the group's check-ins, the oldest first."""
        rows = await reader.fetch_all(
            f"SELECT * FROM checkin_schedules WHERE guild_id = $1 ORDER BY created_at, schedule_id {lock}",  # noqa: S608
            guild_id,
        )
        return tuple(self._opened(row) for row in rows)

    async def get(self, reader: Reader, guild_id: int, schedule_id: int, lock: str = "") -> CheckinSchedule | None:
        """Return one of the group's check-ins; None for another group's."""
        row = await reader.fetch_one(
            f"SELECT * FROM checkin_schedules WHERE guild_id = $1 AND schedule_id = $2 {lock}",  # noqa: S608
            guild_id, schedule_id,
        )  # fmt: skip
        return self._opened(row) if row else None

    async def put(self, writer: Writer, schedule: CheckinSchedule, now: datetime) -> None:
        """Keep a check-in, new or as it is from now on; the row of another group stays as it is."""
        await writer.execute(
            "INSERT INTO checkin_schedules (schedule_id, guild_id, name_sealed, channel_id, minute, timezone, "
            "weekdays, question_set, thread, prompts, edition, settled_day, paused, paused_until, trouble, "
            "trouble_day, created_at, updated_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) "
            "ON CONFLICT (schedule_id) DO UPDATE SET name_sealed = excluded.name_sealed, "
            "channel_id = excluded.channel_id, minute = excluded.minute, timezone = excluded.timezone, "
            "weekdays = excluded.weekdays, question_set = excluded.question_set, thread = excluded.thread, "
            "prompts = excluded.prompts, edition = excluded.edition, settled_day = excluded.settled_day, "
            "paused = excluded.paused, paused_until = excluded.paused_until, trouble = excluded.trouble, "
            "trouble_day = excluded.trouble_day, updated_at = excluded.updated_at "
            "WHERE checkin_schedules.guild_id = excluded.guild_id",
            schedule.schedule_id, schedule.guild_id, self._vault.seal(schedule.name), schedule.channel_id,
            schedule.minute, schedule.timezone, _mask(schedule.weekdays), schedule.question_set, int(schedule.thread),
            int(schedule.prompts), schedule.edition, schedule.settled_day.isoformat(), int(schedule.paused),
            _iso(schedule.paused_until), schedule.trouble, _iso(schedule.trouble_day), to_ms(now),
        )  # fmt: skip

    async def delete(self, writer: Writer, guild_id: int, schedule_id: int) -> bool:
        """Delete a check-in; False where it was not there."""
        changed = await writer.execute(
            "DELETE FROM checkin_schedules WHERE guild_id = $1 AND schedule_id = $2", guild_id, schedule_id
        )
        return changed > 0

    async def settle(self, writer: Writer, schedule_id: int, day: date) -> None:
        """Keep that every date up to this one is posted or accounted for."""
        await writer.execute(
            "UPDATE checkin_schedules SET settled_day = $2 WHERE schedule_id = $1 AND settled_day < $2",
            schedule_id, day.isoformat(),
        )  # fmt: skip

    async def trouble(self, writer: Writer, schedule_id: int, reason: str, day: date) -> bool:
        """Keep why nothing could be posted; False where the check-in's trouble was this one already."""
        changed = await writer.execute(
            "UPDATE checkin_schedules SET trouble = $2, trouble_day = $3 "
            "WHERE schedule_id = $1 AND (trouble IS NULL OR trouble <> $2)",
            schedule_id, reason, day.isoformat(),
        )  # fmt: skip
        return changed > 0

    async def mended(self, writer: Writer, schedule_id: int) -> None:
        """Keep that all is well again."""
        await writer.execute(
            "UPDATE checkin_schedules SET trouble = NULL, trouble_day = NULL WHERE schedule_id = $1", schedule_id
        )

    async def delete_all(self, writer: Writer, guild_id: int) -> int:
        """Delete the check-ins of a group and return how many they were."""
        return await writer.execute("DELETE FROM checkin_schedules WHERE guild_id = $1", guild_id)

    def _opened(self, row: Row) -> CheckinSchedule:
        return CheckinSchedule(
            schedule_id=row["schedule_id"],
            guild_id=row["guild_id"],
            name=self._vault.open(row["name_sealed"]),
            channel_id=row["channel_id"],
            minute=row["minute"],
            timezone=row["timezone"],
            weekdays=frozenset(day for day in range(7) if row["weekdays"] >> day & 1),
            question_set=row["question_set"],
            thread=bool(row["thread"]),
            prompts=bool(row["prompts"]),
            edition=row["edition"],
            settled_day=date.fromisoformat(row["settled_day"]),
            paused=bool(row["paused"]),
            paused_until=_day(row["paused_until"]),
            trouble=row["trouble"],
            trouble_day=_day(row["trouble_day"]),
        )


def _mask(weekdays: Iterable[int]) -> int:
    return sum(1 << day for day in weekdays)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
