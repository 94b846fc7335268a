"""Where a check-in may be posted, looked at afresh: both the bot and the moderator have to be able to write there."""

from bot.discordkit import AnyInteraction, place_fault
from bot.permissions import posting_needs
from bot.text import t


def channel_fault(interaction: AnyInteraction, channel_id: int, *, thread: bool, person: bool = True) -> str | None:
    """Return what stands against posting there now: for the bot, and where asked for the `person`."""
    fault = place_fault(interaction, channel_id, posting_needs("check-ins", thread=thread), person=person)
    return t(f"checkins.panel.{fault.reason}", **fault.names) if fault else None
