"""The quiz: a statement, how it is and why, and a kind end. No place in it shows a count of answers."""

import discord

from bot.content import Snippet, Topic
from bot.discordkit import (
    CALM,
    CAREFUL,
    Block,
    Button,
    Choose,
    Divider,
    Option,
    Panel,
    Text,
    buttons,
    encode,
)
from bot.text import t
from cogs.learn.service import Asked, Course, Ended, Told
from cogs.learn.ui.reading import SEPARATOR, urgent_line

# The value that stands for no topic in the list of topics; a topic's key has at least two letters.
MIX = "*"
_SENTENCES = 5  # kind sentences of each sort in the catalogue, taken in turn


def course_key(course: Course) -> str:
    """Return the course as it stands in a custom id."""
    return SEPARATOR.join((course.seed, str(course.place), course.topic))


def course_of(key: str) -> tuple[Course, list[str]]:
    """Return the course of a custom id's key, and what stands behind it."""
    parts = [*key.split(SEPARATOR), "", "", "", ""]
    seed, place, topic, *rest = parts
    return Course(seed[:12], topic).at(int(place) if place.isdecimal() and len(place) < 5 else 0), rest


def statement_panel(asked: Asked) -> Panel:
    """Draw a statement and the three things one can say to it."""
    blocks: list[Block] = [Text(t("learn.quiz.heading"))]
    if asked.instead:
        blocks.append(Text(t("learn.quiz.instead")))
    elif asked.course.place == 0:
        blocks.append(Text(t("learn.quiz.intro")))
    key = f"{course_key(asked.course)}{SEPARATOR}{asked.statement.id}{SEPARATOR}"
    answers = (
        Button(t("learn.quiz.true.label"), encode("learn", "say", f"{key}t"), discord.ButtonStyle.primary),
        Button(t("learn.quiz.false.label"), encode("learn", "say", f"{key}f"), discord.ButtonStyle.primary),
        Button(t("learn.quiz.unsure.label"), encode("learn", "say", f"{key}u")),
    )
    return Panel((*blocks, _statement(asked), buttons(*answers)), _colour(asked.reading))


def told_panel(told: Told) -> Panel:
    """Draw how it is, a kind word to what was said, and the why."""
    asked = told.asked
    verdict = t("learn.quiz.is_true" if asked.statement.answer else "learn.quiz.is_not")
    blocks: list[Block] = [
        _statement(asked),
        Divider(),
        Text(f"**{verdict}** {_kind_word(told)}"),
        Text(asked.statement.why),
    ]
    if told.urgent is not None:
        blocks.append(Text(urgent_line(told.urgent)))
    small = "learn.quiz.small_checking" if asked.reading.status == "needs_check" else "learn.quiz.small"
    blocks.append(Text(t(small, title=asked.reading.title)))
    last = asked.number == asked.total
    stop = encode("learn", "quiz_stop", course_key(asked.course))
    onward = encode("learn", "quiz_on", course_key(asked.course.onward()))
    first = Button(
        t("learn.quiz.done.label" if last else "learn.quiz.next.label"),
        stop if last else onward,
        discord.ButtonStyle.primary,
    )
    more = Button(t("learn.quiz.read.label"), encode("learn", "open", asked.reading.id))
    blocks.append(buttons(first, more, None if last else Button(t("learn.quiz.stop.label"), stop)))
    return Panel(tuple(blocks), _colour(asked.reading))


def _kind_word(told: Told) -> str:
    number = told.asked.course.place % _SENTENCES
    if told.said == "unsure":
        return t(f"learn.quiz.unsure_word.{number}")
    if (told.said == "true") == told.asked.statement.answer:
        return t(f"learn.quiz.same_word.{number}")
    return t(f"learn.quiz.otherwise_word.{number}")


def _statement(asked: Asked) -> Text:
    small = [t("learn.quiz.place", number=asked.number, total=asked.total), asked.topic.name]
    if asked.reading.tone == "careful":
        small.append(t("learn.mark.careful"))
    return Text(t("learn.quiz.statement", small=" · ".join(small), says=asked.statement.says))


def _colour(reading: Snippet) -> discord.Colour:
    return CAREFUL if reading.tone == "careful" else CALM


def end_panel(ended: Ended) -> Panel:
    """Draw the end: thanks, what to read, and how to go on."""
    options = tuple(Option(one.title, one.id) for one in ended.readings)
    again = encode("learn", "quiz_on", course_key(ended.course.anew()))
    return Panel(
        (
            Text(t("learn.quiz.whole" if ended.whole else "learn.quiz.left")),
            Choose(encode("learn", "open"), t("learn.quiz.readings.placeholder"), options),
            buttons(
                Button(t("learn.quiz.again.label"), again, discord.ButtonStyle.primary),
                Button(t("learn.quiz.other.label"), encode("learn", "quiz_topics")),
            ),
        )
    )


def quiz_topics_panel(topics: tuple[Topic, ...], *, unknown: bool = False) -> Panel:
    """Draw the topics that have statements, and the mix; `unknown` after a topic that is none of them."""
    mix = Option(t("learn.quiz.mix.label"), MIX, t("learn.quiz.mix.description"))
    options = (mix, *(Option(one.name, one.key, one.description) for one in topics[:24]))
    heading = t("learn.quiz.unknown" if unknown else "learn.quiz.pick")
    return Panel((Text(heading), Choose(encode("learn", "quiz_pick"), t("learn.topics.placeholder"), options)))


def quiz_button(topic: str = "") -> Button:
    """Return the button that begins a quiz below what it stands on, on a topic or on a mix."""
    return Button(t("learn.quiz.open.label"), encode("learn", "quiz", topic))
