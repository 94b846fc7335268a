"""The rehearsal's world: one simulated Discord, the real bot in it, and time that moves by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import discord
import simcord

from rehearsal.clock import RehearsalClock
from rehearsal.diary import Diary
from rehearsal.engine import Engine
from rehearsal.group import Group, seed_group, seed_other_group

# Real seconds the bot gets to come to rest after each step; a busy machine needs more than simcord's own 5.
SETTLE_TIMEOUT = 30.0
MORNING = time(8, 0)
EVENING = time(18, 0)
# How long a job that neither finishes nor moves its own time is left alone.
STUCK_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Generation:
    """One start of the bot, and what closes it."""

    bot: discord.Client
    stack: AsyncExitStack


@dataclass
class World:
    """A running rehearsal.

    Whoever does something in `env` holds `lock` meanwhile, because simcord refuses operations that overlap.
    """

    engine: Engine
    env: simcord.Env
    clock: RehearsalClock
    group: Group
    other: Group
    ready: bool
    diary: Diary
    generation: Generation
    lock: asyncio.Lock

    @property
    def bot(self) -> discord.Client:
        return self.generation.bot

    async def zone(self) -> ZoneInfo:
        """Return the zone the group has set, else the one of its people file."""
        return ZoneInfo(await self.engine.zone(self.bot, self.group) or self.group.zone)

    async def local_time(self) -> datetime:
        """Return the rehearsal's time on the group's wall clock."""
        return self.env.now().astimezone(await self.zone())

    async def restart(self, away: timedelta = timedelta()) -> None:
        """Stop the bot and start a fresh one on the same database, as an update or a power cut would.

        With `away` so much time passes in between, in which nothing runs. What came due meanwhile runs at the end.
        """
        async with self.lock:
            with self.env.time_context():
                if away:
                    self.bot.dispatch("shard_disconnect", 0)  # the simulation tells of no lost connection
                    await self.env.settle()
                    await self._pass_time(self.env.now() + away)
                fresh = await _generation(self.engine, self.clock)
                try:
                    await self.env.restart_bot(fresh.bot)
                except BaseException:
                    await fresh.stack.aclose()
                    raise
                before, self.generation = self.generation, fresh
                await before.stack.aclose()
                if away:
                    await self.run_due()
        self.diary.note_restart()

    async def advance(self, span: timedelta) -> None:
        """Let time pass from one due job to the next, as it would by itself."""
        async with self.lock:
            with self.env.time_context():
                await self._advance_to(self.env.now() + span)
        self.diary.note_time(await self.local_time(), span)

    async def advance_to_morning(self) -> None:
        """Go to the next eight o'clock in the morning on the group's wall clock."""
        here = await self.local_time()
        day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
        morning = datetime.combine(day, MORNING, here.tzinfo)
        await self.advance(morning.astimezone(UTC) - self.env.now())

    async def catch_up(self) -> bool:
        """Run what is due by now, as the bot's own waiting loop does at once outside of a rehearsal.

        Call it after whatever a person did; returns whether anything ran.
        """
        async with self.lock:
            with self.env.time_context():
                return await self.run_due()

    async def run_due(self) -> bool:
        """`catch_up` for a caller that holds the lock already."""
        ran = False
        while (due := await self.engine.next_due(self.bot)) is not None and due <= self.env.now():
            if not await self.engine.run_due(self.bot):
                break
            ran = True
            await self.env.settle()
        return ran

    async def _advance_to(self, target: datetime) -> None:
        while (due := await self.engine.next_due(self.bot)) is not None and due <= target:
            await self._pass_time(due)
            if not await self.run_due() and await self.engine.next_due(self.bot) == due:
                if self.env.now() >= target:
                    break
                await self._pass_time(min(self.env.now() + STUCK_STEP, target))
        await self._pass_time(target)

    async def _pass_time(self, moment: datetime) -> None:
        await self.env.advance_time(max(0.0, (moment - self.env.now()).total_seconds()))


@asynccontextmanager
async def opened_world(engine: Engine, *, ready: bool, start: datetime) -> AsyncIterator[World]:
    """Start a world at `start`; `ready` seeds the channels and tells the bot of them.

    Only one world can be open in an event loop.
    """
    clock = RehearsalClock(start)
    first = await _generation(engine, clock)
    async with AsyncExitStack() as closing:
        closing.push_async_callback(first.stack.aclose)
        env = _env(first.bot)
        clock.follow(env)
        await env.start()
        closing.push_async_callback(env.shutdown)
        with env.time_context():
            group = await seed_group(env, with_channels=ready)
            other = await seed_other_group(env)
            if ready:
                await engine.set_up(first.bot, group)
            await env.settle()
        world = World(engine, env, clock, group, other, ready, Diary(env, group), first, lock=asyncio.Lock())
        try:
            yield world
        finally:
            await env.shutdown()
            closing.pop_all()
            await world.generation.stack.aclose()


async def _generation(engine: Engine, clock: RehearsalClock) -> Generation:
    stack = AsyncExitStack()
    return Generation(await stack.enter_async_context(engine.assembled(clock)), stack)


def _env(bot: discord.Client) -> simcord.Env:
    shards = 1 if isinstance(bot, discord.AutoShardedClient) else None
    return simcord.Env(bot, check_errors=False, shard_count=shards, settle_timeout=SETTLE_TIMEOUT)


def this_evening(zone: ZoneInfo) -> datetime:
    """Return six in the evening of the machine's own date: when a rehearsal for a person begins."""
    return datetime.combine(datetime.now(zone).date(), EVENING, zone)
