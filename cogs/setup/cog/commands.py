"""`/setup`: the commands, and the presses that belong to one command alone."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.countries import find_countries
from bot.discordkit import Answer, AnyInteraction, Interaction, Press, pressed, root, say, slash
from bot.errors import Refusal
from bot.guilds import CHANNEL_PURPOSES, GROUP_KINDS, ROLE_PURPOSES, Guilds
from bot.policy import Audience
from bot.text import t
from bot.times import zone_choices
from cogs.setup.cog.drawing import Drawing
from cogs.setup.server import DiscordServer, invite_link
from cogs.setup.service.group import GroupService
from cogs.setup.service.parts import PartsService
from cogs.setup.ui import check, receipts


def _choices(part: str, purposes: tuple[str, ...]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=t(f"setup.{part}.purpose.{one}")[:100], value=one) for one in purposes]


class SetupCommands(commands.Cog):
    """What admins type."""

    setup = root("setup", audience=Audience.ADMIN)

    def __init__(
        self, group: GroupService, parts: PartsService, drawing: Drawing, guilds: Guilds, clock: Clock
    ) -> None:
        self._group = group
        self._parts = parts
        self._drawing = drawing
        self._guilds = guilds
        self._clock = clock

    @slash(setup, "setup.guide", action="setup.guide")
    async def guide(self, interaction: Interaction) -> None:
        """Open the guide where it was left."""
        await Answer.to(interaction).show(await self._drawing.opened(interaction))

    @slash(setup, "setup.show", action="setup.show")
    async def show(self, interaction: Interaction) -> None:
        """Show the whole set-up."""
        server = DiscordServer.of(interaction)
        overview = await self._group.overview(server.guild_id)
        alive = self._parts.living(server, overview)
        living = frozenset((*alive.channels.values(), *alive.roles.values()))
        await Answer.to(interaction).show(check.show(overview, living))

    @slash(setup, "setup.check", action="setup.check")
    async def check(self, interaction: Interaction) -> None:
        """Show what is missing and how to mend it."""
        server = DiscordServer.of(interaction)
        findings = await self._parts.check(server)
        link = invite_link(interaction.client.application_id, server.guild_id)
        await Answer.to(interaction).show(check.panel(findings, link))

    @app_commands.choices(purpose=_choices("channels", CHANNEL_PURPOSES))
    @slash(setup, "setup.channel", action="setup.channel")
    async def channel(self, interaction: Interaction, purpose: str, channel: discord.TextChannel) -> None:
        """Keep which channel serves a purpose."""
        chosen = await self._parts.choose_channel(DiscordServer.of(interaction), purpose, channel.id)
        await Answer.to(interaction).show(receipts.channel_receipt(chosen))

    @app_commands.choices(purpose=_choices("roles", ROLE_PURPOSES))
    @slash(setup, "setup.role", action="setup.role")
    async def role(self, interaction: Interaction, purpose: str, role: discord.Role) -> None:
        """Keep which role serves a purpose."""
        chosen = await self._parts.choose_role(DiscordServer.of(interaction), purpose, role.id)
        await Answer.to(interaction).show(receipts.role_receipt(chosen))

    async def zones(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest zones, those of the group's country first."""
        named = getattr(interaction.namespace, "country", None)
        country = named or (await self._guilds.profile(interaction.guild_id or 0)).country
        found = zone_choices(typed, now=self._clock.now(), country=country)
        return [app_commands.Choice(name=choice.name, value=choice.zone) for choice in found]

    async def countries(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest countries."""
        return [app_commands.Choice(name=found.name[:100], value=found.code) for found in find_countries(typed)]

    @app_commands.choices(
        kind=[app_commands.Choice(name=t(f"setup.kind.{kind}.choice"), value=kind) for kind in GROUP_KINDS]
    )
    @app_commands.autocomplete(timezone=zones, country=countries)
    @slash(setup, "setup.group", action="setup.group")
    async def group(
        self,
        interaction: Interaction,
        timezone: str | None = None,
        country: str | None = None,
        kind: str | None = None,
        quiet_hours: str | None = None,
    ) -> None:
        """Keep what the group is; show the panel either way."""
        note = None
        if any((timezone, country, kind, quiet_hours)):
            told = await self._group.tell(
                _server_id(interaction),
                timezone=timezone or None, country=country or None, kind=kind or None, quiet=quiet_hours or None,
            )  # fmt: skip
            note = self._drawing.kept(told)
        await Answer.to(interaction).show(await self._drawing.group_alone(interaction, note))

    @slash(setup, "setup.retention", action="setup.retention")
    async def retention(self, interaction: Interaction) -> None:
        """Show how long things are kept."""
        await Answer.to(interaction).show(receipts.retention(await self._group.overview(_server_id(interaction))))

    @pressed("setup", "keep", action="setup.retention")
    async def keep(self, press: Press) -> None:
        """Keep a feature's things for so long; ask first where that deletes something."""
        await self._keep(press, press.key, press.values[0], sure=False)

    @pressed("setup", "keep_sure", action="setup.retention")
    async def keep_sure(self, press: Press) -> None:
        """Keep them for a shorter time, after asking."""
        feature, _, months = press.key.partition(".")
        await self._keep(press, feature, months, sure=True)

    @pressed("setup", "keep_not", action="setup.retention")
    async def keep_not(self, press: Press) -> None:
        """Leave the times as they are."""
        await press.answer.redraw(receipts.retention(await self._group.overview(_server_id(press.interaction))))

    async def _keep(self, press: Press, feature: str, months: str, *, sure: bool) -> None:
        guild_id = _server_id(press.interaction)
        keeping = await self._group.keep(guild_id, feature, int(months) if months.isdecimal() else 0, sure=sure)
        if keeping.ask:
            await press.answer.redraw(receipts.retention_sure(keeping))
            return
        overview = await self._group.overview(guild_id)
        await press.answer.redraw(receipts.retention(overview, receipts.retention_kept(keeping)))

    @slash(setup, "setup.pause", action="setup.pause")
    async def pause(self, interaction: Interaction, until: str | None = None) -> None:
        """Rest in the whole server, or wake up."""
        await Answer.to(interaction).show(receipts.rest(await self._group.pause(_server_id(interaction), until)))

    @pressed("setup", "wake", action="setup.pause")
    async def wake(self, press: Press) -> None:
        """Wake up."""
        await press.answer.redraw(receipts.rest(await self._group.wake(_server_id(press.interaction))))

    @slash(setup, "setup.reset", action="setup.reset")
    async def reset(self, interaction: Interaction) -> None:
        """Say what a reset erases, before anything is asked."""
        await Answer.to(interaction).show(receipts.reset())

    @pressed("setup", "reset_ask", action="setup.reset")
    async def reset_ask(self, press: Press) -> None:
        """Ask for the server's name."""
        await press.answer.ask(receipts.reset_form())

    @pressed("setup", "reset_not", action="setup.reset")
    async def reset_not(self, press: Press) -> None:
        """Keep everything."""
        await press.answer.redraw(say(t("setup.reset.kept")))

    @pressed("setup", "reset_sure", action="setup.reset")
    async def reset_sure(self, press: Press) -> None:
        """Erase the set-up."""
        await self._group.reset(DiscordServer.of(press.interaction), press.words("name"), press.submission)
        await press.answer.redraw(say(t("setup.reset.done")))


def _server_id(interaction: AnyInteraction) -> int:
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id
