"""A group's check-ins: begun by moderators, changed, paused, resumed, removed, found by name."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.contracts import ClockChanged, GuildReset
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.storage import Database, SealBroken, Writer
from cogs.checkins.rules import MOST_SCHEDULES
from cogs.checkins.service.clocks import rule_of, zone_of
from cogs.checkins.service.names import name_fault, name_key, shown_name, tidied_name
from cogs.checkins.service.outlook import coming
from cogs.checkins.service.turns import plan_owed, plan_turn
from cogs.checkins.service.wishes import Wish, first_day, granted, wish_of
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from cogs.checkins.store.sets import SetStore

__all__ = ["ScheduleService", "Shelves", "rule_of", "zone_of"]

THREAD = "thread"
"""The trouble of a check-in whose thread Discord refuses; it ends where no thread is wanted."""

MOST_SUGGESTIONS = 25
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shelves:
    """The tables that hang on a group's check-ins."""

    schedules: ScheduleStore
    groups: GroupStore
    posts: PostStore
    sets: SetStore


class ScheduleService:
    """Keeps up to ten check-ins for a group and plans the next turn of each; the turns after that plan themselves.

    What names a check-in of another group, or one that is gone, raises `Refusal` (`checkins.gone`).
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        shelves: Shelves,
        dialled: frozenset[str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._shelves = shelves
        self._schedules = shelves.schedules
        self._dialled = dialled

    async def all_of(self, guild_id: int) -> tuple[CheckinSchedule, ...]:
        """Return the group's check-ins, the oldest first."""
        async with self._database.read() as reader:
            return await self._schedules.all_of(reader, guild_id)

    async def only(self, guild_id: int) -> CheckinSchedule | None:
        """Return the group's check-in where it has exactly one."""
        every = await self.all_of(guild_id)
        return every[0] if len(every) == 1 else None

    async def get(self, guild_id: int, schedule_id: int) -> CheckinSchedule:
        """Return one of the group's check-ins."""
        async with self._database.read() as reader:
            return _there(await self._schedules.get(reader, guild_id, schedule_id))

    async def named(self, guild_id: int, words: str) -> CheckinSchedule:
        """Return the check-in that was picked, or whose name was typed.

        Raises `Refusal`: `checkins.unknown` with the names there are, or `checkins.none`.
        """
        every = await self.all_of(guild_id)
        key = name_key(words)
        for one in every:
            if words.strip() == str(one.schedule_id) or key == name_key(one.name):
                return one
        if not every:
            raise Refusal("checkins.none")
        raise Refusal("checkins.unknown", names=", ".join(f"**{shown_name(one.name)}**" for one in every))

    async def names_like(self, guild_id: int, typed: str) -> tuple[tuple[str, str], ...]:
        """Return name and id of up to 25 check-ins for what was typed so far; none where they can't be read."""
        try:
            every = await self.all_of(guild_id)
        except SealBroken:
            return ()
        key = name_key(typed)
        found = sorted(
            (one for one in every if key in name_key(one.name)), key=lambda one: not name_key(one.name).startswith(key)
        )
        return tuple((one.name, str(one.schedule_id)) for one in found[:MOST_SUGGESTIONS])

    async def check_room(self, guild_id: int) -> None:
        """Raise `Refusal` where the group has as many check-ins as it can have."""
        if len(await self.all_of(guild_id)) >= MOST_SCHEDULES:
            raise Refusal("checkins.full", most=MOST_SCHEDULES)

    async def name_fault(self, guild_id: int, name: str, *, but: int = 0) -> Refusal | None:
        """Return what stands against a name in this group, or None; `but` is the check-in that is to have it."""
        return self._fault(name, await self.all_of(guild_id), but)

    async def create(self, guild_id: int, wish: Wish) -> CheckinSchedule:
        """Keep a new check-in and write its first turn; one that is there just so already stays the only one.

        Raises `Refusal` for a name that won't do, a part that is left open, and more than ten.
        """
        group = await self._guilds.profile(guild_id)
        schedule = granted(replace(wish, name=tidied_name(wish.name or "")), self._blank(guild_id, wish))
        async with self._database.write() as writer:
            await self._schedules.alone(writer, guild_id, self._clock.now())
            every = await self._schedules.all_of(writer, guild_id)
            if twin := next((one for one in every if _same(one, schedule)), None):
                return twin
            if len(every) >= MOST_SCHEDULES:
                raise Refusal("checkins.full", most=MOST_SCHEDULES)
            if fault := self._fault(schedule.name, every, 0):
                raise fault
            return await self._plan_anew(writer, schedule, group)

    async def change(self, guild_id: int, schedule_id: int, wish: Wish) -> CheckinSchedule:
        """Keep the parts of a check-in that are wished for. Raises `Refusal` for a name that won't do.

        Where neither its clock nor its channel changes, what is planned stands: a turn that is due now is not lost.
        """
        group = await self._guilds.profile(guild_id)
        async with self._database.write() as writer:
            before = await self._alone_with(writer, guild_id, schedule_id)
            after = granted(wish, before)
            if wish.name is not None:
                after = replace(after, name=tidied_name(wish.name))
                if fault := self._fault(after.name, await self._schedules.all_of(writer, guild_id), schedule_id):
                    raise fault
            if not _still_troubled(before, after):
                after = replace(after, trouble=None, trouble_day=None)
            if after == before:
                return before
            if _clock_of(after) != _clock_of(before):
                return await self._plan_anew(writer, after, group, self._owed(before, group))
            if after.channel_id != before.channel_id:
                return await self._move(writer, after, group)
            await self._schedules.put(writer, after, self._clock.now())
            return after

    async def pause(self, guild_id: int, schedule_id: int, until: date | None) -> CheckinSchedule:
        """Let a check-in rest, without an end or up to the first date that asks again."""
        return await self._set_pause(guild_id, schedule_id, True, until)

    async def resume(self, guild_id: int, schedule_id: int) -> CheckinSchedule:
        """Let a check-in ask again, from its next time on; what came in between is nobody's miss."""
        return await self._set_pause(guild_id, schedule_id, False, None)

    async def pause_end(self, guild_id: int, schedule_id: int, words: str) -> date:
        """Return the first date that asks again after a rest "until ..." by the check-in's own clock.

        Raises `Refusal` as `bot.times.parse_until` does.
        """
        schedule, group = await self.get(guild_id, schedule_id), await self._guilds.profile(guild_id)
        awake = replace(rule_of(schedule, group), paused=False, paused_until=None)
        return first_day(words, awake, self._clock.now())

    async def remove(self, guild_id: int, schedule_id: int) -> CheckinSchedule:
        """Delete a check-in and return what it was; its posts and what members wrote stay."""
        async with self._database.write() as writer:
            schedule = await self._alone_with(writer, guild_id, schedule_id)
            await self._schedules.delete(writer, guild_id, schedule_id)
        return schedule

    async def replan(self, event: ClockChanged) -> None:
        """Plan all of a group's check-ins anew by its new clock or quiet hours."""
        group = await self._guilds.profile(event.guild_id)
        async with self._database.write() as writer:
            await self._schedules.alone(writer, event.guild_id, self._clock.now())
            for schedule in await self._schedules.all_of(writer, event.guild_id, self._database.row_lock):
                await self._plan_anew(writer, schedule, group, self._owed(schedule, group))

    async def forget(self, event: GuildReset) -> None:
        """Delete what the group set up: its check-ins with their posts' rows, its settings, its own questions."""
        async with self._database.write() as writer:
            await self._schedules.alone(writer, event.guild_id, self._clock.now())
            await self._schedules.delete_all(writer, event.guild_id)
            await self._shelves.groups.delete(writer, event.guild_id)
            await self._shelves.posts.delete_all(writer, event.guild_id)
            await self._shelves.sets.delete_all(writer, event.guild_id)

    async def _set_pause(self, guild_id: int, schedule_id: int, paused: bool, until: date | None) -> CheckinSchedule:
        group = await self._guilds.profile(guild_id)
        async with self._database.write() as writer:
            before = await self._alone_with(writer, guild_id, schedule_id)
            after = replace(before, paused=paused, paused_until=until)
            if after == before:
                return before
            return await self._plan_anew(writer, after, group, None if paused else self._owed(before, group))

    async def _alone_with(self, writer: Writer, guild_id: int, schedule_id: int) -> CheckinSchedule:
        await self._schedules.alone(writer, guild_id, self._clock.now())
        return _there(await self._schedules.get(writer, guild_id, schedule_id, self._database.row_lock))

    async def _plan_anew(
        self, writer: Writer, schedule: CheckinSchedule, group: GuildProfile, owed: tuple[date, datetime] | None = None
    ) -> CheckinSchedule:
        """Keep a check-in under a new edition and write its first turn: one whose time is still to come, and whose
        date has no post yet. The dates before are accounted for: nobody is told that they were missed. One that is
        `owed`, and doesn't come by the new clock, is asked all the same."""
        now, rule = self._clock.now(), rule_of(schedule, group)
        last = await self._shelves.posts.last(writer, schedule.schedule_id)
        found = coming(rule, last.day if last else date.min, now)
        settled = found[0] - _DAY if found else now.astimezone(rule.zone).date()
        planned = await self._put_planned(writer, replace(schedule, settled_day=settled), found)
        if owed is not None and owed[0] <= settled and owed[0].weekday() in schedule.weekdays:
            await plan_owed(writer, self._ids, planned, *owed)
        return planned

    def _owed(self, schedule: CheckinSchedule, group: GuildProfile) -> tuple[date, datetime] | None:
        """Return the turn that is due now and not made yet: Discord doesn't answer, or the bot was away until now."""
        found = rule_of(schedule, group).following(schedule.settled_day, self._clock.now())
        return found if found is not None and found[1] <= self._clock.now() else None

    async def _move(self, writer: Writer, schedule: CheckinSchedule, group: GuildProfile) -> CheckinSchedule:
        """The same in another channel: one that is late, because the old one took no post, is asked in the new one."""
        found = rule_of(schedule, group).following(schedule.settled_day, self._clock.now())
        return await self._put_planned(writer, schedule, found)

    async def _put_planned(
        self, writer: Writer, schedule: CheckinSchedule, found: tuple[date, datetime] | None
    ) -> CheckinSchedule:
        planned = replace(schedule, edition=self._ids.new())
        await self._schedules.put(writer, planned, self._clock.now())
        if found is not None:
            await plan_turn(writer, self._ids, planned, *found)
        return planned

    def _blank(self, guild_id: int, wish: Wish) -> CheckinSchedule:
        """A new check-in without what moderators choose. Raises `Refusal` where they left something open."""
        chosen = (wish.channel_id, wish.minute, wish.weekdays, wish.question_set, wish.thread, wish.prompts)
        if wish.channel_id is None or wish.minute is None or None in chosen:
            raise Refusal("kit.refused.outdated")
        return CheckinSchedule(
            self._ids.new(), guild_id, "", wish.channel_id, wish.minute, None, frozenset(), "",
            thread=False, prompts=False, edition=0, settled_day=date.min,
        )  # fmt: skip

    def _fault(self, name: str, every: tuple[CheckinSchedule, ...], but: int) -> Refusal | None:
        others = [one.name for one in every if one.schedule_id != but]
        return name_fault(name, others, self._dialled)


def _there(schedule: CheckinSchedule | None) -> CheckinSchedule:
    if schedule is None:
        raise Refusal("checkins.gone")
    return schedule


def _clock_of(schedule: CheckinSchedule) -> tuple[object, ...]:
    """What the moment of the next turn hangs on."""
    return schedule.minute, schedule.timezone, schedule.weekdays


def _still_troubled(before: CheckinSchedule, after: CheckinSchedule) -> bool:
    """Whether the trouble of a check-in stays: it belongs to its channel, or to the threads it opens there."""
    return before.channel_id == after.channel_id and (before.trouble != THREAD or after.thread)


def _same(one: CheckinSchedule, other: CheckinSchedule) -> bool:
    """Whether two check-ins differ in nothing that a moderator chose: a press that came twice made the second."""
    return name_key(one.name) == name_key(other.name) and replace(wish_of(one), name="") == replace(
        wish_of(other), name=""
    )
