"""Gateway sessions: what a connection identified as, what it was sent, what it gets again on a resume."""

from __future__ import annotations

import zlib
from collections import deque
from typing import Protocol

import orjson
import zstandard
from aiohttp import web

from tests.wire.discord_server.values import Json

MESSAGE_CONTENT, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 15, 1 << 1, 1 << 8
PRIVILEGED = MESSAGE_CONTENT | GUILD_MEMBERS | GUILD_PRESENCES
GUILDS = 1 << 0
# Intents 0-16, 20-21, 24-25 exist (gateway reference, "List of Intents").
EXISTING = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
# The intent each event needs; an event that is not here needs none.
_NEEDS = {
    "GUILD_CREATE": GUILDS,
    "GUILD_UPDATE": GUILDS,
    "GUILD_DELETE": GUILDS,
    "GUILD_ROLE_CREATE": GUILDS,
    "GUILD_ROLE_UPDATE": GUILDS,
    "GUILD_ROLE_DELETE": GUILDS,
    "CHANNEL_CREATE": GUILDS,
    "CHANNEL_UPDATE": GUILDS,
    "CHANNEL_DELETE": GUILDS,
    "THREAD_CREATE": GUILDS,
    "THREAD_UPDATE": GUILDS,
    "THREAD_DELETE": GUILDS,
    "GUILD_MEMBER_ADD": GUILD_MEMBERS,
    "GUILD_MEMBER_UPDATE": GUILD_MEMBERS,
    "GUILD_MEMBER_REMOVE": GUILD_MEMBERS,
}
_MESSAGES = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"})
_GUILD_MESSAGES, _DIRECT_MESSAGES = 1 << 9, 1 << 12
# Discord keeps some minutes of events for a resume; a test never comes near this many.
KEPT_EVENTS = 5000


class Compressor(Protocol):
    """Turns one gateway payload into one websocket message."""

    def pack(self, text: bytes) -> bytes: ...


class ZlibStream:
    """One zlib context a connection, each payload ended by a sync flush (`compress=zlib-stream`)."""

    def __init__(self) -> None:
        self._context = zlib.compressobj()

    def pack(self, text: bytes) -> bytes:
        return self._context.compress(text) + self._context.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One zstandard context a connection, each payload ended by a block flush (`compress=zstd-stream`)."""

    def __init__(self) -> None:
        self._context = zstandard.ZstdCompressor().compressobj()

    def pack(self, text: bytes) -> bytes:
        return self._context.compress(text) + self._context.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


class Connection:
    """One websocket, with the compression its address asked for; `heard` is the sequence its client last named."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.socket = socket
        self.request = request
        asked = request.query.get("compress")
        self.compressor: Compressor | None = None
        if asked == "zlib-stream":
            self.compressor = ZlibStream()
        elif asked == "zstd-stream":
            self.compressor = ZstdStream()
        self.session: Session | None = None
        self.heard = 0
        self.sent_at: deque[float] = deque(maxlen=120)

    async def send(self, payload: Json) -> None:
        """Sends one payload; a connection that is gone swallows it, as a network does."""
        if self.socket.closed:
            return
        text = orjson.dumps(payload)
        try:
            if self.compressor is None:
                await self.socket.send_str(text.decode())
            else:
                await self.socket.send_bytes(self.compressor.pack(text))
        except ConnectionError:
            self.abort()

    def abort(self) -> None:
        """Ends the connection without a close frame, like a cut cable."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Session:
    """One identified shard."""

    def __init__(self, session_id: str, identify: Json, connection: Connection) -> None:
        self.id = session_id
        self.intents = int(identify["intents"])
        self.shard: tuple[int, int] = tuple(identify.get("shard", (0, 1)))
        self.presence = identify.get("presence")
        self.connection: Connection | None = connection
        self.sequence = 0
        self.events: deque[Json] = deque(maxlen=KEPT_EVENTS)
        self.resumed = 0

    def hears(self, event: str, guild_id: int | None) -> bool:
        """Whether this shard and these intents get an event."""
        shard, count = self.shard
        if (0 if guild_id is None else (guild_id >> 22) % count) != shard:
            return False
        needed = _NEEDS.get(event, 0)
        if event in _MESSAGES:
            needed = _DIRECT_MESSAGES if guild_id is None else _GUILD_MESSAGES
        return self.intents & needed == needed

    async def dispatch(self, event: str, data: Json) -> None:
        """Numbers, keeps and sends an event; what finds no connection waits for a resume."""
        self.sequence += 1
        payload: Json = {"op": 0, "t": event, "s": self.sequence, "d": data}
        self.events.append(payload)
        if self.connection is not None:
            await self.connection.send(payload)

    def missed(self, sequence: int) -> list[Json] | None:
        """The events after a sequence number, or None when they can no longer all be given."""
        if sequence > self.sequence or (self.events and sequence < self.events[0]["s"] - 1):
            return None
        return [event for event in self.events if event["s"] > sequence]
