"""A database with jobs in it, and runners whose handlers do what the test says."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.ids import Ids
from bot.jobs import Job, JobKind, LatePolicy, Outcome, Registry, Runner, enqueue
from bot.storage import Database, Row
from tests.clock import FakeClock

Script = BaseException | Callable[[Job], Any] | None  # what one attempt does
DAY = timedelta(days=1)


@dataclass
class Told:
    """What the runners of a workshop did, in order."""

    ran: list[Job] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    gave_up: list[tuple[int, str]] = field(default_factory=list)
    errors: list[tuple[BaseException, str]] = field(default_factory=list)
    observed: list[tuple[str, Outcome]] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return [job.id for job in self.ran]


class Workshop:
    """Writes jobs, makes runners, reads rows.

    `script` holds what the next attempts do, in order: an exception is raised, a function is called (and awaited where
    it must be), None succeeds; past its end everything succeeds. `telling` is the same for `on_gave_up`.
    """

    def __init__(self, database: Database, clock: FakeClock | None = None) -> None:
        self.database = database
        self.clock = clock or FakeClock()
        self.ids = Ids(self.clock, random.Random(2))
        self.told = Told()
        self.script: deque[Script] = deque()
        self.telling: deque[Script] = deque()
        self.skipping: deque[Script] = deque()

    def runner(
        self,
        owner: str = "one",
        owns_guild: Callable[[int], bool] = lambda _: True,
        late: LatePolicy | None = None,
        database: Database | None = None,
        kinds: tuple[str, ...] = ("call",),
    ) -> Runner:
        made = Runner(
            database or self.database,
            self.clock,
            Registry(),
            owner=owner,
            owns_guild=owns_guild,
            on_gave_up=self._on_gave_up,
            record_error=self._record_error,
            source=random.Random(3),
            observe=lambda kind, outcome, _: self.told.observed.append((kind, outcome)),
        )
        for kind in kinds:
            made.register(JobKind(kind, self._run, late or LatePolicy()))
        return made

    async def write(
        self,
        *,
        kind: str = "call",
        guild_id: int | None = 1,
        after: timedelta = timedelta(0),
        payload: Mapping[str, Any] | None = None,
        dedupe_key: str | None = None,
    ) -> int:
        async with self.database.write() as writer:
            return await enqueue(
                writer,
                self.ids,
                kind=kind,
                guild_id=guild_id,
                due_at=self.clock.now() + after,
                payload=payload or {},
                dedupe_key=dedupe_key,
            )

    async def row(self, job_id: int) -> Row:
        async with self.database.read() as reader:
            row = await reader.fetch_one("SELECT * FROM jobs WHERE id = $1", job_id)
        assert row is not None
        return row

    async def columns(self, job_id: int) -> dict[str, Any]:
        row = await self.row(job_id)
        return {column: row[column] for column in row.keys()}  # noqa: SIM118 -- a row iterates over its values

    async def count(self, where: str = "1 = 1") -> int:
        async with self.database.read() as reader:
            return int(await reader.fetch_value(f"SELECT COUNT(*) FROM jobs WHERE {where}"))

    async def skip(self, job: Job) -> None:
        self.told.skipped.append(job.id)
        await _play(self.skipping, job)

    async def _run(self, job: Job) -> None:
        self.told.ran.append(job)
        await _play(self.script, job)

    async def _on_gave_up(self, job: Job, reason: str) -> None:
        self.told.gave_up.append((job.id, reason))
        await _play(self.telling, job)

    def _record_error(self, error: BaseException, where: str) -> str:
        self.told.errors.append((error, where))
        logging.getLogger("tests").error("%s in %s", type(error).__name__, where)
        return "7K2M-Q9XD"


async def _play(script: deque[Script], job: Job) -> None:
    step = script.popleft() if script else None
    if isinstance(step, BaseException):
        raise step
    if step is not None:
        answer = step(job)
        if asyncio.iscoroutine(answer):
            await answer


async def crash(runner: Runner) -> None:
    """End what a runner does the way a killed process does: nothing more is written, no lease given back."""
    tasks = [*runner._running, *([runner._loop] if runner._loop else [])]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Gate:
    """A handler that says that it began, then waits until it is let through."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self, _: Job) -> None:
        self.begun.set()
        await self.opened.wait()


def seconds_after(start: datetime, milliseconds: int) -> float:
    """Return how long after `start` a stored moment is."""
    return milliseconds / 1000 - start.timestamp()
