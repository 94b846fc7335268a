"""Daily check-ins that never leave anybody unanswered."""

from bot.client import Evenkeel
from bot.content import dialled_numbers
from bot.contracts import ClockChanged, GuildReset
from bot.discordkit import Membership
from cogs.checkins.cog.commands import CheckinCog
from cogs.checkins.cog.form import FormDesk
from cogs.checkins.cog.history import HistoryDesk
from cogs.checkins.cog.listener import ReplyListener
from cogs.checkins.cog.manage_questions import ManageQuestions
from cogs.checkins.cog.managing import ManageCheckins
from cogs.checkins.cog.reminders import ReminderDesk
from cogs.checkins.cog.replies import ReplyDesk
from cogs.checkins.cog.rests import RestDesk
from cogs.checkins.cog.schedule_list import ScheduleListDesk
from cogs.checkins.cog.schedule_panel import SchedulePanelDesk
from cogs.checkins.cog.schedule_room import ScheduleRoom
from cogs.checkins.cog.schedules import ScheduleDesk
from cogs.checkins.cog.sets import SetDesk
from cogs.checkins.cog.sheets import Sheets
from cogs.checkins.cog.today import TodayDesk
from cogs.checkins.cog.turns import TurnDesk
from cogs.checkins.cog.weeks import WeekDesk
from cogs.checkins.delivery.entries import EntryDelivery, PostedWords
from cogs.checkins.delivery.keeping import KeepingDelivery
from cogs.checkins.delivery.looks import LookDelivery
from cogs.checkins.delivery.reminders import ReminderDelivery
from cogs.checkins.delivery.replies import ReplyDelivery
from cogs.checkins.delivery.turns import TurnDelivery
from cogs.checkins.delivery.weeks import WeekDelivery
from cogs.checkins.service.asking_now import AskingNow
from cogs.checkins.service.changes import ChangeService
from cogs.checkins.service.companions import Companions
from cogs.checkins.service.counts import CheckinCounts
from cogs.checkins.service.day_posts import Wording
from cogs.checkins.service.entries import EntryService
from cogs.checkins.service.groups import GroupService
from cogs.checkins.service.hearing import Hearing
from cogs.checkins.service.history import HistoryService
from cogs.checkins.service.keeping import KeepingService
from cogs.checkins.service.keeping import Shelves as KeepingShelves
from cogs.checkins.service.looks import LookService
from cogs.checkins.service.openings import OpeningService
from cogs.checkins.service.posting import EntryPosts
from cogs.checkins.service.reminders import ReminderService
from cogs.checkins.service.reminders import Shelves as ReminderShelves
from cogs.checkins.service.replies import ReplyService
from cogs.checkins.service.rests import RestService
from cogs.checkins.service.rhythm import DayReader, RhythmService
from cogs.checkins.service.rhythm import Shelves as RhythmShelves
from cogs.checkins.service.schedules import ScheduleService, Shelves
from cogs.checkins.service.sets import SetService
from cogs.checkins.service.settling import Settling
from cogs.checkins.service.skipping import Skipping
from cogs.checkins.service.team import TeamWords
from cogs.checkins.service.turns import CheckinTurns
from cogs.checkins.service.weeks import WeekService, plan_week
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.keeping import KeepingStore
from cogs.checkins.store.owner import CheckinData
from cogs.checkins.store.past import PastStore
from cogs.checkins.store.people import PeopleStore
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.replies import ReplyStore
from cogs.checkins.store.requests import RequestStore
from cogs.checkins.store.schedules import ScheduleStore
from cogs.checkins.store.sets import SetStore
from cogs.checkins.store.weeks import WeekStore
from cogs.checkins.ui.chart import Easel


async def setup(bot: Evenkeel) -> None:
    """Wire the feature."""
    bot.rooms.owners.register(CheckinData(bot.rooms.vault))
    schedule_service, set_service = _schedule_service(bot), _set_service(bot)
    schedules, sets, turns, weeks = (
        _schedules(bot, schedule_service, set_service),
        SetDesk(set_service),
        _turns(bot, schedule_service, set_service, _rhythm_service(bot)),
        _weeks(bot),
    )
    form, today = _entries(bot, schedule_service, set_service)
    history = _history(bot, set_service)
    reminders, rests, replies = _reminders(bot), _rests(bot), await _replies(bot)
    for desk in (schedules, sets, turns, weeks, form, today, history, reminders, rests, replies):
        bot.rooms.router.collect(desk)
    await bot.add_cog(CheckinCog(schedules, form, today, history, reminders, rests, replies))
    await bot.add_cog(ManageCheckins(schedules, sets, turns, weeks))
    await bot.add_cog(ManageQuestions(sets))
    await _keeping(bot).plan()


def _set_service(bot: Evenkeel) -> SetService:
    rooms = bot.rooms
    return SetService(
        rooms.database,
        rooms.clock,
        rooms.content.question_sets,
        dialled_numbers(rooms.content.support_lines),
        SetStore(rooms.vault),
        ScheduleStore(rooms.vault),
    )


def _schedule_service(bot: Evenkeel) -> ScheduleService:
    rooms = bot.rooms
    shelves = Shelves(ScheduleStore(rooms.vault), GroupStore(), PostStore(), SetStore(rooms.vault))
    dialled = dialled_numbers(rooms.content.support_lines)
    service = ScheduleService(rooms.database, rooms.clock, rooms.ids, rooms.guilds, shelves, dialled)
    rooms.events.listen(ClockChanged, service.replan)
    rooms.events.listen(GuildReset, service.forget)
    return service


def _schedules(bot: Evenkeel, service: ScheduleService, sets: SetService) -> ScheduleDesk:
    rooms = bot.rooms
    groups = GroupService(rooms.database, rooms.clock, rooms.ids, GroupStore(), ScheduleStore(rooms.vault), plan_week)
    room = ScheduleRoom(service, groups, sets, rooms.guilds, rooms.clock, bot.jobs)
    rooms.router.collect(SchedulePanelDesk(room))
    rooms.router.collect(ScheduleListDesk(room))
    return ScheduleDesk(room)


def _day_reader(bot: Evenkeel) -> DayReader:
    rooms = bot.rooms
    shelves = RhythmShelves(PeopleStore(), EntryStore(rooms.vault), PostStore(), ScheduleStore(rooms.vault))
    return DayReader(rooms.members, rooms.guilds, bot.outages, shelves)


def _rhythm_service(bot: Evenkeel) -> RhythmService:
    rooms = bot.rooms
    return RhythmService(rooms.database, rooms.clock, rooms.guilds, rooms.consents, PeopleStore(), _day_reader(bot))


def _keeping(bot: Evenkeel) -> KeepingService:
    rooms = bot.rooms
    shelves = KeepingShelves(KeepingStore(), PeopleStore(), WeekStore())
    service = KeepingService(rooms.database, rooms.clock, rooms.ids, rooms.guilds, shelves, _day_reader(bot))
    for kind in KeepingDelivery(service, bot.sender, bot.notices).kinds():
        bot.jobs.register(kind)
    return service


def _reminders(bot: Evenkeel) -> ReminderDesk:
    rooms, rhythm = bot.rooms, _rhythm_service(bot)
    shelves = ReminderShelves(PeopleStore(), PostStore(), ScheduleStore(rooms.vault))
    service = ReminderService(
        rooms.database, rooms.clock, rooms.ids, rooms.guilds, rooms.members, rooms.consents, shelves, rhythm
    )

    def name_of(guild_id: int) -> str | None:
        guild = bot.get_guild(guild_id)
        return guild.name if guild else None

    for kind in ReminderDelivery(service, bot.sender, name_of).kinds():
        bot.jobs.register(kind)
    return ReminderDesk(service, rhythm, rooms.consent, bot.jobs)


def _rests(bot: Evenkeel) -> RestDesk:
    rooms = bot.rooms
    service = RestService(rooms.database, rooms.clock, rooms.members, rooms.consents, _rhythm_service(bot))
    return RestDesk(service, rooms.consent)


def _turns(bot: Evenkeel, schedules: ScheduleService, sets: SetService, rhythm: RhythmService) -> TurnDesk:
    rooms, posts, entries = bot.rooms, PostStore(), EntryStore(bot.rooms.vault)
    kept = ScheduleStore(rooms.vault)
    wording = Wording(rooms.clock, rooms.content.prompts, posts)
    turns = CheckinTurns(rooms.database, rooms.clock, rooms.ids, rooms.guilds, wording, kept, posts, entries)
    asking = AskingNow(rooms.database, rooms.clock, rooms.ids, rooms.guilds, wording, kept, posts)
    counts = CheckinCounts(rooms.database, rooms.clock, wording, kept, posts, entries)
    delivery = TurnDelivery(turns, asking, counts, bot.sender, bot.notices)
    for kind in delivery.kinds():
        bot.jobs.register(kind)
    skipping = Skipping(rooms.database, rhythm, posts, entries)
    return TurnDesk(schedules, sets, asking, skipping, delivery, rooms.consent)


def _history(bot: Evenkeel, sets: SetService) -> HistoryDesk:
    rooms, rhythm = bot.rooms, _rhythm_service(bot)
    service = HistoryService(
        rooms.database,
        rooms.clock,
        rooms.guilds,
        rooms.consents,
        EntryStore(rooms.vault),
        PastStore(),
        PeopleStore(),
        ScheduleStore(rooms.vault),
        sets,
        rhythm,
    )
    return HistoryDesk(service, rhythm, Easel(rooms.settings.var_dir / "matplotlib"), rooms.consent)


def _weeks(bot: Evenkeel) -> WeekDesk:
    rooms = bot.rooms
    service = WeekService(rooms.database, rooms.clock, rooms.ids, rooms.guilds, GroupStore(), WeekStore())
    rooms.events.listen(GuildReset, service.forget)
    for kind in WeekDelivery(service, bot.sender, bot.notices).kinds():
        bot.jobs.register(kind)
    return WeekDesk(service, rooms.ids, bot.jobs)


async def _replies(bot: Evenkeel) -> ReplyDesk:
    rooms, kick = bot.rooms, bot.jobs.kick
    kept = (rooms.database, rooms.clock, rooms.ids)
    entries, replies, requests = EntryStore(rooms.vault), ReplyStore(rooms.vault), RequestStore()
    hearing = Hearing(*kept, rooms.members, entries, replies)
    companions = Companions(rooms.members, requests)
    looks = LookService(*kept, rooms.guilds, companions, entries, requests, GroupStore())
    team = TeamWords(*kept, entries, replies)
    service = ReplyService(*kept, rooms.guilds, rooms.members, rooms.consents, entries, replies)
    membership = Membership(bot, bot.sender.bucket)

    def server_name(guild_id: int) -> str | None:
        guild = bot.get_guild(guild_id)
        return guild.name if guild else None

    looking = LookDelivery(
        looks, team, hearing, rooms.guilds, bot.sender, membership, kick=kick, server_name=server_name
    )
    for kind in (*looking.kinds(), *ReplyDelivery(service, hearing, rooms.guilds, bot.sender).kinds()):
        bot.jobs.register(kind)
    await team.plan()
    await bot.add_cog(ReplyListener(hearing, kick=kick))
    return ReplyDesk(service, looks, rooms.front_desk.standings, rooms.consent, rooms.screening, kick=kick)


def _entries(bot: Evenkeel, schedules: ScheduleService, sets: SetService) -> tuple[FormDesk, TodayDesk]:
    rooms, store, posts, kept = bot.rooms, EntryStore(bot.rooms.vault), PostStore(), ScheduleStore(bot.rooms.vault)
    settling = Settling(rooms.clock, rooms.ids, store, posts, GroupStore())
    entries = EntryService(
        rooms.database, rooms.clock, rooms.ids, rooms.consents, store, posts, kept, settling
    )  # fmt: skip
    standing = EntryPosts(rooms.database, rooms.clock, rooms.ids, rooms.guilds, store, posts, kept, settling)
    words, rhythm = PostedWords(bot.sender), _rhythm_service(bot)
    for kind in EntryDelivery(standing, bot.sender, words).kinds():
        bot.jobs.register(kind)
    openings = OpeningService(rooms.database, rooms.members, schedules, sets, rhythm, posts, store)
    sheets = Sheets(entries, openings, schedules, rhythm, words)
    changes = ChangeService(rooms.database, rooms.consents, store, settling)
    form = FormDesk(entries, openings, rhythm, sheets, rooms.screening, rooms.consent, bot.jobs)
    return form, TodayDesk(sheets, changes, rooms.screening, rooms.consent, bot.jobs)
