"""Every interaction comes by the front desk: it is acknowledged in time, held against the policy, and counted."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

from bot.discordkit.answer import Answer, AnyInteraction
from bot.discordkit.error_path import ErrorPath
from bot.discordkit.standing import Standings
from bot.errors import Refusal
from bot.ids import Ids
from bot.metrics import Metrics
from bot.policy import Standing, decide

Work = Callable[[Answer, Standing], Awaitable[None]]


class FrontDesk:
    """Shared by commands, presses and forms."""

    def __init__(self, standings: Standings, ids: Ids, errors: ErrorPath, metrics: Metrics) -> None:
        self.standings = standings
        self._ids = ids
        self._errors = errors
        self._metrics = metrics
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def quiet(self) -> None:
        """Return as soon as no interaction is being handled."""
        await self._idle.wait()

    async def serve(self, interaction: AnyInteraction, action: str, work: Work, *, public: bool = False) -> None:
        """Open an `Answer`, ask the policy, do the work. A refusal is told here; other errors go to the error path."""
        started = perf_counter()
        answer = Answer(interaction, self._ids, public=public)
        self._open += 1
        self._idle.clear()
        with answer.on_time():
            try:
                who = await self.standings.for_action(interaction, action)
                decision = decide(action, who)
                if not decision.allowed:
                    raise Refusal(decision.reason)
                await work(answer, who)
            except Refusal as refusal:
                await self._errors.tell(interaction, refusal)
            finally:
                self._metrics.interaction(action, perf_counter() - started)
                self._open -= 1
                if not self._open:
                    self._idle.set()

    async def outdated(self, interaction: AnyInteraction) -> None:
        """Answer a press or form of ours that no handler knows any more."""
        Answer(interaction, self._ids)
        await self._errors.tell(interaction, Refusal("kit.refused.outdated"))
