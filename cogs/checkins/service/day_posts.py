"""What the post of a date says, whoever draws it: a turn, an edit of its count, a preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import Clock
from bot.content import Prompt
from bot.guilds import GuildProfile
from bot.storage import Reader, Writer
from cogs.checkins.rules import next_prompt
from cogs.checkins.store.posts import Chosen, PostStore
from cogs.checkins.store.schedules import CheckinSchedule

REMEMBERED = timedelta(days=366)
"""For so long a prompt counts as used; where few fit, the one used longest ago comes first."""


@dataclass(frozen=True, slots=True)
class DayView:
    """A post as it is drawn: `words` are its prompt's, None for the plain line; `count` people checked in so far."""

    schedule_id: int
    name: str
    day: date
    words: str | None
    count: int = 0


class Wording:
    """Chooses what a post begins with: among all check-ins of a group none takes what another one has that day."""

    def __init__(self, clock: Clock, prompts: Mapping[str, Prompt], posts: PostStore) -> None:
        self._clock = clock
        self._prompts = prompts
        self._posts = posts

    async def choose(self, writer: Writer, schedule: CheckinSchedule, group: GuildProfile, day: date) -> Chosen:
        """Choose for a date, once: each try of its post says the same.

        Call it where no other check-in of the group chooses meanwhile (`ScheduleStore.alone`).
        """
        prompt_id, now = await self.next(writer, schedule, group, day), self._clock.now()
        return await self._posts.choose(
            writer, schedule.guild_id, schedule.schedule_id, day, schedule.channel_id, prompt_id, now
        )

    async def next(self, reader: Reader, schedule: CheckinSchedule, group: GuildProfile, day: date) -> str | None:
        """Return the prompt that a date gets, as it stands now; None for the plain line."""
        if (chosen := await self._posts.chosen(reader, schedule.schedule_id, day)) is not None:
            return chosen.prompt_id
        if not schedule.prompts:
            return None
        used = await self._posts.used_prompts(reader, schedule.guild_id, day - REMEMBERED)
        seed = f"{schedule.guild_id}:{schedule.schedule_id}"
        prompt = next_prompt(self._prompts.values(), used, day, kind=group.kind, seed=seed)
        return prompt.id if prompt else None

    def view(self, schedule: CheckinSchedule, day: date, prompt_id: str | None, count: int = 0) -> DayView:
        """Return how a post is drawn; a prompt that is not shipped any more gives way to the plain line."""
        prompt = self._prompts.get(prompt_id or "")
        return DayView(schedule.schedule_id, schedule.name, day, prompt.text if prompt else None, count)
