"""Use cases of a group's own readings: written, changed, taken out, brought back, deleted."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date
from typing import cast

from bot.clock import Clock
from bot.content import (
    MOST_OWN,
    OWN,
    GroupFault,
    Snippet,
    SupportLines,
    dialled_numbers,
    group_faults,
    group_snippet,
    mentions_danger,
    tags_of,
    tidied,
    title_key,
)
from bot.content.model import Audience, Tone
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.storage import Database, Reader, Writer
from cogs.learn.rules import sources_read
from cogs.learn.service.drafts import Outcome, Overtaken, OwnDraft, Unfit, Written, sources_stamp, words_stamp
from cogs.learn.service.model import Page, Reading, Urgent, page_of
from cogs.learn.service.shelves import GroupLibraries
from cogs.learn.store import OwnSnippet, OwnStore

# Two lines each, below them one select: a comfortable page on a phone.
LIST_PAGE = 12
_MARK = re.compile(r"[a-z2-7]{12}")
_EDITION_STEP = 1 << 20


def next_edition(ids: Ids, newest: int) -> int:
    """An edition above `newest`, the highest of the group, however the clocks of several processes stand.

    The step is chosen by lot, so that an edition that was deleted isn't given a second time.
    """
    made = ids.new()
    return max(made, newest + 1 + made % _EDITION_STEP)


class OwnService:
    """Who wrote a reading is not kept: it belongs to the group.

    Everything that names a reading raises `Refusal` for one that is not among the group's own.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        lines: SupportLines,
        libraries: GroupLibraries,
        store: OwnStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._lines = lines
        self._libraries = libraries
        self._store = store
        self._dialled = dialled_numbers(lines)

    async def own(self, guild_id: int, snippet_id: str) -> OwnSnippet:
        """Return one of the group's own readings, also a retired one."""
        async with self._database.read() as reader:
            return await self._known(reader, guild_id, snippet_id)

    async def named(self, guild_id: int, typed: str) -> OwnSnippet:
        """Return the own reading that was picked, or whose title was typed."""
        key = title_key(typed)
        async with self._database.read() as reader:
            every = await self._store.all_of(reader, guild_id)
        for one in every:
            if typed.strip() == one.snippet.id or key == title_key(one.snippet.title):
                return one
        raise self._unknown(key)

    async def titles_like(self, guild_id: int, typed: str) -> tuple[Snippet, ...]:
        """Return up to 25 of the readings that members can read, for what was typed so far."""
        group = await self._libraries.of(guild_id)
        found = group.index.complete(typed, limit=len(group.library))
        readings = (group.library.snippets[one] for one in found)
        return tuple(one for one in readings if one.own)[:25]

    async def page(self, guild_id: int, number: int = 0) -> Page[OwnSnippet]:
        """Return a page of all own readings, the living ones first, each kind by title."""
        async with self._database.read() as reader:
            every = await self._store.all_of(reader, guild_id)
        ordered = sorted(every, key=lambda one: (one.retired_at is not None, title_key(one.snippet.title)))
        return page_of(tuple(ordered), number, LIST_PAGE)

    async def check_room(self, guild_id: int) -> None:
        """Raise `Refusal` where the group has as many readings as it can have."""
        async with self._database.read() as reader:
            if (await self._store.state(reader, guild_id))[0] >= MOST_OWN:
                raise Refusal("library.own.full", most=MOST_OWN)

    async def add(self, guild_id: int, draft: OwnDraft, submission: str) -> Outcome:
        """Keep a new reading; a form that comes twice counts once, since its own mark makes the reading's id."""
        if not _MARK.fullmatch(submission):
            raise Refusal("kit.refused.outdated")
        snippet = self._drafted(f"{OWN}{submission}", draft)
        async with self._writing(guild_id) as writer:
            before = await self._store.get(writer, guild_id, snippet.id)
            if before is not None:
                return Written(before, already=True)
            if faults := await self._faults(writer, guild_id, snippet):
                return Unfit(faults)
            if not await first_time(writer, submission, self._clock.now()):
                return Overtaken(None)
            return Written(await self._put(writer, guild_id, snippet))

    async def rewrite(
        self, guild_id: int, snippet_id: str, draft: OwnDraft, stamp: str, submission: str = ""
    ) -> Outcome:
        """Keep other words for a reading whose `words_stamp` was this; for whom, tone and sources stay."""
        told = self._drafted(snippet_id, draft)

        def change(snippet: Snippet) -> Snippet:
            return replace(told, audience=snippet.audience, tone=snippet.tone, claims=snippet.claims)

        return await self._change(
            guild_id, snippet_id, change, lambda before: words_stamp(before) == stamp, submission
        )  # fmt: skip

    async def set_sources(
        self, guild_id: int, snippet_id: str, written: str, stamp: str, submission: str
    ) -> Outcome:  # fmt: skip
        """Keep the sources, one a line, of a reading whose `sources_stamp` was this.

        What each of them says stays with its address.
        """

        def change(snippet: Snippet) -> Snippet:
            return replace(snippet, claims=sources_read(written, snippet.claims))

        return await self._change(
            guild_id, snippet_id, change, lambda before: sources_stamp(before) == stamp, submission
        )  # fmt: skip

    async def set_audience(self, guild_id: int, snippet_id: str, audience: str) -> Outcome:
        """Keep for whom a reading is."""
        if audience not in {"everyone", "peers", "family"}:
            raise Refusal("kit.refused.outdated")
        return await self._change(guild_id, snippet_id, lambda one: replace(one, audience=cast(Audience, audience)))

    async def set_tone(self, guild_id: int, snippet_id: str, tone: str) -> Outcome:
        """Keep a reading's tone; one that names suicide, self-harm or overdose stays careful."""
        if tone not in {"calm", "careful"}:
            raise Refusal("kit.refused.outdated")
        return await self._change(guild_id, snippet_id, lambda one: replace(one, tone=cast(Tone, tone)))

    async def retire(self, guild_id: int, snippet_id: str) -> OwnSnippet:
        """Take a reading out of the members' library; one that is out already stays out."""
        async with self._writing(guild_id) as writer:
            await self._known(writer, guild_id, snippet_id)
            edition = await self._next_edition(writer, guild_id)
            await self._store.retire(writer, guild_id, snippet_id, edition, self._clock.now())
            return await self._known(writer, guild_id, snippet_id)

    async def bring_back(self, guild_id: int, snippet_id: str) -> OwnSnippet:
        """Put a retired reading back."""
        async with self._writing(guild_id) as writer:
            await self._known(writer, guild_id, snippet_id)
            edition = await self._next_edition(writer, guild_id)
            await self._store.bring_back(writer, guild_id, snippet_id, edition)
            return await self._known(writer, guild_id, snippet_id)

    async def delete(self, guild_id: int, snippet_id: str) -> str:
        """Delete a retired reading for good and return its title. Raises `Refusal` for one that is not retired."""
        async with self._writing(guild_id) as writer:
            own = await self._known(writer, guild_id, snippet_id)
            if own.retired_at is None:
                raise Refusal("library.own.delete.living")
            await self._store.delete(writer, guild_id, snippet_id)
        return own.snippet.title

    async def preview(self, guild_id: int, snippet: Snippet) -> Reading:
        """Return a reading as members of the group meet it, also a retired one."""
        group = await self._guilds.profile(guild_id)
        number = self._lines.emergency(group.country) if group.country else None
        topics = self._libraries.shipped.topics
        return Reading(
            snippet=snippet,
            topic=topics.get(snippet.topic) or next(iter(topics.values())),
            saved=False,
            today=False,
            more=False,
            related=(),
            urgent=Urgent(number, self._lines.elsewhere) if mentions_danger(snippet) else None,
            may_post=False,
        )

    async def _change(
        self,
        guild_id: int,
        snippet_id: str,
        change: Callable[[Snippet], Snippet],
        as_opened: Callable[[Snippet], bool] | None = None,
        submission: str = "",
    ) -> Outcome:
        async with self._writing(guild_id) as writer:
            before = await self._store.get(writer, guild_id, snippet_id)
            if before is None:
                return Overtaken(None)
            after = tidied(change(before.snippet))
            if _words(after) == _words(before.snippet):
                return Written(before, already=True)
            if faults := await self._faults(writer, guild_id, after):
                return Unfit(faults)
            if submission and not await first_time(writer, submission, self._clock.now()):
                return Written(before, already=True)
            if as_opened is not None and not as_opened(before.snippet):
                return Overtaken(before)
            return Written(await self._put(writer, guild_id, after))

    @asynccontextmanager
    async def _writing(self, guild_id: int) -> AsyncIterator[Writer]:
        async with self._database.write() as writer:
            await self._store.alone(writer, guild_id, self._clock.now())
            yield writer

    async def _put(self, writer: Writer, guild_id: int, snippet: Snippet) -> OwnSnippet:
        edition = await self._next_edition(writer, guild_id)
        await self._store.put(writer, guild_id, snippet, edition, self._clock.now())
        return await self._known(writer, guild_id, snippet.id)

    async def _next_edition(self, writer: Writer, guild_id: int) -> int:
        return next_edition(self._ids, (await self._store.state(writer, guild_id))[1])

    async def _faults(self, writer: Writer, guild_id: int, snippet: Snippet) -> tuple[GroupFault, ...]:
        """What the rules find, and what only the group's own shelves can tell."""
        others = [one for one in await self._store.all_of(writer, guild_id) if one.snippet.id != snippet.id]
        faults = [*group_faults(snippet, self._dialled)]
        if len(others) >= MOST_OWN:
            faults.insert(0, GroupFault("full", "title", str(MOST_OWN)))
        if snippet.topic not in self._libraries.shipped.topics:
            faults.append(GroupFault("topic", "topic", snippet.topic))
        key = title_key(snippet.title)
        if any(key == title_key(one.title) for one in self._libraries.shipped):
            faults.append(GroupFault("title_shipped", "title", snippet.title))
        for one in others:
            if key == title_key(one.snippet.title):
                rule = "title_taken" if one.retired_at is None else "title_retired"
                faults.append(GroupFault(rule, "title", snippet.title))
        return tuple(faults)

    async def _known(self, reader: Reader, guild_id: int, snippet_id: str) -> OwnSnippet:
        own = await self._store.get(reader, guild_id, snippet_id)
        if own is None:
            raise self._unknown(title_key(snippet_id))
        return own

    def _unknown(self, key: str) -> Refusal:
        shipped = any(key in (one.id, title_key(one.title)) for one in self._libraries.shipped)
        return Refusal("library.own.shipped" if shipped else "library.own.gone")

    def _drafted(self, snippet_id: str, draft: OwnDraft) -> Snippet:
        return group_snippet(
            snippet_id,
            title=draft.title,
            topic=draft.topic,
            body=draft.body,
            question=draft.question,
            tags=tags_of(draft.tags),
            day=self._today(),
        )

    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()


def _words(snippet: Snippet) -> Snippet:
    """The reading without the day it was written."""
    return replace(snippet, reviewed=date.min, review_by=date.min)
