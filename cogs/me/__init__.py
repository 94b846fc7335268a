"""`/me`: what a person decides for themselves in one group."""

from bot.client import Evenkeel
from cogs.me.cog import Me
from cogs.me.service import MeService


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    rooms = bot.rooms
    service = MeService(rooms.database, rooms.members, rooms.consents, rooms.guilds, rooms.clock)
    await bot.add_cog(Me(service, rooms.consent, rooms.front_desk.standings, rooms.clock))
