"""Use cases of a bad night: the screen with who to call, and calling the team."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.content import Directory, EmergencyNumber, SupportLine, SupportLines
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import enqueue
from bot.members import Members
from bot.storage import Database, Reader, Writer
from cogs.care.rules import (
    HOLDS_BACK,
    KEPT_AFTER_SETTLING,
    KEPT_UNSETTLED,
    PATIENCE,
    first_line,
    is_over,
    nearest_country,
)
from cogs.care.store import CareRequest, CareStore

CARD, UNCLAIMED, ROOM = "care.card", "care.unclaimed", "care.room"
FORGET, LAPSE = "care.forget", "care.lapse"
# Seconds the screen waits to learn whose country it is. It comes without that rather than later.
LONGEST_LOOK = 1.5

RecordError = Callable[[BaseException, str], str]


@dataclass(frozen=True, slots=True)
class Screen:
    """Who to call. `emergency` and `line` are None for a country without an entry."""

    country: str | None
    emergency: EmergencyNumber | None
    line: SupportLine | None
    directory: Directory
    team: bool


@dataclass(frozen=True, slots=True)
class Called:
    """The answer to asking for the team: since when they know, and whether this press told them."""

    since: datetime
    new: bool


class CareService:
    """Nothing here waits for Discord: what must reach the team goes through a job of the same transaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        members: Members,
        lines: SupportLines,
        store: CareStore,
        record_error: RecordError,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._members = members
        self._lines = lines
        self._store = store
        self._record_error = record_error

    async def screen(self, guild_id: int | None, user_id: int) -> Screen:
        """Return the screen for somebody: their own country's numbers, else the group's.

        It always comes: with a database that fails or is slow it is the one for an unknown country.
        """
        return await self._in_time(self._screen(guild_id, user_id), guild_id, None)

    async def _screen(self, guild_id: int | None, user_id: int) -> Screen:
        if guild_id is None:
            return self.screen_of(await self._members.country_anywhere(user_id), team=False)
        own, group, channels = await asyncio.gather(
            self._members.country(guild_id, user_id), self._guilds.profile(guild_id), self._guilds.channels(guild_id)
        )
        return self.screen_of(nearest_country(own, group.country), team="care" in channels)

    async def _in_time(self, looking: Coroutine[Any, Any, Screen], guild_id: int | None, country: str | None) -> Screen:
        """Return what a look into the database brings, or the screen without it.

        There the team's button is shown untested: whether there is a team, nobody can say then.
        """
        task = asyncio.create_task(looking)
        try:
            await asyncio.wait({task}, timeout=LONGEST_LOOK)
            error = task.exception() if task.done() else TimeoutError()
        finally:
            task.cancel()
        if error is None:
            return task.result()
        self._record_error(error, "the screen of a bad night")
        return self.screen_of(country, team=guild_id is not None)

    def screen_of(self, country: str | None, *, team: bool) -> Screen:
        """Return the screen for a country; nothing is stored."""
        lines = self._lines.for_country(country) if country else ()
        emergency = self._lines.emergency(country) if country else None
        return Screen(country, emergency, first_line(lines), self._lines.elsewhere, team)

    async def screen_elsewhere(self, guild_id: int | None, country: str) -> Screen:
        """Return the screen for a country chosen on the spot; it always comes, like `screen`."""
        return await self._in_time(self._screen_elsewhere(guild_id, country or None), guild_id, country or None)

    async def _screen_elsewhere(self, guild_id: int | None, country: str | None) -> Screen:
        return self.screen_of(country, team=guild_id is not None and await self._has_team(guild_id))

    async def _has_team(self, guild_id: int) -> bool:
        return "care" in await self._guilds.channels(guild_id)

    async def holds_back(self, reader: Reader, guild_id: int) -> bool:
        """Whether a call is open here, so that nothing is posted by itself meanwhile; for a week at most."""
        return await self._store.any_open(reader, guild_id, self._clock.now() - HOLDS_BACK)

    async def call_team(self, guild_id: int, user_id: int) -> Called:
        """Tell the team that somebody would like them to come; a second press soon after tells nobody twice.

        A call from an hour ago or more is closed by the new one, whether somebody came then or not: nobody may be told
        that the team knows while nobody looks. Raises `Refusal` where the group has no care channel.
        """
        if not await self._has_team(guild_id):
            raise Refusal("care.called.no_team")
        now = self._clock.now()
        async with self._database.write() as writer:
            earlier = await self._store.open_of(writer, guild_id, user_id)
            if earlier is not None and not is_over(earlier.created_at, now):
                return Called(earlier.created_at, new=False)
            if earlier is not None:
                await self._store.close(writer, earlier.request_id, now)
                gone = min(now + KEPT_AFTER_SETTLING, earlier.created_at + KEPT_UNSETTLED)
                await self._later(writer, FORGET, earlier, gone)
            request = CareRequest(self._ids.new(), guild_id, user_id, now)
            if not await self._store.add(writer, request):  # another press of theirs came in this very moment
                return Called(now, new=False)
            await self._later(writer, CARD, request, now)
            await self._later(writer, UNCLAIMED, request, now + PATIENCE)
            await self._later(writer, LAPSE, request, now + KEPT_UNSETTLED)
        return Called(now, new=True)

    async def claim(self, guild_id: int, request_id: int, helper_id: int) -> CareRequest:
        """Let a helper take the call and open the quiet room. Raises `Refusal` when it is taken, settled or gone."""
        now = self._clock.now()
        async with self._database.write() as writer:
            won = await self._store.claim(writer, guild_id, request_id, helper_id, now)
            request = await self._store.get(writer, guild_id, request_id)
            if request is None or request.settled:
                raise Refusal("care.claim.over")
            if not won and request.claimed_by != helper_id:
                raise Refusal("care.claim.taken")
            await self._later(writer, ROOM, request, now)
        return request

    async def settle(self, guild_id: int, request_id: int, helper_id: int) -> CareRequest:
        """Close the call and forget it after seven days. Raises `Refusal` when it is closed or gone."""
        now = self._clock.now()
        async with self._database.write() as writer:
            closed = await self._store.settle(writer, guild_id, request_id, helper_id, now)
            request = await self._store.get(writer, guild_id, request_id)
            if not closed or request is None:
                raise Refusal("care.claim.over")
            await self._later(writer, FORGET, request, now + KEPT_AFTER_SETTLING)
        return request

    async def _later(self, writer: Writer, kind: str, request: CareRequest, due: datetime) -> None:
        await enqueue(
            writer, self._ids, kind=kind, guild_id=request.guild_id, due_at=due,
            payload={"request": request.request_id}, dedupe_key=f"{kind}:{request.request_id}",
        )  # fmt: skip
