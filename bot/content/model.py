"""What the library and the support lines are made of: frozen, knowing neither Discord nor a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.content.checkins import Prompt, QuestionSet
from bot.content.dangers import ScreeningRules

Audience = Literal["peers", "family", "everyone"]
Tone = Literal["calm", "careful"]
SnippetStatus = Literal["sourced", "needs_check"]
LineKind = Literal["crisis", "substance", "poison"]
LineStatus = Literal["seen", "needs_check"]

NO_DATE = "n.d."
"""The year of a source that carries none."""

ELSEWHERE = "elsewhere"
"""The code that stands for every country that has no entry of its own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a snippet says and where it can be read: `year` is four digits or `n.d.`."""

    says: str
    source: str
    year: str
    address: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A shelf of the library; topics keep the order of `data/topics.toml`."""

    key: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A short reading: at most 900 characters of Markdown paragraphs, each claim with its source.

    `tone` is `careful` for readings that are never posted automatically; `question` is empty when the group
    is asked nothing; `reviewed_by` is empty until a person has held the text against its sources. `formerly` are
    ids it had before, under which people may have saved it. `own` marks one that a group wrote for itself: it has
    no `code`, and `reviewed` is the day it was last written.
    """

    id: str
    code: str
    title: str
    topic: str
    audience: Audience
    tone: Tone
    tags: tuple[str, ...]
    status: SnippetStatus
    claims: tuple[Claim, ...]
    reviewed: date
    reviewed_by: str
    review_by: date
    question: str
    see_also: tuple[str, ...]
    body: str
    formerly: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence to hold true or not, and why it is or isn't; `snippet` is the id of the reading that it rests on."""

    id: str
    topic: str
    snippet: str
    says: str
    answer: bool
    why: str


@dataclass(frozen=True, slots=True)
class SupportLine:
    """A line that people can reach; an empty field is a fact that its source did not state.

    `call`, `text` and `chat` are printed as they are dialled. `text_word` is the word to send; `call_also`
    are further numbers of the same service. `last_verified` stays `None` and `verified_by` empty until a
    person has compared the entry with the live page at `address`; `last_checked` is the day it was written
    down from `source_seen`.
    """

    id: str
    country: str
    country_name: str
    service: str
    kind: LineKind
    status: LineStatus
    call: str
    call_also: tuple[str, ...]
    text: str
    text_word: str
    chat: str
    email: str
    tty: str
    hours: str
    languages: str
    cost: str
    note: str
    address: str
    source_seen: str
    last_checked: date
    last_verified: date | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A second emergency number of a country; `reach` says who answers, empty for all services."""

    number: str
    reach: str


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """The number to call when life is at risk; shown whatever its status (the data file says why)."""

    country: str
    country_name: str
    number: str
    reach: str
    also: tuple[OtherNumber, ...]
    note: str
    status: LineStatus
    source_seen: str
    last_checked: date
    last_verified: date | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Where somebody finds a line when their country has no entry here: one sentence and one address."""

    service: str
    note: str
    address: str
    status: LineStatus
    source_seen: str
    last_checked: date
    last_verified: date | None
    verified_by: str


@dataclass(frozen=True, slots=True)
class SearchWords:
    """Everyday phrases with the library's words for them, and pairs of spellings; all in lower case."""

    phrases: Mapping[str, tuple[str, ...]]
    spellings: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong with a file under `data/`, with the line (from 1) where a person mends it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentFaults(Exception):
    """Raised when the content cannot be used; `faults` holds every one of them, in order of file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        first = self.faults[0] if self.faults else "none named"
        super().__init__(f"faults in the content: {len(self.faults)}, the first: {first}")


class Library:
    """The snippets, ordered by their place in the list (A1, A2, ... A10, B1 ...), and their topics.

    A group's own come last, in the order given.
    """

    def __init__(self, topics: Mapping[str, Topic], snippets: Mapping[str, Snippet]) -> None:
        ordered = sorted(snippets.values(), key=lambda snippet: (snippet.own, _place(snippet.code)))
        self.topics: Mapping[str, Topic] = dict(topics)
        self.snippets: Mapping[str, Snippet] = {snippet.id: snippet for snippet in ordered}
        self._by_topic = {key: tuple(snippet for snippet in ordered if snippet.topic == key) for key in self.topics}
        self._renamed = {old: snippet for snippet in ordered for old in snippet.formerly}

    def __iter__(self) -> Iterator[Snippet]:
        return iter(self.snippets.values())

    def __len__(self) -> int:
        return len(self.snippets)

    def get(self, snippet_id: str) -> Snippet | None:
        """The snippet of this id, or of one that it had before; or `None`."""
        return self.snippets.get(snippet_id) or self._renamed.get(snippet_id)

    def by_topic(self, key: str) -> tuple[Snippet, ...]:
        """The snippets of a topic in the library's order; empty for a topic that does not exist."""
        return self._by_topic.get(key, ())


class Quiz:
    """The statements of all topics, in the topics' order and then the files'."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._by_id = {statement.id: statement for statement in statements}

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, statement_id: str) -> Statement | None:
        """The statement of this id, or `None`."""
        return self._by_id.get(statement_id)


class SupportLines:
    """Support lines and emergency numbers by country, as written in `data/support_lines.toml`."""

    def __init__(
        self, lines: tuple[SupportLine, ...], emergencies: tuple[EmergencyNumber, ...], elsewhere: Directory
    ) -> None:
        self.lines = lines
        self.emergencies = emergencies
        self.elsewhere = elsewhere
        self._emergency = {number.country: number for number in emergencies}
        self._names = {number.country: number.country_name for number in emergencies}

    def countries(self) -> Mapping[str, str]:
        """Country names by code, sorted by name; every country here has an emergency number."""
        return dict(sorted(self._names.items(), key=lambda item: item[1]))

    def for_country(self, code: str, *, include_unchecked: bool = False) -> tuple[SupportLine, ...]:
        """The lines of a country in the file's order, the one to show first in front.

        Lines that nobody saw on their provider's own page (`needs_check`) are left out unless asked for: a
        wrong number is a hazard of its own. An unknown country, like `elsewhere`, has none.
        """
        return tuple(
            line for line in self.lines if line.country == code and (include_unchecked or line.status == "seen")
        )

    def emergency(self, code: str) -> EmergencyNumber | None:
        """The emergency number of a country whatever its status, or `None` for a country without an entry."""
        return self._emergency.get(code)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the bot reads from `data/` at start, except the text catalogue.

    Prompts and question sets are by id, in their files' order.
    """

    library: Library
    support_lines: SupportLines
    search_words: SearchWords
    quiz: Quiz
    prompts: Mapping[str, Prompt]
    question_sets: Mapping[str, QuestionSet]
    screening: ScreeningRules


def _place(code: str) -> tuple[str, int, str]:
    digits = code[1:]
    return code[:1], int(digits) if digits.isdecimal() else 0, code
