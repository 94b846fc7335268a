"""The panel of one check-in. What is not kept yet travels in its ids; every press reads afresh what is kept."""

from bot.discordkit import Press, pressed
from bot.errors import Refusal
from cogs.checkins.cog.schedule_room import ScheduleRoom, group_of
from cogs.checkins.service.wishes import Heard, Spoken, Wish, wish_of
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui import schedule_drafts as drafts
from cogs.checkins.ui import schedules as ui

_MANAGE = "checkins.manage"


class SchedulePanelDesk:
    """A change of a check-in that is kept is kept at once; one of a draft is shown and kept with "Start it"."""

    def __init__(self, room: ScheduleRoom) -> None:
        self._room = room

    @pressed("checkins", "sch_open", action=_MANAGE)
    async def open(self, press: Press) -> None:
        """Show a check-in, chosen from the list or by its button."""
        schedule = await self._kept(press, press.values[0] if press.values else press.key)
        await press.turn(await self._room.panel(press.interaction, schedule))

    @pressed("checkins", "sch_new", action=_MANAGE)
    async def ask_new(self, press: Press) -> None:
        """Ask for a new check-in."""
        await self._room.schedules.check_room(group_of(press.interaction))
        await press.answer.ask(ui.new_form())

    @pressed("checkins", "sch_made", action=_MANAGE)
    async def made(self, press: Press) -> None:
        """Show what was typed as a draft."""
        spoken = Spoken(time=press.words("time"), days=press.words("days"))
        heard = await self._room.heard(group_of(press.interaction), spoken, Wish(press.words("name")))
        fault = await self._room.name_note(group_of(press.interaction), press.words("name"))
        await press.turn(await self._room.draft(press.interaction, heard, *fault))

    @pressed("checkins", "sch_start", action=_MANAGE)
    async def start(self, press: Press) -> None:
        """Keep what the panel shows."""
        _, wish = await self._meant(press, press.key)
        await press.turn(await self._room.start(press.interaction, Heard(wish)))

    @pressed("checkins", "sch_channel", action=_MANAGE)
    async def channel(self, press: Press) -> None:
        """Take another channel."""
        await self._change(press, press.key, Wish(channel_id=int(_first(press))))

    @pressed("checkins", "sch_days", action=_MANAGE)
    async def days(self, press: Press) -> None:
        """Take other days of the week."""
        chosen = frozenset(int(value) for value in press.values if value in "0123456")
        await self._change(press, press.key, Wish(weekdays=chosen or None))

    @pressed("checkins", "sch_set", action=_MANAGE)
    async def questions(self, press: Press) -> None:
        """Take other questions."""
        known = {one.id for one in await self._room.sets(group_of(press.interaction))}
        if _first(press) not in known:
            raise Refusal("kit.refused.outdated")
        await self._change(press, press.key, Wish(question_set=_first(press)))

    @pressed("checkins", "sch_thread", action=_MANAGE)
    async def thread(self, press: Press) -> None:
        """Open threads, or stop them."""
        wanted, _, key = press.key.partition(drafts.SEPARATOR)
        await self._change(press, key, Wish(thread=wanted == "1"))

    @pressed("checkins", "sch_prompts", action=_MANAGE)
    async def prompts(self, press: Press) -> None:
        """Begin posts with a question for the group, or with a plain line."""
        wanted, _, key = press.key.partition(drafts.SEPARATOR)
        await self._change(press, key, Wish(prompts=wanted == "1"))

    @pressed("checkins", "sch_at", action=_MANAGE)
    async def at(self, press: Press) -> None:
        """Take one of two times."""
        minute, _, key = press.key.partition(drafts.SEPARATOR)
        if not (minute.isdecimal() and len(minute) < 5):
            raise Refusal("kit.refused.outdated")
        await self._change(press, key, Wish(minute=int(minute) % 1440))

    @pressed("checkins", "sch_name", action=_MANAGE)
    async def ask_name(self, press: Press) -> None:
        """Ask for another name; one that wouldn't do is still there to mend."""
        typed = drafts.unquoted(press.marked(drafts.TYPED))
        _, wish = await self._meant(press, press.key)
        await press.answer.ask(ui.name_form(typed or wish.name or "", press.key))

    @pressed("checkins", "sch_named", action=_MANAGE)
    async def named(self, press: Press) -> None:
        """Take the name that was typed."""
        await self._change(press, press.key, Wish(name=press.words("name")))

    @pressed("checkins", "sch_time", action=_MANAGE)
    async def ask_time(self, press: Press) -> None:
        """Ask for another time."""
        _, wish = await self._meant(press, press.key)
        await press.answer.ask(ui.time_form(wish.minute, press.key))

    @pressed("checkins", "sch_timed", action=_MANAGE)
    async def timed(self, press: Press) -> None:
        """Take the time that was typed; a bare 7 is asked about with two buttons."""
        await self._say(press, Spoken(time=press.words("time")))

    @pressed("checkins", "sch_zone", action=_MANAGE)
    async def ask_zone(self, press: Press) -> None:
        """Ask by which clock it goes."""
        _, wish = await self._meant(press, press.key)
        await press.answer.ask(ui.zone_form(wish.timezone or "group", press.key))

    @pressed("checkins", "sch_zoned", action=_MANAGE)
    async def zoned(self, press: Press) -> None:
        """Take the zone that was typed."""
        await self._say(press, Spoken(timezone=press.words("zone")))

    @pressed("checkins", "sch_pause", action=_MANAGE)
    async def ask_pause(self, press: Press) -> None:
        """Ask until when a check-in rests."""
        await self._kept(press, press.key)
        await press.answer.ask(ui.pause_form(press.key))

    @pressed("checkins", "sch_paused", action=_MANAGE)
    async def paused(self, press: Press) -> None:
        """Let a check-in rest."""
        schedule = await self._kept(press, press.key)
        await press.turn(await self._room.pause(press.interaction, schedule, press.words("until")))

    @pressed("checkins", "sch_resume", action=_MANAGE)
    async def resume(self, press: Press) -> None:
        """Let a check-in ask again."""
        await press.turn(await self._room.resume(press.interaction, await self._kept(press, press.key)))

    @pressed("checkins", "sch_remove", action=_MANAGE)
    async def remove(self, press: Press) -> None:
        """Ask before a check-in goes."""
        await press.turn(ui.removing_panel(await self._kept(press, press.key)))

    @pressed("checkins", "sch_removed", action=_MANAGE)
    async def removed(self, press: Press) -> None:
        """Remove a check-in."""
        schedule = await self._kept(press, press.key)
        await press.turn(ui.removed_panel(await self._room.schedules.remove(schedule.guild_id, schedule.schedule_id)))

    async def _kept(self, press: Press, key: str) -> CheckinSchedule:
        """Return the check-in of this server that a key names. Raises `Refusal` for any other."""
        schedule_id = drafts.read_kept(key)
        if schedule_id is None:
            raise Refusal("kit.refused.outdated")
        return await self._room.schedules.get(group_of(press.interaction), schedule_id)

    async def _meant(self, press: Press, key: str) -> tuple[CheckinSchedule | None, Wish]:
        """Return the check-in that is meant and how it is; None and the draft that the panel shows."""
        if drafts.read_kept(key) is not None:
            schedule = await self._kept(press, key)
            return schedule, wish_of(schedule)
        wish = drafts.read_draft(key, await self._room.sets(group_of(press.interaction)))
        if wish is None:
            raise Refusal("kit.refused.outdated")
        return None, Wish(name=drafts.unquoted(press.marked(drafts.NAME))).over(wish)

    async def _change(self, press: Press, key: str, change: Wish) -> None:
        await self._settle(press, key, Heard(change))

    async def _say(self, press: Press, spoken: Spoken) -> None:
        await self._settle(press, press.key, await self._room.heard(group_of(press.interaction), spoken, Wish()))

    async def _settle(self, press: Press, key: str, heard: Heard) -> None:
        """Keep a change where a check-in is kept; show it where there is a draft."""
        schedule, wish = await self._meant(press, key)
        if schedule is not None:
            panel = await self._room.apply(press.interaction, schedule, heard)
        else:
            changed = Heard(heard.wish.over(wish), heard.refused, heard.halves)
            notes = await self._room.name_note(group_of(press.interaction), heard.wish.name)
            panel = await self._room.draft(press.interaction, changed, *notes)
        await press.turn(panel)


def _first(press: Press) -> str:
    """Return what was chosen. Raises `Refusal` where nothing was."""
    if not press.values:
        raise Refusal("kit.refused.outdated")
    return press.values[0]
