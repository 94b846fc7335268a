"""What Evenkeel posts by itself, over the wire: once, whatever fails on the way."""

from __future__ import annotations

import pytest

from bot.client import Evenkeel
from tests.wire.discord_server import Guild, WireDiscord, permissions
from tests.wire.our_bot import Our

SEND = "POST /channels/{channel_id}/messages"
BACKOFF_OVER = "UPDATE jobs SET lease_until = due_at WHERE kind = 'care.card'"


@pytest.fixture
async def care(wire: WireDiscord, guild: Guild, ours: Evenkeel) -> int:
    """The team's channel, set up."""
    channel = wire.add_channel(guild, "care")
    async with ours.rooms.database.write() as writer:
        await ours.rooms.guilds.set_channel(writer, guild.id, "care", channel)
    return channel


async def call_the_team(wire: WireDiscord, guild: Guild, person: int) -> None:
    """A member asks the team to come."""
    shown = await wire.slash("sos", user=person, guild=guild)
    await wire.press(shown.message, "ek1:care:call:", user=person, guild=guild)


async def test_a_card_is_posted_with_a_nonce_and_pings_nobody_by_chance(
    wire: WireDiscord, guild: Guild, person: int, care: int, ours: Evenkeel
) -> None:
    await call_the_team(wire, guild, person)
    await ours.jobs.run_due()
    [call] = wire.calls(SEND)
    assert call.body["enforce_nonce"] is True
    assert 1 <= len(call.body["nonce"]) <= 25
    assert call.body["allowed_mentions"].get("parse", []) == []
    assert len(wire.messages_in(care)) == 1


@pytest.mark.parametrize(
    "fault", [{"status": 502, "taken": True}, {"status": 500}, {"status": 429, "headers": {"Retry-After": "0.05"}}],
    ids=["502 after it was taken", "500", "429"],
)  # fmt: skip
async def test_a_card_is_posted_once_whatever_fails(
    wire: WireDiscord, guild: Guild, person: int, care: int, ours: Evenkeel, fault: dict[str, object]
) -> None:
    await call_the_team(wire, guild, person)
    wire.fail_next(SEND, **fault)  # type: ignore[arg-type]
    await ours.jobs.run_due()
    assert len(wire.calls(SEND)) == 2
    assert len(wire.messages_in(care)) == 1


async def test_a_post_whose_answer_was_lost_is_found_again_by_the_next_process(
    wire: WireDiscord, guild: Guild, person: int, our: Our
) -> None:
    care = wire.add_channel(guild, "care")
    async with our.running() as bot:
        async with bot.rooms.database.write() as writer:
            await bot.rooms.guilds.set_channel(writer, guild.id, "care", care)
        await call_the_team(wire, guild, person)
        wire.fail_next(SEND, drop=True, taken=True)
        await bot.jobs.run_due()
        assert len(wire.messages_in(care)) == 1
        async with bot.rooms.database.write() as writer:
            await writer.execute(BACKOFF_OVER)
    wire.platform.forget_nonces()
    async with our.running() as bot:
        await bot.jobs.run_due()
        async with bot.rooms.database.read() as reader:
            done = await reader.fetch_value("SELECT done_at FROM jobs WHERE kind = 'care.card'")
    assert done is not None
    assert len(wire.messages_in(care)) == 1
    assert "unexpected error" not in our.log.getvalue()


async def test_a_refusal_for_now_is_kept_and_tried_again(
    wire: WireDiscord, guild: Guild, person: int, care: int, ours: Evenkeel
) -> None:
    await call_the_team(wire, guild, person)
    wire.fail_next(SEND, 503)
    assert await ours.jobs.run_due() == 0
    assert wire.messages_in(care) == []
    async with ours.rooms.database.write() as writer:
        await writer.execute(BACKOFF_OVER)
    assert await ours.jobs.run_due() == 1
    assert len(wire.messages_in(care)) == 1


async def test_a_channel_that_the_bot_lost_is_given_up_once(
    wire: WireDiscord, guild: Guild, person: int, care: int, ours: Evenkeel
) -> None:
    await call_the_team(wire, guild, person)
    channel = guild.channels[care]
    channel["permission_overwrites"] = [
        {"id": str(guild.id), "type": 0, "allow": "0", "deny": str(permissions.VIEW_CHANNEL)}
    ]
    await ours.jobs.run_due()
    async with ours.rooms.database.read() as reader:
        row = await reader.fetch_one("SELECT failed_at, done_at, last_error FROM jobs WHERE kind = 'care.card'")
    assert row is not None
    assert row["failed_at"] is not None
    assert row["last_error"] == "no_access"
    assert {call.status for call in wire.calls(SEND)} == {403}


async def test_a_helper_who_comes_late_opens_the_archived_room_again(
    wire: WireDiscord, guild: Guild, person: int, care: int, ours: Evenkeel
) -> None:
    rooms = wire.add_channel(guild, "quiet-rooms")
    async with ours.rooms.database.write() as writer:
        await ours.rooms.guilds.set_channel(writer, guild.id, "quiet-rooms", rooms)
    await call_the_team(wire, guild, person)
    async with ours.rooms.database.write() as writer:
        await writer.execute("UPDATE jobs SET due_at = due_at - 600000 WHERE kind = 'care.unclaimed'")
    await ours.jobs.run_due()
    [room] = guild.threads
    room["thread_metadata"]["archived"] = True
    helper = wire.add_member(guild, "Sam")
    await ours.sender.invite(guild.id, int(room["id"]), helper)
    assert not room["thread_metadata"]["archived"]
    assert [call.body for call in wire.calls("PATCH /channels/{channel_id}")] == [{"archived": False}]
    assert helper in wire.platform.world.in_thread(room)
