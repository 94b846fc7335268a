"""Notices which messages a step brought or changed."""

import simcord
from simcord.backend.access import channel_accessible
from simcord.backend.models import Message

from rehearsal.reading import WRITTEN

_Sight = tuple[str, str | None, str, str]


class Watch:
    """Compares what stands in every channel with what stood there before the step."""

    def __init__(self, env: simcord.Env) -> None:
        self._env = env
        self._before: dict[int, _Sight] = {}

    def mark(self) -> None:
        """Remember what stands everywhere now."""
        self._before = {message.id: _sight(message) for message in self._all()}

    def changes(self) -> list[Message]:
        """Return the messages that are new or different since the mark, oldest first."""
        return [message for message in self._all() if self._before.get(message.id) != _sight(message)]

    def visible(self, message: Message, user_id: int) -> bool:
        """Whether this person can see this message."""
        return message.visible_to(user_id) and channel_accessible(
            self._env.backend, message.channel_id, user_id, history=True
        )

    def is_private(self, message: Message, user_id: int) -> bool:
        """Whether this message is for this person alone: an answer only they see, or a direct message."""
        if message.is_ephemeral:
            return message.visible_to(user_id)
        return self._env.backend.dm_channels.get(user_id) == message.channel_id

    def is_public(self, message: Message) -> bool:
        """Whether this message stands in a server for everybody who can see its channel."""
        return not message.is_ephemeral and self._env.backend.get_channel(message.channel_id).guild_id is not None

    def _all(self) -> list[Message]:
        found = [one for channel in self._env.backend.messages.values() for one in channel.values()]
        return sorted((one for one in found if one.type in WRITTEN), key=lambda message: message.id)


def _sight(message: Message) -> _Sight:
    return message.content, message.edited_timestamp, repr(message.components), repr(message.embeds)
