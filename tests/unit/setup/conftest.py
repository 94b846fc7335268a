"""Set-up on both engines, in a server that is a double."""

import random
from dataclasses import dataclass

import pytest

from bot.contracts import Events
from bot.guilds import Guilds
from bot.ids import Ids
from bot.storage import Database
from cogs.setup.service.group import GroupService
from cogs.setup.service.losses import Losses
from cogs.setup.service.making import Workshop
from cogs.setup.service.parts import PartsService
from cogs.setup.store import Guide, Guides
from tests.clock import FakeClock
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here
from tests.unit.setup.doubles import GUILD, FakeServer


@dataclass
class Rooms:
    """Set-up on a real database, in a server that is a double."""

    database: Database
    clock: FakeClock
    guilds: Guilds
    guides: Guides
    events: Events
    group: GroupService
    parts: PartsService
    workshop: Workshop
    losses: Losses
    server: FakeServer

    async def guide(self) -> Guide:
        async with self.database.read() as reader:
            return await self.guides.read(reader, GUILD)

    def after_restart(self) -> "Workshop":
        return Workshop(self.database, self.guilds, self.guides)


@pytest.fixture
def rooms(database: Database) -> Rooms:
    clock = FakeClock()
    guilds = Guilds(database, clock)
    guides = Guides(database, clock)
    events = Events()
    return Rooms(
        database,
        clock,
        guilds,
        guides,
        events,
        GroupService(database, guilds, guides, events, clock),
        PartsService(database, guilds),
        Workshop(database, guilds, guides),
        Losses(database, guilds, clock, Ids(clock, random.Random(1))),
        FakeServer(),
    )
