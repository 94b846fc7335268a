"""Discord's permission arithmetic, from its API reference, so that no library is checked by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.wire.discord_server.values import Json

# Bits of the API reference, "Permissions".
KICK_MEMBERS = 1 << 1
BAN_MEMBERS = 1 << 2
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
USE_EXTERNAL_EMOJIS = 1 << 18
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_EVENTS = 1 << 33
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
MODERATE_MEMBERS = 1 << 40
CREATE_EVENTS = 1 << 44
ALL = (1 << 53) - 1

# What a new server gives everyone, as far as it matters here.
EVERYONE = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)
# What a group that lets the bot set itself up gives it: never Administrator.
BOT = (
    EVERYONE
    | MANAGE_CHANNELS
    | MANAGE_ROLES
    | MANAGE_MESSAGES
    | MANAGE_THREADS
    | CREATE_PRIVATE_THREADS
    | MODERATE_MEMBERS
    | KICK_MEMBERS
    | BAN_MEMBERS
    | MANAGE_EVENTS
    | CREATE_EVENTS
    | MANAGE_GUILD
)


def effective(user_id: int, guild_id: int, held: Mapping[int, int], overwrites: Iterable[Json], *, owner: bool) -> int:
    """What a member may do, from roles held (id to bits) and overwrites, in Discord's documented order."""
    if owner:
        return ALL
    base = 0
    for bits in held.values():
        base |= bits
    if base & ADMINISTRATOR:
        return ALL
    by_id = {int(overwrite["id"]): overwrite for overwrite in overwrites}
    base = _apply(base, [by_id[guild_id]] if guild_id in by_id else [])
    base = _apply(base, [by_id[role] for role in held if role != guild_id and role in by_id])
    return _apply(base, [by_id[user_id]] if user_id in by_id else [])


def _apply(base: int, overwrites: list[Json]) -> int:
    deny = allow = 0
    for overwrite in overwrites:
        deny |= int(overwrite["deny"])
        allow |= int(overwrite["allow"])
    return (base & ~deny) | allow
