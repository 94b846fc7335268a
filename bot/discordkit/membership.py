"""Whether somebody is in a server at this moment, asked of Discord itself: no intent tells, and no cache is kept."""

from dataclasses import dataclass

import discord

from bot.discordkit.line import NO_LINE
from bot.discordkit.sender import delivery_error
from bot.errors import TryAgain
from bot.jobs import TokenBucket

_NO_ACCESS = 50001


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody holds in a server, and whether they can see and read back a channel, and act in it."""

    roles: frozenset[int]
    sees: bool


class Membership:
    """Asks one question at a time, slowly: it is only ever asked in the background."""

    def __init__(self, client: discord.Client, bucket: TokenBucket) -> None:
        self._client = client
        self._bucket = bucket

    async def is_member(self, guild_id: int, user_id: int) -> bool:
        """Whether the person is in the server; nobody is, where the bot itself has been removed.

        Raises `TryAgain` for what may pass, `RefusedForGood` for a refusal that says nothing about the person.
        """
        await self._bucket.take(guild_id)
        try:
            guild = self._client.get_guild(guild_id) or await self._client.fetch_guild(guild_id, with_counts=False)
            await guild.fetch_member(user_id)
        except discord.NotFound:
            return False
        except discord.HTTPException as error:
            if error.code == _NO_ACCESS:
                return False
            raise delivery_error(error) from error
        except NO_LINE as error:
            raise TryAgain from error
        return True

    async def seen(self, guild_id: int, user_id: int, channel_id: int) -> Seen | None:
        """Return somebody's roles and whether they see a channel or thread; None for nobody of this server.

        Somebody timed out sees nothing, because they can't act on it. Raises like `is_member`.
        """
        await self._bucket.take(guild_id)
        try:
            guild = self._client.get_guild(guild_id) or await self._client.fetch_guild(guild_id, with_counts=False)
            member = await guild.fetch_member(user_id)
            sees = not member.is_timed_out() and await self._sees(guild, member, channel_id)
        except discord.NotFound:
            return None
        except discord.HTTPException as error:
            if error.code == _NO_ACCESS:
                return None
            raise delivery_error(error) from error
        except NO_LINE as error:
            raise TryAgain from error
        return Seen(frozenset(role.id for role in member.roles), sees)

    async def pingable(self, guild_id: int, role_ids: tuple[int, ...]) -> tuple[int, ...]:
        """Return those of these roles that a mention of ours reaches: the ones that anybody may mention.

        Where none is, all that exist: their people at least read it. Raises like `is_member`.
        """
        try:
            guild = self._client.get_guild(guild_id) or await self._client.fetch_guild(guild_id, with_counts=False)
        except discord.HTTPException as error:
            raise delivery_error(error) from error
        except NO_LINE as error:
            raise TryAgain from error
        roles = [role for role in map(guild.get_role, dict.fromkeys(role_ids)) if role is not None]
        return tuple(role.id for role in [role for role in roles if role.mentionable] or roles)

    async def _sees(self, guild: discord.Guild, member: discord.Member, channel_id: int) -> bool:
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
        held = channel.permissions_for(member)
        if isinstance(channel, discord.Thread) and channel.is_private() and not held.manage_threads:
            try:
                await channel.fetch_member(member.id)
            except discord.NotFound:
                return False
        return held.view_channel and held.read_message_history
