"""Use cases of carrying a group's own readings in and out as a file."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta

from bot.clock import Clock
from bot.content import MOST_OWN, OWN, Library, Snippet, title_key
from bot.content.exchange import Bundle, BundleFault, BundleItem, Place, read_bundle, write_json, write_zips
from bot.errors import Refusal
from bot.ids import Ids
from bot.storage import Database
from cogs.learn.service.own import next_edition
from cogs.learn.store import OwnSnippet, OwnStore

_COATS: Mapping[str, Callable[[Iterable[Snippet]], list[bytes]]] = {"zip": write_zips, "json": write_json}
_Files = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """All of a file is in the library: how many are new, changed, and word for word as they were.

    `retired` of the changed ones stay retired. `before` are files with the changed ones as they were.
    """

    new: int
    changed: int
    same: int
    retired: int
    before: _Files = ()


@dataclass(frozen=True, slots=True)
class NotTakenIn:
    """Nothing was changed, for these reasons."""

    faults: tuple[BundleFault, ...]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """The group's living readings as files, each a name and its content; `retired` more stay where they are."""

    files: _Files
    count: int
    retired: int


@dataclass(slots=True)
class _Plan:
    """What an import would do; `before` are the changed ones as they are now."""

    write: list[Snippet] = field(default_factory=list)
    before: list[OwnSnippet] = field(default_factory=list)
    same: int = 0
    faults: list[BundleFault] = field(default_factory=list)


class ExchangeService:
    """Takes a file in whole or not at all; what it gives out comes in again the same."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, shipped: Library, store: OwnStore, dialled: frozenset[str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._shipped = shipped
        self._shipped_titles = {title_key(snippet.title) for snippet in shipped}
        self._store = store
        self._dialled = dialled

    async def take_in(self, guild_id: int, name: str, content: bytes) -> TakenIn | NotTakenIn:
        """Add and change what the file called `name` holds, in one transaction, or nothing where it has a fault."""
        bundle = await asyncio.to_thread(
            read_bundle, name, content, self._shipped.topics, self._dialled, self._today()
        )  # fmt: skip
        if bundle.faults:
            return NotTakenIn(bundle.faults)
        now = self._clock.now()
        async with self._database.write() as writer:
            await self._store.alone(writer, guild_id, now)
            every = {one.snippet.id: one for one in await self._store.all_of(writer, guild_id)}
            plan = self._plan(bundle, every)
            if plan.faults:
                return NotTakenIn(tuple(plan.faults))
            edition = next_edition(self._ids, (await self._store.state(writer, guild_id))[1])
            for place, snippet in enumerate(plan.write):
                # A moment apart, so that they keep the file's order.
                await self._store.put(writer, guild_id, snippet, edition, now + timedelta(milliseconds=place))
        before = [one.snippet for one in plan.before]
        return TakenIn(
            new=len(plan.write) - len(before),
            changed=len(before),
            same=plan.same,
            retired=sum(one.retired_at is not None for one in plan.before),
            before=await self._files("zip", before, "before") if before else (),
        )

    async def give_out(self, guild_id: int, kind: str) -> GivenOut:
        """Return the living readings, as `zip` or `json`. Raises `Refusal` where there are none."""
        async with self._database.read() as reader:
            every = await self._store.all_of(reader, guild_id)
        living = [one.snippet for one in every if one.retired_at is None]
        if not living:
            raise Refusal("library.export.only_retired" if every else "library.export.none")
        return GivenOut(await self._files(kind, living, "readings"), len(living), len(every) - len(living))

    async def _files(self, kind: str, snippets: list[Snippet], name: str) -> _Files:
        parts = await asyncio.to_thread(_COATS[kind], snippets)
        stem = f"{name}-{self._today()}"
        return tuple(
            (f"{stem}.{kind}" if len(parts) == 1 else f"{stem}-{number}.{kind}", part)
            for number, part in enumerate(parts, start=1)
        )

    def _plan(self, bundle: Bundle, every: Mapping[str, OwnSnippet]) -> _Plan:
        """Hold an import against what the group has; a fault of any reading is a fault of all."""
        plan = _Plan()
        final = {known: (one.snippet, one.retired_at is not None) for known, one in every.items()}
        named = {item.snippet.id for item in bundle.items}
        twins = {title_key(one.snippet.title): one for known, one in every.items() if known not in named}
        touched: list[tuple[str, BundleItem]] = []
        for item in bundle.items:
            known = every.get(item.snippet.id) or _if_same(twins.get(title_key(item.snippet.title)), item.snippet)
            if known is not None and _words(known.snippet) == _words(item.snippet):
                plan.same += 1
                continue
            if known is not None:
                plan.before.append(known)
            key = known.snippet.id if known else f"{OWN}{self._ids.key()}"
            final[key] = (replace(item.snippet, id=key), known is not None and known.retired_at is not None)
            plan.write.append(final[key][0])
            touched.append((key, item))
        self._check_titles(plan, final, touched)
        if len(final) > MOST_OWN:
            room = MOST_OWN - len(every)
            data = {"count": len(final) - len(every), "room": room, "most": MOST_OWN}
            plan.faults.append(BundleFault(Place(), "library.import.fault.room", data))
        return plan

    def _check_titles(
        self, plan: _Plan, final: Mapping[str, tuple[Snippet, bool]], touched: list[tuple[str, BundleItem]]
    ) -> None:
        holders: dict[str, list[tuple[str, bool]]] = {}
        for key, (snippet, retired) in final.items():
            holders.setdefault(title_key(snippet.title), []).append((key, retired))
        for key, item in touched:
            title = title_key(item.snippet.title)
            if title in self._shipped_titles:
                data = {"words": item.snippet.title}
                plan.faults.append(BundleFault(item.place, "library.fault.title_shipped", data))
            for other, retired in holders[title]:
                if other != key:
                    kind = "title_retired" if retired else "title_taken"
                    data = {"words": item.snippet.title, "id": other}
                    plan.faults.append(BundleFault(item.place, f"library.import.fault.{kind}", data))

    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()


def _if_same(twin: OwnSnippet | None, snippet: Snippet) -> OwnSnippet | None:
    """A living reading that this one is word for word, though its id is not given: it came in before."""
    if twin is None or twin.retired_at is not None or _words(twin.snippet) != _words(snippet):
        return None
    return twin


def _words(snippet: Snippet) -> Snippet:
    """A reading without its id and the day it was written."""
    return replace(snippet, id="", reviewed=date.min, review_by=date.min)
