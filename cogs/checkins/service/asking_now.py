"""What a moderator may see of a check-in's next post, and how today's is asked for at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import cancel
from bot.storage import Database, Reader
from cogs.checkins.rules import Schedule
from cogs.checkins.service.clocks import rule_of
from cogs.checkins.service.day_posts import DayView, Wording
from cogs.checkins.service.turns import plan_promised
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore

PROMISED = timedelta(minutes=1)
"""When a post that was asked for is made by its job, should the process have ended before it could."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The next post of a check-in as it stands now, and when it is due; None while it is paused without end."""

    schedule: CheckinSchedule
    view: DayView
    next_at: datetime | None
    rests: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A date's post that is to be made at once, by the job of `key` at the latest, or its `post` where it stands."""

    schedule: CheckinSchedule
    day: date
    post: DayPost | None
    key: str


class AskingNow:
    """Raises `Refusal` for a check-in that is not there (any more)."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        wording: Wording,
        schedules: ScheduleStore,
        posts: PostStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._wording = wording
        self._schedules = schedules
        self._posts = posts

    async def preview(self, guild_id: int, schedule_id: int) -> Preview:
        """Return the next post as it stands now."""
        group, now = await self._guilds.profile(guild_id), self._clock.now()
        async with self._database.read() as reader:
            schedule = await self._known(reader, guild_id, schedule_id)
            rule = rule_of(schedule, group)
            following = rule.following(schedule.settled_day, now)
            day = following[0] if following else now.astimezone(rule.zone).date()
            prompt_id = await self._wording.next(reader, schedule, group, day)
        next_at = max(now, following[1]) if following else None
        return Preview(schedule, self._wording.view(schedule, day, prompt_id), next_at, group.rests(now))

    async def promise(self, guild_id: int, schedule_id: int) -> Promise:
        """Write that today's post is made, and return which date that is. Refused while the bot rests in the group.

        Whoever asked makes it at once; the job is for the case that this process ends first. `settle` takes it back.
        """
        group, now = await self._guilds.profile(guild_id), self._clock.now()
        if group.rests(now):
            raise Refusal("checkin_post.now.rests")
        async with self._database.write() as writer:
            schedule = await self._known(writer, guild_id, schedule_id)
            day = _todays(schedule, rule_of(schedule, group), now)
            post, key = await self._posts.get(writer, schedule_id, day), ""
            if post is None:
                mark = str(self._ids.new())  # each press has a promise of its own
                key = await plan_promised(writer, self._ids, schedule, day, now + PROMISED, mark)
        return Promise(schedule, day, post, key)

    async def settle(self, promise: Promise) -> DayPost | None:
        """Take back the job of a promise that is kept, or can't be; return the post where it stands."""
        schedule_id = promise.schedule.schedule_id
        async with self._database.write() as writer:
            await cancel(writer, promise.key)
            return await self._posts.get(writer, schedule_id, promise.day)

    async def post(self, guild_id: int, schedule_id: int, day: date) -> DayPost | None:
        """Return the post of a date; None for another group's."""
        async with self._database.read() as reader:
            post = await self._posts.get(reader, schedule_id, day)
        return post if post is not None and post.guild_id == guild_id else None

    async def _known(self, reader: Reader, guild_id: int, schedule_id: int) -> CheckinSchedule:
        schedule = await self._schedules.get(reader, guild_id, schedule_id)
        if schedule is None:
            raise Refusal("kit.refused.outdated")
        return schedule


def _todays(schedule: CheckinSchedule, rule: Schedule, now: datetime) -> date:
    """The date that a post made now belongs to: the one that is due today, else today's own."""
    today = now.astimezone(rule.zone).date()
    following = rule.following(schedule.settled_day, now)
    if following is not None and following[1].astimezone(rule.zone).date() <= today:
        return following[0]
    return today
