"""Use cases of the reply guarantee: looking at a wish, asking a companion, telling the team.

One chain of looks a wish. Each look writes the next one before it does anything, so that no error, refusal or restart
can end the chain; the next one's key is the quarter of an hour it falls into, so that a look repeated, or one that came
between two others, comes together with the chain.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

from bot.clock import Clock, from_ms, to_ms
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Reader, Writer
from cogs.checkins.rules import Ask, Companion, Move, Place, day_of, next_step
from cogs.checkins.rules.replies import LONGEST_WAIT, LOOK_AGAIN, SHORTEST_WAIT, TEAM_AFTER, Step
from cogs.checkins.service.companions import Companions
from cogs.checkins.service.guarantee import LOOK, ask_of, plan_look, plan_tidy
from cogs.checkins.service.team import LOOKED_AT_FOR, TELL
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.requests import CompanionRequest, RequestStore

ASK = "checkins.ask"

# After the team was told, a wish is still looked at: an answer that the gateway missed settles it, and what the team
# was told goes when the wish is withdrawn.
_OFTEN, _OFTEN_FOR = timedelta(hours=1), timedelta(days=1)
_SELDOM = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish at one moment, with whoever might be asked; `role` is the companion role, `now` the moment."""

    entry: Entry
    ask: Ask
    companions: tuple[Companion, ...]
    requests: tuple[CompanionRequest, ...]
    wait: timedelta
    resting: bool
    role: int | None
    now: datetime

    @property
    def lost(self) -> bool:
        """Whether there is nothing to answer below: Discord refused the post, or the team has deleted it."""
        return self.entry.place is Place.NOWHERE

    def step(self, refuted: Collection[int]) -> Step:
        """Return what is to be done; `refuted` are those of whom Discord said that they can't be asked."""
        if self.lost and not (self.ask.told_early or self.ask.told or self.ask.settled):
            return Step(Move.TELL_EARLY)
        reachable = self.role is not None and self.entry.post is not None
        people = [
            replace(one, has_role=False) if not reachable or one.user_id in refuted else one for one in self.companions
        ]
        return next_step(self.ask, people, self.now, wait=self.wait, resting=self.resting)

    def standing(self) -> int | None:
        """Return the companion whose request stands, as far as the database knows."""
        able = {one.user_id for one in self.companions if one.may_answer}
        return next((one.user_id for one in self.requests if not one.fell_through and one.user_id in able), None)


class LookService:
    """Decides by the rules and keeps each step together with the job that carries it out."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        companions: Companions,
        entries: EntryStore,
        requests: RequestStore,
        groups: GroupStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._companions = companions
        self._entries = entries
        self._requests = requests
        self._groups = groups

    async def begin(self, job: Job) -> Entry | None:
        """Return the entry to look at, the next look planned; None for a wish that is over."""
        guild_id, entry_id, asked_at = job.guild_id or 0, job.payload["entry"], from_ms(job.payload["asked"])
        now = self._clock.now()
        async with self._database.write() as writer:
            entry = await self._entries.get(writer, guild_id, entry_id)
            if entry is None or entry.asked_at != asked_at:
                await plan_tidy(writer, self._ids, guild_id, entry_id, now)
                return None
            if not entry.waits:
                return None
            await self._plan_next(writer, entry, asked_at, now)
        return entry

    async def _plan_next(self, writer: Writer, entry: Entry, asked_at: datetime, now: datetime) -> None:
        wait = await self._wait(writer, entry.guild_id)
        if now < asked_at + wait:
            await plan_look(writer, self._ids, entry.guild_id, entry.entry_id, asked_at, asked_at + wait)
            return
        at = next_look(asked_at, now, told=entry.told)
        if at is not None:
            quarter = (at - asked_at) // LOOK_AGAIN
            await self._look(writer, entry, asked_at, at, f"q{quarter}")

    async def _look(self, writer: Writer, entry: Entry, asked_at: datetime, at: datetime, part: str) -> None:
        payload = {"entry": entry.entry_id, "asked": to_ms(asked_at)}
        await enqueue(
            writer, self._ids, kind=LOOK, guild_id=entry.guild_id, due_at=at, payload=payload,
            dedupe_key=f"{LOOK}:{entry.entry_id}:{to_ms(asked_at)}:{part}",
        )  # fmt: skip

    async def _wait(self, reader: Reader, guild_id: int) -> timedelta:
        minutes = (await self._groups.get(reader, guild_id)).wait_minutes
        return min(max(timedelta(minutes=minutes), SHORTEST_WAIT), LONGEST_WAIT)

    async def wish(self, guild_id: int, entry_id: int, asked_at: datetime) -> Wish | None:
        """Return a wish as it stands now; None where it is over."""
        group, roles = await self._guilds.profile(guild_id), await self._guilds.roles(guild_id)
        now = self._clock.now()
        async with self._database.read() as reader:
            entry = await self._entries.get(reader, guild_id, entry_id)
            if entry is None or entry.asked_at != asked_at or not entry.waits:
                return None
            requests = await self._requests.of_entry(reader, guild_id, entry_id)
            companions = await self._companions.around(reader, entry, group, now)
            wait = await self._wait(reader, guild_id)
        role = roles.get("companion")
        return Wish(entry, ask_of(entry, requests), companions, requests, wait, group.rests(now), role, now)

    async def carry_out(self, wish: Wish, step: Step) -> Literal["done", "changed", "taken"]:
        """Keep a step and what carries it out.

        "changed": the wish isn't any more as it was read, so look again. "taken": the companion has been asked about
        another entry in this very moment.
        """
        async with self._database.write() as writer:
            entry = await self._entries.get(writer, wish.entry.guild_id, wish.entry.entry_id, self._database.row_lock)
            if entry is None or ask_of_or_none(entry, await self._asked(writer, entry)) != wish.ask:
                return "changed"
            if step.move is Move.ASK and step.companion_id is not None:
                companion = next(one for one in wish.companions if one.user_id == step.companion_id)
                return "done" if await self._ask(writer, entry, companion, wish.now) else "taken"
            early = step.move is Move.TELL_EARLY
            await self._entries.tell(writer, entry.entry_id, early)
            part = f"{'early' if early else 'late'}:{to_ms(wish.now)}"
            await self._deliver(writer, TELL, entry, {"early": early}, part, wish.now)
        return "done"

    async def _asked(self, reader: Reader, entry: Entry) -> tuple[CompanionRequest, ...]:
        return await self._requests.of_entry(reader, entry.guild_id, entry.entry_id)

    async def _ask(self, writer: Writer, entry: Entry, companion: Companion, now: datetime) -> bool:
        """Ask a companion, unless another entry's look has done so; the mark of their day keeps two looks apart."""
        day = day_of(now, companion.zone).isoformat()
        whose = blake2b(f"{entry.guild_id}:{companion.user_id}:{day}".encode(), digest_size=12).hexdigest()
        if not await first_time(writer, f"{ASK}:{whose}", now):
            return False
        request = CompanionRequest(entry.entry_id, companion.user_id, entry.guild_id, now)
        if not await self._requests.ask(writer, request):
            return False
        moment = to_ms(now)
        await self._deliver(writer, ASK, entry, {"moment": moment}, str(moment), now)
        return True

    async def _deliver(
        self, writer: Writer, kind: str, entry: Entry, more: dict[str, int], part: str, now: datetime
    ) -> None:
        asked = to_ms(entry.asked_at or now)
        await enqueue(
            writer, self._ids, kind=kind, guild_id=entry.guild_id, due_at=now,
            payload={"entry": entry.entry_id, "asked": asked, **more},
            dedupe_key=f"{kind}:{entry.entry_id}:{asked}:{part}",
        )  # fmt: skip

    async def _waiting(self, reader: Reader, job: Job) -> Entry | None:
        entry = await self._entries.get(reader, job.guild_id or 0, job.payload["entry"])
        if entry is None or not entry.waits or entry.asked_at != from_ms(job.payload["asked"]):
            return None
        return entry

    async def asking(self, job: Job) -> tuple[Entry, CompanionRequest] | None:
        """Return whom to write to, about which entry; None where that is over, or it is night for them by now."""
        group = await self._guilds.profile(job.guild_id or 0)
        now = self._clock.now()
        async with self._database.read() as reader:
            entry = await self._waiting(reader, job)
            if entry is None:
                return None
            request = await self._requests.standing(reader, entry.guild_id, entry.entry_id)
            if request is None or to_ms(request.asked_at) != job.payload["moment"]:
                return None
            people = await self._companions.around(reader, entry, group, now)
        able = next((one for one in people if one.user_id == request.user_id and one.may_answer), None)
        if able is None or (able.quiet is not None and able.quiet.holds(now)):
            await self.fell_through(request)
            return None
        return entry, request

    async def fell_through(self, request: CompanionRequest) -> None:
        """Keep that a companion can't, or wasn't reached, and look at once for another one."""
        now = self._clock.now()
        async with self._database.write() as writer:
            if not await self._requests.fall_through(writer, request.entry_id, request.user_id):
                return
            entry = await self._entries.get(writer, request.guild_id, request.entry_id)
            if entry is not None and entry.waits and entry.asked_at is not None:
                await self._look(writer, entry, entry.asked_at, now, f"x{self._ids.key()}")

    async def cannot(self, entry_id: int, user_id: int) -> bool:
        """Take in that a companion can't now; False where the wish is over already. Raises `Refusal` for nobody asked.

        There is no server in a direct message: the person's own row says which one it is about.
        """
        async with self._database.read() as reader:
            request = await self._requests.of_companion(reader, entry_id, user_id)
            if request is None:
                raise Refusal("kit.refused.outdated")
            entry = await self._entries.get(reader, request.guild_id, entry_id)
        await self.fell_through(request)
        return entry is not None and entry.waits


def ask_of_or_none(entry: Entry, requests: tuple[CompanionRequest, ...]) -> Ask | None:
    """Return an entry's wish; None where it has none."""
    return None if entry.asked_at is None else ask_of(entry, requests)


def next_look(asked_at: datetime, now: datetime, *, told: bool) -> datetime | None:
    """Return when a wish whose wait is over is looked at next; None for one that nobody looks at any more."""
    overdue = asked_at + TEAM_AFTER
    if now < overdue:
        return min(now + LOOK_AGAIN, overdue)
    if not told:
        return now + LOOK_AGAIN
    if now - asked_at < _OFTEN_FOR:
        return now + _OFTEN
    return now + _SELDOM if now - asked_at < LOOKED_AT_FOR else None
