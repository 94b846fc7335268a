"""What somebody filled in is kept once, under their consent; what follows is planned in the same transaction."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.contracts import Post
from bot.errors import Refusal
from bot.storage import ConditionFailed, Database
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.slots import EntryKey, Slot, set_mark
from cogs.checkins.store.groups import GroupSettings, GroupStore
from tests.unit.checkins.entering import (
    CANARY,
    EVENING,
    HERE,
    MONDAY,
    ROBIN,
    SCHEDULE,
    SET,
    THERE,
    WREN,
    Office,
    mood,
    said,
)
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
async def office(database: Database) -> Office:
    return await Office(database).open()


async def test_just_me_is_kept_alone_and_nothing_is_planned_but_the_count(office: Office) -> None:
    done = await office.write(Choice.ME)
    entry = await office.row(done.entry)  # type: ignore[arg-type]
    assert done.new
    assert (entry.choice, entry.place, entry.edition, entry.mood) == (Choice.ME, Place.NOWHERE, 1, 3)
    assert entry.words == (said(CANARY),)
    assert [job.kind for job in await office.jobs()] == ["checkins.count"]


async def test_without_consent_nothing_is_kept(office: Office) -> None:
    with pytest.raises(ConditionFailed):
        await office.write(Choice.GROUP, user_id=13 << 22)
    async with office.database.read() as reader:
        assert await office.store.days_done(reader, HERE, 13 << 22) == set()
    assert await office.jobs() == []


async def test_a_form_counts_once_and_a_second_form_changes_the_entry(office: Office) -> None:
    first = await office.write(Choice.GROUP, mark="one")
    again = await office.write(Choice.TEAM, said("other words"), mark="one")
    assert again.again
    assert not again.new
    assert again.entry is not None
    assert first.entry is not None
    assert (again.entry.entry_id, again.entry.choice) == (first.entry.entry_id, Choice.GROUP)
    second = await office.write(Choice.GROUP, said("other words"), mark="two")
    assert second.entry is not None
    assert (second.entry.entry_id, second.entry.edition, second.new) == (first.entry.entry_id, 2, False)
    assert second.entry.words == (said("other words"),)
    assert second.entry.marks == ()  # what is left empty the second time is taken out
    counts = await office.jobs("checkins.count")
    assert len(counts) == 1


async def test_two_forms_at_once_are_one_entry(office: Office) -> None:
    done = await asyncio.gather(*(office.write(Choice.GROUP, said(f"words {one}")) for one in range(4)))
    assert len({one.entry.entry_id for one in done if one.entry}) == 1
    assert sum(one.new for one in done) == 1
    async with office.database.read() as reader:
        assert len(await office.store.of_day(reader, HERE, ROBIN, MONDAY)) == 1


async def test_a_wish_for_a_reply_is_planned_and_withdrawn(office: Office) -> None:
    async with office.database.write() as writer:
        await GroupStore().put(writer, GroupSettings(HERE, wait_minutes=20), EVENING)
    entry = await office.written(Choice.GROUP_REPLY)
    assert entry.asked_at == EVENING
    assert await office.looks() == [(EVENING, EVENING + 20 * MINUTE)]
    await office.later(5)
    moved = await office.written(Choice.TEAM_REACH_OUT)
    assert moved.asked_at == EVENING  # nobody waits longer for having changed the place
    assert len(await office.looks()) == 1
    back = await office.changes.keep_alone(HERE, ROBIN, entry.entry_id)
    assert back.asked_at is None
    assert (EVENING, office.clock.now()) in await office.looks()  # what the team was told of it goes
    await office.later(5)
    anew = await office.written(Choice.GROUP_REPLY)
    assert anew.asked_at == office.clock.now()
    assert (anew.asked_at, anew.asked_at + 20 * MINUTE) in await office.looks()


async def test_an_answered_wish_is_renewed_only_by_asking_anew(office: Office) -> None:
    entry = await office.written(Choice.GROUP_REPLY)
    async with office.database.write() as writer:
        await office.store.answer(writer, entry.entry_id, EVENING + MINUTE)
        await office.store.tell(writer, entry.entry_id, True)
    await office.later(10)
    same = await office.written(Choice.GROUP_REPLY, said("a word changed"))
    assert (same.answered_at, same.told_early) == (EVENING + MINUTE, True)
    other = await office.written(Choice.TEAM_REACH_OUT)
    assert (other.asked_at, other.answered_at, other.told_early) == (office.clock.now(), None, False)


async def test_the_day_that_was_shown_counts_while_it_may_be_written(office: Office) -> None:
    office.clock.set(EVENING + timedelta(hours=8, minutes=30))  # 04:30: Monday is yesterday
    done = await office.write(Choice.ME)
    assert done.entry is not None
    assert (done.entry.day, done.late) == (MONDAY, False)
    office.clock.set(EVENING + timedelta(days=1, hours=8, minutes=30))  # Wednesday: Monday is closed
    late = await office.write(Choice.ME, user_id=WREN)
    assert late.entry is not None
    assert (late.entry.day, late.late) == (MONDAY + 2 * DAY, True)
    full = await office.write(Choice.ME, said("of an older day"), user_id=WREN)
    assert (full.entry, full.late) == (None, True)
    changed = await office.write(Choice.ME, said("what was written may be changed at any time"))
    assert changed.entry is not None
    assert (changed.entry.day, changed.late) == (MONDAY, False)


async def test_a_removed_checkin_keeps_its_entries_and_a_foreign_one_is_none(office: Office) -> None:
    async with office.database.write() as writer:
        await office.schedules.delete(writer, HERE, SCHEDULE)
    assert (await office.written()).schedule_id == SCHEDULE
    mark = set_mark(SET)
    foreign = await office.written(Choice.ME, slot=Slot(99, mark, MONDAY, MONDAY))
    assert (foreign.schedule_id, foreign.post_day) == (0, None)


async def test_held_back_is_kept_alone_until_its_writer_decides(office: Office) -> None:
    entry = await office.written(Choice.GROUP_REPLY, held=True)
    assert (entry.choice, entry.held, entry.place, entry.asked_at) == (
        Choice.ME, Choice.GROUP_REPLY, Place.NOWHERE, None,
    )  # fmt: skip
    assert await office.jobs("checkins.entry", "checkins.look") == []
    shared = await office.changes.choose(HERE, ROBIN, entry.entry_id, Choice.GROUP_REPLY, edition=entry.edition)
    assert (shared.choice, shared.held, shared.place) == (Choice.GROUP_REPLY, None, Place.GROUP)
    assert shared.asked_at == EVENING
    again = await office.changes.choose(HERE, ROBIN, entry.entry_id, Choice.GROUP_REPLY, edition=entry.edition)
    assert again.edition == shared.edition  # a second press


async def test_an_edit_that_is_held_back_takes_the_post_down(office: Office) -> None:
    entry = await office.written()
    await office.deliver()
    held = await office.written(Choice.GROUP, said("not now"), held=True)
    assert (held.choice, held.held, held.entry_id) == (Choice.ME, Choice.GROUP, entry.entry_id)
    await office.deliver()
    assert office.sender.papers == []
    assert (await office.row(entry)).words == (said("not now"),)


async def test_a_preview_of_other_words_shares_nothing(office: Office) -> None:
    entry = await office.written(Choice.ME)
    await office.written(Choice.ME, said("changed on another phone"))
    with pytest.raises(Refusal) as refused:
        await office.changes.choose(HERE, ROBIN, entry.entry_id, Choice.GROUP, edition=entry.edition)
    assert refused.value.key == "checkin_entry.changed"
    assert await office.jobs("checkins.entry") == []


@pytest.mark.parametrize(("guild_id", "user_id"), [(HERE, WREN), (THERE, ROBIN)])
async def test_nobody_else_changes_or_reads_it(office: Office, guild_id: int, user_id: int) -> None:
    entry = await office.written()
    async with office.database.write() as writer:
        await office.consents.agree(writer, guild_id, user_id)
    changes = office.changes
    for attempt in (
        office.entries.own(guild_id, user_id, entry.entry_id),
        changes.choose(guild_id, user_id, entry.entry_id, Choice.TEAM, edition=1),
        changes.keep_alone(guild_id, user_id, entry.entry_id),
        changes.show_numbers(guild_id, user_id, entry.entry_id, shown=True),
        changes.try_again(guild_id, user_id, entry.entry_id),
    ):
        with pytest.raises(Refusal):
            await attempt
    await changes.delete(guild_id, user_id, entry.entry_id)
    assert await office.row(entry) == replace(entry, outline=(said(""),))


async def test_sharing_needs_consent_and_taking_back_never_does(office: Office) -> None:
    entry = await office.written()
    async with office.database.write() as writer:
        await writer.execute("DELETE FROM consents WHERE user_id = $1", ROBIN)
    with pytest.raises(ConditionFailed):
        await office.changes.choose(HERE, ROBIN, entry.entry_id, Choice.TEAM, edition=1)
    with pytest.raises(ConditionFailed):
        await office.changes.show_numbers(HERE, ROBIN, entry.entry_id, shown=True)
    assert (await office.changes.show_numbers(HERE, ROBIN, entry.entry_id, shown=False)).edition == 1
    assert (await office.changes.keep_alone(HERE, ROBIN, entry.entry_id)).choice is Choice.ME


@pytest.mark.parametrize("choice", [Choice.GROUP, Choice.GROUP_REPLY])
async def test_deleting_leaves_nothing_and_counts_anew(office: Office, choice: Choice) -> None:
    entry = await office.written(choice)
    await office.deliver()
    post = (await office.row(entry)).post
    assert post is not None
    async with office.database.write() as writer:
        await writer.execute("DELETE FROM jobs WHERE kind = $1", "checkins.count")
    await office.changes.delete(HERE, ROBIN, entry.entry_id)
    await office.changes.delete(HERE, ROBIN, entry.entry_id)  # twice is harmless
    async with office.database.read() as reader:
        assert await office.store.days_done(reader, HERE, ROBIN) == set()
    assert len(await office.jobs("checkins.count")) == 1
    assert await office.jobs("checkins.tidy")  # what the bot said about it goes, also where nothing was asked
    [gone] = await office.jobs("checkins.entry_gone")
    assert Post(gone.payload["channel"], gone.payload["message"]) == post
    office.sender.down = True
    await office.deliver()
    assert office.sender.papers
    office.sender.down = False
    await office.deliver()
    assert office.sender.papers == []


def test_a_slot_fits_an_id_and_comes_back() -> None:
    slot = Slot(2**63 - 1, set_mark("own-" + "x" * 36), date.max, date.max, alone=True)
    assert Slot.of(slot.key) == slot
    assert len(slot.key) <= 58
    assert Slot.of(Slot(0, set_mark(SET), MONDAY).key) == Slot(0, set_mark(SET), MONDAY)
    key = EntryKey(2**63 - 1, 12, "team_reach_out")
    assert EntryKey.of(key.key) == key
    for broken in (
        "",
        "1.2.3",
        "x.y.z.a.b.c",
        "zzzzzzzzzzzzzz.ab.1.",
        "1.ab.0.",
        "1.ab.zzzzzzzz.",
        "1.A!.7.",
        "-1.ab.7.",
    ):
        with pytest.raises(Refusal):
            Slot.of(broken)
    for broken in ("", "9", "9.", ".9", "a.-1.x"):
        with pytest.raises(Refusal):
            EntryKey.of(broken)


async def test_answers_to_questions_that_are_asked_no_more_stay(office: Office) -> None:
    other = replace(mood(2), question_id="energy", role="")
    await office.written(Choice.ME, mood(3), other, said("old", "rose"))
    changed = await office.written(Choice.ME, mood(4), said("new"))
    assert changed.marks == (mood(4), other)
    assert changed.words == (said("new"), said("old", "rose"))
    assert changed.mood == 4


async def test_an_answer_to_a_question_taken_out_meanwhile_replaces_the_one_before(office: Office) -> None:
    await office.written(Choice.ME, said("old", "rose"))
    changed = await office.written(Choice.ME, said("new", "rose"))
    assert changed.words == (said("new", "rose"),)
