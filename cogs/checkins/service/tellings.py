"""What the team is told of a check-in that was not posted as it should be: once, with dates, and what they can do."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import Clock
from bot.guilds import Guilds
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
        self, writer: Writer, schedule: CheckinSchedule, reason: str, days: tuple[date, ...], at: datetime
    ) -> None:
        """Write the job that tells of these dates, the earliest first, in the caller's transaction."""
        first, last = days[0].isoformat(), days[-1].isoformat()
        payload = {
            "schedule": schedule.schedule_id, "reason": reason, "channel": schedule.channel_id,
            "first": first, "last": last, "days": len(days),
        }  # fmt: skip
        await enqueue(
            writer, self._ids, kind=TELL, guild_id=schedule.guild_id, due_at=at, payload=payload,
            dedupe_key=f"{TELL}:{schedule.schedule_id}:{schedule.edition}:{reason}:{first}",
        )  # fmt: skip

    async def read(self, job: Job) -> Telling | None:
        """Return what to tell the team; None where it isn't true any more, or the bot rests."""
        guild_id, now, payload = job.guild_id or 0, self._clock.now(), job.payload
        group = await self._guilds.profile(guild_id)
        async with self._database.read() as reader:
            schedule = await self._schedules.get(reader, guild_id, payload["schedule"])
        if schedule is None or group.rests(now) or not _still_true(payload["reason"], schedule):
            return None
        first, last = (date.fromisoformat(payload[name]) for name in ("first", "last"))
        following = rule_of(schedule, group).following(max(schedule.settled_day, last), now)
        next_at = max(now, following[1]) if following else None
        return Telling(payload["reason"], schedule.name, payload["channel"], first, last, payload["days"], next_at)


def _still_true(reason: str, schedule: CheckinSchedule) -> bool:
    if reason == ENDED:
        return schedule.paused
    return reason in (MISSED, schedule.trouble)
