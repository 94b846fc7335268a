"""The daily round: old form marks and finished jobs go, and a SQLite file is backed up."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.discordkit.submissions import forget_old
from bot.ids import Ids
from bot.jobs import KEEP_ENDED, Job, JobKind, LatePolicy, Runner, enqueue
from bot.storage import Database, backup

KIND = "housekeeping"
# Hour UTC of the round: any quiet one will do, it takes no noticeable time.
HOUR = 3
MARKS_KEPT = timedelta(days=1)
BACKUPS_KEPT_DAYS = 30


class Housekeeping:
    """One job that enqueues its own next day; every process may ask for it, the dedupe key keeps it single."""

    def __init__(self, jobs: Runner, database: Database, clock: Clock, ids: Ids, backups: Path) -> None:
        self._jobs = jobs
        self._database = database
        self._clock = clock
        self._ids = ids
        self._backups = backups
        jobs.register(JobKind(KIND, self._round, LatePolicy(window=None)))

    async def plan(self) -> None:
        """Make sure that the next round stands in the table."""
        due = next_round(self._clock.now())
        async with self._database.write() as writer:
            await enqueue(
                writer, self._ids, kind=KIND, guild_id=None, due_at=due, payload={},
                dedupe_key=f"{KIND}:{due.date().isoformat()}",
            )  # fmt: skip

    async def _round(self, job: Job) -> None:
        # Tomorrow's round is written first and the backup comes last: a full disk must end neither.
        await self.plan()
        now = self._clock.now()
        async with self._database.write() as writer:
            await forget_old(writer, now - MARKS_KEPT)
        await self._jobs.prune(now - KEEP_ENDED)
        if self._database.dialect == "sqlite":
            await backup(self._database, self._backups, BACKUPS_KEPT_DAYS, clock=self._clock)


def next_round(now: datetime) -> datetime:
    """Return the next full `HOUR` in UTC after `now`."""
    today = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
