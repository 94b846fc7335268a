"""Routes about channels, their overwrites, and threads."""

from __future__ import annotations

from tests.wire.discord_server import permissions
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import ApiError, Call, Json, Reply, Route, iso_now, unknown
from tests.wire.discord_server.world import CATEGORY, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, THREADS, Guild

_EDITABLE = ("name", "topic", "nsfw", "rate_limit_per_user", "position", "parent_id", "flags")


def routes() -> tuple[Route, ...]:
    """The route table of this module."""
    channel = "/channels/{channel_id}"
    return (
        ("GET", channel, get),
        ("PATCH", channel, edit),
        ("DELETE", channel, delete),
        ("GET", "/guilds/{guild_id}/channels", list_channels),
        ("POST", "/guilds/{guild_id}/channels", create),
        ("PUT", channel + "/permissions/{overwrite_id}", put_overwrite),
        ("DELETE", channel + "/permissions/{overwrite_id}", delete_overwrite),
        ("POST", channel + "/threads", start_thread),
        ("POST", channel + "/messages/{message_id}/threads", start_thread_at_message),
        ("GET", "/guilds/{guild_id}/threads/active", active_threads),
        ("GET", channel + "/thread-members", list_thread_members),
        ("GET", channel + "/thread-members/{user_id}", get_thread_member),
        ("PUT", channel + "/thread-members/@me", join_thread),
        ("PUT", channel + "/thread-members/{user_id}", add_thread_member),
        ("DELETE", channel + "/thread-members/{user_id}", remove_thread_member),
    )


def get(platform: Platform, call: Call) -> Reply:
    """One channel, thread or direct message channel."""
    channel = platform.world.channel(call.id("channel_id"))
    platform.world.need(channel, permissions.VIEW_CHANNEL)
    return Reply(channel)


def list_channels(platform: Platform, call: Call) -> Reply:
    """A server's channels, without threads."""
    guild = platform.world.guild(call.id("guild_id"))
    return Reply([one for one in guild.channels.values() if one["type"] not in THREADS])


def create(platform: Platform, call: Call) -> Reply:
    """Makes a channel; what its overwrites give or take the bot must hold itself."""
    guild, body = platform.world.guild(call.id("guild_id")), call.body
    platform.world.need_in_guild(guild, permissions.MANAGE_CHANNELS)
    overwrites = [_overwrite(one) for one in body.get("permission_overwrites") or ()]
    _check_overwrites(platform, guild, overwrites)
    fields = {key: body[key] for key in _EDITABLE if body.get(key) is not None}
    if fields.get("parent_id") is not None:
        fields["parent_id"] = str(fields["parent_id"])
        parent = platform.world.channel(int(fields["parent_id"]))
        if parent["type"] != CATEGORY:
            raise ApiError(400, 50035, "Invalid Form Body: parent_id: Category does not exist")
    fields["permission_overwrites"] = overwrites
    channel = platform.world.add_channel(guild, body.get("type") or TEXT, fields.pop("name"), **fields)
    platform.tell("CHANNEL_CREATE", channel, guild.id)
    return Reply(channel, 201)


def edit(platform: Platform, call: Call) -> Reply:
    """Changes a channel or thread; archiving and locking need Manage Threads for what others started."""
    channel, body = platform.world.channel(call.id("channel_id")), call.body
    guild = platform.world.guild_of(channel)
    if guild is None:
        raise ApiError(403, 50024, "Cannot execute action on this channel type")
    if channel["type"] in THREADS:
        _edit_thread(platform, channel, body)
        platform.tell("THREAD_UPDATE", channel, guild.id)
        return Reply(channel)
    platform.world.need(channel, permissions.MANAGE_CHANNELS)
    if body.get("permission_overwrites") is not None:
        overwrites = [_overwrite(one) for one in body["permission_overwrites"]]
        _check_overwrites(platform, guild, [one for one in overwrites if one not in channel["permission_overwrites"]])
        channel["permission_overwrites"] = overwrites
    channel |= {key: body[key] for key in _EDITABLE if key in body}
    platform.tell("CHANNEL_UPDATE", channel, guild.id)
    return Reply(channel)


def delete(platform: Platform, call: Call) -> Reply:
    """Deletes a channel or thread."""
    channel = platform.world.channel(call.id("channel_id"))
    guild = platform.world.guild_of(channel)
    thread = channel["type"] in THREADS
    platform.world.need(channel, permissions.MANAGE_THREADS if thread else permissions.MANAGE_CHANNELS)
    platform.world.remove_channel(channel)
    platform.tell("THREAD_DELETE" if thread else "CHANNEL_DELETE", channel, guild.id if guild else None)
    return Reply(channel)


def put_overwrite(platform: Platform, call: Call) -> Reply:
    """Sets one overwrite of a channel."""
    channel = platform.world.channel(call.id("channel_id"))
    guild = platform.world.guild_of(channel)
    if guild is None:
        raise unknown(10003, "Channel")
    platform.world.need(channel, permissions.MANAGE_ROLES)
    made = _overwrite({"id": call.params["overwrite_id"]} | call.body)
    _check_overwrites(platform, guild, [made])
    kept = [one for one in channel["permission_overwrites"] if one["id"] != made["id"]]
    channel["permission_overwrites"] = [*kept, made]
    platform.tell("CHANNEL_UPDATE", channel, guild.id)
    return Reply(status=204)


def delete_overwrite(platform: Platform, call: Call) -> Reply:
    """Takes one overwrite of a channel away."""
    channel = platform.world.channel(call.id("channel_id"))
    platform.world.need(channel, permissions.MANAGE_ROLES)
    overwrites: list[Json] = channel["permission_overwrites"]
    channel["permission_overwrites"] = [one for one in overwrites if one["id"] != call.params["overwrite_id"]]
    platform.tell("CHANNEL_UPDATE", channel, int(channel["guild_id"]))
    return Reply(status=204)


def start_thread(platform: Platform, call: Call) -> Reply:
    """Starts a thread of its own in a text channel; private unless the body says otherwise."""
    kind = call.body.get("type") or PRIVATE_THREAD
    wanted = permissions.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else permissions.CREATE_PUBLIC_THREADS
    return _start(platform, call, kind, wanted, platform.world.mint.now())


def start_thread_at_message(platform: Platform, call: Call) -> Reply:
    """Starts a public thread at a message; the thread takes the message's id, so there is one at most."""
    message = platform.world.message(call.id("channel_id"), call.id("message_id"))
    if int(message["id"]) in platform.world.channels:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    return _start(platform, call, PUBLIC_THREAD, permissions.CREATE_PUBLIC_THREADS, int(message["id"]))


def active_threads(platform: Platform, call: Call) -> Reply:
    """A server's threads that are not archived."""
    threads = platform.world.guild(call.id("guild_id")).threads
    return Reply({"threads": threads, "members": [], "has_more": False})


def list_thread_members(platform: Platform, call: Call) -> Reply:
    """Who is in a thread; the whole list needs the members intent of the application."""
    if not platform.application_flags() & (1 << 15):
        raise ApiError(403, 50001, "Missing Access")
    return Reply(list(platform.world.in_thread(_thread(platform, call)).values()))


def get_thread_member(platform: Platform, call: Call) -> Reply:
    """One person's place in a thread, which needs no intent."""
    found = platform.world.in_thread(_thread(platform, call)).get(call.id("user_id"))
    if found is None:
        raise unknown(10007, "Member")
    return Reply(found)


def join_thread(platform: Platform, call: Call) -> Reply:
    """Lets the bot into a thread."""
    return _add(platform, _thread(platform, call), platform.world.bot_id)


def add_thread_member(platform: Platform, call: Call) -> Reply:
    """Lets somebody into a thread; they must see its parent channel."""
    thread = _thread(platform, call)
    user_id = call.id("user_id")
    guild = platform.world.guild(int(thread["guild_id"]))
    if user_id not in guild.members:
        raise unknown(10007, "Member")
    platform.world.need(thread, permissions.SEND_MESSAGES_IN_THREADS)
    if not guild.permissions_of(user_id, thread) & permissions.VIEW_CHANNEL:
        raise ApiError(403, 50001, "Missing Access")
    return _add(platform, thread, user_id)


def remove_thread_member(platform: Platform, call: Call) -> Reply:
    """Takes somebody out of a thread."""
    thread = _thread(platform, call)
    platform.world.need(thread, permissions.MANAGE_THREADS)
    if platform.world.in_thread(thread).pop(call.id("user_id"), None) is None:
        raise unknown(10007, "Member")
    return Reply(status=204)


def _start(platform: Platform, call: Call, kind: int, wanted: int, thread_id: int) -> Reply:
    parent = platform.world.channel(call.id("channel_id"))
    guild = platform.world.guild_of(parent)
    if guild is None or parent["type"] in THREADS:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    platform.world.need(parent, wanted)
    thread = platform.world.add_thread(guild, parent, kind, call.body, thread_id)
    platform.world.in_thread(thread)[platform.world.bot_id] = thread["member"]
    platform.tell("THREAD_CREATE", thread | {"newly_created": True}, guild.id)
    return Reply(thread, 201)


def _add(platform: Platform, thread: Json, user_id: int) -> Reply:
    members = platform.world.in_thread(thread)
    if thread["thread_metadata"]["archived"]:
        raise ApiError(400, 50083, "Thread is archived")
    if user_id not in members:
        members[user_id] = platform.world.thread_member(int(thread["id"]), user_id)
        thread["member_count"] = len(members)
    return Reply(status=204)


def _thread(platform: Platform, call: Call) -> Json:
    thread = platform.world.channel(call.id("channel_id"))
    if thread["type"] not in THREADS:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    platform.world.need(thread, permissions.VIEW_CHANNEL)
    return thread


def _edit_thread(platform: Platform, thread: Json, body: Json) -> None:
    own = thread["owner_id"] == str(platform.world.bot_id)
    wanted = permissions.VIEW_CHANNEL if own and "locked" not in body else permissions.MANAGE_THREADS
    platform.world.need(thread, wanted)
    metadata = thread["thread_metadata"]
    if metadata["archived"] and body.get("archived") is not False:
        raise ApiError(400, 50083, "Thread is archived")
    metadata |= {key: body[key] for key in ("archived", "locked", "auto_archive_duration", "invitable") if key in body}
    if "archived" in body:
        metadata["archive_timestamp"] = iso_now()
    thread |= {key: body[key] for key in ("name", "rate_limit_per_user") if key in body}


def _overwrite(given: Json) -> Json:
    kind = given.get("type") or 0
    return {
        "id": str(given["id"]),
        "type": int(kind),
        "allow": str(given.get("allow") or 0),
        "deny": str(given.get("deny") or 0),
    }


def _check_overwrites(platform: Platform, guild: Guild, overwrites: list[Json]) -> None:
    """Only what the bot holds can be allowed or denied; Manage Roles only by an administrator."""
    if not overwrites:
        return
    held = guild.permissions_of(platform.world.bot_id)
    wanted = 0
    for one in overwrites:
        wanted |= int(one["allow"]) | int(one["deny"])
        if one["type"] == 0 and int(one["id"]) not in guild.roles:
            raise ApiError(400, 10011, "Unknown Role")
    roles_too = wanted & permissions.MANAGE_ROLES and held != permissions.ALL
    if wanted & ~held or roles_too:
        raise ApiError(403, 50013, "Missing Permissions")
