"""One private reminder a day to check in, by the member's own clock, and only while there is something to remind of.

    changed, turned off, erased meanwhile     nothing, and no next one
    the time isn't come by their clock yet    they live in another zone now: looked at again then
    later than two hours                      nothing: the moment is over
    checked in today, or skipped              nothing
    rests, on a break, the group rests        nothing
    switched off in `/me`, or quiet hours     nothing
    left the server                           nothing
    otherwise                                 one message; closed twice in a row, the reminder ends

Each one writes the next first, in a transaction of its own, so that the days go on whatever becomes of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.members import Consents, MemberProfile, Members
from bot.members.departures import is_away
from bot.storage import Database, Reader, Writer
from bot.times import MINUTES_A_DAY, Quiet, moment_of, next_daily, parse_clock_time, parse_weekdays, show_clock
from cogs.checkins.rules import day_then
from cogs.checkins.service.rhythm import MemberClock, RhythmService
from cogs.checkins.store.people import EVERY_DAY, PeopleStore, Person
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import ScheduleStore

REMIND = "checkins.remind"

LATE = timedelta(hours=2)
"""How late a reminder may still come; as late as the check-in itself may be asked."""

MOST_FAILURES = 2
"""Closed doors in a row after which a reminder ends (the issue: "off after two closed-DM failures")."""

_DAY = timedelta(days=1)
_ALL = (1 << 7) - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """When to remind: a minute after midnight, None where it isn't said yet, on weekdays (0 is Monday)."""

    minute: int | None
    days: frozenset[int] = EVERY_DAY

    @property
    def mask(self) -> int:
        """The weekdays as they travel in a button."""
        return sum(1 << day for day in self.days)


@dataclass(frozen=True, slots=True)
class ReminderState:
    """How a member's reminder stands, and what keeps it quiet at the moment; `quiet` are the hours it lies in."""

    wanted: Wanted
    zone: ZoneInfo
    now: datetime
    next_at: datetime | None = None
    switched_off: bool = False
    rests: bool = False
    group_rests: bool = False
    closed: bool = False
    quiet: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder to deliver, and where its reader checks in: at today's post, else in a channel, else in the server."""

    guild_id: int
    user_id: int
    edition: int
    day: date
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shelves:
    """The tables that reminders are read from."""

    people: PeopleStore
    posts: PostStore
    schedules: ScheduleStore


class ReminderService:
    """Keeps a member's reminder, and decides for each day whether it comes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        members: Members,
        consents: Consents,
        shelves: Shelves,
        rhythm: RhythmService,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._members = members
        self._consents = consents
        self._shelves = shelves
        self._people = shelves.people
        self._rhythm = rhythm

    async def state(self, guild_id: int, user_id: int) -> ReminderState:
        """Return how the member's reminder stands."""
        group = await self._guilds.profile(guild_id)
        async with self._database.read() as reader:
            person = await self._people.get(reader, guild_id, user_id)
            profile = await self._members.profile_in(reader, guild_id, user_id)
            clock = await self._rhythm.clock_in(reader, guild_id, user_id)
            rests = await self._rests(reader, guild_id, user_id, clock.now)
        wanted, now, next_at = Wanted(person.remind_minute, person.remind_days), clock.now, None
        if wanted.minute is not None:
            _, next_at = coming(now, wanted.minute, wanted.days, clock.zone)
        return ReminderState(
            wanted,
            clock.zone,
            now,
            next_at,
            switched_off=not profile.reminders,
            rests=rests,
            group_rests=group.rests(now),
            closed=person.remind_failures > 0,
            quiet=_covering(profile, wanted.minute, clock.zone),
        )

    async def read(self, guild_id: int, user_id: int, at: str | None, days: str | None) -> Wanted:
        """Return what was typed, with the parts left out as they are kept. Raises `Refusal` for what doesn't read."""
        async with self._database.read() as reader:
            person = await self._people.get(reader, guild_id, user_id)
        minute = parse_clock_time(at) if at and at.strip() else person.remind_minute
        return Wanted(minute, parse_weekdays(days) if days and days.strip() else person.remind_days)

    async def keep(self, guild_id: int, user_id: int, wanted: Wanted) -> None:
        """Keep when to remind and write the first job.

        Raises `Refusal` for a time within the member's quiet hours, and `ConditionFailed`, having stored nothing, for
        somebody who has not agreed to the policy.
        """
        if wanted.minute is None or not wanted.days:
            raise Refusal("kit.refused.outdated")
        async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
            clock = await self._rhythm.clock_in(writer, guild_id, user_id)
            profile = await self._members.profile_in(writer, guild_id, user_id)
            quiet = _covering(profile, wanted.minute, clock.zone)
            if quiet is not None:
                start, end = (show_clock(minute) for minute in quiet)
                raise Refusal("checkin_rhythm.remind.quiet", at=show_clock(wanted.minute), start=start, end=end)
            edition, now = self._ids.new(), clock.now
            await self._people.remind(writer, guild_id, user_id, wanted.minute, wanted.days, edition, now)
            day, at = coming(now, wanted.minute, wanted.days, clock.zone)
            await self._plan(writer, guild_id, edition, day, at)

    async def end(self, guild_id: int, user_id: int) -> bool:
        """Remind no more; False where there was no reminder. Stores nothing new, so it needs no consent."""
        async with self._database.write() as writer:
            return await self._people.remind_no_more(writer, guild_id, user_id, self._clock.now(), owed=False)

    async def stop(self, guild_id: int, user_id: int, edition: int) -> bool:
        """`end` from the message of a reminder; False where that one, or any of theirs, is over."""
        async with self._database.write() as writer:
            person = await self._people.reminded_by(writer, guild_id, edition, self._database.row_lock)
            if person is None or person.user_id != user_id:
                return False
            return await self._people.remind_no_more(writer, guild_id, user_id, self._clock.now(), owed=False)

    async def begin(self, job: Job) -> DueReminder | None:
        """Return what to deliver now; None where nothing is. The next one's job is written either way."""
        guild_id, day, edition = job.guild_id or 0, date.fromisoformat(job.payload["day"]), job.payload["edition"]
        now = self._clock.now()
        async with self._database.write() as writer:
            person = await self._people.reminded_by(writer, guild_id, edition, self._database.row_lock)
            if person is None or person.remind_minute is None:
                return None
            clock = await self._rhythm.clock_in(writer, guild_id, person.user_id)
            moment = moment_of(day, person.remind_minute, clock.zone)
            if moment is not None and now < moment:
                await self._plan(writer, guild_id, edition, day, moment, look=job.payload["look"] + 1)
                return None
            following, at = next_reminder(now, person.remind_minute, person.remind_days, clock.zone, day, late=LATE)
            await self._plan(writer, guild_id, edition, following, at)
        if moment is None or now - moment > LATE:
            return None
        group = await self._guilds.profile(guild_id)
        async with self._database.read() as reader:
            if not await self._wanted_now(reader, group, person, clock):
                return None
            return await self._due(reader, person, clock, day)

    async def _wanted_now(self, reader: Reader, group: GuildProfile, person: Person, clock: MemberClock) -> bool:
        """Whether there is something to remind of, and nothing that keeps it quiet."""
        who = person.guild_id, person.user_id
        if group.rests(clock.now) or await self._people.is_over(reader, *who, clock.today):
            return False
        if await self._rests(reader, *who, clock.now) or await is_away(reader, *who):
            return False
        profile = await self._members.profile_in(reader, *who)
        return profile.reminders and not profile.in_quiet_hours(clock.now, clock.zone)

    async def _due(self, reader: Reader, person: Person, clock: MemberClock, day: date) -> DueReminder:
        due = DueReminder(person.guild_id, person.user_id, person.remind_edition, day)
        posts: list[DayPost] = []
        for schedule in await self._shelves.schedules.all_of(reader, person.guild_id):
            post = await self._shelves.posts.last(reader, schedule.schedule_id, clock.now)
            if post is not None:
                posts.append(post)
        newest = max(posts, key=lambda post: post.posted_at, default=None)
        if newest is not None and day_then(newest.posted_at, clock.stays) == clock.today:
            return _at(due, newest.channel_id, newest.message_id)
        channel = (await self._guilds.channels_in(reader, person.guild_id)).get("check-ins")
        return _at(due, channel or (newest.channel_id if newest else None), None)

    async def _rests(self, reader: Reader, guild_id: int, user_id: int, now: datetime) -> bool:
        return any(rest.holds(now) for rest in await self._members.rests_in(reader, guild_id, user_id))

    async def reached(self, due: DueReminder) -> None:
        """Keep that a reminder was delivered."""
        async with self._database.write() as writer:
            await self._people.reached(writer, due.guild_id, due.user_id)

    async def refused(self, due: DueReminder) -> None:
        """Keep that the member's private messages are closed; the second time in a row the reminder ends."""
        async with self._database.write() as writer:
            failures = await self._people.failed(writer, due.guild_id, due.user_id, due.edition)
            if failures >= MOST_FAILURES:
                await self._people.remind_no_more(writer, due.guild_id, due.user_id, self._clock.now(), owed=True)

    async def _plan(
        self, writer: Writer, guild_id: int, edition: int, day: date, at: datetime, *, look: int = 0
    ) -> None:
        await enqueue(
            writer, self._ids, kind=REMIND, guild_id=guild_id, due_at=at,
            payload={"edition": edition, "day": day.isoformat(), "look": look},
            dedupe_key=f"{REMIND}:{edition}:{day.isoformat()}:{look}",
        )  # fmt: skip


def next_reminder(
    now: datetime, minute: int, days: frozenset[int], zone: tzinfo, after: date, *, late: timedelta = timedelta(0)
) -> tuple[date, datetime]:
    """Return the first of these weekdays behind `after`, and its moment, still to come or not over for `late`."""
    day, moment = next_daily(now, minute, zone, after=after, late=late)
    while day.weekday() not in days:
        day, moment = next_daily(now, minute, zone, after=day, late=late)
    return day, moment


def coming(now: datetime, minute: int, days: frozenset[int], zone: tzinfo) -> tuple[date, datetime]:
    """Return the next of these weekdays whose moment is still to come, today's included."""
    return next_reminder(now, minute, days, zone, now.astimezone(zone).date() - _DAY)


def read_wish(argument: str) -> Wanted:
    """Return the reminder that a button's argument carries. Raises `Refusal` for anything that is none."""
    minute, _, mask = argument.partition(".")
    for value, most in ((minute, MINUTES_A_DAY - 1), (mask, _ALL)):
        if not (value.isascii() and value.isdecimal() and len(value) < 5 and int(value) <= most):
            raise Refusal("kit.refused.outdated")
    return Wanted(int(minute), days_of(int(mask)))


def days_of(mask: int) -> frozenset[int]:
    """Return the weekdays of a mask."""
    return frozenset(day for day in EVERY_DAY if mask >> day & 1)


def _covering(profile: MemberProfile, minute: int | None, zone: tzinfo) -> tuple[int, int] | None:
    """The person's own quiet hours, where a time of day lies in them."""
    start, end = profile.quiet_from, profile.quiet_to
    if minute is None or start is None or end is None or not Quiet(start, end, zone).covers(minute):
        return None
    return start, end


def _at(due: DueReminder, channel_id: int | None, message_id: int | None) -> DueReminder:
    return DueReminder(due.guild_id, due.user_id, due.edition, due.day, channel_id, message_id)
