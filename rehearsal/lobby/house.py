"""What the page shows and changes: one world at a time, one open room, and how far each person has read."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from simcord import ChannelHandle

from rehearsal.engine import Engine
from rehearsal.group import Person, group_zone
from rehearsal.lobby.board import Board
from rehearsal.lobby.room import Room
from rehearsal.world import World, opened_world, this_evening

STEPS = {"10m": timedelta(minutes=10), "1h": timedelta(hours=1), "week": timedelta(weeks=1)}
MORNING = "morning"


class NotThereError(Exception):
    """The page asked for somebody or some place that does not exist, or that this person can't see."""


class House:
    """Everything behind the page. One change at a time; reading never waits."""

    def __init__(self, engines: Callable[[], Engine], start: Callable[[ZoneInfo], datetime] = this_evening) -> None:
        self._engines = engines
        self._start = start
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._world: World | None = None
        self._room: Room | None = None
        self._seen: dict[tuple[str, int], int] = {}

    @property
    def world(self) -> World:
        """The world that is open. Raises `NotThereError` while one ends and the next begins."""
        if self._world is None:
            raise NotThereError
        return self._world

    async def begin(self, *, ready: bool) -> None:
        """Begin anew, with a group that is set up or with an empty server; nothing of before is kept."""
        async with self._turn:
            await self._leave()
            stack = AsyncExitStack()
            self._world = await stack.enter_async_context(
                opened_world(self._engines(), ready=ready, start=self._start(group_zone()))
            )
            self._stack = stack

    async def close(self) -> None:
        """End the room and the world."""
        async with self._turn:
            await self._leave()

    async def state(self, person_key: str) -> dict[str, Any]:
        """Return all that the page shows to somebody who acts as this person."""
        world = self.world
        room = self._room if self._room is not None and self._room.is_open else None
        if room is not None:
            self._note_seen(room.person, room.channel)
        board = Board(world, await world.zone(), self._seen)
        return board.state(self._person(person_key), room)

    async def open_room(self, person_key: str, channel_key: str) -> str:
        """Open a channel as somebody and return the address for the second tab."""
        async with self._turn:
            world, person = self.world, self._person(person_key)
            channel = Board(world, await world.zone(), self._seen).find(person, channel_key)
            if channel is None:
                raise NotThereError
            await self._close_room()
            self._room = await Room.open(world, person, channel, await world.zone())
            self._note_seen(person, channel)
            return self._room.url

    async def advance(self, step: str) -> None:
        """Move the clock by one of `STEPS`, or to the next morning. Raises `NotThereError` for another step."""
        if step != MORNING and step not in STEPS:
            raise NotThereError
        async with self._turn:
            await (self.world.advance_to_morning() if step == MORNING else self.world.advance(STEPS[step]))
            await self._refresh()

    async def restart(self) -> None:
        """Stop the bot and start it again on the same data."""
        async with self._turn:
            await self.world.restart()
            await self._refresh()

    def _person(self, key: str) -> Person:
        person = self.world.group.people.get(key) or self.world.other.people.get(key)
        if person is None:
            raise NotThereError
        return person

    def _note_seen(self, person: Person, channel: ChannelHandle) -> None:
        newest = max(self.world.env.backend.messages.get(channel.id, {}), default=0)
        self._seen[person.key, channel.id] = newest

    async def _refresh(self) -> None:
        if self._room is not None:
            await self._room.refresh()

    async def _close_room(self) -> None:
        room, self._room = self._room, None
        if room is not None:
            await room.close()

    async def _leave(self) -> None:
        await self._close_room()
        self._world = None
        self._seen.clear()
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()
