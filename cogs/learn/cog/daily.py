"""`/manage-library daily`: when and where the daily reading is posted.

What is not kept yet travels in the ids of its panel; every press reads afresh what is kept, and looks at the channel.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.content import Library
from bot.discordkit import Answer, AnyInteraction, Interaction, Panel, Press, channel_seen, place_fault, pressed
from bot.errors import Refusal
from bot.jobs import Runner
from bot.permissions import posting_needs
from bot.text import t
from bot.times import parse_clock_time
from cogs.learn import ui
from cogs.learn.rules import eligible_for_today
from cogs.learn.service import DailyService, DaysReadings, LearnService, Plan


class DailyDesk:
    """The panel of the daily reading: what reads well is kept, what doesn't is said in the same panel."""

    def __init__(
        self, daily: DailyService, days: DaysReadings, service: LearnService, shipped: Library, jobs: Runner
    ) -> None:
        self._daily = daily
        self._days = days
        self._service = service
        self._names = {
            key: topic.name for key, topic in shipped.topics.items() if eligible_for_today(shipped.by_topic(key))
        }
        self._jobs = jobs

    def topics_like(self, typed: str) -> Sequence[tuple[str, str]]:
        """Return key and name of up to 25 topics for what was typed so far; after a comma, of one more."""
        *chosen, last = (part.strip().casefold() for part in typed.split(","))
        before = [key for key in self._names if key in chosen]
        fitting = (
            (", ".join((*before, key)), ", ".join((*(self._names[one] for one in before), name)))
            for key, name in self._names.items()
            if key not in before and (last in key or last in name.casefold())
        )
        return [(keys, names[:100]) for keys, names in fitting if len(keys) <= 100][:25]

    async def keep(
        self,
        interaction: Interaction,
        channel_id: int | None,
        time: str | None,
        topics: str | None,
        thread: bool | None,
    ) -> None:
        """Keep what was given and show the panel; with nothing kept yet and no time given, the panel asks first."""
        guild_id = interaction.guild_id or 0
        wish, _ = await self._daily.current(guild_id)
        if channel_id is not None:
            wish = replace(wish, channel_id=channel_id)
        if thread is not None:
            wish = replace(wish, thread=thread)
        notes: list[str] = []
        if topics:
            try:
                wish = replace(wish, topics=await self._topics_named(guild_id, topics))
            except Refusal as unknown:
                notes.append(t(unknown.key, **unknown.data))
        wish, halves, note = _timed(wish, time)
        notes += note
        panel = await self._settled(interaction, wish, *notes, halves=halves, commit=bool(time) and not notes)
        await Answer.to(interaction).show(panel)

    async def turn_off(self, interaction: Interaction) -> None:
        """End the daily reading."""
        await Answer.to(interaction).show(await self._ended(interaction))

    @pressed("library", "daily", action="library.daily")
    async def open(self, press: Press) -> None:
        """Show the panel."""
        await press.turn(await self._settled(press.interaction, await self._plan(press)))

    @pressed("library", "daily_on", action="library.daily")
    async def turn_on(self, press: Press) -> None:
        """Keep what the panel shows."""
        topics = await self._daily.topics(press.interaction.guild_id or 0)
        plan = ui.read_draft(press.key, topics) or await self._plan(press)
        await press.turn(await self._settled(press.interaction, plan, commit=True))

    @pressed("library", "daily_channel", action="library.daily")
    async def channel(self, press: Press) -> None:
        """Take another channel."""
        plan = replace(await self._plan(press), channel_id=int(press.values[0]))
        await press.turn(await self._settled(press.interaction, plan))

    @pressed("library", "daily_topics", action="library.daily")
    async def topics(self, press: Press) -> None:
        """Take other topics. "All" ends a choice; picking some beside it begins one."""
        plan = await self._plan(press)
        some = tuple(value for value in press.values if value != ui.EVERY)
        if ui.EVERY in press.values and plan.topics:
            some = ()
        known = {topic.key for topic in await self._daily.topics(press.interaction.guild_id or 0)}
        wanted = tuple(one for one in some if one in known)
        plan = replace(plan, topics=() if set(wanted) == known else wanted)
        await press.turn(await self._settled(press.interaction, plan))

    @pressed("library", "daily_thread", action="library.daily")
    async def thread(self, press: Press) -> None:
        """Open threads, or stop them."""
        wanted, _, draft = press.key.partition(ui.SEPARATOR)
        plan = replace(await self._plan(press, draft), thread=wanted == "1")
        await press.turn(await self._settled(press.interaction, plan))

    @pressed("library", "daily_time", action="library.daily")
    async def ask_time(self, press: Press) -> None:
        """Ask for another time."""
        await press.answer.ask(ui.time_form(await self._plan(press), press.key))

    @pressed("library", "daily_typed", action="library.daily")
    async def typed(self, press: Press) -> None:
        """Take the time that was typed; a bare 7 is asked about with two buttons."""
        wish, halves, notes = _timed(await self._plan(press), press.words("time"))
        await press.turn(await self._settled(press.interaction, wish, *notes, halves=halves))

    @pressed("library", "daily_at", action="library.daily")
    async def at(self, press: Press) -> None:
        """Take one of the two times."""
        minute, _, draft = press.key.partition(ui.SEPARATOR)
        plan = await self._plan(press, draft)
        if minute.isdecimal() and len(minute) < 5:
            plan = replace(plan, minute=int(minute) % 1440)
        await press.turn(await self._settled(press.interaction, plan))

    @pressed("library", "daily_off", action="library.daily")
    async def off(self, press: Press) -> None:
        """End the daily reading."""
        await press.turn(await self._ended(press.interaction))

    @pressed("library", "daily_look", action="library.daily")
    async def look(self, press: Press) -> None:
        """Show today's reading as the group gets it."""
        guild_id = press.interaction.guild_id or 0
        todays = await self._days.today(guild_id)
        if todays is None:
            raise Refusal("learn.today.none")
        reading = await self._service.for_everyone(guild_id, todays)
        await press.answer.show(ui.day_preview(reading, await self._days.date_of(guild_id)))

    async def _ended(self, interaction: AnyInteraction) -> Panel:
        guild_id = interaction.guild_id or 0
        return ui.daily_off_panel(await self._daily.end(guild_id), await self._daily.topics(guild_id))

    async def _plan(self, press: Press, draft: str | None = None) -> Plan:
        """Return what is kept; where nothing is, what the pressed panel shows."""
        guild_id = press.interaction.guild_id or 0
        plan, on = await self._daily.current(guild_id)
        if on:
            return plan
        return ui.read_draft(press.key if draft is None else draft, await self._daily.topics(guild_id)) or plan

    async def _settled(
        self,
        interaction: AnyInteraction,
        wish: Plan,
        *notes: str,
        halves: Sequence[int] = (),
        commit: bool = False,
    ) -> Panel:
        """Keep the wish where the daily reading is on, or is to be with `commit`; return the panel that shows it."""
        guild_id = interaction.guild_id or 0
        plan, on = await self._daily.current(guild_id)
        said = list(notes)
        if on or (commit and wish.channel_id is not None):
            opens = wish.channel_id != plan.channel_id or (wish.thread and not plan.thread) or not on
            fault = _fault(interaction, wish, person=True) if opens else None
            if fault is not None:
                said.append(fault)
            # With a fault, what else was wished for is still kept; the first time there is nothing to keep it beside.
            kept = wish if fault is None else replace(wish, channel_id=plan.channel_id, thread=plan.thread)
            if kept != plan if on else fault is None:
                await self._daily.keep(guild_id, kept)
                self._jobs.kick()
                said.insert(0, t("library.daily.kept"))
        status = await self._daily.status(guild_id, wish)
        if status.on and not said and (ill := _fault(interaction, status.plan, person=False)):
            said.append(ill)
        there = channel_seen(interaction, status.plan.channel_id) is not None
        return ui.daily_panel(status, *said, halves=halves, there=there)

    async def _topics_named(self, guild_id: int, words: str) -> tuple[str, ...]:
        """Return the topics that somebody typed. Raises `Refusal`, with those there are, for one that is not."""
        offered = await self._daily.topics(guild_id)
        named = {name.casefold(): topic.key for topic in offered for name in (topic.key, topic.name)}
        wanted = [part.strip().casefold() for part in words.split(",") if part.strip()]
        if wanted in ([ui.EVERY], ["all topics"]):
            return ()
        if not all(one in named for one in wanted):
            raise Refusal("library.daily.unknown_topic", topics=", ".join(f"`{topic.key}`" for topic in offered))
        return tuple(dict.fromkeys(named[one] for one in wanted))


def _timed(plan: Plan, words: str | None) -> tuple[Plan, tuple[int, ...], list[str]]:
    """Return the plan with the time that was typed; where that can't be told, two times to choose, or what to do."""
    if not words:
        return plan, (), []
    try:
        return replace(plan, minute=parse_clock_time(words)), (), []
    except Refusal as unread:
        if unread.key != "times.clock.half_day":
            return plan, (), [t(unread.key, **unread.data)]
        halves = tuple(parse_clock_time(unread.data[half]) for half in ("morning", "evening"))
        return plan, halves, [t("library.daily.half_day")]


def _fault(interaction: AnyInteraction, plan: Plan, *, person: bool) -> str | None:
    """Return what stands against posting in the plan's channel now: for the bot, and where asked for the `person`."""
    fault = place_fault(interaction, plan.channel_id, posting_needs("library", thread=plan.thread), person=person)
    return t(f"library.daily.{fault.reason}", **fault.names) if fault else None
