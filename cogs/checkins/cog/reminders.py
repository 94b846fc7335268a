"""`/checkin remind` and `/checkin remind-off`: a member's own reminder, its panel, form and message."""

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Panel, Press, pressed, say
from bot.errors import Refusal
from bot.jobs import Runner
from bot.text import t
from bot.times import parse_clock_time
from cogs.checkins.cog.rests import person
from cogs.checkins.service.reminders import ReminderService, Wanted, days_of, read_wish
from cogs.checkins.service.rhythm import RhythmService
from cogs.checkins.ui import reminders as ui

_WISH = "checkins.remind"


class ReminderDesk:
    """Nobody but the member learns that there is a reminder."""

    def __init__(self, service: ReminderService, rhythm: RhythmService, gate: ConsentGate, jobs: Runner) -> None:
        self._service = service
        self._rhythm = rhythm
        self._gate = gate
        self._jobs = jobs
        gate.register(_WISH, self._keep, looks_itself=True)

    async def keep(self, interaction: AnyInteraction, at: str | None, days: str | None) -> None:
        """Keep what was typed; without a time, show how the reminder stands."""
        who = person(interaction)
        wanted = await self._service.read(*who, at, days)
        typed = any(words and words.strip() for words in (at, days))
        if typed and wanted.minute is not None:
            await self._wish(interaction, wanted)
            return
        if typed:
            panel = ui.time_panel(t("checkin_rhythm.remind.no_time"), wanted)
        else:
            panel = ui.reminder_panel(await self._service.state(*who), await self._rhythm.word_owed(*who))
        await Answer.to(interaction).show(panel)

    async def _wish(self, interaction: AnyInteraction, wanted: Wanted) -> None:
        await self._gate.through(interaction, _WISH, f"{wanted.minute}.{wanted.mask}")

    async def _keep(self, interaction: AnyInteraction, argument: str) -> None:
        who = person(interaction)
        await self._service.keep(*who, read_wish(argument))
        self._jobs.kick()
        panel = ui.reminder_panel(await self._service.state(*who), t("checkin_rhythm.remind.kept"))
        await Answer.to(interaction).redraw(panel)

    async def turn_off(self, interaction: AnyInteraction) -> None:
        """Remind no more."""
        await Answer.to(interaction).redraw(await self._ended(interaction))

    async def _ended(self, interaction: AnyInteraction) -> Panel:
        who = person(interaction)
        key = "ended" if await self._service.end(*who) else "ended_before"
        return ui.reminder_panel(await self._service.state(*who), t(f"checkin_rhythm.remind.{key}"))

    @pressed("checkins", "rem_off", action="checkins.remind")
    async def off(self, press: Press) -> None:
        """Remind no more, from the panel."""
        await press.turn(await self._ended(press.interaction))

    @pressed("checkins", "rem_form", action="checkins.remind")
    async def form(self, press: Press) -> None:
        """Open the form, with what is kept and the days that the button takes along."""
        kept = await self._service.read(*person(press.interaction), None, None)
        mask = int(press.key) if press.key.isascii() and press.key.isdecimal() and len(press.key) < 4 else 0
        await press.answer.ask(ui.reminder_form(Wanted(kept.minute, days_of(mask) or kept.days)))

    @pressed("checkins", "rem_set", action="checkins.remind")
    async def submitted(self, press: Press) -> None:
        """Take the form; a time that doesn't read is asked for again, with the days kept."""
        days = frozenset(int(day) for day in press.chosen("days") if day in {str(one) for one in range(7)})
        try:
            wanted = Wanted(parse_clock_time(press.words("at")), days)
            if not days:
                raise Refusal("times.weekdays.unknown")
            await self._wish(press.interaction, wanted)
        except Refusal as refusal:
            await press.turn(ui.time_panel(t(refusal.key, **refusal.data), Wanted(None, days)))

    # In direct messages there is no server to stand in: the row says whose reminder it is.
    @pressed("checkins", "rem_stop", action="checkins.request")
    async def stop(self, press: Press) -> None:
        """Remind no more, from the reminder's own message."""
        guild_id, _, rest = press.key.partition(".")
        edition = rest.partition(".")[0]
        if not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in (guild_id, edition)):
            raise Refusal("kit.refused.outdated")
        stopped = await self._service.stop(int(guild_id), press.who.user_id, int(edition))
        await press.answer.show(say(t(f"checkin_rhythm.message.{'stopped' if stopped else 'stopped_before'}")))
