"""The rules of a whole snippet: each one reads it with its places in the file and yields faults.

`SAFETY_RULES` hold at every start of the bot; `CARE_RULES` (grade and dates) are for the content check, which is run by
whoever writes: a review date that passes must not stop a group's bot.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.content.model import NO_DATE, Fault
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
from bot.content.safety.language import LANGUAGE_RULES, MENTIONS, abuse
from bot.content.safety.medicine import CALENDAR, NO_DOSE_RULES
from bot.content.safety.passages import Finding, TextRule, folded
from bot.content.snippets import SnippetSheet

TEXT_RULES: tuple[TextRule, ...] = (*NO_DOSE_RULES, *LANGUAGE_RULES)
"""The rules for every text of ours, whichever file it stands in."""

SHORT_READING = 12
"""Texts of up to this many words have no grade: the formula says nothing about a label."""

_LABEL_SOURCE = re.compile(r"\b(?:label|boxed warning)\b", re.IGNORECASE)
_DIALLED = re.compile(r"(?<![\w.,-])(?!\d{4}-\d{2}-\d{2})\+?\d(?:[ ()-]?\d){2,}(?!\w|[.,]\d)")  # no dates


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may need to know besides the snippet: the numbers in `support_lines.toml`, digits only."""

    support_numbers: frozenset[str] = frozenset()


SnippetRule = Callable[[SnippetSheet, Setting], Iterator[Fault]]


def words_and_amounts(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """Every text rule on title, body, question and what the claims say."""
    starts, lines, text = _joined(read)
    rules: tuple[TextRule, ...] = (*TEXT_RULES, CALENDAR, MENTIONS)
    for rule in rules:
        for finding in rule(text):
            yield _fault(read, lines[bisect_right(starts, finding.start) - 1], finding)


def abuse_only_of_the_label(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """The word "abuse" only where the boxed warning is quoted or its label is the source."""
    for line, text in _shown(read):
        for finding in abuse(text):
            yield _fault(read, line, finding)
    for finding in abuse(read.snippet.body):
        yield _fault(read, read.body_line_at(finding.start), finding)
    for claim, line in zip(read.snippet.claims, read.claim_lines, strict=True):
        for finding in abuse(claim.says, of_label=bool(_LABEL_SOURCE.search(claim.source))):
            yield _fault(read, line, finding)


def closing_sentence(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """A reading that speaks of changing a medicine ends with the closing sentence."""
    snippet = read.snippet
    words = speaks_of_change(f"{snippet.title}\n{snippet.body}")
    if words and not ends_with_closing_sentence(snippet.body):
        last = read.body_line_at(len(snippet.body))
        yield Fault(
            read.path, last, f"closing sentence: it mentions '{words}', so the body ends with \"{CLOSING_SENTENCE}\""
        )


def emergency_number(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """A reading that mentions a danger sign says to call the emergency number."""
    snippet = read.snippet
    words = danger_sign(f"{snippet.title}\n{snippet.body}")
    if words and not names_emergency_number(snippet.body):
        yield Fault(
            read.path,
            read.body_line_at(max(0, folded(snippet.body).find(words))),
            f"emergency number: it mentions '{words}', so it says \"{EMERGENCY_SENTENCE}\"",
        )


def careful_tone(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """A reading that names suicide, self-harm or overdose is `careful`, so it is never posted automatically."""
    snippet = read.snippet
    found = SELF_HARM.search(folded(f"{snippet.title}\n{snippet.body}\n{snippet.question}"))
    if found and snippet.tone != "careful":
        yield Fault(read.path, read.lines["tone"], f"careful tone: it mentions '{found.group()}', so 'tone' is careful")


def no_unchecked_number(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """A reading whose facts still need a check holds no number that somebody's safety could hang on."""
    if read.snippet.status != "needs_check":
        return
    for line, text in _shown(read):
        if words := unchecked_number(text):
            yield Fault(read.path, line, f"unchecked number: '{words}' in a text with status needs_check")
    if words := unchecked_number(read.snippet.body):
        line = read.body_line_at(folded(read.snippet.body).find(words))
        yield Fault(read.path, line, f"unchecked number: '{words}' in a text with status needs_check")


def no_phone_number(read: SnippetSheet, setting: Setting) -> Iterator[Fault]:
    """Numbers to call stand in `support_lines.toml` only, where their date is watched."""
    texts = [
        *_shown(read),
        *((line, claim.says) for claim, line in zip(read.snippet.claims, read.claim_lines, strict=True)),
    ]
    for line, text in texts:
        for number, _ in phone_numbers(text, setting):
            yield Fault(read.path, line, f"phone number: '{number}' belongs in support_lines.toml")
    for number, start in phone_numbers(read.snippet.body, setting):
        yield Fault(read.path, read.body_line_at(start), f"phone number: '{number}' belongs in support_lines.toml")


def phone_numbers(text: str, setting: Setting) -> Iterator[tuple[str, int]]:
    """The numbers of a text that somebody could dial, with their offsets: long ones, and any of the support lines'."""
    for match in _DIALLED.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= 7 or digits in setting.support_numbers:
            yield match.group(), match.start()


SAFETY_RULES: tuple[SnippetRule, ...] = (
    words_and_amounts,
    abuse_only_of_the_label,
    closing_sentence,
    emergency_number,
    careful_tone,
    no_unchecked_number,
    no_phone_number,
)


def dates(read: SnippetSheet, today: date) -> Iterator[Fault]:
    """Reviewed not after today; the next look within twelve months of it and not passed; no source from the future."""
    snippet = read.snippet
    if snippet.reviewed > today:
        yield Fault(read.path, read.lines["reviewed"], f"review date: 'reviewed' {snippet.reviewed} is after today")
    if snippet.review_by > _a_year_after(snippet.reviewed):
        yield Fault(
            read.path, read.lines["review_by"], "review date: 'review_by' is more than twelve months after 'reviewed'"
        )
    if snippet.review_by <= snippet.reviewed:
        yield Fault(read.path, read.lines["review_by"], "review date: 'review_by' is not after 'reviewed'")
    if snippet.review_by < today:
        yield Fault(read.path, read.lines["review_by"], f"review date: the review of {snippet.review_by} is overdue")
    for claim, line in zip(snippet.claims, read.claim_lines, strict=True):
        if claim.year != NO_DATE and claim.year.isdecimal() and int(claim.year) > today.year:
            yield Fault(read.path, line, f"review date: the source is dated {claim.year}, after today")


def _a_year_after(day: date) -> date:
    if day.year == date.max.year:
        return date.max
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28) if leap_day else day.replace(year=day.year + 1)


def _shown(read: SnippetSheet) -> list[tuple[int, str]]:
    return [(read.lines["title"], read.snippet.title), (read.lines["question"], read.snippet.question)]


def _joined(read: SnippetSheet) -> tuple[list[int], list[int], str]:
    """Everything that people read of a snippet as one text, with the offsets where another line of the file begins."""
    body_lines = [
        (read.body_line + count, part)
        for count, part in enumerate(_split_at(read.snippet.body, (0, *read.body_breaks)))
    ]
    claims = zip(read.claim_lines, (claim.says for claim in read.snippet.claims), strict=True)
    parts = [*_shown(read), *claims]
    starts, lines, text = [], [], ""
    for line, part in parts:
        starts.append(len(text))
        lines.append(line)
        text += part + "\n"
    for line, part in body_lines:
        starts.append(len(text))
        lines.append(line)
        text += part
    return starts, lines, text


def _split_at(text: str, places: tuple[int, ...]) -> list[str]:
    return [text[start:end] for start, end in pairwise((*places, len(text)))]


def _fault(read: SnippetSheet, line: int, finding: Finding) -> Fault:
    return Fault(read.path, line, f"{finding.rule}: {finding.message}")
