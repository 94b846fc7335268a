"""The first screen: what it holds back, what it leaves alone, and what it costs."""

import time
from functools import cache
from pathlib import Path

import pytest

from bot.content.screening import read_screening
from cogs.care.screening import DangerScreen
from tests.unit.care.messages import (
    DANGEROUS,
    FRESH_HARMLESS,
    FRESH_HELD,
    HARMLESS,
    KNOWN_ALARMS,
    KNOWN_MISSES,
)

DATA = Path(__file__).resolve().parents[3] / "data"


@cache
def screen() -> DangerScreen:
    """The screen with the phrases that ship."""
    rules, sheets = read_screening(DATA)
    assert not [fault for sheet in sheets for fault in sheet.faults]
    return DangerScreen(rules)


@pytest.mark.parametrize(("category", "message"), DANGEROUS)
def test_danger_is_held(category: str, message: str) -> None:
    found = screen().look([message])
    assert found is not None
    assert found.category == category


@pytest.mark.parametrize("message", FRESH_HELD)
def test_danger_in_fresh_messages_is_held(message: str) -> None:
    assert screen().look([message]) is not None


@pytest.mark.parametrize("message", [*HARMLESS, *FRESH_HARMLESS])
def test_the_harmless_goes_through(message: str) -> None:
    assert screen().look([message]) is None


def test_the_lists_of_what_it_gets_wrong_are_true() -> None:
    """Whoever mends one of these moves it to where it belongs."""
    assert [message for message in KNOWN_MISSES if screen().look([message]) is not None] == []
    assert [message for message in KNOWN_ALARMS if screen().look([message]) is None] == []


def test_any_of_the_texts_is_enough() -> None:
    assert screen().look(["A calm day.", "", "I want to die."]) is not None
    assert screen().look(["A calm day.", "", "See you."]) is None
    assert screen().look([]) is None


@pytest.mark.parametrize(
    "message",
    [
        "I WANT TO DIE",
        "i  want\tto   die",
        "**I want** to __die__",
        "I want to d1e",
        "I w\u200bant to d\u00adie",
        "i want to dieeeee",
        "||I want to die||",
        "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "I want to... die",
        "So I said to my doctor “I want to die”",
        "I’m suicidal",
        "“I want to die”",
        "no appetite, no sleep, I want to die",
        "I want to die 😭",
        "Quiet day.\nI want to die.\nTea now.",
    ],
)
def test_the_dress_of_a_phrase_does_not_hide_it(message: str) -> None:
    assert screen().look([message]) is not None


@pytest.mark.parametrize(
    ("held", "let_through"),
    [
        ("I want to kill myself", "I don't want to kill myself"),
        ("I want to kill myself", "I used to want to kill myself"),
        ("I want to kill myself", 'She wrote "I want to kill myself" in chapter two'),
        ("I want to kill myself", "> I want to kill myself"),
        ("My husband is having a seizure", "If someone is having a seizure, I know what to do"),
        ("I took too many pills", "Last year I took too many pills"),
        ("I stopped my clonazepam cold turkey", "I stopped smoking cold turkey"),
        ("I used to want to die and today I want to die", "I used to want to die"),
        ("I can't stop wanting to hurt myself", "I stopped wanting to hurt myself"),
    ],
)
def test_each_guard_lets_through_what_its_counterpart_holds(held: str, let_through: str) -> None:
    assert screen().look([held]) is not None
    assert screen().look([let_through]) is None


@pytest.mark.parametrize(
    "noise",
    [
        "", " ", "\x00", "\ud800", '"' * 800, "> " * 400, "i do not want to " * 50, "took too many " * 57, "k1" * 400,
        "a" * 800, "\u200b" * 800, "🙂" * 800, "not " * 200, "'" * 800, "my pills " * 88, "ﷺ" * 800,
        "i just really " * 57,
    ],
)  # fmt: skip
def test_no_text_makes_it_slow_or_raise(noise: str) -> None:
    screen().look([noise] * 4)
    started = time.process_time()
    screen().look([noise] * 4)
    assert time.process_time() - started < 0.25


def test_four_long_answers_take_milliseconds() -> None:
    calm = " ".join((*HARMLESS, *FRESH_HARMLESS))
    texts = [calm[start : start + 800] for start in range(0, 3200, 800)]
    screen().look(texts)
    started = time.process_time()
    for _ in range(10):
        screen().look(texts)
    assert (time.process_time() - started) / 10 < 0.08
