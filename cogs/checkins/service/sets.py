"""Use cases of the sets of questions: ours, and the group's own."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.content import Question, QuestionFault, QuestionSet, check_question_set, tidied_set, title_key
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.storage import Database, Reader, Writer
from cogs.checkins.service.set_drafts import (
    Kept,
    Outcome,
    Overtaken,
    Target,
    Typed,
    Unfit,
    question_in,
    question_of,
    reworded,
    stamp_of,
    unread_numbers,
)
from cogs.checkins.store.schedules import ScheduleStore
from cogs.checkins.store.sets import SetStore

DEFAULT_SET = "how-am-i-today"
"""What is asked where nothing was chosen, or what was chosen is gone."""

OWN_SET = "own-"
"""How the id of a group's own set begins; twelve lower-case signs follow, which tell nothing of its sealed name."""

MOST_OWN_SETS = 20
"""Sets that a group can have of its own: with the presets they fit one select."""

_MARK = re.compile(r"[a-z2-7]{12}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A set with the names of the check-ins that ask it."""

    question_set: QuestionSet
    used_by: tuple[str, ...] = ()


_Change = Callable[[QuestionSet], QuestionSet | None]


class SetService:
    """The sets that a form can ask. Who wrote one is not kept: it belongs to the group.

    What names a set raises `Refusal` for one that is not there, above all for another server's.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        presets: Mapping[str, QuestionSet],
        dialled: frozenset[str],
        store: SetStore,
        schedules: ScheduleStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._presets = presets
        self._dialled = dialled
        self._store = store
        self._schedules = schedules

    async def get(self, guild_id: int, set_id: str) -> QuestionSet | None:
        """Return a preset, or one of the group's own sets; None for one that is gone."""
        if set_id in self._presets:
            return self._presets[set_id]
        async with self._database.read() as reader:
            return await self._store.get(reader, guild_id, set_id)

    async def all_of(self, guild_id: int) -> tuple[QuestionSet, ...]:
        """Return the presets, then the group's own sets in the order they were added."""
        async with self._database.read() as reader:
            return (*self._presets.values(), *await self._store.all_of(reader, guild_id))

    async def named(self, guild_id: int, typed: str) -> QuestionSet:
        """Return the set that was picked, or whose name was typed."""
        key = title_key(typed)
        for one in await self.all_of(guild_id):
            if typed.strip() == one.id or key == title_key(one.name):
                return one
        raise Refusal("questions.gone")

    async def every(self, guild_id: int) -> tuple[Listed, ...]:
        """Return all sets with who asks them, the presets first."""
        async with self._database.read() as reader:
            own = await self._store.all_of(reader, guild_id)
            users = await self._users(reader, guild_id)
        return tuple(Listed(one, users.get(one.id, ())) for one in (*self._presets.values(), *own))

    async def look(self, guild_id: int, set_id: str) -> Listed:
        """Return one set with who asks it."""
        async with self._database.read() as reader:
            found = self._presets.get(set_id) or await self._store.get(reader, guild_id, set_id)
            users = await self._users(reader, guild_id)
        if found is None:
            raise Refusal("questions.gone")
        return Listed(found, users.get(set_id, ()))

    async def own(self, guild_id: int, set_id: str) -> QuestionSet:
        """Return one of the group's own sets."""
        found = await self.get(guild_id, set_id)
        if found is None or not found.own:
            raise Refusal("questions.preset" if found else "questions.gone")
        return found

    async def check_room(self, guild_id: int) -> None:
        """Raise `Refusal` where the group has as many sets of its own as it can have."""
        async with self._database.read() as reader:
            if len(await self._store.all_of(reader, guild_id)) >= MOST_OWN_SETS:
                raise Refusal("questions.full", most=MOST_OWN_SETS)

    def ready(self, role: str) -> Question:
        """Return the presets' question whose answers the history draws as this."""
        for preset in self._presets.values():
            for question in preset.questions:
                if role and question.role == role:
                    return replace(question, required=False)
        raise Refusal("kit.refused.outdated")

    async def write(self, guild_id: int, target: Target, typed: Typed, submission: str) -> Outcome:
        """Keep what a form brought. A form that comes twice counts once: its own mark makes the new id."""
        if not _MARK.fullmatch(submission):
            raise Refusal("kit.refused.outdated")
        if target.what in {"new", "copy"}:
            return await self._add(guild_id, target, typed, submission)
        if target.what == "ask":
            question = question_of(typed, target.kind, f"q-{submission}")
            return await self._change(guild_id, target, typed, lambda one: _with(one, question), submission)
        if target.what == "name":
            return await self._change(guild_id, target, typed, lambda one: _named(one, typed), submission)
        return await self._change(guild_id, target, typed, lambda one: _reworded(one, target.part, typed), submission)

    async def _add(self, guild_id: int, target: Target, typed: Typed, submission: str) -> Outcome:
        made = self._made(target, typed, submission)
        async with self._writing(guild_id) as writer:
            if (before := await self._store.get(writer, guild_id, made.id)) is not None:
                return Kept(before, already=True)
            if faults := await self._faults(writer, guild_id, made, typed):
                return Unfit(faults, made)
            if not await first_time(writer, submission, self._clock.now()):
                return Overtaken(None)
            await self._store.put(writer, guild_id, made, self._clock.now())
            return Kept(made)

    def _made(self, target: Target, typed: Typed, submission: str) -> QuestionSet:
        if target.what == "new":
            questions: tuple[Question, ...] = (question_of(typed, target.kind, f"q-{submission}"),)
        elif preset := self._presets.get(target.set_id):
            questions = tuple(
                replace(one, id=one.role or f"q{number}") for number, one in enumerate(preset.questions, start=1)
            )
        else:
            raise Refusal("questions.gone")
        return tidied_set(QuestionSet(f"{OWN_SET}{submission}", typed.name, typed.description, questions, own=True))

    async def _change(
        self, guild_id: int, target: Target, typed: Typed, change: _Change, submission: str = ""
    ) -> Outcome:
        async with self._writing(guild_id) as writer:
            before = await self._store.get(writer, guild_id, target.set_id)
            after = change(before) if before is not None else None
            if before is None or after is None:
                return Overtaken(before)
            after = tidied_set(after)
            if after == before:
                return Kept(before, already=True)
            if faults := await self._faults(writer, guild_id, after, typed, target.part):
                return Unfit(faults, after)
            if submission and not await first_time(writer, submission, self._clock.now()):
                return Kept(before, already=True)
            if target.stamp and target.stamp != stamp_of(before, target):
                return Overtaken(before)
            await self._store.put(writer, guild_id, after, self._clock.now())
            return Kept(after)

    async def add_ready(self, guild_id: int, set_id: str, role: str) -> Outcome:
        """Add our own question about mood, sleep or urges; a set that has one stays as it is."""
        question = replace(self.ready(role), id=role)

        def change(one: QuestionSet) -> QuestionSet:
            return one if one.asks_for(question.role) else replace(one, questions=(*one.questions, question))

        return await self._change(guild_id, Target("ask", set_id), Typed(), change)

    async def move(self, guild_id: int, set_id: str, question_id: str, place: int) -> Outcome:
        """Put a question at another place, counted from 0."""

        def change(one: QuestionSet) -> QuestionSet | None:
            moved = question_in(one, question_id)
            if moved is None or not 0 <= place < len(one.questions):
                return None
            others = [other for other in one.questions if other.id != question_id]
            return replace(one, questions=(*others[:place], moved, *others[place:]))

        return await self._change(guild_id, Target("words", set_id), Typed(), change)

    async def drop(self, guild_id: int, set_id: str, question_id: str) -> Outcome:
        """Take a question out of a set; the last one stays, and that is a reason to tell."""

        def change(one: QuestionSet) -> QuestionSet:
            return replace(one, questions=tuple(other for other in one.questions if other.id != question_id))

        return await self._change(guild_id, Target("words", set_id), Typed(), change)

    async def removable(self, guild_id: int, set_id: str) -> QuestionSet:
        """Return one of the group's own sets that could be deleted. Raises `Refusal` while a check-in asks it."""
        async with self._database.read() as reader:
            return await self._removable(reader, guild_id, set_id)

    async def remove(self, guild_id: int, set_id: str) -> QuestionSet:
        """Delete one of the group's own sets and return it as it was. Raises `Refusal` while a check-in asks it."""
        async with self._writing(guild_id) as writer:
            await self._schedules.alone(writer, guild_id, self._clock.now())  # so that none takes the set meanwhile
            found = await self._removable(writer, guild_id, set_id)
            await self._store.delete(writer, guild_id, set_id)
        return found

    async def _removable(self, reader: Reader, guild_id: int, set_id: str) -> QuestionSet:
        found = await self._store.get(reader, guild_id, set_id)
        if found is None:
            raise Refusal("questions.preset" if set_id in self._presets else "questions.gone")
        if users := (await self._users(reader, guild_id)).get(set_id):
            raise Refusal("questions.used", names=", ".join(users))
        return found

    @asynccontextmanager
    async def _writing(self, guild_id: int) -> AsyncIterator[Writer]:
        async with self._database.write() as writer:
            await self._store.alone(writer, guild_id, self._clock.now())
            yield writer

    async def _users(self, reader: Reader, guild_id: int) -> dict[str, tuple[str, ...]]:
        users: dict[str, tuple[str, ...]] = {}
        for one in await self._schedules.all_of(reader, guild_id):
            users[one.question_set] = (*users.get(one.question_set, ()), one.name)
        return users

    async def _faults(
        self, writer: Writer, guild_id: int, made: QuestionSet, typed: Typed, part: str = ""
    ) -> tuple[QuestionFault, ...]:
        """What the rules find, and what only the group's other sets can tell."""
        others = [one for one in await self._store.all_of(writer, guild_id) if one.id != made.id]
        place = next((place for place, one in enumerate(made.questions) if one.id == part), len(made.questions) - 1)
        faults = [*unread_numbers(typed, place), *check_question_set(made, self._dialled)]
        if len(others) >= MOST_OWN_SETS:
            faults.insert(0, QuestionFault("full", None, "name", str(MOST_OWN_SETS)))
        name = title_key(made.name)
        if any(name == title_key(one.name) for one in self._presets.values()):
            faults.append(QuestionFault("name_preset", None, "name", made.name))
        if any(name == title_key(one.name) for one in others):
            faults.append(QuestionFault("name_taken", None, "name", made.name))
        return tuple(faults)


def _with(question_set: QuestionSet, question: Question) -> QuestionSet:
    if question_in(question_set, question.id):
        return question_set
    return replace(question_set, questions=(*question_set.questions, question))


def _named(question_set: QuestionSet, typed: Typed) -> QuestionSet:
    return replace(question_set, name=typed.name, description=typed.description)


def _reworded(question_set: QuestionSet, question_id: str, typed: Typed) -> QuestionSet | None:
    if question_in(question_set, question_id) is None:
        return None
    questions = tuple(reworded(typed, one) if one.id == question_id else one for one in question_set.questions)
    return replace(question_set, questions=questions)
