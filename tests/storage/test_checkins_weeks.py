"""Weekly summaries on both engines: made out once, the people behind averages kept and forgotten as the rules ask."""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.contracts import GuildReset
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import Job
from bot.storage import Database, Vault
from cogs.checkins.rules import Choice, Panel, day_of
from cogs.checkins.service.weeks import WEEK, WEEK_NOW, WeekService, last_week, plan_week
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.groups import GroupSettings, GroupStore
from cogs.checkins.store.owner import CheckinData
from cogs.checkins.store.weeks import KeptWeek, WeekStore
from tests.clock import FakeClock
from tests.unit.checkins.history_made import HERE, entry

KEY = "A" * 43 + "="
THERE = 2_000 << 22
WEEK_OF = date(2026, 11, 16)
DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
PEOPLE = [number << 22 for number in range(11, 31)]
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def service(database: Database, clock: FakeClock) -> WeekService:
    ids = Ids(clock, random.Random(7))
    return WeekService(database, clock, ids, Guilds(database, clock), GroupStore(), WeekStore())


async def write(
    database: Database, people: list[int], *, week: date = WEEK_OF, guild: int = HERE, **changes: Any
) -> None:
    """An entry of each of them on the week's Wednesday, shared with the group."""
    entries = EntryStore(Vault.from_keys([KEY]))
    values = {"mood": 4, "urge": 1, "choice": Choice.GROUP, "numbers_shown": True, **changes}
    async with database.write() as writer:
        for person in people:
            made = entry(week + 2 * DAY, entry_id=hash((person, week, guild)) % 2**40, **values)
            await entries.put(writer, replace(made, user_id=person, guild_id=guild))


async def panels(database: Database, guild: int = HERE) -> Mapping[str, Panel]:
    async with database.read() as reader:
        return await WeekStore().panels(reader, guild)


async def jobs(database: Database, kind: str) -> list[Any]:
    async with database.read() as reader:
        return await reader.fetch_all("SELECT * FROM jobs WHERE kind = $1 ORDER BY due_at", kind)


async def test_five_people_are_told_and_four_are_not(database: Database, service: WeekService) -> None:
    await write(database, PEOPLE[:5])
    await write(database, PEOPLE[:4], guild=THERE)
    assert await service.last(HERE) == KeptWeek(HERE, WEEK_OF, 5, 10, {"mood": 3, "urge": 0})
    assert await service.last(THERE) == KeptWeek(THERE, WEEK_OF)
    assert (await panels(database))["mood"].people == frozenset(PEOPLE[:5])
    assert await panels(database, THERE) == {}


async def test_what_was_made_out_stays(database: Database, service: WeekService, clock: FakeClock) -> None:
    """Neither later entries nor deleted ones nor a week's worth of looking change it."""
    await write(database, PEOPLE[:4])
    first = await service.last(HERE)
    await write(database, PEOPLE)
    assert await service.last(HERE) == first == KeptWeek(HERE, WEEK_OF)
    clock.advance(A_WEEK.total_seconds())
    assert (await service.last(HERE)).week == WEEK_OF + A_WEEK


async def test_many_looks_at_once_make_it_out_once(database: Database, service: WeekService) -> None:
    await write(database, PEOPLE[:7])
    seen = await asyncio.gather(*(service.last(HERE) for _ in range(8)))
    assert {one.people for one in seen} == {7}
    assert (await panels(database))["mood"].people == frozenset(PEOPLE[:7])


async def test_only_one_takes_a_week_on(database: Database, clock: FakeClock) -> None:
    async def take() -> bool:
        async with database.write() as writer:
            return await WeekStore().claim(writer, HERE, WEEK_OF, clock.now())

    assert sorted(await asyncio.gather(*(take() for _ in range(4)))) == [False, False, False, True]


async def test_private_numbers_are_in_no_average(database: Database, service: WeekService) -> None:
    await write(database, PEOPLE[:6], choice=Choice.ME)
    await write(database, PEOPLE[6:10], choice=Choice.TEAM)
    await write(database, PEOPLE[10:14], choice=Choice.GROUP_REPLY)
    assert await service.last(HERE) == KeptWeek(HERE, WEEK_OF, 14, 10, {})
    assert await panels(database) == {}


async def test_numbers_that_stay_with_their_writer_are_in_no_average(database: Database, service: WeekService) -> None:
    """The form says of what is shared with the group: numbers and ticks stay with you."""
    await write(database, PEOPLE[:9], numbers_shown=False)
    await write(database, PEOPLE[9:13], choice=Choice.GROUP_REPLY)
    assert await service.last(HERE) == KeptWeek(HERE, WEEK_OF, 13, 10, {})
    assert await panels(database) == {}


@pytest.mark.parametrize(("zone", "written"), [
    ("America/Los_Angeles", "2026-11-30T03:00-08:00"),  # Monday, a quarter to five in the afternoon there
    ("Asia/Kathmandu", "2026-11-30T21:00+05:45"),  # a yesterday filled in
])  # fmt: skip
async def test_a_sunday_written_on_the_groups_monday_counts_once_in_the_week_after(
    database: Database, service: WeekService, clock: FakeClock, zone: str, written: str
) -> None:
    async with database.write() as writer:
        await Guilds(database, clock).set_profile(writer, HERE, timezone="Asia/Kathmandu")
    week, sunday = WEEK_OF + A_WEEK, date(2026, 11, 29)
    await write(database, PEOPLE[:5], week=week)
    store, moment = EntryStore(Vault.from_keys([KEY])), datetime.fromisoformat(written)
    assert day_of(moment, ZoneInfo(zone)) - sunday in (0 * DAY, DAY)
    async with database.write() as writer:
        made = entry(sunday, entry_id=1, written_at=moment)
        await store.put(writer, replace(made, user_id=PEOPLE[9], guild_id=HERE))
    clock.set(datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("Asia/Kathmandu")))
    assert (await service.last(HERE)).people == 5
    await write(database, PEOPLE[:5], week=week + A_WEEK)
    clock.advance(A_WEEK.total_seconds())
    assert (await service.last(HERE)).people == 6


async def test_a_week_goes_from_four_to_four_by_the_groups_clock(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    async with database.write() as writer:
        await Guilds(database, clock).set_profile(writer, HERE, timezone="America/New_York")
    await write(database, PEOPLE[:4])
    here, store = ZoneInfo("America/New_York"), EntryStore(Vault.from_keys([KEY]))
    edges = (
        datetime(2026, 11, 16, 3, 59, tzinfo=here), datetime(2026, 11, 16, 4, tzinfo=here),
        datetime(2026, 11, 23, 3, 59, tzinfo=here), datetime(2026, 11, 23, 4, tzinfo=here),
    )  # fmt: skip
    async with database.write() as writer:
        for number, moment in enumerate(edges):
            made = entry(day_of(moment, here), entry_id=number + 1, written_at=moment)
            await store.put(writer, replace(made, user_id=PEOPLE[9 + number], guild_id=HERE))
    clock.set(datetime(2026, 11, 23, 9, tzinfo=here))
    assert (await service.last(HERE)).people == 6


async def test_a_reset_forgets_what_was_told_and_nothing_is_made_out_again(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    await write(database, PEOPLE[:9])
    told = await service.last(HERE)
    await service.posted(told, 5, 6)
    await service.forget(GuildReset(THERE))
    assert (await service.last(HERE)).people == 9
    await service.forget(GuildReset(HERE))
    async with database.write() as writer:  # one goes: a second look would show by how much it differs
        await writer.execute("DELETE FROM checkin_entries WHERE user_id = $1", PEOPLE[0])
    assert await service.last(HERE) == KeptWeek(HERE, WEEK_OF)
    await write(database, PEOPLE[1:9], week=WEEK_OF + A_WEEK)
    clock.advance(A_WEEK.total_seconds())
    await service.last(HERE)
    assert len((await panels(database))["mood"].people ^ frozenset(PEOPLE[:9])) == 3


async def test_who_is_erased_while_a_week_is_made_out_is_kept_behind_no_average(
    database: Database, service: WeekService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(database, PEOPLE[:6])
    data, set_panel = CheckinData(Vault.from_keys([KEY])), WeekStore.set_panel
    erasing: list[asyncio.Task[None]] = []

    async def erased() -> None:
        async with database.write() as writer:
            await data.erase(writer, HERE, PEOPLE[0])

    async def late(*args: Any) -> None:
        if not erasing:
            erasing.append(asyncio.create_task(erased()))
            await asyncio.wait(erasing, timeout=0.2)
        await set_panel(*args)

    monkeypatch.setattr(WeekStore, "set_panel", late)
    await service.last(HERE)
    await erasing[0]
    found = (await panels(database))["mood"]
    assert found == Panel(frozenset(PEOPLE[1:6]), erased=1)


async def test_the_next_average_keeps_its_people_or_differs_by_three(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    await write(database, PEOPLE[:9])
    await service.last(HERE)
    await write(database, PEOPLE[1:9], week=WEEK_OF + A_WEEK)  # one is gone
    clock.advance(A_WEEK.total_seconds())
    await service.last(HERE)
    now = (await panels(database))["mood"]
    assert len(frozenset(PEOPLE[:9]) ^ now.people) == 3


async def test_somebody_erased_still_counts_as_gone_but_has_no_id(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    await write(database, PEOPLE[:9])
    await service.last(HERE)
    weeks = WeekStore()
    async with database.write() as writer:
        assert await weeks.forget_person(writer, HERE, PEOPLE[0]) == 2  # mood and urge
        assert await weeks.forget_person(writer, HERE, PEOPLE[0]) == 0
        assert await weeks.forget_person(writer, THERE, PEOPLE[1]) == 0
    found = await panels(database)
    assert found["mood"] == Panel(frozenset(PEOPLE[1:9]), erased=1)
    assert found["urge"].erased == 1
    await write(database, PEOPLE[1:9], week=WEEK_OF + A_WEEK)
    clock.advance(A_WEEK.total_seconds())
    await service.last(HERE)
    later = (await panels(database))["mood"]
    assert (len(later.people), later.erased) == (6, 0)  # one erased, two more left out


async def test_old_weeks_go_and_with_the_last_of_them_the_people(database: Database, service: WeekService) -> None:
    await write(database, PEOPLE[:6])
    await service.last(HERE)
    weeks = WeekStore()
    async with database.write() as writer:
        assert await weeks.delete_before(writer, HERE, WEEK_OF) == 0
    assert (await panels(database))["mood"].people
    async with database.write() as writer:
        assert await weeks.delete_before(writer, THERE, WEEK_OF + DAY) == 0
        assert await weeks.delete_before(writer, HERE, WEEK_OF + DAY) == 1
    assert await panels(database) == {}


@pytest.mark.parametrize(
    ("moment", "week"),
    [("2026-11-23T03:59", "2026-11-09"), ("2026-11-23T04:00", "2026-11-16"), ("2026-11-29T23:00", "2026-11-16"),
     ("2026-11-30T03:00", "2026-11-16"), ("2026-11-30T05:00", "2026-11-23")],
)  # fmt: skip
def test_a_week_is_over_at_four_on_monday(moment: str, week: str) -> None:
    assert last_week(datetime.fromisoformat(moment).replace(tzinfo=UTC), UTC) == date.fromisoformat(week)


async def switch_on(database: Database, clock: FakeClock, ids: Ids, **group: Any) -> GroupSettings:
    settings = GroupSettings(HERE, weekly_channel_id=5, edition=77)
    async with database.write() as writer:
        if group:
            await Guilds(database, clock).set_profile(writer, HERE, **group)
        await GroupStore().put(writer, settings, clock.now())
        await plan_week(writer, ids, HERE, settings, clock.now())
    return settings


def job(row: Any) -> Job:
    return Job(row["id"], row["kind"], row["guild_id"], clock_of(row), json.loads(row["payload"]), 0)


def clock_of(row: Any) -> datetime:
    return datetime.fromtimestamp(row["due_at"] / 1000, UTC)


@pytest.mark.parametrize(
    ("group", "due"),
    [({}, "2026-11-30T10:00+00:00"), ({"timezone": "Asia/Kathmandu"}, "2026-11-30T04:15+00:00"),
     ({"timezone": "America/Los_Angeles"}, "2026-11-23T18:00+00:00"),
     ({"quiet": (9 * 60, 11 * 60 + 30)}, "2026-11-30T11:30+00:00")],
)  # fmt: skip
async def test_the_coming_monday_at_ten_by_the_groups_clock(
    database: Database, service: WeekService, clock: FakeClock, group: dict[str, Any], due: str
) -> None:
    await switch_on(database, clock, service._ids, **group)
    [plan] = await jobs(database, WEEK)
    assert await service.begin(job(plan)) is None
    assert await service.begin(job(plan)) is None  # told twice, it plans once
    [_, monday] = await jobs(database, WEEK)
    assert clock_of(monday) == datetime.fromisoformat(due)


async def test_a_turn_comes_once_writes_the_next_and_follows_the_clock(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    await switch_on(database, clock, service._ids)
    await write(database, PEOPLE[:5], week=WEEK_OF + A_WEEK)
    [plan] = await jobs(database, WEEK)
    await service.begin(job(plan))
    [_, monday] = await jobs(database, WEEK)
    clock.advance((clock_of(monday) - clock.now()).total_seconds())
    async with database.write() as writer:
        await Guilds(database, clock).set_profile(writer, HERE, timezone="America/New_York")
    assert await service.begin(job(monday)) is None  # it is not ten there yet
    later = (await jobs(database, WEEK))[-1]
    assert clock_of(later) - clock_of(monday) == timedelta(hours=5)
    clock.advance(timedelta(hours=5).total_seconds())
    turn = await service.begin(job(later))
    assert turn is not None
    assert (turn.kept.week, turn.channel_id, turn.late) == (WEEK_OF + A_WEEK, 5, False)
    assert clock_of((await jobs(database, WEEK))[-1]) == clock_of(later) + A_WEEK
    await service.posted(turn.kept, 5, 6)
    assert await service.begin(job(later)) is None


@pytest.mark.parametrize(("hours", "late"), [(24, False), (25, True)])
async def test_a_day_late_is_still_told_and_later_only_to_the_team(
    database: Database, service: WeekService, clock: FakeClock, hours: int, late: bool
) -> None:
    await switch_on(database, clock, service._ids)
    await write(database, PEOPLE[:5], week=WEEK_OF + A_WEEK)
    await service.begin(job((await jobs(database, WEEK))[0]))
    monday = (await jobs(database, WEEK))[-1]
    clock.advance((clock_of(monday) - clock.now() + timedelta(hours=hours)).total_seconds())
    turn = await service.begin(job(monday))
    assert turn is not None
    assert turn.late is late


async def test_a_week_in_which_nothing_ran_is_not_skipped_where_its_day_is_not_over(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    await switch_on(database, clock, service._ids)
    await service.begin(job((await jobs(database, WEEK))[0]))
    monday = (await jobs(database, WEEK))[-1]
    clock.advance((clock_of(monday) - clock.now() + A_WEEK + timedelta(hours=20)).total_seconds())
    await service.begin(job(monday))
    assert clock_of((await jobs(database, WEEK))[-1]) == clock_of(monday) + A_WEEK


async def test_off_resting_and_changed_groups_are_told_nothing(
    database: Database, service: WeekService, clock: FakeClock
) -> None:
    settings = await switch_on(database, clock, service._ids)
    await write(database, PEOPLE[:5], week=WEEK_OF + A_WEEK)
    await service.begin(job((await jobs(database, WEEK))[0]))
    monday = (await jobs(database, WEEK))[-1]
    clock.advance((clock_of(monday) - clock.now()).total_seconds())
    async with database.write() as writer:
        await Guilds(database, clock).set_pause(writer, HERE, True, None)
    assert await service.begin(job(monday)) is None
    assert len(await jobs(database, WEEK)) == 3  # the next week is planned all the same
    for changed in (replace(settings, edition=78), replace(settings, weekly_channel_id=None)):
        async with database.write() as writer:
            await Guilds(database, clock).set_pause(writer, HERE, False, None)
            await GroupStore().put(writer, changed, clock.now())
        assert await service.begin(job(monday)) is None
    async with database.write() as writer:
        await plan_week(writer, service._ids, HERE, replace(settings, weekly_channel_id=None), clock.now())
    assert len(await jobs(database, WEEK)) == 3


async def test_a_moderators_wish_counts_once_and_only_for_the_last_week(
    database: Database, service: WeekService
) -> None:
    await write(database, PEOPLE[:5])
    for mark in ("a", "a", "b"):
        await service.order(HERE, WEEK_OF, mark)
    assert len(await jobs(database, WEEK_NOW)) == 2
    for guild, week in ((HERE, WEEK_OF - A_WEEK), (THERE, WEEK_OF)):
        with pytest.raises(Refusal):
            await service.order(guild, week, "c")
    assert await service.ordered(job((await jobs(database, WEEK_NOW))[0])) is None  # there is no channel yet
