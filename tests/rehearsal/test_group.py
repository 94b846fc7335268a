"""The seeded group: who is there, what they see, and what the bot holds."""

from datetime import UTC, datetime

import discord
import pytest
import simcord
from simcord.backend.access import channel_accessible

from bot.guilds import CHANNEL_PURPOSES, PRIVATE_PURPOSES, ROLE_PURPOSES
from bot.permissions import CHANNEL_NEEDS, invite_permissions
from rehearsal.group import profiles, seed_group
from rehearsal.world import World, opened_world
from tests.rehearsal.standin import StandInEngine


def _sees(world: World, key: str, channel: str) -> bool:
    person = world.group.person(key)
    return channel_accessible(world.env.backend, world.group.channel(channel).id, person.actor.id)


def _may(world: World, user_id: int, channel: str, permission: str) -> bool:
    held = world.env.backend.compute_permissions(world.group.guild.id, user_id, world.group.channel(channel).id)
    return bool(held & getattr(discord.Permissions, permission).flag)


async def test_everybody_of_the_people_file_is_there(world: World) -> None:
    kinds = [person.profile.kind for person in world.group.people.values()]
    assert [kinds.count(kind) for kind in ("admin", "moderator", "facilitator", "member", "family", "newcomer")] == [
        1, 1, 2, 6, 1, 1,
    ]  # fmt: skip
    assert len(world.group.members) == 6
    assert len(world.group.facilitators) == 2
    assert world.group.person("Robin") is world.group.person("robin")
    assert world.group.person("admin").actor.id == world.group.admin.id


def test_every_persona_says_who_they_are_and_what_to_try() -> None:
    for profile in profiles():
        assert profile.about.endswith(".")
        assert profile.try_this
        assert len(profile.about) <= 90


async def test_nobody_answers_to_an_unknown_name(world: World) -> None:
    with pytest.raises(KeyError):
        world.group.person("nobody")


async def test_channels_and_roles_are_those_of_the_product(world: World) -> None:
    assert set(CHANNEL_PURPOSES) <= set(world.group.guild.channels)
    assert tuple(world.group.roles) == ROLE_PURPOSES


@pytest.mark.parametrize("channel", sorted(PRIVATE_PURPOSES))
@pytest.mark.parametrize("key", ["robin", "hazel", "aspen", "finch"])
async def test_private_channels_are_the_teams_alone(world: World, channel: str, key: str) -> None:
    assert not _sees(world, key, channel)
    assert _sees(world, "juniper", channel)


async def test_nobody_writes_in_quiet_rooms_but_threads_may_be_written_in(world: World) -> None:
    robin = world.group.person("robin").actor.id
    assert _sees(world, "robin", "quiet-rooms")
    assert not _may(world, robin, "quiet-rooms", "send_messages")
    assert _may(world, robin, "quiet-rooms", "send_messages_in_threads")


@pytest.mark.parametrize("channel", CHANNEL_PURPOSES)
async def test_the_bot_holds_what_it_needs_everywhere_and_is_no_administrator(world: World, channel: str) -> None:
    bot = world.env.backend.bot_user.id
    assert all(_may(world, bot, channel, need.name) for need in CHANNEL_NEEDS[channel])
    assert not _may(world, bot, channel, "administrator")
    held = world.env.backend.get_guild(world.group.guild.id).members[bot].role_ids
    assert [world.env.backend.get_role(world.group.guild.id, role).permissions for role in held] == [
        invite_permissions()
    ]


async def test_the_bots_role_stands_above_the_roles_it_gives(world: World) -> None:
    stored = world.env.backend.get_guild(world.group.guild.id)
    bot = stored.top_role_position(world.env.backend.bot_user.id)
    assert all(bot > stored.roles[role.id].position for role in world.group.roles.values())
    order = [stored.roles[world.group.roles[purpose].id].position for purpose in ROLE_PURPOSES]
    assert order == sorted(order, reverse=True)


async def test_a_world_without_channels_has_only_ordinary_ones(engine: StandInEngine) -> None:
    async with opened_world(engine, ready=False, start=datetime(2026, 11, 23, 18, tzinfo=UTC)) as world:
        assert set(world.group.guild.channels) == {"welcome", "lounge"}
        assert not engine.was_set_up
        assert tuple(world.group.roles) == ROLE_PURPOSES


async def test_the_other_group_shares_nobody_with_the_first(world: World) -> None:
    assert not set(world.other.people) & set(world.group.people)
    assert world.other.guild.id != world.group.guild.id
    [stranger] = world.other.people.values()
    assert stranger.actor.id not in world.group.guild.member_ids()


async def test_a_feature_test_can_seed_a_group_by_itself() -> None:
    bot = discord.Client(intents=discord.Intents(guilds=True))
    async with simcord.run(bot) as env:
        group = await seed_group(env)
        await group.admin.send(group.channel("welcome"), "hello")
        assert group.channel("welcome").last_message is not None
