"""What follows when somebody has left a server: 30 days later everything about them there is erased.

Discord tells of departures only with the members intent. Without it, and for what happened while the bot was away, a
daily round asks after everybody of whom something is kept. No job names a person: the row of their settings says when
they left.

    a departure is seen     -> the moment is kept, and a job is due in 30 days
    a return is seen        -> the moment is forgotten
    the job is due          -> whoever left 30 days ago is asked after once more, then erased or kept
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.contracts import DataOwners
from bot.ids import Ids
from bot.jobs import Job, JobKind, Runner, enqueue
from bot.members.departures import is_away, left_until, mark_back, mark_left
from bot.storage import Database, Reader, Writer
from cogs.privacy.rules import KEPT_AFTER_LEAVING, goes_at, in_slice, next_round, slices_for
from cogs.privacy.service.erasure import Erasure
from cogs.privacy.service.ports import Members

ROUND_KIND = "privacy.round"
SWEEP_KIND = "privacy.sweep"
LEFT_KIND = "privacy.left"
# People erased in one job.
_MOST_AT_ONCE = 20
_BREATH = timedelta(minutes=1)
# The servers of a round are spread over an hour.
_SPREAD = 3600


@dataclass(frozen=True, slots=True)
class _Look:
    """One slice of a server's people in the round of a day; `slices` 0 means that they are not counted yet."""

    day: str
    number: int = 0
    slices: int = 0


class Departures:
    """Watches who has left, and erases what was kept about them when the time is over."""

    def __init__(
        self, database: Database, owners: DataOwners, clock: Clock, ids: Ids, erasure: Erasure, members: Members
    ) -> None:
        self._database = database
        self._owners = owners
        self._clock = clock
        self._ids = ids
        self._erasure = erasure
        self._members = members

    def serve(self, jobs: Runner) -> None:
        """Take over the daily round and the erasing."""
        jobs.register(JobKind(ROUND_KIND, self._round))
        jobs.register(JobKind(SWEEP_KIND, self._sweep))
        jobs.register(JobKind(LEFT_KIND, self._erase_the_gone))

    async def plan(self) -> None:
        """Make sure that the next round stands in the table; every process may ask, the key keeps it single."""
        due = next_round(self._clock.now())
        async with self._database.write() as writer:
            await enqueue(
                writer, self._ids, kind=ROUND_KIND, guild_id=None, due_at=due, payload={},
                dedupe_key=f"{ROUND_KIND}:{due.date().isoformat()}",
            )  # fmt: skip

    async def left(self, guild_id: int, user_id: int) -> None:
        """Keep that somebody left, if anything is kept about them."""
        now = self._clock.now()
        async with self._database.write() as writer:
            if await self._keeps(writer, guild_id, user_id) and await mark_left(writer, guild_id, user_id, now):
                await self._due(writer, guild_id, goes_at(now))

    async def back(self, guild_id: int, user_id: int) -> None:
        """Forget that somebody had left."""
        async with self._database.write() as writer:
            await mark_back(writer, guild_id, user_id)

    async def _keeps(self, reader: Reader, guild_id: int, user_id: int) -> bool:
        for owner in self._owners:
            if guild_id in await owner.servers(reader, user_id):
                return True
        return False

    async def _due(self, writer: Writer, guild_id: int, at: datetime, part: int = 0) -> None:
        await enqueue(
            writer, self._ids, kind=LEFT_KIND, guild_id=guild_id, due_at=at, payload={"part": part},
            dedupe_key=f"{LEFT_KIND}:{guild_id}:{at.isoformat(timespec='seconds')}:{part}",
        )  # fmt: skip

    async def _round(self, job: Job) -> None:
        now = self._clock.now()
        async with self._database.write() as writer:
            servers = [await owner.servers(writer) for owner in self._owners]
            for guild_id in sorted(set().union(*servers)):
                look = _Look(now.date().isoformat())
                await self._plan_look(writer, guild_id, now + timedelta(seconds=(guild_id >> 22) % _SPREAD), look)
        await self.plan()

    async def _plan_look(self, writer: Writer, guild_id: int, at: datetime, look: "_Look") -> None:
        await enqueue(
            writer, self._ids, kind=SWEEP_KIND, guild_id=guild_id, due_at=at, payload=asdict(look),
            dedupe_key=f"{SWEEP_KIND}:{guild_id}:{look.day}:{look.number}",
        )  # fmt: skip

    async def _sweep(self, job: Job) -> None:
        guild_id = _server(job)
        async with self._database.read() as reader:
            found = [await owner.people(reader, guild_id) for owner in self._owners]
            people = sorted(set().union(*found))
        look = _Look(**job.payload)
        slices = look.slices or slices_for(len(people))
        async with self._database.write() as writer:
            now = self._clock.now()
            if look.number + 1 < slices:
                await self._plan_look(writer, guild_id, now + _BREATH, _Look(look.day, look.number + 1, slices))
            # A job that was given up, or lost with a restored copy, is made good here.
            if await left_until(writer, guild_id, now - KEPT_AFTER_LEAVING, most=1):
                await self._due(writer, guild_id, now)
        for user_id in people:
            if in_slice(user_id, look.number, slices):
                await self._ask_after(guild_id, user_id)

    async def _ask_after(self, guild_id: int, user_id: int) -> None:
        if not await self._members.is_member(guild_id, user_id):
            await self.left(guild_id, user_id)
            return
        async with self._database.read() as reader:
            away = await is_away(reader, guild_id, user_id)
        if away:
            await self.back(guild_id, user_id)

    async def _erase_the_gone(self, job: Job) -> None:
        guild_id = _server(job)
        before = self._clock.now() - KEPT_AFTER_LEAVING
        async with self._database.read() as reader:
            gone = await left_until(reader, guild_id, before, most=_MOST_AT_ONCE)
        for user_id in gone:
            if await self._members.is_member(guild_id, user_id):
                await self.back(guild_id, user_id)
            else:
                await self._erasure.erase_away(guild_id, user_id, f"left:{job.id}")
        if len(gone) == _MOST_AT_ONCE:
            async with self._database.write() as writer:
                await self._due(writer, guild_id, self._clock.now(), job.payload["part"] + 1)


def _server(job: Job) -> int:
    if job.guild_id is None:
        raise ValueError("this kind of job belongs to a server")
    return job.guild_id
