"""What a group may write for itself, and the rules it obeys: no medicine arithmetic, and words that keep people safe.

The style of the house (person-first words, reading grade) is not asked of a group: it speaks in its own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.content.entry import sane_address
from bot.content.model import NO_DATE, Audience, Claim, Snippet, Tone
from bot.content.safety.danger import (
    SELF_HARM,
    danger_sign,
    ends_with_closing_sentence,
    names_emergency_number,
    speaks_of_change,
)
from bot.content.safety.language import MENTIONS
from bot.content.safety.medicine import NO_DOSE_RULES
from bot.content.safety.numbers import numbers_to_call
from bot.content.safety.passages import TextRule, folded
from bot.content.snippets import BODY_LIMIT, QUESTION_LIMIT, SOFT_BREAK, TITLE_LIMIT, YEAR
from bot.content.source import UNSEEN

Part = Literal["title", "topic", "body", "question", "tags", "claims"]

OWN = "own-"
"""How the id of a group's own reading begins; twelve lower-case signs follow."""

MOST_OWN = 200
"""Readings that a group can have of its own, retired ones too."""

MOST_TAGS, TAG_LIMIT = 12, 30
MOST_CLAIMS, SAYS_LIMIT, SOURCE_LIMIT, ADDRESS_LIMIT = 8, 300, 200, 400

_TEXT_RULES: tuple[TextRule, ...] = (*NO_DOSE_RULES, MENTIONS)
_TITLE_MARKUP = (re.compile(r"[*`\\|]"), re.compile(r"(?<=~)~+|(?<=_)_+"), re.compile(r"^\s*(?:[#>-]+\s+)+"))
_MARKUP = re.compile(r"[*_~`|\\]")
# A zero-width joiner between two pictures makes one of them, such as a family; between letters of Persian, Hindi and
# their neighbours it is how words are spelt.
_PICTURE, _LETTER = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff", "\u0600-\u06ff\u0900-\u0dff"
_JOINERS = re.compile(f"(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])|(?<=[{_LETTER}])[\u200c\u200d](?=[{_LETTER}])")
# What changes the look of the sign before it, or fills a place with nothing.
_UNREAD = re.compile("[\u034f\u20e3\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class GroupFault:
    """What stands in the way of a group's reading.

    `rule` is a name in small letters and underscores, `part` says where, and `words` are the writer's own as they were
    found (or how many there are too many of): for the writer's eyes only, never for a log.
    """

    rule: str
    part: Part
    words: str


def group_snippet(
    snippet_id: str,
    *,
    title: str,
    topic: str,
    body: str,
    day: date,
    audience: Audience = "everyone",
    tone: Tone = "calm",
    tags: Iterable[str] = (),
    question: str = "",
    claims: Iterable[Claim] = (),
) -> Snippet:
    """A reading that a group wrote on `day`, tidied; whether it obeys the rules is asked of `group_faults`."""
    return tidied(
        Snippet(
            id=snippet_id,
            code="",
            title=title,
            topic=topic,
            audience=audience,
            tone=tone,
            tags=tuple(tags),
            status="needs_check",
            claims=tuple(claims),
            reviewed=day,
            reviewed_by="",
            review_by=day,
            question=question,
            see_also=(),
            body=body,
            own=True,
        )
    )


def tidied(snippet: Snippet) -> Snippet:
    """A group's reading without what nobody means: unseen characters, spaces at the edges, markup in the title.

    A text that names suicide, self-harm or overdose becomes one to read with care. Tidying twice changes nothing.
    """
    title = " ".join(seen(snippet.title).split())
    for markup in _TITLE_MARKUP:
        title = " ".join(seen(markup.sub("", title)).split())
    body, question = _paragraphs(snippet.body), " ".join(seen(snippet.question).split())
    claims = tuple(_tidied_claim(claim) for claim in snippet.claims)
    grave = SELF_HARM.search(folded(plain(f"{title}\n{body}\n{question}")))
    return replace(
        snippet,
        title=title,
        body=body,
        question=question,
        tags=tags_of(*snippet.tags),
        claims=claims,
        status="sourced" if claims else "needs_check",
        tone="careful" if grave else snippet.tone,
    )


def tags_of(*written: str) -> tuple[str, ...]:
    """The words to find a reading by, from texts that hold them between commas, semicolons or line ends."""
    parts = (part for text in written for part in re.split(r"[,;\n]", seen(text)))
    words = (" ".join(part.replace("#", " ").split()).lower() for part in parts)
    return tuple(dict.fromkeys(word for word in words if word))


def title_key(title: str) -> str:
    """What two titles share that a person could not tell apart."""
    shown = _UNREAD.sub("", _JOINERS.sub("", unicodedata.normalize("NFKC", title)))
    return " ".join(shown.casefold().split())


def group_faults(snippet: Snippet, dialled: frozenset[str]) -> tuple[GroupFault, ...]:
    """Everything that keeps a group's reading off its shelves, each once; empty for one that is fine.

    `dialled` are the numbers of the support lines (`dialled_numbers`). Give it a tidied reading; the topic and equal
    titles are for whoever knows the library.
    """
    found = [*_limits(snippet)]
    snippet = _within_reach(snippet)
    found += _source_faults(snippet.claims)
    for part, text in _texts(snippet):
        found += (GroupFault(rule, part, words) for rule, words in text_faults(text, dialled))
    body = plain(snippet.body)
    whole = f"{plain(snippet.title)}\n{body}"
    if (words := speaks_of_change(whole)) and not _ends_well(snippet.body):
        found.append(GroupFault("closing_sentence", "body", words))
    if (words := danger_sign(whole)) and not names_emergency_number(body):
        found.append(GroupFault("emergency_number", "body", words))
    return tuple(dict.fromkeys(found))


def _within_reach(snippet: Snippet) -> Snippet:
    """Beginning and end of whatever is far too long: a file could hold a text that keeps the rules busy for an hour."""
    start, end = snippet.body[:BODY_LIMIT], snippet.body[BODY_LIMIT:]
    return replace(
        snippet,
        title=snippet.title[:BODY_LIMIT],
        body=start + end[-BODY_LIMIT:],
        question=snippet.question[:BODY_LIMIT],
        tags=tuple(tag[:BODY_LIMIT] for tag in snippet.tags[:MOST_TAGS]),
        claims=tuple(
            Claim(one.says[:BODY_LIMIT], one.source[:BODY_LIMIT], one.year[:BODY_LIMIT], one.address[:BODY_LIMIT])
            for one in snippet.claims[:MOST_CLAIMS]
        ),
    )


def _ends_well(body: str) -> bool:
    """Whether the closing sentence stands at the end, also on a line of its own after words without a full stop."""
    last = body.rstrip().rsplit("\n", 1)[-1]
    return ends_with_closing_sentence(plain(last)) or ends_with_closing_sentence(plain(body))


def _limits(snippet: Snippet) -> Iterator[GroupFault]:
    sizes: tuple[tuple[str, Part, int, int], ...] = (
        ("title_long", "title", len(snippet.title), TITLE_LIMIT),
        ("body_long", "body", len(snippet.body), BODY_LIMIT),
        ("question_long", "question", len(snippet.question), QUESTION_LIMIT),
        ("tags_many", "tags", len(snippet.tags), MOST_TAGS),
        ("claims_many", "claims", len(snippet.claims), MOST_CLAIMS),
    )
    yield from (GroupFault(rule, part, str(size)) for rule, part, size, most in sizes if size > most)
    if not any(map(str.isalnum, snippet.title)):
        yield GroupFault("title_empty", "title", "")
    if not any(map(str.isalnum, snippet.body)):
        yield GroupFault("body_empty", "body", "")
    yield from (GroupFault("tag_long", "tags", tag) for tag in snippet.tags[:MOST_TAGS] if len(tag) > TAG_LIMIT)


def _source_faults(claims: tuple[Claim, ...]) -> Iterator[GroupFault]:
    checks: tuple[tuple[str, Callable[[Claim], str], Callable[[str], bool]], ...] = (
        ("claim_says", lambda claim: claim.says, lambda text: len(text) <= SAYS_LIMIT),
        ("claim_unnamed", lambda claim: claim.source, bool),
        ("claim_source", lambda claim: claim.source, lambda text: len(text) <= SOURCE_LIMIT),
        ("claim_year", lambda claim: claim.year, lambda text: YEAR.fullmatch(text) is not None),
        ("claim_address", lambda claim: claim.address, _is_address),
    )
    for claim in claims:
        for rule, part, fits in checks:
            if not fits(part(claim)):
                yield GroupFault(rule, "claims", part(claim) or claim.address or claim.source)


def _is_address(text: str) -> bool:
    # A closing bracket would end the link that the address stands in.
    return len(text) <= ADDRESS_LIMIT and sane_address(text, secure=True)


def _texts(snippet: Snippet) -> Iterator[tuple[Part, str]]:
    yield "title", snippet.title
    yield "body", snippet.body
    yield "question", snippet.question
    yield from (("tags", tag) for tag in snippet.tags)
    for claim in snippet.claims:
        yield "claims", claim.says
        yield "claims", claim.source


def text_faults(text: str, dialled: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one text of a group's: the rule and the words it found."""
    if UNSEEN.search(_JOINERS.sub("", text)):
        yield "unseen", ""
    words = plain(text)
    for rule in _TEXT_RULES:
        for finding in rule(words):
            yield finding.rule.replace(" ", "_"), finding.words
    for number in numbers_to_call(words, dialled):
        yield "phone_number", number


def plain(text: str) -> str:
    """The text as a reader takes it in: bold words are words, a line that wraps is one sentence, "㎎" is "mg"."""
    text = unicodedata.normalize("NFKC", _UNREAD.sub("", _MARKUP.sub("", text)))
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub(r"[^\S\n]+", " ", SOFT_BREAK.sub(" ", text)).strip()


def seen(text: str) -> str:
    """The text in its usual form with what can be seen of it."""
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text).replace("\t", " ")
    joiners = {match.start() for match in _JOINERS.finditer(text)}
    kept = (sign for place, sign in enumerate(text) if place in joiners or not UNSEEN.match(sign))
    return unicodedata.normalize("NFC", "".join(kept))


def _paragraphs(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in seen(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _tidied_claim(claim: Claim) -> Claim:
    says, source = (" ".join(seen(text).split()) for text in (claim.says, claim.source))
    return Claim(says, source, seen(claim.year).strip() or NO_DATE, seen(claim.address).strip())
