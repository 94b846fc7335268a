"""A member's own history among 10,000 entries and among a million, on each engine there is; and the picture of it.

All entries lie in one server and are written day by day, as they would be, so that a member's lie far apart.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg

from bench.rounds import percentile
from bot.clock import SystemClock
from bot.content import load_content
from bot.guilds import Guilds
from bot.members import Consents, Members
from bot.outages import Outages
from bot.storage import Database, Value, Vault, migrate, open_database
from bot.text.catalogue import DATA_DIR
from cogs.checkins.rules import Choice
from cogs.checkins.rules.answers import Given
from cogs.checkins.service.history import HistoryService, Spot
from cogs.checkins.service.picture import picture_of
from cogs.checkins.service.rhythm import DayReader, RhythmService, Shelves
from cogs.checkins.service.sets import SetService
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.entry import COLUMNS, EntryRows
from cogs.checkins.store.past import Mark, PastStore
from cogs.checkins.store.people import PeopleStore
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.schedules import ScheduleStore
from cogs.checkins.store.sets import SetStore
from cogs.checkins.ui.chart import Easel

FEW, MANY, LOOKS, PICTURES = 10_000, 1_000_000, 60, 20
DAYS = 365
# What the issue promises: among the many no more than so many times the cost among the few.
AIM = 1.5
SERVER = "EVENKEEL_TEST_POSTGRES_URL"
_KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_GROUP, _MEMBER, _BATCH = 1 << 22, 2 << 22, 20_000
_INSERT = (
    f"INSERT INTO checkin_entries ({', '.join(COLUMNS)}) "  # noqa: S608 - names of the house
    f"VALUES ({', '.join(f'${place}' for place in range(1, len(COLUMNS) + 1))})"
)


@dataclass(frozen=True, slots=True)
class Looks:
    """Seconds of looks at a month and at a year, among the few and among the many, on one engine."""

    engine: str
    few: dict[int, tuple[float, ...]]
    many: dict[int, tuple[float, ...]]

    def __str__(self) -> str:
        parts = []
        for days, few in self.few.items():
            one, other = percentile(few, 0.5), percentile(self.many[days], 0.5)
            mark = "" if other <= AIM * one else f", above the aim of {AIM}"
            parts.append(f"{days} days {one * 1e3:.1f} ms and {other * 1e3:.1f} ms, ratio {other / one:.2f}{mark}")
        return f"history among {FEW:,} and {MANY:,} entries, {self.engine}: {'; '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Seconds of the first picture, with what it has to import, and of the next ones."""

    first: float
    later: tuple[float, ...]

    def __str__(self) -> str:
        p50, p99 = (percentile(self.later, share) * 1e3 for share in (0.5, 0.99))
        return f"picture of a year: the first in {self.first * 1e3:.0f} ms, then p50 {p50:.0f} ms, p99 {p99:.0f} ms"


def measure(*, quick: bool = False) -> str:
    """Measures with fixed data: under a minute on SQLite, some more where PostgreSQL's address is set."""
    return asyncio.run(_measure(quick))


async def _measure(quick: bool) -> str:
    found: list[object] = []
    with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
        found.append(await _pictures(Path(folder) / "matplotlib"))
        async with _engines(folder) as engines:
            for name, (few, many) in engines.items():
                found.append(await _looks(name, few, many, quick))
    return "\n".join(map(str, found))


async def _pictures(folder: Path) -> Pictures:
    last = date(2026, 11, 23)
    marks = [
        Mark(last - timedelta(days=back), {"mood": 1 + back % 5, "sleep": 1 + back % 3, "urge": back % 11})
        for back in range(DAYS)
        if back % 7
    ]
    data, easel = picture_of(last - timedelta(days=DAYS - 1), last, marks), Easel(folder)
    times = []
    for _ in range(PICTURES + 1):
        began = time.perf_counter()
        await easel.draw(data)
        times.append(time.perf_counter() - began)
    return Pictures(times[0], tuple(times[1:]))


@asynccontextmanager
async def _engines(folder: str) -> AsyncIterator[dict[str, tuple[Database, Database]]]:
    """Two databases on each engine: for the few and for the many."""
    server, run = os.environ.get(SERVER), uuid.uuid4().hex
    addresses = {"SQLite": [f"sqlite:///{folder}/{size}.db" for size in ("few", "many")]}
    schemas = [f"evenkeel_{size}_{run}" for size in ("few", "many")] if server else []
    for schema in schemas:
        await _say(f"{server}", f"CREATE SCHEMA {schema}")
        address = f"{server}{'&' if '?' in f'{server}' else '?'}search_path={schema}"
        addresses.setdefault("PostgreSQL", []).append(address)
    opened: dict[str, list[Database]] = {}
    try:
        for name, both in addresses.items():
            for address in both:
                await asyncio.to_thread(migrate, address)
                opened.setdefault(name, []).append(await open_database(address))
        yield {name: (few, many) for name, (few, many) in opened.items()}
    finally:
        for database in (one for both in opened.values() for one in both):
            await database.close()
        for schema in schemas:
            await _say(f"{server}", f"DROP SCHEMA {schema} CASCADE")


async def _say(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _looks(name: str, few: Database, many: Database, quick: bool) -> Looks:
    rows = EntryRows(Vault.from_keys([_KEY]))
    await _fill(few, rows, FEW // DAYS)
    await _fill(many, rows, (FEW if quick else MANY) // DAYS)
    services = [_service(few), _service(many)]
    found: list[dict[int, list[float]]] = [{30: [], DAYS: []} for _ in services]
    for _ in range(2 if quick else LOOKS):
        # In turns, so that whatever else the machine does touches both alike.
        for service, times in zip(services, found, strict=True):
            for days, seconds in times.items():
                began = time.perf_counter()
                history = await service.look(_GROUP, _MEMBER, Spot(days))
                seconds.append(time.perf_counter() - began)
                assert history is not None
    one, other = ({days: tuple(seconds) for days, seconds in times.items()} for times in found)
    return Looks(name, one, other)


async def _fill(database: Database, rows: EntryRows, people: int) -> None:
    """Write a year of entries of so many people, and of the member whose history is looked at."""
    batch: list[tuple[Value, ...]] = []
    for values in _entries(rows, people):
        batch.append(values)
        if len(batch) == _BATCH:
            await _write(database, batch)
            batch = []
    await _write(database, batch)
    if database.dialect == "postgresql":
        async with database.write() as writer:
            await writer.execute("ANALYZE checkin_entries")


async def _write(database: Database, batch: list[tuple[Value, ...]]) -> None:
    async with database.write() as writer:
        await writer.execute_many(_INSERT, batch)


def _entries(rows: EntryRows, people: int) -> Iterator[tuple[Value, ...]]:
    today = datetime.now(UTC).date()
    user, entry = COLUMNS.index("user_id"), COLUMNS.index("entry_id")
    for back in reversed(range(DAYS)):
        day = today - timedelta(days=back)
        one = _entry(day)
        # Sealing takes longer than writing: strangers' words of a day are the same.
        values = list(rows.values(one))
        for person in range(people):
            values[entry], values[user] = (back * 10_000 + person + 1) << 10, (person + 10) << 22
            yield tuple(values)
        yield rows.values(replace(one, entry_id=(back * 10_000 + 9_999) << 10, user_id=_MEMBER))


def _entry(day: date) -> Entry:
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    mood = Given("mood", "scale", "mood", "How are you today?", 3, "3 · So-so")
    line = Given("line", "short", "", "Anything you'd like to say, in a line", shown="A walk in the rain. " * 5)
    return Entry(
        entry_id=0, guild_id=_GROUP, user_id=0, schedule_id=0, set_id="how-am-i-today", day=day, post_day=None,
        choice=Choice.ME, mood=3, sleep=2, urge=4, marks=(mood,), words=(line,), numbers_shown=False, held=None,
        edition=1, place=Choice.ME.place, channel_id=None, message_id=None, room_id=None, asked_at=None,
        answered_at=None, told_early=False, told=False, written_at=moment, updated_at=moment,
    )  # fmt: skip


def _service(database: Database) -> HistoryService:
    clock, vault, content = SystemClock(), Vault.from_keys([_KEY]), load_content(DATA_DIR)
    guilds, consents = Guilds(database, clock), Consents(database, clock)
    entries, people, schedules = EntryStore(vault), PeopleStore(), ScheduleStore(vault)
    outages = Outages(database, clock, lambda: ((0,), 1), lambda error, where: "")
    days = DayReader(Members(database, vault, clock), guilds, outages, Shelves(people, entries, PostStore(), schedules))
    rhythm = RhythmService(database, clock, guilds, consents, people, days)
    sets = SetService(database, clock, content.question_sets, frozenset(), SetStore(vault), schedules)
    return HistoryService(
        database, clock, guilds, consents, entries, PastStore(), people, schedules, sets, rhythm
    )  # fmt: skip
