"""Posts a day's reading and opens its thread; tells the team what came in between."""

from bot.discordkit import Sender
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.jobs import Job, JobKind, nonce
from bot.notices import TeamNotices
from cogs.learn import ui
from cogs.learn.service import DAILY, TELL, THREAD, DailyTurns, LearnService, Reading, Turn


class DailyDelivery:
    """A turn that was posted already is not posted again, whoever asks; only its thread may still be missing."""

    def __init__(self, turns: DailyTurns, service: LearnService, sender: Sender, notices: TeamNotices) -> None:
        self._turns = turns
        self._service = service
        self._sender = sender
        self._notices = notices

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that the daily reading is made of. How late is too late, a turn decides itself."""
        return JobKind(DAILY, self._day), JobKind(TELL, self._tell)

    async def _day(self, job: Job) -> None:
        turn = await self._turns.begin(job)
        if turn is None:
            return
        try:
            reading = await self._service.for_everyone(turn.schedule.guild_id, turn.snippet_id)
        except Refusal as gone:  # retired at this very moment
            if turn.message_id is not None:
                return
            raise TryAgain from gone
        try:
            message_id = turn.message_id or await self._post(job, turn, reading)
        except RefusedForGood as refused:
            await self._turns.refused(turn, refused.reason)
            return
        await self._turns.posted(turn, message_id)
        if await self._threaded(turn, message_id, reading):
            await self._turns.well(turn)

    async def _post(self, job: Job, turn: Turn, reading: Reading) -> int:
        return await self._sender.post(
            turn.schedule.guild_id,
            turn.schedule.channel_id,
            ui.day_post(reading, turn.day),
            nonce=nonce(job.id),
            marker=ui.day_mark(turn.day) if job.attempts else None,
        )

    async def _threaded(self, turn: Turn, message_id: int, reading: Reading) -> bool:
        """Open the thread where one is wanted; False where Discord refuses it. A post deleted meanwhile needs none."""
        schedule = turn.schedule
        if schedule.thread:
            name = ui.thread_name(reading.snippet)
            try:
                await self._sender.thread_on(schedule.guild_id, schedule.channel_id, message_id, name)
            except RefusedForGood as refused:
                if refused.reason != "unknown_message":
                    await self._turns.refused(turn, THREAD)
                    return False
        return True

    async def _tell(self, job: Job) -> None:
        telling = await self._turns.telling(job)
        if telling is not None and job.guild_id is not None:
            await self._notices.tell(job.guild_id, ui.telling_panel(telling), once=nonce(job.id))
