"""`/privacy`: what is kept, a copy of it, and its erasure; and what follows when somebody has left."""

from bot.client import Evenkeel
from bot.discordkit import Membership
from cogs.privacy.cog import Privacy
from cogs.privacy.service import Copies, Departures, Erasure
from cogs.privacy.ui import PolicyFacts


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    rooms = bot.rooms
    erasure = Erasure(rooms.database, rooms.owners, rooms.events, rooms.clock, rooms.ids, bot.sender)
    erasure.serve(bot.jobs)
    departures = Departures(
        rooms.database, rooms.owners, rooms.clock, rooms.ids, erasure, Membership(bot, bot.sender.bucket)
    )
    departures.serve(bot.jobs)
    copies = Copies(rooms.database, rooms.owners, rooms.clock)
    policy = PolicyFacts(rooms.consents.version, rooms.database.dialect, rooms.owners)
    await bot.add_cog(Privacy(policy, copies, erasure, departures))
