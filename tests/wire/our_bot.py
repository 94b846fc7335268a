"""Evenkeel itself, in this process or in one of its own, against a Discord on loopback."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

from bot.app import assembled
from bot.client import Evenkeel
from bot.settings import Settings, load_settings
from tests.wire.bare_bot import pointed_at
from tests.wire.discord_server import WireDiscord

ROOT = Path(__file__).resolve().parents[2]
# Seconds that the process may take to start on a busy machine, or to end after SIGTERM.
PATIENCE = 30.0


class Our:
    """One host's bot: its settings, folder and log, over as many starts as a test wants."""

    def __init__(self, wire: WireDiscord, folder: Path) -> None:
        self.wire = wire
        self.folder = folder
        self.log = StringIO()

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "evenkeel.db"

    def environment(self, **settings: str) -> dict[str, str]:
        """The settings as environment variables; given ones win."""
        return {
            "DISCORD_TOKEN": self.wire.token,
            "DISCORD_API_URL": self.wire.url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "VAR_DIR": str(self.folder),
        } | settings

    def settings(self, **settings: str) -> Settings:
        """The settings as the bot reads them, without any `.env` of this machine."""
        return load_settings(self.environment(**settings), None)

    @asynccontextmanager
    async def running(self, **settings: str) -> AsyncIterator[Evenkeel]:
        """The bot in this process, connected; its jobs run only when a test calls `bot.jobs.run_due()`."""
        with pointed_at(self.wire):
            async with assembled(self.settings(**settings), log_stream=self.log) as bot:
                task = asyncio.create_task(bot.start(self.wire.token))
                try:
                    connecting = asyncio.create_task(self.wire.connected())
                    await asyncio.wait({task, connecting}, return_when=asyncio.FIRST_COMPLETED)
                    if task.done():
                        connecting.cancel()
                        await task
                    await connecting
                    await self.wire.caught_up()
                    yield bot
                finally:
                    await bot.close()
                    await asyncio.gather(task, return_exceptions=True)

    @asynccontextmanager
    async def process(self, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """`python -m bot run` in a process of its own, as a host starts it; ended with the block if still there."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(ROOT)} | self.environment(**settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def up(self, process: asyncio.subprocess.Process) -> None:
        """Waits until the process is connected and has read all; raises AssertionError with its words when it ends."""
        connecting = asyncio.create_task(self.wire.connected(patience=PATIENCE))
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({connecting, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if process.returncode is not None:
            connecting.cancel()
            said = b"" if process.stderr is None else await process.stderr.read()
            raise AssertionError(f"ended with {process.returncode}: {said.decode()} {self.wire.problems}")
        await connecting
        await self.wire.caught_up()
