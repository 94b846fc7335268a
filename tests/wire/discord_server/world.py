"""What exists in the loopback Discord: people, servers, channels, messages, commands, as JSON."""

from __future__ import annotations

import base64
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.wire.discord_server import permissions
from tests.wire.discord_server.values import ApiError, Json, Mint, iso_now, unknown

TEXT, DM, VOICE, CATEGORY, PUBLIC_THREAD, PRIVATE_THREAD, STAGE, FORUM = 0, 1, 2, 4, 11, 12, 13, 15
THREADS = frozenset({10, PUBLIC_THREAD, PRIVATE_THREAD})
JOINED = "2020-01-01T00:00:00+00:00"
# A message kept longer is of no use to a test, and a benchmark must not grow the server it measures with.
KEPT_MESSAGES = 500


@dataclass(slots=True)
class Guild:
    """One server; the bot is always a member, with a managed role of its own."""

    id: int
    name: str
    owner_id: int
    bot_role_id: int
    member_count: int | None = None
    roles: dict[int, Json] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    channels: dict[int, Json] = field(default_factory=dict)

    @property
    def threads(self) -> list[Json]:
        """Threads that are not archived."""
        return [
            channel
            for channel in self.channels.values()
            if channel["type"] in THREADS and not channel["thread_metadata"]["archived"]
        ]

    def permissions_of(self, user_id: int, channel: Json | None = None) -> int:
        """The permissions of a member in the server or, with its overwrites, in a channel."""
        if channel is not None and channel["type"] in THREADS:
            channel = self.channels.get(int(channel["parent_id"]))
        overwrites = () if channel is None else channel.get("permission_overwrites", ())
        roles = [int(role) for role in self.members[user_id]["roles"]] if user_id in self.members else []
        held = {self.id: int(self.roles[self.id]["permissions"])}
        held |= {role: int(self.roles[role]["permissions"]) for role in roles if role in self.roles}
        return permissions.effective(user_id, self.id, held, overwrites, owner=user_id == self.owner_id)


class World:
    """Everything that lasts longer than one request, for one application and its bot."""

    def __init__(self) -> None:
        self.mint = Mint()
        self.application_id = self.mint.past()
        self.bot = self.new_user("Evenkeel", bot=True, user_id=self.application_id)
        self.owner = self.new_user("Owner of the application")
        head = base64.urlsafe_b64encode(str(self.application_id).encode()).decode().rstrip("=")
        # The shape of a bot token, so that a check of the shape is met; it opens nothing.
        self.token = f"{head}.GLoopb.{'x' * 38}"
        self.users: dict[int, Json] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Json] = {}
        self.messages: dict[int, OrderedDict[int, Json]] = {}
        self.commands: list[Json] = []
        self.closed_dms: set[int] = set()
        self.thread_members: dict[int, dict[int, Json]] = {}
        self.edits_when_old: Counter[int] = Counter()
        self.add_user(self.bot)

    @property
    def bot_id(self) -> int:
        """The bot's user id; equal to the application's id, as for every newer application."""
        return self.application_id

    def new_user(self, name: str, *, bot: bool = False, user_id: int | None = None) -> Json:
        """A user as REST gives it; not yet known to the world."""
        return {
            "id": str(user_id or self.mint.past()),
            "username": name.lower().replace(" ", "_")[:32],
            "global_name": None if bot else name,
            "discriminator": "0",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "bot": bot,
            "primary_guild": None,
        }

    def add_user(self, user: Json) -> int:
        """Makes a user known; returns the id."""
        self.users[int(user["id"])] = user
        return int(user["id"])

    def add_guild(self, name: str, bot_permissions: int, everyone_permissions: int, owner_name: str) -> Guild:
        """A server with its everyone role, an owner and the bot under its managed role."""
        owner_id = self.add_user(self.new_user(owner_name))
        guild = Guild(self.mint.past(), name, owner_id, bot_role_id=self.mint.past())
        self.mint.past()  # an odd number of ids a server with one channel, so that two servers are on two shards
        self.guilds[guild.id] = guild
        guild.roles[guild.id] = role_json(guild.id, "@everyone", everyone_permissions, 0)
        managed = role_json(guild.bot_role_id, "Evenkeel", bot_permissions, 1)
        guild.roles[guild.bot_role_id] = managed | {"managed": True, "tags": {"bot_id": str(self.bot_id)}}
        self.add_member(guild, owner_id, ())
        self.add_member(guild, self.bot_id, (guild.bot_role_id,))
        return guild

    def add_member(self, guild: Guild, user_id: int, roles: Iterable[int]) -> Json:
        """Lets a known user into a server."""
        guild.members[user_id] = {
            "user": self.users[user_id],
            "roles": [str(role) for role in roles],
            "nick": None,
            "avatar": None,
            "banner": None,
            "joined_at": JOINED,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "mute": False,
            "deaf": False,
            "flags": 0,
        }
        return guild.members[user_id]

    def add_channel(self, guild: Guild, kind: int, name: str, **fields: object) -> Json:
        """A channel of a server; further fields are written over the defaults."""
        channel: Json = {
            "id": str(self.mint.past()),
            "type": kind,
            "guild_id": str(guild.id),
            "name": name,
            "position": len(guild.channels),
            "permission_overwrites": [],
            "parent_id": None,
            "flags": 0,
        }
        if kind != CATEGORY:
            channel |= {"topic": None, "nsfw": False, "rate_limit_per_user": 0, "last_message_id": None}
        channel |= fields
        return self._keep_channel(guild, channel)

    def add_thread(self, guild: Guild, parent: Json, kind: int, body: Mapping[str, object], thread_id: int) -> Json:
        """A thread that the bot starts under a channel."""
        metadata: Json = {
            "archived": False,
            "archive_timestamp": iso_now(),
            "auto_archive_duration": body.get("auto_archive_duration") or 4320,
            "locked": False,
            "create_timestamp": iso_now(),
        }
        if kind == PRIVATE_THREAD:
            metadata["invitable"] = body.get("invitable") is not False
        thread: Json = {
            "id": str(thread_id),
            "type": kind,
            "guild_id": str(guild.id),
            "parent_id": parent["id"],
            "name": body["name"],
            "owner_id": str(self.bot_id),
            "last_message_id": None,
            "rate_limit_per_user": body.get("rate_limit_per_user") or 0,
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "flags": 0,
            "thread_metadata": metadata,
            "member": self.thread_member(thread_id, self.bot_id),
        }
        return self._keep_channel(guild, thread)

    def thread_member(self, thread_id: int, user_id: int) -> Json:
        """One person's place in a thread."""
        return {"id": str(thread_id), "user_id": str(user_id), "join_timestamp": iso_now(), "flags": 0}

    def in_thread(self, thread: Json) -> dict[int, Json]:
        """Who is in a thread, by user id."""
        return self.thread_members.setdefault(int(thread["id"]), {})

    def dm_with(self, user_id: int) -> Json:
        """The direct message channel of the bot and a person, made when it is not there yet."""
        if user_id not in self.users:
            raise unknown(10013, "User")
        for channel in self.channels.values():
            if channel["type"] == DM and int(channel["recipients"][0]["id"]) == user_id:
                return channel
        made: Json = {"id": str(self.mint.past()), "type": DM, "flags": 0, "last_message_id": None}
        made["recipients"] = [self.users[user_id]]
        self.channels[int(made["id"])] = made
        return made

    def guild(self, guild_id: int) -> Guild:
        """A server that the bot is in; raises 404 Unknown Guild."""
        if guild_id not in self.guilds:
            raise unknown(10004, "Guild")
        return self.guilds[guild_id]

    def channel(self, channel_id: int) -> Json:
        """A channel, thread or direct message channel; raises 404 Unknown Channel."""
        if channel_id not in self.channels:
            raise unknown(10003, "Channel")
        return self.channels[channel_id]

    def guild_of(self, channel: Json) -> Guild | None:
        """The server of a channel, or None for direct messages."""
        return self.guilds.get(int(channel["guild_id"])) if "guild_id" in channel else None

    def need(self, channel: Json, wanted: int) -> None:
        """Raises what Discord answers when the bot may not: 50001 for unseen, 50013 for not permitted."""
        guild = self.guild_of(channel)
        if guild is None:
            return
        held = guild.permissions_of(self.bot_id, channel)
        if not held & permissions.VIEW_CHANNEL:
            raise ApiError(403, 50001, "Missing Access")
        if held & wanted != wanted:
            raise ApiError(403, 50013, "Missing Permissions")

    def need_in_guild(self, guild: Guild, wanted: int) -> None:
        """The same for what concerns the whole server."""
        if guild.permissions_of(self.bot_id) & wanted != wanted:
            raise ApiError(403, 50013, "Missing Permissions")

    def keep_message(self, message: Json) -> None:
        """Stores a message in its channel; the oldest goes when there are many."""
        kept = self.messages_of(int(message["channel_id"]))
        kept[int(message["id"])] = message
        self.channels[int(message["channel_id"])]["last_message_id"] = message["id"]
        while len(kept) > KEPT_MESSAGES:
            kept.popitem(last=False)

    def messages_of(self, channel_id: int) -> OrderedDict[int, Json]:
        """What stands in a channel, oldest first."""
        return self.messages.setdefault(channel_id, OrderedDict())

    def message(self, channel_id: int, message_id: int) -> Json:
        """A stored message; raises 404 Unknown Message."""
        self.channel(channel_id)
        try:
            return self.messages[channel_id][message_id]
        except KeyError:
            raise unknown(10008, "Message") from None

    def remove_channel(self, channel: Json) -> None:
        """Takes a channel and its messages away."""
        channel_id = int(channel["id"])
        del self.channels[channel_id]
        self.messages.pop(channel_id, None)
        guild = self.guild_of(channel)
        if guild is not None:
            del guild.channels[channel_id]

    def _keep_channel(self, guild: Guild, channel: Json) -> Json:
        guild.channels[int(channel["id"])] = channel
        self.channels[int(channel["id"])] = channel
        return channel


def role_json(role_id: int, name: str, granted: int, position: int) -> Json:
    """A role as REST gives it."""
    return {
        "id": str(role_id),
        "name": name,
        "permissions": str(granted),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
