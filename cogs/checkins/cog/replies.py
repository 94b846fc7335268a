"""Replies: writing back, taking back, a companion who can't, and whom nobody has answered yet."""

from collections.abc import Callable

from bot.discordkit import (
    Answer,
    AnyInteraction,
    ConsentGate,
    Panel,
    Press,
    Screening,
    Standings,
    pressed,
    say,
)
from bot.errors import Refusal
from bot.storage import ConditionFailed
from bot.text import t
from bot.text.escaping import plain
from cogs.checkins.service.looks import LookService
from cogs.checkins.service.replies import ReplyService, tidied
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui import replies as ui

_WRITE = "checkins.reply"


class ReplyDesk:
    """Who may answer an entry is asked anew at each press; whoever is on an avoid list is answered like anybody."""

    def __init__(
        self,
        service: ReplyService,
        looks: LookService,
        standings: Standings,
        gate: ConsentGate,
        screening: Screening,
        *,
        kick: Callable[[], None],
    ) -> None:
        self._service = service
        self._looks = looks
        self._standings = standings
        self._gate = gate
        self._screening = screening
        self._kick = kick
        gate.register(_WRITE, self._open)

    async def waiting(self, interaction: AnyInteraction) -> None:
        """Show who waits for a reply."""
        entries = await self._service.waiting(interaction.guild_id or 0)
        await Answer.to(interaction).show(ui.waiting_panel(entries, 0))

    @pressed("checkins", "reply_page", action="checkins.waiting")
    async def page(self, press: Press) -> None:
        """Show another page of those who wait."""
        entries = await self._service.waiting(press.who.guild_id or 0)
        await press.turn(ui.waiting_panel(entries, _row(press.key)))

    @pressed("checkins", "reply_write", action="checkins.write_back")
    async def write(self, press: Press) -> None:
        """Open the form for a reply."""
        await self._begin(press)

    @pressed("checkins", "reply_told", action="checkins.write_back")
    async def told(self, press: Press) -> None:
        """Open the form for a reply, from what the team was told."""
        await self._begin(press)

    async def _begin(self, press: Press) -> None:
        entry = await self._entry(press.interaction, _row(press.key))
        await self._gate.through(press.interaction, _WRITE, str(entry.entry_id))

    async def _open(self, interaction: AnyInteraction, argument: str) -> None:
        entry = await self._entry(interaction, _row(argument))
        await Answer.to(interaction).ask(ui.reply_form(entry))

    async def _entry(self, interaction: AnyInteraction, entry_id: int) -> Entry:
        """Return an entry that this person may answer. Raises `Refusal`."""
        who = await self._standings.full(interaction)
        if who.guild_id is None:
            raise Refusal("kit.refused.server_only")
        return await self._service.entry_for(who.guild_id, entry_id, who.user_id, team=who.team or who.admin)

    @pressed("checkins", "reply_sent", action="checkins.write_back")
    async def sent(self, press: Press) -> None:
        """Take the words from the form; where they show that their author may be in danger, answer that first."""
        entry_id, words = _row(press.key), tidied(press.words(ui.WORDS_FIELD))
        if not words:
            await press.answer.show(say(t("checkin_reply.empty")))
            return
        blocks = await self._screening.hold(press.who.guild_id or 0, press.who.user_id, (words,))
        if blocks is not None:
            panel = ui.held_panel(blocks, entry_id, press.submission, words)
        else:
            panel = await self._send(press, entry_id, words, press.submission)
        await press.answer.show(panel)

    @pressed("checkins", "reply_share", action="checkins.write_back")
    async def share(self, press: Press) -> None:
        """Send off a reply that was held back: its author has decided."""
        mark, words = press.key.partition(ui.SEPARATOR)[2], tidied(plain(press.marked(ui.WORDS)))
        if not mark or not words:
            raise Refusal("kit.refused.outdated")
        await press.turn(await self._send(press, _row(press.key), words, mark))

    @pressed("checkins", "reply_keep", action="checkins.write_back")
    async def keep(self, press: Press) -> None:
        """Leave a reply that was held back unsent."""
        await press.turn(say(t("checkin_reply.kept.words")))

    async def _send(self, press: Press, entry_id: int, words: str, mark: str) -> Panel:
        """Send a reply off and return what to show; whatever is in the way, the words are in it."""
        try:
            entry = await self._entry(press.interaction, entry_id)
            reply = await self._service.write(entry.guild_id, entry_id, press.who.user_id, words, mark)
        except Refusal as refusal:
            return ui.lost_panel(t(refusal.key, **refusal.data), words)
        except ConditionFailed:
            return ui.lost_panel(t("checkin_reply.agree_first"), words)
        if reply is None:
            return say(t("checkin_reply.already"))
        self._kick()
        return ui.receipt_panel(reply, entry)

    @pressed("checkins", "reply_back", action="checkins.write_back")
    async def take_back(self, press: Press) -> None:
        """Delete somebody's own reply."""
        await self._service.take_back(press.who.guild_id or 0, _row(press.key), press.who.user_id)
        self._kick()
        await press.turn(say(t("checkin_reply.back.done")))

    @pressed("checkins", "ask_cannot", action="checkins.request")
    async def cannot(self, press: Press) -> None:
        """Let a companion off and ask somebody else."""
        waits = await self._looks.cannot(_row(press.key), press.who.user_id)
        self._kick()
        await press.answer.redraw(ui.cannot_panel(waits=waits))


def _row(key: str) -> int:
    """Return the row that an id names; 0, which no row has, for anything else."""
    number = key.partition(ui.SEPARATOR)[0]
    return int(number) if number.isdecimal() and len(number) < 20 else 0
