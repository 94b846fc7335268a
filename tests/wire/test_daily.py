"""The daily reading over the wire: its post with a nonce, mentioning nobody; its thread, made once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Evenkeel
from cogs.learn.service import Plan
from cogs.learn.service.daily import enqueue_day
from cogs.learn.store import ScheduleStore
from tests.wire.discord_server import Guild, WireDiscord

SEND = "POST /channels/{channel_id}/messages"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"


@pytest.fixture
async def library(wire: WireDiscord, guild: Guild, ours: Evenkeel) -> int:
    """A channel whose daily reading is due now."""
    channel = wire.add_channel(guild, "library")
    rooms, now = ours.rooms, ours.rooms.clock.now()
    _, handler = rooms.router.routes["library", "daily_on"]
    minute = max(0, now.hour * 60 + now.minute - 1)
    await handler.__self__._daily.keep(guild.id, Plan(channel, minute, thread=True))  # type: ignore[attr-defined]
    async with rooms.database.write() as writer:
        await writer.execute("UPDATE daily_readings SET settled_day = $1", str(now.date() - timedelta(days=1)))
        schedule = await ScheduleStore().get(writer, guild.id)
        assert schedule is not None
        await enqueue_day(writer, rooms.ids, schedule, now.date(), now)
    return channel


async def test_the_post_and_its_thread(wire: WireDiscord, guild: Guild, ours: Evenkeel, library: int) -> None:
    await ours.jobs.run_due()
    [post] = wire.calls(SEND)
    assert post.body["enforce_nonce"] is True
    assert post.body["allowed_mentions"].get("parse", []) == []
    [thread] = guild.threads
    assert 1 <= len(thread["name"]) <= 100
    assert thread["id"] == wire.messages_in(library)[0]["id"]


@pytest.mark.parametrize("fault", [{"status": 502, "taken": True}, {"status": 500}], ids=["502 after taken", "500"])
async def test_whatever_fails_there_is_one_post_with_one_thread(
    wire: WireDiscord, guild: Guild, ours: Evenkeel, library: int, fault: dict[str, object]
) -> None:
    wire.fail_next(SEND, **fault)  # type: ignore[arg-type]
    wire.fail_next(THREAD, **fault)  # type: ignore[arg-type]
    await ours.jobs.run_due()
    assert len(wire.calls(THREAD)) == 2
    assert len(wire.messages_in(library)) == 1
    assert len(guild.threads) == 1
    async with ours.rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT trouble FROM daily_readings") is None
