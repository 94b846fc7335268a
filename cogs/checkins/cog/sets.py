"""The sets of questions, in moderators' hands: listed, written, changed, tried, deleted."""

from dataclasses import replace

from bot.content import QuestionSet, title_key
from bot.discordkit import Answer, AnyInteraction, Press, pressed, say
from bot.errors import Refusal
from bot.storage import SealBroken
from bot.text import t
from cogs.checkins.rules import Choice
from cogs.checkins.service.set_drafts import (
    Kept,
    Outcome,
    Overtaken,
    Target,
    Typed,
    Unfit,
    question_in,
    stamp_of,
    target_of,
    typed_question,
)
from cogs.checkins.service.sets import SetService
from cogs.checkins.ui import set_faults as faults
from cogs.checkins.ui import sets as ui
from cogs.checkins.ui.form import entry_form
from cogs.checkins.ui.set_forms import set_form, typed_above, typed_in

_WRITE = "checkins.questions"
_MOST_SUGGESTED = 25


class SetDesk:
    """Panels and forms of the sets. A form's key says what it is for, and how that was when the form was opened."""

    def __init__(self, service: SetService) -> None:
        self._service = service

    async def names_like(
        self, interaction: AnyInteraction, typed: str, *, own: bool = False
    ) -> tuple[tuple[str, str], ...]:
        """Return up to 25 names of sets with their ids for what was typed so far; none where they can't be read."""
        if interaction.guild_id is None:
            return ()
        try:
            every = await self._service.all_of(interaction.guild_id)
        except SealBroken:  # the field stays a plain one, and what is typed is looked up on sending
            return ()
        words = title_key(typed).split()
        found = [one for one in every if all(word in title_key(one.name) for word in words) and (one.own or not own)]
        return tuple((one.name, one.id) for one in found[:_MOST_SUGGESTED])

    async def show_list(self, interaction: AnyInteraction) -> None:
        """Show every set."""
        await Answer.to(interaction).show(ui.list_panel(await self._service.every(_group(interaction))))

    async def add(self, interaction: AnyInteraction) -> None:
        """Open the form of a new set."""
        await self._service.check_room(_group(interaction))
        await Answer.to(interaction).ask(set_form(Target("new"), Typed()))

    async def edit(self, interaction: AnyInteraction, which: str | None) -> None:
        """Show one set with what can be done about it; the list where none is named."""
        if which is None:
            await self.show_list(interaction)
            return
        guild_id = _group(interaction)
        found = await self._service.named(guild_id, which)
        await Answer.to(interaction).show(ui.card_panel(await self._service.look(guild_id, found.id)))

    async def remove(self, interaction: AnyInteraction, which: str | None) -> None:
        """Ask before one of the group's own sets is deleted; the list where none is named."""
        if which is None:
            await self.show_list(interaction)
            return
        guild_id = _group(interaction)
        found = await self._service.named(guild_id, which)
        await Answer.to(interaction).show(ui.removing_panel(await self._service.removable(guild_id, found.id)))

    @pressed("checkins", "set_list", action=_WRITE)
    async def turn_to_list(self, press: Press) -> None:
        """Show every set in the place of what was there."""
        await press.turn(ui.list_panel(await self._service.every(_group(press.interaction))))

    @pressed("checkins", "set_open", action=_WRITE)
    async def open(self, press: Press) -> None:
        """Show one set."""
        await self._show_card(press, _chosen(press))

    async def _show_card(self, press: Press, set_id: str, notice: str = "") -> None:
        await press.turn(ui.card_panel(await self._service.look(_group(press.interaction), set_id), notice))

    @pressed("checkins", "set_question", action=_WRITE)
    async def open_question(self, press: Press) -> None:
        """Show one question of a set."""
        set_id, question_id = _two(_chosen(press))
        await self._show_question(press, await self._service.own(_group(press.interaction), set_id), question_id)

    async def _show_question(self, press: Press, one: QuestionSet, question_id: str) -> None:
        question = question_in(one, question_id)
        if question is None:
            raise Refusal("questions.question_gone")
        await press.turn(ui.question_panel(one, one.questions.index(question)))

    @pressed("checkins", "set_add", action=_WRITE)
    async def add_question(self, press: Press) -> None:
        """Show how another question may be answered."""
        await press.turn(ui.adding_panel(await self._service.own(_group(press.interaction), press.key)))

    @pressed("checkins", "set_form", action=_WRITE)
    async def open_form(self, press: Press) -> None:
        """Open a form with the words as they are now."""
        target = target_of(press.key)
        guild_id = _group(press.interaction)
        if target.what in {"new", "copy"}:
            await self._service.check_room(guild_id)
            described = (await self._service.look(guild_id, target.set_id)).question_set if target.set_id else None
            typed = Typed(description=described.description) if described else Typed()
            await press.answer.ask(set_form(target, typed))
            return
        one = await self._service.own(guild_id, target.set_id)
        await self._ask(press, one, target)

    async def _ask(self, press: Press, one: QuestionSet, target: Target, typed: Typed | None = None) -> None:
        """Open a form about a set; a press of "Mend it" brings what was `typed`."""
        question = question_in(one, target.part) if target.what == "words" else None
        if target.what == "words" and question is None:
            raise Refusal("questions.question_gone")
        stands = typed_question(question) if question else Typed(one.name, one.description)
        if target.what == "ask":
            stands = Typed()
        target = replace(target, stamp=stamp_of(one, target))
        await press.answer.ask(set_form(target, typed or stands, question))

    @pressed("checkins", "set_mend", action=_WRITE)
    async def mend(self, press: Press) -> None:
        """Open a form again with everything that was typed."""
        target, typed = target_of(press.key), typed_above(press)
        if target.what in {"new", "copy"}:
            await press.answer.ask(set_form(target, typed))
            return
        one = await self._service.own(_group(press.interaction), target.set_id)
        await self._ask(press, one, target, typed)

    @pressed("checkins", "set_written", action=_WRITE)
    async def written(self, press: Press) -> None:
        """Keep what a form brought."""
        target, typed = target_of(press.key), typed_in(press)
        if target.what == "new":
            target = replace(target, part="".join(press.chosen("kind")))
        outcome = await self._service.write(_group(press.interaction), target, typed, press.submission)
        match outcome:
            case Kept():
                await self._tell(press, outcome, target.set_id)
            case Unfit():
                await press.turn(faults.unfit_panel(outcome, target, typed))
            case Overtaken(current):
                there = current is not None and (target.what != "words" or question_in(current, target.part))
                await press.turn(faults.overtaken_panel(current, target, typed, there=bool(there)))

    async def _tell(self, press: Press, outcome: Outcome, set_id: str) -> None:
        match outcome:
            case Kept(one, already):
                await self._show_card(press, one.id, "questions.card.already" if already else "questions.card.kept")
            case Unfit():
                await press.turn(faults.stays_panel(outcome, set_id))
            case Overtaken(current):
                raise Refusal("questions.question_gone" if current else "questions.gone")

    @pressed("checkins", "set_ready", action=_WRITE)
    async def add_ready(self, press: Press) -> None:
        """Add a question of ours."""
        set_id, role = _two(press.key)
        await self._tell(press, await self._service.add_ready(_group(press.interaction), set_id, role), set_id)

    @pressed("checkins", "set_move", action=_WRITE)
    async def move(self, press: Press) -> None:
        """Put a question at another place."""
        key, _, place = press.key.rpartition(ui.SEPARATOR)
        set_id, question_id = _two(key)
        if not place.isdecimal() or len(place) > 1:
            raise Refusal("kit.refused.outdated")
        outcome = await self._service.move(_group(press.interaction), set_id, question_id, int(place))
        if isinstance(outcome, Kept):
            await self._show_question(press, outcome.question_set, question_id)
        else:
            await self._tell(press, outcome, set_id)

    @pressed("checkins", "set_drop", action=_WRITE)
    async def drop(self, press: Press) -> None:
        """Ask before a question is taken out."""
        set_id, question_id = _two(press.key)
        one = await self._service.own(_group(press.interaction), set_id)
        if (question := question_in(one, question_id)) is None:
            raise Refusal("questions.question_gone")
        await press.turn(ui.dropping_panel(one, question))

    @pressed("checkins", "set_dropped", action=_WRITE)
    async def drop_it(self, press: Press) -> None:
        """Take a question out."""
        set_id, question_id = _two(press.key)
        await self._tell(press, await self._service.drop(_group(press.interaction), set_id, question_id), set_id)

    @pressed("checkins", "set_remove", action=_WRITE)
    async def ask_to_remove(self, press: Press) -> None:
        """Ask before a set is deleted."""
        await press.turn(ui.removing_panel(await self._service.removable(_group(press.interaction), press.key)))

    @pressed("checkins", "set_removed", action=_WRITE)
    async def remove_it(self, press: Press) -> None:
        """Delete a set."""
        await press.turn(ui.removed_panel(await self._service.remove(_group(press.interaction), press.key)))

    @pressed("checkins", "set_try", action=_WRITE)
    async def try_it(self, press: Press) -> None:
        """Open the form as members see it."""
        one = (await self._service.look(_group(press.interaction), press.key)).question_set
        await press.answer.ask(entry_form(one, verb="set_tried", key=one.id, choice=Choice.ME))

    @pressed("checkins", "set_tried", action=_WRITE)
    async def tried(self, press: Press) -> None:
        """Say that nothing was kept."""
        await press.answer.show(say(t("questions.card.tried")))


def _group(interaction: AnyInteraction) -> int:
    """Return the server. Raises `Refusal` in direct messages."""
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id


def _chosen(press: Press) -> str:
    return press.values[0] if press.values else press.key


def _two(key: str) -> tuple[str, str]:
    """Return the set and the question (or the role) that a key names."""
    set_id, _, part = key.partition(ui.SEPARATOR)
    return set_id, part
