"""The group's own readings, as moderators see them: the forms, the card, the list."""

from collections.abc import Iterable

import discord
from discord.utils import format_dt

from bot.content import Snippet, Topic
from bot.content.group import MOST_TAGS, TAG_LIMIT
from bot.discordkit import (
    CAREFUL,
    Block,
    Button,
    Choose,
    Divider,
    Form,
    Option,
    Panel,
    Row,
    Text,
    Tick,
    Write,
    buttons,
    encode,
    say,
)
from bot.text import t
from cogs.learn.service import OwnDraft, Page, Reading
from cogs.learn.store import OwnSnippet
from cogs.learn.ui.reading import preview_blocks, turning

LONGEST_SOURCES = 2600
"""Characters of the sources in their form: with a few faults they have to fit a message."""

# All of them as long as a file may bring them, with a comma and a space between each two.
_LONGEST_TAGS = MOST_TAGS * (TAG_LIMIT + 2)


def writing_form(topics: Iterable[Topic], draft: OwnDraft | None = None, key: str = "") -> Form:
    """Draw the form of a reading, empty or with what was written; `key` names the reading that it changes."""
    draft = draft or OwnDraft("", "", "")
    options = tuple(Option(one.name, one.key, one.description, chosen=one.key == draft.topic) for one in topics)
    return Form(
        "library",
        "rewritten" if key else "written",
        t("library.form.change.title" if key else "library.form.new.title"),
        (
            _write("title", 60, draft.title, shortest=1),
            _write("body", 900, draft.body, shortest=1, long=True),
            Tick("topic", t("library.form.topic.label"), options),
            _write("question", 200, draft.question),
            _write("tags", _LONGEST_TAGS, draft.tags),
        ),
        key,
    )


def _write(name: str, longest: int, value: str, *, shortest: int = 0, long: bool = False) -> Write:
    return Write(
        name,
        t(f"library.form.{name}.label"),
        longest,
        shortest,
        value[:longest],
        t(f"library.form.{name}.placeholder"),
        long=long,
    )


def sources_form(written: str, key: str) -> Form:
    """Draw the form of a reading's sources, one a line."""
    field = Write(
        "sources",
        t("library.form.sources.label"),
        LONGEST_SOURCES,
        value=written[:LONGEST_SOURCES],
        placeholder=t("library.form.sources.placeholder"),
        description=t("library.form.sources.description"),
        long=True,
    )
    return Form("library", "sourced", t("library.form.sources.title"), (field,), key)


def card_panel(own: OwnSnippet, reading: Reading, notice: str = "") -> Panel:
    """Draw one reading as members meet it, with everything a moderator can do about it."""
    snippet = own.snippet
    state = t("library.card.living" if own.retired_at is None else "library.card.retired")
    controls = _living_controls(snippet) if own.retired_at is None else (_retired_controls(snippet),)
    head = Text(t(notice) if notice else state)
    return Panel((head, Divider(), *preview_blocks(reading), Divider(), *controls))


def _living_controls(snippet: Snippet) -> tuple[Block, ...]:
    whom = tuple(
        Option(t(f"library.card.whom.{one}"), one, chosen=one == snippet.audience)
        for one in ("everyone", "peers", "family")
    )
    tones = tuple(
        Option(
            t(f"library.card.tone.{one}"), one, t(f"library.card.tone.{one}_is.description"), chosen=one == snippet.tone
        )
        for one in ("calm", "careful")
    )
    return (
        Choose(encode("library", "whom", snippet.id), t("library.card.whom.placeholder"), whom),
        Choose(encode("library", "tone", snippet.id), t("library.card.tone.placeholder"), tones),
        buttons(
            Button(t("library.card.change.label"), encode("library", "rewrite", snippet.id)),
            Button(t("library.card.sources.label"), encode("library", "sources", snippet.id)),
            Button(t("library.card.retire.label"), encode("library", "retire", snippet.id)),
            _list_button(),
        ),
    )


def _retired_controls(snippet: Snippet) -> Row:
    return buttons(
        _back_button(snippet),
        Button(t("library.card.delete.label"), encode("library", "delete", snippet.id), discord.ButtonStyle.danger),
        _list_button(),
    )


def retired_panel(own: OwnSnippet) -> Panel:
    """Draw that members don't see a reading any more, with the way back."""
    return Panel(
        (
            Text(t("library.retired.done", title=own.snippet.title)),
            buttons(_back_button(own.snippet), _list_button()),
        )
    )


def delete_panel(snippet: Snippet) -> Panel:
    """Draw the question before a reading is deleted for good."""
    yes = Button(t("library.deleting.yes.label"), encode("library", "gone", snippet.id), discord.ButtonStyle.danger)
    no = Button(t("library.deleting.no.label"), encode("library", "card", snippet.id))
    return Panel((Text(t("library.deleting.ask", title=snippet.title)), buttons(yes, no)), CAREFUL)


def deleted_panel(title: str) -> Panel:
    """Draw that a reading is gone."""
    return say(t("library.deleting.done", title=title)).and_then(buttons(_list_button()))


def _back_button(snippet: Snippet) -> Button:
    label = t("library.card.back.label")
    return Button(label, encode("library", "back", snippet.id), discord.ButtonStyle.success)


def _list_button() -> Button:
    return Button(t("library.card.list.label"), encode("library", "list", "0"))


def list_panel(page: Page[OwnSnippet], topics: Iterable[Topic]) -> Panel:
    """Draw a page of the group's own readings."""
    begin = Button(t("library.own.begin.label"), encode("library", "begin"), discord.ButtonStyle.primary)
    if not page.items:
        return Panel((Text(t("library.own.empty")), buttons(begin)))
    names = {one.key: one.name for one in topics}
    lines = "\n".join(_line(one, names) for one in page.items)
    options = tuple(Option(one.snippet.title, one.snippet.id, _option_note(one, names)) for one in page.items)
    of = f"\n{t('learn.page.of', number=page.number + 1, pages=page.pages)}" if page.pages > 1 else ""
    row = turning("list", page.number, page.pages, feature="library")
    return Panel(
        (
            Text(t("library.own.heading", count=page.total)),
            Text(f"{lines}{of}"),
            Choose(encode("library", "card"), t("library.own.placeholder"), options),
            buttons(*row.items, begin),
        )
    )


def _line(own: OwnSnippet, names: dict[str, str]) -> str:
    data = {"title": own.snippet.title, "topic": names.get(own.snippet.topic, "")}
    if own.retired_at is not None:
        return t("library.own.retired_line", when=format_dt(own.retired_at, "D"), **data)
    return t("library.own.line", when=format_dt(own.created_at, "D"), **data)


def _option_note(own: OwnSnippet, names: dict[str, str]) -> str:
    if own.retired_at is not None:
        return t("library.own.retired")
    return names.get(own.snippet.topic, "") or t("library.own.living")
