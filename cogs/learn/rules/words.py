"""Words as the search sees them: folded, spelled one way, cut to their stem, and everyday phrases understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_QUERY = 200
"""Characters of a query that are read; the rest of a longer one changes nothing."""

MOST_WORDS = 8
"""Telling words of a query, or phrases, that are searched for."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’`´]")
_LONGEST_PHRASE = 4

STOP_WORDS = frozenset(
    {"a", "about", "all", "also", "am", "an", "and", "any", "anymore", "anything", "are", "as", "at", "be", "been"}
    | {"but", "by", "can", "could", "did", "do", "does", "doing", "else", "even", "feel", "feeling", "for", "from"}
    | {"get", "getting", "go", "going", "gonna", "got", "had", "has", "have", "he", "her", "here", "him", "his", "how"}
    | {"i", "if", "im", "in", "is", "it", "its", "ive", "just", "keep", "like", "make", "making", "me", "much", "my"}
    | {"need", "no", "not", "now", "of", "on", "or", "our", "really", "right", "she", "should", "so", "some"}
    | {"somebody", "someone", "something", "still", "than", "that", "the", "their", "them", "then", "there", "they"}
    | {
        "thing",
        "things",
        "think",
        "thinks",
        "this",
        "to",
        "too",
        "two",
        "up",
        "very",
        "want",
        "wanna",
        "was",
        "we",
        "were",
        "what",
        "whats",
    }
    | {"when", "which", "while", "who", "why", "will", "with", "would", "you", "your"}
    | {"arent", "cant", "couldnt", "didnt", "doesnt", "dont", "everything", "hadnt", "hasnt", "havent", "hes", "isnt"}
    | {"nothing", "shes", "shouldnt", "theyre", "wasnt", "werent", "wont", "wouldnt", "youre"}
)
"""Words that say nothing about what somebody looks for, unless the query holds no other."""


@dataclass(frozen=True, slots=True)
class Wordbook:
    """`data/search_words.toml` made ready: phrases as tuples of words, and of stems; spellings as a map to one form."""

    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    spellings: Mapping[str, str]
    stemmed: Mapping[tuple[str, ...], tuple[str, ...]]

    @classmethod
    def of(cls, phrases: Mapping[str, Sequence[str]], spellings: Mapping[str, str]) -> Wordbook:
        """Builds a wordbook from the phrases and spellings as they are written."""
        known = {word: target for written, target in spellings.items() for word in split(written)}
        bare = cls({}, known, {})
        made = {
            bare.words(phrase): tuple(word for target in targets for word in bare.words(target))
            for phrase, targets in phrases.items()
        }
        return cls(made, known, {tuple(map(stem, phrase)): targets for phrase, targets in made.items()})

    def targets(self, words: Sequence[str]) -> tuple[str, ...]:
        """The library's words for these, as they are written or else by their stems ("sweats" is "sweating")."""
        return self.phrases.get(tuple(words)) or self.stemmed.get(tuple(map(stem, words)), ())

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text, folded and in one spelling."""
        return tuple(self.spellings.get(word, word) for word in split(text))


def split(text: str) -> list[str]:
    """The words of a text in lower case, without accents and apostrophes ("Can’t" is `cant`)."""
    text = text.casefold()
    if not text.isascii():
        text = _APOSTROPHES.sub("", text)
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(text.replace("'", "").replace("`", ""))


def stem(word: str) -> str:
    """A word without its usual endings, so that breathe, breathing and breath are one; short words stay whole."""
    if len(word) <= 3:
        return word
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ly", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + replacement
            break
    else:
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def find_phrases(words: Sequence[str], book: Wordbook) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The words in groups: each known phrase (longest first) with its words of the library, every other word alone."""
    groups: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            targets = book.targets(phrase)
            if targets or length == 1:
                groups.append((phrase, targets))
                place += length
                break
    return groups
