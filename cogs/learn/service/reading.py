"""Use cases of the library: reading, finding, today's reading, keeping a list, posting for everyone."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.content import Content, Directory, EmergencyNumber, Snippet, Topic, mentions_danger
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.members import Members
from bot.storage import Database
from cogs.learn.rules import (
    Reader,
    SearchIndex,
    Wordbook,
    eligible_for_today,
    in_reading_order,
    next_in_topic,
    todays_reading,
)
from cogs.learn.store import LearnStore

# Each result is two lines on a phone: more would push the select off the screen.
MOST_RESULTS = 8
# A select holds 25 options; 20 titles are a comfortable page.
SHELF_PAGE = 20
# Each saved reading has a button of its own: three components of the forty that Discord takes.
SAVED_PAGE = 8

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads, and where. `family` holds the family role; `may_post` is what the policy says of posting."""

    guild_id: int
    user_id: int
    family: bool = False
    may_post: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A page of a list, counted from 0; `total` items stand on all `pages` together."""

    items: tuple[Item, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Urgent:
    """Whom to call in danger: `number` is None for a country without an entry, then the directory helps."""

    number: EmergencyNumber | None
    directory: Directory


@dataclass(frozen=True, slots=True)
class Reading:
    """A snippet as one person meets it. `urgent` is None for a snippet that names no sign of danger."""

    snippet: Snippet
    topic: Topic
    saved: bool
    today: bool
    more: bool
    related: tuple[Snippet, ...]
    urgent: Urgent | None
    may_post: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought, the best first; `typed` are the person's own words."""

    typed: str
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A topic and how many snippets stand on it."""

    topic: Topic
    count: int


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """A page of a topic's snippets."""

    topic: Topic
    page: Page[Snippet]


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved reading; `snippet` is None for one that has been retired since."""

    snippet_id: str
    snippet: Snippet | None
    saved_at: datetime


def page_of(items: tuple[Item, ...], number: int, size: int) -> Page[Item]:
    """Return a page; a number beyond the last one gives the last, so a list that shrank still shows."""
    pages = max(1, -(-len(items) // size))
    number = min(max(0, number), pages - 1)
    return Page(items[number * size : (number + 1) * size], number, pages, len(items))


class LearnService:
    """Reads the library and keeps what people saved. What somebody searched for is never stored."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        guilds: Guilds,
        members: Members,
        content: Content,
        store: LearnStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._guilds = guilds
        self._members = members
        self._library = content.library
        self._lines = content.support_lines
        self._store = store
        book = Wordbook.of(content.search_words.phrases, content.search_words.spellings)
        self._index = SearchIndex(self._library, book)
        self._dangerous = frozenset(snippet.id for snippet in self._library if mentions_danger(snippet))

    def snippet(self, snippet_id: str) -> Snippet:
        """Return a snippet of the library. Raises `Refusal` for one that is not there (any more)."""
        snippet = self._library.get(snippet_id)
        if snippet is None:
            raise Refusal("learn.gone")
        return snippet

    async def open(self, visitor: Visitor, snippet_id: str) -> Reading:
        """Return a snippet for its reader. Raises `Refusal` for one that is not there."""
        snippet = self.snippet(snippet_id)
        group, saved, own = await asyncio.gather(
            self._guilds.profile(visitor.guild_id),
            self._has_saved(visitor, snippet_id),
            self._own_country(visitor, snippet),
        )
        return self._reading(snippet, group, own or group.country, saved=saved, may_post=visitor.may_post)

    async def _has_saved(self, visitor: Visitor, snippet_id: str) -> bool:
        async with self._database.read() as reader:
            return await self._store.has(reader, visitor.guild_id, visitor.user_id, snippet_id)

    async def _own_country(self, visitor: Visitor, snippet: Snippet) -> str | None:
        """Return the person's country, asked for only where the snippet shows a number to call."""
        if snippet.id not in self._dangerous:
            return None
        return (await self._members.profile(visitor.guild_id, visitor.user_id)).country

    async def for_everyone(self, guild_id: int, snippet_id: str) -> Reading:
        """Return a snippet as a whole group meets it: the group's numbers, nobody's list. Raises like `open`."""
        snippet = self.snippet(snippet_id)
        group = await self._guilds.profile(guild_id)
        return self._reading(snippet, group, group.country, saved=False, may_post=False)

    def _reading(
        self, snippet: Snippet, group: GuildProfile, country: str | None, *, saved: bool, may_post: bool
    ) -> Reading:
        related = (self._library.get(one) for one in snippet.see_also)
        urgent = Urgent(self._lines.emergency(country) if country else None, self._lines.elsewhere)
        return Reading(
            snippet=snippet,
            topic=self._library.topics[snippet.topic],
            saved=saved,
            today=snippet.id == self._todays_id(group),
            more=len(self._library.by_topic(snippet.topic)) > 1,
            related=tuple(one for one in related if one is not None),
            urgent=urgent if snippet.id in self._dangerous else None,
            may_post=may_post,
        )

    async def find(self, visitor: Visitor, typed: str) -> Reading | Found:
        """Return the reading that was chosen or named, or else what comes near to the words."""
        plain = " ".join(typed.split()).casefold()
        for snippet in self._library:
            if plain in (snippet.id, snippet.title.casefold()):
                return await self.open(visitor, snippet.id)
        return await self.search(visitor, typed)

    async def search(self, visitor: Visitor, words: str) -> Found:
        """Return the readings that match the words, typed as they may be."""
        found = self._index.search(words, reader=await self._reader(visitor), limit=MOST_RESULTS)
        return Found(" ".join(words.split()), tuple(self._library.snippets[one] for one in found))

    async def complete(self, visitor: Visitor, typed: str) -> tuple[Snippet, ...]:
        """Return up to 25 snippets to offer while somebody types."""
        found = self._index.complete(typed, reader=await self._reader(visitor))
        return tuple(self._library.snippets[one] for one in found)

    def shelves(self) -> tuple[Shelf, ...]:
        """Return the topics that hold something to read, in the library's order."""
        counted = (Shelf(topic, len(self._library.by_topic(key))) for key, topic in self._library.topics.items())
        return tuple(shelf for shelf in counted if shelf.count)

    async def shelf(self, visitor: Visitor, topic: str, number: int = 0) -> ShelfPage:
        """Return a page of a topic. Raises `Refusal` for a topic that is not there."""
        snippets = self._library.by_topic(topic)
        if not snippets:
            raise Refusal("learn.shelf.gone")
        ordered = in_reading_order(snippets, await self._reader(visitor))
        return ShelfPage(self._library.topics[topic], page_of(ordered, number, SHELF_PAGE))

    async def following(self, visitor: Visitor, snippet_id: str) -> Reading:
        """Return the next reading of the topic, after the last its first. Raises `Refusal` where there is none."""
        shelf = self._library.by_topic(self.snippet(snippet_id).topic)
        following = next_in_topic(shelf, snippet_id, await self._reader(visitor))
        return await self.open(visitor, following.id if following else snippet_id)

    async def today(self, visitor: Visitor) -> Reading:
        """Return the group's reading of its own local date. Raises `Refusal` for a library without a calm one."""
        todays = self._todays_id(await self._guilds.profile(visitor.guild_id))
        if todays is None:
            raise Refusal("learn.today.none")
        return await self.open(visitor, todays)

    def _todays_id(self, group: GuildProfile) -> str | None:
        day = self._clock.now().astimezone(ZoneInfo(group.timezone or "UTC")).date()
        eligible = eligible_for_today(self._library, reader=_group_reader(group.kind))
        return todays_reading(day, eligible, group.guild_id)

    def today_here(self) -> date:
        """Return the date by which a review is due or overdue, in UTC."""
        return self._clock.now().date()

    async def saved(self, visitor: Visitor, number: int = 0) -> Page[Kept]:
        """Return a page of what the person saved in this server, the newest first."""
        async with self._database.read() as reader:
            saved = await self._store.all_of(reader, visitor.guild_id, visitor.user_id)
        kept = tuple(Kept(one.snippet_id, self._library.get(one.snippet_id), one.saved_at) for one in saved)
        return page_of(kept, number, SAVED_PAGE)

    async def save(self, visitor: Visitor, snippet_id: str) -> bool:
        """Save a reading; return False where it was saved already. Raises `Refusal` for one that is not there."""
        self.snippet(snippet_id)
        async with self._database.write() as writer:
            return await self._store.add(writer, visitor.guild_id, visitor.user_id, snippet_id, self._clock.now())

    async def unsave(self, visitor: Visitor, snippet_id: str) -> bool:
        """Take a reading off the person's list, also a retired one; return False where it was not on it."""
        async with self._database.write() as writer:
            return await self._store.remove(writer, visitor.guild_id, visitor.user_id, snippet_id)

    async def first_press(self, mark: str) -> bool:
        """Take the one-time mark of a question to post; False where an earlier press took it."""
        async with self._database.write() as writer:
            return await first_time(writer, mark, self._clock.now())

    async def _reader(self, visitor: Visitor) -> Reader:
        if visitor.family:
            return "family"
        return _group_reader((await self._guilds.profile(visitor.guild_id)).kind) or "peers"


def _group_reader(kind: str | None) -> Reader | None:
    """Whom a group's reading of the day is for; a mixed group, or one that hasn't said, gets both kinds."""
    if kind is None or kind == "mixed":
        return None
    return "family" if kind == "family" else "peers"
