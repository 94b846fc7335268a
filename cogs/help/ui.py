"""How a page of help looks: the way to help first, then the words, then the other pages."""

import discord

from bot.discordkit import Button, Choose, Option, Panel, Text, buttons, encode
from bot.text import t


def help_panel(topic: str, offered: tuple[str, ...]) -> Panel:
    """Draw one page."""
    options = tuple(
        Option(t(f"help.topics.{one}.choice"), one, t(f"help.topics.{one}.hint"), chosen=one == topic)
        for one in offered
    )
    return Panel(
        (
            buttons(Button(t("help.sos.label"), encode("care", "now"), discord.ButtonStyle.danger)),
            Text(t(f"help.topics.{topic}.body")),
            Choose(encode("help", "topic"), t("help.placeholder"), options),
            Text(t("help.footer")),
        )
    )
