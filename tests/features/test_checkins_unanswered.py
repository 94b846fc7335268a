"""Nobody is left unanswered, even where Discord is half away, or a defect has ended what was planned."""

from datetime import timedelta

import pytest
from simcord import ChannelHandle

from bot.text import t
from cogs.checkins.rules import Choice
from rehearsal.world import World
from tests.features.answering import dms, hazel, kept, offers, rows, share
from tests.features.checking_in import agree, asked_today, check_in, only_entry, press
from tests.features.seeing import public_words
from tests.features.setting_up import bot_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
EARLY, LATE = "Somebody waits for a reply", "Somebody still waits for a reply"
MEMBERS, MESSAGES = "/guilds/*/members/*", "/channels/*/messages"
CALL = "somebody has replied"


def told(world: World, beginning: str) -> int:
    return public_words(world.group.channel("care")).count(beginning)


async def end_jobs(world: World, *kinds: str) -> None:
    """Let jobs have been given up, as after eight defects."""
    async with bot_of(world).rooms.database.write() as writer:
        for kind in kinds:
            await writer.execute("UPDATE jobs SET failed_at = 1 WHERE kind = $1 AND done_at IS NULL", kind)


async def test_a_wish_whose_looks_all_died_is_still_told(world: World) -> None:
    await share(world, world.group.members[0])
    await end_jobs(world, "checkins.look")
    await world.advance(3 * HOUR)
    assert told(world, LATE) == 0
    await world.advance(2 * HOUR)
    assert told(world, LATE) == 1
    await world.advance(timedelta(days=3))
    assert told(world, LATE) == 1


async def test_a_wish_whose_telling_died_is_still_told(world: World) -> None:
    entry = await share(world, world.group.members[0])
    await world.advance(2 * HOUR)
    world.env.inject_error("POST", MESSAGES, status=503, times=None)
    await world.advance(HOUR + 2 * MINUTE)
    await end_jobs(world, "checkins.tell")
    world.env.backend.faults.clear()
    assert (await kept(world, entry)).told
    assert told(world, LATE) == 0
    await world.advance(3 * HOUR)
    assert told(world, LATE) == 1


async def test_an_answered_wish_that_opens_again_is_told_again(world: World) -> None:
    entry = await share(world, world.group.members[0])
    await world.advance(4 * HOUR)
    channel = world.group.channel("check-ins")
    message = next(one for one in channel.history() if one.id == entry.message_id)
    await world.group.members[1].send(channel, "I read you.", reply_to=message)
    await world.catch_up()
    assert told(world, LATE) == 0
    async with bot_of(world).rooms.database.write() as writer:
        await writer.execute("UPDATE checkin_entries SET answered_at = NULL, told = 0, told_early = 0")
    answer = next(one for one in channel.history() if one.author.id == world.group.members[1].id)
    world.env.backend.delete_message(channel.id, answer.id)
    await world.advance(2 * HOUR)
    assert told(world, LATE) == 1


async def test_companions_nobody_can_be_sure_of_keep_the_team_from_nothing(world: World) -> None:
    """Discord tells of no member: the team is told in the companions' place, minutes later."""
    await offers(world, hazel(world))
    await share(world, world.group.members[0])
    world.env.inject_error("GET", MEMBERS, status=503, times=None)
    await world.advance(55 * MINUTE)
    assert (dms(hazel(world)), told(world, EARLY)) == ([], 1)
    await world.advance(2 * HOUR + 10 * MINUTE)
    assert told(world, LATE) == 1


@pytest.mark.parametrize(("method", "path"), [("GET", MEMBERS), ("GET", MESSAGES)])
async def test_an_asked_companion_nobody_can_be_sure_of_any_more(world: World, method: str, path: str) -> None:
    await offers(world, hazel(world))
    await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    assert len(dms(hazel(world))) == 1
    world.env.inject_error(method, path, status=503, times=None)
    await world.advance(2 * HOUR)
    assert told(world, EARLY) == 0, "who was asked has time to answer"
    await world.advance(20 * MINUTE)
    assert told(world, LATE) == 1


async def test_only_the_team_is_asked_to_answer_what_is_for_the_team(world: World) -> None:
    """A companion who sees `care` could press "Write back" there, only to be refused."""
    await offers(world, hazel(world))
    facilitator = world.group.facilitators[0]
    where = world.group.channel("check-ins")
    await share(world, world.group.members[0], Choice.TEAM_REACH_OUT, channel=where)
    await world.advance(46 * MINUTE)
    assert (dms(hazel(world)), told(world, EARLY)) == ([], 1)
    await offers(world, facilitator)
    await share(world, world.group.members[0], Choice.TEAM_REACH_OUT)
    await world.advance(46 * MINUTE)
    assert len(dms(facilitator)) == 1


async def reply(world: World, channel: ChannelHandle, entry_message: int) -> None:
    message = next(one for one in channel.history() if one.id == entry_message)
    await world.group.members[1].send(channel, "I read you.", reply_to=message)
    await world.catch_up()


@pytest.mark.parametrize("choice", [Choice.GROUP, Choice.GROUP_REPLY])
@pytest.mark.parametrize("how", ["back", "delete"])
async def test_the_calls_go_with_the_entry(world: World, choice: Choice, how: str) -> None:
    """They name its writer where the group reads; also where nothing was asked for."""
    robin, channel = world.group.members[0], world.group.channel("check-ins")
    await agree(world, robin)
    receipt = await check_in(world, robin, await asked_today(world), choice)
    entry = await only_entry(world, robin)
    assert entry.message_id is not None
    await reply(world, channel, entry.message_id)
    assert CALL in public_words(channel)
    if how == "back":
        await press(robin, receipt, t("checkin_entry.back.label"))
    else:
        today = await robin.slash(world.group.channel("lounge"), "checkin today")
        asking = await press(robin, today, t("checkin_entry.delete.button.label"))
        await press(robin, asking, t("checkin_entry.delete.yes.label"))
    await world.catch_up()
    assert CALL not in public_words(channel)
    assert await rows(bot_of(world), "checkin_notes") == 0
