"""`/checkin today`: an entry as its writer sees it, with all they can change about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.discordkit import Block, Button, Choose, Option, Panel, Text, buttons, encode
from bot.text import t
from bot.text.escaping import escaped, isolated, plain
from cogs.checkins.rules import Choice
from cogs.checkins.service.answers import Given
from cogs.checkins.service.slots import EntryKey, Slot, packed
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.entries import answers
from cogs.checkins.ui.receipts import entry_buttons, held_choice, who_sees

_MOST_OTHERS = 25


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry with its words: None where they are gone, `away` where they can't be read just now.

    `others` are further entries of these days, `names` those of the check-ins; `fill` is yesterday, still open.
    """

    entry: Entry
    words: tuple[Given, ...] | None
    today: date
    yesterday: date
    others: Sequence[Entry] = ()
    names: Mapping[int, str] | None = None
    away: bool = False
    fill: Slot | None = None


def sheet_panel(sheet: Sheet, notice: str = "") -> Panel:
    """Draw an entry for its writer; `notice` stands above it."""
    entry = sheet.entry
    head = [_heading(sheet)]
    if name := (sheet.names or {}).get(entry.schedule_id):
        head.append(t("checkin_entry.today.named", name=isolated(escaped(name))))
    top = Text("\n".join((*head, who_sees(entry))))
    blocks: list[Block] = [Text(notice)] if notice else []
    blocks.append(top)
    blocks += _answers_of(sheet, len(top.words) + len(notice) + 900)
    if entry.held is not None:
        blocks += held_choice(entry, entry.held)
    blocks += (_who(entry), entry_buttons(entry))
    if sheet.others:
        blocks.append(others_choice(sheet.others, sheet.names or {}, sheet.today, sheet.yesterday))
    if sheet.fill is not None:
        blocks += (Text(t("checkin_entry.today.open_yesterday")), buttons(_fill(sheet.fill)))
    return Panel(tuple(blocks))


def none_panel(
    now: Slot, fill: Slot | None, others: Sequence[Entry], names: Mapping[int, str], days: tuple[date, date]
) -> Panel:
    """Draw that there is no entry today yet, with the ways to one."""
    blocks: list[Block] = [Text(t("checkin_entry.today.none"))]
    if fill is not None:
        blocks.append(Text(t("checkin_entry.today.open_yesterday")))
    check_in = Button(t("checkin_entry.today.now.label"), encode("checkins", "form_open", now.key))
    blocks.append(buttons(check_in, _fill(fill) if fill else None))
    if others:
        blocks.append(others_choice(others, names, *days))
    return Panel(tuple(blocks))


def others_choice(others: Sequence[Entry], names: Mapping[int, str], today: date, yesterday: date) -> Choose:
    """Draw the choice of another entry."""
    options = tuple(
        Option(
            t(
                "checkin_entry.today.others.option.choice",
                day=_day(one.day, today, yesterday),
                name=names.get(one.schedule_id) or t("checkin_entry.today.others.unnamed.choice"),
            )[:100],
            packed(one.entry_id),
        )
        for one in others[:_MOST_OTHERS]
    )
    return Choose(encode("checkins", "entry_show"), t("checkin_entry.today.others.placeholder"), options)


def _heading(sheet: Sheet) -> str:
    if sheet.entry.day == sheet.today:
        return t("checkin_entry.today.today")
    if sheet.entry.day == sheet.yesterday:
        return t("checkin_entry.today.yesterday")
    return t("checkin_entry.today.earlier", day=sheet.entry.day.isoformat())


def _day(day: date, today: date, yesterday: date) -> str:
    if day == today:
        return t("checkin_entry.today.others.today.choice")
    return t("checkin_entry.today.others.yesterday.choice") if day == yesterday else day.isoformat()


def _answers_of(sheet: Sheet, taken: int) -> tuple[Block, ...]:
    found = _as_typed(answers(sheet.words or (), sheet.entry.marks, taken), sheet.words or ())
    if sheet.away:
        return (*found, Text(t("checkin_entry.today.words_away")))
    if sheet.words is None and sheet.entry.outline:
        return (*found, Text(t("checkin_entry.today.words_gone")))
    return found or (Text(t("checkin_entry.today.none_words")),)


def _as_typed(found: tuple[Block, ...], words: Sequence[Given]) -> tuple[Block, ...]:
    """The answers without their marks, where one had to be widened: a form must not take it for what was typed."""
    marked = [one for one in found if isinstance(one, Text) and one.mark is not None]
    if all(plain(one.words) == words[(one.mark or 1) - 1].shown for one in marked):
        return found
    return tuple(replace(one, mark=None) if isinstance(one, Text) else one for one in found)


def _who(entry: Entry) -> Choose:
    options = tuple(
        Option(t(f"checkin_form.who.{one.value}.label"), one.value, chosen=one is entry.choice) for one in Choice
    )
    key = EntryKey(entry.entry_id, entry.edition).key
    return Choose(encode("checkins", "entry_who", key), t("checkin_entry.today.who.placeholder"), options)


def _fill(slot: Slot) -> Button:
    return Button(t("checkin_entry.today.fill.label"), encode("checkins", "form_open", slot.key))
