"""What a person sees of a message: its words, buttons and lists, without any of Discord's own notation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import simcord
from simcord.backend.models import Message
from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, ComponentType, MessageType

EXCERPT = 140
# What somebody wrote, rather than what Discord notes by itself (a thread was opened, a person joined).
WRITTEN = (MessageType.DEFAULT, MessageType.REPLY, MessageType.CHAT_INPUT_COMMAND, MessageType.CONTEXT_MENU_COMMAND)
_REFERENCE = re.compile(r"<(@&|@!?|#|/|t:)([^>]*)>")
_MARKS = re.compile(r"\*\*|__|~~|\|\||`+|^(?:#{1,3}|>|-#)\s+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\((?:<)?[^)>\s]+(?:>)?\)")
_LINK_STYLE = 5
_MEDIA = (ComponentType.FILE, ComponentType.MEDIA_GALLERY, ComponentType.THUMBNAIL)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that can be pressed, or a link."""

    label: str
    custom_id: str | None
    disabled: bool

    @property
    def is_link(self) -> bool:
        return self.custom_id is None


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose from; `options` is empty where Discord itself fills it (channels, roles, people).

    `above` is the text that stands over it, which tells lists apart that have the same hint; `chosen_ids` are the
    channels, roles or people that are chosen already.
    """

    custom_id: str
    kind: ComponentType
    placeholder: str
    options: Mapping[str, str]  # what is read -> what is sent
    chosen: tuple[str, ...]
    disabled: bool
    above: str = ""
    chosen_ids: tuple[int, ...] = ()


class Names:
    """Turns `<@1>`, `<#2>` and `<t:3:F>` into what a person reads."""

    def __init__(self, env: simcord.Env, zone: ZoneInfo | None = None) -> None:
        self._env = env
        self._zone = zone or ZoneInfo("UTC")

    def plain(self, text: str) -> str:
        """Return the text as read on a screen: names in place of references, no marks."""
        return _MARKS.sub("", _LINK.sub(r"\1", _REFERENCE.sub(self._name, text)))

    def user(self, user_id: int) -> str:
        """Return a person's name."""
        user = self._env.backend.users.get(user_id)
        return (user.global_name or user.name) if user is not None else "somebody"

    def channel(self, channel_id: int) -> str:
        """Return a channel's or thread's name, with its sign."""
        channel = self._env.backend.channels.get(channel_id)
        if channel is None:
            return "a channel that is gone"
        if channel.guild_id is None:
            return "a direct message"
        return f"“{channel.name}”" if channel.is_thread else f"#{channel.name}"

    def _name(self, match: re.Match[str]) -> str:
        kind, rest = match.groups()
        if kind == "t:":
            moment = datetime.fromtimestamp(int(rest.split(":")[0]), UTC).astimezone(self._zone)
            return f"{moment:%A} {moment.day} {moment:%B %H:%M}"
        if kind == "/":
            return "/" + rest.split(":")[0]
        number = int(rest) if rest.isdecimal() else 0
        if kind == "#":
            return self.channel(number)
        if kind == "@&":
            return "@" + self._role(number)
        return "@" + self.user(number)

    def thing(self, kind: ComponentType, thing_id: int) -> str:
        """Return the name of what a list of Discord's own offers."""
        if kind is ComponentType.CHANNEL_SELECT:
            return self.channel(thing_id)
        if kind is ComponentType.ROLE_SELECT:
            return "@" + self._role(thing_id)
        return "@" + self.user(thing_id)

    def _role(self, role_id: int) -> str:
        for guild in self._env.backend.guilds.values():
            if role_id in guild.roles:
                return guild.roles[role_id].name
        return "a role that is gone"


def texts(message: Message) -> Iterator[str]:
    """Yield every text of a message in reading order, as written."""
    yield from _plain_texts(message)
    for component in walk_components(message.components):
        if component.get("type") == ComponentType.TEXT_DISPLAY:
            yield str(component.get("content", ""))
        yield from _media(component)


def _plain_texts(message: Message) -> Iterator[str]:
    if message.content:
        yield message.content
    for embed in message.embeds:
        for part in (embed.get("title"), embed.get("description")):
            if part:
                yield str(part)
        for field in embed.get("fields") or ():
            yield f"{field.get('name', '')}: {field.get('value', '')}"
    placed = {str(media.get("url")) for one in walk_components(message.components) for media in _held(one)}
    for attachment in message.attachments:
        if str(attachment.get("url")) not in placed:  # the others are told where they stand
            yield f"[file: {attachment.get('filename', 'file')}]"


def _held(component: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the media that a component shows."""
    for key in ("file", "media"):
        if component.get(key):
            yield component[key]
    yield from (item["media"] for item in component.get("items") or ())


def _media(component: Mapping[str, Any]) -> Iterator[str]:
    """Yield what somebody who sees no pictures is told of the component's pictures and files."""
    kind = component.get("type")
    if kind == ComponentType.FILE:
        yield f"[file: {component.get('name', 'file')}]"
    elif kind in (ComponentType.MEDIA_GALLERY, ComponentType.THUMBNAIL):
        for item in component.get("items") or [component]:
            yield f"[picture: {item['description']}]" if item.get("description") else "[picture without a description]"


def _drawn(components: Iterable[Mapping[str, Any]], names: Names) -> Iterator[str]:
    row: list[str] = []
    for component in components:
        kind = component.get("type")
        if kind == ComponentType.BUTTON:
            row.append(f"[{_button(component).label}]")
        elif kind == ComponentType.TEXT_DISPLAY:
            yield from names.plain(str(component.get("content", ""))).splitlines()
        elif kind in SELECT_TYPES:
            yield _drawn_menu(_menu(component, ""), names)
        elif kind in _MEDIA:
            yield from (names.plain(line) for line in _media(component))
        else:
            yield from _drawn(component.get("components") or (), names)
            accessory = component.get("accessory")
            yield from _drawn([accessory] if accessory else [], names)
    if row:
        yield " ".join(row)


def _drawn_menu(menu: Menu, names: Names) -> str:
    chosen = menu.chosen or tuple(names.thing(menu.kind, one) for one in menu.chosen_ids)
    return f"({', '.join(chosen) or menu.placeholder or 'choose'} ▾)"


def lines(message: Message, names: Names) -> list[str]:
    """Return the message's words as lines, the way they are read."""
    return [line.rstrip() for text in texts(message) for line in names.plain(text).splitlines()]


def shown(message: Message, names: Names) -> list[str]:
    """Return the message as it looks, line by line: words, `[buttons]` and `(lists ▾)` where they stand."""
    told = [line for text in _plain_texts(message) for line in names.plain(text).splitlines()]
    return [*told, *_drawn(message.components, names)]


def excerpt(message: Message, names: Names) -> str:
    """Return the first words of a message, at most 140 characters."""
    first = next((line.strip() for line in lines(message, names) if line.strip()), "")
    return first if len(first) <= EXCERPT else first[: EXCERPT - 1].rstrip() + "…"


def buttons(message: Message) -> list[Button]:
    """Return the message's buttons in reading order."""
    return [_button(one) for one in walk_components(message.components) if one.get("type") == ComponentType.BUTTON]


def _button(component: Mapping[str, Any]) -> Button:
    label = component.get("label") or (component.get("emoji") or {}).get("name") or ""
    link = component.get("style") == _LINK_STYLE
    return Button(label, None if link else component.get("custom_id"), bool(component.get("disabled")))


def menus(message: Message) -> list[Menu]:
    """Return the message's lists to choose from, in reading order."""
    found, above = [], message.content
    for component in walk_components(message.components):
        if component.get("type") == ComponentType.TEXT_DISPLAY:
            above = str(component.get("content", ""))
        elif component.get("type") in SELECT_TYPES:
            found.append(_menu(component, above))
    return found


def _menu(component: Mapping[str, Any], above: str) -> Menu:
    options = component.get("options") or ()
    return Menu(
        str(component["custom_id"]),
        ComponentType(component["type"]),
        str(component.get("placeholder") or ""),
        {str(one["label"]): str(one["value"]) for one in options},
        tuple(str(one["label"]) for one in options if one.get("default")),
        bool(component.get("disabled")),
        above,
        tuple(int(one["id"]) for one in component.get("default_values") or ()),
    )
