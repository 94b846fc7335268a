"""Answers every press and every form by its custom id.

Nothing about an open panel or form is kept in memory. discord.py drops presses and forms it doesn't know after a
restart, but its `interaction` event still tells of them; the router listens there and nowhere else, so the first press
and a press after a restart take the same way.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import getmembers
from typing import Any

import discord

from bot.discordkit.answer import Answer, AnyInteraction
from bot.discordkit.custom_ids import ItemId, decode
from bot.discordkit.forms import read_fields
from bot.discordkit.front_desk import FrontDesk
from bot.discordkit.panels import MARKS, Panel
from bot.policy import Standing

_MARK = "__evenkeel_route__"


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button, a choice in a select, or a submitted form."""

    interaction: AnyInteraction
    answer: Answer
    who: Standing
    key: str
    submission: str
    values: tuple[str, ...]
    fields: dict[str, str | tuple[str, ...]]

    def words(self, name: str) -> str:
        """Return what was written in a form's field, without spaces around it; empty when left out."""
        value = self.fields.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return what was chosen in a form's select, radio or checkbox group; empty when left out."""
        value = self.fields.get(name, ())
        return value if isinstance(value, tuple) else (value,) if value else ()

    @property
    def private(self) -> bool:
        """Whether it came from a message that only this person sees."""
        return is_private(self.interaction)

    async def turn(self, panel: Panel) -> None:
        """Redraw the person's own message; below a public one answer them alone."""
        if self.private:
            await self.answer.redraw(panel)
        else:
            await self.answer.show(panel)

    def marked(self, mark: int) -> str:
        """Return the words of the `Text` with this mark in the message that was pressed; empty when there are none."""
        waiting: list[Any] = list(self.interaction.message.components) if self.interaction.message else []
        while waiting:
            component = waiting.pop()
            waiting.extend(getattr(component, "children", ()))
            if isinstance(component, discord.TextDisplay) and component.id == MARKS + mark:
                return component.content
        return ""


Handler = Callable[[Press], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """Which handler answers which feature and verb, under which action of the policy."""

    feature: str
    verb: str
    action: str
    public: bool


def pressed(feature: str, verb: str, *, action: str, public: bool = False) -> Callable[[Any], Any]:
    """Mark a cog's method as the handler of `ek1:<feature>:<verb>:...`."""

    def mark(method: Any) -> Any:
        routes = [*getattr(method, _MARK, ()), Route(feature, verb, action, public)]
        setattr(method, _MARK, routes)
        return method

    return mark


class Router:
    """All routes, and the way of a press through the front desk to its handler."""

    def __init__(self, front_desk: FrontDesk) -> None:
        self._front_desk = front_desk
        self.routes: dict[tuple[str, str], tuple[Route, Handler]] = {}

    def collect(self, owner: object) -> None:
        """Take in every marked method of `owner`. Raises `ValueError` where two handlers claim the same verb."""
        handler: Any
        for _, handler in getmembers(owner, callable):
            marked: list[Route] = getattr(handler, _MARK, [])
            for route in marked:
                if (route.feature, route.verb) in self.routes:
                    raise ValueError(f"{route.feature}:{route.verb} has a handler already")
                self.routes[route.feature, route.verb] = (route, handler)

    async def route(self, interaction: AnyInteraction) -> None:
        """Answer a press or a form of ours; leave everything else alone.

        Raises what the handler raises, but for refusals, which are told.
        """
        if interaction.type not in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            return
        data: Any = interaction.data or {}
        item = decode(data.get("custom_id", ""))
        if item is None:
            return
        known = self.routes.get((item.feature, item.verb))
        if known is None:
            await self._front_desk.outdated(interaction)
            return
        route, handler = known

        async def work(answer: Answer, who: Standing) -> None:
            await handler(_press(interaction, answer, who, item, data))

        await self._front_desk.serve(interaction, route.action, work, public=route.public)


def is_private(interaction: AnyInteraction) -> bool:
    """Whether a press came from a message that only this person sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _press(interaction: AnyInteraction, answer: Answer, who: Standing, item: ItemId, data: Any) -> Press:
    return Press(
        interaction=interaction,
        answer=answer,
        who=who,
        key=item.key,
        submission=item.submission,
        values=tuple(data.get("values", ())),
        fields=read_fields(data.get("components", ())),
    )
