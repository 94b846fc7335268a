"""The step between a facilitator's wish and a post for everyone: what it would look like, and what came of it.

What a button has to know of a draft is in its id: the reading, the channel, the mark of the question. The note stays in
the message that shows it, in the text marked `NOTE`, and is read from there.
"""

from dataclasses import dataclass

import discord
from discord.utils import escape_markdown, escape_mentions, format_dt

from bot.content import Snippet
from bot.discordkit import (
    CAREFUL,
    WRITABLE,
    Aside,
    Block,
    Button,
    Choose,
    Divider,
    Form,
    Option,
    Panel,
    PickChannel,
    Row,
    Text,
    Write,
    buttons,
    encode,
    say,
)
from bot.errors import Refusal
from bot.text import t
from cogs.learn.rules import LONGEST_NOTE
from cogs.learn.service import Draft, Found, Note
from cogs.learn.ui.reading import SEPARATOR, public_panel

NOTE = 1
"""The mark of the text that holds the note."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Place:
    """What an id of this room tells: the reading (or the message), the channel, and the rest."""

    name: str
    channel_id: int
    rest: str

    @property
    def key(self) -> str:
        """The place as an id carries it: numbers in 36 signs, or reading, channel and mark would be too long."""
        return SEPARATOR.join(part for part in (self.name, packed(self.channel_id), self.rest) if part)

    @classmethod
    def of(cls, key: str) -> "Place":
        """Read an id's key. Raises `Refusal` for one of another form."""
        name, _, tail = key.partition(SEPARATOR)
        channel, _, rest = tail.partition(SEPARATOR)
        return cls(name, unpacked(channel), rest)


def packed(number: int) -> str:
    """Return one of Discord's numbers in at most 13 signs."""
    signs = ""
    while number:
        number, place = divmod(number, 36)
        signs = _DIGITS[place] + signs
    return signs


def unpacked(signs: str) -> int:
    """Return the number again. Raises `Refusal` for signs that are none."""
    if not signs or len(signs) > 13 or not set(signs) <= set(_DIGITS):
        raise Refusal("kit.refused.outdated")
    return int(signs, 36)


def note_above(note: Note) -> tuple[Block, ...]:
    """Draw whose note it is and the note, to stand above a reading."""
    return (Text(t("learn.post.from", who=f"<@{note.user_id}>")), Text(note.shown, NOTE), Divider())


def confirm_panel(draft: Draft, mark: str, notice: str = "") -> Panel:
    """Draw the question under what would be posted; `mark` lets this one question post once."""
    snippet = draft.reading.snippet
    place = Place(snippet.id, draft.channel_id, "")
    whose = t("learn.post.ask_named" if draft.note else "learn.post.ask_nameless")
    blocks: list[Block] = [Text(f"{t('learn.post.ask', channel=_channel(draft.channel_id))} {whose}")]
    if snippet.tone == "careful":
        blocks.append(Text(t("learn.post.careful")))
    if draft.stands is not None:
        blocks.append(_stands(draft))
    post = public_panel(draft.reading, mark, above=note_above(draft.note) if draft.note else ())
    blocks += (Divider(), *(block for block in post.blocks if not isinstance(block, Row)), Divider())
    leave = encode("learn", "leave")
    if notice:  # a try has failed: its answer may be lost, and the post with it
        blocks.append(Text(notice))
        leave = _id("leave", place, mark)
    blocks += (
        _elsewhere(snippet.id),
        buttons(
            Button(t("learn.post.yes.label"), _id("publish", place, mark), discord.ButtonStyle.success),
            _rewrite(place, draft.note),
            Button(t("learn.post.no.label"), leave),
        ),
    )
    return Panel(tuple(blocks), CAREFUL)


def _stands(draft: Draft) -> Aside:
    stands = draft.stands
    assert stands is not None  # noqa: S101 - the only caller has looked
    words = t("learn.post.stands", channel=_channel(stands.channel_id), when=format_dt(stands.shared_at, "D"))
    return Aside(words, _take_back(stands.channel_id, stands.message_id))


def amounts_panel(snippet_id: str, channel_id: int, note: Note, found: tuple[str, ...]) -> Panel:
    """Draw what in a note keeps it from being posted, with the note safe below."""
    listed = ", ".join(f"**{escape_markdown(escape_mentions(words))}**" for words in found)
    place = Place(snippet_id, channel_id, "")
    return Panel(
        (
            Text(t("learn.post.amounts", found=listed)),
            Text(t("learn.post.note.kept")),
            Text(note.shown, NOTE),
            buttons(_rewrite(place, note), Button(t("learn.post.no.label"), encode("learn", "leave"))),
        ),
        CAREFUL,
    )


def no_place_panel(snippet_id: str, reason: str, note: Note | None) -> Panel:
    """Draw why nothing can be posted in a channel, with other places to pick and the note safe below."""
    return Panel(
        (
            Text(reason),
            *_kept(note),
            _elsewhere(snippet_id),
            buttons(Button(t("learn.post.no.label"), encode("learn", "leave"))),
        ),
        CAREFUL,
    )


def already_panel(snippet_id: str, channel_id: int, note: Note | None) -> Panel:
    """Draw that an earlier press has seen to it, with the note safe below should that press have failed."""
    again = (buttons(_rewrite(Place(snippet_id, channel_id, ""), note)),) if note else ()
    return Panel((Text(t("learn.post.already")), *_kept(note), *again))


def gone_panel(reason: str, note: Note | None) -> Panel:
    """Draw that the reading is not there any more, with the note safe below."""
    return Panel((Text(reason), *_kept(note)))


def near_panel(found: Found, channel_id: int, note: Note | None) -> Panel:
    """Draw what comes near to the title somebody typed, to go on with."""
    if not found.snippets:
        return Panel((Text(t("learn.post.none")), *_kept(note)))
    options = tuple(Option(one.title, one.id) for one in found.snippets)
    pick = Choose(encode("learn", "share", packed(channel_id)), t("learn.post.near.placeholder"), options)
    return Panel((Text(t("learn.post.near.words")), *_kept(note), pick))


def note_form(place: Place, note: str) -> Form:
    """Return the form for the note."""
    field = Write(
        "note",
        t("learn.post.note.label"),
        LONGEST_NOTE,
        value=note,
        description=t("learn.post.note.help"),
        long=True,
    )
    return Form("learn", "noted", t("learn.post.note.title"), (field,), place.key)


def posted_panel(snippet: Snippet, guild_id: int, channel_id: int, message_id: int, key: str) -> Panel:
    """Draw that it is posted, with the way to it and the way back; `key` is the secret of the post."""
    link = f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"
    done = t("learn.post.done", title=snippet.title, channel=_channel(channel_id), link=link)
    return Panel((Text(done), buttons(_take_back(channel_id, message_id, key))))


def stuck_panel(key: str, place: Place) -> Panel:
    """Draw that a post could not be deleted; `key` is the text that says why."""
    return Panel((Text(t(key)), buttons(_take_back(place.channel_id, unpacked(place.name), place.rest))))


def left_panel(key: str) -> Panel:
    """Draw that nothing was posted, or nothing stands any more; `key` is the text that says why."""
    return say(t(key))


def _channel(channel_id: int) -> str:
    return f"<#{channel_id}>"


def _id(verb: str, place: Place, rest: str = "") -> str:
    return encode("learn", verb, Place(place.name, place.channel_id, rest).key)


def _kept(note: Note | None) -> tuple[Block, ...]:
    return (Text(t("learn.post.note.kept")), Text(note.shown, NOTE)) if note else ()


def _elsewhere(snippet_id: str) -> PickChannel:
    return PickChannel(encode("learn", "place", snippet_id), t("learn.post.elsewhere"), WRITABLE)


def _rewrite(place: Place, note: Note | None) -> Button:
    label = t("learn.post.note.change.label" if note else "learn.post.note.add.label")
    return Button(label, _id("note", place))


def _take_back(channel_id: int, message_id: int, key: str = "") -> Button:
    return Button(t("learn.post.back.label"), _id("unshare", Place(packed(message_id), channel_id, ""), key))
