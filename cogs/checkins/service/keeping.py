"""For how long check-ins are kept: twelve months, or what the group or the member chose below that.

    each day    one round: the next is written first, then a job for each server
    a server    its people in slices, the next slice written first; at last what belongs to the group
    a person    their rhythm up to the last day to go is kept, so that totals stay; then old rows go
    a post      is deleted from Discord first, in a job of its own, and then its row

Everything may be done twice: what is gone already needs nothing more.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from bot.clock import Clock
from bot.guilds import RETENTION_MONTHS, GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Writer
from cogs.checkins.rules import rhythm_of
from cogs.checkins.service.clocks import named_zone
from cogs.checkins.service.rhythm import DayReader, MemberClock
from cogs.checkins.store.keeping import KeepingStore, Old, Reach
from cogs.checkins.store.people import PeopleStore, Person
from cogs.checkins.store.weeks import WeekStore

ROUND, GROUP, DROP, STUCK = "checkins.round", "checkins.keep", "checkins.drop", "checkins.stuck"

HOUR = 4
"""Hour UTC of the round: any quiet one will do."""

SPREAD = 3600
"""Seconds over which the servers of a round are spread."""

SLICE = 100
"""People in one job."""

AT_ONCE = 500
"""Rows of one person in one round; more than a year of them has the next day's round, too."""

SETTLED = 4 * timedelta(days=1)
"""How long ago a day is of which no clock, however its owner travels, makes today or yesterday again."""

_DAY = timedelta(days=1)
_FEATURE = "check-ins"


@dataclass(frozen=True, slots=True)
class Shelves:
    """The tables that are looked over."""

    keeping: KeepingStore
    people: PeopleStore
    weeks: WeekStore


class KeepingService:
    """Lets go of what is too old. Nobody is told: nothing is lost that anybody was promised to keep."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, guilds: Guilds, shelves: Shelves, days: DayReader
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._keeping = shelves.keeping
        self._people = shelves.people
        self._weeks = shelves.weeks
        self._days = days

    async def plan(self) -> None:
        """Make sure that the next round stands in the table; every process may ask, the key keeps it single."""
        due = next_round(self._clock.now())
        async with self._database.write() as writer:
            await enqueue(
                writer, self._ids, kind=ROUND, guild_id=None, due_at=due, payload={},
                dedupe_key=f"{ROUND}:{due.date().isoformat()}",
            )  # fmt: skip

    async def round(self) -> None:
        """Write tomorrow's round, and today's job for each server."""
        await self.plan()
        now = self._clock.now()
        async with self._database.write() as writer:
            for guild_id in await self._keeping.groups(writer):
                at = now + timedelta(seconds=(guild_id >> 22) % SPREAD)
                await self._plan_slice(writer, guild_id, at, now.date(), after=0)

    async def _plan_slice(self, writer: Writer, guild_id: int, at: datetime, day: date, *, after: int) -> None:
        await enqueue(
            writer, self._ids, kind=GROUP, guild_id=guild_id, due_at=at,
            payload={"day": day.isoformat(), "after": after},
            dedupe_key=f"{GROUP}:{guild_id}:{day.isoformat()}:{after}",
        )  # fmt: skip

    async def group(self, job: Job) -> None:
        """Look over one slice of a server's people; behind the last one, over what belongs to the group.

        One person's rows that can't be dealt with hold up nobody else's. Raises the first such fault at the end.
        """
        guild_id, after, now = job.guild_id or 0, job.payload["after"], self._clock.now()
        async with self._database.write() as writer:
            people = await self._keeping.people(writer, guild_id, after, SLICE)
            if people:
                day = date.fromisoformat(job.payload["day"])
                await self._plan_slice(writer, guild_id, now, day, after=people[-1])
        group = await self._guilds.profile(guild_id)
        months = (await self._guilds.retention(guild_id)).get(_FEATURE, RETENTION_MONTHS[_FEATURE])
        if not people:
            await self._groups_own(group, months)
        faults: list[BaseException] = []
        for user_id in people:
            outcomes = await asyncio.gather(self._person(group, user_id, months), return_exceptions=True)
            faults += [one for one in outcomes if one is not None]
        if faults:
            raise faults[0]

    async def _groups_own(self, group: GuildProfile, months: int) -> None:
        """Let go of the posts and weeks of the group: by now nobody's rhythm is counted from them."""
        first = self._clock.now().astimezone(named_zone(None, group)).date() - relativedelta(months=months)
        async with self._database.write() as writer:
            # Some days later than for people, whose own calendar may be behind the group's.
            await self._keeping.delete_posts(writer, group.guild_id, first - SETTLED)
            await self._weeks.delete_before(writer, group.guild_id, first - timedelta(days=first.weekday()))

    async def _person(self, group: GuildProfile, user_id: int, months: int) -> None:
        guild_id, now = group.guild_id, self._clock.now()
        async with self._database.read() as reader:
            person = await self._people.get(reader, guild_id, user_id)
            clock = await self._days.clock(reader, guild_id, user_id, now)
        own = min(months, person.months or months)
        first = clock.today - relativedelta(months=own)
        before = datetime.combine(first, time(), tzinfo=clock.zone)
        async with self._database.write() as writer:
            reach = await self._keeping.reach(writer, guild_id, user_id)
            if _has_to_keep(reach, person, first):
                await self._keep_rhythm(writer, group, user_id, clock, kept_until(reach, clock, first))
            old = await self._keeping.old_entries(writer, guild_id, user_id, first, AT_ONCE)
            old += await self._keeping.old_replies(writer, guild_id, user_id, before, AT_ONCE)
            for one in old:
                await self._let_go(writer, guild_id, one)
            await self._keeping.delete_marks(writer, guild_id, user_id, first, before)

    async def _keep_rhythm(
        self, writer: Writer, group: GuildProfile, user_id: int, clock: MemberClock, until: date
    ) -> None:
        """Keep the rhythm up to a day, counted from what still stands; this comes before anything of it goes."""
        days = await self._days.days(writer, group, user_id, clock.now)
        rhythm = rhythm_of((one for one in days.states() if one[0] <= until), days.kept)
        if rhythm.until is not None and rhythm != days.kept:
            await self._people.alone(writer, group.guild_id, user_id, clock.now, self._database.row_lock)
            await self._people.keep(writer, group.guild_id, user_id, rhythm)

    async def _let_go(self, writer: Writer, guild_id: int, old: Old) -> None:
        """Delete a row; one with a post after its post, in a job."""
        if not old.posts:
            await self._keeping.delete(writer, guild_id, old)
            return
        await enqueue(
            writer, self._ids, kind=DROP, guild_id=guild_id, due_at=self._clock.now(),
            payload={"kind": old.kind, "row": old.row_id}, dedupe_key=f"{DROP}:{old.kind}:{old.row_id}",
        )  # fmt: skip

    async def old(self, job: Job) -> Old | None:
        """Return what a job is to delete; None where it is gone."""
        async with self._database.read() as reader:
            return await self._keeping.get(reader, job.guild_id or 0, job.payload["kind"], job.payload["row"])

    async def dropped(self, guild_id: int, old: Old, stuck: Mapping[int, str] = MappingProxyType({})) -> None:
        """Delete the row of a post that is gone, or that can't be deleted: for each channel with one `stuck` says why,
        and the team hears of it once a week.
        """
        now = self._clock.now()
        async with self._database.write() as writer:
            await self._keeping.delete(writer, guild_id, old)
            year, week, _ = now.isocalendar()
            for channel_id, reason in stuck.items():
                await enqueue(
                    writer, self._ids, kind=STUCK, guild_id=guild_id, due_at=now,
                    payload={"channel": channel_id, "reason": reason},
                    dedupe_key=f"{STUCK}:{guild_id}:{channel_id}:{year}.{week}",
                )  # fmt: skip


def next_round(now: datetime) -> datetime:
    """Return the next full `HOUR` in UTC after `now`."""
    today = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + _DAY


def kept_until(reach: Reach, clock: MemberClock, first: date) -> date:
    """The last day that goes into the kept rhythm, where entries from `first` on stay.

    It is the day before. Where no entry stays, nothing tells any more which check-ins were the member's: then the days
    since are counted while it is known, so that a long absence doesn't turn into a pause.
    """
    if reach.last is None or reach.last < first:
        return max(first - _DAY, clock.today - SETTLED)
    return first - _DAY


def _has_to_keep(reach: Reach, person: Person, first: date) -> bool:
    """Whether days before `first` are counted from rows, of the member or of the group, that are about to go."""
    if reach.first is not None and reach.first < first:
        return True
    return person.kept is not None and person.kept.until is not None and person.kept.until < first - _DAY
