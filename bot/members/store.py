"""The only room that knows the tables of a person's settings."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock, from_ms, to_ms
from bot.members import past
from bot.members.model import MemberProfile
from bot.members.past import OwnStay, Rest, RestKind
from bot.storage import Database, Reader, Row, Value, Vault, Writer

_SETTINGS = frozenset(
    {"timezone", "country", "quiet_from", "quiet_to", "words", "default_audience", "companion", "reminders"}
)


@dataclass(frozen=True, slots=True)
class Avoid:
    """Somebody whom a person never wants to be paired with."""

    other_id: int
    created_at: datetime


class Members:
    """Reads and keeps people's settings, server by server. How somebody names their road is sealed."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def profile(self, guild_id: int, user_id: int) -> MemberProfile:
        """Return the person's settings in this server; the defaults for somebody without any."""
        async with self._database.read() as reader:
            return await self.profile_in(reader, guild_id, user_id)

    async def profile_in(self, reader: Reader, guild_id: int, user_id: int) -> MemberProfile:
        """`profile` inside the caller's transaction."""
        row = await reader.fetch_one("SELECT * FROM members WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
        return self._profile(row) if row else MemberProfile(guild_id, user_id)

    async def country(self, guild_id: int, user_id: int) -> str | None:
        """Return the person's country in this server. Opens no sealed word: `/sos` needs no key."""
        async with self._database.read() as reader:
            value: str | None = await reader.fetch_value(
                "SELECT country FROM members WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
            )
        return value

    async def country_anywhere(self, user_id: int) -> str | None:
        """Return the country the person named last in any server: their own word, used in direct messages only."""
        async with self._database.read() as reader:
            value: str | None = await reader.fetch_value(
                "SELECT country FROM members WHERE user_id = $1 AND country IS NOT NULL "
                "ORDER BY updated_at DESC LIMIT 1",
                user_id,
            )
        return value

    async def set(self, writer: Writer, guild_id: int, user_id: int, **settings: str | int | None) -> None:
        """Keep the given settings and leave the others as they are. Raises `ValueError` for a setting unknown here."""
        if not settings or not settings.keys() <= _SETTINGS:
            raise ValueError("unknown setting")
        if "timezone" in settings:
            zone = settings["timezone"]
            await past.move(writer, guild_id, user_id, None if zone is None else str(zone), self._clock.now())
        columns: list[str] = []
        values: list[Value] = []
        for name, value in settings.items():
            sealed = name == "words"
            columns.append("words_sealed" if sealed else name)
            values.append(self._vault.seal(value) if sealed and isinstance(value, str) else value)
        await self._upsert(writer, guild_id, user_id, columns, values)

    async def set_break(
        self, writer: Writer, guild_id: int, user_id: int, *, resting: bool, until: datetime | None = None
    ) -> None:
        """Begin a break, with or without an end, or end it."""
        now = to_ms(self._clock.now())
        await self._upsert(
            writer,
            guild_id,
            user_id,
            ["break_since", "break_until"],
            [now if resting else None, to_ms(until) if until else None],
        )
        await self.rest(writer, guild_id, user_id, "break", resting=resting, until=until)

    async def rest(
        self,
        writer: Writer,
        guild_id: int,
        user_id: int,
        kind: RestKind,
        *,
        resting: bool,
        until: datetime | None = None,
    ) -> bool:
        """Begin a rest, with or without an end, or end it; False where there was none to end."""
        now = self._clock.now()
        if not resting:
            return await past.end_rest(writer, guild_id, user_id, kind, now)
        await past.begin_rest(writer, guild_id, user_id, kind, now, until)
        return True

    async def rests_in(self, reader: Reader, guild_id: int, user_id: int) -> tuple[Rest, ...]:
        """Return the person's rests, over ones too, the earliest first."""
        return await past.rests_of(reader, guild_id, user_id)

    async def stays_in(self, reader: Reader, guild_id: int, user_id: int) -> tuple[OwnStay, ...]:
        """Return since when which zone of theirs held, the earliest first; None stands for "by the group's"."""
        return await past.stays_of(reader, guild_id, user_id)

    async def _upsert(
        self, writer: Writer, guild_id: int, user_id: int, columns: list[str], values: list[Value]
    ) -> None:
        # The column names come from this file alone.
        places = ", ".join(f"${number}" for number in range(4, 4 + len(columns)))
        updates = ", ".join(f"{name} = excluded.{name}" for name in (*columns, "updated_at"))
        await writer.execute(
            f"INSERT INTO members (guild_id, user_id, created_at, updated_at, {', '.join(columns)}) "  # noqa: S608
            f"VALUES ($1, $2, $3, $3, {places}) ON CONFLICT (guild_id, user_id) DO UPDATE SET {updates}",
            guild_id, user_id, to_ms(self._clock.now()), *values,
        )  # fmt: skip

    async def avoids(self, guild_id: int, user_id: int) -> tuple[Avoid, ...]:
        """Return whom the person avoids, oldest first."""
        async with self._database.read() as reader:
            rows = await reader.fetch_all(
                "SELECT other_id, created_at FROM member_avoids WHERE guild_id = $1 AND user_id = $2 "
                "ORDER BY created_at, other_id",
                guild_id, user_id,
            )  # fmt: skip
        return tuple(Avoid(row["other_id"], from_ms(row["created_at"])) for row in rows)

    async def apart(self, guild_id: int, one: int, other: int) -> bool:
        """Whether either of the two avoids the other."""
        async with self._database.read() as reader:
            found = await reader.fetch_value(
                "SELECT 1 FROM member_avoids WHERE guild_id = $1 "
                "AND ((user_id = $2 AND other_id = $3) OR (user_id = $3 AND other_id = $2))",
                guild_id, one, other,
            )  # fmt: skip
        return found is not None

    async def avoid(self, writer: Writer, guild_id: int, user_id: int, other_id: int) -> bool:
        """Keep that the person avoids the other; return False when it was kept already."""
        changed = await writer.execute(
            "INSERT INTO member_avoids (guild_id, user_id, other_id, created_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (guild_id, user_id, other_id) DO NOTHING",
            guild_id, user_id, other_id, to_ms(self._clock.now()),
        )  # fmt: skip
        return changed > 0

    async def stop_avoiding(self, writer: Writer, guild_id: int, user_id: int, other_id: int) -> bool:
        """Forget that the person avoids the other; return False when there was nothing to forget."""
        changed = await writer.execute(
            "DELETE FROM member_avoids WHERE guild_id = $1 AND user_id = $2 AND other_id = $3",
            guild_id, user_id, other_id,
        )  # fmt: skip
        return changed > 0

    async def all_apart(self, reader: Reader, guild_id: int, user_id: int) -> frozenset[int]:
        """Return everybody who avoids the person or whom the person avoids."""
        rows = await reader.fetch_all(
            "SELECT CASE WHEN user_id = $2 THEN other_id ELSE user_id END AS apart FROM member_avoids "
            "WHERE guild_id = $1 AND (user_id = $2 OR other_id = $2)",
            guild_id, user_id,
        )  # fmt: skip
        return frozenset(row["apart"] for row in rows)

    async def companions_in(self, reader: Reader, guild_id: int) -> tuple[MemberProfile, ...]:
        """Return the settings of everybody here who offered to answer others. Opens no sealed word."""
        rows = await reader.fetch_all(
            "SELECT guild_id, user_id, timezone, country, quiet_from, quiet_to, NULL AS words_sealed, "
            "default_audience, companion, reminders, break_since, break_until FROM members "
            "WHERE guild_id = $1 AND companion = 1 AND left_at IS NULL ORDER BY user_id",
            guild_id,
        )
        return tuple(self._profile(row) for row in rows)

    def _profile(self, row: Row) -> MemberProfile:
        return MemberProfile(
            guild_id=row["guild_id"],
            user_id=row["user_id"],
            timezone=row["timezone"],
            country=row["country"],
            quiet_from=row["quiet_from"],
            quiet_to=row["quiet_to"],
            words=self._vault.open(row["words_sealed"]) if row["words_sealed"] else None,
            default_audience=row["default_audience"] or "me",
            companion=bool(row["companion"]),
            reminders=bool(row["reminders"]),
            break_since=None if row["break_since"] is None else from_ms(row["break_since"]),
            break_until=None if row["break_until"] is None else from_ms(row["break_until"]),
        )
