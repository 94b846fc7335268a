"""What the use cases of the library answer with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.content import Directory, EmergencyNumber, Snippet, Topic

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
    """What a search brought, the best first; `typed` are the person's own words.

    `urgent` says that the best names a sign of danger: whoever looks for it may be in it.
    """

    typed: str
    snippets: tuple[Snippet, ...]
    urgent: bool = False


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
    """A saved reading; `snippet` is None for one that has been retired since, whose `title` may still be known."""

    snippet_id: str
    snippet: Snippet | None
    saved_at: datetime
    title: str = ""


def names_of(snippet: Snippet) -> tuple[str, ...]:
    """Return every id under which somebody may have saved or shared the reading."""
    return (snippet.id, *snippet.formerly)


def page_of(items: tuple[Item, ...], number: int, size: int) -> Page[Item]:
    """Return a page; a number beyond the last one gives the last, so a list that shrank still shows."""
    pages = max(1, -(-len(items) // size))
    number = min(max(0, number), pages - 1)
    return Page(items[number * size : (number + 1) * size], number, pages, len(items))
