"""Where a reading may be posted, looked at afresh: both the person and the bot have to be able to write there."""

from contextlib import suppress

import discord

from bot.discordkit import NO_LINE, AnyInteraction
from bot.errors import Refusal
from bot.permissions import HISTORY, SEND, SEND_IN_THREADS, VIEW, missing

_Channel = discord.TextChannel | discord.Thread


async def check_place(interaction: AnyInteraction, channel_id: int) -> None:
    """Return where both may write in the channel. Raises `Refusal` that says what is in the way."""
    if channel_id == interaction.channel_id and interaction.channel is not None:
        in_thread = isinstance(interaction.channel, discord.Thread)
        persons, bots = interaction.permissions, interaction.app_permissions
    else:
        channel = await _channel(interaction, channel_id)
        in_thread = isinstance(channel, discord.Thread)
        persons, bots = await _held(interaction, channel)
    shown = f"<#{channel_id}>"
    writing = persons.send_messages_in_threads if in_thread else persons.send_messages
    if not (persons.view_channel and writing):
        raise Refusal("learn.post.not_yours", channel=shown)
    needs = (SEND_IN_THREADS if in_thread and need is SEND else need for need in (VIEW, SEND, HISTORY))
    lacking = missing(tuple(needs), bots.value)
    if lacking:
        raise Refusal("learn.post.lacking", channel=shown, lacking=", ".join(need.shown for need in lacking))


async def check_here(interaction: AnyInteraction, channel_id: int) -> None:
    """Return unless the channel is another server's. Raises `Refusal` for that one."""
    guild = interaction.guild
    if guild is None or guild.get_channel_or_thread(channel_id) is not None:
        return
    # One that is gone, closed or asleep is told of by whatever is wanted there.
    with suppress(discord.HTTPException, *NO_LINE):
        try:
            await guild.fetch_channel(channel_id)
        except discord.InvalidData as error:
            raise Refusal("kit.refused.outdated") from error


async def _channel(interaction: AnyInteraction, channel_id: int) -> _Channel:
    guild = interaction.guild
    try:
        found = guild and (guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id))
    except (discord.NotFound, discord.Forbidden, discord.InvalidData) as error:
        raise Refusal("learn.post.unseen") from error
    except (discord.HTTPException, *NO_LINE) as error:
        raise Refusal("learn.post.unanswered") from error
    if not isinstance(found, _Channel) or (isinstance(found, discord.Thread) and found.parent is None):
        raise Refusal("learn.post.unseen")
    return found


async def _held(interaction: AnyInteraction, channel: _Channel) -> tuple[discord.Permissions, discord.Permissions]:
    """Return what the person and the bot may do there."""
    person = interaction.user
    if not isinstance(person, discord.Member):
        raise Refusal("learn.post.unseen")
    held = channel.permissions_for(person)
    if isinstance(channel, discord.Thread) and channel.is_private() and not held.manage_threads:
        try:
            await channel.fetch_member(person.id)
        except discord.NotFound as error:
            raise Refusal("learn.post.unseen") from error
        except (discord.HTTPException, *NO_LINE) as error:
            raise Refusal("learn.post.unanswered") from error
    return held, channel.permissions_for(channel.guild.me)
