"""What Discord suggests while somebody types into an option: times of day and days of the week."""

from discord import app_commands

from bot.discordkit import Interaction
from bot.times import clock_choices, weekday_choices

# The hour at which the suggested times begin.
_EVENING = 18 * 60


async def times(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest times of day."""
    return [app_commands.Choice(name=one.name, value=one.value) for one in clock_choices(typed, first=_EVENING)]


async def weekdays(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest days of the week."""
    return [app_commands.Choice(name=one.name, value=one.value) for one in weekday_choices(typed)]
