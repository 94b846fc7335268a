"""Options of commands: a channel is taken by its id, whether the bot sees it or not."""

from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.discordkit import WRITABLE, ChannelId, TextChannelId


@dataclass
class Picked:
    """As much as discord.py knows of a channel that somebody picked and the bot can't see."""

    id: str


@pytest.mark.parametrize("option", [ChannelId(), TextChannelId()])
async def test_a_channel_that_the_bot_can_not_see_is_still_an_id(option: ChannelId) -> None:
    interaction: Any = None
    assert await option.transform(interaction, Picked("4194304")) == 4194304


def test_discords_own_picker_offers_what_can_be_written_in() -> None:
    told = _option(ChannelId)
    assert told["type"] == discord.AppCommandOptionType.channel.value
    assert told["channel_types"] == [kind.value for kind in WRITABLE]
    assert discord.ChannelType.voice.value not in told["channel_types"]


def test_a_daily_post_goes_only_where_a_thread_fits() -> None:
    kinds = _option(TextChannelId)["channel_types"]
    assert kinds == [discord.ChannelType.text.value, discord.ChannelType.news.value]


def _option(transformer: type[ChannelId]) -> dict[str, Any]:
    """The option of a command as Discord is told it."""

    async def post(interaction: discord.Interaction, channel: Any) -> None:
        """Takes a channel."""

    post.__annotations__ = {
        "interaction": discord.Interaction,
        "channel": app_commands.Transform[int, transformer],
        "return": None,
    }
    command: app_commands.Command[Any, ..., None] = app_commands.Command(name="post", description="x", callback=post)
    client = discord.Client(intents=discord.Intents.none())
    told: list[dict[str, Any]] = command.to_dict(app_commands.CommandTree(client))["options"]
    return told[0]
