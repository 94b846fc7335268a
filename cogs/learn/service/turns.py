"""One day's turn of the daily reading: whether it is posted now, later or not at all, and what the team is told.

    the bot rests in the group      skipped, nobody is told
    too late (six hours, its date)  skipped; the whole gap is told once
    a call for help is open         looked at again in ten minutes; then skipped, told once for days in a row
    Discord refuses for good        skipped; told once, until a post goes through again; after thirty days turned off
    otherwise                       posted, once

Each turn writes the next one first, so that the days go on whatever becomes of this one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.contracts import OpenCalls
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Writer
from cogs.learn.rules.daily import LOOK_AGAIN, PATIENCE, Rhythm
from cogs.learn.service.daily import CALL, THREAD, enqueue_day, rhythm_of
from cogs.learn.service.days import DaysReadings
from cogs.learn.service.shelves import GroupLibraries, GroupLibrary
from cogs.learn.store import DaysStore, Schedule, ScheduleStore

TELL = "learn.daily_tell"
MISSED, ENDED = "missed", "ended"


@dataclass(frozen=True, slots=True)
class Turn:
    """A day's reading to post; `message_id` is its post where an earlier try got so far."""

    schedule: Schedule
    day: date
    snippet_id: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What the team is told: `reason` is a schedule's trouble, `MISSED` or `ENDED`, of the days from `first` to `last`.

    There is no next one after the end.
    """

    reason: str
    channel_id: int
    first: date
    last: date
    next_at: datetime | None


class DailyTurns:
    """Decides in one transaction each; what is sent to Discord lies between two of them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        libraries: GroupLibraries,
        calls: OpenCalls,
        readings: DaysReadings,
        days: DaysStore,
        schedules: ScheduleStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._libraries = libraries
        self._calls = calls
        self._readings = readings
        self._days = days
        self._schedules = schedules

    async def begin(self, job: Job) -> Turn | None:
        """Return what to post now; None where nothing is, or not yet. The next day's job is written either way."""
        guild_id, day, edition = job.guild_id or 0, date.fromisoformat(job.payload["day"]), job.payload["edition"]
        group = await self._guilds.profile(guild_id)
        async with self._database.write() as writer:
            schedule = await self._current(writer, guild_id, edition)
            if schedule is None:
                return None
            following, at = rhythm_of(schedule.minute, group).following(day, self._clock.now())
            await enqueue_day(writer, self._ids, schedule, following, at)
        # Only now: a library that can't be read (its key is lost) spoils this day, and not those to come.
        library = await self._libraries.of(guild_id)
        async with self._database.write() as writer:
            schedule = await self._current(writer, guild_id, edition)
            if schedule is None:
                return None
            rhythm = rhythm_of(schedule.minute, group)
            posted = await self._days.get(writer, guild_id, day)
            if posted is not None and posted.message_id is not None:
                over = rhythm.is_over(day, self._clock.now()) or posted.channel_id != schedule.channel_id
                return None if over else Turn(schedule, day, posted.snippet_id, posted.message_id)
            if await self._put_off(writer, schedule, rhythm, group, day, job.payload["look"]):
                return None
            return await self._choose(writer, schedule, library, group, day)

    async def _current(self, writer: Writer, guild_id: int, edition: int) -> Schedule | None:
        """Return the schedule of this edition; None where it is another one by now."""
        schedule = await self._schedules.get(writer, guild_id, self._database.row_lock)
        return schedule if schedule is not None and schedule.edition == edition else None

    async def _put_off(
        self, writer: Writer, schedule: Schedule, rhythm: Rhythm, group: GuildProfile, day: date, look: int
    ) -> bool:
        """Whether the day's reading isn't posted now; what follows from that is written."""
        now = self._clock.now()
        if group.rests(now):
            await self._schedules.settle(writer, schedule.guild_id, day)
        elif rhythm.is_over(day, now):
            await self._missed(writer, schedule, rhythm, day)
        elif (moment := rhythm.moment(day)) is not None and now < moment:
            # The group's clock changed without our hearing of it.
            await enqueue_day(writer, self._ids, schedule, day, moment, look=look + 1)
        elif await self._calls.any(writer, schedule.guild_id):
            again = now + LOOK_AGAIN
            if rhythm.is_over(day, again):
                await self._skipped(writer, schedule, day, CALL)
            else:
                await enqueue_day(writer, self._ids, schedule, day, again, look=look + 1)
        else:
            return False
        return True

    async def _choose(
        self, writer: Writer, schedule: Schedule, library: GroupLibrary, group: GuildProfile, day: date
    ) -> Turn | None:
        chosen = await self._readings.choose(writer, library, group, day, schedule.topics)
        if chosen is None:
            await self._schedules.settle(writer, schedule.guild_id, day)
            return None
        return Turn(schedule, day, chosen)

    async def _missed(self, writer: Writer, schedule: Schedule, rhythm: Rhythm, day: date) -> None:
        """Account for every day of the gap at once, so that of several late turns one tells."""
        if schedule.settled_day >= day:
            return
        now = self._clock.now()
        following, _ = rhythm.following(day, now)
        first, last = schedule.settled_day + timedelta(days=1), following - timedelta(days=1)
        await self._schedules.settle(writer, schedule.guild_id, last)
        await self._tell(writer, schedule, MISSED, (first, last), rhythm.awake(now))

    async def _skipped(self, writer: Writer, schedule: Schedule, day: date, reason: str) -> None:
        now, since = self._clock.now(), schedule.trouble_day
        await self._schedules.settle(writer, schedule.guild_id, day)
        if since is not None and day - since >= PATIENCE and not {CALL, THREAD} & {reason, schedule.trouble}:
            await self._schedules.delete(writer, schedule.guild_id)
            await self._tell(writer, schedule, ENDED, (since, day), now)
        elif await self._schedules.trouble(writer, schedule.guild_id, reason, day):
            await self._tell(writer, schedule, reason, (day, day), now)

    async def _tell(
        self, writer: Writer, schedule: Schedule, reason: str, days: tuple[date, date], at: datetime
    ) -> None:
        first, last = (day.isoformat() for day in days)
        payload = {"reason": reason, "channel": schedule.channel_id, "first": first, "last": last}
        await enqueue(
            writer, self._ids, kind=TELL, guild_id=schedule.guild_id, due_at=at, payload=payload,
            dedupe_key=f"{TELL}:{schedule.edition}:{reason}:{first}",
        )  # fmt: skip

    async def posted(self, turn: Turn, message_id: int) -> None:
        """Keep the post of a turn."""
        guild_id, channel_id = turn.schedule.guild_id, turn.schedule.channel_id
        async with self._database.write() as writer:
            await self._days.posted(writer, guild_id, turn.day, turn.snippet_id, channel_id, message_id)
            await self._schedules.settle(writer, guild_id, turn.day)

    async def well(self, turn: Turn) -> None:
        """Keep that the turn went through, so that the next trouble is told again."""
        if turn.schedule.trouble is not None:
            async with self._database.write() as writer:
                await self._schedules.mended(writer, turn.schedule.guild_id)

    async def refused(self, turn: Turn, reason: str) -> None:
        """Skip a day whose post, or whose thread, Discord refused for good; the team is told where that is new."""
        async with self._database.write() as writer:
            schedule = await self._current(writer, turn.schedule.guild_id, turn.schedule.edition)
            if schedule is not None:
                await self._skipped(writer, schedule, turn.day, reason)

    async def telling(self, job: Job) -> Telling | None:
        """Return what to tell the team; None where it isn't true any more, or the bot rests."""
        guild_id, now = job.guild_id or 0, self._clock.now()
        reason, channel_id = job.payload["reason"], job.payload["channel"]
        first, last = (date.fromisoformat(job.payload[name]) for name in ("first", "last"))
        group = await self._guilds.profile(guild_id)
        async with self._database.read() as reader:
            schedule = await self._schedules.get(reader, guild_id)
        if schedule is None and reason == ENDED:
            return Telling(reason, channel_id, first, last, None)
        if schedule is None or group.rests(now) or reason not in (MISSED, schedule.trouble):
            return None
        _, next_at = rhythm_of(schedule.minute, group).coming(max(schedule.settled_day, last), now)
        return Telling(reason, channel_id, first, last, next_at)
