"""Check-ins of a group: begun, changed, paused, planned, found; on both engines, without Discord."""

import asyncio
import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.contracts import ClockChanged, GuildReset
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.storage import Database, Vault
from cogs.checkins.rules import MOST_SCHEDULES
from cogs.checkins.service.clocks import rule_of
from cogs.checkins.service.groups import GroupService
from cogs.checkins.service.schedules import ScheduleService, Shelves
from cogs.checkins.service.turns import TURN
from cogs.checkins.service.weeks import WEEK, plan_week
from cogs.checkins.service.wishes import GROUPS_CLOCK, Wish
from cogs.checkins.store.groups import GroupSettings, GroupStore
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from cogs.checkins.store.sets import SetStore
from tests.clock import FakeClock
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

HERE, THERE = 1_000 << 22, 2_000 << 22
KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVERY_DAY = frozenset(range(7))
EVENING = Wish("Evening", 77, 20 * 60, GROUPS_CLOCK, EVERY_DAY, "how-am-i-today", False, True)


@dataclass
class Rig:
    """The use cases, and a look at what they planned."""

    database: Database
    clock: FakeClock
    guilds: Guilds
    shelves: Shelves
    service: ScheduleService
    groups: GroupService

    async def planned(self, guild_id: int = HERE) -> list[tuple[int, date, datetime]]:
        """Return schedule, date and moment of every turn that would still count."""
        editions = {one.edition: one.schedule_id for one in await self.service.all_of(guild_id)}
        async with self.database.read() as reader:
            rows = await reader.fetch_all("SELECT due_at, payload FROM jobs WHERE kind = $1 ORDER BY due_at", TURN)
        found = [(json.loads(row["payload"]), datetime.fromtimestamp(row["due_at"] / 1000, UTC)) for row in rows]
        return [
            (one["schedule"], date.fromisoformat(one["day"]), at)
            for one, at in found
            if editions.get(one["edition"]) == one["schedule"]
        ]

    async def moments(self) -> list[datetime]:
        return [at for _, _, at in await self.planned()]

    async def group(self, **settings: object) -> None:
        async with self.database.write() as writer:
            await self.guilds.set_profile(writer, HERE, **settings)  # type: ignore[arg-type]

    async def posted(self, schedule: CheckinSchedule, day: date) -> None:
        post = DayPost(schedule.schedule_id, HERE, day, 77, 1, None, None, self.clock.now())
        async with self.database.write() as writer:
            await self.shelves.posts.posted(writer, post)
            await self.shelves.schedules.settle(writer, schedule.schedule_id, day)


@pytest.fixture
def rig(database: Database) -> Rig:
    clock, vault = FakeClock(at(15)), Vault.from_keys([KEY])
    guilds, ids = Guilds(database, clock), Ids(clock, random.Random(4))
    shelves = Shelves(ScheduleStore(vault), GroupStore(), PostStore(), SetStore(vault))
    service = ScheduleService(database, clock, ids, guilds, shelves, frozenset())
    groups = GroupService(database, clock, ids, shelves.groups, shelves.schedules, plan_week)
    return Rig(database, clock, guilds, shelves, service, groups)


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


async def test_a_new_one_asks_first_when_its_time_comes_next(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    two = await rig.service.create(HERE, replace(EVENING, name="Morning", minute=9 * 60))
    assert await rig.planned() == [
        (one.schedule_id, date(2026, 1, 15), at(20)), (two.schedule_id, date(2026, 1, 16), at(9, day=16))
    ]  # fmt: skip
    assert (one.settled_day, two.settled_day) == (date(2026, 1, 14), date(2026, 1, 15))
    assert await rig.service.all_of(HERE) == (one, two)


async def test_one_created_just_after_its_time_is_not_late_but_tomorrows(rig: Rig) -> None:
    rig.clock.set(at(20, 30))
    one = await rig.service.create(HERE, EVENING)
    assert await rig.moments() == [at(20, day=16)]
    group = await rig.guilds.profile(HERE)
    assert rule_of(one, group).skipped(one.settled_day, at(22, day=17)) == (date(2026, 1, 16),)


async def test_the_clock_is_its_own_or_the_groups(rig: Rig) -> None:
    await rig.group(timezone="Asia/Kathmandu")
    own = await rig.service.create(HERE, replace(EVENING, timezone="America/Los_Angeles"))
    await rig.service.create(HERE, replace(EVENING, name="Two"))
    # In Kathmandu it is a quarter to nine in the evening already.
    assert await rig.moments() == [at(4, day=16), at(14, 15, day=16)]
    back = await rig.service.change(HERE, own.schedule_id, Wish(timezone=GROUPS_CLOCK))
    assert back.timezone is None
    assert await rig.moments() == [at(14, 15, day=16)] * 2


async def test_eleven_at_once_keep_ten(rig: Rig) -> None:
    wishes = [replace(EVENING, name=f"Check-in {number}") for number in range(MOST_SCHEDULES + 1)]
    done = await asyncio.gather(*(rig.service.create(HERE, wish) for wish in wishes), return_exceptions=True)
    refused = [one for one in done if isinstance(one, BaseException)]
    assert [one.key for one in refused if isinstance(one, Refusal)] == ["checkins.full"]
    assert len(refused) == 1
    assert len(await rig.service.all_of(HERE)) == MOST_SCHEDULES
    assert len(await rig.planned()) == MOST_SCHEDULES
    assert (await rig.service.create(THERE, EVENING)).guild_id == THERE


async def test_the_same_press_twice_makes_one_and_the_same_name_is_refused(rig: Rig) -> None:
    one, two = await asyncio.gather(rig.service.create(HERE, EVENING), rig.service.create(HERE, EVENING))
    assert one == two
    assert len(await rig.planned()) == 1
    with pytest.raises(Refusal, match=r"checkins\.name\.taken"):
        await rig.service.create(HERE, replace(EVENING, name="EVENING", minute=60))
    other = await rig.service.create(HERE, replace(EVENING, name="Morning"))
    with pytest.raises(Refusal, match=r"checkins\.name\.taken"):
        await rig.service.change(HERE, other.schedule_id, Wish(name="evening"))
    assert (await rig.service.change(HERE, one.schedule_id, Wish(name="EVENING"))).name == "EVENING"


async def test_two_changes_of_different_parts_at_once_both_stand(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    await asyncio.gather(
        rig.service.change(HERE, one.schedule_id, Wish(minute=60)),
        rig.service.change(HERE, one.schedule_id, Wish(thread=True)),
        rig.service.change(HERE, one.schedule_id, Wish(name="Night")),
    )
    kept = await rig.service.get(HERE, one.schedule_id)
    assert (kept.minute, kept.thread, kept.name) == (60, True, "Night")
    assert await rig.moments() == [at(1, day=16)]


async def test_a_change_of_words_leaves_alone_what_is_planned(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    rig.clock.set(at(20, 1))  # due, and not posted yet
    changed = await rig.service.change(HERE, one.schedule_id, Wish(name="Night", question_set="gratitude", thread=True))
    assert (changed.edition, changed.settled_day) == (one.edition, one.settled_day)
    assert await rig.moments() == [at(20)]


async def test_one_that_is_late_is_asked_in_the_channel_it_is_moved_to(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    rig.clock.set(at(20, 30))
    moved = await rig.service.change(HERE, one.schedule_id, Wish(channel_id=78))
    assert moved.edition > one.edition
    assert await rig.moments() == [at(20)]
    await rig.posted(moved, date(2026, 1, 15))
    await rig.service.change(HERE, one.schedule_id, Wish(channel_id=79))
    assert await rig.moments() == [at(20, day=16)]


async def test_a_time_moved_into_the_past_is_tomorrows(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    await rig.service.change(HERE, one.schedule_id, Wish(minute=14 * 60))
    assert await rig.moments() == [at(14, day=16)]


async def test_a_date_that_was_posted_does_not_come_again_with_a_later_time(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    rig.clock.set(at(20, 5))
    await rig.posted(one, date(2026, 1, 15))
    later = await rig.service.change(HERE, one.schedule_id, Wish(minute=22 * 60))
    assert later.edition > one.edition
    assert await rig.moments() == [at(22, day=16)]
    assert later.settled_day == date(2026, 1, 15)


async def test_a_time_that_passed_unasked_can_be_moved_to_later_today(rig: Rig) -> None:
    one = await rig.service.create(HERE, replace(EVENING, minute=9 * 60))
    assert await rig.moments() == [at(9, day=16)]
    await rig.service.change(HERE, one.schedule_id, Wish(minute=16 * 60))
    assert await rig.moments() == [at(16)]


async def test_moving_to_a_zone_where_it_is_yesterday_asks_no_date_twice(rig: Rig) -> None:
    rig.clock.set(at(8))
    one = await rig.service.create(HERE, replace(EVENING, timezone="Pacific/Auckland", minute=21 * 60 + 30))
    await rig.posted(one, date(2026, 1, 15))
    rig.clock.set(at(9))
    await rig.service.change(HERE, one.schedule_id, Wish(timezone="America/Los_Angeles", minute=60))
    assert await rig.planned() == [(one.schedule_id, date(2026, 1, 16), at(9, day=16))]


async def test_a_pause_without_an_end_plans_nothing_and_resuming_tells_of_nothing_missed(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    paused = await rig.service.pause(HERE, one.schedule_id, None)
    assert await rig.planned() == []
    rig.clock.set(at(15, day=25))
    back = await rig.service.resume(HERE, one.schedule_id)
    assert await rig.moments() == [at(20, day=25)]
    assert one.edition < paused.edition < back.edition
    group = await rig.guilds.profile(HERE)
    assert rule_of(back, group).skipped(back.settled_day, at(15, day=25)) == ()
    assert await rig.service.resume(HERE, one.schedule_id) == back


async def test_a_pause_with_an_end_plans_the_first_date_after_it(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    until = await rig.service.pause_end(HERE, one.schedule_id, "friday 9 pm")
    paused = await rig.service.pause(HERE, one.schedule_id, until)
    assert paused.paused_until == date(2026, 1, 17)
    assert await rig.moments() == [at(20, day=17)]
    # A change meanwhile doesn't wake it.
    await rig.service.change(HERE, one.schedule_id, Wish(minute=9 * 60))
    assert await rig.moments() == [at(9, day=17)]


async def test_a_trouble_goes_with_its_channel_or_its_threads(rig: Rig) -> None:
    one = await rig.service.create(HERE, replace(EVENING, thread=True))
    for trouble, change, stays in (
        ("forbidden", Wish(minute=60), True), ("forbidden", Wish(thread=False), True),
        ("thread", Wish(name="Night"), True), ("thread", Wish(thread=False), False),
        ("forbidden", Wish(channel_id=78), False),
    ):  # fmt: skip
        async with rig.database.write() as writer:
            now = rig.clock.now()
            await rig.shelves.schedules.put(
                writer, replace(one, trouble=trouble, trouble_day=date(2026, 1, 14)), now
            )  # fmt: skip
        changed = await rig.service.change(HERE, one.schedule_id, change)
        assert (changed.trouble == trouble) is stays, (trouble, change)


async def test_a_removed_one_is_gone_for_good_and_for_this_group_alone(rig: Rig) -> None:
    one, theirs = await rig.service.create(HERE, EVENING), await rig.service.create(THERE, EVENING)
    await rig.posted(one, date(2026, 1, 14))
    for act in (rig.service.remove, rig.service.resume, rig.service.get):
        with pytest.raises(Refusal, match=r"checkins\.gone"):
            await act(HERE, theirs.schedule_id)
    with pytest.raises(Refusal, match=r"checkins\.gone"):
        await rig.service.change(HERE, theirs.schedule_id, Wish(minute=1))
    assert await rig.service.remove(HERE, one.schedule_id) == replace(one, settled_day=one.settled_day)
    with pytest.raises(Refusal, match=r"checkins\.gone"):
        await rig.service.remove(HERE, one.schedule_id)
    assert await rig.service.all_of(THERE) == (theirs,)
    async with rig.database.read() as reader:
        assert await rig.shelves.posts.last(reader, one.schedule_id) is not None


async def test_found_by_id_or_name_and_the_only_one_without(rig: Rig) -> None:
    assert await rig.service.only(HERE) is None
    with pytest.raises(Refusal, match=r"checkins\.none"):
        await rig.service.named(HERE, "Evening")
    one = await rig.service.create(HERE, EVENING)
    assert await rig.service.only(HERE) == one
    two = await rig.service.create(HERE, replace(EVENING, name="Late evening"))
    theirs = await rig.service.create(THERE, replace(EVENING, name="Elsewhere"))
    assert await rig.service.only(HERE) is None
    assert await rig.service.named(HERE, str(two.schedule_id)) == two
    assert await rig.service.named(HERE, "  EVENING ") == one
    for words in ("Elsewhere", str(theirs.schedule_id), "", "Even"):
        with pytest.raises(Refusal) as refused:
            await rig.service.named(HERE, words)
        assert (refused.value.key, refused.value.data) == (
            "checkins.unknown", {"names": "**Evening**, **Late evening**"}
        )  # fmt: skip
    assert await rig.service.names_like(HERE, "even") == (
        ("Evening", str(one.schedule_id)), ("Late evening", str(two.schedule_id))
    )  # fmt: skip
    assert await rig.service.names_like(HERE, "else") == ()


async def test_suggestions_never_raise(rig: Rig) -> None:
    await rig.service.create(HERE, EVENING)
    lost = replace(rig.shelves, schedules=ScheduleStore(Vault.from_keys([KEY.replace("3", "4")])))
    ids = Ids(rig.clock, random.Random(1))
    service = ScheduleService(rig.database, rig.clock, ids, rig.guilds, lost, frozenset())
    assert await service.names_like(HERE, "eve") == ()


async def test_a_new_clock_of_the_group_moves_all_that_go_by_it(rig: Rig) -> None:
    one = await rig.service.create(HERE, EVENING)
    two = await rig.service.create(HERE, replace(EVENING, name="Two", timezone="Europe/Berlin"))
    await rig.group(timezone="America/New_York", quiet=(22 * 60, 7 * 60))
    await rig.service.replan(ClockChanged(HERE))
    assert [day for _, day, _ in await rig.planned()] == [date(2026, 1, 15)] * 2
    assert await rig.moments() == [at(19), at(1, day=16)]
    await rig.group(quiet=(12 * 60, 15 * 60))  # by New York's clock: in it, Berlin's evening is put off to 20:00 UTC
    await rig.service.replan(ClockChanged(HERE))
    assert await rig.planned() == [
        (two.schedule_id, date(2026, 1, 15), at(20)), (one.schedule_id, date(2026, 1, 15), at(1, day=16))
    ]  # fmt: skip


async def test_a_reset_leaves_nothing_of_this_group_and_all_of_the_other(rig: Rig) -> None:
    one, theirs = await rig.service.create(HERE, EVENING), await rig.service.create(THERE, EVENING)
    await rig.posted(one, date(2026, 1, 14))
    await rig.groups.set_wait(HERE, 90)
    await rig.service.forget(GuildReset(HERE))
    assert await rig.service.all_of(HERE) == ()
    assert await rig.groups.get(HERE) == GroupSettings(HERE)
    assert await rig.service.all_of(THERE) == (theirs,)
    async with rig.database.read() as reader:
        assert await rig.shelves.posts.last(reader, one.schedule_id) is None


@pytest.mark.parametrize("minutes", [-1, 0, 9, 121, 10**9])
async def test_a_wait_stays_between_ten_minutes_and_two_hours(rig: Rig, minutes: int) -> None:
    with pytest.raises(Refusal):
        await rig.groups.set_wait(HERE, minutes)
    for fine in (10, 120):
        assert (await rig.groups.set_wait(HERE, fine)).wait_minutes == fine


async def test_the_weekly_summary_is_planned_when_it_is_turned_on(rig: Rig) -> None:
    await rig.groups.set_wait(HERE, 60)
    on = await rig.groups.set_weekly(HERE, 99)
    assert (on.wait_minutes, on.weekly_channel_id) == (60, 99)
    assert await rig.groups.set_weekly(HERE, 99) == on
    async with rig.database.read() as reader:
        rows = await reader.fetch_all("SELECT payload FROM jobs WHERE kind = $1", WEEK)
    assert [json.loads(row["payload"])["edition"] for row in rows] == [on.edition]
    off = await rig.groups.set_weekly(HERE, None)
    assert off.weekly_channel_id is None
    assert off.edition != on.edition
    assert (await rig.groups.get(HERE)).wait_minutes == 60
