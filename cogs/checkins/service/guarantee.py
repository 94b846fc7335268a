"""The reply guarantee between the use cases: when a wish is looked at, and when it is settled.

A wish for a reply is settled where an answer has reached its writer, not where it was sent off.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import to_ms
from bot.ids import Ids
from bot.jobs import enqueue
from bot.storage import Writer
from cogs.checkins.rules import Answer, Ask, Place, Request, is_reply
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.replies import CALLED, Note
from cogs.checkins.store.requests import CompanionRequest

LOOK, TIDY = "checkins.look", "checkins.tidy"


async def plan_look(
    writer: Writer, ids: Ids, guild_id: int, entry_id: int, asked_at: datetime, at: datetime
) -> None:  # fmt: skip
    """Look at an entry's wish for a reply at a moment, in the caller's transaction; kick the runner after the commit.

    To be called whenever a wish begins (`at`: when its wait is over), and with `at` now when it ends or the entry goes
    (what the team was told of it goes, too) or its post can't stand (the team is told at once).
    """
    await enqueue(
        writer, ids, kind=LOOK, guild_id=guild_id, due_at=at,
        payload={"entry": entry_id, "asked": to_ms(asked_at)},
        dedupe_key=f"{LOOK}:{entry_id}:{to_ms(asked_at)}:{to_ms(at)}",
    )  # fmt: skip


async def plan_tidy(writer: Writer, ids: Ids, guild_id: int, entry_id: int, now: datetime) -> None:
    """Bring what the bot said about an entry to where the entry is now, in the caller's transaction."""
    await enqueue(writer, ids, kind=TIDY, guild_id=guild_id, due_at=now, payload={"entry": entry_id})


def ask_of(entry: Entry, requests: Sequence[CompanionRequest] = ()) -> Ask:
    """Return an entry's wish as the rules know it. Raises `ValueError` for an entry that has none."""
    if entry.asked_at is None:
        raise ValueError("this entry asks for nothing")
    return Ask(
        entry.entry_id,
        entry.user_id,
        entry.place,
        entry.asked_at,
        settled=entry.answered_at is not None,
        requests=tuple(Request(one.user_id, one.fell_through) for one in requests),
        told_early=entry.told_early,
        told=entry.told,
    )


def is_private(entry: Entry) -> bool:
    """Whether an answer goes into a private thread of writer and team: no post stands where the group reads."""
    return entry.choice.place is not Place.GROUP or entry.place is Place.NOWHERE


def is_over(note: Note, entry: Entry) -> bool:
    """Whether what the bot said about an entry has to go: the wish it told of, or the post below which it called.

    What it said in the private thread of writer and team stays there.
    """
    if note.kind == CALLED:
        return entry.choice.place is not Place.GROUP and note.channel_id != entry.room_id
    return entry.asked_at is None or note.posted_at < entry.asked_at


async def settle(
    writer: Writer, ids: Ids, entries: EntryStore, waiting: Entry, answer: Answer, now: datetime, *, apart: bool
) -> bool:
    """Settle an entry's wish where `answer` does that; False where it doesn't, or something else has done so.

    `waiting` was read in this transaction, under the database's row lock. `apart`: one of the two avoids the other.
    """
    if not waiting.waits or not is_reply(answer, ask_of(waiting), avoided=(answer.author_id,) if apart else ()):
        return False
    if not await entries.answer(writer, waiting.entry_id, now):
        return False
    await plan_tidy(writer, ids, waiting.guild_id, waiting.entry_id, now)
    return True
