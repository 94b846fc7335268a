"""The measurement itself: both bots in turn, again and again, so that a busy machine is unfair to both alike."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import machine
from bench.contenders import Contender, Running, started

# Seconds after the first answer until memory is read: discord.py tells ready 2 s after the last server.
SETTLE = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure; the default takes under three minutes.

    `budget` is in seconds: on a machine too busy for all blocks of answers no further one is begun after it.
    """

    blocks: int = 20
    alone: int = 200
    together: int = 400
    at_once: int = 50
    warm_up: int = 200
    users: int = 200
    starts: int = 3
    guilds: int = 1000
    settle: float = SETTLE
    budget: float = 80.0


QUICK = Plan(blocks=2, alone=10, together=50, at_once=10, warm_up=10, users=10, starts=1, guilds=20, settle=0.0)


@dataclass(slots=True)
class Figures:
    """What was seen of one bot; times in seconds, memory in megabytes."""

    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    together_wall: float = 0.0
    alone_cpu: float = 0.0
    together_cpu: float = 0.0
    first_start: float = 0.0
    starts: list[float] = field(default_factory=list)
    big_starts: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    big_memory: list[float] = field(default_factory=list)
    rows: int = 0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


async def measure(
    contenders: Sequence[Contender], plan: Plan, folder: Path, cores: set[int] | None
) -> dict[str, Figures]:
    """Runs the whole plan; returns figures by contender name."""
    figures = {contender.name: Figures() for contender in contenders}
    await _round_trips(contenders, plan, folder, cores, figures)
    for _ in range(plan.starts):
        for contender in contenders:
            found = figures[contender.name]
            await _start_once(contender, plan, folder, cores, 1, found.starts, found.memory)
    for _ in range(plan.starts):
        for contender in contenders:
            found = figures[contender.name]
            await _start_once(contender, plan, folder, cores, plan.guilds, found.big_starts, found.big_memory)
    return figures


async def _round_trips(
    contenders: Sequence[Contender], plan: Plan, folder: Path, cores: set[int] | None, figures: dict[str, Figures]
) -> None:
    async with AsyncExitStack() as stack:
        bots: list[Running] = []
        for contender in contenders:
            starting = started(contender, contender.place(folder), guilds=1, users=plan.users, cores=cores)
            bots.append(await stack.enter_async_context(starting))
        for bot in bots:
            figures[bot.contender.name].first_start = bot.ready_after
            await bot.greet()
            for _ in range(plan.warm_up):
                await bot.ask()
        ends = time.monotonic() + plan.budget
        for _ in range(plan.blocks):
            if time.monotonic() > ends:
                break
            for bot in bots:
                await _alone(bot, plan, figures[bot.contender.name])
            for bot in bots:
                await _together(bot, plan, figures[bot.contender.name])
    for contender in contenders:
        figures[contender.name].rows = contender.rows(contender.place(folder))


async def _alone(bot: Running, plan: Plan, figures: Figures) -> None:
    before = machine.cpu_seconds(bot.process.pid)
    for _ in range(plan.alone):
        figures.alone.append(await bot.ask())
    figures.alone_cpu += machine.cpu_seconds(bot.process.pid) - before


async def _together(bot: Running, plan: Plan, figures: Figures) -> None:
    left = iter(range(plan.together))
    before, began = machine.cpu_seconds(bot.process.pid), time.monotonic()
    await asyncio.gather(*(_keep_asking(bot, left, figures.together) for _ in range(plan.at_once)))
    figures.together_wall += time.monotonic() - began
    figures.together_cpu += machine.cpu_seconds(bot.process.pid) - before


async def _keep_asking(bot: Running, left: Iterable[int], seen: list[float]) -> None:
    for _ in left:
        seen.append(await bot.ask())


async def _start_once(
    contender: Contender,
    plan: Plan,
    folder: Path,
    cores: set[int] | None,
    guilds: int,
    starts: list[float],
    memory: list[float],
) -> None:
    async with started(contender, contender.place(folder), guilds=guilds, users=1, cores=cores) as bot:
        starts.append(bot.ready_after)
        await asyncio.sleep(plan.settle)
        memory.append(machine.resident_megabytes(bot.process.pid))


def middle(values: Sequence[float]) -> float:
    """The median, which one disturbed start does not move."""
    return statistics.median(values)
