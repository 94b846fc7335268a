"""What looks at somebody's words before the bot posts them: the contract between who posts and who screens."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.discordkit.panels import Block

Screener = Callable[[int, int, Sequence[str]], Awaitable[tuple[Block, ...] | None]]


@dataclass
class Screening:
    """Whoever can tell signs of danger registers a look; whoever posts a person's words asks first.

    The words are shown to the looks and to nobody else: no look keeps or logs them. Its writer decides what happens to
    a text that is held back: share it, show it to the team alone, or keep it private.
    """

    _looks: list[Screener] = field(default_factory=list)

    def register(self, look: Screener) -> None:
        """Ask `look` (a server's id, a person's id, their texts) as well from now on."""
        self._looks.append(look)

    async def hold(self, guild_id: int, user_id: int, texts: Sequence[str]) -> tuple[Block, ...] | None:
        """Return what to show the writer first, privately, where any text shows that they may be in danger now.

        None otherwise. Nothing is read or written for texts without such signs.
        """
        for look in self._looks:
            blocks = await look(guild_id, user_id, texts)
            if blocks is not None:
                return blocks
        return None
