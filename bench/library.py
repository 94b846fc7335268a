"""The library's search: 2,000 readings made of the words of the shipped ones and the words people type; and the way to
a group's own shelves, through the database.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench.rounds import percentile
from bot.clock import SystemClock
from bot.content import Audience, Snippet, load_content
from bot.storage import Vault, migrate, open_database
from bot.text.catalogue import DATA_DIR
from cogs.learn.rules import SearchIndex, Wordbook
from cogs.learn.service import GroupLibraries
from cogs.learn.store import OwnStore

READINGS, SEARCHES = 2000, 2000
# What the product promises for a library of this size, in milliseconds, at the 99th percentile.
SEARCH_AIM, COMPLETE_AIM = 5, 10
OWN, COLD, WARM = 200, 5, 1000
_KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_GROUP, _ELSEWHERE = 1 << 22, 2 << 22


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
        for what, aim, times in (
            ("search", SEARCH_AIM, self.searching),
            ("autocomplete", COMPLETE_AIM, self.completing),
        ):
            parts.append(f"{what} {_shares(times)} (aim {aim} ms)")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Shelves:
    """Seconds to get at a group's library: put together anew, known already, and of a group that wrote nothing."""

    cold: tuple[float, ...]
    warm: tuple[float, ...]
    plain: tuple[float, ...]

    def __str__(self) -> str:
        return (
            f"a group's library with {OWN} own readings: put together in {percentile(self.cold, 0.5) * 1e3:.0f} ms; "
            f"known already {_shares(self.warm)}; without own readings {_shares(self.plain)}"
        )


def _shares(times: Sequence[float]) -> str:
    return f"p50 {percentile(times, 0.5) * 1e3:.2f} ms, p99 {percentile(times, 0.99) * 1e3:.2f} ms"


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


def shelves(own: int = OWN, warm: int = WARM) -> Shelves:
    """Measures on a SQLite file of its own."""
    with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
        address = f"sqlite:///{folder}/evenkeel.db"
        migrate(address)
        return asyncio.run(_shelves(address, own, warm))


async def _shelves(address: str, own: int, warm: int) -> Shelves:
    database = await open_database(address)
    try:
        store = OwnStore(Vault.from_keys([_KEY]))
        content = load_content(DATA_DIR)
        async with database.write() as writer:
            for number, snippet in enumerate(_own(random.Random(7), own), start=1):
                await store.put(writer, _GROUP, snippet, number, SystemClock().now())
        fresh = [GroupLibraries(database, content, store) for _ in range(COLD)]
        cold = [await _got(libraries, _GROUP) for libraries in fresh]
        known = [await _got(fresh[0], _GROUP) for _ in range(warm)]
        plain = [await _got(fresh[0], _ELSEWHERE) for _ in range(warm)]
    finally:
        await database.close()
    return Shelves(tuple(cold), tuple(known), tuple(plain))


async def _got(libraries: GroupLibraries, guild_id: int) -> float:
    began = time.perf_counter()
    await libraries.of(guild_id)
    return time.perf_counter() - began


def _own(source: random.Random, count: int) -> list[Snippet]:
    """Readings as a group would write them: the shipped ones with their words shuffled."""
    shipped = list(load_content(DATA_DIR).library)
    found = []
    for number in range(count):
        one = source.choice(shipped)
        body = one.body.split()
        source.shuffle(body)
        found.append(replace(one, id=f"own-{number:012d}", code="", body=" ".join(body), claims=(), own=True))
    return found


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
