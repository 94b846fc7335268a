"""Which numbers of a group's text are there to be called. "112 days" is a milestone, "call 112" is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.content.safety.readings import Setting, phone_numbers

# Addresses, stretches of years and dates hold digits in a row that nobody can call.
_NO_CALLS = re.compile(
    r"https?://\S+|\b(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d\b|\b\d{1,2}[- .]\d{1,2}[- .](?:19|20)\d\d\b"
)
_PARTED = re.compile(r"\b\d{2,}(?:\.\d{2,}){2,}\b|\b0\d{2,4}/\d{4,}\b")  # 01.23.45.67.89, 0171/123456
_SHORT, _LONGEST_COUNT, _NEAR = 4, 6, 40
_CALLING = re.compile(
    r"\b(?:call(?:s|ed|ing)?|ring(?:s|ing)?|dial\w*|phone[sd]?|text(?:s|ed|ing)?|reach|(?:hot|help|life|crisis)?-?lines?"
    r"|numbers?|emergenc(?:y|ies)|ambulance|police|crisis|danger|help)\b",
    re.IGNORECASE,
)
_UNITS = (
    r"(?:seconds?|minutes?|hours?|days?|nights?|mornings?|evenings?|weeks?|months?|years?|times?|miles?|kilomet\w+|km"
    r"|met(?:er|re)s?|yards?|feet|steps?|stairs|laps?|pages?|words?|lines|people|members?|friends?|families|of us"
    r"|meetings?|walks?|messages?|posts?|readings?|stories|euros?|dollars?|pounds?|kilos?|kg|beats|bpm|calories"
    r"|points?|degrees|per ?cent)"
)
_COUNTED = re.compile(
    rf" ?[%°€$£]|/\d\d\b|[ -](?:(?:more|other|whole|full|long|good|hard|happy|sober|quiet|calm) )?{_UNITS}\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:[#€$£] ?|\b(?:day|night|week|page|room|step|chapter|verse|psalm|hymn|song|walk|route|bus|tram|train|flat|floor"
    r"|house|locker|meeting|session|message|post|part|reading|story|tip|question|lesson|poem|prayer|card)s? "
    r"(?:no\.? ?|number )?)\Z",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:\A|\n)\d+[.)] ")
_TOLD_TO_CALL = re.compile(
    r"\b(?:call|ring|dial|phone)(?:\W+(?:the|them|us|me|at|on|up|number|emergency|police|ambulance)\b){0,3}"
    r"\W+(?!(?:19|20)\d\d\b)(\d{3,6})(?![\w-]|[ .]\d)",
    re.IGNORECASE,
)


def numbers_to_call(text: str, dialled: frozenset[str]) -> Iterator[str]:
    """The numbers of a text that are there to be called; `dialled` are those of the support lines, digits only.

    A short one only counts something where the text says what ("112 days", "room 988"), or where it stands in a
    sentence without any word for calling.
    """
    text = _NO_CALLS.sub(" ", text)
    text = _PARTED.sub(lambda found: re.sub(r"[./]", " ", found.group()), text)
    for number, start in phone_numbers(text, Setting(dialled)):
        if not _in_order(number) and _for_a_call(text, start, start + len(number)):
            yield number
    for found in _TOLD_TO_CALL.finditer(text):
        if not _counts(text, *found.span(1)):
            yield found.group(1)


def _for_a_call(text: str, start: int, end: int) -> bool:
    if end - start <= _LONGEST_COUNT and _counts(text, start, end):
        return False
    if end - start > _SHORT:
        return True
    alone = not text[end : end + 2].lstrip()[:1].isalpha() and not _ITEM.match(text, max(0, start - 1))
    return alone or _CALLING.search(text[max(0, start - _NEAR) : end + _NEAR]) is not None


def _counts(text: str, start: int, end: int) -> bool:
    """Whether the words beside a number say what it counts or names."""
    return bool(_COUNTED.match(text, end) or _NAMED.search(text[max(0, start - _NEAR) : start]))


def _in_order(number: str) -> bool:
    """Whether somebody counts up or down (5 4 3 2 1), or writes a large number in groups (1 000 000)."""
    parts = re.findall(r"\d+", number)
    steps = {int(after) - int(before) for before, after in pairwise(parts)}
    in_groups = len(parts) > 1 and len(parts[0]) <= 3 and set(parts[1:]) == {"000"} and parts[0][0] != "0"
    return in_groups or (len(parts) > 2 and steps in ({1}, {-1}))
