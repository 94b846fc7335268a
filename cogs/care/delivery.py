"""What the jobs of a call deliver: the team's card, the quiet room, and the word that nobody has come yet."""

from collections.abc import Awaitable, Callable

import discord

from bot.discordkit import URGENT, Panel, Sender, Text
from bot.errors import RefusedForGood, TryAgain
from bot.guilds import Guilds
from bot.jobs import Job, JobKind, LatePolicy, nonce
from bot.storage import Database, Writer
from bot.text import t
from cogs.care.rules import CALL_WINDOW, short_reference
from cogs.care.service import CARD, FORGET, LAPSE, ROOM, UNCLAIMED, CareService
from cogs.care.store import CareRequest, CareStore
from cogs.care.ui import card_panel, claim_id, room_panel, waiting_panel, whose

# Parts of a nonce: Discord takes a second post with the same one for the first.
_AGAIN, _NO_ROOM = 1, 2
# Keeps which message of the room a word became.
_Keep = Callable[[Writer, int, int], Awaitable[None]]


class CareDelivery:
    """Every handler reads its row again first: what was settled, erased or answered meanwhile needs nothing more."""

    def __init__(
        self, database: Database, guilds: Guilds, sender: Sender, store: CareStore, service: CareService
    ) -> None:
        self._database = database
        self._guilds = guilds
        self._sender = sender
        self._store = store
        self._service = service

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that this feature delivers."""
        soon = LatePolicy(window=CALL_WINDOW)
        return (
            # A card is never too late: it says since when somebody waits, and a human decides.
            JobKind(CARD, self._card, urgent=True),
            JobKind(UNCLAIMED, self._unclaimed, soon, urgent=True),
            JobKind(ROOM, self._room, LatePolicy(window=CALL_WINDOW, on_skip=self._room_too_late), urgent=True),
            JobKind(FORGET, self._forget),
            JobKind(LAPSE, self._lapse),
        )

    async def _request(self, job: Job) -> CareRequest | None:
        if job.guild_id is None:
            return None
        async with self._database.read() as reader:
            return await self._store.get(reader, job.guild_id, job.payload["request"])

    async def _waiting(self, job: Job) -> CareRequest | None:
        request = await self._request(job)
        return None if request is None or request.settled or request.claimed_by is not None else request

    async def _card(self, job: Job) -> None:
        request = await self._request(job)
        if request is None or request.settled or request.message_id is not None:
            return
        channel = (await self._guilds.channels(request.guild_id)).get("care")
        if channel is None:
            raise RefusedForGood("unknown_channel")
        role = (await self._guilds.roles(request.guild_id)).get("moderator")
        message = await self._sender.post(
            request.guild_id,
            channel,
            card_panel(request, team_role=role),
            nonce=nonce(job.id),
            marker=claim_id(request) if job.attempts else None,
            mentions=_only_role(role),
        )
        async with self._database.write() as writer:
            await self._store.posted(writer, request.request_id, channel, message)

    async def _unclaimed(self, job: Job) -> None:
        """Call the team again, and tell the person what came of that; a refusal of the team's channel comes after."""
        request = await self._waiting(job)
        if request is None:
            return
        refused: RefusedForGood | TryAgain | None = None
        try:
            await self._call_again(job, request)
        except (RefusedForGood, TryAgain) as error:
            refused = error
        request = await self._waiting(job)  # what was posted may be the card now, and somebody may be coming
        if request is None:
            return
        screen = await self._service.screen(request.guild_id, request.user_id)
        panel = waiting_panel(request, screen, called=refused is None)
        await self._in_room(job, request, panel, request.waiting_id, self._store.waited)
        if refused is not None:
            raise refused

    async def _call_again(self, job: Job, request: CareRequest) -> None:
        role = (await self._guilds.roles(request.guild_id)).get("moderator")
        words = t("care.card.again", who=whose(request))
        await self._to_team(request, f"<@&{role}> {words}" if role else words, nonce(job.id, _AGAIN), role)

    async def _room(self, job: Job) -> None:
        request = await self._request(job)
        if request is None or request.settled or request.claimed_by is None:
            return
        await self._in_room(job, request, room_panel(request), request.welcome_id, self._store.welcomed)

    async def _room_too_late(self, job: Job) -> None:
        request = await self._request(job)
        if request is not None and not request.settled:
            await self._no_room(job, request)

    async def _in_room(self, job: Job, request: CareRequest, panel: Panel, said: int | None, keep: _Keep) -> None:
        """Say `panel` in the person's quiet room, made when there is none; where there can be none, tell the team.

        What was `said` there by an earlier try is drawn anew.
        """
        try:
            room = request.thread_id or await self._open_room(request)
            people = [person for person in (request.user_id, request.claimed_by) if person is not None]
            for person in people:
                await self._sender.invite(request.guild_id, room, person)
            if said is not None:
                await self._sender.redraw(room, said, panel)
                return
            message = await self._sender.post(
                request.guild_id, room, panel, nonce=nonce(job.id), mentions=_only_people(people)
            )
        except RefusedForGood:
            await self._no_room(job, request)
            return
        async with self._database.write() as writer:
            await keep(writer, request.request_id, message)

    async def _no_room(self, job: Job, request: CareRequest) -> None:
        await self._to_team(request, t("care.card.no_room", who=whose(request)), nonce(job.id, _NO_ROOM), None)

    async def _open_room(self, request: CareRequest) -> int:
        parent = (await self._guilds.channels(request.guild_id)).get("quiet-rooms")
        if parent is None:
            raise RefusedForGood("unknown_channel")
        name = t("care.room.name", reference=short_reference(request.request_id))
        room = await self._sender.private_thread(request.guild_id, parent, name)
        async with self._database.write() as writer:
            await self._store.opened(writer, request.request_id, room)
        return room

    async def _to_team(self, request: CareRequest, words: str, once: str, role: int | None) -> None:
        channel = (await self._guilds.channels(request.guild_id)).get("care")
        if channel is None:
            raise RefusedForGood("unknown_channel")
        buttons = card_panel(request, team_role=None).blocks[1:]
        message = await self._sender.post(
            request.guild_id,
            channel,
            Panel((Text(words), *buttons), URGENT),
            nonce=once,
            mentions=_only_role(role),
        )
        if request.message_id is None:  # there is no card to lead to: this names the person and stands in for it
            async with self._database.write() as writer:
                await self._store.posted(writer, request.request_id, channel, message)

    async def _forget(self, job: Job) -> None:
        request = await self._request(job)
        if request is not None:
            await self._drop(request)

    async def _lapse(self, job: Job) -> None:
        """Let a call go that nobody has settled: with its card the team sees that it is closed."""
        request = await self._request(job)
        if request is not None and not request.settled:
            await self._drop(request)

    async def _drop(self, request: CareRequest) -> None:
        refused: RefusedForGood | None = None
        for post in request.posts():
            try:
                await self._sender.delete(request.guild_id, post.channel_id, post.message_id)
            except RefusedForGood as error:
                refused = error
        async with self._database.write() as writer:
            await self._store.forget(writer, request.request_id)
        if refused is not None:  # the team hears of what stays; what is kept of the person is gone all the same
            raise refused


def _only_role(role: int | None) -> discord.AllowedMentions:
    return discord.AllowedMentions(
        everyone=False, users=False, roles=[discord.Object(role)] if role is not None else False
    )


def _only_people(people: list[int]) -> discord.AllowedMentions:
    return discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(person) for person in people])
