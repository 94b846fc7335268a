"""The duty of the check-ins towards a person's data: all of their tables, exported and erased together."""

from datetime import date
from typing import Any

from bot.clock import from_ms
from bot.contracts import Erased, OwnedTables, Post
from bot.storage import Reader, Vault, Writer
from cogs.checkins.rules.answers import Given
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.entry import Entry
from cogs.checkins.store.people import PeopleStore
from cogs.checkins.store.replies import ReplyStore
from cogs.checkins.store.weeks import WeekStore


class CheckinData(OwnedTables):
    """Entries, rhythm, reminder, replies and requests. What others wrote back stays: it is theirs."""

    name = "checkins"
    tables = frozenset(
        {
            "checkin_entries", "checkin_skips", "checkin_replies", "checkin_requests", "checkin_people",
            "checkin_panels",
        }
    )  # fmt: skip

    def __init__(self, vault: Vault) -> None:
        self._entries = EntryStore(vault)
        self._replies = ReplyStore(vault)
        self._people = PeopleStore()
        self._weeks = WeekStore()

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        """Return everything, opened; words that live in Discord by where they stand."""
        parts = {
            "check_ins": [_entry(one) for one in await self._all(reader, guild_id, user_id)],
            "days_skipped": sorted(
                day.isoformat() for day in await self._people.skipped(reader, guild_id, user_id)
            ),
            "rhythm_and_reminder": await self._person(reader, guild_id, user_id),
            "replies": [
                {
                    "written_at": one.written_at.isoformat(),
                    "not_posted_yet": one.words,
                    "post": _address(guild_id, one.post),
                }
                for one in await self._replies.all_of(reader, guild_id, user_id)
            ],
            "asked_to_reply": await self._requests(reader, guild_id, user_id),
            "weekly_averages_with_you": await self._averages(reader, guild_id, user_id),
        }  # fmt: skip
        return {name: part for name, part in parts.items() if part}

    async def _all(self, reader: Reader, guild_id: int, user_id: int) -> tuple[Entry, ...]:
        return await self._entries.between(reader, guild_id, user_id, date.min, date.max)

    async def _person(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        row = await reader.fetch_one(
            "SELECT remind_minute, remind_days, remind_failures, remind_ended, months, offer_day, kept, updated_at "
            "FROM checkin_people WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id,
        )  # fmt: skip
        if row is None:
            return {}
        return {**row, "updated_at": from_ms(row["updated_at"]).isoformat()}

    async def _requests(self, reader: Reader, guild_id: int, user_id: int) -> list[dict[str, Any]]:
        rows = await reader.fetch_all(
            "SELECT asked_at, fell_through FROM checkin_requests WHERE guild_id = $1 AND user_id = $2 "
            "ORDER BY asked_at",
            guild_id, user_id,
        )  # fmt: skip
        return [
            {"asked_at": from_ms(row["asked_at"]).isoformat(), "not_now": bool(row["fell_through"])} for row in rows
        ]

    async def _averages(self, reader: Reader, guild_id: int, user_id: int) -> list[str]:
        rows = await reader.fetch_all(
            "SELECT measure FROM checkin_panels WHERE guild_id = $1 AND user_id = $2 ORDER BY measure",
            guild_id, user_id,
        )  # fmt: skip
        return [row["measure"] for row in rows]

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete every row, and name what was posted for them or says that they wait."""
        entries = await self._entries.delete_all_of(writer, guild_id, user_id)
        replies = await self._replies.delete_all_of(writer, guild_id, user_id)
        # After the entries, whose rows hold off whoever is about to note what the team was told of one.
        notes = await self._replies.forget_notes(writer, guild_id, tuple(entries))
        rows = len(entries) + len(replies) + await self._weeks.forget_person(writer, guild_id, user_id)
        rows += await self.erase_rows(writer, guild_id, user_id)
        posts = (post for post in (*entries.values(), *replies, *notes) if post is not None)
        return Erased(rows, tuple(posts))


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "day": entry.day.isoformat(),
        "written_at": entry.written_at.isoformat(),
        "changed_at": entry.updated_at.isoformat(),
        "form": entry.set_id,
        "who_sees_it": entry.choice.value,
        "held_back": entry.held.value if entry.held else None,
        "mood": entry.mood,
        "sleep": entry.sleep,
        "urge": entry.urge,
        "numbers_shown": entry.numbers_shown,
        "answers": [_given(one) for one in entry.marks],
        "words": None if entry.words is None else [_given(one) for one in entry.words],
        "post": _address(entry.guild_id, entry.post),
        "asked_for_a_reply_at": entry.asked_at.isoformat() if entry.asked_at else None,
        "answered_at": entry.answered_at.isoformat() if entry.answered_at else None,
    }


def _given(given: Given) -> dict[str, str]:
    return {"question": given.label, "answer": given.shown}


def _address(guild_id: int, post: Post | None) -> str | None:
    return None if post is None else f"https://discord.com/channels/{guild_id}/{post.channel_id}/{post.message_id}"
