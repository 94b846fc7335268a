"""Use cases of telling the team that somebody waits, and the watch over wishes of which nobody was told.

A chain of looks writes its next one first, and what has to be told is a job of its own. Whatever ended both (a defect
in each of its eight tries), the watch finds the wish once it is overdue and no word about it stands.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock, from_ms, to_ms
from bot.contracts import Post
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Reader, Writer
from cogs.checkins.rules.replies import LOOK_AGAIN, TEAM_AFTER
from cogs.checkins.service.guarantee import LOOK, plan_tidy
from cogs.checkins.store.entries import Entry, EntryStore, Overdue
from cogs.checkins.store.replies import TOLD, Note, ReplyStore

TELL, WATCH = "checkins.tell", "checkins.watch"

LOOKED_AT_FOR = timedelta(days=30)
"""For so long after a wish the team is told of it; on `/checkin waiting` it stays until it is settled."""

_HOUR = timedelta(hours=1)
# The chain itself has its turn first.
_GRACE = 2 * LOOK_AGAIN


@dataclass(frozen=True, slots=True)
class Telling:
    """What the team is told: which entry waits; `early`: because nobody can be asked, not because of the time."""

    entry: Entry
    early: bool


class TeamWords:
    """One word at a time stands for a wish, and it goes or changes with it."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, entries: EntryStore, replies: ReplyStore
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._ids = ids
        self._entries = entries
        self._replies = replies

    async def telling(self, job: Job) -> Telling | None:
        """Return what to tell the team; None where it isn't so any more, or was so for longer than anybody looks.

        None as well where it stands there, or is about to: the word of an overdue wish replaces the early one.
        """
        asked_at, early = from_ms(job.payload["asked"]), bool(job.payload["early"])
        if self._clock.now() - asked_at > LOOKED_AT_FOR:
            return None
        async with self._database.read() as reader:
            entry = await self._entries.get(reader, job.guild_id or 0, job.payload["entry"])
            if entry is None or not entry.waits or entry.asked_at != asked_at or (early and entry.told):
                return None
            stands = await self._replies.stands_told(reader, entry.guild_id, entry.entry_id, asked_at + TEAM_AFTER)
        return None if stands else Telling(entry, early)

    async def told(self, entry: Entry, post: Post) -> None:
        """Keep where the team was told; what has changed meanwhile changes there, too."""
        now = self._clock.now()
        note = Note(post.message_id, entry.guild_id, entry.entry_id, TOLD, post.channel_id, now)
        async with self._database.write() as writer:
            # Under its lock, so that whoever erases the entry at this moment finds the note, or this finds it gone.
            fresh = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            await self._replies.note(writer, note)
            if fresh is None or fresh.asked_at != entry.asked_at or not fresh.waits:
                await plan_tidy(writer, self._ids, entry.guild_id, entry.entry_id, now)

    async def notes(self, job: Job) -> tuple[Entry | None, tuple[Note, ...]]:
        """Return an entry as it stands now, and what the bot said about it."""
        guild_id, entry_id = job.guild_id or 0, job.payload["entry"]
        async with self._database.read() as reader:
            return (
                await self._entries.get(reader, guild_id, entry_id),
                await self._replies.notes(reader, guild_id, entry_id),
            )

    async def answered(self, note: Note) -> None:
        """Keep that what the team was told is drawn as answered."""
        async with self._database.write() as writer:
            await self._replies.answered(writer, note.message_id)

    async def forget(self, note: Note) -> None:
        """Forget a note whose message is gone."""
        async with self._database.write() as writer:
            await self._replies.forget_note(writer, note.message_id)

    async def plan(self) -> None:
        """Make sure that the next watch stands in the table; every process may ask, the key keeps it single."""
        due = self._clock.now().replace(minute=0, second=0, microsecond=0) + _HOUR
        async with self._database.write() as writer:
            await enqueue(
                writer, self._ids, kind=WATCH, guild_id=None, due_at=due, payload={},
                dedupe_key=f"{WATCH}:{to_ms(due)}",
            )  # fmt: skip

    async def watch(self) -> None:
        """Write the next watch, then look for overdue wishes of which no word stands, and bring each on its way again.

        Once a day for each: where a group has no channel in which it can be told, the jobs of the days would pile up.
        """
        await self.plan()
        now = self._clock.now()
        async with self._database.write() as writer:
            for wish in await self._overdue(writer, now):
                await self._again(writer, wish, now)

    async def _overdue(self, reader: Reader, now: datetime) -> tuple[Overdue, ...]:
        return await self._entries.overdue(reader, now - LOOKED_AT_FOR, now - TEAM_AFTER - _GRACE, TEAM_AFTER)

    async def _again(self, writer: Writer, wish: Overdue, now: datetime) -> None:
        """Tell what was to be told, or look at what was never decided."""
        kind, more = (TELL, {"early": False}) if wish.told else (LOOK, {})
        await enqueue(
            writer, self._ids, kind=kind, guild_id=wish.guild_id, due_at=now,
            payload={"entry": wish.entry_id, "asked": to_ms(wish.asked_at), **more},
            dedupe_key=f"{kind}:{wish.entry_id}:{to_ms(wish.asked_at)}:watch:{now.date().isoformat()}",
        )  # fmt: skip
