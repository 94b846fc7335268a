"""The daily post's buttons; its preview, and posting it at once, for moderators."""

from bot.discordkit import (
    Answer,
    AnyInteraction,
    ConsentGate,
    Panel,
    Press,
    encode,
    is_private,
    place_fault,
    pressed,
    say,
)
from bot.errors import Refusal
from bot.permissions import posting_needs
from bot.text import t
from cogs.checkins.delivery.turns import TurnDelivery
from cogs.checkins.rules import Choice
from cogs.checkins.service.asking_now import AskingNow
from cogs.checkins.service.schedules import ScheduleService
from cogs.checkins.service.sets import DEFAULT_SET, SetService
from cogs.checkins.service.skipping import Skipping
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui import turns as ui
from cogs.checkins.ui.form import entry_form

_SKIP = "checkins.skip"


class TurnDesk:
    """Every press reads the check-in again, in the presser's own server."""

    def __init__(
        self,
        schedules: ScheduleService,
        sets: SetService,
        asking: AskingNow,
        skipping: Skipping,
        delivery: TurnDelivery,
        gate: ConsentGate,
    ) -> None:
        self._schedules = schedules
        self._sets = sets
        self._asking = asking
        self._skipping = skipping
        self._delivery = delivery
        self._gate = gate
        gate.register(_SKIP, self._skip, looks_itself=True)

    async def preview(self, interaction: AnyInteraction, schedule: str | None) -> None:
        """Show the next post of a check-in as members will see it."""
        found = await self._named(interaction, schedule)
        panel = (
            await self._pick(interaction, encode("checkins", "turn_preview"))
            if found is None
            else await self._previewed(interaction, found.schedule_id)
        )
        await Answer.to(interaction).show(panel)

    async def post_now(self, interaction: AnyInteraction, schedule: str | None) -> None:
        """Post today's check-in, where it isn't yet."""
        found = await self._named(interaction, schedule)
        panel = (
            await self._pick(interaction, encode("checkins", "turn_now"))
            if found is None
            else await self._posted(interaction, found)
        )
        await Answer.to(interaction).show(panel)

    @pressed("checkins", "turn_preview", action="checkins.manage")
    async def look(self, press: Press) -> None:
        """Show a preview: in the place of the list that it was picked from, else beside the panel."""
        panel = await self._previewed(press.interaction, _meant(press))
        if press.values:
            await press.turn(panel)
        else:
            await press.answer.show(panel)

    @pressed("checkins", "turn_form", action="checkins.manage")
    async def form(self, press: Press) -> None:
        """Open the form as members see it; what is sent in is not kept."""
        guild_id = press.interaction.guild_id or 0
        schedule = await self._schedules.get(guild_id, _meant(press))
        question_set = await self._sets.get(guild_id, schedule.question_set)
        question_set = question_set or await self._sets.get(guild_id, DEFAULT_SET)
        if question_set is None:
            raise Refusal("kit.refused.outdated")
        await press.answer.ask(entry_form(question_set, verb="set_tried", key=question_set.id, choice=Choice.ME))

    @pressed("checkins", "turn_now", action="checkins.manage")
    async def now(self, press: Press) -> None:
        """Post a check-in that was picked, or the one of a preview."""
        schedule = await self._schedules.get(press.interaction.guild_id or 0, _meant(press))
        await press.turn(await self._posted(press.interaction, schedule))

    @pressed("checkins", "skip", action="checkins.write")
    async def skip(self, press: Press) -> None:
        """Take the day off, once it is agreed that this is kept."""
        if ui.read_key(press.key) is None:
            raise Refusal("kit.refused.outdated")
        await self._gate.through(press.interaction, _SKIP, press.key)

    async def _skip(self, interaction: AnyInteraction, key: str) -> None:
        read = ui.read_key(key)
        if read is None:
            raise Refusal("kit.refused.outdated")
        skip = await self._skipping.skip(interaction.guild_id or 0, interaction.user.id, *read)
        answer, panel = Answer.to(interaction), ui.skip_panel(skip.what, skip.day, key)
        if is_private(interaction):
            await answer.redraw(panel)
        else:
            await answer.show(panel)

    @pressed("checkins", "turn_unskip", action="checkins.write")
    async def take_back(self, press: Press) -> None:
        """Forget the day off of whoever presses."""
        key, _, day = press.key.rpartition(".")
        post, own = ui.read_key(key), ui.read_key(f"0.{day}")
        if post is None or own is None:
            raise Refusal("kit.refused.outdated")
        done = await self._skipping.take_back(press.interaction.guild_id or 0, press.who.user_id, own[1])
        await press.turn(ui.skip_panel("undone" if done else "nothing", own[1], key))

    async def _named(self, interaction: AnyInteraction, words: str | None) -> CheckinSchedule | None:
        """Return the check-in that is meant; None where there are several to pick from. Raises `Refusal`."""
        guild_id = interaction.guild_id or 0
        if words:
            return await self._schedules.named(guild_id, words)
        return await self._schedules.only(guild_id)

    async def _pick(self, interaction: AnyInteraction, custom_id: str) -> Panel:
        every = await self._schedules.all_of(interaction.guild_id or 0)
        if not every:
            raise Refusal("checkins.none")
        return ui.pick_panel(every, custom_id)

    async def _previewed(self, interaction: AnyInteraction, schedule_id: int) -> Panel:
        return ui.preview_panel(await self._asking.preview(interaction.guild_id or 0, schedule_id))

    async def _posted(self, interaction: AnyInteraction, schedule: CheckinSchedule) -> Panel:
        if fault := _fault(interaction, schedule):
            return say(fault)
        outcome = await self._delivery.now(schedule.guild_id, schedule.schedule_id)
        if outcome.post is not None:
            already = outcome.state == "already"
            then = await self._asking.preview(schedule.guild_id, schedule.schedule_id)
            return ui.posted_panel(then, outcome.post, already=already, thread=outcome.thread)
        if outcome.state == "refused":
            return ui.unposted_panel(outcome.schedule, outcome.reason)
        return say(t("checkin_post.now.later"))


def _meant(press: Press) -> int:
    """Return the id of the check-in that was picked, or that the button names. Raises `Refusal` for anything else."""
    read = ui.read_number(press.values[0] if press.values else press.key)
    if read is None:
        raise Refusal("kit.refused.outdated")
    return read


def _fault(interaction: AnyInteraction, schedule: CheckinSchedule) -> str | None:
    """Return what stands against posting in the check-in's channel now; a thread that can't be opened doesn't."""
    fault = place_fault(interaction, schedule.channel_id, posting_needs("check-ins", thread=False))
    if fault is None:
        return None
    return t(f"checkin_post.now.{fault.reason}", name=ui.shown_name(schedule.name), **fault.names)
