"""The setup guide over the wire: what it makes passes Discord's own rules, once, and goes on after a restart."""

from __future__ import annotations

import pytest

from bot.client import Evenkeel
from tests.wire.discord_server import Guild, WireDiscord, permissions
from tests.wire.our_bot import Our

MAKE_CHANNEL = "POST /guilds/{guild_id}/channels"
MAKE_ROLE = "POST /guilds/{guild_id}/roles"
FILLED_IN = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
PURPOSES = {"check-ins", "celebrations", "sessions", "library", "care", "mod-log", "quiet-rooms"}


async def make(wire: WireDiscord, guild: Guild, part: str) -> str:
    """Goes to a step of the guide as the owner, lets it make what is missing, and returns what it says then."""
    owner, before = guild.owner_id, len(wire.calls(FILLED_IN))
    shown = await wire.slash("setup guide", user=owner, guild=guild)
    step = await wire.press(shown.message, f"ek1:setup:step:{part}", user=owner, guild=guild, forged=True)
    plan = await wire.press(step.message, f"ek1:setup:plan:{part}", user=owner, guild=guild)
    done = await wire.press(plan.message, f"ek1:setup:make:{part}", user=owner, guild=guild)
    # The press itself says that the work has begun; what came of it is written over that.
    await wire.called(FILLED_IN, before + 1)
    return done.text


def channel(guild: Guild, name: str) -> dict[str, object]:
    """The one channel of this name."""
    [found] = [one for one in guild.channels.values() if one["name"] == name]
    return found


def sees(guild: Guild, user: int, name: str, what: int = permissions.VIEW_CHANNEL) -> bool:
    """Whether somebody may do something in a channel."""
    return guild.permissions_of(user, channel(guild, name)) & what == what


async def test_it_makes_roles_and_channels_as_the_product_says(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    await make(wire, guild, "roles")
    made = {role["name"] for role in guild.roles.values()}
    assert len(made) == 2 + 5
    assert {role["name"] for role in guild.roles.values() if role["mentionable"]} == {"Moderator", "Facilitator"}
    await make(wire, guild, "channels")
    assert {one["name"] for one in guild.channels.values()} == PURPOSES | {"general"}
    kept = await ours.rooms.guilds.roles(guild.id)
    moderator = wire.add_member(guild, "Sam", [kept["moderator"]])
    assert [sees(guild, person, name) for name in ("care", "mod-log", "library")] == [False, False, True]
    assert [sees(guild, moderator, name) for name in ("care", "mod-log")] == [True, True]
    assert sees(guild, person, "quiet-rooms", permissions.VIEW_CHANNEL | permissions.SEND_MESSAGES_IN_THREADS)
    assert not sees(guild, person, "quiet-rooms", permissions.SEND_MESSAGES)
    assert all(call.reason for call in wire.calls(MAKE_CHANNEL) + wire.calls(MAKE_ROLE))
    answer = await wire.slash("setup check", user=guild.owner_id, guild=guild)
    assert answer.ephemeral


async def test_it_goes_on_where_it_was_left_after_a_restart(wire: WireDiscord, guild: Guild, our: Our) -> None:
    owner = guild.owner_id
    async with our.running():
        shown = await wire.slash("setup guide", user=owner, guild=guild)
        step = await wire.press(shown.message, "ek1:setup:step:roles", user=owner, guild=guild)
    async with our.running():
        again = await wire.slash("setup guide", user=owner, guild=guild)
        assert "ek1:setup:plan:roles" in again.custom_ids
        old = await wire.press(step.message, "ek1:setup:plan:roles", user=owner, guild=guild)
        assert "ek1:setup:make:roles" in old.custom_ids


async def test_making_twice_makes_nothing_twice(wire: WireDiscord, guild: Guild, ours: Evenkeel) -> None:
    await make(wire, guild, "channels")
    shown = await wire.slash("setup guide", user=guild.owner_id, guild=guild)
    pressed = await wire.press(shown.message, "ek1:setup:make:channels", user=guild.owner_id, guild=guild, forged=True)
    await wire.settled(pressed)
    assert len(wire.calls(MAKE_CHANNEL)) == len(PURPOSES)
    assert len(guild.channels) == len(PURPOSES) + 1


async def test_a_channel_whose_answer_was_lost_is_found_again(wire: WireDiscord, guild: Guild, ours: Evenkeel) -> None:
    wire.fail_next(MAKE_CHANNEL, drop=True, taken=True)
    await make(wire, guild, "channels")
    await make(wire, guild, "channels")
    assert sorted(one["name"] for one in guild.channels.values()) == sorted(PURPOSES | {"general"})


@pytest.mark.parametrize("part", ["roles", "channels"])
async def test_what_the_bot_may_not_do_is_said_and_not_tried(
    wire: WireDiscord, guild: Guild, ours: Evenkeel, part: str
) -> None:
    poor = wire.add_guild("Poor", bot_permissions=permissions.EVERYONE)
    await wire.caught_up()
    await make(wire, poor, part)
    assert wire.calls(MAKE_CHANNEL) + wire.calls(MAKE_ROLE) == []


async def test_nobody_but_an_admin_makes_anything(wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel) -> None:
    shown = await wire.slash("setup guide", user=guild.owner_id, guild=guild)
    for part in ("roles", "channels"):
        answer = await wire.press(shown.message, f"ek1:setup:make:{part}", user=person, guild=guild, forged=True)
        assert answer.ephemeral
    assert wire.calls(MAKE_CHANNEL) + wire.calls(MAKE_ROLE) == []
