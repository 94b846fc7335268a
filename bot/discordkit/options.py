"""Options of commands that discord.py reads in a way we can't use."""

from typing import Any

import discord
from discord import app_commands

from bot.discordkit.answer import AnyInteraction

WRITABLE = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


class ChannelId(app_commands.Transformer):
    """Takes a channel as its id: one that the bot can't see is said in words, and loses nothing that was typed."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's own channel picker."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Text channels and threads."""
        return list(WRITABLE)

    async def transform(self, interaction: AnyInteraction, value: Any, /) -> int:
        """Return the id."""
        return int(value.id)


class TextChannelId(ChannelId):
    """Only channels that a post with a thread fits into are offered."""

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Text channels."""
        return [discord.ChannelType.text, discord.ChannelType.news]
