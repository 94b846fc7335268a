"""The one error path: commands, presses, forms and listeners all end here.

A person sees a fixed, kind sentence; for what we did not expect it carries a reference. The log has the same reference
and the kind of error with its place in the code, never its message: messages of errors can hold people's words.
"""

import logging
import traceback

import discord
from discord import app_commands

from bot.discordkit.answer import Answer, AnyInteraction
from bot.discordkit.line import NO_LINE
from bot.discordkit.panels import CAREFUL, say
from bot.errors import Refusal
from bot.ids import Ids
from bot.metrics import Metrics
from bot.text import t

# An interaction, or the way to answer it, is gone: unknown interaction, unknown webhook, invalid webhook token.
_RUN_OUT = frozenset({10062, 10015, 50027})

_log = logging.getLogger(__name__)


class ErrorPath:
    """Turns any error of a handler into an answer and a line in the log."""

    def __init__(self, ids: Ids, metrics: Metrics) -> None:
        self._ids = ids
        self._metrics = metrics

    async def tell(self, interaction: AnyInteraction, error: BaseException) -> None:
        """Answer the person and write the log."""
        error = _cause(error)
        if interaction.type is discord.InteractionType.autocomplete:
            # Suggestions can't be answered with a sentence; the command itself will say what is wrong.
            self.record(error, where="suggestions")
            return
        sentence = self._sentence(error)
        if sentence is None:
            return
        answer: Answer = interaction.extras.get("evenkeel.answer") or Answer(interaction, self._ids)
        try:
            await answer.show(say(sentence, colour=CAREFUL), aside=True)
        except discord.HTTPException as failure:
            _log.warning("an apology could not be delivered: %s %s", failure.status, failure.code)
        except NO_LINE as failure:
            _log.warning("an apology could not be delivered: %s", type(failure).__name__)

    def _sentence(self, error: BaseException) -> str | None:
        match error:
            case Refusal():
                return t(error.key, **error.data)
            case app_commands.TransformerError():
                return t("kit.error.input")
            case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
                return t("kit.error.changed")
            case discord.HTTPException(code=code) if code in _RUN_OUT:
                _log.info("an interaction had run out before it was answered")
                return None
            case discord.Forbidden() | discord.NotFound():
                self.record(error)
                return t("kit.error.forbidden" if isinstance(error, discord.Forbidden) else "kit.error.gone")
            case _:
                return t("kit.error.unexpected", reference=self.record(error))

    def record(self, error: BaseException, where: str = "interaction") -> str:
        """Log an unexpected error without its words; return the reference that stands beside it."""
        reference = self._ids.reference()
        self._metrics.unexpected_error()
        _log.error("unexpected error %s in %s: %s", reference, where, describe(error))
        return reference


def describe(error: BaseException) -> str:
    """Return the kind of an error and the places it came through, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames[-8:]))
    detail = f" {error.status}/{error.code}" if isinstance(error, discord.HTTPException) else ""
    return f"{type(error).__name__}{detail} at {places or 'unknown'}"


def _short(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").rsplit("/", 3)[1:])


def _cause(error: BaseException) -> BaseException:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error
