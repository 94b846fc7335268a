"""What a moderator has chosen so far and nobody keeps yet: it travels in the ids of its panel.

A zone and a set of questions are longer than an id has room for, so both travel as a digest that is looked up again.
The name is not in it: it stands in the panel's own words (`NAME`).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from zoneinfo import available_timezones

from discord.utils import escape_markdown

from bot.content import QuestionSet
from bot.discordkit import Text
from bot.times import MINUTES_A_DAY, is_zone
from cogs.checkins.service.wishes import GROUPS_CLOCK, Wish

NAME, TYPED, UNTIL = 1, 2, 3
"""Marks of what is read from a panel again: a draft's name, a name that wouldn't do, the end of a rest."""

SEPARATOR = "~"
LONGEST_TYPED = 200
_DRAFT, _KEPT = "d", "s"
_GROUPS = "g"
_SIGNS = re.compile(r"[0-9a-f]{0,16}|g")
_HEADING, _QUOTE = "## ", "> "


def kept_key(schedule_id: int) -> str:
    """Return what the ids of a kept check-in's panel carry."""
    return f"{_KEPT}{schedule_id}"


def draft_key(wish: Wish) -> str:
    """Return what the ids of a draft's panel carry."""
    parts = (
        "" if wish.channel_id is None else f"{wish.channel_id:x}",
        "" if wish.minute is None else str(wish.minute),
        "" if wish.weekdays is None else str(sum(1 << day for day in wish.weekdays)),
        "" if wish.thread is None else str(int(wish.thread)),
        "" if wish.prompts is None else str(int(wish.prompts)),
        "" if wish.timezone is None else _digest(wish.timezone) if wish.timezone else _GROUPS,
        "" if wish.question_set is None else _digest(wish.question_set),
    )
    return _DRAFT + ".".join(parts)


def read_kept(key: str) -> int | None:
    """Return the id of a kept check-in; None for anything else."""
    number = key.removeprefix(_KEPT)
    return int(number) if key.startswith(_KEPT) and number.isdecimal() and len(number) < 20 else None


def read_draft(key: str, sets: Iterable[QuestionSet]) -> Wish | None:
    """Return what a draft's key carries; None for anything else."""
    parts = key.removeprefix(_DRAFT).split(".")
    if not key.startswith(_DRAFT) or len(parts) != 7 or not all(_SIGNS.fullmatch(part) for part in parts):
        return None
    channel, minute, days, thread, prompts, zone, chosen = parts
    return Wish(
        channel_id=int(channel, 16) if channel.strip(_GROUPS) else None,
        minute=int(minute) % MINUTES_A_DAY if minute.isdecimal() else None,
        weekdays=frozenset(day for day in range(7) if days.isdecimal() and int(days) >> day & 1) or None,
        thread=thread == "1" if thread else None,
        prompts=prompts == "1" if prompts else None,
        timezone=GROUPS_CLOCK if zone == _GROUPS else _zones().get(zone),
        question_set=next((one.id for one in sets if _digest(one.id) == chosen), None),
    )


def read_halves(minute: str) -> tuple[int, ...]:
    """Return the two times of day of which `minute` is the earlier; none for anything else."""
    fits = minute.isdecimal() and len(minute) < 4 and int(minute) < MINUTES_A_DAY // 2
    return (int(minute), int(minute) + MINUTES_A_DAY // 2) if fits else ()


def heading(name: str, mark: int | None = None) -> Text:
    """Return a check-in's name as the heading of its panel."""
    return Text(f"{_HEADING}{escape_markdown(name)}", mark)


def quoted(words: str, mark: int) -> Text:
    """Return what somebody typed, to be read from the panel again."""
    return Text(f"{_QUOTE}{escape_markdown(' '.join(words[:LONGEST_TYPED].split()))}", mark)


def unquoted(shown: str) -> str:
    """Return what `heading` or `quoted` was given; a backslash in it is lost."""
    return shown.removeprefix(_HEADING).removeprefix(_QUOTE).replace("\\", "").strip()


def _digest(words: str) -> str:
    return blake2b(words.encode(), digest_size=4).hexdigest()


@cache
def _zones() -> Mapping[str, str]:
    return {_digest(zone): zone for zone in available_timezones() if is_zone(zone)}
