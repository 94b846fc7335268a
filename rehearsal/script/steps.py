"""The steps of a written scenario."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: `kind` is `channel`, `thread` or `dm`; a direct message has no name."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return {"channel": f"#{self.name}", "thread": f"thread “{self.name}”"}.get(self.kind, "direct messages")


@dataclass(frozen=True, slots=True)
class Value:
    """Something chosen or filled in: `kind` is `text`, `channel` or `mention`."""

    kind: str
    text: str

    def __str__(self) -> str:
        return {"channel": "#", "mention": "@"}.get(self.kind, "") + self.text


@dataclass(frozen=True, slots=True)
class Scene:
    """A heading of the transcript."""

    title: str


@dataclass(frozen=True, slots=True)
class Become:
    """Act as this person from now on, at this place where one is named."""

    person: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: its words, and its options as typed."""

    words: str
    options: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """Write an ordinary message."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press the newest button with this label."""

    label: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose from the newest list that offers these values, or from the one with this hint."""

    values: tuple[Value, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """Fill in one field of the open form."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty one field of the open form: rub out its words, or take every tick off it."""

    label: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send the open form."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Let time pass; without a span, until the next morning."""

    span: timedelta | None


@dataclass(frozen=True, slots=True)
class Restart:
    """Stop the bot and start it again; `after` so long a time, in which it is away."""

    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Expect:
    """What the last step must have brought, or must not have.

    `what` is `private`, `public`, `dm`, `form`, `button` or `channel`.
    """

    what: str
    text: str
    place: Place | None = None
    absent: bool = False


Step = Scene | Become | Command | Say | Press | Choose | Fill | Clear | Send | Advance | Restart | Expect


@dataclass(frozen=True, slots=True)
class Line:
    """One step and the line of the file that it stands on."""

    number: int
    step: Step
