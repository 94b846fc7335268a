"""What every feature needs to know of a group: its place in the world, its channels and roles, whether it rests."""

from bot.guilds.model import (
    CHANNEL_PURPOSES,
    GROUP_KINDS,
    PRIVATE_PURPOSES,
    RETENTION_MONTHS,
    ROLE_PURPOSES,
    GuildProfile,
)
from bot.guilds.store import Guilds

__all__ = [
    "CHANNEL_PURPOSES",
    "GROUP_KINDS",
    "PRIVATE_PURPOSES",
    "RETENTION_MONTHS",
    "ROLE_PURPOSES",
    "GuildProfile",
    "Guilds",
]
