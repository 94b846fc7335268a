"""Help on a bad night: who to call, a calming exercise, somebody from the team."""

from bot.client import Evenkeel
from cogs.care.cog import CareCog
from cogs.care.delivery import CareDelivery
from cogs.care.screening import DangerScreen
from cogs.care.service import CareService
from cogs.care.store import CareStore


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    rooms = bot.rooms
    store = CareStore()
    lines = rooms.content.support_lines
    service = CareService(
        rooms.database, rooms.clock, rooms.ids, rooms.guilds, rooms.members, lines, store, rooms.errors.record
    )
    rooms.owners.register(store)
    rooms.calls.register(service.holds_back)
    for kind in CareDelivery(rooms.database, rooms.guilds, bot.sender, store, service).kinds():
        bot.jobs.register(kind)
    cog = CareCog(bot, service, lines, DangerScreen(rooms.content.screening))
    rooms.screening.register(cog.hold)
    await bot.add_cog(cog)
