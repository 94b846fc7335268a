"""The only room that knows the table of a group's own readings: sealed words, and nobody's id beside them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.content import Claim, Snippet
from bot.storage import Reader, Row, Vault, Writer, alone


@dataclass(frozen=True, slots=True)
class OwnSnippet:
    """A reading that a group wrote for itself; `retired_at` is None while members can read it."""

    snippet: Snippet
    created_at: datetime
    retired_at: datetime | None


class OwnStore:
    """Keeps groups' own readings. A row belongs to the group, like a channel it chose: who wrote it is not kept."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def alone(self, writer: Writer, guild_id: int, now: datetime) -> None:
        """Let no other change to the group's readings happen before this transaction ends; begin each one with it."""
        await alone(writer, f"group_snippets:{guild_id}", now)

    async def state(self, reader: Reader, guild_id: int) -> tuple[int, int]:
        """Return what changes whenever any of the group's readings does: how many there are, and the newest edition."""
        row = await reader.fetch_one(
            "SELECT COUNT(*) AS rows, COALESCE(MAX(edition), 0) AS newest FROM group_snippets WHERE guild_id = $1",
            guild_id,
        )
        return (row["rows"], row["newest"]) if row else (0, 0)

    async def all_of(self, reader: Reader, guild_id: int) -> tuple[OwnSnippet, ...]:
        """Return the group's own readings in the order they were added, retired ones too. Raises `SealBroken`."""
        rows = await reader.fetch_all(
            "SELECT * FROM group_snippets WHERE guild_id = $1 ORDER BY created_at, snippet_id", guild_id
        )
        return tuple(self._opened(row) for row in rows)

    async def get(self, reader: Reader, guild_id: int, snippet_id: str) -> OwnSnippet | None:
        """Return one of the group's own readings, also a retired one. Raises `SealBroken`."""
        row = await reader.fetch_one(
            "SELECT * FROM group_snippets WHERE guild_id = $1 AND snippet_id = $2", guild_id, snippet_id
        )
        return self._opened(row) if row else None

    async def put(self, writer: Writer, guild_id: int, snippet: Snippet, edition: int, now: datetime) -> None:
        """Keep a reading, new or in place of its earlier words; a retired one stays retired."""
        await writer.execute(
            "INSERT INTO group_snippets (guild_id, snippet_id, words_sealed, edition, created_at, updated_at) "
            "VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (guild_id, snippet_id) DO UPDATE SET "
            "words_sealed = excluded.words_sealed, edition = excluded.edition, updated_at = excluded.updated_at",
            guild_id, snippet.id, self._vault.seal(_told(snippet)), edition, to_ms(now),
        )  # fmt: skip

    async def retire(self, writer: Writer, guild_id: int, snippet_id: str, edition: int, now: datetime) -> bool:
        """Take a reading out of the members' library; False where it was retired, or never there."""
        changed = await writer.execute(
            "UPDATE group_snippets SET retired_at = $4, edition = $3 "
            "WHERE guild_id = $1 AND snippet_id = $2 AND retired_at IS NULL",
            guild_id, snippet_id, edition, to_ms(now),
        )  # fmt: skip
        return changed > 0

    async def bring_back(self, writer: Writer, guild_id: int, snippet_id: str, edition: int) -> bool:
        """Put a retired reading back; False where it was not retired."""
        changed = await writer.execute(
            "UPDATE group_snippets SET retired_at = NULL, edition = $3 "
            "WHERE guild_id = $1 AND snippet_id = $2 AND retired_at IS NOT NULL",
            guild_id, snippet_id, edition,
        )  # fmt: skip
        return changed > 0

    async def delete(self, writer: Writer, guild_id: int, snippet_id: str) -> bool:
        """Delete a reading for good; False where it was not there."""
        changed = await writer.execute(
            "DELETE FROM group_snippets WHERE guild_id = $1 AND snippet_id = $2", guild_id, snippet_id
        )
        return changed > 0

    async def delete_all(self, writer: Writer, guild_id: int) -> int:
        """Delete all of a group's own readings and return how many they were."""
        return await writer.execute("DELETE FROM group_snippets WHERE guild_id = $1", guild_id)

    def _opened(self, row: Row) -> OwnSnippet:
        told: dict[str, Any] = json.loads(self._vault.open(row["words_sealed"]))
        written = from_ms(row["updated_at"])
        retired = row["retired_at"]
        return OwnSnippet(
            _snippet(row["snippet_id"], told, written.astimezone(UTC).date()),
            from_ms(row["created_at"]),
            None if retired is None else from_ms(retired),
        )


def _told(snippet: Snippet) -> str:
    told = {
        "title": snippet.title,
        "topic": snippet.topic,
        "audience": snippet.audience,
        "tone": snippet.tone,
        "tags": snippet.tags,
        "claims": [[claim.says, claim.source, claim.year, claim.address] for claim in snippet.claims],
        "question": snippet.question,
        "body": snippet.body,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _snippet(snippet_id: str, told: dict[str, Any], written: date) -> Snippet:
    return Snippet(
        id=snippet_id,
        code="",
        title=told["title"],
        topic=told["topic"],
        audience=told["audience"],
        tone=told["tone"],
        tags=tuple(told["tags"]),
        status="sourced" if told["claims"] else "needs_check",
        claims=tuple(Claim(*claim) for claim in told["claims"]),
        reviewed=written,
        reviewed_by="",
        review_by=written,
        question=told["question"],
        see_also=(),
        body=told["body"],
        own=True,
    )
