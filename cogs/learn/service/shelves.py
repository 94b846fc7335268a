"""The library as one group has it: what ships with Evenkeel, and what the group wrote for itself."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.content import Content, Library, SearchWords, Snippet, mentions_danger
from bot.errors import Refusal
from bot.storage import Database
from cogs.learn.rules import SearchIndex, Wordbook
from cogs.learn.store import OwnSnippet, OwnStore

# Groups whose shelves stay in memory: the index of a full one takes about a megabyte.
_GROUPS_KEPT = 64


@dataclass(frozen=True, slots=True)
class GroupLibrary:
    """One group's library, never changed once made; `retired` are the titles of its own readings that it took out."""

    library: Library
    index: SearchIndex
    dangerous: frozenset[str]
    retired: Mapping[str, str] = field(default_factory=dict)

    def snippet(self, snippet_id: str) -> Snippet:
        """Return a reading of this group's library. Raises `Refusal` for one that is not there (any more)."""
        snippet = self.library.get(snippet_id)
        if snippet is None:
            raise Refusal("learn.gone")
        return snippet


class GroupLibraries:
    """Puts each group's library together; one server's own readings never stand on another's shelves.

    Nothing is kept without asking the database whether it still holds: several processes may serve one group.
    """

    def __init__(self, database: Database, content: Content, store: OwnStore) -> None:
        self._database = database
        self._content = content
        self._store = store
        self._shipped = _made(content.library, content.search_words)
        self._made: OrderedDict[int, tuple[tuple[int, int], GroupLibrary]] = OrderedDict()

    @property
    def shipped(self) -> Library:
        """What ships with Evenkeel, the same for every group."""
        return self._content.library

    async def of(self, guild_id: int) -> GroupLibrary:
        """Return the group's library. Raises `SealBroken` where its own readings were written under a lost key."""
        async with self._database.read() as reader:
            state = await self._store.state(reader, guild_id)
            if not state[0]:
                return self._shipped
            known = self._made.get(guild_id)
            if known is not None and known[0] == state:
                self._made.move_to_end(guild_id)
                return known[1]
            own = await self._store.all_of(reader, guild_id)
        library = await asyncio.to_thread(self._with, own)
        self._made[guild_id] = (state, library)
        while len(self._made) > _GROUPS_KEPT:
            self._made.popitem(last=False)
        return library

    def _with(self, own: Iterable[OwnSnippet]) -> GroupLibrary:
        shipped = self._content.library
        living = {one.snippet.id: _shelved(one.snippet, shipped) for one in own if one.retired_at is None}
        retired = {one.snippet.id: one.snippet.title for one in own if one.retired_at is not None}
        library = Library(shipped.topics, {**shipped.snippets, **living})
        return _made(library, self._content.search_words, retired)


def _shelved(snippet: Snippet, shipped: Library) -> Snippet:
    """A reading whose topic has gone with a newer Evenkeel stands on the first shelf rather than nowhere."""
    return snippet if snippet.topic in shipped.topics else replace(snippet, topic=next(iter(shipped.topics)))


def _made(library: Library, words: SearchWords, retired: Mapping[str, str] | None = None) -> GroupLibrary:
    index = SearchIndex(library, Wordbook.of(words.phrases, words.spellings))
    dangerous = frozenset(snippet.id for snippet in library if mentions_danger(snippet))
    return GroupLibrary(library, index, dangerous, retired or {})
