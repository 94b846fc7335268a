"""What a check-in may be called: members read it alone, without the words that belong beside a medicine."""

import re
from collections.abc import Iterable

from bot.content import title_key
from bot.content.group import seen, text_faults
from bot.content.safety.danger import speaks_of_change
from bot.errors import Refusal
from cogs.checkins.rules import LONGEST_NAME

_MARKUP = re.compile(r"[*`\\|~\[\]]|__+|^\s*(?:[#>-]+\s+)+")
_READ = 500
"""Characters read of a name that is far too long."""
# A group may be about tapering: its name says so and advises nothing.
_A_SUBJECT = re.compile(r"(?:taper|withdraw)", re.IGNORECASE)


def tidied_name(name: str) -> str:
    """Return a name without what nobody means: unseen characters, outer spaces, markup. Twice changes nothing."""
    before, name = "", " ".join(seen(name[:_READ]).split())
    while name != before:
        before, name = name, " ".join(_MARKUP.sub(" ", name).split())
    return name


def name_key(name: str) -> str:
    """Return what two names share that a person could not tell apart."""
    return title_key(tidied_name(name))


def shown_name(name: str) -> str:
    """Return a tidied name as it stands in a sentence: the one sign of markup left in it marks nothing up."""
    return name.replace("_", r"\_")


def name_fault(name: str, others: Iterable[str], dialled: frozenset[str]) -> Refusal | None:
    """Return what stands against a tidied name beside the `others` of its group; None for one that is fine.

    `dialled` are the numbers of the support lines (`bot.content.dialled_numbers`).
    """
    if not any(map(str.isalnum, name)):
        return Refusal("checkins.name.empty")
    if len(name) > LONGEST_NAME:
        return Refusal("checkins.name.long", length=len(name), most=LONGEST_NAME)
    for rule, words in text_faults(name, dialled):
        known = rule if rule in ("mention", "phone_number", "unseen") else "medicine"
        return Refusal(f"checkins.name.{known}", words=words)
    words = speaks_of_change(name)
    if words and not _A_SUBJECT.match(words):
        return Refusal("checkins.name.medicine", words=words)
    if name_key(name) in map(name_key, others):
        return Refusal("checkins.name.taken", words=name)
    return None
