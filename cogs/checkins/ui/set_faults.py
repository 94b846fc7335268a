"""What keeps a set of questions from being saved: the reasons, and the way on with everything that was typed."""

from collections.abc import Iterable

import discord

from bot.content import QuestionFault, QuestionSet
from bot.discordkit import CAREFUL, Button, Panel, Text, buttons, encode
from bot.text import t
from cogs.checkins.service.set_drafts import Target, Typed, Unfit
from cogs.checkins.ui.set_forms import waiting
from cogs.checkins.ui.sets import back_button, clip, list_button, shown

# Characters of what is shown back, how many of a kind, and faults in one message: they leave room for the words.
_SHOWN_WORDS, _MOST_SHOWN, _MOST_FAULTS = 40, 2, 4


def unfit_panel(outcome: Unfit, target: Target, typed: Typed) -> Panel:
    """Draw what the rules found, with everything that was typed."""
    told = faults_told(outcome.faults, outcome.question_set)
    lines = [f"- {one}" for one in told[:_MOST_FAULTS]]
    if len(told) > _MOST_FAULTS:
        lines.append(f"- {t('questions.unfit.more', count=len(told) - _MOST_FAULTS)}")
    words = "\n".join((t("questions.unfit.heading", count=len(told)), *lines))
    return Panel((Text(words), *waiting(typed), buttons(_mend_button("questions.unfit.mend.label", target))), CAREFUL)


def stays_panel(outcome: Unfit, set_id: str) -> Panel:
    """Draw why a press changed nothing."""
    told = faults_told(outcome.faults, outcome.question_set)[:_MOST_FAULTS]
    words = "\n".join((t("questions.unfit.stays"), *(f"- {one}" for one in told)))
    return Panel((Text(words), buttons(back_button(set_id))), CAREFUL)


def overtaken_panel(current: QuestionSet | None, target: Target, typed: Typed, *, there: bool) -> Panel:
    """Draw that somebody was faster; `there` while what was to be changed still exists."""
    if current is None:
        return Panel((Text(t("questions.overtaken.gone")), *waiting(typed), buttons(list_button())), CAREFUL)
    if not there:
        row = buttons(back_button(current.id))
        return Panel((Text(t("questions.overtaken.question_gone")), *waiting(typed), row), CAREFUL)
    theirs = Button(t("questions.overtaken.theirs.label"), encode("checkins", "set_open", current.id))
    row = buttons(_mend_button("questions.overtaken.again.label", target), theirs)
    return Panel((Text(t("questions.overtaken.heading")), *waiting(typed), row), CAREFUL)


def _mend_button(label: str, target: Target) -> Button:
    return Button(t(label), encode("checkins", "set_mend", target.key), discord.ButtonStyle.primary)


def faults_told(faults: Iterable[QuestionFault], question_set: QuestionSet) -> tuple[str, ...]:
    """Return what the rules found, why it matters and what to do: one text for each rule in each question.

    It shows a writer's own words back, so it is for their eyes only.
    """
    found: dict[tuple[str, int | None], list[str]] = {}
    for fault in faults:
        words = shown(clip(" ".join(fault.words.split()), _SHOWN_WORDS))
        found.setdefault((fault.rule, fault.place), []).append(words)
    return tuple(
        t(f"questions.fault.{rule}", words=_in_a_row(words), where=_where(question_set, place))
        for (rule, place), words in found.items()
    )


def _where(question_set: QuestionSet, place: int | None) -> str:
    if place is None:
        return t("questions.at.set")
    label = question_set.questions[place].label if place < len(question_set.questions) else ""
    if not label:
        return t("questions.at.question", number=place + 1)
    return t("questions.at.labelled", number=place + 1, label=shown(clip(label, _SHOWN_WORDS)))


def _in_a_row(words: list[str]) -> str:
    """The words between the quotation marks of a sentence; of many, the first."""
    kept = list(dict.fromkeys(words))
    return "”, “".join(kept[:_MOST_SHOWN]) + ("”, “…" if len(kept) > _MOST_SHOWN else "")
