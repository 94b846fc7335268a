"""The rehearsal's engine over the real bot: the same assembly as `evenkeel run`, on a database of its own."""

import sys
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import discord

from bot.app import assembled
from bot.client import Evenkeel
from bot.guilds import CHANNEL_PURPOSES
from bot.settings import Settings
from rehearsal.clock import RehearsalClock
from rehearsal.group import Group

KIND = "benzodiazepines"


class EvenkeelEngine:
    """Assembles Evenkeel on the SQLite file in `folder`, which nothing but the rehearsal uses.

    The machine's own settings and `.env` are not read: no token, no address and no key of the host gets in here.
    """

    def __init__(self, folder: Path) -> None:
        self._settings = Settings(database_url=f"sqlite:///{folder / 'evenkeel.db'}", var_dir=folder, log_level="ERROR")

    def assembled(self, clock: RehearsalClock) -> AbstractAsyncContextManager[Evenkeel]:
        return assembled(self._settings, clock=clock, log_stream=sys.stderr)

    async def next_due(self, bot: discord.Client) -> datetime | None:
        return await _evenkeel(bot).jobs.next_due()

    async def run_due(self, bot: discord.Client) -> int:
        return await _evenkeel(bot).jobs.run_due()

    async def zone(self, bot: discord.Client, group: Group) -> str | None:
        profile = await _evenkeel(bot).rooms.guilds.profile(group.guild.id)
        return profile.timezone

    async def set_up(self, bot: discord.Client, group: Group) -> None:
        rooms = _evenkeel(bot).rooms
        guild_id = group.guild.id
        async with rooms.database.write() as writer:
            await rooms.guilds.set_profile(writer, guild_id, timezone=group.zone, country=group.country, kind=KIND)
            for purpose in CHANNEL_PURPOSES:
                await rooms.guilds.set_channel(writer, guild_id, purpose, group.channel(purpose).id)
            for purpose, role in group.roles.items():
                await rooms.guilds.set_role(writer, guild_id, purpose, role.id)


def _evenkeel(bot: discord.Client) -> Evenkeel:
    if not isinstance(bot, Evenkeel):
        raise TypeError("this engine drives Evenkeel alone")
    return bot
