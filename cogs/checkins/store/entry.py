"""An entry as the table keeps it: numbers to count in the clear, every other answer sealed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.contracts import Post, post_of
from bot.storage import Row, Value, Vault
from cogs.checkins.rules.answers import Given
from cogs.checkins.rules.audience import Choice, Place

COLUMNS = (
    "entry_id", "guild_id", "user_id", "schedule_id", "set_id", "day", "post_day", "choice", "mood", "sleep", "urge",
    "marks_sealed", "words_sealed", "numbers_shown", "held", "edition", "place", "channel_id", "message_id", "room_id",
    "asked_at", "answered_at", "told_early", "told", "written_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One check-in of one person. `schedule_id` 0: without a schedule; `post_day` is the date of the post it answers.

    `marks` (scales and choices) stay. `words` is None once they live in the Discord post alone; `outline` has then
    the questions they answer, in the order of the post's marked texts. `held` is the choice that screening holds back.

    place      message_id   the post
    NOWHERE    None         there is none and none is coming: kept alone, refused by Discord, or removed by the team
    a place    None         it is on its way there
    a place    an id        it stands there; where `choice` says another place, it is on its way out
    """

    entry_id: int
    guild_id: int
    user_id: int
    schedule_id: int
    set_id: str
    day: date
    post_day: date | None
    choice: Choice
    mood: int | None
    sleep: int | None
    urge: int | None
    marks: tuple[Given, ...]
    words: tuple[Given, ...] | None
    numbers_shown: bool
    held: Choice | None
    edition: int
    place: Place
    channel_id: int | None
    message_id: int | None
    room_id: int | None
    asked_at: datetime | None
    answered_at: datetime | None
    told_early: bool
    told: bool
    written_at: datetime
    updated_at: datetime
    outline: tuple[Given, ...] = ()

    @property
    def post(self) -> Post | None:
        """Its message, to be read, drawn anew or deleted."""
        return post_of(self.channel_id, self.message_id)

    @property
    def waits(self) -> bool:
        """Whether its wish for a reply is open."""
        return self.asked_at is not None and self.answered_at is None


class EntryRows:
    """Seals an entry into the values of its row, in the order of `COLUMNS`, and opens a row again."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def values(self, entry: Entry) -> tuple[Value, ...]:
        """Return what is written into the columns."""
        words = entry.words
        outline = entry.outline if words is None else tuple(replace(one, shown="") for one in words)
        kept = {"marks": _told(entry.marks), "outline": _told(outline)}
        return (
            entry.entry_id, entry.guild_id, entry.user_id, entry.schedule_id, entry.set_id, entry.day.isoformat(),
            entry.post_day.isoformat() if entry.post_day else None, entry.choice.value, entry.mood, entry.sleep,
            entry.urge, self._sealed(kept) if entry.marks or outline else None,
            None if words is None else self._sealed(_told(words)), int(entry.numbers_shown),
            entry.held.value if entry.held else None, entry.edition, entry.place.value, entry.channel_id,
            entry.message_id, entry.room_id, _ms(entry.asked_at), _ms(entry.answered_at), int(entry.told_early),
            int(entry.told), to_ms(entry.written_at), to_ms(entry.updated_at),
        )  # fmt: skip

    def _sealed(self, told: object) -> str:
        return self._vault.seal(json.dumps(told, ensure_ascii=False, separators=(",", ":")))

    def opened(self, row: Row) -> Entry:
        """Return the entry of a row. Raises `SealBroken`."""
        kept: dict[str, list[list[Any]]] = {"marks": [], "outline": []}
        if row["marks_sealed"] is not None:
            kept = json.loads(self._vault.open(row["marks_sealed"]))
        words = row["words_sealed"]
        return Entry(
            entry_id=row["entry_id"], guild_id=row["guild_id"], user_id=row["user_id"],
            schedule_id=row["schedule_id"], set_id=row["set_id"], day=date.fromisoformat(row["day"]),
            post_day=date.fromisoformat(row["post_day"]) if row["post_day"] else None, choice=Choice(row["choice"]),
            mood=row["mood"], sleep=row["sleep"], urge=row["urge"], marks=_given(kept["marks"]),
            words=None if words is None else _given(json.loads(self._vault.open(words))),
            numbers_shown=bool(row["numbers_shown"]), held=Choice(row["held"]) if row["held"] else None,
            edition=row["edition"], place=Place(row["place"]), channel_id=row["channel_id"],
            message_id=row["message_id"], room_id=row["room_id"], asked_at=_moment(row["asked_at"]),
            answered_at=_moment(row["answered_at"]), told_early=bool(row["told_early"]), told=bool(row["told"]),
            written_at=from_ms(row["written_at"]), updated_at=from_ms(row["updated_at"]),
            outline=_given(kept["outline"]),
        )  # fmt: skip


def _told(given: Sequence[Given]) -> list[list[Any]]:
    return [
        [one.question_id, one.kind, one.role, one.label, one.number, one.shown, list(one.places)] for one in given
    ]  # fmt: skip


def _given(told: Sequence[Sequence[Any]]) -> tuple[Given, ...]:
    return tuple(
        Given(name, kind, role, label, number, shown, tuple(places))
        for name, kind, role, label, number, shown, places in told
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)
