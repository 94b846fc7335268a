"""What the desks of a member's own entries share: reading an entry, and drawing what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.discordkit import Block, Panel, Press
from bot.errors import RefusedForGood, TryAgain
from bot.storage import SealBroken
from cogs.checkins.delivery.entries import PostedWords
from cogs.checkins.service.answers import Given
from cogs.checkins.service.entries import EntryService
from cogs.checkins.service.openings import OpeningService
from cogs.checkins.service.rhythm import RhythmService
from cogs.checkins.service.schedules import ScheduleService
from cogs.checkins.service.slots import EntryKey
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.receipts import receipt_panel
from cogs.checkins.ui.rhythm import offer_blocks, rhythm_text
from cogs.checkins.ui.today import Sheet, none_panel, sheet_panel


@dataclass(frozen=True, slots=True)
class Read:
    """An entry's words: None where they are gone; `away` where they can't be read from the post just now."""

    words: tuple[Given, ...] | None
    away: bool = False


class Sheets:
    """Draws entries for their writer alone."""

    def __init__(
        self,
        entries: EntryService,
        openings: OpeningService,
        schedules: ScheduleService,
        rhythm: RhythmService,
        words: PostedWords,
    ) -> None:
        self._entries = entries
        self._openings = openings
        self._schedules = schedules
        self._rhythm = rhythm
        self._words = words

    async def pressed(self, press: Press) -> tuple[Entry, EntryKey]:
        """Return the entry that a button is about. Raises `Refusal` for any that is not the presser's own."""
        key = EntryKey.of(press.key)
        return await self._entries.own(press.who.guild_id or 0, press.who.user_id, key.entry_id), key

    async def read(self, entry: Entry) -> Read:
        """Return an entry's words, from the row or from its post."""
        try:
            return Read(await self._words.of(entry))
        except (TryAgain, RefusedForGood):
            return Read(None, away=True)

    async def today(self, guild_id: int, user_id: int, notice: str = "") -> Panel:
        """Draw today's entry, or that there is none yet."""
        clock = await self._rhythm.clock(guild_id, user_id)
        found = await self._entries.of_days(guild_id, user_id, clock.yesterday, clock.today)
        done = [one for one in found if one.day == clock.today]
        if done:
            return await self.sheet(done[-1], notice)
        filled = any(one.day == clock.yesterday for one in found)
        fill = None if filled else await self._openings.earlier(guild_id, user_id)
        now = await self._openings.named(guild_id, user_id, None)
        days = (clock.today, clock.yesterday)
        return none_panel(now, fill, found, await self._names(guild_id), days)

    async def sheet(self, entry: Entry, notice: str = "") -> Panel:
        """Draw one entry, with the ways to the others of these days."""
        guild_id, user_id = entry.guild_id, entry.user_id
        clock = await self._rhythm.clock(guild_id, user_id)
        found = await self._entries.of_days(guild_id, user_id, clock.yesterday, clock.today)
        filled = any(one.day == clock.yesterday for one in found)
        read = await self.read(entry)
        sheet = Sheet(
            entry,
            read.words,
            clock.today,
            clock.yesterday,
            others=tuple(one for one in found if one.entry_id != entry.entry_id),
            names=await self._names(guild_id),
            away=read.away,
            fill=None if filled else await self._openings.earlier(guild_id, user_id),
        )
        return sheet_panel(sheet, notice)

    async def written(self, entry: Entry, heading: str, *notes: str, below: Sequence[Block] = ()) -> Panel:
        """Draw the receipt of a form: with the rhythm, what is owed at this visit, and the offer after low days."""
        guild_id, user_id = entry.guild_id, entry.user_id
        rhythm = rhythm_text(await self._rhythm.of(guild_id, user_id))
        owed = await self._rhythm.word_owed(guild_id, user_id) or ""
        offer = offer_blocks() if await self._rhythm.low_offer(guild_id, user_id) else ()
        return receipt_panel(entry, heading, *notes, rhythm, owed, below=(*below, *offer))

    async def _names(self, guild_id: int) -> Mapping[int, str]:
        try:
            return {one.schedule_id: one.name for one in await self._schedules.all_of(guild_id)}
        except SealBroken:
            return {}
