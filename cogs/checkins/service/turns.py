"""One date's turn of a check-in: whether it is posted now, later or not at all, and what the team is told.

    the bot rests in the group      skipped, nobody is told
    no occurrence (any more)        skipped, nobody is told
    too late (two hours)            skipped; the whole gap is told once, for all of the group's check-ins together
    Discord refuses for good        skipped; told once, until a post goes through again; after thirty days paused
    otherwise                       posted, once

Each turn writes the next one first, so that the days go on whatever becomes of this one. A call for help holds no
check-in back: this is where people come with a bad night.

A moderator may ask for a date's post at once (`asking_now`). It needs no moment, settles its date, and is posted once,
too: the turn of that date finds it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Writer
from cogs.checkins.rules import Schedule
from cogs.checkins.rules.schedule import LATE
from cogs.checkins.service.clocks import quiet_of, rule_of
from cogs.checkins.service.counts import plan_count
from cogs.checkins.service.day_posts import DayView, Wording
from cogs.checkins.service.tellings import ENDED, MISSED, THREAD, Tellings
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore

TURN = "checkins.turn"

_DAY = timedelta(days=1)
PATIENCE = timedelta(days=30)
"""A channel that has taken no post for so long will hardly take one again: the bot may be out of the server."""


async def plan_turn(
    writer: Writer, ids: Ids, schedule: CheckinSchedule, day: date, at: datetime, *, look: int = 0
) -> None:
    """Write the job of a date, in the caller's transaction; `look` numbers the looks at a day that has to wait."""
    await enqueue(
        writer, ids, kind=TURN, guild_id=schedule.guild_id, due_at=at,
        payload={"schedule": schedule.schedule_id, "edition": schedule.edition, "day": day.isoformat(), "look": look},
        dedupe_key=f"{TURN}:{schedule.schedule_id}:{schedule.edition}:{day.isoformat()}:{look}",
    )  # fmt: skip


async def plan_owed(writer: Writer, ids: Ids, schedule: CheckinSchedule, day: date, at: datetime) -> None:
    """Write the job of a date that was due `at` a moment and is not planned any more, in the caller's transaction."""
    await plan_promised(writer, ids, schedule, day, at, f"{schedule.edition}")


async def plan_promised(writer: Writer, ids: Ids, schedule: CheckinSchedule, day: date, at: datetime, mark: str) -> str:
    """Write the job of a date's post that belongs to no plan, and return its key; `mark` sets it apart from others."""
    key = f"{TURN}:promised:{schedule.schedule_id}:{day.isoformat()}:{mark}"
    await enqueue(
        writer, ids, kind=TURN, guild_id=schedule.guild_id, due_at=at, dedupe_key=key,
        payload={"schedule": schedule.schedule_id, "edition": None, "day": day.isoformat(), "look": 0},
    )  # fmt: skip
    return key


@dataclass(frozen=True, slots=True)
class Turn:
    """A date's post to make; with `post` it is made, and its thread is still missing.

    `tried_at`: since then somebody may have posted it without our knowing, in the channel `tried_in` (0: unknown).
    `asked_for`: promised, by a press or an older plan, and not asked by the clock that it goes by now. `late`: it is
    only looked for, and `missed` where it isn't found.
    """

    schedule: CheckinSchedule
    view: DayView
    prompt_id: str | None
    tried_at: datetime | None = None
    tried_in: int = 0
    asked_for: bool = False
    late: bool = False
    post: DayPost | None = None

    @property
    def day(self) -> date:
        """Its date, by the clock of the check-in."""
        return self.view.day


class CheckinTurns:
    """Decides in one transaction each; what is sent to Discord lies between two of them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        wording: Wording,
        schedules: ScheduleStore,
        posts: PostStore,
        entries: EntryStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._wording = wording
        self._schedules = schedules
        self._posts = posts
        self._entries = entries
        self.tellings = Tellings(database, clock, ids, guilds, schedules)

    async def begin(self, job: Job) -> Turn | None:
        """Return what to post now; None where nothing is, or not yet. The next date's job is written either way."""
        guild_id, day, edition = job.guild_id or 0, date.fromisoformat(job.payload["day"]), job.payload["edition"]
        if edition is None:
            late = self._clock.now() - job.due_at > LATE
            return await self.begin_promised(guild_id, job.payload["schedule"], day, late=late)
        group = await self._guilds.profile(guild_id)
        async with self._database.write() as writer:
            schedule = await self._alone_with(writer, guild_id, job.payload["schedule"])
            if schedule is None or schedule.edition != edition:
                return None
            rule = rule_of(schedule, group)
            following = rule.following(day, self._clock.now())
            if following is not None:
                await plan_turn(writer, self._ids, schedule, *following)
            if await self._put_off(writer, schedule, rule, group, day, job.payload["look"]):
                return None
            if rule.asked_at(day, self._clock.now()) is not None:
                return await self._turn(writer, schedule, group, day)
            if await self._posts.tried(writer, schedule.schedule_id, day - _DAY) == day:
                return await self._turn(writer, schedule, group, day, late=True)
            await self._missed(writer, schedule, group, day)
            return None

    async def begin_promised(self, guild_id: int, schedule_id: int, day: date, *, late: bool = False) -> Turn | None:
        """Return a date's post to make because it was promised; None where it stands, or the bot rests by now."""
        group = await self._guilds.profile(guild_id)
        async with self._database.write() as writer:
            schedule = await self._alone_with(writer, guild_id, schedule_id)
            if schedule is None or group.rests(self._clock.now()):
                return None
            if not late or await self._posts.tried(writer, schedule_id, day - _DAY) == day:
                return await self._turn(writer, schedule, group, day, asked_for=True, late=late)
            if await self._posts.get(writer, schedule_id, day) is None:
                await self._broken(writer, schedule, group, day)
            return None

    async def missed(self, turn: Turn) -> None:
        """Account for a date that is too late, and whose post isn't there."""
        group = await self._guilds.profile(turn.schedule.guild_id)
        async with self._database.write() as writer:
            schedule = await self._alone_with(writer, turn.schedule.guild_id, turn.schedule.schedule_id)
            if schedule is None or schedule.edition != turn.schedule.edition:
                return
            await (self._broken if turn.asked_for else self._missed)(writer, schedule, group, turn.day)

    async def _broken(self, writer: Writer, schedule: CheckinSchedule, group: GuildProfile, day: date) -> None:
        """A promise that came too late: the team is told, unless the date's own turn asks or tells."""
        if day <= schedule.settled_day or rule_of(schedule, group).moment(day) is None:
            await self.tellings.plan(writer, MISSED, [(schedule, (day,))], _awake(group, self._clock.now()))

    async def _alone_with(self, writer: Writer, guild_id: int, schedule_id: int) -> CheckinSchedule | None:
        """Lock in the order of all who change a check-in: its group, itself, its posts. Another would be a deadlock."""
        await self._schedules.alone(writer, guild_id, self._clock.now())
        return await self._schedules.get(writer, guild_id, schedule_id, self._database.row_lock)

    async def _put_off(
        self, writer: Writer, schedule: CheckinSchedule, rule: Schedule, group: GuildProfile, day: date, look: int
    ) -> bool:
        """Whether the date isn't asked now, nor missed; what follows from that is written."""
        now = self._clock.now()
        at = rule.asked_at(day, now)
        if group.rests(now) or rule.moment(day) is None:
            await self._schedules.settle(writer, schedule.schedule_id, day)
        elif at is not None and at > now:
            # The group's clock changed without our hearing of it, or its quiet hours have begun.
            await plan_turn(writer, self._ids, schedule, day, at, look=look + 1)
        else:
            return False
        return True

    async def _missed(self, writer: Writer, schedule: CheckinSchedule, group: GuildProfile, day: date) -> None:
        """Account for every date of the gap at once, for all check-ins of the group: of several late turns, of one or
        of ten of them, the first tells of all, and no other. One that may have been posted looks for that itself."""
        now, told = self._clock.now(), []
        for one in await self._schedules.all_of(writer, schedule.guild_id, self._database.row_lock):
            rule, own = rule_of(one, group), one.schedule_id == schedule.schedule_id
            if not own and await self._posts.tried(writer, one.schedule_id, one.settled_day) is not None:
                continue
            if gap := rule.skipped(one.settled_day, now):
                await self._schedules.settle(writer, one.schedule_id, gap[-1])
            if days := tuple(each for each in gap if not _rested(group, rule.moment(each))):
                told.append((one, days))
        await self._schedules.settle(writer, schedule.schedule_id, day)
        if told:
            await self.tellings.plan(writer, MISSED, told, _awake(group, now))

    async def _turn(
        self,
        writer: Writer,
        schedule: CheckinSchedule,
        group: GuildProfile,
        day: date,
        *,
        asked_for: bool = False,
        late: bool = False,
    ) -> Turn | None:
        post = await self._posts.get(writer, schedule.schedule_id, day)
        if post is not None and not _lacks_thread(post, schedule):
            return None
        chosen = await self._wording.choose(writer, schedule, group, day)
        count = await self._entries.count(writer, schedule.schedule_id, day)
        view = self._wording.view(schedule, day, chosen.prompt_id, count)
        return Turn(
            schedule, view, chosen.prompt_id, chosen.before, chosen.channel_id, asked_for, late, post
        )  # fmt: skip

    async def posted(self, turn: Turn, message_id: int, channel_id: int) -> DayPost:
        """Keep the post of a turn and return it as it is kept: another process's where that was first."""
        schedule, now = turn.schedule, self._clock.now()
        guild_id, schedule_id = schedule.guild_id, schedule.schedule_id
        post = DayPost(schedule_id, guild_id, turn.day, channel_id, message_id, None, turn.prompt_id, now)
        shown = 0 if turn.tried_at else turn.view.count
        async with self._database.write() as writer:
            await self._schedules.get(writer, guild_id, schedule_id, self._database.row_lock)
            await self._schedules.settle(writer, schedule_id, turn.day)
            await self._posts.posted(writer, post)
            if schedule.trouble is not None and not (schedule.trouble == THREAD and schedule.thread):
                await self._schedules.mended(writer, schedule_id)
            # Somebody may have been quicker than this line, or than the answer that was lost before it.
            if await self._entries.count(writer, schedule_id, turn.day) != shown:
                await plan_count(writer, self._ids, self._posts, guild_id, schedule_id, turn.day, now)
            return await self._posts.get(writer, schedule_id, turn.day) or post

    async def threaded(self, turn: Turn, post: DayPost, thread_id: int) -> None:
        """Keep the thread of a post."""
        async with self._database.write() as writer:
            if turn.schedule.trouble == THREAD:
                await self._schedules.mended(writer, turn.schedule.schedule_id)
            await self._posts.posted(writer, replace(post, thread_id=thread_id))

    async def refused(self, turn: Turn, reason: str) -> None:
        """Skip a date whose post, or whose thread, Discord refused for good; the team is told where that is new."""
        now, (guild_id, schedule_id) = self._clock.now(), (turn.schedule.guild_id, turn.schedule.schedule_id)
        async with self._database.write() as writer:
            schedule = await self._schedules.get(writer, guild_id, schedule_id, self._database.row_lock)
            if schedule is None or schedule.edition != turn.schedule.edition:
                return
            if not turn.asked_for:
                await self._schedules.settle(writer, schedule_id, turn.day)
                if _worn_out(schedule, turn.day, reason):
                    await self._end(writer, schedule, turn.day)
                    return
            if await self._schedules.trouble(writer, schedule_id, reason, turn.day):
                await self.tellings.plan(writer, reason, [(schedule, (turn.day,))], now)

    async def _end(self, writer: Writer, schedule: CheckinSchedule, day: date) -> None:
        """Pause a check-in without end: it stays as it was set up, and one command brings it back."""
        now, since = self._clock.now(), schedule.trouble_day or day
        paused = replace(
            schedule, paused=True, paused_until=None, edition=self._ids.new(), trouble=None, trouble_day=None,
            settled_day=max(day, schedule.settled_day),
        )  # fmt: skip
        await self._schedules.put(writer, paused, now)
        await self.tellings.plan(writer, ENDED, [(paused, (since, day))], now)


def _lacks_thread(post: DayPost, schedule: CheckinSchedule) -> bool:
    return schedule.thread and post.thread_id is None and post.channel_id == schedule.channel_id


def _awake(group: GuildProfile, now: datetime) -> datetime:
    """When the group may be told something that can wait."""
    quiet = quiet_of(group)
    return quiet.after(now) if quiet else now


def _rested(group: GuildProfile, moment: datetime | None) -> bool:
    """Whether the bot rested in the group at a moment that is past."""
    return moment is not None and group.rests(moment) and moment >= (group.paused_since or moment)


def _worn_out(schedule: CheckinSchedule, day: date, reason: str) -> bool:
    if schedule.trouble_day is None or THREAD in (reason, schedule.trouble):
        return False
    return day - schedule.trouble_day >= PATIENCE
