"""Tells the team of a channel or role that is gone, where the team reads."""

import logging

from bot.discordkit import Sender
from bot.errors import RefusedForGood
from bot.guilds import Guilds
from bot.jobs import Job, JobKind, nonce
from cogs.setup.service.losses import GONE
from cogs.setup.ui.notices import gone

_log = logging.getLogger(__name__)


class SetupDelivery:
    """Posts to `mod-log`, else to `care`; a group that has neither sees it in `/setup check`."""

    def __init__(self, guilds: Guilds, sender: Sender) -> None:
        self._guilds = guilds
        self._sender = sender

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that this feature delivers."""
        return (JobKind(GONE, self._gone),)

    async def _gone(self, job: Job) -> None:
        if job.guild_id is None:
            return
        part, purpose = job.payload["part"], job.payload["purpose"]
        channels = await self._guilds.channels(job.guild_id)
        kept = channels if part == "channel" else await self._guilds.roles(job.guild_id)
        if purpose in kept:
            return  # somebody has chosen another one meanwhile
        for place in ("mod-log", "care"):
            if place in channels:
                try:
                    await self._sender.post(job.guild_id, channels[place], gone(part, purpose), nonce=nonce(job.id))
                except RefusedForGood as refused:
                    _log.warning("server %s can't be told in %s: %s", job.guild_id, place, refused.reason)
                else:
                    return
