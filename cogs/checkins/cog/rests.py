"""Rests from check-ins."""

from bot.discordkit import Answer, AnyInteraction, ConsentGate
from bot.errors import Refusal
from cogs.checkins.service.rests import RestService
from cogs.checkins.ui import rhythm as ui

_WISH = "checkins.pause"


class RestDesk:
    """`/checkin pause` and `/checkin resume`: a member's own rest, which nobody is told of."""

    def __init__(self, service: RestService, gate: ConsentGate) -> None:
        self._service = service
        self._gate = gate
        gate.register(_WISH, self._pause, looks_itself=True)

    async def pause(self, interaction: AnyInteraction, until: str | None) -> None:
        """Begin a rest, or give the one that goes on another end."""
        await self._gate.through(interaction, _WISH, await self._service.wish(*person(interaction), until))

    async def _pause(self, interaction: AnyInteraction, wish: str) -> None:
        paused = await self._service.pause(*person(interaction), wish)
        await Answer.to(interaction).redraw(ui.paused_panel(paused))

    async def resume(self, interaction: AnyInteraction) -> None:
        """End the rest."""
        await Answer.to(interaction).show(ui.resumed_panel(await self._service.resume(*person(interaction))))


def person(interaction: AnyInteraction) -> tuple[int, int]:
    """Return the server and the person. Raises `Refusal` outside of a server."""
    if interaction.guild_id is None:
        raise Refusal("kit.refused.server_only")
    return interaction.guild_id, interaction.user.id
