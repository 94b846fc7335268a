"""Writing back: the words reach their reader and nobody else is called, and their author can take them back."""

from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.text import t
from cogs.checkins.rules import Choice, Place
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.replies import ReplyStore
from rehearsal.world import World
from tests.features.answering import SECRET, agrees, asked, change, dms, hazel, kept, offers, rows, share
from tests.features.seeing import buttons_of, last, public_words, shown, words_of
from tests.features.setting_up import bot_of, delete_channel, deny_bot

MINUTE = timedelta(minutes=1)
KIND = "You are not alone with this. *Really*."


def post_of(world: World, entry: Entry) -> discord.Message:
    name = "care" if entry.place is Place.CARE else "check-ins"
    return next(one for one in world.group.channel(name).history() if one.id == entry.message_id)


async def open_form(world: World, who: MemberActor, entry: Entry) -> InteractionResult:
    return await who.click(post_of(world, entry), label="Write back")


async def write(world: World, who: MemberActor, entry: Entry, words: str = KIND) -> InteractionResult:
    form = await open_form(world, who, entry)
    assert form.modal is not None, words_of(form)
    receipt = await who.submit_modal(form, {"words": words})
    await world.catch_up()
    return receipt


def pinged(world: World) -> list[int]:
    """Whom the bot's newest message may ping; nobody by a role or @everyone."""
    sent = [one for one in world.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
    body: Any = sent[-1].json
    allowed = body["allowed_mentions"]
    assert allowed.get("parse", []) == []
    assert not allowed.get("roles")
    assert not allowed.get("replied_user")
    return [int(one) for one in allowed.get("users", [])]


def room_of(world: World) -> Any:
    (room,) = world.group.channel("quiet-rooms").threads
    return room


async def test_a_reply_stands_below_the_entry_and_calls_its_writer_alone(world: World) -> None:
    robin, wren = world.group.members[0], world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, robin)
    receipt = await write(world, wren, entry, f"{KIND}\n# Hi @everyone <@{hazel(world).id}>\n> and you")
    assert receipt.ephemeral
    assert "On its way" in words_of(receipt)
    posted = last(world.group.channel("check-ins"))
    assert posted.reference is not None
    assert posted.reference.message_id == entry.message_id
    assert pinged(world) == [robin.id]
    said = public_words(world.group.channel("check-ins"))
    assert f"**{wren.mention}** writes to {robin.mention}" in said
    assert r"\*Really\*" in said
    assert r"\# Hi" in said
    assert f"<@{hazel(world).id}>" not in said
    assert (await kept(world, entry)).answered_at is not None
    async with bot_of(world).rooms.database.read() as reader:
        sealed = await reader.fetch_value("SELECT words_sealed FROM checkin_replies")
    assert sealed is None, "the words live in Discord now"
    await world.advance(timedelta(hours=4))
    assert "Somebody" not in public_words(world.group.channel("care"))
    assert "not alone" not in world.engine.log.getvalue()  # type: ignore[attr-defined]


async def test_consent_comes_first_and_then_the_form(world: World) -> None:
    wren = world.group.members[1]
    entry = await share(world, world.group.members[0])
    question = await open_form(world, wren, entry)
    assert "I agree" in buttons_of(question)
    assert await rows(bot_of(world), "checkin_replies") == 0
    form = await wren.click(shown(question), label="I agree")
    assert form.modal is not None
    await wren.submit_modal(form, {"words": KIND})
    await world.catch_up()
    assert "not alone" in public_words(world.group.channel("check-ins"))


async def test_consent_withdrawn_while_writing_keeps_nothing_and_loses_no_word(world: World) -> None:
    wren, rooms = world.group.members[1], bot_of(world).rooms
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    form = await open_form(world, wren, entry)
    async with rooms.database.write() as writer:
        await writer.execute("DELETE FROM consents")
    answer = await wren.submit_modal(form, {"words": KIND})
    assert "not alone" in words_of(answer)
    assert await rows(bot_of(world), "checkin_replies") == 0


async def test_the_writer_is_told_kindly_that_it_is_their_own(world: World) -> None:
    robin = world.group.members[0]
    entry = await share(world, robin)
    assert t("checkin_reply.own") in words_of(await open_form(world, robin, entry))


async def test_a_companions_press_after_the_writer_took_it_back(world: World) -> None:
    await offers(world, hazel(world))
    entry = await share(world, world.group.members[0])
    await world.advance(46 * MINUTE)
    await change(world, entry, choice=Choice.ME, asked_at=None)
    answer = await open_form(world, hazel(world), entry)
    assert t("checkin_reply.gone") in words_of(answer)
    over = await hazel(world).user.click(dms(hazel(world))[0], label="I can't now")
    assert t("checkin_reply.cannot.over") in words_of(over)
    await world.advance(timedelta(hours=4))
    assert len(dms(hazel(world))) == 1
    assert "Somebody" not in public_words(world.group.channel("care"))


async def test_an_entry_taken_back_while_somebody_writes_loses_no_word(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    form = await open_form(world, wren, entry)
    await change(world, entry, choice=Choice.ME, asked_at=None)
    answer = await wren.submit_modal(form, {"words": KIND})
    assert t("checkin_reply.gone") in words_of(answer)
    assert "not alone" in words_of(answer)
    assert await rows(bot_of(world), "checkin_replies") == 0


async def test_an_entry_taken_back_while_the_reply_is_on_its_way(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    form = await open_form(world, wren, entry)
    await wren.submit_modal(form, {"words": KIND})
    await change(world, entry, choice=Choice.ME, asked_at=None)
    await world.catch_up()
    assert "not alone" not in public_words(world.group.channel("check-ins"))
    assert "not alone" in str(dms(wren)[0].components)
    assert await rows(bot_of(world), "checkin_replies") == 0


async def test_two_people_who_write_at_once_both_reach_them(world: World) -> None:
    wren, clover = world.group.members[1], world.group.members[2]
    await agrees(world, wren, clover)
    entry = await share(world, world.group.members[0])
    first, second = await open_form(world, wren, entry), await open_form(world, clover, entry)
    await wren.submit_modal(first, {"words": "from Wren"})
    await clover.submit_modal(second, {"words": "from Clover"})
    await world.catch_up()
    said = public_words(world.group.channel("check-ins"))
    assert said.count("from Wren") == said.count("from Clover") == 1
    assert (await kept(world, entry)).answered_at is not None


@pytest.mark.parametrize("words", [" \u200b\n ", "\u2800"])
async def test_nothing_to_read_is_no_reply(world: World, words: str) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    assert t("checkin_reply.empty") in words_of(await write(world, wren, entry, words))
    assert (await kept(world, entry)).answered_at is None


async def test_the_longest_words_that_all_need_a_stroke_fit(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    receipt = await write(world, wren, entry, "*" * 800)
    assert "On its way" in words_of(receipt)
    assert public_words(world.group.channel("check-ins")).count(r"\*") == 800


async def test_an_entry_for_the_team_is_answered_in_a_private_thread(world: World) -> None:
    robin, wren, facilitator = world.group.members[0], world.group.members[1], world.group.facilitators[0]
    moderator = world.group.moderator
    await agrees(world, facilitator, moderator, wren)
    entry = await share(world, robin, Choice.TEAM_REACH_OUT)
    await write(world, facilitator, entry)
    room = room_of(world)
    assert pinged(world) == [robin.id]
    assert "not alone" in public_words(room)
    assert SECRET not in public_words(room)
    for person in (robin, facilitator):
        assert "help" in person.available_commands(room)
    assert not wren.available_commands(room)
    assert "not alone" not in public_words(world.group.channel("care"))
    assert (await kept(world, entry)).answered_at is not None
    assert (await kept(world, entry)).room_id == room.id
    await write(world, moderator, entry, "Me, too.")
    assert room_of(world).id == room.id
    assert "Me, too" in public_words(room)


async def test_only_the_team_may_answer_an_entry_for_the_team(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0], Choice.TEAM)
    backend, view = world.env.backend, discord.Permissions(view_channel=True, read_message_history=True).value
    backend.set_overwrite(world.group.channel("care").id, Overwrite(wren.id, OverwriteType.MEMBER, view, 0))
    assert t("checkin_reply.team_only") in words_of(await open_form(world, wren, entry))
    member = backend.get_guild(world.group.guild.id).members[wren.id]
    member.role_ids.append(world.group.roles["facilitator"].id)
    form = await open_form(world, wren, entry)
    assert form.modal is not None
    member.role_ids.remove(world.group.roles["facilitator"].id)  # while they write
    answer = await wren.submit_modal(form, {"words": KIND})
    assert t("checkin_reply.team_only") in words_of(answer)
    await world.catch_up()
    assert world.group.channel("quiet-rooms").threads == []


async def test_a_room_that_was_deleted_is_opened_anew(world: World) -> None:
    facilitator = world.group.facilitators[0]
    await agrees(world, facilitator)
    entry = await share(world, world.group.members[0], Choice.TEAM_REACH_OUT)
    await write(world, facilitator, entry)
    await delete_channel(world, room_of(world))
    await write(world, facilitator, entry, "Once more.")
    assert "Once more" in public_words(room_of(world))


async def test_without_quiet_rooms_it_is_said_before_anything_is_written(world: World) -> None:
    facilitator, rooms = world.group.facilitators[0], bot_of(world).rooms
    entry = await share(world, world.group.members[0], Choice.TEAM_REACH_OUT)
    async with rooms.database.write() as writer:
        await rooms.guilds.forget_channel(writer, entry.guild_id, world.group.channel("quiet-rooms").id)
    assert t("checkin_reply.no_room") in words_of(await open_form(world, facilitator, entry))


async def test_talk_in_the_room_settles_a_wish_that_is_open_again(world: World) -> None:
    robin, facilitator, rooms = world.group.members[0], world.group.facilitators[0], bot_of(world).rooms
    await agrees(world, facilitator)
    entry = await share(world, robin, Choice.TEAM_REACH_OUT)
    await write(world, facilitator, entry)
    await change(world, entry, answered_at=None, asked_at=rooms.clock.now())
    await world.advance(MINUTE)
    await robin.send(room_of(world), "Is anybody here?")
    await world.catch_up()
    assert (await kept(world, entry)).answered_at is None
    await facilitator.send(room_of(world), "I am.")
    await world.catch_up()
    assert (await kept(world, entry)).answered_at is not None
    assert pinged(world) == [robin.id]
    await facilitator.send(room_of(world), "Take your time.")
    await world.catch_up()
    assert public_words(room_of(world)).count("has written to you here") == 1


async def test_somebody_on_an_avoid_list_never_learns_of_it(world: World) -> None:
    robin, wren, rooms = world.group.members[0], world.group.members[1], bot_of(world).rooms
    await agrees(world, wren)
    async with rooms.database.write() as writer:
        await rooms.members.avoid(writer, world.group.guild.id, robin.id, wren.id)
    entry = await share(world, robin)
    receipt = await write(world, wren, entry)
    assert "On its way" in words_of(receipt)
    assert "not alone" in public_words(world.group.channel("check-ins"))
    assert pinged(world) == []
    assert (await kept(world, entry)).answered_at is None


async def test_taking_it_back_deletes_it_and_opens_the_wish_again(world: World) -> None:
    robin, wren, clover = world.group.members[0], world.group.members[1], world.group.members[2]
    await agrees(world, wren)
    entry = await share(world, robin)
    receipt = await write(world, wren, entry)
    refused = await clover.click(last(world.group.channel("check-ins")), label="Take it back")
    assert t("checkin_reply.back.not_yours") in words_of(refused)
    done = await wren.click(shown(receipt), label="Take it back")
    await world.catch_up()
    assert t("checkin_reply.back.done") in words_of(done)
    assert "not alone" not in public_words(world.group.channel("check-ins"))
    assert await rows(bot_of(world), "checkin_replies") == 0
    assert (await kept(world, entry)).answered_at is None
    await world.advance(timedelta(hours=3, minutes=5))
    assert "Somebody still waits" in public_words(world.group.channel("care"))


async def test_a_reply_is_taken_back_by_its_own_post_and_only_once(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    receipt = await write(world, wren, entry)
    await wren.click(last(world.group.channel("check-ins")), label="Take it back")
    await world.catch_up()
    assert "not alone" not in public_words(world.group.channel("check-ins"))
    again = await wren.click(shown(receipt), label="Take it back")
    assert t("checkin_reply.back.gone") in words_of(again)


async def test_taking_one_of_two_back_leaves_it_answered(world: World) -> None:
    wren, clover = world.group.members[1], world.group.members[2]
    await agrees(world, wren, clover)
    entry = await share(world, world.group.members[0])
    receipt = await write(world, wren, entry)
    await write(world, clover, entry, "Another one.")
    await wren.click(shown(receipt), label="Take it back")
    await world.catch_up()
    assert (await kept(world, entry)).answered_at is not None


async def test_a_reply_that_discord_refuses_goes_back_to_its_author(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    form = await open_form(world, wren, entry)
    await deny_bot(world, world.group.channel("check-ins"), "send_messages")
    await wren.submit_modal(form, {"words": KIND})
    await world.catch_up()
    assert "not alone" in str(dms(wren)[0].components)
    assert await rows(bot_of(world), "checkin_replies") == 0
    assert (await kept(world, entry)).answered_at is None
    assert "/setup check" in public_words(world.group.channel("mod-log"))


async def test_a_restart_in_the_middle_posts_it_once(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    form = await open_form(world, wren, entry)
    world.env.inject_error("POST", f"/channels/{entry.channel_id}/messages", status=503, times=2)
    await wren.submit_modal(form, {"words": KIND})
    await world.restart()
    await world.advance(5 * MINUTE)
    assert public_words(world.group.channel("check-ins")).count("not alone") == 1
    assert (await kept(world, entry)).answered_at is not None


async def test_a_reply_erased_before_anybody_knew_that_it_stands_goes_again(world: World) -> None:
    wren, rooms = world.group.members[1], bot_of(world).rooms
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    await write(world, wren, entry)
    async with rooms.database.read() as reader:
        [reply] = await ReplyStore(rooms.vault).all_of(reader, entry.guild_id, wren.id)
    service = bot_of(world).rooms.router.routes["checkins", "reply_sent"][1].__self__._service  # type: ignore[attr-defined]
    async with rooms.database.write() as writer:
        await writer.execute("UPDATE jobs SET dedupe_key = NULL")
        await ReplyStore(rooms.vault).remove(writer, entry.guild_id, reply.reply_id)
    await service.secure(reply, entry.channel_id)
    await world.advance(3 * MINUTE)
    assert "not alone" not in public_words(world.group.channel("check-ins"))


async def test_a_reply_on_its_way_is_not_swept_away_with_what_nobody_knows_of(world: World) -> None:
    """It stands, its answer was lost, and its delivery is tried for longer than the sweep waits."""
    wren, rooms = world.group.members[1], bot_of(world).rooms
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    await write(world, wren, entry)
    async with rooms.database.read() as reader:
        [reply] = await ReplyStore(rooms.vault).all_of(reader, entry.guild_id, wren.id)
    service = bot_of(world).rooms.router.routes["checkins", "reply_sent"][1].__self__._service  # type: ignore[attr-defined]
    async with rooms.database.write() as writer:
        await writer.execute("UPDATE jobs SET dedupe_key = NULL")
        await writer.execute("UPDATE checkin_replies SET message_id = NULL, channel_id = NULL")
    await service.secure(reply, entry.channel_id)
    await world.advance(3 * MINUTE)
    assert "not alone" in public_words(world.group.channel("check-ins"))
    async with rooms.database.write() as writer:
        await writer.execute("DELETE FROM checkin_replies")
    await world.advance(20 * MINUTE)
    assert "not alone" not in public_words(world.group.channel("check-ins"))


async def test_words_that_sound_like_danger_are_their_authors_to_decide(world: World) -> None:
    wren = world.group.members[1]
    await agrees(world, wren)
    entry = await share(world, world.group.members[0])
    held = await write(world, wren, entry, "I want to die, too.")
    assert held.ephemeral
    assert t("checkin_reply.held.words") in words_of(held)
    assert buttons_of(held)[-2:] == ["Share it anyway", "Keep it to myself"]
    assert await rows(bot_of(world), "checkin_replies") == 0
    await world.restart()
    sent = await wren.click(shown(held), label="Share it anyway")
    await world.catch_up()
    assert "On its way" in words_of(sent)
    assert "I want to die, too" in public_words(world.group.channel("check-ins"))
    held = await write(world, wren, entry, "I want to die, too.")
    left = await wren.click(shown(held), label="Keep it to myself")
    assert t("checkin_reply.kept.words") in words_of(left)
    assert public_words(world.group.channel("check-ins")).count("I want to die, too") == 1


async def test_the_team_writes_back_from_what_it_was_told(world: World) -> None:
    robin, facilitator = world.group.members[0], world.group.facilitators[0]
    await agrees(world, facilitator)
    entry = await share(world, robin)
    await world.advance(46 * MINUTE)
    form = await facilitator.click(last(world.group.channel("care")), label="Write back")
    assert form.modal is not None
    await facilitator.submit_modal(form, {"words": KIND})
    await world.catch_up()
    assert "not alone" in public_words(world.group.channel("check-ins"))
    assert "Answered" in public_words(world.group.channel("care"))
    assert await asked(world, entry) == ()


async def test_an_entry_without_a_post_is_answered_by_the_team_in_private(world: World) -> None:
    robin, facilitator = world.group.members[0], world.group.facilitators[0]
    await agrees(world, facilitator)
    entry = await share(world, robin)
    await change(world, entry, place=Place.NOWHERE, channel_id=None, message_id=None)
    listed = await facilitator.slash(world.group.channel("lounge"), "checkin waiting")
    assert "without a post" in words_of(listed)
    form = await facilitator.click(shown(listed), label="Write back")
    await facilitator.submit_modal(form, {"words": KIND})
    await world.catch_up()
    assert "not alone" in public_words(room_of(world))
    assert (await kept(world, entry)).answered_at is not None


async def test_another_servers_entry_opens_nothing(world: World) -> None:
    stranger = next(iter(world.other.people.values())).actor
    entry = await share(world, world.group.members[0])
    await change(world, entry, guild_id=world.other.guild.id)
    answer = await open_form(world, world.group.members[1], entry)
    assert t("checkin_reply.gone") in words_of(answer)
    assert stranger.id != entry.user_id
