"""What the safety rules work with: sentences, findings, and the two kinds of rule that need only patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]*_]*\s+(?![a-z])|\n+")

NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|a (?:few|couple of)|several)"
)
"""A number in digits or plain words, as a fragment for patterns."""

GAP = r"[^\w.!?\n]+"
"""What stands between two words of the same sentence, as a fragment for patterns."""

MEDICINE = (
    r"(?:medicines?|medications?|meds|tablets?|pills?|capsules?|dos(?:e|es|age|ages|ing)|prescriptions?"
    r"|benzos?|benzodiazepines?|sedatives?|clonazepam|klonopin|rivotril|diazepam|valium|lorazepam|ativan"
    r"|alprazolam|xanax|temazepam|oxazepam|chlordiazepoxide|librium|nitrazepam|bromazepam|clobazam)"
)
"""A word for a medicine or an amount of it, as a fragment for patterns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule objects to: the rule's name, a sentence for the writer, the offset in the text, the words there."""

    rule: str
    message: str
    start: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or list item and its offset in the text."""

    text: str
    start: int


TextRule = Callable[[str], Iterator[Finding]]
"""A rule that reads one text by itself: a body, a title, a text of the catalogue, a group's prompt."""


def compiled(*alternatives: str) -> re.Pattern[str]:
    """One pattern of whole words, in lower case, that matches any of the alternatives in a `folded` text."""
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")(?!\w)")


def folded(text: str) -> str:
    """The text in lower case and with straight apostrophes, so that "Don’t" and "don't" are one word; offsets stay.

    (Folding once is twice as fast as patterns that ignore case. The few letters that grow in lower case are kept.)
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    return small.replace("’", "'")


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text; "2.5" and "3 a.m. is" don't end one, a line break does."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if text[start : end.end()].strip():
            yield Sentence(text[start : end.end()].rstrip(), start)
        start = end.end()
    if text[start:].strip():
        yield Sentence(text[start:].rstrip(), start)


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Objects to every match of `pattern` that `allowed` does not also cover at the same place.

    With `quotable`, a text may also name the words to advise against them: in quotation marks, in a sentence with
    "instead of", "rather than", "avoid", "not", "never" or "leave out".
    """

    name: str
    message: str
    pattern: re.Pattern[str]
    allowed: re.Pattern[str] | None = None
    quotable: bool = False

    def __call__(self, text: str) -> Iterator[Finding]:
        whole = folded(text)
        for match in self.pattern.finditer(whole):
            if self.allowed and _covered(match.span(), self.allowed, whole):
                continue
            if self.quotable and _is_advised_against(match.span(), text, whole):
                continue
            words = text[match.start() : match.end()].strip()
            yield Finding(self.name, f"{self.message} ('{match.group().strip()}')", match.start(), words)


_QUOTED = re.compile(r"[\"“][^\"”\n]*[\"”]")
_AGAINST = re.compile(r"(?<!\w)(?:instead of|rather than|avoids?|not|don't|never|leave out)(?!\w)")


def _covered(span: tuple[int, int], pattern: re.Pattern[str], text: str) -> bool:
    return any(found.start() <= span[0] and span[1] <= found.end() for found in pattern.finditer(text))


def _is_advised_against(span: tuple[int, int], text: str, whole: str) -> bool:
    if not _covered(span, _QUOTED, whole):
        return False
    quotes = [found.span() for found in _QUOTED.finditer(whole)]
    around = next(part for part in sentences(text) if span[0] < part.start + len(part.text))
    unquoted = "".join(
        sign
        for place, sign in enumerate(folded(around.text), start=around.start)
        if not any(start <= place < end for start, end in quotes)
    )
    return _AGAINST.search(unquoted) is not None


@dataclass(frozen=True, slots=True)
class SentenceRule:
    """Objects to a sentence in which every pattern of `needs` is found, unless `unless` is found in it too."""

    name: str
    message: str
    needs: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None = None

    def __call__(self, text: str) -> Iterator[Finding]:
        whole = folded(text)
        if not all(need.search(whole) for need in self.needs):
            return
        for sentence in sentences(text):  # of the text as written: a capital letter tells where one begins
            part = folded(sentence.text)
            found = [match for need in self.needs if (match := need.search(part))]
            if len(found) == len(self.needs) and not (self.unless and self.unless.search(part)):
                words = "' with '".join(match.group().strip() for match in found)
                own = " … ".join(sentence.text[match.start() : match.end()].strip() for match in found)
                yield Finding(self.name, f"{self.message} ('{words}')", sentence.start + found[0].start(), own)
