"""Discord's side of set-up: a server as it is now, and the making of channels and roles in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

import discord

from bot.discordkit import NO_LINE, AnyInteraction
from bot.errors import Refusal
from bot.permissions import MODERATE_MEMBERS, VIEW, Permission, invite_permissions
from bot.text import t
from cogs.setup.rules.fit import Gate, Place, Rank, Viewer
from cogs.setup.service.ports import NotMade

# Discord API reference, "JSON Error Codes": the server's most channels (500) and most roles (250).
_FULL = frozenset({30013, 30005})
_Target = discord.Role | discord.Member


class DiscordServer:
    """One server through discord.py: what it knows of it, and what it asks of Discord."""

    def __init__(self, guild: discord.Guild) -> None:
        self._guild = guild

    @classmethod
    def of(cls, interaction: AnyInteraction) -> "DiscordServer":
        """Return the server of an interaction. Raises `Refusal` where Discord has not told of it yet."""
        guild = interaction.client.get_guild(interaction.guild_id or 0)
        if guild is None or guild.unavailable:
            raise Refusal("setup.not_ready")
        return cls(guild)

    @property
    def guild_id(self) -> int:
        return self._guild.id

    @property
    def name(self) -> str:
        return self._guild.name

    def held(self) -> int:
        return self._guild.me.guild_permissions.value

    def place(self, channel_id: int) -> Place | None:
        channel = self._guild.get_channel(channel_id)
        return self._place(channel) if channel is not None else None

    def rank(self, role_id: int) -> Rank | None:
        role = self._guild.get_role(role_id)
        return self._rank(role) if role is not None else None

    def sight(self, role_id: int, channel_id: int) -> int:
        role, channel = self._guild.get_role(role_id), self._guild.get_channel(channel_id)
        return channel.permissions_for(role).value if role is not None and channel is not None else 0

    async def viewers(self, channel_id: int) -> tuple[Viewer, ...]:
        channel = self._guild.get_channel(channel_id)
        if channel is None:
            return ()
        own = self._guild.me.roles
        # The role that Discord made for the bot is nobody else's; @everyone is looked at by itself.
        roles = [role for role in self._guild.roles if not role.is_default() and not (role.managed and role in own)]
        seen = [Viewer(role.id, False, channel.permissions_for(role).value) for role in roles]
        # Nobody is let in by an overwrite that doesn't allow seeing; who sees by a role is found by that role.
        people = [
            one.id
            for one, overwrite in channel.overwrites.items()
            if overwrite.view_channel and self._guild.get_role(one.id) is None and one.id != self._guild.me.id
        ]
        found = [await self._person(channel, user_id) for user_id in people]
        return (*(one for one in seen if one.bits & VIEW.bit), *(one for one in found if one is not None))

    async def _person(self, channel: discord.abc.GuildChannel, user_id: int) -> Viewer | None:
        # People are not kept in memory without the member events, so Discord is asked for their roles.
        try:
            with _answers():
                member = self._guild.get_member(user_id) or await self._guild.fetch_member(user_id)
        except NotMade as failure:
            # An overwrite stays behind when somebody leaves. Any other failure must not hide who can see the channel.
            return None if failure.reason == "gone" else Viewer(user_id, True, VIEW.bit)
        roles = frozenset(role.id for role in member.roles)
        return Viewer(user_id, True, channel.permissions_for(member).value, roles)

    def channels_named(self, name: str) -> tuple[Place, ...]:
        named = sorted((one for one in self._guild.channels if one.name == name), key=lambda one: one.id)
        return tuple(self._place(channel) for channel in named)

    def roles_named(self, name: str) -> Mapping[int, Rank]:
        named = sorted((role for role in self._guild.roles if role.name == name), key=lambda role: role.id)
        return {role.id: self._rank(role) for role in named}

    def _place(self, channel: discord.abc.GuildChannel) -> Place:
        kind: Literal["text", "news", "other"] = "other"
        topic = None
        if isinstance(channel, discord.TextChannel):
            kind = "news" if channel.is_news() else "text"
            topic = channel.topic
        return Place(
            channel_id=channel.id,
            name=channel.name,
            kind=kind,
            topic=topic or "",
            bot=channel.permissions_for(self._guild.me).value,
            everyone=channel.permissions_for(self._guild.default_role).value,
        )

    def _rank(self, role: discord.Role) -> Rank:
        return Rank(
            role_id=role.id,
            name=role.name,
            everyone=role.is_default(),
            managed=role.managed,
            above_bot=role >= self._guild.me.top_role,
            bits=role.permissions.value,
            mentionable=role.mentionable,
        )

    async def has_channel(self, channel_id: int) -> bool:
        if self._guild.get_channel(channel_id) is not None:
            return True
        try:
            with _answers():
                await self._guild.fetch_channel(channel_id)
        except discord.InvalidData:
            return False  # a channel of another server
        except NotMade as failure:
            if failure.reason == "forbidden":
                return True  # there, but not to be seen: `/setup check` says so
            if failure.reason == "gone":
                return False
            raise
        return True

    async def has_role(self, role_id: int) -> bool:
        return await self._role(role_id) is not None

    async def make_channel(self, name: str, topic: str, gates: tuple[Gate, ...]) -> int:
        overwrites: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite] = {}
        for gate in gates:
            target = await self._target(gate)
            if target is not None:
                overwrites[target] = _overwrite(gate.allow, gate.deny)
        with _answers():
            channel = await self._guild.create_text_channel(
                name, topic=topic, overwrites=overwrites, reason=t("setup.audit")
            )
        return channel.id

    async def make_role(self, name: str, *, mentionable: bool) -> int:
        with _answers():
            role = await self._guild.create_role(
                name=name, permissions=discord.Permissions.none(), mentionable=mentionable, reason=t("setup.audit")
            )
        return role.id

    async def open_door(self, channel_id: int, role_id: int) -> None:
        channel, role = self._guild.get_channel(channel_id), self._guild.get_role(role_id)
        if channel is None or role is None:
            raise NotMade("gone")
        wider = channel.overwrites_for(role)
        wider.update(view_channel=True, send_messages=True, read_message_history=True)
        with _answers():
            await channel.set_permissions(role, overwrite=wider, reason=t("setup.audit"))

    async def empower(self, role_id: int) -> None:
        role = await self._role(role_id)
        if role is None:
            raise NotMade("gone")
        wider = discord.Permissions(role.permissions.value | MODERATE_MEMBERS.bit)
        with _answers():
            await role.edit(permissions=wider, reason=t("setup.audit"))

    async def _target(self, gate: Gate) -> _Target | None:
        if gate.who == "everyone":
            return self._guild.default_role
        if gate.who == "bot":
            return self._guild.me
        return await self._role(int(gate.who))

    async def _role(self, role_id: int) -> discord.Role | None:
        known = self._guild.get_role(role_id)
        if known is not None:
            return known
        try:
            with _answers():
                return await self._guild.fetch_role(role_id)
        except NotMade as failure:
            if failure.reason != "gone":
                raise
            return None


def may_pass_on_timeouts(interaction: AnyInteraction, role_id: int) -> bool:
    """Whether somebody could give a role Timeout Members by their own hand: Discord's own rule for editing roles."""
    guild, person = interaction.guild, interaction.user
    role = guild.get_role(role_id) if guild is not None else None
    if guild is None or role is None or not isinstance(person, discord.Member):
        return False
    if guild.owner_id == person.id:
        return True
    held = interaction.permissions
    return (held.administrator or (held.manage_roles and held.moderate_members)) and role < person.top_role


def invite_link(application_id: int | None, guild_id: int) -> str | None:
    """Return the address that invites the bot again with all it needs, never Administrator."""
    if application_id is None:
        return None
    return discord.utils.oauth_url(
        application_id,
        permissions=discord.Permissions(invite_permissions()),
        guild=discord.Object(guild_id),
        disable_guild_select=True,
        scopes=("bot", "applications.commands"),
    )


def _overwrite(allow: tuple[Permission, ...], deny: tuple[Permission, ...]) -> discord.PermissionOverwrite:
    return discord.PermissionOverwrite.from_pair(_bits(allow), _bits(deny))


def _bits(permissions: tuple[Permission, ...]) -> discord.Permissions:
    return discord.Permissions(sum(permission.bit for permission in permissions))


@contextmanager
def _answers() -> Iterator[None]:
    """Turn Discord's refusals into `NotMade`."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code in _FULL:
            reason = "full"
        elif isinstance(error, discord.Forbidden):
            reason = "forbidden"
        elif isinstance(error, discord.NotFound):
            reason = "gone"
        else:
            reason = "unreachable" if error.status >= 500 or error.status == 429 else "refused"
        raise NotMade(reason) from error
    except NO_LINE as error:
        raise NotMade("unreachable") from error
