"""What stands in for Discord, and a small owner of data with posts."""

from typing import Any

from bot.clock import EPOCH, to_ms
from bot.contracts import Erased, Post
from bot.storage import Reader, Writer


class Postman:
    """Deletes posts, or fails as told: `outcomes` maps a message to the error that its deletion raises."""

    def __init__(self) -> None:
        self.deleted: list[int] = []
        self.outcomes: dict[int, Exception] = {}

    async def delete(self, guild_id: int | None, channel_id: int, message_id: int) -> None:
        if message_id in self.outcomes:
            raise self.outcomes[message_id]
        self.deleted.append(message_id)


class Doorkeeper:
    """Knows who is in which server; `failure` is raised instead of an answer."""

    def __init__(self, present: set[tuple[int, int]]) -> None:
        self.present = present
        self.asked: list[tuple[int, int]] = []
        self.failure: Exception | None = None

    async def is_member(self, guild_id: int, user_id: int) -> bool:
        self.asked.append((guild_id, user_id))
        if self.failure is not None:
            raise self.failure
        return (guild_id, user_id) in self.present


class Shelf:
    """An owner over `saved_snippets` that pretends to have posted messages for people."""

    name = "learn"
    tables = frozenset({"saved_snippets"})

    def __init__(self) -> None:
        self.posts: tuple[Post, ...] = ()
        self.remains: tuple[str, ...] = ()

    async def save(self, writer: Writer, guild_id: int, user_id: int, snippet: str) -> None:
        await writer.execute(
            "INSERT INTO saved_snippets (guild_id, user_id, snippet_id, saved_at) VALUES ($1, $2, $3, $4)",
            guild_id, user_id, snippet, to_ms(EPOCH),
        )  # fmt: skip

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        rows = await reader.fetch_all(
            "SELECT snippet_id FROM saved_snippets WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return {"saved": [row["snippet_id"] for row in rows]} if rows else {}

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        rows = await writer.execute(
            "DELETE FROM saved_snippets WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return Erased(rows, self.posts if rows else (), self.remains if rows else ())

    async def servers(self, reader: Reader, user_id: int | None = None) -> set[int]:
        rows = await reader.fetch_all("SELECT DISTINCT guild_id, user_id FROM saved_snippets")
        return {row["guild_id"] for row in rows if user_id in (None, row["user_id"])}

    async def people(self, reader: Reader, guild_id: int) -> set[int]:
        rows = await reader.fetch_all("SELECT user_id FROM saved_snippets WHERE guild_id = $1", guild_id)
        return {row["user_id"] for row in rows}
