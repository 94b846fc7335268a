"""The platform's own duty towards a person's data: settings, zones and rests before, avoid list, consent."""

from typing import Any

from bot.clock import from_ms
from bot.contracts import Erased, OwnedTables
from bot.members.store import Members
from bot.storage import Reader, Writer
from bot.times import show_clock


class MemberData(OwnedTables):
    """Exports and erases a person's settings. Somebody else's avoid list is theirs and stays."""

    name = "settings"
    tables = frozenset({"members", "member_avoids", "member_rests", "member_stays", "consents"})

    def __init__(self, members: Members) -> None:
        self._members = members

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        """Return the settings, opened, with what was before, the avoid list and the consent given."""
        parts = {
            "settings": await self._settings(reader, guild_id, user_id),
            "zones": await self._zones(reader, guild_id, user_id),
            "rests": await self._rests(reader, guild_id, user_id),
            "avoid_list": await self._avoid_list(reader, guild_id, user_id),
            "consent": await self._consent(reader, guild_id, user_id),
        }
        return {name: part for name, part in parts.items() if part}

    async def _settings(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        row = await reader.fetch_one(
            "SELECT created_at, updated_at, left_at FROM members WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id,
        )  # fmt: skip
        if row is None:
            return {}
        profile = await self._members.profile_in(reader, guild_id, user_id)
        return {
            "timezone": profile.timezone,
            "country": profile.country,
            "quiet_from": None if profile.quiet_from is None else show_clock(profile.quiet_from),
            "quiet_to": None if profile.quiet_to is None else show_clock(profile.quiet_to),
            "words": profile.words,
            "default_audience": profile.default_audience,
            "companion": profile.companion,
            "reminders": profile.reminders,
            "break_since": profile.break_since.isoformat() if profile.break_since else None,
            "break_until": profile.break_until.isoformat() if profile.break_until else None,
            "since": _when(row["created_at"]),
            "changed": _when(row["updated_at"]),
            "left": _when(row["left_at"]),
        }

    async def _zones(self, reader: Reader, guild_id: int, user_id: int) -> list[dict[str, str | None]]:
        rows = await reader.fetch_all(
            "SELECT since, timezone FROM member_stays WHERE guild_id = $1 AND user_id = $2 ORDER BY since",
            guild_id, user_id,
        )  # fmt: skip
        # The first one has no beginning that we know of.
        return [{"timezone": row["timezone"], "since": _when(row["since"] or None)} for row in rows]

    async def _rests(self, reader: Reader, guild_id: int, user_id: int) -> list[dict[str, str | None]]:
        rows = await reader.fetch_all(
            "SELECT kind, since, until FROM member_rests WHERE guild_id = $1 AND user_id = $2 ORDER BY since, kind",
            guild_id, user_id,
        )  # fmt: skip
        return [{"from": row["kind"], "since": _when(row["since"]), "until": _when(row["until"])} for row in rows]

    async def _avoid_list(self, reader: Reader, guild_id: int, user_id: int) -> list[dict[str, str | None]]:
        rows = await reader.fetch_all(
            "SELECT other_id, created_at FROM member_avoids WHERE guild_id = $1 AND user_id = $2 ORDER BY created_at",
            guild_id, user_id,
        )  # fmt: skip
        return [{"person": str(row["other_id"]), "since": _when(row["created_at"])} for row in rows]

    async def _consent(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, str | None]:
        row = await reader.fetch_one(
            "SELECT policy_version, agreed_at FROM consents WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return {"version": row["policy_version"], "agreed_at": _when(row["agreed_at"])} if row is not None else {}

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete the settings, what was before, the person's own avoid list and their consent."""
        return Erased(await self.erase_rows(writer, guild_id, user_id))


def _when(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else from_ms(milliseconds).isoformat()
