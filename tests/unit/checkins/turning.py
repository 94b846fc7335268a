"""The turns of check-ins on a real database, with a Discord on paper and jobs brought to their end by hand."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from bot.content import Content, load_content
from bot.discordkit import Button, Panel, Row, Sender, Text
from bot.errors import RefusedForGood, TryAgain
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import Job, TokenBucket
from bot.jobs import store as jobs_store
from bot.notices import TeamNotices
from bot.storage import Database, Vault
from bot.text.catalogue import DATA_DIR
from cogs.checkins.delivery.turns import TurnDelivery
from cogs.checkins.service.asking_now import AskingNow
from cogs.checkins.service.clocks import rule_of
from cogs.checkins.service.counts import COUNT, CheckinCounts, plan_count
from cogs.checkins.service.day_posts import Wording
from cogs.checkins.service.tellings import TELL, Telling
from cogs.checkins.service.turns import TURN, CheckinTurns, plan_turn
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN = 11 << 22
KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
EIGHT = 20 * 60
CHANNEL = 77


@cache
def shipped() -> Content:
    """The content as it ships, read once."""
    return load_content(DATA_DIR)


@dataclass
class Paper:
    """One message."""

    message_id: int
    channel_id: int
    nonce: str
    panel: Panel
    thread: str | None = None

    @property
    def ids(self) -> list[str]:
        rows = [block for block in self.panel.blocks if isinstance(block, Row)]
        return [item.custom_id for row in rows for item in row.items if isinstance(item, Button)]

    @property
    def words(self) -> list[str]:
        return [block.words for block in self.panel.blocks if isinstance(block, Text)]


class PaperSender(Sender):
    """A Discord that honours a nonce until `forget`, and can refuse, lose its answer, or be down."""

    def __init__(self, clock: FakeClock) -> None:
        self.bucket = TokenBucket(45, 5, clock)
        self.papers: list[Paper] = []
        self.redrawn: list[datetime] = []
        self.markers: list[str | None] = []
        self.refuse = self.refuse_thread = self.refuse_edit = ""
        self.lose = self.lose_thread = 0
        self.down = False
        self._clock = clock
        self._nonces: dict[str, int] = {}

    async def post(self, guild_id: int, channel_id: int, panel: Panel, **options: Any) -> int:
        marker, nonce = options.get("marker"), options["nonce"]
        self.markers.append(marker)
        if self.down:
            raise TryAgain
        if self.refuse:
            raise RefusedForGood(self.refuse)
        known = next((one for one in self.papers if marker and any(key.endswith(marker) for key in one.ids)), None)
        if known is None and nonce in self._nonces:
            known = next(one for one in self.papers if one.message_id == self._nonces[nonce])
        if known is None:
            known = Paper(900 + len(self.papers), channel_id, nonce, panel)
            self.papers.append(known)
            self._nonces[nonce] = known.message_id
        if self.lose:
            self.lose -= 1
            raise TryAgain
        return known.message_id

    async def find(self, guild_id: int, channel_id: int, marker: str, since: datetime | None = None) -> int | None:
        if self.down:
            raise TryAgain
        if self.refuse:
            raise RefusedForGood(self.refuse)
        there = (one for one in self.papers if one.channel_id == channel_id)
        return next((one.message_id for one in there if any(key.endswith(marker) for key in one.ids)), None)

    async def thread_on(self, guild_id: int, channel_id: int, message_id: int, name: str) -> int:
        if self.refuse_thread:
            raise RefusedForGood(self.refuse_thread)
        next(one for one in self.papers if one.message_id == message_id).thread = name
        if self.lose_thread:
            self.lose_thread -= 1
            raise TryAgain
        return message_id

    async def redraw(self, channel_id: int, message_id: int, panel: Panel) -> None:
        if self.down:
            raise TryAgain
        self.redrawn.append(self._clock.now())
        if self.refuse_edit:
            raise RefusedForGood(self.refuse_edit)
        next(one for one in self.papers if one.message_id == message_id).panel = panel

    def forget(self) -> None:
        """Let the few minutes pass for which Discord knows a nonce."""
        self._nonces.clear()


@dataclass
class Rig:
    """The use cases with their delivery; `told` are the tellings that were due and true."""

    database: Database
    clock: FakeClock
    guilds: Guilds
    ids: Ids
    schedules: ScheduleStore
    posts: PostStore
    entries: EntryStore
    turns: CheckinTurns
    asking: AskingNow
    sender: PaperSender
    delivery: TurnDelivery
    told: list[Telling] = field(default_factory=list)
    tellings: int = 0

    async def schedule(self, guild_id: int = HERE, **changes: Any) -> CheckinSchedule:
        """Keep a check-in at eight in the evening whose first turn is today, or what `changes` say."""
        made = CheckinSchedule(
            self.ids.new(), guild_id, "Evening", CHANNEL, EIGHT, None, frozenset(range(7)), "how-am-i-today",
            thread=False, prompts=True, edition=self.ids.new(), settled_day=self.clock.now().date() - DAY,
        )  # fmt: skip
        return await self.keep(replace(made, **changes))

    async def keep(self, schedule: CheckinSchedule, *, anew: bool = True) -> CheckinSchedule:
        """Keep a check-in as it is given; `anew` writes its first turn from here."""
        group = await self.guilds.profile(schedule.guild_id)
        async with self.database.write() as writer:
            await self.schedules.put(writer, schedule, self.clock.now())
            following = rule_of(schedule, group).following(schedule.settled_day, self.clock.now())
            if anew and following:
                await plan_turn(writer, self.ids, schedule, *following)
        return schedule

    async def read(self, schedule: CheckinSchedule) -> CheckinSchedule:
        async with self.database.read() as reader:
            found = await self.schedules.get(reader, schedule.guild_id, schedule.schedule_id)
        assert found is not None
        return found

    async def post(self, schedule: CheckinSchedule, day: date) -> DayPost | None:
        async with self.database.read() as reader:
            return await self.posts.get(reader, schedule.schedule_id, day)

    async def due(self, but: Collection[int] = ()) -> list[Job]:
        """Lease what is due."""
        now = self.clock.now()
        async with self.database.write() as writer:
            waiting = await jobs_store.waiting(writer, now, (TURN, TELL, COUNT), (), turns=99, after=0, page=99, skip=0)
        fresh = [one.id for one in waiting if one.id not in but]
        if not fresh:
            return []
        leased = await jobs_store.lease(self.database, fresh, "rig", now, now + MINUTE)
        return sorted((one.job() for one in leased), key=lambda job: (job.due_at, job.id))

    async def run(self) -> None:
        """Bring everything due to its end; what is to be tried again is, as soon as it is run once more."""
        tried: set[int] = set()
        while due := await self.due(tried):
            for job in due:
                tried.add(job.id)
                await self._work(job)

    async def _work(self, job: Job) -> None:
        try:
            if job.kind == TELL:
                if telling := await self.turns.tellings.read(job):
                    self.told.extend(telling)
                    self.tellings += 1
            else:
                kinds = {kind.name: kind for kind in self.delivery.kinds()}
                await kinds[job.kind].run(job)
        except TryAgain:
            end = "lease_owner = NULL, lease_until = NULL, attempts = attempts + 1"
        else:
            end = "done_at = 1"
        async with self.database.write() as writer:
            await writer.execute(f"UPDATE jobs SET {end} WHERE id = $1", job.id)

    async def live(self, span: timedelta, step: timedelta = 10 * MINUTE) -> None:
        """Let time pass with the bot awake."""
        for _ in range(span // step):
            self.clock.advance(step)
            await self.run()

    async def waiting(self) -> int:
        """How many jobs are not over."""
        async with self.database.read() as reader:
            return int(await reader.fetch_value("SELECT COUNT(*) FROM jobs WHERE done_at IS NULL"))

    async def check_in(self, schedule: CheckinSchedule, day: date, user_id: int) -> None:
        """Keep an entry as the form's use case does, with the job for the count."""
        now = self.clock.now()
        async with self.database.write() as writer:
            await writer.execute(
                "INSERT INTO checkin_entries (entry_id, guild_id, user_id, schedule_id, set_id, day, post_day, choice, "
                "numbers_shown, edition, place, told_early, told, written_at, updated_at) "
                "VALUES ($1, $2, $3, $4, 'x', $5, $5, 'me', 0, 1, 'nowhere', 0, 0, 1, 1)",
                self.ids.new(), schedule.guild_id, user_id, schedule.schedule_id, day.isoformat(),
            )  # fmt: skip
            await plan_count(
                writer, self.ids, self.posts, schedule.guild_id, schedule.schedule_id, day, now
            )  # fmt: skip

    def days(self) -> list[str]:
        """The dates of the posts, as their ids say them."""
        return [paper.ids[0].rpartition(".")[2] for paper in self.sender.papers]


def rigged(database: Database) -> Rig:
    """A rig whose clock stands at noon, 15 January 2026, UTC."""
    clock, vault = FakeClock(), Vault.from_keys([KEY])
    ids, guilds = Ids(clock, random.Random(5)), Guilds(database, clock)
    schedules, posts, entries = ScheduleStore(vault), PostStore(), EntryStore(vault)
    wording = Wording(clock, shipped().prompts, posts)
    turns = CheckinTurns(database, clock, ids, guilds, wording, schedules, posts, entries)
    asking = AskingNow(database, clock, ids, guilds, wording, schedules, posts)
    counts = CheckinCounts(database, clock, wording, schedules, posts, entries)
    sender = PaperSender(clock)
    delivery = TurnDelivery(turns, asking, counts, sender, TeamNotices(guilds, sender))
    return Rig(database, clock, guilds, ids, schedules, posts, entries, turns, asking, sender, delivery)


def at(hour: int, minute: int = 0, day: int = 15, month: int = 1) -> datetime:
    """A moment of 2026, UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
