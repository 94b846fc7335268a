"""Whether somebody is in a server at this moment, asked of Discord itself: no intent tells, and no cache is kept."""

import discord

from bot.discordkit.line import NO_LINE
from bot.discordkit.sender import delivery_error
from bot.errors import TryAgain
from bot.jobs import TokenBucket

_NO_ACCESS = 50001


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
