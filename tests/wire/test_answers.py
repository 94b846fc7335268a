"""Evenkeel's answers over the wire: in time, private, once, after a restart, after a cut, and on a slow database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.client import Evenkeel
from bot.discordkit.answer import PATIENCE
from tests.wire.discord_server import Guild, WireDiscord
from tests.wire.discord_server.interactions import DEFER, MESSAGE, UPDATE
from tests.wire.our_bot import Our

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


async def test_a_command_is_answered_privately_and_at_once(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    answer = await wire.slash("sos", user=person, guild=guild)
    assert (answer.kind, answer.ephemeral) == (MESSAGE, True)  # the callback itself, and not a wait before it
    assert wire.messages_in(next(iter(guild.channels))) == []


async def test_it_answers_in_direct_messages(wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel) -> None:
    answer = await wire.slash("support now", user=person)
    assert answer.kind == MESSAGE
    assert "findahelpline" in answer.text


async def test_a_button_works_after_a_restart(wire: WireDiscord, guild: Guild, person: int, our: Our) -> None:
    async with our.running():
        shown = await wire.slash("sos", user=person, guild=guild)
    async with our.running():
        answer = await wire.press(shown.message, "ek1:care:countries:", user=person, guild=guild)
        assert answer.kind == UPDATE
        answer = await wire.press(answer.message, "ek1:care:country:", ["FR"], user=person, guild=guild)
        assert "France" in answer.text


async def test_what_happened_during_a_cut_is_answered_after_the_resume(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    [session] = wire.sessions
    await wire.cut()
    await wire.until(lambda: session.connection is None, "the cut")
    answer = await wire.slash("sos", user=person, guild=guild)
    assert answer.kind == MESSAGE
    assert (session.resumed, len(wire.sessions)) == (1, 1)
    assert len(wire.calls(CALLBACK)) == 1


async def test_a_session_that_cannot_be_resumed_begins_anew(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(shard_id: int | None, *, initial: bool = False) -> None:
        """Leaves out the five seconds that discord.py waits before a second identify."""

    monkeypatch.setattr(ours, "before_identify_hook", at_once)
    [before] = wire.sessions
    await wire.invalidate(resumable=False)
    await wire.until(lambda: before not in wire.sessions and bool(wire.sessions), "a new session")
    [after] = await wire.connected()
    assert after.id != before.id
    await wire.caught_up()
    assert (await wire.slash("sos", user=person, guild=guild)).kind == MESSAGE
    assert len(wire.calls("PUT /applications/{application_id}/commands")) == 1


async def test_an_answer_that_was_taken_before_a_502_stands_alone(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, our: Our
) -> None:
    wire.fail_next(CALLBACK, 502, taken=True)
    answer = await wire.slash("sos", user=person, guild=guild)
    calls = await wire.called(CALLBACK, 2)
    assert [call.status for call in calls] == [502, 400]
    await wire.slash("sos", user=person, guild=guild)
    assert len(answer.followups) == 0
    assert "Sorry" not in answer.text
    assert "unexpected error" not in our.log.getvalue()


async def test_a_press_of_an_older_version_is_told_kindly(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    shown = await wire.slash("sos", user=person, guild=guild)
    answer = await wire.press(shown.message, "ek1:care:gone:", user=person, guild=guild, forged=True)
    assert (answer.kind, answer.ephemeral) == (MESSAGE, True)


async def test_a_slow_database_is_acknowledged_within_a_second(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, our: Our
) -> None:
    async with ours.rooms.database.write() as writer:
        await ours.rooms.guilds.set_channel(writer, guild.id, "care", next(iter(guild.channels)))
    shown = await wire.slash("sos", user=person, guild=guild)
    with closing(sqlite3.connect(our.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await wire.press(shown.message, "ek1:care:call:", user=person, guild=guild)
        assert answer.kind in {DEFER, 6}  # while the file is still locked; Discord's own three seconds hold here too
        other.execute("ROLLBACK")
    assert PATIENCE < 1.0
    await wire.settled(answer)
    assert "team" in answer.text


async def test_an_answer_that_was_taken_before_the_line_dropped_stands_alone(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    wire.fail_next(CALLBACK, drop=True, taken=True)
    answer = await wire.slash("sos", user=person, guild=guild)
    assert answer.kind == MESSAGE
    assert (await wire.slash("sos", user=person, guild=guild)).kind == MESSAGE
    assert "Sorry" not in answer.text
    assert answer.followups == {}


@pytest.mark.parametrize("status", [500, 503])
async def test_an_answer_that_fails_is_no_end(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, status: int
) -> None:
    wire.fail_next(CALLBACK, status, times=1)
    answer = await wire.slash("sos", user=person, guild=guild)
    assert answer.kind == MESSAGE
    assert (await wire.slash("sos", user=person, guild=guild)).kind == MESSAGE
