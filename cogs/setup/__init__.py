"""`/setup`: what a group is, its channels and roles, what I may do there, how long things are kept, when I rest."""

from bot.client import Evenkeel
from cogs.setup.cog.commands import SetupCommands
from cogs.setup.cog.drawing import Drawing
from cogs.setup.cog.guide import SetupGuide
from cogs.setup.cog.listeners import SetupListeners
from cogs.setup.delivery import SetupDelivery
from cogs.setup.service.group import GroupService
from cogs.setup.service.losses import Losses
from cogs.setup.service.making import Workshop
from cogs.setup.service.parts import PartsService
from cogs.setup.store import Guides


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    rooms = bot.rooms
    guides = Guides(rooms.database, rooms.clock)
    group = GroupService(rooms.database, rooms.guilds, guides, rooms.events, rooms.clock)
    parts = PartsService(rooms.database, rooms.guilds)
    workshop = Workshop(rooms.database, rooms.guilds, guides)
    drawing = Drawing(group, parts, rooms.content.support_lines)
    for kind in SetupDelivery(rooms.guilds, bot.sender).kinds():
        bot.jobs.register(kind)
    await bot.add_cog(SetupCommands(group, parts, drawing, rooms.guilds, rooms.clock))
    await bot.add_cog(SetupGuide(group, parts, workshop, drawing, rooms.clock))
    await bot.add_cog(SetupListeners(group, Losses(rooms.database, rooms.guilds, rooms.clock, rooms.ids), bot.jobs))
