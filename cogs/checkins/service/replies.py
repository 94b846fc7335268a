"""Use cases of writing back: who may, what becomes of the words, and taking them back."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.content.group import seen
from bot.contracts import Post
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import cancel, enqueue
from bot.members import Consents, Members
from bot.storage import Database, Writer
from cogs.checkins.rules import Answer, Origin, Place
from cogs.checkins.service.guarantee import LOOK, is_private, plan_look, settle
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.replies import Reply, ReplyStore

__all__ = ["GONE", "LONGEST_REPLY", "LOOK", "REPLY", "UNKEPT", "ReplyService", "Sending", "plan_look", "tidied"]

REPLY, UNKEPT, GONE = "checkins.reply", "checkins.reply_unkept", "checkins.reply_gone"
LONGEST_REPLY = 800
"""Characters of what is written back, as of a long answer (product.md, Check-ins)."""

# How long a post with somebody's words may stand before it is known whose it is: longer than any answer takes.
_AT_MOST = timedelta(minutes=2)
# Letters that are drawn as nothing, and kinds of signs that are nothing to read by themselves.
_BLANK = "\u2800"
_UNDRAWN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})


def tidied(typed: str) -> str:
    """Return words without signs that nobody can see, at most `LONGEST_REPLY`; empty where nothing is left to read."""
    lines = "\n".join(line.rstrip() for line in seen(typed).split("\n"))
    words = re.sub(r"\n{3,}", "\n\n", lines).strip()[:LONGEST_REPLY].rstrip()
    drawn = (sign for sign in words if sign not in _BLANK and unicodedata.category(sign) not in _UNDRAWN)
    return words if any(drawn) else ""


@dataclass(frozen=True, slots=True)
class Sending:
    """A reply on its way. `apart`: one of the two avoids the other, so it calls nobody and settles nothing."""

    reply: Reply
    entry: Entry
    apart: bool

    @property
    def private(self) -> bool:
        """Whether it goes into the private thread of writer and team."""
        return is_private(self.entry)


class ReplyService:
    """Nothing here waits for Discord: what must reach somebody is a job of the same transaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        members: Members,
        consents: Consents,
        entries: EntryStore,
        replies: ReplyStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._members = members
        self._consents = consents
        self._entries = entries
        self._replies = replies

    async def waiting(self, guild_id: int) -> tuple[Entry, ...]:
        """Return the entries that wait for a reply here, the oldest wish first."""
        async with self._database.read() as reader:
            return await self._entries.waiting(reader, guild_id)

    async def entry_for(self, guild_id: int, entry_id: int, user_id: int, *, team: bool) -> Entry:
        """Return an entry that somebody may answer. Raises `Refusal` with what is in the way.

        An avoid list is not: whoever is on it must not learn of it.
        """
        async with self._database.read() as reader:
            entry = await self._entries.get(reader, guild_id, entry_id)
        if entry is None or entry.choice.place is Place.NOWHERE:
            raise Refusal("checkin_reply.gone")
        if entry.user_id == user_id:
            raise Refusal("checkin_reply.own")
        if is_private(entry):
            if not team:
                raise Refusal("checkin_reply.team_only" if entry.choice.place is Place.CARE else "checkin_reply.gone")
            if entry.room_id is None and "quiet-rooms" not in await self._guilds.channels(guild_id):
                raise Refusal("checkin_reply.no_room")
        return entry

    async def write(self, guild_id: int, entry_id: int, user_id: int, words: str, mark: str) -> Reply | None:
        """Keep a reply and send it off, once for each `mark`; None where that mark was taken before.

        Raises `ConditionFailed` without the author's consent, and `Refusal` where the entry has gone meanwhile.
        """
        now = self._clock.now()
        agreed = self._consents.condition(guild_id, user_id)
        async with self._database.write(only_if=agreed) as writer:
            if not await first_time(writer, mark, now):
                return None
            entry = await self._entries.get(writer, guild_id, entry_id)
            if entry is None or entry.choice.place is Place.NOWHERE:
                raise Refusal("checkin_reply.gone")
            reply = Reply(self._ids.new(), guild_id, user_id, entry_id, now, words)
            await self._replies.add(writer, reply)
            await self._later(writer, REPLY, reply, {"private": is_private(entry)})
        return reply

    async def sending(self, guild_id: int, reply_id: int, *, private: bool) -> Sending | Reply | None:
        """Return a reply to be posted; the bare reply where its entry isn't there any more as it was answered.

        None where it was posted or taken back already.
        """
        async with self._database.read() as reader:
            reply = await self._replies.get(reader, guild_id, reply_id)
            if reply is None or reply.words is None:
                return None
            entry = await self._entries.get(reader, guild_id, reply.entry_id)
        if entry is None or entry.choice.place is Place.NOWHERE or is_private(entry) is not private:
            return reply
        apart = await self._members.apart(guild_id, entry.user_id, reply.user_id)
        return Sending(reply, entry, apart)

    async def secure(self, reply: Reply, channel_id: int) -> None:
        """Make sure that what is posted next goes again unless `posted` comes in time.

        The answer to a post may be lost and the reply erased meanwhile: then a post would name somebody for good.
        """
        async with self._database.write() as writer:
            await enqueue(
                writer, self._ids, kind=UNKEPT, guild_id=reply.guild_id, due_at=self._clock.now() + _AT_MOST,
                payload={"reply": reply.reply_id, "channel": channel_id}, dedupe_key=f"{UNKEPT}:{reply.reply_id}",
            )  # fmt: skip

    async def posted(self, sending: Sending, post: Post) -> bool:
        """Keep where a reply stands and settle the wish; False where it was taken back meanwhile: then it must go."""
        reply, entry = sending.reply, sending.entry
        async with self._database.write() as writer:
            if not await self._replies.posted(writer, reply.reply_id, post.channel_id, post.message_id):
                return False
            await cancel(writer, f"{UNKEPT}:{reply.reply_id}")
            fresh = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            if fresh is not None:
                answer = Answer(reply.user_id, Origin.WRITE_BACK, reply.written_at)
                now = self._clock.now()
                await settle(writer, self._ids, self._entries, fresh, answer, now, apart=sending.apart)
        return True

    async def get(self, guild_id: int, reply_id: int) -> Reply | None:
        """Return a reply as it is kept now; None for one that was taken back, erased or given back."""
        async with self._database.read() as reader:
            return await self._replies.get(reader, guild_id, reply_id)

    async def drop(self, reply: Reply) -> None:
        """Forget a reply that can't be posted."""
        async with self._database.write() as writer:
            await self._replies.remove(writer, reply.guild_id, reply.reply_id)

    async def opened(self, entry: Entry, room_id: int) -> None:
        """Keep which private thread belongs to an entry."""
        async with self._database.write() as writer:
            await self._entries.room(writer, entry.entry_id, room_id)

    async def own(self, guild_id: int, reply_id: int, user_id: int) -> Reply:
        """Return somebody's own reply. Raises `Refusal` for another's, and for one that is gone."""
        async with self._database.read() as reader:
            reply = await self._replies.get(reader, guild_id, reply_id)
        if reply is None:
            raise Refusal("checkin_reply.back.gone")
        if reply.user_id != user_id:
            raise Refusal("checkin_reply.back.not_yours")
        return reply

    async def take_back(self, guild_id: int, reply_id: int, user_id: int) -> None:
        """Delete somebody's own reply; where it was all the answer there is, the wish is open again.

        Raises `Refusal` like `own`.
        """
        await self.own(guild_id, reply_id, user_id)
        async with self._database.write() as writer:
            reply = await self._replies.get(writer, guild_id, reply_id, self._database.row_lock)
            if reply is None:
                return
            await self._replies.remove(writer, guild_id, reply_id)
            if reply.post is not None:
                where = {"channel": reply.post.channel_id, "message": reply.post.message_id}
                await self._later(writer, GONE, reply, where)
                await self._reopen(writer, reply)

    async def _reopen(self, writer: Writer, reply: Reply) -> None:
        """Open a wish again; a reply of Discord's own that came as well is found by the look that follows."""
        entry = await self._entries.get(writer, reply.guild_id, reply.entry_id, self._database.row_lock)
        if entry is None or entry.asked_at is None or entry.answered_at is None:
            return
        if await self._replies.any_posted(writer, reply.guild_id, reply.entry_id):
            return
        now = self._clock.now()
        await self._entries.set_asked(writer, entry.entry_id, entry.asked_at)
        await plan_look(writer, self._ids, entry.guild_id, entry.entry_id, entry.asked_at, now)

    async def _later(self, writer: Writer, kind: str, reply: Reply, more: dict[str, int]) -> None:
        await enqueue(
            writer, self._ids, kind=kind, guild_id=reply.guild_id, due_at=self._clock.now(),
            payload={"reply": reply.reply_id, **more}, dedupe_key=f"{kind}:{reply.reply_id}",
        )  # fmt: skip
