"""A discord.py bot with nothing of ours in it: what it does over the wire proves the loopback server."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire.discord_server import WireDiscord


@contextmanager
def pointed_at(wire: WireDiscord) -> Iterator[None]:
    """Lets discord.py talk to the loopback server, and to Discord again afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = wire.url, yarl.URL(wire.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


class BareBot(commands.AutoShardedBot):
    """Counts its events and has one command for each way of answering."""

    def __init__(self, *, intents: discord.Intents | None = None, **options: Any) -> None:
        options.setdefault("guild_ready_timeout", 0.05)
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=intents or discord.Intents(guilds=True, guild_messages=True),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.seen: Counter[str] = Counter()
        self.happened = asyncio.Condition()
        self.errors: list[Exception] = []
        self.tree.add_command(note)
        self.tree.add_command(later)
        self.tree.add_command(form)
        self.tree.add_command(pick)
        self.tree.error(self._keep_error)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Leaves out the five seconds that discord.py waits before a second identify."""

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event_name, *args, **kwargs)
        self.seen[event_name] += 1
        asyncio.get_running_loop().create_task(self._tell())

    async def until_seen(self, event: str, times: int = 1) -> None:
        """Waits until discord.py has told an event so often; raises TimeoutError after ten seconds."""
        async with asyncio.timeout(10), self.happened:
            await self.happened.wait_for(lambda: self.seen[event] >= times)

    async def _tell(self) -> None:
        async with self.happened:
            self.happened.notify_all()

    async def _keep_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(getattr(error, "original", error))
        await self._tell()


@app_commands.command(description="Answers at once")
async def note(interaction: discord.Interaction[BareBot], text: str, who: discord.Member | None = None) -> None:
    view = discord.ui.LayoutView(timeout=1)
    row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
    row.add_item(discord.ui.Button(label="Again", custom_id="bare:again"))
    view.add_item(discord.ui.Container(discord.ui.TextDisplay(f"Noted: {text} {who or ''}"), row))
    await interaction.response.send_message(view=view, ephemeral=True)
    view.stop()


@note.autocomplete("text")
async def note_text(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}!", value=current)]


@app_commands.command(description="Answers in two steps")
async def later(interaction: discord.Interaction[BareBot]) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send("Here it is", wait=True)
    await interaction.followup.send("And this, for everybody", wait=True)


class Form(discord.ui.Modal, title="A form"):
    """One text field under a label."""

    words: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="Your words", component=discord.ui.TextInput(custom_id="words", max_length=100)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.words.component, discord.ui.TextInput)
        await interaction.response.send_message(f"You wrote: {self.words.component.value}", ephemeral=True)


@app_commands.command(description="Opens a form")
async def form(interaction: discord.Interaction[BareBot]) -> None:
    await interaction.response.send_modal(Form(custom_id=f"form:{interaction.id}", timeout=60))


class RoleChoice(discord.ui.RoleSelect[discord.ui.View]):
    """Writes the chosen role into its own message."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content=f"Chosen: {self.values[0].name}", view=None)
        assert self.view is not None
        self.view.stop()


@app_commands.command(description="Shows a select")
async def pick(interaction: discord.Interaction[BareBot]) -> None:
    view = discord.ui.View(timeout=60)
    view.add_item(RoleChoice(custom_id="bare:role"))
    await interaction.response.send_message("Choose", view=view)


@asynccontextmanager
async def running(bot: commands.AutoShardedBot, wire: WireDiscord) -> AsyncIterator[asyncio.Task[None]]:
    """Starts a bot and closes it afterwards; what ended it early is raised unless the test awaited the task."""
    with pointed_at(wire):
        task = asyncio.create_task(bot.start(wire.token))
        try:
            yield task
        finally:
            failed = task.done() and not task.cancelled()
            await bot.close()
            if not failed:
                await task
