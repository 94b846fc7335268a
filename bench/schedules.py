"""Ten check-ins in each of a thousand servers, all due at the same moment: do the posts leave at the allowed pace, each
once and fairly between servers, and are people answered as quickly meanwhile as before?

Our bot runs in a process of its own against the loopback Discord. Discord's global limit (50 requests a second) holds
there too; answers to people are free of it.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import machine
from bench.contenders import CONSENT, OURS, START_WITHIN, STOP_WITHIN, ZONES
from bench.rush import FORM, QUICK, TIMEZONE, Phase, Plan, Rush
from bot.clock import SystemClock, to_ms
from bot.ids import Ids
from bot.storage import Vault, load_or_make_key, migrate, open_database
from cogs.checkins.rules.schedule import EVERY_DAY
from cogs.checkins.service.sets import DEFAULT_SET
from cogs.checkins.service.turns import TURN, plan_turn
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from tests.wire.discord_server import Guild, WireDiscord
from tests.wire.discord_server.interactions import DEFER, DEFER_UPDATE, MODAL, Interaction
from tests.wire.discord_server.messages import every_component
from tests.wire.discord_server.values import EPOCH_MS

# Seconds: how often we look whether our own loop stands still, and from when on that counts.
_TICK, _STALL = 0.01, 0.02
_POST = "ek1:checkins:now:"


def measure(plan: Plan | None = None, *, quick: bool = False, cores: set[int] | None = None) -> Rush:
    """Measures once: under five minutes, with `quick` under a minute."""
    with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
        return asyncio.run(_measure(plan or (QUICK if quick else Plan()), Path(folder), cores))


async def _measure(plan: Plan, folder: Path, cores: set[int] | None) -> Rush:
    ends = time.monotonic() + plan.stop
    async with WireDiscord(checked=False, recording=False) as wire:
        names = [f"channel-{one}" for one in range(plan.each)]
        guilds = [wire.add_guild(f"Group {one}", channels=names, member_count=50) for one in range(plan.guilds)]
        due = await _written(plan, guilds, folder)
        async with _started(wire, folder, cores) as pid:
            crowd = Crowd(plan, wire, guilds)
            await crowd.greet()
            gc.collect()
            gc.freeze()  # our own collections would hold Discord up
            calm, rush = Phase(), Phase()
            left = (due - datetime.now(UTC)).total_seconds()
            await asyncio.sleep(max(0.0, left - plan.calm - 1))
            async with _watched(calm, pid), crowd.asking(calm):
                await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 1))
            await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
            async with _watched(rush, pid), crowd.asking(rush):
                await _all_posted(plan, wire, guilds, ends)
            await asyncio.sleep(min(2.0, plan.quiet))  # what is posted twice comes late
        kept, tomorrow = _rows(folder, due)
        log = len((folder / "log").read_text(errors="replace").splitlines())
        refused = wire.rest.limits.refused
        return Rush(plan, to_ms(due), tuple(_posts(wire, guilds)), calm, rush, refused, kept, tomorrow, log)


class _Numbers(Ids):
    """Ids from one up: ten thousand random ones made within a second could meet."""

    def __init__(self) -> None:
        super().__init__(SystemClock(), random.Random(7))
        self._numbers = itertools.count(1)

    def new(self) -> int:
        return next(self._numbers)


async def _written(plan: Plan, guilds: Sequence[Guild], folder: Path) -> datetime:
    """Make the check-ins, a server's together as they would be, and return the moment at which all are due."""
    (folder / "var").mkdir(mode=0o700)
    address = f"sqlite:///{folder / OURS.database}"
    await asyncio.to_thread(migrate, address)
    store, ids = ScheduleStore(Vault.from_keys(load_or_make_key(None, folder / "var"))), _Numbers()
    database = await open_database(address)
    try:
        # The minute of the day is the one in which they are due; seconds are added so that nobody waits for a full one.
        due = datetime.now(UTC) + timedelta(seconds=plan.ahead + plan.guilds * plan.each / 2500)
        async with database.write() as writer:
            for guild in guilds:
                for name, channel_id in enumerate(list(guild.channels)[: plan.each]):
                    schedule = CheckinSchedule(
                        ids.new(), guild.id, f"Check-in {name}", channel_id, due.hour * 60 + due.minute, "UTC",
                        EVERY_DAY, DEFAULT_SET, thread=False, prompts=True, edition=1,
                        settled_day=due.date() - timedelta(days=1),
                    )  # fmt: skip
                    await store.put(writer, schedule, SystemClock().now())
                    await plan_turn(writer, ids, schedule, due.date(), due)
    finally:
        await database.close()
    return due


@asynccontextmanager
async def _started(wire: WireDiscord, folder: Path, cores: set[int] | None) -> AsyncIterator[int]:
    """Our bot in a process of its own, connected; yields its id. Raises ChildProcessError when it does not come up."""
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *OURS.module,
            cwd=folder, env=OURS.environment(wire, folder), stdout=log, stderr=log,
        )  # fmt: skip
        if cores is not None:
            os.sched_setaffinity(process.pid, cores)
        try:
            try:
                await wire.connected(patience=START_WITHIN)
                await wire.caught_up(patience=START_WITHIN)
            except AssertionError as error:
                said = (folder / "log").read_text(errors="replace")[-2000:]
                raise ChildProcessError(f"{OURS.name} did not come up: {said}") from error
            yield process.pid
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), STOP_WITHIN)
            except TimeoutError:
                process.kill()
                await process.wait()


class Crowd:
    """People who ask one after the other at a steady pace, whether or not the one before was answered."""

    def __init__(self, plan: Plan, wire: WireDiscord, guilds: Sequence[Guild]) -> None:
        self._plan = plan
        self._wire = wire
        count = min(plan.people, len(guilds))
        self._people = [
            (wire.add_member(None, f"Member {one}"), guilds[one * len(guilds) // count]) for one in range(count)
        ]

    async def greet(self) -> None:
        """Let everybody agree to the policy, and see both commands once."""
        for user, guild in self._people:
            answer = await self._wire.slash(TIMEZONE, {"zone": ZONES[0]}, user=user, guild=guild)
            for custom_id in answer.custom_ids:
                if custom_id.startswith(CONSENT):
                    await self._wire.press(answer.message, custom_id, user=user, guild=guild)
            await self._wire.slash(FORM, user=user, guild=guild)

    @asynccontextmanager
    async def asking(self, phase: Phase) -> AsyncIterator[None]:
        """Ask until the block ends."""
        tasks = [asyncio.create_task(self._keep_asking(phase)), asyncio.create_task(_note_stalls(phase))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_asking(self, phase: Phase) -> None:
        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                group.create_task(self._ask(phase, number))
                await asyncio.sleep(self._plan.pause)

    async def _ask(self, phase: Phase, number: int) -> None:
        words = (TIMEZONE, FORM)[number % 2]
        user, guild = self._people[number // 2 % len(self._people)]
        options = {"zone": ZONES[number // 2 // len(self._people) % len(ZONES)]} if words == TIMEZONE else None
        try:
            answer = await self._wire.slash(words, options, user=user, guild=guild)
            await self._wire.settled(answer)
        except AssertionError:
            phase.unanswered += 1
            return
        phase.unopened += words == FORM and answer.kind != MODAL
        phase.answers[words].append(_seconds(answer))
        self._wire.platform.interactions.forget(answer)


def _seconds(answer: Interaction) -> float:
    """How long somebody waited: where the answer was deferred, until it was there to be read."""
    return time.monotonic() - answer.sent_at if answer.kind in {DEFER, DEFER_UPDATE} else answer.after


async def _note_stalls(phase: Phase) -> None:
    while True:
        before = time.time()
        await asyncio.sleep(_TICK)
        if (now := time.time()) - before > _TICK + _STALL:
            phase.held.append((int(before * 1000), int(now * 1000) + 1))


@asynccontextmanager
async def _watched(phase: Phase, pid: int) -> AsyncIterator[None]:
    """Note what the bot's process and its event loop use until the block ends."""
    began, whole, (loop, waited) = time.monotonic(), machine.cpu_seconds(pid), _loop_seconds(pid)
    yield
    now, now_waited = _loop_seconds(pid)
    phase.wall, phase.whole = time.monotonic() - began, machine.cpu_seconds(pid) - whole
    phase.loop, phase.waited, phase.load = now - loop, now_waited - waited, os.getloadavg()[0]


def _loop_seconds(pid: int) -> tuple[float, float]:
    """CPU time of the process's first thread, the event loop's, and how long it stood ready with no core free."""
    ran, waited, _ = Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()
    return int(ran) / 1e9, int(waited) / 1e9


async def _all_posted(plan: Plan, wire: WireDiscord, guilds: Sequence[Guild], ends: float) -> None:
    """Return when as many posts stand as there should be, when none has come for long, or when time is up."""
    channels = [channel for guild in guilds for channel in guild.channels]
    there, since = 0, time.monotonic()
    while there < plan.guilds * plan.each and time.monotonic() < min(ends, since + plan.quiet):
        await asyncio.sleep(0.25)
        now = sum(len(wire.platform.world.messages_of(channel)) for channel in channels)
        if now > there:
            there, since = now, time.monotonic()


def _posts(wire: WireDiscord, guilds: Sequence[Guild]) -> list[tuple[int, int, int]]:
    """Moment (ms), server and check-in of every post, in the order in which they came: a message's id holds both."""
    found = []
    for guild in guilds:
        for message in itertools.chain.from_iterable(wire.messages_in(channel) for channel in guild.channels):
            for one in every_component(message["components"]):
                if one.get("custom_id", "").startswith(_POST):
                    schedule_id = int(one["custom_id"].removeprefix(_POST).partition(".")[0])
                    found.append((int(message["id"]), guild.id, schedule_id))
    return [((one >> 22) + EPOCH_MS, guild_id, schedule_id) for one, guild_id, schedule_id in sorted(found)]


def _rows(folder: Path, due: datetime) -> tuple[int, int]:
    """How many posts the bot has kept, and how many of its jobs wait for the next day."""
    with closing(sqlite3.connect(folder / OURS.database)) as database:
        [kept] = database.execute("SELECT count(*) FROM checkin_posts WHERE message_id IS NOT NULL").fetchone()
        [waiting] = database.execute(
            "SELECT count(*) FROM jobs WHERE kind = ? AND due_at > ? AND done_at IS NULL", (TURN, to_ms(due))
        ).fetchone()
    return int(kept), int(waiting)
