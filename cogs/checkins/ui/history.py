"""What somebody sees of their own days: the picture with its words, the list, one entry whole, how long all is kept."""

import re
from datetime import date

import discord
from discord.utils import format_dt

from bot.content import Role
from bot.discordkit import CAREFUL, Block, Button, Choose, Divider, Option, Panel, Picture, Row, Text, buttons, encode
from bot.text import t
from bot.text.escaping import escaped, fitting, isolated
from cogs.checkins.rules.answers import Given
from cogs.checkins.service.history import SPANS, History, Keeping, Spot
from cogs.checkins.service.picture import Line, PictureData
from cogs.checkins.service.rhythm import RhythmView
from cogs.checkins.service.slots import EntryKey
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.rhythm import rhythm_text

PICTURE = "check-ins.png"
MOST_DESCRIBED = 1024
"""Characters that Discord takes for the words of a picture."""

_SPOT = re.compile(r"(7|30|90|365)\.(\d{4}-\d{2}-\d{2})?\.(-1|\d{1,4})")
# Characters: of the list together, of the words of an entry in it (tried in turn), of an entry's words opened whole.
_LIST_ROOM, _WORD_ROOMS, _WHOLE_ROOM = 2600, (160, 90, 40), 3300


def spot_key(spot: Spot) -> str:
    """Return a spot as a custom id carries it."""
    return f"{spot.days}.{spot.last or ''}.{spot.page}"


def read_spot(key: str) -> Spot | None:
    """Return the spot of a key; None for anything else."""
    found = _SPOT.fullmatch(key)
    if found is None:
        return None
    try:
        last = date.fromisoformat(found[2]) if found[2] else None
    except ValueError:
        return None
    days, page = int(found[1]), int(found[3])
    # A calendar ends at both ends; nobody has looked that far.
    return Spot(days, last, page) if last is None or 1900 < last.year < 9000 else None


def empty_panel(view: RhythmView, owed: str | None = None) -> Panel:
    """Draw the history of somebody who has none yet, or none any more: how many days they checked in stays."""
    if not view.rhythm.total:
        return Panel(_told(t("checkin_history.empty"), owed))
    return Panel(_told(t("checkin_history.heading"), owed, rhythm_text(view), t("checkin_history.gone")))


def history_panel(
    history: History, picture: bytes | None, *, owed: str | None = None, notice: str | None = None
) -> Panel:
    """Draw a stretch of somebody's days; without `picture` where there is nothing to draw, or it couldn't be drawn."""
    spot = history.spot
    blocks: list[Block] = [*_told(t("checkin_history.heading"), owed, notice), Text(rhythm_text(history.rhythm))]
    blocks += _drawn(history, picture)
    blocks.append(Text(_heading(history)))
    if history.entries:
        blocks += (Text(_list(history.entries, history.rhythm.today)), _opener(history))
    blocks += (
        buttons(
            _turn("earlier", history.earlier),
            _turn("later", history.later),
            Button(t("checkin_history.take.label"), encode("checkins", "hist_export")),
        ),
        Row(tuple(_span(days, spot) for days in SPANS)),
        _keeper(history.keeping, spot),
    )
    return Panel(tuple(blocks))


def _told(*words: str | None) -> tuple[Block, ...]:
    return tuple(Text(one) for one in words if one)


def _drawn(history: History, picture: bytes | None) -> tuple[Block, ...]:
    data = history.picture
    if not data.lines:
        return (Text(t("checkin_history.no_numbers")),) if history.entries else ()
    if picture is None:
        return (Text(t("checkin_history.no_picture")),)
    shown: tuple[Block, ...] = (Picture(PICTURE, picture, described(history)),)
    return (*shown, Text(t("checkin_history.picture.several_small"))) if _several(data) else shown


def _heading(history: History) -> str:
    lines = [t("checkin_history.between", **_span_words(history.picture))]
    if not history.entries:
        lines.append(t("checkin_history.none_here"))
    elif history.pages > 1:
        lines.append(t("checkin_history.page", number=history.spot.page + 1, pages=history.pages))
    return "\n".join(lines)


def described(history: History) -> str:
    """Return in words what the picture shows: how far it reaches, each measure's ends and latest, and the gaps."""
    data = history.picture
    gaps = data.length - history.answered
    parts = [t("checkin_history.picture.alt", **_span_words(data))]
    parts += (_measure(line) for line in data.lines)
    if _several(data):
        parts.append(t("checkin_history.picture.several"))
    if gaps:
        parts.append(t("checkin_history.picture.gaps", count=gaps))
    else:
        parts.append(t("checkin_history.picture.no_gaps"))
    if data.resting:
        parts.append(t("checkin_history.picture.rests", count=len(data.resting)))
    return " ".join(parts)[:MOST_DESCRIBED]


def _span_words(data: PictureData) -> dict[str, str]:
    far = data.first.year != data.last.year
    return {"first": _day(data.first, year=far), "last": _day(data.last, year=far)}


def _several(data: PictureData) -> bool:
    return any(one.lowest < one.highest for line in data.lines for one in line.days.values())


def _measure(line: Line) -> str:
    day, latest = list(line.days.items())[-1]
    return t(
        "checkin_history.picture.measure",
        count=len(line.days),
        measure=t(f"checkin_history.measure.{line.role}"),
        lowest=_number(line.role, min(one.lowest for one in line.days.values())),
        highest=_number(line.role, max(one.highest for one in line.days.values())),
        latest=_number(line.role, latest.last),
        day=_day(day),
    )


def _number(role: Role, number: int) -> str:
    if role == "urge":
        return t("checkin_history.picture.number", number=number)
    word = t(f"checkin_history.scale.{role}.{number}").lower()
    return t("checkin_history.picture.word", number=number, word=word)


def _list(entries: tuple[Entry, ...], today: date) -> str:
    """The entries of a page: with as much of the private words as fits."""
    for room in _WORD_ROOMS:
        lines = "\n\n".join(_line(entry, today, room) for entry in entries)
        if len(lines) <= _LIST_ROOM:
            return lines
    return "\n\n".join(_head(entry, today) for entry in entries)


def _line(entry: Entry, today: date, room: int) -> str:
    numbers = [_asked(t(f"checkin_history.measure.{one.role}"), one.shown) for one in entry.marks if one.role]
    lines = [_head(entry, today), " · ".join(numbers)]
    if entry.words is None:
        lines.append(_whereabouts(entry))
    else:
        said = " · ".join(" ".join(one.shown.split()) for one in entry.words if one.shown)
        lines.append(f"> {isolated(escaped(_clip(said, room)))}" if said else "")
    shown = "\n".join(line for line in lines[1:] if line)
    return f"{lines[0]}\n{shown or t('checkin_history.line.here')}"


def _head(entry: Entry, today: date) -> str:
    day = _day(entry.day, year=entry.day.year != today.year)
    return t("checkin_history.line.head", day=day, who=_who(entry))


def _who(entry: Entry) -> str:
    who = t(f"checkin_form.who.{entry.choice.value}.label")
    return who[:1].lower() + who[1:]


def _asked(label: str, shown: str) -> str:
    return t("checkin_history.line.asked", label=label, shown=escaped(shown))


def _whereabouts(entry: Entry) -> str:
    """Where the words are that aren't here: in the post. Without one there were none, or they went with it."""
    if entry.post is None or not entry.outline:
        return ""
    return t("checkin_history.line.link", address=post_address(entry))


def post_address(entry: Entry) -> str:
    """Return where an entry's post is read; empty without one."""
    return f"https://discord.com/channels/{entry.guild_id}/{entry.channel_id}/{entry.message_id}" if entry.post else ""


def _opener(history: History) -> Choose:
    options = tuple(
        Option(f"{_day(one.day, year=True)} · {_who(one)}"[:100], str(one.entry_id)) for one in history.entries
    )
    key = encode("checkins", "hist_open", spot_key(history.spot))
    return Choose(key, t("checkin_history.open.placeholder"), options)


def _turn(name: str, spot: Spot | None) -> Button | None:
    if spot is None:
        return None
    return Button(t(f"checkin_history.{name}.label"), encode("checkins", f"hist_{name}", spot_key(spot)))


def _span(days: int, spot: Spot) -> Button:
    key, chosen = spot_key(Spot(days)), spot.days == days
    style = discord.ButtonStyle.primary if chosen else discord.ButtonStyle.secondary
    # Two buttons of one message can't have one id: the span in sight leads to its own days of now.
    return Button(t(f"checkin_history.span.{days}.label"), encode("checkins", "hist_span", key), style)


def _keeper(keeping: Keeping, spot: Spot) -> Choose:
    options = tuple(
        Option(
            t(
                "checkin_history.months.whole" if months == keeping.most else "checkin_history.months.option",
                count=months,
            ),
            str(months),
            chosen=months == keeping.chosen,
        )
        for months in keeping.choices
    )
    return Choose(encode("checkins", "hist_months", spot_key(spot)), t("checkin_history.keep.placeholder"), options)


def kept_words(months: int) -> str:
    """Return what is said once somebody chose."""
    return t("checkin_history.kept", months=_months(months))


def _months(months: int) -> str:
    return t("checkin_history.months.said", count=months)


def shorter_panel(months: int, spot: Spot) -> Panel:
    """Ask before a choice that deletes something."""
    return Panel(
        (
            Text(t("checkin_history.months.ask", months=_months(months))),
            buttons(
                Button(
                    t("checkin_history.months.yes.label"),
                    encode("checkins", "hist_keep", f"{months}.{spot_key(spot)}"),
                    discord.ButtonStyle.danger,
                ),
                Button(t("checkin_history.months.no.label"), encode("checkins", "hist_look", spot_key(spot))),
                Button(t("checkin_history.take.label"), encode("checkins", "hist_export")),
            ),
        ),
        CAREFUL,
    )


def entry_panel(entry: Entry, spot: Spot) -> Panel:
    """Draw one entry whole: every answer, and private words to their last sign."""
    when, day = format_dt(entry.written_at, "f"), _day(entry.day, year=True)
    blocks: list[Block] = [Text(t("checkin_history.entry.heading", day=day, when=when, who=_who(entry)))]
    if entry.marks:
        blocks.append(Text("\n".join(_asked(escaped(one.label), one.shown) for one in entry.marks)))
    words = entry.words or ()
    for given, shown in zip(words, fitting([one.shown for one in words], _room(entry)), strict=True):
        blocks += (Divider(), Text(f"{_question(given)}\n{shown}"))
    if entry.words is None and (where := _whereabouts(entry)):
        blocks += (Divider(), Text(where))
    blocks.append(
        buttons(
            Button(t("checkin_history.back.label"), encode("checkins", "hist_look", spot_key(spot))),
            Button(
                t("checkin_history.change.label"),
                encode("checkins", "entry_leave", EntryKey(entry.entry_id, entry.edition).key),
            ),
        )
    )
    return Panel(tuple(blocks))


def _room(entry: Entry) -> int:
    return _WHOLE_ROOM - sum(len(escaped(one.label)) + len(escaped(one.shown)) + 3 for one in entry.marks)


def _question(given: Given) -> str:
    return t("checkin_history.entry.question", label=escaped(given.label))


def _clip(words: str, room: int) -> str:
    if len(words) <= room:
        return words
    return f"{words[: room - 1].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def _day(day: date, *, year: bool = False) -> str:
    return f"{day:%A} {day.day} {day:%B}{f' {day.year}' if year else ''}"
