"""What set-up tests do to a server by hand: as its owner would in Discord's own settings."""

import random

import discord
from simcord import ChannelHandle
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.client import Evenkeel
from bot.jobs import Registry, Runner
from rehearsal.world import World


def bot_of(world: World) -> Evenkeel:
    """Return the running bot with its real type."""
    assert isinstance(world.bot, Evenkeel)
    return world.bot


def another_process(bot: Evenkeel) -> Runner:
    """Return a runner of all the bot's kinds of jobs under another name, as a second process has it."""
    kinds = Registry()
    other = Runner(
        bot.rooms.database, bot.rooms.clock, kinds, owner="other", owns_guild=bot.owns,
        on_gave_up=bot.notices.gave_up, record_error=bot.rooms.errors.record, source=random.Random(2),
    )  # fmt: skip
    for name in bot.jobs._kinds.names():
        kinds.register(bot.jobs._kinds[name])
    return other


def bot_role(world: World) -> int:
    """Return the id of the bot's own role."""
    backend = world.env.backend
    return backend.get_guild(world.group.guild.id).members[backend.bot_user.id].role_ids[0]


async def take_from_bot(world: World, *permissions: str) -> None:
    """Switch permissions of the bot's role off."""
    held = discord.Permissions(world.env.backend.get_role(world.group.guild.id, bot_role(world)).permissions)
    held.update(**dict.fromkeys(permissions, False))
    await edit_role(world, bot_role(world), permissions=held.value)


async def give_to_bot(world: World, *permissions: str) -> None:
    """Switch permissions of the bot's role on."""
    held = discord.Permissions(world.env.backend.get_role(world.group.guild.id, bot_role(world)).permissions)
    held.update(**dict.fromkeys(permissions, True))
    await edit_role(world, bot_role(world), permissions=held.value)


async def edit_role(world: World, role_id: int, **changes: object) -> None:
    """Change a role."""
    world.env.backend.edit_role(world.group.guild.id, role_id, changes)
    await world.env.settle()


async def deny_bot(world: World, channel: ChannelHandle, permission: str) -> None:
    """Switch a permission of the bot off in one channel, by an overwrite for itself."""
    me = world.env.backend.bot_user.id
    denied = discord.Permissions(**{permission: True}).value
    world.env.backend.set_overwrite(channel.id, Overwrite(me, OverwriteType.MEMBER, 0, denied))
    await world.env.settle()


async def delete_channel(world: World, channel: ChannelHandle) -> None:
    """Delete a channel."""
    world.env.backend.delete_channel(channel.id)
    await world.env.settle()


async def delete_role(world: World, role_id: int) -> None:
    """Delete a role."""
    world.env.backend.delete_role(world.group.guild.id, role_id)
    await world.env.settle()


async def channels_kept(world: World) -> dict[str, int]:
    """Return which channels the bot keeps for what."""
    return await bot_of(world).rooms.guilds.channels(world.group.guild.id)


async def roles_kept(world: World) -> dict[str, int]:
    """Return which roles the bot keeps for what."""
    return await bot_of(world).rooms.guilds.roles(world.group.guild.id)
