"""The table of entries on both engines: what is kept, what is found, and that nobody's words lie open."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.storage import Database, Vault
from bot.storage.address import sqlite_path
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.answers import Given
from cogs.checkins.store.entries import EntryStore
from tests.unit.checkins.entering import CANARY, EVENING, HERE, KEY, MONDAY, ROBIN, THERE, WREN, made_entry, mood, said

DAY = timedelta(days=1)


@pytest.fixture
def store() -> EntryStore:
    return EntryStore(Vault.from_keys([KEY]))


async def test_an_entry_comes_back_as_it_was_kept(database: Database, store: EntryStore) -> None:
    ticked = Given("helped", "choices", "", "What helped?", None, "A walk · A call", (0, 2))
    whole = made_entry(
        marks=(mood(3), ticked), words=(said("one\ntwo"), said("\U0001f642 \u05e9\u05dc\u05d5\u05dd", "more")), sleep=2,
        urge=10, held=Choice.GROUP_REPLY, asked_at=EVENING, answered_at=EVENING + DAY, told=True, told_early=True,
        room_id=5, channel_id=6, message_id=7, numbers_shown=True, post_day=None,
    )  # fmt: skip
    async with database.write() as writer:
        assert await store.add(writer, whole)
    async with database.read() as reader:
        found = await store.get(reader, HERE, whole.entry_id)
    assert found == replace(whole, outline=tuple(replace(one, shown="") for one in whole.words or ()))
    bare = made_entry(entry_id=10, schedule_id=0, marks=(), words=(), choice=Choice.ME, place=Place.NOWHERE, mood=None)
    async with database.write() as writer:
        assert await store.add(writer, bare)
        assert await store.get(writer, HERE, 10) == bare


async def test_one_entry_a_person_checkin_and_day(database: Database, store: EntryStore) -> None:
    async with database.write() as writer:
        assert await store.add(writer, made_entry())
        assert not await store.add(writer, made_entry(entry_id=10, words=(said("another"),)))
        others: tuple[dict[str, Any], ...] = (
            {"user_id": WREN}, {"day": MONDAY - DAY}, {"schedule_id": 0}, {"guild_id": THERE},
        )  # fmt: skip
        for number, parts in enumerate(others, 11):
            assert await store.add(writer, made_entry(entry_id=number, **parts))
        found = await store.find(writer, HERE, ROBIN, made_entry().schedule_id, MONDAY, database.row_lock)
    assert found is not None
    assert found.words == (said(CANARY),)


async def test_another_servers_ids_open_nothing(database: Database, store: EntryStore) -> None:
    async with database.write() as writer:
        await store.put(writer, made_entry(channel_id=6, message_id=7, room_id=8, asked_at=EVENING))
    async with database.read() as reader:
        assert await store.get(reader, THERE, 9) is None
        assert await store.by_message(reader, THERE, 7) is None
        assert await store.by_room(reader, THERE, 8) is None
        assert await store.author_of(reader, THERE, 7) is None
        assert await store.waiting(reader, THERE) == ()
        assert await store.author_of(reader, HERE, 7) == ROBIN
        assert await store.author_of(reader, HERE, 8) is None
        assert (await store.by_message(reader, HERE, 7)) == (await store.by_room(reader, HERE, 8))


async def test_a_posts_words_are_dropped_with_the_edition_that_stands(database: Database, store: EntryStore) -> None:
    async with database.write() as writer:
        await store.put(writer, made_entry(edition=2))
        assert await store.posted(writer, 9, 1, Place.GROUP, 6, 7)  # an older edition stands: the newer words stay
        entry = await store.get(writer, HERE, 9)
        assert entry is not None
        assert (entry.words, entry.message_id) == ((said(CANARY),), 7)
        assert await store.posted(writer, 9, 2, Place.GROUP, 6, 7)
        entry = await store.get(writer, HERE, 9)
        assert entry is not None
        assert (entry.words, entry.outline) == (None, (replace(said(CANARY), shown=""),))
        assert entry.marks == (mood(3),)
        assert not await store.posted(writer, 9, 2, Place.GROUP, 6, 8)  # another post stands
        assert not await store.posted(writer, 10, 1, Place.GROUP, 6, 8)  # there is no such entry
        await store.put(writer, replace(entry, edition=3))  # a change without words keeps what they answer
        entry = await store.get(writer, HERE, 9)
        assert entry is not None
        assert entry.outline
        await store.unposted(writer, 9, Place.CARE)
        entry = await store.get(writer, HERE, 9)
        assert entry is not None
        assert (entry.place, entry.post) == (Place.CARE, None)


async def test_a_wish_is_opened_told_and_answered_once(database: Database, store: EntryStore) -> None:
    later = EVENING + timedelta(hours=1)
    async with database.write() as writer:
        await store.put(writer, made_entry())
        await store.put(writer, made_entry(entry_id=10, user_id=WREN, asked_at=EVENING))
        assert not await store.answer(writer, 9, later)
        await store.set_asked(writer, 9, later)
        assert [one.entry_id for one in await store.waiting(writer, HERE)] == [10, 9]
        await store.tell(writer, 9, True)
        await store.tell(writer, 10, False)
        first, second = await store.waiting(writer, HERE)
        assert (first.told, first.told_early, second.told, second.told_early) == (True, False, False, True)
        assert await store.answer(writer, 10, later)
        assert not await store.answer(writer, 10, later)
        assert [one.entry_id for one in await store.waiting(writer, HERE)] == [9]
        await store.room(writer, 9, 44)
        await store.set_asked(writer, 9, None)
        entry = await store.get(writer, HERE, 9)
    assert entry is not None
    assert (entry.asked_at, entry.told_early, entry.room_id) == (None, False, 44)


async def test_days_counts_and_pages(database: Database, store: EntryStore) -> None:
    async with database.write() as writer:
        for number in range(6):
            day = MONDAY - (number // 2) * DAY
            await store.put(
                writer, made_entry(entry_id=20 + number, day=day, post_day=day, schedule_id=501 * (number % 2))
            )
        await store.put(writer, made_entry(entry_id=40, user_id=WREN))
        days = {MONDAY, MONDAY - DAY, MONDAY - 2 * DAY}
        assert await store.days_done(writer, HERE, ROBIN) == days
        assert await store.schedules_answered(writer, HERE, ROBIN) == {501: MONDAY - 2 * DAY}
        assert await store.count(writer, 501, MONDAY) == 2
        assert await store.count(writer, 501, date(2020, 1, 1)) == 0
        assert [one.entry_id for one in await store.of_day(writer, HERE, ROBIN, MONDAY)] == [20, 21]
        between = await store.between(writer, HERE, ROBIN, MONDAY - DAY, MONDAY)
        assert [one.entry_id for one in between] == [22, 23, 20, 21]
        first = await store.page(writer, HERE, ROBIN, None, 4)
        assert [one.entry_id for one in first] == [21, 20, 23, 22]
        rest = await store.page(writer, HERE, ROBIN, (first[-1].day, first[-1].entry_id), 4)
        assert [one.entry_id for one in rest] == [25, 24]
        await store.delete(writer, 20)
        assert await store.count(writer, 0, MONDAY) == 0


async def test_nobodys_words_or_ticks_are_in_the_file(sqlite_database: Database, sqlite_url: str) -> None:
    store = EntryStore(Vault.from_keys([KEY]))
    ticked = Given("helped", "choices", "", "What helped?", None, CANARY, (0,))
    async with sqlite_database.write() as writer:
        await store.put(writer, made_entry(marks=(ticked,)))
    path: Path = sqlite_path(sqlite_url)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
    assert b"how-am-i-today" in kept  # what is in the clear is found where this test looks
    assert CANARY.encode() not in kept
