"""`WireDiscord`: a small real Discord on loopback, with HTTP and gateway, for one test or one measurement."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.wire.discord_server import gateway, openapi, permissions
from tests.wire.discord_server.acting import PATIENCE, Acting
from tests.wire.discord_server.guild_payloads import guild_create
from tests.wire.discord_server.limits import Fault, Rule
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.rest import API, Rest
from tests.wire.discord_server.sessions import Session
from tests.wire.discord_server.values import Call, Json, Problem
from tests.wire.discord_server.world import Guild, role_json


class WireDiscord(Acting):
    """A Discord of its own on a free loopback port: `async with WireDiscord() as wire`.

    Leaving the block fails the test for every problem that nobody took: an unknown route, a request or answer
    that differs from Discord's description, a gateway rule broken. `checked` False leaves the description out
    and `recording` False keeps no requests; both are for measurements.
    """

    def __init__(self, *, checked: bool = True, recording: bool = True) -> None:
        super().__init__(Platform())
        self.rest = Rest(self.platform, openapi.described() if checked else None, recording=recording)
        self._runner: web.ServerRunner | None = None
        self._teller: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.platform.origin = f"http://{host}:{port}"
        self._teller = asyncio.create_task(self._tell())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        assert self._teller is not None
        self._teller.cancel()
        await asyncio.gather(self._teller, return_exceptions=True)
        await self.platform.gateway.end_all(1001)
        await self._runner.cleanup()
        if error is None and self.problems:
            raise AssertionError("Discord would not have taken this:\n" + "\n".join(map(str, self.problems)))

    # What a bot is started with.

    @property
    def url(self) -> str:
        """The REST base for `DISCORD_API_URL`: `http://127.0.0.1:PORT/api/v10`."""
        return self.platform.origin + API

    @property
    def gateway_url(self) -> str:
        """The websocket address that `GET /gateway/bot` gives."""
        return self.platform.gateway_url

    @property
    def token(self) -> str:
        """The one bot token that is taken."""
        return self.platform.world.token

    # What exists.

    def add_guild(
        self,
        name: str = "A group",
        *,
        channels: Iterable[str] = ("general",),
        bot_permissions: int = permissions.BOT,
        everyone: int = permissions.EVERYONE,
        member_count: int | None = None,
    ) -> Guild:
        """Makes a server that the bot is in, with an owner and text channels; tells connected bots."""
        world = self.platform.world
        guild = world.add_guild(name, bot_permissions, everyone, f"Owner of {name}")
        guild.member_count = member_count
        for channel in channels:
            world.add_channel(guild, 0, channel)
        for session in self.sessions:
            if session.hears("GUILD_CREATE", guild.id):
                told = guild_create(guild, session, world.bot_id)
                # A server that appears after READY has no `unavailable`: the bot was invited just now.
                told.pop("unavailable")
                self.platform.tell("GUILD_CREATE", told, guild.id)
        return guild

    def add_channel(self, guild: Guild, name: str, kind: int = 0, **fields: object) -> int:
        """Makes a channel, as an admin would by hand; returns its id."""
        channel = self.platform.world.add_channel(guild, kind, name, **fields)
        self.platform.tell("CHANNEL_CREATE", channel, guild.id)
        return int(channel["id"])

    def add_role(self, guild: Guild, name: str, granted: int = 0, position: int = 1) -> int:
        """Makes a role; returns its id."""
        role_id = self.platform.world.mint.past()
        guild.roles[role_id] = role_json(role_id, name, granted, position)
        self.platform.tell("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": guild.roles[role_id]}, guild.id)
        return role_id

    def add_member(self, guild: Guild | None, name: str, roles: Iterable[int] = ()) -> int:
        """Makes a person, in a server or (with None) only known to Discord; returns the user id."""
        world = self.platform.world
        user_id = world.add_user(world.new_user(name))
        if guild is not None:
            member = world.add_member(guild, user_id, roles)
            self.platform.tell("GUILD_MEMBER_ADD", member | {"guild_id": str(guild.id)}, guild.id)
        return user_id

    def close_dms(self, user_id: int) -> None:
        """Lets writing to somebody fail with 50007 from now on."""
        self.platform.world.closed_dms.add(user_id)

    def messages_in(self, channel_id: int) -> list[Json]:
        """What stands in a channel, oldest first; answers for one person's eyes are in none."""
        return list(self.platform.world.messages_of(channel_id).values())

    @property
    def commands(self) -> list[Json]:
        """The registered global commands."""
        return self.platform.world.commands

    # What goes wrong.

    def fail_next(self, route: str, status: int | None = 500, **how: Any) -> Fault:
        """Lets the next requests to a route fail; `Fault` tells how (`times`, `taken`, `drop`, `delay`, ...)."""
        fault = Fault(route, status, **how)
        self.rest.faults.append(fault)
        return fault

    def limit(self, route: str, limit: int, per: float) -> None:
        """Narrows a route's bucket to so many requests in so many seconds; `*` is the global limit."""
        if route == "*":
            self.rest.limits.everywhere = Rule(limit, per)
        else:
            self.rest.limits.rules[route] = Rule(limit, per)

    async def cut(self, code: int | None = None) -> None:
        """Cuts every gateway connection without a word, or closes it with a code; sessions stay resumable."""
        await self.platform.gateway.end_all(code)

    async def reconnect(self) -> None:
        """Asks every connection to reconnect (opcode 7)."""
        await self.platform.gateway.tell_all({"op": gateway.RECONNECT, "d": None, "s": None, "t": None})

    async def invalidate(self, *, resumable: bool) -> None:
        """Calls every session invalid (opcode 9); where it is not resumable the sessions are forgotten too."""
        if not resumable:
            self.platform.gateway.sessions.clear()
        await self.platform.gateway.tell_all({"op": gateway.INVALID_SESSION, "d": resumable, "s": None, "t": None})

    # What happened.

    @property
    def sessions(self) -> list[Session]:
        """The gateway sessions that are connected or may still be resumed."""
        return list(self.platform.gateway.sessions.values())

    @property
    def requests(self) -> list[Call]:
        """Every request so far."""
        return self.rest.requests

    def calls(self, route: str) -> list[Call]:
        """The requests to one route, such as `PUT /applications/{application_id}/commands`."""
        return [call for call in self.rest.requests if call.route == route]

    def take_problems(self) -> list[Problem]:
        """Returns the problems and clears them, for a test that provoked them."""
        taken, self.platform.problems = self.platform.problems, []
        return taken

    async def called(self, route: str, times: int = 1, patience: float = PATIENCE) -> list[Call]:
        """Waits until a route was asked so often; returns its requests."""
        async with self.rest.changed:
            await self.within(
                patience,
                self.rest.changed.wait_for(lambda: len(self.calls(route)) >= times),
                f"{route} was not asked {times} times",
            )
        return self.calls(route)

    async def connected(self, sessions: int = 1, patience: float = PATIENCE) -> list[Session]:
        """Waits until so many shards have identified and are connected."""
        await self.until(lambda: len(self._open()) >= sessions, f"{sessions} sessions", patience)
        return self._open()

    async def caught_up(self, patience: float = PATIENCE) -> None:
        """Waits until every connected client has read all that was sent: each is asked for a heartbeat (opcode 1)."""
        await self.platform.gateway.tell_all({"op": gateway.HEARTBEAT, "d": None, "s": None, "t": None})
        await self.until(
            lambda: all(one.connection is not None and one.connection.heard >= one.sequence for one in self._open()),
            "the client's last word",
            patience,
        )

    async def until(self, true: Callable[[], bool], what: str = "it", patience: float = PATIENCE) -> None:
        """Waits until something about the gateway holds; it is asked again after every gateway message."""
        changed = self.platform.gateway.changed
        async with changed:
            await self.within(patience, changed.wait_for(true), f"{what} did not come")

    def _open(self) -> list[Session]:
        return [session for session in self.sessions if session.connection is not None]

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.platform.gateway.handle(request)
        return await self.rest.handle(request)

    async def _tell(self) -> None:
        while True:
            await self.platform.gateway.dispatch(*await self.platform.outgoing.get())
