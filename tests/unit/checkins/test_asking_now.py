"""Today's post at once, because a moderator asks: once, whatever else is planned; and what a preview shows before."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.errors import Refusal
from bot.storage import Database
from tests.unit.checkins.turning import DAY, HERE, HOUR, MINUTE, THERE, Rig, at, rigged
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

TODAY = date(2026, 1, 15)


@pytest.fixture
def rig(database: Database) -> Rig:
    return rigged(database)


async def test_it_is_posted_now_and_the_clocks_own_does_not_come_again(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert (outcome.state, outcome.thread) == ("posted", True)
    assert outcome.post is not None
    assert (outcome.post.day, outcome.post.posted_at) == (TODAY, at(12))
    assert rig.sender.papers[0].thread is not None
    assert await rig.waiting() == 1  # the evening's own turn: the promise was taken back
    await rig.live(DAY + 9 * HOUR)
    assert rig.days() == ["2026-01-15", "2026-01-16"]
    assert rig.told == []


async def test_what_is_there_already_is_shown_and_not_doubled(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.live(9 * HOUR)
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert outcome.state == "already"
    assert outcome.post is not None
    assert outcome.post.message_id == rig.sender.papers[0].message_id
    assert len(rig.sender.papers) == 1


async def test_two_presses_at_once_post_one(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    outcomes = await asyncio.gather(*(rig.delivery.now(HERE, evening.schedule_id) for _ in range(4)))
    assert sorted(one.state for one in outcomes) == ["already", "already", "already", "posted"]
    assert len({one.post.message_id for one in outcomes if one.post}) == 1
    assert len(rig.sender.papers) == 1
    assert len(rig.sender.markers) == 1


async def test_a_press_at_the_very_moment_of_the_turn_posts_one(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    [job] = await rig.due()
    await asyncio.gather(rig._work(job), rig.delivery.now(HERE, evening.schedule_id))
    await rig.live(HOUR)
    assert len(rig.sender.papers) == 1


async def test_a_lost_answer_is_said_and_its_job_finds_the_post(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.lose = 1
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert (outcome.state, outcome.post) == ("later", None)
    rig.sender.forget()
    await rig.live(DAY, MINUTE * 5)
    assert rig.days() == ["2026-01-15"]
    post = await rig.post(evening, TODAY)
    assert post is not None
    assert post.message_id == rig.sender.papers[0].message_id
    assert None not in rig.sender.markers[1:]


async def test_a_process_that_ends_in_the_middle_has_promised_it(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.asking.promise(HERE, evening.schedule_id)
    await rig.live(2 * MINUTE, MINUTE)
    post = await rig.post(evening, TODAY)
    assert post is not None
    assert post.posted_at == at(12, 1)


async def test_a_thread_that_takes_longer_is_no_reason_to_say_that_nothing_stands(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.lose_thread = 1
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert outcome.state == "posted"
    await rig.live(2 * MINUTE, MINUTE)
    post = await rig.post(evening, TODAY)
    assert post is not None
    assert post.thread_id is not None


async def test_a_refusal_is_answered_and_harms_no_plan(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.refuse = "no_permission"
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert (outcome.state, outcome.reason) == ("refused", "no_permission")
    await rig.live(HOUR)
    assert rig.told == []
    assert (await rig.read(evening)).trouble is None
    rig.sender.refuse = ""
    assert (await rig.delivery.now(HERE, evening.schedule_id)).state == "posted"


async def test_a_refused_thread_is_said(rig: Rig) -> None:
    evening = await rig.schedule(thread=True)
    rig.sender.refuse_thread = "no_permission"
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert (outcome.state, outcome.thread) == ("posted", False)


async def test_a_promise_that_is_refused_later_is_told_and_leaves_the_day_open(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.asking.promise(HERE, evening.schedule_id)
    rig.sender.refuse = "no_access"
    await rig.live(2 * MINUTE, MINUTE)
    assert [one.reason for one in rig.told] == ["no_access"]
    assert (await rig.read(evening)).settled_day == TODAY - DAY
    rig.sender.refuse = ""
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15"]


async def test_a_paused_one_is_posted_this_once(rig: Rig) -> None:
    evening = await rig.schedule(paused=True)
    assert (await rig.delivery.now(HERE, evening.schedule_id)).state == "posted"
    await rig.live(2 * DAY)
    assert rig.days() == ["2026-01-15"]


async def test_on_a_day_that_is_none_of_its_own_it_is_that_days(rig: Rig) -> None:
    evening = await rig.schedule(weekdays=frozenset({0}))
    await rig.delivery.now(HERE, evening.schedule_id)
    await rig.live(5 * DAY)
    assert rig.days() == ["2026-01-15", "2026-01-19"]


async def test_what_quiet_hours_moved_to_today_is_what_is_posted(rig: Rig) -> None:
    async with rig.database.write() as writer:
        await rig.guilds.set_profile(writer, HERE, timezone="UTC", quiet=(19 * 60, 14 * 60))
    evening = await rig.schedule(settled_day=date(2026, 1, 13))  # the 14th's comes today at two
    outcome = await rig.delivery.now(HERE, evening.schedule_id)
    assert outcome.post is not None
    assert outcome.post.day == date(2026, 1, 14)
    await rig.live(3 * HOUR)
    assert rig.days() == ["2026-01-14"]


async def test_a_resting_group_is_told_so(rig: Rig) -> None:
    evening = await rig.schedule()
    async with rig.database.write() as writer:
        await rig.guilds.set_pause(writer, HERE, True, None)
    with pytest.raises(Refusal) as refused:
        await rig.delivery.now(HERE, evening.schedule_id)
    assert refused.value.key == "checkin_post.now.rests"
    assert await rig.waiting() == 1
    assert (await rig.asking.preview(HERE, evening.schedule_id)).rests


async def test_another_groups_check_in_opens_nothing(rig: Rig) -> None:
    evening = await rig.schedule(THERE)
    for call in (rig.delivery.now, rig.asking.preview):
        with pytest.raises(Refusal):
            await call(HERE, evening.schedule_id)
    outcome = await rig.delivery.now(THERE, evening.schedule_id)
    assert outcome.post is not None
    assert await rig.asking.post(HERE, evening.schedule_id, TODAY) is None
    assert await rig.asking.post(THERE, evening.schedule_id, TODAY) == outcome.post


async def test_a_preview_shows_the_very_words_that_come_and_keeps_nothing(rig: Rig) -> None:
    evening = await rig.schedule()
    for _ in range(3):
        preview = await rig.asking.preview(HERE, evening.schedule_id)
        await rig.live(DAY)
        assert preview.view.words in rig.sender.papers[-1].words
        assert preview.next_at is not None
        assert rig.sender.papers[-1].ids[0].endswith(preview.view.day.isoformat())
        assert preview.next_at == at(20, day=preview.view.day.day)
    assert len(rig.sender.papers) == 3


async def test_a_preview_keeps_to_what_was_chosen(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.lose = 1
    rig.clock.set(at(20))
    await rig.run()
    await rig.keep(replace(evening, prompts=False), anew=False)
    preview = await rig.asking.preview(HERE, evening.schedule_id)
    assert preview.view.words in rig.sender.papers[0].words


async def test_a_preview_of_a_paused_one_has_no_date_to_name(rig: Rig) -> None:
    evening = await rig.schedule(paused=True)
    preview = await rig.asking.preview(HERE, evening.schedule_id)
    assert (preview.next_at, preview.view.day) == (None, TODAY)
    await rig.keep(replace(evening, paused_until=TODAY + timedelta(days=4)), anew=False)
    preview = await rig.asking.preview(HERE, evening.schedule_id)
    assert preview.next_at == at(20, day=19)


async def test_a_promise_that_nobody_could_keep_for_two_hours_is_told_and_not_posted_late(rig: Rig) -> None:
    monday = await rig.schedule(weekdays=frozenset({0}))
    await rig.asking.promise(HERE, monday.schedule_id)
    rig.clock.set(at(12, day=17))
    await rig.run()
    assert rig.sender.papers == []
    assert [(one.name, one.first, one.days) for one in rig.told] == [("Evening", TODAY, 1)]


async def test_a_late_promise_leaves_the_day_to_its_own_turn(rig: Rig) -> None:
    evening = await rig.schedule()
    await rig.asking.promise(HERE, evening.schedule_id)
    rig.clock.set(at(16))
    await rig.run()
    assert (rig.sender.papers, rig.told) == ([], [])
    await rig.live(DAY)
    assert rig.days() == ["2026-01-15"]


async def test_a_second_press_is_promised_although_the_first_was_refused_by_its_job(rig: Rig) -> None:
    evening = await rig.schedule(weekdays=frozenset({0}))
    await rig.asking.promise(HERE, evening.schedule_id)
    rig.sender.refuse = "no_access"
    await rig.live(2 * MINUTE, MINUTE)
    rig.sender.refuse, rig.sender.down = "", True
    assert (await rig.delivery.now(HERE, evening.schedule_id)).state == "later"
    rig.sender.down = False
    await rig.live(10 * MINUTE, MINUTE)
    assert rig.days() == ["2026-01-15"]
