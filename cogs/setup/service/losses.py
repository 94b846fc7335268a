"""What follows when a channel or role that the group uses is deleted: it is forgotten, and the team is told."""

from bot.clock import Clock
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import enqueue
from bot.storage import Database, Writer

GONE = "setup.gone"


class Losses:
    """Forgets what is gone. The word to the team is a job, written with the forgetting."""

    def __init__(self, database: Database, guilds: Guilds, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._guilds = guilds
        self._clock = clock
        self._ids = ids

    async def channel_gone(self, guild_id: int, channel_id: int) -> bool:
        """Forget a deleted channel; return whether the group used it."""
        async with self._database.write() as writer:
            kept = await self._guilds.channels_in(writer, guild_id)
            await self._guilds.forget_channel(writer, guild_id, channel_id)
            return await self._tell(writer, guild_id, "channel", channel_id, kept)

    async def role_gone(self, guild_id: int, role_id: int) -> bool:
        """Forget a deleted role; return whether the group used it."""
        async with self._database.write() as writer:
            kept = await self._guilds.roles_in(writer, guild_id)
            await self._guilds.forget_role(writer, guild_id, role_id)
            return await self._tell(writer, guild_id, "role", role_id, kept)

    async def _tell(self, writer: Writer, guild_id: int, part: str, gone_id: int, kept: dict[str, int]) -> bool:
        purposes = [purpose for purpose, part_id in kept.items() if part_id == gone_id]
        for purpose in purposes:
            await enqueue(
                writer, self._ids, kind=GONE, guild_id=guild_id, due_at=self._clock.now(),
                payload={"part": part, "purpose": purpose}, dedupe_key=f"{GONE}:{guild_id}:{gone_id}:{purpose}",
            )  # fmt: skip
        return bool(purposes)
