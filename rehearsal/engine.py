"""What the rehearsal needs of a bot, so that its own tests can run without the whole of Evenkeel."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import discord

from rehearsal.clock import RehearsalClock
from rehearsal.group import Group


class Engine(Protocol):
    """Puts bots together on one database that outlives each of them, and drives what they do later."""

    def assembled(self, clock: RehearsalClock) -> AbstractAsyncContextManager[discord.Client]:
        """Put a fresh bot together, not connected; leaving the context closes all that it holds."""
        ...

    async def next_due(self, bot: discord.Client) -> datetime | None:
        """Return when the bot's next job is due."""
        ...

    async def run_due(self, bot: discord.Client) -> int:
        """Run every job that is due by now; return how many finished."""
        ...

    async def zone(self, bot: discord.Client, group: Group) -> str | None:
        """Return the name of the time zone set for the group, where one is."""
        ...

    async def set_up(self, bot: discord.Client, group: Group) -> None:
        """Tell the bot of the group's channels, roles and zone, as `/setup guide` does."""
        ...
