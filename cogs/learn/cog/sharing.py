"""A facilitator posts a reading for everyone: shown and asked first, posted once, taken back at any time."""

from contextlib import suppress
from typing import Any

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Interaction, Panel, Press, decode, pressed, say
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.text import t
from cogs.learn import ui
from cogs.learn.cog.places import check_here, check_place
from cogs.learn.cog.visitors import Visitors
from cogs.learn.delivery.posting import ReadingPosts
from cogs.learn.rules import escaped, plain, tidy
from cogs.learn.service import Draft, Found, LearnService, Note, SharingService

_SHARE = "learn.share"


class SharingDesk:
    """The question before a post, and what came of it. A note waits in the question's own message."""

    def __init__(
        self,
        service: LearnService,
        sharing: SharingService,
        visitors: Visitors,
        posts: ReadingPosts,
        gate: ConsentGate,
    ) -> None:
        self._service = service
        self._sharing = sharing
        self._visitors = visitors
        self._posts = posts
        self._gate = gate
        gate.register(_SHARE, self._agreed)

    async def offer(self, interaction: Interaction, snippet: str, channel_id: int | None, note: str | None) -> None:
        """Show what would be posted, and ask."""
        visitor = await self._visitors.of(interaction)
        here = channel_id or interaction.channel_id or 0
        words = tidy(note or "")
        found = await self._service.look_up(visitor, snippet)
        if isinstance(found, Found):
            panel = ui.near_panel(found, here, _note(visitor.user_id, words))
        else:
            panel = await self._question(interaction, found.id, here, words)
        await Answer.to(interaction).show(panel)

    async def _question(
        self,
        interaction: AnyInteraction,
        snippet_id: str,
        channel_id: int,
        words: str,
        notice: str = "",
        mark: str = "",
    ) -> Panel:
        """Return what to ask, or what is in the way; either holds the note."""
        visitor = await self._visitors.of(interaction)
        reading = await self._service.for_everyone(visitor.guild_id, snippet_id)
        note = _note(visitor.user_id, words)
        amounts = self._sharing.amounts(words)
        if note and amounts:
            return ui.amounts_panel(reading.snippet.id, channel_id, note, amounts)
        try:
            await check_place(interaction, channel_id)
        except Refusal as refusal:
            return ui.no_place_panel(reading.snippet.id, t(refusal.key, **refusal.data), note)
        stands = await self._sharing.last_of(visitor, reading.snippet)
        return ui.confirm_panel(Draft(reading, channel_id, note, stands), mark or self._posts.new_mark(), notice)

    @pressed("learn", "post", action="learn.post")
    async def post(self, press: Press) -> None:
        """Ask before a reading is posted for everyone, beside the reading."""
        here = press.interaction.channel_id or 0
        await press.answer.show(await self._question(press.interaction, press.key, here, ""))

    @pressed("learn", "share", action="learn.share")
    async def picked(self, press: Press) -> None:
        """Go on with a reading picked for an unknown title."""
        if not press.values:
            raise Refusal("kit.refused.outdated")
        panel = await self._question(press.interaction, press.values[0], ui.unpacked(press.key), _words(press))
        await press.turn(panel)

    @pressed("learn", "place", action="learn.share")
    async def place(self, press: Press) -> None:
        """Ask for another channel."""
        if not press.values or not press.values[0].isdecimal():
            raise Refusal("kit.refused.outdated")
        await press.turn(await self._question(press.interaction, press.key, int(press.values[0]), _words(press)))

    @pressed("learn", "note", action="learn.share")
    async def note(self, press: Press) -> None:
        """Open the form with the note."""
        await press.answer.ask(ui.note_form(ui.Place.of(press.key), _words(press)))

    @pressed("learn", "noted", action="learn.share")
    async def noted(self, press: Press) -> None:
        """Take the note from the form."""
        place, words = ui.Place.of(press.key), tidy(press.words("note"))
        try:
            panel = await self._question(press.interaction, place.name, place.channel_id, words)
        except Refusal as refusal:  # the reading was retired while they wrote
            panel = ui.gone_panel(t(refusal.key, **refusal.data), _note(press.who.user_id, words))
        await press.turn(panel)

    @pressed("learn", "publish", action="learn.post")
    async def publish(self, press: Press) -> None:
        """Post the reading, once; with a note only where the person agreed that it is kept whose it is."""
        visitor = await self._visitors.of(press.interaction)
        place, words = ui.Place.of(press.key), _words(press)
        note = _note(visitor.user_id, words)
        if note and not await self._sharing.agreed(visitor):
            await self._gate.through(press.interaction, _SHARE)
            return
        try:
            await check_place(press.interaction, place.channel_id)
        except Refusal as refusal:
            await press.turn(ui.no_place_panel(place.name, t(refusal.key, **refusal.data), note))
            return
        snippet = await self._service.snippet(visitor.guild_id, place.name)
        outcome = await self._posts.publish(visitor.guild_id, place.channel_id, snippet.id, place.rest, note)
        match outcome.state:
            case "posted":
                key = place.rest.partition(".")[0]
                where = (visitor.guild_id, place.channel_id, outcome.message_id)
                panel = ui.posted_panel(snippet, *where, key)
            case "already":
                panel = ui.already_panel(snippet.id, place.channel_id, note)
            case "refused" | "later":
                notice = t(f"learn.post.{outcome.state}")
                panel = await self._question(
                    press.interaction, snippet.id, place.channel_id, words, notice, outcome.again
                )
        await press.turn(panel)

    async def _agreed(self, interaction: AnyInteraction, argument: str) -> None:
        """Say that it can go on: the note is in the question's message, where "Post it" still waits."""
        data: Any = interaction.data or {}
        item = decode(data.get("custom_id", ""))
        if item is not None and item.feature == "consent":
            await Answer.to(interaction).redraw(say(t("learn.post.agreed")))
        else:
            await Answer.to(interaction).show(say(t("learn.post.agreed")))

    @pressed("learn", "leave", action="learn.post")
    async def leave(self, press: Press) -> None:
        """Post nothing; what a try may have posted without our knowing is deleted."""
        if press.key:
            visitor, place = await self._visitors.of(press.interaction), ui.Place.of(press.key)
            await check_here(press.interaction, place.channel_id)
            key = place.rest.partition(".")[0]
            with suppress(TryAgain, RefusedForGood):  # a post with a note goes within minutes all the same
                await self._posts.withdraw(visitor.guild_id, place.channel_id, place.name, key)
        await press.turn(ui.left_panel("learn.post.left"))

    # Whoever posted may take it back, also when they are no facilitator any more: the note is theirs.
    @pressed("learn", "unshare", action="learn.take_back")
    async def take_back(self, press: Press) -> None:
        """Delete a post again."""
        visitor = await self._visitors.of(press.interaction)
        place = ui.Place.of(press.key)
        await check_here(press.interaction, place.channel_id)
        outcome = await self._posts.take_back(visitor, place.channel_id, ui.unpacked(place.name), place.rest)
        key = f"learn.post.back.{outcome}"
        panel = ui.left_panel(key) if outcome == "gone" else ui.stuck_panel(key, place)
        if place.rest:
            await press.turn(panel)
        else:  # pressed inside a question, which stays
            await press.answer.show(panel)


def _words(press: Press) -> str:
    """Return the note that waits in the pressed message, as it was typed."""
    return plain(press.marked(ui.NOTE))


def _note(user_id: int, words: str) -> Note | None:
    return Note(user_id, escaped(words)) if words else None
