"""`/checkin today`, and every button about an entry of one's own: who sees it, numbers, take it back, delete."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Panel, Press, Screening, pressed
from bot.errors import Refusal
from bot.jobs import Runner
from bot.storage import ConditionFailed
from bot.text import t
from cogs.checkins.cog.sheets import Sheets
from cogs.checkins.rules import Choice
from cogs.checkins.service.changes import ChangeService
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.receipts import delete_panel, preview_panel, receipt_panel, told, unread_panel

_TODAY = "checkins.today"


class TodayDesk:
    """Every press reads the entry again, and only the presser's own."""

    def __init__(
        self, sheets: Sheets, changes: ChangeService, screening: Screening, gate: ConsentGate, jobs: Runner
    ) -> None:
        self._sheets = sheets
        self._changes = changes
        self._screening = screening
        self._gate = gate
        self._jobs = jobs
        gate.register(_TODAY, self._agreed)

    async def show(self, interaction: AnyInteraction) -> None:
        """Show today's entry, or that there is none yet."""
        await Answer.to(interaction).show(await self._sheets.today(interaction.guild_id or 0, interaction.user.id))

    async def _agreed(self, interaction: AnyInteraction, argument: str) -> None:
        await Answer.to(interaction).redraw(await self._sheets.today(interaction.guild_id or 0, interaction.user.id))

    @pressed("checkins", "entry_show", action="checkins.write")
    async def pick(self, press: Press) -> None:
        """Show another entry of these days."""
        if not press.values:
            raise Refusal("kit.refused.outdated")
        entry, _ = await self._sheets.pressed(replace(press, key=f"{press.values[0]}.0."))
        await press.turn(await self._sheets.sheet(entry))

    @pressed("checkins", "entry_leave", action="checkins.write")
    async def leave(self, press: Press) -> None:
        """Show the entry as it is."""
        entry, _ = await self._sheets.pressed(press)
        await press.turn(await self._sheets.sheet(entry))

    @pressed("checkins", "entry_who", action="checkins.write")
    async def who(self, press: Press) -> None:
        """Change who sees an entry: at once where nobody new does, else after a preview."""
        entry, _ = await self._sheets.pressed(press)
        choice = _choice(press.values[0] if press.values else "")
        if choice is entry.choice and entry.held is not None:
            await self._keep(press, entry)
        elif choice is entry.choice:
            await press.turn(await self._sheets.sheet(entry))
        elif choice is Choice.ME:
            await self._take_back(press, entry, anyway=False)
        elif choice.place is entry.choice.place:
            await self._choose(press, entry, choice)
        else:
            await press.turn(await self._preview(entry, choice))

    async def _preview(self, entry: Entry, choice: Choice) -> Panel:
        """What others would see, with help first where the words sound like danger."""
        read = await self._sheets.read(entry)
        if read.away:
            raise Refusal("checkin_entry.today.words_away")
        texts = [one.shown for one in read.words or () if one.shown]
        blocks = await self._screening.hold(entry.guild_id, entry.user_id, texts) if texts else None
        shown = replace(entry, choice=choice)
        # An entry without a word has nothing that could have gone with its post.
        words = read.words if read.words is not None or entry.outline else ()
        return preview_panel(entry, shown, words, blocks or ())

    @pressed("checkins", "entry_move", action="checkins.write")
    async def move(self, press: Press) -> None:
        """Share an entry as its writer chose below its preview, or below what screening held back."""
        entry, key = await self._sheets.pressed(press)
        await self._choose(press, entry, _choice(key.wish), key.edition)

    async def _choose(self, press: Press, entry: Entry, choice: Choice, edition: int | None = None) -> None:
        words = None
        if entry.words is None and choice.place is not entry.choice.place:
            read = await self._sheets.read(entry)
            if read.away:
                raise Refusal("checkin_entry.today.words_away")
            words = read.words
        edition = entry.edition if edition is None else edition
        await self._changed(
            press,
            lambda: self._changes.choose(
                entry.guild_id, entry.user_id, entry.entry_id, choice, edition=edition, words=words
            ),
        )

    @pressed("checkins", "entry_numbers", action="checkins.write")
    async def numbers(self, press: Press) -> None:
        """Show numbers and ticks to the group as well, or no more."""
        entry, key = await self._sheets.pressed(press)
        await self._changed(
            press,
            lambda: self._changes.show_numbers(
                entry.guild_id, entry.user_id, entry.entry_id, shown=key.wish == "1"
            ),
        )  # fmt: skip

    @pressed("checkins", "entry_retry", action="checkins.write")
    async def again(self, press: Press) -> None:
        """Try once more to post what Discord refused."""
        entry, _ = await self._sheets.pressed(press)
        await self._changed(
            press, lambda: self._changes.try_again(entry.guild_id, entry.user_id, entry.entry_id)
        )  # fmt: skip

    async def _changed(self, press: Press, change: Callable[[], Awaitable[Entry]]) -> None:
        try:
            entry = await change()
        except ConditionFailed:
            await self._gate.through(press.interaction, _TODAY)
            return
        self._jobs.kick()
        await press.turn(receipt_panel(entry, t("checkin_entry.receipt.changed")))

    @pressed("checkins", "entry_keep", action="checkins.write")
    async def keep(self, press: Press) -> None:
        """Let a text that was held back stay with its writer."""
        entry, _ = await self._sheets.pressed(press)
        await self._keep(press, entry)

    async def _keep(self, press: Press, entry: Entry) -> None:
        kept = await self._changes.keep_alone(entry.guild_id, entry.user_id, entry.entry_id)
        self._jobs.kick()
        heading = t("checkin_entry.receipt.kept")
        await press.turn(receipt_panel(kept, heading, t("checkin_entry.receipt.kept_private")))

    @pressed("checkins", "entry_back", action="checkins.write")
    async def back(self, press: Press) -> None:
        """Take an entry back from wherever it was shared."""
        entry, key = await self._sheets.pressed(press)
        await self._take_back(press, entry, anyway=key.wish == "anyway")

    async def _take_back(self, press: Press, entry: Entry, *, anyway: bool) -> None:
        """The words come back with it: they are read from the post before it goes."""
        read = await self._sheets.read(entry)
        if read.away and not anyway:
            await press.turn(unread_panel(entry))
            return
        kept = await self._changes.keep_alone(entry.guild_id, entry.user_id, entry.entry_id, read.words)
        self._jobs.kick()
        whole = kept.words is not None or not kept.outline
        note = t("checkin_entry.receipt.back_words" if whole else "checkin_entry.receipt.back_bare")
        await press.turn(receipt_panel(kept, t("checkin_entry.receipt.back"), note))

    @pressed("checkins", "entry_delete", action="checkins.write")
    async def delete(self, press: Press) -> None:
        """Ask before an entry is deleted."""
        entry, _ = await self._sheets.pressed(press)
        await press.turn(delete_panel(entry))

    @pressed("checkins", "entry_gone", action="checkins.write")
    async def gone(self, press: Press) -> None:
        """Delete an entry for good."""
        entry, _ = await self._sheets.pressed(press)
        await self._changes.delete(entry.guild_id, entry.user_id, entry.entry_id)
        self._jobs.kick()
        await press.turn(told("checkin_entry.receipt.deleted"))


def _choice(value: str) -> Choice:
    try:
        return Choice(value)
    except ValueError:
        raise Refusal("kit.refused.outdated") from None
