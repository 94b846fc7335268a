"""A member's clock, what each of their days was, and the rhythm that follows; skipping a day; the offer after low days.

Nothing of it is stored but what can't be read from elsewhere: skips, the last offer, the rhythm of days long deleted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import EPOCH, Clock
from bot.guilds import GuildProfile, Guilds
from bot.members import Consents, Members
from bot.outages import Outages
from bot.storage import ConditionFailed, Database, Reader
from bot.text import t
from cogs.checkins.rules import (
    DayState,
    Lived,
    MoodDay,
    Rhythm,
    Stay,
    Stays,
    day_states,
    day_then,
    days_out,
    days_touched,
    days_travelled,
    offer_is_due,
    rhythm_of,
    yesterday,
)
from cogs.checkins.service.clocks import rule_of
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.people import PeopleStore
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.schedules import ScheduleStore

_DAY = timedelta(days=1)
_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class MemberClock:
    """A member's zones, and what day it is for them now: days begin at 04:00. `zone` is the one that holds now."""

    stays: Stays
    now: datetime
    today: date
    yesterday: date
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class RhythmView:
    """A rhythm as its owner sees it. `states` are the days it is counted from, the earliest first.

    `rests`: on a break, or resting from check-ins, at this moment.
    """

    rhythm: Rhythm
    today: date
    states: tuple[tuple[date, DayState], ...]
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Shelves:
    """The tables that a rhythm is read from."""

    people: PeopleStore
    entries: EntryStore
    posts: PostStore
    schedules: ScheduleStore


@dataclass(frozen=True, slots=True)
class Days:
    """Somebody's days: what happened on them, and the rhythm kept of those before."""

    clock: MemberClock
    lived: Lived
    kept: Rhythm | None
    rests: bool

    def states(self) -> tuple[tuple[date, DayState], ...]:
        """Every day that counts from here, with its state: behind the kept ones, or from the first entry on."""
        if self.kept is None or self.kept.until is None:
            return day_states(self.lived, self.clock.today)
        first, last = self.kept.until + _DAY, max(self.clock.today, *self.lived.done, date.min)
        days = (first + step * _DAY for step in range((last - first).days + 1))
        return tuple((day, self.lived.state(day, self.clock.today)) for day in days)


class DayReader:
    """Reads how somebody's days were, in the caller's transaction: about a dozen questions, each of one person."""

    def __init__(self, members: Members, guilds: Guilds, outages: Outages, shelves: Shelves) -> None:
        self._members = members
        self._guilds = guilds
        self._outages = outages
        self._shelves = shelves

    async def clock(self, reader: Reader, guild_id: int, user_id: int, now: datetime) -> MemberClock:
        """Return the member's clock at `now`."""
        own = await self._members.stays_in(reader, guild_id, user_id)
        return clock_of(merged(own, await self._guilds.stays_in(reader, guild_id)), now)

    async def days(self, reader: Reader, group: GuildProfile, user_id: int, now: datetime) -> Days:
        """Return the member's days up to `now`."""
        guild_id, shelves = group.guild_id, self._shelves
        clock = await self.clock(reader, guild_id, user_id, now)
        kept = (await shelves.people.get(reader, guild_id, user_id)).kept
        done = await shelves.entries.days_done(reader, guild_id, user_id)
        rests = await self._members.rests_in(reader, guild_id, user_id)
        first = kept.until if kept and kept.until else min(done, default=clock.today)
        since = datetime(first.year, first.month, first.day, tzinfo=clock.zone) - 2 * _DAY
        spans = [(rest.since, rest.until) for rest in rests]
        spans += await self._guilds.rests_in(reader, guild_id, since)
        lived = Lived(
            done=done,
            skipped=await shelves.people.skipped(reader, guild_id, user_id),
            rested=_touched(spans, clock, since),
            bot_out=days_out(await self._outages.since(reader, since), clock.stays),
            travelled=days_travelled(clock.stays),
            asked=await self._asked(reader, group, user_id, clock, first, kept=kept is not None),
        )
        return Days(clock, lived, kept, any(rest.holds(now) for rest in rests))

    async def _asked(
        self, reader: Reader, group: GuildProfile, user_id: int, clock: MemberClock, first: date, *, kept: bool
    ) -> frozenset[date]:
        """The days of the posts that are for the member: of each check-in from the day on that they first answered it.

        So nobody misses somebody else's, and trying another one costs nothing of what was before. Where days were kept,
        the one answered first since then is held to have been theirs all along.
        """
        guild_id, shelves = group.guild_id, self._shelves
        answered = await shelves.entries.schedules_answered(reader, guild_id, user_id)
        # A date of the group's calendar and the member's label lie at most two apart, wherever the two live.
        posts = await shelves.posts.days_asked(reader, guild_id, answered, first - 2 * _DAY)
        labels = ((answered[post.schedule_id], day_then(post.posted_at, clock.stays)) for post in posts)
        always = min(answered.values(), default=None) if kept else None
        asked = {day for since, day in labels if day >= since or since == always}
        if answered and clock.today not in asked:
            for schedule in await shelves.schedules.all_of(reader, guild_id):
                if schedule.schedule_id in answered and _comes_today(rule_of(schedule, group).moment, clock):
                    asked.add(clock.today)
        return frozenset(asked)


class RhythmService:
    """What a member's rhythm is, and the little that they do to it beside checking in."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        guilds: Guilds,
        consents: Consents,
        people: PeopleStore,
        days: DayReader,
    ) -> None:
        self._database = database
        self._clock = clock
        self._guilds = guilds
        self._consents = consents
        self._people = people
        self._days = days

    async def clock(self, guild_id: int, user_id: int) -> MemberClock:
        """Return the member's own clock."""
        async with self._database.read() as reader:
            return await self.clock_in(reader, guild_id, user_id)

    async def clock_in(self, reader: Reader, guild_id: int, user_id: int) -> MemberClock:
        """`clock` inside the caller's transaction."""
        return await self._days.clock(reader, guild_id, user_id, self._clock.now())

    async def of(self, guild_id: int, user_id: int) -> RhythmView:
        """Return the member's rhythm. Theirs alone: nobody else is ever shown it."""
        days = await self._read(guild_id, user_id)
        states = days.states()
        return RhythmView(rhythm_of(states, days.kept), days.clock.today, states, days.rests)

    async def _read(self, guild_id: int, user_id: int) -> Days:
        group = await self._guilds.profile(guild_id)
        async with self._database.read() as reader:
            return await self._days.days(reader, group, user_id, self._clock.now())

    async def skip(self, guild_id: int, user_id: int, day: date) -> bool:
        """Keep that the member skips `day`, a day of their own clock; False where it was skipped already.

        Where an entry stands under it, or comes later, the day counts as done. Raises `ConditionFailed`, having stored
        nothing, for somebody who has not agreed to the policy.
        """
        async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
            return await self._people.skip(writer, guild_id, user_id, day, self._clock.now())

    async def unskip(self, guild_id: int, user_id: int, day: date) -> bool:
        """Take a skip back; False where there was none. Stores nothing new, so it needs no consent."""
        async with self._database.write() as writer:
            return await self._people.unskip(writer, guild_id, user_id, day)

    async def low_offer(self, guild_id: int, user_id: int) -> bool:
        """Whether low days in a row are to be answered with an offer now: once a run, then it counts as made.

        Call it after an entry was written, for the writer's eyes alone. Nothing is kept, and nothing offered, for
        somebody whose consent is gone.
        """
        async with self._database.read() as reader:
            moods = await self._people.moods(reader, guild_id, user_id)
            person = await self._people.get(reader, guild_id, user_id)
        # Days without a mood can only shorten a run: for most people the moods alone say no.
        if not offer_is_due([MoodDay(day, DayState.DONE, moods[day]) for day in sorted(moods)], None):
            return False
        days = await self._read(guild_id, user_id)
        low = [MoodDay(day, state, moods.get(day)) for day, state in days.states()]
        if not offer_is_due(low, person.offer_day):
            return False
        try:
            async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
                # Two entries sent at once: the second waits here, and finds the first one's offer.
                person = await self._people.alone(writer, guild_id, user_id, self._clock.now(), self._database.row_lock)
                due = offer_is_due(low, person.offer_day)
                if due:
                    await self._people.offered(writer, guild_id, user_id, days.clock.today)
        except ConditionFailed:
            return False
        return due

    async def word_owed(self, guild_id: int, user_id: int) -> str | None:
        """Return what the member should hear at this visit, once: that their reminder has ended, and why."""
        async with self._database.read() as reader:
            if not (await self._people.get(reader, guild_id, user_id)).remind_ended:
                return None
        async with self._database.write() as writer:
            told = await self._people.told(writer, guild_id, user_id)
        return t("checkin_rhythm.word.ended") if told else None


def merged(own: Sequence[tuple[datetime, str | None]], group: Sequence[tuple[datetime, str]]) -> Stays:
    """Return a member's zones: their own where they named one, else the group's, each from its moment on."""
    stays: list[Stay] = []
    for moment in sorted({since for since, _ in (*own, *group)} | {EPOCH}):
        zone = ZoneInfo(_held(own, moment) or _held(group, moment) or "UTC")
        if not stays or stays[-1].zone is not zone:
            stays.append(Stay(moment, zone))
    return tuple(stays)


def clock_of(stays: Stays, now: datetime) -> MemberClock:
    """Return the clock of somebody with these stays."""
    zone = next((one.zone for one in reversed(stays) if one.since <= now), stays[0].zone)
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - narrows the rules' wider type; `merged` makes no other
    return MemberClock(stays, now, day_then(now, stays), yesterday(now, stays), zone)


def _held(
    stays: Sequence[tuple[datetime, str | None]] | Sequence[tuple[datetime, str]], moment: datetime
) -> str | None:
    return next((zone for since, zone in reversed(stays) if since <= moment), stays[0][1] if stays else None)


def _touched(spans: Iterable[tuple[datetime, datetime | None]], clock: MemberClock, since: datetime) -> frozenset[date]:
    """The days that rests touched up to now; one that goes on touches today."""
    end = clock.now + _INSTANT
    return frozenset[date]().union(
        *(days_touched(max(begun, since), min(until or end, end), clock.stays) for begun, until in spans)
    )


def _comes_today(moment: Callable[[date], datetime | None], clock: MemberClock) -> bool:
    """Whether a check-in is still to be asked on what is today for the member."""
    return any(
        coming is not None and coming >= clock.now and day_then(coming, clock.stays) == clock.today
        for coming in (moment(clock.today + step * _DAY) for step in (-1, 0, 1, 2))
    )
