"""The rules of a quiz statement: it obeys what a reading obeys, `says` and `why` taken together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.content.model import Fault, Statement
from bot.content.quiz import StatementSheet
from bot.content.safety.danger import (
    CLOSING_SENTENCE,
    EMERGENCY_SENTENCE,
    SELF_HARM,
    danger_sign,
    ends_with_closing_sentence,
    names_emergency_number,
    speaks_of_change,
    unchecked_number,
)
from bot.content.safety.language import MENTIONS, abuse
from bot.content.safety.medicine import CALENDAR
from bot.content.safety.passages import TextRule, folded
from bot.content.safety.readings import TEXT_RULES, Setting, phone_numbers

CAREFUL_TOPICS = frozenset({"safety", "understanding"})
"""Topics whose statements may rest on a reading that is read with care."""

_RULES: tuple[TextRule, ...] = (*TEXT_RULES, CALENDAR, MENTIONS, abuse)

StatementRule = Callable[[StatementSheet, Setting], Iterator[Fault]]


def told(statement: Statement) -> str:
    """What somebody reads of a statement, in two lines."""
    return f"{statement.says}\n{statement.why}"


def words_and_amounts(read: StatementSheet, setting: Setting) -> Iterator[Fault]:
    """Every text rule on both sentences together, and no number to call."""
    text = told(read.statement)
    for rule in _RULES:
        for finding in rule(text):
            yield _fault(read, finding.start, f"{finding.rule}: {finding.message}")
    for number, start in phone_numbers(text, setting):
        yield _fault(read, start, f"phone number: '{number}' belongs in support_lines.toml")


def closing_sentence(read: StatementSheet, setting: Setting) -> Iterator[Fault]:
    """A statement that speaks of changing a medicine ends with the closing sentence."""
    words = speaks_of_change(told(read.statement))
    if words and not ends_with_closing_sentence(read.statement.why):
        message = f"closing sentence: it mentions '{words}', so 'why' ends with \"{CLOSING_SENTENCE}\""
        yield Fault(read.path, read.lines["why"], message)


def emergency_number(read: StatementSheet, setting: Setting) -> Iterator[Fault]:
    """A statement that mentions a danger sign says to call the emergency number."""
    words = danger_sign(told(read.statement))
    if words and not names_emergency_number(read.statement.why):
        message = f"emergency number: it mentions '{words}', so 'why' says \"{EMERGENCY_SENTENCE}\""
        yield Fault(read.path, read.lines["why"], message)


def no_unchecked_number(read: StatementSheet, setting: Setting) -> Iterator[Fault]:
    """A statement on a reading that still needs a check holds no number that somebody's safety could hang on."""
    if read.rests_on is None or read.rests_on.status != "needs_check":
        return
    text = told(read.statement)
    if words := unchecked_number(text):
        message = f"unchecked number: '{words}' while its reading has status needs_check"
        yield _fault(read, folded(text).find(words), message)


def careful_reading(read: StatementSheet, setting: Setting) -> Iterator[Fault]:
    """Heavy readings stay out of the quiz, but for two topics; heavy words stand only where the reading says so."""
    careful = read.rests_on is not None and read.rests_on.tone == "careful"
    if careful and read.statement.topic not in CAREFUL_TOPICS:
        yield Fault(read.path, read.lines["snippet"], "careful tone: the reading is a careful one; take a calm one")
    heavy = SELF_HARM.search(folded(told(read.statement)))
    if heavy and not careful:
        yield _fault(read, heavy.start(), f"careful tone: it mentions '{heavy.group()}'; its reading is not careful")


STATEMENT_RULES: tuple[StatementRule, ...] = (
    words_and_amounts,
    closing_sentence,
    emergency_number,
    no_unchecked_number,
    careful_reading,
)


def _fault(read: StatementSheet, start: int, message: str) -> Fault:
    return Fault(read.path, read.lines["says" if start <= len(read.statement.says) else "why"], message)
