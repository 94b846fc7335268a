"""Everything is made once, whatever happens in between."""

import asyncio

import pytest

from bot.guilds import CHANNEL_PURPOSES, ROLE_PURPOSES
from bot.permissions import MANAGE_CHANNELS, MANAGE_ROLES, PRIVATE_THREADS, VIEW, Permission
from bot.text import t
from tests.unit.setup.conftest import Rooms
from tests.unit.setup.doubles import GUILD, PowerCut


async def test_every_purpose_gets_its_channel_and_its_id_is_kept(rooms: Rooms) -> None:
    made = await rooms.workshop.channels(rooms.server)
    assert tuple(made.new) == CHANNEL_PURPOSES
    assert await rooms.guilds.channels(GUILD) == made.new
    assert {purpose: rooms.server.channels[one].name for purpose, one in made.new.items()} == {
        purpose: purpose for purpose in CHANNEL_PURPOSES
    }


async def test_private_channels_are_for_the_roles_of_the_team(rooms: Rooms) -> None:
    roles = (await rooms.workshop.roles(rooms.server)).new
    made = (await rooms.workshop.channels(rooms.server)).new
    care, log = rooms.server.gates[made["care"]], rooms.server.gates[made["mod-log"]]
    assert {gate.who for gate in care} == {"everyone", "bot", roles["moderator"], roles["facilitator"]}
    assert {gate.who for gate in log} == {"everyone", "bot", roles["moderator"]}
    assert all(VIEW in gate.deny for gate in (*care, *log) if gate.who == "everyone")


async def test_what_exists_is_left_alone(rooms: Rooms) -> None:
    mine = rooms.server.add_channel("our-log", everyone=0)
    await rooms.parts.choose_channel(rooms.server, "mod-log", mine)
    made = await rooms.workshop.channels(rooms.server)
    assert "mod-log" not in made.new
    assert (await rooms.guilds.channels(GUILD))["mod-log"] == mine
    again = await rooms.workshop.channels(rooms.server)
    assert not again.new
    assert len(rooms.server.channels) == len(CHANNEL_PURPOSES)


@pytest.mark.parametrize("part", ["channels", "roles"])
async def test_two_presses_at_once_make_everything_once(rooms: Rooms, part: str) -> None:
    make = getattr(rooms.workshop, part)
    first, second = await asyncio.gather(make(rooms.server), make(rooms.server))
    assert len(rooms.server.calls) == len(set(rooms.server.calls)) == len({**first.new, **second.new})
    assert not (first.new and second.new)


@pytest.mark.parametrize("survived", range(len(CHANNEL_PURPOSES)))
async def test_a_power_cut_while_making_channels_makes_none_twice(rooms: Rooms, survived: int) -> None:
    rooms.server.cut_after = survived
    with pytest.raises(PowerCut):
        await rooms.workshop.channels(rooms.server)
    rooms.server.cut_after = None
    made = await rooms.after_restart().channels(rooms.server)
    assert list(made.found) == [CHANNEL_PURPOSES[survived]]
    names = [place.name for place in rooms.server.channels.values()]
    assert sorted(names) == sorted(CHANNEL_PURPOSES)
    assert set((await rooms.guilds.channels(GUILD)).values()) == set(rooms.server.channels)


async def test_only_the_roles_that_are_called_may_be_mentioned(rooms: Rooms) -> None:
    made = await rooms.workshop.roles(rooms.server)
    pinged = {purpose for purpose, one in made.new.items() if rooms.server.ranks[one].mentionable}
    assert pinged == {"moderator", "facilitator"}


@pytest.mark.parametrize("survived", range(len(ROLE_PURPOSES)))
async def test_a_power_cut_while_making_roles_makes_none_twice(rooms: Rooms, survived: int) -> None:
    own = rooms.server.add_role("Moderator")  # the group's own, never taken for one of ours
    rooms.server.cut_after = survived
    with pytest.raises(PowerCut):
        await rooms.workshop.roles(rooms.server)
    rooms.server.cut_after = None
    made = await rooms.after_restart().roles(rooms.server)
    assert list(made.found) == [ROLE_PURPOSES[survived]]
    assert len(rooms.server.ranks) == len(ROLE_PURPOSES) + 1
    assert own not in (await rooms.guilds.roles(GUILD)).values()
    assert not (await rooms.guide()).before


async def test_a_role_of_power_is_never_taken_for_one_of_ours(rooms: Rooms) -> None:
    rooms.server.refuses = "unreachable"  # the mark stays: nobody knows whether it was made
    await rooms.workshop.roles(rooms.server)
    rooms.server.refuses = None
    rooms.server.add_role("Moderator", managed=True)
    made = await rooms.workshop.roles(rooms.server)
    assert "moderator" in made.new


async def test_news_that_comes_late_makes_nothing_twice(rooms: Rooms) -> None:
    rooms.server.slow_news = True
    roles = (await rooms.workshop.roles(rooms.server)).new
    made = (await rooms.workshop.channels(rooms.server)).new
    assert roles["moderator"] in {gate.who for gate in rooms.server.gates[made["care"]]}
    assert not (await rooms.workshop.roles(rooms.server)).new
    assert not (await rooms.workshop.channels(rooms.server)).new
    assert len(rooms.server.calls) == len(ROLE_PURPOSES) + len(CHANNEL_PURPOSES)


async def test_a_deleted_channel_is_made_again_and_only_that_one(rooms: Rooms) -> None:
    made = await rooms.workshop.channels(rooms.server)
    del rooms.server.channels[made.new["care"]]
    again = await rooms.workshop.channels(rooms.server)
    assert list(again.new) == ["care"]


async def test_after_a_reset_our_own_channels_are_found_by_their_topic(rooms: Rooms) -> None:
    made = await rooms.workshop.channels(rooms.server)
    await rooms.group.reset(rooms.server, "harbour lights", "form-1")
    assert await rooms.guilds.channels(GUILD) == {}
    again = await rooms.workshop.channels(rooms.server)
    assert again.found == made.new
    assert not again.new


async def test_a_channel_of_the_groups_own_with_the_same_name_is_not_taken(rooms: Rooms) -> None:
    own = rooms.server.add_channel("care", topic="Car talk")
    made = await rooms.workshop.channels(rooms.server)
    assert made.new["care"] != own


@pytest.mark.parametrize(
    ("part", "permission"),
    [("channels", MANAGE_CHANNELS), ("channels", PRIVATE_THREADS), ("roles", MANAGE_ROLES)],
)
async def test_a_missing_permission_is_named_and_nothing_is_tried(
    rooms: Rooms, part: str, permission: Permission
) -> None:
    rooms.server.bits &= ~permission.bit
    made = await getattr(rooms.workshop, part)(rooms.server)
    assert made.lacking == (permission,)
    assert not rooms.server.calls


@pytest.mark.parametrize("reason", ["forbidden", "full", "unreachable", "refused"])
async def test_a_refusal_on_the_way_keeps_what_was_made(rooms: Rooms, reason: str) -> None:
    await rooms.workshop.roles(rooms.server)
    rooms.server.refuses = reason
    made = await rooms.workshop.channels(rooms.server)
    assert made.stopped == reason
    rooms.server.refuses = None
    assert len((await rooms.workshop.channels(rooms.server)).new) == len(CHANNEL_PURPOSES)
    assert len(rooms.server.channels) == len(CHANNEL_PURPOSES)


async def test_the_plan_names_what_the_group_has_already(rooms: Rooms) -> None:
    rooms.server.add_channel("sessions")
    plan = await rooms.workshop.plan(rooms.server, "channels")
    assert plan.purposes == CHANNEL_PURPOSES
    assert plan.same_name == ("sessions",)
    assert plan.without_moderator
    await rooms.workshop.roles(rooms.server)
    assert not (await rooms.workshop.plan(rooms.server, "channels")).without_moderator
    assert (await rooms.workshop.plan(rooms.server, "roles")).purposes == ()


async def test_own_channels_are_adopted_where_they_fit(rooms: Rooms) -> None:
    sessions = rooms.server.add_channel("sessions")
    rooms.server.add_channel("care")  # open to everybody: never taken without a look
    rooms.server.add_channel("library", kind="other")
    assert await rooms.workshop.adopt(rooms.server, "channels") == {"sessions": sessions}
    assert await rooms.guilds.channels(GUILD) == {"sessions": sessions}


async def test_a_private_channel_of_ours_that_was_opened_is_not_taken_unseen(rooms: Rooms) -> None:
    for name in ("care", "sessions"):
        rooms.server.add_channel(name, topic=t(f"setup.channels.topic.{name}"))
    assert (await rooms.workshop.plan(rooms.server, "channels")).found == ("sessions",)
    made = await rooms.workshop.channels(rooms.server)
    assert "care" in made.new
    assert list(made.found) == ["sessions"]


async def test_own_roles_are_adopted_where_they_fit(rooms: Rooms) -> None:
    moderator = rooms.server.add_role("Moderator", bits=1 << 40)
    rooms.server.add_role("Member", bits=1 << 3)  # Administrator for everybody who joins
    assert await rooms.workshop.adopt(rooms.server, "roles") == {"moderator": moderator}
