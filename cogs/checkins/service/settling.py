"""What follows when an entry becomes another: its edition, its post, its wish for a reply, the count on the day's post.

Every change of an entry goes through here, inside the transaction that makes it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.ids import Ids
from bot.jobs import enqueue
from bot.storage import Writer
from cogs.checkins.rules import Act, Asking, Place, asking, steps
from cogs.checkins.service.counts import plan_count
from cogs.checkins.service.guarantee import plan_look, plan_tidy
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.posts import PostStore

ENTRY = "checkins.entry"
GONE = "checkins.entry_gone"


class Settling:
    """Keeps an entry and plans what has to follow. Kick the jobs after the commit."""

    def __init__(self, clock: Clock, ids: Ids, entries: EntryStore, posts: PostStore, groups: GroupStore) -> None:
        self._clock = clock
        self._ids = ids
        self._entries = entries
        self._posts = posts
        self._groups = groups

    async def begin(self, writer: Writer, entry: Entry) -> Entry | None:
        """Keep a new entry; None where the person has one under this schedule and day already."""
        now = self._clock.now()
        begun = _asked(None, replace(entry, edition=1, place=entry.choice.place), now)
        if not await self._entries.add(writer, begun):
            return None
        if entry.choice.place is not Place.NOWHERE:
            await self.deliver(writer, begun)
        await self._look(writer, None, begun, now)
        await self.count(writer, begun)
        return begun

    async def change(self, writer: Writer, before: Entry, after: Entry) -> Entry:
        """Keep `after` in the place of `before`: the same entry, read in this transaction."""
        now = self._clock.now()
        acts = [step.act for step in steps(before.choice, after.choice, words_changed=_shows_other(before, after))]
        changed = replace(
            _asked(before, after, now), edition=before.edition + 1, updated_at=now, place=_place(before, after, acts)
        )
        await self._entries.put(writer, changed)
        # Also where nothing new is shown: the job of an earlier change may be waiting, and does nothing any more.
        if acts or changed.post is not None or changed.place is not Place.NOWHERE:
            await self.deliver(writer, changed)
        await self._look(writer, before, changed, now)
        if before.choice.place is Place.GROUP and changed.choice.place is not Place.GROUP:
            # The calls to replies name the writer where the group reads.
            await plan_tidy(writer, self._ids, changed.guild_id, changed.entry_id, now)
        return changed

    async def drop(self, writer: Writer, entry: Entry) -> None:
        """Delete an entry for good; its post goes by a job of its own, however long Discord is away."""
        now = self._clock.now()
        if entry.post is not None:
            await enqueue(
                writer, self._ids, kind=GONE, guild_id=entry.guild_id, due_at=now,
                payload={"channel": entry.post.channel_id, "message": entry.post.message_id},
                dedupe_key=f"{GONE}:{entry.post.message_id}",
            )  # fmt: skip
        await self._entries.delete(writer, entry.entry_id)
        await plan_tidy(writer, self._ids, entry.guild_id, entry.entry_id, now)
        await self.count(writer, entry)

    async def deliver(self, writer: Writer, entry: Entry, crossed: int = 0) -> None:
        """Plan that the post becomes what the entry of this edition says.

        `crossed` is a message that came to stand after the edition was kept: its own job may be over.
        """
        await enqueue(
            writer, self._ids, kind=ENTRY, guild_id=entry.guild_id, due_at=self._clock.now(),
            payload={"entry": entry.entry_id, "edition": entry.edition},
            dedupe_key=f"{ENTRY}:{entry.entry_id}:{entry.edition}:{crossed}",
        )  # fmt: skip

    async def look_now(self, writer: Writer, entry: Entry) -> None:
        """Let an open wish be looked at now: its post can't stand, so nobody would see it."""
        if entry.waits and entry.asked_at is not None:
            await plan_look(
                writer, self._ids, entry.guild_id, entry.entry_id, entry.asked_at, self._clock.now()
            )  # fmt: skip

    async def count(self, writer: Writer, entry: Entry) -> None:
        """Plan the count of the day's post, where the entry answers one."""
        if entry.post_day is not None:
            await plan_count(
                writer, self._ids, self._posts, entry.guild_id, entry.schedule_id, entry.post_day, self._clock.now()
            )

    async def _look(self, writer: Writer, before: Entry | None, after: Entry, now: datetime) -> None:
        asked = before.asked_at if before else None
        if asked is not None and after.asked_at != asked:  # what the team was told of the earlier wish goes
            await plan_look(writer, self._ids, after.guild_id, after.entry_id, asked, now)
        if after.asked_at is not None and after.asked_at != asked:
            wait = timedelta(minutes=(await self._groups.get(writer, after.guild_id)).wait_minutes)
            if after.place is Place.NOWHERE:
                wait = timedelta()  # the team removed the post: nobody sees it, so there is nothing to wait for
            await plan_look(writer, self._ids, after.guild_id, after.entry_id, after.asked_at, after.asked_at + wait)


def _asked(before: Entry | None, after: Entry, now: datetime) -> Entry:
    """The entry with what becomes of its wish for a reply."""
    answered = before is not None and before.answered_at is not None
    match asking(before.choice if before else None, after.choice, answered=answered):
        case Asking.KEEP if before is not None:
            return replace(
                after, asked_at=before.asked_at, answered_at=before.answered_at, told_early=before.told_early,
                told=before.told,
            )  # fmt: skip
        case Asking.OPEN | Asking.KEEP:
            return replace(after, asked_at=now, answered_at=None, told_early=False, told=False)
        case _:
            return replace(after, asked_at=None, answered_at=None, told_early=False, told=False)


def _place(before: Entry, after: Entry, acts: list[Act]) -> Place:
    """Where the post stands or is on its way to. One that stands is moved by the delivery, not by this row."""
    if before.message_id is not None:
        return before.place
    if Act.MAKE in acts:
        return after.choice.place
    # Not made yet: making it does the same as an edit. Refused or removed by the team: an edit makes no new one.
    return before.place if before.place is after.choice.place else Place.NOWHERE


def _shows_other(before: Entry, after: Entry) -> bool:
    """Whether a post of `after` may look other than one of `before`; words that are in the post alone are the same."""
    words = after.words is not None and after.words != before.words
    return words or (before.marks, before.numbers_shown) != (after.marks, after.numbers_shown)
