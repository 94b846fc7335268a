"""A check-in's turns: asked on time, once, late or not at all; on both engines, without Discord."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.storage import Database
from cogs.checkins.service.tellings import ENDED, MISSED, THREAD
from cogs.checkins.service.turns import plan_turn
from tests.unit.checkins.turning import CHANNEL, DAY, EIGHT, HERE, HOUR, MINUTE, THERE, Rig, at, rigged, shipped
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def rig(database: Database) -> Rig:
    return rigged(database)


async def group(rig: Rig, **settings: object) -> None:
    async with rig.database.write() as writer:
        await rig.guilds.set_profile(writer, HERE, **settings)  # type: ignore[arg-type]


async def test_it_is_asked_at_its_time_every_day_and_the_chain_goes_on(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.live(3 * DAY)
    assert rig.days() == ["2026-01-15", "2026-01-16", "2026-01-17"]
    post = await rig.post(evening, date(2026, 1, 16))
    assert post is not None
    assert (post.posted_at, post.channel_id) == (at(20, day=16), CHANNEL)
    assert (await rig.read(evening)).settled_day == date(2026, 1, 17)
    assert await rig.waiting() == 1
    assert rig.told == []


@pytest.mark.parametrize(
    ("start", "minute", "asked"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), 90, [time(1, 30), time(2, 0), time(1, 30)]),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), 90, [time(1, 30), time(1, 30), time(1, 30)]),
    ],
    ids=["the hour is left out", "the hour comes twice"],
)
async def test_daylight_saving_neither_skips_nor_doubles(
    rig: Rig, start: datetime, minute: int, asked: list[time]
) -> None:
    rig.clock.set(start - DAY)
    await rig.schedule(minute=minute, timezone="Europe/London", settled_day=(start - DAY).date())
    await rig.live(3 * DAY)
    found = [await rig.post((await all_of(rig))[0], date.fromisoformat(day)) for day in rig.days()]
    assert [post.posted_at.astimezone(LONDON).time() for post in found if post] == asked
    assert len(set(rig.days())) == 3


async def all_of(rig: Rig) -> tuple:  # type: ignore[type-arg]
    async with rig.database.read() as reader:
        return await rig.schedules.all_of(reader, HERE)


async def test_only_its_weekdays_are_asked_and_only_they_can_be_missed(rig: Rig) -> None:
    await rig.schedule(weekdays=frozenset({0, 3}))  # 15 January is a Thursday
    await rig.live(5 * DAY)
    assert rig.days() == ["2026-01-15", "2026-01-19"]
    rig.clock.set(at(12, day=30))
    await rig.run()
    [told] = rig.told
    assert (told.first, told.last, told.days) == (date(2026, 1, 22), date(2026, 1, 29), 3)
    assert told.next_at == at(20, day=2, month=2)


@pytest.mark.parametrize(("late", "posts"), [(119 * MINUTE, 1), (2 * HOUR, 1), (121 * MINUTE, 0)])
async def test_up_to_two_hours_late_it_is_still_asked(rig: Rig, late: timedelta, posts: int) -> None:
    await rig.schedule()
    rig.clock.set(at(20) + late)
    await rig.run()
    assert len(rig.sender.papers) == posts
    assert [one.reason for one in rig.told] == [MISSED] * (1 - posts)
    await rig.live(DAY)
    assert rig.days()[posts:] == ["2026-01-16"]


async def test_past_midnight_it_is_still_the_evenings_own(rig: Rig) -> None:
    await rig.schedule(minute=23 * 60 + 30)
    rig.clock.set(at(1, day=16))
    await rig.run()
    assert rig.days() == ["2026-01-15"]
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15", "2026-01-16"]


async def test_a_gap_is_told_once_however_many_turns_were_missed(rig: Rig) -> None:
    evening = await rig.schedule()
    async with rig.database.write() as writer:
        await plan_turn(writer, rig.ids, evening, date(2026, 1, 16), at(20, day=16))
    rig.clock.set(at(12, day=19))
    await rig.run()
    [told] = rig.told
    assert (told.reason, told.first, told.last, told.days) == (MISSED, date(2026, 1, 15), date(2026, 1, 18), 4)
    assert (told.name, told.channel_id, told.next_at) == ("Evening", CHANNEL, at(20, day=19))
    await rig.live(DAY)
    assert rig.days() == ["2026-01-19"]


async def test_in_quiet_hours_it_waits_for_their_end_and_so_does_the_telling(rig: Rig) -> None:
    await group(rig, timezone="UTC", quiet=(19 * 60, 8 * 60))
    evening = await rig.schedule()
    await rig.live(DAY)
    post = await rig.post(evening, date(2026, 1, 15))
    assert post is not None
    assert post.posted_at == at(8, day=16)
    rig.clock.set(at(23, day=18))
    await rig.run()
    assert rig.told == []
    await rig.live(10 * HOUR)
    assert [(one.first, one.last) for one in rig.told] == [(date(2026, 1, 16), date(2026, 1, 17))]
    assert rig.days() == ["2026-01-15", "2026-01-18"]


async def test_while_the_group_rests_nothing_is_posted_or_told(rig: Rig) -> None:
    await rig.schedule()
    async with rig.database.write() as writer:
        await rig.guilds.set_pause(writer, HERE, True, at(12, day=17))
    await rig.live(2 * DAY - HOUR)
    assert rig.sender.papers == []
    await rig.live(DAY)
    assert rig.days() == ["2026-01-17"]
    assert rig.told == []


async def test_of_an_outage_only_the_days_outside_of_a_rest_are_told(rig: Rig) -> None:
    await rig.schedule()
    async with rig.database.write() as writer:
        await rig.guilds.set_pause(writer, HERE, True, at(21, day=17))
    rig.clock.set(at(12, day=20))
    await rig.run()
    [told] = rig.told
    assert (told.first, told.last, told.days) == (date(2026, 1, 18), date(2026, 1, 19), 2)


async def test_what_an_older_plan_wrote_does_nothing(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.keep(replace(evening, edition=rig.ids.new(), minute=EIGHT + 60))
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15"]
    post = await rig.post(evening, date(2026, 1, 15))
    assert post is not None
    assert post.posted_at == at(21)


async def test_an_older_plan_is_not_even_begun(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.keep(replace(evening, edition=rig.ids.new()), anew=False)
    rig.clock.set(at(20))
    [job] = await rig.due()
    assert await rig.turns.begin(job) is None
    assert await rig.waiting() == 1


async def test_what_is_mended_before_it_is_told_is_not_told(rig: Rig) -> None:
    evening = await rig.schedule()
    async with rig.database.write() as writer:
        await rig.turns.tellings.plan(writer, "no_access", [(evening, (date(2026, 1, 15),))], at(13))
    await rig.live(2 * HOUR)
    assert rig.told == []


async def test_a_group_that_rests_by_then_is_told_nothing(rig: Rig) -> None:
    await group(rig, timezone="UTC", quiet=(21 * 60, 8 * 60))
    await rig.schedule()
    rig.clock.set(at(23))
    await rig.run()
    async with rig.database.write() as writer:
        await rig.guilds.set_pause(writer, HERE, True, None)
    await rig.live(DAY)
    assert rig.told == []


async def test_a_new_plan_for_a_day_that_was_posted_posts_nothing(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.live(9 * HOUR)
    await rig.keep(replace(evening, edition=rig.ids.new(), minute=EIGHT + 120))
    await rig.live(2 * HOUR)
    assert rig.days() == ["2026-01-15"]


async def test_a_clock_that_moved_without_a_word_is_waited_for(rig: Rig) -> None:
    await rig.schedule()
    await group(rig, timezone="America/New_York")
    await rig.live(12 * HOUR)
    assert rig.days() == []
    await rig.live(2 * HOUR)
    assert rig.days() == ["2026-01-15"]
    assert rig.told == []


async def test_a_lost_answer_posts_once_and_says_the_same(rig: Rig) -> None:
    evening, other = await rig.schedule(), await rig.schedule(name="Night", minute=EIGHT + 1)
    rig.sender.lose = 1
    rig.clock.set(at(20))
    await rig.run()
    assert await rig.post(evening, date(2026, 1, 15)) is None
    rig.sender.forget()
    await rig.live(MINUTE, MINUTE)  # the other one chooses its words in between
    first = next(paper for paper in rig.sender.papers if str(evening.schedule_id) in paper.ids[0])
    post = await rig.post(evening, date(2026, 1, 15))
    assert post is not None
    assert (post.message_id, len(rig.sender.papers)) == (first.message_id, 2)
    assert shipped().prompts[post.prompt_id or ""].text in first.words
    assert rig.sender.markers.count(None) == 2
    assert await rig.post(other, date(2026, 1, 15)) is not None


async def test_a_process_that_ends_between_post_and_row_posts_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    evening = await rig.schedule()

    async def killed(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(rig.turns, "posted", killed)
        rig.clock.set(at(20))
        with pytest.raises(OSError):
            await rig.run()
    rig.sender.forget()
    rig.clock.advance(5 * MINUTE)
    await rig.run()
    assert len(rig.sender.papers) == 1
    assert await rig.post(evening, date(2026, 1, 15)) is not None


async def test_two_processes_at_once_post_once(rig: Rig) -> None:
    """Each has a job of its own for the date: they know nothing of each other but what the database says."""
    evening = await rig.schedule()
    other = rigged(rig.database)
    other.delivery._sender = rig.sender
    rig.clock.set(at(20))
    other.clock.set(at(20))
    async with rig.database.write() as writer:
        await plan_turn(writer, rig.ids, evening, date(2026, 1, 15), at(20), look=7)
    one, two = await rig.due()
    await asyncio.gather(rig._work(one), other._work(two))
    assert len(rig.sender.papers) == 1
    assert await rig.post(evening, date(2026, 1, 15)) is not None


async def test_a_refusal_is_told_once_until_a_post_goes_through(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.refuse = "no_permission"
    await rig.live(2 * DAY)
    assert [(one.reason, one.first) for one in rig.told] == [("no_permission", date(2026, 1, 15))]
    assert (await rig.read(evening)).trouble == "no_permission"
    rig.sender.refuse = ""
    await rig.live(DAY)
    assert (await rig.read(evening)).trouble is None
    assert rig.days() == ["2026-01-17"]
    rig.sender.refuse = "no_permission"
    await rig.live(DAY)
    assert [one.first.day for one in rig.told] == [15, 18]


async def test_after_thirty_days_of_refusals_it_is_paused_and_kept(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.refuse = "unknown_channel"
    await rig.live(32 * DAY, 2 * HOUR)
    assert [one.reason for one in rig.told] == ["unknown_channel", ENDED]
    assert (rig.told[1].first, rig.told[1].next_at) == (date(2026, 1, 15), None)
    kept = await rig.read(evening)
    assert (kept.paused, kept.paused_until, kept.trouble) == (True, None, None)
    assert (kept.name, kept.channel_id, kept.minute) == ("Evening", CHANNEL, EIGHT)
    assert await rig.waiting() == 0
    rig.sender.refuse = ""
    await rig.keep(replace(kept, paused=False, edition=rig.ids.new(), settled_day=rig.clock.now().date()))
    await rig.live(2 * DAY)
    assert rig.days() == ["2026-02-17"]


async def test_a_removed_or_paused_check_in_is_not_asked(rig: Rig) -> None:
    evening, night = await rig.schedule(), await rig.schedule(name="Night")
    async with rig.database.write() as writer:
        await rig.schedules.delete(writer, HERE, evening.schedule_id)
    await rig.keep(replace(night, paused=True, paused_until=date(2026, 1, 17), edition=night.edition), anew=False)
    await rig.live(DAY)
    assert rig.days() == []
    await rig.live(2 * DAY)
    assert rig.days() == ["2026-01-17"]
    assert rig.told == []


async def test_another_groups_job_opens_nothing(rig: Rig) -> None:
    evening = await rig.schedule()
    async with rig.database.write() as writer:
        await writer.execute("UPDATE jobs SET guild_id = $1", THERE)
    await rig.live(DAY)
    assert rig.days() == []
    assert await rig.post(evening, date(2026, 1, 15)) is None


async def test_the_thread_is_opened_once_and_named(rig: Rig) -> None:
    evening = await rig.schedule(thread=True, name="Evening *check-in*")
    rig.sender.lose_thread = 1
    rig.clock.set(at(20))
    await rig.run()
    await rig.run()
    [paper] = rig.sender.papers
    assert paper.thread == "Evening *check-in* · Thursday 15 January"
    post = await rig.post(evening, date(2026, 1, 15))
    assert post is not None
    assert post.thread_id == paper.message_id
    assert len(rig.sender.markers) == 1
    assert rig.told == []


async def test_a_refused_thread_is_told_once_and_the_post_stands(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.refuse_thread = "no_permission"
    await rig.live(2 * DAY)
    assert len(rig.sender.papers) == 2
    assert [one.reason for one in rig.told] == [THREAD]
    rig.sender.refuse_thread = ""
    await rig.live(DAY)
    assert (await rig.read(evening)).trouble is None


async def test_a_thread_refused_for_a_month_ends_nothing(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.refuse_thread = "no_permission"
    await rig.live(33 * DAY, 2 * HOUR)
    assert len(rig.sender.papers) == 33
    assert not (await rig.read(evening)).paused


async def test_a_post_that_somebody_deleted_needs_no_thread(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.refuse_thread = "unknown_message"
    await rig.live(DAY)
    assert (await rig.read(evening)).trouble is None
    assert rig.told == []


async def test_after_a_long_outage_one_telling_speaks_for_all_ten(rig: Rig) -> None:
    for number in range(10):
        await rig.schedule(name=f"Check-in {number}", minute=EIGHT + number)
    weekly = await rig.schedule(THERE)
    rig.clock.set(at(12, day=19))
    await rig.run()
    assert rig.tellings == 2  # one of them is the other group's
    assert sorted(one.name for one in rig.told) == [
        "Check-in 0",
        *(f"Check-in {one}" for one in range(1, 10)),
        "Evening",
    ]
    assert {(one.first, one.last, one.days) for one in rig.told} == {(date(2026, 1, 15), date(2026, 1, 18), 4)}
    await rig.live(DAY)
    assert rig.days() == ["2026-01-19"] * 11
    assert (await rig.read(weekly)).settled_day == date(2026, 1, 19)
    assert rig.tellings == 2


async def test_a_lost_answer_in_the_channel_before_is_found_when_it_has_moved(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.lose = 1
    rig.clock.set(at(20))
    await rig.run()
    rig.sender.forget()
    await rig.keep(replace(evening, channel_id=78, edition=rig.ids.new()))
    await rig.run()
    assert [paper.channel_id for paper in rig.sender.papers] == [CHANNEL]
    post = await rig.post(evening, date(2026, 1, 15))
    assert post is not None
    assert (post.channel_id, post.message_id, post.thread_id) == (CHANNEL, 900, 900)
    await rig.live(DAY)
    assert [paper.channel_id for paper in rig.sender.papers] == [CHANNEL, 78]


async def test_nothing_in_the_channel_before_leaves_the_new_one(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.down = True
    rig.clock.set(at(20))
    await rig.run()
    rig.sender.down = False
    await rig.keep(replace(evening, channel_id=78, edition=rig.ids.new()))
    await rig.run()
    assert [paper.channel_id for paper in rig.sender.papers] == [78]
    post = await rig.post(evening, date(2026, 1, 15))
    assert post is not None
    assert post.channel_id == 78
