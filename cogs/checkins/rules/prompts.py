"""Which prompt a check-in's post begins with: of those that fit, the one that was used longest ago. Pure.

Where the same prompts fit each day, all of them are used before any comes again. Where more than 30 fit every day, as
the content check asks of the shipped ones, none comes again on one of the 30 days after it was used: the days before
can have used at most 30 of them. Where fewer fit, they come round as late as they can. A prompt that nobody has seen
comes first; among several, a lot decides that is each group's and schedule's own.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b

from bot.content import Prompt


def next_prompt(
    prompts: Iterable[Prompt], used: Mapping[str, date], day: date, *, kind: str | None, seed: str
) -> Prompt | None:
    """The prompt for `day`; None where none fits.

    `used` has the last date of each id that this schedule used; `seed` names group and schedule.
    """
    fitting = [one for one in prompts if one.fits(kind, day.weekday())]
    return min(fitting, key=lambda one: (used.get(one.id, date.min), _lot(seed, one.id)), default=None)


def _lot(seed: str, prompt_id: str) -> bytes:
    return blake2b(f"{seed}:{prompt_id}".encode(), digest_size=16).digest()
