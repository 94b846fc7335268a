"""Reads `data/snippets/*.md`: YAML front matter between `---` lines, then a body of Markdown paragraphs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bot.content.entry import Entry
from bot.content.model import NO_DATE, Audience, Claim, Snippet, SnippetStatus, Tone, Topic
from bot.content.source import Sheet, read_text, read_yaml_mapping, shown_path

BODY_LIMIT = 900
"""Characters of a body, so that it fits a message of 4,000 beside its sources."""

FEWEST_WORDS, MOST_WORDS = 60, 110
"""Words of a body: readable in one go, at night, on a phone."""

TITLE_LIMIT = 60
QUESTION_LIMIT = 200

LONGEST_ID = 50
"""Characters of an id: with a feature, a verb and a one-time mark it has to fit one of Discord's custom ids."""

_SLUG = re.compile(r"(?=.{1,50}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z][1-9][0-9]?")
_TAG = re.compile(r"[a-z0-9][a-z0-9' -]{0,29}")
YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}|n\.d\.")
_FENCE = "---"
SOFT_BREAK = re.compile(r"(?<!\n)\n(?!\n|[-*>] |\d+\. )")
_WORD = re.compile(r"\S*[^\W_]\S*")


@dataclass(frozen=True, slots=True)
class SnippetSheet:
    """A snippet with the places of its parts, for the rules that point at a line.

    `body_line` is the line the body starts on; `body_breaks` are the offsets in the body where a new line
    starts in the file (a line break inside a paragraph is a space in the body, at the same offset).
    """

    path: str
    snippet: Snippet
    lines: Mapping[str, int]
    claim_lines: tuple[int, ...]
    body_line: int
    body_breaks: tuple[int, ...] = field(default=())

    def body_line_at(self, offset: int) -> int:
        """The line of the file that holds this offset of the body."""
        return self.body_line + sum(1 for place in self.body_breaks if place < offset)


def count_words(text: str) -> int:
    """Words as a reader counts them: runs of characters with at least one letter or digit."""
    return len(_WORD.findall(text))


def read_snippet(text: str, sheet: Sheet, *, expected_id: str | None = None) -> SnippetSheet | None:
    """Reads one snippet from its text; faults go to the sheet, and `None` comes back without front matter.

    `expected_id` is the file's name without its ending. What depends on other files (topic, see_also,
    duplicates) is checked by `read_snippets`.
    """
    lines = text.split("\n")
    end = next((place for place, line in enumerate(lines[1:], start=1) if line == _FENCE), None)
    if lines[0] != _FENCE or end is None:
        sheet.fault(1, "a snippet starts with front matter between two '---' lines")
        return None
    located = read_yaml_mapping("\n".join(lines[1:end]), 2, sheet)
    if located is None:
        return None
    raw = "\n".join(lines[end + 1 :])
    body_line = end + 2 + len(raw) - len(raw.lstrip("\n"))
    raw = raw.strip("\n")
    body = SOFT_BREAK.sub(" ", raw)
    _check_body(raw, body, body_line, sheet)
    entry = Entry(located, sheet)
    snippet, claim_lines = _snippet(entry, body, expected_id)
    breaks = tuple(place for place, sign in enumerate(raw) if sign == "\n")
    keys = (
        "id",
        "code",
        "title",
        "topic",
        "tone",
        "question",
        "see_also",
        "formerly",
        "reviewed",
        "review_by",
        "status",
        "claims",
    )
    return SnippetSheet(sheet.path, snippet, {key: entry.line_of(key) for key in keys}, claim_lines, body_line, breaks)


def _check_body(raw: str, body: str, first_line: int, sheet: Sheet) -> None:
    if len(body) > BODY_LIMIT:
        sheet.fault(first_line, f"the body has {len(body)} characters; at most {BODY_LIMIT}")
    words = count_words(body)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        sheet.fault(first_line, f"the body has {words} words; {FEWEST_WORDS} to {MOST_WORDS}")
    for number, line in enumerate(raw.split("\n"), start=first_line):
        if line != line.rstrip():
            sheet.fault(number, "spaces at the end of the line")
        if re.match(r"#{1,6}\s|-#\s|```", line):
            sheet.fault(number, "a body is paragraphs and lists, without headings or code blocks")


def _snippet(entry: Entry, body: str, expected_id: str | None) -> tuple[Snippet, tuple[int, ...]]:
    identity = entry.matching("id", _SLUG, f"lower-case words joined by '-', at most {LONGEST_ID} characters")
    if expected_id is not None and identity and identity != expected_id:
        entry.sheet.fault(entry.line_of("id"), f"'id' must be the file's name, '{expected_id}'")
    claims, claim_lines = _claims(entry)
    snippet = Snippet(
        id=identity,
        code=entry.matching("code", _CODE, "a letter and a number like 'A1'"),
        title=entry.text("title", limit=TITLE_LIMIT),
        topic=entry.text("topic", limit=40),
        audience=cast(Audience, entry.choice("audience", ("everyone", "peers", "family"))),
        tone=cast(Tone, entry.choice("tone", ("careful", "calm"))),
        tags=entry.words("tags", _TAG, "lower-case words of at most 30 characters", required=True, most=12),
        status=cast(SnippetStatus, entry.choice("status", ("needs_check", "sourced"))),
        claims=claims,
        reviewed=entry.day("reviewed"),
        reviewed_by=entry.text("reviewed_by", limit=100, required=False),
        review_by=entry.day("review_by"),
        question=entry.text("question", limit=QUESTION_LIMIT, required=False),
        see_also=entry.words("see_also", _SLUG, "the id of a snippet", required=False, most=5),
        body=body,
        formerly=entry.words("formerly", _SLUG, "an id that the snippet had before", required=False, most=5),
    )
    entry.take("reviewed_by", required=True)
    if snippet.question and not snippet.question.endswith("?"):
        entry.sheet.fault(entry.line_of("question"), "'question' must end with a question mark")
    if snippet.status == "sourced" and not claims:
        entry.sheet.fault(entry.line_of("status"), "a snippet with status 'sourced' needs at least one claim")
    entry.finish()
    return snippet, claim_lines


def _claims(entry: Entry) -> tuple[tuple[Claim, ...], tuple[int, ...]]:
    claims: list[Claim] = []
    lines: list[int] = []
    for item in entry.items("claims", required=False, most=8):
        fields = Entry(item, entry.sheet)
        claims.append(
            Claim(
                says=fields.text("says", limit=300),
                source=fields.text("source", limit=200),
                year=fields.matching("year", YEAR, f"a year or '{NO_DATE}'"),
                address=fields.address("address"),
            )
        )
        lines.append(fields.line_of("says"))
        fields.finish()
    return tuple(claims), tuple(lines)


def read_snippets(data_dir: Path, topics: Mapping[str, Topic]) -> tuple[list[SnippetSheet], list[Sheet]]:
    """Reads every file of `data/snippets/` and checks what spans files; the sheets carry all faults."""
    folder = data_dir / "snippets"
    found: list[SnippetSheet] = []
    sheets: dict[str, Sheet] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        sheet = sheets.setdefault(shown_path(path, data_dir), Sheet(shown_path(path, data_dir)))
        if path.suffix != ".md" or not path.is_file():
            sheet.fault(1, "only snippets (.md files) belong in this folder")
            continue
        text = read_text(path, sheet)
        read = None if text is None else read_snippet(text, sheet, expected_id=path.stem)
        if read is not None:
            found.append(read)
    if not found:
        missing = Sheet(shown_path(folder, data_dir))
        missing.fault(1, "there are no snippets")
        return found, [*sheets.values(), missing]
    _check_together(found, sheets, topics)
    return found, list(sheets.values())


def _check_together(found: list[SnippetSheet], sheets: Mapping[str, Sheet], topics: Mapping[str, Topic]) -> None:
    ids = {read.snippet.id for read in found}
    first: dict[tuple[str, str], str] = {}
    for read in found:
        sheet, snippet = sheets[read.path], read.snippet
        for key, value in (("id", snippet.id), ("code", snippet.code), ("title", snippet.title.casefold())):
            other = first.setdefault((key, value), read.path)
            if other != read.path and value:
                sheet.fault(read.lines[key], f"'{key}' is the same as in {other}")
        if snippet.topic and snippet.topic not in topics:
            sheet.fault(read.lines["topic"], f"'{snippet.topic}' is not a topic of topics.toml")
        for old in snippet.formerly:
            if old in ids or first.setdefault(("formerly", old), read.path) != read.path:
                sheet.fault(read.lines["formerly"], f"'formerly' names '{old}', which is another snippet's id")
        for target in snippet.see_also:
            if target == snippet.id:
                sheet.fault(read.lines["see_also"], "'see_also' names the snippet itself")
            elif target not in ids:
                sheet.fault(read.lines["see_also"], f"'see_also' names '{target}', which does not exist")
