"""Which five statements somebody meets: drawn by a seed, so that nothing about it has to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from bot.content import Library, Statement
from cogs.learn.rules.search import Reader

FIVE = 5
FAMILY = "family"
"""The topic that family members meet first."""

_ONLY_WHEN_ASKED = "safety"  # heavy: nobody meets danger by surprise


def statements_for(
    statements: Iterable[Statement], library: Library, *, topic: str = "", reader: Reader | None = None
) -> tuple[Statement, ...]:
    """The statements that may be drawn: all of the topic that was asked for, or a mix for this reader.

    The mix leaves out the topic safety, and for peers what is written for families only, for families what is for
    peers only; no reader means both.
    """
    if topic:
        return tuple(one for one in statements if one.topic == topic)
    other = {"peers": "family", "family": "peers"}.get(reader or "")
    return tuple(
        one
        for one in statements
        if one.topic != _ONLY_WHEN_ASKED and (snippet := library.get(one.snippet)) and snippet.audience != other
    )


def draw_five(statements: Sequence[Statement], seed: str, number: int = 0, *, lead: str = "") -> tuple[Statement, ...]:
    """The `number`th five of a walk (from 0), fewer only where there are fewer; `lead` is the topic to begin with.

    A pure function of its arguments. Within a five: both answers where both are left, no two from one reading where
    that can be, spread over the topics. Nothing comes again before too few are left for another five.
    """
    rounds = max(1, len(statements) // FIVE)
    cycle, number = divmod(number, rounds)
    left = _shuffled(statements, f"{seed}:{cycle}:")
    drawn: tuple[Statement, ...] = ()
    for _ in range(number + 1):
        drawn = _five_of(left, lead)
        left = [one for one in left if one not in drawn]
    return drawn


def _shuffled(statements: Iterable[Statement], seed: str) -> list[Statement]:
    return sorted(statements, key=lambda one: blake2b((seed + one.id).encode(), digest_size=16).digest())


def _five_of(left: Sequence[Statement], lead: str) -> tuple[Statement, ...]:
    drawn: list[Statement] = []
    # The rarer answer first, while all readings are free.
    for answer, wanted in sorted(_shares(left).items(), key=lambda share: share[1]):
        for _ in range(wanted):
            free = [one for one in left if one.answer is answer and one not in drawn]
            drawn.append(min(free, key=lambda one: _cost(one, drawn, lead)))
    return tuple(sorted(drawn, key=lambda one: (one.topic != lead, left.index(one))))


def _shares(left: Sequence[Statement]) -> dict[bool, int]:
    """How many of each answer: as they are mixed in what is left, so that the last five has both, too."""
    count, true = min(FIVE, len(left)), sum(one.answer for one in left)
    if not left or true in (0, len(left)):
        return {True: count if true else 0, False: 0 if true else count}
    share = min(max(1, round(count * true / len(left))), count - 1) if count > 1 else 1
    return {True: share, False: count - share}


def _cost(one: Statement, drawn: Sequence[Statement], lead: str) -> tuple[bool, int, int]:
    return (
        bool(lead) and one.topic != lead and all(other.topic != lead for other in drawn),
        sum(other.snippet == one.snippet for other in drawn),
        sum(other.topic == one.topic for other in drawn),
    )
