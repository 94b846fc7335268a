"""Which channel and which role fit a purpose, and who may do what in a new channel.

The guide is four steps; every choice is kept at once, so each step can be left and taken up again:

    group -> roles -> channels -> check
      |        |         |
      +--------+---------+--- "back" goes one step up, "/setup guide" opens the step that was open last

Roles come before channels because the private channels are made for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.guilds import PRIVATE_PURPOSES, RETENTION_MONTHS
from bot.permissions import (
    ADMINISTRATOR_BIT,
    CHANNEL_NEEDS,
    HISTORY,
    MANAGE_CHANNELS,
    MANAGE_ROLES,
    MODERATE_MEMBERS,
    PRIVATE_THREADS,
    PUBLIC_THREADS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Permission,
    missing,
)

STEPS = ("group", "roles", "channels", "check")
QUIET_ROOMS = "quiet-rooms"
# Announcement channels have no private threads, and other servers can follow them: only what is public anyway fits.
_MAY_BE_NEWS = frozenset({"celebrations", "library"})
TEAM = frozenset({"moderator", "facilitator"})
# Given out by a button or by the bot: such a role must carry no power.
HANDED_OUT = frozenset({"member", "family"})
# Pinged in the care channel, by a call for the team and by a check-in that waits for a reply. Discord lets a bot ping
# only what everybody may mention.
PINGED = TEAM
# Who works in a private channel beside the bot and the administrators.
DOORS: Mapping[str, tuple[str, ...]] = {"care": ("moderator", "facilitator"), "mod-log": ("moderator",)}
# Administrator, Manage Server, Manage Roles, Manage Channels, Manage Webhooks, Manage Messages, Manage Threads, Kick,
# Ban, Timeout Members, Mention Everyone, View Audit Log (Discord API reference, "Permissions").
POWERS = sum(1 << bit for bit in (3, 5, 28, 4, 29, 13, 34, 1, 2, 40, 17, 7))


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as it is now. `bot` and `everyone` are the permission bits that each has in it."""

    channel_id: int
    name: str
    kind: Literal["text", "news", "other"]
    topic: str
    bot: int
    everyone: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A role as it is now. `above_bot`: the bot can't hand it out or change it; `mentionable`: anybody can ping it."""

    role_id: int
    name: str
    everyone: bool
    managed: bool
    above_bot: bool
    bits: int
    mentionable: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """A role, or a `person` with permissions of their own, in one channel; `roles` are the ids of a person's roles."""

    who: int
    person: bool
    bits: int
    roles: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Gate:
    """What one overwrite of a new channel allows and denies: for `everyone`, for the `bot`, or for a role by its id."""

    who: Literal["everyone", "bot"] | int
    allow: tuple[Permission, ...] = ()
    deny: tuple[Permission, ...] = ()


def gates(purpose: str, roles: Mapping[str, int]) -> tuple[Gate, ...]:
    """Return who may do what in a new channel of this purpose; `roles` are the role ids by purpose."""
    bot = Gate("bot", allow=CHANNEL_NEEDS[purpose])
    if purpose in PRIVATE_PURPOSES:
        # One role may serve two purposes: an overwrite for it stands once.
        doors = dict.fromkeys(roles[role] for role in DOORS[purpose] if role in roles)
        return (Gate("everyone", deny=(VIEW,)), bot, *(Gate(role, allow=(VIEW, SEND, HISTORY)) for role in doors))
    if purpose == QUIET_ROOMS:
        # Visible to all, or a private thread below it would be out of reach for the very person it is for.
        everyone = Gate(
            "everyone", allow=(VIEW, HISTORY, SEND_IN_THREADS), deny=(SEND, PUBLIC_THREADS, PRIVATE_THREADS)
        )
        return (everyone, bot)
    return (bot,)


def lacking_for_channels(purposes: tuple[str, ...], held: int) -> tuple[Permission, ...]:
    """Return what the bot lacks to make the channels: Discord lets it set only what it holds in the whole server."""
    needs = [MANAGE_CHANNELS]
    for purpose in purposes:
        for gate in gates(purpose, {}):
            needs += [*gate.allow, *gate.deny]
        if purpose in PRIVATE_PURPOSES:
            needs += [VIEW, SEND, HISTORY]
    return missing(tuple(dict.fromkeys(needs)), held)


def lacking_for_roles(held: int) -> tuple[Permission, ...]:
    """Return what the bot lacks to make roles."""
    return missing((MANAGE_ROLES,), held)


def lacking_to_empower(held: int) -> tuple[Permission, ...]:
    """Return what the bot lacks to give a role Timeout Members: it can pass on only what it holds."""
    return missing((MANAGE_ROLES, MODERATE_MEMBERS), held)


def channel_fault(purpose: str, place: Place | None, taken: Mapping[str, int]) -> str | None:
    """Return why a channel can't serve a purpose (the end of a catalogue key), or None. `taken` is by purpose."""
    if place is None:
        return "elsewhere"
    if place.kind == "other":
        return "not_text"
    if place.kind == "news" and purpose not in _MAY_BE_NEWS:
        return "news"
    sharing = {other for other, channel_id in taken.items() if channel_id == place.channel_id and other != purpose}
    if sharing and (purpose == QUIET_ROOMS or QUIET_ROOMS in sharing):
        return "quiet_alone"
    return "mixed" if any((other in PRIVATE_PURPOSES) != (purpose in PRIVATE_PURPOSES) for other in sharing) else None


def role_fault(purpose: str, rank: Rank | None, taken: Mapping[str, int]) -> str | None:
    """Return why a role can't serve a purpose (the end of a catalogue key), or None. `taken` is by purpose."""
    if rank is None:
        return "elsewhere"
    if rank.everyone:
        return "everyone"
    if rank.managed:
        return "managed"
    if purpose in HANDED_OUT and rank.bits & POWERS:
        return "powerful"
    sharing = {other for other, role_id in taken.items() if role_id == rank.role_id and other != purpose}
    if any((other in TEAM) != (purpose in TEAM) for other in sharing):
        return "mixed"
    return None


def exposed(purpose: str, place: Place) -> bool:
    """Whether a channel that has to be private is open to everybody."""
    return purpose in PRIVATE_PURPOSES and bool(place.everyone & VIEW.bit)


def strangers(viewers: tuple[Viewer, ...], roles: Mapping[str, int]) -> tuple[Viewer, ...]:
    """Return who sees a private channel without being of the team; administrators see every channel anyway."""
    team = {roles[role] for role in TEAM if role in roles}
    return tuple(
        viewer
        for viewer in viewers
        if viewer.bits & VIEW.bit
        and not viewer.bits & ADMINISTRATOR_BIT
        and team.isdisjoint({viewer.who, *viewer.roles})
    )


def quiet_faults(place: Place, members: int = 0) -> tuple[str, ...]:
    """Return what is wrong with the parent of private threads: everybody sees it, writes in threads, nowhere else.

    `members` are the member role's permission bits in it: in a gated server, @everyone sees nothing and members do.
    """
    people = place.everyone | members
    found = []
    if not people & VIEW.bit:
        found.append("quiet_hidden")
    if people & (SEND.bit | PUBLIC_THREADS.bit | PRIVATE_THREADS.bit):
        found.append("quiet_open")
    if not people & SEND_IN_THREADS.bit:
        found.append("quiet_mute")
    return tuple(found)


def kept_months(feature: str, chosen: Mapping[str, int]) -> int:
    """Return how many months a feature's data stay; never more than the product promises."""
    most = RETENTION_MONTHS[feature]
    return min(chosen.get(feature, most), most)


def month_choices(feature: str) -> tuple[int, ...]:
    """Return the months that can be chosen for a feature, longest first."""
    most = RETENTION_MONTHS[feature]
    return tuple(months for months in (24, 18, 12, 9, 6, 3, 1) if months <= most)
