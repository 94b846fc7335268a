"""How a check-in looks to the people it was shared with: whose it is, their words, and a way to write back.

The words stand in texts of their own, marked 1 to 4 in the order of the questions, so that they can be read from the
post again: once it stands, they are kept nowhere else.
"""

from collections.abc import Sequence

import discord

from bot.discordkit import Block, Button, Panel, Text, buttons, encode
from bot.discordkit.panels import MOST_CHARACTERS
from bot.text import t
from bot.text.escaping import escaped, fitting, isolated, plain
from cogs.checkins.rules import Place
from cogs.checkins.service.answers import Given
from cogs.checkins.store.entries import Entry


def write_back_id(entry_id: int) -> str:
    """Return the custom id by which a post of an entry is found again, and written back to."""
    return encode("checkins", "reply_write", str(entry_id))


def entry_post(entry: Entry, words: Sequence[Given], taken: int = 0) -> Panel:
    """Draw the post of an entry for the place that its choice names; `taken` characters are wanted beside it."""
    return team_post(entry, words, taken) if entry.choice.place is Place.CARE else group_post(entry, words, taken)


def group_post(entry: Entry, words: Sequence[Given], taken: int = 0) -> Panel:
    """Draw what the group sees: the words under their writer's name, numbers and ticks only where they chose so."""
    head = Text(t("checkin_entry.post.group", who=_who(entry)))
    return _post(entry, head, words, entry.marks if entry.numbers_shown else (), taken)


def team_post(entry: Entry, words: Sequence[Given], taken: int = 0) -> Panel:
    """Draw what the team sees: all of it."""
    return _post(entry, Text(t("checkin_entry.post.team", who=_who(entry))), words, entry.marks, taken)


def _post(entry: Entry, head: Text, words: Sequence[Given], marks: Sequence[Given], taken: int) -> Panel:
    wish = (Text(t(f"checkin_entry.post.wish.{entry.choice.value}")),) if entry.choice.asks else ()
    write_back = Button(
        t("checkin_entry.post.write_back.label"), write_back_id(entry.entry_id), discord.ButtonStyle.primary
    )
    taken += sum(len(text.words) for text in (head, *wish))
    return Panel((head, *answers(words, marks, taken), *wish, buttons(write_back)))


def answers(words: Sequence[Given], marks: Sequence[Given], taken: int) -> tuple[Block, ...]:
    """Draw answers in what `taken` characters leave of a message: numbers and ticks in lines, words below.

    Beside a post's own few lines the longest answers of a form have room. Where they have none, they are cut short and
    carry no mark, so that nothing is read back that isn't whole.
    """
    said = [(place, one) for place, one in enumerate(words, 1) if one.shown]
    labels = [Text(f"-# {isolated(escaped(one.label))}") for _, one in said]
    room = MOST_CHARACTERS - taken - sum(len(label.words) for label in labels)
    lines = _lines(marks, room - sum(len(one.shown) for _, one in said))
    room -= len(lines)
    shown = fitting([one.shown for _, one in said], room)
    whole = sum(map(len, shown)) <= room
    if not whole:
        each = max(room, 0) // len(shown)
        shown = [text if len(text) <= each else f"{text[: max(each - 1, 0)]}…" for text in shown]
    blocks: list[Block] = [Text(lines)] if lines else []
    for label, (place, _), text in zip(labels, said, shown, strict=True):
        blocks += (label, Text(text, place if whole else None))
    return tuple(blocks)


def posted_words(outline: Sequence[Given], read: dict[int, str]) -> tuple[Given, ...]:
    """Return the answers that stand in a post's marked texts, to the questions of its entry's `outline`."""
    return tuple(
        Given(one.question_id, one.kind, one.role, one.label, shown=plain(read.get(place, "")))
        for place, one in enumerate(outline, 1)
    )


def _lines(marks: Sequence[Given], room: int) -> str:
    """Numbers and ticks, a line each; what has no room is left out from the end."""
    lines: list[str] = []
    for one in marks:
        line = t(
            "checkin_entry.answer", label=isolated(escaped(one.label)), shown=isolated(escaped(one.shown))
        )  # fmt: skip
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join(lines)


def _who(entry: Entry) -> str:
    return f"<@{entry.user_id}>"
