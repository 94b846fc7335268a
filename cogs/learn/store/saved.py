"""The only room that knows the table of saved readings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.contracts import Erased, OwnedTables
from bot.storage import Reader, Writer


@dataclass(frozen=True, slots=True)
class Saved:
    """A reading that somebody kept to read again, and since when."""

    snippet_id: str
    saved_at: datetime


class LearnStore(OwnedTables):
    """Keeps saved readings; also answers for them when somebody exports or erases their data."""

    name = "learn"
    tables = frozenset({"saved_snippets"})

    async def has(self, reader: Reader, guild_id: int, user_id: int, snippet_id: str) -> bool:
        """Whether the person saved this reading in this server."""
        found = await reader.fetch_value(
            "SELECT 1 FROM saved_snippets WHERE guild_id = $1 AND user_id = $2 AND snippet_id = $3",
            guild_id, user_id, snippet_id,
        )  # fmt: skip
        return found is not None

    async def all_of(self, reader: Reader, guild_id: int, user_id: int) -> tuple[Saved, ...]:
        """Return what the person saved in this server, the newest first."""
        rows = await reader.fetch_all(
            "SELECT snippet_id, saved_at FROM saved_snippets WHERE guild_id = $1 AND user_id = $2 "
            "ORDER BY saved_at DESC, snippet_id",
            guild_id, user_id,
        )  # fmt: skip
        return tuple(Saved(row["snippet_id"], from_ms(row["saved_at"])) for row in rows)

    async def add(self, writer: Writer, guild_id: int, user_id: int, snippet_id: str, now: datetime) -> bool:
        """Save a reading; return False where it was saved already, which keeps its first moment."""
        changed = await writer.execute(
            "INSERT INTO saved_snippets (guild_id, user_id, snippet_id, saved_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (guild_id, user_id, snippet_id) DO NOTHING",
            guild_id, user_id, snippet_id, to_ms(now),
        )  # fmt: skip
        return changed > 0

    async def remove(self, writer: Writer, guild_id: int, user_id: int, snippet_id: str) -> bool:
        """Take a reading off the person's list; return False where it was not on it."""
        changed = await writer.execute(
            "DELETE FROM saved_snippets WHERE guild_id = $1 AND user_id = $2 AND snippet_id = $3",
            guild_id, user_id, snippet_id,
        )  # fmt: skip
        return changed > 0

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        """Return the saved readings, each with the moment it was saved."""
        saved = await self.all_of(reader, guild_id, user_id)
        readings = [{"reading": one.snippet_id, "saved_at": one.saved_at.isoformat()} for one in saved]
        return {"saved_readings": readings} if readings else {}

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete the whole list."""
        return Erased(await self.erase_rows(writer, guild_id, user_id))
