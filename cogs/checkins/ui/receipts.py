"""What a writer is told, alone: what was kept, who sees it, and the way back; what was held back, and the choice."""

from collections.abc import Sequence

import discord

from bot.discordkit import CALM, CAREFUL, Block, Button, Divider, Panel, Row, Text, buttons, encode, say
from bot.text import t
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.answers import Given
from cogs.checkins.service.slots import EntryKey
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.entries import answers, entry_post


def receipt_panel(entry: Entry, heading: str, *notes: str, below: Sequence[Block] = ()) -> Panel:
    """Draw what became of an entry; `notes` are sentences, `below` is for the writer's eyes as well."""
    blocks: list[Block] = [Text(f"{heading}\n{who_sees(entry)}")]
    blocks += (Text(note) for note in notes if note)
    blocks.append(entry_buttons(entry))
    if below:
        blocks += (Divider(), *below)
    return Panel(tuple(blocks))


def who_sees(entry: Entry) -> str:
    """Say who sees an entry, and where its post is by now."""
    lines = [t(f"checkin_entry.who.{entry.choice.value}")]
    if entry.choice.place is Place.GROUP and entry.marks:
        lines.append(t("checkin_entry.numbers.shown" if entry.numbers_shown else "checkin_entry.numbers.hidden"))
    if state := _state(entry):
        lines.append(state)
    if entry.asked_at is not None:
        lines.append(t("checkin_entry.state.waiting" if entry.waits else "checkin_entry.state.answered"))
    return "\n".join(lines)


def _state(entry: Entry) -> str:
    if entry.held is not None:
        return t("checkin_entry.state.held")
    if entry.post is not None:
        link = link_of(entry)
        if entry.choice.place is Place.NOWHERE:
            return t("checkin_entry.state.stays", link=link)
        moving = entry.place is not entry.choice.place
        return t("checkin_entry.state.moving" if moving else "checkin_entry.state.stands", link=link)
    if entry.choice.place is Place.NOWHERE:
        return ""
    if entry.place is not Place.NOWHERE:
        return t("checkin_entry.state.coming")
    bare = entry.words is None and entry.outline
    return t("checkin_entry.state.refused_bare" if bare else "checkin_entry.state.refused")


def link_of(entry: Entry) -> str:
    """Return the address of an entry's post."""
    return f"https://discord.com/channels/{entry.guild_id}/{entry.channel_id}/{entry.message_id}"


def entry_buttons(entry: Entry) -> Row:
    """Draw what a writer can do with an entry."""
    shared = entry.choice is not Choice.ME
    refused = shared and entry.place is Place.NOWHERE
    return buttons(
        _button(entry, "checkin_entry.back.label", "entry_back", style=discord.ButtonStyle.primary) if shared else None,
        _button(entry, "checkin_entry.again.label", "entry_retry") if refused else None,
        _numbers(entry),
        _button(entry, "checkin_entry.change.label", "entry_edit"),
        _button(entry, "checkin_entry.delete.button.label", "entry_delete"),
    )


def _numbers(entry: Entry) -> Button | None:
    if entry.choice.place is not Place.GROUP or not entry.marks:
        return None
    if entry.numbers_shown:
        return _button(entry, "checkin_entry.numbers.hide.label", "entry_numbers", "0")
    return _button(entry, "checkin_entry.numbers.show.label", "entry_numbers", "1")


def _button(
    entry: Entry, label: str, verb: str, wish: str = "", style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> Button:
    key = EntryKey(entry.entry_id, entry.edition, wish).key
    return Button(t(label), encode("checkins", verb, key), style)


def held_panel(entry: Entry, wished: Choice, blocks: Sequence[Block]) -> Panel:
    """Draw help first, then the choice about a text that is held back from what was `wished`."""
    return Panel((*blocks, Divider(), *held_choice(entry, wished)), CAREFUL)


def held_choice(entry: Entry, wished: Choice) -> tuple[Block, ...]:
    """Draw the choice about a text that is held back."""
    ask = "team" if wished.place is Place.CARE else wished.value
    team = _team_choice(wished)
    return (
        Text(f"{t('checkin_entry.held.ask')}\n{t(f'checkin_entry.held.means.{ask}')}"),
        buttons(
            _button(entry, "checkin_entry.held.share.label", "entry_move", wished.value),
            _button(entry, "checkin_entry.held.team.label", "entry_move", team.value) if team else None,
            _button(entry, "checkin_entry.held.private.label", "entry_keep", style=discord.ButtonStyle.primary),
        ),
    )


def _team_choice(wished: Choice) -> Choice | None:
    """What "Team only" means: who asked for a reply is not left without one."""
    if wished.place is Place.CARE:
        return None
    return Choice.TEAM_REACH_OUT if wished.asks else Choice.TEAM


def preview_panel(entry: Entry, shown: Entry, words: tuple[Given, ...] | None, blocks: Sequence[Block]) -> Panel:
    """Draw what others would see of `entry`, were it shared as `shown`, and ask; help comes first where it is due."""
    asked = [Text(t("checkin_entry.preview.ask", who=t(f"checkin_entry.who.{shown.choice.value}")))]
    if words is None:
        asked.append(Text(t("checkin_entry.preview.words_gone")))
    first: tuple[Block, ...] = (*blocks, Divider()) if blocks else ()
    taken = sum(len(block.words) for block in (*first, *asked) if isinstance(block, Text))
    post = tuple(block for block in entry_post(shown, words or (), taken).blocks if not isinstance(block, Row))
    team = _team_choice(shown.choice) if blocks else None
    choice = buttons(
        _button(entry, "checkin_entry.preview.yes.label", "entry_move", shown.choice.value),
        _button(entry, "checkin_entry.held.team.label", "entry_move", team.value) if team else None,
        _button(entry, "checkin_entry.preview.no.label", "entry_leave", style=discord.ButtonStyle.primary),
    )
    return Panel((*first, *asked, Divider(), *post, Divider(), choice), CAREFUL if blocks else CALM)


def unread_panel(entry: Entry) -> Panel:
    """Draw that the words could not be read from the post before it goes, and ask."""
    return Panel(
        (
            Text(t("checkin_entry.unread.ask")),
            buttons(
                _button(entry, "checkin_entry.unread.yes.label", "entry_back", "anyway"),
                _button(entry, "checkin_entry.unread.no.label", "entry_leave"),
            ),
        ),
        CAREFUL,
    )


def delete_panel(entry: Entry) -> Panel:
    """Ask before an entry is deleted."""
    return Panel(
        (
            Text(t("checkin_entry.delete.ask")),
            buttons(
                _button(entry, "checkin_entry.delete.yes.label", "entry_gone", style=discord.ButtonStyle.danger),
                _button(entry, "checkin_entry.delete.no.label", "entry_leave"),
            ),
        ),
        CAREFUL,
    )


def lost_panel(why: str, given: Sequence[Given]) -> Panel:
    """Draw the words of a form that was not kept, so that they are not lost; `why` is the key of the reason."""
    words = [one for one in given if one.words]
    reason = t(why)
    return Panel((Text(reason), *answers(words, (), len(reason))), CAREFUL)


def told(key: str) -> Panel:
    """Draw one sentence."""
    return say(t(key))
