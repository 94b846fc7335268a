"""The rehearsal: the whole, real bot in a Discord simulated on this machine, with a page to try it in."""

from rehearsal.run import main

__all__ = ["main"]
