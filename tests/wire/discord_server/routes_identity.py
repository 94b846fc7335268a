"""Routes about the bot itself: user, application, gateway address, commands, direct message channels."""

from __future__ import annotations

from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import Call, Json, Reply, Route, invalid_form, unknown
from tests.wire.discord_server.world import Guild

# Per application (API reference): 100 chat commands, 15 menus of a kind, 8,000 characters a command.
MOST_CHAT_COMMANDS, MOST_MENUS, MOST_CHARACTERS = 100, 15, 8000


def routes() -> tuple[Route, ...]:
    """The route table of this module."""
    commands = "/applications/{application_id}/commands"
    return (
        ("GET", "/users/@me", me),
        ("GET", "/users/@me/guilds", guilds),
        ("GET", "/users/{user_id}", user),
        ("POST", "/users/@me/channels", open_dm),
        ("GET", "/applications/@me", application),
        ("GET", "/oauth2/applications/@me", application),
        ("GET", "/gateway", gateway),
        ("GET", "/gateway/bot", gateway_bot),
        ("GET", commands, list_commands),
        ("PUT", commands, put_commands),
    )


def me(platform: Platform, call: Call) -> Reply:
    """The bot's own user."""
    return Reply(platform.world.bot | {"mfa_enabled": True, "locale": "en-US", "verified": True, "email": None})


def guilds(platform: Platform, call: Call) -> Reply:
    """The bot's servers in order of id, a page after `after`, each with what the bot may do in all of it."""
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 200))
    listed = [guild for number, guild in sorted(platform.world.guilds.items()) if number > after][:limit]
    return Reply([_listed(guild, platform.world.bot_id) for guild in listed])


def _listed(guild: Guild, bot_id: int) -> Json:
    held = int(guild.roles[guild.id]["permissions"]) | int(guild.roles[guild.bot_role_id]["permissions"])
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner_id == bot_id,
        "permissions": str(held),
        "features": [],
    }


def user(platform: Platform, call: Call) -> Reply:
    """Somebody's user."""
    found = platform.world.users.get(call.id("user_id"))
    if found is None:
        raise unknown(10013, "User")
    return Reply(found)


def open_dm(platform: Platform, call: Call) -> Reply:
    """The direct message channel with somebody; opening works even where writing will not."""
    return Reply(platform.world.dm_with(int(call.body["recipient_id"])))


def application(platform: Platform, call: Call) -> Reply:
    """The application, with the flags that tell its privileged intents."""
    world = platform.world
    flags = platform.application_flags()
    return Reply(
        {
            "id": str(world.application_id),
            "name": "Evenkeel",
            "icon": None,
            "description": "",
            "type": None,
            "bot": world.bot,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": flags,
            "flags_new": str(flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": world.owner,
            "approximate_guild_count": len(world.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": ["applications.commands", "bot"],
        }
    )


def gateway(platform: Platform, call: Call) -> Reply:
    """The gateway's address."""
    return Reply({"url": platform.gateway_url})


def gateway_bot(platform: Platform, call: Call) -> Reply:
    """The gateway's address with the advised number of shards and the session starts left."""
    left = platform.gateway.session_starts
    limit = {"total": 1000, "remaining": max(0, left), "reset_after": 86_400_000, "max_concurrency": 1}
    return Reply({"url": platform.gateway_url, "shards": platform.gateway.shards, "session_start_limit": limit})


def list_commands(platform: Platform, call: Call) -> Reply:
    """The global application commands."""
    return Reply(platform.world.commands)


def put_commands(platform: Platform, call: Call) -> Reply:
    """Replaces the global application commands; one that was there keeps its id."""
    given: list[Json] = call.body or []
    kinds = [one.get("type") or 1 for one in given]
    if kinds.count(1) > MOST_CHAT_COMMANDS or any(kinds.count(kind) > MOST_MENUS for kind in (2, 3)):
        raise invalid_form("too many commands")
    known = {(one["name"], one["type"]): one["id"] for one in platform.world.commands}
    made = [_echoed(platform, one, known) for one in given]
    if len({(one["name"], one["type"]) for one in made}) != len(made):
        raise invalid_form("a command's name is not unique")
    platform.world.commands = made
    return Reply(made)


def _echoed(platform: Platform, given: Json, known: dict[tuple[str, int], str]) -> Json:
    size = _characters(given)
    if size > MOST_CHARACTERS:
        raise invalid_form(f"{given['name']}: {size} characters, {MOST_CHARACTERS} at most")
    kind = given.get("type") or 1
    granted = given.get("default_member_permissions")
    made: Json = {key: value for key, value in given.items() if value is not None}
    return made | {
        "id": known.get((given["name"], kind)) or str(platform.world.mint.now()),
        "application_id": str(platform.world.application_id),
        "version": str(platform.world.mint.now()),
        "type": kind,
        "description": given.get("description") or "",
        "default_member_permissions": None if granted is None else str(granted),
        "nsfw": bool(given.get("nsfw")),
    }


def _characters(part: Json) -> int:
    """Name, description and choice values of a command with all that is in it, as Discord counts them."""
    total = len(part["name"]) + len(part.get("description") or "")
    total += sum(len(one["name"]) + len(str(one["value"])) for one in part.get("choices") or ())
    return total + sum(_characters(option) for option in part.get("options") or ())
