"""What a group tells of itself, how long its things are kept, when it rests, and how its set-up is erased."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.contracts import ClockChanged, Events, GuildReset
from bot.countries import country_name, plain_name, resolve_country
from bot.discordkit.submissions import first_time
from bot.errors import Refusal
from bot.guilds import GROUP_KINDS, RETENTION_MONTHS, GuildProfile, Guilds
from bot.storage import Database
from bot.times import parse_quiet_hours, parse_until, resolve_zone
from cogs.setup.rules.fit import STEPS, kept_months, month_choices
from cogs.setup.service.ports import Server
from cogs.setup.store import Guide, Guides


@dataclass(frozen=True, slots=True)
class Overview:
    """A group's whole set-up. `months` says how long each feature keeps its things."""

    profile: GuildProfile
    channels: dict[str, int]
    roles: dict[str, int]
    months: dict[str, int]
    guide: Guide
    now: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a group told of itself, empty where it said nothing; `zone_by_country`: the country alone gave the zone."""

    timezone: str | None = None
    country: str | None = None
    kind: str | None = None
    quiet: tuple[int, int] | None = None
    no_quiet: bool = False
    zone_by_country: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """Whether the group rests now, until when, and whether its end was read in UTC for want of a zone."""

    resting: bool
    until: datetime | None = None
    in_utc: bool = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a feature's things are kept, and were before; `ask`: fewer months delete what is older, so ask first."""

    feature: str
    months: int
    before: int
    ask: bool = False


class GroupService:
    """Keeps what a group says about itself."""

    def __init__(self, database: Database, guilds: Guilds, guides: Guides, events: Events, clock: Clock) -> None:
        self._database = database
        self._guilds = guilds
        self._guides = guides
        self._events = events
        self._clock = clock

    async def overview(self, guild_id: int) -> Overview:
        """Return the whole set-up."""
        async with self._database.read() as reader:
            guide = await self._guides.read(reader, guild_id)
        chosen = await self._guilds.retention(guild_id)
        return Overview(
            profile=await self._guilds.profile(guild_id),
            channels=await self._guilds.channels(guild_id),
            roles=await self._guilds.roles(guild_id),
            months={feature: kept_months(feature, chosen) for feature in RETENTION_MONTHS},
            guide=guide,
            now=self._clock.now(),
        )

    async def open_guide(self, guild_id: int) -> tuple[Overview, bool]:
        """Return the set-up with the guide at the step where it was left, and whether it had been begun before."""
        before = (await self.overview(guild_id)).guide
        async with self._database.write() as writer:
            await self._guides.change(writer, guild_id, lambda guide: guide)
        return await self.overview(guild_id), before.begun

    async def go(self, guild_id: int, step: str) -> Overview:
        """Keep that the guide is at this step now. Raises `Refusal` for a step that there is not."""
        if step not in STEPS:
            raise Refusal("kit.refused.outdated")
        async with self._database.write() as writer:
            await self._guides.change(writer, guild_id, lambda guide: guide.at(step))
        return await self.overview(guild_id)

    async def tell(
        self,
        guild_id: int,
        *,
        timezone: str | None = None,
        country: str | None = None,
        kind: str | None = None,
        quiet: str | None = None,
        submission: str = "",
    ) -> Told:
        """Read and keep the given parts, all or none; a form (by its `submission`) that comes twice counts once.

        Raises `Refusal` for the first part that doesn't read.
        """
        if kind is not None and kind not in GROUP_KINDS:
            raise Refusal("setup.group.unknown_kind")
        profile = await self._guilds.profile(guild_id)
        code = resolve_country(country) if country is not None else None
        zone = self._zone(timezone, code or profile.country) if timezone is not None else None
        by_country = zone is None and code is not None and profile.timezone is None
        if by_country and code is not None:
            zone = self._only_zone(code)
        hours = parse_quiet_hours(quiet) if quiet is not None else None
        told = Told(zone, code, kind, hours, quiet is not None and hours is None, by_country and zone is not None)
        async with self._database.write() as writer:
            if submission and not await first_time(writer, submission, self._clock.now()):
                return told
            await self._guilds.set_profile(
                writer, guild_id, timezone=told.timezone, country=told.country, kind=told.kind, quiet=told.quiet
            )
            if told.no_quiet:
                await self._guilds.clear_quiet(writer, guild_id)
        if told.timezone or told.quiet or told.no_quiet:
            await self._events.publish(ClockChanged(guild_id))
        return told

    def _zone(self, words: str, country: str | None) -> str:
        return resolve_zone(words, now=self._clock.now(), country=country)

    def _only_zone(self, country: str) -> str | None:
        try:
            return resolve_zone(country_name(country), now=self._clock.now(), country=country)
        except Refusal:
            return None  # a country with several: the group is asked

    async def pause(self, guild_id: int, until: str | None) -> Rest:
        """Let the whole bot rest in this group, or wake it where it rests and no end is given.

        Raises `Refusal` for an end that doesn't read.
        """
        now = self._clock.now()
        profile = await self._guilds.profile(guild_id)
        words = (until or "").strip()
        if not words and profile.rests(now):
            return await self.wake(guild_id)
        end = parse_until(words, now, ZoneInfo(profile.timezone or "UTC")) if words else None
        async with self._database.write() as writer:
            await self._guilds.set_pause(writer, guild_id, True, end)
        return Rest(True, end, in_utc=end is not None and profile.timezone is None)

    async def wake(self, guild_id: int) -> Rest:
        """End the rest; nothing happens to a group that doesn't rest."""
        async with self._database.write() as writer:
            await self._guilds.set_pause(writer, guild_id, False, None)
        return Rest(False)

    async def keep(self, guild_id: int, feature: str, months: int, *, sure: bool) -> Keeping:
        """Keep a feature's things for so many months, never more than the product promises.

        Fewer months than now delete what is older, and that can't be taken back: without `sure` nothing changes then.
        Raises `Refusal` for a feature or a number that can't be chosen.
        """
        if feature not in RETENTION_MONTHS or months not in month_choices(feature):
            raise Refusal("setup.retention.refused")
        before = kept_months(feature, await self._guilds.retention(guild_id))
        if months < before and not sure:
            return Keeping(feature, months, before, ask=True)
        async with self._database.write() as writer:
            await self._guilds.set_retention(writer, guild_id, feature, months)
        return Keeping(feature, months, before)

    async def reset(self, server: Server, typed: str, submission: str) -> None:
        """Erase the set-up; a form that comes twice counts once.

        Raises `Refusal` unless the server's name was typed.
        """
        if not _same_name(typed, server.name):
            raise Refusal("setup.reset.other_name")
        async with self._database.write() as writer:
            if not await first_time(writer, submission, self._clock.now()):
                return
            await self._guilds.reset(writer, server.guild_id)
            await self._guides.delete(writer, server.guild_id)
        await self._events.publish(GuildReset(server.guild_id))

    async def left(self, guild_id: int) -> None:
        """Keep since when the bot is out of the server."""
        async with self._database.write() as writer:
            await self._guilds.set_left(writer, guild_id, left=True)

    async def back(self, guild_id: int) -> None:
        """Keep that the bot is in the server (again)."""
        async with self._database.write() as writer:
            await self._guilds.set_left(writer, guild_id, left=False)


def _same_name(typed: str, name: str) -> bool:
    """Whether a server's name was typed; signs and emoji that no keyboard has are forgiven where letters are left."""
    wanted = plain_name(name)
    return plain_name(typed) == wanted if wanted else " ".join(typed.split()) == " ".join(name.split())
