"""Clocks for what really waits: `FakeClock.sleep` returns at once, and a waiting loop would spin on it."""

import asyncio
from datetime import datetime, timedelta

from tests.clock import FakeClock


class YieldingClock(FakeClock):
    """Lets everybody else run once before a sleep moves the time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.advance(seconds)


class PatientClock(FakeClock):
    """Sleepers wait until the test has moved the time far enough."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__(start)
        self.sleepers: dict[asyncio.Future[None], datetime] = {}
        self._slept = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers[done] = self.now() + timedelta(seconds=seconds)
        self._slept.set()
        try:
            await done
        finally:
            del self.sleepers[done]

    def advance(self, by: timedelta | float) -> None:
        super().advance(by)
        for done, wake_at in self.sleepers.items():
            if wake_at <= self.now() and not done.done():
                done.set_result(None)

    async def next_sleep(self) -> float:
        """Wait until somebody falls asleep who was not asleep at the last call; return for how many seconds."""
        await asyncio.wait_for(self._slept.wait(), 10)
        self._slept.clear()
        wake_at = list(self.sleepers.values())[-1]
        return (wake_at - self.now()).total_seconds()
