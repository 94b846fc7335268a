"""`/checkin`: what members, companions and facilitators type. Each command is answered at a desk of its own."""

from discord import app_commands
from discord.ext import commands

from bot.discordkit import Interaction, root, slash
from bot.text import t
from cogs.checkins.cog.form import FormDesk
from cogs.checkins.cog.history import HistoryDesk
from cogs.checkins.cog.reminders import ReminderDesk
from cogs.checkins.cog.replies import ReplyDesk
from cogs.checkins.cog.rests import RestDesk
from cogs.checkins.cog.schedules import ScheduleDesk
from cogs.checkins.cog.suggestions import times, weekdays
from cogs.checkins.cog.today import TodayDesk

_SPANS = (7, 30, 90, 365)


class CheckinCog(commands.Cog):
    """Writing, looking back, resting, being reminded, and whom nobody has answered yet."""

    checkin = root("checkin")

    def __init__(
        self,
        schedules: ScheduleDesk,
        form: FormDesk,
        today: TodayDesk,
        history: HistoryDesk,
        reminders: ReminderDesk,
        rests: RestDesk,
        replies: ReplyDesk,
    ) -> None:
        self._schedules = schedules
        self._form = form
        self._today = today
        self._history = history
        self._reminders = reminders
        self._rests = rests
        self._replies = replies

    async def names(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the group's check-ins."""
        found = await self._schedules.names_like(interaction, typed)
        return [app_commands.Choice(name=name, value=value) for name, value in found]

    @app_commands.autocomplete(schedule=names)
    @slash(checkin, "checkin.now", action="checkins.write")
    async def now(self, interaction: Interaction, schedule: str | None = None) -> None:
        """Open the form."""
        await self._form.open_now(interaction, schedule)

    @slash(checkin, "checkin.today", action="checkins.write")
    async def today(self, interaction: Interaction) -> None:
        """Show today's entries."""
        await self._today.show(interaction)

    @app_commands.choices(
        days=[app_commands.Choice(name=t(f"checkin.history.days.choice.{span}"), value=span) for span in _SPANS]
    )
    @slash(checkin, "checkin.history", action="checkins.history")
    async def history(self, interaction: Interaction, days: int = 30) -> None:
        """Show the picture and the list."""
        await self._history.show(interaction, days)

    @slash(checkin, "checkin.export", action="checkins.history")
    async def export(self, interaction: Interaction) -> None:
        """Give the person's own entries as a file."""
        await self._history.export(interaction)

    @app_commands.autocomplete(at=times, days=weekdays)
    @slash(checkin, "checkin.remind", action="checkins.remind")
    async def remind(self, interaction: Interaction, at: str | None = None, days: str | None = None) -> None:
        """Keep when to remind; show how it stands either way."""
        await self._reminders.keep(interaction, at, days)

    @slash(checkin, "checkin.remind_off", action="checkins.remind", name="remind-off")
    async def remind_off(self, interaction: Interaction) -> None:
        """Remind no more."""
        await self._reminders.turn_off(interaction)

    @slash(checkin, "checkin.pause", action="checkins.rest")
    async def pause(self, interaction: Interaction, until: str | None = None) -> None:
        """Rest from check-ins."""
        await self._rests.pause(interaction, until)

    @slash(checkin, "checkin.resume", action="checkins.rest")
    async def resume(self, interaction: Interaction) -> None:
        """End the rest."""
        await self._rests.resume(interaction)

    @slash(checkin, "checkin.waiting", action="checkins.waiting")
    async def waiting(self, interaction: Interaction) -> None:
        """Show which entries wait for a reply."""
        await self._replies.waiting(interaction)
