"""The examples of docs/group-readings.md come in as they stand, and its table names what there is."""

import re
from datetime import date
from pathlib import Path

from bot.content import load_content
from bot.content.exchange import read_bundle

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "group-readings.md").read_text(encoding="utf-8")
TOPICS = load_content(ROOT / "data").library.topics


def example(start: str) -> bytes:
    found = re.search(rf"```{start}\n(.*?)\n```", GUIDE, re.DOTALL)
    assert found
    return found.group(1).encode()


def test_the_example_of_a_file_comes_in() -> None:
    bundle = read_bundle("walk.md", example(""), TOPICS, frozenset(), date(2026, 11, 23))
    assert not bundle.faults
    snippet = bundle.items[0].snippet
    assert snippet.title == "Our Sunday walk"
    assert snippet.tags == ("walk", "sunday", "company")
    assert snippet.claims[0].year == "2024"
    assert snippet.body.endswith("the tea is good.\nThe cake is better.")


def test_the_example_of_json_comes_in() -> None:
    bundle = read_bundle("table.json", example("json"), TOPICS, frozenset(), date(2026, 11, 23))
    assert not bundle.faults
    assert bundle.items[0].snippet.body.count("\n") == 1


def test_the_guide_names_every_topic() -> None:
    row = next(line for line in GUIDE.splitlines() if line.startswith("| `topic`"))
    assert set(re.findall(r"`([a-z]+)`", row)) == {"topic", *TOPICS}
