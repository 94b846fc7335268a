"""Somebody's days on a real database: what they write, skip and rest, and what their group asks."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.clock import from_ms
from bot.guilds import Guilds
from bot.ids import Ids
from bot.members import Consents, Members
from bot.outages import Outages
from bot.storage import Database, Vault
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.keeping import KeepingService
from cogs.checkins.service.keeping import Shelves as KeepingShelves
from cogs.checkins.service.reminders import ReminderService
from cogs.checkins.service.reminders import Shelves as ReminderShelves
from cogs.checkins.service.rests import RestService
from cogs.checkins.service.rhythm import DayReader, RhythmService, Shelves
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.keeping import KeepingStore
from cogs.checkins.store.people import PeopleStore
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from cogs.checkins.store.weeks import WeekStore
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN = 11 << 22, 12 << 22
KEY = "A" * 43 + "="
MORNING, EVENING = 7, 8
"""Two check-ins of the group: asked at 09:00 and at 20:00."""
DAY = timedelta(days=1)


@dataclass
class Life:
    """All of part F's services over one database. It begins on Thursday 15 January 2026, at noon UTC."""

    database: Database
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.vault = vault = Vault.from_keys([KEY])
        self.ids = Ids(self.clock, random.Random(1))
        self.guilds = Guilds(self.database, self.clock)
        self.members = Members(self.database, vault, self.clock)
        self.consents = Consents(self.database, self.clock)
        self.faults: list[str] = []
        self.outages = Outages(self.database, self.clock, lambda: ((0,), 1), self._record)
        self.people, self.entries, self.posts = PeopleStore(), EntryStore(vault), PostStore()
        self.schedules, self.keeping_store, self.weeks = ScheduleStore(vault), KeepingStore(), WeekStore()
        self.days = DayReader(
            self.members, self.guilds, self.outages, Shelves(self.people, self.entries, self.posts, self.schedules)
        )
        self.rhythm = RhythmService(
            self.database, self.clock, self.guilds, self.consents, self.people, self.days
        )  # fmt: skip
        self.rests = RestService(self.database, self.clock, self.members, self.consents, self.rhythm)
        self.reminders = ReminderService(
            self.database, self.clock, self.ids, self.guilds, self.members, self.consents,
            ReminderShelves(self.people, self.posts, self.schedules), self.rhythm,
        )  # fmt: skip
        self.keeping = KeepingService(
            self.database, self.clock, self.ids, self.guilds,
            KeepingShelves(self.keeping_store, self.people, self.weeks), self.days,
        )  # fmt: skip

    def _record(self, error: BaseException, where: str) -> str:
        self.faults.append(type(error).__name__)
        return "AAAA-BBBB"

    async def agree(self, *people: int, guild_id: int = HERE) -> None:
        """Let people agree to the policy."""
        async with self.database.write() as writer:
            for user_id in people:
                await self.consents.agree(writer, guild_id, user_id)

    async def group(self, timezone: str = "Europe/London", guild_id: int = HERE) -> None:
        """Set the group up."""
        async with self.database.write() as writer:
            await self.guilds.set_profile(writer, guild_id, timezone=timezone)

    async def lives_in(self, timezone: str | None, user_id: int = ROBIN) -> None:
        """Let somebody choose a zone now."""
        async with self.database.write() as writer:
            await self.members.set(writer, HERE, user_id, timezone=timezone)

    async def schedule(self, schedule_id: int = EVENING, *, minute: int = 20 * 60, paused: bool = False) -> None:
        """Keep a check-in that asks daily."""
        kept = CheckinSchedule(
            schedule_id, HERE, "Evening", 5, minute, None, frozenset(range(7)), "how-am-i-today", thread=False,
            prompts=True, edition=1, settled_day=date(2026, 1, 1), paused=paused,
        )  # fmt: skip
        async with self.database.write() as writer:
            await self.schedules.put(writer, kept, self.clock.now())

    async def asked(
        self, *days: date, schedule_id: int = EVENING, hour: int = 20, zone: tzinfo = UTC, message_id: int = 0
    ) -> None:
        """Let posts of a check-in stand."""
        async with self.database.write() as writer:
            for day in days:
                at = datetime.combine(day, time(hour), zone)
                message = message_id or day.toordinal()
                await self.posts.posted(writer, DayPost(schedule_id, HERE, day, 5, message, None, None, at))

    async def wrote(self, *days: date, user_id: int = ROBIN, schedule_id: int = EVENING, **parts: object) -> None:
        """Let somebody have checked in under these days."""
        async with self.database.write() as writer:
            for day in days:
                await self.entries.put(writer, replace(entry(day, user_id, schedule_id, self.ids.new()), **parts))  # type: ignore[arg-type]

    async def down(self, since: datetime, until: datetime) -> None:
        """Let the bot have been out."""
        async with self.database.write() as writer:
            await writer.execute(
                "INSERT INTO outages (since, until) VALUES ($1, $2)",
                int(since.timestamp() * 1000), int(until.timestamp() * 1000),
            )  # fmt: skip

    async def count(self, table: str, guild_id: int = HERE) -> int:
        """How many rows of this group a table has."""
        async with self.database.read() as reader:
            return int(await reader.fetch_value(f"SELECT COUNT(*) FROM {table} WHERE guild_id = $1", guild_id))

    async def jobs(self, kind: str) -> list[datetime]:
        """When the jobs of a kind that wait are due."""
        async with self.database.read() as reader:
            rows = await reader.fetch_all(
                "SELECT due_at FROM jobs WHERE kind = $1 AND done_at IS NULL AND failed_at IS NULL ORDER BY due_at",
                kind,
            )
        return [from_ms(row["due_at"]) for row in rows]


def entry(day: date, user_id: int, schedule_id: int, entry_id: int) -> Entry:
    """A check-in kept for its writer alone."""
    at = datetime.combine(day, time(20), UTC)
    return Entry(
        entry_id, HERE, user_id, schedule_id, "how-am-i-today", day, day, Choice.ME, None, None, None, (), (),
        numbers_shown=False, held=None, edition=1, place=Place.NOWHERE, channel_id=None, message_id=None, room_id=None,
        asked_at=None, answered_at=None, told_early=False, told=False, written_at=at, updated_at=at,
    )  # fmt: skip


def days(first: date, number: int) -> list[date]:
    """So many days from one on."""
    return [first + step * DAY for step in range(number)]
