"""The forms about sets of questions, and where what was typed waits when it can't be kept.

It stays in the message that tells why, in marked texts, and is read from there: nothing is lost, and nothing stored.
"""

from bot.content import Question, QuestionKind
from bot.content.checkins import (
    DESCRIPTION_LIMIT,
    LABEL_LIMIT,
    MOST_OPTIONS,
    NAME_LIMIT,
    OPTION_LIMIT,
    QUESTION_KINDS,
)
from bot.discordkit import Block, Field, Form, One, Option, Press, Text, Write
from bot.text import t
from cogs.checkins.service.set_drafts import Target, Typed

LONGEST_LINES = MOST_OPTIONS * (OPTION_LIMIT + 2)
"""Characters of all answers to tick, or all words of a scale, with their line ends."""

_LONGEST_NUMBERS = 20
# The marks of the texts that hold what somebody typed; in the order in which they are shown.
_MARKS = {"name": 1, "description": 2, "label": 3, "about": 4, "numbers": 5, "lines": 6}


def set_form(target: Target, typed: Typed, question: Question | None = None) -> Form:
    """Draw the form of `target` with what was typed; `question` is the one that a form of "words" changes."""
    if target.what in {"copy", "name"}:
        fields: tuple[Field, ...] = _names(typed)
    elif target.what == "new":
        fields = (*_names(typed), _kind(target.part), _label(typed, "first_field"), _lines(typed, "lines_field"))
    else:
        kind = question.kind if question else target.kind
        fields = _question(typed, kind, numbers=question is None or not question.role)
    return Form("checkins", "set_written", t(f"questions.form.{target.what}.title"), fields, target.key)


def _names(typed: Typed) -> tuple[Field, ...]:
    return (
        Write(
            "name",
            t("questions.form.name_field.label"),
            NAME_LIMIT,
            1,
            typed.name[:NAME_LIMIT],
            t("questions.form.name_field.placeholder"),
        ),
        Write(
            "description",
            t("questions.form.description_field.label"),
            DESCRIPTION_LIMIT,
            value=typed.description[:DESCRIPTION_LIMIT],
            placeholder=t("questions.form.description_field.placeholder"),
        ),
    )


def _kind(chosen: str) -> One:
    options = tuple(
        Option(t(f"questions.kind.{one}.label"), one, t(f"questions.kind.{one}.description"), chosen=one == chosen)
        for one in QUESTION_KINDS
    )
    return One("kind", t("questions.form.kind_field.label"), options)


def _question(typed: Typed, kind: QuestionKind, *, numbers: bool) -> tuple[Field, ...]:
    about = Write(
        "about",
        t("questions.form.about_field.label"),
        DESCRIPTION_LIMIT,
        value=typed.about[:DESCRIPTION_LIMIT],
        placeholder=t("questions.form.about_field.placeholder"),
    )
    asked = (_label(typed, "label_field"), about)
    if kind == "scale":
        return (*asked, *((_numbers(typed),) if numbers else ()), _lines(typed, "words_field"))
    return (*asked, _lines(typed, "options_field")) if kind in {"choice", "choices"} else asked


def _label(typed: Typed, name: str) -> Write:
    placeholder = t("questions.form.label_field.placeholder")
    return Write("label", t(f"questions.form.{name}.label"), LABEL_LIMIT, 1, typed.label[:LABEL_LIMIT], placeholder)


def _lines(typed: Typed, name: str) -> Write:
    return Write(
        "lines",
        t(f"questions.form.{name}.label"),
        LONGEST_LINES,
        value=typed.lines[:LONGEST_LINES],
        description=t(f"questions.form.{name}.description"),
        long=True,
    )


def _numbers(typed: Typed) -> Write:
    return Write(
        "numbers",
        t("questions.form.numbers_field.label"),
        _LONGEST_NUMBERS,
        value=typed.numbers[:_LONGEST_NUMBERS],
        placeholder=t("questions.form.numbers_field.placeholder"),
        description=t("questions.form.numbers_field.description"),
    )


def typed_in(press: Press) -> Typed:
    """Return what was typed into a form."""
    return Typed(**{name: press.words(name) for name in _MARKS})


def typed_above(press: Press) -> Typed:
    """Return what waits in the message that was pressed."""
    return Typed(**{name: press.marked(mark) for name, mark in _MARKS.items()})


def waiting(typed: Typed) -> tuple[Block, ...]:
    """Draw what was typed, so that it can be read again; nothing where nothing was."""
    words = {name: getattr(typed, name) for name in _MARKS}
    kept = tuple(Text(words[name], mark) for name, mark in _MARKS.items() if words[name])
    return (Text(t("questions.unfit.yours")), *kept) if kept else ()
