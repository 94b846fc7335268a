"""Who reads, and where their presses may be answered."""

from bot.discordkit import AnyInteraction, Standings
from bot.errors import Refusal
from bot.policy import decide
from cogs.learn.service import Visitor


class Visitors:
    """Reads afresh who somebody is, for every command and press."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings

    async def of(self, interaction: AnyInteraction) -> Visitor:
        """Return who stands before the library. Raises `Refusal` in direct messages."""
        who = await self._standings.full(interaction)
        if who.guild_id is None:
            raise Refusal("kit.refused.server_only")
        return Visitor(who.guild_id, who.user_id, family=who.family, may_post=decide("learn.post", who).allowed)


def page_number(key: str) -> int:
    """Return the page that an id names; 0 for anything else."""
    return int(key) if key.isdecimal() and len(key) < 5 else 0
