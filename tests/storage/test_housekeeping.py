"""The daily round, on both engines: planned once a day, and neither a late start nor a full disk ends it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.discordkit import first_time
from bot.housekeeping import BACKUPS_KEPT_DAYS, HOUR, KIND, MARKS_KEPT, Housekeeping, next_round
from bot.ids import Ids
from bot.jobs import KEEP_ENDED, Job, Registry, Runner
from bot.storage import Database
from bot.storage.sqlite_connections import peek_revision
from tests.clock import FakeClock

DAY = timedelta(days=1)


@dataclass
class Round:
    """The housekeeping of one process, with a clock moved by hand."""

    database: Database
    backups: Path
    clock: FakeClock = field(default_factory=FakeClock)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = Ids(self.clock, random.Random(1))
        self.jobs = Runner(
            self.database,
            self.clock,
            Registry(),
            owner="one",
            owns_guild=lambda _: True,
            on_gave_up=self._gave_up,
            record_error=self._record,
            source=random.Random(2),
        )
        self.keeping = Housekeeping(self.jobs, self.database, self.clock, self.ids, self.backups)

    async def _gave_up(self, job: Job, reason: str) -> None:
        """Nobody is told here."""

    def _record(self, error: BaseException, where: str) -> str:
        self.faults.append(type(error).__name__)
        return "AAAA-BBBB"

    async def planned(self) -> list[datetime]:
        """Return when the rounds to come are due."""
        async with self.database.read() as reader:
            rows = await reader.fetch_all(
                "SELECT due_at FROM jobs WHERE kind = $1 AND done_at IS NULL AND failed_at IS NULL ORDER BY due_at",
                KIND,
            )
        return [datetime.fromtimestamp(row["due_at"] / 1000, UTC) for row in rows]

    async def at(self, moment: datetime) -> int:
        """Let it become `moment` and run what is due."""
        self.clock.set(moment)
        return await self.jobs.run_due()

    async def count(self, table: str) -> int:
        async with self.database.read() as reader:
            return int(await reader.fetch_value(f"SELECT COUNT(*) FROM {table}"))

    def kept(self) -> list[Path]:
        return sorted(self.backups.glob("evenkeel-*.db"))


@pytest.fixture
def daily(database: Database, tmp_path: Path) -> Round:
    return Round(database, tmp_path / "backups")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 1, 15, 2, 59, 59, tzinfo=UTC), datetime(2026, 1, 15, HOUR, tzinfo=UTC)),
        (datetime(2026, 1, 15, HOUR, tzinfo=UTC), datetime(2026, 1, 16, HOUR, tzinfo=UTC)),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 2, 1, HOUR, tzinfo=UTC)),
    ],
)
def test_the_next_round_is_the_next_quiet_hour(now: datetime, due: datetime) -> None:
    assert next_round(now) == due


async def test_it_is_planned_once_however_many_ask(daily: Round) -> None:
    for _ in range(3):
        await daily.keeping.plan()
    assert await daily.planned() == [datetime(2026, 1, 16, HOUR, tzinfo=UTC)]
    assert await daily.at(daily.clock.now() + timedelta(hours=1)) == 0


async def test_each_round_plans_the_next_one(daily: Round) -> None:
    await daily.keeping.plan()
    for _ in range(3):
        [due] = await daily.planned()
        assert await daily.at(due) == 1
        await daily.keeping.plan()  # another process starts
        assert await daily.planned() == [due + DAY]
    assert daily.faults == []


async def test_after_a_long_stop_one_round_makes_up_for_all(daily: Round) -> None:
    await daily.keeping.plan()
    back = datetime(2026, 1, 20, 12, tzinfo=UTC)
    assert await daily.at(back) == 1
    assert await daily.planned() == [datetime(2026, 1, 21, HOUR, tzinfo=UTC)]


async def test_old_marks_and_ended_jobs_go(daily: Round) -> None:
    await daily.keeping.plan()
    [due] = await daily.planned()
    async with daily.database.write() as writer:
        await first_time(writer, "old", due - MARKS_KEPT - timedelta(seconds=1))
        await first_time(writer, "young", due - timedelta(minutes=1))
    await daily.at(due)
    assert await daily.count("submissions") == 1
    for _ in range(KEEP_ENDED.days + 3):
        [due] = await daily.planned()
        await daily.at(due)
    assert await daily.count("submissions") == 0
    assert await daily.count("jobs") == KEEP_ENDED.days + 2  # a week that ended, the one just run, the next


async def test_a_file_is_backed_up_each_day_and_backups_grow_old(daily: Round) -> None:
    await daily.keeping.plan()
    [first] = await daily.planned()
    await daily.at(first)
    if daily.database.dialect == "postgresql":  # whoever hosts it has `pg_dump`
        assert daily.kept() == []
        return
    [made] = daily.kept()
    assert peek_revision(made) is not None
    [second] = await daily.planned()
    await daily.at(second)
    assert len(daily.kept()) == 2
    await daily.at(first + timedelta(days=BACKUPS_KEPT_DAYS, seconds=1))
    assert len(daily.kept()) == 2
    assert made not in daily.kept()


async def test_a_disk_that_takes_no_backup_ends_neither_the_rounds_nor_the_clearing(
    sqlite_database: Database, tmp_path: Path
) -> None:
    blocked = tmp_path / "backups"
    blocked.write_text("a file where the folder would be")
    daily = Round(sqlite_database, blocked)
    await daily.keeping.plan()
    [due] = await daily.planned()
    async with daily.database.write() as writer:
        await first_time(writer, "old", due - 2 * MARKS_KEPT)
    assert await daily.at(due) == 0
    assert daily.faults == ["StartError"]
    assert due + DAY in await daily.planned()
    assert await daily.count("submissions") == 0
    for _ in range(10):
        await daily.at(daily.clock.now() + timedelta(minutes=20))
    assert await daily.planned() == [due + DAY]  # this one was given up; tomorrow is another day
    blocked.unlink()
    assert await daily.at(due + DAY) == 1
    assert len(daily.kept()) == 1
