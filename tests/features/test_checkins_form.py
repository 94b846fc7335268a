"""The form of a check-in: opened after consent, kept once, found again, changed and deleted by its writer alone."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from simcord import MemberActor

from bot.discordkit import Button, Panel, buttons, encode
from bot.text import t
from cogs.checkins.rules import Choice
from cogs.checkins.service.slots import EntryKey
from cogs.checkins.store.entries import EntryStore
from rehearsal.world import World
from tests.features.checking_in import (
    CANARY,
    MONDAY,
    agree,
    asked_today,
    check_in,
    choose,
    entries,
    fill,
    filled,
    only_entry,
    opens,
    press,
)
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, components_of, last, public_words, words_of
from tests.features.setting_up import bot_of, delete_channel

AGREE = t("privacy.consent.agree.label")
CHANGE, DELETE, FILL = "Change", "Delete", "Fill in yesterday"
HEBREW = "\u05e9\u05dc\u05d5\u05dd \U0001f468\u200d\U0001f469\u200d\U0001f467 # *not bold*"


@pytest.fixture
def who(world: World) -> MemberActor:
    return world.group.members[0]


async def test_the_first_press_asks_for_consent_and_then_opens_the_form(world: World, who: MemberActor) -> None:
    post = await asked_today(world)
    question = await opens(who, post)
    assert question.ephemeral
    assert question.modal is None
    form = await press(who, question, AGREE)
    done = await fill(who, form, Choice.ME, mood="2")
    assert t("checkin_entry.who.me") in words_of(done)
    entry = await only_entry(world, who)
    assert (entry.mood, entry.choice, entry.day, entry.post_day) == (2, Choice.ME, MONDAY, MONDAY)
    assert CANARY not in public_words(world.group.channel("check-ins"))


async def test_just_for_me_is_chosen_already(world: World, who: MemberActor) -> None:
    await agree(world, who)
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await rooms.members.set(writer, world.group.guild.id, who.id, default_audience="group")
    post = await asked_today(world)
    assert filled(await opens(who, post))["who"] == ["group"]
    assert filled(await opens(who, post, "Just for me"))["who"] == ["me"]


async def test_an_empty_form_says_i_am_here(world: World, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    done = await check_in(world, who, post, Choice.GROUP, "")
    assert "Show my numbers too" not in buttons_of(done)
    assert (await only_entry(world, who)).message_id
    assert f"{who.mention} checked in" in public_words(world.group.channel("check-ins"))


@pytest.mark.parametrize("line", ["x" * 150, HEBREW, "\U0001f642" * 75])
async def test_words_come_back_as_they_were_typed(world: World, who: MemberActor, line: str) -> None:
    await agree(world, who)
    post = await asked_today(world)
    done = await check_in(world, who, post, Choice.GROUP, line, mood="4", urge=["10"])
    assert (await only_entry(world, who)).words is None  # the words live in the post alone
    again = filled(await press(who, done, CHANGE))
    assert again == {"mood": ["4"], "sleep": [], "urge": ["10"], "line": line, "who": ["group"]}
    assert filled(await opens(who, post))["line"] == line


async def test_a_second_form_changes_the_entry_and_its_post(world: World, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP)
    await check_in(world, who, post, Choice.GROUP, "second thoughts")
    words = public_words(world.group.channel("check-ins"))
    assert words.count(f"{who.mention} checked in") == 1
    assert ("second thoughts" in words, CANARY in words) == (True, False)
    assert (await only_entry(world, who)).edition == 2


async def test_two_forms_open_at_once_are_one_entry(world: World, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    one, two = await opens(who, post), await opens(who, post)
    await fill(who, one, Choice.GROUP, "the first")
    await fill(who, two, Choice.GROUP, "the second")
    await world.run_due()
    assert len(await entries(world, who)) == 1
    words = public_words(world.group.channel("check-ins"))
    assert words.count(f"{who.mention} checked in") == 1
    assert ("the first" in words, "the second" in words) == (False, True)


async def test_the_same_form_delivered_twice_counts_once(world: World, who: MemberActor) -> None:
    await agree(world, who)
    form = await opens(who, await asked_today(world))
    await fill(who, form, Choice.ME)
    form._interaction.modal_consumed = False  # Discord delivers it once more
    again = await fill(who, form, Choice.GROUP, "other words")
    assert t("checkin_entry.receipt.again") in words_of(again)
    assert (await only_entry(world, who)).choice is Choice.ME


async def test_a_submit_after_a_restart_counts(world: World, who: MemberActor) -> None:
    await agree(world, who)
    form = await opens(who, await asked_today(world))
    await world.restart()
    await fill(who, form, Choice.GROUP)
    await world.run_due()
    assert CANARY in public_words(world.group.channel("check-ins"))


async def test_a_submit_after_the_checkin_was_removed_counts(world: World, who: MemberActor) -> None:
    await agree(world, who)
    form = await opens(who, await asked_today(world))
    moderator, channel = world.group.moderator, world.group.channel("check-ins")
    asked = await moderator.slash(channel, "manage-checkins remove")
    await press(moderator, asked, next(one for one in buttons_of(asked) if "emove" in one))
    done = await fill(who, form, Choice.GROUP)
    await world.run_due()
    assert t("checkin_entry.receipt.kept") in words_of(done)
    assert (await only_entry(world, who)).schedule_id != 0
    assert CANARY in public_words(channel)


async def test_a_submit_after_consent_is_gone_keeps_nothing_and_loses_no_word(world: World, who: MemberActor) -> None:
    await agree(world, who)
    form = await opens(who, await asked_today(world))
    async with bot_of(world).rooms.database.write() as writer:
        await writer.execute("DELETE FROM consents WHERE user_id = $1", who.id)
    done = await fill(who, form, Choice.GROUP)
    assert AGREE in buttons_of(done)
    assert done.response is not None
    assert CANARY in str(done.response.components) or any(CANARY in str(one.components) for one in done.followups)
    assert await entries(world, who) == ()
    assert CANARY not in public_words(world.group.channel("check-ins"))


async def test_the_command_finds_the_checkin(world: World, who: MemberActor) -> None:
    await agree(world, who)
    channel = world.group.channel("lounge")
    await fill(who, await who.slash(channel, "checkin now"), Choice.ME, "before there was any")
    assert (await only_entry(world, who)).schedule_id == 0
    await asked_today(world)
    form = await who.slash(channel, "checkin now")
    assert filled(form)["line"] == ""
    await fill(who, form, Choice.ME)
    newest = max(await entries(world, who), key=lambda one: one.entry_id)
    assert (newest.schedule_id != 0, newest.post_day) == (True, MONDAY)
    wrong = await who.slash(channel, "checkin now", schedule="nowhere")
    assert wrong.modal is None
    assert "Evening" in words_of(wrong)


async def test_yesterday_is_filled_in_and_counts_for_yesterday(world: World, who: MemberActor) -> None:
    await agree(world, who)
    await asked_today(world)
    await world.advance(timedelta(hours=14))  # Tuesday morning
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    assert t("checkin_entry.today.none").splitlines()[-1] in words_of(panel)
    form = await press(who, panel, FILL)
    assert form.modal is not None
    assert form.modal["title"].startswith("An earlier day")
    done = await fill(who, form, Choice.ME)
    assert t("checkin_entry.receipt.yesterday") in words_of(done)
    entry = await only_entry(world, who)
    assert (entry.day, entry.post_day) == (MONDAY, MONDAY)


async def test_last_nights_post_is_answered_for_last_night(world: World, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    await world.advance(timedelta(hours=14))
    await check_in(world, who, post, Choice.ME)
    await world.advance(timedelta(hours=24))
    await check_in(world, who, post, Choice.ME, "an old post answers for today")
    newest, first = await entries(world, who)
    assert (first.day, newest.day) == (MONDAY, MONDAY + timedelta(days=2))
    assert newest.post_day != MONDAY


VERBS = (
    "entry_edit", "entry_leave", "entry_move", "entry_numbers", "entry_retry", "entry_keep", "entry_back",
    "entry_delete", "entry_gone",
)  # fmt: skip


async def test_somebody_elses_ids_open_nothing(world: World, who: MemberActor) -> None:
    other = world.group.members[1]
    await agree(world, who, other)
    await check_in(world, who, await asked_today(world), Choice.GROUP)
    entry = await only_entry(world, who)
    key = EntryKey(entry.entry_id, entry.edition, "team").key
    lounge = world.group.channel("lounge")
    for verb in VERBS:
        panel = Panel((buttons(Button(verb, encode("checkins", verb, key))),))
        await bot_of(world).sender.post(world.group.guild.id, lounge.id, panel, nonce=verb)
        await world.env.settle()
        answer = await other.click(last(lounge), label=verb)
        assert words_of(answer) == t("checkin_entry.gone"), verb
    assert await only_entry(world, who) == entry


async def test_an_id_made_up_opens_nothing(world: World, who: MemberActor) -> None:
    await agree(world, who)
    lounge = world.group.channel("lounge")
    made_up = {"now": "99.2026-11-23", "alone": "x.y", "form_open": "1.2", "entry_show": "", "entry_move": "a.b.c.d"}
    for verb, key in made_up.items():
        panel = Panel((buttons(Button(verb, encode("checkins", verb, key))),))
        await bot_of(world).sender.post(world.group.guild.id, lounge.id, panel, nonce=verb)
        await world.env.settle()
        answer = await who.click(last(lounge), label=verb)
        assert answer.modal is None, verb
        assert words_of(answer) in (t("kit.refused.outdated"), t("checkin_entry.gone")), verb
    assert await entries(world, who) == ()


async def test_todays_panel_shows_each_of_several(world: World, who: MemberActor) -> None:
    await agree(world, who)
    await fill(who, await who.slash(world.group.channel("lounge"), "checkin now"), Choice.ME, "the first")
    await check_in(world, who, await asked_today(world), Choice.ME, "the second")
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    assert "the second" in words_of(panel)
    menu = next(one for one in components_of(panel) if ":entry_show:" in one.get("custom_id", ""))
    other = await choose(who, panel, "entry_show", menu["options"][0]["value"])
    assert "the first" in words_of(other)


async def test_words_to_a_question_that_was_taken_out_stay_with_an_edit(world: World, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP)
    entry = await only_entry(world, who)
    rooms = bot_of(world).rooms
    # As if the group's set had had another question when this was written.
    asked_then = replace(entry, outline=tuple(replace(one, question_id="rose") for one in entry.outline))
    async with rooms.database.write() as writer:
        await EntryStore(rooms.vault).put(writer, asked_then)
    await check_in(world, who, post, Choice.GROUP, "new words")
    words = public_words(world.group.channel("check-ins"))
    assert "new words" in words
    assert CANARY in words


async def test_words_that_cannot_be_read_are_not_lost_to_an_edit_without_their_question(
    world: World, who: MemberActor
) -> None:
    await agree(world, who)
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP)
    entry = await only_entry(world, who)
    form = await opens(who, post)
    asked_then = replace(entry, outline=tuple(replace(one, question_id="rose") for one in entry.outline))
    async with bot_of(world).rooms.database.write() as writer:
        await EntryStore(bot_of(world).rooms.vault).put(writer, asked_then)
    route = f"/channels/{entry.channel_id}/messages/{entry.message_id}"
    world.env.inject_error("GET", route, status=503, times=5)
    done = await fill(who, form, Choice.GROUP, "new words")
    await world.run_due()
    assert t("checkin_entry.lost.away") in words_of(done)
    assert "new words" in words_of(done)
    assert CANARY in public_words(world.group.channel("check-ins"))


async def test_deleting_asks_and_takes_the_post_along(world: World, who: MemberActor) -> None:
    await agree(world, who)
    done = await check_in(world, who, await asked_today(world), Choice.GROUP)
    asked = await press(who, done, DELETE)
    kept = await press(who, asked, t("checkin_entry.delete.no.label"))
    assert CANARY in words_of(kept)
    asked = await press(who, kept, DELETE)
    gone = await press(who, asked, t("checkin_entry.delete.yes.label"))
    await world.run_due()
    assert words_of(gone) == t("checkin_entry.receipt.deleted")
    assert await entries(world, who) == ()
    assert CANARY not in public_words(world.group.channel("check-ins"))


async def test_words_that_cannot_be_read_in_time_are_not_overwritten(world: World, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP)
    entry = await only_entry(world, who)
    route = f"/channels/{entry.channel_id}/messages/{entry.message_id}"
    world.env.inject_error("GET", route, status=503, times=1)
    slow = await opens(who, post)
    assert slow.modal is None
    assert t("checkin_entry.slow.form") in words_of(slow)
    assert CANARY in words_of(slow)
    form = await press(who, slow, CHANGE)  # the panel itself holds the words now
    assert filled(form)["line"] == CANARY


async def test_a_deleted_channel_leaves_the_words_with_their_writer(world: World, who: MemberActor) -> None:
    await agree(world, who)
    await asked_today(world)
    form = await who.slash(world.group.channel("lounge"), "checkin now")
    await delete_channel(world, world.group.channel("check-ins"))
    await fill(who, form, Choice.GROUP_REPLY)
    await world.run_due()
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    assert t("checkin_entry.state.refused") in words_of(panel)
    assert CANARY in words_of(panel)
    assert t("checkin_entry.again.label") in buttons_of(panel)


async def test_no_word_of_it_is_in_the_log_or_the_jobs(world: World, engine: TestEngine, who: MemberActor) -> None:
    await agree(world, who)
    post = await asked_today(world)
    for choice in (Choice.ME, Choice.GROUP_REPLY, Choice.TEAM):
        await check_in(world, who, post, choice)
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=2)
    await check_in(world, who, post, Choice.GROUP)
    assert isinstance(engine.log, StringIO)
    assert CANARY not in engine.log.getvalue()
    async with bot_of(world).rooms.database.read() as reader:
        rows = await reader.fetch_all("SELECT payload FROM jobs")
    assert rows
    assert not any(CANARY in row["payload"] for row in rows)
    assert last(world.group.channel("check-ins")) is not None
