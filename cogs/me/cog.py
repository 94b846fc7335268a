"""`/me`: a person's own settings in this group. Everything that stores goes through the consent gate."""

import asyncio
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.clock import Clock
from bot.countries import find_countries, resolve_country
from bot.discordkit import Answer, AnyInteraction, ConsentGate, Interaction, Press, Standings, pressed, root, slash
from bot.errors import Refusal
from bot.text import t
from bot.times import clock_choices, is_zone, resolve_zone, zone_choices
from cogs.me import ui
from cogs.me.rules import SWITCHES, Change, is_number, quiet_change, read_change
from cogs.me.service import MeService, Settings

_WISH = "me.keep"
# The hour at which the suggestions for an end of quiet hours begin.
_MORNING = 5 * 60


class Me(commands.Cog):
    """Words, audience, companion, reminders, zone, country, quiet hours, breaks, the avoid list."""

    me = root("me")

    def __init__(self, service: MeService, gate: ConsentGate, standings: Standings, clock: Clock) -> None:
        self._service = service
        self._gate = gate
        self._standings = standings
        self._clock = clock
        gate.register(_WISH, self._keep, looks_itself=True)

    @slash(me, "me.settings", action="me.settings")
    async def settings(self, interaction: Interaction) -> None:
        """Show the panel; looking stores nothing."""
        await Answer.to(interaction).show(ui.settings(await self._settings(interaction)))

    async def zones(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest zones, those of the person's country first."""
        country = (await self._service.settings(*_who(interaction))).country
        found = zone_choices(typed, now=self._clock.now(), country=country)
        return [app_commands.Choice(name=choice.name, value=choice.zone) for choice in found]

    async def countries(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest countries."""
        return [app_commands.Choice(name=found.name[:100], value=found.code) for found in find_countries(typed)]

    async def beginnings(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest when quiet hours begin."""
        return [app_commands.Choice(name=choice.name, value=choice.value) for choice in clock_choices(typed)]

    async def ends(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest when quiet hours end."""
        found = clock_choices(typed, first=_MORNING)
        return [app_commands.Choice(name=choice.name, value=choice.value) for choice in found]

    @app_commands.autocomplete(zone=zones)
    @slash(me, "me.timezone", action="me.timezone")
    async def timezone(self, interaction: Interaction, zone: str) -> None:
        """Keep the person's zone."""
        if not is_zone(zone):  # typed, not chosen from the suggestions: then the country may decide
            country = (await self._service.settings(*_who(interaction))).country
            zone = resolve_zone(zone, now=self._clock.now(), country=country)
        await self._wish(interaction, Change("timezone", zone))

    @app_commands.autocomplete(country=countries)
    @slash(me, "me.country", action="me.country")
    async def country(self, interaction: Interaction, country: str) -> None:
        """Keep the person's country."""
        await self._wish(interaction, Change("country", resolve_country(country)))

    @app_commands.rename(start="from", end="to")
    @app_commands.autocomplete(start=beginnings, end=ends)
    @slash(me, "me.quiet", action="me.quiet")
    async def quiet(self, interaction: Interaction, start: str, end: str) -> None:
        """Keep the person's quiet hours."""
        await self._wish(interaction, quiet_change(start, end))

    @slash(me, "me.break", action="me.break")
    async def rest(self, interaction: Interaction, until: str | None = None) -> None:
        """Begin a break."""
        guild_id, user_id = _who(interaction)
        await self._wish(interaction, await self._service.rest_change(guild_id, user_id, until))

    @slash(me, "me.back", action="me.break")
    async def back(self, interaction: Interaction) -> None:
        """End the break."""
        rested = await self._service.end_break(*_who(interaction))
        await Answer.to(interaction).show(ui.receipt(t(f"me.back.{'done' if rested else 'not_resting'}")))

    @slash(me, "me.avoid", action="me.avoid")
    async def avoid(self, interaction: Interaction, member: discord.User) -> None:
        """Put somebody on the avoid list, also somebody who has left."""
        if member.bot:
            raise Refusal("me.avoid.bot")
        if member.id == interaction.user.id:
            raise Refusal("me.avoid.self")
        await self._wish(interaction, Change("avoid", str(member.id)))

    @slash(me, "me.avoid_list", action="me.avoid", name="avoid-list")
    async def avoid_list(self, interaction: Interaction) -> None:
        """Show the avoid list."""
        await Answer.to(interaction).show(ui.avoid_list(await self._service.avoids(*_who(interaction)), 0))

    @pressed("me", "settings", action="me.settings")
    async def open_settings(self, press: Press) -> None:
        """`/me settings` by a button."""
        await press.answer.redraw(ui.settings(await self._settings(press.interaction)))

    @pressed("me", "words", action="me.settings")
    async def words(self, press: Press) -> None:
        """Choose the words for one's road."""
        await self._wish(press.interaction, Change("words", ui.word_of(press.values[0]), in_panel=True))

    @pressed("me", "audience", action="me.settings")
    async def audience(self, press: Press) -> None:
        """Choose who sees things by default."""
        await self._wish(press.interaction, Change("audience", press.values[0], in_panel=True))

    @pressed("me", "switch", action="me.settings")
    async def switch(self, press: Press) -> None:
        """Switch being a companion, or reminders, on or off."""
        kind, _, value = press.key.partition(".")
        if kind not in SWITCHES:
            raise Refusal("kit.refused.outdated")
        await self._wish(press.interaction, Change(kind, value, in_panel=True))

    @pressed("me", "forget", action="me.settings")
    async def forget(self, press: Press) -> None:
        """Forget the zone, the country or the quiet hours."""
        await self._wish(press.interaction, Change(press.key, "", in_panel=True))

    @pressed("me", "rest", action="me.break")
    async def rest_now(self, press: Press) -> None:
        """Begin a break without an end."""
        await self._wish(press.interaction, Change("rest", "", in_panel=True))

    @pressed("me", "back", action="me.break")
    async def back_now(self, press: Press) -> None:
        """End the break from the panel."""
        rested = await self._service.end_break(*_who(press.interaction))
        notice = t(f"me.back.{'done' if rested else 'not_resting'}")
        await press.answer.redraw(ui.settings(await self._settings(press.interaction), notice))

    @pressed("me", "list", action="me.avoid")
    async def turn_list(self, press: Press) -> None:
        """Show a page of the avoid list."""
        page = int(press.key) if is_number(press.key) else 0
        await press.answer.redraw(ui.avoid_list(await self._service.avoids(*_who(press.interaction)), page))

    @pressed("me", "unavoid", action="me.avoid")
    async def unavoid(self, press: Press) -> None:
        """Take somebody off the list."""
        other, _, page = press.key.partition(".")
        if not (is_number(other) and is_number(page)):
            raise Refusal("kit.refused.outdated")
        guild_id, user_id = _who(press.interaction)
        was_there = await self._service.stop_avoiding(guild_id, user_id, int(other))
        entries = await self._service.avoids(guild_id, user_id)
        await press.answer.redraw(ui.avoid_list(entries, int(page), ui.removed(int(other), was_there=was_there)))

    async def _wish(self, interaction: AnyInteraction, change: Change) -> None:
        # Read as it will be read when it comes back from a button: what would be refused then is refused now.
        await self._gate.through(interaction, _WISH, read_change(change.argument).argument)

    async def _keep(self, interaction: AnyInteraction, argument: str) -> None:
        """Carry out a wish that has passed the gate."""
        change = read_change(argument)
        needs_role = change.kind == "companion"
        role = needs_role and (await self._standings.full(interaction)).companion
        new = await self._service.keep(*_who(interaction), change, companion_role=role)
        answer = Answer.to(interaction)
        if change.kind == "avoid":
            await answer.redraw(ui.avoided(int(change.value), new=new))
            return
        notice = ui.kept(change, self._clock.now())
        if change.in_panel:
            await answer.redraw(ui.settings(await self._settings(interaction), notice))
        else:
            await answer.redraw(ui.receipt(notice))

    async def _settings(self, interaction: AnyInteraction) -> Settings:
        guild_id, user_id = _who(interaction)
        who, settings = await asyncio.gather(
            self._standings.full(interaction), self._service.settings(guild_id, user_id)
        )
        return replace(settings, companion_role=who.companion)


def _who(interaction: AnyInteraction) -> tuple[int, int]:
    """Return the server and the person. Raises `Refusal` outside of a server."""
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id, interaction.user.id
