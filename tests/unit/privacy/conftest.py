"""People with data in two servers, on both engines, and everything that privacy is made of."""

import random
from dataclasses import dataclass, field

import pytest

from bot.contracts import DataOwners, Events, PersonErased
from bot.ids import Ids
from bot.jobs import Job, Registry, Runner
from bot.members import Consents, MemberData, Members
from bot.storage import Database, Vault
from cogs.privacy.service import Copies, Departures, Erasure
from tests.clock import FakeClock
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here
from tests.unit.privacy.doubles import Doorkeeper, Postman, Shelf

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN = 11 << 22, 12 << 22
KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
CANARY = "canary-2f9e-of-robin"


@dataclass
class House:
    """Everything wired as the feature does it, with doubles where Discord would be."""

    database: Database
    clock: FakeClock
    members: Members
    consents: Consents
    owners: DataOwners
    events: Events
    ids: Ids
    jobs: Runner
    postman: Postman
    doorkeeper: Doorkeeper
    erasure: Erasure
    departures: Departures
    copies: Copies
    shelf: Shelf
    erased: list[PersonErased] = field(default_factory=list)
    gave_up: list[tuple[str, str]] = field(default_factory=list)

    async def settle_in(self, guild_id: int, user_id: int, *, other: int = WREN) -> None:
        """Somebody agrees, sets everything, avoids somebody and saves a page."""
        async with self.database.write() as writer:
            await self.consents.agree(writer, guild_id, user_id)
            await self.members.set(
                writer, guild_id, user_id, timezone="Europe/London", country="GB", words="tapering", companion=1
            )
            await self.members.avoid(writer, guild_id, user_id, other)
            await self.shelf.save(writer, guild_id, user_id, CANARY)

    async def count(self, table: str, guild_id: int, user_id: int) -> int:
        async with self.database.read() as reader:
            return int(
                await reader.fetch_value(
                    f"SELECT COUNT(*) FROM {table} WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
                )
            )

    async def jobs_left(self, kind: str) -> int:
        async with self.database.read() as reader:
            return int(
                await reader.fetch_value(
                    "SELECT COUNT(*) FROM jobs WHERE kind = $1 AND done_at IS NULL AND failed_at IS NULL", kind
                )
            )


@pytest.fixture
def house(database: Database) -> House:
    clock = FakeClock()
    ids = Ids(clock, random.Random(1))
    members = Members(database, Vault.from_keys([KEY]), clock)
    owners, events, shelf = DataOwners(), Events(), Shelf()
    owners.register(MemberData(members))
    owners.register(shelf)
    gave_up: list[tuple[str, str]] = []

    async def on_gave_up(job: Job, reason: str) -> None:
        gave_up.append((job.kind, reason))

    jobs = Runner(
        database,
        clock,
        Registry(),
        owner="house",
        owns_guild=lambda _: True,
        on_gave_up=on_gave_up,
        record_error=lambda error, where: f"{type(error).__name__} in {where}",
        source=random.Random(2),
    )
    postman, doorkeeper = Postman(), Doorkeeper({(HERE, ROBIN), (HERE, WREN), (THERE, ROBIN)})
    erasure = Erasure(database, owners, events, clock, ids, postman)
    erasure.serve(jobs)
    departures = Departures(database, owners, clock, ids, erasure, doorkeeper)
    departures.serve(jobs)
    built = House(
        database, clock, members, Consents(database, clock), owners, events, ids, jobs, postman, doorkeeper,
        erasure, departures, Copies(database, owners, clock), shelf, gave_up=gave_up,
    )  # fmt: skip

    async def listen(event: PersonErased) -> None:
        built.erased.append(event)

    events.listen(PersonErased, listen)
    return built
