"""How a set of questions becomes a form, and what was filled in.

A scale's number and the words of an option are what a choice sends, so that a set that was changed while the form was
open can't turn an answer into another one: what no longer fits its question is kept as the words that were seen.
"""

import re
import unicodedata
from collections.abc import Sequence

from bot.content import Question, QuestionKind, QuestionSet
from bot.content.checkins import LONGEST_ANSWER, MOST_OPTIONS, MOST_QUESTIONS, MOST_RADIO, NAME_LIMIT
from bot.content.group import seen
from bot.content.presets import LONGEST_ID
from bot.discordkit import Field, Form, One, Option, Press, Several, Tick, Write
from bot.errors import Refusal
from bot.text import t
from cogs.checkins.rules import Choice
from cogs.checkins.service.answers import Given

WHO = "who"
"""The name of the last field: who may see it. No question has this id."""

_ID = re.compile(rf"[a-z0-9-]{{1,{LONGEST_ID}}}")
_BETWEEN = " · "
_MOST_WORDS = max(LONGEST_ANSWER.values())
# Letters that are drawn as nothing, and kinds of signs that are nothing to read by themselves.
_BLANK = frozenset("\u2800")
_UNDRAWN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})


def entry_form(
    question_set: QuestionSet, *, verb: str, key: str, choice: Choice, given: Sequence[Given] = (), today: bool = True
) -> Form:
    """Draw the form: the questions of the set, filled in with what was `given` before, and who may see it.

    The submit goes to `verb` with `key`; without `today` its title says that it is for a day that is over.
    """
    known = {one.question_id: one for one in given}
    fields = [_field(one, known.get(one.id)) for one in question_set.questions[:MOST_QUESTIONS]]
    title = question_set.name if today else t("checkin_form.earlier_day", name=question_set.name)
    return Form("checkins", verb, _within(title, NAME_LIMIT), (*fields, _who(choice)), key)


def _field(question: Question, given: Given | None) -> Field:
    name, label, description = question.id, question.label, question.description or None
    if question.kind in LONGEST_ANSWER:
        longest = LONGEST_ANSWER[question.kind]
        value = given.shown[:longest] if given is not None and given.words else ""
        shortest = 1 if question.required else 0
        return Write(name, label, longest, shortest, value, description=description, long=question.kind == "long")
    options = _options(question, given)
    if question.kind == "choices":
        return Several(name, label, options, description, required=question.required)
    if len(options) > MOST_RADIO:
        return Tick(name, label, options, description, required=question.required)
    return One(name, label, options, description, required=question.required)


def _options(question: Question, given: Given | None) -> tuple[Option, ...]:
    if question.kind == "scale":
        before = None if given is None else given.number
        return tuple(
            Option(_step(number, word), str(number), chosen=number == before) for number, word in question.steps()
        )
    chosen = set() if given is None else {given.shown, *given.shown.split(_BETWEEN)}
    return tuple(Option(option, option, chosen=option in chosen) for option in question.options)


def _who(choice: Choice) -> One:
    options = tuple(
        Option(
            t(f"checkin_form.who.{one.value}.label"),
            one.value,
            t(f"checkin_form.who.{one.value}.description"),
            chosen=one is choice,
        )
        for one in Choice
    )
    return One(WHO, t("checkin_form.who.label"), options)


def read_form(question_set: QuestionSet, press: Press) -> tuple[tuple[Given, ...], Choice]:
    """Return what was filled in, in the order of the set as it is now, and who may see it.

    What no longer fits (the question is gone, the option has another name, the scale is shorter) comes as it was seen:
    what was typed as words, a number or a tick as a tick, since that form said that those stay with their writer.
    Raises `Refusal` for what no form of ours could have sent.
    """
    choice = _choice(press)
    questions = {one.id: one for one in question_set.questions}
    sent = [name for name in press.fields if name != WHO]
    if len(sent) > MOST_QUESTIONS or not all(map(_ID.fullmatch, sent)):
        raise Refusal("kit.refused.outdated")
    names = [name for name in questions if name in press.fields] + [name for name in sent if name not in questions]
    answers = (_answer(questions.get(name), name, press) for name in names)
    return tuple(one for one in answers if one is not None), choice


def _choice(press: Press) -> Choice:
    try:
        return Choice("".join(press.chosen(WHO)))
    except ValueError:
        raise Refusal("kit.refused.outdated") from None


def _answer(question: Question | None, name: str, press: Press) -> Given | None:
    sent = tuple(value for value in press.chosen(name) if value)
    if not sent:
        return None
    typed = isinstance(press.fields[name], str)
    if question is None:
        return _outgrown(name, t("checkin_form.earlier_form"), sent, typed=typed)
    if question.kind in LONGEST_ANSWER and typed:
        if len(sent[0]) > LONGEST_ANSWER[question.kind]:
            raise Refusal("kit.refused.outdated")
        return _words(name, question.label, sent[0], question.kind)
    answer = _number(question, sent) if question.kind == "scale" else _chosen(question, sent)
    return answer or _outgrown(name, question.label, sent, typed=typed)


def _number(question: Question, sent: tuple[str, ...]) -> Given | None:
    number = next((one for one, _ in question.steps() if sent == (str(one),)), None)
    if number is None:
        return None
    word = dict(question.steps())[number]
    bare = t("checkin_form.number_of", number=number, highest=question.highest)
    shown = _step(number, word) if word else bare
    return Given(question.id, question.kind, question.role, question.label, number, shown)


def _chosen(question: Question, sent: tuple[str, ...]) -> Given | None:
    if set(sent) - set(question.options) or (len(sent) > 1 and question.kind == "choice"):
        return None
    places = tuple(place for place, option in enumerate(question.options) if option in sent)
    shown = _BETWEEN.join(question.options[place] for place in places)
    return Given(question.id, question.kind, question.role, question.label, None, shown, places)


def _outgrown(name: str, label: str, sent: tuple[str, ...], *, typed: bool) -> Given | None:
    """What was seen and said while the form was open; of a forged one it is the writer's own words."""
    if len(sent) > MOST_OPTIONS or any(len(value) > _MOST_WORDS for value in sent):
        raise Refusal("kit.refused.outdated")
    said = _BETWEEN.join(sent)[:_MOST_WORDS]
    if not typed:
        return Given(name, "choices", "", label, shown=_tidy(said, long=False))
    return _words(name, label, said, "long" if "\n" in said or len(said) > LONGEST_ANSWER["short"] else "short")


def _words(name: str, label: str, typed: str, kind: QuestionKind) -> Given | None:
    words = _tidy(typed, long=kind == "long")
    return Given(name, kind, "", label, shown=words) if words else None


def _tidy(typed: str, *, long: bool) -> str:
    """The words without signs that nobody can see; empty where nothing is left to read."""
    words = seen(typed)
    for sign in set(typed):  # a few letters of Hindi and its neighbours grow, and a full text would be too long
        if len(usual := unicodedata.normalize("NFC", sign)) > 1:
            words = words.replace(usual, sign)
    if long:
        lines = "\n".join(line.rstrip() for line in words.split("\n"))
        words = re.sub(r"\n{3,}", "\n\n", lines).strip()
    else:
        words = " ".join(words.split())
    drawn = (sign for sign in words if sign not in _BLANK and unicodedata.category(sign) not in _UNDRAWN)
    return words if any(drawn) else ""


def _step(number: int, word: str) -> str:
    return f"{number}{_BETWEEN}{word}" if word else str(number)


def _within(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
