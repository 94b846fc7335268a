"""When the bot was out, on both engines: found at a start and after a lost connection, not by a moved clock."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.outages import EVERY, KEPT, LEAST, STALE, Outages
from bot.storage import Database
from tests.clock import FakeClock

MINUTE = timedelta(minutes=1)
BEGUN = datetime(2026, 1, 15, 12, tzinfo=UTC)


class StepClock(FakeClock):
    """A clock whose sleepers wake when the test lets a minute pass."""

    def __init__(self) -> None:
        super().__init__(BEGUN)
        self._morning = asyncio.Event()
        self._asleep = asyncio.Condition()
        self._sleepers = 0

    async def sleep(self, seconds: float) -> None:
        assert seconds == EVERY
        morning = self._morning
        async with self._asleep:
            self._sleepers += 1
            self._asleep.notify_all()
        await morning.wait()

    def wake(self) -> None:
        """Wake every sleeper."""
        self._morning.set()
        self._morning = asyncio.Event()
        self._sleepers = 0

    async def asleep(self, number: int) -> None:
        """Wait until so many sleep."""
        async with self._asleep:
            await self._asleep.wait_for(lambda: self._sleepers == number)


@dataclass
class House:
    """A database, and the processes of a bot on it."""

    database: Database
    clock: StepClock = field(default_factory=StepClock)
    faults: list[str] = field(default_factory=list)
    watches: list[asyncio.Task[None]] = field(default_factory=list)

    def process(self, shards: tuple[int, ...] = (0,), count: int = 1, *, watched: bool = True) -> Outages:
        """A process; watched, as it runs outside of a rehearsal."""
        made = Outages(self.database, self.clock, lambda: (shards, count), self._record)
        if watched:
            self.watches.append(asyncio.create_task(made.watch()))
        return made

    def _record(self, error: BaseException, where: str) -> str:
        self.faults.append(type(error).__name__)
        return "AAAA-BBBB"

    async def passes(self, span: timedelta) -> None:
        """Let time pass minute by minute, with everybody's signs of life."""
        for _ in range(span // MINUTE):
            self.clock.advance(MINUTE)
            self.clock.wake()
            await self.clock.asleep(len(self.watches))

    async def kill(self) -> None:
        """End every process without a word."""
        for watch in self.watches:
            watch.cancel()
        await asyncio.gather(*self.watches, return_exceptions=True)
        self.watches.clear()
        self.clock.wake()

    async def outages(self) -> list[tuple[timedelta, timedelta]]:
        """What is kept, from when the test began."""
        async with self.database.read() as reader:
            found = await Outages(self.database, self.clock, lambda: ((0,), 1), self._record).since(
                reader, BEGUN - KEPT
            )
        return [(since - BEGUN, until - BEGUN) for since, until in found]

    async def signs(self) -> list[str]:
        """Whose signs of life are kept."""
        async with self.database.read() as reader:
            rows = await reader.fetch_all("SELECT key FROM app_state WHERE key LIKE 'heartbeat:%' ORDER BY key")
        return [row["key"] for row in rows]


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


async def started(house: House, *args: object, **options: bool) -> Outages:
    process = house.process(*args, **options)  # type: ignore[arg-type]
    await house.clock.asleep(len(house.watches))
    await process.begin()
    return process


async def test_a_first_start_finds_nothing(house: House) -> None:
    await started(house)
    assert await house.outages() == []
    assert await house.signs() == ["heartbeat:1:0"]
    await house.kill()


@pytest.mark.parametrize(("away", "kept"), [(LEAST - MINUTE, False), (LEAST, True), (timedelta(days=3), True)])
async def test_a_crash_is_an_outage_from_the_last_sign_on(house: House, away: timedelta, kept: bool) -> None:
    await started(house)
    await house.passes(30 * MINUTE)
    await house.kill()
    house.clock.advance(away)
    await started(house)
    assert await house.outages() == ([(30 * MINUTE, 30 * MINUTE + away)] if kept else [])
    await house.kill()


async def test_an_end_of_its_own_will_leaves_a_last_sign(house: House) -> None:
    process = await started(house)
    await house.passes(2 * MINUTE)
    house.clock.advance(30)
    await process.end()
    house.clock.advance(5)
    await process.lost(0)  # what a closing connection tells
    await house.kill()
    house.clock.advance(20 * MINUTE - timedelta(seconds=5))
    await started(house)
    assert await house.outages() == [(2.5 * MINUTE, 22.5 * MINUTE)]
    await house.kill()


async def test_a_lost_connection_is_an_outage_until_it_is_back(house: House) -> None:
    process = await started(house)
    await house.passes(5 * MINUTE)
    await process.lost(0)
    await house.passes(3 * MINUTE)
    await process.lost(0)  # each vain try tells it again
    await house.passes(12 * MINUTE)
    await process.back(0)
    await process.back(0)
    await process.begin()  # "ready" comes again
    assert await house.outages() == [(5 * MINUTE, 20 * MINUTE)]
    await house.passes(30 * MINUTE)
    assert len(await house.outages()) == 1
    await house.kill()


async def test_the_last_of_several_shards_ends_it(house: House) -> None:
    process = await started(house, (0, 1), 2)
    await process.lost(0)
    await house.passes(6 * MINUTE)
    await process.lost(1)
    await process.back(0)
    await house.passes(6 * MINUTE)
    assert await house.outages() == []
    await process.back(1)
    assert await house.outages() == [(timedelta(0), 12 * MINUTE)]
    await house.kill()


async def test_a_machine_that_slept_was_out_though_nothing_was_lost(house: House) -> None:
    process = await started(house)
    await house.passes(5 * MINUTE)
    house.clock.advance(timedelta(hours=2))
    await process.lost(0)  # seen only after waking up: no sign of life may be left now
    await process.back(0)
    assert await house.outages() == [(5 * MINUTE, 125 * MINUTE)]
    house.clock.advance(timedelta(hours=1))
    await house.passes(MINUTE)  # another nap, of which no connection tells
    assert await house.outages() == [(5 * MINUTE, 125 * MINUTE), (125 * MINUTE, 186 * MINUTE)]
    await house.kill()


async def test_a_short_standstill_is_none(house: House) -> None:
    await started(house)
    house.clock.advance(STALE + MINUTE)
    await house.passes(2 * MINUTE)
    assert await house.outages() == []
    assert await house.signs() == ["heartbeat:1:0"]
    await house.kill()


async def test_where_nobody_watches_a_jump_of_the_clock_is_none(house: House) -> None:
    process = await started(house, watched=False)
    house.clock.advance(timedelta(days=9))
    await process.end()
    await started(house, watched=False)
    house.clock.advance(timedelta(days=9))
    await started(house, watched=False)
    assert await house.outages() == []
    assert await house.signs() == []


async def test_where_nobody_watches_a_lost_connection_counts_until_the_next_start(house: House) -> None:
    process = await started(house, watched=False)
    house.clock.advance(timedelta(days=1))
    await process.lost(0)
    house.clock.advance(timedelta(hours=3))
    again = await started(house, watched=False)
    assert await house.outages() == [(timedelta(days=1), timedelta(days=1, hours=3))]
    house.clock.advance(timedelta(days=1))
    await again.end()
    await started(house, watched=False)
    assert len(await house.outages()) == 1


async def test_a_start_whose_first_look_fails_finds_the_outage_a_minute_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started(house)
    await house.passes(5 * MINUTE)
    await house.kill()
    house.clock.advance(20 * MINUTE)

    async def fails(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(Outages, "_last_sign", fails)
        await started(house)
    assert house.faults == ["ConnectionError"]
    await house.passes(2 * MINUTE)
    assert await house.outages() == [(5 * MINUTE, 26 * MINUTE)]
    await house.kill()


async def test_processes_with_shards_of_their_own_have_signs_of_their_own(house: House) -> None:
    first = await started(house, (0,), 2)
    await started(house, (1,), 2)
    assert await house.signs() == ["heartbeat:2:0", "heartbeat:2:1"]
    await first.lost(0)
    await house.passes(15 * MINUTE)  # the other one goes on
    await first.back(0)
    assert await house.outages() == [(timedelta(0), 15 * MINUTE)]
    await house.kill()


async def test_shards_divided_anew_know_the_last_sign_of_anybody(house: House) -> None:
    await started(house, (0,), 2)
    await started(house, (1,), 2)
    await house.passes(4 * MINUTE)
    await house.kill()
    house.clock.advance(20 * MINUTE)
    await started(house)
    assert await house.outages() == [(4 * MINUTE, 24 * MINUTE)]
    assert await house.signs() == ["heartbeat:1:0"]
    await house.kill()


async def test_two_that_end_the_same_outage_keep_it_once_and_the_longer_one(house: House) -> None:
    first, second = await started(house, (0,), 2), await started(house, (1,), 2)
    await first.lost(0)
    await second.lost(1)
    await house.passes(20 * MINUTE)
    await second.back(1)
    house.clock.advance(MINUTE)
    await first.back(0)
    assert await house.outages() == [(timedelta(0), 21 * MINUTE)]
    await house.kill()


async def test_old_ones_are_forgotten(house: House) -> None:
    process = await started(house)
    await process.lost(0)
    await house.passes(20 * MINUTE)
    await process.back(0)
    await house.kill()
    house.clock.advance(KEPT + timedelta(days=1))
    await started(house)
    assert [since for since, _ in await house.outages()] == [20 * MINUTE]
    await house.kill()


async def test_a_database_that_fails_is_recorded_and_harms_no_connection(house: House) -> None:
    process = await started(house)
    await house.database.close()
    await process.lost(0)
    await process.back(0)
    await process.end()
    assert len(house.faults) == 3
    await house.kill()
