"""Evenkeel over the wire: login, command sync, what ends it and how it says so, and a graceful stop."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import aiohttp
import discord
import pytest

from bot import app
from bot.app import serve
from bot.client import Evenkeel
from bot.errors import EXIT_DATABASE, EXIT_DISCORD, EXIT_INTENTS, EXIT_TOKEN, EXIT_UNEXPECTED, StartError
from bot.housekeeping import Housekeeping
from tests.wire.bare_bot import pointed_at
from tests.wire.discord_server import Guild, WireDiscord
from tests.wire.discord_server.interactions import MESSAGE
from tests.wire.our_bot import PATIENCE, Our

SYNC = "PUT /applications/{application_id}/commands"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
PRIVILEGED = discord.Intents(members=True, message_content=True, presences=True).value


async def test_it_logs_in_without_a_privileged_intent_and_asks_for_nobody(
    wire: WireDiscord, guild: Guild, our: Our
) -> None:
    async with our.running() as bot:
        assert [one.id for one in bot.guilds] == [guild.id]
        [session] = wire.sessions
        assert session.intents & PRIVILEGED == 0
        assert not session.intents & discord.Intents(dm_messages=True).value
        assert {payload["op"] for payload in wire.platform.gateway.received} == {2}


async def test_commands_are_told_only_when_they_changed(wire: WireDiscord, guild: Guild, our: Our) -> None:
    async with our.running():
        assert len(wire.calls(SYNC)) == 1
    async with our.running():
        assert len(wire.calls(SYNC)) == 1
    with closing(sqlite3.connect(our.database)) as database:
        database.execute("UPDATE app_state SET value = 'of an older version' WHERE key = 'command_tree'")
        database.commit()
    async with our.running():
        assert len(wire.calls(SYNC)) == 2
    assert {"sos", "help", "setup", "me", "learn"} <= {command["name"] for command in wire.commands}


async def test_a_sync_that_discord_refused_is_tried_again_at_the_next_start(
    wire: WireDiscord, guild: Guild, our: Our
) -> None:
    wire.fail_next(SYNC, 503)
    with pytest.raises(discord.DiscordServerError):
        async with our.running():
            pass
    async with our.running():
        assert [call.status for call in wire.calls(SYNC)] == [503, 200]


async def test_jobs_run_although_the_daily_round_could_not_be_planned_at_once(
    our: Our, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = [sqlite3.OperationalError("database or disk is full"), None]

    async def plan(self: Housekeeping) -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    monkeypatch.setattr(Housekeeping, "plan", plan)
    monkeypatch.setattr(app, "PLAN_AGAIN", 0)
    async with our.running() as bot:
        await app._begin_jobs(bot)
        assert not outcomes
        with pytest.raises(RuntimeError, match="started once"):
            bot.jobs.start()
        await bot.jobs.stop(1)
    assert "OperationalError" in our.log.getvalue()
    assert "disk is full" not in our.log.getvalue()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"DISCORD_TOKEN": "not-the-token"}, EXIT_TOKEN),
        ({"MEMBER_EVENTS": "1"}, EXIT_INTENTS),
        ({"MESSAGE_SCREENING": "1"}, EXIT_INTENTS),
        ({"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}, EXIT_DISCORD),
    ],
    ids=["token", "members intent", "message content intent", "nobody there"],
)
async def test_what_a_host_can_mend_ends_it_with_its_own_code(
    wire: WireDiscord, guild: Guild, our: Our, settings: Mapping[str, str], code: int
) -> None:
    with pointed_at(wire), pytest.raises(StartError) as ended:
        await serve(our.settings(**settings))
    assert ended.value.exit_code == code


@pytest.mark.parametrize("place", ["setup_hook", "add_cog"], ids=["the client", "a feature"])
@pytest.mark.parametrize(
    ("trouble", "code", "words"),
    [
        (sqlite3.OperationalError("secret words"), EXIT_DATABASE, "database"),
        (aiohttp.ClientConnectionError("secret words"), EXIT_DISCORD, "can't be reached"),
        (ZeroDivisionError("secret words"), EXIT_UNEXPECTED, "log"),
    ],
    ids=["database", "network", "defect"],
)
async def test_trouble_while_it_sets_itself_up_is_one_plain_sentence(
    wire: WireDiscord,
    our: Our,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    place: str,
    trouble: Exception,
    code: int,
    words: str,
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(Evenkeel, place, fail)
    with pointed_at(wire), pytest.raises(StartError, match=words) as ended:
        await serve(our.settings())
    assert ended.value.exit_code == code
    assert "\n" not in ended.value.sentence
    logged = capfd.readouterr().err
    assert (type(trouble).__name__ in logged) is (code != EXIT_DISCORD)
    assert "secret words" not in logged + ended.value.sentence


async def test_a_second_bot_on_the_same_file_does_not_start(
    wire: WireDiscord, guild: Guild, person: int, our: Our
) -> None:
    async with our.process() as first:
        await our.up(first)
        async with our.process() as second:
            _, said = await asyncio.wait_for(second.communicate(), PATIENCE)
        assert second.returncode == EXIT_DATABASE
        [sentence] = [line for line in said.decode().splitlines() if not line.startswith("{")]
        assert sentence.startswith("Another Evenkeel is using this database")
        assert (await wire.slash("sos", user=person, guild=guild)).ephemeral
    async with our.process() as after:  # the first was killed: its lock went with it
        await our.up(after)


async def test_a_granted_intent_is_used(wire: WireDiscord, guild: Guild, our: Our) -> None:
    wire.platform.gateway.allowed_intents = discord.Intents(members=True).value
    async with our.running(MEMBER_EVENTS="1"):
        [session] = wire.sessions
        assert session.intents & PRIVILEGED == discord.Intents(members=True).value


async def test_a_process_serves_its_own_shards_only(wire: WireDiscord, guild: Guild, our: Our) -> None:
    other = wire.add_guild("Another group")
    mine = {one.id for one in (guild, other) if (one.id >> 22) % 2 == 1}
    assert len(mine) == 1
    async with our.running(SHARD_IDS="1", SHARD_COUNT="2") as bot:
        [session] = wire.sessions
        assert session.shard == (1, 2)
        assert {one.id for one in bot.guilds} == mine
        assert {one.id for one in (guild, other) if bot.owns(one.id)} == mine


async def test_a_bad_token_is_one_plain_sentence_and_exit_code_3(wire: WireDiscord, our: Our) -> None:
    async with our.process(DISCORD_TOKEN="not-the-token") as process:
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == EXIT_TOKEN
    [sentence] = [line for line in said.decode().splitlines() if not line.startswith("{")]
    assert "DISCORD_TOKEN" in sentence
    assert "not-the-token" not in said.decode()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_after_the_answer_under_way(
    wire: WireDiscord, guild: Guild, person: int, our: Our, sign: signal.Signals
) -> None:
    async with our.process() as process:
        await our.up(process)
        first = await wire.slash("sos", user=person, guild=guild)
        assert first.ephemeral
        wire.fail_next(CALLBACK, None, delay=0.5)
        late = await wire.slash("sos", user=person, guild=guild, patience=None)
        await wire.caught_up()
        process.send_signal(sign)
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, said.decode()
    assert late.kind == MESSAGE
    # The session was given up with a proper close, so Discord shows the bot as away at once.
    assert wire.sessions == []
    assert "Traceback" not in said.decode()
