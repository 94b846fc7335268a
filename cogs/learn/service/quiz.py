"""Use cases of the quiz. A course is carried by its buttons: nothing about it, and no answer, is ever stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.content import Content, Snippet, Statement, Topic, danger_in
from bot.errors import Refusal
from bot.guilds import Guilds
from cogs.learn.rules.quiz import FAMILY, FIVE, draw_five, statements_for
from cogs.learn.service.days import group_reader
from cogs.learn.service.model import Urgent, Visitor
from cogs.learn.service.reading import LearnService

Said = Literal["true", "false", "unsure"]
# Places of a course before it begins anew: the walk to a place is made again at each press.
_LONGEST = 40 * FIVE


@dataclass(frozen=True, slots=True)
class Course:
    """Where somebody is: the seed of their draw, the place in it (from 0), and the topic, empty for a mix."""

    seed: str
    topic: str = ""
    place: int = 0

    def onward(self) -> Course:
        """Return the course one statement later."""
        return self.at(self.place + 1)

    def anew(self) -> Course:
        """Return the course at its next five."""
        return self.at((self.place // FIVE + 1) * FIVE)

    def at(self, place: int) -> Course:
        """Return the course at a place."""
        return replace(self, place=place % _LONGEST)


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement before somebody; it is the `number`th of `total`. `instead` of one that is gone."""

    course: Course
    statement: Statement
    reading: Snippet
    topic: Topic
    number: int
    total: int
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """How it is, after somebody said what they think; `urgent` is for a statement that names a sign of danger."""

    asked: Asked
    said: Said
    urgent: Urgent | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a five, or where somebody stopped; `readings` are those it touched so far."""

    course: Course
    readings: tuple[Snippet, ...]
    whole: bool


class QuizService:
    """Draws statements for one person and says how it is."""

    def __init__(self, learn: LearnService, guilds: Guilds, content: Content) -> None:
        self._learn = learn
        self._guilds = guilds
        self._quiz = content.quiz
        self._library = content.library
        self._dangerous = frozenset(one.id for one in content.quiz if danger_in(f"{one.says}\n{one.why}"))
        with_some = {one.topic for one in content.quiz}
        self._topics = tuple(topic for key, topic in content.library.topics.items() if key in with_some)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that have statements, in the library's order."""
        return self._topics

    def topics_like(self, typed: str) -> tuple[Topic, ...]:
        """Return the topics with what was typed in their name or description; all of them where none has it."""
        words = typed.casefold().split()
        like = (one for one in self._topics if all(word in _words(one) for word in words))
        return tuple(like) or self._topics

    def topic_named(self, typed: str) -> Topic | None:
        """Return the topic of this key or name, or the only one that the words fit; None for any other."""
        plain = " ".join(typed.split()).casefold()
        for topic in self._topics:
            if plain in (topic.key, topic.name.casefold()):
                return topic
        like = self.topics_like(plain)
        return like[0] if len(like) == 1 and plain in _words(like[0]) else None

    async def asked(self, visitor: Visitor, course: Course) -> Asked:
        """Return the statement of the course's place. Raises `Refusal` where there are none (any more)."""
        five = await self._five(visitor, course)
        place = min(course.place % FIVE, len(five) - 1)
        return self._asked(course, five[place], place, len(five))

    async def told(self, visitor: Visitor, course: Course, statement_id: str, said: Said) -> Told | Asked:
        """Return how it is; for a statement that has left the library, another one to answer. Raises like `asked`."""
        asked = await self.asked(visitor, course)
        statement = self._quiz.get(statement_id)
        if statement is None:
            return replace(asked, instead=True)
        urgent = None
        if statement.id in self._dangerous:
            urgent = (await self._learn.open(visitor, statement.snippet)).urgent
        return Told(self._asked(course, statement, asked.number - 1, asked.total), said, urgent)

    async def ended(self, visitor: Visitor, course: Course) -> Ended:
        """Return the end of this five, also where it was left before. Raises like `asked`."""
        five = await self._five(visitor, course)
        touched = five[: course.place % FIVE + 1]
        readings = {one.snippet: self._library.snippets[one.snippet] for one in touched}
        return Ended(course, tuple(readings.values()), whole=len(touched) == len(five))

    async def _five(self, visitor: Visitor, course: Course) -> tuple[Statement, ...]:
        kind = (await self._guilds.profile(visitor.guild_id)).kind
        reader = "family" if visitor.family else group_reader(kind)
        statements = statements_for(self._quiz, self._library, topic=course.topic, reader=reader)
        lead = FAMILY if reader == "family" else ""
        five = draw_five(statements, course.seed, course.place // FIVE, lead=lead)
        if not five:
            raise Refusal("learn.quiz.none")
        return five

    def _asked(self, course: Course, statement: Statement, place: int, total: int) -> Asked:
        reading = self._library.snippets[statement.snippet]
        return Asked(course, statement, reading, self._library.topics[statement.topic], place + 1, total)


def _words(topic: Topic) -> str:
    return f"{topic.key} {topic.name} {topic.description}".casefold()
