"""Routes that answer a person: interaction callbacks and the webhook of an interaction token."""

from __future__ import annotations

from tests.wire.discord_server.interactions import DEFER_UPDATE, MESSAGE, UPDATE, Interaction
from tests.wire.discord_server.messages import EPHEMERAL, LOADING
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import Call, Json, Reply, Route, unknown


def routes() -> tuple[Route, ...]:
    """The route table of this module."""
    webhook = "/webhooks/{webhook_id}/{webhook_token}"
    table: list[Route] = [
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", callback),
        ("POST", webhook, follow_up),
    ]
    for name in ("@original", "{message_id}"):
        path = f"{webhook}/messages/{name}"
        table += [("GET", path, get_message), ("PATCH", path, edit_message), ("DELETE", path, delete_message)]
    return tuple(table)


def callback(platform: Platform, call: Call) -> Reply:
    """Takes the first answer to an interaction; with `with_response` the answer tells what became of it."""
    interaction, reply = platform.interactions.answer(
        call.id("interaction_id"), call.params["interaction_token"], call.body, call.files
    )
    if interaction.kind == MESSAGE:
        _keep(platform, interaction.message)
    elif interaction.kind == UPDATE:
        platform.tell_message("MESSAGE_UPDATE", interaction.message)
    asked = call.query.get("with_response", "").lower() in {"1", "true"}
    return reply if asked else Reply(status=204)


def follow_up(platform: Platform, call: Call) -> Reply:
    """A further message; without `wait` Discord answers with nothing."""
    interaction = _interaction(platform, call)
    message = platform.interactions.follow_up(interaction, call.body, call.files)
    _keep(platform, message)
    return Reply(message) if call.query.get("wait", "").lower() in {"1", "true"} else Reply(status=204)


def get_message(platform: Platform, call: Call) -> Reply:
    """The answer's message or a follow-up."""
    return Reply(platform.interactions.message_of(_interaction(platform, call), _name(call)))


def edit_message(platform: Platform, call: Call) -> Reply:
    """Edits the answer's message, which fills a deferred one in, or a follow-up."""
    interaction = _interaction(platform, call)
    message = platform.interactions.message_of(interaction, _name(call))
    is_new = bool(message["flags"] & LOADING) and interaction.kind != DEFER_UPDATE
    platform.interactions.edit(interaction, message, call.body, call.files)
    if is_new:
        _keep(platform, message)
    else:
        platform.tell_message("MESSAGE_UPDATE", message)
    return Reply(message)


def delete_message(platform: Platform, call: Call) -> Reply:
    """Takes the answer's message or a follow-up away."""
    message = platform.interactions.remove(_interaction(platform, call), _name(call))
    platform.world.messages_of(int(message["channel_id"])).pop(int(message["id"]), None)
    return Reply(status=204)


def _interaction(platform: Platform, call: Call) -> Interaction:
    if call.id("webhook_id") != platform.world.application_id:
        raise unknown(10015, "Webhook")
    return platform.interactions.with_token(call.params["webhook_token"])


def _name(call: Call) -> str:
    return call.params.get("message_id", "@original")


def _keep(platform: Platform, message: Json) -> None:
    """Puts a message that everybody sees into its channel; a private one is in no channel."""
    if not message["flags"] & EPHEMERAL:
        platform.world.keep_message(message)
        platform.tell_message("MESSAGE_CREATE", message)
