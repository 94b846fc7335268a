"""Reminders, skips, offers and kept totals, on both engines."""

from datetime import UTC, date, datetime

import pytest

from bot.storage import Database
from cogs.checkins.rules import Rhythm, Run
from cogs.checkins.store.people import EVERY_DAY, PeopleStore, Person

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN = 11 << 22, 12 << 22
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)


@pytest.fixture
def store() -> PeopleStore:
    return PeopleStore()


async def test_somebody_new_has_the_defaults(database: Database, store: PeopleStore) -> None:
    async with database.read() as reader:
        assert await store.get(reader, HERE, ROBIN) == Person(HERE, ROBIN)
        assert await store.skipped(reader, HERE, ROBIN) == set()
        assert await store.moods(reader, HERE, ROBIN) == {}


async def test_a_reminder_is_kept_changed_and_found_by_its_edition_alone(
    database: Database, store: PeopleStore
) -> None:
    async with database.write() as writer:
        await store.remind(writer, HERE, ROBIN, 0, {0, 6}, 7, NOW)
        assert await store.failed(writer, HERE, ROBIN, 7) == 1
        assert await store.get(writer, HERE, ROBIN) == Person(
            HERE, ROBIN, remind_minute=0, remind_days=frozenset({0, 6}), remind_edition=7, remind_failures=1
        )
        await store.remind(writer, HERE, ROBIN, 1439, EVERY_DAY, 8, NOW)
        found = await store.reminded_by(writer, HERE, 8, database.row_lock)
        assert found is not None
        assert (found.user_id, found.remind_minute, found.remind_days, found.remind_failures) == (
            ROBIN, 1439, EVERY_DAY, 0,
        )  # fmt: skip
        assert await store.reminded_by(writer, HERE, 7) is None
        assert await store.reminded_by(writer, THERE, 8) is None


async def test_failures_count_for_the_edition_that_failed_and_a_success_forgets_them(
    database: Database, store: PeopleStore
) -> None:
    async with database.write() as writer:
        await store.remind(writer, HERE, ROBIN, 60, EVERY_DAY, 7, NOW)
        assert [await store.failed(writer, HERE, ROBIN, 7) for _ in range(2)] == [1, 2]
        assert await store.failed(writer, HERE, ROBIN, 6) == 0
        await store.reached(writer, HERE, ROBIN)
        assert await store.failed(writer, HERE, ROBIN, 7) == 1


async def test_what_ended_by_itself_is_owed_a_word_once(database: Database, store: PeopleStore) -> None:
    async with database.write() as writer:
        assert not await store.remind_no_more(writer, HERE, ROBIN, NOW, owed=True)
        await store.remind(writer, HERE, ROBIN, 60, EVERY_DAY, 7, NOW)
        assert await store.remind_no_more(writer, HERE, ROBIN, NOW, owed=True)
        assert not await store.remind_no_more(writer, HERE, ROBIN, NOW, owed=False)  # there is none: the word stays
        assert await store.reminded_by(writer, HERE, 7) is None
        assert (await store.get(writer, HERE, ROBIN)).remind_ended
        assert await store.told(writer, HERE, ROBIN)
        assert not await store.told(writer, HERE, ROBIN)
        assert not await store.told(writer, HERE, WREN)


async def test_parts_change_alone(database: Database, store: PeopleStore) -> None:
    kept = Rhythm(9, 0.1234567890123456, Run(2, TODAY, TODAY), until=TODAY)
    async with database.write() as writer:
        await store.set_months(writer, HERE, ROBIN, 3, NOW)
        assert await store.alone(writer, HERE, ROBIN, NOW, database.row_lock) == Person(HERE, ROBIN, months=3)
        await store.offered(writer, HERE, ROBIN, TODAY)
        await store.keep(writer, HERE, ROBIN, kept)
        await store.remind(writer, HERE, ROBIN, 60, {3}, 7, NOW)
        await store.set_months(writer, HERE, ROBIN, None, NOW)
        assert await store.get(writer, HERE, ROBIN) == Person(
            HERE, ROBIN, remind_minute=60, remind_days=frozenset({3}), remind_edition=7, offer_day=TODAY, kept=kept
        )
        assert await store.get(writer, THERE, ROBIN) == Person(THERE, ROBIN)


@pytest.mark.parametrize("rhythm", [Rhythm(until=TODAY), Rhythm(3, 1.0, None, until=TODAY)])
async def test_a_rhythm_without_a_run_comes_back_as_it_was(
    database: Database, store: PeopleStore, rhythm: Rhythm
) -> None:
    async with database.write() as writer:
        await store.alone(writer, HERE, ROBIN, NOW, "")
        await store.keep(writer, HERE, ROBIN, rhythm)
        assert (await store.get(writer, HERE, ROBIN)).kept == rhythm


async def test_skips_are_somebodys_own_days(database: Database, store: PeopleStore) -> None:
    async with database.write() as writer:
        assert await store.skip(writer, HERE, ROBIN, TODAY, NOW)
        assert not await store.skip(writer, HERE, ROBIN, TODAY, NOW)
        assert await store.skip(writer, THERE, ROBIN, TODAY, NOW)
        assert await store.skipped(writer, HERE, ROBIN) == {TODAY}
        assert await store.skipped(writer, HERE, WREN) == set()
        assert await store.is_over(writer, HERE, ROBIN, TODAY)
        assert not await store.is_over(writer, HERE, WREN, TODAY)
        assert await store.unskip(writer, HERE, ROBIN, TODAY)
        assert not await store.unskip(writer, HERE, ROBIN, TODAY)
        assert not await store.is_over(writer, HERE, ROBIN, TODAY)
