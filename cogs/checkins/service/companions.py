"""Who of a group may be asked to answer an entry, as far as the database knows."""

from datetime import datetime

from bot.guilds import GuildProfile
from bot.members import MemberProfile, Members
from bot.storage import Reader
from bot.times import Quiet
from cogs.checkins.rules import Companion
from cogs.checkins.service.clocks import named_zone, quiet_of
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.requests import RequestStore


class Companions:
    """What only Discord knows, that somebody holds the role and sees the entry, is taken for true here.

    Whoever goes on from here asks Discord about the one who would be asked, and comes back where it isn't so.
    """

    def __init__(self, members: Members, requests: RequestStore) -> None:
        self._members = members
        self._requests = requests

    async def around(
        self, reader: Reader, entry: Entry, group: GuildProfile, now: datetime
    ) -> tuple[Companion, ...]:  # fmt: skip
        """Return everybody who offered to answer others, as this entry and this moment see them."""
        profiles = await self._members.companions_in(reader, entry.guild_id)
        apart = await self._members.all_apart(reader, entry.guild_id, entry.user_id)
        last = await self._requests.last_asked(reader, entry.guild_id, [one.user_id for one in profiles])
        return tuple(
            Companion(
                one.user_id,
                named_zone(one.timezone, group),
                opted_in=one.companion,
                has_role=True,
                sees=True,
                on_break=one.on_break(now),
                avoids=one.user_id in apart,
                quiet=_quiet(one, group),
                last_asked=last.get(one.user_id),
            )
            for one in profiles
        )


def _quiet(profile: MemberProfile, group: GuildProfile) -> Quiet | None:
    """Return somebody's own quiet hours, else the group's."""
    if profile.quiet_from is None or profile.quiet_to is None:
        return quiet_of(group)
    return Quiet(profile.quiet_from, profile.quiet_to, named_zone(profile.timezone, group))
