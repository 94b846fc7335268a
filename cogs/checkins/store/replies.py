"""The only room that knows the tables of what was written back, and of what the bot itself said about an entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import from_ms, to_ms
from bot.contracts import Post, post_of
from bot.storage import Reader, Row, Vault, Writer

# Entries asked about in one statement.
_AT_ONCE = 500

TOLD, ANSWERED, CALLED = "told", "answered", "called"
"""Kinds of notes: the team was told that an entry waits; the same, drawn as answered since; its writer was called."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote back. `words` are None as soon as they stand in Discord."""

    reply_id: int
    guild_id: int
    user_id: int
    entry_id: int
    written_at: datetime
    words: str | None = None
    channel_id: int | None = None
    message_id: int | None = None

    @property
    def post(self) -> Post | None:
        """The message in which the words stand."""
        return post_of(self.channel_id, self.message_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A message of the bot's about an entry, in its own words: it goes with the entry."""

    message_id: int
    guild_id: int
    entry_id: int
    kind: str
    channel_id: int
    posted_at: datetime

    @property
    def post(self) -> Post:
        """The message."""
        return Post(self.channel_id, self.message_id)


class ReplyStore:
    """Replies belong to whoever wrote them, and stay when the entry goes; notes are about the entry alone."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def add(self, writer: Writer, reply: Reply) -> None:
        """Keep a reply until it is posted, its words sealed."""
        await writer.execute(
            "INSERT INTO checkin_replies (reply_id, guild_id, user_id, entry_id, words_sealed, written_at) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            reply.reply_id, reply.guild_id, reply.user_id, reply.entry_id,
            None if reply.words is None else self._vault.seal(reply.words), to_ms(reply.written_at),
        )  # fmt: skip

    async def get(self, reader: Reader, guild_id: int, reply_id: int, lock: str = "") -> Reply | None:
        """Return a reply of this server."""
        row = await reader.fetch_one(
            f"SELECT * FROM checkin_replies WHERE reply_id = $1 AND guild_id = $2 {lock}",  # noqa: S608
            reply_id, guild_id,
        )  # fmt: skip
        return self._reply(row) if row else None

    async def all_of(self, reader: Reader, guild_id: int, user_id: int) -> tuple[Reply, ...]:
        """Return what somebody wrote back in this server, oldest first: for their copy, and for erasing it."""
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_replies WHERE guild_id = $1 AND user_id = $2 ORDER BY written_at, reply_id",
            guild_id, user_id,
        )  # fmt: skip
        return tuple(self._reply(row) for row in rows)

    async def author_of(self, reader: Reader, guild_id: int, message_id: int) -> int | None:
        """Return who wrote a reply that the bot posted in this server; None for any other message."""
        found: int | None = await reader.fetch_value(
            "SELECT user_id FROM checkin_replies WHERE guild_id = $1 AND message_id = $2", guild_id, message_id
        )
        return found

    async def any_posted(self, reader: Reader, guild_id: int, entry_id: int) -> bool:
        """Whether any reply to an entry of this server stands."""
        found = await reader.fetch_value(
            "SELECT 1 FROM checkin_replies WHERE entry_id = $1 AND guild_id = $2 AND message_id IS NOT NULL LIMIT 1",
            entry_id, guild_id,
        )  # fmt: skip
        return found is not None

    async def posted(self, writer: Writer, reply_id: int, channel_id: int, message_id: int) -> bool:
        """Keep where a reply stands and drop its words; False where it was taken back or erased meanwhile."""
        changed = await writer.execute(
            "UPDATE checkin_replies SET channel_id = $2, message_id = $3, words_sealed = NULL WHERE reply_id = $1",
            reply_id, channel_id, message_id,
        )  # fmt: skip
        return changed > 0

    async def remove(self, writer: Writer, guild_id: int, reply_id: int) -> bool:
        """Forget a reply of this server; False where it is gone already."""
        removed = await writer.execute(
            "DELETE FROM checkin_replies WHERE reply_id = $1 AND guild_id = $2", reply_id, guild_id
        )
        return removed > 0

    async def delete_all_of(self, writer: Writer, guild_id: int, user_id: int) -> tuple[Post | None, ...]:
        """Delete what somebody wrote back in this server, and return the posts, read as the rows go."""
        rows = await writer.fetch_all(
            "DELETE FROM checkin_replies WHERE guild_id = $1 AND user_id = $2 RETURNING channel_id, message_id",
            guild_id, user_id,
        )  # fmt: skip
        return tuple(post_of(row["channel_id"], row["message_id"]) for row in rows)

    async def note(self, writer: Writer, note: Note) -> None:
        """Keep what the bot said about an entry; a second time changes nothing."""
        await writer.execute(
            "INSERT INTO checkin_notes (message_id, guild_id, entry_id, kind, channel_id, posted_at) "
            "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_id) DO NOTHING",
            note.message_id, note.guild_id, note.entry_id, note.kind, note.channel_id, to_ms(note.posted_at),
        )  # fmt: skip

    async def notes(self, reader: Reader, guild_id: int, entry_id: int) -> tuple[Note, ...]:
        """Return what the bot said about an entry of this server, oldest first."""
        rows = await reader.fetch_all(
            "SELECT * FROM checkin_notes WHERE entry_id = $1 AND guild_id = $2 ORDER BY posted_at, message_id",
            entry_id, guild_id,
        )  # fmt: skip
        return tuple(_note(row) for row in rows)

    async def forget_notes(self, writer: Writer, guild_id: int, entry_ids: Sequence[int]) -> tuple[Post, ...]:
        """Forget the notes about entries of this server, and return their messages, which have to go."""
        posts: list[Post] = []
        for start in range(0, len(entry_ids), _AT_ONCE):
            some = entry_ids[start : start + _AT_ONCE]
            places = ", ".join(f"${number}" for number in range(2, 2 + len(some)))
            rows = await writer.fetch_all(
                f"DELETE FROM checkin_notes WHERE guild_id = $1 AND entry_id IN ({places}) "  # noqa: S608 - placeholders
                "RETURNING channel_id, message_id",
                guild_id, *some,
            )  # fmt: skip
            posts += (Post(row["channel_id"], row["message_id"]) for row in rows)
        return tuple(posts)

    async def stands_told(self, reader: Reader, guild_id: int, entry_id: int, since: datetime) -> bool:
        """Whether anything posted from `since` on tells the team that an entry of this server waits."""
        found = await reader.fetch_value(
            "SELECT 1 FROM checkin_notes WHERE entry_id = $1 AND guild_id = $2 AND kind = $3 AND posted_at >= $4 "
            "LIMIT 1",
            entry_id, guild_id, TOLD, to_ms(since),
        )  # fmt: skip
        return found is not None

    async def answered(self, writer: Writer, message_id: int) -> None:
        """Keep that what the team was told is drawn as answered."""
        await writer.execute("UPDATE checkin_notes SET kind = $2 WHERE message_id = $1", message_id, ANSWERED)

    async def forget_note(self, writer: Writer, message_id: int) -> None:
        """Forget a note whose message is gone."""
        await writer.execute("DELETE FROM checkin_notes WHERE message_id = $1", message_id)

    def _reply(self, row: Row) -> Reply:
        sealed = row["words_sealed"]
        return Reply(
            reply_id=row["reply_id"],
            guild_id=row["guild_id"],
            user_id=row["user_id"],
            entry_id=row["entry_id"],
            written_at=from_ms(row["written_at"]),
            words=None if sealed is None else self._vault.open(sealed),
            channel_id=row["channel_id"],
            message_id=row["message_id"],
        )


def _note(row: Row) -> Note:
    return Note(
        message_id=row["message_id"],
        guild_id=row["guild_id"],
        entry_id=row["entry_id"],
        kind=row["kind"],
        channel_id=row["channel_id"],
        posted_at=from_ms(row["posted_at"]),
    )
