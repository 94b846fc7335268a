"""What the delivery of an entry reads and keeps: what its post should be, and what it has become."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import cancel, enqueue
from bot.storage import Database
from cogs.checkins.rules import Place
from cogs.checkins.service.settling import Settling
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.posts import PostStore
from cogs.checkins.store.schedules import ScheduleStore

UNKEPT = "checkins.unkept"
AT_MOST = timedelta(minutes=2)
"""How long a post may stand before it is known whose it is: longer than any answer of Discord's takes."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel in which a post may stand, or a `thread`."""

    channel_id: int
    thread: bool = False


class EntryPosts:
    """Keeps where entries stand. Every look reads the row again; an older edition of an entry does nothing more."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        guilds: Guilds,
        entries: EntryStore,
        posts: PostStore,
        schedules: ScheduleStore,
        settling: Settling,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._entries = entries
        self._posts = posts
        self._schedules = schedules
        self._settling = settling

    async def get(self, guild_id: int, entry_id: int) -> Entry | None:
        """Return an entry as it stands."""
        async with self._database.read() as reader:
            return await self._entries.get(reader, guild_id, entry_id)

    async def spots(self, entry: Entry) -> tuple[Spot, ...]:
        """Return where the post may stand, the best first; none where the group has no such channel.

        For the team that is the care channel. For the group it is the thread of the day's post, its channel, the
        check-in's channel, and the group's channel for check-ins: each stands in only where the one before is gone.
        """
        async with self._database.read() as reader:
            purposes = await self._guilds.channels_in(reader, entry.guild_id)
            if entry.choice.place is Place.CARE:
                found = [purposes.get("care")]
                thread = None
            else:
                post = await self._posts.get(reader, entry.schedule_id, entry.post_day) if entry.post_day else None
                post = post if post is not None and post.guild_id == entry.guild_id else None
                schedule = await self._schedules.get(reader, entry.guild_id, entry.schedule_id)
                thread = post.thread_id if post else None
                found = [thread, post.channel_id if post else None]
                found += [schedule.channel_id if schedule else None, purposes.get("check-ins")]
        channels = dict.fromkeys(one for one in found if one is not None)
        return tuple(Spot(channel_id, channel_id == thread) for channel_id in channels)

    async def begin(self, entry: Entry, channel_id: int) -> bool:
        """Plan that a post which nobody comes to know of is deleted again; False where the entry is another by now.

        The answer to a post may be lost, this process may end before it, and the entry be erased meanwhile: then its
        words would stand for good, with their writer's name and without a row by which they can be taken back.
        """
        async with self._database.write() as writer:
            now = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            if now is None or now.edition != entry.edition:
                return False
            await enqueue(
                writer, self._ids, kind=UNKEPT, guild_id=entry.guild_id, due_at=self._clock.now() + AT_MOST,
                payload={"entry": entry.entry_id, "channel": channel_id}, dedupe_key=_unkept(entry, channel_id),
            )  # fmt: skip
        return True

    async def posted(self, entry: Entry, channel_id: int, message_id: int) -> bool:
        """Keep where the post of this edition stands; its words are dropped here. False: it must be deleted again."""
        async with self._database.write() as writer:
            kept = await self._entries.posted(
                writer, entry.entry_id, entry.edition, entry.choice.place, channel_id, message_id
            )
            if kept:
                await cancel(writer, _unkept(entry, channel_id))
                now = await self._entries.get(writer, entry.guild_id, entry.entry_id)
                if now is not None and now.edition != entry.edition:  # changed while this was on its way
                    await self._settling.deliver(writer, now, message_id)
        return kept

    async def spared(self, entry: Entry, channel_id: int) -> None:
        """Forget the plan of `begin`: Discord refused the post."""
        async with self._database.write() as writer:
            await cancel(writer, _unkept(entry, channel_id))

    async def left(self, entry: Entry) -> Entry | None:
        """Keep that the post is deleted; the next one goes where the entry says now. Returns it as it stands."""
        async with self._database.write() as writer:
            now = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            if now is not None:
                await self._entries.unposted(writer, now.entry_id, now.choice.place)
        return await self.get(entry.guild_id, entry.entry_id)

    async def refused(self, entry: Entry) -> None:
        """Keep that no post stands and none comes; an open wish for a reply is looked at now.

        So it is where Discord refuses a post for good, and where the team has removed one.
        """
        async with self._database.write() as writer:
            now = await self._entries.get(writer, entry.guild_id, entry.entry_id, self._database.row_lock)
            if now is not None and now.edition == entry.edition:
                await self._entries.unposted(writer, entry.entry_id)
                await self._settling.look_now(writer, now)


def _unkept(entry: Entry, channel_id: int) -> str:
    return f"{UNKEPT}:{entry.entry_id}:{entry.edition}:{channel_id}"
