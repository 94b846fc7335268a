"""What a person sees: the words and buttons of a message of layout components."""

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from simcord import ChannelHandle, InteractionResult
from simcord.results import ResponseMessage

_TEXT = 10
_BUTTON = 2


def _walk(components: Any) -> Iterator[Mapping[str, Any]]:
    for component in components:
        raw = component if isinstance(component, Mapping) else component.to_dict()
        yield raw
        yield from _walk(raw.get("components", ()))
        if raw.get("accessory"):
            yield from _walk([raw["accessory"]])


def shown(result: InteractionResult) -> ResponseMessage:
    """Return the last message the bot answered with."""
    message = result.followups[-1] if result.followups else result.response
    assert message is not None, "nothing was answered"
    return message


def last(channel: ChannelHandle) -> discord.Message:
    """Return the newest message of a channel."""
    message = channel.last_message
    assert message is not None, "the channel is empty"
    return message


def components_of(result: InteractionResult) -> list[Mapping[str, Any]]:
    """Return every component of the last thing the bot answered, from the outside in."""
    return list(_walk(shown(result).components))


def words_of(result: InteractionResult) -> str:
    """Return every word of the last thing the bot answered."""
    return "\n".join(one["content"] for one in components_of(result) if one["type"] == _TEXT)


def buttons_of(result: InteractionResult) -> list[str]:
    """Return the labels of its buttons, in order."""
    return [one.get("label", "") for one in components_of(result) if one["type"] == _BUTTON]


def public_words(channel: ChannelHandle) -> str:
    """Return every word the bot and people have left in a channel."""
    return "\n".join(
        one["content"]
        for message in channel.history()
        for one in [{"type": _TEXT, "content": message.content}, *_walk(message.components)]
        if one["type"] == _TEXT
    )
