"""The real bot in a simulated Discord: every feature test types commands as a person of the rehearsal's group."""

import random
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from io import StringIO
from pathlib import Path

import discord
import pytest

from bot.app import assembled
from bot.client import Evenkeel
from bot.content import load_content
from bot.settings import Settings, load_settings
from bot.storage import migrate
from bot.text.catalogue import DATA_DIR
from rehearsal.clock import RehearsalClock
from rehearsal.group import Group
from rehearsal.world import World, opened_world

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


class TestEngine:
    """Puts the real bot together on one SQLite file; what it logs is kept for the canary tests."""

    __test__ = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = StringIO()
        self.starts = 0

    @asynccontextmanager
    async def assembled(self, clock: RehearsalClock) -> AsyncIterator[discord.Client]:
        self.starts += 1
        source = random.Random(self.starts)
        async with assembled(self.settings, clock=clock, source=source, log_stream=self.log) as bot:
            yield bot

    async def next_due(self, bot: discord.Client) -> datetime | None:
        assert isinstance(bot, Evenkeel)
        return await bot.jobs.next_due()

    async def run_due(self, bot: discord.Client) -> int:
        assert isinstance(bot, Evenkeel)
        return await bot.jobs.run_due()

    async def zone(self, bot: discord.Client, group: Group) -> str | None:
        assert isinstance(bot, Evenkeel)
        return (await bot.rooms.guilds.profile(group.guild.id)).timezone

    async def set_up(self, bot: discord.Client, group: Group) -> None:
        assert isinstance(bot, Evenkeel)
        guilds = bot.rooms.guilds
        async with bot.rooms.database.write() as writer:
            await guilds.set_profile(
                writer, group.guild.id, timezone=group.zone, country=group.country, kind="recovery"
            )
            for purpose, role in group.roles.items():
                await guilds.set_role(writer, group.guild.id, purpose, role.id)
            for name, channel in group.guild.channels.items():
                if name not in {"welcome", "lounge"}:
                    await guilds.set_channel(writer, group.guild.id, name, channel.id)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """Let the test's own code see the simulation's time, as simcord's plugin does for its own fixture."""
    worlds = [value for value in item.funcargs.values() if isinstance(value, World)]
    with worlds[0].env.time_context() if worlds else nullcontext():
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def content_read_once() -> Iterator[None]:
    """The shipped content is the same in every test, and reading it takes longer than many of them."""
    shipped = cache(load_content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.app.load_content", lambda folder: (shipped if folder == DATA_DIR else load_content)(folder))
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest revision, made once."""
    path = tmp_path_factory.mktemp("template") / "evenkeel.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """Settings of a bot whose state lives in the test's own folder."""
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    shutil.copyfile(migrated_file, var / "evenkeel.db")
    return load_settings({"DATABASE_URL": f"sqlite:///{var / 'evenkeel.db'}", "VAR_DIR": str(var)}, None)


@pytest.fixture
def engine(settings: Settings) -> TestEngine:
    """The engine of the test's world; `engine.log` holds what the bot logged."""
    return TestEngine(settings)


@pytest.fixture
async def world(engine: TestEngine) -> AsyncIterator[World]:
    """A group that `/setup` has made, on a Monday evening. `world.bot`, `world.env`, `world.group`, `world.other`."""
    async with opened_world(engine, ready=True, start=EVENING) as opened:
        yield opened
        opened.env.raise_errors()


@pytest.fixture
async def bare_world(engine: TestEngine) -> AsyncIterator[World]:
    """A server that has only invited the bot: no channels for it, nothing set up."""
    async with opened_world(engine, ready=False, start=EVENING) as opened:
        yield opened
        opened.env.raise_errors()


@pytest.fixture
def bot(world: World) -> Evenkeel:
    """The bot of `world`; after `world.restart()` ask `world.bot` again."""
    assert isinstance(world.bot, Evenkeel)
    return world.bot
