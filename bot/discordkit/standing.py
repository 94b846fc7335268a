"""Reads what somebody is, at this moment, for the policy."""

import discord

from bot.discordkit.answer import AnyInteraction
from bot.guilds import Guilds
from bot.policy import ACTIONS, Audience, Standing

_WITHOUT_ROLES = frozenset({Audience.ANYONE, Audience.MEMBER, Audience.ADMIN})


class Standings:
    """Turns an interaction into a `Standing`: Discord's own permissions first, the group's roles where they matter."""

    def __init__(self, guilds: Guilds) -> None:
        self._guilds = guilds

    async def for_action(self, interaction: AnyInteraction, action: str) -> Standing:
        """Return the standing that is enough to decide `action`; the database is read only where a role decides."""
        if ACTIONS.get(action, Audience.ANYONE) in _WITHOUT_ROLES:
            return _by_permissions(interaction)
        return await self.full(interaction)

    async def full(self, interaction: AnyInteraction) -> Standing:
        """Return the whole standing, the group's roles included."""
        bare = _by_permissions(interaction)
        if interaction.guild_id is None or not isinstance(interaction.user, discord.Member):
            return bare
        roles = await self._guilds.roles(interaction.guild_id)
        held = {role.id for role in interaction.user.roles}
        return Standing(
            user_id=bare.user_id,
            guild_id=bare.guild_id,
            admin=bare.admin,
            moderator=bare.moderator or roles.get("moderator") in held,
            facilitator=roles.get("facilitator") in held,
            companion=roles.get("companion") in held,
            family=roles.get("family") in held,
        )


def _by_permissions(interaction: AnyInteraction) -> Standing:
    # A person can use a user-installed bot in a server that the bot is not in: nothing there is ours to decide on.
    inside = interaction.guild_id is not None and (
        interaction.is_guild_integration() or interaction.client.get_guild(interaction.guild_id) is not None
    )
    permissions = interaction.permissions
    return Standing(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id if inside else None,
        admin=inside and permissions.manage_guild,
        moderator=inside and permissions.moderate_members,
    )
