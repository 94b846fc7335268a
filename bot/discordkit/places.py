"""Whether something can be posted in a channel, looked at afresh: for the bot, and for whoever asks for it."""

from dataclasses import dataclass, field
from typing import Literal

import discord

from bot.discordkit.answer import AnyInteraction
from bot.permissions import SEND, VIEW, Permission, missing


@dataclass(frozen=True, slots=True)
class PlaceFault:
    """What stands in the way; `reason` ends the key of a sentence, `names` is what the sentence names."""

    reason: Literal["gone", "lacking", "not_yours"]
    names: dict[str, str] = field(default_factory=dict)


def channel_seen(interaction: AnyInteraction, channel_id: int | None) -> discord.TextChannel | None:
    """Return the channel where it is in this server and the bot can see it."""
    channel = interaction.guild.get_channel(channel_id or 0) if interaction.guild is not None else None
    if not isinstance(channel, discord.TextChannel) or not channel.permissions_for(channel.guild.me).view_channel:
        return None
    return channel


def place_fault(
    interaction: AnyInteraction, channel_id: int | None, needs: tuple[Permission, ...], *, person: bool = True
) -> PlaceFault | None:
    """Return what stands against posting there now: for the bot, and where asked for the `person`."""
    channel = channel_seen(interaction, channel_id)
    if channel is None:
        return PlaceFault("gone")
    shown = f"<#{channel.id}>"
    if lacks := missing(needs, channel.permissions_for(channel.guild.me).value):
        return PlaceFault("lacking", {"channel": shown, "needs": ", ".join(f"**{need.shown}**" for need in lacks)})
    whose = interaction.user
    if person and isinstance(whose, discord.Member) and missing((VIEW, SEND), channel.permissions_for(whose).value):
        return PlaceFault("not_yours", {"channel": shown})
    return None
