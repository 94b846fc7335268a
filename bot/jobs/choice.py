"""Which of the waiting jobs a process takes next. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

# How long a job may be overdue before a process that does not own its server takes it: longer than a restart.
GRACE = timedelta(minutes=5)
# At most so many jobs of one server run at a time, so that one slow server cannot hold every place.
PER_GUILD = 4

OwnsGuild = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits; `ready_at` is its due time or the end of its backoff, in milliseconds UTC."""

    id: int
    guild_id: int | None
    ready_at: int


def open_from(guild_id: int | None, ready_at: int, owns_guild: OwnsGuild) -> int:
    """Return from when this process may take a job, in milliseconds UTC; one of no server is anybody's."""
    if guild_id is None or owns_guild(guild_id):
        return ready_at
    return ready_at + GRACE // timedelta(milliseconds=1)


def choose(
    waiting: Iterable[Waiting], now: int, owns_guild: OwnsGuild, busy: Mapping[int | None, int], places: int
) -> list[int]:
    """Return the ids to take, in the order given: at most `places`, and at most `PER_GUILD` of a server."""
    taken = Counter(busy)
    chosen: list[int] = []
    for job in waiting:
        if len(chosen) >= places:
            break
        if taken[job.guild_id] < PER_GUILD and open_from(job.guild_id, job.ready_at, owns_guild) <= now:
            taken[job.guild_id] += 1
            chosen.append(job.id)
    return chosen
