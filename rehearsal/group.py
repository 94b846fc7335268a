"""A support group to rehearse in: its server, channels, roles and people, seeded in a simulated Discord.

Feature tests use it too: after `group = await seed_group(env)`, a command is run by
`await group.admin.slash(group.channel("welcome"), "help")`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import discord
import simcord
from simcord import ChannelHandle, GuildHandle, MemberActor, RoleHandle

from bot.guilds import CHANNEL_PURPOSES, ROLE_PURPOSES
from bot.permissions import Permission, invite_permissions
from bot.text import t
from cogs.setup.rules.fit import PINGED, gates

PERSONAS = Path(__file__).with_name("personas.toml")
COMPANION = "hazel"


@dataclass(frozen=True, slots=True)
class Profile:
    """What the rehearsal's people file says of somebody."""

    key: str
    name: str
    kind: str
    label: str
    about: str
    try_this: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a group: the profile, and the hands that act in the simulation."""

    profile: Profile
    actor: MemberActor

    @property
    def key(self) -> str:
        return self.profile.key

    @property
    def name(self) -> str:
        return self.profile.name


@dataclass(frozen=True, slots=True)
class Group:
    """A seeded server. `roles` is by purpose; `channel` looks up by name, and finds those made later too."""

    env: simcord.Env
    guild: GuildHandle
    people: Mapping[str, Person]
    roles: Mapping[str, RoleHandle]
    zone: str
    country: str

    def person(self, key: str) -> Person:
        """Return somebody by key, name or kind (`robin`, `Robin`, `admin`). Raises `KeyError` for nobody."""
        wanted = key.casefold()
        for person in self.people.values():
            if wanted in (person.key, person.name.casefold()):
                return person
        return self._of_kind(wanted)[0]

    def channel(self, name: str) -> ChannelHandle:
        """Return a channel by its name without `#`. Raises `KeyError` where there is none."""
        return self.guild.channels[name]

    @property
    def admin(self) -> MemberActor:
        return self._of_kind("admin")[0].actor

    @property
    def moderator(self) -> MemberActor:
        return self._of_kind("moderator")[0].actor

    @property
    def facilitators(self) -> tuple[MemberActor, ...]:
        return tuple(person.actor for person in self._of_kind("facilitator"))

    @property
    def members(self) -> tuple[MemberActor, ...]:
        return tuple(person.actor for person in self._of_kind("member"))

    @property
    def family(self) -> MemberActor:
        return self._of_kind("family")[0].actor

    @property
    def newcomer(self) -> MemberActor:
        return self._of_kind("newcomer")[0].actor

    def _of_kind(self, kind: str) -> list[Person]:
        found = [person for person in self.people.values() if person.profile.kind == kind]
        if not found:
            raise KeyError(kind)
        return found


@cache
def _file() -> Mapping[str, Any]:
    with PERSONAS.open("rb") as file:
        return MappingProxyType(tomllib.load(file))


def _profile(entry: Mapping[str, str]) -> Profile:
    return Profile(entry["key"], entry["name"], entry["kind"], entry["label"], entry["about"], entry["try"])


def profiles() -> tuple[Profile, ...]:
    """Return everybody of the rehearsal's group, in the order of its people file."""
    return tuple(_profile(entry) for entry in _file()["people"])


def group_zone() -> ZoneInfo:
    """Return the zone in which the rehearsal's group lives."""
    return ZoneInfo(_file()["group"]["zone"])


async def seed_group(env: simcord.Env, *, with_channels: bool = True) -> Group:
    """Make the rehearsal's group in a started simulation.

    With channels, they are as `/setup guide` makes them; without, only `#welcome` and `#lounge` exist and the
    guide has everything to do. The roles exist and are given out in both.
    """
    told = _file()["group"]
    env.backend.edit_bot_profile("Evenkeel")
    chosen = profiles()
    users = {one.key: env.create_user(one.key, global_name=one.name) for one in chosen}
    owner = next(one for one in chosen if one.kind == "admin")
    guild = env.create_guild(told["name"], owner=users[owner.key])
    bot_role = _limit_bot(env, guild)
    roles = _roles(guild)
    _ordinary_channels(guild)
    if with_channels:
        _purpose_channels(guild, roles, bot_role)
    people = {
        one.key: Person(
            one,
            MemberActor(env, guild, users[one.key])
            if one is owner
            else guild.add_member(users[one.key], roles=[roles[purpose] for purpose in _purposes_of(one)]),
        )
        for one in chosen
    }
    await env.settle()
    return Group(env, guild, MappingProxyType(people), MappingProxyType(roles), told["zone"], told["country"])


async def seed_other_group(env: simcord.Env) -> Group:
    """Make a second server with one member of its own, to try that nothing crosses over."""
    told = _file()["group"]
    profile = _profile(_file()["stranger"])
    user = env.create_user(profile.key, global_name=profile.name)
    guild = env.create_guild(told["other"])
    _limit_bot(env, guild)
    _ordinary_channels(guild)
    person = Person(profile, guild.add_member(user))
    await env.settle()
    return Group(
        env,
        guild,
        MappingProxyType({person.key: person}),
        MappingProxyType({}),
        told["zone"],
        told["country"],
    )


def _purposes_of(profile: Profile) -> tuple[str, ...]:
    if profile.kind == "newcomer":
        return ()
    if profile.key == COMPANION:
        return ("member", "companion")
    return {
        "moderator": ("moderator", "member"),
        "facilitator": ("facilitator", "member"),
        "family": ("family",),
    }.get(profile.kind, ("member",))


def _limit_bot(env: simcord.Env, guild: GuildHandle) -> RoleHandle:
    """Cut the bot's own role down to what its invite link asks for; simcord gives it nearly everything."""
    stored = env.backend.get_guild(guild.id)
    held = stored.members[env.backend.bot_user.id].role_ids
    env.backend.edit_role(guild.id, held[0], {"permissions": invite_permissions()})
    return next(role for role in guild.roles.values() if role.id == held[0])


def _roles(guild: GuildHandle) -> dict[str, RoleHandle]:
    powers = {
        "moderator": discord.Permissions(
            moderate_members=True,
            kick_members=True,
            ban_members=True,
            manage_messages=True,
            view_audit_log=True,
        )
    }
    return {
        purpose: guild.create_role(
            t(f"setup.roles.name.{purpose}"), permissions=powers.get(purpose), mentionable=purpose in PINGED
        )
        for purpose in ROLE_PURPOSES  # each new role goes below the ones before it
    }


def _ordinary_channels(guild: GuildHandle) -> None:
    guild.create_text_channel("welcome", topic="Start here")
    guild.create_text_channel("lounge", topic="Talk about anything")


def _purpose_channels(guild: GuildHandle, roles: Mapping[str, RoleHandle], bot_role: RoleHandle) -> None:
    by_id = {role.id: role for role in roles.values()}
    for purpose in CHANNEL_PURPOSES:
        overwrites: dict[Any, discord.PermissionOverwrite] = {}
        for gate in gates(purpose, {name: role.id for name, role in roles.items()}):
            if isinstance(gate.who, int):
                target = by_id[gate.who]
            else:
                target = bot_role if gate.who == "bot" else guild.default_role
            overwrites[target] = discord.PermissionOverwrite.from_pair(_bits(gate.allow), _bits(gate.deny))
        guild.create_text_channel(purpose, topic=t(f"setup.channels.topic.{purpose}"), overwrites=overwrites)


def _bits(permissions: tuple[Permission, ...]) -> discord.Permissions:
    return discord.Permissions(sum(permission.bit for permission in permissions))
