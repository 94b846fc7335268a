"""The step between a facilitator's press and a post for everyone, and what came of it."""

import discord

from bot.content import Snippet
from bot.discordkit import CAREFUL, Block, Button, Panel, Text, buttons, encode, say
from bot.text import t
from cogs.learn.ui.reading import SEPARATOR


def confirm_panel(snippet: Snippet, channel_id: int, mark: str, notice: str = "") -> Panel:
    """Draw the question; `mark` lets this one question post once, `notice` tells why it is asked again."""
    key = f"{snippet.id}{SEPARATOR}{mark}"
    blocks: list[Block] = [Text(t("learn.post.ask", title=snippet.title, channel=f"<#{channel_id}>"))]
    if snippet.tone == "careful":
        blocks.append(Text(t("learn.post.careful")))
    if notice:
        blocks.append(Text(notice))
    blocks.append(
        buttons(
            Button(t("learn.post.yes.label"), encode("learn", "publish", key), discord.ButtonStyle.success),
            Button(t("learn.post.no.label"), encode("learn", "leave")),
        )
    )
    return Panel(tuple(blocks), CAREFUL)


def posted_panel(snippet: Snippet, guild_id: int, channel_id: int, message_id: int) -> Panel:
    """Draw that it is posted, with the way to it."""
    link = f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"
    return say(t("learn.post.done", title=snippet.title, channel=f"<#{channel_id}>", link=link))


def left_panel(key: str) -> Panel:
    """Draw that nothing was posted; `key` is the text that says why."""
    return say(t(key))
