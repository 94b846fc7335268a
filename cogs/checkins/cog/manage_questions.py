"""`/manage-questions`: what moderators type about the questions of a form."""

from discord import app_commands
from discord.ext import commands

from bot.discordkit import Interaction, root, slash
from bot.policy import Audience
from cogs.checkins.cog.sets import SetDesk


class ManageQuestions(commands.Cog):
    """The sets of questions: presets, and the group's own."""

    manage = root("manage-questions", audience=Audience.MODERATOR, text="questions")

    def __init__(self, sets: SetDesk) -> None:
        self._sets = sets

    async def own(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the group's own sets."""
        found = await self._sets.names_like(interaction, typed, own=True)
        return [app_commands.Choice(name=name, value=value) for name, value in found]

    @slash(manage, "questions.list", action="checkins.questions")
    async def list(self, interaction: Interaction) -> None:
        """Show every set."""
        await self._sets.show_list(interaction)

    @slash(manage, "questions.add", action="checkins.questions")
    async def add(self, interaction: Interaction) -> None:
        """Begin a new set."""
        await self._sets.add(interaction)

    @app_commands.autocomplete(which=own)
    @app_commands.rename(which="set")
    @slash(manage, "questions.edit", action="checkins.questions")
    async def edit(self, interaction: Interaction, which: str | None = None) -> None:
        """Change one of the group's own sets; without one, the list."""
        await self._sets.edit(interaction, which)

    @app_commands.autocomplete(which=own)
    @app_commands.rename(which="set")
    @slash(manage, "questions.remove", action="checkins.questions")
    async def remove(self, interaction: Interaction, which: str | None = None) -> None:
        """Ask, then delete one of the group's own sets; without one, the list."""
        await self._sets.remove(interaction, which)
