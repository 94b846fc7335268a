"""The only room that knows the tables of a group's set-up."""

from datetime import datetime

from bot.clock import EPOCH, Clock, from_ms, to_ms
from bot.guilds.model import GuildProfile
from bot.storage import Database, Reader, Row, Writer

_COLUMNS = "guild_id, timezone, country, kind, quiet_from, quiet_to, paused_since, paused_until"


class Guilds:
    """Reads and keeps groups. Nothing is cached: several processes may serve one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def profile(self, guild_id: int) -> GuildProfile:
        """Return the group's profile; an empty one for a group that has not been set up."""
        async with self._database.read() as reader:
            row = await reader.fetch_one(f"SELECT {_COLUMNS} FROM guilds WHERE guild_id = $1", guild_id)  # noqa: S608
        return _profile(row) if row else GuildProfile(guild_id)

    async def channels(self, guild_id: int) -> dict[str, int]:
        """Return the channel id of each purpose that has one."""
        async with self._database.read() as reader:
            return await self.channels_in(reader, guild_id)

    async def channels_in(self, reader: Reader, guild_id: int) -> dict[str, int]:
        """`channels` inside the caller's transaction."""
        rows = await reader.fetch_all("SELECT purpose, channel_id FROM guild_channels WHERE guild_id = $1", guild_id)
        return {row["purpose"]: row["channel_id"] for row in rows}

    async def roles(self, guild_id: int) -> dict[str, int]:
        """Return the role id of each purpose that has one."""
        async with self._database.read() as reader:
            return await self.roles_in(reader, guild_id)

    async def roles_in(self, reader: Reader, guild_id: int) -> dict[str, int]:
        """`roles` inside the caller's transaction."""
        rows = await reader.fetch_all("SELECT purpose, role_id FROM guild_roles WHERE guild_id = $1", guild_id)
        return {row["purpose"]: row["role_id"] for row in rows}

    async def retention(self, guild_id: int) -> dict[str, int]:
        """Return the months each feature keeps, where the group chose its own."""
        async with self._database.read() as reader:
            rows = await reader.fetch_all("SELECT feature, months FROM guild_retention WHERE guild_id = $1", guild_id)
        return {row["feature"]: row["months"] for row in rows}

    async def set_profile(
        self,
        writer: Writer,
        guild_id: int,
        *,
        timezone: str | None = None,
        country: str | None = None,
        kind: str | None = None,
        quiet: tuple[int, int] | None = None,
    ) -> None:
        """Keep the given parts of the profile; None leaves a part as it is."""
        now = to_ms(self._clock.now())
        if timezone is not None:
            await self._move(writer, guild_id, timezone, now)
        quiet_from, quiet_to = quiet or (None, None)
        await writer.execute(
            "INSERT INTO guilds (guild_id, timezone, country, kind, quiet_from, quiet_to, created_at, updated_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (guild_id) DO UPDATE SET "
            "timezone = COALESCE(excluded.timezone, guilds.timezone), "
            "country = COALESCE(excluded.country, guilds.country), "
            "kind = COALESCE(excluded.kind, guilds.kind), "
            "quiet_from = COALESCE(excluded.quiet_from, guilds.quiet_from), "
            "quiet_to = COALESCE(excluded.quiet_to, guilds.quiet_to), updated_at = excluded.updated_at",
            guild_id, timezone, country, kind, quiet_from, quiet_to, now,
        )  # fmt: skip

    async def _move(self, writer: Writer, guild_id: int, timezone: str, now: int) -> None:
        """Keep that another zone holds from `now` on; nothing where it is the same."""
        before = await self._timezone(writer, guild_id)
        if before == timezone:
            return
        await writer.execute(
            "INSERT INTO guild_stays (guild_id, since, timezone) SELECT $1, 0, $2 "
            "WHERE NOT EXISTS (SELECT 1 FROM guild_stays WHERE guild_id = $1)",
            guild_id, before,
        )  # fmt: skip
        await writer.execute(
            "INSERT INTO guild_stays (guild_id, since, timezone) VALUES ($1, $2, $3) "
            "ON CONFLICT (guild_id, since) DO UPDATE SET timezone = excluded.timezone",
            guild_id, now, timezone,
        )  # fmt: skip

    async def _timezone(self, reader: Reader, guild_id: int) -> str:
        """Return the group's zone; one that has none reckons in UTC."""
        found: str | None = await reader.fetch_value("SELECT timezone FROM guilds WHERE guild_id = $1", guild_id)
        return found or "UTC"

    async def stays_in(self, reader: Reader, guild_id: int) -> tuple[tuple[datetime, str], ...]:
        """Return since when which zone held for the group, the earliest first; at least one."""
        rows = await reader.fetch_all(
            "SELECT since, timezone FROM guild_stays WHERE guild_id = $1 ORDER BY since", guild_id
        )
        if rows:
            return tuple((from_ms(row["since"]), row["timezone"]) for row in rows)
        return ((EPOCH, await self._timezone(reader, guild_id)),)

    async def rests_in(
        self, reader: Reader, guild_id: int, since: datetime
    ) -> tuple[tuple[datetime, datetime | None], ...]:
        """Return the group's rests (from, until) that go beyond `since`, the earliest first; no end: it goes on."""
        rows = await reader.fetch_all(
            "SELECT since, until FROM guild_rests WHERE guild_id = $1 AND (until IS NULL OR until > $2) ORDER BY since",
            guild_id, to_ms(since),
        )  # fmt: skip
        return tuple((from_ms(row["since"]), None if row["until"] is None else from_ms(row["until"])) for row in rows)

    async def clear_quiet(self, writer: Writer, guild_id: int) -> None:
        """Keep that the group wants no quiet hours."""
        await writer.execute(
            "UPDATE guilds SET quiet_from = NULL, quiet_to = NULL, updated_at = $2 WHERE guild_id = $1",
            guild_id, to_ms(self._clock.now()),
        )  # fmt: skip

    async def set_left(self, writer: Writer, guild_id: int, *, left: bool) -> None:
        """Keep since when the bot is out of the server, or that it is back; nothing for a group without a set-up."""
        now = to_ms(self._clock.now())
        await writer.execute(
            "UPDATE guilds SET left_at = $2, updated_at = $3 WHERE guild_id = $1", guild_id, now if left else None, now
        )

    async def set_pause(self, writer: Writer, guild_id: int, paused: bool, until: datetime | None) -> None:
        """Let the whole bot rest in this group, until a moment or until told otherwise; or wake it."""
        now = to_ms(self._clock.now())
        await writer.execute(
            "INSERT INTO guilds (guild_id, paused_since, paused_until, created_at, updated_at) "
            "VALUES ($1, $2, $3, $4, $4) ON CONFLICT (guild_id) DO UPDATE SET "
            "paused_since = excluded.paused_since, paused_until = excluded.paused_until, "
            "updated_at = excluded.updated_at",
            guild_id, now if paused else None, to_ms(until) if until else None, now,
        )  # fmt: skip
        end = (to_ms(until) if until else None) if paused else now
        goes_on = await writer.execute(
            "UPDATE guild_rests SET until = $2 WHERE guild_id = $1 AND (until IS NULL OR until > $3)",
            guild_id, end, now,
        )  # fmt: skip
        if paused and not goes_on:
            await writer.execute(
                "INSERT INTO guild_rests (guild_id, since, until) VALUES ($1, $2, $3) "
                "ON CONFLICT (guild_id, since) DO UPDATE SET until = excluded.until",
                guild_id, now, end,
            )  # fmt: skip

    async def set_channel(self, writer: Writer, guild_id: int, purpose: str, channel_id: int) -> None:
        """Give a purpose its channel."""
        await writer.execute(
            "INSERT INTO guild_channels (guild_id, purpose, channel_id, updated_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (guild_id, purpose) DO UPDATE SET channel_id = excluded.channel_id, "
            "updated_at = excluded.updated_at",
            guild_id, purpose, channel_id, to_ms(self._clock.now()),
        )  # fmt: skip

    async def set_role(self, writer: Writer, guild_id: int, purpose: str, role_id: int) -> None:
        """Give a purpose its role."""
        await writer.execute(
            "INSERT INTO guild_roles (guild_id, purpose, role_id, updated_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (guild_id, purpose) DO UPDATE SET role_id = excluded.role_id, "
            "updated_at = excluded.updated_at",
            guild_id, purpose, role_id, to_ms(self._clock.now()),
        )  # fmt: skip

    async def set_retention(self, writer: Writer, guild_id: int, feature: str, months: int) -> None:
        """Keep how many months a feature's data stay."""
        await writer.execute(
            "INSERT INTO guild_retention (guild_id, feature, months) VALUES ($1, $2, $3) "
            "ON CONFLICT (guild_id, feature) DO UPDATE SET months = excluded.months",
            guild_id, feature, months,
        )  # fmt: skip

    async def forget_channel(self, writer: Writer, guild_id: int, channel_id: int) -> int:
        """Forget a channel that is gone; return how many purposes it had."""
        return await writer.execute(
            "DELETE FROM guild_channels WHERE guild_id = $1 AND channel_id = $2", guild_id, channel_id
        )

    async def forget_role(self, writer: Writer, guild_id: int, role_id: int) -> int:
        """Forget a role that is gone; return how many purposes it had."""
        return await writer.execute("DELETE FROM guild_roles WHERE guild_id = $1 AND role_id = $2", guild_id, role_id)

    async def reset(self, writer: Writer, guild_id: int) -> None:
        """Erase the group's set-up."""
        for table in ("guild_channels", "guild_roles", "guild_retention", "guild_rests", "guild_stays", "guilds"):
            await writer.execute(f"DELETE FROM {table} WHERE guild_id = $1", guild_id)  # noqa: S608 - six literals


def _profile(row: Row) -> GuildProfile:
    return GuildProfile(
        guild_id=row["guild_id"],
        timezone=row["timezone"],
        country=row["country"],
        kind=row["kind"],
        quiet_from=row["quiet_from"],
        quiet_to=row["quiet_to"],
        paused_since=None if row["paused_since"] is None else from_ms(row["paused_since"]),
        paused_until=None if row["paused_until"] is None else from_ms(row["paused_until"]),
    )
