"""What a moderator typed about a set of questions, what it is meant for, and the questions made of it."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from typing import Literal, cast, get_args

from bot.content import Question, QuestionFault, QuestionKind, QuestionSet
from bot.content.checkins import QUESTION_KINDS
from bot.errors import Refusal

What = Literal["new", "copy", "name", "ask", "words"]

USUAL_SCALE = (1, 5)
"""The numbers of a scale where none were typed, and its words don't tell either."""

_SEPARATOR = "."
_STAMP = 8
_NUMBERS = re.compile(r"\D{0,12}(\d{1,3})\D{1,12}(\d{1,3})\D{0,12}")
_NUMBERS_ALONE = re.compile(r"\s*\d{1,3}\s*(?:-|–|—|to|until|bis|/|\.\.+|…)\s*\d{1,3}\s*")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of all forms about sets: a form fills some. `lines` are options or a scale's words, one a line."""

    name: str = ""
    description: str = ""
    label: str = ""
    about: str = ""
    lines: str = ""
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a form is for; its `key` is what the form carries, never an authority.

    new     a new set          `part`: the kind of its first question
    copy    a set made of the preset `set_id`
    name    name and description of `set_id`, as they were under `stamp`
    ask     another question for `set_id`    `part`: its kind
    words   the question `part` of `set_id`, as it was under `stamp`
    """

    what: What
    set_id: str = ""
    part: str = ""
    stamp: str = ""

    @property
    def key(self) -> str:
        """For a custom id."""
        return _SEPARATOR.join((self.what, self.set_id, self.part, self.stamp)).rstrip(_SEPARATOR)

    @property
    def kind(self) -> QuestionKind:
        """The kind of the question that is asked. Raises `Refusal` for one that doesn't exist."""
        if self.part not in QUESTION_KINDS:
            raise Refusal("kit.refused.outdated")
        return self.part


@dataclass(frozen=True, slots=True)
class Kept:
    """The set as it stands now; `already` when this form or press had been counted before, or changed nothing."""

    question_set: QuestionSet
    already: bool = False


@dataclass(frozen=True, slots=True)
class Unfit:
    """Nothing was kept, for these reasons; `question_set` is what it would have been."""

    faults: tuple[QuestionFault, ...]
    question_set: QuestionSet


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Nothing was kept: what the form was opened for has changed since (`current`), or the set is gone (None)."""

    current: QuestionSet | None


Outcome = Kept | Unfit | Overtaken


def target_of(key: str) -> Target:
    """Read a form's key. Raises `Refusal` for one that no form of ours has."""
    parts = key.split(_SEPARATOR)
    if parts[0] not in get_args(What) or len(parts) > 4:
        raise Refusal("kit.refused.outdated")
    return Target(cast(What, parts[0]), *parts[1:])


def question_of(typed: Typed, kind: QuestionKind, question_id: str) -> Question:
    """Make a question of what was typed; what stands in its way is for the rules, and for `unread_numbers`."""
    lines = _lines(typed.lines)
    question = Question(question_id, kind, typed.label, typed.about)
    if kind != "scale":
        return replace(question, options=lines)
    numbers, lines = _told_numbers(typed, lines)
    lowest, highest = _range(numbers, lines)
    return replace(question, lowest=lowest, highest=highest, words=lines)


def reworded(typed: Typed, question: Question) -> Question:
    """Make the question anew of what was typed; what the history draws keeps its scale."""
    made = replace(question_of(typed, question.kind, question.id), role=question.role, required=question.required)
    if question.role:
        made = replace(made, lowest=question.lowest, highest=question.highest)
    return made


def unread_numbers(typed: Typed, place: int) -> tuple[QuestionFault, ...]:
    """What was typed in the place of a scale's two numbers, where it isn't two numbers."""
    if not typed.numbers.strip() or _NUMBERS.fullmatch(typed.numbers.strip()):
        return ()
    return (QuestionFault("numbers_unread", place, "lowest", typed.numbers.strip()),)


def typed_question(question: Question) -> Typed:
    """Return a question's words as its form takes them."""
    numbers = f"{question.lowest}-{question.highest}" if question.kind == "scale" else ""
    lines = "\n".join(question.words or question.options)
    return Typed(label=question.label, about=question.description, lines=lines, numbers=numbers)


def question_in(question_set: QuestionSet, question_id: str) -> Question | None:
    """Return a set's question by its id."""
    return next((one for one in question_set.questions if one.id == question_id), None)


def stamp_of(question_set: QuestionSet, target: Target) -> str:
    """Return the stamp that a form for `target` carries where it is opened now."""
    if target.what == "name":
        return _stamp([question_set.name, question_set.description])
    question = question_in(question_set, target.part)
    return _stamp(asdict(question)) if target.what == "words" and question else ""


def _stamp(told: object) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:_STAMP]


def _lines(typed: str) -> tuple[str, ...]:
    """One a line; of a single line, one between each two commas."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part.strip() for part in re.split(r"[,;]", lines[0]) if part.strip()]
    return tuple(lines)


def _told_numbers(typed: Typed, lines: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The numbers, from their own field or from the first line, and the lines that are left."""
    if not typed.numbers.strip() and lines and _NUMBERS_ALONE.fullmatch(lines[0]):
        return lines[0], lines[1:]
    return typed.numbers.strip(), lines


def _range(numbers: str, words: tuple[str, ...]) -> tuple[int, int]:
    if found := _NUMBERS.fullmatch(numbers):
        return int(found[1]), int(found[2])
    return (1, len(words)) if len(words) > 2 else USUAL_SCALE
