"""The one way to answer an interaction: acknowledged within a second, private unless public by design.

Discord gives three seconds for the first answer. An `Answer` waits `PATIENCE` for the handler and then acknowledges by
itself, so slow work never shows as "the application did not respond". The first follow-up after a defer takes the
defer's visibility, whatever it asks for; so an answer's visibility is fixed when it is made, and a private one defers
privately.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import discord

from bot.discordkit.forms import Form
from bot.discordkit.line import NO_LINE
from bot.discordkit.panels import Panel
from bot.errors import Refusal
from bot.ids import Ids

# Seconds. A third of what Discord allows, and inside our own promise of one second.
PATIENCE = 0.8

NOBODY = discord.AllowedMentions.none()
_ALREADY_ACKNOWLEDGED = 40060
_EXTRA = "evenkeel.answer"

_log = logging.getLogger(__name__)

AnyInteraction = discord.Interaction[discord.Client]


class Answer:
    """What may still be said to one interaction."""

    def __init__(self, interaction: AnyInteraction, ids: Ids, *, public: bool = False) -> None:
        self._interaction = interaction
        self._ids = ids
        self._public = public
        self._turn = asyncio.Lock()
        self._alarm: asyncio.TimerHandle | None = None
        self._deferring: asyncio.Task[None] | None = None
        self._deferred = False
        self._said = False
        interaction.extras[_EXTRA] = self

    @classmethod
    def to(cls, interaction: AnyInteraction) -> "Answer":
        """Return the answer the front desk opened for this interaction. Raises `KeyError` outside of a handler."""
        answer = interaction.extras[_EXTRA]
        assert isinstance(answer, cls)  # noqa: S101 - narrows discord.py's untyped extras
        return answer

    @property
    def said(self) -> bool:
        """Whether a person has seen any answer yet (an acknowledgement alone is none)."""
        return self._said

    @contextmanager
    def on_time(self) -> Iterator["Answer"]:
        """Acknowledge by itself when the work inside takes longer than `PATIENCE`."""
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(PATIENCE, self._late)
        try:
            yield self
        finally:
            self._alarm.cancel()

    def _late(self) -> None:
        self._deferring = asyncio.get_running_loop().create_task(self._defer(), name="evenkeel: acknowledge")

    async def _defer(self) -> None:
        async with self._turn:
            if self._acknowledged:
                return
            try:
                if self._on_message:
                    await self._interaction.response.defer()
                else:
                    await self._interaction.response.defer(ephemeral=not self._public, thinking=True)
            except discord.HTTPException as error:
                # Unless an earlier try was taken after all, the answer itself is still the first one to send.
                _log.warning("acknowledging failed: %s %s", error.status, error.code)
                self._deferred = error.code == _ALREADY_ACKNOWLEDGED
            except NO_LINE as error:
                _log.warning("acknowledging failed: %s", type(error).__name__)
            else:
                self._deferred = True

    @property
    def _acknowledged(self) -> bool:
        return self._deferred or self._interaction.response.is_done()

    @property
    def _on_message(self) -> bool:
        return self._interaction.message is not None

    async def show(self, panel: Panel, *, aside: bool = False) -> None:
        """Show a message: the answer to a command, a private message beside a press. Later calls are follow-ups.

        With `aside` a public answer is private too, as long as no public acknowledgement has gone out before it.
        """
        private = aside or not self._public
        view = panel.draw()
        files = panel.files()
        async with self._turn:
            if not self._acknowledged:
                await self._first(
                    self._interaction.response.send_message(
                        view=view, files=files, ephemeral=private, allowed_mentions=NOBODY
                    )
                )
            elif self._deferred and not self._said and not self._on_message:
                await self._interaction.edit_original_response(view=view, attachments=files, allowed_mentions=NOBODY)
            else:
                await self._interaction.followup.send(
                    view=view, files=files, ephemeral=private, allowed_mentions=NOBODY
                )
            self._said = True

    async def redraw(self, panel: Panel) -> None:
        """Put `panel` in the place of the message the pressed item sits on; without one, show it."""
        if not self._on_message:
            await self.show(panel)
            return
        view = panel.draw()
        async with self._turn:
            if self._acknowledged:
                await self._interaction.edit_original_response(
                    view=view, attachments=panel.files(), allowed_mentions=NOBODY
                )
            else:
                await self._first(
                    self._interaction.response.edit_message(
                        view=view, attachments=panel.files(), allowed_mentions=NOBODY
                    )
                )
            self._said = True

    async def ask(self, form: Form) -> None:
        """Open a form. Raises `Refusal` where the acknowledgement has already been sent: forms must come first."""
        async with self._turn:
            if self._acknowledged:
                raise Refusal("kit.slow_form")
            await self._first(self._interaction.response.send_modal(form.draw(self._ids)))
            self._said = True

    async def _first(self, sending: "asyncio.Future[object] | object") -> None:
        """Send the first answer. "Already acknowledged" means that a retried call had been taken the first time."""
        try:
            await sending  # type: ignore[misc]
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:
                raise
            self._deferred = True
            _log.info("an answer had already been taken: %s", error.code)
