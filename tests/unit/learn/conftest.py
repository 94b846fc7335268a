"""The library's service on both engines, with the shipped content."""

from dataclasses import dataclass
from functools import cache

import pytest

from bot.content import Content, load_content
from bot.guilds import Guilds
from bot.members import Members
from bot.storage import Database, Vault
from cogs.learn.service import LearnService, Visitor
from cogs.learn.store import LearnStore
from tests.clock import FakeClock
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here
from tests.unit.learn.made import DATA

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN = 11 << 22, 12 << 22
KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@cache
def shipped() -> Content:
    """The content as it ships, read once."""
    return load_content(DATA)


@dataclass
class Desk:
    """The service with what it stands on; `of` makes one with other content on the same database."""

    database: Database
    clock: FakeClock
    guilds: Guilds
    members: Members
    store: LearnStore
    service: LearnService

    def of(self, content: Content) -> LearnService:
        return LearnService(self.database, self.clock, self.guilds, self.members, content, self.store)

    async def group(self, guild_id: int = HERE, **settings: str) -> None:
        """Set a group up."""
        async with self.database.write() as writer:
            await self.guilds.set_profile(writer, guild_id, **settings)  # type: ignore[arg-type]


@pytest.fixture
def desk(database: Database) -> Desk:
    clock, store = FakeClock(), LearnStore()
    guilds, members = Guilds(database, clock), Members(database, Vault.from_keys([KEY]), clock)
    service = LearnService(database, clock, guilds, members, shipped(), store)
    return Desk(database, clock, guilds, members, store, service)


@pytest.fixture
def robin() -> Visitor:
    return Visitor(HERE, ROBIN)
