"""Sets of questions, as moderators see them: the list, one set, one of its questions."""

import discord
from discord.utils import escape_markdown, escape_mentions

from bot.content import Question, QuestionSet
from bot.content.checkins import MOST_QUESTIONS, QUESTION_KINDS, ROLE_SCALES
from bot.discordkit import CAREFUL, Block, Button, Choose, Option, Panel, Row, Text, buttons, encode, say
from bot.text import t
from cogs.checkins.service.set_drafts import Target
from cogs.checkins.service.sets import Listed

SEPARATOR = "."
"""Between a set and one of its questions in a key."""

_MOST_OPTIONS = 25
# How many of a list, and how much of each, stand on the card of a whole set.
_FEW, _BRIEF = 3, 30


def list_panel(listed: tuple[Listed, ...]) -> Panel:
    """Draw every set, ours first, with who asks it."""
    presets = [one for one in listed if not one.question_set.own]
    own = [one for one in listed if one.question_set.own]
    blocks: list[Block] = [Text(t("questions.list.heading"))]
    blocks.append(Text("\n".join((t("questions.list.presets"), *map(_line, presets)))))
    blocks.append(Text("\n".join((t("questions.list.own"), *map(_line, own))) if own else t("questions.list.no_own")))
    options = tuple(
        Option(one.question_set.name, one.question_set.id, one.question_set.description or None)
        for one in listed[:_MOST_OPTIONS]
    )
    new = Button(
        t("questions.list.new.label"), encode("checkins", "set_form", Target("new").key), discord.ButtonStyle.primary
    )
    chooser = Choose(encode("checkins", "set_open"), t("questions.list.placeholder"), options)
    return Panel((*blocks, chooser, buttons(new)))


def _line(listed: Listed) -> str:
    name = shown(listed.question_set.name)
    if not listed.used_by:
        return t("questions.list.line", name=name)
    return t("questions.list.used_line", name=name, names=_names(listed.used_by))


def card_panel(listed: Listed, notice: str = "") -> Panel:
    """Draw one set with what can be done about it."""
    one = listed.question_set
    told = (f"{t(notice)}\n" if notice else "") + t("questions.card.heading", name=shown(one.name))
    head = "\n".join((told, *((shown(one.description),) if one.description else ()), _state(listed)))
    questions = "\n".join(_brief(number, question) for number, question in enumerate(one.questions, start=1))
    controls = _own_controls(one) if one.own else (_preset_controls(one),)
    return Panel((Text(head), Text(questions), *controls))


def _state(listed: Listed) -> str:
    told = [] if listed.question_set.own else [t("questions.card.preset")]
    if listed.used_by:
        told.append(t("questions.card.used", names=_names(listed.used_by)))
    elif listed.question_set.own:
        told.append(t("questions.card.unused"))
    return "\n".join(told)


def _own_controls(one: QuestionSet) -> tuple[Block, ...]:
    options = tuple(Option(question.label, f"{one.id}{SEPARATOR}{question.id}") for question in one.questions)
    room = len(one.questions) < MOST_QUESTIONS
    return (
        Choose(encode("checkins", "set_question"), t("questions.card.placeholder"), options),
        buttons(
            Button(t("questions.card.add.label"), encode("checkins", "set_add", one.id), disabled=not room),
            _try_button(one),
            Button(t("questions.card.name.label"), encode("checkins", "set_form", Target("name", one.id).key)),
            Button(
                t("questions.card.remove.label"), encode("checkins", "set_remove", one.id), discord.ButtonStyle.danger
            ),
            list_button(),
        ),
    )


def _preset_controls(one: QuestionSet) -> Row:
    ours = Button(
        t("questions.card.ours.label"),
        encode("checkins", "set_form", Target("copy", one.id).key),
        discord.ButtonStyle.primary,
    )
    return buttons(_try_button(one), ours, list_button())


def _try_button(one: QuestionSet) -> Button:
    return Button(t("questions.card.try.label"), encode("checkins", "set_try", one.id))


def list_button() -> Button:
    """The way back to all sets."""
    return Button(t("questions.list.all.label"), encode("checkins", "set_list"))


def back_button(set_id: str) -> Button:
    """The way back to one set."""
    return Button(t("questions.question.back.label"), encode("checkins", "set_open", set_id))


def _brief(number: int, question: Question) -> str:
    lines = [t("questions.card.question", number=number, label=shown(question.label))]
    if question.description:
        lines.append(shown(question.description))
    lines.append(f"-# {_answer(question, brief=True)}")
    return "\n".join(lines)


def question_panel(one: QuestionSet, place: int) -> Panel:
    """Draw the question at `place` with what can be done about it."""
    question, key = one.questions[place], f"{one.id}{SEPARATOR}{one.questions[place].id}"
    lines = [
        t("questions.question.heading", number=place + 1, count=len(one.questions)),
        f"**{shown(question.label)}**",
        *((shown(question.description),) if question.description else ()),
        f"-# {_answer(question)}",
        *((f"-# {t(f'questions.answer.{question.role}')}",) if question.role else ()),
    ]
    words = Target("words", one.id, question.id)
    change = Button(t("questions.question.change.label"), encode("checkins", "set_form", words.key))
    drop = Button(t("questions.question.drop.label"), encode("checkins", "set_drop", key), discord.ButtonStyle.danger)
    row = buttons(change, *_moves(one, place, key), drop, back_button(one.id))
    return Panel((Text("\n".join(lines)), row))


def _moves(one: QuestionSet, place: int, key: str) -> tuple[Button | None, ...]:
    """A press names the place it leads to, so that pressed twice it leads there once."""
    up = encode("checkins", "set_move", f"{key}{SEPARATOR}{place - 1}")
    down = encode("checkins", "set_move", f"{key}{SEPARATOR}{place + 1}")
    return (
        Button(t("questions.question.up.label"), up) if place else None,
        Button(t("questions.question.down.label"), down) if place + 1 < len(one.questions) else None,
    )


def _answer(question: Question, *, brief: bool = False) -> str:
    if question.kind == "scale":
        words = [shown(word) for word in question.words]
        told = " · ".join(words)
        if brief or len(words) == 2:
            told = t("questions.answer.ends", first=words[0], last=words[-1])
        return t("questions.answer.scale", lowest=question.lowest, highest=question.highest, words=told)
    few = _FEW if brief else len(question.options)
    options = [shown(clip(one, _BRIEF) if brief else one) for one in question.options[:few]]
    if left := len(question.options) - len(options):
        options.append(t("questions.answer.more", count=left))
    return t(f"questions.answer.{question.kind}", options=" · ".join(options))


def adding_panel(one: QuestionSet) -> Panel:
    """Draw the choice of how another question is answered, with ours that the set doesn't have yet."""
    if len(one.questions) >= MOST_QUESTIONS:
        return say(t("questions.adding.full")).and_then(buttons(back_button(one.id)))
    kinds = tuple(
        Button(t(f"questions.kind.{kind}.label"), encode("checkins", "set_form", Target("ask", one.id, kind).key))
        for kind in QUESTION_KINDS
    )
    ours = tuple(
        Button(t(f"questions.adding.{role}.label"), encode("checkins", "set_ready", f"{one.id}{SEPARATOR}{role}"))
        for role in ROLE_SCALES
        if not one.asks_for(role)
    )
    ask = Text(t("questions.adding.ask", name=f"**{shown(one.name)}**"))
    return Panel((ask, buttons(*kinds), buttons(*ours, back_button(one.id))))


def dropping_panel(one: QuestionSet, question: Question) -> Panel:
    """Draw the question before one is taken out."""
    key = f"{one.id}{SEPARATOR}{question.id}"
    yes = Button(
        t("questions.question.drop_yes.label"), encode("checkins", "set_dropped", key), discord.ButtonStyle.danger
    )
    no = Button(t("questions.question.drop_no.label"), encode("checkins", "set_question", key))
    ask = t("questions.question.drop_ask", label=shown(question.label))
    return Panel((Text(ask), buttons(yes, no)), CAREFUL)


def removing_panel(one: QuestionSet) -> Panel:
    """Draw the question before a set is deleted."""
    yes = Button(t("questions.remove.yes.label"), encode("checkins", "set_removed", one.id), discord.ButtonStyle.danger)
    no = Button(t("questions.remove.no.label"), encode("checkins", "set_open", one.id))
    return Panel((Text(t("questions.remove.ask", name=shown(one.name))), buttons(yes, no)), CAREFUL)


def removed_panel(one: QuestionSet) -> Panel:
    """Draw that a set is gone."""
    return say(t("questions.remove.done", name=shown(one.name))).and_then(buttons(list_button()))


def shown(words: str) -> str:
    """A group's words as it wrote them, whatever signs they hold."""
    return escape_mentions(escape_markdown(words))


def clip(words: str, longest: int) -> str:
    """The beginning of something long."""
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(shown(name) for name in names)
