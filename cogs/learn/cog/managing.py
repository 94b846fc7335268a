"""`/manage-library`: what moderators type. Each command is answered at a desk of its own."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discordkit import Interaction, TextChannelId, root, slash
from bot.policy import Audience
from bot.text import t
from bot.times import clock_choices
from cogs.learn.cog.daily import DailyDesk
from cogs.learn.cog.exchange import ExchangeDesk
from cogs.learn.cog.own import OwnDesk

# The hour at which the suggestions for a daily reading begin.
_MORNING = 8 * 60


class ManageLibrary(commands.Cog):
    """The daily reading, and the readings that the group writes for itself."""

    manage = root("manage-library", audience=Audience.MODERATOR, text="library")

    def __init__(self, daily: DailyDesk, own: OwnDesk, exchange: ExchangeDesk) -> None:
        self._daily = daily
        self._own = own
        self._exchange = exchange

    async def times(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest times of day."""
        found = clock_choices(typed, first=_MORNING)
        return [app_commands.Choice(name=choice.name, value=choice.value) for choice in found]

    async def shelves(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest topics."""
        return [app_commands.Choice(name=name, value=key) for key, name in self._daily.topics_like(typed)]

    async def living(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the group's own readings that members can read."""
        found = await self._own.titles_like(interaction, typed)
        return [app_commands.Choice(name=snippet.title, value=snippet.id) for snippet in found]

    @app_commands.autocomplete(time=times, topics=shelves)
    @slash(manage, "library.daily", action="library.daily")
    async def daily(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[int, TextChannelId] | None = None,
        time: str | None = None,
        topics: str | None = None,
        thread: bool | None = None,
    ) -> None:
        """Keep when and where the daily reading is posted; show the panel either way."""
        await self._daily.keep(interaction, channel, time, topics, thread)

    @slash(manage, "library.daily_off", action="library.daily", name="daily-off")
    async def daily_off(self, interaction: Interaction) -> None:
        """Post no daily reading any more."""
        await self._daily.turn_off(interaction)

    @slash(manage, "library.add", action="library.write")
    async def add(self, interaction: Interaction) -> None:
        """Open the form for a new reading."""
        await self._own.write_new(interaction)

    @app_commands.autocomplete(snippet=living)
    @slash(manage, "library.edit", action="library.write")
    async def edit(self, interaction: Interaction, snippet: str | None = None) -> None:
        """Open the form with a reading's words; without one, the list."""
        await self._own.write_again(interaction, snippet)

    @app_commands.autocomplete(snippet=living)
    @slash(manage, "library.retire", action="library.write")
    async def retire(self, interaction: Interaction, snippet: str | None = None) -> None:
        """Take a reading out of the library; without one, the list."""
        await self._own.retire(interaction, snippet)

    @slash(manage, "library.list", action="library.write")
    async def list(self, interaction: Interaction) -> None:
        """Show the group's own readings, retired ones too."""
        await self._own.show_list(interaction)

    @app_commands.rename(attachment="file")
    @slash(manage, "library.import", action="library.write", name="import")
    async def take_in(self, interaction: Interaction, attachment: discord.Attachment) -> None:
        """Add what a file holds, all of it or nothing."""
        await self._exchange.take_in(interaction, attachment)

    @app_commands.choices(
        kind=[app_commands.Choice(name=t(f"library.export.kind.{kind}"), value=kind) for kind in ("zip", "json")]
    )
    @app_commands.rename(kind="format")
    @slash(manage, "library.export", action="library.write")
    async def export(self, interaction: Interaction, kind: str = "zip") -> None:
        """Give the group's own readings as a file."""
        await self._exchange.give_out(interaction, kind)
