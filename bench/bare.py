"""The measure: a bare discord.py bot whose one command writes a member's row with aiosqlite and says so.

Started by `python -m bench` with BENCH_API_URL, BENCH_TOKEN and BENCH_DATABASE in the environment.
"""

from __future__ import annotations

import os
import time

import aiosqlite
import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

_TABLE = """
CREATE TABLE IF NOT EXISTS members (
    guild_id BIGINT NOT NULL, user_id BIGINT NOT NULL, timezone TEXT, updated_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
)
"""
_SAVE = """
INSERT INTO members (guild_id, user_id, timezone, updated_at) VALUES (?, ?, ?, ?)
ON CONFLICT (guild_id, user_id) DO UPDATE SET timezone = excluded.timezone, updated_at = excluded.updated_at
"""


class BareBot(commands.AutoShardedBot):
    """As little as a discord.py bot with a slash command and a database can be."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=discord.Intents(guilds=True),
            chunk_guilds_at_startup=False,
        )
        self.database = database

    async def setup_hook(self) -> None:
        self.tree.add_command(me)
        await self.tree.sync()


me = app_commands.Group(name="me", description="What is kept about you")


@me.command(description="Sets your time zone")
@app_commands.describe(zone="Your time zone")
async def timezone(interaction: discord.Interaction[BareBot], zone: str) -> None:
    database = interaction.client.database
    await database.execute(_SAVE, (interaction.guild_id, interaction.user.id, zone, time.time_ns() // 1_000_000))
    await database.commit()
    await interaction.response.send_message(f"Saved: {zone}", ephemeral=True)


async def main() -> None:
    """Runs until the process is ended."""
    discord.utils.setup_logging(level=30)
    Route.BASE = os.environ["BENCH_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(Route.BASE.replace("http", "ws")).origin()
    async with aiosqlite.connect(os.environ["BENCH_DATABASE"]) as database:
        await database.execute("PRAGMA journal_mode=WAL")
        await database.execute("PRAGMA synchronous=FULL")
        await database.execute(_TABLE)
        await database.commit()
        await BareBot(database).start(os.environ["BENCH_TOKEN"])


if __name__ == "__main__":
    import asyncio

    asyncio.run(main())
