"""The rules of a question set, whoever wrote it: what a form of Discord holds, and what nobody is asked.

A preset of ours and a set that a group writes for itself pass through the same door. The style of the house is asked
of ours alone (`bot.content.safety.asking`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.content.checkins import (
    DESCRIPTION_LIMIT,
    FEWEST_OPTIONS,
    HIGHEST,
    LABEL_LIMIT,
    LOWEST,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    NAME_LIMIT,
    OPTION_LIMIT,
    ROLE_SCALES,
    WORD_LIMIT,
    Question,
    QuestionSet,
)
from bot.content.group import plain, seen, text_faults, title_key
from bot.content.safety.asking import asks_for_amount, danger_asked, names_medicine, names_symptom
from bot.content.safety.danger import ends_with_closing_sentence, speaks_of_change
from bot.content.safety.passages import sentences

QuestionPart = Literal[
    "name", "description", "question", "id", "kind", "label", "role", "required", "lowest", "words", "options"
]

_READ = 1000  # characters of a text that is far too long, read by the rules: an import could keep them busy for an hour


@dataclass(frozen=True, slots=True)
class QuestionFault:
    """What stands in the way of a question set.

    `rule` is a name in small letters and underscores. `place` counts questions from 0, `None` is the set itself;
    `part` says where in it. `words` are the writer's own as they were found (or how many there are too many of): for
    the writer's eyes only, never for a log.
    """

    rule: str
    place: int | None
    part: QuestionPart
    words: str


def tidied_set(question_set: QuestionSet) -> QuestionSet:
    """A group's set without what nobody means: unseen characters, spaces at the edges. Twice changes nothing."""
    questions = tuple(
        replace(
            question,
            label=_line(question.label),
            description=_line(question.description),
            words=tuple(map(_line, question.words)),
            options=tuple(map(_line, question.options)),
        )
        for question in question_set.questions
    )
    return replace(
        question_set,
        name=_line(question_set.name),
        description=_line(question_set.description),
        questions=questions,
    )


def check_question_set(question_set: QuestionSet, dialled: frozenset[str]) -> tuple[QuestionFault, ...]:
    """Everything that keeps a set from being asked, each once; empty for one that is fine.

    `dialled` are the numbers of the support lines (`dialled_numbers`). Give it a tidied set; equal names are for
    whoever knows the others.
    """
    found = [*_set_faults(question_set, dialled)]
    for place, question in enumerate(map(_within_reach, question_set.questions[:MOST_QUESTIONS])):
        for rule, part, words in (*_question_faults(question, dialled), *_asked(question_set.name[:_READ], question)):
            found.append(QuestionFault(rule, place, part, words))
    return tuple(dict.fromkeys(found))


_Found = tuple[str, QuestionPart, str]


def _set_faults(question_set: QuestionSet, dialled: frozenset[str]) -> Iterator[QuestionFault]:
    texts: tuple[tuple[QuestionPart, str], ...] = (
        ("name", question_set.name),
        ("description", question_set.description),
    )
    found: list[_Found] = []
    if not any(map(str.isalnum, question_set.name)):
        found.append(("name_empty", "name", ""))
    found += _too_long("name", (question_set.name,), NAME_LIMIT)
    found += _too_long("description", (question_set.description,), DESCRIPTION_LIMIT)
    for part, text in texts:
        found += ((rule, part, words) for rule, words in text_faults(text[:_READ], dialled))
    yield from (QuestionFault(rule, None, part, words) for rule, part, words in found)
    questions = question_set.questions
    if not questions:
        yield QuestionFault("questions_none", None, "question", "")
    if len(questions) > MOST_QUESTIONS:
        yield QuestionFault("questions_many", None, "question", str(len(questions)))
    for place, question in enumerate(questions[:MOST_QUESTIONS]):
        if question.required and place:
            yield QuestionFault("required_later", place, "required", "")
        if question.id in {other.id for other in questions[:place]}:
            yield QuestionFault("id_twice", place, "id", question.id)
        if question.role and question.role in {other.role for other in questions[:place]}:
            yield QuestionFault("role_twice", place, "role", question.role)


def _question_faults(question: Question, dialled: frozenset[str]) -> Iterator[_Found]:
    if not any(map(str.isalnum, question.label)):
        yield "label_empty", "label", ""
    yield from _too_long("label", (question.label,), LABEL_LIMIT)
    yield from _too_long("description", (question.description,), DESCRIPTION_LIMIT)
    if question.kind == "scale":
        yield from _scale_faults(question)
    elif question.words:
        yield "words_stray", "words", question.words[0]
    elif question.lowest or question.highest:
        yield "numbers_stray", "lowest", f"{question.lowest} to {question.highest}"
    if question.kind in {"choice", "choices"}:
        yield from _option_faults(question)
    elif question.options:
        yield "options_stray", "options", question.options[0]
    if question.role:
        yield from _role_faults(question)
    for part, texts in _texts(question):
        for text in texts:
            yield from ((rule, part, words) for rule, words in text_faults(text, dialled))


def _scale_faults(question: Question) -> Iterator[_Found]:
    lowest, highest = question.lowest, question.highest
    if not LOWEST <= lowest < highest <= HIGHEST:
        yield "scale_range", "lowest", f"{lowest} to {highest}"
    elif len(question.words) not in {2, highest - lowest + 1}:
        yield "scale_words", "words", str(len(question.words))
    yield from _list_faults("word", "words", question.words, WORD_LIMIT)


def _option_faults(question: Question) -> Iterator[_Found]:
    count = len(question.options)
    if count < FEWEST_OPTIONS:
        yield "options_few", "options", str(count)
    if count > MOST_OPTIONS:
        yield "options_many", "options", str(count)
    yield from _list_faults("option", "options", question.options, OPTION_LIMIT)


def _list_faults(name: str, part: QuestionPart, texts: tuple[str, ...], most: int) -> Iterator[_Found]:
    yield from _too_long(part, texts, most, name)
    for place, text in enumerate(texts):
        if not any(map(str.isalnum, text)):
            yield f"{name}_empty", part, text
        elif title_key(text) in map(title_key, texts[:place]):
            yield f"{name}_twice", part, text


def _role_faults(question: Question) -> Iterator[_Found]:
    if question.kind != "scale" or (question.lowest, question.highest) != ROLE_SCALES[question.role]:
        yield "role_scale", "role", question.role
    elif question.role == "mood" and len(question.words) != len(question.steps()):
        yield "mood_words", "words", str(len(question.words))


def _asked(name: str, question: Question) -> Iterator[_Found]:
    """What nobody is asked. The set's name is the form's title: "How bad?" in a "Symptom diary" asks for a score.

    The closing sentence may stand at the end of the description: it asks for nothing.
    """
    description = plain(question.description)
    asked = f"{plain(name)}\n{plain(question.label)}\n{_without_closing(description)}"
    whole = "\n".join((asked, *map(plain, (*question.words, *question.options))))
    if words := asks_for_amount(asked):
        yield "dose_asked", "label", words
    if question.counted and (words := names_medicine(whole)):
        yield "medicine_counted", "label", words
    if question.counted and (words := names_symptom(whole)):
        yield "symptom_score", "label", words
    if words := danger_asked(whole):
        yield "danger_asked", "label", words
    if (words := speaks_of_change(whole)) and not ends_with_closing_sentence(description):
        yield "closing_sentence", "description", words


def _without_closing(text: str) -> str:
    parts = [sentence.text for sentence in sentences(text)]
    return " ".join(parts[:-1] if ends_with_closing_sentence(text) else parts)


def _texts(question: Question) -> Iterator[tuple[QuestionPart, tuple[str, ...]]]:
    yield "label", (question.label,)
    yield "description", (question.description,)
    yield "words", question.words
    yield "options", question.options


def _too_long(part: QuestionPart, texts: tuple[str, ...], most: int, name: str = "") -> Iterator[_Found]:
    for text in texts:
        if len(text) > most:
            yield f"{name or part}_long", part, str(len(text))


def _within_reach(question: Question) -> Question:
    words, options = (tuple(text[:_READ] for text in texts[:20]) for texts in (question.words, question.options))
    return replace(
        question,
        label=question.label[:_READ],
        description=question.description[:_READ],
        words=words,
        options=options,
    )


def _line(text: str) -> str:
    return " ".join(seen(text).split())
