"""The weekly summary of a group: made out once for each week, shown to the team, told to the group where it wants that.

A week begins and ends where the group's own Monday begins (04:00 by its clock), and has what was written in between,
wherever its writers live: who lives far west of the group writes their Sunday on its Monday, and who fills in a
yesterday does, too. So each entry counts once, and nothing is added to a week that is over.
On Mondays at ten, quiet hours respected, it is told by itself where a channel is set:

    the bot rests in the group          nothing
    below five people                   nothing, and nobody is told that there was nothing
    late by more than a day             skipped; the team is told
    told already, by a moderator        nothing more
    otherwise                           posted, once

Each turn writes the next one first, so that the weeks go on whatever becomes of this one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.clock import Clock
from bot.content.checkins import ROLE_SCALES
from bot.contracts import GuildReset
from bot.errors import Refusal
from bot.guilds import GuildProfile, Guilds
from bot.ids import Ids
from bot.jobs import Job, enqueue
from bot.storage import Database, Writer
from bot.times import moment_of
from cogs.checkins.rules import day_of, weekly_summary
from cogs.checkins.rules.days import ends_at
from cogs.checkins.service.clocks import named_zone, quiet_of
from cogs.checkins.store.groups import GroupSettings, GroupStore
from cogs.checkins.store.weeks import KeptWeek, WeekStore

WEEK = "checkins.week"
WEEK_NOW = "checkins.week_now"
TOLD_AT = 10 * 60
"""Minutes after midnight of Monday, by the group's clock."""
LATE = timedelta(hours=24)

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_SCALES = {str(role): scale for role, scale in ROLE_SCALES.items()}


async def plan_week(writer: Writer, ids: Ids, guild_id: int, settings: GroupSettings, now: datetime) -> None:
    """Plan the weekly summary after a change of its switch, in the caller's transaction; nothing where it is off.

    The job is due at once and only looks at the group's clock: it writes the one of the coming Monday.
    """
    if settings.weekly_channel_id is not None:
        await enqueue(
            writer, ids, kind=WEEK, guild_id=guild_id, due_at=now, payload={"edition": settings.edition},
            dedupe_key=f"{WEEK}:{guild_id}:{settings.edition}:plan",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WeekTurn:
    """A week to tell, and where; `late` where its time is over and only the team is told of that."""

    kept: KeptWeek
    channel_id: int
    late: bool = False


class WeekService:
    """Makes out, plans and accounts for weekly summaries."""

    def __init__(
        self, database: Database, clock: Clock, ids: Ids, guilds: Guilds, groups: GroupStore, weeks: WeekStore
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._guilds = guilds
        self._groups = groups
        self._weeks = weeks

    async def last(self, guild_id: int) -> KeptWeek:
        """Return the summary of the last week that is over; made out on the first look, and the same ever after."""
        zone = named_zone(None, await self._guilds.profile(guild_id))
        return await self._made_out(guild_id, last_week(self._clock.now(), zone), zone)

    async def settings(self, guild_id: int) -> GroupSettings:
        """Return the group's settings."""
        async with self._database.read() as reader:
            return await self._groups.get(reader, guild_id)

    async def channel(self, guild_id: int) -> int | None:
        """Return where a week is told: the summary's own channel, else the group's for check-ins."""
        settings = await self.settings(guild_id)
        return settings.weekly_channel_id or (await self._guilds.channels(guild_id)).get("check-ins")

    async def order(self, guild_id: int, week: date, mark: str) -> KeptWeek:
        """Have a week told to the group now and return what is kept of it; one that was told already stays as it is.

        `mark` is the question's own, so that two presses of it are one. Raises `Refusal` for a week with nothing to
        tell and for one that isn't the last any more.
        """
        kept = await self.last(guild_id)
        if kept.week != week or kept.people is None:
            raise Refusal("kit.refused.outdated")
        if kept.message_id is None:
            async with self._database.write() as writer:
                await enqueue(
                    writer, self._ids, kind=WEEK_NOW, guild_id=guild_id, due_at=self._clock.now(),
                    payload={"week": week.isoformat()}, dedupe_key=f"{WEEK_NOW}:{guild_id}:{week}:{mark}",
                )  # fmt: skip
        return kept

    async def ordered(self, job: Job) -> WeekTurn | None:
        """Return what a moderator wants told now; None where it was told, or there is no place for it any more."""
        guild_id = job.guild_id or 0
        channel_id = await self.channel(guild_id)
        async with self._database.read() as reader:
            kept = await self._weeks.get(reader, guild_id, date.fromisoformat(job.payload["week"]))
        if kept is None or kept.people is None or kept.message_id is not None or channel_id is None:
            return None
        return WeekTurn(kept, channel_id)

    async def begin(self, job: Job) -> WeekTurn | None:
        """Return what the turn of a Monday tells; None where nothing is. The next one is written either way."""
        guild_id, now = job.guild_id or 0, self._clock.now()
        group = await self._guilds.profile(guild_id)
        day = date.fromisoformat(job.payload["day"]) if "day" in job.payload else None
        async with self._database.write() as writer:
            settings = await self._groups.get(writer, guild_id)
            if settings.edition != job.payload["edition"] or settings.weekly_channel_id is None:
                return None
            if day is None:
                await self._enqueue(writer, settings, *_coming(now, group))
                return None
            due = _due(day, group)
            if now < (again := max(due, _awake(now, group))):
                # The group's clock or its quiet hours changed, or the turn comes late and into them.
                await self._enqueue(writer, settings, day, again, look=job.payload.get("look", 0) + 1)
                return None
            await self._enqueue(writer, settings, *_coming(max(now - LATE, due + _DAY), group))
        if group.rests(now):
            return None
        kept = await self._made_out(guild_id, day - _WEEK, named_zone(None, group))
        if kept.people is None or kept.message_id is not None:
            return None
        return WeekTurn(kept, settings.weekly_channel_id, late=now - due > LATE)

    async def forget(self, event: GuildReset) -> None:
        """Forget what was told of a group's weeks, with the rest of its set-up."""
        async with self._database.write() as writer:
            await self._weeks.forget_told(writer, event.guild_id)

    async def posted(self, kept: KeptWeek, channel_id: int, message_id: int) -> None:
        """Keep where a week was told."""
        async with self._database.write() as writer:
            await self._weeks.posted(writer, kept.guild_id, kept.week, channel_id, message_id)

    async def _enqueue(
        self, writer: Writer, settings: GroupSettings, day: date, at: datetime, *, look: int = 0
    ) -> None:
        await enqueue(
            writer, self._ids, kind=WEEK, guild_id=settings.guild_id, due_at=at,
            payload={"edition": settings.edition, "day": day.isoformat(), "look": look},
            dedupe_key=f"{WEEK}:{settings.guild_id}:{settings.edition}:{day}:{look}",
        )  # fmt: skip

    async def _made_out(self, guild_id: int, week: date, zone: tzinfo) -> KeptWeek:
        async with self._database.read() as reader:
            kept = await self._weeks.get(reader, guild_id, week)
        if kept is not None:
            return kept
        async with self._database.write() as writer:
            if await self._weeks.claim(writer, guild_id, week, self._clock.now()):
                return await self._make_out(writer, guild_id, week, zone)
            return await self._weeks.get(writer, guild_id, week) or KeptWeek(guild_id, week)

    async def _make_out(self, writer: Writer, guild_id: int, week: date, zone: tzinfo) -> KeptWeek:
        since, until = ends_at(week - _DAY, zone), ends_at(week + _WEEK - _DAY, zone)
        entries = await self._weeks.entries(writer, guild_id, since, until, self._database.row_lock)
        panels = await self._weeks.panels(writer, guild_id)
        summary = weekly_summary(entries, _SCALES, panels, seed=f"{guild_id}:{week}")
        if summary is None:
            return KeptWeek(guild_id, week)
        bands = {measure: average.band for measure, average in summary.averages.items()}
        kept = KeptWeek(guild_id, week, summary.people, summary.about_check_ins, bands)
        await self._weeks.fill(writer, kept)
        for measure, average in summary.averages.items():
            await self._weeks.set_panel(writer, guild_id, measure, average.people)
        return kept


def last_week(now: datetime, zone: tzinfo) -> date:
    """Return the Monday of the last week whose seven check-in days are over where `zone` holds."""
    today = day_of(now, zone)
    return today - timedelta(days=today.weekday()) - _WEEK


def _coming(now: datetime, group: GuildProfile) -> tuple[date, datetime]:
    """The first Monday whose moment isn't over at `now`, and that moment."""
    today = now.astimezone(named_zone(None, group)).date()
    day = today - timedelta(days=today.weekday())
    while (due := _due(day, group)) < now:
        day += _WEEK
    return day, due


def _due(day: date, group: GuildProfile) -> datetime:
    zone = named_zone(None, group)
    while (moment := moment_of(day, TOLD_AT, zone)) is None:  # a Monday that the zone left out
        day += _DAY
    return _awake(moment, group)


def _awake(moment: datetime, group: GuildProfile) -> datetime:
    quiet = quiet_of(group)
    return quiet.after(moment) if quiet else moment
