"""`/help [topic]`."""

from discord import app_commands
from discord.ext import commands

from bot.discordkit import Answer, Interaction, Press, Standings, pressed, slash
from bot.text import t
from cogs.help.rules import EVERYBODY, chosen_topic, topics_for
from cogs.help.ui import help_panel

_CHOICES = [app_commands.Choice(name=t(f"help.topics.{one}.choice"), value=one) for one in EVERYBODY]


class HelpCog(commands.Cog):
    """Tells everybody what they can do here, by who they are."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings

    @slash(None, "help", action="help.read")
    @app_commands.choices(topic=_CHOICES)
    async def help(self, interaction: Interaction, topic: str | None = None) -> None:
        offered = topics_for(await self._standings.full(interaction))
        await Answer.to(interaction).show(help_panel(chosen_topic(topic, offered), offered))

    @pressed("help", "topic", action="help.read")
    async def turn(self, press: Press) -> None:
        """Turn to another page."""
        offered = topics_for(await self._standings.full(press.interaction))
        await press.answer.redraw(help_panel(chosen_topic(press.values[0], offered), offered))
