"""The form of a check-in: opened from the day's post or by a command, read once, screened before anything leaves."""

import asyncio
from datetime import date

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Press, Screening, pressed
from bot.errors import Refusal
from bot.jobs import Runner
from bot.storage import ConditionFailed
from bot.text import t
from cogs.checkins.cog.sheets import Sheets
from cogs.checkins.rules import Choice
from cogs.checkins.service.answers import Given
from cogs.checkins.service.entries import EntryService, Filled, Written
from cogs.checkins.service.openings import Opening, OpeningService
from cogs.checkins.service.rhythm import RhythmService
from cogs.checkins.service.slots import Slot
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.entries import posted_words
from cogs.checkins.ui.form import entry_form, read_form
from cogs.checkins.ui.receipts import held_panel, lost_panel, told

_FORM = "checkins.form"
# Seconds that a form may wait for words that live in a post: what Discord allows, less than the acknowledgement's.
_IN_TIME = 0.4


class FormDesk:
    """Opens the form for whoever agreed that something is stored, and answers what was filled in."""

    def __init__(
        self,
        entries: EntryService,
        openings: OpeningService,
        rhythm: RhythmService,
        sheets: Sheets,
        screening: Screening,
        gate: ConsentGate,
        jobs: Runner,
    ) -> None:
        self._entries = entries
        self._openings = openings
        self._rhythm = rhythm
        self._sheets = sheets
        self._screening = screening
        self._gate = gate
        self._jobs = jobs
        gate.register(_FORM, self._agreed)

    async def open_now(self, interaction: AnyInteraction, schedule: str | None) -> None:
        """Open the form of the check-in that is named, the only one, or the one asked last."""
        slot = await self._openings.named(interaction.guild_id or 0, interaction.user.id, schedule)
        await self._gate.through(interaction, _FORM, slot.key)

    @pressed("checkins", "now", action="checkins.write")
    async def now(self, press: Press) -> None:
        """Open the form from the day's post."""
        await self._from_post(press, alone=False)

    @pressed("checkins", "alone", action="checkins.write")
    async def alone(self, press: Press) -> None:
        """Open the form from the day's post, "just me" chosen already."""
        await self._from_post(press, alone=True)

    async def _from_post(self, press: Press, *, alone: bool) -> None:
        schedule_id, day = _post_of(press.key)
        slot = await self._openings.pressed(
            press.who.guild_id or 0, press.who.user_id, schedule_id, day, alone=alone
        )  # fmt: skip
        await self._gate.through(press.interaction, _FORM, slot.key)

    @pressed("checkins", "form_open", action="checkins.write")
    async def again(self, press: Press) -> None:
        """Open the form that a panel offers."""
        await self._gate.through(press.interaction, _FORM, Slot.of(press.key).key)

    async def _agreed(self, interaction: AnyInteraction, argument: str) -> None:
        opening = await self._openings.open(interaction.guild_id or 0, interaction.user.id, Slot.of(argument))
        words = await self._in_time(opening.entry) if opening.entry else ()
        await self._ask(interaction, opening, words)

    @pressed("checkins", "entry_edit", action="checkins.write")
    async def edit(self, press: Press) -> None:
        """Open the form with what was written before."""
        entry, key = await self._sheets.pressed(press)
        shown = {place: text for place in range(1, 5) if (text := press.marked(place))}
        if entry.words is None and shown and key.edition == entry.edition:
            words: tuple[Given, ...] | None = posted_words(entry.outline, shown)
        else:
            words = await self._in_time(entry)
        await self._ask(press.interaction, await self._openings.of_entry(entry), words)

    async def _in_time(self, entry: Entry) -> tuple[Given, ...] | None:
        """The entry's words, where they can be had before a form has to open; None where not."""
        try:
            async with asyncio.timeout(_IN_TIME):
                read = await self._sheets.read(entry)
        except TimeoutError:
            return None
        if read.words is None and not read.away:
            return ()  # they went with the post
        return read.words

    async def _ask(self, interaction: AnyInteraction, opening: Opening, words: tuple[Given, ...] | None) -> None:
        answer, entry = Answer.to(interaction), opening.entry
        if entry is not None and words is None:  # a form without the words would delete them
            await answer.show(await self._sheets.sheet(entry, t("checkin_entry.slow.form")))
            return
        given = (*entry.marks, *(words or ())) if entry is not None else ()
        form = entry_form(
            opening.questions, verb="form_send", key=opening.slot.key, choice=opening.choice, given=given,
            today=opening.today,
        )  # fmt: skip
        await answer.ask(form)

    @pressed("checkins", "form_send", action="checkins.write")
    async def send(self, press: Press) -> None:
        """Keep what was filled in; what screening holds back stays with its writer until they decide."""
        guild_id, user_id = press.who.guild_id or 0, press.who.user_id
        slot = Slot.of(press.key)
        questions = await self._openings.questions(guild_id, slot.questions)
        given, choice = read_form(questions, press)
        asked = frozenset(one.id for one in questions.questions)
        left = await self._left_over(guild_id, user_id, slot, asked | {one.question_id for one in given})
        if left is None:  # an edit without them would delete them
            await press.turn(lost_panel("checkin_entry.lost.away", given))
            return
        given += left
        texts = [one.shown for one in given if one.words]
        blocks = await self._screening.hold(guild_id, user_id, texts) if texts else None
        filled = Filled(
            questions.id, given, asked, choice, press.submission,
            held=blocks is not None and choice is not Choice.ME,
        )  # fmt: skip
        clock = await self._rhythm.clock(guild_id, user_id)
        try:
            written = await self._entries.write(guild_id, user_id, slot, filled, clock)
        except ConditionFailed:
            await press.answer.show(lost_panel("checkin_entry.lost.consent", given))
            await self._gate.through(press.interaction, _FORM, slot.key)
            return
        self._jobs.kick()
        entry = written.entry
        if entry is None:
            panel = lost_panel("checkin_entry.lost.full", given) if written.late else told("checkin_entry.gone")
        elif blocks is not None and filled.held:
            panel = held_panel(entry, choice, blocks)
        else:
            notes = _notes(written, earlier=entry.day == clock.yesterday)
            fresh = written.new or written.again
            heading = t("checkin_entry.receipt.kept" if fresh else "checkin_entry.receipt.changed")
            panel = await self._sheets.written(entry, heading, *notes, below=blocks or ())
        await press.turn(panel)

    async def _left_over(
        self, guild_id: int, user_id: int, slot: Slot, sent: frozenset[str]
    ) -> tuple[Given, ...] | None:  # fmt: skip
        """Words in the post of the entry before, to questions that the form doesn't ask any more: they stay.

        None where they can't be read from there just now.
        """
        entry = (await self._openings.open(guild_id, user_id, slot)).entry
        if entry is None or entry.words is not None or all(one.question_id in sent for one in entry.outline):
            return ()
        read = await self._sheets.read(entry)
        if read.away:
            return None
        return tuple(one for one in read.words or () if one.question_id not in sent and one.shown)


def _notes(written: Written, *, earlier: bool) -> tuple[str, ...]:
    if written.again:
        return (t("checkin_entry.receipt.again"),)
    late = t("checkin_entry.receipt.late") if written.late else ""
    return late, t("checkin_entry.receipt.yesterday") if earlier else ""


def _post_of(key: str) -> tuple[int, date]:
    schedule_id, _, day = key.partition(".")
    try:
        if not schedule_id.isdecimal() or len(schedule_id) > 19:
            raise Refusal("kit.refused.outdated")
        return int(schedule_id), date.fromisoformat(day)
    except ValueError:
        raise Refusal("kit.refused.outdated") from None
