"""What these use cases need of Discord."""

from typing import Protocol


class Posts(Protocol):
    """Deletes what the bot posted."""

    async def delete(self, guild_id: int | None, channel_id: int, message_id: int) -> None:
        """Delete a post; one that is gone counts as deleted. Raises `TryAgain` or `RefusedForGood`."""
        ...


class Members(Protocol):
    """Knows who is in a server at this moment."""

    async def is_member(self, guild_id: int, user_id: int) -> bool:
        """Whether the person is in the server. Raises `TryAgain` or `RefusedForGood`."""
        ...
