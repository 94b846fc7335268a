"""Words of a group's reading that are not kept yet: what the rules found in them, or who was faster.

They stay in the message that shows them, in marked texts, and are read from there: nothing is lost, and nothing stored.
"""

from collections.abc import Iterable

import discord
from discord.utils import escape_markdown, escape_mentions

from bot.content import GroupFault, Snippet
from bot.discordkit import CAREFUL, Block, Button, Divider, Panel, Text, buttons, encode, say
from bot.text import t
from cogs.learn.rules import sources_written
from cogs.learn.service import OwnDraft, sources_stamp, words_stamp
from cogs.learn.store import OwnSnippet
from cogs.learn.ui.lists import clip
from cogs.learn.ui.reading import SEPARATOR

TITLE, BODY, QUESTION, TAGS, SOURCES = range(1, 6)
"""The marks of the texts that hold what somebody wrote."""

# Characters of what is shown back, how many of a kind, and faults in one message: they leave room for the words.
_SHOWN_WORDS, _MOST_SHOWN = 50, 3
_MOST_FAULTS, _MOST_SOURCE_FAULTS = 5, 3


def words_key(snippet: Snippet) -> str:
    """Return what the form of a reading's words carries: which one, and how it was when the form was opened."""
    return f"{snippet.id}{SEPARATOR}{words_stamp(snippet)}"


def sources_key(snippet: Snippet) -> str:
    """Return the same for the form of its sources."""
    return f"{snippet.id}{SEPARATOR}{sources_stamp(snippet)}"


def unfit_panel(faults: tuple[GroupFault, ...], draft: OwnDraft, key: str) -> Panel:
    """Draw what the rules found, with everything that was written; `key` names the reading or is empty."""
    again = encode("library", "mend", _draft_key(draft, key))
    mend = Button(t("library.unfit.mend.label"), again, discord.ButtonStyle.primary)
    told = faults_told(faults)
    heading = t("library.unfit.heading", count=len(told))
    return Panel((Text(f"{heading}\n{_told(told, _MOST_FAULTS)}"), *_kept(draft), buttons(mend)), CAREFUL)


def overtaken_panel(current: OwnSnippet | None, draft: OwnDraft) -> Panel:
    """Draw that a reading has changed since its form was opened, or is gone, with both ways out."""
    if current is None:
        new = encode("library", "mend", _draft_key(draft, ""))
        button = Button(t("library.overtaken.new.label"), new, discord.ButtonStyle.primary)
        return Panel((Text(t("library.overtaken.gone")), *_kept(draft), buttons(button)), CAREFUL)
    mine = encode("library", "mine", _draft_key(draft, words_key(current.snippet)))
    theirs = encode("library", "card", current.snippet.id)
    return Panel(
        (
            Text(t("library.overtaken.heading")),
            Text(f"**{current.snippet.title}**\n{current.snippet.body}"),
            Divider(),
            *_kept(draft),
            buttons(
                Button(t("library.overtaken.mine.label"), mine, discord.ButtonStyle.primary),
                Button(t("library.overtaken.theirs.label"), theirs),
            ),
        ),
        CAREFUL,
    )


def _draft_key(draft: OwnDraft, key: str) -> str:
    return f"{draft.topic[:30]}{SEPARATOR}{key}"


def _kept(draft: OwnDraft) -> tuple[Block, ...]:
    parts = ((TITLE, draft.title), (BODY, draft.body), (QUESTION, draft.question), (TAGS, draft.tags))
    return (Text(t("library.unfit.yours")), *(Text(words, mark) for mark, words in parts if words))


def unfit_sources_panel(faults: tuple[GroupFault, ...], written: str, key: str) -> Panel:
    """Draw what the rules found in the lines of sources, with the lines."""
    again = encode("library", "mendsources", key)
    mend = Button(t("library.unfit.mend.label"), again, discord.ButtonStyle.primary)
    told = faults_told(faults)
    heading = t("library.unfit.heading", count=len(told))
    kept = (Text(written, SOURCES),) if written else ()
    return Panel((Text(f"{heading}\n{_told(told, _MOST_SOURCE_FAULTS)}"), *kept, buttons(mend)), CAREFUL)


def overtaken_sources_panel(current: OwnSnippet | None, written: str) -> Panel:
    """Draw that a reading has changed since its sources were opened; the lines wait for a second look."""
    if current is None:
        if not written:
            return say(t("library.own.gone"), colour=CAREFUL)
        return say(t("library.overtaken.sources_gone"), written, colour=CAREFUL)
    now = sources_written(current.snippet.claims)
    again = encode("library", "mendsources", sources_key(current.snippet))
    theirs = encode("library", "card", current.snippet.id)
    told = t("library.overtaken.sources", now=clip(now, 600) or t("library.overtaken.no_sources"))
    return Panel(
        (
            Text(told),
            *((Text(written, SOURCES),) if written else ()),
            buttons(
                Button(t("library.overtaken.again.label"), again, discord.ButtonStyle.primary),
                Button(t("library.overtaken.theirs.label"), theirs),
            ),
        ),
        CAREFUL,
    )


def _told(told: tuple[str, ...], most: int) -> str:
    lines = [f"- {one}" for one in told[:most]]
    if len(told) > most:
        lines.append(f"- {t('library.unfit.more', count=len(told) - most)}")
    return "\n".join(lines)


def faults_told(faults: Iterable[GroupFault]) -> tuple[str, ...]:
    """Return what the rules found, why it matters and what to do: one text for each rule in each part.

    It shows a writer's own words back, so it is for their eyes only.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        words = escape_mentions(escape_markdown(clip(" ".join(fault.words.split()), _SHOWN_WORDS)))
        found.setdefault((fault.rule, fault.part), []).append(words)
    return tuple(
        t(f"library.fault.{rule}", words=_in_a_row(words), part=t(f"library.part.{part}"))
        for (rule, part), words in found.items()
    )


def _in_a_row(words: list[str]) -> str:
    """The words between the quotation marks of a sentence; of many, the first."""
    shown = words[:_MOST_SHOWN]
    return "”, “".join(shown) + ("”, “…" if len(words) > _MOST_SHOWN else "")
