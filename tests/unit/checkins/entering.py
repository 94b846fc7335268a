"""What the tests of entries stand on: the services around one database, and a Discord on paper."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import from_ms
from bot.discordkit import Button, Panel, Row, Sender, Text
from bot.errors import RefusedForGood, TryAgain
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import Job, TokenBucket
from bot.jobs import store as jobs_store
from bot.members import Consents
from bot.storage import Database, Vault
from cogs.checkins.delivery.entries import EntryDelivery, PostedWords
from cogs.checkins.rules import Choice, Place, Stay, day_then, yesterday
from cogs.checkins.service.answers import Given
from cogs.checkins.service.changes import ChangeService
from cogs.checkins.service.entries import EntryService, Filled, Written
from cogs.checkins.service.posting import EntryPosts
from cogs.checkins.service.rhythm import MemberClock
from cogs.checkins.service.settling import Settling
from cogs.checkins.service.slots import Slot, set_mark
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN = 11 << 22, 12 << 22
KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
SCHEDULE, CHANNEL, CARE, CHECKINS, THREAD = 501, 77, 78, 79, 80
SET = "how-am-i-today"
CANARY = "a canary sang at the harbour"
LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 23)
EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def said(words: str, question: str = "line", *, label: str = "Anything you'd like to say") -> Given:
    """An answer in words."""
    return Given(question, "long", "", label, shown=words)


def mood(number: int) -> Given:
    """An answer on the scale of the mood."""
    return Given("mood", "scale", "mood", "How are you today?", number, f"{number} · So-so")


def made_entry(**parts: Any) -> Entry:
    """An entry as a row would give it."""
    whole: dict[str, Any] = {
        "entry_id": 9, "guild_id": HERE, "user_id": ROBIN, "schedule_id": SCHEDULE, "set_id": SET, "day": MONDAY,
        "post_day": MONDAY, "choice": Choice.GROUP, "mood": 3, "sleep": None, "urge": None, "marks": (mood(3),),
        "words": (said(CANARY),), "numbers_shown": False, "held": None, "edition": 1, "place": Place.GROUP,
        "channel_id": None, "message_id": None, "room_id": None, "asked_at": None, "answered_at": None,
        "told_early": False, "told": False, "written_at": EVENING, "updated_at": EVENING,
    }  # fmt: skip
    return Entry(**(whole | parts))


@dataclass
class Paper:
    """One message."""

    message_id: int
    channel_id: int
    nonce: str
    panel: Panel

    @property
    def ids(self) -> list[str]:
        rows = [block for block in self.panel.blocks if isinstance(block, Row)]
        return [item.custom_id for row in rows for item in row.items if isinstance(item, Button)]

    @property
    def words(self) -> str:
        return "\n".join(block.words for block in self.panel.blocks if isinstance(block, Text))


class PaperSender(Sender):
    """A Discord that can refuse a channel, lose its answer after it posted, or be down."""

    def __init__(self, clock: FakeClock) -> None:
        self.bucket = TokenBucket(45, 5, clock)
        self.papers: list[Paper] = []
        self.refused: dict[int, str] = {}
        self.refuse_edit = self.refuse_delete = ""
        self.lose = 0
        self.down = False
        self.posting: list[Any] = []

    def in_channel(self, channel_id: int) -> list[Paper]:
        """What stands in a channel."""
        return [paper for paper in self.papers if paper.channel_id == channel_id]

    def _up(self, channel_id: int = 0) -> None:
        if self.down:
            raise TryAgain
        if channel_id in self.refused:
            raise RefusedForGood(self.refused[channel_id])

    def _paper(self, message_id: int) -> Paper | None:
        return next((paper for paper in self.papers if paper.message_id == message_id), None)

    async def post(self, guild_id: int, channel_id: int, panel: Panel, **options: Any) -> int:
        self._up(channel_id)
        paper = Paper(1000 + len(self.papers) + random.randrange(10**6) * 1000, channel_id, options["nonce"], panel)
        self.papers.append(paper)
        for act in self.posting:
            await act()
        if self.lose:
            self.lose -= 1
            raise TryAgain
        return paper.message_id

    async def find(self, guild_id: int, channel_id: int, marker: str, since: datetime | None = None) -> int | None:
        self._up(channel_id)
        found = [paper for paper in self.in_channel(channel_id) if any(one.endswith(marker) for one in paper.ids)]
        return found[-1].message_id if found else None

    async def words(self, guild_id: int, channel_id: int, message_id: int) -> dict[int, str] | None:
        self._up(channel_id)
        paper = self._paper(message_id)
        if paper is None:
            return None
        return {one.mark: one.words for one in paper.panel.blocks if isinstance(one, Text) and one.mark is not None}

    async def redraw(self, channel_id: int, message_id: int, panel: Panel) -> None:
        self._up(channel_id)
        paper = self._paper(message_id)
        if self.refuse_edit or paper is None:
            raise RefusedForGood(self.refuse_edit or "unknown_message")
        paper.panel = panel

    async def delete(self, guild_id: int | None, channel_id: int, message_id: int) -> None:
        self._up()
        if self.refuse_delete:
            raise RefusedForGood(self.refuse_delete)
        self.papers = [paper for paper in self.papers if paper.message_id != message_id]


@dataclass
class Office:
    """The use cases of entries, and their deliveries run by hand."""

    database: Database
    clock: FakeClock = field(default_factory=lambda: FakeClock(EVENING))

    def __post_init__(self) -> None:
        vault, ids = Vault.from_keys([KEY]), Ids(self.clock, random.Random(3))
        self.guilds, self.consents = Guilds(self.database, self.clock), Consents(self.database, self.clock)
        self.store, self.posts, self.schedules = EntryStore(vault), PostStore(), ScheduleStore(vault)
        settling = Settling(self.clock, ids, self.store, self.posts, GroupStore())
        self.entries = EntryService(
            self.database, self.clock, ids, self.consents, self.store, self.posts, self.schedules, settling
        )
        self.changes = ChangeService(self.database, self.consents, self.store, settling)
        self.standing = EntryPosts(
            self.database, self.clock, ids, self.guilds, self.store, self.posts, self.schedules, settling
        )
        self.sender = PaperSender(self.clock)
        self.words = PostedWords(self.sender)
        self.delivery = EntryDelivery(self.standing, self.sender, self.words)
        self.gave_up: list[str] = []

    async def open(self, *people: int) -> "Office":
        """Set the group up, with one check-in that asked on Monday."""
        async with self.database.write() as writer:
            await self.guilds.set_profile(writer, HERE, timezone="Europe/London")
            for purpose, channel in (("care", CARE), ("check-ins", CHECKINS)):
                await self.guilds.set_channel(writer, HERE, purpose, channel)
            schedule = CheckinSchedule(
                SCHEDULE, HERE, "Evening", CHANNEL, 20 * 60, None, frozenset(range(7)), SET, True, True, 1, MONDAY
            )
            await self.schedules.put(writer, schedule, self.clock.now())
            await self.posts.posted(writer, DayPost(SCHEDULE, HERE, MONDAY, CHANNEL, 4001, THREAD, None, EVENING))
            for user_id in people or (ROBIN, WREN):
                await self.consents.agree(writer, HERE, user_id)
        return self

    def another(self) -> "Office":
        """A second process beside this one: the same database and Discord, its own memory."""
        other = Office(self.database, self.clock)
        other.sender, other.words = self.sender, self.words
        other.delivery = EntryDelivery(other.standing, self.sender, self.words)
        return other

    def member(self) -> MemberClock:
        """A member's clock at this moment."""
        stays, now = (Stay(datetime(2020, 1, 1, tzinfo=UTC), LONDON),), self.clock.now()
        return MemberClock(stays, now, day_then(now, stays), yesterday(now, stays), LONDON)

    async def write(
        self, choice: Choice = Choice.GROUP, *given: Given, user_id: int = ROBIN, mark: str = "", **parts: Any
    ) -> Written:
        """Submit a form."""
        slot = parts.pop("slot", Slot(SCHEDULE, set_mark(SET), MONDAY, MONDAY))
        held = parts.pop("held", False)
        answers: Sequence[Given] = given or (mood(3), said(CANARY))
        mark = mark or f"form{random.randrange(10**9)}"
        asked = frozenset({"mood", "line", "sleep", "urge"})
        filled = Filled(SET, tuple(answers), asked, choice, mark, held)
        return await self.entries.write(HERE, user_id, slot, filled, self.member())

    async def written(self, choice: Choice = Choice.GROUP, *given: Given, **parts: Any) -> Entry:
        """Submit a form and return its entry."""
        entry = (await self.write(choice, *given, **parts)).entry
        assert entry is not None
        return entry

    async def row(self, entry: Entry) -> Entry:
        """The entry as it stands."""
        found = await self.standing.get(HERE, entry.entry_id)
        assert found is not None
        return found

    async def jobs(self, *kinds: str) -> list[Job]:
        """The waiting jobs of these kinds, the earliest first."""
        async with self.database.read() as reader:
            rows = await reader.fetch_all(
                "SELECT * FROM jobs WHERE done_at IS NULL AND failed_at IS NULL ORDER BY due_at, id"
            )
        leased = [jobs_store._leased(row).job() for row in rows]
        return [job for job in leased if not kinds or job.kind in kinds]

    async def deliver(self, *kinds: str) -> int:
        """Run every due delivery of entries once, in order; what fails for now stays. Returns how many ended."""
        runs = {kind.name: kind.run for kind in self.delivery.kinds()}
        ended = 0
        for job in await self.jobs(*(kinds or tuple(runs))):
            if job.due_at > self.clock.now():
                continue
            ended += await self._attempt(job, runs[job.kind])
        return ended

    async def _attempt(self, job: Job, run: Any) -> bool:
        column = "done_at"
        try:
            await run(job)
        except TryAgain:
            async with self.database.write() as writer:
                await writer.execute("UPDATE jobs SET attempts = attempts + 1 WHERE id = $1", job.id)
            return False
        except RefusedForGood as refused:
            self.gave_up.append(refused.reason)
            column = "failed_at"
        async with self.database.write() as writer:
            await writer.execute(f"UPDATE jobs SET {column} = 1 WHERE id = $1", job.id)
        return True

    async def looks(self) -> list[tuple[datetime, datetime]]:
        """For each planned look at a wish: when it was asked, and when it is looked at."""
        return [(from_ms(job.payload["asked"]), job.due_at) for job in await self.jobs("checkins.look")]

    async def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(minutes=minutes))
