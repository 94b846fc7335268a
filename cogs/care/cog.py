"""`/sos`, `/support now`, the grounding exercise, and calling the team."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client import Evenkeel
from bot.content import SupportLines
from bot.discordkit import Answer, Block, Interaction, Press, pressed, root, slash
from bot.policy import Audience
from cogs.care.rules import ground_step
from cogs.care.screening import DangerScreen
from cogs.care.service import CareService
from cogs.care.ui import (
    BESIDE,
    ELSEWHERE,
    called_panel,
    card_panel,
    countries_panel,
    ground_panel,
    held_blocks,
    screen_panel,
    stopped_panel,
)


class CareCog(commands.Cog):
    """Works for anybody: in the server, in direct messages, with nothing set up and nothing agreed to."""

    support = root("support", audience=Audience.ANYONE, text="care.support")

    def __init__(self, bot: Evenkeel, service: CareService, lines: SupportLines, screen: DangerScreen) -> None:
        self._bot = bot
        self._service = service
        self._lines = lines
        self._danger = screen

    @slash(None, "care.sos", action="care.now")
    async def sos(self, interaction: Interaction) -> None:
        await self._show(interaction)

    @slash(support, "care.now", action="care.now")
    async def now(self, interaction: Interaction) -> None:
        await self._show(interaction)

    async def _show(self, interaction: Interaction) -> None:
        # By their standing: in a server that the bot is not in, it is as in a direct message.
        who = await self._bot.front_desk.standings.for_action(interaction, "care.now")
        await Answer.to(interaction).show(screen_panel(await self._service.screen(who.guild_id, who.user_id)))

    @pressed("care", "now", action="care.now")
    async def again(self, press: Press) -> None:
        """Show who to call, beside whatever was there: the button also stands on public and shared panels."""
        screen = await self._service.screen(press.who.guild_id, press.who.user_id)
        await press.answer.show(screen_panel(screen))

    @pressed("care", "countries", action="care.now")
    async def countries(self, press: Press) -> None:
        await press.answer.redraw(countries_panel(self._lines))

    @pressed("care", "country", action="care.now")
    async def country(self, press: Press) -> None:
        code = press.values[0] if press.values else ELSEWHERE
        chosen = "" if code == ELSEWHERE else code
        await press.answer.redraw(screen_panel(await self._service.screen_elsewhere(press.who.guild_id, chosen)))

    @pressed("care", "ground", action="care.ground")
    async def ground(self, press: Press) -> None:
        await press.answer.redraw(ground_panel(ground_step(press.key)))

    @pressed("care", "stop", action="care.ground")
    async def stop(self, press: Press) -> None:
        await press.answer.redraw(stopped_panel())

    @pressed("care", "call", action="care.call")
    async def call(self, press: Press) -> None:
        """Tell the team; the screen keeps the numbers in sight."""
        guild_id = press.who.guild_id or 0
        called = await self._service.call_team(guild_id, press.who.user_id)
        self._bot.jobs.kick()
        screen = await self._service.screen(guild_id, press.who.user_id)
        panel = called_panel(called, screen)
        await (press.answer.show(panel) if press.key == BESIDE else press.answer.redraw(panel))

    async def hold(self, guild_id: int, user_id: int, texts: Sequence[str]) -> tuple[Block, ...] | None:
        """Return what the writer sees first where their words show that they may be in danger now."""
        if self._danger.look(texts) is None:
            return None
        return held_blocks(await self._service.screen(guild_id, user_id))

    @pressed("care", "claim", action="care.claim")
    async def claim(self, press: Press) -> None:
        request = await self._service.claim(press.who.guild_id or 0, _row(press.key), press.who.user_id)
        self._bot.jobs.kick()
        await press.answer.redraw(card_panel(request, team_role=None, message_id=_pressed_on(press)))

    @pressed("care", "settle", action="care.claim")
    async def settle(self, press: Press) -> None:
        request = await self._service.settle(press.who.guild_id or 0, _row(press.key), press.who.user_id)
        await press.answer.redraw(card_panel(request, team_role=None, message_id=_pressed_on(press)))


def _pressed_on(press: Press) -> int | None:
    return press.interaction.message.id if press.interaction.message else None


def _row(key: str) -> int:
    return int(key) if key.isdecimal() and len(key) < 20 else 0
