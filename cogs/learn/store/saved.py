"""The table of saved readings, and the duty of the whole library towards a person's data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.contracts import Erased, OwnedTables
from bot.storage import Reader, Writer
from cogs.learn.store.shared import SharedStore


@dataclass(frozen=True, slots=True)
class Saved:
    """A reading that somebody kept to read again, and since when."""

    snippet_id: str
    saved_at: datetime


class LearnStore(OwnedTables):
    """Keeps saved readings; also answers for them when somebody exports or erases their data."""

    name = "learn"
    tables = frozenset({"saved_snippets", "shared_readings"})

    def __init__(self) -> None:
        self.shared = SharedStore()

    async def has(self, reader: Reader, guild_id: int, user_id: int, snippet_ids: Sequence[str]) -> bool:
        """Whether the person saved a reading in this server, under any of the ids it has or had."""
        for snippet_id in snippet_ids:
            found = await reader.fetch_value(
                "SELECT 1 FROM saved_snippets WHERE guild_id = $1 AND user_id = $2 AND snippet_id = $3",
                guild_id, user_id, snippet_id,
            )  # fmt: skip
            if found is not None:
                return True
        return False

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
        """Return the saved readings with the moment of each, and the posts that carry a note of the person's."""
        saved = [
            {"reading": one.snippet_id, "saved_at": one.saved_at.isoformat()}
            for one in await self.all_of(reader, guild_id, user_id)
        ]
        shared = [
            {
                "reading": one.snippet_id,
                "channel_id": one.channel_id,
                "message_id": one.message_id,
                "shared_at": one.shared_at.isoformat(),
            }
            for one in await self.shared.all_of(reader, guild_id, user_id)
        ]
        return {name: found for name, found in (("saved_readings", saved), ("shared_readings", shared)) if found}

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete the whole list, and name the posts that carry a note of the person's."""
        posts = tuple(one.post for one in await self.shared.all_of(writer, guild_id, user_id))
        return Erased(await self.erase_rows(writer, guild_id, user_id), posts)
