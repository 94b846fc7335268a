"""`/learn quiz`: five statements, true or false, each with its why."""

from collections.abc import Sequence

from bot.discordkit import Answer, Interaction, Panel, Press, pressed
from bot.ids import Ids
from cogs.learn import ui
from cogs.learn.cog.visitors import Visitors
from cogs.learn.service import Course, QuizService, Said, Told, Visitor

_SEED = 6  # characters: thirty bits are draws enough
_SAID: dict[str, Said] = {"t": "true", "f": "false", "u": "unsure"}


class QuizDesk:
    """One statement at a time, for one person's eyes; nothing is counted or kept."""

    def __init__(self, service: QuizService, visitors: Visitors, ids: Ids) -> None:
        self._service = service
        self._visitors = visitors
        self._ids = ids

    def topics_like(self, typed: str) -> Sequence[tuple[str, str]]:
        """Return key and name of up to 25 topics with statements for what was typed so far."""
        return [(topic.key, topic.name) for topic in self._service.topics_like(typed)[:25]]

    async def begin(self, interaction: Interaction, topic: str | None) -> None:
        """Show the first statement; the list of topics for one that is not there."""
        visitor = await self._visitors.of(interaction)
        await Answer.to(interaction).show(await self._first(visitor, topic or ""))

    @pressed("learn", "quiz", action="learn.quiz")
    async def begin_below(self, press: Press) -> None:
        """Begin below the list that was pressed."""
        visitor = await self._visitors.of(press.interaction)
        await press.answer.show(await self._first(visitor, press.key))

    @pressed("learn", "quiz_pick", action="learn.quiz")
    async def pick(self, press: Press) -> None:
        """Begin with the chosen topic, in the place of the list."""
        visitor = await self._visitors.of(press.interaction)
        chosen = press.values[0] if press.values else ui.MIX
        await press.turn(await self._first(visitor, "" if chosen == ui.MIX else chosen))

    async def _first(self, visitor: Visitor, typed: str) -> Panel:
        topic = self._service.topic_named(typed) if typed.strip() else None
        if typed.strip() and topic is None:
            return ui.quiz_topics_panel(self._service.topics, unknown=True)
        course = Course(self._ids.key()[:_SEED], topic.key if topic else "")
        return ui.statement_panel(await self._service.asked(visitor, course))

    @pressed("learn", "say", action="learn.quiz")
    async def say(self, press: Press) -> None:
        """Show how it is; in the place of a statement that has gone, another one."""
        visitor = await self._visitors.of(press.interaction)
        course, (statement_id, said, *_) = ui.course_of(press.key)
        found = await self._service.told(visitor, course, statement_id, _SAID.get(said, "unsure"))
        await press.turn(ui.told_panel(found) if isinstance(found, Told) else ui.statement_panel(found))

    @pressed("learn", "quiz_on", action="learn.quiz")
    async def onward(self, press: Press) -> None:
        """Show the statement of the place that the button names."""
        visitor = await self._visitors.of(press.interaction)
        course, _ = ui.course_of(press.key)
        await press.turn(ui.statement_panel(await self._service.asked(visitor, course)))

    @pressed("learn", "quiz_stop", action="learn.quiz")
    async def stop(self, press: Press) -> None:
        """End here."""
        visitor = await self._visitors.of(press.interaction)
        course, _ = ui.course_of(press.key)
        await press.turn(ui.end_panel(await self._service.ended(visitor, course)))

    @pressed("learn", "quiz_topics", action="learn.quiz")
    async def other_topic(self, press: Press) -> None:
        """Show the topics to choose from."""
        await press.turn(ui.quiz_topics_panel(self._service.topics))
