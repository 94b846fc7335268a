"""Posts what somebody wrote back, opens the private thread of writer and team, and calls the writer to a reply."""

from contextlib import suppress
from datetime import timedelta

import discord

from bot.contracts import Post
from bot.discordkit import Sender
from bot.errors import RefusedForGood, TryAgain
from bot.guilds import Guilds
from bot.jobs import Job, JobKind, LatePolicy, nonce
from cogs.checkins.rules import Place
from cogs.checkins.service.hearing import CALL, Hearing
from cogs.checkins.service.replies import GONE, REPLY, UNKEPT, ReplyService, Sending
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.replies import Reply
from cogs.checkins.ui import replies as ui

# Parts of a nonce: Discord takes a second post with the same one for the first.
_BACK = 1
# A call to a reply that comes later than this has been found without it.
_CALL_WINDOW = timedelta(days=1)


class ReplyDelivery:
    """A reply whose entry is gone, or that Discord refuses, goes back to its author, words and all."""

    def __init__(self, service: ReplyService, hearing: Hearing, guilds: Guilds, sender: Sender) -> None:
        self._service = service
        self._hearing = hearing
        self._guilds = guilds
        self._sender = sender

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs. Words on their way are never too late."""
        return (
            JobKind(REPLY, self._reply, urgent=True),
            JobKind(UNKEPT, self._unkept),
            JobKind(GONE, self._gone),
            JobKind(CALL, self._call, LatePolicy(window=_CALL_WINDOW), urgent=True),
        )

    async def _reply(self, job: Job) -> None:
        sending = await self._service.sending(
            job.guild_id or 0, job.payload["reply"], private=bool(job.payload["private"])
        )
        if sending is None:
            return
        if isinstance(sending, Reply):
            await self._back(job, sending)
            return
        try:
            post = await self._post(job, sending)
        except RefusedForGood:
            await self._back(job, sending.reply)
            raise
        if not await self._service.posted(sending, post):
            await self._sender.delete(job.guild_id, post.channel_id, post.message_id)

    async def _post(self, job: Job, sending: Sending) -> Post:
        reply, entry = sending.reply, sending.entry
        below = None if sending.private else entry.post
        if not sending.private and (below is None or entry.place is not Place.GROUP):  # the entry is on its way there
            raise TryAgain
        channel_id = below.channel_id if below is not None else await self._room(sending)
        await self._service.secure(reply, channel_id)
        message_id = await self._sender.post(
            reply.guild_id,
            channel_id,
            ui.reply_post(sending),
            nonce=nonce(job.id),
            marker=ui.take_back_id(reply) if job.attempts else None,
            mentions=_only_person(None if sending.apart else entry.user_id),
            reply_to=below.message_id if below is not None else None,
        )
        return Post(channel_id, message_id)

    async def _room(self, sending: Sending) -> int:
        """Return the private thread of writer and team with both of them in it; one that is gone is opened anew."""
        entry = sending.entry
        if entry.room_id is not None:
            try:
                await self._let_in(sending, entry.room_id)
            except RefusedForGood as refused:
                if refused.reason != "unknown_channel":
                    raise
            else:
                return entry.room_id
        room_id = await self._open_room(entry)
        await self._let_in(sending, room_id)
        return room_id

    async def _open_room(self, entry: Entry) -> int:
        parent = (await self._guilds.channels(entry.guild_id)).get("quiet-rooms")
        if parent is None:
            raise RefusedForGood("unknown_channel")
        room_id = await self._sender.private_thread(entry.guild_id, parent, ui.room_name(entry))
        await self._service.opened(entry, room_id)
        return room_id

    async def _let_in(self, sending: Sending, room_id: int) -> None:
        reply, entry = sending.reply, sending.entry
        people = [reply.user_id] if sending.apart else [entry.user_id, reply.user_id]
        for person in people:
            await self._sender.invite(entry.guild_id, room_id, person)

    async def _back(self, job: Job, reply: Reply) -> None:
        """Give the words back in a private message. Where that is closed, they are in the author's receipt alone."""
        with suppress(RefusedForGood):
            await self._sender.whisper(reply.user_id, ui.back_panel(reply), nonce=nonce(job.id, _BACK))
        await self._service.drop(reply)

    async def _unkept(self, job: Job) -> None:
        """Delete a reply of which nobody came to know that it stands."""
        guild_id, channel_id, reply_id = job.guild_id or 0, job.payload["channel"], job.payload["reply"]
        reply = await self._service.get(guild_id, reply_id)
        if reply is not None and reply.post is None:
            raise TryAgain  # its delivery still tries: it may yet post, and goes on from what stands
        found = await self._sender.find(guild_id, channel_id, ui.take_back_id_of(reply_id))
        if found is not None and (reply is None or reply.message_id != found):
            await self._sender.delete(guild_id, channel_id, found)

    async def _gone(self, job: Job) -> None:
        await self._sender.delete(job.guild_id, job.payload["channel"], job.payload["message"])

    async def _call(self, job: Job) -> None:
        """Mention the writer, and only them, below somebody's reply to their entry."""
        entry = await self._hearing.to_call(job.guild_id or 0, job.payload["entry"])
        if entry is None:
            return
        room = bool(job.payload["room"])
        channel_id = entry.room_id if room else _stands_in(entry)
        if channel_id is None:  # taken back meanwhile
            return
        message_id = await self._sender.post(
            entry.guild_id,
            channel_id,
            ui.call_panel(entry, room=room),
            nonce=nonce(job.id),
            mentions=_only_person(entry.user_id),
            reply_to=job.payload["message"],
        )
        await self._hearing.called(entry, Post(channel_id, message_id))


def _stands_in(entry: Entry) -> int | None:
    return entry.post.channel_id if entry.place is Place.GROUP and entry.post is not None else None


def _only_person(user_id: int | None) -> discord.AllowedMentions:
    users: list[discord.abc.Snowflake] | bool = [discord.Object(user_id)] if user_id is not None else False
    return discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=False)
