"""What Discord tells of a server: its channels and roles that go, and the bot's own coming and going."""

import discord
from discord.ext import commands

from bot.jobs import Runner
from cogs.setup.service.group import GroupService
from cogs.setup.service.losses import Losses


class SetupListeners(commands.Cog):
    """Nothing is posted when the bot joins: `/setup guide` explains itself to whoever asks."""

    def __init__(self, group: GroupService, losses: Losses, jobs: Runner) -> None:
        self._group = group
        self._losses = losses
        self._jobs = jobs

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that is gone, and tell the team."""
        if await self._losses.channel_gone(channel.guild.id, channel.id):
            self._jobs.kick()

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that is gone, and tell the team."""
        if await self._losses.role_gone(role.guild.id, role.id):
            self._jobs.kick()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep that the bot is (again) in the server."""
        await self._group.back(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep since when the bot is out of the server."""
        await self._group.left(guild.id)
