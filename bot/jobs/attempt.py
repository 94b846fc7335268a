"""One attempt at one leased job, from reading its row again to writing what became of it."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.jobs import store
from bot.jobs.model import Job, Registry
from bot.jobs.store import Leased
from bot.jobs.verdict import ATTEMPT_LIMIT, LEASE, Cut, Ending, Finished, Outcome, Verdict, is_fault, judge
from bot.storage import Database

GaveUp = Callable[[Job, str], Awaitable[None]]
Observe = Callable[[str, Outcome, float], None]
RecordError = Callable[[BaseException, str], str]

_RECORD_PAUSE = 2.0  # seconds between two tries to write what became of a delivered job

_log = logging.getLogger(__name__)


class Attempts:
    """Makes attempts for one process. Nothing a handler raises gets out of here."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        kinds: Registry,
        *,
        owner: str,
        source: random.Random,
        on_gave_up: GaveUp,
        record_error: RecordError,
        observe: Observe | None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._owner = owner
        self._source = source
        self._on_gave_up = on_gave_up
        self._record_error = record_error
        self._observe = observe
        self._acting: set[asyncio.Task[Finished | Cut | None]] = set()
        self._cut = False

    async def make(self, job_id: int, kind: str) -> bool:
        """Bring a leased job one attempt further; return whether it is over."""
        while True:
            began = self._clock.now()
            leased = await self._read_again(job_id)
            if leased is None:
                _log.info("job %d was cancelled or taken before it began", job_id)
                return False
            if self._cut:  # unbegun: its lease is given back with the rest
                return False
            ending = await self._end_of(self._act(leased))
            verdict = self._judge(ending, leased)
            if not await self._write(job_id, verdict, began + LEASE):
                return False
            if self._observe is not None:
                self._observe(kind, verdict.outcome, (self._clock.now() - began).total_seconds())
            if verdict.outcome is not Outcome.GIVING_UP:
                return verdict.outcome.final

    def cut(self) -> None:
        """Cancel every handler that still runs; each job's row is still written."""
        self._cut = True
        for acting in self._acting:
            acting.cancel()

    async def _read_again(self, job_id: int) -> Leased | None:
        async with self._database.read() as reader:
            return await store.read_again(reader, job_id, self._owner, self._clock.now())

    async def _end_of(self, action: Awaitable[Finished | Cut]) -> Ending:
        """Return how an action ended, whatever it raised.

        The handler has a task of its own, so that cutting it short never cuts the writing of its row.
        """
        acting = asyncio.ensure_future(action)
        self._acting.add(acting)
        [ending] = await asyncio.gather(acting, return_exceptions=True)
        self._acting.discard(acting)
        if self._cut and isinstance(ending, asyncio.CancelledError):
            return Cut.STOPPED
        return ending

    async def _act(self, leased: Leased) -> Finished | Cut:
        limit = asyncio.timeout(ATTEMPT_LIMIT)
        try:
            async with limit:
                return await self._do(leased)
        except TimeoutError:
            if limit.expired():
                return Cut.OUT_OF_TIME
            raise

    async def _do(self, leased: Leased) -> Finished:
        job = leased.job()
        if leased.standing.reason is not None:
            await self._on_gave_up(job, leased.standing.reason)
            return Finished.TOLD
        kind = self._kinds[job.kind]
        if kind.late.too_late(job.due_at, self._clock.now()):
            if kind.late.on_skip is not None:
                await kind.late.on_skip(job)
            return Finished.SKIPPED
        await kind.run(job)
        return Finished.RAN

    def _judge(self, ending: Ending, leased: Leased) -> Verdict:
        reference = ""
        if is_fault(ending):
            reference = self._record_error(ending, f"job {leased.id} of {leased.kind}")
        verdict = judge(ending, leased.standing, self._clock.now(), self._source, reference)
        if verdict.outcome is Outcome.KEPT:
            what = (leased.id, leased.kind, verdict.attempts, verdict.last_error)
            _log.info("job %d of %s stays: attempt %d, %s", *what)
        elif verdict.outcome is Outcome.GIVING_UP:
            _log.warning("job %d of %s is given up: %s", leased.id, leased.kind, verdict.last_error)
        elif verdict.outcome is Outcome.GIVEN_UP and ending is not Finished.TOLD:
            _log.error("nobody could be told that job %d of %s was given up", leased.id, leased.kind)
        return verdict

    async def _write(self, job_id: int, verdict: Verdict, until: datetime) -> bool:
        """Write the verdict, again and again while the lease lasts: a delivered job must not come back."""
        while True:
            [written] = await asyncio.gather(self._record(job_id, verdict), return_exceptions=True)
            if isinstance(written, bool):
                if not written:
                    _log.warning("job %d was cancelled or taken while it ran", job_id)
                return written
            self._record_error(written, f"the row of job {job_id}")
            if self._cut or self._clock.now() >= until:
                return False
            await self._clock.sleep(_RECORD_PAUSE)

    async def _record(self, job_id: int, verdict: Verdict) -> bool:
        async with self._database.write() as writer:
            return await store.record(writer, job_id, self._owner, verdict)
