"""Real interactions of discord.py whose every request ends in a list instead of at Discord."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord
import pytest
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.discordkit import Answer, AnyInteraction, ErrorPath, FrontDesk, Router, Standings
from bot.discordkit import answer as answers
from bot.ids import Ids
from bot.metrics import Metrics
from bot.policy import Standing
from tests.clock import FakeClock

SERVER, CHANNEL, ROBIN, BOT = 1_000 << 22, 1_001 << 22, 11 << 22, 9 << 22
COMMAND, PRESS, AUTOCOMPLETE, FORM = 2, 3, 4, 5
# Kinds of a first answer (Discord API reference, "Interaction Callback Type").
SHOWN, DEFERRED, UPDATING, UPDATED, ASKED = 4, 5, 6, 7, 9
_EPHEMERAL = 64
_AUTHOR = {"id": str(BOT), "username": "evenkeel", "discriminator": "0000", "avatar": None, "bot": True}
MESSAGE: Mapping[str, Any] = {
    "id": "7",
    "channel_id": str(CHANNEL),
    "author": _AUTHOR,
    "content": "",
    "timestamp": "2026-01-15T12:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "pinned": False,
    "type": 0,
    "components": [],
    "flags": 0,
}


@dataclass(frozen=True)
class Reply:
    """As much of Discord's answer as discord.py's errors read."""

    status: int
    reason: str = ""


def refused(status: int, code: int, words: str = "no") -> discord.HTTPException:
    """Return what discord.py raises for this answer of Discord's."""
    kinds: dict[int, type[discord.HTTPException]] = {
        403: discord.Forbidden, 404: discord.NotFound, 500: discord.DiscordServerError
    }  # fmt: skip
    kind = kinds.get(status, discord.HTTPException)
    return kind(Reply(status), {"code": code, "message": words})


@dataclass(frozen=True)
class Call:
    """One request: `callback` (the first answer), `edit` (of the original) or `followup`."""

    way: str
    body: Mapping[str, Any]

    @property
    def kind(self) -> int | None:
        """The kind of a first answer."""
        return self.body.get("type")

    @property
    def private(self) -> bool:
        """Whether this request asks for an answer that one person sees."""
        message = self.body.get("data", {}) if self.way == "callback" else self.body
        return bool(message.get("flags", 0) & _EPHEMERAL)

    @property
    def text(self) -> str:
        """Everything said, as JSON."""
        return json.dumps(self.body, ensure_ascii=False)


class Line(AsyncWebhookAdapter):
    """discord.py's own way of answering, but for the socket; `faults` are raised one by one, None lets one through."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[Call] = []
        self.faults: deque[Exception | None] = deque()
        self.called = asyncio.Event()

    async def request(
        self,
        route: Any,
        session: aiohttp.ClientSession,
        *,
        payload: dict[str, Any] | None = None,
        multipart: Sequence[Mapping[str, Any]] | None = None,
        **_: Any,
    ) -> Any:
        """Note the call; answer as Discord does, or with the next fault."""
        if multipart:
            payload = json.loads(next(part["value"] for part in multipart if part["name"] == "payload_json"))
        way = "callback" if route.path.endswith("/callback") else "edit" if route.method == "PATCH" else "followup"
        self.calls.append(Call(way, payload or {}))
        self.called.set()
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            raise fault
        if way == "callback":
            return {"interaction": {"id": "5", "type": 2, "response_message_id": "7"}}
        return dict(MESSAGE)

    @property
    def ways(self) -> list[str]:
        """The ways taken so far, in order."""
        return [call.way for call in self.calls]


class Chair(Standings):
    """Says of everybody what the test says."""

    def __init__(self) -> None:
        self.who = Standing(ROBIN, SERVER)
        self.asked = 0

    async def for_action(self, interaction: AnyInteraction, action: str) -> Standing:
        self.asked += 1
        return self.who


@dataclass
class Desk:
    """A front desk, a router and an error path of their own."""

    line: Line
    client: discord.Client
    chair: Chair = field(default_factory=Chair)
    metrics: Metrics = field(default_factory=Metrics)
    ids: Ids = field(default_factory=lambda: Ids(FakeClock(), random.Random(1)))

    def __post_init__(self) -> None:
        self.errors = ErrorPath(self.ids, self.metrics)
        self.front = FrontDesk(self.chair, self.ids, self.errors, self.metrics)
        self.router = Router(self.front)

    def interaction(
        self,
        kind: int = COMMAND,
        data: Mapping[str, Any] | None = None,
        *,
        on_message: bool = False,
        private: bool = False,
    ) -> AnyInteraction:
        """Return an interaction as the gateway would bring it; `private` puts it on a message that one person sees."""
        payload: dict[str, Any] = {
            "id": "5",
            "application_id": str(BOT),
            "type": kind,
            "token": "a-token",
            "version": 1,
            "guild_id": str(SERVER),
            "channel": {"id": str(CHANNEL), "type": 0, "name": "lounge", "position": 0, "permissions": "0"},
            "member": {
                "user": {"id": str(ROBIN), "username": "robin", "discriminator": "0000", "avatar": None},
                "roles": [],
                "joined_at": "2026-01-01T00:00:00+00:00",
                "permissions": "0",
                "deaf": False,
                "mute": False,
                "flags": 0,
            },
            "authorizing_integration_owners": {"0": str(SERVER)},
            "attachment_size_limit": 1,
            "data": dict(data or {}),
        }
        if on_message:
            payload["message"] = {**MESSAGE, "flags": _EPHEMERAL if private else 0}
        return discord.Interaction(data=payload, state=self.client._connection)  # type: ignore[arg-type]

    def press(self, custom_id: str, *, kind: int = PRESS, private: bool = False, **data: Any) -> AnyInteraction:
        """Return a press of an item, or a submitted form, on a message."""
        return self.interaction(kind, {"custom_id": custom_id, **data}, on_message=True, private=private)

    def answer(self, interaction: AnyInteraction, *, public: bool = False) -> Answer:
        """Open an answer as the front desk does."""
        return Answer(interaction, self.ids, public=public)


def made_desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk whose line takes the place of discord.py's for one test. Nobody waits: `PATIENCE` is none."""
    line = Line()
    way: ContextVar[AsyncWebhookAdapter] = ContextVar("line", default=line)
    monkeypatch.setattr("discord.interactions.async_context", way)
    monkeypatch.setattr("discord.webhook.async_.async_context", way)
    monkeypatch.setattr(answers, "PATIENCE", 0.0)
    client = discord.Client(intents=discord.Intents(guilds=True))
    client._connection.user = discord.ClientUser(state=client._connection, data=dict(_AUTHOR))  # type: ignore[arg-type]
    return Desk(line, client)
