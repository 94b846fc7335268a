"""Which one companion is asked to answer an entry. Pure; every condition is product.md's reply guarantee.

Group quiet hours don't count here: they are about posts, a request is a private message, and companions elsewhere may
be awake. A companion without quiet hours of their own is spared in the group's (the caller gives those as theirs).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b

from bot.times import Quiet
from cogs.checkins.rules.days import day_of

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who might answer, seen from one entry at this moment; whatever isn't known is no.

    `avoids`: either of the two has the other on their avoid list. `sees`: can see the entry where it stands, already.
    `zone` is their own; `last_asked` is the last request about any entry in this group.
    """

    user_id: int
    zone: tzinfo
    opted_in: bool = False
    has_role: bool = False
    sees: bool = False
    on_break: bool = False
    avoids: bool = False
    quiet: Quiet | None = None
    last_asked: datetime | None = None

    @property
    def may_answer(self) -> bool:
        """Whether this is somebody to answer this entry at all, whatever the hour."""
        return self.opted_in and self.has_role and self.sees and not self.on_break and not self.avoids

    def may_be_asked(self, now: datetime) -> bool:
        """Whether they may be asked now: awake, and not asked yet on this day of theirs (04:00 to 04:00)."""
        if not self.may_answer or (self.quiet is not None and self.quiet.holds(now)):
            return False
        return self.last_asked is None or day_of(self.last_asked, self.zone) < day_of(now, self.zone)


def choose_companion(
    companions: Iterable[Companion], now: datetime, *, writer_id: int, asked: Collection[int], seed: str
) -> Companion | None:
    """The companion to ask, who is not the writer and not among those `asked` about this entry; None: nobody may be.

    Whoever was asked longest ago comes first, those never asked before all; `seed` (the entry) draws among equals.
    """
    free = [
        one
        for one in companions
        if one.user_id != writer_id and one.user_id not in asked and one.may_be_asked(now)
    ]  # fmt: skip
    return min(free, key=lambda one: (one.last_asked or _NEVER, _lot(seed, one.user_id)), default=None)


def _lot(seed: str, user_id: int) -> bytes:
    return blake2b(f"{seed}:{user_id}".encode(), digest_size=16).digest()
