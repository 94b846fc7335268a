"""`/manage-checkins`: what moderators type. Each command is answered at a desk of its own."""

from discord import app_commands
from discord.ext import commands

from bot.discordkit import Interaction, TextChannelId, root, slash
from bot.policy import Audience
from bot.times import zone_choices
from cogs.checkins.cog.schedules import Given, ScheduleDesk
from cogs.checkins.cog.sets import SetDesk
from cogs.checkins.cog.suggestions import times, weekdays
from cogs.checkins.cog.turns import TurnDesk
from cogs.checkins.cog.weeks import WeekDesk
from cogs.checkins.rules import LONGEST_NAME


class ManageCheckins(commands.Cog):
    """The group's check-ins."""

    manage = root("manage-checkins", audience=Audience.MODERATOR, text="checkins")

    def __init__(self, schedules: ScheduleDesk, sets: SetDesk, turns: TurnDesk, weeks: WeekDesk) -> None:
        self._schedules = schedules
        self._sets = sets
        self._turns = turns
        self._weeks = weeks

    async def names(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the group's check-ins."""
        found = await self._schedules.names_like(interaction, typed)
        return [app_commands.Choice(name=name, value=value) for name, value in found]

    async def zones(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest time zones by city or name."""
        now = interaction.client.rooms.clock.now()
        return [app_commands.Choice(name=choice.name, value=choice.zone) for choice in zone_choices(typed, now=now)]

    async def sets(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest sets of questions."""
        found = await self._sets.names_like(interaction, typed)
        return [app_commands.Choice(name=name, value=value) for name, value in found]

    @app_commands.autocomplete(time=times, timezone=zones, days=weekdays, questions=sets)
    @slash(manage, "checkins.create", action="checkins.manage")
    async def create(
        self,
        interaction: Interaction,
        name: app_commands.Range[str, 1, LONGEST_NAME],
        channel: app_commands.Transform[int, TextChannelId],
        time: str,
        timezone: str | None = None,
        days: str | None = None,
        questions: str | None = None,
        thread: bool | None = None,
    ) -> None:
        """Keep a new check-in."""
        await self._schedules.create(interaction, Given(name, channel, time, timezone, days, questions, thread))

    @slash(manage, "checkins.list", action="checkins.manage")
    async def list(self, interaction: Interaction) -> None:
        """Show the group's check-ins."""
        await self._schedules.show_list(interaction)

    @app_commands.autocomplete(schedule=names, time=times, timezone=zones, days=weekdays, questions=sets)
    @slash(manage, "checkins.edit", action="checkins.manage")
    async def edit(
        self,
        interaction: Interaction,
        schedule: str | None = None,
        name: app_commands.Range[str, 1, LONGEST_NAME] | None = None,
        channel: app_commands.Transform[int, TextChannelId] | None = None,
        time: str | None = None,
        timezone: str | None = None,
        days: str | None = None,
        questions: str | None = None,
        thread: bool | None = None,
        prompts: bool | None = None,
    ) -> None:
        """Change what was given and show the panel."""
        given = Given(name, channel, time, timezone, days, questions, thread, prompts)
        await self._schedules.edit(interaction, schedule, given)

    @app_commands.autocomplete(schedule=names)
    @slash(manage, "checkins.pause", action="checkins.manage")
    async def pause(self, interaction: Interaction, schedule: str | None = None, until: str | None = None) -> None:
        """Let a check-in rest."""
        await self._schedules.pause(interaction, schedule, until)

    @app_commands.autocomplete(schedule=names)
    @slash(manage, "checkins.resume", action="checkins.manage")
    async def resume(self, interaction: Interaction, schedule: str | None = None) -> None:
        """Let a check-in ask again."""
        await self._schedules.resume(interaction, schedule)

    @app_commands.autocomplete(schedule=names)
    @slash(manage, "checkins.remove", action="checkins.manage")
    async def remove(self, interaction: Interaction, schedule: str | None = None) -> None:
        """Ask, then remove a check-in."""
        await self._schedules.remove(interaction, schedule)

    @app_commands.autocomplete(schedule=names)
    @slash(manage, "checkins.preview", action="checkins.manage")
    async def preview(self, interaction: Interaction, schedule: str | None = None) -> None:
        """Show what members will see."""
        await self._turns.preview(interaction, schedule)

    @app_commands.autocomplete(schedule=names)
    @slash(manage, "checkins.post_now", action="checkins.manage", name="post-now")
    async def post_now(self, interaction: Interaction, schedule: str | None = None) -> None:
        """Post a check-in at once."""
        await self._turns.post_now(interaction, schedule)

    @slash(manage, "checkins.summary", action="checkins.manage")
    async def summary(self, interaction: Interaction) -> None:
        """Show last week without names."""
        await self._weeks.show(interaction)
