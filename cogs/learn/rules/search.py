"""Search over the library: an index built once, ranked by title, then tags, then body, patient with typing at night.

A word with up to two typos (one in a word of fewer than seven letters) still finds what it meant; a typo is one letter
too much, too few, wrong, or two swapped. Measured on 2,000 snippets: about 1 ms a search (`tests/unit/learn`).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Literal, Protocol

from rapidfuzz.distance import OSA, DamerauLevenshtein, JaroWinkler
from rapidfuzz.process import extract

from bot.content import Audience
from cogs.learn.rules.words import LONGEST_QUERY, MOST_WORDS, STOP_WORDS, Wordbook, find_phrases, stem

Reader = Literal["peers", "family"]

TITLE_WEIGHT, TAG_WEIGHT, BODY_WEIGHT = 9.0, 5.0, 1.0
"""How much a word counts by where it stands: any word of a title outweighs the same word in tags and body together."""

LONG_WORD = 7
"""Letters from which a word may hold two typos."""

_MOST_ENDINGS = 40  # words that the beginning of one is read as
_TITLE_START = 30.0
# A search leaves out what answers it less than a tenth as well as the best does: in the shipped library that takes away
# two results of six, and none that somebody meant (`tests/unit/learn/test_night_queries.py`).
_FLOOR = 0.1
_KIN = "family"  # what the word for a husband, a mother, a friend is read as
_BEGINNING, _ONE_TYPO, _TWO_TYPOS = 0.6, 0.5, 0.35


class Readable(Protocol):
    """What the search needs of a snippet, the library's or a group's own."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def body(self) -> str: ...
    @property
    def audience(self) -> Audience: ...


_Near = list[tuple[str, float]]
"""Known words that an unknown one may have meant, with their quality, the likeliest first."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A stem of the index that a typed word may have meant, and how surely (0 to 1)."""

    stem: str
    quality: float


class SearchIndex:
    """An immutable index; build a new one when the library changes."""

    def __init__(self, readings: Iterable[Readable], book: Wordbook) -> None:
        self._book = book
        self._readings = tuple(readings)
        self._titles = tuple(" ".join(book.words(reading.title)) for reading in self._readings)
        self._postings: dict[str, dict[int, float]] = {}
        self._stems: dict[str, str] = {}
        title_words: set[str] = set()
        for place, reading in enumerate(self._readings):
            title_words.update(self._add(place, reading))
        self._rarity = {
            word: math.log(1 + len(self._readings) / len(places)) for word, places in self._postings.items()
        }
        phrase_words = {word for phrase in book.phrases for word in phrase}
        self._all_words = sorted(self._stems)
        self._title_words = sorted(title_words)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._stems.keys() | phrase_words):
            self._by_length.setdefault(len(word), []).append(word)
        self._known = frozenset(self._stems.keys() | phrase_words.union(map(stem, phrase_words)))

    def _add(self, place: int, reading: Readable) -> tuple[str, ...]:
        title = self._book.words(reading.title)
        tags = [word for tag in reading.tags for word in self._book.words(tag)]
        body = self._book.words(reading.body)
        for words, weight in ((title, TITLE_WEIGHT), (tags, TAG_WEIGHT), (body, BODY_WEIGHT)):
            for word in set(words):
                root = self._stems.setdefault(word, stem(word))
                places = self._postings.setdefault(root, {})
                places[place] = places.get(place, 0.0) + weight
        return title

    def search(self, query: str, *, reader: Reader | None = None, limit: int = 10) -> tuple[str, ...]:
        """Ids of the readings that match, best first; `reader` lifts what was written for them."""
        return self._ranked(query, reader, limit, typing=False)

    def complete(self, typed: str, *, reader: Reader | None = None, limit: int = 25) -> tuple[str, ...]:
        """Ids for an autocomplete while somebody types: the last word may be a beginning; nothing typed lists all."""
        if not self._book.words(typed[:LONGEST_QUERY]):
            ordered = sorted(range(len(self._readings)), key=lambda place: (self._distance(place, reader), place))
            return tuple(self._readings[place].id for place in ordered[:limit])
        return self._ranked(typed, reader, limit, typing=not typed.endswith(" "))

    def _ranked(self, query: str, reader: Reader | None, limit: int, *, typing: bool) -> tuple[str, ...]:
        words = self._book.words(query[:LONGEST_QUERY])
        totals: dict[int, float] = {}
        matched: dict[int, int] = {}
        groups = self._groups(words, typing=typing)
        for size, scores in groups:
            for place, score in scores.items():
                totals[place] = totals.get(place, 0.0) + score
                matched[place] = matched.get(place, 0) + size
        beginning = " ".join(words)
        whole = sum(size for size, _ in groups)
        leaning = {audience: _leaning(audience, reader) for audience in ("peers", "family", "everyone")}
        kin = self._kin(words) if reader == "family" else frozenset()
        for place, count in matched.items():
            share = 1.0 if place in kin else count / whole
            totals[place] *= share * share * leaning[self._readings[place].audience]
        least = 0.0 if typing else max(totals.values(), default=0.0) * _FLOOR
        for place in matched:
            if self._titles[place].startswith(beginning):
                totals[place] += _TITLE_START
        best = nsmallest(limit, totals, key=lambda place: (-totals[place], place))
        return tuple(self._readings[place].id for place in best if totals[place] >= least)

    def _kin(self, words: Sequence[str]) -> frozenset[int]:
        """What was written for families, where the query names one of them: then it is about that person first."""
        if not any(_KIN in targets for _, targets in find_phrases(words, self._book)):
            return frozenset()
        return frozenset(place for place, reading in enumerate(self._readings) if reading.audience == "family")

    def _groups(self, words: Sequence[str], *, typing: bool) -> list[tuple[int, Mapping[int, float]]]:
        """For each word or known phrase of the query, its length in words and how well each reading answers it."""
        unfinished = words[-1] if typing and words else None
        unknown = [word for word in dict.fromkeys(words) if not self._is_known(word)]
        near = {word: self._near(word) for word in unknown[:MOST_WORDS]}
        # A phrase is recognised by what was meant; its words are then matched as they were typed.
        meant = [near[word][0][0] if near.get(word) and word != unfinished else word for word in words]
        typed = iter(words)
        groups = [(list(islice(typed, len(phrase))), targets) for phrase, targets in find_phrases(meant, self._book)]
        telling = [(own, targets) for own, targets in groups if targets or own[0] not in STOP_WORDS]
        scores: list[tuple[int, Mapping[int, float]]] = []
        for own, targets in (telling or groups)[:MOST_WORDS]:
            best = self._together([self._matches(word, near, unfinished=word == unfinished) for word in own])
            for place, score in self._together([[_Match(stem(word), 1.0)] for word in targets]).items():
                best[place] = max(best.get(place, 0.0), score)
            scores.append((len(own), best))
        return scores

    def _together(self, words: Sequence[Sequence[_Match]]) -> dict[int, float]:
        """The mean over the words of a phrase of the best that each reading has for it."""
        if len(words) == 1 and len(words[0]) == 1:  # most words, and the common ones stand in most readings
            match = words[0][0]
            rarity = self._rarity.get(match.stem, 0.0) * match.quality
            return {place: weight * rarity for place, weight in self._postings.get(match.stem, {}).items()}
        totals: dict[int, float] = {}
        for matches in words:
            best: dict[int, float] = {}
            for match in matches:
                rarity = self._rarity.get(match.stem, 0.0) * match.quality / len(words)
                for place, weight in self._postings.get(match.stem, {}).items():
                    best[place] = max(best.get(place, 0.0), weight * rarity)
            for place, score in best.items():
                totals[place] = totals.get(place, 0.0) + score
        return totals

    def _is_known(self, word: str) -> bool:
        return word in self._known or stem(word) in self._known or stem(word) in self._postings

    def _matches(self, word: str, near: Mapping[str, _Near], *, unfinished: bool) -> list[_Match]:
        exact = stem(word) in self._postings
        found = {stem(word): 1.0} if exact else {}
        pool = self._all_words if len(word) > 2 else self._title_words
        if unfinished or len(word) > 3:
            for longer in self._beginnings(word, pool):
                found.setdefault(self._stems[longer], _BEGINNING)
        for other, quality in near.get(word, ()):
            if other in self._stems:
                found.setdefault(self._stems[other], quality)
        return [_Match(root, quality) for root, quality in found.items()]

    def _beginnings(self, word: str, pool: Sequence[str]) -> list[str]:
        start = bisect_left(pool, word)
        found: list[str] = []
        for longer in pool[start : start + _MOST_ENDINGS]:
            if not longer.startswith(word):
                break
            found.append(longer)
        return found

    def _near(self, word: str) -> _Near:
        """Known words within the allowed number of typos with their quality, the likeliest first.

        Among words equally many typos away the one that begins alike is likelier: "slep" is "sleep" before "step".
        """
        if len(word) < 2:
            return []
        # OSA is five times faster than Damerau-Levenshtein, but takes a swap around a new letter for three typos.
        found = self._within(word, slack=0) or self._within(word, slack=1)
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _within(self, word: str, *, slack: int) -> _Near:
        found: _Near = []
        for candidates, typos in self._candidates(len(word)):
            if slack and typos < 2:
                continue
            for near, _, _ in extract(word, candidates, scorer=OSA.distance, score_cutoff=typos + slack, limit=10):
                distance = DamerauLevenshtein.distance(word, near)
                if distance <= typos:
                    likeness = JaroWinkler.similarity(word, near)
                    found.append((near, (_ONE_TYPO if distance == 1 else _TWO_TYPOS) * likeness**4))
        return found

    def _candidates(self, length: int) -> Iterator[tuple[list[str], int]]:
        for other in range(max(3, length - 2), length + 3):
            allowed = 2 if max(length, other) >= LONG_WORD else 1
            if abs(other - length) <= allowed and other in self._by_length:
                yield self._by_length[other], allowed

    def _distance(self, place: int, reader: Reader | None) -> int:
        return audience_rank(self._readings[place].audience, reader)


def audience_rank(audience: str, reader: Reader | None) -> int:
    """0 for what comes first to a reader: a family member sees family, everyone, peers; a peer sees family last."""
    if reader == "family":
        return {"family": 0, "everyone": 1}.get(audience, 2)
    if reader == "peers":
        return 1 if audience == "family" else 0
    return 0


def _leaning(audience: str, reader: Reader | None) -> float:
    return ((1.0, 0.7, 0.5) if reader == "family" else (1.0, 0.85))[audience_rank(audience, reader)]
