"""From the form to the answer: the reply guarantee with entries as members really write them."""

from datetime import timedelta

from bot.text import t
from cogs.checkins.rules import Choice
from rehearsal.world import World
from tests.features.answering import agrees, dms, hazel, offers, rows
from tests.features.checking_in import CANARY, agree, asked_today, check_in, only_entry, press
from tests.features.seeing import last, public_words, words_of
from tests.features.setting_up import bot_of

MINUTE = timedelta(minutes=1)
TAKE_BACK = t("checkin_entry.back.label")


async def test_a_wish_from_the_form_in_a_day_thread_is_answered(world: World) -> None:
    robin = world.group.members[0]
    await agree(world, robin)
    await agrees(world, hazel(world))
    await offers(world, hazel(world))
    await check_in(world, robin, await asked_today(world, thread=True), Choice.GROUP_REPLY)
    await world.advance(46 * MINUTE)
    [asking] = dms(hazel(world))
    entry = await only_entry(world, robin)
    (thread,) = world.group.channel("check-ins").threads
    assert f"/{thread.id}/{entry.message_id}" in str(asking.components)
    assert CANARY not in str(asking.components)
    post = next(one for one in thread.history() if one.id == entry.message_id)
    form = await hazel(world).click(post, label="Write back")
    await hazel(world).submit_modal(form, {"words": "I am with you."})
    await world.catch_up()
    assert "I am with you" in public_words(thread)
    assert (await only_entry(world, robin)).answered_at is not None
    await world.advance(timedelta(hours=4))
    assert "Somebody" not in public_words(world.group.channel("care"))


async def test_taking_it_back_withdraws_what_the_team_was_told_at_once(world: World) -> None:
    robin = world.group.members[0]
    await agree(world, robin)
    receipt = await check_in(world, robin, await asked_today(world), Choice.GROUP_REPLY)
    await world.advance(46 * MINUTE)
    assert "Somebody waits for a reply" in public_words(world.group.channel("care"))
    told = last(world.group.channel("care"))
    await press(robin, receipt, TAKE_BACK)
    await world.catch_up()
    assert "Somebody waits for a reply" not in public_words(world.group.channel("care"))
    assert await rows(bot_of(world), "checkin_notes") == 0
    assert told.id not in {one.id for one in world.group.channel("care").history()}
    listed = await world.group.facilitators[0].slash(world.group.channel("lounge"), "checkin waiting")
    assert t("checkin_reply.waiting.nobody") in words_of(listed)
    await world.advance(timedelta(hours=4))
    assert "Somebody" not in public_words(world.group.channel("care"))


async def test_a_wish_to_the_team_from_the_form_is_answered_in_private(world: World) -> None:
    robin, facilitator = world.group.members[0], world.group.facilitators[0]
    await agree(world, robin)
    await agrees(world, facilitator)
    await check_in(world, robin, await asked_today(world), Choice.TEAM_REACH_OUT)
    form = await facilitator.click(last(world.group.channel("care")), label="Write back")
    await facilitator.submit_modal(form, {"words": "I am with you."})
    await world.catch_up()
    (room,) = world.group.channel("quiet-rooms").threads
    assert "I am with you" in public_words(room)
    assert CANARY not in public_words(room)
    assert (await only_entry(world, robin)).answered_at is not None
