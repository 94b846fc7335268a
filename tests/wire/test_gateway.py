"""The loopback gateway, proven by a bare discord.py bot: login, resume, invalid sessions, close codes, heartbeats."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.wire.bare_bot import BareBot, pointed_at, running
from tests.wire.discord_server import Guild, WireDiscord


async def test_login_ready_and_servers(wire: WireDiscord, guild: Guild, bare: BareBot) -> None:
    await bare.until_seen("ready")
    found = bare.get_guild(guild.id)
    assert found is not None
    assert found.me.id == wire.platform.world.bot_id
    assert [channel.name for channel in found.text_channels] == ["general"]
    assert [call.route for call in wire.requests[:2]] == ["GET /users/@me", "GET /oauth2/applications/@me"]
    assert len(wire.calls("PUT /applications/{application_id}/commands")) == 1


async def test_a_resume_after_a_cut_gives_what_was_missed_once(wire: WireDiscord, guild: Guild, bare: BareBot) -> None:
    await bare.until_seen("ready")
    [session] = wire.sessions
    await wire.cut()
    await wire.until(lambda: session.connection is None, "the cut")
    missed = wire.add_channel(guild, "made-while-away")
    await bare.until_seen("shard_resumed")
    await bare.until_seen("guild_channel_create")
    assert bare.get_channel(missed) is not None
    assert bare.seen["guild_channel_create"] == 1
    assert (session.resumed, len(wire.sessions), bare.seen["shard_connect"]) == (1, 1, 1)
    assert wire.platform.gateway.paths[-1] == "/resume"


async def test_a_reconnect_request_is_a_resume(wire: WireDiscord, bare: BareBot) -> None:
    await bare.until_seen("ready")
    await wire.reconnect()
    await bare.until_seen("shard_resumed")
    assert bare.seen["shard_connect"] == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session(wire: WireDiscord, bare: BareBot, resumable: bool) -> None:
    await bare.until_seen("ready")
    [before] = wire.sessions
    await wire.invalidate(resumable=resumable)
    await bare.until_seen("shard_resumed" if resumable else "shard_ready", 1 if resumable else 2)
    [after] = await wire.connected()
    assert (after.id == before.id) is resumable
    assert wire.platform.gateway.session_starts == (999 if resumable else 998)


async def test_a_forgotten_session_is_identified_again(wire: WireDiscord, bare: BareBot) -> None:
    await bare.until_seen("ready")
    wire.platform.gateway.sessions.clear()
    await wire.cut()
    await bare.until_seen("shard_ready", 2)
    assert bare.seen["shard_resumed"] == 0


async def test_a_bad_token_is_told_at_login(wire: WireDiscord) -> None:
    with pointed_at(wire):
        async with BareBot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.start("not-the-token")
    assert [call.status for call in wire.requests] == [401]


async def test_a_token_that_is_reset_later_ends_with_4004(wire: WireDiscord) -> None:
    bot = BareBot()
    async with running(bot, wire) as task:
        await bot.until_seen("ready")
        wire.platform.world.token = "reset"
        await wire.cut(4004)
        with pytest.raises(discord.ConnectionClosed) as ended:
            await task
        assert ended.value.code == 4004


async def test_an_intent_that_was_not_granted(wire: WireDiscord) -> None:
    bot = BareBot(intents=discord.Intents(guilds=True, members=True))
    async with running(bot, wire) as task:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await task


async def test_a_granted_intent_shows_the_members(wire: WireDiscord, guild: Guild, person: int) -> None:
    wire.platform.gateway.allowed_intents = discord.Intents(members=True).value
    bot = BareBot(intents=discord.Intents(guilds=True, members=True))
    async with running(bot, wire):
        await bot.until_seen("ready")
        found = bot.get_guild(guild.id)
        assert found is not None
        assert found.get_member(person) is not None
        assert bot.application_flags.gateway_guild_members_limited


async def test_without_the_intent_members_stay_unseen(guild: Guild, person: int, bare: BareBot) -> None:
    await bare.until_seen("ready")
    found = bare.get_guild(guild.id)
    assert found is not None
    assert found.get_member(person) is None
    assert found.member_count == 3


async def test_servers_go_to_their_own_shard(wire: WireDiscord) -> None:
    wire.platform.gateway.shards = 2
    guilds = [wire.add_guild(f"Group {number}") for number in range(4)]
    bot = BareBot()
    async with running(bot, wire):
        await wire.connected(2)
        await bot.until_seen("ready")
        assert {one.id: one.shard_id for one in bot.guilds} == {one.id: (one.id >> 22) % 2 for one in guilds}
        assert {session.shard for session in wire.sessions} == {(0, 2), (1, 2)}
        assert {one.shard_id for one in bot.guilds} == {0, 1}


async def test_heartbeats_are_answered(wire: WireDiscord) -> None:
    wire.platform.gateway.heartbeat_ms = 40
    bot = BareBot()
    async with running(bot, wire):
        await wire.until(lambda: wire.platform.gateway.heartbeats >= 3, "three heartbeats")
        assert bot.latency < 5


async def test_a_connection_gone_silent_is_left(wire: WireDiscord) -> None:
    wire.platform.gateway.heartbeat_ms = 100
    bot = BareBot(heartbeat_timeout=0.4)
    async with running(bot, wire):
        await bot.until_seen("ready")
        wire.platform.gateway.silent = True
        await bot.until_seen("shard_disconnect")
        wire.platform.gateway.silent = False
        await bot.until_seen("shard_resumed")


@pytest.mark.parametrize("compress", ["zlib-stream", "zstd-stream", None])
async def test_compression_as_asked(wire: WireDiscord, compress: str | None) -> None:
    query = {"v": "10", "encoding": "json"} | ({"compress": compress} if compress else {})
    async with aiohttp.ClientSession() as client, client.ws_connect(wire.gateway_url, params=query) as socket:
        message = await socket.receive(timeout=5)
        if compress is None:
            assert message.type is aiohttp.WSMsgType.TEXT
        elif compress == "zlib-stream":
            assert message.data.endswith(b"\x00\x00\xff\xff")
        else:
            assert message.data.startswith(b"\x28\xb5\x2f\xfd")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", 4002),
        ('{"op": 8, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "other", "intents": 1}}', 4004),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [2, 2]}}', 4010),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 1073741824}}', 4013),
        ('{"op": 2, "d": {"token": "TOKEN", "intents": 32768}}', 4014),
    ],
)
async def test_close_codes(wire: WireDiscord, sent: str, code: int) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(wire.gateway_url, params={"v": "10", "encoding": "json"}) as socket,
    ):
        await socket.receive(timeout=5)
        await socket.send_str(sent.replace("TOKEN", wire.token))
        assert (await socket.receive(timeout=5)).data == code


async def test_more_than_120_messages_a_minute_is_a_problem(wire: WireDiscord) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(wire.gateway_url, params={"v": "10", "encoding": "json"}) as socket,
    ):
        await socket.receive(timeout=5)
        for _ in range(121):
            await socket.send_str('{"op": 1, "d": null}')
        async with asyncio.timeout(5):
            while (message := await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
                continue
        assert message.data == 4008
    assert [problem.kind for problem in wire.take_problems()] == ["gateway"]
