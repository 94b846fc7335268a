"""Which jobs a process may take, and taking them: the runner's eye and hand on the table."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.clock import Clock, from_ms, to_ms
from bot.jobs import store
from bot.jobs.choice import PER_GUILD, OwnsGuild, Waiting, choose, open_from
from bot.jobs.model import Registry
from bot.jobs.store import Leased
from bot.jobs.verdict import LEASE
from bot.storage import Database

PAGE = 100  # waiting jobs read at a time
FRESH = timedelta(seconds=0.5)  # for so long a page is taken from before the table is read again
_TRIES = 5  # claims in a row that another process may win before this one sleeps on it

_log = logging.getLogger(__name__)


class Claims:
    """Claims for one process, under its name."""

    def __init__(self, database: Database, clock: Clock, kinds: Registry, *, owner: str, owns_guild: OwnsGuild) -> None:
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._owner = owner
        self._owns_guild = owns_guild
        self._unknown: set[str] = set()
        self._seen: list[Waiting] = []
        self._read_at: datetime | None = None
        self._served = 0

    async def take(self, busy: Collection[int | None], places: int) -> list[Leased]:
        """Lease up to `places` due jobs, fairly; `busy` has the server of each job that runs already."""
        now = self._clock.now()
        for _ in range(_TRIES):
            chosen = await self._choose(now, Counter(busy), places)
            if not chosen:
                break
            leased = await store.lease(self._database, chosen, self._owner, now, now + LEASE)
            if leased:
                return leased
        return []

    async def _choose(self, now: datetime, busy: Counter[int | None], places: int) -> list[int]:
        """Choose among what was read a moment ago, where that fills every place, else among what is read now.

        Ranking thousands of due jobs takes many times as long as a job: in a rush it is done for a page, not for each.
        A stale row does no harm, `lease` looks again.
        """
        chosen: list[int] = []
        if self._read_at is not None and timedelta(0) <= now - self._read_at < FRESH:
            chosen = choose(self._seen, to_ms(now), self._owns_guild, busy, places)
        if len(chosen) < places:
            chosen = await self._read(now, busy, places)
        taken = set(chosen)
        self._served = next((job.guild_id or 0 for job in self._seen if job.id in chosen[-1:]), self._served)
        self._seen = [job for job in self._seen if job.id not in taken]
        return chosen

    async def _read(self, now: datetime, busy: Counter[int | None], places: int) -> list[int]:
        kinds, urgent = self._kinds.names(), self._kinds.urgent()
        seen: list[Waiting] = []
        async with self._database.read() as reader:
            while True:
                page = await store.waiting(
                    reader, now, kinds, urgent, turns=PER_GUILD, after=self._served, page=PAGE, skip=len(seen)
                )
                seen += page
                chosen = choose(seen, to_ms(now), self._owns_guild, busy, places)
                if len(chosen) >= places or len(page) < PAGE:
                    self._seen, self._read_at = seen, now
                    return chosen

    async def soonest(self, until: datetime | None) -> datetime | None:
        """Return when the first job is ready for this process, among those due up to `until` (None: all)."""
        async with self._database.read() as reader:
            rows = await store.soonest(reader, self._kinds.names(), until)
        moments = [open_from(guild_id, ready_at, self._owns_guild) for guild_id, ready_at in rows]
        return from_ms(min(moments)) if moments else None

    async def warn_of_unknown(self) -> None:
        """Log once each kind of due job that this process does not know; such jobs stay as they are."""
        async with self._database.read() as reader:
            found = await store.unknown_kinds(reader, self._kinds.names(), self._clock.now())
        for kind in found:
            if kind not in self._unknown:
                self._unknown.add(kind)
                _log.warning("jobs of the unknown kind %s are due and left alone", kind)

    async def give_back(self, keep: Iterable[int]) -> int:
        """Give back every lease under this name but those in `keep`, and return how many."""
        async with self._database.write() as writer:
            return await store.release(writer, self._owner, tuple(keep))
