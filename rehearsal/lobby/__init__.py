"""The rehearsal's page: choose who you are and where, move the clock, follow the tour."""

from rehearsal.lobby.house import House
from rehearsal.lobby.server import serving

__all__ = ["House", "serving"]
