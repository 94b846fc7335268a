"""The one room that is open in the browser's second tab: simcord's preview of a channel, as one person."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import simcord
from simcord import ChannelHandle

from rehearsal.group import Person
from rehearsal.world import World

LOCALE = "en-GB"

_log = logging.getLogger(__name__)


class Room:
    """A preview, and who sees what in it."""

    def __init__(self, world: World, person: Person, channel: ChannelHandle, preview: simcord.Preview) -> None:
        self.person = person
        self.channel = channel
        self._world = world
        self._preview = preview
        self._closed = asyncio.create_task(preview.wait_closed())
        self._after: set[asyncio.Task[None]] = set()
        self._take_turns()

    @classmethod
    async def open(cls, world: World, person: Person, channel: ChannelHandle, zone: ZoneInfo) -> "Room":
        """Open the channel as this person; the room before must be closed."""
        viewer = person.actor.user if channel.guild is None else person.actor
        async with world.lock:
            preview = world.env.preview(channel, viewers=[viewer], layout="channel", locale=LOCALE, timezone=zone.key)
        await preview.__aenter__()
        return cls(world, person, channel, preview)

    @property
    def is_open(self) -> bool:
        """Whether the tab can still be used; it can be ended from within, too."""
        return not self._closed.done()

    @property
    def url(self) -> str:
        """Where the tab goes; whoever has this address can act in the room."""
        return self._preview.url

    async def refresh(self) -> None:
        """Show in the tab what has changed outside of it."""
        async with self._world.lock:
            if self.is_open:
                await self._preview.refresh()

    async def close(self) -> None:
        """Close the tab's room. Not while holding the world's lock: an action that waits for it must end first."""
        await self._preview.close()
        await asyncio.gather(self._closed, *self._after)

    def _take_turns(self) -> None:
        """Let what is pressed in the tab wait for its turn, and run afterwards what it made due.

        simcord refuses operations that overlap, and its preview asks nobody before it begins one; without this, a
        press in the very moment when time moves would be lost.
        """
        act = self._preview._action  # noqa: SLF001 - simcord has no hook for it; a test holds this against its version

        async def wait_and_act(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
            async with self._world.lock:
                result = await act(context_id, body)
            task = asyncio.create_task(self._catch_up())
            self._after.add(task)
            task.add_done_callback(self._after.discard)
            return result

        self._preview._action = wait_and_act  # type: ignore[method-assign]  # noqa: SLF001

    async def _catch_up(self) -> None:
        try:
            if await self._world.catch_up():
                await self.refresh()
        except TimeoutError:
            _log.warning("the bot did not come to rest after what was done in the tab")
