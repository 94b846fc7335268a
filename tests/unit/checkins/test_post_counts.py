"""How many checked in, on the post: seldom edited, never behind for good; and which words a post begins with."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.storage import Database
from bot.text import t
from cogs.checkins.service.counts import plan_count
from tests.unit.checkins.turning import DAY, HERE, HOUR, ROBIN, THERE, Rig, at, rigged, shipped
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

TODAY = date(2026, 1, 15)
SECOND = timedelta(seconds=1)


@pytest.fixture
def rig(database: Database) -> Rig:
    return rigged(database)


def counted(rig: Rig, people: int) -> bool:
    """Whether the first post shows so many."""
    day = "Thursday 15 January"
    words = t("checkin_post.post.somebody", count=people, day=day) if people else t("checkin_post.post.nobody", day=day)
    return words in rig.sender.papers[0].words


async def test_many_entries_are_one_edit_ten_seconds_after_the_post(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    assert counted(rig, 0)
    for person in range(5):
        rig.clock.advance(1)
        await rig.check_in(evening, TODAY, ROBIN + person)
    await rig.live(4 * SECOND, SECOND)
    assert rig.sender.redrawn == []
    await rig.live(SECOND, SECOND)
    assert rig.sender.redrawn == [at(20) + 10 * SECOND]
    assert counted(rig, 5)
    await rig.live(HOUR)
    assert len(rig.sender.redrawn) == 1


async def test_the_next_edit_comes_ten_seconds_later_and_after_an_hour_fifteen_minutes(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    for person in range(60):
        await rig.check_in(evening, TODAY, ROBIN + person)
        await rig.live(SECOND, SECOND)
    assert len(rig.sender.redrawn) == 6
    rig.clock.set(at(21, 30))
    await rig.run()
    late = len(rig.sender.redrawn)
    for person in range(60, 120):
        await rig.check_in(evening, TODAY, ROBIN + person)
        await rig.live(60 * SECOND, 60 * SECOND)
    assert 3 <= len(rig.sender.redrawn) - late <= 5
    gaps = [after - before for before, after in zip(rig.sender.redrawn, rig.sender.redrawn[1:], strict=False)]
    assert min(gaps) >= 10 * SECOND
    assert min(gaps[late:]) >= timedelta(minutes=15)
    await rig.live(HOUR)
    assert counted(rig, 120)


async def test_somebody_with_two_days_under_one_post_counts_once_and_nobody_again_none(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    await rig.check_in(evening, TODAY, ROBIN)
    await rig.live(HOUR)
    assert counted(rig, 1)
    async with rig.database.write() as writer:
        await writer.execute("DELETE FROM checkin_entries")
        await plan_count(writer, rig.ids, rig.posts, HERE, evening.schedule_id, TODAY, rig.clock.now())
    await rig.live(HOUR)
    assert counted(rig, 0)


async def test_an_entry_between_two_tries_of_an_edit_is_not_lost(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    await rig.check_in(evening, TODAY, ROBIN)
    rig.sender.down = True
    await rig.live(10 * SECOND, 10 * SECOND)
    await rig.check_in(evening, TODAY, ROBIN + 1)
    rig.sender.down = False
    await rig.live(HOUR)
    assert counted(rig, 2)
    post = await rig.post(evening, TODAY)
    assert post is not None
    assert post.edits == 2


async def test_who_was_quicker_than_the_posts_row_is_counted(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.sender.lose = 1
    rig.clock.set(at(20))
    await rig.run()
    await rig.check_in(evening, TODAY, ROBIN)
    await rig.live(HOUR)
    assert len(rig.sender.papers) == 1
    assert counted(rig, 1)


@pytest.mark.parametrize("reason", ["unknown_message", "no_access", "http_400"])
async def test_a_post_that_takes_no_edit_is_left_alone_quietly(rig: Rig, reason: str) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    rig.sender.refuse_edit = reason
    await rig.check_in(evening, TODAY, ROBIN)
    await rig.live(HOUR)
    assert len(rig.sender.redrawn) == 1
    assert rig.told == []


async def test_an_edit_says_the_same_words_whatever_was_changed_since(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    first = rig.sender.papers[0].words[1]
    await rig.keep(replace(evening, prompts=False, name="Night"), anew=False)
    await rig.check_in(evening, TODAY, ROBIN)
    await rig.live(HOUR)
    assert rig.sender.papers[0].words[1] == first
    assert "Night" in rig.sender.papers[0].words[0]


async def test_a_removed_check_ins_post_is_left_as_it_is(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    await rig.check_in(evening, TODAY, ROBIN)
    async with rig.database.write() as writer:
        await rig.schedules.delete(writer, HERE, evening.schedule_id)
    await rig.live(HOUR)
    assert rig.sender.redrawn == []


async def test_another_groups_count_is_not_planned(rig: Rig) -> None:
    evening = await rig.schedule()
    rig.clock.set(at(20))
    await rig.run()
    async with rig.database.write() as writer:
        await plan_count(writer, rig.ids, rig.posts, THERE, evening.schedule_id, TODAY, rig.clock.now())
    assert await rig.waiting() == 1  # tomorrow's turn
    await rig.live(HOUR)
    assert rig.sender.redrawn == []


async def test_two_check_ins_of_a_group_share_no_words_within_thirty_days(rig: Rig) -> None:
    async with rig.database.write() as writer:
        await rig.guilds.set_profile(writer, HERE, kind="recovery")
    morning, evening = await rig.schedule(minute=480, settled_day=TODAY), await rig.schedule(settled_day=TODAY)
    twin = await rig.schedule(THERE, settled_day=TODAY)
    await rig.live(40 * DAY, HOUR)
    by_words = {prompt.text: prompt for prompt in shipped().prompts.values()}
    used: dict[str, date] = {}
    for paper in rig.sender.papers:
        if str(twin.schedule_id) in paper.ids[0]:
            continue
        day, prompt = date.fromisoformat(paper.ids[0].rpartition(".")[2]), by_words[paper.words[1]]
        assert prompt.fits("recovery", day.weekday())
        assert day - used.get(prompt.id, date.min) > timedelta(days=30)
        used[prompt.id] = day
    assert len(used) >= 60
    assert {morning.schedule_id, evening.schedule_id} == {
        int(paper.ids[0].split(":")[3].split(".")[0])
        for paper in rig.sender.papers
        if str(twin.schedule_id) not in paper.ids[0]
    }


async def test_without_prompts_each_post_begins_with_the_plain_line(rig: Rig) -> None:
    await rig.schedule(prompts=False)
    await rig.live(2 * DAY)
    assert [paper.words[1] for paper in rig.sender.papers] == [t("checkin_post.post.plain")] * 2
