"""A member's own history: a stretch of days as a picture and a list, all of it as a file, and how long it is kept.

Everything here is asked about the one who asks; nobody else's entries can be reached by any key.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.errors import Refusal
from bot.guilds import RETENTION_MONTHS, Guilds
from bot.members import Consents
from bot.storage import Database, Reader
from cogs.checkins.rules import DayState
from cogs.checkins.rules.days import zone_then
from cogs.checkins.service.picture import PictureData, picture_of
from cogs.checkins.service.rhythm import MemberClock, RhythmService, RhythmView
from cogs.checkins.service.sets import SetService
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.past import PastStore
from cogs.checkins.store.people import PeopleStore
from cogs.checkins.store.schedules import ScheduleStore

SPANS = (7, 30, 90, 365)
"""Days that a picture can span."""
PER_PAGE = 8
LAST_PAGE = -1
MONTHS = (12, 6, 3, 1)
"""For how many months a member can keep their entries; never longer than the group keeps any (product.md, Privacy)."""

_DAY = timedelta(days=1)
_CHUNK = timedelta(days=31)
# A skip, a rest, an outage: what the picture shades. That nobody asked on a day is no rest.
_RESTING = frozenset({DayState.SKIPPED, DayState.RESTED, DayState.BOT_OUT})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody looks: so many days up to `last` (None: up to now), and which page of their list, 0 the newest."""

    days: int = 30
    last: date | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many months entries are kept: the member's own choice, None where it's the group's; `most` is that."""

    own: int | None
    most: int

    @property
    def choices(self) -> tuple[int, ...]:
        """The months that a member can choose: as long as the group, or shorter."""
        return (self.most, *(months for months in MONTHS if months < self.most))

    @property
    def chosen(self) -> int:
        """What holds now."""
        return min(self.own or self.most, self.most)


@dataclass(frozen=True, slots=True)
class History:
    """What somebody sees of their days. `count` is of all their entries; `earlier` and `later` are where to look on."""

    spot: Spot
    first: date
    last: date
    count: int
    pages: int
    entries: tuple[Entry, ...]
    picture: PictureData
    answered: int
    rhythm: RhythmView
    keeping: Keeping
    earlier: Spot | None
    later: Spot | None


@dataclass(frozen=True, slots=True)
class Told:
    """One entry for the file: with the names of its check-in and its questions, empty where those are gone, and when
    it was written by the writer's clock.
    """

    entry: Entry
    name: str
    questions: str
    written_at: datetime


class HistoryService:
    """Reads a member's own entries; the only thing it keeps is for how long they are kept."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        guilds: Guilds,
        consents: Consents,
        entries: EntryStore,
        past: PastStore,
        people: PeopleStore,
        schedules: ScheduleStore,
        sets: SetService,
        rhythm: RhythmService,
    ) -> None:
        self._database = database
        self._clock = clock
        self._guilds = guilds
        self._consents = consents
        self._entries = entries
        self._past = past
        self._people = people
        self._schedules = schedules
        self._sets = sets
        self._rhythm = rhythm

    async def look(self, guild_id: int, user_id: int, spot: Spot) -> History | None:
        """Return what is to be seen at a spot, or at the nearest one there is; None for somebody without an entry."""
        view = await self._rhythm.of(guild_id, user_id)
        keeping = await self.keeping(guild_id, user_id)
        async with self._database.read() as reader:
            extent = await self._past.extent(reader, guild_id, user_id)
            if extent is None:
                return None
            # An entry may stand under tomorrow, where a journey has set the clock back since.
            newest = max(view.today, extent.last)
            last = min(spot.last or newest, newest)
            first = last - (spot.days - 1) * _DAY
            marks = await self._past.marks(reader, guild_id, user_id, first, last)
            pages = max(1, -(-len(marks) // PER_PAGE))
            page = pages - 1 if spot.page == LAST_PAGE else min(spot.page, pages - 1)
            spot = Spot(spot.days, None if last == newest else last, page)
            entries = await self._page(reader, guild_id, user_id, (first, last), page)
            before = await self._past.nearest(reader, guild_id, user_id, before=first)
            after = await self._past.nearest(reader, guild_id, user_id, after=last)
        resting = [day for day, state in view.states if state in _RESTING]
        return History(
            spot, first, last, extent.count, pages, entries, picture_of(first, last, marks, resting),
            answered=len({mark.day for mark in marks}), rhythm=view, keeping=keeping,
            earlier=_earlier(spot, pages, before), later=_later(spot, after, newest),
        )  # fmt: skip

    async def _page(
        self, reader: Reader, guild_id: int, user_id: int, days: tuple[date, date], page: int
    ) -> tuple[Entry, ...]:
        ids = await self._past.page(reader, guild_id, user_id, *days, skip=page * PER_PAGE, limit=PER_PAGE)
        if not ids:
            return ()
        found = await self._entries.between(reader, guild_id, user_id, min(ids.values()), max(ids.values()))
        return tuple(one for one in reversed(found) if one.entry_id in ids)

    async def entry(self, guild_id: int, user_id: int, entry_id: int) -> Entry:
        """Return one of the member's own entries. Raises `Refusal` for any other, and for one that is gone."""
        async with self._database.read() as reader:
            entry = await self._entries.get(reader, guild_id, entry_id)
        if entry is None or entry.user_id != user_id:
            raise Refusal("kit.refused.outdated")
        return entry

    async def keeping(self, guild_id: int, user_id: int) -> Keeping:
        """Return for how long the member's entries are kept."""
        retention = await self._guilds.retention(guild_id)
        async with self._database.read() as reader:
            person = await self._people.get(reader, guild_id, user_id)
        return Keeping(person.months, retention.get("check-ins", RETENTION_MONTHS["check-ins"]))

    async def keep_for(self, guild_id: int, user_id: int, months: int) -> Keeping:
        """Keep for how many months the member keeps entries; as long as the group does means: whatever it chooses.

        Raises `Refusal` for a number that isn't offered, and `ConditionFailed` for somebody who has not agreed.
        """
        keeping = await self.keeping(guild_id, user_id)
        if months not in keeping.choices:
            raise Refusal("kit.refused.outdated")
        own = None if months == keeping.most else months
        async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
            await self._people.set_months(writer, guild_id, user_id, own, self._clock.now())
        return replace(keeping, own=own)

    async def everything(self, guild_id: int, user_id: int) -> AsyncIterator[tuple[Told, ...]]:
        """Give all of the member's entries, the oldest first, a month at a time: each has seals to open."""
        clock = await self._rhythm.clock(guild_id, user_id)
        async with self._database.read() as reader:
            extent = await self._past.extent(reader, guild_id, user_id)
            names = {one.schedule_id: one.name for one in await self._schedules.all_of(reader, guild_id)}
        asked = {one.id: one.name for one in await self._sets.all_of(guild_id)}
        day = extent.first if extent else date.max
        while extent and day <= extent.last:
            async with self._database.read() as reader:
                found = await self._entries.between(reader, guild_id, user_id, day, day + _CHUNK - _DAY)
            yield tuple(
                Told(one, names.get(one.schedule_id, ""), asked.get(one.set_id, ""), _local(one.written_at, clock))
                for one in found
            )
            day += _CHUNK


def _local(moment: datetime, clock: MemberClock) -> datetime:
    return moment.astimezone(zone_then(moment, clock.stays))


def _earlier(spot: Spot, pages: int, before: date | None) -> Spot | None:
    """The next page of these days; behind the last one, the days up to the entry before them."""
    if spot.page < pages - 1:
        return replace(spot, page=spot.page + 1)
    return Spot(spot.days, before) if before else None


def _later(spot: Spot, after: date | None, newest: date) -> Spot | None:
    """The page before; in front of the first one, the days from the entry behind them on, at their last page."""
    if spot.page > 0:
        return replace(spot, page=spot.page - 1)
    if after is None:
        # Days without an entry lie between here and now, or none at all.
        return Spot(spot.days) if spot.last else None
    last = after + (spot.days - 1) * _DAY
    return Spot(spot.days, None if last >= newest else last, LAST_PAGE)
