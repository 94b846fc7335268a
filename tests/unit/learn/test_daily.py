"""The daily reading's turns: planned, posted, put off, skipped, accounted for; on both engines, without Discord."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.contracts import ClockChanged, GuildReset, OpenCalls
from bot.errors import Refusal
from bot.ids import Ids
from bot.jobs import Job
from bot.jobs import store as jobs_store
from bot.storage import Reader, SealBroken
from bot.times import Quiet
from cogs.learn.service import DAILY, TELL, DailyService, DailyTurns, DaysReadings, GroupLibraries, Plan, Telling, Turn
from cogs.learn.store import DaysStore, OwnStore, Schedule, ScheduleStore
from tests.unit.learn.conftest import HERE, THERE, Desk, shipped
from tests.unit.learn.made import reading

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NINE = Plan(77, 9 * 60)


@dataclass
class Rig:
    """The use cases, and jobs brought to their end by hand."""

    desk: Desk
    daily: DailyService
    turns: DailyTurns
    called: set[int]
    told: list[Telling] = field(default_factory=list)
    posts: list[tuple[date, datetime, str]] = field(default_factory=list)
    refuse: str = ""

    async def schedule(self, guild_id: int = HERE) -> Schedule | None:
        async with self.desk.database.read() as reader:
            return await ScheduleStore().get(reader, guild_id)

    async def due(self) -> list[Job]:
        async with self.desk.database.write() as writer:
            waiting = await jobs_store.waiting(
                writer, self.desk.clock.now(), (DAILY, TELL), (), turns=9, after=0, page=99, skip=0
            )
        ids = [one.id for one in waiting]
        if not ids:
            return []
        now = self.desk.clock.now()
        leased = await jobs_store.lease(self.desk.database, ids, "rig", now, now + DAY)
        return sorted((one.job() for one in leased), key=lambda job: (job.due_at, job.id))

    async def run(self) -> None:
        """Bring everything due to its end."""
        while due := await self.due():
            for job in due:
                await self.work(job)
                async with self.desk.database.write() as writer:
                    await writer.execute("UPDATE jobs SET done_at = 1 WHERE id = $1", job.id)

    async def work(self, job: Job) -> None:
        if job.kind == TELL:
            if telling := await self.turns.telling(job):
                self.told.append(telling)
            return
        turn = await self.turns.begin(job)
        if turn is not None and turn.message_id is None:
            await self.post(turn)

    async def post(self, turn: Turn) -> None:
        if self.refuse:
            await self.turns.refused(turn, self.refuse)
            return
        self.posts.append((turn.day, self.desk.clock.now(), turn.snippet_id))
        await self.turns.posted(turn, 1000 + len(self.posts))
        await self.turns.well(turn)

    async def live(self, span: timedelta, step: timedelta = timedelta(minutes=10)) -> None:
        """Let time pass with the bot awake."""
        for _ in range(span // step):
            self.desk.clock.advance(step)
            await self.run()

    def days(self) -> list[int]:
        return [day.day for day, _, _ in self.posts]


@pytest.fixture
def rig(desk: Desk) -> Rig:
    libraries = GroupLibraries(desk.database, shipped(), desk.own)
    days, schedules, calls, called = DaysStore(), ScheduleStore(), OpenCalls(), set[int]()
    ids = Ids(desk.clock, random.Random(5))

    async def look(reader: Reader, guild_id: int) -> bool:
        return guild_id in called

    calls.register(look)
    readings = DaysReadings(desk.database, desk.clock, desk.guilds, libraries, days, schedules)
    shared = (desk.database, desk.clock, ids, desk.guilds, libraries, calls)
    daily = DailyService(*shared, days, schedules, desk.own)
    return Rig(desk, daily, DailyTurns(*shared, readings, days, schedules), called)


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


async def test_the_first_is_today_where_its_time_is_to_come_else_tomorrow(rig: Rig) -> None:
    rig.desk.clock.set(at(8))
    await rig.daily.keep(HERE, NINE)
    assert (await rig.daily.status(HERE)).next_at == at(9)
    await rig.daily.keep(HERE, replace(NINE, minute=7 * 60))
    assert (await rig.daily.status(HERE)).next_at == at(7, day=16)
    await rig.live(2 * DAY)
    assert rig.days() == [16, 17]


async def test_it_is_posted_once_a_day_however_often_the_time_changes(rig: Rig) -> None:
    rig.desk.clock.set(at(8))
    await rig.daily.keep(HERE, NINE)
    await rig.live(2 * HOUR)
    assert rig.days() == [15]
    await rig.daily.keep(HERE, replace(NINE, minute=11 * 60))
    assert (await rig.daily.status(HERE)).next_at == at(11, day=16)
    await rig.live(DAY + 2 * HOUR)
    assert rig.days() == [15, 16]


async def test_two_changes_in_a_row_leave_one_plan(rig: Rig) -> None:
    rig.desk.clock.set(at(8))
    for minute in (540, 550, 560):
        await rig.daily.keep(HERE, replace(NINE, minute=minute))
    await rig.live(2 * HOUR)
    assert [when for _, when, _ in rig.posts] == [at(9, 20)]


async def test_other_topics_lose_no_reading_that_waits(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.called.add(HERE)
    await rig.live(HOUR)
    assert (await rig.daily.status(HERE)).waits
    await rig.daily.keep(HERE, replace(NINE, topics=("coping",), thread=True))
    rig.called.clear()
    await rig.live(HOUR)
    assert rig.days() == [15]
    assert shipped().library.snippets[rig.posts[0][2]].topic == "coping"


async def test_what_is_posted_is_the_days_whatever_was_chosen_meanwhile(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.desk.clock.set(at(9))
    [job] = await rig.due()
    turn = await rig.turns.begin(job)
    assert turn is not None
    topic = shipped().library.snippets[turn.snippet_id].topic
    other = next(one.key for one in await rig.daily.topics(HERE) if one.key != topic)
    await rig.daily.keep(HERE, replace(NINE, topics=(other,)))
    assert await rig.turns._readings.today(HERE) != turn.snippet_id
    await rig.turns.posted(turn, 4)
    assert await rig.turns._readings.today(HERE) == turn.snippet_id


async def test_a_channel_changed_while_a_turn_runs_leaves_its_post_and_its_trouble_behind(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.desk.clock.set(at(9))
    [job] = await rig.due()
    turn = await rig.turns.begin(job)
    assert turn is not None
    await rig.daily.keep(HERE, replace(NINE, channel_id=78, minute=545))
    await rig.turns.refused(turn, "no_access")
    assert (await rig.daily.status(HERE)).trouble is None
    await rig.turns.posted(turn, 4)
    rig.desk.clock.set(at(9, 5))
    [job] = await rig.due()
    assert await rig.turns.begin(job) is None


async def test_the_next_day_is_written_before_the_post(rig: Rig) -> None:
    rig.desk.clock.set(at(8))
    await rig.daily.keep(HERE, NINE)
    rig.desk.clock.set(at(9))
    [job] = await rig.due()
    turn = await rig.turns.begin(job)
    assert turn is not None
    async with rig.desk.database.read() as reader:
        rows = await reader.fetch_all("SELECT due_at FROM jobs WHERE due_at > $1", int(at(9).timestamp() * 1000))
    assert [row["due_at"] for row in rows] == [int(at(9, day=16).timestamp() * 1000)]
    again = await rig.turns.begin(job)  # after a crash
    assert again is not None
    assert again.snippet_id == turn.snippet_id
    await rig.turns.posted(turn, 4)
    third = await rig.turns.begin(job)
    assert third is not None
    assert third.message_id == 4
    rig.desk.clock.set(at(16))
    assert await rig.turns.begin(job) is None  # nor is its thread opened in the evening


async def test_a_library_that_can_not_be_read_spoils_one_day_alone(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    async with rig.desk.database.write() as writer:
        await writer.execute(
            "INSERT INTO group_snippets (guild_id, snippet_id, words_sealed, edition, created_at, updated_at) "
            "VALUES ($1, $2, $2, 1, 0, 0)",
            HERE, "own-x",
        )  # fmt: skip
    rig.desk.clock.set(at(9))
    [job] = await rig.due()
    with pytest.raises(SealBroken):
        await rig.turns.begin(job)
    async with rig.desk.database.write() as writer:
        await writer.execute("DELETE FROM group_snippets")
        await writer.execute("UPDATE jobs SET failed_at = 1 WHERE id = $1", job.id)
    await rig.live(DAY)
    assert rig.days() == [16]


async def test_nothing_comes_late_into_the_quiet_hours(rig: Rig) -> None:
    async with rig.desk.database.write() as writer:
        await rig.desk.guilds.set_profile(writer, HERE, quiet=(21 * 60, 7 * 60))
    rig.desk.clock.set(at(18))
    await rig.daily.keep(HERE, replace(NINE, minute=19 * 60))
    rig.called.add(HERE)
    await rig.live(3 * HOUR - timedelta(minutes=20))
    rig.desk.clock.set(at(21, 5))
    rig.called.clear()
    await rig.run()
    await rig.live(DAY)
    assert [when for _, when, _ in rig.posts] == [at(19, 5, day=16)]
    assert [(one.reason, one.first.day, one.last.day) for one in rig.told] == [("missed", 15, 15)]


async def test_on_a_short_day_the_quiet_hours_come_sooner(rig: Rig) -> None:
    await rig.desk.group(timezone="Europe/London")
    async with rig.desk.database.write() as writer:
        await rig.desk.guilds.set_profile(writer, HERE, quiet=(3 * 60, 5 * 60))
    rig.desk.clock.set(datetime(2026, 3, 29, 0, 20, tzinfo=UTC))
    await rig.daily.keep(HERE, replace(NINE, minute=30))
    rig.called.add(HERE)
    rig.desk.clock.set(datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    await rig.run()
    rig.called.clear()
    rig.desk.clock.set(datetime(2026, 3, 29, 2, 5, tzinfo=UTC))  # 03:05 on the wall
    await rig.run()
    assert rig.posts == []


@pytest.mark.parametrize(("back", "told"), [
    (at(3, day=17), at(7, 30, day=17)), (at(23, day=17), at(7, 30, day=18)), (at(20, day=17), at(20, day=17)),
])  # fmt: skip
async def test_after_an_outage_the_team_is_not_told_in_the_quiet_hours(
    rig: Rig, back: datetime, told: datetime
) -> None:
    async with rig.desk.database.write() as writer:
        await rig.desk.guilds.set_profile(writer, HERE, quiet=(22 * 60, 7 * 60 + 30))
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.desk.clock.set(back)
    await rig.run()
    assert len(rig.told) == (back == told)
    rig.desk.clock.set(told)
    await rig.run()
    assert [one.reason for one in rig.told] == ["missed"]


async def test_a_call_for_help_holds_it_back_until_it_is_settled(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.called.add(HERE)
    await rig.live(3 * HOUR)
    assert rig.posts == []
    rig.called.clear()
    await rig.live(HOUR)
    assert [when for _, when, _ in rig.posts] == [at(12)]
    assert rig.told == []


async def test_days_of_an_open_call_are_told_once_and_again_the_next_time(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.called.add(HERE)
    await rig.live(3 * DAY)
    assert [(one.reason, one.first.day) for one in rig.told] == [("call", 15)]
    assert (await rig.daily.status(HERE)).trouble == "call"
    await rig.daily.keep(HERE, replace(NINE, minute=541))  # does not begin it anew
    rig.called.clear()
    await rig.live(DAY)
    assert rig.days() == [18]
    assert (await rig.daily.status(HERE)).trouble is None
    rig.called.add(HERE)
    await rig.live(2 * DAY)
    assert [one.first.day for one in rig.told] == [15, 19]


@pytest.mark.parametrize(("back", "posted"), [(at(14, 59, day=18), [15, 18]), (at(15, 1, day=18), [15, 19])])
async def test_after_an_outage_the_gap_is_told_once(rig: Rig, back: datetime, posted: list[int]) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    await rig.live(HOUR)
    rig.desk.clock.set(back)
    await rig.run()
    await rig.live(DAY, HOUR)
    assert rig.days()[:2] == posted
    [told] = rig.told
    assert (told.reason, told.first.day, told.last.day) == ("missed", 16, posted[1] - 1)
    assert told.next_at == at(9, day=19)


async def test_a_crash_in_the_middle_of_a_turn_and_an_outage_are_one_gap(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.desk.clock.set(at(9))
    [job] = await rig.due()
    await rig.turns.begin(job)  # the next day's job is written; then the power goes
    rig.desk.clock.set(at(20, day=17))
    await rig.turns.begin(job)
    await rig.run()
    assert [(one.first.day, one.last.day) for one in rig.told] == [(15, 17)]
    await rig.live(DAY)
    assert rig.days() == [18]


async def test_while_the_bot_rests_nothing_is_posted_and_nobody_told(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    async with rig.desk.database.write() as writer:
        await rig.desk.guilds.set_pause(writer, HERE, True, at(12, day=17))
    rig.called.add(HERE)
    await rig.live(2 * DAY + 4 * HOUR)
    rig.called.clear()
    await rig.live(DAY)
    assert rig.days() == [18]
    assert rig.told == []


async def test_a_refusal_is_told_once_and_tried_again_every_day(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.refuse = "no_permission"
    await rig.live(3 * DAY)
    assert [one.reason for one in rig.told] == ["no_permission"]
    status = await rig.daily.status(HERE)
    assert (status.trouble, status.trouble_day) == ("no_permission", date(2026, 1, 15))
    rig.refuse = "unknown_channel"
    await rig.live(DAY)
    assert [one.reason for one in rig.told] == ["no_permission", "unknown_channel"]
    rig.refuse = ""
    await rig.live(DAY)
    assert rig.days() == [19]
    assert (await rig.daily.status(HERE)).trouble is None


async def test_trouble_stays_with_its_channel_and_is_not_told_anew(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.refuse = "no_permission"
    await rig.live(DAY)
    await rig.daily.keep(HERE, replace(NINE, topics=("coping",), minute=550))
    assert (await rig.daily.status(HERE)).trouble == "no_permission"
    await rig.live(2 * DAY)
    assert [one.reason for one in rig.told] == ["no_permission"]
    await rig.daily.keep(HERE, replace(NINE, channel_id=78))
    assert (await rig.daily.status(HERE)).trouble is None


async def test_the_trouble_with_threads_goes_with_them(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, replace(NINE, thread=True))
    rig.refuse = "thread"
    await rig.live(DAY)
    await rig.daily.keep(HERE, replace(NINE, thread=True, topics=("coping",)))
    assert (await rig.daily.status(HERE)).trouble == "thread"
    await rig.daily.keep(HERE, NINE)
    assert (await rig.daily.status(HERE)).trouble is None


@pytest.mark.parametrize(("reason", "over"), [("no_access", True), ("thread", False)])
async def test_after_a_month_of_refusals_it_turns_itself_off(rig: Rig, reason: str, over: bool) -> None:
    """A server that has put the bot out is not asked for ever; a post without its thread is no reason to stop."""
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    rig.refuse = reason
    await rig.live(30 * DAY, 6 * HOUR)
    assert (await rig.daily.status(HERE)).on
    await rig.live(3 * DAY, 6 * HOUR)
    assert (await rig.daily.status(HERE)).on is not over
    async with rig.desk.database.read() as reader:
        waiting = await reader.fetch_value("SELECT COUNT(*) FROM jobs WHERE done_at IS NULL")
    assert waiting == (0 if over else 1)
    assert [one.reason for one in rig.told] == [reason, "ended"][: 1 + over]
    await rig.daily.keep(HERE, NINE)
    rig.refuse = ""
    await rig.live(DAY)
    assert len(rig.posts) == 1


async def test_a_time_in_the_quiet_hours_waits_for_their_end(rig: Rig) -> None:
    async with rig.desk.database.write() as writer:
        await rig.desk.guilds.set_profile(writer, HERE, quiet=(22 * 60, 7 * 60 + 30))
    rig.desk.clock.set(at(1))
    await rig.daily.keep(HERE, replace(NINE, minute=6 * 60))
    assert (await rig.daily.status(HERE)).next_at == at(7, 30)
    await rig.live(DAY)
    await rig.daily.keep(HERE, replace(NINE, minute=23 * 60))
    await rig.live(DAY)
    assert [when for _, when, _ in rig.posts] == [at(7, 30), at(7, 30, day=16)]


@pytest.mark.parametrize(("quiet", "minute", "posted"), [
    (None, 540, 540), ((540, 600), 540, 600), ((540, 600), 600, 600), ((540, 600), 539, 539),
    ((1320, 420), 1320, 420), ((1320, 420), 0, 420), ((1320, 420), 420, 420), ((1320, 420), 1319, 1319),
])  # fmt: skip
def test_what_is_inside_the_quiet_hours(quiet: tuple[int, int] | None, minute: int, posted: int) -> None:
    from cogs.learn.rules.daily import Rhythm

    assert Rhythm(minute, UTC, Quiet(*quiet, UTC) if quiet else None).posted_at == posted


async def test_another_zone_moves_the_plan_and_posts_no_date_twice(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    await rig.live(HOUR)
    await rig.desk.group(timezone="America/New_York")
    await rig.daily.replan(ClockChanged(HERE))
    await rig.daily.replan(ClockChanged(THERE))
    await rig.live(2 * DAY + 5 * HOUR)
    assert [when for _, when, _ in rig.posts] == [at(9), at(14, day=16), at(14, day=17)]


async def test_a_clock_that_changed_unheard_posts_nothing_early(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    await rig.desk.group(timezone="America/New_York")
    await rig.live(2 * DAY)
    assert [when for _, when, _ in rig.posts] == [at(14), at(14, day=16)]


async def test_off_is_off_and_on_again_is_once_a_day(rig: Rig) -> None:
    rig.desk.clock.set(at(8, 50))
    await rig.daily.keep(HERE, NINE)
    await rig.live(HOUR)
    assert await rig.daily.end(HERE) == NINE
    assert await rig.daily.end(HERE) is None
    await rig.live(DAY)
    assert rig.days() == [15]
    await rig.daily.keep(HERE, replace(NINE, minute=10 * 60))
    await rig.live(2 * HOUR)
    assert rig.days() == [15, 16]


async def test_without_a_channel_there_is_nothing_to_keep(rig: Rig) -> None:
    with pytest.raises(Refusal):
        await rig.daily.keep(HERE, replace(NINE, channel_id=None))


async def test_a_reset_takes_all_of_one_group_and_nothing_of_another(rig: Rig, desk: Desk) -> None:
    for guild_id in (HERE, THERE):
        await rig.daily.keep(guild_id, NINE)
        async with desk.database.write() as writer:
            await desk.own.put(writer, guild_id, reading("own-x", "Own"), 1, desk.clock.now())
    desk.clock.advance(DAY)
    await rig.run()
    assert len(rig.posts) == 2
    await rig.daily.forget(GuildReset(HERE))

    async def left(table: str) -> list[int]:
        async with desk.database.read() as reader:
            return [row["guild_id"] for row in await reader.fetch_all(f"SELECT guild_id FROM {table}")]

    for table in ("daily_readings", "days_readings", "group_snippets"):
        assert await left(table) == [THERE]
    assert isinstance(desk.own, OwnStore)
    await rig.live(DAY)
    assert len(rig.posts) == 3


async def test_topics_without_a_calm_reading_are_not_offered(rig: Rig) -> None:
    offered = {topic.key for topic in await rig.daily.topics(HERE)}
    calm: Callable[[str], bool] = lambda key: any(one.tone == "calm" for one in shipped().library.by_topic(key))  # noqa: E731
    assert offered == {key for key in shipped().library.topics if calm(key)}
