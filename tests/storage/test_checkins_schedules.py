"""The tables of check-ins and of a group's settings, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import Database, SealBroken, Vault
from bot.storage.address import sqlite_path
from cogs.checkins.store.groups import GroupSettings, GroupStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore

HERE, THERE = 1_000 << 22, 2_000 << 22
KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
OTHER_KEY = "4q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
CANARY = "Nightjar evening"
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ONE = CheckinSchedule(
    91, HERE, CANARY, 1 << 60, 1439, "America/Argentina/Buenos_Aires", frozenset({0, 6}), "own-abc", thread=True,
    prompts=False, edition=1 << 61, settled_day=date(2026, 1, 14),
)  # fmt: skip
TWO = replace(
    ONE, schedule_id=7, name="Morning", timezone=None, weekdays=frozenset(range(7)), thread=False, prompts=True
)


@pytest.fixture
def store() -> ScheduleStore:
    return ScheduleStore(Vault.from_keys([KEY]))


async def test_everything_comes_back_as_it_was_kept(database: Database, store: ScheduleStore) -> None:
    paused = replace(TWO, paused=True, paused_until=date(2026, 2, 1), trouble="forbidden", trouble_day=date(2026, 1, 9))
    async with database.write() as writer:
        await store.put(writer, ONE, NOW)
        await store.put(writer, paused, LATER)
    async with database.read() as reader:
        assert await store.all_of(reader, HERE) == (ONE, paused)
        assert await store.get(reader, HERE, 91) == ONE
        assert await store.get(reader, HERE, 92) is None
    async with database.write() as writer:
        assert await store.all_of(writer, HERE, database.row_lock) == (ONE, paused)
        assert await store.get(writer, HERE, 7, database.row_lock) == paused


async def test_a_change_keeps_its_place_in_the_order(database: Database, store: ScheduleStore) -> None:
    changed = replace(
        ONE, name="Dusk", channel_id=5, minute=0, timezone=None, weekdays=frozenset({2}), thread=False, prompts=True,
        question_set="gratitude", edition=2, settled_day=date(2026, 1, 20), paused=True,
    )  # fmt: skip
    async with database.write() as writer:
        await store.put(writer, ONE, NOW)
        await store.put(writer, TWO, LATER)
        await store.put(writer, changed, LATER + timedelta(days=1))
        assert await store.all_of(writer, HERE) == (changed, TWO)


async def test_another_groups_check_in_is_neither_seen_nor_changed(database: Database, store: ScheduleStore) -> None:
    async with database.write() as writer:
        await store.put(writer, ONE, NOW)
        await store.put(writer, replace(ONE, guild_id=THERE, name="Theirs"), NOW)
        assert await store.get(writer, THERE, 91) is None
        assert await store.all_of(writer, THERE) == ()
        assert not await store.delete(writer, THERE, 91)
        assert await store.all_of(writer, HERE) == (ONE,)
        assert await store.delete(writer, HERE, 91)
        assert not await store.delete(writer, HERE, 91)


async def test_what_is_settled_never_goes_back(database: Database, store: ScheduleStore) -> None:
    async with database.write() as writer:
        await store.put(writer, ONE, NOW)
        await store.settle(writer, 91, date(2026, 1, 16))
        await store.settle(writer, 91, date(2026, 1, 15))
        kept = await store.get(writer, HERE, 91)
    assert kept is not None
    assert kept.settled_day == date(2026, 1, 16)


async def test_a_trouble_is_new_once_and_mended(database: Database, store: ScheduleStore) -> None:
    async with database.write() as writer:
        await store.put(writer, ONE, NOW)
        await store.put(writer, TWO, NOW)
        assert await store.trouble(writer, 91, "forbidden", date(2026, 1, 15))
        assert not await store.trouble(writer, 91, "forbidden", date(2026, 1, 16))
        assert await store.trouble(writer, 91, "thread", date(2026, 1, 17))
        kept, other = await store.get(writer, HERE, 91), await store.get(writer, HERE, 7)
        assert kept is not None
        assert other is not None
        assert (kept.trouble, kept.trouble_day, other.trouble) == ("thread", date(2026, 1, 17), None)
        await store.mended(writer, 91)
        assert await store.get(writer, HERE, 91) == ONE


async def test_names_are_sealed(database: Database, store: ScheduleStore) -> None:
    async with database.write() as writer:
        await store.put(writer, ONE, NOW)
        assert CANARY not in await writer.fetch_value("SELECT name_sealed FROM checkin_schedules")
        with pytest.raises(SealBroken):
            await ScheduleStore(Vault.from_keys([OTHER_KEY])).all_of(writer, HERE)


async def test_a_name_is_nowhere_in_the_file(sqlite_database: Database, sqlite_url: str, store: ScheduleStore) -> None:
    async with sqlite_database.write() as writer:
        await store.put(writer, ONE, NOW)
    path: Path = sqlite_path(sqlite_url)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
    assert b"Buenos_Aires" in kept  # what is in the clear is found where this test looks
    assert CANARY.encode() not in kept


async def test_a_reset_takes_this_groups_check_ins_alone(database: Database, store: ScheduleStore) -> None:
    theirs = replace(TWO, schedule_id=8, guild_id=THERE)
    async with database.write() as writer:
        for one in (ONE, TWO, theirs):
            await store.put(writer, one, NOW)
        assert await store.delete_all(writer, HERE) == 2
        assert await store.all_of(writer, HERE) == ()
        assert await store.all_of(writer, THERE) == (theirs,)


async def test_a_groups_settings_stand_at_the_usual_until_chosen(database: Database) -> None:
    store, chosen = GroupStore(), GroupSettings(HERE, 120, 1 << 60, 1 << 61)
    async with database.write() as writer:
        assert await store.get(writer, HERE) == GroupSettings(HERE, 45, None, 0)
        await store.put(writer, chosen, NOW)
        await store.put(writer, GroupSettings(THERE, 10), NOW)
        assert await store.get(writer, HERE, database.row_lock) == chosen
        await store.put(writer, replace(chosen, weekly_channel_id=None, edition=3), LATER)
        assert await store.get(writer, HERE) == GroupSettings(HERE, 120, None, 3)
        await store.delete(writer, HERE)
        assert await store.get(writer, HERE) == GroupSettings(HERE)
        assert await store.get(writer, THERE) == GroupSettings(THERE, 10)
