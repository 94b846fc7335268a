"""Which of Discord's permissions Evenkeel needs, where and what for: the table behind the invite and `/setup check`.

The bot never asks for Administrator. A permission enters this table together with the feature that uses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from bot.guilds import CHANNEL_PURPOSES


@dataclass(frozen=True, slots=True)
class Permission:
    """One of Discord's permissions.

    `name` is how discord.py calls it, `shown` how the app's settings do, `bit` its value on the wire (Discord API
    reference, "Permissions").
    """

    name: str
    shown: str
    bit: int


class Held(Protocol):
    """Permissions somebody holds, such as `discord.Permissions`."""

    value: int


MANAGE_CHANNELS = Permission("manage_channels", "Manage Channels", 1 << 4)
MANAGE_ROLES = Permission("manage_roles", "Manage Roles", 1 << 28)
MODERATE_MEMBERS = Permission("moderate_members", "Timeout Members", 1 << 40)
VIEW = Permission("view_channel", "View Channel", 1 << 10)
SEND = Permission("send_messages", "Send Messages", 1 << 11)
SEND_IN_THREADS = Permission("send_messages_in_threads", "Send Messages in Threads", 1 << 38)
HISTORY = Permission("read_message_history", "Read Message History", 1 << 16)
ATTACH_FILES = Permission("attach_files", "Attach Files", 1 << 15)
PUBLIC_THREADS = Permission("create_public_threads", "Create Public Threads", 1 << 35)
PRIVATE_THREADS = Permission("create_private_threads", "Create Private Threads", 1 << 36)
MANAGE_THREADS = Permission("manage_threads", "Manage Threads", 1 << 34)

# Never asked for: with it a role can be pinged that is not open to mentions.
MENTION_EVERYONE = Permission("mention_everyone", "Mention @everyone, @here, and All Roles", 1 << 17)

ADMINISTRATOR_BIT = 1 << 3

# What the bot does in the channel of each purpose: posts, day threads, cards as pictures, rooms of sessions and
# circles, private threads between a person and the team.
CHANNEL_NEEDS: Mapping[str, tuple[Permission, ...]] = MappingProxyType(
    {
        "check-ins": (VIEW, SEND, HISTORY, PUBLIC_THREADS, SEND_IN_THREADS),
        "celebrations": (VIEW, SEND, HISTORY, ATTACH_FILES),
        "sessions": (VIEW, SEND, HISTORY, PUBLIC_THREADS, PRIVATE_THREADS, SEND_IN_THREADS, MANAGE_THREADS),
        "library": (VIEW, SEND, HISTORY, PUBLIC_THREADS),
        "care": (VIEW, SEND, HISTORY),
        "mod-log": (VIEW, SEND, HISTORY, ATTACH_FILES),
        "quiet-rooms": (VIEW, HISTORY, PRIVATE_THREADS, SEND_IN_THREADS, MANAGE_THREADS),
    }
)

# What a feature needs in the whole server. Set-up makes channels and roles, and gives the moderator role a permission
# that it can only pass on while it holds it itself.
SERVER_NEEDS: Mapping[str, tuple[Permission, ...]] = MappingProxyType(
    {"setup": (MANAGE_CHANNELS, MANAGE_ROLES, MODERATE_MEMBERS)}
)


def all_needs() -> tuple[Permission, ...]:
    """Return every permission of the table once, those for the whole server first."""
    listed = [need for needs in SERVER_NEEDS.values() for need in needs]
    listed += [need for purpose in CHANNEL_PURPOSES for need in CHANNEL_NEEDS[purpose]]
    return tuple(dict.fromkeys(listed))


def posting_needs(purpose: str, *, thread: bool) -> tuple[Permission, ...]:
    """Return what the bot needs to post in the channel of a purpose; where no `thread` is opened, without those."""
    threads = {PUBLIC_THREADS, SEND_IN_THREADS}
    return tuple(need for need in CHANNEL_NEEDS[purpose] if thread or need not in threads)


def missing(needs: tuple[Permission, ...], held: int) -> tuple[Permission, ...]:
    """Return what is not held; Administrator holds everything, as on Discord."""
    if held & ADMINISTRATOR_BIT:
        return ()
    return tuple(need for need in needs if not held & need.bit)


def invite_permissions() -> int:
    """Return the value of `permissions` in the invite link: what any feature needs, never Administrator."""
    value = 0
    for need in all_needs():
        value |= need.bit
    return value


def missing_for_invite(held: Held) -> tuple[str, ...]:
    """Return what a fresh invite would add in a whole server, as the app's settings name it."""
    return tuple(need.shown for need in missing(all_needs(), held.value))
