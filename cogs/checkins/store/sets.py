"""The only room that knows the table of a group's own question sets: sealed words, and nobody's id beside them."""

import json
from datetime import datetime
from typing import Any

from bot.clock import to_ms
from bot.content import Question, QuestionSet
from bot.storage import Reader, Row, Vault, Writer, alone


class SetStore:
    """Keeps groups' own sets. A row belongs to the group: who wrote it is not kept. Reading raises `SealBroken`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def alone(self, writer: Writer, guild_id: int, now: datetime) -> None:
        """Let no other change to the group's sets happen before this transaction ends; begin each one with it."""
        await alone(writer, f"checkin_question_sets:{guild_id}", now)

    async def all_of(self, reader: Reader, guild_id: int) -> tuple[QuestionSet, ...]:
        """Return the group's own sets in the order they were added."""
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_question_sets WHERE guild_id = $1 ORDER BY created_at, set_id", guild_id
        )
        return tuple(self._opened(row) for row in rows)

    async def get(self, reader: Reader, guild_id: int, set_id: str) -> QuestionSet | None:
        """Return one of the group's own sets; None for another group's."""
        row = await reader.fetch_one(
            "SELECT * FROM checkin_question_sets WHERE guild_id = $1 AND set_id = $2", guild_id, set_id
        )
        return self._opened(row) if row else None

    async def put(self, writer: Writer, guild_id: int, question_set: QuestionSet, now: datetime) -> None:
        """Keep a set, new or in place of how it was; each time its edition is one higher."""
        await writer.execute(
            "INSERT INTO checkin_question_sets (guild_id, set_id, words_sealed, edition, created_at, updated_at) "
            "VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT (guild_id, set_id) DO UPDATE SET "
            "words_sealed = excluded.words_sealed, edition = checkin_question_sets.edition + 1, "
            "updated_at = excluded.updated_at",
            guild_id, question_set.id, self._vault.seal(_told(question_set)), to_ms(now),
        )  # fmt: skip

    async def delete(self, writer: Writer, guild_id: int, set_id: str) -> bool:
        """Delete a set; False where it was not there."""
        changed = await writer.execute(
            "DELETE FROM checkin_question_sets WHERE guild_id = $1 AND set_id = $2", guild_id, set_id
        )
        return changed > 0

    async def delete_all(self, writer: Writer, guild_id: int) -> int:
        """Delete all of a group's own sets and return how many they were."""
        return await writer.execute("DELETE FROM checkin_question_sets WHERE guild_id = $1", guild_id)

    def _opened(self, row: Row) -> QuestionSet:
        told: dict[str, Any] = json.loads(self._vault.open(row["words_sealed"]))
        questions = tuple(_question(one) for one in told["questions"])
        return QuestionSet(row["set_id"], told["name"], told["description"], questions, own=True)


def _told(question_set: QuestionSet) -> str:
    told = {
        "name": question_set.name,
        "description": question_set.description,
        "questions": [
            {
                "id": one.id,
                "kind": one.kind,
                "label": one.label,
                "description": one.description,
                "role": one.role,
                "required": one.required,
                "lowest": one.lowest,
                "highest": one.highest,
                "words": one.words,
                "options": one.options,
            }
            for one in question_set.questions
        ],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _question(told: dict[str, Any]) -> Question:
    lists = {name: tuple(told[name]) for name in ("words", "options")}
    return Question(**{**told, **lists})
