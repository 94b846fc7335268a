"""What happened in the rehearsal, told in plain sentences."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import simcord
from simcord.backend.models import EPHEMERAL_FLAG
from simcord.backend.models.interaction import Interaction, ResponseKind
from simcord.components import walk_components
from simcord.enums import InteractionType

from rehearsal.group import Group
from rehearsal.reading import EXCERPT, WRITTEN, Names, excerpt

KEPT = 200
NIGHT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done: `verb` is `command`, `press`, `choose`, `form`, `restart`, `time` or `night`.

    The last three are the rehearsal's own and have no person; `night` is eight hours or more.
    """

    user_id: int
    verb: str
    name: str  # a command's words, or a component's custom id


@dataclass(slots=True)
class Entry:
    """One line of the diary. The bot answers a little later; `answer` stays as it was when the next thing happened."""

    number: int
    moment: datetime
    text: str
    interaction_id: int | None = None
    answer: str = ""


class Diary:
    """Listens to one simulation and keeps the last entries; asks nothing of the bot."""

    def __init__(self, env: simcord.Env, group: Group) -> None:
        self._env = env
        self._group = group
        self._names = Names(env)
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._number = 0
        self.deeds: list[Deed] = []
        env.backend.subscribers.append(self._hear)

    @property
    def last_number(self) -> int:
        """The number of the newest entry; it only grows."""
        return self._number

    def note_restart(self) -> None:
        """Add that the bot was stopped and started."""
        self.deeds.append(Deed(0, "restart", ""))
        self._add("The bot was stopped and started again. Nothing was lost.")

    def note_time(self, moment: datetime, span: timedelta) -> None:
        """Add that the clock was moved by `span` to `moment`, on the wall clock it carries."""
        self.deeds.append(Deed(0, "time" if span < NIGHT else "night", ""))
        self._add(f"The clock moved to {moment:%A} {moment.day} {moment:%B}, {moment:%H:%M}.")

    def entries(self, after: int = 0) -> list[tuple[Entry, str]]:
        """Return the entries numbered above `after`, oldest first, each with the bot's answer so far."""
        return [(entry, entry.answer or self._answer(entry)) for entry in self._entries if entry.number > after]

    def _add(self, text: str, interaction_id: int | None = None) -> None:
        for earlier in self._entries:
            if not earlier.answer and earlier.interaction_id is not None:
                earlier.answer = self._answer(earlier, so_far=False)
        self._number += 1
        self._entries.append(Entry(self._number, self._env.now(), text, interaction_id))

    def _hear(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "INTERACTION_CREATE":
            self._hear_interaction(payload)
        elif not self._here(payload):
            return
        elif event == "MESSAGE_CREATE":
            self._hear_message(payload)
        elif event == "CHANNEL_CREATE" and payload.get("guild_id"):
            self._add(f"A new channel is there: #{payload['name']}.")
        elif event == "THREAD_CREATE":
            parent = self._names.channel(int(payload["parent_id"]))
            self._add(f"A new thread opened in {parent}: “{payload['name']}”.")
        elif event == "GUILD_ROLE_CREATE":
            self._add(f"A new role is there: {payload['role']['name']}.")

    def _here(self, payload: Mapping[str, Any]) -> bool:
        return payload.get("guild_id") in (None, str(self._group.guild.id))

    def _hear_interaction(self, payload: Mapping[str, Any]) -> None:
        person = payload.get("user") or payload["member"]["user"]
        user_id = int(person["id"])
        told = _told(payload)
        if told is None:
            return
        verb, name, sentence = told
        self.deeds.append(Deed(user_id, verb, name))
        where = self._names.channel(int(payload["channel_id"]))
        self._add(f"{self._names.user(user_id)} {sentence} in {where}.", int(payload["id"]))

    def _hear_message(self, payload: Mapping[str, Any]) -> None:
        flags = int(payload.get("flags") or 0)
        if payload.get("type") not in WRITTEN or flags & EPHEMERAL_FLAG or payload.get("interaction_metadata"):
            return
        channel_id, author_id = int(payload["channel_id"]), int(payload["author"]["id"])
        message = self._env.backend.get_message(channel_id, int(payload["id"]))
        who = "Evenkeel" if author_id == self._env.backend.bot_user.id else self._names.user(author_id)
        where = self._names.channel(channel_id)
        channel = self._env.backend.get_channel(channel_id)
        if channel.guild_id is None and who == "Evenkeel":
            where = f"a direct message to {self._names.user(channel.recipient_ids[0])}"
        self._add(f"{who} wrote in {where}: {excerpt(message, self._names)}")

    def _answer(self, entry: Entry, *, so_far: bool = True) -> str:
        if entry.interaction_id is None:
            return ""
        record = self._env.backend.interactions[entry.interaction_id]
        if not record.responded or record.loading:
            return "There is no answer yet." if so_far else ""
        if record.response_kind is ResponseKind.MODAL and record.modal is not None:
            return f"Evenkeel showed a form: {record.modal.get('title', '')}"
        return self._message_answer(record)

    def _message_answer(self, record: Interaction) -> str:
        message = self._env.backend.messages.get(record.channel_id, {}).get(record.message_id or 0)
        if message is None:
            return "Evenkeel took note."
        first = excerpt(message, self._names)
        if record.response_kind in (ResponseKind.UPDATE, ResponseKind.DEFERRED_UPDATE):
            return f"Evenkeel changed its panel: {first}"
        only = f", only for {self._names.user(record.user_id)}" if message.is_ephemeral else ""
        return f"Evenkeel answered{only}: {first}"


def command_words(data: Mapping[str, Any]) -> str:
    """Return a command's words without its options, such as `learn read`."""
    words, options = [str(data["name"])], data.get("options") or ()
    while options and options[0].get("type") in (1, 2):
        words.append(str(options[0]["name"]))
        options = options[0].get("options") or ()
    return " ".join(words)


def _told(payload: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return what was done: the verb, its name, and the middle of a sentence; nothing for mere typing."""
    data = payload["data"]
    match InteractionType(payload["type"]):
        case InteractionType.APPLICATION_COMMAND:
            words = command_words(data)
            return "command", words, f"used /{words}" if data.get("type", 1) == 1 else f"chose “{words}”"
        case InteractionType.MESSAGE_COMPONENT:
            return _pressed(payload["message"], data)
        case InteractionType.MODAL_SUBMIT:
            return "form", str(data["custom_id"]), "sent a form"
        case _:
            return None


def _pressed(message: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[str, str, str]:
    custom_id = str(data["custom_id"])
    component: Mapping[str, Any] = next(
        (one for one in walk_components(message.get("components") or ()) if one.get("custom_id") == custom_id),
        {},
    )
    if "values" not in data:
        label = component.get("label") or (component.get("emoji") or {}).get("name") or "a button"
        return "press", custom_id, f"pressed “{label}”"
    labels = {one["value"]: one["label"] for one in component.get("options") or ()}
    chosen = ", ".join(str(labels.get(value, "an entry")) for value in data["values"])[:EXCERPT]
    return "choose", custom_id, f"chose “{chosen}”" if labels else "chose from a list"
