"""Posts a week's summary: once, whether its Monday has come or a moderator wants it now."""

import asyncio

from bot.discordkit import Sender
from bot.jobs import Job, JobKind, nonce
from bot.notices import TeamNotices
from cogs.checkins.service.weeks import WEEK, WEEK_NOW, WeekService, WeekTurn
from cogs.checkins.ui.weeks import late_panel, week_mark, week_post


class WeekDelivery:
    """A week that was told is not told again, whoever asks: its row says so, and the channel itself where that may lie.

    One week's jobs (a Monday's, and one for each moderator who pressed) run one after the other.
    """

    def __init__(self, service: WeekService, sender: Sender, notices: TeamNotices) -> None:
        self._service = service
        self._sender = sender
        self._notices = notices
        self._turn = asyncio.Lock()

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs. How late is too late, the turn of a Monday decides itself."""
        return JobKind(WEEK, self._monday), JobKind(WEEK_NOW, self._now)

    async def _monday(self, job: Job) -> None:
        async with self._turn:
            turn = await self._service.begin(job)
            if turn is not None and turn.late:
                await self._notices.tell(turn.kept.guild_id, late_panel(turn.kept), once=nonce(job.id))
            elif turn is not None:
                await self._post(job, turn)

    async def _now(self, job: Job) -> None:
        async with self._turn:
            turn = await self._service.ordered(job)
            if turn is not None:
                await self._post(job, turn)

    async def _post(self, job: Job, turn: WeekTurn) -> None:
        kept = turn.kept
        message_id = await self._sender.post(
            kept.guild_id, turn.channel_id, week_post(kept), nonce=nonce(job.id), marker=week_mark(kept.week)
        )
        await self._service.posted(kept, turn.channel_id, message_id)
