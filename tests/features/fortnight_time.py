"""The time of the fortnight: everything happens at its moment, and once a day the bot is killed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count, cycle
from typing import Any

from discord.http import Route

from bot.client import Evenkeel
from rehearsal.world import World
from tests.features.fortnight import EVENING, MINUTE, dues
from tests.features.setting_up import bot_of

Act = Callable[[], Awaitable[None]]


class Time:
    """Moves a world on from one thing that happens to the next.

    A kill is "idle", "asking" (as the evening's check-in is posted), "open" (while somebody fills in a form), "before"
    (a form was kept, nothing delivered yet) or "within" (in the middle of delivering). `armed` waits for its occasion.
    """

    def __init__(self, world: World, source: random.Random) -> None:
        self.world = world
        self.source = source
        self.outages: list[tuple[datetime, datetime]] = []
        self.kills: list[str] = []
        self.cuts = 0
        self._heard = cycle((True, True, False))
        self.armed = ""
        self.numbers = count(1)
        self._due: list[tuple[datetime, int, Act]] = []

    @property
    def now(self) -> datetime:
        """The simulation's time."""
        return self.world.env.now()

    def when(self, moment: datetime, act: Act) -> None:
        """Let something happen at a moment."""
        heappush(self._due, (moment, next(self.numbers), act))

    async def live(self, until: datetime) -> None:
        """Let everything happen that is due up to a moment."""
        while self._due and self._due[0][0] <= until:
            moment, _, act = heappop(self._due)
            await self._pass(moment)
            await act()
        await self._pass(until)

    async def _pass(self, moment: datetime) -> None:
        if moment > self.now:
            await self.world.advance(moment - self.now)

    async def deliver(self, *, posts: bool = True) -> None:
        """Let the bot do what it has to, unless it is killed before or, where there is something to post, within it."""
        if self.armed == "before" or (posts and self.armed == "within"):
            kind, self.armed = self.armed, ""
            await self.kill(kind)
        else:
            await self.world.catch_up()

    async def kill(self, kind: str) -> None:
        """Kill the bot, with its work undone or ("within", "asking") in the middle of it; it is away for a while."""
        if kind in ("within", "asking"):
            work = self.world.catch_up() if kind == "within" else self.world.advance(timedelta(seconds=2))
            calls = 1 if kind == "within" else self.source.randint(1, 2)  # a check-in is a post and its thread
            self.cuts += await cut_short(bot_of(self.world), work, calls, heard=next(self._heard))
        since = self.now
        await bot_of(self.world).outages.lost(0)  # its last sign of life
        await self.world.restart(away=self.source.randint(3, 50) * MINUTE)
        self.outages.append((since, self.now))
        self.kills.append(kind)

    def plan_kills(self, until: datetime) -> None:
        """Kill the bot once a day, each kind in its turn at a random hour, or just as the evening is asked."""
        kinds = cycle(self.source.sample(("idle", "before", "within", "open", "asking"), 5))
        for due in dues(until)[EVENING][1:]:
            kind = next(kinds)
            moment = due - timedelta(seconds=1) if kind == "asking" else due - self.source.randint(60, 1380) * MINUTE
            self.when(moment, lambda kind=kind: self._arm(kind))  # type: ignore[misc]

    async def _arm(self, kind: str) -> None:
        if kind in ("idle", "asking"):
            await self.kill(kind)
        else:
            self.armed = kind


async def cut_short(bot: Evenkeel, work: Awaitable[object], calls: int, *, heard: bool) -> bool:
    """Begin some work and stop for good at one of the posts it makes, before or after that is heard; False: it ended.

    Nothing is tidied up after it, as where the power goes: its jobs stay leased, their rows are not written.
    """
    send, hung, left = bot.http.request, asyncio.Event(), calls

    async def request(route: Route, **options: Any) -> Any:
        nonlocal left
        left -= route.method == "POST"
        if left > 0:
            return await send(route, **options)
        if left == 0 and heard:
            left -= 1
            await send(route, **options)
        hung.set()
        return await asyncio.Event().wait()

    bot.http.request = request  # type: ignore[method-assign]
    working, waiting = asyncio.ensure_future(work), asyncio.ensure_future(hung.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    ending = (working, waiting, *bot.jobs._running)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
    return hung.is_set()
