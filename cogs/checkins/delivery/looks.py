"""What the looks at a wish bring to Discord: a private word to one companion, a word to the team."""

import logging
from collections.abc import Callable

import discord

from bot.clock import from_ms
from bot.contracts import Post
from bot.discordkit import Membership, Sender
from bot.errors import RefusedForGood, TryAgain
from bot.guilds import Guilds
from bot.jobs import Job, JobKind, nonce
from cogs.checkins.rules import Move, Origin, Place
from cogs.checkins.rules.replies import LOOK_AGAIN, Step
from cogs.checkins.service.guarantee import LOOK, TIDY
from cogs.checkins.service.hearing import Heard, Hearing
from cogs.checkins.service.looks import ASK, TELL, LookService, Telling, Wish
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.replies import TOLD, Note
from cogs.checkins.ui import replies as ui

# Companions whom Discord is asked about in one look, and how often a wish that changes meanwhile is read again.
_MOST_ASKED_ABOUT = 25
_ROUNDS = 5

_log = logging.getLogger(__name__)


class LookDelivery:
    """Before any step Discord is asked whether somebody has replied: the gateway may have missed it."""

    def __init__(
        self,
        looks: LookService,
        hearing: Hearing,
        guilds: Guilds,
        sender: Sender,
        membership: Membership,
        *,
        kick: Callable[[], None],
        server_name: Callable[[int], str | None],
    ) -> None:
        self._looks = looks
        self._hearing = hearing
        self._guilds = guilds
        self._sender = sender
        self._membership = membership
        self._kick = kick
        self._server_name = server_name

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs. None is ever too late: a wish that an outage passed over is told at once."""
        return JobKind(LOOK, self._look), JobKind(ASK, self._ask), JobKind(TELL, self._tell), JobKind(TIDY, self._tidy)

    async def _look(self, job: Job) -> None:
        entry = await self._looks.begin(job)
        self._kick()
        if entry is None or await self._replied(entry):
            return
        asked_at = from_ms(job.payload["asked"])
        refuted: set[int] = set()
        for _ in range(_ROUNDS):
            wish = await self._looks.wish(entry.guild_id, entry.entry_id, asked_at)
            step = None if wish is None else await self._verified(wish, refuted)
            if wish is None or step is None or step.move in (Move.NOTHING, Move.WAIT):
                return
            outcome = await self._looks.carry_out(wish, step)
            if outcome == "done":
                self._kick()
                return
            if outcome == "taken" and step.companion_id is not None:
                refuted.add(step.companion_id)
        raise TryAgain

    async def _replied(self, entry: Entry) -> bool:
        """Take in the replies that Discord has of a post in the group; whether one of them settles the wish."""
        if entry.place is not Place.GROUP or entry.post is None or entry.asked_at is None:
            return False
        try:
            found = await self._sender.replies_to(entry.guild_id, entry.post.channel_id, entry.post.message_id)
        except RefusedForGood:  # the channel is gone, or closed to us: then there is nothing to find
            return False
        for one in found:
            if one.at < entry.asked_at:
                continue
            heard = Heard(one.message_id, one.author_id, one.at)
            if await self._hearing.take_in(entry, heard, Origin.REPLY):
                self._kick()
                return True
        return False

    async def _verified(self, wish: Wish, refuted: set[int]) -> Step:
        """Return the rules' next step, after Discord has said of each companion concerned that it is so."""
        standing = wish.standing()
        if standing is not None and not await self._may_answer(wish, standing):
            refuted.add(standing)
        step = wish.step(refuted)
        asked_about = 0
        while step.move is Move.ASK and step.companion_id is not None:
            asked_about += 1
            if asked_about <= _MOST_ASKED_ABOUT and await self._may_answer(wish, step.companion_id):
                return step
            refuted.add(step.companion_id)
            step = wish.step(refuted)
        return step

    async def _may_answer(self, wish: Wish, user_id: int) -> bool:
        """Whether somebody holds the companion role and sees the entry where it stands; whatever isn't known is no."""
        if wish.role is None or wish.entry.post is None:
            return False
        try:
            seen = await self._membership.seen(wish.entry.guild_id, user_id, wish.entry.post.channel_id)
        except RefusedForGood:
            return False
        return seen is not None and seen.sees and wish.role in seen.roles

    async def _ask(self, job: Job) -> None:
        asking = await self._looks.asking(job)
        self._kick()
        if asking is None:
            return
        entry, request = asking
        panel = ui.ask_panel(entry, self._server_name(entry.guild_id))
        marker = ui.cannot_id(entry) if job.attempts else None
        try:
            await self._sender.whisper(request.user_id, panel, nonce=nonce(job.id), marker=marker)
        except RefusedForGood:
            await self._looks.fell_through(request)
            self._kick()

    async def _tell(self, job: Job) -> None:
        """Tell the team; with nowhere to be told, it is tried again until there is, or the wish is over."""
        telling = await self._looks.telling(job)
        if telling is None:
            return
        channels = await self._guilds.channels(telling.entry.guild_id)
        for purpose in ("care", "mod-log"):
            if purpose in channels:
                try:
                    post = await self._told_in(job, telling, channels[purpose])
                except RefusedForGood as refused:
                    _log.warning("server %s can't be told in %s: %s", job.guild_id, purpose, refused.reason)
                else:
                    await self._looks.told(telling.entry, post)
                    self._kick()
                    return
        _log.warning("server %s has nowhere to be told that entry %s waits", job.guild_id, telling.entry.entry_id)
        raise TryAgain(LOOK_AGAIN.total_seconds())

    async def _told_in(self, job: Job, telling: Telling, channel_id: int) -> Post:
        guild_id = telling.entry.guild_id
        roles = await self._guilds.roles(guild_id)
        wanted = tuple(roles[purpose] for purpose in ("facilitator", "moderator") if purpose in roles)
        role = await self._membership.pingable(guild_id, wanted) if wanted else None
        message_id = await self._sender.post(
            guild_id,
            channel_id,
            ui.told_panel(telling, role),
            nonce=nonce(job.id),
            marker=ui.told_id(telling) if job.attempts else None,
            mentions=_only_role(role),
        )
        return Post(channel_id, message_id)

    async def _tidy(self, job: Job) -> None:
        """Draw what the team was told as answered, or delete it where nobody waits any more."""
        entry, notes = await self._looks.notes(job)
        refused: RefusedForGood | None = None
        for note in notes:
            try:
                await self._tidy_one(entry, note)
            except RefusedForGood as error:
                refused = error
                await self._looks.forget(note)
        if refused is not None and refused.reason != "unknown_message":
            raise refused

    async def _tidy_one(self, entry: Entry | None, note: Note) -> None:
        waits = entry is not None and entry.asked_at is not None and note.posted_at >= entry.asked_at
        if entry is None or (note.kind == TOLD and not waits):
            await self._sender.delete(note.guild_id, note.channel_id, note.message_id)
            await self._looks.forget(note)
        elif note.kind == TOLD and not entry.waits:
            await self._sender.redraw(note.channel_id, note.message_id, ui.answered_panel(entry))


def _only_role(role: int | None) -> discord.AllowedMentions:
    roles: list[discord.abc.Snowflake] | bool = [discord.Object(role)] if role is not None else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles)
