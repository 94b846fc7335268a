"""`/manage-checkins summary`: how many took part last week, and what the group shared, without anybody's name."""

from datetime import date

from bot.discordkit import Answer, AnyInteraction, Panel, Press, pressed
from bot.errors import Refusal
from bot.ids import Ids
from bot.jobs import Runner
from cogs.checkins.cog.schedule_places import channel_fault
from cogs.checkins.service.weeks import WeekService
from cogs.checkins.ui.weeks import coming, week_panel, why_panel


class WeekDesk:
    """Shows the last week to the team, and posts it for the group where they want that."""

    def __init__(self, service: WeekService, ids: Ids, jobs: Runner) -> None:
        self._service = service
        self._ids = ids
        self._jobs = jobs

    async def show(self, interaction: AnyInteraction) -> None:
        """Show the summary of the last week."""
        await Answer.to(interaction).show(await self._panel(interaction))

    @pressed("checkins", "week_post", action="checkins.manage")
    async def post(self, press: Press) -> None:
        """Post the week that is shown, where both the bot and the moderator may write."""
        words, _, mark = press.key.partition(".")
        try:
            week = date.fromisoformat(words)
        except ValueError:
            raise Refusal("kit.refused.outdated") from None
        guild_id = press.interaction.guild_id or 0
        channel_id = await self._service.channel(guild_id)
        if channel_id is None:
            await press.turn(await self._panel(press.interaction))
            return
        if fault := channel_fault(press.interaction, channel_id, thread=False):
            await press.turn(await self._panel(press.interaction, fault))
            return
        kept = await self._service.order(guild_id, week, mark)
        self._jobs.kick()
        notes = (coming(channel_id),) if kept.message_id is None else ()
        await press.turn(await self._panel(press.interaction, *notes, mark=mark))

    @pressed("checkins", "week_why", action="checkins.history")
    async def why(self, press: Press) -> None:
        """Say how it is counted, to whoever asks."""
        await press.answer.show(why_panel())

    async def _panel(self, interaction: AnyInteraction, *notes: str, mark: str = "") -> Panel:
        guild_id = interaction.guild_id or 0
        kept, settings = await self._service.last(guild_id), await self._service.settings(guild_id)
        return week_panel(kept, settings, await self._service.channel(guild_id), mark or self._ids.key(), *notes)
