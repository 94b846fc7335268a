"""Who sees an entry: nothing leaves "just me" unchosen, moves delete before they make, taking back is real."""

from datetime import timedelta
from typing import Any

import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.text import t
from cogs.checkins.rules import Choice, Place
from cogs.checkins.store.entries import EntryStore
from rehearsal.world import World
from tests.features.checking_in import CANARY, agree, asked_today, check_in, choose, only_entry, press
from tests.features.seeing import buttons_of, last, public_words, words_of
from tests.features.setting_up import bot_of, delete_channel, deny_bot

BACK, YES, NO = t("checkin_entry.back.label"), t("checkin_entry.preview.yes.label"), t("checkin_entry.preview.no.label")
SHOW, HIDE = t("checkin_entry.numbers.show.label"), t("checkin_entry.numbers.hide.label")


@pytest.fixture
async def who(world: World) -> MemberActor:
    member = world.group.members[0]
    await agree(world, member)
    return member


def group(world: World) -> ChannelHandle:
    return world.group.channel("check-ins")


def care(world: World) -> ChannelHandle:
    return world.group.channel("care")


async def today(world: World, who: MemberActor) -> InteractionResult:
    return await who.slash(world.group.channel("lounge"), "checkin today")


def everywhere(world: World) -> str:
    return "\n".join(public_words(channel) for channel in world.group.guild.channels.values())


async def test_just_me_is_seen_by_nobody(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.ME, mood="1", urge=["10"])
    await world.advance(timedelta(hours=4))
    assert CANARY not in everywhere(world)
    assert who.mention not in public_words(care(world))
    assert CANARY in words_of(await today(world, who))


@pytest.mark.parametrize("choice", [Choice.TEAM, Choice.TEAM_REACH_OUT, Choice.GROUP, Choice.GROUP_REPLY])
async def test_each_choice_is_posted_where_it_says(world: World, who: MemberActor, choice: Choice) -> None:
    done = await check_in(world, who, await asked_today(world), choice, mood="3")
    here, there = (care(world), group(world)) if choice.place is Place.CARE else (group(world), care(world))
    assert CANARY in public_words(here)
    assert CANARY not in public_words(there)
    assert ("So-so" in public_words(here)) is (choice.place is Place.CARE)
    assert BACK in buttons_of(done)
    sent = [one for one in world.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
    body: Any = sent[-1].json
    assert body["allowed_mentions"] == {"parse": []}  # its writer is named, nobody is called
    assert (await only_entry(world, who)).asked_at is not None if choice.asks else True


async def test_with_a_thread_a_day_it_stands_in_the_thread(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world, thread=True), Choice.GROUP)
    (thread,) = group(world).threads
    assert CANARY in public_words(thread)
    assert CANARY not in public_words(group(world))


async def test_take_it_back_on_the_receipt_is_real_and_keeps_the_words(world: World, who: MemberActor) -> None:
    done = await check_in(world, who, await asked_today(world), Choice.GROUP_REPLY)
    await world.restart()
    back = await press(who, done, BACK)
    await world.run_due()
    assert t("checkin_entry.receipt.back_words") in words_of(back)
    assert CANARY not in everywhere(world)
    entry = await only_entry(world, who)
    assert (entry.choice, entry.asked_at, entry.post) == (Choice.ME, None, None)
    assert CANARY in words_of(await today(world, who))


async def test_taking_back_what_the_team_deleted_keeps_the_numbers(world: World, who: MemberActor) -> None:
    done = await check_in(world, who, await asked_today(world), Choice.GROUP, mood="4")
    world.env.backend.delete_message(group(world).id, last(group(world)).id)
    back = await press(who, done, BACK)
    await world.run_due()
    assert t("checkin_entry.receipt.back_bare") in words_of(back)
    entry = await only_entry(world, who)
    assert (entry.choice, entry.mood, entry.words) == (Choice.ME, 4, None)


async def test_words_that_went_with_the_post_are_not_said_to_be_safe(world: World, who: MemberActor) -> None:
    done = await check_in(world, who, await asked_today(world), Choice.GROUP, mood="4")
    world.env.backend.delete_message(group(world).id, last(group(world)).id)
    await press(who, done, SHOW)
    await world.run_due()
    words = words_of(await today(world, who))
    assert t("checkin_entry.state.refused_bare") in words
    assert "safe" not in words


async def test_just_me_chosen_once_more_is_not_said_to_be_taken_back(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.ME)
    same = await choose(who, await today(world, who), "entry_who", Choice.ME.value)
    assert t("checkin_entry.today.today") in words_of(same)
    assert t("checkin_entry.receipt.back") not in words_of(same)


async def test_taking_back_while_discord_is_away_asks_before_words_are_lost(world: World, who: MemberActor) -> None:
    done = await check_in(world, who, await asked_today(world), Choice.GROUP)
    entry = await only_entry(world, who)
    route = f"/channels/{entry.channel_id}/messages/{entry.message_id}"
    world.env.inject_error("GET", route, status=503, times=5)
    asked = await press(who, done, BACK)
    assert t("checkin_entry.unread.ask") in words_of(asked)
    assert CANARY in public_words(group(world))
    gone = await press(who, asked, t("checkin_entry.unread.yes.label"))
    await world.run_due()
    assert t("checkin_entry.receipt.back_bare") in words_of(gone)
    assert CANARY not in everywhere(world)


async def test_a_wider_audience_is_shown_first_and_then_asked(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.ME)
    preview = await choose(who, await today(world, who), "entry_who", Choice.GROUP.value)
    assert CANARY in words_of(preview)
    assert f"{who.mention} checked in" in words_of(preview)
    assert CANARY not in everywhere(world)
    left = await press(who, preview, NO)
    assert (await only_entry(world, who)).choice is Choice.ME
    preview = await choose(who, left, "entry_who", Choice.GROUP.value)
    await press(who, preview, YES)
    await world.run_due()
    assert CANARY in public_words(group(world))
    assert (await only_entry(world, who)).words is None


async def test_a_move_takes_the_words_along(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.GROUP, mood="2")
    preview = await choose(who, await today(world, who), "entry_who", Choice.TEAM.value)
    assert "Rough" in words_of(preview)  # the team sees numbers, so its writer sees first that they do
    await press(who, preview, YES)
    await world.run_due()
    assert CANARY in public_words(care(world))
    assert CANARY not in public_words(group(world))
    entry = await only_entry(world, who)
    assert (entry.place, entry.words, entry.channel_id) == (Place.CARE, None, care(world).id)


async def test_a_wish_is_added_on_the_post_that_stands(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.GROUP)
    before = last(group(world)).id
    await choose(who, await today(world, who), "entry_who", Choice.GROUP_REPLY.value)
    await world.run_due()
    assert last(group(world)).id == before
    assert t("checkin_entry.post.wish.group_reply") in public_words(group(world))
    assert CANARY in public_words(group(world))
    assert (await only_entry(world, who)).asked_at is not None


async def test_numbers_are_shown_by_a_button_and_hidden_again(world: World, who: MemberActor) -> None:
    done = await check_in(world, who, await asked_today(world), Choice.GROUP, mood="5")
    assert "Good" not in public_words(group(world))
    shown = await press(who, done, SHOW)
    await world.run_due()
    assert "Good" in public_words(group(world))
    assert CANARY in public_words(group(world))
    await press(who, shown, HIDE)
    await world.run_due()
    assert "Good" not in public_words(group(world))


async def test_without_permission_it_stays_sealed_and_can_be_tried_again(world: World, who: MemberActor) -> None:
    post = await asked_today(world)
    await deny_bot(world, care(world), "send_messages")
    await check_in(world, who, post, Choice.TEAM_REACH_OUT)
    entry = await only_entry(world, who)
    assert (entry.place, entry.words is not None, entry.asked_at is not None) == (Place.NOWHERE, True, True)
    panel = await today(world, who)
    assert t("checkin_entry.state.refused") in words_of(panel)
    world.env.backend.set_overwrite(
        care(world).id, Overwrite(world.env.backend.bot_user.id, OverwriteType.MEMBER, 0, 0)
    )
    await world.env.settle()
    await press(who, panel, t("checkin_entry.again.label"))
    await world.run_due()
    assert CANARY in public_words(care(world))


async def test_in_the_place_of_a_deleted_thread_the_channel(world: World, who: MemberActor) -> None:
    post = await asked_today(world, thread=True)
    (thread,) = group(world).threads
    await delete_channel(world, thread)
    await check_in(world, who, post, Choice.GROUP)
    assert CANARY in public_words(group(world))


async def test_what_discord_swallowed_is_posted_once(world: World, who: MemberActor) -> None:
    post = await asked_today(world)
    world.env.inject_error("POST", f"/channels/{group(world).id}/messages", status=503, times=1)
    await check_in(world, who, post, Choice.GROUP)
    assert CANARY not in public_words(group(world))
    await world.restart()
    await world.advance(timedelta(minutes=10))
    assert public_words(group(world)).count(CANARY) == 1
    assert (await only_entry(world, who)).words is None


async def test_words_call_nobody_and_format_nothing(world: World, who: MemberActor) -> None:
    other = world.group.members[1]
    line = f"{other.mention} @everyone **bold** # [here](https://bad.example)"
    await check_in(world, who, await asked_today(world), Choice.GROUP, line)
    message = last(group(world))
    assert other.id not in {one.id for one in message.mentions}
    assert not message.mention_everyone
    assert f"\\<@{other.id}\\>" in public_words(group(world))
    assert "@everyone" not in public_words(group(world))


async def test_the_author_of_a_post_is_known_for_a_report(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.GROUP)
    rooms = bot_of(world).rooms
    async with rooms.database.read() as reader:
        store, message = EntryStore(rooms.vault), last(group(world)).id
        assert await store.author_of(reader, world.group.guild.id, message) == who.id
        assert await store.author_of(reader, world.other.guild.id, message) is None


async def test_others_write_back_below_it(world: World, who: MemberActor) -> None:
    other = world.group.members[1]
    await agree(world, other)
    await check_in(world, who, await asked_today(world), Choice.GROUP_REPLY)
    form = await other.click(last(group(world)), label=t("checkin_entry.post.write_back.label"))
    await other.submit_modal(form, {"words": "I read you"})
    await world.run_due()
    assert "I read you" in public_words(group(world))
    assert not (await only_entry(world, who)).waits
