"""The loopback Discord as its routes see it: world, gateway, interactions, nonces and what went wrong."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from tests.wire.discord_server.gateway import Gateway
from tests.wire.discord_server.interactions import Interactions
from tests.wire.discord_server.messages import EPHEMERAL
from tests.wire.discord_server.sessions import GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT
from tests.wire.discord_server.values import Json, Problem
from tests.wire.discord_server.world import World

# Seconds for which a nonce is honoured: "a few minutes" in the API reference.
NONCE_LIVES = 300.0
# Application flags that tell which privileged intents a small application was given.
_INTENT_FLAGS = {GUILD_PRESENCES: 1 << 13, GUILD_MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19}


class Platform:
    """Everything behind the routes. `problems` holds what Discord would not have taken."""

    def __init__(self) -> None:
        self.world = World()
        self.gateway = Gateway(self)
        self.interactions = Interactions(self.world)
        self.problems: list[Problem] = []
        self.origin = ""
        self.outgoing: asyncio.Queue[tuple[str, Json, int | None]] = asyncio.Queue()
        self._nonces: OrderedDict[tuple[int, str], tuple[float, int]] = OrderedDict()

    @property
    def gateway_url(self) -> str:
        """The websocket address, without a trailing slash."""
        return self.origin.replace("http://", "ws://")

    def report(self, problem: Problem) -> None:
        """Notes something that a test must fail over."""
        self.problems.append(problem)

    def tell(self, event: str, data: Json, guild_id: int | None = None) -> None:
        """Lets the gateway send an event soon; routes answer without waiting for it."""
        self.outgoing.put_nowait((event, data, guild_id))

    def tell_message(self, event: str, message: Json) -> None:
        """Tells a message event with its server's id; one for a single person's eyes goes to nobody else."""
        if message["flags"] & EPHEMERAL:
            return
        guild = self.world.guild_of(self.world.channels[int(message["channel_id"])])
        extra = {} if guild is None else {"guild_id": str(guild.id)}
        self.tell(event, message | extra, None if guild is None else guild.id)

    def application_flags(self) -> int:
        """The application's flags, from the privileged intents that it was given."""
        allowed = self.gateway.allowed_intents
        return sum(flag for intent, flag in _INTENT_FLAGS.items() if allowed & intent)

    def earlier_with_nonce(self, channel_id: int, nonce: str) -> Json | None:
        """The message made with this nonce in this channel in the last minutes, if it is still there."""
        made = self._nonces.get((channel_id, nonce))
        if made is None or time.monotonic() - made[0] > NONCE_LIVES:
            return None
        return self.world.messages_of(channel_id).get(made[1])

    def remember_nonce(self, channel_id: int, nonce: str, message_id: int) -> None:
        """Keeps a nonce for its few minutes."""
        self._nonces[(channel_id, nonce)] = (time.monotonic(), message_id)
        while len(self._nonces) > 1000:
            self._nonces.popitem(last=False)

    def forget_nonces(self) -> None:
        """Lets all nonces run out, as after a longer outage."""
        self._nonces.clear()
