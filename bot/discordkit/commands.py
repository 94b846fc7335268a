"""Slash commands: one decorator names a command, describes it from the catalogue and puts it under the policy."""

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discordkit.answer import Answer
from bot.policy import ACTIONS, Audience, Standing
from bot.text import t

if TYPE_CHECKING:
    from bot.client import Evenkeel

    Interaction = discord.Interaction[Evenkeel]
else:
    Interaction = discord.Interaction

# A cog's method: (cog, interaction, options...). What the options may be, discord.py checks when the class is made.
Callback = Callable[..., Coroutine[Any, Any, None]]

# Discord's defaults hide a root command from people who could not use it; the policy decides again on every use.
_DEFAULTS: dict[Audience, discord.Permissions] = {
    Audience.ADMIN: discord.Permissions(manage_guild=True),
    Audience.MODERATOR: discord.Permissions(moderate_members=True),
}


def root(name: str, *, audience: Audience = Audience.MEMBER, text: str | None = None) -> app_commands.Group:
    """Return a root command with subcommands; `text` is the catalogue prefix of its description (default: `name`)."""
    return app_commands.Group(
        name=name,
        description=t(f"{text or name}.description"),
        default_permissions=_DEFAULTS.get(audience),
        **_places(audience),
    )


def slash(
    parent: app_commands.Group | None,
    text: str,
    *,
    action: str,
    name: str | None = None,
    public: bool = False,
) -> Callable[[Callback], Any]:
    """Make a slash command of a cog's method.

    `text` is the catalogue prefix: `<text>.description`, and `<text>.<option>.description` for each option. The
    command's name is its last part unless `name` says otherwise. `action` is what the policy is asked; `public`
    answers openly.
    """
    audience = ACTIONS[action]

    def decorate(callback: Callback) -> Any:
        @functools.wraps(callback)
        async def guarded(cog: Any, interaction: Interaction, *args: Any, **kwargs: Any) -> None:
            async def work(answer: Answer, who: Standing) -> None:
                await callback(cog, interaction, *args, **kwargs)

            await interaction.client.front_desk.serve(interaction, action, work, public=public)

        method: Any = guarded
        options = list(inspect.signature(callback).parameters)[2:]
        app_commands.describe(**{option: t(f"{text}.{option}.description") for option in options})(method)
        details: dict[str, Any] = {
            "name": name or text.rsplit(".", 1)[-1],
            "description": t(f"{text}.description"),
            "extras": {"action": action},
        }
        if parent is not None:
            return parent.command(**details)(method)
        return _placed(app_commands.command(**details)(method), audience)

    return decorate


def _placed(command: app_commands.Command[Any, ..., None], audience: Audience) -> app_commands.Command[Any, ..., None]:
    places = _places(audience)
    command.guild_only = places["guild_only"]
    command.allowed_contexts = places["allowed_contexts"]
    command.allowed_installs = places["allowed_installs"]
    command.default_permissions = _DEFAULTS.get(audience)
    return command


def _places(audience: Audience) -> dict[str, Any]:
    """Where a root command can be used: what is for anyone is also in direct messages and installed by a person."""
    anywhere = audience is Audience.ANYONE
    return {
        "guild_only": not anywhere,
        "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=anywhere, private_channel=False),
        "allowed_installs": app_commands.AppInstallationType(guild=True, user=anywhere),
    }
