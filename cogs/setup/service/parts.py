"""Which channel and which role serve what, and the look at everything that is missing."""

from dataclasses import dataclass, replace

from bot.errors import Refusal
from bot.guilds import CHANNEL_PURPOSES, PRIVATE_PURPOSES, ROLE_PURPOSES, Guilds
from bot.permissions import CHANNEL_NEEDS, MODERATE_MEMBERS, Permission, missing
from bot.storage import Database
from cogs.setup.rules.check import Finding, State, inspect
from cogs.setup.rules.fit import (
    DOORS,
    HANDED_OUT,
    QUIET_ROOMS,
    channel_fault,
    exposed,
    lacking_for_roles,
    lacking_to_empower,
    quiet_faults,
    role_fault,
)
from cogs.setup.service.group import Overview
from cogs.setup.service.ports import NotMade, Server


@dataclass(frozen=True, slots=True)
class ChannelChosen:
    """A channel that was kept for a purpose, and what to say with it."""

    purpose: str
    channel_id: int
    exposed: bool
    lacking: tuple[Permission, ...]
    quiet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleChosen:
    """A role that was kept for a purpose, and what to say with it."""

    purpose: str
    role_id: int
    out_of_reach: bool
    powerless: bool


@dataclass(frozen=True, slots=True)
class Empowering:
    """Whether the moderator role has got Timeout Members; if not, `reason` ends a catalogue key."""

    role_id: int
    done: bool
    reason: str = ""
    lacking: tuple[Permission, ...] = ()


class PartsService:
    """Keeps channels and roles, and checks them."""

    def __init__(self, database: Database, guilds: Guilds) -> None:
        self._database = database
        self._guilds = guilds

    async def choose_channel(self, server: Server, purpose: str, channel_id: int) -> ChannelChosen:
        """Keep a channel for a purpose. Raises `Refusal` for one that can't serve it."""
        if purpose not in CHANNEL_PURPOSES:
            raise Refusal("kit.refused.outdated")
        place = server.place(channel_id)
        async with self._database.write() as writer:
            taken = await self._guilds.channels_in(writer, server.guild_id)
            fault = channel_fault(purpose, place, taken)
            if place is None or fault is not None:
                raise Refusal(f"setup.channel.refused.{fault}")
            await self._guilds.set_channel(writer, server.guild_id, purpose, channel_id)
            member = (await self._guilds.roles_in(writer, server.guild_id)).get("member", 0)
        return ChannelChosen(
            purpose,
            channel_id,
            exposed(purpose, place),
            missing(CHANNEL_NEEDS[purpose], place.bot),
            quiet_faults(place, server.sight(member, channel_id)) if purpose == QUIET_ROOMS else (),
        )

    async def choose_role(self, server: Server, purpose: str, role_id: int) -> RoleChosen:
        """Keep a role for a purpose. Raises `Refusal` for one that can't serve it."""
        if purpose not in ROLE_PURPOSES:
            raise Refusal("kit.refused.outdated")
        rank = server.rank(role_id)
        async with self._database.write() as writer:
            taken = await self._guilds.roles_in(writer, server.guild_id)
            fault = role_fault(purpose, rank, taken)
            if rank is None or fault is not None:
                raise Refusal(f"setup.role.refused.{fault}")
            await self._guilds.set_role(writer, server.guild_id, purpose, role_id)
        return RoleChosen(
            purpose,
            role_id,
            out_of_reach=purpose in HANDED_OUT and rank.above_bot,
            powerless=purpose == "moderator" and bool(missing((MODERATE_MEMBERS,), rank.bits)),
        )

    async def check(self, server: Server) -> tuple[Finding, ...]:
        """Return all that is missing or wrong in the server now."""
        profile = await self._guilds.profile(server.guild_id)
        channels = await self._guilds.channels(server.guild_id)
        roles = await self._guilds.roles(server.guild_id)
        places = {channel_id: place for channel_id in channels.values() if (place := server.place(channel_id))}
        ranks = {role_id: rank for role_id in roles.values() if (rank := server.rank(role_id))}
        looked_at = [channels[one] for one in (*PRIVATE_PURPOSES, QUIET_ROOMS) if channels.get(one) in places]
        sights = {(role_id, channel): server.sight(role_id, channel) for role_id in ranks for channel in looked_at}
        private = {channels[one] for one in PRIVATE_PURPOSES if channels.get(one) in places}
        viewers = {channel: await server.viewers(channel) for channel in private}
        return inspect(State(profile, server.held(), channels, roles, places, ranks, sights, viewers))

    def living(self, server: Server, overview: Overview, fresh: frozenset[int] = frozenset()) -> Overview:
        """Return the overview without channels and roles that are gone; `fresh` ids are there, but not known yet."""
        channels = {
            purpose: one for purpose, one in overview.channels.items() if one in fresh or server.place(one) is not None
        }
        roles = {
            purpose: one for purpose, one in overview.roles.items() if one in fresh or server.rank(one) is not None
        }
        return replace(overview, channels=channels, roles=roles)

    async def powerless_moderators(self, server: Server) -> int | None:
        """Return the moderator role if it lacks Timeout Members, else None."""
        role_id = (await self._guilds.roles(server.guild_id)).get("moderator")
        rank = server.rank(role_id) if role_id is not None else None
        return rank.role_id if rank is not None and missing((MODERATE_MEMBERS,), rank.bits) else None

    async def empower(self, server: Server, role_id: int, *, may_pass_on: bool) -> Empowering:
        """Give the moderator role Timeout Members; `may_pass_on`: whoever asks could do so by their own hand.

        Raises `Refusal` where the role is not the group's moderator role any more.
        """
        if role_id != (await self._guilds.roles(server.guild_id)).get("moderator"):
            raise Refusal("kit.refused.outdated")
        rank = server.rank(role_id)
        if rank is None:
            raise Refusal("setup.role.refused.elsewhere")
        # The bot must not be the way to hand out a power that one doesn't hold.
        if not may_pass_on:
            return Empowering(role_id, False, "not_yours")
        if rank.above_bot:
            return Empowering(role_id, False, "above")
        lacking = lacking_to_empower(server.held())
        if lacking:
            return Empowering(role_id, False, "lacking", lacking)
        try:
            await server.empower(role_id)
        except NotMade as failure:
            return Empowering(role_id, False, failure.reason)
        return Empowering(role_id, True)

    async def open_door(self, server: Server, purpose: str, role: str) -> None:
        """Let a team role into a private channel of theirs. Raises `Refusal` where that can't be done."""
        channel_id = (await self._guilds.channels(server.guild_id)).get(purpose)
        role_id = (await self._guilds.roles(server.guild_id)).get(role)
        if channel_id is None or role_id is None or role not in DOORS.get(purpose, ()):
            raise Refusal("kit.refused.outdated")
        if server.place(channel_id) is None or server.rank(role_id) is None:
            raise Refusal("kit.error.gone")
        if lacking_for_roles(server.held()):
            raise Refusal("setup.door.lacking")
        try:
            await server.open_door(channel_id, role_id)
        except NotMade as failure:
            raise Refusal(f"setup.door.{failure.reason}") from failure
