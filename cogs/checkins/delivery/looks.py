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
from cogs.checkins.service.guarantee import LOOK, TIDY, is_over, is_private
from cogs.checkins.service.hearing import Heard, Hearing
from cogs.checkins.service.looks import ASK, LookService, Wish
from cogs.checkins.service.team import TELL, WATCH, TeamWords, Telling
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.replies import TOLD, Note
from cogs.checkins.ui import replies as ui

# Companions whom Discord is asked about in one look, and how often a wish that changes meanwhile is read again.
_MOST_ASKED_ABOUT = 25
_ROUNDS = 5
# Tries of a look in which Discord's word is waited for. Then it goes on without: the team is told rather than nobody.
_TRIES = 3

_log = logging.getLogger(__name__)


class LookDelivery:
    """Before any step Discord is asked whether somebody has replied: the gateway may have missed it."""

    def __init__(
        self,
        looks: LookService,
        team: TeamWords,
        hearing: Hearing,
        guilds: Guilds,
        sender: Sender,
        membership: Membership,
        *,
        kick: Callable[[], None],
        server_name: Callable[[int], str | None],
    ) -> None:
        self._looks = looks
        self._team = team
        self._hearing = hearing
        self._guilds = guilds
        self._sender = sender
        self._membership = membership
        self._kick = kick
        self._server_name = server_name

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs. None is ever too late: a wish that an outage passed over is told at once."""
        return (
            JobKind(LOOK, self._look, urgent=True),
            JobKind(ASK, self._ask, urgent=True),
            JobKind(TELL, self._tell, urgent=True),
            JobKind(TIDY, self._tidy),
            JobKind(WATCH, self._watch),
        )

    async def _look(self, job: Job) -> None:
        entry = await self._looks.begin(job)
        self._kick()
        blind = job.attempts >= _TRIES
        if entry is None or (not blind and await self._replied(entry)):
            return
        asked_at = from_ms(job.payload["asked"])
        refuted: set[int] = set()
        for _ in range(_ROUNDS):
            wish = await self._looks.wish(entry.guild_id, entry.entry_id, asked_at)
            step = None if wish is None else _unverified(wish) if blind else await self._verified(wish, refuted)
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
        step = wish.step(refuted)
        if step.move is Move.TELL:  # whoever else might be asked
            return step
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
        """Whether somebody holds the companion role and sees the entry where it stands; whatever isn't known is no.

        An entry to the team can be answered by the team alone, whoever else sees its channel.
        """
        if wish.role is None or wish.entry.post is None:
            return False
        try:
            seen = await self._membership.seen(wish.entry.guild_id, user_id, wish.entry.post.channel_id)
        except RefusedForGood:
            return False
        if seen is None or not seen.sees or wish.role not in seen.roles:
            return False
        return not is_private(wish.entry) or not seen.roles.isdisjoint(await self._team_roles(wish.entry.guild_id))

    async def _team_roles(self, guild_id: int) -> tuple[int, ...]:
        roles = await self._guilds.roles(guild_id)
        return tuple(roles[purpose] for purpose in ("facilitator", "moderator") if purpose in roles)

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
        telling = await self._team.telling(job)
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
                    await self._team.told(telling.entry, post)
                    self._kick()
                    return
        _log.warning("server %s has nowhere to be told that entry %s waits", job.guild_id, telling.entry.entry_id)
        raise TryAgain(LOOK_AGAIN.total_seconds())

    async def _told_in(self, job: Job, telling: Telling, channel_id: int) -> Post:
        guild_id = telling.entry.guild_id
        # All of the team: a role that the guide made may have nobody in it.
        roles = await self._membership.pingable(guild_id, await self._team_roles(guild_id))
        message_id = await self._sender.post(
            guild_id,
            channel_id,
            ui.told_panel(telling, roles),
            nonce=nonce(job.id),
            marker=ui.told_id(telling) if job.attempts else None,
            mentions=_only_roles(roles),
        )
        return Post(channel_id, message_id)

    async def _watch(self, job: Job) -> None:
        await self._team.watch()
        self._kick()

    async def _tidy(self, job: Job) -> None:
        """Draw what the team was told as answered; delete it where nobody waits, and calls where no entry stands."""
        entry, notes = await self._team.notes(job)
        refused: RefusedForGood | None = None
        for note in notes:
            try:
                await self._tidy_one(entry, note)
            except RefusedForGood as error:
                refused = error
                await self._team.forget(note)
        if refused is not None and refused.reason != "unknown_message":
            raise refused

    async def _tidy_one(self, entry: Entry | None, note: Note) -> None:
        if entry is None or is_over(note, entry):
            await self._sender.delete(note.guild_id, note.channel_id, note.message_id)
            await self._team.forget(note)
        elif note.kind == TOLD and not entry.waits:
            await self._sender.redraw(note.channel_id, note.message_id, ui.answered_panel(entry))
            await self._team.answered(note)


def _unverified(wish: Wish) -> Step:
    """Return the rules' next step while Discord says nothing: who was asked stays so, nobody else is asked."""
    standing = wish.standing()
    return wish.step({one.user_id for one in wish.companions if one.user_id != standing})


def _only_roles(roles: tuple[int, ...]) -> discord.AllowedMentions:
    called: list[discord.abc.Snowflake] = [discord.Object(role) for role in roles]
    return discord.AllowedMentions(everyone=False, users=False, roles=called or False)
