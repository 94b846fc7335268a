"""Which prompt a check-in's post begins with: of those that fit, the one that was used longest ago. Pure.

Where the same prompts fit each day, all of them are used before any comes again. Where more than `REST_DAYS` fit every
day, none comes again on one of the 30 days after it was used (issue 4: "not repeated within 30 days"): the days before
can have used at most 30 of them. Where fewer fit, they come round as late as they can. A prompt that nobody has seen
comes first; among several, a lot decides that is each group's and schedule's own.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from hashlib import blake2b
from typing import Protocol, TypeVar

REST_DAYS = 30
"""Days on which a used prompt doesn't come again, for one post a day (issue 4)."""

_WEEK = range(7)


class Prompt(Protocol):
    """A prompt's id, the kinds it is for (of group or question set), its weekdays (0 is Monday); none means every."""

    @property
    def id(self) -> str: ...

    @property
    def kinds(self) -> Collection[str]: ...

    @property
    def days(self) -> Collection[int]: ...


P = TypeVar("P", bound=Prompt)


def fits(prompt: Prompt, kind: str, weekday: int) -> bool:
    """Whether a prompt may be used for this kind on this weekday."""
    return (not prompt.kinds or kind in prompt.kinds) and (not prompt.days or weekday in prompt.days)


def next_prompt(prompts: Iterable[P], used: Mapping[str, date], day: date, *, kind: str, seed: str) -> P | None:
    """The prompt for `day`; None where none fits.

    `used` has the last date of each id that this schedule used; `seed` names group and schedule.
    """
    fitting = [one for one in prompts if fits(one, kind, day.weekday())]
    return min(fitting, key=lambda one: (used.get(one.id, date.min), _lot(seed, one.id)), default=None)


def enough(prompts: Collection[Prompt], kind: str) -> bool:
    """Whether so many fit on every weekday that none has to come again within `REST_DAYS`."""
    return all(sum(fits(one, kind, weekday) for one in prompts) > REST_DAYS for weekday in _WEEK)


def _lot(seed: str, prompt_id: str) -> bytes:
    return blake2b(f"{seed}:{prompt_id}".encode(), digest_size=16).digest()
