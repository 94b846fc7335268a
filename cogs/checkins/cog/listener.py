"""Hears that somebody replied to a check-in. What they wrote isn't looked at, and mostly isn't even sent to the bot."""

from collections.abc import Callable

import discord
from discord.ext import commands

from bot.discordkit.sender import replied_to
from cogs.checkins.service.hearing import Heard, Hearing


class ReplyListener(commands.Cog):
    """Leaves nearly every message alone before any query: it has to be a reply, or in a private thread."""

    def __init__(self, hearing: Hearing, *, kick: Callable[[], None]) -> None:
        self._hearing = hearing
        self._kick = kick

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take in a reply to an entry, or talk in the private thread of writer and team."""
        if message.guild is None or message.author.bot or message.webhook_id is not None:
            return
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return
        if await self._hears(message, message.guild.id):
            self._kick()

    async def _hears(self, message: discord.Message, guild_id: int) -> bool:
        heard, replied = Heard(message.id, message.author.id, message.created_at), replied_to(message)
        if replied is not None and await self._hearing.replied(guild_id, replied, heard):
            return True
        return _may_be_private(message.channel) and await self._hearing.spoke(guild_id, message.channel.id, heard)


def _may_be_private(channel: object) -> bool:
    """Whether a channel is a private thread; one that is not in memory may be."""
    if isinstance(channel, discord.PartialMessageable):
        return True
    return isinstance(channel, discord.Thread) and channel.is_private()
