"""`/learn`: reading, searching, browsing, saving, and posting a reading for everyone."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discordkit import (
    Answer,
    AnyInteraction,
    ConsentGate,
    Interaction,
    Panel,
    Press,
    Standings,
    decode,
    pressed,
    root,
    slash,
)
from bot.errors import Refusal
from bot.policy import decide
from bot.text import t
from cogs.learn import ui
from cogs.learn.delivery import ReadingPosts
from cogs.learn.service import Found, LearnService, Visitor

_SAVE = "learn.save"


class LearnCog(commands.Cog):
    """Lists stay where they are and what somebody picks opens below; inside a reading, presses redraw it."""

    learn = root("learn")

    def __init__(self, service: LearnService, posts: ReadingPosts, gate: ConsentGate, standings: Standings) -> None:
        self._service = service
        self._posts = posts
        self._gate = gate
        self._standings = standings
        gate.register(_SAVE, self._keep)

    async def titles(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest readings by title and words."""
        found = await self._service.complete(await self._visitor(interaction), typed)
        return [app_commands.Choice(name=snippet.title, value=snippet.id) for snippet in found]

    @app_commands.autocomplete(snippet=titles)
    @slash(learn, "learn.read", action="learn.read")
    async def read(self, interaction: Interaction, snippet: str) -> None:
        """Open a reading, or offer what comes near to the words."""
        found = await self._service.find(await self._visitor(interaction), snippet)
        if isinstance(found, Found):
            panel = ui.found_panel(found, self._service.shelves(), near=True)
        else:
            panel = ui.reading_panel(found)
        await Answer.to(interaction).show(panel)

    @slash(learn, "learn.search", action="learn.search")
    async def search(self, interaction: Interaction, words: str) -> None:
        """Show what matches."""
        found = await self._service.search(await self._visitor(interaction), words)
        await Answer.to(interaction).show(ui.found_panel(found, self._service.shelves()))

    @slash(learn, "learn.topics", action="learn.topics")
    async def topics(self, interaction: Interaction) -> None:
        """Show the topics."""
        await Answer.to(interaction).show(ui.topics_panel(self._service.shelves()))

    @slash(learn, "learn.today", action="learn.today")
    async def today(self, interaction: Interaction) -> None:
        """Open the group's reading of the day."""
        reading = await self._service.today(await self._visitor(interaction))
        await Answer.to(interaction).show(ui.reading_panel(reading))

    @slash(learn, "learn.saved", action="learn.saved")
    async def saved(self, interaction: Interaction) -> None:
        """Show the person's list."""
        page = await self._service.saved(await self._visitor(interaction))
        await Answer.to(interaction).show(ui.saved_panel(page, self._service.shelves()))

    @pressed("learn", "open", action="learn.read")
    async def open(self, press: Press) -> None:
        """Open a reading of a list, below the list."""
        chosen = press.values[0] if press.values else press.key
        reading = await self._service.open(await self._visitor(press.interaction), chosen)
        await press.answer.show(ui.reading_panel(reading))

    @pressed("learn", "next", action="learn.read")
    async def following(self, press: Press) -> None:
        """Go on to the next reading of the topic."""
        reading = await self._service.following(await self._visitor(press.interaction), press.key)
        await _turn(press, ui.reading_panel(reading))

    @pressed("learn", "sources", action="learn.read")
    async def sources(self, press: Press) -> None:
        """Show the sources beside the reading; their other pages in the same place."""
        snippet_id, _, page = press.key.partition(ui.SEPARATOR)
        panel = ui.sources_panel(self._service.snippet(snippet_id), _number(page), self._service.today_here())
        if page:
            await _turn(press, panel)
        else:
            await press.answer.show(panel)

    @pressed("learn", "topics", action="learn.topics")
    async def all_topics(self, press: Press) -> None:
        """Go back to the topics."""
        await _turn(press, ui.topics_panel(self._service.shelves()))

    @pressed("learn", "shelf", action="learn.topics")
    async def shelf(self, press: Press) -> None:
        """Show the titles of a topic."""
        topic, _, page = (press.values[0] if press.values else press.key).partition(".")
        shelf = await self._service.shelf(await self._visitor(press.interaction), topic, _number(page))
        await _turn(press, ui.shelf_panel(shelf))

    @pressed("learn", "saved", action="learn.saved")
    async def turn_saved(self, press: Press) -> None:
        """Show a page of the person's list."""
        page = await self._service.saved(await self._visitor(press.interaction), _number(press.key))
        await _turn(press, ui.saved_panel(page, self._service.shelves()))

    @pressed("learn", "drop", action="learn.saved")
    async def drop(self, press: Press) -> None:
        """Take the chosen readings off the person's list."""
        visitor = await self._visitor(press.interaction)
        gone = sum([await self._service.unsave(visitor, chosen) for chosen in press.values])
        page = await self._service.saved(visitor, _number(press.key))
        await _turn(press, ui.saved_panel(page, self._service.shelves(), taken_off=gone))

    @pressed("learn", "save", action="learn.save")
    async def save(self, press: Press) -> None:
        """Save a reading, with the person's consent."""
        snippet_id = press.key.partition(ui.SEPARATOR)[0]
        self._service.snippet(snippet_id)
        await self._gate.through(press.interaction, _SAVE, snippet_id)

    async def _keep(self, interaction: AnyInteraction, snippet_id: str) -> None:
        """Carry out a wish to save that has passed the gate."""
        visitor = await self._visitor(interaction)
        new = await self._service.save(visitor, snippet_id)
        answer = Answer.to(interaction)
        if not _private(interaction):
            await answer.show(ui.saved_receipt(self._service.snippet(snippet_id), new=new))
        elif _pressed_in_reading(interaction):
            await answer.redraw(ui.reading_panel(await self._service.open(visitor, snippet_id)))
        else:
            await answer.redraw(ui.saved_receipt(self._service.snippet(snippet_id), new=new))

    # Taking something off asks for no consent: nobody has to agree to anything in order to be forgotten.
    @pressed("learn", "unsave", action="learn.save")
    async def unsave(self, press: Press) -> None:
        """Take a reading off the list, from the reading itself."""
        visitor = await self._visitor(press.interaction)
        await self._service.unsave(visitor, press.key)
        await _turn(press, ui.reading_panel(await self._service.open(visitor, press.key)))

    @pressed("learn", "undo", action="learn.save")
    async def undo(self, press: Press) -> None:
        """Take a reading off the list, from its receipt."""
        snippet = self._service.snippet(press.key)
        await self._service.unsave(await self._visitor(press.interaction), press.key)
        await _turn(press, ui.unsaved_receipt(snippet))

    @pressed("learn", "post", action="learn.post")
    async def post(self, press: Press) -> None:
        """Ask before a reading is posted for everyone."""
        snippet = self._service.snippet(press.key)
        await press.answer.show(ui.confirm_panel(snippet, _writable(press.interaction), self._posts.new_mark()))

    @pressed("learn", "publish", action="learn.post")
    async def publish(self, press: Press) -> None:
        """Post the reading, once."""
        snippet_id, _, mark = press.key.partition(ui.SEPARATOR)
        guild_id, channel_id = press.who.guild_id or 0, _writable(press.interaction)
        snippet = self._service.snippet(snippet_id)
        outcome = await self._posts.publish(guild_id, channel_id, snippet_id, mark)
        match outcome.state:
            case "posted":
                panel = ui.posted_panel(snippet, guild_id, channel_id, outcome.message_id)
            case "already":
                panel = ui.left_panel("learn.post.already")
            case "refused":
                panel = ui.confirm_panel(snippet, channel_id, outcome.again, t("learn.post.refused"))
            case "later":
                panel = ui.confirm_panel(snippet, channel_id, outcome.again, t("learn.post.later"))
        await _turn(press, panel)

    @pressed("learn", "leave", action="learn.post")
    async def leave(self, press: Press) -> None:
        """Post nothing."""
        await _turn(press, ui.left_panel("learn.post.left"))

    async def _visitor(self, interaction: AnyInteraction) -> Visitor:
        who = await self._standings.full(interaction)
        if who.guild_id is None:
            raise Refusal("kit.refused.server_only")
        return Visitor(who.guild_id, who.user_id, family=who.family, may_post=decide("learn.post", who).allowed)


async def _turn(press: Press, panel: Panel) -> None:
    """Redraw the person's own message; below a public one answer them alone."""
    if _private(press.interaction):
        await press.answer.redraw(panel)
    else:
        await press.answer.show(panel)


def _private(interaction: AnyInteraction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral


def _pressed_in_reading(interaction: AnyInteraction) -> bool:
    """Whether the press came from a reading itself, and not from the question of the consent gate."""
    data: Any = interaction.data or {}
    item = decode(data.get("custom_id", ""))
    return item is not None and item.feature == "learn"


def _writable(interaction: AnyInteraction) -> int:
    """Return the channel of the interaction. Raises `Refusal` where the person could not write there themselves."""
    in_thread = isinstance(interaction.channel, discord.Thread)
    may = interaction.permissions
    if interaction.channel_id is None or not (may.send_messages_in_threads if in_thread else may.send_messages):
        raise Refusal("learn.post.not_here")
    return interaction.channel_id


def _number(key: str) -> int:
    return int(key) if key.isdecimal() and len(key) < 5 else 0
