"""Before a form opens: which check-in is meant, which day, which questions, and what is filled in already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.content import QuestionSet
from bot.errors import Refusal
from bot.members import Members
from bot.storage import Database, Reader
from cogs.checkins.rules import Choice, day_then, may_write
from cogs.checkins.service.rhythm import MemberClock, RhythmService
from cogs.checkins.service.schedules import ScheduleService
from cogs.checkins.service.sets import DEFAULT_SET, SetService
from cogs.checkins.service.slots import Slot, set_mark
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.posts import Asked, DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule


@dataclass(frozen=True, slots=True)
class Opening:
    """What a form opens with. `entry` is what was kept before under the same check-in and day."""

    slot: Slot
    questions: QuestionSet
    choice: Choice
    today: bool
    entry: Entry | None = None


class OpeningService:
    """Finds what somebody means to fill in; keeps nothing."""

    def __init__(
        self,
        database: Database,
        members: Members,
        schedules: ScheduleService,
        sets: SetService,
        rhythm: RhythmService,
        posts: PostStore,
        entries: EntryStore,
    ) -> None:
        self._database = database
        self._members = members
        self._schedules = schedules
        self._sets = sets
        self._rhythm = rhythm
        self._posts = posts
        self._entries = entries

    async def named(self, guild_id: int, user_id: int, words: str | None) -> Slot:
        """Return the slot of `/checkin now`: the check-in that is named, the only one, or the one asked last today.

        Where none of these is, the form belongs to no check-in. Raises `Refusal` for a name unknown here.
        """
        clock = await self._rhythm.clock(guild_id, user_id)
        every = await self._schedules.all_of(guild_id)
        chosen = [await self._schedules.named(guild_id, words)] if words else list(every)
        asked = await self._asked(guild_id, chosen, clock, clock.today)
        if asked:
            last = max(asked, key=lambda one: one.posted_at)
            schedule = next(one for one in chosen if one.schedule_id == last.schedule_id)
            return _slot(schedule, clock.today, last.day)
        return _slot(chosen[0] if len(chosen) == 1 else None, clock.today)

    async def pressed(self, guild_id: int, user_id: int, schedule_id: int, day: date, *, alone: bool) -> Slot:
        """Return the slot of a post that was pressed: under the day of that post, while that may still be written.

        Below an older post it is today. Raises `Refusal` for a post that is not this server's.
        """
        clock = await self._rhythm.clock(guild_id, user_id)
        every = await self._schedules.all_of(guild_id)
        schedule = next((one for one in every if one.schedule_id == schedule_id), None)
        async with self._database.read() as reader:
            post = await self._posts.get(reader, schedule_id, day)
            newest = await self._posts.last(reader, schedule_id)
        if post is None and schedule is not None:  # pressed before it was written down where it stands
            return replace(_slot(schedule, clock.today, day), alone=alone)
        if post is None or post.guild_id != guild_id:
            raise Refusal("kit.refused.outdated")
        if may_write(label := _label(post, clock), clock.now, clock.stays):
            slot = _slot(schedule, label, post.day)
        elif newest is not None and _label(newest, clock) == clock.today:
            slot = _slot(schedule, clock.today, newest.day)
        else:
            slot = _slot(schedule, clock.today)
        return replace(slot, schedule_id=schedule_id, alone=alone)

    async def earlier(self, guild_id: int, user_id: int) -> Slot:
        """Return the slot by which yesterday is filled in."""
        clock = await self._rhythm.clock(guild_id, user_id)
        schedule = await self._schedules.only(guild_id)
        if schedule is None:
            return _slot(None, clock.yesterday)
        asked = await self._asked(guild_id, (schedule,), clock, clock.yesterday)
        return _slot(schedule, clock.yesterday, max((one.day for one in asked), default=None))

    async def _asked(
        self, guild_id: int, schedules: Sequence[CheckinSchedule], clock: MemberClock, day: date
    ) -> list[Asked]:
        """The posts of these check-ins that came on a day of the member's."""
        # A date of the group's calendar and a member's label lie at most two apart.
        since = day - timedelta(days=2)
        async with self._database.read() as reader:
            posts = await self._posts.days_asked(reader, guild_id, [one.schedule_id for one in schedules], since)
        return [one for one in posts if _label(one, clock) == day]

    async def open(self, guild_id: int, user_id: int, slot: Slot) -> Opening:
        """Return what the form of a slot opens with."""
        clock = await self._rhythm.clock(guild_id, user_id)
        profile = await self._members.profile(guild_id, user_id)
        async with self._database.read() as reader:
            entry = await self._standing(reader, guild_id, user_id, slot, clock)
        if entry is not None:
            slot = replace(slot, day=entry.day, questions=set_mark(entry.set_id))
        choice = Choice.ME if slot.alone else _choice(entry, profile.default_audience)
        questions = await self.questions(guild_id, slot.questions)
        return Opening(slot, questions, choice, slot.day == clock.today, entry)

    async def of_entry(self, entry: Entry) -> Opening:
        """Return what the form opens with in which an entry is changed."""
        slot = Slot(entry.schedule_id, set_mark(entry.set_id), entry.day, entry.post_day)
        questions = await self.questions(entry.guild_id, slot.questions)
        clock = await self._rhythm.clock(entry.guild_id, entry.user_id)
        return Opening(slot, questions, _choice(entry, ""), entry.day == clock.today, entry)

    async def questions(self, guild_id: int, mark: str) -> QuestionSet:
        """Return the set of a slot; what is asked by default where that is gone."""
        every = await self._sets.all_of(guild_id)
        named = {set_mark(one.id): one for one in every}
        return named.get(mark) or named[set_mark(DEFAULT_SET)]

    async def _standing(
        self, reader: Reader, guild_id: int, user_id: int, slot: Slot, clock: MemberClock
    ) -> Entry | None:
        found = await self._entries.find(reader, guild_id, user_id, slot.schedule_id, slot.day)
        if found is None and not may_write(slot.day, clock.now, clock.stays):
            # An old button: what it opens is today's.
            return await self._entries.find(reader, guild_id, user_id, slot.schedule_id, clock.today)
        return found


def _slot(schedule: CheckinSchedule | None, day: date, post_day: date | None = None) -> Slot:
    if schedule is None:
        return Slot(0, set_mark(DEFAULT_SET), day, post_day)
    return Slot(schedule.schedule_id, set_mark(schedule.question_set), day, post_day)


def _label(post: DayPost | Asked, clock: MemberClock) -> date:
    return day_then(post.posted_at, clock.stays)


def _choice(entry: Entry | None, default_audience: str) -> Choice:
    if entry is not None:
        return entry.held or entry.choice
    return Choice(default_audience)
