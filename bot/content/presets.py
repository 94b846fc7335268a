"""Reads `data/questions.toml`: the question sets that ship with Evenkeel, each fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bot.content.checkins import (
    HIGHEST,
    LOWEST,
    MOST_QUESTIONS,
    QUESTION_KINDS,
    ROLE_SCALES,
    Question,
    QuestionKind,
    QuestionSet,
    Role,
)
from bot.content.entry import Entry
from bot.content.group import title_key
from bot.content.model import Fault
from bot.content.questions import QuestionFault, check_question_set
from bot.content.safety.asking import preset_messages
from bot.content.safety.readings import Setting
from bot.content.source import Located, Sheet, read_text, read_toml, shown_path

LONGEST_ID = 40
"""Characters of the id of a set or of a question: custom ids and answers on record carry it."""

_ANY_LENGTH = 1000  # what is too long, and too many, is the form's to say
_ID = re.compile(rf"(?=.{{1,{LONGEST_ID}}}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_FORM = f"lower-case words joined by '-', at most {LONGEST_ID} characters"
_ROLE = re.compile("|".join(ROLE_SCALES))
_PARTS = ("id", "kind", "label", "description", "role", "required", "lowest", "words", "options")
_SCALES = ", ".join(f"{role} {low} to {high}" for role, (low, high) in ROLE_SCALES.items())
_SAID: Mapping[str, str] = {
    "label_empty": "'label' is missing or empty",
    "name_empty": "'name' is missing or empty",
    "questions_none": "a set asks at least one question",
    "questions_many": f"{{}} questions; a form takes {MOST_QUESTIONS} beside who may see the answers",
    "required_later": "only the first question may be required",
    "scale_range": f"a scale runs from a lower to a higher number within {LOWEST} and {HIGHEST}, not from {{}}",
    "scale_words": "{} words; a scale has two, for its ends, or one for each step",
    "role_scale": f"the scales of what the history draws are {_SCALES}; '{{}}' has another",
    "mood_words": "{} words; mood has one for each step",
}


@dataclass(frozen=True, slots=True)
class SetSheet:
    """A question set with the lines of its parts and of its questions' parts; "" is the line of the whole."""

    path: str
    question_set: QuestionSet
    lines: Mapping[str, int]
    question_lines: tuple[Mapping[str, int], ...]

    def line_of(self, place: int | None, part: str) -> int:
        """The line of a part of the set, or of its question at `place`."""
        lines = self.lines if place is None else self.question_lines[place]
        return lines.get(part, lines[""])


def read_question_sets(data_dir: Path) -> tuple[list[SetSheet], Sheet]:
    """The sets in the file's order, and the sheet with the faults of reading; `question_set_faults` knows the rest."""
    path = data_dir / "questions.toml"
    sheet = Sheet(shown_path(path, data_dir))
    text = read_text(path, sheet)
    located = None if text is None else read_toml(text, sheet)
    if located is None or not isinstance(located.value, dict):
        return [], sheet
    found = [_question_set(key, item, sheet) for key, item in located.value.items()]
    names: set[str] = set()
    for read in found:
        name = title_key(read.question_set.name)
        if name and name in names:
            sheet.fault(read.line_of(None, "name"), f"'{read.question_set.name}' is the name of another set, too")
        names.add(name)
    if not found:
        sheet.fault(1, "there are no question sets")
    return found, sheet


def _question_set(key: str, located: Located, sheet: Sheet) -> SetSheet:
    entry = Entry(located, sheet)
    if not _ID.fullmatch(key):
        sheet.fault(entry.line, f"'{key}' must be {_ID_FORM}")
    name = entry.text("name", limit=_ANY_LENGTH, required=False)
    description = entry.text("description", limit=_ANY_LENGTH)
    entries = [Entry(item, sheet) for item in entry.items("question", required=False, most=_ANY_LENGTH)]
    questions = tuple(_question(one) for one in entries)
    entry.finish()
    return SetSheet(
        sheet.path,
        QuestionSet(key, name, description, questions),
        {"": entry.line, "name": entry.line_of("name"), "description": entry.line_of("description")},
        tuple({"": one.line, **{part: one.line_of(part) for part in _PARTS}} for one in entries),
    )


def _question(entry: Entry) -> Question:
    kind = cast(QuestionKind, entry.choice("kind", QUESTION_KINDS))
    role = entry.matching("role", _ROLE, f"one of {', '.join(ROLE_SCALES)}", required=False)
    is_scale = kind == "scale"
    question = Question(
        id=entry.matching("id", _ID, _ID_FORM),
        kind=kind,
        label=entry.text("label", limit=_ANY_LENGTH, required=False),
        description=entry.text("description", limit=_ANY_LENGTH, required=False),
        role=cast(Role, role if role in ROLE_SCALES else ""),
        required=_flag(entry, "required"),
        lowest=_number(entry, "lowest", required=is_scale),
        highest=_number(entry, "highest", required=is_scale),
        words=_texts(entry, "words", required=is_scale),
        options=_texts(entry, "options", required=kind in {"choice", "choices"}),
    )
    entry.finish()
    return question


def _flag(entry: Entry, key: str) -> bool:
    located = entry.take(key, required=False)
    if located is not None and not isinstance(located.value, bool):
        entry.sheet.fault(located.line, f"'{key}' must be true or false")
    return located is not None and located.value is True


def _number(entry: Entry, key: str, *, required: bool) -> int:
    located = entry.take(key, required=required)
    if located is None:
        return 0
    if not isinstance(located.value, int) or isinstance(located.value, bool):
        entry.sheet.fault(located.line, f"'{key}' must be a whole number")
        return 0
    return located.value


def _texts(entry: Entry, key: str, *, required: bool) -> tuple[str, ...]:
    found: list[str] = []
    for item in entry.items(key, required=required, most=_ANY_LENGTH):
        if not isinstance(item.value, str) or item.value != " ".join(item.value.split()):
            entry.sheet.fault(item.line, f"an item of '{key}' must be one line of text without spaces around it")
        else:
            found.append(item.value)
    return tuple(found)


def question_set_faults(read: SetSheet, setting: Setting) -> Iterator[Fault]:
    """What the form and the rules for texts object to in a preset."""
    for fault in check_question_set(read.question_set, setting.support_numbers):
        yield Fault(read.path, read.line_of(fault.place, fault.part), _said(fault))
    for place, part, text in set_texts(read.question_set):
        for message in preset_messages(text):
            yield Fault(read.path, read.line_of(place, part), message)


def set_texts(question_set: QuestionSet) -> Iterator[tuple[int | None, str, str]]:
    """Every text of a set, with its question's place and its part."""
    yield None, "name", question_set.name
    yield None, "description", question_set.description
    for place, question in enumerate(question_set.questions):
        yield place, "label", question.label
        yield place, "description", question.description
        yield from ((place, "words", word) for word in question.words)
        yield from ((place, "options", option) for option in question.options)


def _said(fault: QuestionFault) -> str:
    """A fault in words for whoever writes the file."""
    if sentence := _SAID.get(fault.rule):
        return sentence.format(fault.words)
    return f"{fault.rule.replace('_', ' ')}: '{fault.words}'"
