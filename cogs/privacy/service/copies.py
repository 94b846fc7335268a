"""A copy of everything that is kept about a person in one server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.contracts import DataOwners
from bot.storage import Database


@dataclass(frozen=True, slots=True)
class Copy:
    """What every feature keeps about the person; features that keep nothing are left out."""

    guild_id: int
    user_id: int
    made_at: datetime
    parts: dict[str, dict[str, Any]]


class Copies:
    """Asks every owner of data."""

    def __init__(self, database: Database, owners: DataOwners, clock: Clock) -> None:
        self._database = database
        self._owners = owners
        self._clock = clock

    async def make(self, guild_id: int, user_id: int) -> Copy:
        """Return all that is kept about the person in this server, opened and readable."""
        async with self._database.read() as reader:
            found = {owner.name: await owner.export(reader, guild_id, user_id) for owner in self._owners}
        parts = {name: part for name, part in found.items() if part}
        return Copy(guild_id, user_id, self._clock.now(), parts)

    async def servers(self, user_id: int) -> tuple[int, ...]:
        """Return every server in which anything is kept about the person, in a steady order."""
        async with self._database.read() as reader:
            found = [await owner.servers(reader, user_id) for owner in self._owners]
        return tuple(sorted(set().union(*found)))

    async def parts(self, guild_id: int, user_id: int) -> tuple[str, ...]:
        """Return the names of the owners that keep anything about the person in this server."""
        async with self._database.read() as reader:
            kept = {owner.name: await owner.servers(reader, user_id) for owner in self._owners}
        return tuple(name for name, servers in kept.items() if guild_id in servers)
