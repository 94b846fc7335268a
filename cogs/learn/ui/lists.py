"""Lists to pick a reading from. A list stays where it is; what somebody picks opens below it."""

from collections.abc import Iterable

import discord
from discord.utils import escape_markdown, escape_mentions, format_dt

from bot.content import OWN, Snippet
from bot.discordkit import Aside, Block, Button, Choose, Option, Panel, Text, buttons, encode
from bot.text import t
from cogs.learn.service import Found, Kept, Page, Shelf, ShelfPage
from cogs.learn.ui.quiz import quiz_button
from cogs.learn.ui.reading import turning

# Characters: a select's description, and a person's words shown back.
_DESCRIPTION, _SHOWN_WORDS = 100, 80


def found_panel(found: Found, shelves: tuple[Shelf, ...], *, near: bool = False) -> Panel:
    """Draw what a search brought; `near` when somebody asked for a title that does not exist."""
    if not found.snippets:
        return _nothing_panel(shelves)
    heading = t("learn.search.near") if near else t("learn.search.heading", count=len(found.snippets))
    typed = t("learn.search.typed", words=clip(escape_mentions(escape_markdown(found.typed)), _SHOWN_WORDS))
    names = {shelf.topic.key: shelf.topic.name for shelf in shelves}
    help_first = (_help_first(),) if found.urgent else ()
    return Panel(
        (Text(f"{heading}\n{typed}"), *help_first, *_results(found.snippets, names), Text(t("learn.search.hint")))
    )


def _help_first() -> Aside:
    care = Button(t("learn.reading.care.label"), encode("care", "now"), discord.ButtonStyle.danger)
    return Aside(t("learn.search.none_urgent"), care)


def _results(snippets: tuple[Snippet, ...], names: dict[str, str]) -> tuple[Block, ...]:
    lines = [
        t("learn.search.result", title=one.title, small=" · ".join((names[one.topic], *_marks(one))))
        for one in snippets
    ]
    if len(snippets) == 1:  # a select of one line is two taps where one will do
        return (Aside(lines[0], _open_button(snippets[0])),)
    return (Text("\n".join(lines)), _chooser(snippets, t("learn.search.placeholder")))


def _nothing_panel(shelves: tuple[Shelf, ...]) -> Panel:
    return Panel((Text(t("learn.search.none")), _topic_chooser(shelves), _help_first()))


def topics_panel(shelves: tuple[Shelf, ...]) -> Panel:
    """Draw every topic with its count."""
    lines = "\n".join(t("learn.topics.line", name=shelf.topic.name, count=shelf.count) for shelf in shelves)
    heading = t("learn.topics.heading", count=sum(shelf.count for shelf in shelves))
    return Panel((Text(heading), Text(lines), _topic_chooser(shelves), buttons(quiz_button())))


def _topic_chooser(shelves: tuple[Shelf, ...]) -> Choose:
    options = tuple(Option(shelf.topic.name, shelf.topic.key, shelf.topic.description) for shelf in shelves)
    return Choose(encode("learn", "shelf"), t("learn.topics.placeholder"), options)


def shelf_panel(shelf: ShelfPage) -> Panel:
    """Draw the titles of one topic."""
    page, topic = shelf.page, shelf.topic
    all_careful = all(one.tone == "careful" for one in page.items)
    lines = "\n".join(_title(one, careful=not all_careful) for one in page.items)
    note = f"\n{t('learn.shelf.all_careful')}" if all_careful else ""
    row = turning("shelf", page.number, page.pages, f"{topic.key}.")
    return Panel(
        (
            Text(t("learn.shelf.heading", name=topic.name, description=topic.description) + note),
            Text(f"{lines}{_of(page)}"),
            _chooser(page.items, t("learn.shelf.placeholder")),
            buttons(*row.items, Button(t("learn.topics.all.label"), encode("learn", "topics")), quiz_button(topic.key)),
            Text(t("learn.shelf.hint")),
        )
    )


def _title(snippet: Snippet, *, careful: bool) -> str:
    marks = "".join(f" · {mark}" for mark in _marks(snippet, careful=careful))
    return t("learn.shelf.line", title=snippet.title, marks=marks)


def saved_panel(page: Page[Kept], topics: Iterable[Shelf], *, taken_off: int = 0) -> Panel:
    """Draw a page of somebody's list; retired readings say so and can only be taken off."""
    notice = f"\n{t('learn.saved.taken_off', count=taken_off)}" if taken_off else ""
    if not page.items:
        browse = Button(t("learn.saved.browse.label"), encode("learn", "topics"), discord.ButtonStyle.primary)
        return Panel((Text(f"{t('learn.saved.empty')}{notice}"), buttons(browse)))
    names = {shelf.topic.key: shelf.topic.name for shelf in topics}
    options = tuple(Option(_name(kept), kept.snippet_id) for kept in page.items)
    drop = Choose(encode("learn", "drop", str(page.number)), t("learn.saved.placeholder"), options, most=len(options))
    row = turning("saved", page.number, page.pages)
    return Panel(
        (
            Text(f"{t('learn.saved.heading', count=page.total)}{notice}{_of(page)}"),
            *(_kept(kept, names) for kept in page.items),
            drop,
            *((row,) if row.items else ()),
        )
    )


def _kept(kept: Kept, names: dict[str, str]) -> Block:
    when = format_dt(kept.saved_at, "D")
    if kept.snippet is None:
        return Text(t("learn.saved.retired", name=_name(kept), when=when))
    small = " · ".join((names[kept.snippet.topic], *((t("learn.mark.own"),) if kept.snippet.own else ())))
    line = t("learn.saved.line", title=kept.snippet.title, topic=small, when=when)
    return Aside(line, _open_button(kept.snippet))


def _name(kept: Kept) -> str:
    """The title; for a retired one of the library what its id still tells, which is its title in small letters."""
    if kept.title:
        return kept.title
    if kept.snippet_id.startswith(OWN):
        return t("learn.saved.taken_out")
    return kept.snippet_id.replace("-", " ").capitalize()[:100]


def _chooser(snippets: Iterable[Snippet], placeholder: str) -> Choose:
    options = tuple(Option(one.title, one.id, _opening(one)) for one in snippets)
    return Choose(encode("learn", "open"), placeholder, options)


def _open_button(snippet: Snippet) -> Button:
    return Button(t("learn.saved.open.label"), encode("learn", "open", snippet.id))


def _marks(snippet: Snippet, *, careful: bool = True) -> tuple[str, ...]:
    marks = (
        ("careful", careful and snippet.tone == "careful"),
        ("family", snippet.audience == "family"),
        ("own", snippet.own),
    )
    return tuple(t(f"learn.mark.{name}") for name, there in marks if there)


def _opening(snippet: Snippet) -> str:
    """The first words of a reading without its markdown, as a select shows them."""
    return clip(" ".join(snippet.body.replace("*", "").replace("`", "").split()), _DESCRIPTION)


def clip(words: str, room: int) -> str:
    """Return the words, cut at a space where they are longer than `room`."""
    if len(words) <= room:
        return words
    return f"{words[: room - 1].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def _of(page: Page[Snippet] | Page[Kept]) -> str:
    return "" if page.pages == 1 else f"\n{t('learn.page.of', number=page.number + 1, pages=page.pages)}"
