"""When the bot was out: nobody's check-in day counts as missed for that.

While the gateway is connected, `watch` leaves a sign of life each minute in `app_state`, one for each set of shards.
What lies between the last sign and the next connection is an outage from `LEAST` on: at a start after a crash, an
update or a power cut, and after a connection that was lost and came back.

Where nobody watches (the rehearsal and the tests, in which time is moved by hand) a lost connection alone leaves a
sign: a jump of the clock is no outage.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock, from_ms, to_ms
from bot.storage import Database, Reader, Writer

LEAST = timedelta(minutes=10)
"""From this length on an outage is kept (product.md, Check-ins: outages of the bot freeze a rhythm)."""

EVERY = 60.0
"""Seconds between two signs of life."""

STALE = timedelta(minutes=3)
"""A process whose last sign is older than this stood still: waking up, it must not say that it was there."""

KEPT = timedelta(days=400)
"""Thirteen months: longer than any check-in is kept."""

_SIGN = "heartbeat"
Shards = Callable[[], tuple[tuple[int, ...], int]]
RecordError = Callable[[BaseException, str], str]


class Outages:
    """Signs of life of this process, and the outages of all of them.

    `shards` says which shards this process has, of how many: another division begins new signs. An error of the
    database is recorded and raises nothing: no connection fails for a sign of life.
    """

    def __init__(self, database: Database, clock: Clock, shards: Shards, record_error: RecordError) -> None:
        self._database = database
        self._clock = clock
        self._shards = shards
        self._record_error = record_error
        self._ready = False
        self._missing: set[int] = set()
        self._watched = False
        self._last: datetime | None = None

    async def since(self, reader: Reader, moment: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """Return the outages (from, until) that went on after `moment`, the earliest first."""
        rows = await reader.fetch_all("SELECT since, until FROM outages WHERE until > $1 ORDER BY since", to_ms(moment))
        return tuple((from_ms(row["since"]), from_ms(row["until"])) for row in rows)

    @property
    def _connected(self) -> bool:
        return self._ready and not self._missing

    async def begin(self) -> None:
        """All shards are connected for the first time (later ones change nothing)."""
        if not self._ready:
            self._ready = True
            await self._look()

    async def lost(self, shard: int) -> None:
        """A shard has lost its connection: until now all was well, unless the process stood still."""
        if self._connected and not self._stood_still():
            await self._safely(self._leave_sign())
        self._missing.add(shard)

    async def back(self, shard: int) -> None:
        """A shard is connected again."""
        if shard in self._missing:
            self._missing.remove(shard)
            await self._look()

    async def end(self) -> None:
        """The process ends of its own will."""
        if self._watched and self._connected and not self._stood_still():
            await self._safely(self._leave_sign())
        self._ready = False  # what the closing connection tells from here on is no loss

    async def watch(self) -> None:
        """Leave a sign of life each minute, for as long as this task runs."""
        self._watched = True
        while True:
            if self._connected:
                # After a standstill (a machine asleep) there may be a gap, though no connection was seen to be lost; so
                # there may be after a start at which the database didn't answer.
                look = self._last is None or self._stood_still()
                await self._safely(self._found() if look else self._leave_sign())
            await self._clock.sleep(EVERY)

    def _stood_still(self) -> bool:
        return self._watched and self._last is not None and self._clock.now() - self._last > STALE

    async def _look(self) -> None:
        if self._connected:
            await self._safely(self._found())

    async def _found(self) -> None:
        """Keep the outage that ends now, if there was one; signs of life begin anew."""
        now = self._clock.now()
        async with self._database.write() as writer:
            last = await self._last_sign(writer)
            if last is not None and now - last >= LEAST:
                await writer.execute(
                    "INSERT INTO outages (since, until) VALUES ($1, $2) ON CONFLICT (since) DO UPDATE SET until = "
                    "CASE WHEN excluded.until > outages.until THEN excluded.until ELSE outages.until END",
                    to_ms(last), to_ms(now),
                )  # fmt: skip
            await writer.execute("DELETE FROM outages WHERE until < $1", to_ms(now - KEPT))
            if self._watched:
                await self._sign(writer, now)

    async def _leave_sign(self) -> None:
        async with self._database.write() as writer:
            await self._sign(writer, self._clock.now())

    async def _sign(self, writer: Writer, now: datetime) -> None:
        await writer.execute(
            "INSERT INTO app_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            self._key(), str(to_ms(now)),
        )  # fmt: skip
        self._last = now

    async def _last_sign(self, writer: Writer) -> datetime | None:
        """Take away the last sign of these shards; where they were divided otherwise before, the last of anybody.

        Signs of another division go with it: no process leaves them any more, and one that came back much later would
        take the time between for an outage.
        """
        rows = await writer.fetch_all("SELECT key, value FROM app_state WHERE key LIKE $1", f"{_SIGN}:%")
        signs = {row["key"]: from_ms(int(row["value"])) for row in rows}
        division = f"{_SIGN}:{self._shards()[1]}:"
        former = {key: moment for key, moment in signs.items() if not key.startswith(division)}
        own = signs.get(self._key())
        for key in (*former, self._key()):
            await writer.execute("DELETE FROM app_state WHERE key = $1", key)
        return own or max(former.values(), default=None)

    def _key(self) -> str:
        ids, count = self._shards()
        return f"{_SIGN}:{count}:{'.'.join(map(str, sorted(ids)))}"

    async def _safely(self, work: Coroutine[Any, Any, None]) -> None:
        for failure in await asyncio.gather(work, return_exceptions=True):
            if failure is not None:
                self._record_error(failure, "a sign of life")
