"""What the team is told of a check-in that was not posted as it should be: once, with dates, and what they can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.clock import Clock
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Writer
from cogs.checkins.service.clocks import rule_of
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore

TELL = "checkins.turn_tell"
MISSED, ENDED, THREAD = "missed", "ended", "thread"
"""`THREAD` is kept as a check-in's trouble, beside the reasons for which Discord refuses a post."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the team is told: `reason` is a check-in's trouble, `MISSED` or `ENDED`, of dates from `first` to `last`.

    `days` of them were to be asked. There is no next one (`next_at`) while the check-in is paused without end.
    """

    reason: str
    name: str
    channel_id: int
    first: date
    last: date
    days: int
    next_at: datetime | None


class Tellings:
    """Writes down what is to be told, and looks whether it is still true before it is said."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, guilds: Guilds, schedules: ScheduleStore) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._schedules = schedules

    async def plan(
        self, writer: Writer, reason: str, gaps: Sequence[tuple[CheckinSchedule, tuple[date, ...]]], at: datetime
    ) -> None:
        """Write one job that tells of these check-ins, each with its dates, the earliest first."""
        schedule, days = gaps[0]
        payload = {
            "reason": reason,
            "channel": schedule.channel_id,
            "schedules": [one.schedule_id for one, _ in gaps],
            "firsts": [dates[0].isoformat() for _, dates in gaps],
            "lasts": [dates[-1].isoformat() for _, dates in gaps],
            "days": [len(dates) for _, dates in gaps],
        }
        await enqueue(
            writer, self._ids, kind=TELL, guild_id=schedule.guild_id, due_at=at, payload=payload,
            dedupe_key=f"{TELL}:{schedule.schedule_id}:{schedule.edition}:{reason}:{days[0].isoformat()}",
        )  # fmt: skip

    async def read(self, job: Job) -> tuple[Telling, ...]:
        """Return what to tell the team, a check-in each; nothing that isn't true any more, or while the bot rests."""
        guild_id, now, payload = job.guild_id or 0, self._clock.now(), job.payload
        group = await self._guilds.profile(guild_id)
        if group.rests(now):
            return ()
        async with self._database.read() as reader:
            kept = {one.schedule_id: one for one in await self._schedules.all_of(reader, guild_id)}
        found = zip(*(payload[name] for name in ("schedules", "firsts", "lasts", "days")), strict=True)
        return tuple(
            _telling(payload, kept[schedule_id], group, now, (first, last, days))
            for schedule_id, first, last, days in found
            if schedule_id in kept and _still_true(payload["reason"], kept[schedule_id])
        )


def _telling(
    payload: Mapping[str, Any],
    schedule: CheckinSchedule,
    group: GuildProfile,
    now: datetime,
    dates: tuple[str, str, int],
) -> Telling:
    first, last, days = date.fromisoformat(dates[0]), date.fromisoformat(dates[1]), dates[2]
    following = rule_of(schedule, group).following(max(schedule.settled_day, last), now)
    next_at = max(now, following[1]) if following else None
    return Telling(payload["reason"], schedule.name, payload["channel"], first, last, days, next_at)


def _still_true(reason: str, schedule: CheckinSchedule) -> bool:
    if reason == ENDED:
        return schedule.paused
    return reason in (MISSED, schedule.trouble)
