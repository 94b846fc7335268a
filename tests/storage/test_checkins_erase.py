"""Erasing somebody's check-ins on both engines while a delivery, a reply or a note to the team is just being kept."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.contracts import Erased, Post
from bot.ids import Ids
from bot.members import Members
from bot.members.owner import MemberData
from bot.storage import Database, Vault, Writer
from cogs.checkins.rules import Choice, Place
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.owner import CheckinData
from cogs.checkins.store.replies import TOLD, Note, Reply, ReplyStore
from tests.clock import FakeClock
from tests.unit.checkins.entering import EVENING, HERE, KEY, ROBIN, WREN, Office, made_entry

CHANNEL, MESSAGE = 6, 7
Keep = Callable[[Writer], Awaitable[object]]


async def crossing(database: Database, keep: Keep) -> Erased:
    """Erase Robin's check-ins while a block that began before is about to `keep` something of theirs."""
    data = CheckinData(Vault.from_keys([KEY]))

    async def erased() -> Erased:
        async with database.write() as writer:
            return await data.erase(writer, HERE, ROBIN)

    async with database.write() as writer:
        await keep(writer)
        erasing = asyncio.create_task(erased())
        await asyncio.wait({erasing}, timeout=0.2)  # it reads, and waits for the rows of this block
    return await erasing


async def test_a_post_kept_at_this_very_moment_is_named_and_deleted(database: Database) -> None:
    store = EntryStore(Vault.from_keys([KEY]))
    async with database.write() as writer:
        await store.put(writer, made_entry())
    done = await crossing(database, lambda writer: store.posted(writer, 9, 1, Place.GROUP, CHANNEL, MESSAGE))
    assert done.posts == (Post(CHANNEL, MESSAGE),)
    async with database.read() as reader:
        assert await store.get(reader, HERE, 9) is None


async def test_a_reply_kept_at_this_very_moment_is_named_and_deleted(database: Database) -> None:
    store = ReplyStore(Vault.from_keys([KEY]))
    async with database.write() as writer:
        await store.add(writer, Reply(5, HERE, ROBIN, 9, EVENING, "words"))
    done = await crossing(database, lambda writer: store.posted(writer, 5, CHANNEL, MESSAGE))
    assert done.posts == (Post(CHANNEL, MESSAGE),)


async def test_what_the_team_is_told_at_this_very_moment_goes(database: Database) -> None:
    office = await Office(database).open()
    entries, replies = office.store, ReplyStore(Vault.from_keys([KEY]))
    async with database.write() as writer:
        await entries.put(writer, made_entry(choice=Choice.GROUP_REPLY, asked_at=EVENING))

    async def told(writer: Writer) -> None:
        assert await entries.get(writer, HERE, 9, database.row_lock) is not None
        await replies.note(writer, Note(MESSAGE, HERE, 9, TOLD, CHANNEL, EVENING))

    done = await crossing(database, told)
    assert done.posts == (Post(CHANNEL, MESSAGE),)
    async with database.read() as reader:
        assert await replies.notes(reader, HERE, 9) == ()


async def test_a_form_that_is_kept_while_everything_is_erased_leaves_nothing(database: Database) -> None:
    office = await Office(database).open()
    vault = Vault.from_keys([KEY])
    owners = (MemberData(Members(database, vault, office.clock)), CheckinData(vault))  # as they are registered

    async def erased() -> None:
        async with database.write() as writer:
            for owner in owners:
                await owner.erase(writer, HERE, ROBIN)

    async with database.write(only_if=office.consents.condition(HERE, ROBIN)) as writer:
        erasing = asyncio.create_task(erased())
        await asyncio.wait({erasing}, timeout=0.2)
        await office.store.put(writer, made_entry())
    await erasing
    async with database.read() as reader:
        assert await office.store.get(reader, HERE, 9) is None


async def test_everything_of_theirs_goes_and_nothing_of_anybody_elses(database: Database) -> None:
    vault = Vault.from_keys([KEY])
    entries, replies = EntryStore(vault), ReplyStore(vault)
    mine, other = made_entry(channel_id=CHANNEL, message_id=1), made_entry(entry_id=10, user_id=WREN, message_id=2)
    async with database.write() as writer:
        for entry in (mine, replace(other, channel_id=CHANNEL)):
            await entries.put(writer, entry)
            await replies.note(writer, Note(20 + entry.entry_id, HERE, entry.entry_id, TOLD, CHANNEL, EVENING))
        for number, person in ((5, ROBIN), (6, WREN)):
            await replies.add(writer, Reply(number, HERE, person, 10, EVENING, "words"))
            await replies.posted(writer, number, CHANNEL, 30 + number)
        done = await CheckinData(vault).erase(writer, HERE, ROBIN)
    assert set(done.posts) == {Post(CHANNEL, 1), Post(CHANNEL, 29), Post(CHANNEL, 35)}
    assert done.rows == 2
    async with database.read() as reader:
        assert await entries.get(reader, HERE, 10) is not None
        assert [note.message_id for note in await replies.notes(reader, HERE, 10)] == [30]
        assert len(await replies.all_of(reader, HERE, WREN)) == 1


@pytest.mark.parametrize("people", [1, 700])
async def test_a_year_of_check_ins_is_erased_in_few_questions(database: Database, people: int) -> None:
    """Whoever waits for the receipt doesn't wait longer for every check-in they wrote."""
    ids = Ids(FakeClock(EVENING), random.Random(1))
    store = EntryStore(Vault.from_keys([KEY]))
    asked = 0

    class Counted:
        def __init__(self, writer: Writer) -> None:
            self._writer = writer

        def __getattr__(self, name: str) -> object:
            nonlocal asked
            asked += 1
            return getattr(self._writer, name)

    async with database.write() as writer:
        for number in range(people):
            await store.put(writer, made_entry(entry_id=ids.new(), schedule_id=number))
        await CheckinData(Vault.from_keys([KEY])).erase(Counted(writer), HERE, ROBIN)  # type: ignore[arg-type]
    assert asked < 20
