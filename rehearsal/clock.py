"""The rehearsal's time: the simulation's clock, moved only by hand."""

import asyncio
from datetime import UTC, datetime

import simcord


class RehearsalClock:
    """A `bot.clock.Clock` that tells the simulation's time.

    The bot is put together before the simulation exists, so the clock tells `start` until `follow` joins
    the two.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._env: simcord.Env | None = None

    def follow(self, env: simcord.Env) -> None:
        """Bring the simulation to this clock's moment and tell its time from now on.

        Call it once, before the simulation starts: its own calendar begins on 1 January 2026 and can't go
        back, so an earlier `start` becomes that day.
        """
        env.backend.advance_clock(max(0.0, (self._start - env.now()).total_seconds()))
        self._env = env

    def now(self) -> datetime:
        return self._env.now() if self._env is not None else self._start

    async def sleep(self, seconds: float) -> None:
        """Let the simulated time pass at once; nothing that is due by then is started by it."""
        if self._env is not None and seconds > 0:
            self._env.backend.advance_clock(seconds)
        await asyncio.sleep(0)
