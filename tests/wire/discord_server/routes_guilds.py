"""Routes about servers, their roles and their members."""

from __future__ import annotations

from tests.wire.discord_server import permissions
from tests.wire.discord_server.guild_payloads import guild_json
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import ApiError, Call, Json, Reply, Route, unknown
from tests.wire.discord_server.world import Guild, role_json

_ROLE_FIELDS = ("name", "color", "hoist", "mentionable", "unicode_emoji")


def routes() -> tuple[Route, ...]:
    """The route table of this module."""
    guild = "/guilds/{guild_id}"
    roles, member = f"{guild}/roles", guild + "/members/{user_id}"
    return (
        ("GET", guild, get),
        ("GET", roles, list_roles),
        ("POST", roles, create_role),
        ("GET", roles + "/{role_id}", get_role),
        ("PATCH", roles + "/{role_id}", edit_role),
        ("DELETE", roles + "/{role_id}", delete_role),
        ("GET", member, get_member),
        ("PATCH", member, edit_member),
        ("PUT", member + "/roles/{role_id}", give_role),
        ("DELETE", member + "/roles/{role_id}", take_role),
    )


def get(platform: Platform, call: Call) -> Reply:
    """One server."""
    guild = platform.world.guild(call.id("guild_id"))
    counts: Json = {}
    if call.query.get("with_counts", "").lower() in {"1", "true"}:
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return Reply(guild_json(guild) | counts)


def list_roles(platform: Platform, call: Call) -> Reply:
    """A server's roles."""
    return Reply(list(platform.world.guild(call.id("guild_id")).roles.values()))


def get_role(platform: Platform, call: Call) -> Reply:
    """One role."""
    return Reply(_role(platform.world.guild(call.id("guild_id")), call))


def create_role(platform: Platform, call: Call) -> Reply:
    """Makes a role at the bottom; it can hold only what the bot holds."""
    guild, body = platform.world.guild(call.id("guild_id")), call.body
    platform.world.need_in_guild(guild, permissions.MANAGE_ROLES)
    granted = _granted(platform, guild, body.get("permissions"))
    # A new role takes the lowest place above @everyone and moves the others up.
    for role in guild.roles.values():
        role["position"] += 1 if role["position"] else 0
    role = role_json(platform.world.mint.now(), body.get("name") or "new role", granted, 1)
    guild.roles[int(role["id"])] = role | {key: body[key] for key in _ROLE_FIELDS if body.get(key) is not None}
    role = guild.roles[int(role["id"])]
    platform.tell("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role}, guild.id)
    return Reply(role)


def edit_role(platform: Platform, call: Call) -> Reply:
    """Changes a role below the bot's highest."""
    guild, body = platform.world.guild(call.id("guild_id")), call.body
    role = _role(guild, call)
    _need_above(platform, guild, role)
    if body.get("permissions") is not None:
        changed = int(body["permissions"]) ^ int(role["permissions"])
        _granted(platform, guild, changed)
        role["permissions"] = str(int(body["permissions"]))
    role |= {key: body[key] for key in _ROLE_FIELDS if key in body}
    platform.tell("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role}, guild.id)
    return Reply(role)


def delete_role(platform: Platform, call: Call) -> Reply:
    """Deletes a role below the bot's highest."""
    guild = platform.world.guild(call.id("guild_id"))
    role = _role(guild, call)
    _need_above(platform, guild, role)
    del guild.roles[int(role["id"])]
    for member in guild.members.values():
        member["roles"] = [one for one in member["roles"] if one != role["id"]]
    platform.tell("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": role["id"]}, guild.id)
    return Reply(status=204)


def get_member(platform: Platform, call: Call) -> Reply:
    """One member, which needs no intent."""
    return Reply(_member(platform.world.guild(call.id("guild_id")), call))


def edit_member(platform: Platform, call: Call) -> Reply:
    """Changes a member's nickname, roles or timeout."""
    guild, body = platform.world.guild(call.id("guild_id")), call.body
    member = _member(guild, call)
    if "communication_disabled_until" in body:
        platform.world.need_in_guild(guild, permissions.MODERATE_MEMBERS)
        user_id = call.id("user_id")
        if user_id == guild.owner_id or guild.permissions_of(user_id) & permissions.ADMINISTRATOR:
            raise ApiError(403, 50013, "Missing Permissions")
    if "roles" in body:
        platform.world.need_in_guild(guild, permissions.MANAGE_ROLES)
        body = body | {"roles": [str(one) for one in body["roles"] or ()]}
    member |= {key: body[key] for key in ("nick", "roles", "communication_disabled_until") if key in body}
    _tell_member(platform, guild, member)
    return Reply(member)


def give_role(platform: Platform, call: Call) -> Reply:
    """Gives a member a role below the bot's highest."""
    return _change_role(platform, call, held=True)


def take_role(platform: Platform, call: Call) -> Reply:
    """Takes a role from a member."""
    return _change_role(platform, call, held=False)


def _change_role(platform: Platform, call: Call, *, held: bool) -> Reply:
    guild = platform.world.guild(call.id("guild_id"))
    member, role = _member(guild, call), _role(guild, call)
    _need_above(platform, guild, role)
    others = [one for one in member["roles"] if one != role["id"]]
    member["roles"] = [*others, role["id"]] if held else others
    _tell_member(platform, guild, member)
    return Reply(status=204)


def _tell_member(platform: Platform, guild: Guild, member: Json) -> None:
    platform.tell("GUILD_MEMBER_UPDATE", member | {"guild_id": str(guild.id)}, guild.id)


def _role(guild: Guild, call: Call) -> Json:
    role = guild.roles.get(call.id("role_id"))
    if role is None:
        raise unknown(10011, "Role")
    return role


def _member(guild: Guild, call: Call) -> Json:
    member = guild.members.get(call.id("user_id"))
    if member is None:
        raise unknown(10007, "Member")
    return member


def _granted(platform: Platform, guild: Guild, wanted: object) -> int:
    held = guild.permissions_of(platform.world.bot_id)
    # A role made without permissions takes those of @everyone.
    bits = int(guild.roles[guild.id]["permissions"]) if wanted is None else int(str(wanted))
    if wanted is not None and bits & ~held:
        raise ApiError(403, 50013, "Missing Permissions")
    return bits


def _need_above(platform: Platform, guild: Guild, role: Json) -> None:
    platform.world.need_in_guild(guild, permissions.MANAGE_ROLES)
    mine = guild.members[platform.world.bot_id]["roles"]
    highest = max((guild.roles[int(one)]["position"] for one in mine), default=0)
    if role["position"] >= highest or role["managed"]:
        raise ApiError(403, 50013, "Missing Permissions")
