"""`/privacy policy`, `/privacy export`, `/privacy erase`, and the two events that tell who left and who came back."""

from typing import Literal

import discord
from discord.ext import commands

from bot.discordkit import Answer, AnyInteraction, Interaction, Panel, Press, pressed, root, slash
from bot.errors import Refusal
from bot.policy import Audience
from bot.text import t
from cogs.privacy import ui
from cogs.privacy.rules import EVERYTHING, PAGES, is_confirmed
from cogs.privacy.service import Copies, Departures, Erasure

Purpose = Literal["export", "erase"]


class Privacy(commands.Cog):
    """Everybody's own data: in a server those of that server, in direct messages those of the server they choose."""

    privacy = root("privacy", audience=Audience.ANYONE)

    def __init__(self, policy: ui.PolicyFacts, copies: Copies, erasure: Erasure, departures: Departures) -> None:
        self._policy = policy
        self._copies = copies
        self._erasure = erasure
        self._departures = departures

    async def cog_load(self) -> None:
        """See to it that the daily round stands in the table."""
        await self._departures.plan()

    @slash(privacy, "privacy.policy", action="privacy.policy")
    async def policy(self, interaction: Interaction) -> None:
        """Show the policy, in short first."""
        await Answer.to(interaction).show(ui.policy(PAGES[0], self._policy))

    @slash(privacy, "privacy.export", action="privacy.export")
    async def export(self, interaction: Interaction) -> None:
        """Give the person everything that is kept about them."""
        await self._begin(interaction, "export", await _here(interaction))

    @slash(privacy, "privacy.erase", action="privacy.erase")
    async def erase(self, interaction: Interaction) -> None:
        """Let the person choose what to erase."""
        await self._begin(interaction, "erase", await _here(interaction))

    @pressed("privacy", "page", action="privacy.policy")
    async def page(self, press: Press) -> None:
        """Turn to a page of the policy."""
        page = press.key if press.key in PAGES else PAGES[0]
        await press.answer.redraw(ui.policy(page, self._policy))

    @pressed("privacy", "copy", action="privacy.export")
    async def copy(self, press: Press) -> None:
        """`/privacy export` by a button."""
        await self._begin(press.interaction, "export", press.who.guild_id)

    @pressed("privacy", "begin", action="privacy.erase")
    async def begin(self, press: Press) -> None:
        """`/privacy erase` by a button."""
        await self._begin(press.interaction, "erase", press.who.guild_id)

    @pressed("privacy", "servers", action="privacy.policy")
    async def servers(self, press: Press) -> None:
        """Show the next servers to choose from."""
        purpose, _, page = press.key.partition(".")
        await press.answer.redraw(
            await self._which_server(press.interaction, "erase" if purpose == "erase" else "export", _number(page))
        )

    @pressed("privacy", "export_in", action="privacy.export")
    async def export_in(self, press: Press) -> None:
        """Give the copy of the server that was chosen."""
        await press.answer.redraw(await self._open(press.interaction, "export", _place(press, press.values[0])))

    @pressed("privacy", "erase_in", action="privacy.erase")
    async def erase_in(self, press: Press) -> None:
        """Show what can be erased in the server that was chosen."""
        await press.answer.redraw(await self._open(press.interaction, "erase", _place(press, press.values[0])))

    @pressed("privacy", "choose", action="privacy.erase")
    async def choose(self, press: Press) -> None:
        """Ask for the word."""
        await press.answer.ask(ui.confirmation(_place(press, press.key), press.values[0]))

    @pressed("privacy", "confirm", action="privacy.erase")
    async def confirm(self, press: Press) -> None:
        """Erase, once the word was typed, and hand over the receipt."""
        server, _, choice = press.key.partition(".")
        guild_id = _place(press, server)
        if not is_confirmed(press.words("word")):
            raise Refusal("privacy.erase.mistyped")
        given = await self._erasure.erase(guild_id, press.who.user_id, choice, press.submission)
        name = await _name(press.interaction, guild_id)
        await press.answer.redraw(
            ui.receipt(given, guild_id, name, self._policy.dialect, everything=choice == EVERYTHING)
        )

    async def _begin(self, interaction: AnyInteraction, purpose: Purpose, guild_id: int | None) -> None:
        answer = Answer.to(interaction)
        if guild_id is None:
            await answer.show(await self._which_server(interaction, purpose, 0))
        else:
            await answer.show(await self._open(interaction, purpose, guild_id))

    async def _open(self, interaction: AnyInteraction, purpose: Purpose, guild_id: int) -> Panel:
        name = await _name(interaction, guild_id)
        if purpose == "erase":
            parts = await self._copies.parts(guild_id, interaction.user.id)
            return ui.what_to_erase(guild_id, name, parts)
        return ui.copy_of(await self._copies.make(guild_id, interaction.user.id), name, self._policy.version)

    async def _which_server(self, interaction: AnyInteraction, purpose: Purpose, page: int) -> Panel:
        servers = await self._copies.servers(interaction.user.id)
        shown = ui.server_page(servers, page)
        if not shown:
            return ui.nothing_anywhere()
        names = {guild_id: await _known_name(interaction, guild_id) for guild_id in shown}
        return ui.which_server(purpose, names, page, more=bool(ui.server_page(servers, page + 1)))

    @commands.Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Note that somebody left. Discord tells only with the members intent; the daily round does without."""
        await self._departures.left(payload.guild_id, payload.user.id)

    @commands.Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Note that somebody came back."""
        await self._departures.back(member.guild.id, member.id)


async def _here(interaction: Interaction) -> int | None:
    """Return the server this is about, or None in a direct message or where the bot is not a member."""
    who = await interaction.client.front_desk.standings.for_action(interaction, "privacy.policy")
    return who.guild_id


def _place(press: Press, key: str) -> int:
    """Return the server that a panel names: in a server only that one, in a direct message any of the person's."""
    guild_id = _number(key)
    if press.who.guild_id not in (None, guild_id):
        raise Refusal("kit.refused.outdated")
    return guild_id


def _number(key: str) -> int:
    if not (key.isascii() and key.isdecimal() and len(key) <= 19 and int(key) < 2**63):
        raise Refusal("kit.refused.outdated")
    return int(key)


async def _name(interaction: AnyInteraction, guild_id: int) -> str:
    return await _known_name(interaction, guild_id) or t("privacy.where.gone", id=guild_id)


async def _known_name(interaction: AnyInteraction, guild_id: int) -> str | None:
    """Return a server's name; another process may serve it, so Discord is asked where the cache doesn't know."""
    guild = interaction.client.get_guild(guild_id)
    if guild is not None:
        return guild.name
    try:
        return (await interaction.client.fetch_guild(guild_id, with_counts=False)).name
    except discord.HTTPException:
        return None
