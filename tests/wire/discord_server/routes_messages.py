"""Routes about messages in channels, threads and direct messages."""

from __future__ import annotations

import time

from tests.wire.discord_server import messages, permissions
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import (
    EPOCH_MS,
    ApiError,
    Call,
    Json,
    Reply,
    Route,
    invalid_form,
    iso_now,
)
from tests.wire.discord_server.world import DM, THREADS

HOUR_MS = 3_600_000
BULK_DELETE_MS = 14 * 24 * HOUR_MS
# Edits that an old message takes before 30046 is the answer; Discord does not publish its number.
EDITS_OF_OLD = 3


def routes() -> tuple[Route, ...]:
    """The route table of this module."""
    path = "/channels/{channel_id}/messages"
    return (
        ("GET", path, list_messages),
        ("POST", path, create),
        ("POST", f"{path}/bulk-delete", bulk_delete),
        ("GET", path + "/{message_id}", get),
        ("PATCH", path + "/{message_id}", edit),
        ("DELETE", path + "/{message_id}", delete),
        ("POST", "/channels/{channel_id}/typing", typing),
    )


def create(platform: Platform, call: Call) -> Reply:
    """Posts a message; one with a nonce to be enforced is made once and given back again."""
    world, body = platform.world, call.body
    channel = world.channel(call.id("channel_id"))
    _need_to_write(platform, channel)
    messages.check_message(body, files=len(call.files))
    if int(body.get("flags") or 0) & (messages.EPHEMERAL | messages.LOADING):
        raise invalid_form("flags: only an interaction's answer is for one person")
    nonce = None if body.get("nonce") is None else str(body["nonce"])
    if nonce is not None and body.get("enforce_nonce"):
        earlier = platform.earlier_with_nonce(int(channel["id"]), nonce)
        if earlier is not None:
            return Reply(earlier)
    reference = body.get("message_reference")
    if reference and reference.get("fail_if_not_exists", True):
        world.message(int(channel["id"]), int(reference["message_id"]))
    message = messages.new_message(world, int(channel["id"]), body, call.files)
    if nonce is not None:
        message["nonce"] = nonce
        platform.remember_nonce(int(channel["id"]), nonce, int(message["id"]))
    world.keep_message(message)
    platform.tell_message("MESSAGE_CREATE", message)
    return Reply(message)


def list_messages(platform: Platform, call: Call) -> Reply:
    """Messages of a channel, newest first, 50 unless told otherwise."""
    channel = platform.world.channel(call.id("channel_id"))
    platform.world.need(channel, permissions.VIEW_CHANNEL)
    guild = platform.world.guild_of(channel)
    if guild and not guild.permissions_of(platform.world.bot_id, channel) & permissions.READ_MESSAGE_HISTORY:
        return Reply([])
    kept = sorted(platform.world.messages_of(int(channel["id"])).values(), key=lambda one: -int(one["id"]))
    limit = int(call.query.get("limit", 50))
    if "before" in call.query:
        kept = [one for one in kept if int(one["id"]) < int(call.query["before"])]
    elif "after" in call.query:
        # The oldest ones after that point, still newest first.
        kept = [one for one in kept if int(one["id"]) > int(call.query["after"])][-limit:]
    return Reply(kept[:limit])


def get(platform: Platform, call: Call) -> Reply:
    """One message."""
    platform.world.need(platform.world.channel(call.id("channel_id")), permissions.READ_MESSAGE_HISTORY)
    return Reply(platform.world.message(call.id("channel_id"), call.id("message_id")))


def edit(platform: Platform, call: Call) -> Reply:
    """Edits a message of the bot; an archived thread takes none, an old message few."""
    channel = platform.world.channel(call.id("channel_id"))
    message = platform.world.message(call.id("channel_id"), call.id("message_id"))
    if message["author"]["id"] != platform.world.bot["id"]:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    if channel["type"] in THREADS and channel["thread_metadata"]["archived"]:
        raise ApiError(400, 50083, "Thread is archived")
    if _age_ms(message) > HOUR_MS:
        platform.world.edits_when_old[int(message["id"])] += 1
        if platform.world.edits_when_old[int(message["id"])] > EDITS_OF_OLD:
            raise ApiError(429, 30046, "Maximum number of edits to messages older than 1 hour reached.", 0.02)
    messages.check_message(call.body, files=len(call.files), edits=message)
    messages.rewrite(platform.world, message, call.body, call.files)
    message["edited_timestamp"] = iso_now()
    platform.tell_message("MESSAGE_UPDATE", message)
    return Reply(message)


def delete(platform: Platform, call: Call) -> Reply:
    """Deletes a message; somebody else's needs Manage Messages."""
    channel = platform.world.channel(call.id("channel_id"))
    message = platform.world.message(call.id("channel_id"), call.id("message_id"))
    own = message["author"]["id"] == platform.world.bot["id"]
    platform.world.need(channel, permissions.VIEW_CHANNEL if own else permissions.MANAGE_MESSAGES)
    _remove(platform, channel, [message])
    return Reply(status=204)


def bulk_delete(platform: Platform, call: Call) -> Reply:
    """Deletes 2 to 100 messages, none older than 14 days."""
    channel = platform.world.channel(call.id("channel_id"))
    platform.world.need(channel, permissions.MANAGE_MESSAGES)
    kept = platform.world.messages_of(int(channel["id"]))
    named = [int(one) for one in call.body["messages"]]
    if not 2 <= len(named) <= 100:
        raise invalid_form("messages: 2 to 100")
    if any((time.time_ns() // 1_000_000 - EPOCH_MS) - (one >> 22) > BULK_DELETE_MS for one in named):
        raise ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    _remove(platform, channel, [kept[one] for one in named if one in kept])
    return Reply(status=204)


def typing(platform: Platform, call: Call) -> Reply:
    """Shows that the bot is writing."""
    platform.world.need(platform.world.channel(call.id("channel_id")), permissions.SEND_MESSAGES)
    return Reply(status=204)


def _remove(platform: Platform, channel: Json, gone: list[Json]) -> None:
    kept = platform.world.messages_of(int(channel["id"]))
    guild_id = int(channel["guild_id"]) if "guild_id" in channel else None
    for message in gone:
        del kept[int(message["id"])]
        data = {"id": message["id"], "channel_id": channel["id"]}
        platform.tell("MESSAGE_DELETE", data | ({"guild_id": str(guild_id)} if guild_id else {}), guild_id)


def _need_to_write(platform: Platform, channel: Json) -> None:
    if channel["type"] == DM:
        if int(channel["recipients"][0]["id"]) in platform.world.closed_dms:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        return
    in_thread = channel["type"] in THREADS
    platform.world.need(channel, permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES)
    if in_thread and channel["thread_metadata"]["archived"]:
        if channel["thread_metadata"]["locked"]:
            platform.world.need(channel, permissions.MANAGE_THREADS)
        # A message wakes an archived thread.
        channel["thread_metadata"]["archived"] = False


def _age_ms(message: Json) -> int:
    return (time.time_ns() // 1_000_000 - EPOCH_MS) - (int(message["id"]) >> 22)
