"""`/manage-checkins`: the group's check-ins, as moderators type them. Their panels are answered in `schedule_panel`."""

from dataclasses import dataclass

from bot.discordkit import Answer, AnyInteraction
from cogs.checkins.cog.schedule_room import ScheduleRoom, group_of
from cogs.checkins.service.wishes import Heard, Spoken, Wish
from cogs.checkins.ui.schedules import removing_panel


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed into the command's options."""

    name: str | None = None
    channel_id: int | None = None
    time: str | None = None
    timezone: str | None = None
    days: str | None = None
    questions: str | None = None
    thread: bool | None = None
    prompts: bool | None = None


class ScheduleDesk:
    """Each command is answered by a panel; where nothing says which check-in is meant, it asks."""

    def __init__(self, room: ScheduleRoom) -> None:
        self._room = room

    async def names_like(self, interaction: AnyInteraction, typed: str) -> tuple[tuple[str, str], ...]:
        """Return name and value of up to 25 check-ins for what was typed so far; none where they can't be read."""
        if interaction.guild_id is None:
            return ()
        return await self._room.schedules.names_like(interaction.guild_id, typed)

    async def create(self, interaction: AnyInteraction, given: Given) -> None:
        """Keep a new check-in; with anything in the way, show it as a draft that can be mended."""
        heard = await self._heard(interaction, given)
        await Answer.to(interaction).show(await self._room.start(interaction, heard))

    async def show_list(self, interaction: AnyInteraction) -> None:
        """Show all check-ins, and what holds for all."""
        await Answer.to(interaction).show(await self._room.listed(group_of(interaction)))

    async def edit(self, interaction: AnyInteraction, schedule: str | None, given: Given) -> None:
        """Keep what was given and show the panel."""
        heard = await self._heard(interaction, given)
        found, notes = await self._room.meant(group_of(interaction), schedule)
        if found is None:
            panel = await self._room.pick(group_of(interaction), "edit", *notes, heard=heard)
        else:
            panel = await self._room.apply(interaction, found, heard)
        await Answer.to(interaction).show(panel)

    async def pause(self, interaction: AnyInteraction, schedule: str | None, until: str | None) -> None:
        """Let a check-in rest."""
        found, notes = await self._room.meant(group_of(interaction), schedule)
        if found is None:
            panel = await self._room.pick(group_of(interaction), "pause", *notes, until=until)
        else:
            panel = await self._room.pause(interaction, found, until or "")
        await Answer.to(interaction).show(panel)

    async def resume(self, interaction: AnyInteraction, schedule: str | None) -> None:
        """Let a check-in ask again."""
        found, notes = await self._room.meant(group_of(interaction), schedule)
        if found is None:
            panel = await self._room.pick(group_of(interaction), "resume", *notes)
        else:
            panel = await self._room.resume(interaction, found)
        await Answer.to(interaction).show(panel)

    async def remove(self, interaction: AnyInteraction, schedule: str | None) -> None:
        """Ask before a check-in goes."""
        found, notes = await self._room.meant(group_of(interaction), schedule)
        if found is None:
            panel = await self._room.pick(group_of(interaction), "remove", *notes)
        else:
            panel = removing_panel(found)
        await Answer.to(interaction).show(panel)

    async def _heard(self, interaction: AnyInteraction, given: Given) -> Heard:
        wish = Wish(given.name, given.channel_id, thread=given.thread, prompts=given.prompts)
        spoken = Spoken(given.time, given.timezone, given.days, given.questions)
        return await self._room.heard(group_of(interaction), spoken, wish)
