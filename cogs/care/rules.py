"""What goes on the screen for a bad night, and how long things wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

# After this time without an answer the person is told so and the team is called again (product, "Screening").
PATIENCE = timedelta(minutes=10)
# A word to somebody who waits that comes later than this is not true any more. The card itself is never too late.
CALL_WINDOW = timedelta(hours=6)
# A press after this time is a new call: whoever came or didn't come to the first one may be asleep by now.
CALL_LASTS = timedelta(hours=1)
# A card goes this long after it is settled (product, "Screening").
KEPT_AFTER_SETTLING = timedelta(days=7)
# So long a call that nobody settles holds back what the bot posts by itself: its card may have been deleted by hand.
HOLDS_BACK = timedelta(days=7)
# A call that nobody settles goes this long after it was made; by then nobody is on their way any more.
KEPT_UNSETTLED = timedelta(days=30)
GROUND_STEPS = 5
_REFERENCE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Line(Protocol):
    """What the choice of a line reads of it."""

    @property
    def kind(self) -> str: ...


AnyLine = TypeVar("AnyLine", bound=Line)


@dataclass(frozen=True, slots=True)
class GroundStep:
    """A step of the five-senses exercise, from 1; `last` is the one with nothing behind it."""

    number: int

    @property
    def last(self) -> bool:
        return self.number >= GROUND_STEPS


def ground_step(key: str) -> GroundStep:
    """Return the step an id names; anything else begins at the first."""
    number = int(key) if key.isdecimal() else 1
    return GroundStep(min(max(number, 1), GROUND_STEPS))


def is_over(called_at: datetime, now: datetime) -> bool:
    """Whether a call is so old that asking again is a new one."""
    return now - called_at >= CALL_LASTS


def nearest_country(own: str | None, group: str | None) -> str | None:
    """Return the country to show: the person's own, else the group's."""
    return own or group


def first_line(lines: Sequence[AnyLine]) -> AnyLine | None:
    """Return the one line to show: a crisis line before any other."""
    return next((line for line in lines if line.kind == "crisis"), lines[0] if lines else None)


def short_reference(number: int) -> str:
    """Return five signs that tell one quiet room from another without naming anybody."""
    signs = ""
    for _ in range(5):
        number, place = divmod(number, len(_REFERENCE))
        signs += _REFERENCE[place]
    return signs
