"""The library's service on both engines, with the shipped content."""

from dataclasses import dataclass
from functools import cache

import pytest

from bot.content import Content, load_content
from bot.guilds import Guilds
from bot.members import Members
from bot.storage import Database, Vault
from cogs.learn.service import DaysReadings, GroupLibraries, LearnService, Visitor
from cogs.learn.store import DaysStore, LearnStore, OwnStore, ScheduleStore
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
    own: OwnStore
    service: LearnService

    def of(self, content: Content) -> LearnService:
        return _service(self.database, self.clock, self.guilds, self.members, content, self.own, self.store)

    async def group(self, guild_id: int = HERE, **settings: str) -> None:
        """Set a group up."""
        async with self.database.write() as writer:
            await self.guilds.set_profile(writer, guild_id, **settings)  # type: ignore[arg-type]


@pytest.fixture
def desk(database: Database) -> Desk:
    clock, store, vault = FakeClock(), LearnStore(), Vault.from_keys([KEY])
    guilds, members, own = Guilds(database, clock), Members(database, vault, clock), OwnStore(vault)
    service = _service(database, clock, guilds, members, shipped(), own, store)
    return Desk(database, clock, guilds, members, store, own, service)


def _service(
    database: Database, clock: FakeClock, guilds: Guilds, members: Members, content: Content, own: OwnStore,
    store: LearnStore,
) -> LearnService:  # fmt: skip
    libraries = GroupLibraries(database, content, own)
    days = DaysReadings(database, clock, guilds, libraries, DaysStore(), ScheduleStore())
    return LearnService(database, clock, guilds, members, content, libraries, store, days)


@pytest.fixture
def robin() -> Visitor:
    return Visitor(HERE, ROBIN)
