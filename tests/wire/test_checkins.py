"""The daily check-in over the wire: one post with a nonce for its date, one thread, edits that keep its buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.client import Evenkeel
from cogs.checkins.service.counts import plan_count
from cogs.checkins.service.turns import plan_turn
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from tests.wire.discord_server import Guild, WireDiscord

SEND = "POST /channels/{channel_id}/messages"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
FAULTS = [{"status": 502, "taken": True}, {"status": 500}]


@pytest.fixture
async def schedule(wire: WireDiscord, guild: Guild, ours: Evenkeel) -> CheckinSchedule:
    """A check-in that is due now."""
    rooms, now = ours.rooms, ours.rooms.clock.now()
    made = CheckinSchedule(
        rooms.ids.new(), guild.id, "Evening", wire.add_channel(guild, "check-ins"), now.hour * 60 + now.minute, "UTC",
        frozenset(range(7)), "how-am-i-today", thread=True, prompts=True, edition=1,
        settled_day=now.date() - timedelta(days=1),
    )  # fmt: skip
    async with rooms.database.write() as writer:
        await ScheduleStore(rooms.vault).put(writer, made, now)
        await plan_turn(writer, rooms.ids, made, now.date(), now)
    return made


async def test_the_post_and_its_thread(
    wire: WireDiscord, guild: Guild, ours: Evenkeel, schedule: CheckinSchedule
) -> None:
    await ours.jobs.run_due()
    [post] = wire.calls(SEND)
    assert post.body["enforce_nonce"] is True
    assert len(post.body["nonce"]) <= 25
    assert post.body["allowed_mentions"].get("parse", []) == []
    [thread] = guild.threads
    assert thread["name"].startswith("Evening · ")
    assert thread["id"] == wire.messages_in(schedule.channel_id)[0]["id"]


@pytest.mark.parametrize("fault", FAULTS, ids=["502 after taken", "500"])
async def test_whatever_fails_there_is_one_post_with_one_thread(
    wire: WireDiscord, guild: Guild, ours: Evenkeel, schedule: CheckinSchedule, fault: dict[str, object]
) -> None:
    wire.fail_next(SEND, **fault)  # type: ignore[arg-type]
    wire.fail_next(THREAD, **fault)  # type: ignore[arg-type]
    await ours.jobs.run_due()
    assert len(wire.messages_in(schedule.channel_id)) == 1
    assert len(guild.threads) == 1
    async with ours.rooms.database.read() as reader:
        kept = await ScheduleStore(ours.rooms.vault).get(reader, guild.id, schedule.schedule_id)
        post = await PostStore().last(reader, schedule.schedule_id)
    assert kept is not None
    assert kept.trouble is None
    assert post is not None
    assert str(post.thread_id) == str(guild.threads[0]["id"])


async def test_jobs_of_two_plans_for_one_date_post_once(
    wire: WireDiscord, ours: Evenkeel, schedule: CheckinSchedule
) -> None:
    async with ours.rooms.database.write() as writer:
        now = ours.rooms.clock.now()
        await plan_turn(writer, ours.rooms.ids, schedule, now.date(), now, look=5)
    await ours.jobs.run_due()
    assert len(wire.calls(SEND)) == 1


@pytest.mark.parametrize("fault", [None, *FAULTS], ids=["no fault", "502 after taken", "500"])
async def test_an_edit_of_the_count_mentions_nobody_and_keeps_the_buttons(
    wire: WireDiscord, ours: Evenkeel, schedule: CheckinSchedule, fault: dict[str, object] | None
) -> None:
    await ours.jobs.run_due()
    [before] = wire.messages_in(schedule.channel_id)
    ids = str(before["components"]).count("ek1:checkins:")
    rooms, day = ours.rooms, ours.rooms.clock.now().date()
    async with rooms.database.write() as writer:
        await writer.execute("UPDATE checkin_posts SET posted_at = posted_at - 60000")
        await plan_count(
            writer, rooms.ids, PostStore(), schedule.guild_id, schedule.schedule_id, day, rooms.clock.now()
        )  # fmt: skip
    if fault:
        wire.fail_next(EDIT, **fault)  # type: ignore[arg-type]
    await ours.jobs.run_due()
    edits = wire.calls(EDIT)
    assert edits[-1].body["allowed_mentions"].get("parse", []) == []
    [after] = wire.messages_in(schedule.channel_id)
    assert str(after["components"]).count("ek1:checkins:") == ids == 3
