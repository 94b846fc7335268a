"""The presses of the guide: every one reads the state again, so all of them work after a restart."""

from discord.ext import commands

from bot.clock import Clock
from bot.discordkit import Press, pressed
from bot.errors import Refusal
from bot.text import t
from bot.times import find_zones
from cogs.setup.cog.drawing import Drawing
from cogs.setup.server import DiscordServer, invite_link, may_pass_on_timeouts
from cogs.setup.service.group import GroupService
from cogs.setup.service.making import Workshop
from cogs.setup.service.parts import PartsService
from cogs.setup.ui import group, guide, receipts

# What the forms are about, and the name of the part in the service.
_PARTS = {"country": "country", "zone": "timezone", "quiet": "quiet"}
_MAKINGS = ("channels", "roles")
_SEVERAL = frozenset({"times.zone.several", "times.zone.offset"})


class SetupGuide(commands.Cog):
    """What is pressed in the guide and in the panel of `/setup group`."""

    def __init__(
        self, service: GroupService, parts: PartsService, workshop: Workshop, drawing: Drawing, clock: Clock
    ) -> None:
        self._service = service
        self._parts = parts
        self._workshop = workshop
        self._drawing = drawing
        self._clock = clock

    @pressed("setup", "open", action="setup.guide")
    async def open(self, press: Press) -> None:
        """Open the guide where it was left."""
        await press.answer.redraw(await self._drawing.opened(press.interaction))

    @pressed("setup", "step", action="setup.guide")
    async def step(self, press: Press) -> None:
        """Go to a step."""
        await self._service.go(DiscordServer.of(press.interaction).guild_id, press.key)
        await press.answer.redraw(await self._drawing.step(press.interaction, press.key))

    @pressed("setup", "kind", action="setup.group")
    async def kind(self, press: Press) -> None:
        """Choose what kind of group this is."""
        await self._tell(press, press.key, kind=_first(press))

    @pressed("setup", "country", action="setup.group")
    async def country(self, press: Press) -> None:
        """Choose the country."""
        await self._tell(press, press.key, country=_first(press))

    @pressed("setup", "zone", action="setup.group")
    async def zone(self, press: Press) -> None:
        """Choose the time zone."""
        await self._tell(press, press.key, timezone=_first(press))

    @pressed("setup", "quiet", action="setup.group")
    async def quiet(self, press: Press) -> None:
        """Choose the quiet hours."""
        await self._tell(press, press.key, quiet=_first(press))

    @pressed("setup", "other", action="setup.group")
    async def other(self, press: Press) -> None:
        """Ask for what the select doesn't hold."""
        part, where = _part_and_place(press.key)
        await press.answer.ask(group.form(part, where))

    @pressed("setup", "typed", action="setup.group")
    async def typed(self, press: Press) -> None:
        """Take what was typed; words that could mean several zones bring these into the select."""
        part, where = _part_and_place(press.key)
        words = press.words("words")
        try:
            await self._tell(press, where, submission=press.submission, **{_PARTS[part]: words})
        except Refusal as refusal:
            if refusal.key not in _SEVERAL:
                raise
            overview = await self._service.overview(DiscordServer.of(press.interaction).guild_id)
            zones = find_zones(words, now=self._clock.now(), country=overview.profile.country)
            note = t(refusal.key, **refusal.data)
            await press.answer.redraw(await self._drawing.group(press.interaction, where, note, zones))

    async def _tell(self, press: Press, where: str, **told: str) -> None:
        kept = await self._service.tell(DiscordServer.of(press.interaction).guild_id, **told)
        await press.answer.redraw(await self._drawing.group(press.interaction, where, group.kept(kept)))

    @pressed("setup", "role", action="setup.role")
    async def role(self, press: Press) -> None:
        """Pick a role."""
        chosen = await self._parts.choose_role(DiscordServer.of(press.interaction), press.key, _id(_first(press)))
        await press.answer.redraw(await self._drawing.step(press.interaction, "roles", receipts.role_chosen(chosen)))

    @pressed("setup", "channel", action="setup.channel")
    async def channel(self, press: Press) -> None:
        """Pick a channel."""
        chosen = await self._parts.choose_channel(DiscordServer.of(press.interaction), press.key, _id(_first(press)))
        await press.answer.redraw(
            await self._drawing.step(press.interaction, "channels", receipts.channel_chosen(chosen))
        )

    @pressed("setup", "plan", action="setup.guide")
    async def plan(self, press: Press) -> None:
        """Show what would be made."""
        plan = await self._workshop.plan(DiscordServer.of(press.interaction), _making(press.key))
        await press.answer.redraw(guide.confirm(press.key, plan))

    @pressed("setup", "adopt", action="setup.guide")
    async def adopt(self, press: Press) -> None:
        """Use what the group has under the same names."""
        part = _making(press.key)
        found = await self._workshop.adopt(DiscordServer.of(press.interaction), part)
        await press.answer.redraw(await self._drawing.step(press.interaction, part, guide.adopted(part, found)))

    @pressed("setup", "make", action="setup.guide")
    async def make(self, press: Press) -> None:
        """Make what is missing: say so at once, then do it, then tell what was made."""
        part = _making(press.key)
        server = DiscordServer.of(press.interaction)
        await press.answer.redraw(guide.working(part))
        made = await (self._workshop.channels(server) if part == "channels" else self._workshop.roles(server))
        if made.lacking or made.stopped:
            link = invite_link(press.interaction.client.application_id, server.guild_id)
            await press.answer.redraw(guide.stopped(part, made, link))
            return
        fresh = frozenset((*made.new.values(), *made.found.values()))
        await press.answer.redraw(await self._drawing.step(press.interaction, part, guide.made(part, made), fresh))

    @pressed("setup", "power", action="setup.role")
    async def power(self, press: Press) -> None:
        """Explain Timeout Members."""
        await press.answer.redraw(guide.power(_id(press.key)))

    @pressed("setup", "power_way", action="setup.role")
    async def power_way(self, press: Press) -> None:
        """Show the way without the permission."""
        await press.answer.redraw(guide.power(_id(press.key), way=True))

    @pressed("setup", "empower", action="setup.role")
    async def empower(self, press: Press) -> None:
        """Give the moderator role Timeout Members."""
        role_id = _id(press.key)
        may = may_pass_on_timeouts(press.interaction, role_id)
        result = await self._parts.empower(DiscordServer.of(press.interaction), role_id, may_pass_on=may)
        if result.done:
            await press.answer.redraw(await self._drawing.step(press.interaction, "roles", guide.empowered(result)))
        else:
            await press.answer.redraw(guide.power(role_id, guide.empowered(result)))

    @pressed("setup", "look", action="setup.check")
    async def look(self, press: Press) -> None:
        """Look at everything again."""
        await press.answer.redraw(await self._drawing.check(press.interaction, press.key))

    @pressed("setup", "door", action="setup.channel")
    async def door(self, press: Press) -> None:
        """Let a team role into a private channel of theirs."""
        purpose, _, rest = press.key.partition(".")
        role, _, where = rest.partition(".")
        await self._parts.open_door(DiscordServer.of(press.interaction), purpose, role)
        await press.answer.redraw(await self._drawing.check(press.interaction, where, t("setup.door.opened")))


def _first(press: Press) -> str:
    """Return what was chosen. A picker that was emptied changes nothing: a part is given another channel, not none."""
    if not press.values:
        raise Refusal("setup.nothing_chosen")
    return press.values[0]


def _part_and_place(key: str) -> tuple[str, str]:
    part, _, where = key.partition(".")
    if part not in _PARTS:
        raise Refusal("kit.refused.outdated")
    return part, where


def _making(key: str) -> str:
    if key not in _MAKINGS:
        raise Refusal("kit.refused.outdated")
    return key


def _id(text: str) -> int:
    if not text.isdecimal():
        raise Refusal("kit.refused.outdated")
    return int(text)
