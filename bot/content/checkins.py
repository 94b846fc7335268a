"""What a daily check-in asks: prompts for the group's post, sets of questions for the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

QuestionKind = Literal["scale", "choice", "choices", "short", "long"]
Role = Literal["", "mood", "sleep", "urge"]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Weekdays as the prompts file names them; their places are `date.weekday()`."""

QUESTION_KINDS: tuple[QuestionKind, ...] = ("scale", "choice", "choices", "short", "long")

MOST_QUESTIONS = 4
"""Questions of a set: Discord's forms have five fields, and the last one is who may see the answers."""

NAME_LIMIT, LABEL_LIMIT, DESCRIPTION_LIMIT = 45, 45, 100
"""Characters of a set's name (a form's title), of a question's label, and of what stands below either."""

FEWEST_OPTIONS, MOST_OPTIONS, OPTION_LIMIT = 2, 10, 100
"""Options of a choice: what Discord's radio and checkbox groups hold, with the characters of one."""

LOWEST, HIGHEST, WORD_LIMIT = 0, 10, 60
"""Numbers of a scale, with the characters of a word on it: an option shows it behind its number."""

MOST_RADIO = 10
"""Steps that a radio group holds; a scale with more of them is drawn as a select."""

LONGEST_ANSWER: Mapping[QuestionKind, int] = MappingProxyType({"short": 150, "long": 800})
"""Characters of an answer in words."""

ROLE_SCALES: Mapping[Role, tuple[int, int]] = MappingProxyType({"mood": (1, 5), "sleep": (1, 5), "urge": (0, 10)})
"""What the history draws, each on one scale everywhere: a picture over months may span several sets."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence or two that the daily post asks a group; no `kinds` and no `days` mean every kind and every day."""

    id: str
    text: str
    kinds: tuple[str, ...] = ()
    days: tuple[int, ...] = ()

    def fits(self, kind: str | None, weekday: int) -> bool:
        """Whether it suits a group of this kind (`None`: it never said) on a weekday (Monday is 0)."""
        return (not self.kinds or kind in self.kinds) and (not self.days or weekday in self.days)


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the form.

    A scale runs from `lowest` to `highest`, its `words` stand at both ends or at every step, the low end first. A
    choice has `options`. `role` names what the history draws from it. An answer is kept under `id`.
    """

    id: str
    kind: QuestionKind
    label: str
    description: str = ""
    role: Role = ""
    required: bool = False
    lowest: int = 0
    highest: int = 0
    words: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether an answer is a number or a place in a list, and so stays on record without anybody's words."""
        return self.kind in {"scale", "choice", "choices"}

    def steps(self) -> tuple[tuple[int, str], ...]:
        """The numbers of a scale, each with its word; between words at both ends it is empty."""
        numbers = range(self.lowest, self.highest + 1)
        if len(self.words) == len(numbers):
            return tuple(zip(numbers, self.words, strict=True))
        ends = {self.lowest: self.words[0], self.highest: self.words[-1]} if self.words else {}
        return tuple((number, ends.get(number, "")) for number in numbers)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """What one form asks: a preset of ours, or a set that a group wrote for itself (`own`).

    The description is for moderators, who choose among sets.
    """

    id: str
    name: str
    description: str
    questions: tuple[Question, ...]
    own: bool = False

    def asks_for(self, role: Role) -> Question | None:
        """The question whose answers the history draws as this, or `None`."""
        return next((question for question in self.questions if question.role == role), None)
