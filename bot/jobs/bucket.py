"""The process's own limit on scheduled sending, fair between servers."""

import asyncio
from collections import OrderedDict, deque

from bot.clock import Clock

# Discord allows a bot 50 requests a second, whatever the route (Discord API reference, "Rate Limits", global
# limit). Rate and burst together stay within that in any one second.
RATE = 45.0
BURST = 5
_SHORTEST_SLEEP = 0.001  # seconds: less would round to nothing on a clock of microseconds


class TokenBucket:
    """Lets `rate` callers a second through, after `burst` at once; servers that wait take turns.

    Interactive replies never ask it: interaction endpoints don't count for Discord's limit. Raises
    `ValueError` for a rate or burst that lets nobody through.
    """

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a bucket needs a rate above zero and room for one token")
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._filled_at = clock.now()
        self._queues: OrderedDict[int | None, deque[asyncio.Future[None]]] = OrderedDict()
        self._pump: asyncio.Task[None] | None = None

    async def take(self, guild_id: int | None) -> None:
        """Wait for this server's turn and a token. A caller that is cancelled while waiting uses none up."""
        self._fill()
        if not self._queues and self._tokens >= 1:
            self._tokens -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._queues.setdefault(guild_id, deque()).append(turn)
        if self._pump is None:
            self._pump = asyncio.create_task(self._serve(), name="token bucket")
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the token came in the same moment: it goes back
                self._tokens += 1
            raise

    def _fill(self) -> None:
        """Add what has come in since the last time; a clock that was set back adds nothing."""
        now = self._clock.now()
        passed = max(0.0, (now - self._filled_at).total_seconds())
        self._filled_at = now
        self._tokens = min(float(self._burst), self._tokens + passed * self._rate)

    async def _serve(self) -> None:
        """Hand out tokens while somebody waits: the servers in turn, the oldest caller of each."""
        try:
            while self._drop_cancelled():
                self._fill()
                if self._tokens < 1:
                    await self._clock.sleep(max(_SHORTEST_SLEEP, (1 - self._tokens) / self._rate))
                    continue
                self._serve_one()
        finally:
            self._pump = None

    def _serve_one(self) -> None:
        guild_id, queue = self._queues.popitem(last=False)
        queue.popleft().set_result(None)
        self._tokens -= 1
        if queue:
            self._queues[guild_id] = queue  # to the end: everybody else comes first

    def _drop_cancelled(self) -> bool:
        """Forget the callers that were cancelled; return whether anybody waits."""
        for guild_id, queue in list(self._queues.items()):
            while queue and queue[0].done():
                queue.popleft()
            if not queue:
                del self._queues[guild_id]
        return bool(self._queues)
