"""A member's rhythm: totals first, then a strength that one miss barely moves, then the run of days. Pure.

state          total   strength                run
DONE           + 1     previous * m + 1 - m    + 1
MISSED         as is   previous * m            ends; the next DONE begins a new one
OPEN           as is   as is                   as is: "still open today"
frozen         as is   as is                   as is: neither adds nor breaks

Strength is Loop Habit Tracker's score of a daily habit (Score.kt, `compute` with frequency 1; skips leave it alone
since its pull request 630): half of it is gone after 13 misses, and a single miss at the top leaves 94.8 %. Loop slows
the decay of habits that are not daily; here a day that wasn't asked for is frozen, so the half-life is 13 *asked* days.
It begins at 0 and reaches 99 % after 87 days.

A run has the dates of its first and last DONE day, so it begins and ends with one, never with a skip.

The rhythm is a fold over the days in order: `rhythm_of(days)` is `Rhythm()` with `after` for each. To go on from a kept
one, keep the rhythm of the day before yesterday: yesterday may still be filled in (`days.may_write`), nothing earlier.
A deleted entry, or an excuse that becomes known later, needs the fold from that day on again. Totals outlive the
entries that retention deletes only where the rhythm of the last deleted day is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from cogs.checkins.rules.states import DayState

HALF_LIFE = 13
"""Days after which half of the strength is gone (product.md, Check-ins; Loop Habit Tracker, Score.kt)."""

DECAY: float = 0.5 ** (1 / HALF_LIFE)
"""What one day leaves of the strength: 0.948."""


class Strength(Enum):
    """The strength in words: five equal steps of the score; the value ends the key of a sentence, no percent is shown.

    With a check-in every day: `fresh` for 4 days, `growing` from the 5th, `steady` from the 10th, `strong` from the
    18th, `rooted` from the 31st. From the top it takes five misses in a row to leave `rooted`.
    """

    FRESH = "fresh"
    GROWING = "growing"
    STEADY = "steady"
    STRONG = "strong"
    ROOTED = "rooted"


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row: how many were DONE, the first and the last of them."""

    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Where a member stands after the day `until`. `score` (0 to 1) is for computing; show `strength` instead."""

    total: int = 0
    score: float = 0.0
    run: Run | None = None
    open_today: bool = False
    until: date | None = None

    @property
    def strength(self) -> Strength:
        """The score in words."""
        steps = tuple(Strength)
        return steps[min(int(self.score * len(steps)), len(steps) - 1)]

    @property
    def run_days(self) -> int:
        """How many days the run has; 0 without one."""
        return self.run.days if self.run else 0

    def after(self, day: date, state: DayState) -> Rhythm:
        """The rhythm one day later. Raises ValueError for a day that isn't behind the last one."""
        if self.until is not None and day <= self.until:
            raise ValueError(f"{day} is not behind {self.until}")
        then = replace(self, until=day, open_today=state is DayState.OPEN)
        if state is DayState.DONE:
            run = Run(self.run_days + 1, self.run.first if self.run else day, day)
            return replace(then, total=self.total + 1, score=next_score(self.score, 1.0), run=run)
        if state is DayState.MISSED:
            return replace(then, score=next_score(self.score, 0.0), run=None)
        return then


def next_score(previous: float, value: float) -> float:
    """The score after a day worth `value` (1 done, 0 missed), from the one before."""
    return previous * DECAY + value * (1 - DECAY)


def rhythm_of(days: Iterable[tuple[date, DayState]], kept: Rhythm | None = None) -> Rhythm:
    """The rhythm after `days`, the earliest first; with `kept`, going on from the rhythm kept of the days before."""
    rhythm = kept or Rhythm()
    for day, state in days:
        rhythm = rhythm.after(day, state)
    return rhythm
