"""Whether a text shows that its writer may be in danger now: the first, small screen. Pure; it keeps nothing.

It knows a handful of plain phrases and what calms them (`data/screening/`), and holds back rather too much: its writer
always has the last word. It doesn't claim to detect danger; what isn't said plainly goes past it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.content import DangerCategory, DangerFamily, DangerGuard, Phrase, ScreeningRules

# Longer than anything that a form of ours takes. The rest of a longer text isn't looked at.
MOST_CHARACTERS = 4000
# Words in front of a phrase in which "not" still speaks of it.
_NEAR = 6
# Characters in front of a quotation that tell whose words it is.
_INTRODUCTION = 40

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_DRESS = re.compile(r"[*_~|`]+")
_QUOTED = re.compile(r'"([^"\n]*)"')
_LEET = re.compile(r"(?<=[a-z])[013457@$!](?=[a-z])|(?<=[a-z])[013457@$!](?=[013457@$!]?[a-z])")
_LETTERS = str.maketrans("013457@$!", "oieastasi")
_SPACED = re.compile(r"(?<![\w'])[a-z](?:[ .-][a-z]){2,}(?![\w'])")
_LONG = re.compile(r"([a-z])\1{2,}")
_SHORT_FORMS = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bshan't\b"), "shall not"),
    (re.compile(r"\bain't\b"), "is not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"\b(he|she|it|that|there|what|who|where|how)'s\b"), r"\1 is"),
    (re.compile(r"'s\b|'"), ""),
)
_TOKEN = re.compile(r"[a-z0-9]+|[.!?\n]+|[,;:()\[\]{}\u2013\u2014-]+")
_ELLIPSIS = re.compile(r"\.{2,}|\u2026")
_TURN = re.compile(r" (?=(?:but|because|although|though|however|yet|or else) |(?:and|so|then) i )")


@dataclass(frozen=True, slots=True)
class Danger:
    """What was found, for tests and whoever tends the phrases; it is never stored, logged or shown."""

    category: DangerCategory
    family: str


class _Phrases:
    """Phrases to look for. Each is compiled when a text first has one of its words: a start stays quick."""

    def __init__(self, phrases: Iterable[Phrase], end: str = "") -> None:
        self._phrases = tuple(phrases)
        self._end = end
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        often = Counter(word for phrase in self._phrases for words in phrase.needs for word in words)
        for place, phrase in enumerate(self._phrases):
            # The words that the fewest phrases share let the fewest texts through.
            for word in min(phrase.needs, key=lambda words: (max(often[word] for word in words), len(words))):
                index, key = (self._by_beginning, word[:-1]) if word.endswith("*") else (self._by_word, word)
                index.setdefault(key, []).append(place)

    def patterns(self, plain: str) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Yield the place and the pattern of every phrase that this text may hold."""
        words = set(plain.split())
        found = {place for word in words & self._by_word.keys() for place in self._by_word[word]}
        for beginning, places in self._by_beginning.items():
            if any(word.startswith(beginning) for word in words):
                found.update(places)
        for place in sorted(found):
            if place not in self._compiled:
                self._compiled[place] = re.compile(rf"(?<= )(?:{self._phrases[place].pattern}){self._end}")
            yield place, self._compiled[place]

    def stand_in(self, plain: str) -> bool:
        """Whether any of the phrases is in the text."""
        return any(pattern.search(plain) for _, pattern in self.patterns(plain))

    def taken_out(self, plain: str) -> str:
        """Return the text with a blank in the place of each of the phrases."""
        for _, pattern in self.patterns(plain):
            plain = pattern.sub("_ ", plain)
        return plain


class DangerScreen:
    """Looks through texts. Takes milliseconds for all that a form can hold."""

    def __init__(self, rules: ScreeningRules) -> None:
        self._spellings = rules.spellings
        self._family_of = [family for family in rules.families for _ in family.phrases]
        self._dangers = _Phrases(phrase for family in rules.families for phrase in family.phrases)
        self._guards = [_Guard(guard) for guard in rules.guards]
        self._harmless = _Phrases(rules.harmless)
        self._own_voice = _Phrases(rules.own_voice, end=r"\Z")

    def look(self, texts: Sequence[str]) -> Danger | None:
        """Return the first sign of danger in any of the texts, or None."""
        return next((found for text in texts if (found := self._look(text[:MOST_CHARACTERS])) is not None), None)

    def _look(self, text: str) -> Danger | None:
        plain = self._harmless.taken_out(self.normalised(text))
        for place, pattern in self._dangers.patterns(plain):
            family = self._family_of[place]
            if any(not self._calmed(family, plain, found) for found in pattern.finditer(plain)):
                return Danger(family.category, family.name)
        return None

    def _calmed(self, family: DangerFamily, plain: str, found: re.Match[str]) -> bool:
        places = _places(plain, found)
        return any(guard.calms(family, places) for guard in self._guards)

    def normalised(self, text: str) -> str:
        """Return the text as phrases are compared with it: lower case, single spaces, "," and "." alone, a "." around.

        What stands in somebody else's quotation marks is left out.
        """
        return self._plain(self._without_quotations(_folded(text)))

    def _without_quotations(self, folded: str) -> str:
        def kept(match: re.Match[str]) -> str:
            before = folded[max(0, match.start() - _INTRODUCTION) : match.start()]
            alone = len(match[0]) >= len(folded.strip(" .,!?\n"))
            own = alone or self._own_voice.stand_in(self._plain(before)[:-2])
            return f" {match[1]} " if own else " _ "

        return _QUOTED.sub(kept, folded)

    def _plain(self, folded: str) -> str:
        for pattern, written in _SHORT_FORMS:
            folded = pattern.sub(written, folded)
        words = (self._spellings.get(token, token) for token in _TOKEN.findall(folded))
        marked = (
            "." if word[0] in ".!?\n" else "," if not word[0].isalnum() and word != "_" else word for word in words
        )
        return f". {_TURN.sub(' , ', ' '.join(marked))} . "


class _Guard:
    def __init__(self, rule: DangerGuard) -> None:
        self._rule = rule
        self._phrases, self._unless = _Phrases(rule.phrases), _Phrases(rule.unless)

    def calms(self, family: DangerFamily, places: dict[str, str]) -> bool:
        rule = self._rule
        concerned = family.category in (rule.categories or (family.category,))
        if not concerned or family.tense not in (rule.tenses or (family.tense,)):
            return False
        part = places[rule.place]
        return self._phrases.stand_in(part) and not self._unless.stand_in(part)


def _places(plain: str, found: re.Match[str]) -> dict[str, str]:
    """Return what stands around a found phrase, each with a "." at both ends."""
    first, last = plain.rfind(". ", 0, found.start()) + 2, plain.find(". ", found.end() - 1)
    pause = max(first, plain.rfind(", ", first, found.start()) + 2)
    stop = plain.find(", ", found.end() - 1)
    end = last if stop < 0 else min(stop, last)
    near = plain[pause : found.start()].split()[-_NEAR:]
    return {
        "before": f". {' '.join(near)} . ",
        "clause": f". {plain[pause:end]}. ",
        "sentence": f". {plain[first:last]}. ",
    }


def _folded(text: str) -> str:
    """Return the text in lower case, without quoted lines, dress, unseen signs and accents; leetspeak as letters."""
    text = unicodedata.normalize("NFKD", _UNSEEN.sub("", text)).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = _DRESS.sub("", _QUOTED_LINE.sub(" ", text))
    for signs, plain in (("\u2018\u2019\u201b\u2032\u00b4", "'"), ("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')):
        text = re.sub(f"[{signs}]", plain, text)
    text = _ELLIPSIS.sub(" ", text)
    text = _LEET.sub(lambda match: match[0].translate(_LETTERS), text)
    text = _SPACED.sub(lambda match: re.sub(r"[ .-]", "", match[0]), text)
    return _LONG.sub(r"\1", text)
