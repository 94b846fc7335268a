"""What these use cases need of Discord."""

from collections.abc import Mapping
from typing import Protocol

from cogs.setup.rules.fit import Gate, Place, Rank, Viewer


class NotMade(Exception):
    """Discord did not make or change something; `reason` ends a catalogue key.

    `forbidden` and `full` mean that surely nothing was made; after `unreachable` nobody knows.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Server(Protocol):
    """One server, as it is at this moment."""

    @property
    def guild_id(self) -> int:
        """Return its id."""
        ...

    @property
    def name(self) -> str:
        """Return its name, a text of its people: shown only escaped, and never logged."""
        ...

    def held(self) -> int:
        """Return the permission bits that the bot has in the whole server."""
        ...

    def place(self, channel_id: int) -> Place | None:
        """Return a channel of this server; None for one that is gone or belongs to another server."""
        ...

    def rank(self, role_id: int) -> Rank | None:
        """Return a role of this server; None for one that is gone or belongs to another server."""
        ...

    def sight(self, role_id: int, channel_id: int) -> int:
        """Return the permission bits of a role in a channel, zero where one of them is gone."""
        ...

    async def viewers(self, channel_id: int) -> tuple[Viewer, ...]:
        """Return who may see a channel beside @everyone and the bot: roles, then people let in by themselves.

        Whoever can't be asked about counts as somebody without any role.
        """
        ...

    def channels_named(self, name: str) -> tuple[Place, ...]:
        """Return the channels of exactly this name, oldest first."""
        ...

    def roles_named(self, name: str) -> Mapping[int, Rank]:
        """Return the roles of exactly this name by id, oldest first."""
        ...

    async def has_channel(self, channel_id: int) -> bool:
        """Whether the channel exists, asking Discord where it isn't known here. Raises `NotMade`."""
        ...

    async def has_role(self, role_id: int) -> bool:
        """Whether the role exists, asking Discord where it isn't known here yet. Raises `NotMade`."""
        ...

    async def make_channel(self, name: str, topic: str, gates: tuple[Gate, ...]) -> int:
        """Make a text channel and return its id. Raises `NotMade`."""
        ...

    async def make_role(self, name: str, *, mentionable: bool) -> int:
        """Make a role without any permission, at the bottom, and return its id. Raises `NotMade`."""
        ...

    async def open_door(self, channel_id: int, role_id: int) -> None:
        """Let a role see a private channel and write in it. Raises `NotMade`."""
        ...

    async def empower(self, role_id: int) -> None:
        """Add Timeout Members to a role. Raises `NotMade`."""
        ...
