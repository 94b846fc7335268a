"""Tells a group's team, once and in words they can act on, what the bot gave up on."""

import logging

from bot.discordkit.panels import CAREFUL, Panel, say
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
        panel = say(_sentence(reason), colour=CAREFUL)
        if not await self.tell(job.guild_id, panel, once=nonce(job.id, _NOTICE_PART)):
            what = (job.guild_id, job.kind, reason)
            _log.warning("server %s has nowhere to be told that job %s was given up: %s", *what)

    async def tell(self, guild_id: int, panel: Panel, *, once: str) -> bool:
        """Post `panel` where the team reads, under the nonce `once`; False where no such channel can be reached.

        Raises `TryAgain` for what may pass.
        """
        channels = await self._guilds.channels(guild_id)
        for purpose in ("mod-log", "care"):
            if purpose in channels:
                try:
                    await self._sender.post(guild_id, channels[purpose], panel, nonce=once)
                except RefusedForGood as refused:
                    _log.warning("server %s can't be told in %s: %s", guild_id, purpose, refused.reason)
                else:
                    return True
        return False


def _sentence(reason: str) -> str:
    """Return what the team reads; for a defect of ours there is nothing they could mend, but a reference to hand on."""
    kind, _, reference = reason.partition(" ")
    if kind == "fault":
        return t("kit.team.fault", reference=reference)
    return t("kit.team.gave_up", reason=reason_words(kind))


def reason_words(token: str) -> str:
    """Return what the team reads in the place of a refusal's token."""
    try:
        return t(f"kit.team.reason.{token}")
    except MissingText:
        return t("kit.team.reason.other")
