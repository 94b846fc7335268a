"""One reading: title, topic, body, small print; its sources; and the short receipts of saving."""

from dataclasses import replace
from datetime import date

import discord

from bot.content import Claim, Snippet
from bot.discordkit import (
    CALM,
    CAREFUL,
    Aside,
    Block,
    Button,
    Choose,
    Divider,
    Option,
    Panel,
    Row,
    Text,
    buttons,
    encode,
)
from bot.text import t
from cogs.learn.service import Reading, Urgent

# Stands between a snippet's id, which never holds it, and the rest of a custom id's key.
SEPARATOR = "~"
# Characters of claims on one page of sources: with heading and small print it stays below Discord's 4,000.
_CLAIMS_ROOM = 2900


def reading_panel(reading: Reading) -> Panel:
    """Draw a reading for one person's eyes."""
    snippet = reading.snippet
    related: tuple[Block, ...] = ()
    if reading.related:
        options = tuple(Option(one.title, one.id) for one in reading.related)
        related = (Choose(encode("learn", "open"), t("learn.reading.related"), options),)
    onward = Button(t("learn.reading.next.label"), encode("learn", "next", snippet.id))
    post = Button(t("learn.reading.post.label"), encode("learn", "post", snippet.id))
    return _panel(
        reading,
        buttons(
            _save_button(reading),
            _sources_button(snippet),
            onward if reading.more else None,
            post if reading.may_post else None,
        ),
        *related,
    )


def _save_button(reading: Reading) -> Button:
    key = reading.snippet.id
    if reading.saved:
        return Button(t("learn.reading.saved.label"), encode("learn", "unsave", key), discord.ButtonStyle.success)
    return Button(t("learn.reading.save.label"), encode("learn", "save", key), discord.ButtonStyle.primary)


def public_panel(reading: Reading, mark: str, *, above: tuple[Block, ...] = ()) -> Panel:
    """Draw a reading for a whole channel; every button answers only the one who presses it.

    `above` stands before the reading: whose note it comes with, or that it is today's.
    """
    snippet = reading.snippet
    panel = _panel(
        reading,
        *_question(snippet),
        buttons(
            Button(t("learn.reading.save.label"), public_mark(snippet.id, mark), discord.ButtonStyle.primary),
            _sources_button(snippet),
            Button(t("learn.reading.more.label"), encode("learn", "shelf", snippet.topic)) if reading.more else None,
        ),
    )
    return replace(panel, blocks=(*above, *panel.blocks))


def preview_blocks(reading: Reading) -> tuple[Block, ...]:
    """Return a reading as a channel would show it, without its buttons."""
    return _panel(reading, *_question(reading.snippet)).blocks


def public_mark(snippet_id: str, mark: str) -> str:
    """Return the custom id by which a post is found again after a lost answer."""
    return encode("learn", "save", f"{snippet_id}{SEPARATOR}{mark}")


def _question(snippet: Snippet) -> tuple[Text, ...]:
    return (Text(t("learn.reading.question", question=snippet.question)),) if snippet.question else ()


def _panel(reading: Reading, *below: Block) -> Panel:
    snippet = reading.snippet
    blocks: list[Block] = [Text(t("learn.reading.heading", title=snippet.title, small=_small_heading(reading)))]
    if snippet.tone == "careful":
        care = Button(t("learn.reading.care.label"), encode("care", "now"), discord.ButtonStyle.danger)
        blocks.append(Aside(t("learn.reading.careful"), care))
    blocks += (Text(snippet.body), Divider())
    if reading.urgent is not None:
        blocks.append(Text(urgent_line(reading.urgent)))
    blocks.append(Text(t(_small_print(snippet), day=_day(snippet.reviewed))))
    return Panel((*blocks, *below), CAREFUL if snippet.tone == "careful" else CALM)


def _small_print(snippet: Snippet) -> str:
    # Nobody has held a group's own reading against its sources, so neither "checked" nor "being checked" is true of it.
    if snippet.own:
        return "learn.reading.small_own"
    return "learn.reading.small_checking" if snippet.status == "needs_check" else "learn.reading.small"


def _small_heading(reading: Reading) -> str:
    parts = [reading.topic.name]
    if reading.snippet.audience == "family":
        parts.append(t("learn.mark.family"))
    if reading.snippet.own:
        parts.append(t("learn.mark.own"))
    if reading.today:
        parts.append(t("learn.reading.today"))
    return " · ".join(parts)


def urgent_line(urgent: Urgent) -> str:
    """Return whom to call, in one line."""
    number = urgent.number
    if number is None:
        directory = urgent.directory
        return t("learn.urgent.anywhere", service=directory.service, address=directory.address)
    data = {"country": number.country_name, "number": number.number}
    if number.reach:
        return t("learn.urgent.reach", reach=number.reach, **data)
    also = next((other.number for other in number.also if not other.reach), None)
    return t("learn.urgent.also", also=also, **data) if also else t("learn.urgent.all", **data)


def _sources_button(snippet: Snippet) -> Button:
    return Button(t("learn.reading.sources.label"), encode("learn", "sources", snippet.id))


def sources_panel(snippet: Snippet, number: int, today: date) -> Panel:
    """Draw what a reading says and where each thing can be read, page by page where it is long."""
    pages = _claim_pages(snippet.claims)
    number = min(max(0, number), len(pages) - 1)
    blocks: list[Block] = [Text(t("learn.sources.heading", title=snippet.title))]
    if snippet.status == "needs_check" and not snippet.own:
        blocks.append(Text(t("learn.sources.checking")))
    none = t("learn.sources.none_own" if snippet.own else "learn.sources.none")
    blocks += (Text("\n\n".join(pages[number]) or none), Divider())
    blocks.append(Text(f"{_reviewed(snippet, today)}\n{t('learn.sources.advice')}"))
    if len(pages) > 1:
        blocks.append(turning("sources", number, len(pages), f"{snippet.id}{SEPARATOR}"))
    return Panel(tuple(blocks))


def _claim_pages(claims: tuple[Claim, ...]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    for number, claim in enumerate(claims, start=1):
        year = claim.year if claim.year.isdecimal() else t("learn.sources.no_year")
        source = claim.source.replace("[", "(").replace("]", ")")
        says = f"{claim.says}\n-# " if claim.says else ""
        told = t("learn.sources.claim", number=number, says=says, source=source, address=claim.address, year=year)
        if pages[-1] and sum(map(len, pages[-1])) + len(told) > _CLAIMS_ROOM:
            pages.append([])
        pages[-1].append(told)
    return pages


def _reviewed(snippet: Snippet, today: date) -> str:
    if snippet.own:
        return t("learn.sources.own", day=_day(snippet.reviewed))
    data = {"day": _day(snippet.reviewed), "next": _day(snippet.review_by)}
    if snippet.review_by < today:
        return t("learn.sources.overdue", **data)
    if snippet.reviewed_by:
        return t("learn.sources.reviewed_by", who=snippet.reviewed_by, **data)
    return t("learn.sources.reviewed", **data)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def turning(verb: str, number: int, pages: int, prefix: str = "", *, feature: str = "learn") -> Row:
    """Draw the buttons to the page before and the page after; the ends have one each."""
    earlier = Button(t("learn.page.earlier.label"), encode(feature, verb, f"{prefix}{number - 1}"))
    later = Button(t("learn.page.later.label"), encode(feature, verb, f"{prefix}{number + 1}"))
    return buttons(earlier if number > 0 else None, later if number < pages - 1 else None)


def saved_receipt(snippet: Snippet, *, new: bool) -> Panel:
    """Draw that a reading is on the person's list, where the reading itself is not theirs to redraw."""
    return Panel(
        (
            Text(t("learn.saved.new" if new else "learn.saved.already", title=snippet.title)),
            buttons(_list_button(), Button(t("learn.saved.undo.label"), encode("learn", "undo", snippet.id))),
        )
    )


def unsaved_receipt(snippet: Snippet) -> Panel:
    """Draw that a reading is off the person's list."""
    return Panel((Text(t("learn.saved.undone", title=snippet.title)), buttons(_list_button())))


def _list_button() -> Button:
    return Button(t("learn.saved.list.label"), encode("learn", "saved", "0"))
