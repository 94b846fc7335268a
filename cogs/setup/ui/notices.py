"""What the team is told in its own channel."""

from bot.discordkit import CAREFUL, Panel, say
from bot.text import t


def gone(part: str, purpose: str) -> Panel:
    """That a channel or role the group uses was deleted; `part` is `channel` or `role`."""
    name = t(f"setup.{part}s.purpose.{purpose}")
    return say(t(f"setup.gone.{part}", purpose=name, so=t(f"setup.gone.so.{part}.{purpose}")), colour=CAREFUL)
