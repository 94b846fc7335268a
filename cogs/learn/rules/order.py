"""Which reading comes next: on a shelf, for a reader, and as today's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b

from bot.content import Snippet
from cogs.learn.rules.search import Reader, audience_rank


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


def todays_reading(day: date, eligible: Iterable[str], group_id: int) -> str | None:
    """The id of a group's reading of a day; `None` when nothing is eligible.

    A pure function of its arguments: each group walks through all eligible ids in an order of its own before any comes
    again, then in a new order, and no reading stands on two days in a row. (A changed library starts a new walk.)
    """
    ids = sorted(set(eligible))
    if not ids:
        return None
    cycle, place = divmod(day.toordinal(), len(ids))
    order = _walk(ids, group_id, cycle)
    if place < 2 < len(ids) and order[0] == _walk(ids, group_id, cycle - 1)[-1]:
        place = 1 - place
    return order[place]


def _walk(ids: Sequence[str], group_id: int, cycle: int) -> list[str]:
    # Two readings take turns: a new order for each cycle would show one of them on two days in a row.
    seed = f"{group_id}:{cycle if len(ids) > 2 else 0}:"
    return sorted(ids, key=lambda item: blake2b((seed + item).encode(), digest_size=16).digest())
