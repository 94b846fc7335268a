"""How a group's check-ins answer to each other as a whole: how long an entry waits, where the weekly summary goes."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import Refusal
from bot.ids import Ids
from bot.storage import Database, Writer
from cogs.checkins.rules.replies import LONGEST_WAIT, SHORTEST_WAIT
from cogs.checkins.store.groups import GroupSettings, GroupStore
from cogs.checkins.store.schedules import ScheduleStore

WeekPlanner = Callable[[Writer, Ids, int, GroupSettings, datetime], Awaitable[None]]
"""Writes the job of the next weekly summary (`cogs.checkins.service.weeks.plan_week`)."""


class GroupService:
    """Keeps what holds for all check-ins of a group."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        groups: GroupStore,
        schedules: ScheduleStore,
        plan_week: WeekPlanner,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._groups = groups
        self._schedules = schedules
        self._plan_week = plan_week

    async def get(self, guild_id: int) -> GroupSettings:
        """Return the group's settings."""
        async with self._database.read() as reader:
            return await self._groups.get(reader, guild_id)

    async def set_wait(self, guild_id: int, minutes: int) -> GroupSettings:
        """Keep how long an entry waits before a companion is asked. Raises `Refusal` outside of 10 to 120 minutes."""
        if not SHORTEST_WAIT <= timedelta(minutes=minutes) <= LONGEST_WAIT:
            raise Refusal("kit.refused.outdated")
        async with self._database.write() as writer:
            settings = replace(await self._alone_with(writer, guild_id), wait_minutes=minutes)
            await self._groups.put(writer, settings, self._clock.now())
        return settings

    async def set_weekly(self, guild_id: int, channel_id: int | None) -> GroupSettings:
        """Keep where the weekly summary is told, None for nowhere; the next one is planned."""
        now = self._clock.now()
        async with self._database.write() as writer:
            before = await self._alone_with(writer, guild_id)
            if before.weekly_channel_id == channel_id:
                return before
            settings = replace(before, weekly_channel_id=channel_id, edition=self._ids.new())
            await self._groups.put(writer, settings, now)
            await self._plan_week(writer, self._ids, guild_id, settings, now)
        return settings

    async def _alone_with(self, writer: Writer, guild_id: int) -> GroupSettings:
        await self._schedules.alone(writer, guild_id, self._clock.now())
        return await self._groups.get(writer, guild_id)
