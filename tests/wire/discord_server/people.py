"""What a person does in a client, as the gateway tells it: a command, a press, a choice, a filled form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.wire.discord_server.messages import every_component
from tests.wire.discord_server.values import Json, iso_now
from tests.wire.discord_server.world import World

SUBCOMMAND, GROUP = 1, 2
USER, CHANNEL, ROLE = 6, 7, 8
_SELECT_OF_USERS, _SELECT_OF_ROLES, _SELECT_OF_BOTH, _SELECT_OF_CHANNELS = 5, 6, 7, 8
# Bytes: what a member without Nitro may attach.
ATTACHMENT_LIMIT = 10_485_760


def payload(world: World, kind: int, data: Json, *, user_id: int, guild_id: int | None, channel_id: int | None) -> Json:
    """The INTERACTION_CREATE of a person in a server's channel; `guild_id` None means direct messages."""
    made: Json = {
        "id": str(world.mint.now()),
        "application_id": str(world.application_id),
        "type": kind,
        "data": data,
        "version": 1,
        "locale": "en-US",
        "entitlements": [],
        "attachment_size_limit": ATTACHMENT_LIMIT,
    }
    made["token"] = f"loopback-interaction-{made['id']}"
    return made | (_in_dm(world, user_id) if guild_id is None else _in_guild(world, user_id, guild_id, channel_id))


def _in_guild(world: World, user_id: int, guild_id: int, channel_id: int | None) -> Json:
    guild = world.guild(guild_id)
    channel = _some_channel(world, guild_id) if channel_id is None else world.channel(channel_id)
    allowed = str(guild.permissions_of(user_id, channel))
    return {
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "guild_id": str(guild.id),
        "guild_locale": "en-US",
        "channel": channel | {"permissions": allowed},
        "channel_id": channel["id"],
        "member": _member(world, guild_id, user_id) | {"permissions": allowed},
        "app_permissions": str(guild.permissions_of(world.bot_id, channel)),
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
    }


def _in_dm(world: World, user_id: int) -> Json:
    channel = world.dm_with(user_id)
    return {
        "channel": channel,
        "channel_id": channel["id"],
        "user": world.users[user_id],
        "app_permissions": "0",
        "authorizing_integration_owners": {"1": str(user_id)},
        "context": 1,
    }


def _member(world: World, guild_id: int, user_id: int) -> Json:
    known = world.guild(guild_id).members.get(user_id)
    if known is not None:
        return known
    # Somebody whom the bench lets in only by this interaction; the gateway tells no more of most members.
    return {
        "user": world.users[user_id],
        "roles": [],
        "joined_at": iso_now(),
        "flags": 0,
        "pending": False,
    } | {
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "communication_disabled_until": None,
    }


def _some_channel(world: World, guild_id: int) -> Json:
    return next(one for one in world.guild(guild_id).channels.values() if one["type"] == 0)


def command_data(world: World, words: str, options: Mapping[str, Any]) -> Json:
    """The data of a slash command as registered, such as `me timezone`.

    Raises AssertionError where a client would not let a person send it: no such command or option, or a
    required option left out.
    """
    names = words.split()
    known = {one["name"]: one for one in world.commands if one["type"] == 1}
    assert names[0] in known, f"/{words} is not registered; known: {sorted(known)}"
    command = known[names[0]]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": []}
    level, described = data, command
    for name in names[1:]:
        inside = {one["name"]: one for one in described.get("options", ()) if one["type"] in {SUBCOMMAND, GROUP}}
        assert name in inside, f"/{words}: no subcommand {name}; known: {sorted(inside)}"
        described = inside[name]
        deeper: Json = {"name": name, "type": described["type"], "options": []}
        level["options"].append(deeper)
        level = deeper
    _check_options(words, described, options)
    kinds = {one["name"]: one["type"] for one in described.get("options", ())}
    for name, value in options.items():
        points = kinds[name] in {USER, CHANNEL, ROLE}
        level["options"].append({"name": name, "type": kinds[name], "value": str(value) if points else value})
        if points:
            resolve(world, data, kinds[name], int(value))
    return data


def _check_options(words: str, described: Json, options: Mapping[str, Any]) -> None:
    known = {one["name"]: one for one in described.get("options", ())}
    nested = any(one["type"] in {SUBCOMMAND, GROUP} for one in known.values())
    assert not nested, f"/{words} is not a whole command; it goes on with {sorted(known)}"
    missing = [name for name, one in known.items() if one.get("required") and name not in options]
    assert not missing, f"/{words}: required options left out: {missing}"
    strange = sorted(set(options) - set(known))
    assert not strange, f"/{words}: no option {strange}; known: {sorted(known)}"


def resolve(world: World, data: Json, kind: int, thing_id: int) -> None:
    """Adds what Discord tells about a chosen user, channel or role."""
    resolved = data.setdefault("resolved", {})
    if kind == USER:
        resolved.setdefault("users", {})[str(thing_id)] = world.users[thing_id]
        for guild in world.guilds.values():
            if thing_id in guild.members:
                partial = {key: value for key, value in guild.members[thing_id].items() if key != "user"}
                partial["permissions"] = str(guild.permissions_of(thing_id))
                resolved.setdefault("members", {})[str(thing_id)] = partial
    elif kind == CHANNEL:
        resolved.setdefault("channels", {})[str(thing_id)] = world.channel(thing_id) | {"permissions": "0"}
    else:
        roles = {role_id: role for guild in world.guilds.values() for role_id, role in guild.roles.items()}
        resolved.setdefault("roles", {})[str(thing_id)] = roles[thing_id]


def focused(data: Json, option: str) -> Json:
    """Marks the option that is being typed, for autocomplete."""
    level = data
    while level["options"] and level["options"][-1]["type"] in {SUBCOMMAND, GROUP}:
        level = level["options"][-1]
    named = [one for one in level["options"] if one["name"] == option]
    assert named, f"no option {option} is being typed"
    named[0]["focused"] = True
    return data


def press_data(world: World, message: Json, custom_id: str, values: Sequence[str | int], *, forged: bool) -> Json:
    """The data of a press or a choice; raises AssertionError where the message shows nothing of the kind."""
    found = [one for one in every_component(message["components"]) if one.get("custom_id") == custom_id]
    if forged and not found:
        return {"component_type": 2, "custom_id": custom_id, "id": 1}
    assert found, f"nothing to press with custom id {custom_id}"
    component = found[0]
    assert forged or not component.get("disabled"), f"{custom_id} is disabled"
    data: Json = {"component_type": component["type"], "custom_id": custom_id, "id": component["id"]}
    if component["type"] == 3:
        offered = {option["value"] for option in component["options"]}
        assert forged or set(values) <= offered, f"{custom_id} offers {sorted(offered)}"
        data["values"] = list(values)
    elif component["type"] in {_SELECT_OF_USERS, _SELECT_OF_ROLES, _SELECT_OF_BOTH, _SELECT_OF_CHANNELS}:
        data["values"] = [str(value) for value in values]
        for value in values:
            resolve(world, data, _kind_of(world, component["type"], int(value)), int(value))
    return data


def _kind_of(world: World, component_type: int, thing_id: int) -> int:
    if component_type == _SELECT_OF_BOTH:
        return USER if thing_id in world.users else ROLE
    return {_SELECT_OF_USERS: USER, _SELECT_OF_ROLES: ROLE, _SELECT_OF_CHANNELS: CHANNEL}[component_type]


def form_data(form: Json, values: Mapping[str, Any]) -> Json:
    """The data of a filled form; values by the custom id of their field, fields left out stay empty."""
    known = {one["custom_id"] for one in every_component(form["components"]) if one.get("custom_id")}
    assert set(values) <= known, f"the form has no {sorted(set(values) - known)}; known: {sorted(known)}"
    rows = [_form_row(number, row, values) for number, row in enumerate(form["components"], 1)]
    return {"custom_id": form["custom_id"], "components": rows}


def _form_row(number: int, row: Json, values: Mapping[str, Any]) -> Json:
    made: Json = {"type": row["type"], "id": row.get("id", number)}
    if "component" in row:
        made["component"] = _field(number + 100, row["component"], values)
    elif "components" in row:
        made["components"] = [_field(number + 100, one, values) for one in row["components"]]
    return made


def _field(number: int, described: Json, values: Mapping[str, Any]) -> Json:
    made: Json = {
        "type": described["type"],
        "custom_id": described["custom_id"],
        "id": described.get("id", number),
    }
    value = values.get(described["custom_id"])
    # Text 4, radio group 21 and checkbox 23 carry one value; selects, checkbox groups and uploads a list.
    if described["type"] == 4:
        made["value"] = described.get("value") or "" if value is None else value
    elif described["type"] in {21, 23}:
        made["value"] = value
    else:
        made["values"] = [] if value is None else [value] if isinstance(value, str) else list(value)
    return made
