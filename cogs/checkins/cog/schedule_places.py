"""Where a check-in may be posted, looked at afresh: both the bot and the moderator have to be able to write there."""

import discord

from bot.discordkit import AnyInteraction
from bot.permissions import CHANNEL_NEEDS, PUBLIC_THREADS, SEND, SEND_IN_THREADS, VIEW, missing
from bot.text import t

_THREADS = frozenset({PUBLIC_THREADS, SEND_IN_THREADS})


def channel_fault(interaction: AnyInteraction, channel_id: int, *, thread: bool, person: bool = True) -> str | None:
    """Return what stands against posting there now: for the bot, and where asked for the `person`."""
    channel = channel_seen(interaction, channel_id)
    if channel is None:
        return t("checkins.panel.gone")
    held = channel.permissions_for(channel.guild.me)
    needs = tuple(need for need in CHANNEL_NEEDS["check-ins"] if thread or need not in _THREADS)
    shown = f"<#{channel.id}>"
    if lacks := missing(needs, held.value):
        return t("checkins.panel.lacking", channel=shown, needs=", ".join(f"**{need.shown}**" for need in lacks))
    if person and isinstance(interaction.user, discord.Member):
        own = channel.permissions_for(interaction.user)
        if missing((VIEW, SEND), own.value):
            return t("checkins.panel.not_yours", channel=shown)
    return None


def channel_seen(interaction: AnyInteraction, channel_id: int | None) -> discord.TextChannel | None:
    """Return the channel where it is in this server and the bot can see it."""
    channel = interaction.guild.get_channel(channel_id or 0) if interaction.guild is not None else None
    if not isinstance(channel, discord.TextChannel) or not channel.permissions_for(channel.guild.me).view_channel:
        return None
    return channel
