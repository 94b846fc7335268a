"""What a writer does to an entry afterwards: another audience, numbers shown, taken back, tried again, deleted.

Every change reads the row again, and only its writer's. What shows more needs their consent as storing does; what shows
less never does.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.errors import Refusal
from bot.members import Consents
from bot.storage import Database, Writer
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.answers import Given
from cogs.checkins.service.settling import Settling
from cogs.checkins.store.entries import Entry, EntryStore


class ChangeService:
    """Changes one entry at a time, in one transaction each. Kick the jobs after it."""

    def __init__(self, database: Database, consents: Consents, entries: EntryStore, settling: Settling) -> None:
        self._database = database
        self._consents = consents
        self._entries = entries
        self._settling = settling

    async def choose(
        self,
        guild_id: int,
        user_id: int,
        entry_id: int,
        choice: Choice,
        *,
        edition: int,
        words: tuple[Given, ...] | None = None,
    ) -> Entry:
        """Let others see the entry; `edition` is the one whose preview was shown.

        `words` are those that stood in its post alone, so that the next post has them. Raises `Refusal` where the
        entry was changed since, and `ConditionFailed` without the person's consent.
        """
        async with self._own(guild_id, user_id, entry_id, agreed=choice is not Choice.ME) as (writer, entry):
            if entry.edition != edition:
                if entry.choice is choice:
                    return entry  # a second press
                raise Refusal("checkin_entry.changed")
            after = replace(entry, choice=choice, held=None, words=entry.words if words is None else words)
            return await self._settling.change(writer, entry, after)

    async def keep_alone(
        self, guild_id: int, user_id: int, entry_id: int, words: tuple[Given, ...] | None = None
    ) -> Entry:
        """Take the entry back from wherever it was shared, or let what was held back stay private.

        `words` are those that were read from its post; None where they are in the row, or gone with the post.
        """
        async with self._own(guild_id, user_id, entry_id) as (writer, entry):
            kept = entry.words if entry.words is not None else words
            if entry.choice is Choice.ME and entry.held is None:
                return entry
            return await self._settling.change(writer, entry, replace(entry, choice=Choice.ME, held=None, words=kept))

    async def show_numbers(self, guild_id: int, user_id: int, entry_id: int, *, shown: bool) -> Entry:
        """Show numbers and ticks in the group's post as well, or no more."""
        async with self._own(guild_id, user_id, entry_id, agreed=shown) as (writer, entry):
            if entry.numbers_shown is shown:
                return entry
            return await self._settling.change(writer, entry, replace(entry, numbers_shown=shown))

    async def try_again(self, guild_id: int, user_id: int, entry_id: int) -> Entry:
        """Post what Discord refused, or what the team took down, once more: its writer asks for it."""
        async with self._own(guild_id, user_id, entry_id, agreed=True) as (writer, entry):
            if entry.place is not Place.NOWHERE or entry.choice is Choice.ME:
                return entry
            again = replace(entry, edition=entry.edition + 1, place=entry.choice.place)
            await self._entries.put(writer, again)
            await self._settling.deliver(writer, again)
            return again

    async def delete(self, guild_id: int, user_id: int, entry_id: int) -> None:
        """Delete the entry for good; one that is gone already counts."""
        async with self._database.write() as writer:
            entry = await self._entries.get(writer, guild_id, entry_id, self._database.row_lock)
            if entry is not None and entry.user_id == user_id:
                await self._settling.drop(writer, entry)

    @asynccontextmanager
    async def _own(
        self, guild_id: int, user_id: int, entry_id: int, *, agreed: bool = False
    ) -> AsyncIterator[tuple[Writer, Entry]]:
        condition = self._consents.condition(guild_id, user_id) if agreed else None
        async with self._database.write(only_if=condition) as writer:
            entry = await self._entries.get(writer, guild_id, entry_id, self._database.row_lock)
            if entry is None or entry.user_id != user_id:
                raise Refusal("checkin_entry.gone")
            yield writer, entry
