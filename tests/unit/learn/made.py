"""A few readings to search in, and any number of them."""

import random
from datetime import date
from pathlib import Path

from bot.content import Snippet, load_content
from bot.content.model import Audience, Tone
from cogs.learn.rules import SearchIndex, Wordbook

DATA = Path(__file__).resolve().parents[3] / "data"

PHRASES = {
    "can't sleep": ["sleep"],
    "fits": ["seizure"],
    "cold turkey": ["stopping", "suddenly"],
    "shaking": ["tremor"],
}
SPELLINGS = {"behaviour": "behavior", "colour": "color", "ran": "run"}
BOOK = Wordbook.of(PHRASES, SPELLINGS)


def reading(
    identity: str,
    title: str,
    body: str = "",
    *tags: str,
    audience: Audience = "everyone",
    tone: Tone = "calm",
    topic: str = "peers",
) -> Snippet:
    """A snippet with only what searching and ordering look at."""
    day = date(2026, 11, 22)
    return Snippet(
        id=identity,
        code="A1",
        title=title,
        topic=topic,
        audience=audience,
        tone=tone,
        tags=tags,
        status="needs_check",
        claims=(),
        reviewed=day,
        reviewed_by="",
        review_by=day,
        question="",
        see_also=(),
        body=body,
    )


def index(*readings: Snippet) -> SearchIndex:
    """An index with the small wordbook."""
    return SearchIndex(readings, BOOK)


def many(count: int, source: random.Random) -> list[Snippet]:
    """Readings of 90 words each, from the library's own words and as many made up ones as a big library would have."""
    own = sorted({word for snippet in load_content(DATA).library for word in snippet.body.lower().split()})
    letters = "abcdefghijklmnoprstuvw"
    made = ["".join(source.choice(letters) for _ in range(source.randint(3, 12))) for _ in range(9000)]
    readings = []
    for place in range(count):
        words = [source.choice(own) if source.random() < 0.6 else source.choice(made) for _ in range(90)]
        title, tags = " ".join(source.sample(words, 5)), source.sample(words, 5)
        readings.append(reading(f"s{place}", title, " ".join(words), *tags))
    return readings


def mistyped(word: str, source: random.Random) -> str:
    """The word with one letter too few, one too many, or two swapped; short ones stay as they are."""
    if len(word) < 3:
        return word
    place = source.randrange(len(word) - 1)
    kind = source.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + source.choice("xyzq") + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
