"""What commands and presses about check-ins share: what fits is kept, what doesn't is said in the same panel."""

from collections.abc import Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.content import QuestionSet
from bot.discordkit import AnyInteraction, Panel, channel_seen
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.jobs import Runner
from bot.text import t
from cogs.checkins.cog.schedule_places import channel_fault
from cogs.checkins.service.groups import GroupService
from cogs.checkins.service.names import tidied_name
from cogs.checkins.service.outlook import outlook_for, outlook_of
from cogs.checkins.service.schedules import ScheduleService
from cogs.checkins.service.sets import DEFAULT_SET, SetService
from cogs.checkins.service.wishes import GROUPS_CLOCK, Heard, Spoken, Wish, hear
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui.schedule_list import list_panel, none_panel, pick_panel
from cogs.checkins.ui.schedules import schedule_panel

_USUAL = Wish("", None, None, GROUPS_CLOCK, frozenset(range(7)), DEFAULT_SET, thread=False, prompts=True)
"""A new check-in as most groups have it, where nobody says otherwise."""


class ScheduleRoom:
    """Returns panels; every one is drawn from what is kept at this moment."""

    def __init__(
        self,
        schedules: ScheduleService,
        groups: GroupService,
        sets: SetService,
        guilds: Guilds,
        clock: Clock,
        jobs: Runner,
    ) -> None:
        self.schedules = schedules
        self.groups = groups
        self._sets = sets
        self._guilds = guilds
        self._clock = clock
        self._jobs = jobs

    async def sets(self, guild_id: int) -> tuple[QuestionSet, ...]:
        """Return the sets of questions to choose from."""
        return await self._sets.all_of(guild_id)

    async def heard(self, guild_id: int, spoken: Spoken, wish: Wish) -> Heard:
        """Return a wish with what was typed."""
        country = (await self._guilds.profile(guild_id)).country
        return hear(spoken, wish, await self.sets(guild_id), now=self._clock.now(), country=country)

    async def name_note(self, guild_id: int, name: str | None) -> tuple[str, ...]:
        """Return what is to be said of a new check-in's name; nothing for one that will do."""
        if name is None:
            return ()
        return _worded(await self.schedules.name_fault(guild_id, tidied_name(name)))

    async def weekly_place(self, guild_id: int) -> int | None:
        """Return where the weekly summary goes unless a moderator says otherwise."""
        every = await self.schedules.all_of(guild_id)
        usual = (await self._guilds.channels(guild_id)).get("check-ins")
        return usual or next((one.channel_id for one in every), None)

    def kick(self) -> None:
        """Have what was just planned looked at."""
        self._jobs.kick()

    async def draft(self, interaction: AnyInteraction, heard: Heard, *notes: str) -> Panel:
        """Show what a new check-in would be; what nobody chose is as most groups have it."""
        guild_id = group_of(interaction)
        wish = heard.wish.over(_USUAL)
        wish = replace(wish, name=tidied_name(wish.name or ""))
        if wish.channel_id is None:
            wish = replace(wish, channel_id=(await self._guilds.channels(guild_id)).get("check-ins"))
        outlook = outlook_for(wish, await self._guilds.profile(guild_id), self._clock.now())
        said = (*notes, *said_of(heard))
        there = channel_seen(interaction, wish.channel_id) is not None
        return schedule_panel(outlook, await self.sets(guild_id), *said, halves=heard.halves, there=there)

    async def start(self, interaction: AnyInteraction, heard: Heard) -> Panel:
        """Keep a new check-in and show it; with anything in the way, show the draft and say what."""
        guild_id, wish = group_of(interaction), heard.wish.over(_USUAL)
        if heard.refused or heard.halves:
            name = await self.name_note(guild_id, wish.name or "")
            notes = (*name, *_channel_fault(interaction, wish), t("checkins.panel.rest_there"))
            return await self.draft(interaction, heard, *notes)
        notes = _channel_fault(interaction, wish)
        if not notes:
            try:
                schedule = await self.schedules.create(guild_id, wish)
            except Refusal as refusal:
                notes = _worded(refusal)
            else:
                self._jobs.kick()
                return await self.panel(interaction, schedule, t("checkins.panel.started"))
        return await self.draft(interaction, heard, *notes)

    async def panel(
        self,
        interaction: AnyInteraction,
        schedule: CheckinSchedule,
        *notes: str,
        halves: Sequence[int] = (),
        typed: str = "",
    ) -> Panel:
        """Show a check-in that is kept; what ails its channel is said where nothing else is."""
        group = await self._guilds.profile(schedule.guild_id)
        said = notes
        if not said:
            ill = channel_fault(interaction, schedule.channel_id, thread=schedule.thread, person=False)
            said = (ill,) if ill else ()
        return schedule_panel(
            outlook_of(schedule, group, self._clock.now()),
            await self.sets(schedule.guild_id),
            *said,
            halves=halves,
            there=channel_seen(interaction, schedule.channel_id) is not None,
            typed=typed,
        )

    async def apply(self, interaction: AnyInteraction, schedule: CheckinSchedule, heard: Heard) -> Panel:
        """Keep the parts of a wish that fit, and show the check-in with a word on the others."""
        wish, said, typed = heard.wish, list(said_of(heard)), ""
        if wish.name is not None:
            name = tidied_name(wish.name)
            fault = await self.schedules.name_fault(schedule.guild_id, name, but=schedule.schedule_id)
            if fault is not None:
                said += _worded(fault)
                typed, wish = name or wish.name, replace(wish, name=None)
        whole = wish.over(Wish(channel_id=schedule.channel_id, thread=schedule.thread))
        opens = whole.channel_id != schedule.channel_id or (whole.thread and not schedule.thread)
        if opens and (faults := _channel_fault(interaction, whole)):
            said += faults
            # What else was wished for is still kept.
            wish = replace(wish, channel_id=None, thread=None)
        if not wish.empty:
            before, schedule = schedule, await self.schedules.change(schedule.guild_id, schedule.schedule_id, wish)
            if before != schedule:
                self._jobs.kick()
                said.insert(0, t("checkins.panel.kept"))
        return await self.panel(interaction, schedule, *said, halves=heard.halves, typed=typed)

    async def pause(self, interaction: AnyInteraction, schedule: CheckinSchedule, words: str) -> Panel:
        """Let a check-in rest until what was typed, without an end for nothing."""
        guild_id, schedule_id = schedule.guild_id, schedule.schedule_id
        try:
            until = await self.schedules.pause_end(guild_id, schedule_id, words) if words.strip() else None
        except Refusal as unread:
            if not unread.key.startswith("times."):
                raise
            return await self.panel(interaction, schedule, *_worded(unread))
        schedule = await self.schedules.pause(guild_id, schedule_id, until)
        self._jobs.kick()
        return await self.panel(interaction, schedule, t("checkins.panel.kept"))

    async def resume(self, interaction: AnyInteraction, schedule: CheckinSchedule) -> Panel:
        """Let a check-in ask again."""
        before, schedule = schedule, await self.schedules.resume(schedule.guild_id, schedule.schedule_id)
        self._jobs.kick()
        said = "checkins.panel.kept" if before.paused else "checkins.panel.awake"
        return await self.panel(interaction, schedule, t(said))

    async def listed(self, guild_id: int, *notes: str) -> Panel:
        """Show all check-ins of the group, and what holds for all."""
        group, now = await self._guilds.profile(guild_id), self._clock.now()
        every = [outlook_of(one, group, now) for one in await self.schedules.all_of(guild_id)]
        return list_panel(every, await self.groups.get(guild_id), *notes)

    async def meant(self, guild_id: int, words: str | None) -> tuple[CheckinSchedule | None, tuple[str, ...]]:
        """Return the check-in that was typed, or the only one there is; else None, and what to say."""
        if words is None or not words.strip():
            return await self.schedules.only(guild_id), ()
        try:
            return await self.schedules.named(guild_id, words), ()
        except Refusal as unknown:
            return None, _worded(unknown)

    async def pick(
        self, guild_id: int, action: str, *notes: str, heard: Heard | None = None, until: str | None = None
    ) -> Panel:
        """Ask which check-in is meant; where there is none, show how one is set up."""
        every = await self.schedules.all_of(guild_id)
        if not every:
            return none_panel()
        heard = heard or Heard(Wish())
        return pick_panel(
            action,
            every,
            *notes,
            *_unread(heard),
            wish=heard.wish,
            half=min(heard.halves, default=None),
            until=until or "",
        )


def group_of(interaction: AnyInteraction) -> int:
    """Return the server. Raises `Refusal` in direct messages."""
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id


def said_of(heard: Heard) -> tuple[str, ...]:
    """Return what is to be said of what didn't read."""
    half = (t("checkins.panel.half_day"),) if heard.halves else ()
    return (*half, *_unread(heard))


def _unread(heard: Heard) -> tuple[str, ...]:
    return tuple(word for refusal in heard.refused for word in _worded(refusal))


def _worded(refusal: Refusal | None) -> tuple[str, ...]:
    return () if refusal is None else (t(refusal.key, **refusal.data),)


def _channel_fault(interaction: AnyInteraction, wish: Wish) -> tuple[str, ...]:
    if wish.channel_id is None:
        return ()
    fault = channel_fault(interaction, wish.channel_id, thread=bool(wish.thread))
    return (fault,) if fault else ()
