"""When and where a group's daily reading is posted: chosen by moderators, kept, planned, ended."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.content import Topic
from bot.contracts import ClockChanged, GuildReset, OpenCalls
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import enqueue
from bot.storage import Database, Writer
from bot.times import Quiet
from cogs.learn.rules import eligible_for_today
from cogs.learn.rules.daily import SUGGESTED_MINUTE, Rhythm
from cogs.learn.service.days import group_reader, zone_of
from cogs.learn.service.shelves import GroupLibraries
from cogs.learn.store import DaysStore, OwnStore, Schedule, ScheduleStore

DAILY = "learn.daily"
# Kept as a schedule's trouble beside the reasons for which Discord refuses a post.
CALL, THREAD = "call", "thread"


@dataclass(frozen=True, slots=True)
class Plan:
    """What moderators choose; no `topics` means all. Without a channel it can't be kept yet."""

    channel_id: int | None
    minute: int
    topics: tuple[str, ...] = ()
    thread: bool = False


@dataclass(frozen=True, slots=True)
class DailyStatus:
    """A plan as it is kept (`on`), or as it would be, with what follows from the group's own clock.

    `topics` are those that can be chosen. `waits` while today's reading is held back because a call for help is open.
    """

    on: bool
    plan: Plan
    group: GuildProfile
    rhythm: Rhythm
    topics: tuple[Topic, ...]
    now: datetime
    next_at: datetime | None = None
    trouble: str | None = None
    trouble_day: date | None = None
    waits: bool = False

    @property
    def rests(self) -> bool:
        """Whether the whole bot rests in this group."""
        return self.group.rests(self.now)


class DailyService:
    """Keeps at most one schedule for a group and plans its next day; the runs after that plan themselves."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        libraries: GroupLibraries,
        calls: OpenCalls,
        days: DaysStore,
        schedules: ScheduleStore,
        own: OwnStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._libraries = libraries
        self._calls = calls
        self._days = days
        self._schedules = schedules
        self._own = own

    async def current(self, guild_id: int) -> tuple[Plan, bool]:
        """Return the group's plan and True; where none is kept a suggestion, in the library's channel, and False."""
        async with self._database.read() as reader:
            kept = await self._schedules.get(reader, guild_id)
        if kept is not None:
            return _plan_of(kept), True
        return Plan((await self._guilds.channels(guild_id)).get("library"), SUGGESTED_MINUTE), False

    async def status(self, guild_id: int, draft: Plan | None = None) -> DailyStatus:
        """Return how things stand; where nothing is kept, as they would with `draft` or the suggestion."""
        group, now, topics = await self._guilds.profile(guild_id), self._clock.now(), await self.topics(guild_id)
        plan, on = await self.current(guild_id)
        plan = plan if on else draft or plan
        rhythm = rhythm_of(plan.minute, group)
        status = DailyStatus(on, plan, group, rhythm, topics, now)
        async with self._database.read() as reader:
            kept = await self._schedules.get(reader, guild_id)
            called = await self._calls.any(reader, guild_id)
        if kept is None:
            return status
        today = rhythm.today(now)
        _, next_at = rhythm.coming(kept.settled_day, now)
        held = today > kept.settled_day and today < rhythm.today(next_at) and not rhythm.is_over(today, now)
        return replace(
            status, next_at=next_at, trouble=kept.trouble, trouble_day=kept.trouble_day, waits=called and held
        )

    async def topics(self, guild_id: int) -> tuple[Topic, ...]:
        """Return the topics with something calm to read for this group, in the library's order."""
        library = (await self._libraries.of(guild_id)).library
        reader = group_reader((await self._guilds.profile(guild_id)).kind)
        return tuple(
            topic for key, topic in library.topics.items() if eligible_for_today(library.by_topic(key), reader=reader)
        )

    async def keep(self, guild_id: int, plan: Plan) -> None:
        """Keep the plan and write its next day. Raises `Refusal` where it has no channel."""
        if plan.channel_id is None:
            raise Refusal("library.daily.no_channel")
        group = await self._guilds.profile(guild_id)
        async with self._database.write() as writer:
            before = await self._schedules.get(writer, guild_id, self._database.row_lock)
            schedule = Schedule(
                guild_id,
                plan.channel_id,
                plan.minute,
                plan.topics,
                plan.thread,
                edition=self._ids.new(),
                settled_day=date.min,
            )
            if before and _still_troubled(before, plan):
                schedule = replace(schedule, trouble=before.trouble, trouble_day=before.trouble_day)
            if before and (before.channel_id, before.minute) == (plan.channel_id, plan.minute):
                # What is planned stands: a reading that waits for the end of a call is not lost.
                schedule = replace(schedule, edition=before.edition, settled_day=before.settled_day)
                await self._schedules.put(writer, schedule, self._clock.now())
                return
            await self._plan(writer, schedule, group)

    async def end(self, guild_id: int) -> Plan | None:
        """Post no daily reading any more, and return what was planned; None where none was posted anyway."""
        async with self._database.write() as writer:
            kept = await self._schedules.get(writer, guild_id, self._database.row_lock)
            await self._schedules.delete(writer, guild_id)
        return _plan_of(kept) if kept else None

    async def replan(self, event: ClockChanged) -> None:
        """Plan anew by the group's new clock."""
        group = await self._guilds.profile(event.guild_id)
        async with self._database.write() as writer:
            kept = await self._schedules.get(writer, event.guild_id, self._database.row_lock)
            if kept is not None:
                await self._plan(writer, replace(kept, edition=self._ids.new()), group)

    async def forget(self, event: GuildReset) -> None:
        """Delete all that the library keeps for a group: the schedule, its days, its own readings."""
        async with self._database.write() as writer:
            await self._schedules.delete(writer, event.guild_id)
            await self._days.delete_all(writer, event.guild_id)
            await self._own.delete_all(writer, event.guild_id)

    async def _plan(self, writer: Writer, schedule: Schedule, group: GuildProfile) -> None:
        """Keep the schedule and write its first job: today's where that is still to come and was not posted yet."""
        now, rhythm = self._clock.now(), rhythm_of(schedule.minute, group)
        yesterday = rhythm.today(now) - timedelta(days=1)
        posted = await self._days.last_posted(writer, schedule.guild_id)
        day, at = rhythm.coming(max(yesterday, posted or yesterday), now)
        planned = replace(schedule, settled_day=day - timedelta(days=1))
        await self._schedules.put(writer, planned, now)
        await enqueue_day(writer, self._ids, planned, day, at)


def rhythm_of(minute: int, group: GuildProfile) -> Rhythm:
    """Return when something of this minute is posted in the group."""
    zone, start, end = zone_of(group), group.quiet_from, group.quiet_to
    return Rhythm(minute, zone, None if start is None or end is None else Quiet(start, end, zone))


def _still_troubled(before: Schedule, plan: Plan) -> bool:
    """Whether the trouble of a schedule stays with another plan: a call does, the rest belongs to its channel."""
    if before.trouble == CALL:
        return True
    return before.channel_id == plan.channel_id and (before.trouble != THREAD or plan.thread)


def _plan_of(kept: Schedule) -> Plan:
    return Plan(kept.channel_id, kept.minute, kept.topics, kept.thread)


async def enqueue_day(writer: Writer, ids: Ids, schedule: Schedule, day: date, at: datetime, *, look: int = 0) -> None:
    """Write the job of a date, in the caller's transaction; `look` numbers the looks at a day that has to wait."""
    await enqueue(
        writer, ids, kind=DAILY, guild_id=schedule.guild_id, due_at=at,
        payload={"edition": schedule.edition, "day": day.isoformat(), "look": look},
        dedupe_key=f"{DAILY}:{schedule.edition}:{day.isoformat()}:{look}",
    )  # fmt: skip
