"""`/checkin history` and `/checkin export`: a member's own days, for their eyes only.

Where somebody looks travels in the ids of the panel's buttons; whose days are shown never does: it is whoever presses.
"""

import logging

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Panel, Press, pressed
from bot.errors import Refusal
from cogs.checkins.service.history import SPANS, History, HistoryService, Spot
from cogs.checkins.service.rhythm import RhythmService
from cogs.checkins.ui.chart import Easel
from cogs.checkins.ui.history import (
    empty_panel,
    entry_panel,
    history_panel,
    kept_words,
    read_spot,
    shorter_panel,
    spot_key,
)
from cogs.checkins.ui.sheet import Sheet, sheet_panel

_KEEP = "checkins.months"

_log = logging.getLogger(__name__)


class HistoryDesk:
    """Shows the picture and the list, gives the file, and keeps for how long entries stay."""

    def __init__(self, service: HistoryService, rhythm: RhythmService, easel: Easel, consent: ConsentGate) -> None:
        self._service = service
        self._rhythm = rhythm
        self._easel = easel
        self._consent = consent
        consent.register(_KEEP, self._keep, looks_itself=True)

    async def show(self, interaction: AnyInteraction, days: int) -> None:
        """Show the last so many days."""
        spot = Spot(days if days in SPANS else Spot().days)
        await Answer.to(interaction).show(await self._panel(interaction, spot))

    async def export(self, interaction: AnyInteraction) -> None:
        """Give all of the person's own entries as a file."""
        await Answer.to(interaction).show(await self._file(interaction))

    @pressed("checkins", "hist_look", action="checkins.history")
    @pressed("checkins", "hist_span", action="checkins.history")
    @pressed("checkins", "hist_earlier", action="checkins.history")
    @pressed("checkins", "hist_later", action="checkins.history")
    async def look(self, press: Press) -> None:
        """Look somewhere else."""
        await press.turn(await self._panel(press.interaction, _spot(press.key)))

    @pressed("checkins", "hist_open", action="checkins.history")
    async def open(self, press: Press) -> None:
        """Show one entry whole."""
        spot, chosen = _spot(press.key), press.values[0] if press.values else ""
        guild_id, user_id = _whose(press.interaction)
        entry = await self._service.entry(guild_id, user_id, _number(chosen))
        await press.turn(entry_panel(entry, spot))

    @pressed("checkins", "hist_export", action="checkins.history")
    async def export_pressed(self, press: Press) -> None:
        """Give the file beside the panel."""
        await press.answer.show(await self._file(press.interaction))

    @pressed("checkins", "hist_months", action="checkins.history")
    async def months(self, press: Press) -> None:
        """Keep for how long entries stay; a shorter time than before deletes some, so it is asked about first."""
        spot, months = _spot(press.key), _number(press.values[0] if press.values else "")
        keeping = await self._service.keeping(*_whose(press.interaction))
        if months in keeping.choices and months < keeping.chosen:
            await press.turn(shorter_panel(months, spot))
        else:
            await self._consent.through(press.interaction, _KEEP, f"{months}.{spot_key(spot)}")

    @pressed("checkins", "hist_keep", action="checkins.history")
    async def keep(self, press: Press) -> None:
        """Keep a shorter time."""
        await self._consent.through(press.interaction, _KEEP, press.key)

    async def _keep(self, interaction: AnyInteraction, argument: str) -> None:
        months, _, key = argument.partition(".")
        spot = _spot(key)
        keeping = await self._service.keep_for(*_whose(interaction), _number(months))
        notice = kept_words(keeping.chosen)
        await Answer.to(interaction).redraw(await self._panel(interaction, spot, notice))

    async def _panel(self, interaction: AnyInteraction, spot: Spot, notice: str | None = None) -> Panel:
        guild_id, user_id = _whose(interaction)
        history = await self._service.look(guild_id, user_id, spot)
        owed = await self._rhythm.word_owed(guild_id, user_id)
        if history is None:
            return empty_panel(await self._rhythm.of(guild_id, user_id), owed)
        return history_panel(history, await self._picture(history), owed=owed, notice=notice)

    async def _picture(self, history: History) -> bytes | None:
        if not history.picture.lines:
            return None
        try:
            return await self._easel.draw(history.picture)
        except TimeoutError:
            _log.warning("a picture took too long")
            return None

    async def _file(self, interaction: AnyInteraction) -> Panel:
        sheet = Sheet()
        async for some in self._service.everything(*_whose(interaction)):
            sheet.add(some)
        if sheet.count:
            return sheet_panel(sheet.count, sheet.file())
        return empty_panel(await self._rhythm.of(*_whose(interaction)))


def _whose(interaction: AnyInteraction) -> tuple[int, int]:
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id, interaction.user.id


def _spot(key: str) -> Spot:
    spot = read_spot(key)
    if spot is None:
        raise Refusal("kit.refused.outdated")
    return spot


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 20 else 0
