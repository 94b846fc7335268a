"""How long check-ins are kept, on both engines: old rows go, totals stay, and nobody's rhythm is changed by it."""

import json
from datetime import UTC, date, datetime

import pytest

from bot.jobs import Job
from bot.storage import Database
from cogs.checkins.service.keeping import DROP, GROUP, ROUND, STUCK, next_round
from cogs.checkins.store.keeping import ENTRY, REPLY
from cogs.checkins.store.replies import Note, Reply, ReplyStore
from cogs.checkins.store.requests import CompanionRequest, RequestStore
from tests.unit.checkins.life import DAY, HERE, ROBIN, THERE, WREN, Life, days

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
FIRST = date(2026, 1, 10)
CUTOFF = date(2026, 3, 1)


@pytest.fixture
async def life(database: Database) -> Life:
    made = Life(database)
    await made.group()
    await made.agree(ROBIN, WREN)
    made.clock.set(NOW)
    return made


async def waiting(life: Life, kind: str) -> list[Job]:
    async with life.database.read() as reader:
        rows = await reader.fetch_all(
            "SELECT * FROM jobs WHERE kind = $1 AND done_at IS NULL ORDER BY due_at, id", kind
        )
    return [
        Job(row["id"], kind, row["guild_id"], life.clock.now(), json.loads(row["payload"]), 0) for row in rows
    ]  # fmt: skip


async def done(life: Life, job: Job) -> None:
    async with life.database.write() as writer:
        await writer.execute("UPDATE jobs SET done_at = 1 WHERE id = $1", job.id)


async def one_round(life: Life) -> None:
    """A whole round, with the deletion of posts, as the runner would carry it out."""
    await life.keeping.round()
    while jobs := await waiting(life, GROUP):
        for job in jobs:
            await life.keeping.group(job)
            await done(life, job)
    for job in await waiting(life, DROP):
        old = await life.keeping.old(job)
        assert old is not None
        await life.keeping.dropped(HERE, old)
        await done(life, job)


async def test_the_round_writes_the_next_one_first_and_once(life: Life) -> None:
    await life.keeping.plan()
    await life.keeping.plan()
    assert await life.jobs(ROUND) == [datetime(2027, 3, 2, 4, tzinfo=UTC)]
    await life.wrote(FIRST)
    await life.wrote(FIRST, guild_id=THERE)
    life.clock.set(datetime(2027, 3, 2, 4, tzinfo=UTC))
    await life.keeping.round()
    await life.keeping.round()
    assert (await life.jobs(ROUND))[-1] == datetime(2027, 3, 3, 4, tzinfo=UTC)
    assert {job.guild_id for job in await waiting(life, GROUP)} == {HERE, THERE}
    assert len(await life.jobs(GROUP)) == 2


@pytest.mark.parametrize(("hour", "day"), [(3, 2), (4, 3), (23, 3)])
def test_a_round_is_due_each_day(hour: int, day: int) -> None:
    assert next_round(datetime(2027, 3, 2, hour, tzinfo=UTC)) == datetime(2027, 3, day, 4, tzinfo=UTC)


async def test_old_entries_go_and_the_rhythm_stays_as_it_was(life: Life) -> None:
    await life.asked(*days(FIRST, 410))
    await life.wrote(*(day for day in days(FIRST, 400) if day.day % 9))
    await life.wrote(FIRST + 3 * DAY, user_id=WREN)
    async with life.database.write() as writer:
        await life.people.skip(writer, HERE, ROBIN, date(2026, 2, 9), NOW)
        await life.people.skip(writer, HERE, ROBIN, date(2026, 3, 9), NOW)
    before = (await life.rhythm.of(HERE, ROBIN)).rhythm
    await one_round(life)
    after = await life.rhythm.of(HERE, ROBIN)
    assert (after.rhythm.total, after.rhythm.run, after.rhythm.until) == (before.total, before.run, before.until)
    assert after.rhythm.score == pytest.approx(before.score)
    assert after.states[0][0] == CUTOFF
    async with life.database.read() as reader:
        assert min(await life.entries.days_done(reader, HERE, ROBIN)) == CUTOFF
        assert await life.people.skipped(reader, HERE, ROBIN) == {date(2026, 3, 9)}
        assert await life.entries.days_done(reader, HERE, WREN) == set()
        assert (await life.people.get(reader, HERE, WREN)).kept is not None
    assert (await life.rhythm.of(HERE, WREN)).rhythm.total == 1


async def test_day_after_day_nothing_shifts(life: Life) -> None:
    """The posts of the group go as well: by then nobody's days are counted from them."""
    await life.asked(*days(FIRST, 430))
    await life.wrote(FIRST, FIRST + DAY, *days(date(2026, 8, 1), 20))
    for _ in range(20):
        before = (await life.rhythm.of(HERE, ROBIN)).rhythm
        await one_round(life)
        after = (await life.rhythm.of(HERE, ROBIN)).rhythm
        assert (after.total, after.run) == (before.total, before.run)
        assert after.score == pytest.approx(before.score)
        life.clock.advance(DAY)
    async with life.database.read() as reader:
        left = await life.posts.days_asked(reader, HERE, [8], FIRST)
    assert left[0].day == date(2026, 3, 20) - 4 * DAY


async def test_misses_behind_the_kept_days_outlive_their_posts(life: Life) -> None:
    await life.asked(*days(FIRST, 70))  # then the check-in was paused for a year
    await life.wrote(*days(FIRST, 50), NOW.date())
    before = (await life.rhythm.of(HERE, ROBIN)).rhythm
    assert (before.total, before.run_days) == (51, 1)
    for _ in range(30):
        await one_round(life)
        life.clock.advance(DAY)
    after = (await life.rhythm.of(HERE, ROBIN)).rhythm
    assert (after.total, after.run) == (before.total, before.run)
    assert after.score == pytest.approx(before.score)


async def test_a_long_absence_is_not_undone_when_its_last_entry_goes(life: Life) -> None:
    await life.asked(*days(FIRST, 410))
    await life.wrote(*days(FIRST, 45))
    before = (await life.rhythm.of(HERE, ROBIN)).rhythm
    assert (before.total, before.run) == (45, None)
    assert before.score < 0.001
    await one_round(life)
    after = (await life.rhythm.of(HERE, ROBIN)).rhythm
    assert (after.total, after.run) == (45, None)
    assert after.score < 0.001
    await life.wrote(NOW.date())
    assert (await life.rhythm.of(HERE, ROBIN)).rhythm.total == 46


async def test_whoever_keeps_less_has_less_kept_and_nobody_more_than_the_group(life: Life) -> None:
    async with life.database.write() as writer:
        await life.people.set_months(writer, HERE, ROBIN, 1, NOW)
        await life.people.set_months(writer, HERE, WREN, 12, NOW)
        await life.guilds.set_retention(writer, HERE, "check-ins", 3)
    for user_id in (ROBIN, WREN):
        await life.wrote(*days(date(2026, 11, 1), 120), user_id=user_id)
    await one_round(life)
    async with life.database.read() as reader:
        assert min(await life.entries.days_done(reader, HERE, ROBIN)) == date(2027, 2, 1)
        assert min(await life.entries.days_done(reader, HERE, WREN)) == date(2026, 12, 1)
    assert [(await life.rhythm.of(HERE, one)).rhythm.total for one in (ROBIN, WREN)] == [120, 120]


async def test_an_entry_goes_after_its_posts_and_with_all_that_hangs_on_it(life: Life) -> None:
    await life.wrote(FIRST, channel_id=5, message_id=55, entry_id=700)
    replies, requests = ReplyStore(life.vault), RequestStore()
    written = datetime(2026, 1, 11, tzinfo=UTC)
    async with life.database.write() as writer:
        await replies.note(writer, Note(66, HERE, 700, "told", 6, written))
        await requests.ask(writer, CompanionRequest(700, WREN, HERE, written))
        await replies.add(writer, Reply(800, HERE, WREN, 700, written, "Thinking of you"))
        await replies.posted(writer, 800, 5, 77)
        await replies.add(writer, Reply(801, HERE, WREN, 700, written, "Never posted"))
        await replies.add(writer, Reply(802, HERE, WREN, 700, NOW, "New"))
    await life.keeping.round()
    for _ in range(2):  # a slice that is done twice
        for job in await waiting(life, GROUP):
            await life.keeping.group(job)
    drops = await waiting(life, DROP)
    olds = [await life.keeping.old(job) for job in drops]
    assert {(one.kind, one.row_id, tuple(post.message_id for post in one.posts)) for one in olds if one} == {
        (ENTRY, 700, (55, 66)), (REPLY, 800, (77,)),
    }  # fmt: skip
    assert await life.count("checkin_entries") == 1  # the row waits for its post
    assert (await life.rhythm.of(HERE, ROBIN)).rhythm.total == 1  # and counts once
    for old in olds:
        assert old is not None
        await life.keeping.dropped(HERE, old)
    tables = ("checkin_entries", "checkin_notes", "checkin_requests", "checkin_replies")
    assert [await life.count(table) for table in tables] == [0, 0, 0, 1]
    assert [await life.keeping.old(job) for job in drops] == [None, None]


async def test_a_post_that_cannot_be_deleted_is_told_once_a_week(life: Life) -> None:
    await life.wrote(*days(FIRST, 3), channel_id=5, message_id=55)
    await life.keeping.round()
    [job] = await waiting(life, GROUP)
    await life.keeping.group(job)
    for drop in await waiting(life, DROP):
        old = await life.keeping.old(drop)
        assert old is not None
        await life.keeping.dropped(HERE, old, {5: "no_access"})
    assert await life.count("checkin_entries") == 0
    [told] = await waiting(life, STUCK)
    assert told.payload == {"channel": 5, "reason": "no_access"}


async def test_another_servers_row_opens_nothing(life: Life) -> None:
    await life.wrote(FIRST, channel_id=5, message_id=55, entry_id=700, guild_id=THERE)
    job = Job(1, DROP, HERE, NOW, {"kind": ENTRY, "row": 700}, 0)
    assert await life.keeping.old(job) is None


async def test_more_people_than_a_slice_holds_are_all_looked_over(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.checkins.service.keeping.SLICE", 2)
    for number in range(5):
        await life.wrote(FIRST, user_id=100 + number)
    await one_round(life)
    assert await life.count("checkin_entries") == 0
    assert await life.count("checkin_people") == 5


async def test_one_persons_fault_holds_up_nobody_else(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    await life.wrote(FIRST)
    await life.wrote(FIRST, user_id=WREN)
    whole = life.days.days

    async def broken(reader: object, group: object, user_id: int, now: object) -> object:
        if user_id == ROBIN:
            raise LookupError
        return await whole(reader, group, user_id, now)  # type: ignore[arg-type]

    monkeypatch.setattr(life.days, "days", broken)
    await life.keeping.round()
    [job] = await waiting(life, GROUP)
    with pytest.raises(LookupError):
        await life.keeping.group(job)
    async with life.database.read() as reader:
        assert await life.entries.days_done(reader, HERE, WREN) == set()
        assert await life.entries.days_done(reader, HERE, ROBIN) == {FIRST}
    assert len(await waiting(life, GROUP)) == 2  # the next slice stands


async def test_weeks_go_with_the_entries_they_told_of(life: Life) -> None:
    await life.wrote(NOW.date())
    async with life.database.write() as writer:
        for week in (date(2026, 2, 16), date(2026, 2, 23), date(2027, 2, 22)):
            await life.weeks.claim(writer, HERE, week, NOW)
    await one_round(life)
    assert await life.count("checkin_weeks") == 2
