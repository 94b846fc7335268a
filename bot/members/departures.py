"""Who has left a server: kept beside the settings, because it decides when everything else about them goes."""

from datetime import datetime

from bot.clock import to_ms
from bot.storage import Reader, Writer


async def mark_left(writer: Writer, guild_id: int, user_id: int, moment: datetime) -> bool:
    """Keep when the person left, unless an earlier moment is kept already; return whether that is new."""
    changed = await writer.execute(
        "INSERT INTO members (guild_id, user_id, created_at, updated_at, left_at) VALUES ($1, $2, $3, $3, $3) "
        "ON CONFLICT (guild_id, user_id) DO UPDATE SET left_at = excluded.left_at WHERE members.left_at IS NULL",
        guild_id, user_id, to_ms(moment),
    )  # fmt: skip
    return changed > 0


async def mark_back(writer: Writer, guild_id: int, user_id: int) -> bool:
    """Forget that the person had left; return False where they had not."""
    changed = await writer.execute(
        "UPDATE members SET left_at = NULL WHERE guild_id = $1 AND user_id = $2 AND left_at IS NOT NULL",
        guild_id, user_id,
    )  # fmt: skip
    return changed > 0


async def is_away(reader: Reader, guild_id: int, user_id: int) -> bool:
    """Whether the person is kept as having left."""
    found = await reader.fetch_value(
        "SELECT 1 FROM members WHERE guild_id = $1 AND user_id = $2 AND left_at IS NOT NULL", guild_id, user_id
    )
    return found is not None


async def left_until(reader: Reader, guild_id: int, moment: datetime, *, most: int) -> list[int]:
    """Return up to `most` people who left at `moment` or before, the longest gone first."""
    rows = await reader.fetch_all(
        "SELECT user_id FROM members WHERE guild_id = $1 AND left_at <= $2 ORDER BY left_at, user_id LIMIT $3",
        guild_id, to_ms(moment), most,
    )  # fmt: skip
    return [row["user_id"] for row in rows]
