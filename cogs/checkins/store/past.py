"""What a member's history is drawn from: numbers by day without opening any sealed word, and which entries a page has.

Every question is about one person in one server, so that the cost is theirs alone, however many others there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.content import Role
from bot.content.checkins import ROLE_SCALES
from bot.storage import Reader, Row


@dataclass(frozen=True, slots=True)
class Mark:
    """The numbers of one entry, by measure; one that was left blank or not asked isn't among them."""

    day: date
    numbers: Mapping[Role, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extent:
    """How many entries somebody has, and their first and last day."""

    count: int
    first: date
    last: date


class PastStore:
    """Reads `checkin_entries` for its writer; it changes nothing."""

    async def extent(self, reader: Reader, guild_id: int, user_id: int) -> Extent | None:
        """Return how far somebody's entries reach; None without one."""
        row = await reader.fetch_one(
            "SELECT COUNT(*) AS number, MIN(day) AS first, MAX(day) AS last FROM checkin_entries "
            "WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id,
        )  # fmt: skip
        if row is None or not row["number"]:
            return None
        return Extent(row["number"], date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))

    async def marks(self, reader: Reader, guild_id: int, user_id: int, first: date, last: date) -> tuple[Mark, ...]:
        """Return the numbers of the entries from `first` to `last`, in the order in which they were written."""
        rows = await reader.fetch_all(
            "SELECT day, mood, sleep, urge FROM checkin_entries "
            "WHERE guild_id = $1 AND user_id = $2 AND day >= $3 AND day <= $4 ORDER BY day, written_at, entry_id",
            guild_id, user_id, first.isoformat(), last.isoformat(),
        )  # fmt: skip
        return tuple(_mark(row) for row in rows)

    async def page(
        self, reader: Reader, guild_id: int, user_id: int, first: date, last: date, *, skip: int, limit: int
    ) -> dict[int, date]:
        """Return ids and days of some entries from `first` to `last`, the newest first."""
        rows = await reader.fetch_all(
            "SELECT entry_id, day FROM checkin_entries WHERE guild_id = $1 AND user_id = $2 AND day >= $3 "
            "AND day <= $4 ORDER BY day DESC, written_at DESC, entry_id DESC LIMIT $5 OFFSET $6",
            guild_id, user_id, first.isoformat(), last.isoformat(), limit, skip,
        )  # fmt: skip
        return {row["entry_id"]: date.fromisoformat(row["day"]) for row in rows}

    async def nearest(
        self, reader: Reader, guild_id: int, user_id: int, *, before: date | None = None, after: date | None = None
    ) -> date | None:
        """Return the last day with an entry before a day, or the first one after another; None where there is none."""
        sought, sign, edge = ("MAX", "<", before) if before else ("MIN", ">", after or date.max)
        found = await reader.fetch_value(
            f"SELECT {sought}(day) FROM checkin_entries "  # noqa: S608 - two literals
            f"WHERE guild_id = $1 AND user_id = $2 AND day {sign} $3",
            guild_id, user_id, edge.isoformat(),
        )  # fmt: skip
        return date.fromisoformat(found) if found else None


def _mark(row: Row) -> Mark:
    numbers = {role: int(row[role]) for role in ROLE_SCALES if row[role] is not None}
    return Mark(date.fromisoformat(row["day"]), numbers)
