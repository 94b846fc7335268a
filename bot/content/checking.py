"""What `evenkeel content check` says: every fault with file and line, and what waits for a human's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from bot.content.catalogue import check_catalogue, reading_messages
from bot.content.loading import ReadContent, read_content
from bot.content.model import Fault, LineStatus, SupportLines
from bot.content.presets import set_texts
from bot.content.prompts import alike
from bot.content.safety.readings import dates
from bot.content.safety.statements import told

OLDEST_LINE = timedelta(days=365)
"""A support line that nobody looked at for this long is flagged."""


@dataclass(frozen=True, slots=True, order=True)
class NeedsCheck:
    """An entry that waits for somebody to hold it against its source: `what` names it, `why` says what is missing."""

    path: str
    line: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what} ({self.why})"


class _Standing(Protocol):
    @property
    def status(self) -> LineStatus: ...
    @property
    def last_checked(self) -> date: ...
    @property
    def last_verified(self) -> date | None: ...


def check_content(data_dir: Path, today: date) -> list[Fault]:
    """Every fault under `data/`, by file and line: structure, safety rules, dates, reading grade, catalogue."""
    read = read_content(data_dir)
    faults = {*read.faults, *check_catalogue(data_dir, read.setting)}
    for snippet in read.snippets:
        faults.update(dates(snippet, today))
        text = f"{snippet.snippet.body}\n{snippet.snippet.question}"
        faults.update(Fault(snippet.path, snippet.body_line, message) for message in reading_messages(text))
    for statement in read.statements:
        messages = reading_messages(told(statement.statement))
        faults.update(Fault(statement.path, statement.lines["why"], message) for message in messages)
    faults.update(_asked(read))
    if read.content is not None:
        faults.update(_old_entries(read, read.content.support_lines, today))
    return sorted(faults)


def _asked(read: ReadContent) -> Iterator[Fault]:
    """How prompts and question sets read, and prompts that are too much alike."""
    yield from alike(read.prompts)
    for prompt in read.prompts:
        yield from (Fault(prompt.path, prompt.line, message) for message in reading_messages(prompt.prompt.text))
    for item in read.question_sets:
        for place, part, text in set_texts(item.question_set):
            yield from (Fault(item.path, item.line_of(place, part), message) for message in reading_messages(text))


def needs_check(data_dir: Path) -> list[NeedsCheck]:
    """Everything that waits for a human check, in order of file and line; faults are `check_content`'s to report.

    Snippets with status `needs_check`, snippets that no person reviewed (`reviewed_by` empty), and support entries
    that are `needs_check` or were never compared with the live page (`last_verified` empty).
    """
    read = read_content(data_dir)
    waiting: list[NeedsCheck] = []
    for item in read.snippets:
        snippet = item.snippet
        why = _reasons(
            unchecked=snippet.status == "needs_check", unseen=not snippet.reviewed_by, unseen_text="no reader"
        )
        if why:
            waiting.append(NeedsCheck(item.path, item.lines["status"], f"{snippet.code} {snippet.title}", why))
    for name, what, entry in _support_entries(read.content.support_lines) if read.content else ():
        unseen = entry.last_verified is None
        why = _reasons(unchecked=entry.status == "needs_check", unseen=unseen, unseen_text="live page not compared")
        if why:
            waiting.append(NeedsCheck(read.support_path, read.support_places[name], what, why))
    return sorted(waiting)


def _reasons(*, unchecked: bool, unseen: bool, unseen_text: str) -> str:
    return ", ".join(["needs_check"] * unchecked + [unseen_text] * unseen)


def _support_entries(lines: SupportLines) -> Iterator[tuple[str, str, _Standing]]:
    for line in lines.lines:
        yield line.id, f"{line.country_name}: {line.service}", line
    for number in lines.emergencies:
        yield f"emergency:{number.country}", f"{number.country_name}: emergency number", number
    yield "elsewhere", f"elsewhere: {lines.elsewhere.service}", lines.elsewhere


def _old_entries(read: ReadContent, lines: SupportLines, today: date) -> Iterator[Fault]:
    for name, what, entry in _support_entries(lines):
        seen = entry.last_verified or entry.last_checked
        place = read.support_places[name]
        if seen > today:
            yield Fault(read.support_path, place, f"{what}: looked at on {seen}, after today")
        elif today - seen > OLDEST_LINE:
            yield Fault(read.support_path, place, f"{what}: last looked at on {seen}, more than a year ago")
