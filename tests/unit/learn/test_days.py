"""A group's reading of the day: chosen once for each of its dates by whoever asks first, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.content import Content, Library, Snippet
from bot.storage import Database
from cogs.learn.service import DaysReadings, GroupLibraries
from cogs.learn.store import DaysStore, Schedule, ScheduleStore
from tests.unit.learn.conftest import HERE, THERE, Desk, shipped
from tests.unit.learn.made import reading

TODAY = date(2026, 1, 15)
ALL = tuple(reading(f"s{number}", f"Reading {number}", topic="coping") for number in range(4))


def content(*snippets: Snippet) -> Content:
    return replace(shipped(), library=Library(shipped().library.topics, {one.id: one for one in snippets}))


def readings(desk: Desk, *snippets: Snippet) -> DaysReadings:
    libraries = GroupLibraries(desk.database, content(*snippets), desk.own)
    return DaysReadings(desk.database, desk.clock, desk.guilds, libraries, DaysStore(), ScheduleStore())


async def rows(database: Database) -> list[tuple[str, str, int]]:
    async with database.read() as reader:
        found = await reader.fetch_all("SELECT day, snippet_id, round FROM days_readings ORDER BY guild_id, day")
    return [(row["day"], row["snippet_id"], row["round"]) for row in found]


async def posted(desk: Desk, day: date = TODAY) -> None:
    async with desk.database.write() as writer:
        chosen = await DaysStore().get(writer, HERE, day)
        assert chosen is not None
        await DaysStore().posted(writer, HERE, day, chosen.snippet_id, 5, 6)


async def test_everybody_who_asks_at_once_gets_one(desk: Desk) -> None:
    days = readings(desk, *ALL)
    asked = await asyncio.gather(*(days.today(HERE) for _ in range(8)))
    assert len(set(asked)) == 1
    assert len(await rows(desk.database)) == 1


async def test_looking_chooses_nothing(desk: Desk) -> None:
    days = readings(desk, *ALL)
    group = await desk.guilds.profile(HERE)
    assert await days.known(group) is None
    chosen = await days.today(HERE)
    assert await days.known(group) == chosen


async def test_nothing_repeats_until_all_were_shown_whatever_days_nobody_asked(desk: Desk) -> None:
    days, seen = readings(desk, *ALL), []
    for step in (0, 1, 1, 5, 1, 2, 1, 30):
        desk.clock.advance(timedelta(days=step))
        seen.append(await days.today(HERE))
    assert sorted(seen[:4], key=str) == sorted(seen[4:], key=str) == [one.id for one in ALL]


async def test_a_retired_one_is_chosen_anew_and_a_renamed_one_stays(desk: Desk) -> None:
    before = await readings(desk, *ALL).today(HERE)
    renamed = tuple(replace(one, id="new", formerly=(one.id,)) if one.id == before else one for one in ALL)
    assert await readings(desk, *renamed).today(HERE) == "new"
    left = tuple(one for one in ALL if one.id != before)
    chosen = await readings(desk, *left).today(HERE)
    assert chosen in {one.id for one in left}
    assert await readings(desk, *left).today(HERE) == chosen
    assert len(await rows(desk.database)) == 1


async def test_one_that_became_careful_is_chosen_anew_unless_it_is_posted(desk: Desk) -> None:
    before = await readings(desk, *ALL).today(HERE)
    careful = tuple(replace(one, tone="careful") if one.id == before else one for one in ALL)
    await posted(desk)
    assert await readings(desk, *careful).today(HERE) == before
    async with desk.database.write() as writer:
        await writer.execute("UPDATE days_readings SET message_id = NULL")
    assert await readings(desk, *careful).today(HERE) != before


async def test_topics_of_the_schedule_count_and_empty_ones_give_all(desk: Desk) -> None:
    days = readings(desk, *ALL, reading("p1", "Peers", topic="peers"))
    async with desk.database.write() as writer:
        schedule = Schedule(HERE, 5, 540, ("peers",), thread=False, edition=1, settled_day=TODAY)
        await ScheduleStore().put(writer, schedule, desk.clock.now())
    assert await days.today(HERE) == "p1"
    assert await readings(desk, *ALL).today(HERE) in {one.id for one in ALL}


async def test_another_group_walks_by_itself(desk: Desk) -> None:
    days = readings(desk, *ALL)
    await days.today(HERE)
    await days.today(THERE)
    assert [number for _, _, number in await rows(desk.database)] == [1, 1]


async def test_no_calm_reading_is_no_reading_of_the_day(desk: Desk) -> None:
    assert await readings(desk, replace(ALL[0], tone="careful")).today(HERE) is None
    assert await rows(desk.database) == []


async def test_days_of_old_rounds_go_after_a_year(desk: Desk) -> None:
    days = readings(desk, *ALL[:2])
    for _ in range(400):
        await days.today(HERE)
        desk.clock.advance(timedelta(days=1))
    kept = await rows(desk.database)
    assert 366 <= len(kept) <= 370
    assert kept[-1][2] == 200


@pytest.mark.parametrize(("zone", "expected"), [("Pacific/Auckland", date(2026, 1, 16)), ("America/Lima", TODAY)])
async def test_the_date_is_the_groups_own(desk: Desk, zone: str, expected: date) -> None:
    await desk.group(timezone=zone)
    desk.clock.set(datetime(2026, 1, 15, 14, 0, tzinfo=UTC))
    days = readings(desk, *ALL)
    await days.today(HERE)
    assert await days.date_of(HERE) == expected
    assert (await rows(desk.database))[0][0] == expected.isoformat()


async def test_a_clock_that_goes_back_over_the_date_line_brings_no_reading_twice(desk: Desk) -> None:
    desk.clock.set(datetime(2026, 1, 15, 20, 0, tzinfo=UTC))
    days, seen = readings(desk, *ALL), []
    for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
        await desk.group(timezone=zone)
        seen.append(await days.today(HERE))
    desk.clock.advance(timedelta(days=2))
    seen.append(await days.today(HERE))
    assert [day for day, _, _ in await rows(desk.database)] == ["2026-01-15", "2026-01-16", "2026-01-17"]
    assert len(set(seen)) == 3


async def test_the_first_to_choose_is_right(desk: Desk) -> None:
    async with desk.database.write() as writer:
        for snippet_id in ("first", "second"):
            kept = await DaysStore().add(writer, HERE, TODAY, snippet_id, 1, desk.clock.now())
            assert kept.snippet_id == "first"
