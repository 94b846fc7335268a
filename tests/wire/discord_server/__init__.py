"""A small real Discord on loopback: HTTP API v10 and gateway, checked against Discord's own description."""

from tests.wire.discord_server.interactions import Interaction
from tests.wire.discord_server.limits import Fault
from tests.wire.discord_server.server import WireDiscord
from tests.wire.discord_server.values import Call, Problem
from tests.wire.discord_server.world import Guild

__all__ = ["Call", "Fault", "Guild", "Interaction", "Problem", "WireDiscord"]
