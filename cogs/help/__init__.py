"""`/help`: what you can do here, by who you are."""

from bot.client import Evenkeel
from cogs.help.cog import HelpCog


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    await bot.add_cog(HelpCog(bot.rooms.front_desk.standings))
