"""The posts of check-ins: kept once, counted, found; on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.storage import Database
from cogs.checkins.store.posts import Asked, Chosen, DayPost, PostStore

HERE, THERE = 1_000 << 22, 2_000 << 22
MON, TUE, WED = date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 14)
EVENING = datetime(2026, 1, 12, 20, tzinfo=UTC)
DAY = timedelta(days=1)
POST = DayPost(1, HERE, MON, 77, 900, None, "weather-inside", EVENING)


@pytest.fixture
def posts() -> PostStore:
    return PostStore()


async def keep(database: Database, posts: PostStore, *kept: DayPost) -> None:
    async with database.write() as writer:
        for post in kept:
            await posts.posted(writer, post)


async def test_a_post_is_read_as_it_was_kept(database: Database, posts: PostStore) -> None:
    full = replace(POST, thread_id=901, edits=3, edited_at=EVENING + DAY)
    await keep(database, posts, full)
    async with database.read() as reader:
        assert await posts.get(reader, 1, MON) == full
        assert await posts.get(reader, 1, TUE) is None
        assert await posts.get(reader, 2, MON) is None
        assert await posts.by_message(reader, HERE, 900) == full
        assert await posts.by_message(reader, THERE, 900) is None


async def test_the_first_post_of_a_date_stays_and_takes_a_thread(database: Database, posts: PostStore) -> None:
    await keep(database, posts, POST, replace(POST, message_id=999, channel_id=88, posted_at=EVENING + DAY))
    async with database.read() as reader:
        assert await posts.get(reader, 1, MON) == POST
    await keep(database, posts, replace(POST, thread_id=900))
    await keep(database, posts, POST)
    async with database.read() as reader:
        assert await posts.get(reader, 1, MON) == replace(POST, thread_id=900)


async def test_a_choice_is_kept_for_each_try_and_is_no_post(database: Database, posts: PostStore) -> None:
    async with database.write() as writer:
        assert await posts.choose(writer, HERE, 1, MON, 7, "kettle", EVENING) == Chosen("kettle", 7)
        assert await posts.choose(writer, HERE, 1, MON, 8, "one-word", EVENING) == Chosen("kettle", 7, EVENING)
        assert await posts.edited(writer, 1, MON, EVENING) == 0
    async with database.read() as reader:
        assert await posts.chosen(reader, 1, MON) == Chosen("kettle", 7, EVENING)
        assert await posts.chosen(reader, 1, TUE) is None
        assert await posts.get(reader, 1, MON) is None
        assert await posts.last(reader, 1) is None
        assert await posts.days_asked(reader, HERE, [1], MON) == ()
        assert await posts.used_prompts(reader, HERE, MON) == {"kettle": MON}
    later = EVENING + timedelta(minutes=5)
    await keep(database, posts, replace(POST, prompt_id="kettle", posted_at=later))
    async with database.read() as reader:
        assert await posts.get(reader, 1, MON) == replace(POST, prompt_id="kettle", posted_at=later)


async def test_of_two_who_choose_at_once_one_is_first(database: Database, posts: PostStore) -> None:
    async def choose(prompt: str) -> Chosen:
        async with database.write() as writer:
            return await posts.choose(writer, HERE, 1, MON, 7, prompt, EVENING)

    found = await asyncio.gather(*(choose(prompt) for prompt in ("a", "b", "c")))
    assert len({one.prompt_id for one in found}) == 1
    assert [one.before for one in found].count(None) == 1


async def test_the_last_one_up_to_a_moment(database: Database, posts: PostStore) -> None:
    tuesday = replace(POST, day=TUE, message_id=901, posted_at=EVENING + DAY)
    await keep(database, posts, POST, tuesday, replace(POST, schedule_id=2, day=WED, posted_at=EVENING + 2 * DAY))
    async with database.read() as reader:
        assert await posts.last(reader, 1) == tuesday
        assert await posts.last(reader, 1, EVENING + DAY) == tuesday
        assert await posts.last(reader, 1, EVENING + DAY - timedelta(seconds=1)) == POST
        assert await posts.last(reader, 1, EVENING - DAY) is None
        assert await posts.last(reader, 3) is None


async def test_the_days_that_were_asked(database: Database, posts: PostStore) -> None:
    second = replace(POST, schedule_id=2, day=TUE, message_id=901, posted_at=EVENING + DAY)
    third = replace(POST, day=WED, message_id=902, posted_at=EVENING + 2 * DAY)
    await keep(database, posts, POST, second, third, replace(POST, guild_id=THERE, schedule_id=9))
    asked = [Asked(1, MON, EVENING), Asked(2, TUE, EVENING + DAY), Asked(1, WED, EVENING + 2 * DAY)]
    async with database.read() as reader:
        assert await posts.days_asked(reader, HERE, {1, 2, 9}, MON) == tuple(asked)
        assert await posts.days_asked(reader, HERE, [1], TUE) == (asked[2],)
        assert await posts.days_asked(reader, HERE, [], MON) == ()


async def test_prompts_are_used_by_the_group_as_a_whole(database: Database, posts: PostStore) -> None:
    await keep(
        database,
        posts,
        POST,
        replace(POST, schedule_id=2, day=TUE, message_id=901),
        replace(POST, day=WED, message_id=902, prompt_id=None),
        replace(POST, guild_id=THERE, schedule_id=9, day=WED, prompt_id="kettle"),
    )
    async with database.read() as reader:
        assert await posts.used_prompts(reader, HERE, MON) == {"weather-inside": TUE}
        assert await posts.used_prompts(reader, HERE, WED) == {}


async def test_edits_are_counted(database: Database, posts: PostStore) -> None:
    await keep(database, posts, POST)
    async with database.write() as writer:
        assert [await posts.edited(writer, 1, MON, EVENING + step * DAY) for step in (1, 2)] == [1, 2]
        assert await posts.edited(writer, 1, TUE, EVENING) == 0
    async with database.read() as reader:
        assert await posts.get(reader, 1, MON) == replace(POST, edits=2, edited_at=EVENING + 2 * DAY)


async def test_a_group_is_forgotten_alone(database: Database, posts: PostStore) -> None:
    await keep(database, posts, POST, replace(POST, guild_id=THERE, schedule_id=9))
    async with database.write() as writer:
        assert await posts.delete_all(writer, HERE) == 1
    async with database.read() as reader:
        assert await posts.get(reader, 1, MON) is None
        assert await posts.get(reader, 9, MON) is not None


async def test_a_groups_prompts_are_found_by_an_index(sqlite_database: Database) -> None:
    async with sqlite_database.read() as reader:
        plan = await reader.fetch_all(
            "EXPLAIN QUERY PLAN SELECT prompt_id, MAX(day) FROM checkin_posts "
            "WHERE guild_id = $1 AND day >= $2 AND prompt_id IS NOT NULL GROUP BY prompt_id",
            HERE, MON.isoformat(),
        )  # fmt: skip
    assert any("checkin_posts_group" in row["detail"] for row in plan)
