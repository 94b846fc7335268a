"""The platform's own duty towards a person's data: settings, avoid list, consent."""

from typing import Any

from bot.clock import from_ms
from bot.contracts import Erased
from bot.members.store import Members
from bot.storage import Reader, Writer


class MemberData:
    """Exports and erases a person's settings. Somebody else's avoid list is theirs and stays."""

    name = "settings"
    tables = frozenset({"members", "member_avoids", "consents"})

    def __init__(self, members: Members) -> None:
        self._members = members

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        """Return the settings, opened, with the avoid list and the consent given."""
        found: dict[str, Any] = {}
        row = await reader.fetch_one(
            "SELECT created_at FROM members WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        if row is not None:
            profile = await self._members.profile_in(reader, guild_id, user_id)
            found["settings"] = {
                "timezone": profile.timezone,
                "country": profile.country,
                "quiet_from_minute": profile.quiet_from,
                "quiet_to_minute": profile.quiet_to,
                "words": profile.words,
                "default_audience": profile.default_audience,
                "companion": profile.companion,
                "reminders": profile.reminders,
                "break_since": profile.break_since.isoformat() if profile.break_since else None,
                "break_until": profile.break_until.isoformat() if profile.break_until else None,
                "since": from_ms(row["created_at"]).isoformat(),
            }
        avoids = await reader.fetch_all(
            "SELECT other_id FROM member_avoids WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        if avoids:
            found["avoid_list"] = [str(row["other_id"]) for row in avoids]
        consent = await reader.fetch_one(
            "SELECT policy_version, agreed_at FROM consents WHERE guild_id = $1 AND user_id = $2",
            guild_id,
            user_id,
        )
        if consent is not None:
            found["consent"] = {
                "version": consent["policy_version"],
                "agreed_at": from_ms(consent["agreed_at"]).isoformat(),
            }
        return found

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete the settings, the person's own avoid list and their consent."""
        rows = 0
        for table in sorted(self.tables):
            rows += await writer.execute(
                f"DELETE FROM {table} WHERE guild_id = $1 AND user_id = $2",  # noqa: S608 - the names above
                guild_id, user_id,
            )  # fmt: skip
        return Erased(rows)

    async def erase_guild(self, writer: Writer, guild_id: int) -> int:
        """Delete everybody's settings in this server."""
        rows = 0
        for table in sorted(self.tables):
            rows += await writer.execute(f"DELETE FROM {table} WHERE guild_id = $1", guild_id)  # noqa: S608
        return rows

    async def servers(self, reader: Reader, user_id: int | None = None) -> set[int]:
        """Return the servers in which the person, or anybody, has settings, an avoid list or a consent."""
        found: set[int] = set()
        for table in sorted(self.tables):
            where, values = ("", ()) if user_id is None else (" WHERE user_id = $1", (user_id,))
            rows = await reader.fetch_all(f"SELECT DISTINCT guild_id FROM {table}{where}", *values)  # noqa: S608
            found.update(row["guild_id"] for row in rows)
        return found

    async def people(self, reader: Reader, guild_id: int) -> set[int]:
        """Return everybody with settings, an avoid list or a consent in this server."""
        found: set[int] = set()
        for table in sorted(self.tables):
            rows = await reader.fetch_all(
                f"SELECT DISTINCT user_id FROM {table} WHERE guild_id = $1",  # noqa: S608 - the names above
                guild_id,
            )
            found.update(row["user_id"] for row in rows)
        return found
