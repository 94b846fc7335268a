"""Reads and validates all that `data/` holds but the text catalogue: once, when the bot starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.content.model import Content, ContentFaults, Fault, Library, Quiz, SupportLines
from bot.content.presets import SetSheet, question_set_faults, read_question_sets
from bot.content.prompts import PromptSheet, prompt_faults, read_prompts
from bot.content.quiz import StatementSheet, read_quiz
from bot.content.safety.readings import SAFETY_RULES, TEXT_RULES, Setting
from bot.content.safety.statements import STATEMENT_RULES
from bot.content.screening import read_screening
from bot.content.shelves import read_search_words, read_topics
from bot.content.snippets import SnippetSheet, read_snippets
from bot.content.source import Sheet
from bot.content.support import read_support_lines


@dataclass(frozen=True, slots=True)
class ReadContent:
    """What was read from `data/`, with places in the files and every fault of structure and safety.

    `content` is `None` when the support lines can't be read at all.
    """

    content: Content | None
    snippets: tuple[SnippetSheet, ...]
    statements: tuple[StatementSheet, ...]
    prompts: tuple[PromptSheet, ...]
    question_sets: tuple[SetSheet, ...]
    setting: Setting
    support_path: str
    support_places: dict[str, int]
    faults: tuple[Fault, ...]


def load_content(data_dir: Path) -> Content:
    """The content of `data/`.

    Raises `ContentFaults` with every fault of structure and of the safety rules. Dates, reading grade and the text
    catalogue are left to `check_content`: a review that falls due must not stop a group's bot.
    """
    read = read_content(data_dir)
    if read.faults or read.content is None:
        raise ContentFaults(list(read.faults))
    return read.content


def read_content(data_dir: Path) -> ReadContent:
    """Reads everything and collects the faults instead of raising."""
    topics, topic_sheet, topic_places = read_topics(data_dir)
    snippets, sheets = read_snippets(data_dir, topics)
    lines, line_sheet, places = read_support_lines(data_dir)
    words, word_sheet = read_search_words(data_dir)
    for key, topic in topics.items():
        _note_findings(f"{topic.name}\n{topic.description}", topic_sheet, topic_places[key])
    for line in lines.lines if lines else ():
        _note_findings(f"{line.note}\n{line.hours}\n{line.cost}", line_sheet, places[line.id])
    library = Library(topics, {snippet.snippet.id: snippet.snippet for snippet in snippets})
    statements, quiz_sheets = read_quiz(data_dir, topics, library.snippets)
    prompts, prompt_sheet = read_prompts(data_dir)
    question_sets, set_sheet = read_question_sets(data_dir)
    screening, screening_sheets = read_screening(data_dir)
    read_sheets = (topic_sheet, *sheets, *quiz_sheets, line_sheet, word_sheet, prompt_sheet, set_sheet)
    faults = [fault for sheet in (*read_sheets, *screening_sheets) for fault in sheet.faults]
    setting = Setting(dialled_numbers(lines) if lines else frozenset())
    faults += (fault for snippet in snippets for rule in SAFETY_RULES for fault in rule(snippet, setting))
    faults += (fault for statement in statements for rule in STATEMENT_RULES for fault in rule(statement, setting))
    faults += (fault for prompt in prompts for fault in prompt_faults(prompt, setting))
    faults += (fault for question_set in question_sets for fault in question_set_faults(question_set, setting))
    quiz = Quiz(read.statement for read in statements)
    asked = {read.prompt.id: read.prompt for read in prompts}
    sets = {read.question_set.id: read.question_set for read in question_sets}
    return ReadContent(
        content=Content(library, lines, words, quiz, asked, sets, screening) if lines else None,
        snippets=tuple(snippets),
        statements=tuple(statements),
        prompts=tuple(prompts),
        question_sets=tuple(question_sets),
        setting=setting,
        support_path=line_sheet.path,
        support_places=places,
        faults=tuple(sorted(set(faults))),
    )


def _note_findings(text: str, sheet: Sheet, line: int) -> None:
    for rule in TEXT_RULES:
        for finding in rule(text):
            sheet.fault(line, f"{finding.rule}: {finding.message}")


def dialled_numbers(lines: SupportLines) -> frozenset[str]:
    """Every number of three digits and more that the support lines hold, digits only."""
    written = [number for line in lines.lines for number in (line.call, *line.call_also, line.text, line.tty)]
    for emergency in lines.emergencies:
        written += (emergency.number, *(other.number for other in emergency.also))
    digits = (re.sub(r"\D", "", number) for number in written)
    return frozenset(number for number in digits if len(number) >= 3)  # "15" stands in half of all texts
