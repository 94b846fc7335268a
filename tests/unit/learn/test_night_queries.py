"""Everyday queries against the library as it ships: what people meant is among the first three."""

from functools import cache
from pathlib import Path

import pytest

from bot.content import Library, load_content
from bot.text.catalogue import DATA_DIR
from cogs.learn.rules import SearchIndex, Wordbook
from cogs.learn.rules.search import Reader
from tests.unit.learn.night_queries import FAMILY, TYPED, queries

# Where somebody may be in danger, the way to help comes first.
URGENT = (
    *("suicidal", "want to die", "overdose", "chest pain", "i want to kill my self", "want to end my life"),
    *("took too many pills", "i took all my pills", "took all of them", "too many tablets", "wont wake up"),
    *("hes not breathing", "isnt breathing", "cant breathe", "short of breath", "collapsed"),
)
KIN = (
    "my wife is coming off benzos",
    "my husband is tapering",
    "mom addicted to xanax",
    "boyfriend angry all the time",
)


@cache
def shipped(folder: Path = DATA_DIR) -> tuple[Library, SearchIndex]:
    content = load_content(folder)
    words = Wordbook.of(content.search_words.phrases, content.search_words.spellings)
    return content.library, SearchIndex(content.library, words)


def lost(table: dict[str, str], reader: Reader) -> list[str]:
    library, index = shipped()
    return [
        f"{typed!r} for {reading}: {found}"
        for typed, reading in queries(table)
        if library.get(reading) is not None and reading not in (found := index.search(typed, reader=reader)[:3])
    ]


def test_the_table_is_large_and_names_readings_of_the_library() -> None:
    asked = queries(TYPED)
    assert len(asked) > 400
    assert len({typed for typed, _ in asked}) > 400
    assert all(len(reading) <= 50 for _, reading in asked)


def test_what_people_type_at_night_finds_what_they_meant() -> None:
    assert not lost(TYPED, "peers")


def test_family_and_friends_find_what_was_written_for_them() -> None:
    assert not lost(FAMILY, "family")


@pytest.mark.parametrize("typed", URGENT)
def test_danger_leads_to_help_first(typed: str) -> None:
    for reader in (None, "peers", "family"):
        assert shipped()[1].search(typed, reader=reader)[0] == "emergency-signs-call-now"
    assert shipped()[1].search(f"my wife {typed}", reader="family")[0] == "emergency-signs-call-now"


@pytest.mark.parametrize("typed", KIN)
def test_whoever_names_somebody_of_theirs_meets_how_to_be_there(typed: str) -> None:
    index = shipped()[1]
    assert "how-to-be-there" in index.search(typed, reader="family")[:4]
    assert "how-to-be-there" not in index.search(typed, reader="peers")[:1]


def test_every_everyday_word_leads_somewhere() -> None:
    content = load_content(DATA_DIR)
    _, index = shipped()
    nowhere = [phrase for phrase in content.search_words.phrases if not index.search(phrase)]
    assert not nowhere
