"""The rules as other rooms use them: on a group's own text, and on a snippet that is about to be shown."""

from __future__ import annotations

from bot.content.model import Snippet
from bot.content.safety.danger import danger_sign
from bot.content.safety.medicine import NO_DOSE_RULES
from bot.content.safety.passages import Finding


def amounts_in(text: str) -> tuple[Finding, ...]:
    """What the no-dose rules find in a text that a group wrote for its members; empty for a text that is fine.

    Findings name a rule (`dose`, `equivalent`, `schedule`, `switching`, `added substance`) and the offset; their
    message repeats words of the text, so it belongs before its writer's eyes only, never in a log.
    """
    return tuple(finding for rule in NO_DOSE_RULES for finding in rule(text))


def mentions_danger(snippet: Snippet) -> bool:
    """Whether a snippet names a danger sign, so that the emergency number of the reader's country is shown with it."""
    return danger_in(f"{snippet.title}\n{snippet.body}")


def danger_in(text: str) -> bool:
    """Whether a text names a danger sign, so that the emergency number of the reader's country is shown with it."""
    return bool(danger_sign(text))
