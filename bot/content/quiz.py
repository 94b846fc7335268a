"""Reads `data/quiz/<topic>.toml`: statements to hold true or not, each with its why and the reading it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.entry import Entry
from bot.content.model import Snippet, Statement, Topic
from bot.content.safety.passages import sentences
from bot.content.snippets import count_words
from bot.content.source import Located, Sheet, read_text, read_toml, shown_path

SAYS_LIMIT, MOST_SENTENCES = 200, 2
WHY_LIMIT, FEWEST_WORDS, MOST_WORDS = 400, 20, 60
LONGEST_ID = 40
"""Characters of a statement's id: it stands in a custom id beside its topic."""

FEWEST = 5
"""Statements of a topic: what somebody is shown in one go."""

_MOST = 60
_SHARE = 3  # true ones and false ones are each at least a third
_ID = re.compile(rf"(?=.{{1,{LONGEST_ID}}}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_VERDICT = re.compile(r"\W*(?:true|false|right|wrong)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A statement with the places of its parts; `rests_on` is None where the reading it names does not exist."""

    path: str
    statement: Statement
    lines: Mapping[str, int]
    rests_on: Snippet | None


def read_quiz(
    data_dir: Path, topics: Mapping[str, Topic], snippets: Mapping[str, Snippet]
) -> tuple[list[StatementSheet], list[Sheet]]:
    """Reads every file of `data/quiz/`, the statements in the order of the topics; the sheets carry all faults."""
    folder = data_dir / "quiz"
    found: list[StatementSheet] = []
    sheets: list[Sheet] = []
    if not (topics and snippets):  # nothing here could be judged, and their being missing is a fault already
        return found, sheets
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        sheet = Sheet(shown_path(path, data_dir))
        sheets.append(sheet)
        if path.suffix != ".toml" or not path.is_file():
            sheet.fault(1, "only .toml files belong in this folder")
        elif path.stem not in topics:
            sheet.fault(1, f"'{path.stem}' is not a topic of topics.toml")
        else:
            found += _statements(path, sheet, snippets)
    _check_ids(found, {sheet.path: sheet for sheet in sheets})
    sheets += (_missing(folder / f"{key}.toml", data_dir, found) for key in topics)
    places = list(topics)
    return sorted(found, key=lambda read: places.index(read.statement.topic)), sheets


def _statements(path: Path, sheet: Sheet, snippets: Mapping[str, Snippet]) -> Iterator[StatementSheet]:
    text = read_text(path, sheet)
    located = None if text is None else read_toml(text, sheet)
    if located is None:
        return
    root = Entry(located, sheet)
    for item in root.items("statement", required=True, most=_MOST):
        yield _statement(item, path.stem, sheet, snippets)
    root.finish()


def _statement(item: Located, topic: str, sheet: Sheet, snippets: Mapping[str, Snippet]) -> StatementSheet:
    entry = Entry(item, sheet)
    statement = Statement(
        id=entry.matching("id", _ID, f"lower-case words joined by '-', at most {LONGEST_ID} characters"),
        topic=topic,
        snippet=entry.text("snippet", limit=50),
        says=entry.text("says", limit=SAYS_LIMIT),
        answer=_answer(entry),
        why=entry.text("why", limit=WHY_LIMIT),
    )
    rests_on = snippets.get(statement.snippet)
    if statement.snippet and rests_on is None:
        sheet.fault(entry.line_of("snippet"), f"'{statement.snippet}' is not a reading of the library")
    elif rests_on is not None and rests_on.topic != topic:
        sheet.fault(entry.line_of("snippet"), f"'{statement.snippet}' is a reading of '{rests_on.topic}'")
    _check_form(statement, entry)
    entry.finish()
    lines = {key: entry.line_of(key) for key in ("id", "snippet", "says", "why")}
    return StatementSheet(sheet.path, statement, lines, rests_on)


def _answer(entry: Entry) -> bool:
    located = entry.take("answer", required=True)
    if located is not None and not isinstance(located.value, bool):
        entry.sheet.fault(located.line, "'answer' must be true or false")
    return located is not None and located.value is True


def _check_form(statement: Statement, entry: Entry) -> None:
    says, why = statement.says, statement.why
    if says and not says.endswith("."):
        entry.sheet.fault(entry.line_of("says"), "'says' must end with a full stop")
    if sum(1 for _ in sentences(says)) > MOST_SENTENCES:
        entry.sheet.fault(entry.line_of("says"), f"'says' has more than {MOST_SENTENCES} sentences")
    words = count_words(why)
    if why and not FEWEST_WORDS <= words <= MOST_WORDS:
        entry.sheet.fault(entry.line_of("why"), f"'why' has {words} words; {FEWEST_WORDS} to {MOST_WORDS}")
    if verdict := _VERDICT.match(why):
        # It stands below either answer: nobody is told that they were right or wrong.
        entry.sheet.fault(entry.line_of("why"), f"'why' begins with '{verdict.group().strip()}'; begin with the reason")


def _check_ids(found: list[StatementSheet], sheets: Mapping[str, Sheet]) -> None:
    first: dict[str, StatementSheet] = {}
    for read in found:
        other = first.setdefault(read.statement.id, read)
        if other is not read and read.statement.id:
            place = f"{other.path}:{other.lines['id']}"
            sheets[read.path].fault(read.lines["id"], f"'{read.statement.id}' is the id in {place}, too")


def _missing(path: Path, data_dir: Path, found: list[StatementSheet]) -> Sheet:
    """A topic's file itself, statements to make five, or a third of each answer."""
    sheet = Sheet(shown_path(path, data_dir))
    answers = [read.statement.answer for read in found if read.path == sheet.path]
    true = sum(answers)
    if not path.exists():
        sheet.fault(1, f"the topic '{path.stem}' has no statements")
    elif 0 < len(answers) < FEWEST:
        sheet.fault(1, f"{len(answers)} statements; at least {FEWEST}")
    elif min(true, len(answers) - true) * _SHARE < len(answers):
        sheet.fault(1, f"{true} of {len(answers)} statements are true; at least a third is true, a third not")
    return sheet
