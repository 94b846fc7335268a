"""The group's weekly summary: how many took part, and averages out of which nobody can be read. Pure.

Below five different people there is none (product.md, Check-ins); a scale that fewer than five shared has no average.

- Only entries shared with the group count in averages: numbers of `just me` and of the team's leave those places by a
  choice alone (principle 2). Participation counts every entry, as the count on the post does.
- Each person counts once, with the mean of their week, so that nobody who wrote daily outweighs the rest.
- An average is one of five equal bands of its scale, shown in words. With n people a band leaves the sum open by n / 5
  of the scale, so from five people on by the whole of it: the band excludes no answer of anybody, and even who knows
  all answers but one is left an interval as wide as the scale (only its overlap with the scale says anything).
- Two weeks compared: if one person left and all others answered as before, the difference would be that person's. So
  the people behind an average are the same as behind the one last shown, or differ by at least three. Where one or two
  only joined, they wait outside the average; where somebody left, a lot leaves out so many more. This depends on who
  answered, never on what, so neither an average shown nor one left out tells anything.
- Check-ins (days of people) are told to the nearest ten, more than one person can have in a week.

Names, places and who missed are no part of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from hashlib import blake2b

from cogs.checkins.rules.audience import Choice, Place

LEAST_PEOPLE = 5
"""Different people below whom nothing is told (product.md, Check-ins)."""

BANDS = 5
"""Bands of a scale; no more than `LEAST_PEOPLE`, or a band would say something of one person."""

LEAST_CHANGED = 3
"""By so many people two averages shown one after the other differ, or by none."""

ROUNDED_TO = 10

Scale = tuple[int, int]
"""The lowest and the highest answer."""


@dataclass(frozen=True, slots=True)
class WeekEntry:
    """One entry of the week: whose, its day, who may see it, and the answers to scales that its writer shows."""

    user_id: int
    day: date
    choice: Choice
    answers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Panel:
    """The people behind the average that was last shown; `erased` counts those whose ids were erased since."""

    people: frozenset[int]
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Average:
    """A band from 0 (lowest fifth) to 4, and the people behind it: to be kept as the next `Panel`, never shown."""

    band: int
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What may be told: different people, about how many check-ins, and an average by question."""

    people: int
    about_check_ins: int
    averages: Mapping[str, Average]


def weekly_summary(
    entries: Collection[WeekEntry], scales: Mapping[str, Scale], shown: Mapping[str, Panel], *, seed: str
) -> Summary | None:
    """The summary of a week; None below five people. `shown` has each question's last panel, `seed` names the week."""
    people = {one.user_id for one in entries}
    if len(people) < LEAST_PEOPLE:
        return None
    averages: dict[str, Average] = {}
    for question, scale in scales.items():
        means = _means(entries, question)
        panel = panel_of(frozenset(means), shown.get(question), seed=f"{seed}:{question}")
        if panel is not None:
            mean = sum((means[one] for one in panel), Fraction()) / len(panel)
            averages[question] = Average(band_of(mean, scale), panel)
    days = len({(one.user_id, one.day) for one in entries})
    return Summary(len(people), (days + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO, averages)


def panel_of(present: frozenset[int], last: Panel | None, *, seed: str) -> frozenset[int] | None:
    """The people of an average: all who are present, or fewer, so that no one or two set it apart from the last.

    None where fewer than five would be left.
    """
    chosen = present
    if last is not None:
        gone, joined = len(last.people - present) + last.erased, len(present - last.people)
        missing = LEAST_CHANGED - gone - joined
        if 0 < gone + joined < LEAST_CHANGED:
            chosen = last.people if gone == 0 else _without(present, last.people, missing, seed)
    return chosen if len(chosen) >= LEAST_PEOPLE else None


def band_of(mean: Fraction, scale: Scale) -> int:
    """The fifth of the scale that `mean` lies in, 0 to 4; the outer fifths hold their inner edges, too.

    They must: with five people a mean on that edge is the only one that leaves the far end of the scale possible.
    """
    low, high = scale
    place = (mean - low) * BANDS / (high - low)
    return 0 if place <= 1 else min(int(place), BANDS - 1)


def _means(entries: Iterable[WeekEntry], question: str) -> dict[int, Fraction]:
    answers: dict[int, list[int]] = {}
    for one in entries:
        if one.choice.place is Place.GROUP and question in one.answers:
            answers.setdefault(one.user_id, []).append(one.answers[question])
    return {user_id: Fraction(sum(given), len(given)) for user_id, given in answers.items()}


def _without(present: frozenset[int], last: frozenset[int], count: int, seed: str) -> frozenset[int]:
    """Those present without so many that were there last time, drawn by lot."""
    return present - set(sorted(present & last, key=lambda one: _lot(seed, one))[:count])


def _lot(seed: str, user_id: int) -> bytes:
    return blake2b(f"{seed}:{user_id}".encode(), digest_size=16).digest()
