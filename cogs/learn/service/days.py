"""Which reading is a group's today: chosen once for each of its own dates, by whoever asks first, and then kept.

The daily post and `/learn today` ask here, so that both always show the same one.
"""

from datetime import date
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.guilds import GuildProfile, Guilds
from bot.storage import Database, Writer
from cogs.learn.rules import Reader, Shown, eligible_for_today, next_days_reading
from cogs.learn.service.shelves import GroupLibraries, GroupLibrary
from cogs.learn.store import DaysReading, DaysStore, ScheduleStore

Topics = tuple[str, ...]


class DaysReadings:
    """Chooses and keeps. A chosen reading that has been retired since, or may not be a day's any more, is replaced."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        guilds: Guilds,
        libraries: GroupLibraries,
        days: DaysStore,
        schedules: ScheduleStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._guilds = guilds
        self._libraries = libraries
        self._days = days
        self._schedules = schedules

    async def known(self, group: GuildProfile) -> str | None:
        """Return the id that today's reading had when it was chosen; None while nobody has asked for it."""
        async with self._database.read() as reader:
            chosen = await self._days.get(reader, group.guild_id, self._today(group))
        return chosen.snippet_id if chosen else None

    async def date_of(self, guild_id: int) -> date:
        """Return the date by the group's clock."""
        return self._today(await self._guilds.profile(guild_id))

    async def today(self, guild_id: int) -> str | None:
        """Return the id of the group's reading of its own date; None for a library without a calm one."""
        group, library = await self._guilds.profile(guild_id), await self._libraries.of(guild_id)
        day = self._today(group)
        async with self._database.read() as reader:
            chosen = await self._days.get(reader, guild_id, day)
            schedule = await self._schedules.get(reader, guild_id)
        topics = schedule.topics if schedule else ()
        if chosen is not None and (standing := _standing(library, group, topics, chosen)):
            return standing
        async with self._database.write() as writer:
            return await self.choose(writer, library, group, day, topics)

    async def choose(
        self, writer: Writer, library: GroupLibrary, group: GuildProfile, day: date, topics: Topics
    ) -> str | None:
        """Return the id of the reading of `day`, chosen now where it was not yet, in the caller's transaction."""
        old = await self._days.get(writer, group.guild_id, day)
        if old is not None and (standing := _standing(library, group, topics, old)):
            return standing
        before = [
            Shown(_present_id(library, one), one.round) for one in await self._days.others(writer, group.guild_id, day)
        ]
        chosen = next_days_reading(eligible(library, group, topics), before, group.guild_id)
        if chosen is None:
            return None
        if old is not None:
            await self._days.change(writer, group.guild_id, old, chosen.snippet_id, chosen.round)
        kept = await self._days.add(writer, group.guild_id, day, chosen.snippet_id, chosen.round, self._clock.now())
        await self._days.prune(writer, group.guild_id, day, kept.round)
        return kept.snippet_id

    def _today(self, group: GuildProfile) -> date:
        return self._clock.now().astimezone(zone_of(group)).date()


def eligible(library: GroupLibrary, group: GuildProfile, topics: Topics) -> Topics:
    """Return the ids that may be a day's reading: of the topics, or of all where these hold none (any more)."""
    reader = group_reader(group.kind)
    return eligible_for_today(library.library, topics=topics, reader=reader) or eligible_for_today(
        library.library, reader=reader
    )


def group_reader(kind: str | None) -> Reader | None:
    """Whom a group's reading of the day is for; a mixed group, or one that hasn't said, gets both kinds."""
    if kind is None or kind == "mixed":
        return None
    return "family" if kind == "family" else "peers"


def zone_of(group: GuildProfile) -> ZoneInfo:
    """Return the group's zone, UTC for one that hasn't said."""
    return ZoneInfo(group.timezone or "UTC")


def _standing(library: GroupLibrary, group: GuildProfile, topics: Topics, chosen: DaysReading) -> str | None:
    """Return the present id of a chosen reading where it still stands: what was posted needs only to be there."""
    snippet = library.library.get(chosen.snippet_id)
    if snippet is None:
        return None
    return snippet.id if chosen.message_id is not None or snippet.id in eligible(library, group, topics) else None


def _present_id(library: GroupLibrary, shown: DaysReading) -> str:
    snippet = library.library.get(shown.snippet_id)
    return snippet.id if snippet else shown.snippet_id
