"""The guided tour: steps that tick off when what they ask for has been seen."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rehearsal.diary import Deed

TOUR = Path(__file__).with_name("tour.toml")


@dataclass(frozen=True, slots=True)
class TourStep:
    """One thing to try; `person` and `channel` are empty where it is done on the page itself."""

    key: str
    title: str
    text: str
    person: str
    channel: str
    done: tuple[Mapping[str, str], ...]

    def seen_in(self, deeds: Iterable[Deed]) -> bool:
        """Whether one of these deeds is what the step asks for."""
        return any(_matches(wanted, deed) for deed in deeds for wanted in self.done)


@cache
def tour() -> tuple[TourStep, ...]:
    """Return the tour's steps in order."""
    with TOUR.open("rb") as file:
        steps = tomllib.load(file)["steps"]
    return tuple(
        TourStep(
            one["key"], one["title"], one["text"], one.get("person", ""), one.get("channel", ""), tuple(one["done"])
        )
        for one in steps
    )


def _matches(wanted: Mapping[str, str], deed: Deed) -> bool:
    if "command" in wanted:
        return deed.verb == "command" and deed.name == wanted["command"]
    if "event" in wanted:
        return deed.verb == wanted["event"]
    # Evenkeel's ids read ek1:<feature>:<verb>:<key>.
    return deed.verb in ("press", "choose", "form") and deed.name.split(":")[1:3] == wanted["item"].split(":")
