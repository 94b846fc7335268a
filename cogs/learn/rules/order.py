"""Which reading comes next: on a shelf, for a reader, and as a day's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.content import Snippet
from cogs.learn.rules.search import Reader, audience_rank


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading that a day had, and in which round through the library that was."""

    snippet_id: str
    round: int


def in_reading_order(snippets: Iterable[Snippet], reader: Reader | None) -> tuple[Snippet, ...]:
    """The snippets in the order given, those written for this reader in front (family members see family first)."""
    return tuple(sorted(snippets, key=lambda snippet: audience_rank(snippet.audience, reader)))


def next_in_topic(shelf: Sequence[Snippet], current: str, reader: Reader | None) -> Snippet | None:
    """The reading after `current` on its shelf, the first after the last; `None` when there is no other.

    `shelf` holds the snippets of one topic in the library's order; a `current` that left the shelf leads to its first.
    """
    ordered = in_reading_order(shelf, reader)
    ids = [snippet.id for snippet in ordered]
    if current not in ids:
        return ordered[0] if ordered else None
    following = ordered[(ids.index(current) + 1) % len(ordered)]
    return following if following.id != current else None


def eligible_for_today(
    snippets: Iterable[Snippet], *, topics: Iterable[str] = (), reader: Reader | None = None
) -> tuple[str, ...]:
    """Ids that may be a day's reading: never a `careful` one; of these topics when any are named.

    A group of peers gets nothing written for families only, a family group nothing for peers only.
    """
    wanted = frozenset(topics)
    other = {"peers": "family", "family": "peers"}.get(reader or "")
    return tuple(
        snippet.id
        for snippet in snippets
        if snippet.tone == "calm" and snippet.audience != other and (not wanted or snippet.topic in wanted)
    )


def next_days_reading(eligible: Iterable[str], shown: Iterable[Shown], group_id: int) -> Shown | None:
    """Return the reading of a new day and its round; `None` when nothing is eligible.

    `shown` are the readings of the other days, the earliest first. Each comes once a round, in an order of the
    group's own; what a round before left out comes first. No reading stands on two days in a row where there are two.
    """
    ids, before = set(eligible), list(shown)
    if not ids:
        return None
    number = max((one.round for one in before), default=1)
    fresh = ids - {one.snippet_id for one in before if one.round == number}
    if not fresh:
        fresh, number = ids, number + 1
    yesterdays = before[-1].snippet_id if before else None
    rounds = {one.snippet_id: one.round for one in before}
    chosen = min(
        fresh - {yesterdays} or fresh, key=lambda one: (rounds.get(one, 0), _lot(f"{group_id}:{number}:{one}"))
    )
    return Shown(chosen, number)


def _lot(seed: str) -> bytes:
    return blake2b(seed.encode(), digest_size=16).digest()
