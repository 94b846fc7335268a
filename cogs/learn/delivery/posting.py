"""Posts a reading for everyone, once for each question asked, however often "Post it" is pressed; and takes it back."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from bot.contracts import Post
from bot.discordkit import Panel, Sender
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.ids import Ids
from bot.jobs import Job, JobKind
from cogs.learn.service import UNKEPT, LearnService, Note, SharingService, Visitor
from cogs.learn.ui import SEPARATOR, note_above, public_mark, public_panel

_MARK = re.compile(r"([a-z2-7]{12})\.([1-9][0-9]?)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a press: `again` is the mark of a next try where this one could not deliver."""

    state: Literal["posted", "already", "refused", "later"]
    message_id: int = 0
    again: str = ""


@dataclass(frozen=True, slots=True)
class _Try:
    """One press of "Post it": tries of one question share the key as their nonce, each counts one press."""

    post: Panel
    marker: str
    key: str
    number: int

    @property
    def again(self) -> str:
        return f"{self.key}.{self.number + 1}"


class ReadingPosts:
    """A mark is a key and the number of the try."""

    def __init__(self, service: LearnService, sharing: SharingService, sender: Sender, ids: Ids) -> None:
        self._service = service
        self._sharing = sharing
        self._sender = sender
        self._ids = ids

    def new_mark(self) -> str:
        """Return the mark of a question that is asked for the first time."""
        return f"{self._ids.key()}.1"

    async def publish(
        self, guild_id: int, channel_id: int, snippet_id: str, mark: str, note: Note | None = None
    ) -> Outcome:
        """Post the reading in the channel. Raises `Refusal` for a reading or a mark that does not exist."""
        read = _MARK.fullmatch(mark)
        if read is None:
            raise Refusal("kit.refused.outdated")
        reading = await self._service.for_everyone(guild_id, snippet_id)
        key, identity = read[1], reading.snippet.id
        above = note_above(note) if note else ()
        attempt = _Try(public_panel(reading, key, above=above), public_mark(identity, key), key, int(read[2]))
        if note:
            first = await self._sharing.first_noted_press(mark, guild_id, channel_id, identity)
        else:
            first = await self._sharing.first_press(mark)
        outcome = await self._deliver(guild_id, channel_id, attempt, first=first)
        if outcome.state == "posted" and note:
            post = Post(channel_id, outcome.message_id)
            if not await self._kept(guild_id, note, identity, post, mark):
                return Outcome("later", again=attempt.again)
        return outcome

    async def _deliver(self, guild_id: int, channel_id: int, attempt: _Try, *, first: bool) -> Outcome:
        try:
            if not first:
                # The answer to an earlier press may be lost, and what it posted with it.
                found = await self._sender.find(guild_id, channel_id, attempt.marker)
                return Outcome("posted", found) if found else Outcome("already")
            # A try whose answer was lost may have posted: the next one looks for it before it posts again.
            earlier = attempt.marker if attempt.number > 1 else None
            message_id = await self._sender.post(guild_id, channel_id, attempt.post, nonce=attempt.key, marker=earlier)
        except TryAgain:
            return Outcome("later", again=attempt.again) if first else Outcome("already")
        except RefusedForGood:
            return Outcome("refused", again=attempt.again) if first else Outcome("already")
        return Outcome("posted", message_id)

    async def _kept(self, guild_id: int, note: Note, snippet_id: str, post: Post, mark: str) -> bool:
        """Keep whose note it is: a post that names somebody never stands without a row by which it can be erased."""
        kept = False
        try:
            kept = await self._sharing.keep(guild_id, note.user_id, snippet_id, post, mark)
        finally:
            if not kept:
                with suppress(TryAgain, RefusedForGood):  # the job that waits for it tries again
                    await self._sender.delete(guild_id, post.channel_id, post.message_id)
        return kept

    def kind(self) -> JobKind:
        """Return the kind of job that deletes a post with a note of which nobody came to know whose it is."""
        return JobKind(UNKEPT, self._delete_unkept)

    async def _delete_unkept(self, job: Job) -> None:
        guild_id, channel_id = job.guild_id or 0, job.payload["channel"]
        await self.withdraw(guild_id, channel_id, job.payload["snippet"], job.payload["key"])

    async def withdraw(self, guild_id: int, channel_id: int, snippet_id: str, key: str) -> None:
        """Delete what a try of a question posted whose answer was lost; a post that is kept by now stands.

        Raises `TryAgain` and `RefusedForGood`.
        """
        found = await self._sender.find(guild_id, channel_id, public_mark(snippet_id, key))
        if found and not await self._sharing.is_kept(guild_id, found):
            await self._sender.delete(guild_id, channel_id, found)

    async def take_back(
        self, visitor: Visitor, channel_id: int, message_id: int, key: str
    ) -> Literal["gone", "refused", "later"]:
        """Delete a post; one that is gone already counts. Raises `Refusal` for a note of somebody else's.

        Without a note nobody is named: then `key`, which only the receipt knows and the post carries, is the proof.
        """
        guild_id = visitor.guild_id
        shared = await self._sharing.own(visitor, message_id)
        try:
            if shared is not None:
                await self._sender.delete(guild_id, shared.channel_id, message_id)
                await self._sharing.forget(shared)
            elif key:
                carried = await self._sender.carried(guild_id, channel_id, message_id)
                if any(one.endswith(f"{SEPARATOR}{key}") for one in carried):
                    await self._sender.delete(guild_id, channel_id, message_id)
        except TryAgain:
            return "later"
        except RefusedForGood:
            return "refused"
        return "gone"
