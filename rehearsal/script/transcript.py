"""Tells a scenario's steps as a transcript that reads like a conversation."""

from collections.abc import Callable
from datetime import datetime

import simcord
from simcord.backend.models import Message

from rehearsal.reading import Names, shown
from rehearsal.script.forms import Form
from rehearsal.script.steps import Advance, Choose, Clear, Command, Fill, Press, Restart, Say, Send, Step

Tell = Callable[[str], None]
_INDENT = " " * 7


class Transcript:
    """Writes through `tell`, one line at a time."""

    def __init__(self, env: simcord.Env, names: Names, tell: Tell) -> None:
        self._env = env
        self._names = names
        self._tell = tell
        self._day = ""

    def scene(self, title: str) -> None:
        """Write a heading."""
        self._tell("")
        self._tell(f"— {title} —")

    def step(self, moment: datetime, who: str, step: Step) -> None:
        """Write who does what, with the time of day, and the date where it is a new one."""
        day = f"{moment:%A} {moment.day} {moment:%B %Y}"
        if day != self._day:
            self._day = day
            self._tell("")
            self._tell(day)
        told = "" if isinstance(step, Advance | Restart) else f"{who}: "
        self._tell(f"{moment:%H:%M}  {told}{_deed(step)}")

    def messages(self, found: list[Message], author_id: int | None) -> None:
        """Write the messages of a step, but for the one that its own author just typed."""
        for message in found:
            if message.author_id == author_id:
                continue
            self._tell(f"{_INDENT}{self._heading(message)}")
            for line in shown(message, self._names):
                self._tell(f"{_INDENT}  {line}".rstrip())

    def form(self, form: Form, who: str) -> None:
        """Write a form that was shown."""
        self._tell(f"{_INDENT}Evenkeel shows {who} a form: {form.title}")
        for line in form.lines():
            self._tell(f"{_INDENT}  {line}".rstrip())

    def _heading(self, message: Message) -> str:
        bot = message.author_id == self._env.backend.bot_user.id
        who = "Evenkeel" if bot else self._names.user(message.author_id)
        channel = self._env.backend.get_channel(message.channel_id)
        if channel.guild_id is None:
            return f"{who}, in direct messages with {self._names.user(channel.recipient_ids[0])}"
        where = self._names.channel(channel.id)
        if message.is_ephemeral:
            asked = ((message.interaction_metadata or {}).get("user") or {}).get("id", 0)
            return f"{who}, only to {self._names.user(int(asked))}, in {where}"
        return f"{who} in {where}"


def _deed(step: Step) -> str:
    told = ""
    match step:
        case Command(words, options):
            told = " ".join([f"/{words}", *(f"{name}: {value}" for name, value in options)])
        case Say(text):
            told = f"says “{text}”"
        case Press(label):
            told = f"presses “{label}”"
        case Choose(values):
            told = f"chooses {', '.join(str(value) for value in values)}"
        case Fill(label, values):
            told = f"fills in “{label}” with {', '.join(str(value) for value in values)}"
        case Clear(label):
            told = f"empties “{label}”"
        case Send():
            told = "sends the form"
        case Advance(span):
            told = "… the night passes" if span is None else "… time passes"
        case Restart(after):
            told = (
                "… the bot is away for a time, and starts again" if after else "… the bot is stopped and started again"
            )
    return told
