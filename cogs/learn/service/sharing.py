"""Use cases of sharing a reading: is the note fit to post, whose post is it, and may it be taken back."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.content import Snippet, amounts_in
from bot.contracts import Post
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.ids import Ids
from bot.jobs import cancel, enqueue
from bot.members import Consents
from bot.storage import ConditionFailed, Database
from cogs.learn.rules import as_read
from cogs.learn.service.model import Reading, Visitor, names_of
from cogs.learn.store import Shared, SharedStore

UNKEPT = "learn.unkept"
# How long a post with a note may stand before it is known whose it is: longer than any answer of Discord's takes.
_AT_MOST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Note:
    """Words of a facilitator above a reading, as they are shown (`rules.escaped`), and whose they are."""

    user_id: int
    shown: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be posted, and where; `stands` is a post of the same reading with an earlier note of theirs."""

    reading: Reading
    channel_id: int
    note: Note | None
    stands: Shared | None = None


class SharingService:
    """Keeps whose note stands where; never the note. A post without one names nobody, and nothing of it is kept."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, consents: Consents, store: SharedStore) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._consents = consents
        self._store = store

    def amounts(self, note: str) -> tuple[str, ...]:
        """Return the words of a note that speak of doses, schedules, switching or adding; each once."""
        return tuple(dict.fromkeys(found.words or note for found in amounts_in(as_read(note))))

    async def agreed(self, visitor: Visitor) -> bool:
        """Whether the person agreed that it is kept where their notes stand."""
        return await self._consents.agreed(visitor.guild_id, visitor.user_id)

    async def first_press(self, mark: str) -> bool:
        """Take the one-time mark of a question to post; False where an earlier press took it."""
        async with self._database.write() as writer:
            return await first_time(writer, mark, self._clock.now())

    async def first_noted_press(self, mark: str, guild_id: int, channel_id: int, snippet_id: str) -> bool:
        """Take the mark like `first_press`; unless `keep` comes in time, the post is deleted again.

        The answer to a post may be lost, or this process end before it: then the note would stand for good, with its
        writer's name and without a row by which it can be taken back or erased.
        """
        now = self._clock.now()
        async with self._database.write() as writer:
            first = await first_time(writer, mark, now)
            if first:
                await enqueue(
                    writer, self._ids, kind=UNKEPT, guild_id=guild_id, due_at=now + _AT_MOST,
                    payload={"channel": channel_id, "snippet": snippet_id, "key": _key(mark)}, dedupe_key=_unkept(mark),
                )  # fmt: skip
        return first

    async def keep(self, guild_id: int, user_id: int, snippet_id: str, post: Post, mark: str) -> bool:
        """Keep whose post it is; False where the person's consent is gone, then nothing is kept."""
        shared = Shared(guild_id, user_id, post.channel_id, post.message_id, snippet_id, self._clock.now())
        try:
            async with self._database.write(only_if=self._consents.condition(guild_id, user_id)) as writer:
                await self._store.add(writer, shared)
                for number in range(1, int(mark.partition(".")[2]) + 1):
                    await cancel(writer, _unkept(f"{_key(mark)}.{number}"))
        except ConditionFailed:
            return False
        return True

    async def is_kept(self, guild_id: int, message_id: int) -> bool:
        """Whether it is kept whose note a post carries."""
        async with self._database.read() as reader:
            return await self._store.author_of(reader, guild_id, message_id) is not None

    async def last_of(self, visitor: Visitor, snippet: Snippet) -> Shared | None:
        """Return the person's newest post of a reading that carries a note of theirs."""
        async with self._database.read() as reader:
            return await self._store.last_of(reader, visitor.guild_id, visitor.user_id, names_of(snippet))

    async def own(self, visitor: Visitor, message_id: int) -> Shared | None:
        """Return a post with the person's note; None for one without. Raises `Refusal` where the note is another's."""
        async with self._database.read() as reader:
            shared = await self._store.get(reader, visitor.guild_id, message_id)
        if shared is not None and shared.user_id != visitor.user_id:
            raise Refusal("kit.refused.not_yours")
        return shared

    async def forget(self, shared: Shared) -> None:
        """Forget a post that is gone."""
        async with self._database.write() as writer:
            await self._store.remove(writer, shared.guild_id, shared.message_id)


def _key(mark: str) -> str:
    """What all tries of one question share."""
    return mark.partition(".")[0]


def _unkept(mark: str) -> str:
    return f"{UNKEPT}:{mark}"
