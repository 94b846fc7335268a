"""Reads what a panel of `/setup` needs and draws it: commands and presses come to the same panels by this one way."""

from collections.abc import Iterable

from bot.content import SupportLines
from bot.discordkit import AnyInteraction, Panel
from bot.text import t
from cogs.setup.server import DiscordServer, invite_link
from cogs.setup.service.group import GroupService, Told
from cogs.setup.service.parts import PartsService
from cogs.setup.ui import check, group, guide
from cogs.setup.ui.words import ALONE, GUIDE


class Drawing:
    """Draws the guide's steps and the panels that stand alone."""

    def __init__(self, service: GroupService, parts: PartsService, lines: SupportLines) -> None:
        self._service = service
        self._parts = parts
        # Countries with support lines come in the select; all the others by the form beside it.
        self._countries: Iterable[str] = tuple(lines.countries())

    async def opened(self, interaction: AnyInteraction) -> Panel:
        """The guide where it was left, with a welcome."""
        server = DiscordServer.of(interaction)
        overview, again = await self._service.open_guide(server.guild_id)
        note = t("setup.guide.again") if again else t("setup.guide.welcome")
        return await self.step(interaction, overview.guide.step, note)

    async def step(
        self, interaction: AnyInteraction, step: str, note: str | None = None, fresh: frozenset[int] = frozenset()
    ) -> Panel:
        """One step of the guide as things are now; `fresh` ids were made a moment ago."""
        server = DiscordServer.of(interaction)
        overview = await self._service.overview(server.guild_id)
        if step == "group":
            return guide.group_step(overview, self._countries, note)
        if step == "check":
            link = invite_link(interaction.client.application_id, server.guild_id)
            return guide.check_step(await self._parts.check(server), link, note)
        overview = self._parts.living(server, overview, fresh)
        if step == "channels":
            return guide.channels_step(overview, note)
        return guide.roles_step(overview, await self._parts.powerless_moderators(server), note)

    async def group(
        self, interaction: AnyInteraction, where: str, note: str | None = None, zones: tuple[str, ...] = ()
    ) -> Panel:
        """What the group is, within the guide or alone; `zones` are offered when words could mean several."""
        overview = await self._service.overview(DiscordServer.of(interaction).guild_id)
        draw = guide.group_step if where == GUIDE else guide.group_alone
        return draw(overview, self._countries, note, zones)

    async def group_alone(self, interaction: AnyInteraction, note: str | None = None) -> Panel:
        """What the group is, for `/setup group`."""
        return await self.group(interaction, ALONE, note)

    async def check(self, interaction: AnyInteraction, where: str, note: str | None = None) -> Panel:
        """What is missing, within the guide or alone."""
        if where == GUIDE:
            return await self.step(interaction, "check", note)
        server = DiscordServer.of(interaction)
        link = invite_link(interaction.client.application_id, server.guild_id)
        return check.panel(await self._parts.check(server), link, note)

    def kept(self, told: Told) -> str:
        """The sentence for what a group has just told."""
        return group.kept(told)
