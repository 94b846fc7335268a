"""The library: short readings with their sources, found, read, kept and shared."""

from bot.client import Evenkeel
from cogs.learn.cog import LearnCog
from cogs.learn.delivery import ReadingPosts
from cogs.learn.service import LearnService
from cogs.learn.store import LearnStore


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    rooms = bot.rooms
    store = LearnStore()
    service = LearnService(rooms.database, rooms.clock, rooms.guilds, rooms.members, rooms.content, store)
    rooms.owners.register(store)
    posts = ReadingPosts(service, bot.sender, rooms.ids)
    await bot.add_cog(LearnCog(service, posts, rooms.consent, rooms.front_desk.standings))
