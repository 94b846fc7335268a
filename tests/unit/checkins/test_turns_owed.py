"""A turn that is due and not made yet, when somebody changes the clock it goes by: asked all the same, once."""

from dataclasses import replace
from datetime import date

import pytest

from bot.contracts import ClockChanged
from bot.storage import Database, Vault
from cogs.checkins.service.schedules import ScheduleService, Shelves
from cogs.checkins.service.tellings import MISSED
from cogs.checkins.service.wishes import GROUPS_CLOCK, Wish
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.store.sets import SetStore
from tests.unit.checkins.turning import CHANNEL, DAY, EIGHT, HERE, HOUR, KEY, MINUTE, Rig, at, rigged
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

TODAY, TOMORROW = date(2026, 1, 15), date(2026, 1, 16)


@pytest.fixture
def rig(database: Database) -> Rig:
    return rigged(database)


@pytest.fixture
def service(rig: Rig) -> ScheduleService:
    shelves = Shelves(rig.schedules, GroupStore(), rig.posts, SetStore(Vault.from_keys([KEY])))
    return ScheduleService(rig.database, rig.clock, rig.ids, rig.guilds, shelves, frozenset())


async def tried(rig: Rig, service: ScheduleService) -> CheckinSchedule:
    """A check-in whose turn of today was tried at eight, three minutes ago, and is to be tried again."""
    wish = Wish("Evening", CHANNEL, EIGHT, GROUPS_CLOCK, frozenset(range(7)), "how-am-i-today", False, True)
    evening = await service.create(HERE, wish)
    rig.clock.set(at(20))
    rig.sender.down = True
    await rig.run()
    rig.clock.advance(3 * MINUTE)
    await rig.run()
    assert rig.sender.papers == []
    return evening


@pytest.mark.parametrize("minute", [EIGHT - 60, 9 * 60])
async def test_a_time_moved_into_the_past_still_asks_today(rig: Rig, service: ScheduleService, minute: int) -> None:
    evening = await tried(rig, service)
    await service.change(HERE, evening.schedule_id, Wish(minute=minute))
    rig.sender.down = False
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15", "2026-01-16"]
    assert rig.told == []


async def test_a_later_time_asks_then_and_once(rig: Rig, service: ScheduleService) -> None:
    evening = await tried(rig, service)
    await service.change(HERE, evening.schedule_id, Wish(minute=EIGHT + 60))
    rig.sender.down = False
    await rig.live(50 * MINUTE)
    assert rig.days() == []
    await rig.live(2 * HOUR)
    assert rig.days() == ["2026-01-15"]


async def test_a_weekday_taken_out_is_not_asked(rig: Rig, service: ScheduleService) -> None:
    evening = await tried(rig, service)
    await service.change(HERE, evening.schedule_id, Wish(weekdays=frozenset({4})))  # the 15th is a Thursday
    rig.sender.down = False
    await rig.live(DAY)
    assert rig.days() == ["2026-01-16"]


@pytest.mark.parametrize("settings", [{"quiet": (60, 120)}, {"timezone": "Europe/Berlin"}])
async def test_a_new_clock_of_the_group_loses_no_turn(
    rig: Rig, service: ScheduleService, settings: dict[str, object]
) -> None:
    await tried(rig, service)
    async with rig.database.write() as writer:
        await rig.guilds.set_profile(writer, HERE, **settings)  # type: ignore[arg-type]
    await service.replan(ClockChanged(HERE))
    rig.sender.down = False
    await rig.live(HOUR)
    assert rig.days() == ["2026-01-15"]
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15", "2026-01-16"]
    assert rig.told == []


async def test_what_discord_never_takes_is_told_once(rig: Rig, service: ScheduleService) -> None:
    evening = await tried(rig, service)
    await service.change(HERE, evening.schedule_id, Wish(minute=EIGHT - 60))
    await rig.live(3 * HOUR)
    rig.sender.down = False
    await rig.run()
    assert [(one.reason, one.first, one.last, one.days) for one in rig.told] == [(MISSED, TODAY, TODAY, 1)]
    await rig.live(DAY)
    assert rig.days() == ["2026-01-16"]
    assert len(rig.told) == 1


async def test_two_changes_ask_once(rig: Rig, service: ScheduleService) -> None:
    evening = await tried(rig, service)
    for minute in (9 * 60, 10 * 60):
        await service.change(HERE, evening.schedule_id, Wish(minute=minute))
    rig.sender.down = False
    await rig.live(HOUR)
    assert rig.days() == ["2026-01-15"]


@pytest.mark.parametrize("moved", [False, True])
async def test_a_post_whose_answer_was_lost_before_a_long_outage_is_not_called_missed(rig: Rig, moved: bool) -> None:
    evening, other = await rig.schedule(), await rig.schedule(name="Night", minute=EIGHT + 30)
    rig.sender.lose = 1
    rig.clock.set(at(20))
    await rig.run()
    rig.sender.forget()
    if moved:
        await rig.keep(replace(evening, channel_id=78, edition=rig.ids.new()))
    rig.clock.set(at(12, day=17))
    await rig.run()
    assert len(rig.sender.papers) == 1
    post = await rig.post(evening, TODAY)
    assert post is not None
    assert (post.message_id, post.channel_id) == (900, CHANNEL)
    assert sorted((one.name, one.first, one.days) for one in rig.told) == [
        ("Evening", TOMORROW, 1), ("Night", TODAY, 2)
    ]  # fmt: skip
    assert (await rig.read(other)).settled_day == TOMORROW


async def test_what_came_behind_a_post_that_is_found_again_is_still_told(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.lose = 1
    rig.clock.set(at(20))
    await rig.run()
    rig.clock.set(at(12, day=17))
    await rig.run()
    post = await rig.post(evening, TODAY)
    assert post is not None
    assert post.thread_id == 900
    assert [(one.first, one.last) for one in rig.told] == [(TOMORROW, TOMORROW)]
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15", "2026-01-17"]
    assert len(rig.told) == 1


async def test_one_that_never_came_through_before_a_long_outage_is_told(rig: Rig) -> None:
    await rig.schedule()
    rig.sender.down = True
    await rig.live(9 * HOUR)
    rig.clock.set(at(12, day=17))
    rig.sender.down = False
    await rig.run()
    assert [(one.first, one.last, one.days) for one in rig.told] == [(TODAY, TOMORROW, 2)]


async def test_a_promise_whose_answer_was_lost_before_a_long_outage_is_kept(rig: Rig) -> None:
    monday = await rig.schedule(weekdays=frozenset({0}))
    rig.sender.lose = 1
    assert (await rig.delivery.now(HERE, monday.schedule_id)).state == "later"
    rig.sender.forget()
    rig.clock.set(at(12, day=17))
    await rig.run()
    assert await rig.post(monday, TODAY) is not None
    assert rig.told == []
