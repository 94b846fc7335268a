"""Interactions: what a person does, what the bot answers, and the message that the answer becomes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from tests.wire.discord_server import messages
from tests.wire.discord_server.messages import EPHEMERAL, LOADING
from tests.wire.discord_server.values import ApiError, Json, Reply, iso_now, unknown
from tests.wire.discord_server.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
# Seconds: an interaction is to be acknowledged within 3 s, its token lives for 15 min (API reference).
ACKNOWLEDGE_WITHIN = 3.0
TOKEN_LIVES = 900.0
# Which answers each kind of interaction takes.
_TAKES = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    FORM: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}


@dataclass(eq=False, slots=True)
class Interaction:
    """One interaction from being sent to its last follow-up, as the test sees it."""

    payload: Json
    source: Json | None = None
    sent_at: float = field(default_factory=time.monotonic)
    callback: Json | None = None
    answered_at: float | None = None
    original: Json | None = None
    followups: dict[int, Json] = field(default_factory=dict)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> int:
        """The interaction's id."""
        return int(self.payload["id"])

    @property
    def token(self) -> str:
        """The token that answers and follow-ups carry."""
        return str(self.payload["token"])

    @property
    def kind(self) -> int | None:
        """The callback's type: 4 message, 5 and 6 deferred, 7 update, 8 choices, 9 form; None while unanswered."""
        return None if self.callback is None else int(self.callback["type"])

    @property
    def after(self) -> float:
        """Seconds from sending to the callback; raises AssertionError when there was none."""
        assert self.answered_at is not None, "the interaction was not answered"
        return self.answered_at - self.sent_at

    @property
    def ephemeral(self) -> bool:
        """Whether the answer's message is for one person's eyes only."""
        return self.original is not None and bool(self.original["flags"] & EPHEMERAL)

    @property
    def form(self) -> Json:
        """The form that was opened; raises AssertionError when the answer was something else."""
        assert self.callback is not None, "the interaction was not answered"
        assert self.kind == MODAL, f"callback type {self.kind} is no form"
        form: Json = self.callback["data"]
        return form

    @property
    def message(self) -> Json:
        """The message that a person sees as the answer; raises AssertionError when there is none yet."""
        assert self.original is not None, f"callback type {self.kind} made no message"
        return self.original

    @property
    def text(self) -> str:
        """All that a person reads in the answer and its follow-ups, or in the form."""
        if self.kind == MODAL:
            return messages.text_of(self.form)
        shown = [] if self.original is None else [self.original]
        return "\n".join(messages.text_of(message) for message in [*shown, *self.followups.values()])

    @property
    def custom_ids(self) -> list[str]:
        """The custom ids in the answer's message, in reading order."""
        inside = messages.every_component(self.message["components"])
        return [one["custom_id"] for one in inside if one.get("custom_id")]


class Interactions:
    """All interactions of the loopback Discord, by token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_token: dict[str, Interaction] = {}

    def begin(self, payload: Json, source: Json | None) -> Interaction:
        """Registers an interaction that is about to be sent."""
        made = Interaction(payload, source)
        self.by_token[made.token] = made
        return made

    def forget(self, interaction: Interaction) -> None:
        """Drops an interaction, so that a long run does not grow."""
        self.by_token.pop(interaction.token, None)

    def answer(self, interaction_id: int, token: str, body: Json, files: tuple[str, ...]) -> tuple[Interaction, Reply]:
        """Takes a callback; raises 40060 for a second one, 10062 for a late one or an unknown interaction."""
        interaction = self.by_token.get(token)
        now = time.monotonic()
        if interaction is None or interaction.id != interaction_id:
            raise unknown(10062, "interaction")
        if interaction.callback is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if now - interaction.sent_at > ACKNOWLEDGE_WITHIN:
            raise unknown(10062, "interaction")
        if body["type"] not in _TAKES[interaction.payload["type"]]:
            raise ApiError(400, 50035, f"Invalid Form Body: type {body['type']} answers no such interaction")
        self._take(interaction, body, files)
        interaction.callback, interaction.answered_at = body, now
        interaction.acknowledged.set()
        if body["type"] not in {DEFER, DEFER_UPDATE}:
            interaction.settled.set()
        return interaction, Reply(_callback_response(interaction))

    def with_token(self, token: str) -> Interaction:
        """The interaction whose token a webhook request carries; raises 404 Unknown Webhook."""
        interaction = self.by_token.get(token)
        if interaction is None or interaction.callback is None:
            raise unknown(10015, "Webhook")
        if time.monotonic() - interaction.sent_at > TOKEN_LIVES:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def follow_up(self, interaction: Interaction, body: Json, files: tuple[str, ...]) -> Json:
        """A new message; right after a deferred answer it takes that one's place and visibility instead."""
        original = interaction.original
        if original is not None and original["flags"] & LOADING:
            return self.edit(interaction, original, body, files)
        messages.check_message(body, files=len(files))
        message = self._new(interaction, body, files)
        interaction.followups[int(message["id"])] = message
        return message

    def edit(self, interaction: Interaction, message: Json, body: Json, files: tuple[str, ...]) -> Json:
        """Changes a message of this interaction, which fills in a deferred answer."""
        messages.check_message(body, files=len(files), edits=message)
        was_loading = message["flags"] & LOADING
        message["flags"] &= ~LOADING
        messages.rewrite(self.world, message, body, files)
        if not was_loading:
            message["edited_timestamp"] = iso_now()
        if message is interaction.original:
            interaction.settled.set()
        return message

    def message_of(self, interaction: Interaction, name: str) -> Json:
        """The answer's message (`@original`) or a follow-up by its id; raises 404 Unknown Message."""
        if name == "@original":
            if interaction.original is None:
                raise unknown(10008, "Message")
            return interaction.original
        if interaction.original is not None and name == interaction.original["id"]:
            return interaction.original
        try:
            return interaction.followups[int(name)]
        except (KeyError, ValueError):
            raise unknown(10008, "Message") from None

    def remove(self, interaction: Interaction, name: str) -> Json:
        """Takes a message away and returns it; raises 404 Unknown Message."""
        message = self.message_of(interaction, name)
        if message is interaction.original:
            interaction.original = None
        else:
            del interaction.followups[int(message["id"])]
        return message

    def _take(self, interaction: Interaction, body: Json, files: tuple[str, ...]) -> None:
        kind, data = body["type"], body.get("data") or {}
        if kind == MESSAGE:
            messages.check_message(data, files=len(files))
            interaction.original = self._new(interaction, data, files)
        elif kind == DEFER:
            flags = int(data.get("flags") or 0) & EPHEMERAL | LOADING
            interaction.original = self._new(interaction, {"flags": flags}, ())
        elif kind in {UPDATE, DEFER_UPDATE}:
            if interaction.source is None:
                raise ApiError(400, 50035, "Invalid Form Body: there is no message to update")
            interaction.original = interaction.source
            if kind == UPDATE:
                messages.check_message(data, files=len(files), edits=interaction.source)
                messages.rewrite(self.world, interaction.source, data, files)
        elif kind == MODAL:
            _check_form(data)

    def _new(self, interaction: Interaction, body: Json, files: tuple[str, ...]) -> Json:
        person = interaction.payload.get("user") or interaction.payload["member"]["user"]
        metadata = {
            "id": interaction.payload["id"],
            "type": interaction.payload["type"],
            "user": person,
            "authorizing_integration_owners": interaction.payload["authorizing_integration_owners"],
        }
        if interaction.payload["type"] == COMPONENT:
            metadata["interacted_message_id"] = interaction.payload["message"]["id"]
        elif interaction.payload["type"] == FORM:
            metadata["triggering_interaction_metadata"] = metadata | {"type": COMMAND}
        application_id = str(self.world.application_id)
        return messages.new_message(
            self.world,
            int(interaction.payload["channel_id"]),
            body,
            files,
            application_id=application_id,
            webhook_id=application_id,
            interaction_metadata=metadata,
        )


def _check_form(data: Json) -> None:
    rows = data.get("components", [])
    if not 1 <= len(rows) <= 5:
        raise ApiError(400, 50035, "Invalid Form Body: components: a form holds 1 to 5 rows")
    inside = [one["custom_id"] for one in messages.every_component(rows) if one.get("custom_id")]
    if len(inside) != len(set(inside)):
        raise ApiError(400, 50035, "Invalid Form Body: components: custom id cannot be duplicated")


def _callback_response(interaction: Interaction) -> Json:
    message = interaction.original
    answer: Json = {"id": interaction.payload["id"], "type": interaction.payload["type"]}
    made: Json = {"interaction": answer}
    if message is not None:
        answer["response_message_id"] = message["id"]
        answer["response_message_loading"] = bool(message["flags"] & LOADING)
        answer["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
    # A deferred answer has no resource (interactions reference, "Interaction Callback Resource Object").
    if message is not None and interaction.kind in {MESSAGE, UPDATE}:
        made["resource"] = {"type": interaction.kind, "message": message}
    return made
