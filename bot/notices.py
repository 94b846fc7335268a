"""Tells a group's team, once and in words they can act on, what the bot gave up on."""

import logging

from bot.discordkit.panels import CAREFUL, say
from bot.discordkit.sender import Sender
from bot.errors import RefusedForGood
from bot.guilds import Guilds
from bot.jobs import Job, nonce
from bot.text import t
from bot.text.catalogue import MissingText

# A notice's nonce differs from that of the post it is about.
_NOTICE_PART = 65_535

_log = logging.getLogger(__name__)


class TeamNotices:
    """Posts to `mod-log`, else `care`; where neither can be reached, the log is all there is."""

    def __init__(self, guilds: Guilds, sender: Sender) -> None:
        self._guilds = guilds
        self._sender = sender

    async def gave_up(self, job: Job, reason: str) -> None:
        """Tell the team that a job failed for good. Raises `TryAgain` so that the telling itself is tried again."""
        if job.guild_id is None:
            return
        channels = await self._guilds.channels(job.guild_id)
        for purpose in ("mod-log", "care"):
            if purpose in channels:
                try:
                    await self._sender.post(
                        job.guild_id,
                        channels[purpose],
                        say(_sentence(reason), colour=CAREFUL),
                        nonce=nonce(job.id, _NOTICE_PART),
                    )
                except RefusedForGood as refused:
                    _log.warning("server %s can't be told in %s: %s", job.guild_id, purpose, refused.reason)
                else:
                    return
        _log.warning("server %s has nowhere to be told that job %s was given up: %s", job.guild_id, job.kind, reason)


def _sentence(reason: str) -> str:
    """Return what the team reads; for a defect of ours there is nothing they could mend, but a reference to hand on."""
    kind, _, reference = reason.partition(" ")
    if kind == "fault":
        return t("kit.team.fault", reference=reference)
    return t("kit.team.gave_up", reason=_reason(kind))


def _reason(token: str) -> str:
    try:
        return t(f"kit.team.reason.{token}")
    except MissingText:
        return t("kit.team.reason.other")
