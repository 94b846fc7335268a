"""Erasing: the rows in one transaction, then the posts, then the freed bytes.

What has to follow the transaction is written into it as jobs: a crash in between delays the rest and loses nothing. Who
erases by hand waits for it and gets a receipt; what was done at once needs its job no more.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.contracts import DataOwner, DataOwners, Events, PersonErased, Post
from bot.discordkit.submissions import first_time
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.ids import Ids
from bot.jobs import Job, JobKind, Runner, cancel, enqueue
from bot.storage import Database, DatabaseBusy, Writer
from cogs.privacy.rules import EVERYTHING
from cogs.privacy.service.ports import Posts

POST_KIND = "privacy.post"
SCRUB_KIND = "privacy.scrub"
# The jobs wait for as long as whoever pressed the button may still be seeing to it.
_HEAD_START = timedelta(minutes=2)
# Posts deleted while the person waits; Discord lets a channel's older messages go slowly.
_MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an erasure.

    `parts` are the owners that had something; `remains` catalogue keys of what stays and why; `stuck` are the posts
    that Discord refused to delete, `waiting` those it has not deleted yet. `scrubbed` says whether the freed bytes are
    gone.
    """

    parts: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()
    deleted: int = 0
    stuck: tuple[Post, ...] = ()
    waiting: tuple[Post, ...] = ()
    scrubbed: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the transaction did, and the keys of the jobs it wrote."""

    parts: tuple[str, ...]
    remains: tuple[str, ...]
    posts: tuple[Post, ...]
    scrub_key: str | None


class Erasure:
    """Erases what is kept about a person in one server."""

    def __init__(
        self, database: Database, owners: DataOwners, events: Events, clock: Clock, ids: Ids, posts: Posts
    ) -> None:
        self._database = database
        self._owners = owners
        self._events = events
        self._clock = clock
        self._ids = ids
        self._posts = posts

    def serve(self, jobs: Runner) -> None:
        """Take over the jobs that an erasure leaves behind."""
        jobs.register(JobKind(POST_KIND, self._delete_later))
        jobs.register(JobKind(SCRUB_KIND, self._scrub_later))

    async def erase(self, guild_id: int, user_id: int, choice: str, submission: str) -> Receipt:
        """Erase one owner's part, or everything, and see to the posts and the freed bytes at once.

        A form that is delivered twice counts once. Raises `Refusal` for a part that is not known any more.
        """
        owners = self._chosen(choice)
        due = self._clock.now() + _HEAD_START
        async with self._database.write() as writer:
            if not await first_time(writer, submission, self._clock.now()):
                return Receipt(repeated=True)
            rows = await self._erase_rows(writer, owners, guild_id, user_id, due, self._ids.key())
        if choice == EVERYTHING:
            await self._events.publish(PersonErased(guild_id, user_id))
        stuck, waiting = await self._delete_now(guild_id, rows.posts)
        scrubbed = rows.scrub_key is not None and await self._scrub_now(rows.scrub_key)
        return Receipt(
            parts=rows.parts,
            remains=rows.remains,
            deleted=len(rows.posts) - len(stuck) - len(waiting),
            stuck=stuck,
            waiting=waiting,
            scrubbed=scrubbed,
        )

    async def erase_away(self, guild_id: int, user_id: int, batch: str) -> None:
        """Erase everything about somebody who is gone. Jobs do the rest; a batch shares the one for the freed bytes."""
        due = self._clock.now() + _HEAD_START
        async with self._database.write() as writer:
            await self._erase_rows(writer, tuple(self._owners), guild_id, user_id, due, batch)
        await self._events.publish(PersonErased(guild_id, user_id))

    def _chosen(self, choice: str) -> tuple[DataOwner, ...]:
        owners = tuple(owner for owner in self._owners if choice in (EVERYTHING, owner.name))
        if not owners:
            raise Refusal("kit.refused.outdated")
        return owners

    async def _erase_rows(
        self,
        writer: Writer,
        owners: Sequence[DataOwner],
        guild_id: int,
        user_id: int,
        due: datetime,
        batch: str,
    ) -> _Rows:
        done = {owner.name: await owner.erase(writer, guild_id, user_id) for owner in owners}
        posts = tuple(dict.fromkeys(post for erased in done.values() for post in erased.posts))
        for post in posts:
            await enqueue(
                writer, self._ids, kind=POST_KIND, guild_id=guild_id, due_at=due,
                payload={"channel": post.channel_id, "message": post.message_id}, dedupe_key=_key(post),
            )  # fmt: skip
        scrub_key = None
        if any(erased.rows for erased in done.values()):
            scrub_key = f"{SCRUB_KIND}:{batch}"
            await enqueue(
                writer, self._ids, kind=SCRUB_KIND, guild_id=None, due_at=due, payload={}, dedupe_key=scrub_key
            )
        return _Rows(
            parts=tuple(name for name, erased in done.items() if erased.rows),
            remains=tuple(dict.fromkeys(key for erased in done.values() for key in erased.remains)),
            posts=posts,
            scrub_key=scrub_key,
        )

    async def _delete_now(self, guild_id: int, posts: Sequence[Post]) -> tuple[tuple[Post, ...], tuple[Post, ...]]:
        """Return the posts that Discord refuses to delete and those that wait for their job."""
        now, later = posts[:_MOST_AT_ONCE], posts[_MOST_AT_ONCE:]
        outcomes = await asyncio.gather(*(self._try_to_delete(guild_id, post) for post in now))
        settled = [post for post, outcome in zip(now, outcomes, strict=True) if outcome != "waits"]
        await self._settle(map(_key, settled))
        stuck = tuple(post for post, outcome in zip(now, outcomes, strict=True) if outcome == "refused")
        waiting = tuple(post for post, outcome in zip(now, outcomes, strict=True) if outcome == "waits")
        return stuck, (*waiting, *later)

    async def _try_to_delete(self, guild_id: int, post: Post) -> str:
        try:
            await self._posts.delete(guild_id, post.channel_id, post.message_id)
        except TryAgain:
            return "waits"
        except RefusedForGood:
            return "refused"
        return "deleted"

    async def _scrub_now(self, key: str) -> bool:
        try:
            await self._database.scrub()
        except DatabaseBusy:
            return False
        await self._settle([key])
        return True

    async def _settle(self, keys: Iterable[str]) -> None:
        async with self._database.write() as writer:
            for key in keys:
                await cancel(writer, key)

    async def _delete_later(self, job: Job) -> None:
        await self._posts.delete(job.guild_id, job.payload["channel"], job.payload["message"])

    async def _scrub_later(self, job: Job) -> None:
        try:
            await self._database.scrub()
        except DatabaseBusy as busy:
            raise TryAgain from busy


def _key(post: Post) -> str:
    return f"{POST_KIND}:{post.channel_id}:{post.message_id}"
