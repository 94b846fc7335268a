"""Puts together what the page shows, as plain data."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from simcord import ChannelHandle
from simcord.backend.access import channel_accessible
from simcord.enums import ChannelType

from rehearsal.group import Person
from rehearsal.lobby.room import Room
from rehearsal.reading import WRITTEN
from rehearsal.tour import tour
from rehearsal.world import World

DIRECT = "dm"
SHOWN_ENTRIES = 60
_TEXT = (ChannelType.TEXT, ChannelType.NEWS)


class Board:
    """One reading of a world. `seen` holds, by person and channel, the newest message that was on the screen."""

    def __init__(self, world: World, zone: ZoneInfo, seen: Mapping[tuple[str, int], int]) -> None:
        self._world = world
        self._backend = world.env.backend
        self._zone = zone
        self._seen = seen

    def state(self, person: Person, room: Room | None) -> dict[str, Any]:
        """Return the page's whole state as JSON-ready data."""
        return {
            "group": person.actor.guild.name,
            "ready": self._world.ready,
            "time": self._time(),
            "people": [self._one(one) for one in self._everybody()],
            "person": person.key,
            "channels": self._channels(person),
            "direct": {"key": DIRECT, "new": self._new(person, self._backend.dm_channels.get(person.actor.id))},
            "room": self._room(room),
            "tour": self._tour(),
            "diary": self._diary(),
        }

    def find(self, person: Person, key: str) -> ChannelHandle | None:
        """Return the channel or thread of this key where the person can see it."""
        if key == DIRECT:
            return person.actor.user.dm_channel
        by_name = person.actor.guild.channels.get(key)
        if by_name is not None:
            return by_name if self._sees(person, by_name.id) else None
        for channel in person.actor.guild.channels.values():
            for place in (channel, *channel.threads):
                if str(place.id) == key:
                    return place if self._sees(person, place.id) else None
        return None

    def _time(self) -> dict[str, str]:
        here = self._world.env.now().astimezone(self._zone)
        city = self._zone.key.rsplit("/", 1)[-1].replace("_", " ")
        return {
            "day": f"{here:%A} {here.day} {here:%B %Y}",
            "clock": f"{here:%H:%M}",
            "zone": f"{city} time",
            "iso": here.isoformat(),
        }

    def _everybody(self) -> list[Person]:
        return [*self._world.group.people.values(), *self._world.other.people.values()]

    def _one(self, person: Person) -> dict[str, Any]:
        told = person.profile
        return {
            "key": told.key,
            "name": told.name,
            "label": told.label,
            "about": told.about,
            "try": told.try_this,
            "elsewhere": person.actor.guild.id != self._world.group.guild.id,
        }

    def _channels(self, person: Person) -> list[dict[str, Any]]:
        handles = person.actor.guild.channels.values()
        shown = [one for one in handles if self._backend.channels[one.id].type in _TEXT and self._sees(person, one.id)]
        return [
            {
                "key": str(one.id),
                "name": one.name,
                "topic": self._backend.channels[one.id].topic or "",
                "private": self._is_private(person, one.id),
                "new": self._new(person, one.id),
                "threads": [self._thread(person, thread) for thread in one.threads if self._sees(person, thread.id)],
            }
            for one in sorted(shown, key=lambda one: self._backend.channels[one.id].position)
        ]

    def _thread(self, person: Person, thread: ChannelHandle) -> dict[str, Any]:
        stored = self._backend.channels[thread.id]
        return {
            "key": str(thread.id),
            "name": thread.name,
            "private": stored.type == ChannelType.PRIVATE_THREAD,
            "new": self._new(person, thread.id),
        }

    def _sees(self, person: Person, channel_id: int) -> bool:
        return channel_accessible(self._backend, channel_id, person.actor.id, history=True)

    def _is_private(self, person: Person, channel_id: int) -> bool:
        """Whether the channel is closed to everybody who has no role."""
        guild_id = person.actor.guild.id
        for overwrite in self._backend.channels[channel_id].overwrites:
            if overwrite.target_id == guild_id:
                return bool(overwrite.deny & 1 << 10)  # View Channel
        return False

    def _new(self, person: Person, channel_id: int | None) -> int:
        if channel_id is None:
            return 0
        seen = self._seen.get((person.key, channel_id), 0)
        written = [one for one in self._backend.messages.get(channel_id, {}).values() if one.type in WRITTEN]
        me = person.actor.id
        return sum(one.id > seen and one.author_id != me and one.visible_to(me) for one in written)

    def _room(self, room: Room | None) -> dict[str, str] | None:
        if room is None:
            return None
        direct = room.channel.guild is None
        return {
            "person": room.person.key,
            "channel": DIRECT if direct else str(room.channel.id),
            "name": "direct messages" if direct else f"#{room.channel.name}",
            "who": room.person.name,
        }

    def _tour(self) -> list[dict[str, Any]]:
        deeds = self._world.diary.deeds
        people = self._world.group.people
        return [
            {
                "key": step.key,
                "title": step.title,
                "text": step.text,
                "person": step.person,
                "who": people[step.person].name if step.person else "",
                "channel": step.channel,
                "there": bool(step.person) and self.find(people[step.person], step.channel) is not None,
                "done": step.seen_in(deeds),
            }
            for step in tour()
        ]

    def _diary(self) -> list[dict[str, Any]]:
        return [
            {
                "number": entry.number,
                "clock": f"{entry.moment.astimezone(self._zone):%H:%M}",
                "text": entry.text,
                "answer": answer,
            }
            for entry, answer in self._world.diary.entries()[-SHOWN_ENTRIES:]
        ]
