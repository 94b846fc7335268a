"""The loopback REST API, proven by a bare discord.py bot: limits, faults, nonces, channels, roles, threads."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord
import pytest

from tests.wire.bare_bot import BareBot
from tests.wire.discord_server import Guild, WireDiscord, permissions

SEND = "POST /channels/{channel_id}/messages"
PRIVATE = discord.PermissionOverwrite(view_channel=False)


@pytest.fixture
async def place(wire: WireDiscord, guild: Guild, bare: BareBot) -> discord.TextChannel:
    """The server's only channel, as the bot sees it."""
    await bare.until_seen("ready")
    found = bare.get_channel(next(iter(guild.channels)))
    assert isinstance(found, discord.TextChannel)
    return found


async def test_an_empty_bucket_is_waited_for(wire: WireDiscord, place: discord.TextChannel) -> None:
    wire.limit(SEND, 2, per=0.4)
    began = time.monotonic()
    await asyncio.gather(*(place.send(f"{number}") for number in range(5)))
    assert time.monotonic() - began >= 0.4
    assert len(wire.messages_in(place.id)) == 5
    assert all(call.status in {200, 429} for call in wire.calls(SEND))


async def test_a_429_is_retried_after_its_time(wire: WireDiscord, place: discord.TextChannel) -> None:
    wire.fail_next(SEND, 429, headers={"Retry-After": "0.1"})
    message = await place.send("hello")
    assert [call.status for call in wire.calls(SEND)] == [429, 200]
    assert [one["id"] for one in wire.messages_in(place.id)] == [str(message.id)]


async def test_the_global_limit_holds_everything_but_answers(
    wire: WireDiscord, guild: Guild, person: int, place: discord.TextChannel
) -> None:
    wire.limit("*", 3, per=0.5)
    sending = asyncio.gather(*(place.send(f"{number}") for number in range(5)))
    answer = await wire.slash("note", {"text": "tea"}, user=person, guild=guild)
    assert "tea" in answer.text
    await sending
    refused = [call for call in wire.calls(SEND) if call.status == 429]
    assert refused
    assert len(wire.messages_in(place.id)) == 5


async def test_a_500_is_retried(wire: WireDiscord, place: discord.TextChannel) -> None:
    wire.fail_next(SEND, 500)
    await place.send("hello")
    assert [call.status for call in wire.calls(SEND)] == [500, 200]


async def test_a_503_is_told(wire: WireDiscord, place: discord.TextChannel) -> None:
    wire.fail_next(SEND, 503)
    with pytest.raises(discord.DiscordServerError):
        await place.send("hello")
    assert wire.messages_in(place.id) == []


async def test_a_dropped_connection_may_have_had_its_effect(wire: WireDiscord, place: discord.TextChannel) -> None:
    wire.fail_next(SEND, drop=True, taken=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await place.send("hello")
    assert len(wire.messages_in(place.id)) == 1
    wire.fail_next(SEND, drop=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await place.send("hello")
    assert len(wire.messages_in(place.id)) == 1


async def test_a_nonce_makes_a_post_once(wire: WireDiscord, place: discord.TextChannel) -> None:
    wire.fail_next(SEND, 502, taken=True)
    first = await place.send("due", nonce="job-1-0")
    again = await place.send("due", nonce="job-1-0")
    other = await place.send("due", nonce="job-2-0")
    assert first.id == again.id != other.id
    assert [one["nonce"] for one in wire.messages_in(place.id)] == ["job-1-0", "job-2-0"]
    wire.platform.forget_nonces()
    assert (await place.send("due", nonce="job-1-0")).id != first.id


async def test_an_unknown_route_is_404_and_a_problem(wire: WireDiscord, bare: BareBot) -> None:
    await bare.until_seen("ready")
    with pytest.raises(discord.NotFound):
        await bare.http.request(discord.http.Route("GET", "/nowhere/{thing}", thing=1))
    assert [str(problem) for problem in wire.take_problems()] == ["unknown route: GET /nowhere/1"]


async def test_a_problem_that_nobody_took_fails_the_test() -> None:
    async def ask_for_nothing() -> None:
        async with (
            WireDiscord() as wire,
            aiohttp.ClientSession() as client,
            client.get(f"{wire.url}/nowhere") as answer,
        ):
            assert answer.status == 404

    with pytest.raises(AssertionError, match="unknown route: GET /nowhere"):
        await ask_for_nothing()


async def test_closed_direct_messages(wire: WireDiscord, person: int, bare: BareBot) -> None:
    await bare.until_seen("ready")
    user = await bare.fetch_user(person)
    await user.send("hello")
    wire.close_dms(person)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello")
    assert refused.value.code == 50007


async def test_channels_and_roles_are_made(wire: WireDiscord, guild: Guild, place: discord.TextChannel) -> None:
    role = await place.guild.create_role(name="Moderator", permissions=discord.Permissions(moderate_members=True))
    overwrites: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite] = {
        place.guild.default_role: PRIVATE,
        role: discord.PermissionOverwrite(view_channel=True),
        place.guild.me: discord.PermissionOverwrite(view_channel=True, send_messages=True),
    }
    care = await place.guild.create_text_channel("care", overwrites=overwrites)
    fetched = await place.guild.fetch_channel(care.id)
    assert isinstance(fetched, discord.TextChannel)
    assert fetched.overwrites_for(role).view_channel is True
    stranger = wire.add_member(guild, "Alex")
    moderator = wire.add_member(guild, "Sam", [role.id])
    seen = [
        bool(guild.permissions_of(one, guild.channels[care.id]) & permissions.VIEW_CHANNEL)
        for one in (stranger, moderator)
    ]
    assert seen == [False, True]
    assert {one.name for one in await place.guild.fetch_roles()} >= {"@everyone", "Evenkeel", "Moderator"}


async def test_the_bot_gives_only_what_it_holds(wire: WireDiscord, bare: BareBot) -> None:
    await bare.until_seen("ready")
    poor = wire.add_guild("Poor", bot_permissions=permissions.EVERYONE | permissions.MANAGE_CHANNELS)
    await bare.until_seen("guild_join")
    found = bare.get_guild(poor.id)
    assert found is not None
    with pytest.raises(discord.Forbidden) as refused:
        await found.create_role(name="Moderator")
    assert refused.value.code == 50013
    with pytest.raises(discord.Forbidden):
        await found.create_text_channel("care", overwrites={found.me: discord.PermissionOverwrite(ban_members=True)})
    await found.create_text_channel("care", overwrites={found.default_role: PRIVATE})


async def test_a_channel_that_the_bot_cannot_see(wire: WireDiscord, guild: Guild, bare: BareBot) -> None:
    await bare.until_seen("ready")
    hidden: list[dict[str, object]] = [
        {"id": str(guild.id), "type": 0, "allow": "0", "deny": str(permissions.VIEW_CHANNEL)}
    ]
    channel_id = wire.add_channel(guild, "hidden", permission_overwrites=hidden)
    with pytest.raises(discord.Forbidden) as refused:
        await bare.get_partial_messageable(channel_id, guild_id=guild.id).send("hello")
    assert refused.value.code == 50001


async def test_threads(wire: WireDiscord, guild: Guild, person: int, place: discord.TextChannel) -> None:
    thread = await place.create_thread(name="A quiet room", type=discord.ChannelType.private_thread, invitable=False)
    await thread.send("Welcome")
    await thread.add_user(discord.Object(person))
    assert (await thread.fetch_member(person)).id == person
    with pytest.raises(discord.Forbidden):
        await thread.fetch_members()
    assert [one.id for one in await place.guild.active_threads()] == [thread.id]
    await thread.edit(archived=True)
    assert await place.guild.active_threads() == []
    day = await place.send("Today")
    await day.create_thread(name="Today")
    with pytest.raises(discord.HTTPException) as refused:
        await day.create_thread(name="Today again")
    assert refused.value.code == 160004


async def test_an_archived_thread_takes_no_edit(place: discord.TextChannel) -> None:
    thread = await place.create_thread(name="A room", type=discord.ChannelType.public_thread)
    message = await thread.send("Welcome")
    await thread.edit(archived=True)
    with pytest.raises(discord.HTTPException) as refused:
        await message.edit(content="Welcome back")
    assert refused.value.code == 50083


async def test_messages_are_read_edited_and_deleted(wire: WireDiscord, place: discord.TextChannel) -> None:
    first = await place.send("one", file=discord.File(__file__, filename="card.png", description="A card"))
    second = await place.send("two", reference=first)
    assert [one.id async for one in place.history(limit=2)] == [second.id, first.id]
    assert first.attachments[0].filename == "card.png"
    await second.edit(content="three")
    assert (await place.fetch_message(second.id)).content == "three"
    await place.delete_messages([first, second])
    assert wire.messages_in(place.id) == []


@pytest.mark.parametrize(
    ("content", "code"), [("", 50006), ("x" * 2001, 50035)], ids=["empty", "longer than 2,000 characters"]
)
async def test_messages_that_discord_refuses(place: discord.TextChannel, content: str, code: int) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await place.send(content)
    assert refused.value.code == code


async def test_a_custom_id_twice_in_a_message_is_refused(place: discord.TextChannel) -> None:
    view = discord.ui.View(timeout=1)
    view.add_item(discord.ui.Button(label="One", custom_id="same"))
    view.add_item(discord.ui.Button(label="Two", custom_id="same"))
    with pytest.raises(discord.HTTPException) as refused:
        await place.send("Choose", view=view)
    assert refused.value.code == 50035
    view.stop()


async def test_an_old_message_takes_few_edits(wire: WireDiscord, place: discord.TextChannel) -> None:
    message = await place.send("hello")
    stored = wire.platform.world.messages_of(place.id).pop(message.id)
    old_id = message.id - (3_700_000 << 22)
    wire.platform.world.messages_of(place.id)[old_id] = stored | {"id": str(old_id)}
    old = place.get_partial_message(old_id)
    for number in range(3):
        await old.edit(content=f"{number}")
    with pytest.raises(discord.HTTPException) as refused:
        await old.edit(content="once more")
    assert refused.value.code == 30046
