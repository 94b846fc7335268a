"""Posts what no interaction asked for: mentions nobody unless told to, keeps the pace, and posts once.

Discord honours a nonce for some minutes. For a retry after a longer time the sender first looks for its own earlier
post among the channel's last messages, by the custom id that the post carries.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import discord

from bot.discordkit.line import NO_LINE
from bot.discordkit.panels import MARKS, Panel
from bot.errors import RefusedForGood, TryAgain
from bot.jobs import TokenBucket
from bot.metrics import Metrics

# Messages looked through for an earlier post of ours, and for people's answers to one.
_LOOK_BACK = 50
_LOOK_ON = 300
# How far Discord's clock and ours may be apart.
_CLOCKS = timedelta(minutes=1)
_GONE = {10003: "unknown_channel", 10008: "unknown_message", 50001: "no_access", 50013: "no_permission"}
# "Tried to perform an operation on an archived thread" (Discord API reference, "JSON error codes").
_ARCHIVED = 50083
# "A thread has already been created for this message" (as above).
_HAS_THREAD = 160004

Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class AnswerMessage:
    """Somebody's message that replies to a post of ours, by Discord's own reply."""

    message_id: int
    author_id: int
    at: datetime


class Sender:
    """The one way to post to a channel without an interaction."""

    def __init__(self, client: discord.Client, bucket: TokenBucket, metrics: Metrics) -> None:
        self._client = client
        self.bucket = bucket
        self._metrics = metrics

    async def post(
        self,
        guild_id: int,
        channel_id: int,
        panel: Panel,
        *,
        nonce: str,
        marker: str | None = None,
        mentions: discord.AllowedMentions | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Post `panel` and return the message's id; one of ours with a custom id that ends in `marker` counts already.

        Give `marker` on a retry only: looking costs a request. With `reply_to` it is a reply to that message of the
        channel, or stands alone where that is gone. Raises `TryAgain` for what may pass, `RefusedForGood` for what
        will not.
        """
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        await self.bucket.take(guild_id)
        with self._delivering():
            if marker is not None:
                earlier = await self._find(channel, marker)
                if earlier is not None:
                    return earlier
            message: discord.Message = await self._awake(
                channel_id,
                lambda: channel.send(
                    view=panel.draw(),
                    nonce=nonce,
                    allowed_mentions=mentions or discord.AllowedMentions.none(),
                    **_replying(guild_id, channel_id, reply_to),
                ),
            )
        return message.id

    async def whisper(self, user_id: int, panel: Panel, *, nonce: str, marker: str | None = None) -> int:
        """Write to somebody in direct messages and return the message's id; `marker` as in `post`.

        Raises like `post`, and `RefusedForGood("closed_dm")` where they take no messages of the bot's.
        """
        await self.bucket.take(None)
        with self._delivering():
            try:
                channel = await self._client.create_dm(discord.Object(user_id))
                if marker is not None:
                    earlier = await self._find(self._client.get_partial_messageable(channel.id), marker)
                    if earlier is not None:
                        return earlier
                message = await channel.send(
                    view=panel.draw(), nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
                )
            except discord.Forbidden as error:  # 50007 or 50278, and whatever Discord finds next
                raise RefusedForGood("closed_dm") from error
        return message.id

    async def replies_to(self, guild_id: int, channel_id: int, message_id: int) -> tuple[AnswerMessage, ...]:
        """Return what people replied to a post of ours, of the messages after it, oldest first. Raises like `post`."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        await self.bucket.take(guild_id)
        with self._delivering():
            return tuple(
                [
                    AnswerMessage(one.id, one.author.id, one.created_at)
                    async for one in channel.history(
                        limit=_LOOK_ON, after=discord.Object(message_id), oldest_first=True
                    )
                    if not one.author.bot and replied_to(one) == message_id
                ]
            )

    async def find(self, guild_id: int, channel_id: int, marker: str, since: datetime | None = None) -> int | None:
        """Return the post of ours with a custom id that ends in `marker`. Raises like `post`.

        Looks through the last messages; with `since` through those that came from then on, the earliest first, so
        that nothing written since a crash hides it.
        """
        await self.bucket.take(guild_id)
        with self._delivering():
            return await self._find(self._client.get_partial_messageable(channel_id, guild_id=guild_id), marker, since)

    async def carried(self, guild_id: int, channel_id: int, message_id: int) -> frozenset[str]:
        """Return the custom ids on a message of ours; none for one that is gone or not ours. Raises like `post`."""
        own = self._client.user.id if self._client.user else None
        await self.bucket.take(guild_id)
        with self._delivering(), suppress(discord.NotFound):
            message = await self._client.get_partial_messageable(channel_id, guild_id=guild_id).fetch_message(
                message_id
            )
            return frozenset(_ids(message)) if message.author.id == own else frozenset()
        return frozenset()

    async def words(self, guild_id: int, channel_id: int, message_id: int) -> dict[int, str] | None:
        """Return the marked texts of a message of ours, by mark; None for one that is gone or not ours.

        For whoever waits for it: the pace of what the bot posts by itself is not kept. Raises like `post`.
        """
        own = self._client.user.id if self._client.user else None
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        with self._delivering(), suppress(discord.NotFound):
            message = await channel.fetch_message(message_id)
            return marked_texts(message) if message.author.id == own else None
        return None

    async def redraw(self, channel_id: int, message_id: int, panel: Panel) -> None:
        """Draw a post of ours anew. Raises like `post`."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        with self._delivering():
            await self._awake(
                channel_id, lambda: message.edit(view=panel.draw(), allowed_mentions=discord.AllowedMentions.none())
            )

    async def delete(self, guild_id: int | None, channel_id: int, message_id: int) -> None:
        """Delete a post of ours; one that is gone already counts as deleted. Raises like `post`."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        await self.bucket.take(guild_id)
        with self._delivering(), suppress(discord.NotFound):
            await self._awake(channel_id, message.delete)

    async def thread_on(self, guild_id: int, channel_id: int, message_id: int, name: str) -> int:
        """Open a public thread on a post of ours and return its id; one there is already counts. Raises like `post`.

        It goes to sleep after a day without a word; a new word wakes it.
        """
        await self.bucket.take(guild_id)
        with self._delivering():
            try:
                made = await self._client.http.start_thread_with_message(
                    channel_id, message_id, name=name, auto_archive_duration=1440
                )
            except discord.HTTPException as error:
                if error.code != _HAS_THREAD:
                    raise
                return message_id  # a thread has the id of the message it stands on
        return int(made["id"])

    async def private_thread(self, guild_id: int, parent_id: int, name: str) -> int:
        """Open a private thread that only invited people see; ours of this name is used again. Raises like `post`."""
        cached = self._client.get_channel(parent_id)
        with self._delivering():
            # A process that does not hold the server's shard, or holds it not yet, has none of it in memory.
            parent = cached or await self._client.fetch_channel(parent_id)
        if not isinstance(parent, discord.TextChannel) or parent.guild.id != guild_id:
            raise RefusedForGood("unknown_channel")
        own = self._client.user.id if self._client.user else None
        with self._delivering():
            threads = parent.threads if cached else await parent.guild.active_threads()
        for thread in threads:
            ours = thread.owner_id == own and thread.parent_id == parent_id
            if ours and thread.name == name and thread.is_private():
                return thread.id
        await self.bucket.take(guild_id)
        with self._delivering():
            made = await parent.create_thread(name=name, type=discord.ChannelType.private_thread, invitable=False)
        return made.id

    async def invite(self, guild_id: int, thread_id: int, user_id: int) -> None:
        """Let somebody into a private thread; a mention alone would be a courtesy of Discord's. Raises like `post`."""
        await self.bucket.take(guild_id)
        with self._delivering():
            # discord.py has this on a cached thread alone, and the thread may be too new for the cache.
            await self._awake(thread_id, lambda: self._client.http.add_user_to_thread(thread_id, user_id))

    async def _awake(self, channel_id: int, act: Callable[[], Awaitable[Answered]]) -> Answered:
        """Do something in a channel; a thread that is archived is opened again first."""
        try:
            return await act()
        except discord.HTTPException as error:
            if error.code != _ARCHIVED:
                raise
        await self._client.http.edit_channel(channel_id, archived=False)
        return await act()

    @contextmanager
    def _delivering(self) -> Iterator[None]:
        """Sort and count what goes wrong on the way to Discord: `TryAgain` or `RefusedForGood`."""
        try:
            yield
        except discord.HTTPException as error:
            self._metrics.discord_error(error.status)
            raise delivery_error(error) from error
        except NO_LINE as error:
            self._metrics.discord_error(0)
            raise TryAgain from error

    async def _find(
        self, channel: discord.PartialMessageable, marker: str, since: datetime | None = None
    ) -> int | None:  # fmt: skip
        own = self._client.user.id if self._client.user else None
        latest = channel.history(limit=_LOOK_BACK)
        async for message in (
            latest if since is None else channel.history(limit=_LOOK_ON, after=since - _CLOCKS, oldest_first=True)
        ):
            if message.author.id == own and any(one.endswith(marker) for one in _ids(message)):
                return message.id
        return None


def replied_to(message: discord.Message) -> int | None:
    """Return which message somebody's message replies to; passing one on is no reply."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id


def _replying(guild_id: int, channel_id: int, message_id: int | None) -> dict[str, Any]:
    if message_id is None:
        return {}
    reference = discord.MessageReference(
        message_id=message_id, channel_id=channel_id, guild_id=guild_id, fail_if_not_exists=False
    )
    return {"reference": reference}


def marked_texts(message: discord.Message) -> dict[int, str]:
    """Return the words of every `Text` of a message that was drawn with a mark, by mark."""
    texts = (one for one in _parts(message) if isinstance(one, discord.TextDisplay))
    return {one.id - MARKS: one.content for one in texts if one.id is not None and one.id > MARKS}


def _ids(message: discord.Message) -> set[str]:
    return {custom_id for one in _parts(message) if (custom_id := getattr(one, "custom_id", None))}


def _parts(message: discord.Message) -> Iterator[object]:
    waiting: list[object] = list(message.components)
    while waiting:
        component = waiting.pop()
        waiting.extend(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            waiting.append(accessory)
        yield component


def delivery_error(error: discord.HTTPException) -> TryAgain | RefusedForGood:
    """Sort a refusal of Discord's: 5xx and 429 may pass; a closed door or a missing channel will not."""
    if error.status >= 500 or error.status == 429:
        return TryAgain(getattr(error, "retry_after", None))
    known = _GONE.get(error.code)
    return RefusedForGood(known or ("forbidden" if isinstance(error, discord.Forbidden) else f"http_{error.status}"))
