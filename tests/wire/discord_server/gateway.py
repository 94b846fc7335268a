"""The gateway: hello, identify, resume, heartbeats, member requests, and how Discord ends a connection."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import WSMsgType, web

from tests.wire.discord_server.guild_payloads import guild_create
from tests.wire.discord_server.sessions import (
    EXISTING,
    GUILD_MEMBERS,
    GUILDS,
    PRIVILEGED,
    Connection,
    Session,
)
from tests.wire.discord_server.values import Json, Problem
from tests.wire.discord_server.world import Guild

if TYPE_CHECKING:
    from tests.wire.discord_server.platform import Platform

# Opcodes of the gateway reference.
DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
CLOSE_UNKNOWN_OPCODE, CLOSE_DECODE, CLOSE_NOT_AUTHENTICATED, CLOSE_BAD_TOKEN = 4001, 4002, 4003, 4004
CLOSE_TWICE, CLOSE_RATE_LIMITED, CLOSE_INVALID_SHARD = 4005, 4008, 4010
CLOSE_INVALID_INTENTS, CLOSE_DISALLOWED_INTENTS = 4013, 4014
PATHS = frozenset({"/", "/gateway", "/resume"})


class Gateway:
    """All websockets of the loopback Discord.

    `heartbeat_ms` is the interval told to clients; `allowed_intents` the privileged ones that the application
    has; `silent` makes it take everything and answer nothing, as a half-dead connection does.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.heartbeat_ms = 41_250
        self.allowed_intents = 0
        self.session_starts = 1000
        self.shards = 1
        self.silent = False
        self.received: list[Json] = []
        self.paths: list[str] = []
        self.heartbeats = 0
        self.changed = asyncio.Condition()

    async def handle(self, request: web.BaseRequest) -> web.WebSocketResponse:
        """Serves one websocket until it ends."""
        path = request.path.rstrip("/") or "/"
        if path not in PATHS or request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.platform.report(Problem("gateway", f"a connection to {request.path_qs}"))
        self.paths.append(path)
        socket = web.WebSocketResponse(compress=False, autoping=True, max_msg_size=4096 * 4)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.add(connection)
        try:
            await connection.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}, "s": None, "t": None})
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    await socket.close(code=CLOSE_DECODE)
                    break
                await self._receive(connection, message.data)
        finally:
            await self._ended(connection)
        return socket

    async def dispatch(self, event: str, data: Json, guild_id: int | None = None) -> None:
        """Sends an event to every session that hears it."""
        for session in list(self.sessions.values()):
            if session.hears(event, guild_id):
                await session.dispatch(event, data)

    async def end_all(self, code: int | None) -> None:
        """Ends every connection: with a close code, or for None by cutting it."""
        for connection in list(self.connections):
            if code is None:
                connection.abort()
            else:
                await connection.socket.close(code=code)

    async def tell_all(self, payload: Json) -> None:
        """Sends a payload outside the sequence to every connection (reconnect, invalid session)."""
        for connection in list(self.connections):
            await connection.send(payload)

    async def _ended(self, connection: Connection) -> None:
        self.connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            # A client that closes with 1000 or 1001 gives its session up (gateway, "Disconnecting").
            if connection.socket.close_code in {1000, 1001}:
                self.sessions.pop(session.id, None)
        await self._notify()

    async def _receive(self, connection: Connection, text: str) -> None:
        try:
            payload: Json = orjson.loads(text)
            opcode, data = payload["op"], payload.get("d")
        except (orjson.JSONDecodeError, KeyError, TypeError):
            await connection.socket.close(code=CLOSE_DECODE)
            return
        if self._too_fast(connection):
            self.platform.report(Problem("gateway", "more than 120 messages in a minute"))
            await connection.socket.close(code=CLOSE_RATE_LIMITED)
        elif opcode == HEARTBEAT:
            await self._heartbeat(connection, data)
        else:
            self.received.append(payload)
            await self._take(connection, opcode, data)

    async def _take(self, connection: Connection, opcode: int, data: Any) -> None:
        if opcode == IDENTIFY:
            await self._identify(connection, data)
        elif opcode == RESUME:
            await self._resume(connection, data)
        elif connection.session is None:
            await connection.socket.close(code=CLOSE_NOT_AUTHENTICATED)
        elif opcode == REQUEST_MEMBERS:
            await self._members(connection.session, data)
        elif opcode not in {PRESENCE, VOICE}:
            await connection.socket.close(code=CLOSE_UNKNOWN_OPCODE)
        await self._notify()

    def _too_fast(self, connection: Connection) -> bool:
        now = time.monotonic()
        full = len(connection.sent_at) == connection.sent_at.maxlen
        too_fast = full and now - connection.sent_at[0] < 60
        connection.sent_at.append(now)
        return too_fast

    async def _heartbeat(self, connection: Connection, sequence: int | None) -> None:
        self.heartbeats += 1
        connection.heard = sequence or 0
        if not self.silent:
            await connection.send({"op": HEARTBEAT_ACK, "d": None, "s": None, "t": None})
        await self._notify()

    async def _identify(self, connection: Connection, data: Json) -> None:
        code = self._refusal(connection, data)
        if code is not None:
            await connection.socket.close(code=code)
            return
        self.session_starts -= 1
        session = Session(secrets.token_hex(16), data, connection)
        connection.session = session
        self.sessions[session.id] = session
        guilds = [guild for guild in self.platform.world.guilds.values() if session.hears("", guild.id)]
        await session.dispatch("READY", self._ready(session, guilds))
        if session.intents & GUILDS:
            for guild in guilds:
                await session.dispatch("GUILD_CREATE", guild_create(guild, session, self.platform.world.bot_id))

    def _refusal(self, connection: Connection, data: Json) -> int | None:
        shard, count = data.get("shard", (0, 1))
        intents = data.get("intents")
        if connection.session is not None:
            return CLOSE_TWICE
        # Who uses up the day's session starts has the token reset, which looks like a bad one from then on.
        if data.get("token") != self.platform.world.token or self.session_starts <= 0:
            return CLOSE_BAD_TOKEN
        if not 0 <= shard < count:
            return CLOSE_INVALID_SHARD
        if not isinstance(intents, int) or intents & ~EXISTING:
            return CLOSE_INVALID_INTENTS
        if intents & PRIVILEGED & ~self.allowed_intents:
            return CLOSE_DISALLOWED_INTENTS
        return None

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        world = self.platform.world
        return {
            "v": 10,
            "user": world.bot | {"mfa_enabled": False, "verified": True, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"{self.platform.gateway_url}/resume",
            "shard": list(session.shard),
            "application": {"id": str(world.application_id), "flags": self.platform.application_flags()},
        }

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data.get("session_id", ""))
        if data.get("token") != self.platform.world.token:
            await connection.socket.close(code=CLOSE_BAD_TOKEN)
            return
        missed = None if session is None else session.missed(int(data["seq"] or 0))
        if session is None or missed is None:
            await connection.send({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        connection.session = session
        session.resumed += 1
        # What happens while the missed events go out is missed too; the session takes over when none is left.
        while missed:
            for event in missed:
                await connection.send(event)
            missed = session.missed(missed[-1]["s"])
        session.connection = connection
        await session.dispatch("RESUMED", {})

    async def _members(self, session: Session, data: Json) -> None:
        guild = self.platform.world.guilds[int(data["guild_id"])]
        if data.get("query") == "" and not session.intents & GUILD_MEMBERS:
            self.platform.report(Problem("gateway", "all members are asked for without the members intent"))
            return
        wanted = data.get("user_ids")
        ids = {int(one) for one in ([wanted] if isinstance(wanted, str | int) else wanted or guild.members)}
        found = [member for user_id, member in guild.members.items() if user_id in ids]
        named = [one for one in found if one["user"]["username"].startswith(data.get("query") or "")]
        limit = int(data.get("limit") or 0) or len(named)
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": named[:limit],
            "chunk_index": 0,
            "chunk_count": 1,
        }
        chunk["not_found"] = [str(one) for one in ids - set(guild.members)]
        await session.dispatch("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})

    async def _notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()
