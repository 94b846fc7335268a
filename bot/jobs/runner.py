"""The runner: takes what is due by lease, brings it to its end, and sleeps until more is due.

One task of its own does the waiting (`start()`); each job that runs has a task besides. The idle wait is a
plain `clock.sleep` in the runner's own task, at most 15 seconds long, and nothing else: an environment that
moves time sees a sleeping task and no unknown wait. `kick()` sets an event and ends that sleep through
`asyncio.timeout`. With a clock whose `sleep` returns at once the loop would spin: such tests never `start()`
and call `run_due()` by hand.
"""

import asyncio
import logging
import random
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.jobs import store
from bot.jobs.attempt import Attempts, GaveUp, Observe, RecordError
from bot.jobs.choice import OwnsGuild
from bot.jobs.claims import Claims
from bot.jobs.model import JobKind, Registry
from bot.jobs.store import Leased
from bot.storage import Database

PLACES = 16  # jobs that run at a time in one process
LONGEST_NAP = 15.0  # seconds: how late a job can be that another process wrote, or a caller that forgot to kick
_SHORTEST_NAP = 0.01  # seconds: a sleep may end a little early by the clock that reads the due times
_RETRY_NAP = 1.0  # seconds: something is due but was not to be had, so no hurry
_LOOK_PAUSE = timedelta(seconds=1)  # between two looks while every place is taken
_CUT_WAIT = 5.0  # seconds for a handler to notice that it is cancelled

_log = logging.getLogger(__name__)


class Runner:
    """Runs the jobs of one process.

    `owner` names this process and this start of it: two runners with one name would take each other's leases
    for their own. `owns_guild` says whose jobs come first here; five minutes overdue, anybody takes them.
    `on_gave_up` is told once of each job that failed for good, with a short token why (`forbidden`, ..., or
    `fault` and a reference); it may raise `TryAgain`. `record_error` logs a defect, given where, and returns
    its reference. `observe` gets kind, outcome and seconds of each attempt.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        kinds: Registry,
        *,
        owner: str,
        owns_guild: OwnsGuild,
        on_gave_up: GaveUp,
        record_error: RecordError,
        source: random.Random | None = None,
        observe: Observe | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._record_error = record_error
        self._claims = Claims(database, clock, kinds, owner=owner, owns_guild=owns_guild)
        self._attempts = Attempts(
            database,
            clock,
            kinds,
            owner=owner,
            source=source or random.SystemRandom(),
            on_gave_up=on_gave_up,
            record_error=record_error,
            observe=observe,
        )
        self._running: dict[asyncio.Task[bool], Leased] = {}
        self._claiming = asyncio.Lock()
        self._kicked = asyncio.Event()
        self._nap: asyncio.Timeout | None = None
        self._loop: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._over = 0
        self._next: datetime | None = None
        self._looked = clock.now()

    def register(self, kind: JobKind) -> None:
        """Add a kind of job. Raises `ValueError` when its name is taken."""
        self._kinds.register(kind)

    def start(self) -> None:
        """Begin the background loop. Raises `RuntimeError` the second time: a runner lives once."""
        if self._loop is not None or self._stopping.is_set():
            raise RuntimeError("a runner is started once")
        self._loop = asyncio.create_task(self._run(), name="jobs")

    def kick(self) -> None:
        """Wake the background loop now: called after the commit that wrote a job. Harmless without a loop."""
        self._kicked.set()
        nap, self._nap = self._nap, None
        if nap is not None:
            nap.reschedule(asyncio.get_running_loop().time())

    def lag(self) -> float:
        """Return how many seconds late the oldest job is that waits for us, or the look for one if that is more.

        A look is late `LONGEST_NAP` after the last one that succeeded, or after the runner was made: with a broken
        database, or without a loop, nobody knows of any job.
        """
        now = self._clock.now()
        job = 0.0 if self._next is None else (now - self._next).total_seconds()
        return max(0.0, job, (now - self._looked).total_seconds() - LONGEST_NAP)

    async def run_due(self) -> int:
        """Run until nothing is due that this process may take, and return how many jobs came to their end.

        A job that was done, skipped or given up is at its end; one that is kept for another attempt is not.
        """
        before = self._over
        while await self._take() or self._running:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        await self._look()
        return self._over - before

    async def next_due(self) -> datetime | None:
        """Return when this process has its next job to run, in the past where one is late, or None."""
        return await self._claims.soonest(None)

    async def prune(self, before: datetime) -> int:
        """Delete the jobs that ended before a moment and return how many; keep them for `KEEP_ENDED`.

        Until it is pruned, an ended job's `dedupe_key` holds off another job with that key.
        """
        async with self._database.write() as writer:
            return await store.prune(writer, before)

    async def stop(self, grace: float) -> None:
        """Take nothing more, let running jobs finish for `grace` seconds, cut the rest, release all leases.

        A job cut short is kept, free at once, and counts the attempt: it may have delivered. A database that is
        away by now is logged and raises nothing, so that the rest of the shutdown goes on.
        """
        self._stopping.set()
        self.kick()
        until = asyncio.get_running_loop().time() + grace
        await self._end_loop(grace)
        await self._wait_for_running(max(0.0, until - asyncio.get_running_loop().time()))
        self._attempts.cut()
        await self._wait_for_running(_CUT_WAIT)
        stuck = [job.id for job in self._running.values()]
        for job_id in stuck:
            _log.error("job %d does not end; its lease is left to run out", job_id)
        async with self._claiming:  # a claim under way commits first
            [unbegun] = await asyncio.gather(self._claims.give_back(stuck), return_exceptions=True)
        if isinstance(unbegun, BaseException):
            self._record_error(unbegun, "giving leases back; they will run out")
        else:
            _log.info("the runner stopped and gave %d unbegun jobs back", unbegun)

    async def _end_loop(self, grace: float) -> None:
        if self._loop is None:
            return
        await asyncio.wait({self._loop}, timeout=grace)
        self._loop.cancel()
        [end] = await asyncio.gather(self._loop, return_exceptions=True)
        if isinstance(end, Exception):
            self._record_error(end, "the end of the jobs' loop")

    async def _wait_for_running(self, seconds: float) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self._kicked.clear()
            [nap] = await asyncio.gather(self._turn(), return_exceptions=True)
            if isinstance(nap, BaseException):
                self._record_error(nap, "the loop of the jobs")
                nap = LONGEST_NAP
            await self._sleep(nap)

    async def _turn(self) -> float:
        """Begin what is due and return for how many seconds to sleep then."""
        await self._take()
        if len(self._running) >= PLACES and self._clock.now() - self._looked < _LOOK_PAUSE:
            return _RETRY_NAP  # whoever ends first wakes us; a look at thousands of jobs for each would take a core
        await self._look()
        if self._next is None:
            return LONGEST_NAP
        seconds = (self._next - self._clock.now()).total_seconds()
        return min(LONGEST_NAP, max(_SHORTEST_NAP, seconds)) if seconds > 0 else _RETRY_NAP

    async def _sleep(self, seconds: float) -> None:
        if self._kicked.is_set():
            return
        try:
            async with asyncio.timeout(None) as self._nap:
                await self._clock.sleep(seconds)
        except TimeoutError:
            pass  # kicked
        finally:
            self._nap = None

    async def _take(self) -> int:
        """Claim as many due jobs as there are free places, begin them, and return how many."""
        async with self._claiming:
            places = PLACES - len(self._running)
            if self._stopping.is_set() or places <= 0:
                return 0
            leased = await self._claims.take([job.guild_id for job in self._running.values()], places)
            if self._stopping.is_set():  # `stop` gives them back
                return 0
            for job in leased:
                task = asyncio.create_task(self._attempts.make(job.id, job.kind), name=f"job {job.id}")
                self._running[task] = job
                task.add_done_callback(self._ended)
            return len(leased)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        job = self._running.pop(task)
        if task.cancelled():
            _log.warning("job %d was cancelled from outside; its lease is left to run out", job.id)
        elif error := task.exception():
            self._record_error(error, f"job {job.id} of {job.kind}")
        elif task.result():
            self._over += 1
        self.kick()

    async def _look(self) -> None:
        await self._claims.warn_of_unknown()
        self._next = await self._claims.soonest(self._clock.now() + timedelta(seconds=LONGEST_NAP))
        self._looked = self._clock.now()
