"""Rests from check-ins: the rhythm waits, and so does the reminder. A break from everything is `/me break`."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock, from_ms, to_ms
from bot.errors import Refusal
from bot.members import Consents, Members
from bot.storage import Database
from bot.times import parse_until
from cogs.checkins.service.rhythm import RhythmService

_LONGEST_NUMBER = 15
"""Digits of milliseconds that are still a date."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A rest that was kept; None: without an end. `on_break`: everything else rests, too."""

    until: datetime | None
    on_break: bool


@dataclass(frozen=True, slots=True)
class Resumed:
    """A rest that was ended, where there was one (`rested`); `on_break`: a break from everything goes on."""

    rested: bool
    on_break: bool


class RestService:
    """Begins and ends a member's own rest from check-ins."""

    def __init__(
        self, database: Database, clock: Clock, members: Members, consents: Consents, rhythm: RhythmService
    ) -> None:
        self._database = database
        self._clock = clock
        self._members = members
        self._consents = consents
        self._rhythm = rhythm

    async def wish(self, guild_id: int, user_id: int, until: str | None) -> str:
        """Return the wish for a rest as it travels in a button, its end read by the member's clock.

        Raises `Refusal` as `parse_until` does.
        """
        if not until or not until.strip():
            return ""
        clock = await self._rhythm.clock(guild_id, user_id)
        return str(to_ms(parse_until(until, clock.now, clock.zone)))

    async def pause(self, guild_id: int, user_id: int, wish: str) -> Paused:
        """Keep a rest, or its new end. Raises `Refusal` for a wish that is none, or whose end has passed by now.

        Raises `ConditionFailed`, having stored nothing, for somebody who has not agreed to the policy.
        """
        if wish and not (wish.isascii() and wish.isdecimal() and len(wish) < _LONGEST_NUMBER):
            raise Refusal("kit.refused.outdated")
        until = from_ms(int(wish)) if wish else None
        if until is not None and until <= self._clock.now():
            raise Refusal("times.until.past")
        async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
            await self._members.rest(writer, guild_id, user_id, "checkins", resting=True, until=until)
        return Paused(until, await self._rests(guild_id, user_id, "break"))

    async def resume(self, guild_id: int, user_id: int) -> Resumed:
        """End the rest from check-ins. Stores nothing new, so it needs no consent."""
        rested = False
        if await self._rests(guild_id, user_id, "checkins"):
            async with self._database.write() as writer:
                rested = await self._members.rest(writer, guild_id, user_id, "checkins", resting=False)
        return Resumed(rested, await self._rests(guild_id, user_id, "break"))

    async def _rests(self, guild_id: int, user_id: int, kind: str) -> bool:
        now = self._clock.now()
        async with self._database.read() as reader:
            rests = await self._members.rests_in(reader, guild_id, user_id)
        return any(rest.kind == kind and rest.holds(now) for rest in rests)
