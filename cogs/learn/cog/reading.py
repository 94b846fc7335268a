"""What presses do inside the library: opening, going on, sources, lists, saving."""

from typing import Any

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Press, decode, is_private, pressed
from cogs.learn import ui
from cogs.learn.cog.visitors import Visitors, page_number
from cogs.learn.service import LearnService

_SAVE = "learn.save"


class ReadingDesk:
    """Lists stay where they are and what somebody picks opens below; inside a reading, presses redraw it."""

    def __init__(self, service: LearnService, visitors: Visitors, gate: ConsentGate) -> None:
        self._service = service
        self._visitors = visitors
        self._gate = gate
        gate.register(_SAVE, self._keep)

    @pressed("learn", "open", action="learn.read")
    async def open(self, press: Press) -> None:
        """Open a reading of a list, below the list."""
        visitor = await self._visitors.of(press.interaction)
        chosen = press.values[0] if press.values else press.key
        reading = await self._service.open(visitor, chosen)
        await press.answer.show(ui.reading_panel(reading))

    @pressed("learn", "next", action="learn.read")
    async def following(self, press: Press) -> None:
        """Go on to the next reading of the topic."""
        visitor = await self._visitors.of(press.interaction)
        reading = await self._service.following(visitor, press.key)
        await press.turn(ui.reading_panel(reading))

    @pressed("learn", "sources", action="learn.read")
    async def sources(self, press: Press) -> None:
        """Show the sources beside the reading; their other pages in the same place."""
        visitor = await self._visitors.of(press.interaction)
        snippet_id, _, page = press.key.partition(ui.SEPARATOR)
        panel = ui.sources_panel(
            await self._service.snippet(visitor.guild_id, snippet_id), page_number(page), self._service.today_here()
        )
        if page:
            await press.turn(panel)
        else:
            await press.answer.show(panel)

    @pressed("learn", "topics", action="learn.topics")
    async def all_topics(self, press: Press) -> None:
        """Go back to the topics."""
        visitor = await self._visitors.of(press.interaction)
        await press.turn(ui.topics_panel(await self._service.shelves(visitor.guild_id)))

    @pressed("learn", "shelf", action="learn.topics")
    async def shelf(self, press: Press) -> None:
        """Show the titles of a topic."""
        visitor = await self._visitors.of(press.interaction)
        topic, _, page = (press.values[0] if press.values else press.key).partition(".")
        shelf = await self._service.shelf(visitor, topic, page_number(page))
        await press.turn(ui.shelf_panel(shelf))

    @pressed("learn", "saved", action="learn.saved")
    async def turn_saved(self, press: Press) -> None:
        """Show a page of the person's list."""
        visitor = await self._visitors.of(press.interaction)
        page = await self._service.saved(visitor, page_number(press.key))
        await press.turn(ui.saved_panel(page, await self._service.shelves(visitor.guild_id)))

    @pressed("learn", "drop", action="learn.saved")
    async def drop(self, press: Press) -> None:
        """Take the chosen readings off the person's list."""
        visitor = await self._visitors.of(press.interaction)
        gone = sum([await self._service.unsave(visitor, chosen) for chosen in press.values])
        page = await self._service.saved(visitor, page_number(press.key))
        await press.turn(ui.saved_panel(page, await self._service.shelves(visitor.guild_id), taken_off=gone))

    @pressed("learn", "save", action="learn.save")
    async def save(self, press: Press) -> None:
        """Save a reading, with the person's consent."""
        visitor = await self._visitors.of(press.interaction)
        snippet_id = press.key.partition(ui.SEPARATOR)[0]
        await self._service.snippet(visitor.guild_id, snippet_id)
        await self._gate.through(press.interaction, _SAVE, snippet_id)

    async def _keep(self, interaction: AnyInteraction, snippet_id: str) -> None:
        """Carry out a wish to save that has passed the gate."""
        visitor = await self._visitors.of(interaction)
        new = await self._service.save(visitor, snippet_id)
        answer = Answer.to(interaction)
        if not is_private(interaction):
            await answer.show(ui.saved_receipt(await self._service.snippet(visitor.guild_id, snippet_id), new=new))
        elif _pressed_in_reading(interaction):
            await answer.redraw(ui.reading_panel(await self._service.open(visitor, snippet_id)))
        else:
            await answer.redraw(ui.saved_receipt(await self._service.snippet(visitor.guild_id, snippet_id), new=new))

    # Taking something off asks for no consent: nobody has to agree to anything in order to be forgotten.
    @pressed("learn", "unsave", action="learn.save")
    async def unsave(self, press: Press) -> None:
        """Take a reading off the list, from the reading itself."""
        visitor = await self._visitors.of(press.interaction)
        await self._service.unsave(visitor, press.key)
        await press.turn(ui.reading_panel(await self._service.open(visitor, press.key)))

    @pressed("learn", "undo", action="learn.save")
    async def undo(self, press: Press) -> None:
        """Take a reading off the list, from its receipt."""
        visitor = await self._visitors.of(press.interaction)
        snippet = await self._service.snippet(visitor.guild_id, press.key)
        await self._service.unsave(visitor, press.key)
        await press.turn(ui.unsaved_receipt(snippet))


def _pressed_in_reading(interaction: AnyInteraction) -> bool:
    """Whether the press came from a reading itself, and not from the question of the consent gate."""
    data: Any = interaction.data or {}
    item = decode(data.get("custom_id", ""))
    return item is not None and item.feature == "learn"
