"""What a test lets people do: run commands, press, choose, type and submit, each answered as in a client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from tests.wire.discord_server import people
from tests.wire.discord_server.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, FORM, Interaction
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import Json, Problem
from tests.wire.discord_server.world import Guild

# Seconds after which a wait of a test gives up; Discord itself gives an interaction three.
PATIENCE = 10.0


class Acting:
    """The half of `WireDiscord` in which people act; `guild` None means direct messages."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @property
    def problems(self) -> list[Problem]:
        """What Discord would not have taken."""
        return self.platform.problems

    async def interaction(
        self,
        kind: int,
        data: Json,
        *,
        user: int,
        guild: Guild | None = None,
        channel: int | None = None,
        message: Json | None = None,
        patience: float | None = PATIENCE,
    ) -> Interaction:
        """Sends an INTERACTION_CREATE and waits for its callback.

        Raises AssertionError when none comes within `patience` seconds; None sends without waiting.
        """
        world = self.platform.world
        guild_id = None if guild is None else guild.id
        if channel is None and message is not None:
            channel = int(message["channel_id"])
        payload = people.payload(world, kind, data, user_id=user, guild_id=guild_id, channel_id=channel)
        if message is not None:
            payload["message"] = message
        interaction = self.platform.interactions.begin(payload, message)
        await self.platform.gateway.dispatch("INTERACTION_CREATE", payload, guild_id)
        if patience is not None:
            await self.within(patience, interaction.acknowledged.wait(), "no answer to the interaction")
        return interaction

    async def slash(
        self,
        words: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: int,
        guild: Guild | None = None,
        channel: int | None = None,
        patience: float | None = PATIENCE,
    ) -> Interaction:
        """Runs a registered slash command: `slash("me timezone", {"zone": "Asia/Tokyo"}, user=..., guild=...)`."""
        data = people.command_data(self.platform.world, words, options or {})
        return await self.interaction(COMMAND, data, user=user, guild=guild, channel=channel, patience=patience)

    async def type_in(
        self, words: str, option: str, typed: str, *, user: int, guild: Guild | None = None, **others: Any
    ) -> list[Json]:
        """Types into an option with autocomplete; returns the choices that were offered."""
        partial = people.command_data(self.platform.world, words, {**others, option: typed})
        data = people.focused(partial, option)
        answer = await self.interaction(AUTOCOMPLETE, data, user=user, guild=guild)
        assert answer.callback is not None
        choices: list[Json] = answer.callback["data"]["choices"]
        return choices

    async def press(
        self,
        message: Json,
        custom_id: str,
        values: Sequence[str | int] = (),
        *,
        user: int,
        guild: Guild | None = None,
        forged: bool = False,
        patience: float | None = PATIENCE,
    ) -> Interaction:
        """Presses a button or chooses in a select; `forged` leaves out what a real client would refuse."""
        data = people.press_data(self.platform.world, message, custom_id, values, forged=forged)
        return await self.interaction(COMPONENT, data, user=user, guild=guild, message=message, patience=patience)

    async def submit(
        self,
        opened: Interaction,
        values: Mapping[str, Any],
        *,
        user: int,
        guild: Guild | None = None,
        patience: float | None = PATIENCE,
    ) -> Interaction:
        """Sends the form that an interaction opened; doing it twice is what a double tap does."""
        data = people.form_data(opened.form, values)
        return await self.interaction(
            FORM, data, user=user, guild=guild, message=opened.source, patience=patience,
            channel=int(opened.payload["channel_id"]),
        )  # fmt: skip

    async def settled(self, interaction: Interaction, patience: float = PATIENCE) -> Interaction:
        """Waits until a deferred answer is filled in."""
        await self.within(patience, interaction.settled.wait(), "the deferred answer was never filled in")
        return interaction

    async def within(self, patience: float, wait: Awaitable[object], what: str) -> None:
        """Waits for something; raises AssertionError with the problems so far when it does not come."""
        try:
            async with asyncio.timeout(patience):
                await wait
        except TimeoutError:
            problems = "".join(f"\n{problem}" for problem in self.problems)
            raise AssertionError(f"{what} within {patience} s{problems}") from None
