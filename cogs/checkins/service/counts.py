"""How many checked in, as the day's post says it: edited seldom enough for Discord, and never lost.

An edit counts itself first and the entries then. So an entry is either in its count or finds the edits counted on, and
writes a job of its own; while one waits, further entries write nothing.
"""

from datetime import date, datetime

from bot.clock import Clock
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Writer
from cogs.checkins.rules import next_count_edit
from cogs.checkins.service.day_posts import DayView, Wording
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.posts import DayPost, PostStore
from cogs.checkins.store.schedules import ScheduleStore

COUNT = "checkins.count"


async def plan_count(
    writer: Writer, ids: Ids, store: PostStore, guild_id: int, schedule_id: int, post_day: date, now: datetime
) -> None:
    """Write the job that redraws a post's count, in the transaction that changes the number of its entries.

    Nothing where no post is kept: when it is, its entries are counted.
    """
    post = await store.get(writer, schedule_id, post_day)
    if post is None or post.guild_id != guild_id:
        return
    day = post_day.isoformat()
    await enqueue(
        writer, ids, kind=COUNT, guild_id=guild_id, due_at=next_count_edit(post.posted_at, post.edited_at, now),
        payload={"schedule": schedule_id, "day": day, "edits": post.edits},
        dedupe_key=f"{COUNT}:{schedule_id}:{day}:{post.edits}",
    )  # fmt: skip


class CheckinCounts:
    """Decides what an edit of a count draws."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wording: Wording,
        schedules: ScheduleStore,
        posts: PostStore,
        entries: EntryStore,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wording = wording
        self._schedules = schedules
        self._posts = posts
        self._entries = entries

    async def begin(self, job: Job) -> tuple[DayPost, DayView] | None:
        """Count the edit and return the post with what it shows now; None where the check-in was removed."""
        guild_id, schedule_id = job.guild_id or 0, job.payload["schedule"]
        day = date.fromisoformat(job.payload["day"])
        async with self._database.write() as writer:
            post = await self._posts.get(writer, schedule_id, day)
            schedule = await self._schedules.get(writer, guild_id, schedule_id)
            if post is None or schedule is None:
                return None
            if post.edits == job.payload["edits"]:  # else an earlier try has counted it
                await self._posts.edited(writer, schedule_id, day, self._clock.now())
        # Only behind that commit: an entry written until now is counted here, a later one writes its own job.
        async with self._database.read() as reader:
            count = await self._entries.count(reader, schedule_id, day)
        return post, self._wording.view(schedule, day, post.prompt_id, count)
