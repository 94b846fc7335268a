"""Use cases of the library: reading, finding, today's reading, keeping a list, posting for everyone."""

import asyncio
from datetime import date

from bot.clock import Clock
from bot.content import Content, Snippet
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.members import Members
from bot.storage import Database
from cogs.learn.rules import Reader, in_reading_order, next_in_topic
from cogs.learn.service.days import DaysReadings, group_reader
from cogs.learn.service.model import Found, Kept, Page, Reading, Shelf, ShelfPage, Urgent, Visitor, names_of, page_of
from cogs.learn.service.shelves import GroupLibraries, GroupLibrary
from cogs.learn.store import LearnStore, Saved

# Each result is two lines on a phone: more would push the select off the screen.
MOST_RESULTS = 8
# A select holds 25 options; 20 titles are a comfortable page.
SHELF_PAGE = 20
# Each saved reading has a button of its own: three components of the forty that Discord takes.
SAVED_PAGE = 8


class LearnService:
    """Reads the library and keeps what people saved. What somebody searched for is never stored."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        guilds: Guilds,
        members: Members,
        content: Content,
        libraries: GroupLibraries,
        store: LearnStore,
        days: DaysReadings,
    ) -> None:
        self._database = database
        self._clock = clock
        self._guilds = guilds
        self._members = members
        self._lines = content.support_lines
        self._libraries = libraries
        self._store = store
        self._days = days

    async def snippet(self, guild_id: int, snippet_id: str) -> Snippet:
        """Return a reading of the group's library. Raises `Refusal` for one that is not there (any more)."""
        return (await self._libraries.of(guild_id)).snippet(snippet_id)

    async def open(self, visitor: Visitor, snippet_id: str) -> Reading:
        """Return a reading for one person. Raises `Refusal` for one that is not there."""
        library = await self._libraries.of(visitor.guild_id)
        snippet = library.snippet(snippet_id)
        group, saved, own = await asyncio.gather(
            self._guilds.profile(visitor.guild_id),
            self._has_saved(visitor, snippet),
            self._own_country(visitor, snippet, library),
        )
        country = own or group.country
        today = await self._is_todays(snippet, group)
        return self._reading(library, snippet, country, saved=saved, today=today, may_post=visitor.may_post)

    async def _has_saved(self, visitor: Visitor, snippet: Snippet) -> bool:
        async with self._database.read() as reader:
            return await self._store.has(reader, visitor.guild_id, visitor.user_id, names_of(snippet))

    async def _own_country(self, visitor: Visitor, snippet: Snippet, library: GroupLibrary) -> str | None:
        """Return the person's country, asked for only where the snippet shows a number to call."""
        if snippet.id not in library.dangerous:
            return None
        return (await self._members.profile(visitor.guild_id, visitor.user_id)).country

    async def for_everyone(self, guild_id: int, snippet_id: str) -> Reading:
        """Return a snippet as a whole group meets it: the group's numbers, nobody's list. Raises like `open`."""
        library = await self._libraries.of(guild_id)
        snippet = library.snippet(snippet_id)
        group = await self._guilds.profile(guild_id)
        today = await self._is_todays(snippet, group)
        return self._reading(library, snippet, group.country, saved=False, today=today, may_post=False)

    async def _is_todays(self, snippet: Snippet, group: GuildProfile) -> bool:
        return await self._days.known(group) in names_of(snippet)

    def _reading(
        self,
        library: GroupLibrary,
        snippet: Snippet,
        country: str | None,
        *,
        saved: bool,
        today: bool,
        may_post: bool,
    ) -> Reading:
        shelves = library.library
        related = (shelves.get(one) for one in snippet.see_also)
        urgent = Urgent(self._lines.emergency(country) if country else None, self._lines.elsewhere)
        return Reading(
            snippet=snippet,
            topic=shelves.topics[snippet.topic],
            saved=saved,
            today=today,
            more=len(shelves.by_topic(snippet.topic)) > 1,
            related=tuple(one for one in related if one is not None),
            urgent=urgent if snippet.id in library.dangerous else None,
            may_post=may_post,
        )

    async def find(self, visitor: Visitor, typed: str) -> Reading | Found:
        """Return the reading that was chosen or named, or else what comes near to the words."""
        found = await self.look_up(visitor, typed)
        return found if isinstance(found, Found) else await self.open(visitor, found.id)

    async def look_up(self, visitor: Visitor, typed: str) -> Snippet | Found:
        """Return the snippet of this id or title, or else what comes near to the words."""
        library = (await self._libraries.of(visitor.guild_id)).library
        plain = " ".join(typed.split()).casefold()
        named = library.get(plain) or next((one for one in library if one.title.casefold() == plain), None)
        return named or await self.search(visitor, typed)

    async def search(self, visitor: Visitor, words: str) -> Found:
        """Return the readings that match the words, typed as they may be."""
        library = await self._libraries.of(visitor.guild_id)
        found = library.index.search(words, reader=await self._reader(visitor), limit=MOST_RESULTS)
        snippets = tuple(library.library.snippets[one] for one in found)
        return Found(" ".join(words.split()), snippets, urgent=bool(found) and found[0] in library.dangerous)

    async def complete(self, visitor: Visitor, typed: str) -> tuple[Snippet, ...]:
        """Return up to 25 snippets to offer while somebody types."""
        library = await self._libraries.of(visitor.guild_id)
        found = library.index.complete(typed, reader=await self._reader(visitor))
        return tuple(library.library.snippets[one] for one in found)

    async def shelves(self, guild_id: int) -> tuple[Shelf, ...]:
        """Return the topics that hold something to read in this group, in the library's order."""
        library = (await self._libraries.of(guild_id)).library
        counted = (Shelf(topic, len(library.by_topic(key))) for key, topic in library.topics.items())
        return tuple(shelf for shelf in counted if shelf.count)

    async def shelf(self, visitor: Visitor, topic: str, number: int = 0) -> ShelfPage:
        """Return a page of a topic. Raises `Refusal` for a topic that is not there."""
        library = (await self._libraries.of(visitor.guild_id)).library
        snippets = library.by_topic(topic)
        if not snippets:
            raise Refusal("learn.shelf.gone")
        ordered = in_reading_order(snippets, await self._reader(visitor))
        return ShelfPage(library.topics[topic], page_of(ordered, number, SHELF_PAGE))

    async def following(self, visitor: Visitor, snippet_id: str) -> Reading:
        """Return the next reading of the topic, after the last its first. Raises `Refusal` where there is none."""
        library = await self._libraries.of(visitor.guild_id)
        current = library.snippet(snippet_id)
        following = next_in_topic(library.library.by_topic(current.topic), current.id, await self._reader(visitor))
        return await self.open(visitor, following.id if following else current.id)

    async def today(self, visitor: Visitor) -> Reading:
        """Return the group's reading of its own local date. Raises `Refusal` for a library without a calm one."""
        todays = await self._days.today(visitor.guild_id)
        if todays is None:
            raise Refusal("learn.today.none")
        return await self.open(visitor, todays)

    def today_here(self) -> date:
        """Return the date by which a review is due or overdue, in UTC."""
        return self._clock.now().date()

    async def saved(self, visitor: Visitor, number: int = 0) -> Page[Kept]:
        """Return a page of what the person saved in this server, the newest first."""
        async with self._database.read() as reader:
            saved = await self._store.all_of(reader, visitor.guild_id, visitor.user_id)
        library = await self._libraries.of(visitor.guild_id)
        # Two readings that became one may both have been saved: the newest of them stands for it.
        kept: dict[str, Kept] = {}
        for one in (_kept(one, library) for one in saved):
            kept.setdefault(one.snippet.id if one.snippet else one.snippet_id, one)
        return page_of(tuple(kept.values()), number, SAVED_PAGE)

    async def save(self, visitor: Visitor, snippet_id: str) -> bool:
        """Save a reading; return False where it was saved already. Raises `Refusal` for one that is not there."""
        snippet = await self.snippet(visitor.guild_id, snippet_id)
        async with self._database.write() as writer:
            if await self._store.has(writer, visitor.guild_id, visitor.user_id, snippet.formerly):
                return False
            return await self._store.add(writer, visitor.guild_id, visitor.user_id, snippet.id, self._clock.now())

    async def unsave(self, visitor: Visitor, snippet_id: str) -> bool:
        """Take a reading off the person's list, also a retired one; return False where it was not on it."""
        snippet = (await self._libraries.of(visitor.guild_id)).library.get(snippet_id)
        names = names_of(snippet) if snippet else (snippet_id,)
        async with self._database.write() as writer:
            gone = [await self._store.remove(writer, visitor.guild_id, visitor.user_id, name) for name in names]
        return any(gone)

    async def _reader(self, visitor: Visitor) -> Reader:
        if visitor.family:
            return "family"
        return group_reader((await self._guilds.profile(visitor.guild_id)).kind) or "peers"


def _kept(saved: Saved, library: GroupLibrary) -> Kept:
    snippet = library.library.get(saved.snippet_id)
    title = snippet.title if snippet else library.retired.get(saved.snippet_id, "")
    return Kept(saved.snippet_id, snippet, saved.saved_at, title)
