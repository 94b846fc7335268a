"""An entry's post becomes what the entry says, once: also after lost answers, refusals, removals, crossing changes."""

import asyncio
from dataclasses import replace

import pytest

from bot.storage import Database
from cogs.checkins.rules import Choice, Place
from cogs.checkins.store.entries import Entry
from tests.unit.checkins.entering import (
    CANARY,
    CARE,
    CHANNEL,
    CHECKINS,
    EVENING,
    HERE,
    ROBIN,
    SCHEDULE,
    THREAD,
    Office,
    said,
)
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

ENTRY, GONE, UNKEPT = "checkins.entry", "checkins.entry_gone", "checkins.unkept"


@pytest.fixture
async def office(database: Database) -> Office:
    return await Office(database).open()


async def posted(office: Office, choice: Choice = Choice.GROUP) -> Entry:
    entry = await office.written(choice)
    await office.deliver(ENTRY)
    return await office.row(entry)


async def test_a_post_stands_where_it_belongs_and_holds_the_only_words(office: Office) -> None:
    entry = await posted(office)
    [paper] = office.sender.papers
    assert (paper.channel_id, paper.message_id) == (THREAD, entry.message_id)
    assert CANARY in paper.words
    assert f"<@{ROBIN}>" in paper.words
    assert "So-so" not in paper.words  # numbers stay with their writer
    assert (entry.words, entry.place) == (None, Place.GROUP)
    assert [one.shown for one in await office.words.of(entry) or ()] == [CANARY]
    assert await office.jobs(ENTRY, UNKEPT) == []


async def test_the_team_sees_all_of_it_in_care(office: Office) -> None:
    await posted(office, Choice.TEAM_REACH_OUT)
    [paper] = office.sender.papers
    assert paper.channel_id == CARE
    assert "So-so" in paper.words
    assert CANARY in paper.words


async def test_numbers_are_shown_and_hidden_on_the_post_that_stands(office: Office) -> None:
    entry = await posted(office)
    for shown in (True, False):
        await office.changes.show_numbers(HERE, ROBIN, entry.entry_id, shown=shown)
        await office.deliver(ENTRY)
        [paper] = office.sender.papers
        assert ("So-so" in paper.words) is shown
        assert CANARY in paper.words  # read from the post: the row has none


async def test_an_edit_redraws_and_drops_the_words_again(office: Office) -> None:
    entry = await posted(office)
    await office.written(Choice.GROUP, said("second thoughts"))
    assert (await office.row(entry)).words == (said("second thoughts"),)
    await office.deliver(ENTRY)
    [paper] = office.sender.papers
    assert "second thoughts" in paper.words
    assert paper.message_id == entry.message_id
    assert (await office.row(entry)).words is None


async def test_a_move_deletes_first_and_then_makes(office: Office) -> None:
    entry = await posted(office)
    words = await office.words.of(entry)
    await office.changes.choose(HERE, ROBIN, entry.entry_id, Choice.TEAM, edition=entry.edition, words=words)
    office.sender.refused[CARE] = "no_permission"
    await office.deliver(ENTRY)
    assert office.sender.papers == []  # less is shown, never both
    moved = await office.row(entry)
    assert (moved.place, moved.words) == (Place.NOWHERE, words)
    assert office.gave_up == ["no_permission"]
    office.sender.refused.clear()
    await office.changes.try_again(HERE, ROBIN, entry.entry_id)
    await office.deliver(ENTRY)
    [paper] = office.sender.papers
    assert (paper.channel_id, CANARY in paper.words) == (CARE, True)


async def test_taking_back_deletes_the_post_and_keeps_the_words(office: Office) -> None:
    entry = await posted(office)
    await office.changes.keep_alone(HERE, ROBIN, entry.entry_id, await office.words.of(entry))
    office.sender.down = True
    await office.deliver(ENTRY)
    assert len(office.sender.papers) == 1
    office.sender.down = False
    await office.deliver(ENTRY)
    assert office.sender.papers == []
    kept = await office.row(entry)
    assert (kept.choice, kept.place, kept.post, [one.shown for one in kept.words or ()]) == (
        Choice.ME, Place.NOWHERE, None, [CANARY],
    )  # fmt: skip


async def test_a_lost_answer_posts_once(office: Office) -> None:
    office.sender.lose = 1
    entry = await office.written()
    await office.deliver(ENTRY)
    await office.later(3)
    await office.deliver(UNKEPT)  # its delivery is still on the way: the post stays
    assert len(office.sender.papers) == 1
    await office.deliver(ENTRY)
    assert len(office.sender.papers) == 1
    assert (await office.row(entry)).message_id == office.sender.papers[0].message_id
    await office.deliver(UNKEPT)
    assert len(office.sender.papers) == 1


async def test_a_change_after_a_lost_answer_draws_the_post_that_is_there(office: Office) -> None:
    office.sender.lose = 1
    await office.written()
    await office.deliver(ENTRY)
    entry = await office.written(Choice.GROUP, said("second thoughts"))
    await office.deliver(ENTRY)
    [paper] = office.sender.papers
    assert "second thoughts" in paper.words
    assert (await office.row(entry)).words is None


async def test_what_was_erased_while_it_was_posted_is_deleted(office: Office) -> None:
    entry = await office.written()

    async def erase() -> None:
        async with office.database.write() as writer:
            await office.store.delete(writer, entry.entry_id)

    office.sender.posting.append(erase)
    await office.deliver(ENTRY)
    assert office.sender.papers == []


async def test_what_was_erased_after_a_lost_answer_is_deleted_later(office: Office) -> None:
    office.sender.lose = 1
    entry = await office.written()
    await office.deliver(ENTRY)
    async with office.database.write() as writer:
        await office.store.delete(writer, entry.entry_id)
    await office.deliver(ENTRY)
    assert len(office.sender.papers) == 1
    await office.later(3)
    await office.deliver(UNKEPT)
    assert office.sender.papers == []


async def test_taken_back_after_a_lost_answer_it_is_deleted_later(office: Office) -> None:
    office.sender.lose = 1
    entry = await office.written()
    await office.deliver(ENTRY)
    await office.changes.keep_alone(HERE, ROBIN, entry.entry_id)
    await office.deliver(ENTRY)
    await office.later(3)
    await office.deliver(UNKEPT)
    assert office.sender.papers == []
    assert (await office.row(entry)).words == (said(CANARY),)


async def test_taken_back_while_it_is_being_posted_it_goes_again(office: Office) -> None:
    entry = await office.written()
    turns: list[asyncio.Task[int]] = []

    async def take_back() -> None:
        office.sender.posting.clear()
        await office.changes.keep_alone(HERE, ROBIN, entry.entry_id)
        turns.append(asyncio.create_task(office.deliver(ENTRY)))

    office.sender.posting.append(take_back)
    await office.deliver(ENTRY)
    await asyncio.gather(*turns)
    await office.deliver(ENTRY)
    kept = await office.row(entry)
    assert office.sender.papers == []
    assert (kept.choice, kept.post, kept.place) == (Choice.ME, None, Place.NOWHERE)
    assert kept.words == (said(CANARY),)


async def test_two_editions_at_once_make_one_post(office: Office) -> None:
    await office.written()
    entry = await office.written(Choice.GROUP, said("second thoughts"))
    await asyncio.gather(office.deliver(ENTRY), office.deliver(ENTRY))
    [paper] = office.sender.papers
    assert "second thoughts" in paper.words
    assert (await office.row(entry)).message_id == paper.message_id


async def test_a_post_that_the_team_removed_is_not_made_again_by_an_edit(office: Office) -> None:
    entry = await posted(office, Choice.GROUP_REPLY)
    office.sender.papers.clear()
    await office.later(5)
    edited = await office.written(Choice.GROUP_REPLY, said("second thoughts"))
    await office.deliver(ENTRY)
    lost = await office.row(entry)
    assert office.sender.papers == []
    assert (lost.place, lost.post, lost.words) == (Place.NOWHERE, None, (said("second thoughts"),))
    assert (edited.asked_at, office.clock.now()) in await office.looks()  # nobody sees it: the team hears at once
    await office.written(Choice.GROUP_REPLY, said("third thoughts"))
    await office.deliver(ENTRY)
    assert office.sender.papers == []
    await office.written(Choice.TEAM_REACH_OUT, said("third thoughts"))
    await office.deliver(ENTRY)
    assert [paper.channel_id for paper in office.sender.papers] == [CARE]


async def test_a_wish_for_a_post_that_is_gone_is_looked_at_at_once(office: Office) -> None:
    entry = await posted(office)
    office.sender.papers.clear()
    await office.written(Choice.GROUP, said("second thoughts"))
    await office.deliver(ENTRY)
    await office.later(5)
    asked = await office.written(Choice.GROUP_REPLY, said("second thoughts"))
    assert asked.entry_id == entry.entry_id
    assert await office.looks() == [(office.clock.now(), office.clock.now())]


async def test_words_that_went_with_a_removed_post_are_gone_and_the_rest_stays(office: Office) -> None:
    entry = await posted(office)
    office.sender.papers.clear()
    await office.changes.show_numbers(HERE, ROBIN, entry.entry_id, shown=True)
    await office.deliver(ENTRY)
    lost = await office.row(entry)
    assert (lost.place, lost.words, lost.marks != ()) == (Place.NOWHERE, None, True)
    assert await office.words.of(lost) is None
    assert office.gave_up == []


@pytest.mark.parametrize(
    ("refused", "where"),
    [
        ({}, THREAD),
        ({THREAD: "unknown_channel"}, CHANNEL),
        ({THREAD: "no_permission"}, CHANNEL),
        ({THREAD: "unknown_channel", CHANNEL: "unknown_channel"}, CHECKINS),
    ],
)
async def test_it_stands_in_for_a_place_that_is_gone(office: Office, refused: dict[int, str], where: int) -> None:
    office.sender.refused = refused
    entry = await posted(office)
    assert [paper.channel_id for paper in office.sender.papers] == [where]
    assert entry.channel_id == where
    assert await office.jobs(UNKEPT) == []


async def test_a_forbidden_channel_is_not_replaced_by_another(office: Office) -> None:
    office.sender.refused = {THREAD: "unknown_channel", CHANNEL: "no_permission"}
    entry = await posted(office, Choice.GROUP_REPLY)
    assert office.sender.papers == []
    assert office.gave_up == ["no_permission"]
    assert (entry.place, entry.words) == (Place.NOWHERE, (said(CANARY),))
    assert (EVENING, EVENING) in await office.looks()
    assert not entry.told
    assert await office.jobs(UNKEPT) == []


async def test_without_a_care_channel_it_is_refused_and_kept(office: Office) -> None:
    async with office.database.write() as writer:
        await writer.execute("DELETE FROM guild_channels WHERE purpose = $1", "care")
    entry = await posted(office, Choice.TEAM)
    assert (office.gave_up, entry.place, entry.words) == (["unknown_channel"], Place.NOWHERE, (said(CANARY),))


async def test_without_a_post_of_the_day_it_stands_in_the_checkins_channel(office: Office) -> None:
    slotless = await office.written()
    async with office.database.write() as writer:
        await office.store.put(writer, replace(slotless, post_day=None))
        await office.schedules.delete(writer, HERE, SCHEDULE)
    await office.deliver(ENTRY)
    assert [paper.channel_id for paper in office.sender.papers] == [CHECKINS]


async def test_a_refused_deletion_stays_known_and_the_team_is_told(office: Office) -> None:
    entry = await posted(office)
    await office.changes.keep_alone(HERE, ROBIN, entry.entry_id, await office.words.of(entry))
    office.sender.refuse_delete = "no_access"
    await office.deliver(ENTRY)
    stays = await office.row(entry)
    assert office.gave_up == ["no_access"]
    assert (stays.choice, stays.post) == (Choice.ME, entry.post)


async def test_another_servers_job_delivers_nothing(office: Office) -> None:
    await office.written()
    [job] = await office.jobs(ENTRY)
    run = next(kind.run for kind in office.delivery.kinds() if kind.name == ENTRY)
    await run(replace(job, guild_id=HERE + 1))
    assert office.sender.papers == []


async def test_jobs_carry_ids_and_no_words(office: Office) -> None:
    office.sender.lose = 1
    await office.written(Choice.GROUP_REPLY)
    await office.deliver()
    async with office.database.read() as reader:
        rows = await reader.fetch_all("SELECT payload, dedupe_key FROM jobs")
    assert rows
    assert not any("canary" in f"{row['payload']}{row['dedupe_key']}" for row in rows)
