"""Carries out what is too old to be kept: posts go before their rows."""

from bot.discordkit import CAREFUL, Sender, say
from bot.errors import RefusedForGood
from bot.jobs import Job, JobKind, nonce
from bot.notices import TeamNotices, reason_words
from bot.text import t
from cogs.checkins.service.keeping import DROP, GROUP, ROUND, STUCK, KeepingService


class KeepingDelivery:
    """A post that can't be deleted holds nothing up: the row goes all the same, and the team is told.

    Once a week for each channel, not once for each post.
    """

    def __init__(self, service: KeepingService, sender: Sender, notices: TeamNotices) -> None:
        self._service = service
        self._sender = sender
        self._notices = notices

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that keeping is made of. None is ever too late."""
        return (
            JobKind(ROUND, self._round),
            JobKind(GROUP, self._service.group),
            JobKind(DROP, self._drop),
            JobKind(STUCK, self._stuck),
        )

    async def _round(self, job: Job) -> None:
        await self._service.round()

    async def _drop(self, job: Job) -> None:
        old = await self._service.old(job)
        if old is None or job.guild_id is None:
            return
        stuck: dict[int, str] = {}
        for post in old.posts:
            try:
                await self._sender.delete(job.guild_id, post.channel_id, post.message_id)
            except RefusedForGood as refused:
                stuck[post.channel_id] = refused.reason
        await self._service.dropped(job.guild_id, old, stuck)

    async def _stuck(self, job: Job) -> None:
        if job.guild_id is not None:
            channel, reason = f"<#{job.payload['channel']}>", reason_words(job.payload["reason"])
            words = t("checkin_rhythm.stuck", channel=channel, reason=reason)
            await self._notices.tell(job.guild_id, say(words, colour=CAREFUL), once=nonce(job.id))
