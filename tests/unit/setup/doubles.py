"""A server in memory: what it has, what it refuses, and a power cut at any moment."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.permissions import MODERATE_MEMBERS, SEND, SEND_IN_THREADS, VIEW, invite_permissions
from cogs.setup.rules.fit import Gate, Place, Rank, Viewer
from cogs.setup.service.ports import NotMade

GUILD = 700
EVERYTHING = invite_permissions()
ORDINARY = VIEW.bit | SEND.bit | SEND_IN_THREADS.bit


class PowerCut(BaseException):
    """The process died."""


class FakeServer:
    """Satisfies the port. `slow_news`: what is made is not known here until `news()`, as with Discord's gateway."""

    def __init__(self) -> None:
        self.guild_id = GUILD
        self.name = "Harbour Lights"
        self.bits = EVERYTHING
        self.channels: dict[int, Place] = {}
        self.ranks: dict[int, Rank] = {}
        self.hidden: set[int] = set()
        self.sights: dict[tuple[int, int], int] = {}
        self.seen_by: dict[int, tuple[Viewer, ...]] = {}
        self.gates: dict[int, tuple[Gate, ...]] = {}
        self.slow_news = False
        self.refuses: str | None = None
        self.cut_after: int | None = None
        self.calls: list[str] = []
        self._next = 1000

    def held(self) -> int:
        return self.bits

    def place(self, channel_id: int) -> Place | None:
        return self.channels.get(channel_id) if channel_id not in self.hidden else None

    def rank(self, role_id: int) -> Rank | None:
        return self.ranks.get(role_id) if role_id not in self.hidden else None

    def sight(self, role_id: int, channel_id: int) -> int:
        return self.sights.get((role_id, channel_id), 0)

    async def viewers(self, channel_id: int) -> tuple[Viewer, ...]:
        return self.seen_by.get(channel_id, ())

    def channels_named(self, name: str) -> tuple[Place, ...]:
        return tuple(
            place for place in self.channels.values() if place.name == name and place.channel_id not in self.hidden
        )

    def roles_named(self, name: str) -> Mapping[int, Rank]:
        return {one: rank for one, rank in self.ranks.items() if rank.name == name and one not in self.hidden}

    async def has_channel(self, channel_id: int) -> bool:
        return channel_id in self.channels

    async def has_role(self, role_id: int) -> bool:
        return role_id in self.ranks

    async def make_channel(self, name: str, topic: str, gates: tuple[Gate, ...]) -> int:
        await self._ask(f"channel {name}")
        channel_id = self.add_channel(name, topic=topic, everyone=_everyone(gates))
        self.gates[channel_id] = gates
        return self._answer(channel_id)

    async def make_role(self, name: str, *, mentionable: bool) -> int:
        await self._ask(f"role {name}")
        return self._answer(self.add_role(name, mentionable=mentionable))

    async def open_door(self, channel_id: int, role_id: int) -> None:
        await self._ask("door")
        self.sights[role_id, channel_id] = VIEW.bit

    async def empower(self, role_id: int) -> None:
        await self._ask("empower")
        self.ranks[role_id] = replace(self.ranks[role_id], bits=self.ranks[role_id].bits | MODERATE_MEMBERS.bit)

    def add_channel(
        self,
        name: str,
        *,
        kind: Literal["text", "news", "other"] = "text",
        topic: str = "",
        bot: int = EVERYTHING,
        everyone: int = ORDINARY,
    ) -> int:
        self._next += 1
        self.channels[self._next] = Place(self._next, name, kind, topic, bot, everyone)
        return self._next

    def add_role(
        self,
        name: str,
        *,
        bits: int = 0,
        above_bot: bool = False,
        managed: bool = False,
        mentionable: bool = False,
    ) -> int:
        self._next += 1
        self.ranks[self._next] = Rank(self._next, name, False, managed, above_bot, bits, mentionable)
        return self._next

    def news(self) -> None:
        self.hidden.clear()

    async def _ask(self, call: str) -> None:
        await asyncio.sleep(0)
        self.calls.append(call)
        if self.refuses is not None:
            raise NotMade(self.refuses)

    def _answer(self, made_id: int) -> int:
        if self.slow_news:
            self.hidden.add(made_id)
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                raise PowerCut
        return made_id


def _everyone(gates: tuple[Gate, ...]) -> int:
    bits = ORDINARY
    for gate in gates:
        if gate.who == "everyone":
            bits |= sum(permission.bit for permission in gate.allow)
            bits &= ~sum(permission.bit for permission in gate.deny)
    return bits
