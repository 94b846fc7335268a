"""The platform's own duty towards a person's data: settings, avoid list, consent."""

from typing import Any

from bot.clock import from_ms
from bot.contracts import Erased, OwnedTables
from bot.members.store import Members
from bot.storage import Reader, Writer


class MemberData(OwnedTables):
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
        return Erased(await self.erase_rows(writer, guild_id, user_id))
