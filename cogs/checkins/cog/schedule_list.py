"""The list of a group's check-ins with what holds for all of them, and the question which one is meant."""

from bot.discordkit import Press, pressed
from bot.errors import Refusal
from bot.text import t
from cogs.checkins.cog.schedule_places import channel_fault
from cogs.checkins.cog.schedule_room import ScheduleRoom, group_of
from cogs.checkins.service.wishes import Heard, Wish
from cogs.checkins.ui import schedule_drafts as drafts
from cogs.checkins.ui.schedules import removing_panel

_MANAGE = "checkins.manage"


class ScheduleListDesk:
    """What is pressed on the list, and on the question which one is meant."""

    def __init__(self, room: ScheduleRoom) -> None:
        self._room = room

    @pressed("checkins", "sch_list", action=_MANAGE)
    async def show(self, press: Press) -> None:
        """Show all check-ins."""
        await press.turn(await self._room.listed(group_of(press.interaction)))

    @pressed("checkins", "sch_pick", action=_MANAGE)
    async def pick(self, press: Press) -> None:
        """Do to the one that was picked what the command was for, with everything that was typed."""
        guild_id, chosen = group_of(press.interaction), drafts.read_kept(press.values[0] if press.values else "")
        action, _, rest = press.key.partition(drafts.SEPARATOR)
        key, _, half = rest.partition(drafts.SEPARATOR)
        wish = drafts.read_draft(key, await self._room.sets(guild_id))
        if chosen is None or wish is None:
            raise Refusal("kit.refused.outdated")
        schedule = await self._room.schedules.get(guild_id, chosen)
        if action == "edit":
            wish = Wish(name=drafts.unquoted(press.marked(drafts.TYPED)) or None).over(wish)
            panel = await self._room.apply(press.interaction, schedule, Heard(wish, halves=drafts.read_halves(half)))
        elif action == "pause":
            until = drafts.unquoted(press.marked(drafts.UNTIL))
            panel = await self._room.pause(press.interaction, schedule, until)
        elif action == "resume":
            panel = await self._room.resume(press.interaction, schedule)
        else:
            panel = removing_panel(schedule)
        await press.turn(panel)

    @pressed("checkins", "sch_wait", action=_MANAGE)
    async def wait(self, press: Press) -> None:
        """Keep how long an entry waits for a reply."""
        minutes = press.values[0] if press.values else ""
        if not (minutes.isdecimal() and len(minutes) < 4):
            raise Refusal("kit.refused.outdated")
        await self._room.groups.set_wait(group_of(press.interaction), int(minutes))
        await self._show_kept(press)

    @pressed("checkins", "sch_weekly", action=_MANAGE)
    async def weekly(self, press: Press) -> None:
        """Turn the weekly summary on, where the group has its check-ins, or off."""
        guild_id = group_of(press.interaction)
        if press.key != "1":
            await self._keep_weekly(press, None)
            return
        channel_id = await self._room.weekly_place(guild_id)
        if channel_id is None:
            await press.turn(await self._room.listed(guild_id, t("checkins.group.no_channel")))
            return
        await self._keep_weekly(press, channel_id)

    @pressed("checkins", "sch_where", action=_MANAGE)
    async def where(self, press: Press) -> None:
        """Tell the weekly summary in another channel."""
        if not press.values:
            raise Refusal("kit.refused.outdated")
        await self._keep_weekly(press, int(press.values[0]))

    async def _keep_weekly(self, press: Press, channel_id: int | None) -> None:
        guild_id = group_of(press.interaction)
        if channel_id is not None and (fault := channel_fault(press.interaction, channel_id, thread=False)):
            await press.turn(await self._room.listed(guild_id, fault))
            return
        await self._room.groups.set_weekly(guild_id, channel_id)
        self._room.kick()
        await self._show_kept(press)

    async def _show_kept(self, press: Press) -> None:
        await press.turn(await self._room.listed(group_of(press.interaction), t("checkins.group.kept")))
