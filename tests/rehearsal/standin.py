"""A small bot that stands in for Evenkeel, so that the rehearsal is tried apart from it."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from rehearsal.clock import RehearsalClock
from rehearsal.group import Group

# The smallest picture there is.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TITLES = {"tolerance": "Tolerance in plain words", "sleep": "When sleep won't come"}
Interaction = discord.Interaction[commands.Bot]


@dataclass
class Memory:
    """What a database would hold: it outlives each bot."""

    jobs: list[tuple[datetime, int]] = field(default_factory=list)
    counted: int = 0
    words: str = ""
    zone: str | None = None
    starts: int = 0
    stuck: bool = False
    filled: dict[str, Any] = field(default_factory=dict)


def _panel(memory: Memory) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    menu: ui.Select[Any] = ui.Select(custom_id="si:zone", placeholder="Time zone")
    for zone in ("Europe/London", "Europe/Paris"):
        menu.add_option(label=zone, default=zone == memory.zone)
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"## Good evening\nPressed **{memory.counted}** times. Words: {memory.words or 'none'}"),
            ui.ActionRow(
                ui.Button(label="Say more →", custom_id="si:more"),
                ui.Button(label="Write", custom_id="si:write"),
                ui.Button(label="Not now", custom_id="si:off", disabled=True),
            ),
            ui.ActionRow(menu),
            ui.ActionRow(ui.ChannelSelect(custom_id="si:channel", placeholder="A channel")),
        )
    )
    view.stop()
    return view


class _Form(ui.Modal):
    def __init__(self) -> None:
        super().__init__(title="Your words", custom_id="si:form")
        self.add_item(ui.Label(text="Words", component=ui.TextInput(custom_id="words", default="as before")))
        group: ui.RadioGroup[Any] = ui.RadioGroup(custom_id="who")
        group.add_option(label="Just me", value="me", default=True)
        group.add_option(label="The group", value="group")
        self.add_item(ui.Label(text="Who may see this", component=group))


class _Survey(ui.Modal):
    """Every kind of field: words, round buttons, ticks, a list, a single tick."""

    def __init__(self) -> None:
        super().__init__(title="How are you?", custom_id="si:survey")
        mood: ui.RadioGroup[Any] = ui.RadioGroup(custom_id="mood")
        mood.add_option(label="Low", value="1", description="a heavy day")
        mood.add_option(label="All right", value="2")
        helped: ui.CheckboxGroup[Any] = ui.CheckboxGroup(custom_id="helped", required=False, max_values=2)
        for label in ("Walk", "Tea", "Sleep"):
            helped.add_option(label=label, value=label.lower(), default=label == "Tea")
        urge: ui.Select[Any] = ui.Select(custom_id="urge", required=False, placeholder="0 to 10")
        for number in (0, 10):
            urge.add_option(label=str(number), value=str(number))
        line: ui.TextInput[Any] = ui.TextInput(custom_id="line", required=False, max_length=12, min_length=3)
        self.add_item(ui.Label(text="Mood", description="Only you see this.", component=mood))
        self.add_item(ui.Label(text="What helped", component=helped))
        self.add_item(ui.Label(text="Urge", component=urge))
        self.add_item(ui.Label(text="One line", component=line))
        self.add_item(ui.Label(text="Count me in", component=ui.Checkbox(custom_id="in", default=True)))


def _letter() -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("A letter for you."))
    view.add_item(ui.ActionRow(ui.Button(label="Thank you", custom_id="si:thanks")))
    view.stop()
    return view


def _picture(alt: str | None) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    gallery: ui.MediaGallery[Any] = ui.MediaGallery(discord.MediaGalleryItem("attachment://week.png", description=alt))
    view.add_item(ui.Container(ui.TextDisplay("Your week"), gallery, ui.TextDisplay("That was it.")))
    view.stop()
    return view


def _week() -> discord.File:
    return discord.File(BytesIO(PIXEL), "week.png")


class StandIn(commands.Bot):
    """Answers with a panel, a form, a public post, a thread, and a job for later."""

    def __init__(self, memory: Memory, clock: RehearsalClock) -> None:
        super().__init__("!", intents=discord.Intents(guilds=True), help_command=None)
        self.memory = memory
        self.clock = clock

    async def setup_hook(self) -> None:
        self.memory.starts += 1
        for command in _commands(self.memory, self.clock):
            self.tree.add_command(command)
        await self.tree.sync()

    async def on_interaction(self, interaction: Interaction) -> None:
        data: dict[str, Any] = dict(interaction.data or {})
        match data.get("custom_id"):
            case "si:more":
                self.memory.counted += 1
                await interaction.response.edit_message(view=_panel(self.memory))
            case "si:write":
                await interaction.response.send_modal(_Form())
            case "si:zone":
                self.memory.zone = data["values"][0]
                await interaction.response.edit_message(view=_panel(self.memory))
            case "si:channel":
                await interaction.response.send_message(f"<#{data['values'][0]}> it is", ephemeral=True)
            case "si:form":
                fields = [label["component"] for label in data["components"]]
                self.memory.words = f"{fields[0]['value']} ({fields[1]['value']})"
                await interaction.response.send_message(f"Kept: {self.memory.words}", ephemeral=True)
            case "si:survey":
                fields = [label["component"] for label in data["components"]]
                self.memory.filled = {one["custom_id"]: one.get("value", one.get("values")) for one in fields}
                await interaction.response.send_message("Thank you.", ephemeral=True)
            case "si:thanks":
                await interaction.response.send_message("You're welcome.")


def _commands(memory: Memory, clock: RehearsalClock) -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.command(description="A panel")
    async def panel(interaction: Interaction) -> None:
        await interaction.response.send_message(view=_panel(memory), ephemeral=True)

    @app_commands.command(description="Read something")
    async def read(interaction: Interaction, title: str) -> None:
        await interaction.response.send_message(f"**{TITLES.get(title, 'Unknown')}**", ephemeral=True)

    @read.autocomplete("title")
    async def titles(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=name, value=key)
            for key, name in TITLES.items()
            if typed.casefold() in name.casefold()
        ]

    @app_commands.command(description="Say it to everybody")
    async def share(interaction: Interaction, where: discord.TextChannel, who: discord.Member, loud: bool) -> None:
        await where.send(f"For <@{who.id}>{'!' if loud else '.'}")
        await interaction.response.send_message("Done.", ephemeral=True)

    @app_commands.command(description="Later")
    async def later(interaction: Interaction, hours: int) -> None:
        assert interaction.channel_id is not None
        memory.jobs.append((clock.now() + timedelta(hours=hours), interaction.channel_id))
        await interaction.response.send_message("I'll come back.", ephemeral=True)

    @app_commands.command(description="A room of one's own")
    async def room(interaction: Interaction) -> None:
        assert isinstance(interaction.channel, discord.TextChannel)
        thread = await interaction.channel.create_thread(name="A quiet talk", type=discord.ChannelType.private_thread)
        await thread.add_user(interaction.user)
        await thread.send("Here we are.")
        await interaction.response.send_message("Come in.", ephemeral=True)

    @app_commands.command(description="Fails")
    async def broken(_interaction: Interaction) -> None:
        raise RuntimeError("on purpose")

    return [panel, read, share, later, room, broken, *_more_commands()]


def _more_commands() -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.command(description="A form with every kind of field")
    async def survey(interaction: Interaction) -> None:
        await interaction.response.send_modal(_Survey())

    @app_commands.command(description="A letter")
    async def letter(interaction: Interaction, who: discord.Member) -> None:
        await who.send(view=_letter())
        await interaction.response.send_message("It is on its way.", ephemeral=True)

    @app_commands.command(description="A picture")
    async def picture(interaction: Interaction) -> None:
        view = _picture("A line that climbs from Monday to Sunday.")
        await interaction.response.send_message(view=view, file=_week(), ephemeral=True)

    @app_commands.command(description="A picture without words")
    async def bare(interaction: Interaction) -> None:
        await interaction.response.send_message(view=_picture(None), file=_week(), ephemeral=True)

    return [survey, letter, picture, bare]


class StandInEngine:
    """The rehearsal's engine over the stand-in."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.was_set_up = False
        self.open_bots = 0

    @asynccontextmanager
    async def assembled(self, clock: RehearsalClock) -> AsyncIterator[StandIn]:
        self.open_bots += 1
        try:
            yield StandIn(self.memory, clock)
        finally:
            self.open_bots -= 1

    async def next_due(self, _bot: discord.Client) -> datetime | None:
        return min((due for due, _channel in self.memory.jobs), default=None)

    async def run_due(self, bot: discord.Client) -> int:
        assert isinstance(bot, StandIn)
        if self.memory.stuck:
            return 0
        due = [job for job in self.memory.jobs if job[0] <= bot.clock.now()]
        for moment, channel_id in due:
            await bot.get_partial_messageable(channel_id).send(f"Back at <t:{int(moment.timestamp())}:F>")
            self.memory.jobs.remove((moment, channel_id))
        return len(due)

    async def zone(self, _bot: discord.Client, _group: Group) -> str | None:
        return self.memory.zone

    async def set_up(self, _bot: discord.Client, _group: Group) -> None:
        self.was_set_up = True
