"""The reply guarantee: nobody who asked for a reply is left unanswered, and nobody is asked who shouldn't be."""

from datetime import timedelta

import pytest
from simcord import MemberActor

from bot.clock import to_ms
from bot.text import t
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.replies import plan_look
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.groups import GroupSettings, GroupStore
from rehearsal.world import World
from tests.features.answering import SECRET, asked, change, dms, hazel, kept, offers, rows, share
from tests.features.seeing import buttons_of, last, public_words, shown, words_of
from tests.features.setting_up import bot_of, delete_channel

MINUTE = timedelta(minutes=1)
ASKED = "Somebody would like a reply"
EARLY, LATE = "Somebody waits for a reply", "Somebody still waits for a reply"
ANSWERED = "Somebody asked for a reply"


def told(world: World, beginning: str) -> int:
    return public_words(world.group.channel("care")).count(beginning)


async def reply(world: World, who: MemberActor, entry: Entry, words: str = "I read you.") -> None:
    channel = world.group.channel("check-ins")
    message = next(one for one in channel.history() if one.id == entry.message_id)
    await who.send(channel, words, reply_to=message)
    await world.catch_up()


async def test_a_companion_is_asked_after_the_wait_and_the_team_is_told_after_three_hours(world: World) -> None:
    await offers(world, hazel(world))
    entry = await share(world, world.group.members[0])
    await world.advance(44 * MINUTE)
    assert dms(hazel(world)) == []
    await world.advance(2 * MINUTE)
    [asking] = dms(hazel(world))
    words = str(asking.components)
    assert ASKED in words
    assert "Harbour Lights" in words
    assert f"/{entry.channel_id}/{entry.message_id}" in words
    assert SECRET not in words
    assert str(world.group.members[0].id) not in words
    await world.advance(timedelta(hours=2))
    assert told(world, EARLY) == told(world, LATE) == 0
    await world.advance(16 * MINUTE)
    assert (told(world, EARLY), told(world, LATE)) == (0, 1)
    assert len(dms(hazel(world))) == 1
    await world.advance(timedelta(days=2))
    assert (told(world, LATE), len(dms(hazel(world)))) == (1, 1)
    assert (await kept(world, entry)).told


async def test_the_words_to_the_team_ping_the_whole_of_it_and_lead_to_the_entry(world: World) -> None:
    entry = await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    card = last(world.group.channel("care"))
    team = {world.group.roles[purpose].id for purpose in ("facilitator", "moderator")}
    assert {role.id for role in card.role_mentions} == team, "a role that the guide made may have nobody in it"
    assert card.mentions == []
    words = public_words(world.group.channel("care"))
    assert f"/{entry.channel_id}/{entry.message_id}" in words
    assert SECRET not in words
    assert str(entry.user_id) not in words


async def test_a_reply_settles_it_and_reaches_the_writer_once(world: World) -> None:
    await offers(world, hazel(world))
    robin, wren = world.group.members[0], world.group.members[1]
    entry = await share(world, robin)
    await reply(world, wren, entry)
    call = last(world.group.channel("check-ins"))
    assert call.author.bot
    assert [one.id for one in call.mentions] == [robin.id]
    assert (await kept(world, entry)).answered_at is not None
    await reply(world, wren, entry, "And another thought.")
    await world.advance(timedelta(hours=5))
    assert public_words(world.group.channel("check-ins")).count("somebody has replied") == 1
    assert dms(hazel(world)) == []
    assert told(world, EARLY) == told(world, LATE) == 0
    await reply(world, wren, entry, "Still thinking of you.")
    assert public_words(world.group.channel("check-ins")).count("somebody has replied") == 2


async def test_what_settles_nothing(world: World) -> None:
    robin, wren = world.group.members[0], world.group.members[1]
    entry = await share(world, robin)
    await reply(world, robin, entry, "my own words")
    await wren.send(world.group.channel("check-ins"), "beside it")
    await world.catch_up()
    assert (await kept(world, entry)).answered_at is None
    assert "has replied" not in public_words(world.group.channel("check-ins"))
    care = await share(world, robin, Choice.TEAM_REACH_OUT)
    message = next(one for one in world.group.channel("care").history() if one.id == care.message_id)
    await world.group.moderator.send(world.group.channel("care"), "poor soul", reply_to=message)
    await world.catch_up()
    assert (await kept(world, care)).answered_at is None
    assert "has replied" not in public_words(world.group.channel("care"))


async def test_an_entry_that_asks_for_nothing_still_reaches_its_writer(world: World) -> None:
    robin = world.group.members[0]
    entry = await share(world, robin, Choice.GROUP)
    await reply(world, world.group.members[1], entry)
    assert [one.id for one in last(world.group.channel("check-ins")).mentions] == [robin.id]
    assert (await kept(world, entry)).answered_at is None


async def test_somebody_on_an_avoid_list_reaches_nobody_and_is_never_asked(world: World) -> None:
    robin, bot = world.group.members[0], bot_of(world)
    await offers(world, hazel(world))
    async with bot.rooms.database.write() as writer:
        await bot.rooms.members.avoid(writer, world.group.guild.id, robin.id, hazel(world).id)
    entry = await share(world, robin)
    await reply(world, hazel(world), entry)
    assert (await kept(world, entry)).answered_at is None
    assert "has replied" not in public_words(world.group.channel("check-ins"))
    await world.advance(46 * MINUTE)
    assert dms(hazel(world)) == []
    assert told(world, EARLY) == 1, "nobody else can be asked, so the team is told at once"


@pytest.mark.parametrize("why", ["break", "quiet", "role", "channel", "offer", "timeout", "gone", "group rests"])
async def test_who_is_not_asked(world: World, why: str) -> None:
    one, rooms, guild_id = hazel(world), bot_of(world).rooms, world.group.guild.id
    await offers(world, one)
    member = world.env.backend.get_guild(guild_id).members[one.id]
    async with rooms.database.write() as writer:
        if why == "break":
            await rooms.members.set_break(writer, guild_id, one.id, resting=True)
        elif why == "quiet":
            await rooms.members.set(writer, guild_id, one.id, quiet_from=17 * 60, quiet_to=23 * 60)
        elif why == "offer":
            await rooms.members.set(writer, guild_id, one.id, companion=0)
        elif why == "group rests":
            await rooms.guilds.set_pause(writer, guild_id, True, None)
    if why == "role":
        member.role_ids.remove(world.group.roles["companion"].id)
    elif why == "timeout":
        member.timed_out_until = (rooms.clock.now() + timedelta(days=1)).isoformat()
    elif why == "gone":
        world.group.guild.remove_member(one)
    where = world.group.channel("mod-log") if why == "channel" else None
    await share(world, world.group.members[0], channel=where)
    await world.advance(46 * MINUTE)
    assert dms(one) == []
    assert told(world, EARLY) == 1
    await world.advance(timedelta(hours=3))
    assert (told(world, EARLY), told(world, LATE)) == (1, 1)


async def test_a_companion_who_wakes_up_is_asked_although_the_team_knows(world: World) -> None:
    await offers(world, hazel(world), quiet_from=17 * 60, quiet_to=19 * 60 + 30)
    await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    assert (dms(hazel(world)), told(world, EARLY)) == ([], 1)
    await world.advance(timedelta(hours=1))
    assert len(dms(hazel(world))) == 1


async def test_each_companion_is_asked_once_a_day(world: World) -> None:
    moss = world.group.person("moss").actor
    await offers(world, hazel(world))
    await offers(world, moss)
    for _ in range(3):
        await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    assert (len(dms(hazel(world))), len(dms(moss))) == (1, 1)
    assert told(world, EARLY) == 1
    await world.advance(timedelta(days=1))
    await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    assert len(dms(hazel(world))) + len(dms(moss)) == 3


async def test_i_cant_now_asks_the_next_one_at_once(world: World) -> None:
    moss = world.group.person("moss").actor
    await offers(world, hazel(world))
    await offers(world, moss)
    entry = await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    first, second = (hazel(world), moss) if dms(hazel(world)) else (moss, hazel(world))
    assert dms(second) == []
    answer = await first.user.click(dms(first)[0], label="I can't now")
    assert t("checkin_reply.cannot.words") in words_of(answer)
    await world.catch_up()
    assert len(dms(second)) == 1
    await second.user.click(dms(second)[0], label="I can't now")
    await world.catch_up()
    assert told(world, EARLY) == 1
    assert [one.fell_through for one in await asked(world, entry)] == [True, True]
    assert len(dms(first)) == len(dms(second)) == 1


async def test_somebody_who_was_never_asked_cant_press_it(world: World) -> None:
    await offers(world, hazel(world))
    entry = await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    async with bot_of(world).rooms.database.write() as writer:
        await writer.execute("UPDATE checkin_requests SET user_id = 1")
    answer = await hazel(world).user.click(dms(hazel(world))[0], label="I can't now")
    assert t("kit.refused.outdated") in words_of(answer)
    assert [one.fell_through for one in await asked(world, entry)] == [False]


async def test_a_closed_door_falls_through(world: World) -> None:
    await offers(world, hazel(world))
    entry = await share(world, world.group.members[0])
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, message="closed", times=None)
    await world.advance(46 * MINUTE)
    assert [one.fell_through for one in await asked(world, entry)] == [True]
    assert told(world, EARLY) == 1
    assert public_words(world.group.channel("mod-log")) == ""


async def test_the_group_sets_the_wait(world: World) -> None:
    await offers(world, hazel(world))
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await GroupStore().put(writer, GroupSettings(world.group.guild.id, 90), rooms.clock.now())
    await share(world, world.group.members[0])
    await world.advance(89 * MINUTE)
    assert dms(hazel(world)) == []
    await world.advance(2 * MINUTE)
    assert len(dms(hazel(world))) == 1


async def test_an_outage_of_five_hours_is_made_good_at_once(world: World) -> None:
    await offers(world, hazel(world))
    entry = await share(world, world.group.members[0])
    await world.restart(timedelta(hours=5))
    assert told(world, LATE) == 1
    assert dms(hazel(world)) == []
    assert (await kept(world, entry)).told


async def test_a_reply_during_an_outage_is_found_before_anybody_is_asked(world: World) -> None:
    await offers(world, hazel(world))
    robin, wren = world.group.members[0], world.group.members[1]
    entry = await share(world, robin)
    channel = world.group.channel("check-ins")
    reference = {"channel_id": str(channel.id), "message_id": str(entry.message_id)}
    listener = bot_of(world).remove_listener
    cog = bot_of(world).get_cog("ReplyListener")
    assert cog is not None
    listener(cog.on_message, "on_message")  # type: ignore[attr-defined]
    backend = world.env.backend
    backend.create_message(
        channel.id, wren.id, "I am here", reference=backend.normalize_message_reference(channel.id, reference)
    )
    await world.env.settle()
    assert (await kept(world, entry)).answered_at is None
    await world.restart(timedelta(hours=5))
    assert (await kept(world, entry)).answered_at is not None
    assert dms(hazel(world)) == []
    assert told(world, EARLY) == told(world, LATE) == 0
    assert [one.id for one in last(channel).mentions] == [robin.id]


async def test_a_restart_in_the_middle_asks_nobody_twice(world: World) -> None:
    await offers(world, hazel(world))
    await share(world, world.group.members[0])
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=3)
    await world.advance(46 * MINUTE)
    await world.restart()
    await world.advance(10 * MINUTE)
    assert len(dms(hazel(world))) == 1
    await world.restart()
    await world.advance(timedelta(hours=3))
    assert (len(dms(hazel(world))), told(world, LATE)) == (1, 1)


async def test_a_team_that_cant_be_told_is_told_as_soon_as_it_can(world: World) -> None:
    rooms, guild_id = bot_of(world).rooms, world.group.guild.id
    care = world.group.channel("care")
    async with rooms.database.write() as writer:
        await rooms.guilds.forget_channel(writer, guild_id, care.id)
        await rooms.guilds.forget_channel(writer, guild_id, world.group.channel("mod-log").id)
    await share(world, world.group.members[0])
    await world.advance(timedelta(hours=2))
    async with rooms.database.write() as writer:
        await rooms.guilds.set_channel(writer, guild_id, "care", care.id)
    await world.advance(30 * MINUTE)
    assert told(world, EARLY) == 1


async def test_without_a_care_channel_the_team_reads_it_in_the_log(world: World) -> None:
    await delete_channel(world, world.group.channel("care"))
    await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    assert public_words(world.group.channel("mod-log")).count(EARLY) == 1


async def test_what_the_team_was_told_is_answered_when_it_is(world: World) -> None:
    robin = world.group.members[0]
    entry = await share(world, robin)
    await world.advance(timedelta(hours=4))
    assert (told(world, EARLY), told(world, LATE)) == (1, 1)
    await reply(world, world.group.members[1], entry)
    assert (told(world, EARLY), told(world, LATE), told(world, ANSWERED)) == (0, 0, 2)


async def test_a_wish_taken_back_withdraws_what_was_told(world: World) -> None:
    rooms = bot_of(world).rooms
    entry = await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    assert told(world, EARLY) == 1
    await change(
        world, entry, choice=Choice.ME, place=Place.NOWHERE, channel_id=None, message_id=None, asked_at=None,
        told_early=False,
    )  # fmt: skip
    async with rooms.database.write() as writer:
        assert entry.asked_at is not None
        await plan_look(writer, rooms.ids, entry.guild_id, entry.entry_id, entry.asked_at, rooms.clock.now())
    await world.catch_up()
    assert told(world, EARLY) == 0
    assert await rows(bot_of(world), "checkin_notes") == 0


async def test_what_was_told_goes_by_itself_when_the_entry_is_deleted(world: World) -> None:
    rooms = bot_of(world).rooms
    entry = await share(world, world.group.members[0])
    await world.advance(timedelta(hours=4))
    async with rooms.database.write() as writer:
        await EntryStore(rooms.vault).delete(writer, entry.entry_id)
    await world.advance(timedelta(hours=2))
    assert told(world, EARLY) == told(world, LATE) == 0


async def test_an_entry_that_cant_be_posted_is_told_at_once(world: World) -> None:
    rooms, robin = bot_of(world).rooms, world.group.members[0]
    entry = await share(world, robin)
    await change(world, entry, place=Place.NOWHERE, channel_id=None, message_id=None)
    await world.advance(2 * MINUTE)
    async with rooms.database.write() as writer:
        assert entry.asked_at is not None
        await plan_look(writer, rooms.ids, entry.guild_id, entry.entry_id, entry.asked_at, rooms.clock.now())
    await world.catch_up()
    assert told(world, EARLY) == 1
    assert robin.mention in public_words(world.group.channel("care"))
    await world.advance(timedelta(hours=3))
    assert (told(world, EARLY), told(world, LATE)) == (1, 1)


async def test_the_channel_of_an_entry_is_deleted(world: World) -> None:
    await offers(world, hazel(world))
    await share(world, world.group.members[0])
    await delete_channel(world, world.group.channel("check-ins"))
    await world.advance(46 * MINUTE)
    assert (dms(hazel(world)), told(world, EARLY)) == ([], 1)


async def test_the_waiting_list_is_for_facilitators_and_has_pages(world: World) -> None:
    lounge, facilitator = world.group.channel("lounge"), world.group.facilitators[0]
    empty = await facilitator.slash(lounge, "checkin waiting")
    assert empty.ephemeral
    assert t("checkin_reply.waiting.nobody") in words_of(empty)
    refused = await world.group.members[0].slash(lounge, "checkin waiting")
    assert t("kit.refused.facilitator") in words_of(refused)
    await share(world, world.group.members[1], Choice.TEAM_REACH_OUT)
    for _ in range(8):
        await share(world, world.group.members[0])
    await share(world, world.group.members[0], Choice.GROUP)
    first = await facilitator.slash(lounge, "checkin waiting")
    assert words_of(first).count("since <t:") == 8
    assert world.group.members[1].mention in words_of(first)
    assert buttons_of(first).count("Write back") == 1
    assert buttons_of(first).count("Open") == 7
    second = await facilitator.click(shown(first), label="Later")
    assert words_of(second).count("since <t:") == 1
    assert "Earlier" in buttons_of(second)


async def test_another_servers_look_finds_nothing(world: World) -> None:
    entry = await share(world, world.group.members[0])
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        assert entry.asked_at is not None
        other = world.other.guild.id
        await plan_look(writer, rooms.ids, other, entry.entry_id, entry.asked_at, entry.asked_at + MINUTE)
    await world.advance(2 * MINUTE)
    assert await rows(bot_of(world), "checkin_notes") == 0
    assert (await kept(world, entry)).answered_at is None
    assert to_ms(entry.asked_at) > 0
