"""The only room that knows how a group's check-ins answer to each other as a whole."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import to_ms
from bot.storage import Reader, Writer

DEFAULT_WAIT = 45
"""Minutes that an entry waits for a reply before a companion is asked (product.md, Check-ins)."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What holds for all check-ins of a group. Without `weekly_channel_id` there is no weekly summary.

    Each change of the summary gets a new `edition`: what an older one planned does nothing.
    """

    guild_id: int
    wait_minutes: int = DEFAULT_WAIT
    weekly_channel_id: int | None = None
    edition: int = 0


class GroupStore:
    """Keeps the settings of groups; no person is in them."""

    async def get(self, reader: Reader, guild_id: int, lock: str = "") -> GroupSettings:
        """Return the group's settings, or how things stand where nobody chose. `lock`: see `ScheduleStore`."""
        row = await reader.fetch_one(
            f"SELECT * FROM checkin_groups WHERE guild_id = $1 {lock}",  # noqa: S608 - the adapter's own words
            guild_id,
        )
        if row is None:
            return GroupSettings(guild_id)
        return GroupSettings(guild_id, row["wait_minutes"], row["weekly_channel_id"], row["edition"])

    async def put(self, writer: Writer, settings: GroupSettings, now: datetime) -> None:
        """Keep the settings in the place of any others."""
        await writer.execute(
            "INSERT INTO checkin_groups (guild_id, wait_minutes, weekly_channel_id, edition, updated_at) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (guild_id) DO UPDATE SET wait_minutes = excluded.wait_minutes, "
            "weekly_channel_id = excluded.weekly_channel_id, edition = excluded.edition, "
            "updated_at = excluded.updated_at",
            settings.guild_id, settings.wait_minutes, settings.weekly_channel_id, settings.edition, to_ms(now),
        )  # fmt: skip

    async def delete(self, writer: Writer, guild_id: int) -> None:
        """Forget the group's settings."""
        await writer.execute("DELETE FROM checkin_groups WHERE guild_id = $1", guild_id)
