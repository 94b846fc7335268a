"""Fixtures of the wire tests: a Discord on loopback, and a bare discord.py bot that proves it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.client import Evenkeel
from bot.storage import migrate
from tests.wire.bare_bot import BareBot, running
from tests.wire.discord_server import Guild, WireDiscord
from tests.wire.discord_server.openapi import report_line
from tests.wire.our_bot import Our


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says whether requests were really held against Discord's own description."""
    terminalreporter.write_line(report_line())


@pytest.fixture
async def wire() -> AsyncIterator[WireDiscord]:
    """A Discord of the test's own; its problems fail the test."""
    async with WireDiscord() as made:
        yield made


@pytest.fixture
def guild(wire: WireDiscord) -> Guild:
    """A server that the bot is in."""
    return wire.add_guild()


@pytest.fixture
def person(wire: WireDiscord, guild: Guild) -> int:
    """A member of the server."""
    return wire.add_member(guild, "Robin")


@pytest.fixture
async def bare(wire: WireDiscord, guild: Guild) -> AsyncIterator[BareBot]:
    """A bare discord.py bot, logged in and connected."""
    bot = BareBot()
    async with running(bot, wire):
        await wire.connected()
        yield bot


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file at the newest revision, made once."""
    path = tmp_path_factory.mktemp("template") / "evenkeel.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def our(wire: WireDiscord, tmp_path: Path, empty_database: Path) -> Our:
    """Evenkeel as one host has it, not started yet."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    shutil.copyfile(empty_database, folder / "evenkeel.db")
    return Our(wire, folder)


@pytest.fixture
async def ours(wire: WireDiscord, guild: Guild, our: Our) -> AsyncIterator[Evenkeel]:
    """Evenkeel, connected."""
    async with our.running() as bot:
        yield bot
