"""Brings the post of an entry to what the entry says: deletes first, then makes, or draws anew.

Looks at the state alone, never at what was planned: whatever a crash or a lost answer left behind, the next try goes on
from what stands. Tries for one entry come one after the other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.discordkit import Sender
from bot.errors import RefusedForGood, TryAgain
from bot.jobs import Job, JobKind, nonce
from cogs.checkins.rules import Place
from cogs.checkins.service.answers import Given
from cogs.checkins.service.posting import AT_MOST, UNKEPT, EntryPosts
from cogs.checkins.service.settling import ENTRY, GONE
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.entries import entry_post, posted_words, write_back_id

_REMOVED = frozenset({"unknown_message", "unknown_channel"})


class PostedWords:
    """Reads an entry's words from where they live: the row, or the post alone."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def of(self, entry: Entry) -> tuple[Given, ...] | None:
        """Return the words; None where they went with a post that is gone. Raises `TryAgain` and `RefusedForGood`."""
        if entry.words is not None:
            return entry.words
        if not entry.outline:
            return ()
        post = entry.post
        if post is None:
            return None
        read = await self._sender.words(entry.guild_id, post.channel_id, post.message_id)
        return None if read is None else posted_words(entry.outline, read)


class EntryDelivery:
    """Delivers entries, one at a time for each."""

    def __init__(self, posts: EntryPosts, sender: Sender, words: PostedWords) -> None:
        self._posts = posts
        self._sender = sender
        self._words = words
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs of an entry's post. None of them is ever too late."""
        return (
            JobKind(ENTRY, self._entry, urgent=True),
            JobKind(GONE, self._gone, urgent=True),
            JobKind(UNKEPT, self._unkept),
        )

    @asynccontextmanager
    async def _turn(self, entry_id: int) -> AsyncIterator[None]:
        lock = self._turns.get(entry_id)
        if lock is None:
            lock = self._turns[entry_id] = asyncio.Lock()
        async with lock:
            yield

    async def _entry(self, job: Job) -> None:
        entry_id, edition = job.payload["entry"], job.payload["edition"]
        async with self._turn(entry_id):
            entry = await self._posts.get(job.guild_id or 0, entry_id)
            if entry is None or entry.edition != edition:
                return
            if entry.post is not None and entry.place is not entry.choice.place:
                await self._sender.delete(entry.guild_id, entry.post.channel_id, entry.post.message_id)
                entry = await self._posts.left(entry)
                if entry is None or entry.edition != edition:
                    return
            if entry.place is Place.NOWHERE:
                return
            if entry.post is None:
                await self._make(job, entry)
            else:
                await self._edit(entry)

    async def _make(self, job: Job, entry: Entry) -> None:
        refusal = RefusedForGood("unknown_channel")
        for part, spot in enumerate(await self._posts.spots(entry)):
            if not await self._posts.begin(entry, spot.channel_id):
                return
            try:
                message_id = await self._post(job, entry, spot.channel_id, part)
            except RefusedForGood as refused:
                await self._posts.spared(entry, spot.channel_id)
                refusal = refused
                if spot.thread or refused.reason in _REMOVED:
                    continue
                break
            if not await self._posts.posted(entry, spot.channel_id, message_id):
                await self._sender.delete(entry.guild_id, spot.channel_id, message_id)
            return
        await self._posts.refused(entry)
        raise refusal

    async def _post(self, job: Job, entry: Entry, channel_id: int, part: int) -> int:
        panel = entry_post(entry, entry.words or ())
        if job.attempts or entry.edition > 1:  # an earlier try may have posted, whose answer was lost
            since = job.due_at if job.attempts else None
            found = await self._sender.find(entry.guild_id, channel_id, write_back_id(entry.entry_id), since)
            if found is not None:
                await self._sender.redraw(channel_id, found, panel)
                return found
        return await self._sender.post(entry.guild_id, channel_id, panel, nonce=nonce(job.id, part))

    async def _edit(self, entry: Entry) -> None:
        post = entry.post
        words = await self._words.of(entry)
        if post is None or words is None:
            await self._posts.refused(entry)
            return
        try:
            await self._sender.redraw(post.channel_id, post.message_id, entry_post(entry, words))
        except RefusedForGood as refused:
            if refused.reason not in _REMOVED:
                raise
            await self._posts.refused(entry)  # the team took it down: it is not made again
            return
        await self._posts.posted(entry, post.channel_id, post.message_id)

    async def _gone(self, job: Job) -> None:
        await self._sender.delete(job.guild_id, job.payload["channel"], job.payload["message"])

    async def _unkept(self, job: Job) -> None:
        guild_id, channel_id, entry_id = job.guild_id or 0, job.payload["channel"], job.payload["entry"]
        async with self._turn(entry_id):
            try:
                since = job.due_at - AT_MOST
                found = await self._sender.find(guild_id, channel_id, write_back_id(entry_id), since)
            except RefusedForGood as refused:
                if refused.reason == "unknown_channel":
                    return
                raise
            entry = await self._posts.get(guild_id, entry_id)
            if entry is not None and entry.post is None and entry.place is not Place.NOWHERE:
                raise TryAgain  # its delivery still tries: it may yet post, and goes on from what stands
            if found is not None and (entry is None or entry.message_id != found):
                await self._sender.delete(guild_id, channel_id, found)
