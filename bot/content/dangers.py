"""What screening reads of `data/screening/`: phrases that show danger, and what calms them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.content.phrases import Phrase

DangerCategory = Literal["self_harm_now", "emergency_now"]
Tense = Literal["now", "just_now"]
GuardPlace = Literal["before", "clause", "sentence"]

CATEGORIES: tuple[DangerCategory, ...] = ("self_harm_now", "emergency_now")
TENSES: tuple[Tense, ...] = ("now", "just_now")
PLACES: tuple[GuardPlace, ...] = ("before", "clause", "sentence")


@dataclass(frozen=True, slots=True)
class DangerFamily:
    """Phrases that say one thing; `just_now` ones are told in words that old stories are told in, too."""

    name: str
    category: DangerCategory
    tense: Tense
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class DangerGuard:
    """Phrases that make a found one harmless where they stand `before` it, in its clause or in its sentence.

    One of `unless` in the same place takes that back. Empty `categories` or `tenses` mean all of them.
    """

    name: str
    place: GuardPlace
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...] = ()
    categories: tuple[str, ...] = ()
    tenses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreeningRules:
    """All of `data/screening/`. `harmless` are idioms and titles; `own_voice` opens quotation marks of one's own."""

    families: tuple[DangerFamily, ...] = ()
    guards: tuple[DangerGuard, ...] = ()
    harmless: tuple[Phrase, ...] = ()
    own_voice: tuple[Phrase, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
