"""When low days bring a private offer of support (product.md, Check-ins: 3 in a row at the lowest mood). Pure.

day                                        does to the run
DONE at the lowest mood                    one more
DONE at a better mood, MISSED              ends it
DONE without a mood (another preset)       nothing: it says nothing of the mood
frozen, OPEN                               nothing

The offer is made once a run, to the writer alone, whatever the entry's audience; nothing of it is posted or counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cogs.checkins.rules.states import DayState

LOW_DAYS = 3
"""Days in a row that bring the offer (product.md, Check-ins)."""

LOWEST_MOOD = 1
"""Of the presets' mood, 1 to 5 in words."""


@dataclass(frozen=True, slots=True)
class MoodDay:
    """A day, what it was, and the mood of its entry where it asked for one; of several entries the lowest."""

    day: date
    state: DayState
    mood: int | None = None


def offer_is_due(days: Iterable[MoodDay], last_offer: date | None) -> bool:
    """Whether the run that the days (the earliest first) end with is to be answered with an offer.

    `last_offer` is the day of the last one; one within the run was this run's.
    """
    run = _run(days)
    return len(run) >= LOW_DAYS and (last_offer is None or last_offer < run[0])


def _run(days: Iterable[MoodDay]) -> list[date]:
    run: list[date] = []
    for one in days:
        if one.state is DayState.MISSED or (one.mood is not None and one.mood > LOWEST_MOOD):
            run.clear()
        elif one.mood is not None:
            run.append(one.day)
    return run
