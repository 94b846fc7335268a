"""The Discord client: intents, features, command sync only when commands changed, and the way into the error path."""

import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.clock import Clock
from bot.content import Content
from bot.contracts import DataOwners, Events, OpenCalls
from bot.discordkit import AnyInteraction, ConsentGate, ErrorPath, FrontDesk, Router, Screening, Sender
from bot.guilds import Guilds
from bot.housekeeping import Housekeeping
from bot.ids import Ids
from bot.jobs import Runner
from bot.members import Consents, Members
from bot.metrics import Metrics
from bot.notices import TeamNotices
from bot.outages import Outages
from bot.settings import Settings
from bot.storage import Database, Vault

FEATURES = ("care", "checkins", "help", "learn", "me", "privacy", "setup")
_TREE = "command_tree"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the composition root builds and every feature may use."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    vault: Vault
    content: Content
    metrics: Metrics
    guilds: Guilds
    members: Members
    owners: DataOwners
    events: Events
    calls: OpenCalls
    screening: Screening
    errors: ErrorPath
    front_desk: FrontDesk
    router: Router
    consents: Consents
    consent: ConsentGate


def intents_of(settings: Settings) -> discord.Intents:
    """Return what the bot asks of the gateway: servers with their channels and roles, and that messages are written.

    Without the content intent a message comes without its words: it tells that somebody replied to a check-in. Both
    privileged intents are off unless the host turned them on.
    """
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.members = settings.member_events
    intents.message_content = settings.message_screening
    return intents


class Evenkeel(commands.AutoShardedBot):
    """The bot. It owns no resource: the composition root opens and closes everything in `rooms`."""

    jobs: Runner
    sender: Sender
    notices: TeamNotices
    housekeeping: Housekeeping
    outages: Outages

    def __init__(self, rooms: Rooms, *, features: Sequence[str] = FEATURES) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=_Tree,
            intents=intents_of(rooms.settings),
            shard_ids=list(rooms.settings.shard_ids) if rooms.settings.shard_ids else None,  # type: ignore[arg-type]
            shard_count=rooms.settings.shard_count,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            enable_debug_events=False,
        )
        self.rooms = rooms
        self.front_desk = rooms.front_desk
        self._features = features
        self._begun = False
        rooms.router.collect(rooms.consent)

    async def login(self, token: str) -> None:
        """Log in; from here on there is something to close."""
        self._begun = True
        await super().login(token)

    async def close(self) -> None:
        """Close the connection; harmless before the first login, where discord.py's own would fail."""
        if self._begun:
            await self.outages.end()
            await super().close()

    async def setup_hook(self) -> None:
        """Load the features and, where the commands changed since the last start, tell Discord."""
        for feature in self._features:
            await self.load_extension(f"cogs.{feature}")
        if self.rooms.settings.discord_api_url:
            # A REST proxy names Discord's own gateway here, a local server its own.
            _, gateway, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
        await self._sync_when_changed()

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:
        """Add a cog and take in the handlers of its buttons and forms."""
        await super().add_cog(cog, **options)
        self.rooms.router.collect(cog)

    async def _sync_when_changed(self) -> None:
        fingerprint = self.fingerprint()
        async with self.rooms.database.read() as reader:
            known = await reader.fetch_value("SELECT value FROM app_state WHERE key = $1", _TREE)
        if known == fingerprint:
            return
        await self.tree.sync()
        async with self.rooms.database.write() as writer:
            await writer.execute(
                "INSERT INTO app_state (key, value) VALUES ($1, $2) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                _TREE, fingerprint,
            )  # fmt: skip
        _log.info("commands told to Discord")

    def fingerprint(self) -> str:
        """Return a digest of the application and all its commands, as Discord would be told them."""
        commands_ = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        told = json.dumps([self.application_id, commands_], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def division(self) -> tuple[tuple[int, ...], int]:
        """Return which shards this process has, of how many."""
        shards = self.shard_count or 1
        return tuple(self.shard_ids or range(shards)), shards

    def owns(self, guild_id: int) -> bool:
        """Whether one of this process's shards serves the server (Discord's own formula)."""
        mine, shards = self.division()
        return (guild_id >> 22) % shards in mine

    async def on_ready(self) -> None:
        """Say in the log that the gateway is ready."""
        _log.info("ready: %s shards, %s servers", len(self.shards), len(self.guilds))

    async def on_interaction(self, interaction: AnyInteraction) -> None:
        """Hand every press and form to the router."""
        await self.rooms.router.route(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Leave messages alone: Evenkeel has slash commands only."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an error of any listener to the one error path."""
        error = sys.exc_info()[1]
        if error is None:
            return
        if args and isinstance(args[0], discord.Interaction):
            await self.rooms.errors.tell(args[0], error)
        else:
            self.rooms.errors.record(error, where=event_method)


class _Tree(app_commands.CommandTree[Evenkeel]):
    async def on_error(
        self, interaction: discord.Interaction[Evenkeel], error: app_commands.AppCommandError, /
    ) -> None:
        await self.client.rooms.errors.tell(interaction, error)


def point_discord_at(address: str | None) -> None:
    """Send every REST call to `address` (up to and with the version, such as `http://127.0.0.1:3000/api/v10`)."""
    if address:
        Route.BASE = address
