"""What a history reads, on both engines: one person's own entries in one server, in order, page by page."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.storage import Database, Vault
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.past import Extent, Mark, PastStore
from tests.unit.checkins.history_made import HERE, ROBIN, entry

KEY = "A" * 43 + "="
THERE, WREN = 2_000 << 22, 12 << 22
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
async def past(database: Database) -> PastStore:
    """Robin's 20 days here, two of them with two entries; beside them Wren's, and Robin's elsewhere."""
    entries = EntryStore(Vault.from_keys([KEY]))
    async with database.write() as writer:
        for back in range(0, 40, 2):
            day = TODAY - back * DAY
            await entries.put(writer, entry(day, mood=1 + back % 5, urge=back % 11))
        for back in (0, 10):
            again = entry(TODAY - back * DAY, entry_id=back + 1, schedule_id=7, sleep=2)
            await entries.put(writer, replace(again, written_at=again.written_at + timedelta(hours=2)))
        await entries.put(writer, replace(entry(TODAY, entry_id=900, mood=5), user_id=WREN))
        await entries.put(writer, replace(entry(TODAY - 99 * DAY, entry_id=901, mood=5), guild_id=THERE))
    return PastStore()


async def test_how_far_it_reaches(database: Database, past: PastStore) -> None:
    async with database.read() as reader:
        assert await past.extent(reader, HERE, ROBIN) == Extent(22, TODAY - 38 * DAY, TODAY)
        assert await past.extent(reader, HERE, WREN) == Extent(1, TODAY, TODAY)
        assert await past.extent(reader, THERE, WREN) is None


async def test_numbers_come_in_the_order_they_were_given(database: Database, past: PastStore) -> None:
    async with database.read() as reader:
        marks = await past.marks(reader, HERE, ROBIN, TODAY - 2 * DAY, TODAY)
        assert marks == (
            Mark(TODAY - 2 * DAY, {"mood": 3, "urge": 2}),
            Mark(TODAY, {"mood": 1, "urge": 0}),
            Mark(TODAY, {"sleep": 2}),
        )
        assert await past.marks(reader, THERE, WREN, TODAY - 99 * DAY, TODAY) == ()


async def test_pages_meet_without_a_gap_or_a_double(database: Database, past: PastStore) -> None:
    seen: list[int] = []
    async with database.read() as reader:
        for skip in range(0, 24, 8):
            page = await past.page(reader, HERE, ROBIN, TODAY - 38 * DAY, TODAY, skip=skip, limit=8)
            days = list(page.values())
            assert days == sorted(days, reverse=True)
            seen += page
    assert len(seen) == len(set(seen)) == 22
    assert seen[:2] == [1, TODAY.toordinal() * 100]  # the later of two on one day comes first


async def test_the_nearest_day_on_either_side(database: Database, past: PastStore) -> None:
    async with database.read() as reader:
        assert await past.nearest(reader, HERE, ROBIN, before=TODAY) == TODAY - 2 * DAY
        assert await past.nearest(reader, HERE, ROBIN, after=TODAY - 3 * DAY) == TODAY - 2 * DAY
        assert await past.nearest(reader, HERE, ROBIN, before=TODAY - 38 * DAY) is None
        assert await past.nearest(reader, HERE, ROBIN, after=TODAY) is None
        assert await past.nearest(reader, THERE, WREN, before=TODAY) is None
