"""The two bots: how each is started against a loopback Discord, what it is asked to do, and whether it did it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from tests.wire.discord_server import Guild, WireDiscord

ROOT = Path(__file__).resolve().parent.parent
# Seconds that a bot may take to start with 1,000 servers on a busy machine, and to stop.
START_WITHIN, STOP_WITHIN = 90.0, 20.0
CHANNELS, ROLES, MEMBERS = 10, 5, 50
# The button by which a person agrees to the policy; only our bot asks.
CONSENT = "ek1:consent:agree:"
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Nairobi")


@dataclass(frozen=True, slots=True)
class Contender:
    """One bot: its name in the table, the module that runs it, the command that writes one row, and where it lands."""

    name: str
    module: tuple[str, ...]
    words: str
    option: str
    database: str

    def place(self, folder: Path) -> Path:
        """The bot's own folder inside the measurement's, made when it is not there."""
        made = folder / self.name.replace(" ", "-")
        made.mkdir(exist_ok=True)
        return made

    def environment(self, wire: WireDiscord, folder: Path) -> Mapping[str, str]:
        """All that the process gets to know; settings of this machine are left out."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "BENCH_API_URL": wire.url,
            "BENCH_TOKEN": wire.token,
            "BENCH_DATABASE": str(folder / self.database),
            "DISCORD_API_URL": wire.url,
            "DISCORD_TOKEN": wire.token,
            "DATABASE_URL": f"sqlite:///{folder / self.database}",
            "VAR_DIR": str(folder / "var"),
            "LOG_LEVEL": "WARNING",
        }

    def rows(self, folder: Path) -> int:
        """How many members have a time zone in the bot's database: what the command was to write."""
        with closing(sqlite3.connect(folder / self.database)) as database:
            return int(database.execute("SELECT count(*) FROM members WHERE timezone IS NOT NULL").fetchone()[0])


BARE = Contender("bare discord.py", ("bench.bare",), "me timezone", "zone", "bare.db")
OURS = Contender("Evenkeel", ("bot", "run"), "me timezone", "zone", "evenkeel.db")


@dataclass(slots=True)
class Running:
    """A bot that is up: its process, its own Discord, and how long it took from the start to its first answer."""

    contender: Contender
    process: asyncio.subprocess.Process
    wire: WireDiscord
    guild: Guild
    users: list[int]
    ready_after: float = 0.0
    sent: int = 0

    async def greet(self) -> None:
        """Lets every person run the command once and agree to the policy where the bot asks for it."""
        for user in self.users:
            options = {self.contender.option: ZONES[-1]}
            answer = await self.wire.slash(self.contender.words, options, user=user, guild=self.guild)
            for custom_id in answer.custom_ids:
                if custom_id.startswith(CONSENT):
                    await self.wire.press(answer.message, custom_id, user=user, guild=self.guild)

    async def ask(self) -> float:
        """Sends the next interaction; returns the seconds until its answer was there to be seen."""
        user = self.users[self.sent % len(self.users)]
        zone = ZONES[self.sent // len(self.users) % len(ZONES)]
        self.sent += 1
        options = {self.contender.option: zone}
        answer = await self.wire.slash(self.contender.words, options, user=user, guild=self.guild)
        seconds = answer.after
        if not answer.settled.is_set():
            await self.wire.settled(answer)
            seconds = time.monotonic() - answer.sent_at
        self.wire.platform.interactions.forget(answer)
        return seconds


@asynccontextmanager
async def started(
    contender: Contender, folder: Path, *, guilds: int, users: int, cores: set[int] | None
) -> AsyncIterator[Running]:
    """Starts a bot in a process of its own and yields it once it has answered; ends it afterwards.

    Raises ChildProcessError with the end of its log when it does not come up.
    """
    async with WireDiscord(checked=False, recording=False) as wire:
        _recall_commands(wire, folder)
        made = [_guild(wire, number) for number in range(guilds)]
        people = [wire.add_member(None, f"Member {number}") for number in range(users)]
        with (folder / "log").open("wb") as log:
            began = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *contender.module,
                cwd=folder, env=contender.environment(wire, folder), stdout=log, stderr=log,
            )  # fmt: skip
            if cores is not None:
                os.sched_setaffinity(process.pid, cores)
            running = Running(contender, process, wire, made[0], people)
            try:
                await _until_ready(running, folder)
                running.ready_after = time.monotonic() - began
                _keep_commands(wire, folder)
                yield running
            finally:
                await _stop(process)


def _recall_commands(wire: WireDiscord, folder: Path) -> None:
    # Discord keeps an application's commands; a bot that knows so does not tell them again at its next start.
    if (folder / "commands.json").exists():
        wire.commands.extend(json.loads((folder / "commands.json").read_text()))


def _keep_commands(wire: WireDiscord, folder: Path) -> None:
    (folder / "commands.json").write_text(json.dumps(wire.commands))


async def _until_ready(running: Running, folder: Path) -> None:
    connected = asyncio.create_task(_answering(running))
    ended = asyncio.create_task(running.process.wait())
    await asyncio.wait({connected, ended}, timeout=START_WITHIN, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    failed = connected.exception() if connected.done() else TimeoutError()
    if failed is not None:
        connected.cancel()
        log = (folder / "log").read_text(errors="replace")[-2000:]
        raise ChildProcessError(f"{running.contender.name} did not come up: {log}") from failed


async def _answering(running: Running) -> None:
    await running.wire.connected(patience=START_WITHIN)
    await running.wire.caught_up(patience=START_WITHIN)
    await running.ask()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()


def _guild(wire: WireDiscord, number: int) -> Guild:
    guild = wire.add_guild(
        f"Group {number}", channels=[f"channel-{one}" for one in range(CHANNELS)], member_count=MEMBERS
    )
    for one in range(ROLES - len(guild.roles)):
        wire.add_role(guild, f"Role {one}")
    return guild
