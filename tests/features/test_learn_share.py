"""`/learn share`: shown first, in the channel that was named, with a note in the facilitator's name; and taken back."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor

from bot.client import Evenkeel
from bot.discordkit import first_time
from bot.errors import TryAgain
from bot.text import t
from cogs.learn import ui
from cogs.learn.service import Note
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, last, public_words, shown, words_of
from tests.features.test_learn import CALM, press, title_of
from tests.features.test_learn_own import id_of, moderator, write
from tests.features.test_learn_own_members import stranger
from tests.features.test_learn_posting import _posts
from tests.features.test_learn_saved import AGREE, agree

YES, NO = t("learn.post.yes.label"), t("learn.post.no.label")
BACK, ADD, CHANGE = t("learn.post.back.label"), t("learn.post.note.add.label"), t("learn.post.note.change.label")
NOTE = "For whoever is awake with me. **You** are not alone, <@&1234567890123456789>"
SHOWN = "For whoever is awake with me. \\*\\*You\\*\\* are not alone, \\<@&1234567890123456789\\>"


async def share(
    world: World, who: MemberActor, snippet: str = CALM, at: str = "lounge", **options: object
) -> InteractionResult:
    return await who.slash(world.group.channel(at), "learn share", snippet=snippet, **options)


async def rows(world: World) -> list[tuple[int, int, int]]:
    assert isinstance(world.bot, Evenkeel)
    async with world.bot.rooms.database.read() as reader:
        found = await reader.fetch_all("SELECT guild_id, user_id, message_id FROM shared_readings ORDER BY message_id")
    return [(row["guild_id"], row["user_id"], row["message_id"]) for row in found]


def standing(channel: ChannelHandle) -> int:
    return public_words(channel).count("## ")


async def pick_place(who: MemberActor, on: InteractionResult, channel: ChannelHandle) -> InteractionResult:
    menu = next(one for one in components_of(on) if ":place:" in one.get("custom_id", ""))
    return await who.select(shown(on), [channel], custom_id=menu["custom_id"])


async def test_it_shows_what_would_be_posted_and_posts_it_where_it_was_named(world: World, bot: Evenkeel) -> None:
    who, library = world.group.facilitators[0], world.group.channel("library")
    await agree(world, bot, who)
    asked = await share(world, who, channel=library, note=NOTE)
    assert asked.ephemeral
    told = words_of(asked)
    for part in (f"<#{library.id}>", "## Slow breathing", SHOWN, t("learn.post.from", who=f"<@{who.id}>")):
        assert part in told
    assert buttons_of(asked)[-3:] == [YES, CHANGE, NO]
    assert standing(library) == 0
    assert await rows(world) == []
    done = await press(who, asked, YES)
    post = last(library)
    assert f"/{library.id}/{post.id}>" in words_of(done)
    assert SHOWN in public_words(library)
    assert t("learn.post.from", who=f"<@{who.id}>") in public_words(library)
    assert standing(world.group.channel("lounge")) == 0
    assert await rows(world) == [(world.group.guild.id, who.id, post.id)]


async def test_without_a_channel_it_is_here_and_without_a_note_nobody_is_named_or_kept(world: World) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    asked = await share(world, who)
    assert t("learn.post.ask_nameless") in words_of(asked)
    assert ADD in buttons_of(asked)
    done = await press(who, asked, YES)
    assert standing(lounge) == 1
    assert str(who.id) not in public_words(lounge)
    assert await rows(world) == []
    await world.restart()
    gone = await press(who, done, BACK)
    assert words_of(gone) == t("learn.post.back.gone")
    assert standing(lounge) == 0


async def test_the_first_note_asks_for_consent_and_goes_on(world: World) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    asked = await share(world, who, note=NOTE)
    question = await press(who, asked, YES)
    assert AGREE in buttons_of(question)
    assert standing(lounge) == 0
    agreed = await press(who, question, AGREE)
    assert words_of(agreed) == t("learn.post.agreed")
    assert await rows(world) == []
    await press(who, asked, YES)
    assert SHOWN in public_words(lounge)
    assert len(await rows(world)) == 1


async def test_a_post_is_taken_back_also_after_a_restart_and_twice_is_harmless(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    done = await press(who, await share(world, who, note=NOTE), YES)
    receipt = next(one["custom_id"] for one in components_of(done) if one.get("label") == BACK)
    message = world.env.backend.get_message(shown(done).channel_id, shown(done).id)
    kept = list(message.components)
    await world.restart()
    assert words_of(await press(who, done, BACK)) == t("learn.post.back.gone")
    assert standing(lounge) == 0
    assert await rows(world) == []
    message.components = kept
    assert words_of(await who.click(shown(done), custom_id=receipt)) == t("learn.post.back.gone")


async def test_a_post_deleted_by_hand_is_gone_too(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    named = await press(who, await share(world, who, note=NOTE), YES)
    await last(lounge).delete()
    nameless = await press(who, await share(world, who), YES)
    await last(lounge).delete()
    assert words_of(await press(who, named, BACK)) == t("learn.post.back.gone")
    assert words_of(await press(who, nameless, BACK)) == t("learn.post.back.gone")
    assert await rows(world) == []


async def test_a_lost_receipt_is_no_lost_way_back(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    await press(who, await share(world, who, note=NOTE), YES)
    again = await share(world, who, note="Another line")
    assert "with your note is in" in words_of(again)
    back = await press(who, again, BACK)
    assert words_of(back) == t("learn.post.back.gone")
    assert shown(back).id != shown(again).id
    assert standing(lounge) == 0
    await press(who, again, YES)  # the new question still stands, with its note
    assert "Another line" in public_words(lounge)
    other = world.group.facilitators[1] if len(world.group.facilitators) > 1 else world.group.moderator
    assert "with your note is in" not in words_of(await share(world, other, note="Mine"))


async def test_discord_refusing_to_delete_is_said_and_can_be_tried_again(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    done = await press(who, await share(world, who, note=NOTE), YES)
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50013, message="no", times=1)
    stuck = await press(who, done, BACK)
    assert t("learn.post.back.refused") in words_of(stuck)
    assert len(await rows(world)) == 1
    assert words_of(await press(who, stuck, BACK)) == t("learn.post.back.gone")
    assert standing(lounge) == 0


@pytest.mark.parametrize("note", ["It got better for me at 2 mg", "I cut ten percent every two weeks"])
async def test_a_note_with_a_dose_is_not_posted_and_not_lost(world: World, bot: Evenkeel, note: str) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    refused = await share(world, who, note=note)
    assert note in words_of(refused)
    assert buttons_of(refused) == [CHANGE, NO]
    form = await press(who, refused, CHANGE)
    assert note in str(form.modal)
    asked = await who.submit_modal(form, {"note": "It got better for me"})
    assert shown(asked).id == shown(refused).id
    await press(who, asked, YES)
    assert "It got better for me" in public_words(lounge)
    assert note not in public_words(lounge)


async def test_a_note_is_added_changed_and_left_out(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who)
    asked = await who.submit_modal(await press(who, asked, ADD), {"note": NOTE})
    assert SHOWN in words_of(asked)
    form = await press(who, asked, CHANGE)
    assert NOTE in str(form.modal)  # as it was typed, without our signs in it
    bare = await who.submit_modal(form, {"note": "  "})
    assert t("learn.post.ask_nameless") in words_of(bare)
    await press(who, bare, YES)
    assert str(who.id) not in public_words(lounge)
    assert await rows(world) == []


async def test_an_unknown_title_offers_what_comes_near_and_keeps_note_and_place(world: World, bot: Evenkeel) -> None:
    who, library = world.group.facilitators[0], world.group.channel("library")
    await agree(world, bot, who)
    near = await share(world, who, snippet="slow breething", channel=library, note=NOTE)
    assert SHOWN in words_of(near)
    menu = next(one for one in components_of(near) if ":share:" in one.get("custom_id", ""))
    asked = await who.select(shown(near), [CALM], custom_id=menu["custom_id"])
    assert "## Slow breathing" in words_of(asked)
    await press(who, asked, YES)
    assert SHOWN in public_words(library)
    nothing = await share(world, who, snippet="zzzzqqqq", note=NOTE)
    assert t("learn.post.none") in words_of(nothing)
    assert SHOWN in words_of(nothing)
    assert title_of(await share(world, who, snippet="SLOW breathing ")).startswith("Post this")


async def test_a_channel_closed_to_the_person_is_said_and_another_can_be_picked(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    closed = world.group.channel("quiet-rooms")
    refused = await share(world, who, channel=closed, note=NOTE)
    assert t("learn.post.not_yours", channel=f"<#{closed.id}>") in words_of(refused)
    assert SHOWN in words_of(refused)
    asked = await pick_place(who, refused, lounge)
    await press(who, asked, YES)
    assert SHOWN in public_words(lounge)
    assert standing(closed) == 0


async def test_what_the_bot_lacks_is_named_also_when_it_was_lost_meanwhile(world: World) -> None:
    who, guild = world.group.facilitators[0], world.group.guild
    assert guild.me is not None
    deaf = guild.create_text_channel(
        "deaf", overwrites={guild.me: discord.PermissionOverwrite(send_messages=False, read_message_history=False)}
    )
    await world.env.settle()
    refused = await share(world, who, channel=deaf)
    lacking = "Send Messages, Read Message History"
    assert t("learn.post.lacking", channel=f"<#{deaf.id}>", lacking=lacking) in words_of(refused)
    asked = await share(world, who)
    lounge, server = world.group.channel("lounge"), world.bot.get_guild(guild.id)
    assert server is not None
    channel = server.get_channel(lounge.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(server.me, send_messages=False)
    await world.env.settle()
    lost = await press(who, asked, YES)
    assert t("learn.post.lacking", channel=f"<#{lounge.id}>", lacking="Send Messages") in words_of(lost)
    assert standing(lounge) == 0


async def test_a_channel_that_is_gone_keeps_the_note(world: World, bot: Evenkeel) -> None:
    who, guild = world.group.facilitators[0], world.group.guild
    await agree(world, bot, who)
    short = guild.create_text_channel("short-lived")
    await world.env.settle()
    asked = await share(world, who, channel=short, note=NOTE)
    world.env.backend.delete_channel(short.id)
    await world.env.settle()
    refused = await press(who, asked, YES)
    assert t("learn.post.unseen") in words_of(refused)
    assert SHOWN in words_of(refused)
    await press(who, await pick_place(who, refused, world.group.channel("lounge")), YES)
    assert SHOWN in public_words(world.group.channel("lounge"))


async def test_another_servers_channel_opens_nothing(world: World) -> None:
    who = world.group.facilitators[0]
    asked = await share(world, who)
    elsewhere = world.other.channel("lounge")
    honest = next(one["custom_id"] for one in components_of(asked) if ":publish:" in one.get("custom_id", ""))
    place = ui.Place.of(honest.removeprefix("ek1:learn:publish:"))
    forged = f"ek1:learn:publish:{replace(place, channel_id=elsewhere.id).key}"
    message = world.env.backend.get_message(shown(asked).channel_id, shown(asked).id)
    message.components = json.loads(json.dumps(message.components).replace(honest, forged))
    refused = await who.click(shown(asked), custom_id=forged)
    assert t("learn.post.unseen") in words_of(refused)
    assert standing(elsewhere) == 0


@pytest.mark.parametrize("kind", ["member", "family", "newcomer"])
async def test_members_are_told_whom_to_ask(world: World, kind: str) -> None:
    refused = await share(world, world.group.person(kind).actor, note=NOTE)
    assert words_of(refused) == t("kit.refused.facilitator")


async def test_two_presses_of_a_noted_post_at_once_make_one_post_and_one_row(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    posts, note = _posts(bot), Note(who.id, "Here")
    mark = posts.new_mark()
    await asyncio.gather(*(posts.publish(world.group.guild.id, lounge.id, CALM, mark, note) for _ in range(3)))
    await world.env.settle()
    assert standing(lounge) == 1
    assert len(await rows(world)) == 1


async def test_erasing_deletes_the_post_and_names_it_before(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    done = await press(who, await share(world, who, note=NOTE), YES)
    exported = await who.slash(lounge, "privacy export")
    assert exported.ephemeral
    chosen = await who.slash(lounge, "privacy erase")
    form = await who.select(shown(chosen), ["learn"], custom_id=_menu(chosen))
    receipt = await who.submit_modal(form, {"word": "erase"})
    assert t("privacy.receipt.all_posts", count=1) in words_of(receipt)
    assert standing(lounge) == 0
    assert await rows(world) == []
    assert words_of(await press(who, done, BACK)) == t("learn.post.back.gone")


def _menu(result: InteractionResult) -> str:
    custom_id: str = next(one["custom_id"] for one in components_of(result) if "options" in one)
    return custom_id


async def test_a_note_that_cannot_be_kept_is_not_left_standing(world: World, bot: Evenkeel) -> None:
    """The consent goes between the press and the row: the post goes too."""
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who, note=NOTE)
    send = bot.sender.post

    async def withdrawn(*args: object, **options: object) -> int:
        made = await send(*args, **options)  # type: ignore[arg-type]
        async with bot.rooms.database.write() as writer:
            await writer.execute("DELETE FROM consents")
        return made

    bot.sender.post = withdrawn  # type: ignore[method-assign]
    later = await press(who, asked, YES)
    assert t("learn.post.later") in words_of(later)
    assert standing(lounge) == 0
    assert await rows(world) == []


async def test_threads_can_be_shared_into(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    parent = bot.get_channel(lounge.id)
    assert isinstance(parent, discord.TextChannel)
    thread = await parent.create_thread(name="Tuesday", type=discord.ChannelType.public_thread)
    await world.env.settle()
    room = next(one for one in lounge.threads if one.id == thread.id)
    done = await press(who, await share(world, who, channel=room), YES)
    assert f"/{thread.id}/" in words_of(done)
    assert standing(room) == 1


def lose_the_answer(bot: Evenkeel) -> None:
    """Discord takes the next post, and its answer never comes."""
    send: Callable[..., Any] = bot.sender.post

    async def lost(*args: object, **options: object) -> int:
        bot.sender.post = send  # type: ignore[method-assign]
        await send(*args, **options)
        raise TryAgain

    bot.sender.post = lost  # type: ignore[method-assign]


async def test_a_lost_answer_and_a_second_thought_leave_nothing_standing(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who, note=NOTE)
    lose_the_answer(bot)
    later = await press(who, asked, YES)
    assert standing(lounge) == 1
    assert words_of(await press(who, later, NO)) == t("learn.post.left")
    assert standing(lounge) == 0


async def test_a_note_whose_post_got_lost_stands_for_minutes_at_most(world: World, bot: Evenkeel) -> None:
    """It names somebody, and no row says whose it is: neither they nor an erasure could take it back."""
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who, note=NOTE)
    lose_the_answer(bot)
    later = await press(who, asked, YES)
    changed = await who.submit_modal(await press(who, later, CHANGE), {"note": "Another line"})
    await press(who, changed, YES)
    assert standing(lounge) == 2
    await world.restart()
    await world.advance(timedelta(minutes=3))
    assert standing(lounge) == 1
    assert "Another line" in public_words(lounge)
    assert [row[2] for row in await rows(world)] == [last(lounge).id]


async def test_a_post_found_again_after_a_lost_answer_stays(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who, note=NOTE)
    lose_the_answer(bot)
    await press(who, await press(who, asked, YES), YES)
    await world.advance(timedelta(minutes=5))
    assert standing(lounge) == 1
    assert [row[2] for row in await rows(world)] == [last(lounge).id]


async def test_a_deletion_under_way_spares_a_post_that_is_kept_by_now(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    posts, note = _posts(bot), Note(who.id, "Here")
    await agree(world, bot, who)
    mark = posts.new_mark()
    await posts.publish(world.group.guild.id, lounge.id, CALM, mark, note)
    await posts.withdraw(world.group.guild.id, lounge.id, CALM, mark.partition(".")[0])
    await world.env.settle()
    assert standing(lounge) == 1


async def test_a_press_that_a_restart_cut_off_loses_no_note(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who, note=NOTE)
    mark = next(one["custom_id"] for one in components_of(asked) if ":publish:" in one.get("custom_id", ""))
    async with bot.rooms.database.write() as writer:
        await first_time(writer, mark.rpartition("~")[2], world.clock.now())
    await world.restart()
    already = await press(who, asked, YES)
    assert SHOWN in words_of(already)
    again = await who.submit_modal(await press(who, already, CHANGE), {"note": NOTE})
    await press(who, again, YES)
    assert SHOWN in public_words(lounge)


async def test_a_post_that_can_neither_be_kept_nor_deleted_is_deleted_later(world: World, bot: Evenkeel) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    asked = await share(world, who, note=NOTE)

    async def gone(*_: object) -> bool:
        return False

    _posts(bot)._sharing.keep = gone  # type: ignore[method-assign, assignment]
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=503, code=0, message="no", times=1)
    assert t("learn.post.later") in words_of(await press(who, asked, YES))
    await world.advance(timedelta(minutes=3))
    assert standing(lounge) == 0


async def test_discord_not_answering_about_a_place_keeps_the_note(world: World, bot: Evenkeel) -> None:
    who, guild = world.group.facilitators[0], world.group.guild
    new = guild.create_text_channel("unknown-yet")
    await world.env.settle()
    server = bot.get_guild(guild.id)
    assert server is not None
    server._channels.pop(new.id)  # as for a channel that this process has not heard of
    world.env.inject_error("GET", "/channels/*", status=500, code=0, message="no", times=None)
    refused = await share(world, who, channel=new, note=NOTE)
    assert t("learn.post.unanswered") in words_of(refused)
    assert SHOWN in words_of(refused)


async def test_a_note_written_while_the_reading_was_retired_is_not_lost(world: World, bot: Evenkeel) -> None:
    identity = id_of(await write(world))
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    form = await press(who, await share(world, who, snippet=identity), ADD)
    await moderator(world).slash(lounge, "manage-library retire", snippet=identity)
    gone = await who.submit_modal(form, {"note": NOTE})
    assert t("learn.gone") in words_of(gone)
    assert SHOWN in words_of(gone)


@pytest.mark.parametrize("note", [NOTE, None])
async def test_the_way_back_opens_nothing_from_another_server(world: World, bot: Evenkeel, note: str | None) -> None:
    who, lounge = world.group.facilitators[0], world.group.channel("lounge")
    await agree(world, bot, who)
    options = {"note": note} if note else {}
    done = await press(who, await share(world, who, **options), YES)
    honest = next(one["custom_id"] for one in components_of(done) if one.get("label") == BACK)
    other = stranger(world)
    theirs = await other.slash(world.other.channel("lounge"), "learn topics")
    button = next(one["custom_id"] for one in components_of(theirs) if one["type"] == 2)
    message = world.env.backend.get_message(shown(theirs).channel_id, shown(theirs).id)
    message.components = json.loads(json.dumps(message.components).replace(button, honest))
    assert words_of(await other.click(shown(theirs), custom_id=honest)) == t("kit.refused.outdated")
    assert standing(lounge) == 1
