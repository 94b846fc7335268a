"""The library: short readings with their sources, found, read, kept and shared."""

from bot.client import Evenkeel
from bot.content import dialled_numbers
from bot.contracts import ClockChanged, GuildReset
from cogs.learn.cog.commands import LearnCog
from cogs.learn.cog.daily import DailyDesk
from cogs.learn.cog.exchange import ExchangeDesk
from cogs.learn.cog.managing import ManageLibrary
from cogs.learn.cog.own import OwnDesk
from cogs.learn.cog.quiz import QuizDesk
from cogs.learn.cog.reading import ReadingDesk
from cogs.learn.cog.sharing import SharingDesk
from cogs.learn.cog.visitors import Visitors
from cogs.learn.delivery.daily import DailyDelivery
from cogs.learn.delivery.posting import ReadingPosts
from cogs.learn.service import (
    DailyService,
    DailyTurns,
    DaysReadings,
    ExchangeService,
    GroupLibraries,
    LearnService,
    OwnService,
    QuizService,
    SharingService,
)
from cogs.learn.store import DaysStore, LearnStore, OwnStore, ScheduleStore


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    rooms = bot.rooms
    store = LearnStore()
    rooms.owners.register(store)
    own_store = OwnStore(rooms.vault)
    libraries = GroupLibraries(rooms.database, rooms.content, own_store)
    days = DaysReadings(rooms.database, rooms.clock, rooms.guilds, libraries, DaysStore(), ScheduleStore())
    service = LearnService(
        rooms.database, rooms.clock, rooms.guilds, rooms.members, rooms.content, libraries, store, days
    )
    visitors = Visitors(rooms.front_desk.standings)
    rooms.router.collect(ReadingDesk(service, visitors, rooms.consent))
    shared = SharingService(rooms.database, rooms.clock, rooms.ids, rooms.consents, store.shared)
    posts = ReadingPosts(service, shared, bot.sender, rooms.ids)
    bot.jobs.register(posts.kind())
    sharing = SharingDesk(service, shared, visitors, posts, rooms.consent)
    quiz = QuizDesk(QuizService(service, rooms.guilds, rooms.content), visitors, rooms.ids)
    own_service = OwnService(
        rooms.database, rooms.clock, rooms.ids, rooms.guilds, rooms.content.support_lines, libraries, own_store
    )
    exchanging = ExchangeService(
        rooms.database,
        rooms.clock,
        rooms.ids,
        rooms.content.library,
        own_store,
        dialled_numbers(rooms.content.support_lines),
    )
    own = OwnDesk(own_service, libraries)
    daily, exchange = _daily(bot, libraries, days, service, own_store), ExchangeDesk(exchanging)
    for desk in (sharing, quiz, daily, own, exchange):
        rooms.router.collect(desk)
    await bot.add_cog(LearnCog(service, visitors, quiz, sharing))
    await bot.add_cog(ManageLibrary(daily, own, exchange))


def _daily(
    bot: Evenkeel, libraries: GroupLibraries, readings: DaysReadings, service: LearnService, own: OwnStore
) -> DailyDesk:
    rooms, days, schedules = bot.rooms, DaysStore(), ScheduleStore()
    daily = DailyService(
        rooms.database, rooms.clock, rooms.ids, rooms.guilds, libraries, rooms.calls, days, schedules, own
    )
    turns = DailyTurns(
        rooms.database, rooms.clock, rooms.ids, rooms.guilds, libraries, rooms.calls, readings, days, schedules
    )
    for kind in DailyDelivery(turns, service, bot.sender, bot.notices).kinds():
        bot.jobs.register(kind)
    rooms.events.listen(ClockChanged, daily.replan)
    rooms.events.listen(GuildReset, daily.forget)
    return DailyDesk(daily, readings, service, rooms.content.library, bot.jobs)
