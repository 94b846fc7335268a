"""Reads `data/prompts.toml`: what the daily check-in post asks a group, each fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.checkins import DAYS, Prompt
from bot.content.entry import Entry
from bot.content.model import Fault
from bot.content.safety.asking import NAMED_DAY, prompt_messages
from bot.content.safety.passages import folded, sentences
from bot.content.safety.readings import Setting
from bot.content.snippets import count_words
from bot.content.source import Sheet, read_text, read_toml, shown_path
from bot.guilds.model import GROUP_KINDS

TEXT_LIMIT, FEWEST_WORDS, MOST_WORDS, MOST_SENTENCES = 220, 10, 35, 2

LONGEST_ID = 40
"""Characters of a prompt's id: a day's post keeps it, and a custom id may carry it."""

REST_DAYS = 30
"""A prompt that was posted rests for so long: more than this many have to suit each kind of group on each weekday."""

_MOST = 400
_OPENING = 3  # words
_ID = re.compile(rf"(?=.{{1,{LONGEST_ID}}}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class PromptSheet:
    """A prompt with the line of its text."""

    path: str
    prompt: Prompt
    line: int


def read_prompts(data_dir: Path) -> tuple[list[PromptSheet], Sheet]:
    """The prompts in the file's order, and the sheet with the faults of form."""
    path = data_dir / "prompts.toml"
    sheet = Sheet(shown_path(path, data_dir))
    text = read_text(path, sheet)
    located = None if text is None else read_toml(text, sheet)
    if located is None:
        return [], sheet
    root = Entry(located, sheet)
    found: list[PromptSheet] = []
    first: dict[str, int] = {}
    for item in root.items("prompt", required=True, most=_MOST):
        entry = Entry(item, sheet)
        prompt = _prompt(entry)
        line = entry.line_of("id")
        if prompt.id and first.setdefault(prompt.id, line) != line:
            sheet.fault(line, f"'{prompt.id}' is the id in line {first[prompt.id]}, too")
        found.append(PromptSheet(sheet.path, prompt, entry.line_of("text")))
    root.finish()
    if found:
        _check_enough([read.prompt for read in found], sheet)
    return found, sheet


def _prompt(entry: Entry) -> Prompt:
    days = _some_of(entry, "days", DAYS)
    prompt = Prompt(
        id=entry.matching("id", _ID, f"lower-case words joined by '-', at most {LONGEST_ID} characters"),
        text=entry.text("text", limit=TEXT_LIMIT),
        kinds=_some_of(entry, "kinds", GROUP_KINDS),
        days=tuple(sorted(DAYS.index(day) for day in days)),
    )
    _check_form(prompt, entry)
    entry.finish()
    return prompt


def _some_of(entry: Entry, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    form = f"one of {', '.join(allowed)}"
    found = entry.words(key, re.compile("|".join(allowed)), form, required=False, most=len(allowed))
    if len(found) == len(allowed):
        entry.sheet.fault(entry.line_of(key), f"'{key}' names every one; leave it out")
    return found


def _check_form(prompt: Prompt, entry: Entry) -> None:
    line, text = entry.line_of("text"), prompt.text
    words = count_words(text)
    if text and not FEWEST_WORDS <= words <= MOST_WORDS:
        entry.sheet.fault(line, f"'text' has {words} words; {FEWEST_WORDS} to {MOST_WORDS}")
    if sum(1 for _ in sentences(text)) > MOST_SENTENCES:
        entry.sheet.fault(line, f"'text' has more than {MOST_SENTENCES} sentences")
    if text and not text.endswith((".", "?")):
        entry.sheet.fault(line, "'text' must end with a full stop or a question mark")
    if (named := NAMED_DAY.search(folded(text))) and not prompt.days:
        entry.sheet.fault(line, f"it speaks of '{named.group()}', so it needs 'days'")


def _check_enough(prompts: list[Prompt], sheet: Sheet) -> None:
    """Notes the kind of group and the weekday with too few prompts, the worst one only."""
    count, weekday, kind = min(
        (sum(prompt.fits(kind, weekday) for prompt in prompts), weekday, kind)
        for kind in GROUP_KINDS
        for weekday in range(len(DAYS))
    )
    if count <= REST_DAYS:
        where = f"for a group of kind '{kind}' on a {DAYS[weekday]}"
        sheet.fault(1, f"{count} prompts {where}; more than {REST_DAYS} keep them from coming round within a month")


def prompt_faults(read: PromptSheet, setting: Setting) -> Iterator[Fault]:
    """What the rules for texts object to in a prompt."""
    for message in prompt_messages(read.prompt.text, setting):
        yield Fault(read.path, read.line, message)


def alike(prompts: Iterable[PromptSheet]) -> Iterator[Fault]:
    """Prompts that begin as another one does, or that share a whole sentence with it."""
    first: dict[str, PromptSheet] = {}
    for read in prompts:
        words = _words(read.prompt.text)
        parts = (" ".join(_words(part.text)) for part in sentences(read.prompt.text))
        for key in dict.fromkeys((" ".join(words[:_OPENING]), *parts)):
            other = first.setdefault(key, read)
            if key and other is not read:
                yield Fault(read.path, read.line, f"'{key}' stands in line {other.line}, too; no two prompts are alike")


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
