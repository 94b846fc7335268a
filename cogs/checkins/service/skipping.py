""" "Not today": which of the presser's own days that is, and whether there is anything to skip."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.errors import Refusal
from bot.storage import Database
from cogs.checkins.rules import day_then, may_write
from cogs.checkins.service.rhythm import RhythmService
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.posts import PostStore


@dataclass(frozen=True, slots=True)
class Skip:
    """What came of a press, for the presser's own `day`: it begins at 04:00 by their clock."""

    what: Literal["done", "already", "entry", "over"]
    day: date


class Skipping:
    """A skip belongs to whoever pressed, and to the day on which the post reached them."""

    def __init__(self, database: Database, rhythm: RhythmService, posts: PostStore, entries: EntryStore) -> None:
        self._database = database
        self._rhythm = rhythm
        self._posts = posts
        self._entries = entries

    async def skip(self, guild_id: int, user_id: int, schedule_id: int, post_day: date) -> Skip:
        """Keep that somebody takes the day of a post off; an entry of that day wins.

        Raises `Refusal` for a post that this group never had, `ConditionFailed` without consent.
        """
        async with self._database.read() as reader:
            post = await self._posts.get(reader, schedule_id, post_day)
            if post is None or post.guild_id != guild_id:
                raise Refusal("kit.refused.outdated")
            clock = await self._rhythm.clock_in(reader, guild_id, user_id)
            day = day_then(post.posted_at, clock.stays)
            if not may_write(day, clock.now, clock.stays):
                return Skip("over", day)
            if await self._entries.of_day(reader, guild_id, user_id, day):
                return Skip("entry", day)
        return Skip("done" if await self._rhythm.skip(guild_id, user_id, day) else "already", day)

    async def take_back(self, guild_id: int, user_id: int, day: date) -> bool:
        """Forget that somebody took a day off; False where they hadn't."""
        return await self._rhythm.unskip(guild_id, user_id, day)
