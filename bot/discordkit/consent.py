"""The consent gate: asks once for each version of the policy, before anything about a person is stored.

What the person wanted travels in the button's own id, so pressing "I agree" carries it on, also after a restart.
Nothing is stored before that press; "Not now" stores nothing at all.
"""

from collections.abc import Awaitable, Callable

import discord

from bot.discordkit.answer import Answer, AnyInteraction
from bot.discordkit.custom_ids import encode
from bot.discordkit.panels import Button, Panel, Text, buttons, say
from bot.discordkit.router import Press, pressed
from bot.errors import Refusal
from bot.members import Consents
from bot.storage import ConditionFailed, Database
from bot.text import t

_SEPARATOR = "~"
Wish = Callable[[AnyInteraction, str], Awaitable[None]]


class ConsentGate:
    """Lets a wish through at once where consent is given, and after "I agree" where it is not yet."""

    def __init__(self, database: Database, consents: Consents) -> None:
        self._database = database
        self._consents = consents
        self._wishes: dict[str, Wish] = {}
        self._looking_themselves: set[str] = set()

    def register(self, name: str, wish: Wish, *, looks_itself: bool = False) -> None:
        """Name something that stores data, so that the gate can carry it out. Raises `ValueError` for a name taken.

        A wish that `looks_itself` writes under `Consents.condition` alone; the gate then needs no look of its own.
        """
        if name in self._wishes:
            raise ValueError(f"{name} is registered already")
        self._wishes[name] = wish
        if looks_itself:
            self._looking_themselves.add(name)

    async def through(self, interaction: AnyInteraction, name: str, argument: str = "") -> None:
        """Carry out the wish `name` with `argument`, asking for consent first where it is missing.

        `argument` travels in a custom id: short, opaque, at most about 60 characters, never a person's free words.
        """
        guild_id = interaction.guild_id
        if guild_id is None:
            raise Refusal("kit.refused.server_only")
        if name in self._looking_themselves or await self._consents.agreed(guild_id, interaction.user.id):
            try:
                await self._wishes[name](interaction, argument)
            except ConditionFailed:
                await Answer.to(interaction).show(self._question(name, argument))
        else:
            await Answer.to(interaction).show(self._question(name, argument))

    def _question(self, name: str, argument: str) -> Panel:
        version = self._consents.version
        return Panel(
            (
                Text(t("privacy.consent.ask")),
                buttons(
                    Button(
                        t("privacy.consent.agree.label"),
                        encode("consent", "agree", _SEPARATOR.join((version, name, argument))),
                        discord.ButtonStyle.success,
                    ),
                    Button(t("privacy.consent.later.label"), encode("consent", "later")),
                ),
            )
        )

    @pressed("consent", "agree", action="privacy.consent")
    async def agree(self, press: Press) -> None:
        """Keep the consent and carry on with what the person wanted."""
        version, _, rest = press.key.partition(_SEPARATOR)
        name, _, argument = rest.partition(_SEPARATOR)
        wish = self._wishes.get(name)
        if wish is None or version != self._consents.version or press.who.guild_id is None:
            raise Refusal("kit.refused.outdated")
        async with self._database.write() as writer:
            await self._consents.agree(writer, press.who.guild_id, press.who.user_id)
        await wish(press.interaction, argument)

    @pressed("consent", "later", action="privacy.consent")
    async def later(self, press: Press) -> None:
        """Store nothing and say so."""
        await press.answer.redraw(say(t("privacy.consent.declined")))
