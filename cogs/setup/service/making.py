"""Makes the channels and roles that are missing: each one once, whatever happens in between.

Three things could make something twice: two presses at once, a restart between Discord's making and our keeping, and
Discord's answer coming sooner than its news of the same thing. Against the first, one making at a time in each server
(a server belongs to one process); against the second, the mark in the guide and a look for our own; against the third,
what is kept but not known here is asked for before it counts as gone. What is made is kept before the next is begun.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.errors import Refusal
from bot.guilds import CHANNEL_PURPOSES, PRIVATE_PURPOSES, ROLE_PURPOSES, Guilds
from bot.permissions import Permission
from bot.storage import Database, Writer
from bot.text import t
from cogs.setup.rules.fit import (
    PINGED,
    channel_fault,
    exposed,
    gates,
    lacking_for_channels,
    lacking_for_roles,
    role_fault,
)
from cogs.setup.service.ports import NotMade, Server
from cogs.setup.store import Guide, Guides


@dataclass(frozen=True, slots=True)
class Made:
    """What a making came to: ids by purpose, new ones and those found again from an interrupted time.

    `lacking`: nothing was tried because the bot lacks these permissions. `stopped` ends the key of the reason why it
    broke off; what had been made until then stays and is kept.
    """

    new: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    lacking: tuple[Permission, ...] = ()
    stopped: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be made: purposes, and the names that roles would get; `found` is there from an earlier time.

    `same_name`: names that something of the group's own bears already. `without_moderator`: private channels would be
    made while nobody of the team is known to see them.
    """

    purposes: tuple[str, ...]
    names: tuple[str, ...]
    same_name: tuple[str, ...] = ()
    without_moderator: bool = False
    found: tuple[str, ...] = ()


class Workshop:
    """Makes what is missing."""

    def __init__(self, database: Database, guilds: Guilds, guides: Guides) -> None:
        self._database = database
        self._guilds = guilds
        self._guides = guides
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def channels(self, server: Server) -> Made:
        """Make the channels of every purpose that has none."""
        async with self._turn(server.guild_id):
            try:
                absent = await self.absent_channels(server)
                roles = await self._guilds.roles(server.guild_id)
                roles = {purpose: one for purpose, one in roles.items() if await server.has_role(one)}
            except NotMade as failure:
                return Made(stopped=failure.reason)
            lacking = lacking_for_channels(absent, server.held())
            if absent and lacking:
                return Made(lacking=lacking)
            return await self._each(server, absent, lambda purpose: _Channel(server, purpose, roles, self._guilds))

    async def roles(self, server: Server) -> Made:
        """Make the roles of every purpose that has none."""
        async with self._turn(server.guild_id):
            try:
                absent = await self.absent_roles(server)
            except NotMade as failure:
                return Made(stopped=failure.reason)
            lacking = lacking_for_roles(server.held())
            if absent and lacking:
                return Made(lacking=lacking)
            return await self._each(server, absent, lambda purpose: _Role(server, purpose, self._guilds))

    async def plan(self, server: Server, part: str) -> Plan:
        """Return what `channels` or `roles` would make. Raises `Refusal` where Discord can't be asked."""
        async with self._database.read() as reader:
            guide = await self._guides.read(reader, server.guild_id)
        roles = await self._guilds.roles(server.guild_id)
        try:
            if part == "channels":
                absent = await self.absent_channels(server)
            else:
                absent = await self.absent_roles(server)
            parts = [self._part(server, part, purpose) for purpose in absent]
            found = tuple([one.purpose for one in parts if await one.earlier(guide) is not None])
        except NotMade as failure:
            raise Refusal(f"setup.stopped.{failure.reason}") from failure
        new = [one for one in parts if one.purpose not in found]
        purposes = tuple(one.purpose for one in new)
        private = part == "channels" and not PRIVATE_PURPOSES.isdisjoint(purposes)
        return Plan(
            purposes,
            tuple(one.name for one in new),
            tuple(one.name for one in new if one.same_name()),
            private and "moderator" not in roles,
            found,
        )

    async def adopt(self, server: Server, part: str) -> dict[str, int]:
        """Use the group's own channels or roles for what has none, where the name is the same and it fits.

        Returns what is used now, by purpose. Raises `Refusal` where Discord can't be asked.
        """
        found: dict[str, int] = {}
        async with self._turn(server.guild_id):
            plan = await self.plan(server, part)
            kept = await (self._guilds.channels if part == "channels" else self._guilds.roles)(server.guild_id)
            absent = plan.purposes + plan.found
            taken = {purpose: one for purpose, one in kept.items() if purpose not in absent}
            for purpose in absent:
                one = self._part(server, part, purpose)
                fitting = one.fitting(taken | found)
                if fitting is not None:
                    async with self._database.write() as writer:
                        await one.keep(writer, fitting)
                    found[purpose] = fitting
        return found

    def _part(self, server: Server, part: str, purpose: str) -> "_Channel | _Role":
        if part == "channels":
            return _Channel(server, purpose, {}, self._guilds)
        return _Role(server, purpose, self._guilds)

    async def absent_channels(self, server: Server) -> tuple[str, ...]:
        """Return the purposes without a living channel. Raises `NotMade` where Discord can't be asked."""
        kept = await self._guilds.channels(server.guild_id)
        return tuple([p for p in CHANNEL_PURPOSES if p not in kept or not await server.has_channel(kept[p])])

    async def absent_roles(self, server: Server) -> tuple[str, ...]:
        """Return the purposes without a living role. Raises `NotMade` where Discord can't be asked."""
        kept = await self._guilds.roles(server.guild_id)
        return tuple([p for p in ROLE_PURPOSES if p not in kept or not await server.has_role(kept[p])])

    async def _each(
        self, server: Server, purposes: tuple[str, ...], part_of: Callable[[str], "_Channel | _Role"]
    ) -> Made:
        made = Made()
        for purpose in purposes:
            part = part_of(purpose)
            try:
                found = await self._find(server.guild_id, part)
                if found is None:
                    made.new[purpose] = await self._make(server.guild_id, part)
                else:
                    made.found[purpose] = found
            except NotMade as failure:
                return Made(made.new, made.found, stopped=failure.reason)
        return made

    async def _find(self, guild_id: int, part: "_Channel | _Role") -> int | None:
        async with self._database.read() as reader:
            guide = await self._guides.read(reader, guild_id)
        found = await part.earlier(guide)
        if found is not None:
            await self._keep(guild_id, part, found)
        return found

    async def _make(self, guild_id: int, part: "_Channel | _Role") -> int:
        async with self._database.write() as writer:
            await self._guides.change(writer, guild_id, lambda guide: guide.making(part.key, part.same_name()))
        try:
            made_id = await part.make()
        except NotMade as failure:
            if failure.reason != "unreachable":
                async with self._database.write() as writer:
                    await self._guides.change(writer, guild_id, lambda guide: guide.not_made(part.key))
            raise
        await self._keep(guild_id, part, made_id)
        return made_id

    async def _keep(self, guild_id: int, part: "_Channel | _Role", made_id: int) -> None:
        async with self._database.write() as writer:
            await part.keep(writer, made_id)
            await self._guides.change(writer, guild_id, lambda guide: guide.has_made(part.key, made_id))

    def _turn(self, guild_id: int) -> asyncio.Lock:
        return self._turns.setdefault(guild_id, asyncio.Lock())


class _Channel:
    """A channel to make. Its topic is ours alone, so a channel with name and topic is one that we made."""

    def __init__(self, server: Server, purpose: str, roles: Mapping[str, int], guilds: Guilds) -> None:
        self._server = server
        self.purpose = purpose
        self._roles = roles
        self._guilds = guilds
        self._topic = t(f"setup.channels.topic.{purpose}")
        self.name = purpose
        self.key = f"channel:{purpose}"

    def same_name(self) -> tuple[int, ...]:
        return tuple(place.channel_id for place in self._server.channels_named(self.purpose))

    async def earlier(self, guide: Guide) -> int | None:
        kept = guide.made.get(self.key)
        if kept is not None and self._server.place(kept) is not None:
            return kept
        ours = [
            place
            for place in self._server.channels_named(self.purpose)
            if place.topic == self._topic and not exposed(self.purpose, place)
        ]
        return ours[-1].channel_id if ours else None

    def fitting(self, taken: Mapping[str, int]) -> int | None:
        fits = [
            place.channel_id
            for place in self._server.channels_named(self.name)
            if channel_fault(self.purpose, place, taken) is None and not exposed(self.purpose, place)
        ]
        return fits[0] if fits else None

    async def make(self) -> int:
        return await self._server.make_channel(self.purpose, self._topic, gates(self.purpose, self._roles))

    async def keep(self, writer: Writer, made_id: int) -> None:
        await self._guilds.set_channel(writer, self._server.guild_id, self.purpose, made_id)


class _Role:
    """A role to make. Roles carry no words of ours: only the mark tells one that we made from the group's own."""

    def __init__(self, server: Server, purpose: str, guilds: Guilds) -> None:
        self._server = server
        self.purpose = purpose
        self._guilds = guilds
        self.name = t(f"setup.roles.name.{purpose}")
        self.key = f"role:{purpose}"

    def same_name(self) -> tuple[int, ...]:
        return tuple(self._server.roles_named(self.name))

    async def earlier(self, guide: Guide) -> int | None:
        kept = guide.made.get(self.key)
        if kept is not None and await self._server.has_role(kept):
            return kept
        before = guide.before.get(self.key)
        if before is None:
            return None
        named = self._server.roles_named(self.name)
        ours = [
            role_id
            for role_id, rank in named.items()
            if role_id not in before and role_fault(self.purpose, rank, {}) is None
        ]
        return ours[-1] if ours else None

    def fitting(self, taken: Mapping[str, int]) -> int | None:
        named = self._server.roles_named(self.name)
        fits = [role_id for role_id, rank in named.items() if role_fault(self.purpose, rank, taken) is None]
        return fits[0] if fits else None

    async def make(self) -> int:
        return await self._server.make_role(self.name, mentionable=self.purpose in PINGED)

    async def keep(self, writer: Writer, made_id: int) -> None:
        await self._guilds.set_role(writer, self._server.guild_id, self.purpose, made_id)
