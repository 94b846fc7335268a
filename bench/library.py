"""Search over a large library: 2,000 readings made of the words of the shipped ones, and the words people type."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.rounds import percentile
from bot.content import Audience, load_content
from bot.text.catalogue import DATA_DIR
from cogs.learn.rules import SearchIndex, Wordbook

READINGS, SEARCHES = 2000, 2000


@dataclass(frozen=True, slots=True)
class Made:
    """A reading that nobody wrote."""

    id: str
    title: str
    tags: tuple[str, ...]
    body: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds: for building the index, and for each search and each completion."""

    building: float
    searching: tuple[float, ...]
    completing: tuple[float, ...]

    def __str__(self) -> str:
        parts = [f"library of {READINGS} readings: index made in {self.building * 1e3:.0f} ms"]
        for what, times in (("search", self.searching), ("autocomplete", self.completing)):
            shares = (percentile(times, 0.5) * 1e3, percentile(times, 0.99) * 1e3)
            parts.append(f"{what} p50 {shares[0]:.2f} ms, p99 {shares[1]:.2f} ms")
        return "; ".join(parts)


def measure(readings: int = READINGS, searches: int = SEARCHES) -> Seen:
    """Measures with a fixed seed, so that two runs ask for the same."""
    source = random.Random(7)
    made, typed = _library(source, readings), _typed(source, searches)
    words = tomllib.loads((DATA_DIR / "search_words.toml").read_text(encoding="utf-8"))
    began = time.perf_counter()
    index = SearchIndex(made, Wordbook.of(words["phrases"], words["spellings"]))
    building = time.perf_counter() - began
    searching = [_timed(index.search, query) for query in typed]
    # Half of what is typed into an autocomplete is not a whole word yet.
    completing = [_timed(index.complete, query[: max(2, len(query) // 2)]) for query in typed]
    return Seen(building, tuple(searching), tuple(completing))


def _timed(search: Callable[[str], object], query: str) -> float:
    began = time.perf_counter()
    search(query)
    return time.perf_counter() - began


def _library(source: random.Random, readings: int) -> list[Made]:
    shipped = list(load_content(DATA_DIR).library.snippets.values())
    titles = [word for snippet in shipped for word in snippet.title.split()]
    bodies = [word for snippet in shipped for word in snippet.body.split()]
    return [
        Made(
            id=f"made-{number}",
            title=" ".join(source.sample(titles, 5)),
            tags=source.choice(shipped).tags,
            body=" ".join(source.sample(bodies, 90)),
            audience=source.choice(("everyone", "peers", "family")),
        )
        for number in range(readings)
    ]


def _typed(source: random.Random, searches: int) -> Sequence[str]:
    """One to four words of the library, every second query with two letters swapped in one of them."""
    shipped = load_content(DATA_DIR).library.snippets.values()
    words = [word for snippet in shipped for word in f"{snippet.title} {snippet.body}".split() if word.isalpha()]
    queries = []
    for number in range(searches):
        chosen = source.sample(words, source.randint(1, 4))
        if number % 2 and len(chosen[0]) > 3:
            place = source.randrange(1, len(chosen[0]) - 2)
            word = chosen[0]
            chosen[0] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        queries.append(" ".join(chosen))
    return queries
