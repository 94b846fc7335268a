"""When a reminder comes: by the member's clock, once a day, and only while there is something to remind of."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discordkit import Text
from bot.errors import Refusal
from bot.jobs import Job
from bot.members.departures import mark_left
from bot.storage import ConditionFailed, Database
from cogs.checkins.service.reminders import (
    LATE,
    REMIND,
    DueReminder,
    Wanted,
    coming,
    days_of,
    next_reminder,
    read_wish,
)
from cogs.checkins.ui.reminders import address_of, mark_of, reminder_message
from tests.unit.checkins.life import DAY, EVENING, HERE, MORNING, ROBIN, THERE, WREN, Life
from tests.unit.checkins.made import moments, zones
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

TODAY = date(2026, 1, 15)
EVERY_DAY = frozenset(range(7))
HOUR = timedelta(hours=1)


@pytest.fixture
async def life(database: Database) -> Life:
    made = Life(database)
    await made.group()
    await made.agree(ROBIN, WREN)
    return made


async def next_job(life: Life) -> Job:
    """The reminder's job that waits."""
    async with life.database.read() as reader:
        [row] = await reader.fetch_all("SELECT * FROM jobs WHERE kind = $1 AND done_at IS NULL", REMIND)
    return Job(row["id"], REMIND, row["guild_id"], life.clock.now(), json.loads(row["payload"]), 0)


async def turn(life: Life, late: timedelta = timedelta(0)) -> DueReminder | None:
    """Let the next job run when it is due, or later."""
    job = await next_job(life)
    [at] = await life.jobs(REMIND)
    life.clock.set(max(life.clock.now(), at + late))
    due = await life.reminders.begin(job)
    async with life.database.write() as writer:
        await writer.execute("UPDATE jobs SET done_at = 1 WHERE id = $1", job.id)
    return due


async def keep(life: Life, minute: int = 20 * 60, days: frozenset[int] = EVERY_DAY) -> None:
    await life.reminders.keep(HERE, ROBIN, Wanted(minute, days))


async def test_it_comes_each_day_at_its_time_and_writes_the_next_one(life: Life) -> None:
    await keep(life)
    for step in range(3):
        due = await turn(life)
        assert due is not None
        assert (due.guild_id, due.user_id, due.day) == (HERE, ROBIN, TODAY + step * DAY)
        assert life.clock.now() == datetime(2026, 1, 15 + step, 20, tzinfo=UTC)


async def test_no_job_names_a_person(life: Life) -> None:
    await keep(life)
    job = await next_job(life)
    assert str(ROBIN) not in json.dumps(job.payload)
    assert set(job.payload) == {"edition", "day", "look"}


async def test_on_its_weekdays_alone(life: Life) -> None:
    await keep(life, days=frozenset({0, 5}))
    found = [await turn(life) for _ in range(4)]
    assert [one.day.weekday() for one in found if one] == [5, 0, 5, 0]


async def test_a_time_that_is_over_today_begins_tomorrow(life: Life) -> None:
    await keep(life, 12 * 60)  # it is noon: this very minute still counts
    assert await life.jobs(REMIND) == [life.clock.now()]
    await keep(life, 11 * 60 + 59)
    assert (await life.jobs(REMIND))[-1] == datetime(2026, 1, 16, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize(("late", "comes"), [(LATE, True), (LATE + timedelta(seconds=1), False)])
async def test_late_by_two_hours_at_most_and_the_days_go_on(life: Life, late: timedelta, comes: bool) -> None:
    await keep(life)
    assert (await turn(life, late) is not None) is comes
    due = await turn(life)
    assert due is not None
    assert due.day == TODAY + DAY


async def test_after_days_away_todays_comes_and_the_others_do_not(life: Life) -> None:
    await keep(life)
    assert await turn(life, 3 * DAY + HOUR) is None
    due = await turn(life)
    assert due is not None
    assert due.day == TODAY + 3 * DAY
    assert life.clock.now() == datetime(2026, 1, 18, 21, tzinfo=UTC)


async def test_it_is_silent_when_there_is_nothing_to_remind_of(life: Life) -> None:
    await keep(life)
    await life.wrote(TODAY)
    assert await turn(life) is None
    await life.rhythm.skip(HERE, ROBIN, TODAY + DAY)
    assert await turn(life) is None
    await life.wrote(TODAY + 2 * DAY, user_id=WREN)
    await life.wrote(TODAY + 2 * DAY, guild_id=THERE)
    assert await turn(life) is not None


async def test_at_two_in_the_morning_it_asks_for_the_day_that_lasts_until_four(life: Life) -> None:
    await keep(life, 2 * 60)
    await life.wrote(TODAY)
    assert await turn(life) is None  # 02:00 on the 16th is still the 15th
    assert await turn(life) is not None


async def test_it_is_silent_in_every_kind_of_rest(life: Life) -> None:
    await keep(life)
    for kind in ("checkins", "break"):
        async with life.database.write() as writer:
            await life.members.rest(writer, HERE, ROBIN, kind, resting=True)
        assert await turn(life) is None
        async with life.database.write() as writer:
            await life.members.rest(writer, HERE, ROBIN, kind, resting=False)
    async with life.database.write() as writer:
        await life.guilds.set_pause(writer, HERE, True, None)
    assert await turn(life) is None
    async with life.database.write() as writer:
        await life.guilds.set_pause(writer, HERE, False, None)
    assert await turn(life) is not None


async def test_it_is_silent_when_switched_off_in_quiet_hours_and_for_who_left(life: Life) -> None:
    await keep(life)
    async with life.database.write() as writer:
        await life.members.set(writer, HERE, ROBIN, reminders=0)
    assert (await life.reminders.state(HERE, ROBIN)).switched_off
    assert await turn(life) is None
    async with life.database.write() as writer:
        await life.members.set(writer, HERE, ROBIN, reminders=1, quiet_from=19 * 60, quiet_to=7 * 60)
    assert (await life.reminders.state(HERE, ROBIN)).quiet == (19 * 60, 7 * 60)
    assert await turn(life) is None
    async with life.database.write() as writer:
        await life.members.set(writer, HERE, ROBIN, quiet_from=None, quiet_to=None)
    assert await turn(life) is not None
    async with life.database.write() as writer:
        await mark_left(writer, HERE, ROBIN, life.clock.now())
    assert await turn(life) is None


async def test_a_time_in_quiet_hours_is_refused_with_the_hours(life: Life) -> None:
    async with life.database.write() as writer:
        await life.members.set(writer, HERE, ROBIN, quiet_from=22 * 60, quiet_to=7 * 60)
    with pytest.raises(Refusal) as refused:
        await keep(life, 23 * 60)
    assert refused.value.data == {"at": "23:00", "start": "22:00", "end": "07:00"}
    assert await life.jobs(REMIND) == []
    await keep(life, 7 * 60)


async def test_nothing_is_kept_without_consent(life: Life) -> None:
    with pytest.raises(ConditionFailed):
        await life.reminders.keep(HERE, 99, Wanted(1200))
    assert await life.jobs(REMIND) == []
    assert await life.count("checkin_people") == 0


@pytest.mark.parametrize("wanted", [Wanted(None), Wanted(1200, frozenset())])
async def test_a_reminder_without_a_time_or_a_day_is_none(life: Life, wanted: Wanted) -> None:
    with pytest.raises(Refusal):
        await life.reminders.keep(HERE, ROBIN, wanted)


async def test_a_changed_one_and_one_turned_off_come_no_more(life: Life) -> None:
    await keep(life)
    first = await next_job(life)
    await keep(life, 21 * 60)
    life.clock.set(datetime(2026, 1, 15, 20, tzinfo=UTC))
    assert await life.reminders.begin(first) is None
    assert await life.reminders.end(HERE, ROBIN)
    assert not await life.reminders.end(HERE, ROBIN)
    life.clock.set(datetime(2026, 1, 15, 21, tzinfo=UTC))
    async with life.database.read() as reader:
        rows = await reader.fetch_all("SELECT id, payload FROM jobs WHERE kind = $1", REMIND)
    for row in rows:
        assert (
            await life.reminders.begin(Job(row["id"], REMIND, HERE, life.clock.now(), json.loads(row["payload"]), 0))
            is None
        )
    assert len(rows) == 2  # none of them wrote another


async def test_only_its_owner_stops_it_from_its_message(life: Life) -> None:
    await keep(life)
    edition = (await next_job(life)).payload["edition"]
    assert not await life.reminders.stop(HERE, WREN, edition)
    assert not await life.reminders.stop(THERE, ROBIN, edition)
    assert await life.reminders.stop(HERE, ROBIN, edition)
    assert not await life.reminders.stop(HERE, ROBIN, edition)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Los_Angeles", "Pacific/Auckland", "Europe/Berlin"])
async def test_another_zone_moves_the_next_one_or_at_the_latest_the_one_after(life: Life, zone: str) -> None:
    await keep(life)
    await turn(life)
    await life.lives_in(zone)
    came: list[datetime] = []
    for _ in range(5):
        if await turn(life) is not None:
            came.append(life.clock.now().astimezone(ZoneInfo(zone)))
    # Where their evening was over already when the old time came, it is too late for that day, and silent.
    on_time = [one for one in came if (one.hour, one.minute) == (20, 0)]
    assert len(on_time) >= 3
    assert all(one - one.replace(hour=20, minute=0) <= LATE for one in came)
    assert len({one.date() for one in came}) == len(came)
    assert on_time[0] - datetime(2026, 1, 15, 20, tzinfo=UTC) <= 2 * DAY


async def test_the_clocks_change_and_it_comes_once_a_day(life: Life) -> None:
    await life.lives_in("America/New_York")
    life.clock.set(datetime(2026, 3, 7, 12, tzinfo=UTC))
    await keep(life, 2 * 60 + 30)  # on 8 March the clock leaps from 02:00 to 03:00
    here = ZoneInfo("America/New_York")
    shown = [f"{life.clock.now().astimezone(here):%d %H:%M}" for _ in range(3) if await turn(life) is not None]
    assert shown == ["08 03:00", "09 02:30", "10 02:30"]
    life.clock.set(datetime(2026, 10, 31, 12, tzinfo=UTC))
    await keep(life, 90)  # on 1 November 01:30 comes twice
    async with life.database.write() as writer:
        await writer.execute("UPDATE jobs SET done_at = 1 WHERE due_at < $1", int(life.clock.now().timestamp() * 1000))
    shown = [f"{life.clock.now().astimezone(here):%d %H:%M}" for _ in range(2) if await turn(life) is not None]
    assert shown == ["01 01:30", "02 01:30"]


async def test_closed_doors_twice_in_a_row_end_it_and_a_word_is_owed(life: Life) -> None:
    await keep(life)
    for failing in (True, False, True, True):
        due = await turn(life)
        assert due is not None
        await (life.reminders.refused(due) if failing else life.reminders.reached(due))
        state = await life.reminders.state(HERE, ROBIN)
        assert state.closed is (failing and state.wanted.minute is not None)
    assert state.wanted.minute is None
    assert await life.rhythm.word_owed(HERE, ROBIN) is not None
    assert await life.reminders.begin(await next_job(life)) is None


async def test_it_leads_to_todays_post_else_to_the_channel_else_to_the_server(life: Life) -> None:
    await keep(life)
    await life.schedule(MORNING)
    await life.schedule(EVENING)
    due = await turn(life)
    assert due is not None
    assert address_of(due) == f"https://discord.com/channels/{HERE}"
    async with life.database.write() as writer:
        await life.guilds.set_channel(writer, HERE, "check-ins", 77)
    await life.asked(TODAY, hour=9, message_id=111)
    due = await turn(life)
    assert due is not None
    assert address_of(due).endswith(f"/{HERE}/77")  # yesterday's post is no longer the one
    await life.asked(TODAY + 2 * DAY, schedule_id=MORNING, hour=9, message_id=222)
    await life.asked(TODAY + 2 * DAY, schedule_id=EVENING, hour=19, message_id=333)
    due = await turn(life)
    assert due is not None
    assert address_of(due).endswith(f"/{HERE}/5/333")


def test_the_message_names_the_group_without_its_formatting() -> None:
    due = DueReminder(HERE, ROBIN, 2**62, TODAY)
    panel = reminder_message(due, "**Loud** _group_" * 20)
    [words, _] = panel.blocks
    assert isinstance(words, Text)
    assert "\\*\\*Loud" in words.words
    assert len(mark_of(due)) <= 100
    assert "your group" in str(reminder_message(due, None).blocks[0])


@pytest.mark.parametrize("argument", ["", "1440.3", "-1.3", "60.128", "60", "60.x", "६०.1", "60.1.1", "00060.1"])
def test_a_wish_that_is_none_is_refused(argument: str) -> None:
    with pytest.raises(Refusal):
        read_wish(argument)


def test_a_wish_travels_in_a_button() -> None:
    wanted = Wanted(1200, frozenset({0, 6}))
    assert read_wish(f"{wanted.minute}.{wanted.mask}") == wanted
    assert days_of(0) == frozenset()


@given(moments, zones, st.integers(0, 1439), st.frozensets(st.integers(0, 6), min_size=1))
def test_the_next_one_is_ahead_on_one_of_its_days_and_none_is_left_out(
    now: datetime, zone: ZoneInfo, minute: int, wanted: frozenset[int]
) -> None:
    day, at = coming(now, minute, wanted, zone)
    assert at >= now
    assert at.astimezone(zone).date() == day
    assert day.weekday() in wanted
    following, later = next_reminder(at, minute, wanted, zone, day)
    assert following > day
    assert later > at
    between = [day + step * DAY for step in range(1, (following - day).days)]
    assert all(one.weekday() not in wanted or zone.key == "Pacific/Apia" for one in between)
