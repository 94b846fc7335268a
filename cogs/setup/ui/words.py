"""The small pieces that all panels of `/setup` are made of."""

from collections.abc import Iterable
from datetime import datetime

from bot.discordkit import Block, Divider, Text
from bot.permissions import Permission
from bot.text import t
from bot.times import show_clock
from cogs.setup.rules.fit import Viewer

# Where a panel stands: within the guide, or alone after a command of its own.
GUIDE = "guide"
ALONE = "alone"


def channel(channel_id: int | None) -> str:
    """Return a channel as a mention."""
    return f"<#{channel_id}>"


def role(role_id: int | None) -> str:
    """Return a role as a mention; the panels never ping."""
    return f"<@&{role_id}>"


def who(viewer: Viewer) -> str:
    """Return a role or a person as a mention; the panels never ping."""
    return f"<@{viewer.who}>" if viewer.person else role(viewer.who)


def needs(permissions: Iterable[Permission]) -> str:
    """Return permissions as Discord's settings name them."""
    return ", ".join(f"**{permission.shown}**" for permission in permissions)


def moment(when: datetime) -> str:
    """Return a moment that everybody's app shows in their own time."""
    return f"<t:{int(when.timestamp())}:F>"


def span(when: datetime) -> str:
    """Return how far away a moment is, in words of the app."""
    return f"<t:{int(when.timestamp())}:R>"


def hours(quiet: tuple[int, int]) -> str:
    """Return quiet hours in the form that people may type."""
    return f"{show_clock(quiet[0])}-{show_clock(quiet[1])}"


def months(count: int) -> str:
    """Return a number of months in words."""
    return t("setup.retention.months", count=count)


def notes(note: str | None) -> tuple[Block, ...]:
    """Return what has just happened, set off from what follows; nothing for no note."""
    return (Text(note), Divider()) if note else ()
