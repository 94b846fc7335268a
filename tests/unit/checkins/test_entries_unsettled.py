"""A change that shows nothing new, made while an earlier one is still on its way: the earlier one is not forgotten."""

from datetime import timedelta

import pytest

from bot.storage import Database
from cogs.checkins.rules import Choice, Place
from tests.unit.checkins.entering import CANARY, CARE, HERE, ROBIN, THREAD, Office, mood, said
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

ENTRY, UNKEPT = "checkins.entry", "checkins.unkept"


@pytest.fixture
async def office(database: Database) -> Office:
    return await Office(database).open()


async def test_the_same_words_sent_twice_are_posted_once(office: Office) -> None:
    await office.written(Choice.GROUP_REPLY)
    entry = await office.written(Choice.GROUP_REPLY)
    await office.deliver()
    [paper] = office.sender.papers
    assert (paper.channel_id, CANARY in paper.words) == (THREAD, True)
    assert (await office.row(entry)).message_id == paper.message_id


async def test_what_was_taken_back_goes_though_its_private_words_were_changed_meanwhile(office: Office) -> None:
    entry = await office.written(Choice.GROUP)
    await office.deliver()
    office.sender.down = True
    await office.changes.keep_alone(HERE, ROBIN, entry.entry_id, (said(CANARY),))
    await office.deliver()
    await office.written(Choice.ME, said("for me alone"))
    office.sender.down = False
    await office.deliver()
    assert office.sender.papers == []
    assert (await office.row(entry)).words == (said("for me alone"),)


async def test_a_move_arrives_though_the_form_was_sent_again_meanwhile(office: Office) -> None:
    entry = await office.written(Choice.GROUP)
    await office.deliver()
    office.sender.down = True
    await office.written(Choice.TEAM)
    await office.deliver()
    await office.written(Choice.TEAM)
    office.sender.down = False
    await office.deliver()
    [paper] = office.sender.papers
    assert (paper.channel_id, CANARY in paper.words) == (CARE, True)
    assert (await office.row(entry)).place is Place.CARE


async def test_changed_words_arrive_though_the_form_was_sent_again_meanwhile(office: Office) -> None:
    entry = await office.written(Choice.GROUP)
    await office.deliver()
    office.sender.down = True
    for _ in range(2):
        await office.written(Choice.GROUP, said("without her name"))
        await office.deliver()
    office.sender.down = False
    await office.deliver()
    [paper] = office.sender.papers
    assert ("without her name" in paper.words, CANARY in paper.words) == (True, False)
    assert (await office.row(entry)).words is None


async def test_what_is_taken_back_and_changed_while_it_is_being_posted_goes(office: Office) -> None:
    entry = await office.written(Choice.GROUP)

    async def taken_back() -> None:
        await office.changes.keep_alone(HERE, ROBIN, entry.entry_id)
        await office.written(Choice.ME, mood(2), said("for me alone"))

    office.sender.posting = [taken_back]
    for _ in range(3):
        await office.deliver(ENTRY)
    assert office.sender.papers == []
    kept = await office.row(entry)
    assert (kept.post, kept.words) == (None, (said("for me alone"),))


async def test_what_another_process_took_back_while_it_was_being_posted_goes(office: Office) -> None:
    entry = await office.written(Choice.GROUP)
    elsewhere = office.another()

    async def taken_back() -> None:
        await office.changes.keep_alone(HERE, ROBIN, entry.entry_id)
        await elsewhere.deliver(ENTRY)  # a second process: it finds nothing to delete yet

    office.sender.posting = [taken_back]
    for _ in range(2):
        await office.deliver(ENTRY)
    assert office.sender.papers == []
    assert (await office.row(entry)).post is None


async def test_a_post_that_may_stand_is_watched_for_as_long_as_its_delivery_tries(office: Office) -> None:
    entry = await office.written(Choice.GROUP)
    office.sender.down = True
    await office.deliver(ENTRY)
    await office.later(5)
    office.sender.down = False
    await office.deliver(UNKEPT)  # nothing stands yet, but the delivery will try again
    office.sender.lose = 1
    await office.deliver(ENTRY)  # posted, and its answer is lost
    await office.changes.delete(HERE, ROBIN, entry.entry_id)
    office.clock.advance(timedelta(minutes=5))
    await office.deliver()
    assert office.sender.papers == []
