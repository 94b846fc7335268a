"""Messages: what Discord accepts beyond its written schema, and how it gives a message back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.wire.discord_server.values import ApiError, Json, invalid_form, iso_now
from tests.wire.discord_server.world import World

EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
_ROW, _BUTTON, _TEXT, _CONTAINER = 1, 2, 10, 17
_V2_ONLY = frozenset({9, _TEXT, 11, 12, 13, 14, _CONTAINER})
_SELECTS = frozenset({3, 5, 6, 7, 8})
_DEFAULTS: dict[int, Json] = {
    _CONTAINER: {"accent_color": None, "spoiler": False},
    11: {"description": None, "spoiler": False},
    13: {"name": None, "size": None, "spoiler": False},
    14: {"spacing": 1, "divider": True},
    **{kind: {"min_values": 1, "max_values": 1} for kind in _SELECTS},
}
_KEPT_NULLS = frozenset({"accent_color"})


def check_message(body: Json, *, files: int = 0, edits: Json | None = None) -> None:
    """Raises what Discord answers for a message that the schema alone lets through.

    Limits from the API reference: message 2,000 characters, embeds 6,000 together; with Components V2 no
    content or embeds, 40 components with those inside, 4,000 characters of text; custom ids unique.
    """
    flags = int(body.get("flags") or 0) | (int(edits["flags"]) & COMPONENTS_V2 if edits else 0)
    components: list[Json] = body.get("components") or []
    if len(body.get("content") or "") > 2000:
        raise invalid_form("content must be 2000 or fewer in length")
    if sum(_embed_length(embed) for embed in body.get("embeds") or ()) > 6000:
        raise invalid_form("embeds exceed the maximum size of 6000")
    if flags & COMPONENTS_V2:
        _check_v2(body, components)
    else:
        _check_rows(components)
    _check_custom_ids(components)
    says = any(body.get(key) for key in ("content", "embeds", "components", "sticker_ids", "poll")) or files
    if not says and edits is None:
        raise ApiError(400, 50006, "Cannot send an empty message")


def every_component(components: list[Json]) -> Iterator[Json]:
    """All components, those inside others too, in reading order."""
    for component in components:
        yield component
        yield from every_component(component.get("components", []))
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from every_component([component[key]])


def text_of(message: Json) -> str:
    """Everything a person reads in a message or form: content, embeds, texts, labels."""
    parts = [message.get("title"), message.get("content")]
    for embed in message.get("embeds") or ():
        parts += [embed.get("title"), embed.get("description")]
        parts += [text for entry in embed.get("fields", ()) for text in (entry["name"], entry["value"])]
    for component in every_component(message.get("components") or []):
        parts += [component.get(key) for key in ("content", "label", "description", "placeholder")]
        parts += [option["label"] for option in component.get("options", ())]
    return "\n".join(part for part in parts if part)


def echoed(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: numbered in reading order, defaults filled in, no nulls."""
    numbers = iter(range(1, 1000))

    def one(component: Json) -> Json:
        number = component.get("id") or next(numbers)
        given = {key: value for key, value in component.items() if value is not None or key in _KEPT_NULLS}
        made: Json = _DEFAULTS.get(component["type"], {}) | given | {"id": number}
        if "components" in made:
            made["components"] = [one(inner) for inner in made["components"]]
        if "accessory" in made:
            made["accessory"] = one(made["accessory"])
        for key in ("file", "media"):
            if key in made:
                made[key] = _unfurled(made[key])
        if "items" in made:
            made["items"] = [
                {"description": None, "spoiler": False} | item | {"media": _unfurled(item["media"])}
                for item in made["items"]
            ]
        if "options" in made:
            made["options"] = [
                {key: value for key, value in option.items() if value is not None} for option in made["options"]
            ]
        return made

    return [one(component) for component in components]


def _unfurled(media: Json) -> Json:
    url = str(media["url"]).replace("attachment://", "http://127.0.0.1/attachments/")
    return {"id": "1", "url": url, "proxy_url": url, "width": None, "height": None, "content_type": None}


def new_message(world: World, channel_id: int, body: Json, files: tuple[str, ...] = (), **fields: object) -> Json:
    """A message of the bot with a fresh id; the caller stores it."""
    message: Json = {
        "id": str(world.mint.now()),
        "type": 0,
        "channel_id": str(channel_id),
        "author": world.bot,
        "content": "",
        "timestamp": iso_now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": int(body.get("flags") or 0),
    }
    rewrite(world, message, body, files)
    reference = body.get("message_reference")
    if reference:
        message["type"] = 19
        message["message_reference"] = {
            "type": reference.get("type", 0),
            "channel_id": str(reference.get("channel_id", channel_id)),
            "message_id": str(reference["message_id"]),
        }
    return message | fields


def rewrite(world: World, message: Json, body: Json, files: tuple[str, ...] = ()) -> Json:
    """Writes what a body says over a message; what it leaves out stays."""
    if "content" in body:
        message["content"] = body["content"] or ""
        message["mentions"] = _mentioned(world, message["content"], body.get("allowed_mentions"))
    if "embeds" in body:
        message["embeds"] = [{"type": "rich"} | _echoed_embed(embed) for embed in body["embeds"] or ()]
    if "components" in body:
        message["components"] = echoed(body["components"] or [])
    message["flags"] |= int(body.get("flags") or 0) & (COMPONENTS_V2 | SUPPRESS_EMBEDS)
    if files or "attachments" in body:
        kept = {str(entry["id"]) for entry in body.get("attachments") or () if "filename" not in entry}
        message["attachments"] = [entry for entry in message["attachments"] if entry["id"] in kept]
        message["attachments"] += [_attachment(world, message["channel_id"], name) for name in files]
    return message


def _mentioned(world: World, content: str, allowed: Json | None) -> list[Json]:
    """The people a text would really notify, given what the sender allowed; nothing given means everybody."""
    named = [user for user_id, user in world.users.items() if f"<@{user_id}>" in content or f"<@!{user_id}>" in content]
    if allowed is None or "users" in allowed.get("parse", ()):
        return named
    chosen = {int(user_id) for user_id in allowed.get("users", ())}
    return [user for user in named if int(user["id"]) in chosen]


def _attachment(world: World, channel_id: str, name: str) -> Json:
    file_id = str(world.mint.now())
    url = f"http://127.0.0.1/attachments/{channel_id}/{file_id}/{name}"
    return {"id": file_id, "filename": name, "size": 1, "url": url, "proxy_url": url}


def _echoed_embed(embed: Json) -> Json:
    made = {key: value for key, value in embed.items() if value is not None}
    if "fields" in made:
        made["fields"] = [{"inline": False} | entry for entry in made["fields"]]
    return made


def _embed_length(embed: Json) -> int:
    texts: list[Any] = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [text for entry in embed.get("fields") or () for text in (entry["name"], entry["value"])]
    return sum(len(text) for text in texts if text)


def _check_v2(body: Json, components: list[Json]) -> None:
    if body.get("content") or body.get("embeds"):
        raise invalid_form("content and embeds cannot be used with MessageFlags.IS_COMPONENTS_V2")
    inside = list(every_component(components))
    if len(inside) > 40:
        raise invalid_form(f"components: {len(inside)} in all, 40 at most")
    if sum(len(one["content"]) for one in inside if one["type"] == _TEXT) > 4000:
        raise invalid_form("components: the texts exceed 4000 characters together")
    for row in (one for one in inside if one["type"] == _ROW):
        _check_row(row)


def _check_rows(components: list[Json]) -> None:
    if len(components) > 5:
        raise invalid_form("components: 5 action rows at most")
    for row in components:
        if row["type"] in _V2_ONLY:
            raise invalid_form(f"components: type {row['type']} needs MessageFlags.IS_COMPONENTS_V2")
        _check_row(row)


def _check_row(row: Json) -> None:
    inside = row.get("components", [])
    weight = sum(5 if one["type"] in _SELECTS else 1 for one in inside)
    if not 1 <= weight <= 5:
        raise invalid_form("components: a row holds 1 to 5 buttons or one select")


def _check_custom_ids(components: list[Json]) -> None:
    counted = Counter(one["custom_id"] for one in every_component(components) if one.get("custom_id"))
    twice = [custom_id for custom_id, count in counted.items() if count > 1]
    if twice:
        raise invalid_form("components: custom id cannot be duplicated")
