"""Keeps what somebody filled in, once, under their consent; and reads it to its writer alone."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from bot.clock import Clock
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.ids import Ids
from bot.members import Consents
from bot.storage import Database, Writer
from cogs.checkins.rules import Choice, Place, may_write
from cogs.checkins.service.answers import Given
from cogs.checkins.service.rhythm import MemberClock
from cogs.checkins.service.settling import Settling
from cogs.checkins.service.slots import Slot
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.schedules import ScheduleStore

MOST_WORDS = 4
"""Answers in words of one entry: the marked texts of its post, and what has room in one message."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A submitted form. `asked` are the ids of its questions, `held` says that screening holds the choice back."""

    set_id: str
    given: tuple[Given, ...]
    asked: frozenset[str]
    choice: Choice
    submission: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a form.

    `late`: kept under today, because the day it showed is closed. `entry` is None where nothing was kept: today has an
    entry of its own, which words of another day must not overwrite (`late`), or the form was taken once and its entry
    deleted since. `again`: this very form was taken before, and nothing changed.
    """

    entry: Entry | None
    new: bool = False
    late: bool = False
    again: bool = False


class EntryService:
    """One entry a person, check-in and day: a second form for the same changes the first entry."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        consents: Consents,
        entries: EntryStore,
        posts: PostStore,
        schedules: ScheduleStore,
        settling: Settling,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._consents = consents
        self._entries = entries
        self._posts = posts
        self._schedules = schedules
        self._settling = settling

    async def write(self, guild_id: int, user_id: int, slot: Slot, filled: Filled, clock: MemberClock) -> Written:
        """Keep a form. Raises `ConditionFailed`, having stored nothing, without the person's consent."""
        async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
            schedule_id = await self._known(writer, guild_id, user_id, slot)
            first = await first_time(writer, filled.submission, self._clock.now())
            day, late = slot.day, False
            before = await self._find(writer, guild_id, user_id, schedule_id, day)
            if before is None and not may_write(day, clock.now, clock.stays):
                day, late = clock.today, True
                before = await self._find(writer, guild_id, user_id, schedule_id, day)
            if not first or (late and before is not None):
                return Written(None if late and first else before, late=late and first, again=not first)
            if before is None:
                entry = self._new(guild_id, user_id, schedule_id, day, slot.post_day, filled)
                begun = await self._settling.begin(writer, entry)
                if begun is not None:
                    return Written(begun, new=True, late=late)
                # Another form of theirs was kept at this very moment.
                before = await self._find(writer, guild_id, user_id, schedule_id, day)
            if before is None:
                raise Refusal("kit.refused.outdated")
            after = _merged(before, filled)
            return Written(await self._settling.change(writer, before, after), late=late)

    async def _known(self, writer: Writer, guild_id: int, user_id: int, slot: Slot) -> int:
        """The check-in of a slot, also one removed since; 0 for one that this server never had."""
        if slot.schedule_id == 0 or await self._schedules.get(writer, guild_id, slot.schedule_id) is not None:
            return slot.schedule_id
        post = await self._posts.get(writer, slot.schedule_id, slot.post_day) if slot.post_day else None
        if post is not None and post.guild_id == guild_id:
            return slot.schedule_id
        own = await self._entries.find(writer, guild_id, user_id, slot.schedule_id, slot.day)
        return slot.schedule_id if own is not None else 0

    async def _find(
        self, writer: Writer, guild_id: int, user_id: int, schedule_id: int, day: date
    ) -> Entry | None:  # fmt: skip
        return await self._entries.find(writer, guild_id, user_id, schedule_id, day, self._database.row_lock)

    def _new(
        self, guild_id: int, user_id: int, schedule_id: int, day: date, post_day: date | None, filled: Filled
    ) -> Entry:
        now = self._clock.now()
        blank = Entry(
            entry_id=self._ids.new(), guild_id=guild_id, user_id=user_id, schedule_id=schedule_id,
            set_id=filled.set_id, day=day, post_day=post_day if schedule_id else None, choice=Choice.ME, mood=None,
            sleep=None, urge=None, marks=(), words=None, numbers_shown=False, held=None, edition=0,
            place=Place.NOWHERE, channel_id=None, message_id=None, room_id=None, asked_at=None, answered_at=None,
            told_early=False, told=False, written_at=now, updated_at=now,
        )  # fmt: skip
        return _merged(blank, filled)

    async def own(self, guild_id: int, user_id: int, entry_id: int) -> Entry:
        """Return a person's own entry. Raises `Refusal` for any other, and for one that is gone."""
        async with self._database.read() as reader:
            entry = await self._entries.get(reader, guild_id, entry_id)
        if entry is None or entry.user_id != user_id:
            raise Refusal("checkin_entry.gone")
        return entry

    async def of_days(self, guild_id: int, user_id: int, first: date, last: date) -> tuple[Entry, ...]:
        """Return a person's entries of some days, the oldest first."""
        async with self._database.read() as reader:
            return await self._entries.between(reader, guild_id, user_id, first, last)


def _merged(before: Entry, filled: Filled) -> Entry:
    """The entry with what was filled in; answers to questions that the form didn't ask any more stay."""
    seen = filled.asked | {one.question_id for one in filled.given}
    kept = tuple(one for one in before.marks if one.question_id not in seen)
    others = tuple(one for one in before.words or () if one.question_id not in seen)
    words = tuple(one for one in filled.given if one.words)
    marks = tuple(one for one in filled.given if not one.words) + kept
    return replace(
        before,
        set_id=filled.set_id,
        choice=Choice.ME if filled.held else filled.choice,
        held=filled.choice if filled.held else None,
        mood=_number(marks, "mood"),
        sleep=_number(marks, "sleep"),
        urge=_number(marks, "urge"),
        marks=marks,
        words=(words + others)[:MOST_WORDS],
    )


def _number(marks: Collection[Given], role: str) -> int | None:
    return next((one.number for one in marks if one.role == role), None)
