"""Posts a date's check-in and opens its thread, edits its count, tells the team what came in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Literal
from weakref import WeakValueDictionary

from bot.discordkit import Sender
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.jobs import Job, JobKind, nonce
from bot.notices import TeamNotices
from cogs.checkins.service.asking_now import AskingNow, Promise
from cogs.checkins.service.counts import COUNT, CheckinCounts
from cogs.checkins.service.tellings import TELL, THREAD
from cogs.checkins.service.turns import TURN, CheckinTurns, Turn
from cogs.checkins.store.posts import DayPost
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui import turns as ui


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking for a post at once; without `thread` it has none although one is wanted."""

    state: Literal["posted", "already", "refused", "later"]
    schedule: CheckinSchedule
    post: DayPost | None = None
    reason: str = ""
    thread: bool = True


class TurnDelivery:
    """A date that was posted is not posted again, whoever asks; only its thread may still be missing.

    In one process the tries of a date wait for each other; between several, and after a lost answer, Discord knows
    the date's nonce for some minutes, and later the post is looked for.
    """

    def __init__(
        self, turns: CheckinTurns, asking: AskingNow, counts: CheckinCounts, sender: Sender, notices: TeamNotices
    ) -> None:
        self._turns = turns
        self._asking = asking
        self._counts = counts
        self._sender = sender
        self._notices = notices
        self._locks: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that a check-in is made of. How late is too late, a turn decides itself."""
        return JobKind(TURN, self._day), JobKind(COUNT, self._count), JobKind(TELL, self._tell)

    @asynccontextmanager
    async def _alone(self, schedule_id: int, day: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault((schedule_id, day), asyncio.Lock())
        async with lock:
            yield

    async def _day(self, job: Job) -> None:
        async with self._alone(job.payload["schedule"], job.payload["day"]):
            turn = await self._turns.begin(job)
            if turn is None:
                return
            if turn.late and turn.post is None:
                await self._look(turn)
                return
            try:
                await self._make(turn)
            except RefusedForGood as refused:
                await self._turns.refused(turn, refused.reason)

    async def _look(self, turn: Turn) -> None:
        """Keep the post of a date that is too late where an earlier try made it, whose answer was lost."""
        post = await self._made(turn)
        if post is None or not turn.asked_for:
            await self._turns.missed(turn)
        if post is not None:
            await self._threaded(turn, post)

    async def now(self, guild_id: int, schedule_id: int) -> Outcome:
        """Make today's post at once. Raises `Refusal` for a check-in that is gone, and while the bot rests."""
        promise = await self._asking.promise(guild_id, schedule_id)
        if promise.post is not None:
            return Outcome("already", promise.schedule, promise.post)
        async with self._alone(schedule_id, promise.day.isoformat()):
            turn = await self._turns.begin_promised(guild_id, schedule_id, promise.day)
            if turn is None or turn.post is not None:
                return await self._already(promise)
            try:
                post, thread = await self._make(turn)
            except TryAgain:  # the promise's job goes on; what it lacks may be no more than the thread
                there = await self._asking.post(guild_id, schedule_id, promise.day)
                return Outcome("posted" if there else "later", promise.schedule, there)
            except RefusedForGood as refused:
                await self._asking.settle(promise)
                return Outcome("refused", promise.schedule, reason=refused.reason)
            await self._asking.settle(promise)
        return Outcome("posted", promise.schedule, post, thread=thread)

    async def _already(self, promise: Promise) -> Outcome:
        post = await self._asking.settle(promise)
        if post is None:  # removed at this very moment
            raise Refusal("kit.refused.outdated")
        return Outcome("already", promise.schedule, post)

    async def _make(self, turn: Turn) -> tuple[DayPost, bool]:
        """Post, where it isn't yet, and open the thread; False where Discord refuses that."""
        post = turn.post or await self._made(turn) or await self._post(turn)
        return post, await self._threaded(turn, post)

    async def _post(self, turn: Turn) -> DayPost:
        schedule = turn.schedule
        message_id = await self._sender.post(
            schedule.guild_id,
            schedule.channel_id,
            ui.day_post(turn.view),
            nonce=_nonce(schedule.schedule_id, turn.day, schedule.channel_id),
            marker=ui.post_mark(turn.view) if turn.tried_at else None,
        )
        return await self._turns.posted(turn, message_id, schedule.channel_id)

    async def _made(self, turn: Turn) -> DayPost | None:
        """Return the date's post where an earlier try made it, whose answer was lost: in the channel of that time, and
        however much was written there since."""
        if turn.tried_at is None:
            return None
        guild_id, mark = turn.schedule.guild_id, ui.post_mark(turn.view)
        for channel_id in dict.fromkeys((turn.tried_in or turn.schedule.channel_id, turn.schedule.channel_id)):
            with suppress(RefusedForGood):  # closed or gone: nobody sees a post there
                found = await self._sender.find(guild_id, channel_id, mark, since=turn.tried_at)
                if found is not None:
                    return await self._turns.posted(turn, found, channel_id)
        return None

    async def _threaded(self, turn: Turn, post: DayPost) -> bool:
        """Open the thread where one is wanted. A post that was deleted meanwhile needs none."""
        if not turn.schedule.thread or post.thread_id is not None:
            return True
        name = ui.thread_name(turn.view)
        try:
            thread_id = await self._sender.thread_on(post.guild_id, post.channel_id, post.message_id, name)
        except RefusedForGood as refused:
            if refused.reason == "unknown_message":
                return True
            await self._turns.refused(turn, THREAD)
            return False
        await self._turns.threaded(turn, post, thread_id)
        return True

    async def _count(self, job: Job) -> None:
        found = await self._counts.begin(job)
        if found is None:
            return
        post, view = found
        await self._sender.bucket.take(post.guild_id)
        with suppress(RefusedForGood):  # the post was deleted, or its channel closed: there is nothing to count on
            await self._sender.redraw(post.channel_id, post.message_id, ui.day_post(view))

    async def _tell(self, job: Job) -> None:
        tellings = await self._turns.tellings.read(job)
        if tellings and job.guild_id is not None:
            await self._notices.tell(job.guild_id, ui.telling_panel(tellings), once=nonce(job.id))


def _nonce(schedule_id: int, day: date, channel_id: int) -> str:
    """The nonce of a date's post in a channel, whichever job or press makes it; at most 25 characters."""
    return f"ekc{blake2b(f'{schedule_id}:{day}:{channel_id}'.encode(), digest_size=10).hexdigest()}"
