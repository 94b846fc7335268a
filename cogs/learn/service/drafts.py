"""What somebody wrote in the form of a reading, and what came of it."""

import hashlib
import json
from dataclasses import dataclass

from bot.content import GroupFault, Snippet
from cogs.learn.rules import sources_written
from cogs.learn.store import OwnSnippet

_STAMP = 12


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A reading as somebody wrote it in the form; `tags` are words between commas."""

    title: str
    body: str
    topic: str
    question: str = ""
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The reading is kept as it stands here; `already` when this form or press had been counted before."""

    own: OwnSnippet
    already: bool = False


@dataclass(frozen=True, slots=True)
class Unfit:
    """Nothing was kept, for these reasons."""

    faults: tuple[GroupFault, ...]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Nothing was kept: the reading has changed since it was opened (`current`), or is gone (None)."""

    current: OwnSnippet | None


Outcome = Written | Unfit | Overtaken


def draft_of(snippet: Snippet) -> OwnDraft:
    """Return a reading's words as the form takes them."""
    return OwnDraft(snippet.title, snippet.body, snippet.topic, snippet.question, ", ".join(snippet.tags))


def words_stamp(snippet: Snippet) -> str:
    """Return what a form carries to tell later whether somebody else has changed the words since it was opened."""
    draft = draft_of(snippet)
    return _stamp(draft.title, draft.body, draft.topic, draft.question, draft.tags)


def sources_stamp(snippet: Snippet) -> str:
    """Return what a form of sources carries to tell later whether somebody else has changed them."""
    return _stamp(sources_written(snippet.claims))


def _stamp(*words: str) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:_STAMP]
