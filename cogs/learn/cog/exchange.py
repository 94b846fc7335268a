"""`/manage-library import` and `export`: the group's own readings as a file."""

import asyncio
import logging

import discord

from bot.content.exchange import MOST_BYTES, BundleFault, Place
from bot.discordkit import NO_LINE, Answer, Interaction
from bot.errors import Refusal
from cogs.learn import ui
from cogs.learn.service import ExchangeService, NotTakenIn

# Seconds for a megabyte: whoever waits longer is told, while the answer can still be given.
_DOWNLOAD_PATIENCE = 60

_log = logging.getLogger(__name__)


class ExchangeDesk:
    """Takes files in and gives them out."""

    def __init__(self, service: ExchangeService) -> None:
        self._service = service

    async def take_in(self, interaction: Interaction, attachment: discord.Attachment) -> None:
        """Add what a file holds, all of it or nothing."""
        answer = Answer.to(interaction)
        if attachment.size > MOST_BYTES:
            await answer.show(ui.faults_panel((BundleFault(Place(), "library.import.fault.large"),)))
            return
        content = await _downloaded(attachment)
        done = await self._service.take_in(self._guild(interaction), attachment.filename, content)
        await answer.show(ui.faults_panel(done.faults) if isinstance(done, NotTakenIn) else ui.taken_in_panel(done))

    async def give_out(self, interaction: Interaction, kind: str) -> None:
        """Give the group's own readings as a file."""
        given = await self._service.give_out(self._guild(interaction), kind)
        await Answer.to(interaction).show(ui.given_out_panel(given))

    def _guild(self, interaction: Interaction) -> int:
        if interaction.guild_id is None:
            raise Refusal("kit.refused.server_only")
        return interaction.guild_id


async def _downloaded(attachment: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(_DOWNLOAD_PATIENCE):
            return await attachment.read()
    except discord.HTTPException as error:
        _log.warning("a file could not be downloaded: %s", error.status)
    except NO_LINE as error:
        _log.warning("a file could not be downloaded: %s", type(error).__name__)
    raise Refusal("library.import.unreachable")
