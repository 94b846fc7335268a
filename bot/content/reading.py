"""The reading grade of a text: Flesch-Kincaid, at most grade 8, with syllables from pyphen's hyphenation.

Formula (Kincaid and others, 1975): 0.39 x words per sentence + 11.8 x syllables per word - 15.59.

**Syllables.** Hyphenation alone misses syllables at the edges of words ("idea" has no place to break). So pyphen cuts
a word into its parts, and the vowel groups of each part are counted, with the usual rules for silent endings. Held
against 250 words of the library with known counts, 19 in 20 are right and the sum is within 1 % (a test keeps it so).

**Names.** A name that has no plainer word counts as two syllables, however long it is: people who take clonazepam
read it on their own box every day, and the formula takes length for strangeness. Names are usually set aside before
such a test. The list is short and closed (`NAMES`): medicines and their family, the bot, and two roles that people
carry in their group. Words that do have a plainer one (medication, discontinue, protracted) are counted in full.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from bot.content.safety.passages import folded, sentences

HIGHEST_GRADE = 8.0

LONGEST_SENTENCE = 30
"""Words: the grade is a mean, and short sentences around it could hide one that nobody finishes at night."""

NAMES = frozenset(
    {"clonazepam", "klonopin", "rivotril", "epitril", "diazepam", "lorazepam", "alprazolam", "naloxone", "fentanyl"}
    | {"benzodiazepine", "benzodiazepines", "evenkeel", "facilitator", "facilitators", "moderator", "moderators"}
)
"""Names that count as two syllables each."""

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_NO_WORDS = re.compile(r"https?://\S+|<[^>\s]+>|[*_~|]+|^\s*(?:[-*>]|\d+\.)\s", re.MULTILINE)
_PLACE = re.compile(r"\{[^{}]*\}|`[^`]*`|(?<![\w/])/[a-z][a-z-]*")
_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’]*|\d+(?:[.,]\d+)*")
_VOWELS = re.compile(r"[aeiouyàáâäèéêëìíîïòóôöùúûü]+")
_TWO_IN_A_GROUP = re.compile(
    r"i[ao](?!l\b|n|ls\b|us)|[^cgstx]iou|iu|ua(?=l)|eo(?=$|s$)|y(?=ing)|(?<!q)ue(?=t)|(?<!q)uie|ie(?=t)|eum"
    r"|\bsui|(?<=[aeiouy][^aeiouy])ea$|ths?m"
)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text; 0.0 for one without words.

    Markdown, addresses and mentions are left out; a `{place}` of the catalogue and a command in backticks or with a
    slash count as one short word.
    """
    words = count_sentences = syllables = 0
    for sentence in sentences(_plain(text)):
        found = _WORD.findall(sentence.text)
        if found:
            count_sentences += 1
            words += len(found)
            syllables += sum(count_syllables(word) for word in found)
    if not words:
        return 0.0
    return 0.39 * words / count_sentences + 11.8 * syllables / words - 15.59


def longest_sentence(text: str) -> int:
    """How many words the longest sentence of a text has."""
    return max((len(_WORD.findall(sentence.text)) for sentence in sentences(_plain(text))), default=0)


def _plain(text: str) -> str:
    return _NO_WORDS.sub("", _PLACE.sub("it", _LINK.sub(r"\1", text)))


@cache
def count_syllables(word: str) -> int:
    """The syllables of a word, at least one; a number in digits counts as two, a name of `NAMES` as two."""
    word = folded(word)
    if word.split("'")[0] in NAMES or word[0].isdecimal():
        return 2
    contracted = word.endswith(("sn't", "dn't"))
    word = re.sub(r"n't$", "" if contracted else "n", word).split("'")[0]
    parts = _pyphen().inserted(_without_silent_ending(word)).split("-")
    groups = sum(_vowel_groups(part) for part in parts)
    return max(1, groups + len(_TWO_IN_A_GROUP.findall("-".join(parts))) + contracted)


def _without_silent_ending(word: str) -> str:
    if re.search(r"[^aeiouy]es$", word) and not re.search(r"(?:[sxzcg]|ch|sh)es$", word):
        return word[:-1]
    if re.search(r"[^aeiouytd]ed$", word):
        return word[:-2]
    return word


def _vowel_groups(part: str) -> int:
    silent = re.search(r"[^aeiouy]e$", part) and not re.search(r"[^aeiouylr]le$", part)
    return max(1, len(_VOWELS.findall(part)) - bool(silent))


class _Hyphenator(Protocol):
    def inserted(self, word: str) -> str: ...


@cache
def _pyphen() -> _Hyphenator:
    # Imported here: only the content check needs it, and its dictionary takes 50 ms.
    from pyphen import Pyphen  # type: ignore[import-untyped]  # noqa: PLC0415

    hyphenator: _Hyphenator = Pyphen(lang="en_US")
    return hyphenator
