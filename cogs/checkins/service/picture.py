"""What the picture of a history shows: for each measure and day the answers given, and where there were none. Pure.

A day with several answers (several check-ins a day) shows the last one and how far the others reached: a mean of
"really rough" and "good" would be a day that nobody had.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.content import Role
from bot.content.checkins import ROLE_SCALES
from cogs.checkins.store.past import Mark

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spread:
    """One day's answers to one question: the last, the lowest and the highest."""

    last: int
    lowest: int
    highest: int

    def and_then(self, number: int) -> "Spread":
        """Return the spread with one more answer, given later."""
        return Spread(number, min(self.lowest, number), max(self.highest, number))


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over time, on its scale; at least one day, the earliest first."""

    role: Role
    days: Mapping[date, Spread]

    @property
    def scale(self) -> tuple[int, int]:
        """The lowest and the highest answer there can be."""
        return ROLE_SCALES[self.role]

    def stretches(self) -> tuple[tuple[date, ...], ...]:
        """Return the days in stretches without a gap: a line is drawn within one, and never from one to the next."""
        days = list(self.days)
        cuts = [0, *(place for place, (one, other) in enumerate(pairwise(days), 1) if other - one > _DAY), len(days)]
        return tuple(tuple(days[start:end]) for start, end in pairwise(cuts))


@dataclass(frozen=True, slots=True)
class PictureData:
    """What is drawn: the days from `first` to `last`, the measures that have an answer, and the days of rest."""

    first: date
    last: date
    lines: tuple[Line, ...]
    resting: frozenset[date] = frozenset()

    @property
    def length(self) -> int:
        """How many days it spans."""
        return (self.last - self.first).days + 1

    def rests(self) -> tuple[tuple[date, date], ...]:
        """Return the first and last day of each stretch of rest, the earliest first."""
        found: list[tuple[date, date]] = []
        for day in sorted(self.resting):
            if found and day - found[-1][1] == _DAY:
                found[-1] = (found[-1][0], day)
            else:
                found.append((day, day))
        return tuple(found)


def picture_of(first: date, last: date, marks: Iterable[Mark], resting: Collection[date] = ()) -> PictureData:
    """Return what is drawn of `marks`, given in the order in which they were written day by day."""
    days: dict[Role, dict[date, Spread]] = {role: {} for role in ROLE_SCALES}
    for mark in marks:
        for role, number in mark.numbers.items():
            before = days[role].get(mark.day)
            days[role][mark.day] = before.and_then(number) if before else Spread(number, number, number)
    lines = tuple(Line(role, found) for role, found in days.items() if found)
    return PictureData(first, last, lines, frozenset(day for day in resting if first <= day <= last))
