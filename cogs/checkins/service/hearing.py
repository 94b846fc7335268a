"""Use cases of hearing: Discord's own replies to an entry's post, and talk in the private thread of writer and team."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.contracts import Post
from bot.ids import Ids
from bot.jobs import enqueue
from bot.members import Members
from bot.storage import Database
from cogs.checkins.rules import Answer, Origin, Place
from cogs.checkins.service.guarantee import is_over, plan_tidy, settle
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.replies import CALLED, Note, ReplyStore

CALL = "checkins.call"

# The writer is called once in this time to what one person replies, however many messages it is.
_PACE = timedelta(minutes=10)
_MOST_PACED = 2000


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody's message that may be a reply: nothing of it but who, when and which."""

    message_id: int
    author_id: int
    at: datetime


class Hearing:
    """Who replied is never kept: of a message there is its id alone, and that only in the job that calls the writer."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, members: Members, entries: EntryStore, replies: ReplyStore
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._members = members
        self._entries = entries
        self._replies = replies
        self._called: dict[tuple[int, int], datetime] = {}

    async def replied(self, guild_id: int, message_id: int, heard: Heard) -> bool:
        """Take in a Discord reply to a message; False where there is nothing to be delivered."""
        async with self._database.read() as reader:
            entry = await self._entries.by_message(reader, guild_id, message_id)
        if entry is None or entry.place is not Place.GROUP:  # talk inside `care` reaches nobody
            return False
        return await self.take_in(entry, heard, Origin.REPLY)

    async def spoke(self, guild_id: int, room_id: int, heard: Heard) -> bool:
        """Take in what somebody wrote in a private thread; False where there is nothing to be delivered."""
        async with self._database.read() as reader:
            entry = await self._entries.by_room(reader, guild_id, room_id)
        if entry is None or not entry.waits:  # two who talk need no calling
            return False
        return await self.take_in(entry, heard, Origin.PRIVATE_THREAD)

    async def take_in(self, entry: Entry, heard: Heard, origin: Origin) -> bool:
        """Settle the wish with what somebody wrote, and have its writer called; False where it reaches nobody.

        The words of two of whom one avoids the other call nobody, and nothing tells either of them.
        """
        if heard.author_id == entry.user_id:
            return False
        if await self._members.apart(entry.guild_id, entry.user_id, heard.author_id):
            return False
        answer, now = Answer(heard.author_id, origin, heard.at), self._clock.now()
        async with self._database.write() as writer:
            fresh = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            if fresh is None:
                return False
            settled = await settle(writer, self._ids, self._entries, fresh, answer, now, apart=False)
            calls = settled or not self._lately(entry.entry_id, heard, now)
            if calls:
                room = origin is Origin.PRIVATE_THREAD
                await enqueue(
                    writer, self._ids, kind=CALL, guild_id=entry.guild_id, due_at=now,
                    payload={"entry": entry.entry_id, "message": heard.message_id, "room": room},
                    dedupe_key=f"{CALL}:{heard.message_id}",
                )  # fmt: skip
        if calls:  # known only now that the call is kept
            self._remember(entry.entry_id, heard, now)
        return calls

    def _lately(self, entry_id: int, heard: Heard, now: datetime) -> bool:
        """Whether the writer was called to this author a moment ago."""
        last = self._called.get((entry_id, heard.author_id))
        return last is not None and now - last < _PACE

    def _remember(self, entry_id: int, heard: Heard, now: datetime) -> None:
        """Keep the moment of a call, in memory alone: nobody agreed to be remembered as a replier."""
        if len(self._called) >= _MOST_PACED:
            self._called = {one: at for one, at in self._called.items() if now - at < _PACE}
        self._called[entry_id, heard.author_id] = now

    async def to_call(self, guild_id: int, entry_id: int) -> Entry | None:
        """Return the entry whose writer is to be called, as it stands now."""
        async with self._database.read() as reader:
            return await self._entries.get(reader, guild_id, entry_id)

    async def called(self, entry: Entry, post: Post) -> None:
        """Keep where the writer was called, so that it goes with the entry."""
        now = self._clock.now()
        note = Note(post.message_id, entry.guild_id, entry.entry_id, CALLED, post.channel_id, now)
        async with self._database.write() as writer:
            # Under its lock, so that whoever erases the entry at this moment finds the note, or this finds it gone.
            fresh = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            await self._replies.note(writer, note)
            if fresh is None or is_over(note, fresh):
                await plan_tidy(writer, self._ids, entry.guild_id, entry.entry_id, now)
