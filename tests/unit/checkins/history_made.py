"""Entries as the history meets them: of any day, seen by anybody, with or without numbers and words."""

from datetime import UTC, date, datetime, time
from typing import Any

from cogs.checkins.rules import Choice
from cogs.checkins.rules.answers import Given
from cogs.checkins.store.entries import Entry

HERE, ROBIN = 1_000 << 22, 11 << 22
MOOD_WORDS = ("Really rough", "Rough", "So-so", "All right", "Good")


def marked(role: Any, number: int) -> Given:
    """An answer to one of the questions that are drawn."""
    word = f" · {MOOD_WORDS[number - 1]}" if role == "mood" else ""
    return Given(role, "scale", role, f"How was your {role}?", number, f"{number}{word}")


def said(words: str, label: str = "In a line") -> Given:
    """Somebody's own words."""
    return Given("line", "long", "", label, shown=words)


def entry(day: date, *, words: str | None = "", **changes: Any) -> Entry:
    """One entry of Robin's; `words` None: they live in a post."""
    numbers = {role: changes.get(role) for role in ("mood", "sleep", "urge")}
    marks = tuple(marked(role, number) for role, number in numbers.items() if number is not None)
    moment = datetime.combine(day, time(18), UTC)
    values: dict[str, Any] = {
        "entry_id": day.toordinal() * 100, "guild_id": HERE, "user_id": ROBIN, "schedule_id": 0,
        "set_id": "how-am-i-today", "day": day, "post_day": None, "choice": Choice.ME, "mood": None, "sleep": None,
        "urge": None, "marks": marks, "words": None if words is None else (said(words),) if words else (),
        "numbers_shown": False, "held": None, "edition": 1, "place": Choice.ME.place, "channel_id": None,
        "message_id": None, "room_id": None, "asked_at": None, "answered_at": None, "told_early": False,
        "told": False, "written_at": moment, "updated_at": moment,
    }  # fmt: skip
    return Entry(**{**values, **changes})
