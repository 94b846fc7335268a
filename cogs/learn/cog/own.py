"""The group's own readings: written in a form, looked at, changed, retired, brought back."""

from collections.abc import Sequence

from bot.content import Snippet
from bot.discordkit import Answer, AnyInteraction, Interaction, Panel, Press, pressed
from bot.errors import Refusal
from cogs.learn.cog.visitors import page_number
from cogs.learn.rules import sources_written
from cogs.learn.service import GroupLibraries, Outcome, Overtaken, OwnDraft, OwnService, Unfit, Written, draft_of
from cogs.learn.store import OwnSnippet
from cogs.learn.ui import SEPARATOR, drafts
from cogs.learn.ui import own as ui

_WRITE = "library.write"


class OwnDesk:
    """Forms and panels of the group's own readings. A form's key names the reading and the stamp it was opened at."""

    def __init__(self, service: OwnService, libraries: GroupLibraries) -> None:
        self._service = service
        self._topics = libraries.shipped.topics

    async def titles_like(self, interaction: Interaction, typed: str) -> Sequence[Snippet]:
        """Return up to 25 of the group's own readings for what was typed so far."""
        return await self._service.titles_like(_group(interaction), typed)

    async def write_new(self, interaction: Interaction) -> None:
        """Open an empty form."""
        await self._begin(interaction)

    async def write_again(self, interaction: Interaction, snippet_id: str | None) -> None:
        """Open the form with a reading's words; the list where none is named."""
        if snippet_id is None:
            await self.show_list(interaction)
            return
        own = await self._service.named(_group(interaction), snippet_id)
        await self._open_form(Answer.to(interaction), own)

    async def retire(self, interaction: Interaction, snippet_id: str | None) -> None:
        """Take a reading out of the library; the list where none is named."""
        if snippet_id is None:
            await self.show_list(interaction)
            return
        guild_id = _group(interaction)
        own = await self._service.named(guild_id, snippet_id)
        own = await self._service.retire(guild_id, own.snippet.id)
        await Answer.to(interaction).show(ui.retired_panel(own))

    async def show_list(self, interaction: Interaction) -> None:
        """Show all of the group's own readings."""
        page = await self._service.page(_group(interaction))
        await Answer.to(interaction).show(ui.list_panel(page, self._topics.values()))

    @pressed("library", "begin", action=_WRITE)
    async def begin(self, press: Press) -> None:
        """Open an empty form, from the list."""
        await self._begin(press.interaction)

    async def _begin(self, interaction: AnyInteraction) -> None:
        await self._service.check_room(_group(interaction))
        await Answer.to(interaction).ask(ui.writing_form(self._topics.values()))

    @pressed("library", "written", action=_WRITE)
    async def written(self, press: Press) -> None:
        """Keep a new reading."""
        draft = _draft(press)
        outcome = await self._service.add(_group(press.interaction), draft, press.submission)
        await self._tell(press, outcome, draft, "", "library.card.saved")

    @pressed("library", "rewrite", action=_WRITE)
    async def rewrite(self, press: Press) -> None:
        """Open the form with a reading's words."""
        await self._open_form(press.answer, await self._service.own(_group(press.interaction), press.key))

    async def _open_form(self, answer: Answer, own: OwnSnippet) -> None:
        form = ui.writing_form(self._topics.values(), draft_of(own.snippet), drafts.words_key(own.snippet))
        await answer.ask(form)

    @pressed("library", "rewritten", action=_WRITE)
    async def rewritten(self, press: Press) -> None:
        """Keep other words for a reading."""
        draft, (snippet_id, stamp) = _draft(press), _opened(press.key)
        outcome = await self._service.rewrite(
            _group(press.interaction), snippet_id, draft, stamp, press.submission
        )  # fmt: skip
        await self._tell(press, outcome, draft, press.key, "library.card.changed")

    @pressed("library", "mend", action=_WRITE)
    async def mend(self, press: Press) -> None:
        """Open the form again with everything that was written."""
        draft, key = _kept(press)
        await press.answer.ask(ui.writing_form(self._topics.values(), draft, key))

    @pressed("library", "mine", action=_WRITE)
    async def mine(self, press: Press) -> None:
        """Keep one's own words where somebody else has changed the reading meanwhile."""
        draft, key = _kept(press)
        snippet_id, stamp = _opened(key)
        outcome = await self._service.rewrite(_group(press.interaction), snippet_id, draft, stamp)
        await self._tell(press, outcome, draft, key, "library.card.changed")

    async def _tell(self, press: Press, outcome: Outcome, draft: OwnDraft, key: str, done: str) -> None:
        match outcome:
            case Written(own, already):
                await self._show_card(press, own, "library.card.already" if already else done)
            case Unfit(faults):
                await press.turn(drafts.unfit_panel(faults, draft, key))
            case Overtaken(current):
                await press.turn(drafts.overtaken_panel(current, draft))

    @pressed("library", "card", action=_WRITE)
    async def card(self, press: Press) -> None:
        """Show one reading with what can be done about it."""
        chosen = press.values[0] if press.values else press.key
        await self._show_card(press, await self._service.own(_group(press.interaction), chosen))

    async def _show_card(self, press: Press, own: OwnSnippet, notice: str = "") -> None:
        if own.retired_at is not None:
            notice = ""  # whatever was changed, members don't see it: the card says so
        await press.turn(await self._card(_group(press.interaction), own, notice))

    async def _card(self, guild_id: int, own: OwnSnippet, notice: str) -> Panel:
        return ui.card_panel(own, await self._service.preview(guild_id, own.snippet), notice)

    @pressed("library", "whom", action=_WRITE)
    async def whom(self, press: Press) -> None:
        """Keep for whom a reading is."""
        outcome = await self._service.set_audience(_group(press.interaction), press.key, _first(press))
        await self._show_choice(press, outcome)

    @pressed("library", "tone", action=_WRITE)
    async def tone(self, press: Press) -> None:
        """Keep how a reading is to be read."""
        chosen = _first(press)
        outcome = await self._service.set_tone(_group(press.interaction), press.key, chosen)
        stays = isinstance(outcome, Written) and outcome.own.snippet.tone != chosen
        await self._show_choice(press, outcome, "library.card.stays_careful" if stays else "library.card.changed")

    async def _show_choice(self, press: Press, outcome: Outcome, notice: str = "library.card.changed") -> None:
        match outcome:
            case Written(own):
                await self._show_card(press, own, notice)
            case Unfit(faults):  # a newer Evenkeel knows a rule that the words were not held against
                own = await self._service.own(_group(press.interaction), press.key)
                await press.turn(drafts.unfit_panel(faults, draft_of(own.snippet), drafts.words_key(own.snippet)))
            case Overtaken():
                raise Refusal("library.own.gone")

    @pressed("library", "sources", action=_WRITE)
    async def sources(self, press: Press) -> None:
        """Open the form of a reading's sources."""
        own = await self._service.own(_group(press.interaction), press.key)
        lines = sources_written(own.snippet.claims)
        if len(lines) > ui.LONGEST_SOURCES:
            raise Refusal("library.own.long_sources")
        await press.answer.ask(ui.sources_form(lines, drafts.sources_key(own.snippet)))

    @pressed("library", "mendsources", action=_WRITE)
    async def mend_sources(self, press: Press) -> None:
        """Open the form of the sources again with the lines that were written."""
        await press.answer.ask(ui.sources_form(press.marked(drafts.SOURCES), press.key))

    @pressed("library", "sourced", action=_WRITE)
    async def sourced(self, press: Press) -> None:
        """Keep the sources."""
        written, (snippet_id, stamp) = press.words("sources"), _opened(press.key)
        outcome = await self._service.set_sources(
            _group(press.interaction), snippet_id, written, stamp, press.submission
        )  # fmt: skip
        match outcome:
            case Written(own, already):
                await self._show_card(press, own, "library.card.already" if already else "library.card.changed")
            case Unfit(faults):
                await press.turn(drafts.unfit_sources_panel(faults, written, press.key))
            case Overtaken(current):
                await press.turn(drafts.overtaken_sources_panel(current, written))

    @pressed("library", "retire", action=_WRITE)
    async def retire_it(self, press: Press) -> None:
        """Take a reading out of the library."""
        await press.turn(ui.retired_panel(await self._service.retire(_group(press.interaction), press.key)))

    @pressed("library", "back", action=_WRITE)
    async def back(self, press: Press) -> None:
        """Put a retired reading back."""
        own = await self._service.bring_back(_group(press.interaction), press.key)
        await self._show_card(press, own, "library.card.back_again")

    @pressed("library", "delete", action=_WRITE)
    async def delete(self, press: Press) -> None:
        """Ask before a reading is deleted for good."""
        own = await self._service.own(_group(press.interaction), press.key)
        await press.turn(ui.delete_panel(own.snippet))

    @pressed("library", "gone", action=_WRITE)
    async def delete_it(self, press: Press) -> None:
        """Delete a retired reading for good."""
        await press.turn(ui.deleted_panel(await self._service.delete(_group(press.interaction), press.key)))

    @pressed("library", "list", action=_WRITE)
    async def turn_list(self, press: Press) -> None:
        """Show a page of the list."""
        page = await self._service.page(_group(press.interaction), page_number(press.key))
        await press.turn(ui.list_panel(page, self._topics.values()))


def _group(interaction: AnyInteraction) -> int:
    """Return the server. Raises `Refusal` in direct messages."""
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id


def _draft(press: Press) -> OwnDraft:
    title, body, question, tags = (press.words(name) for name in ("title", "body", "question", "tags"))
    return OwnDraft(title, body, "".join(press.chosen("topic")[:1]), question, tags)


def _kept(press: Press) -> tuple[OwnDraft, str]:
    """Return what stays in the message that was pressed, and the key of the reading it is for."""
    topic, _, key = press.key.partition(SEPARATOR)
    title, body, question, tags = (
        press.marked(mark) for mark in (drafts.TITLE, drafts.BODY, drafts.QUESTION, drafts.TAGS)
    )
    return OwnDraft(title, body, topic, question, tags), key


def _opened(key: str) -> tuple[str, str]:
    """Return which reading a form was opened for, and how it was then."""
    snippet_id, _, stamp = key.partition(SEPARATOR)
    return snippet_id, stamp


def _first(press: Press) -> str:
    return press.values[0] if press.values else ""
