"""The use cases of a person's own settings in one group."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock, from_ms, to_ms
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.members import Consents, MemberProfile, Members
from bot.members.store import Avoid
from bot.storage import Database, Writer
from bot.times import parse_until
from cogs.me.rules import Change, hours_of

# The names under which the members' room keeps what has one value.
_COLUMNS = {"words": "words", "audience": "default_audience", "timezone": "timezone", "country": "country"}
_SWITCHES = ("companion", "reminders")


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody's settings panel shows; `companion_role` says whether they hold that role now."""

    profile: MemberProfile
    group: GuildProfile
    now: datetime
    companion_role: bool = False

    @property
    def zone(self) -> str | None:
        """The zone that counts: the person's, else the group's."""
        return self.profile.timezone or self.group.timezone

    @property
    def country(self) -> str | None:
        """The country that counts: the person's, else the group's."""
        return self.profile.country or self.group.country


class MeService:
    """Reads and keeps a person's settings. Nothing new is stored without their consent."""

    def __init__(self, database: Database, members: Members, consents: Consents, guilds: Guilds, clock: Clock) -> None:
        self._database = database
        self._members = members
        self._consents = consents
        self._guilds = guilds
        self._clock = clock

    async def settings(self, guild_id: int, user_id: int) -> Settings:
        """Return everything the panel shows, but for the role, which only Discord knows."""
        profile, group = await asyncio.gather(self._members.profile(guild_id, user_id), self._guilds.profile(guild_id))
        return Settings(profile, group, self._clock.now())

    async def rest_change(self, guild_id: int, user_id: int, until: str | None) -> Change:
        """Return the wish for a break, its end read by the person's clock. Raises `Refusal` where it doesn't read."""
        if not until or not until.strip():
            return Change("rest", "")
        zone = (await self.settings(guild_id, user_id)).zone
        end = parse_until(until, self._clock.now(), ZoneInfo(zone or "UTC"))
        return Change("rest", str(to_ms(end)))

    async def keep(self, guild_id: int, user_id: int, change: Change, *, companion_role: bool) -> bool:
        """Keep a change; return False where everything was so already (somebody is on the avoid list).

        Raises `Refusal` for an end of a break that has passed, for oneself on the avoid list, and for offering to be a
        companion without the role. Raises `ConditionFailed`, having stored nothing, for somebody who has not agreed
        to the policy.
        """
        if change.kind == "companion" and change.value == "1" and not companion_role:
            raise Refusal("me.companion.needs_role")
        if change.kind == "avoid" and int(change.value) == user_id:
            raise Refusal("me.avoid.self")
        if change.kind == "rest" and change.value and from_ms(int(change.value)) <= self._clock.now():
            raise Refusal("times.until.past")
        async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
            return await self._store(writer, guild_id, user_id, change)

    async def _store(self, writer: Writer, guild_id: int, user_id: int, change: Change) -> bool:
        if change.kind == "avoid":
            return await self._members.avoid(writer, guild_id, user_id, int(change.value))
        if change.kind == "rest":
            until = from_ms(int(change.value)) if change.value else None
            await self._members.set_break(writer, guild_id, user_id, resting=True, until=until)
        elif change.kind == "quiet":
            start, end = hours_of(change.value) if change.value else (None, None)
            await self._members.set(writer, guild_id, user_id, quiet_from=start, quiet_to=end)
        elif change.kind in _SWITCHES:
            await self._members.set(writer, guild_id, user_id, **{change.kind: int(change.value)})
        else:
            await self._members.set(writer, guild_id, user_id, **{_COLUMNS[change.kind]: change.value or None})
        return True

    async def end_break(self, guild_id: int, user_id: int) -> bool:
        """End the person's break; return False where there was none. Stores nothing new, so it needs no consent."""
        profile = await self._members.profile(guild_id, user_id)
        if profile.break_since is None:
            return False
        async with self._database.write() as writer:
            await self._members.set_break(writer, guild_id, user_id, resting=False)
        return profile.on_break(self._clock.now())

    async def avoids(self, guild_id: int, user_id: int) -> tuple[Avoid, ...]:
        """Return whom the person avoids, oldest first."""
        return await self._members.avoids(guild_id, user_id)

    async def stop_avoiding(self, guild_id: int, user_id: int, other_id: int) -> bool:
        """Take somebody off the list; return False where they were not on it. Only ever the person's own list."""
        async with self._database.write() as writer:
            return await self._members.stop_avoiding(writer, guild_id, user_id, other_id)
