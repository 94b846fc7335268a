"""How replies look: the word to a companion and to the team, the form, what is posted, and the waiting list."""

from hashlib import blake2b

import discord
from discord.utils import escape_markdown, escape_mentions, format_dt

from bot.contracts import Post
from bot.discordkit import (
    CALM,
    CAREFUL,
    Aside,
    Block,
    Button,
    Divider,
    Form,
    Link,
    Panel,
    Text,
    Write,
    buttons,
    encode,
    say,
)
from bot.text import t
from bot.text.escaping import escaped, isolated
from cogs.checkins.rules import Place
from cogs.checkins.service.guarantee import is_private
from cogs.checkins.service.replies import LONGEST_REPLY, Sending
from cogs.checkins.service.team import Telling
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.replies import Reply

WORDS = 1
"""The mark of the text that holds a reply which waits for its author's decision."""

SEPARATOR = "."
WORDS_FIELD = "words"

_PAGE = 8
_REFERENCE = "23456789abcdefghjkmnpqrstvwxyz"


def _link(guild_id: int, post: Post) -> str:
    return f"https://discord.com/channels/{guild_id}/{post.channel_id}/{post.message_id}"


def _since(entry: Entry) -> str:
    return format_dt(entry.asked_at or entry.written_at, "R")


def _shown(words: str) -> str:
    return isolated(escaped(words))


def cannot_id(entry: Entry) -> str:
    """Return the custom id by which a request is found again after a lost answer."""
    return encode("checkins", "ask_cannot", str(entry.entry_id))


def ask_panel(entry: Entry, server: str | None) -> Panel:
    """Draw the word to one companion: no word of the entry, and nobody's name."""
    named = escape_markdown(escape_mentions(server)) if server else t("checkin_reply.ask.nameless")
    how = t("checkin_reply.ask.how_group" if entry.place is Place.GROUP else "checkin_reply.ask.how_team")
    return Panel(
        (
            Text(t("checkin_reply.ask.words", server=named, when=_since(entry))),
            Text(how),
            buttons(
                Link(t("checkin_reply.ask.open.label"), _link(entry.guild_id, entry.post)) if entry.post else None,
                Button(t("checkin_reply.ask.cannot.label"), cannot_id(entry)),
            ),
            Text(t("checkin_reply.ask.small")),
        )
    )


def cannot_panel(*, waits: bool) -> Panel:
    """Draw the thanks to a companion who can't; `waits`: whether somebody else is looked for."""
    return say(t("checkin_reply.cannot.words" if waits else "checkin_reply.cannot.over"))


def told_id(telling: Telling) -> str:
    """Return the custom id by which a word to the team is found again after a lost answer."""
    part = "early" if telling.early else "late"
    return encode("checkins", "reply_told", f"{telling.entry.entry_id}{SEPARATOR}{part}")


def told_panel(telling: Telling, roles: tuple[int, ...]) -> Panel:
    """Draw the word to the team's `roles`: who waits is named only where there is no post that names them."""
    entry = telling.entry
    told = t("checkin_reply.told.early" if telling.early else "checkin_reply.told.late", when=_since(entry))
    return Panel(
        (
            Text(" ".join((*(f"<@&{role}>" for role in roles), told))),
            Text(_whereabouts(entry)),
            buttons(Button(t("checkin_reply.write.label"), told_id(telling), discord.ButtonStyle.primary)),
            Text(t("checkin_reply.told.everybody")),
        ),
        CAREFUL,
    )


def _whereabouts(entry: Entry) -> str:
    if entry.post is None:
        return t("checkin_reply.told.lost", writer=entry.user_id)
    where = {"link": _link(entry.guild_id, entry.post), "channel": entry.post.channel_id}
    return t("checkin_reply.told.group" if entry.place is Place.GROUP else "checkin_reply.told.team", **where)


def answered_panel(entry: Entry) -> Panel:
    """Draw what becomes of the word to the team when somebody has answered."""
    return say(t("checkin_reply.told.answered", when=_since(entry)), colour=CALM)


def reply_form(entry: Entry) -> Form:
    """Return the form for the words."""
    where = t("checkin_reply.form.words.private" if is_private(entry) else "checkin_reply.form.words.group")
    label = t("checkin_reply.form.words.label")
    field = Write(WORDS_FIELD, label, LONGEST_REPLY, shortest=1, description=where, long=True)
    return Form("checkins", "reply_sent", t("checkin_reply.form.title"), (field,), str(entry.entry_id))


def take_back_id(reply: Reply) -> str:
    """Return the custom id by which a reply is taken back, and found again after a lost answer."""
    return take_back_id_of(reply.reply_id)


def take_back_id_of(reply_id: int) -> str:
    """`take_back_id` of a reply that may be gone."""
    return encode("checkins", "reply_back", str(reply_id))


def reply_post(sending: Sending) -> Panel:
    """Draw a reply where it stands, under its author's name and to its reader."""
    reply, entry = sending.reply, sending.entry
    people = {"author": reply.user_id, "writer": entry.user_id}
    words = Text(_shown(reply.words or ""))
    back = buttons(_take_back(reply))
    if not sending.private:
        return Panel((Text(t("checkin_reply.post.group", **people)), words, back))
    heading = t("checkin_reply.post.private", day=format_dt(entry.written_at, "D"), **people)
    return Panel((Text(heading), words, Text(t("checkin_reply.post.room")), back))


def _take_back(reply: Reply) -> Button:
    return Button(t("checkin_reply.back.label"), take_back_id(reply))


def receipt_panel(reply: Reply, entry: Entry) -> Panel:
    """Draw that a reply is on its way, with its words and the way back."""
    told = t("checkin_reply.receipt.private" if is_private(entry) else "checkin_reply.receipt.group")
    return Panel((Text(told), Divider(), Text(_shown(reply.words or "")), buttons(_take_back(reply))))


def held_panel(blocks: tuple[Block, ...], entry_id: int, mark: str, words: str) -> Panel:
    """Draw what screening shows first, and the author's own choice below; the words stay in this message alone."""
    share = encode("checkins", "reply_share", f"{entry_id}{SEPARATOR}{mark}")
    return Panel(
        (
            *blocks,
            Divider(),
            Text(t("checkin_reply.held.words")),
            Text(_shown(words), WORDS),
            buttons(
                Button(t("checkin_reply.held.share.label"), share),
                Button(t("checkin_reply.held.keep.label"), encode("checkins", "reply_keep")),
            ),
        ),
        CAREFUL,
    )


def lost_panel(reason: str, words: str) -> Panel:
    """Draw why a reply can't be posted, with its words safe below."""
    return Panel((Text(reason), Text(t("checkin_reply.your_words")), Text(_shown(words))))


def back_panel(reply: Reply) -> Panel:
    """Draw in a private message that a reply couldn't be posted, with its words."""
    return lost_panel(t("checkin_reply.back.refused"), reply.words or "")


def room_name(entry: Entry) -> str:
    """Return the name of the private thread about an entry: always the same one, naming nobody."""
    number = int.from_bytes(blake2b(str(entry.entry_id).encode(), digest_size=8).digest(), "big")
    signs = ""
    for _ in range(8):
        number, place = divmod(number, len(_REFERENCE))
        signs += _REFERENCE[place]
    return t("checkin_reply.room.name", reference=signs)


def call_panel(entry: Entry, *, room: bool) -> Panel:
    """Draw the call that brings the writer to a reply."""
    return say(t("checkin_reply.call.private" if room else "checkin_reply.call.group", writer=entry.user_id))


def waiting_panel(entries: tuple[Entry, ...], number: int) -> Panel:
    """Draw a page of those who wait; a page beyond the last one is the last."""
    if not entries:
        return say(t("checkin_reply.waiting.nobody"))
    pages = -(-len(entries) // _PAGE)
    number = min(max(number, 0), pages - 1)
    blocks: list[Block] = [Text(f"{t('checkin_reply.waiting.heading')}\n{t('checkin_reply.waiting.count')}")]
    blocks += [_waiting(entry) for entry in entries[number * _PAGE : (number + 1) * _PAGE]]
    if pages > 1:
        blocks.append(Text(t("checkin_reply.waiting.page", number=number + 1, pages=pages)))
        earlier = Button(t("checkin_reply.waiting.earlier.label"), _page_id(number - 1))
        later = Button(t("checkin_reply.waiting.later.label"), _page_id(number + 1))
        blocks.append(buttons(earlier if number else None, later if number + 1 < pages else None))
    return Panel(tuple(blocks))


def _page_id(number: int) -> str:
    return encode("checkins", "reply_page", str(number))


def _waiting(entry: Entry) -> Aside:
    told = {"writer": entry.user_id, "when": _since(entry)}
    if entry.place is Place.GROUP and entry.post is not None:
        link = Link(t("checkin_reply.waiting.open.label"), _link(entry.guild_id, entry.post))
        return Aside(t("checkin_reply.waiting.group", **told), link)
    write = Button(t("checkin_reply.write.label"), encode("checkins", "reply_write", str(entry.entry_id)))
    key = "checkin_reply.waiting.lost" if entry.post is None else "checkin_reply.waiting.team"
    return Aside(t(key, **told), write)
