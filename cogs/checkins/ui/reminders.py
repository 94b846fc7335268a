"""The panel, the form and the message of a reminder."""

import discord

from bot.discordkit import Button, Form, Link, Option, Panel, Several, Text, Write, buttons, encode, say
from bot.text import t
from bot.text.escaping import escaped, isolated
from bot.times import show_clock, show_weekdays, zone_label
from cogs.checkins.service.reminders import DueReminder, ReminderState, Wanted

_FEATURE = "checkins"
_LONGEST_TIME = 20
_LONGEST_NAME = 100
"""Characters of a server's name (Discord)."""


def reminder_panel(state: ReminderState, *notices: str | None) -> Panel:
    """How the reminder stands, what keeps it quiet, and the way to change it; `notices` say first what is new."""
    wanted = state.wanted
    words = [t("checkin_rhythm.remind.lead"), *(notice for notice in notices if notice), _how(state)]
    if wanted.minute is not None:
        quieter = _what_keeps_it_quiet(state)
        if state.next_at is not None and not quieter:
            words.append(t("checkin_rhythm.remind.next", when=discord.utils.format_dt(state.next_at, "F")))
        words += quieter
    return say(*words).and_then(
        buttons(
            form_button(wanted),
            None
            if wanted.minute is None
            else Button(t("checkin_rhythm.remind.off.label"), encode(_FEATURE, "rem_off")),
            Button(t("checkin_rhythm.remind.settings.label"), encode("me", "settings")) if state.switched_off else None,
        )
    )


def time_panel(words: str, wanted: Wanted) -> Panel:
    """That a time of day is wanted still, or again, with the way to the form."""
    return say(words).and_then(buttons(form_button(wanted)))


def form_button(wanted: Wanted) -> Button:
    """The way to the form; it takes along the days that were chosen so far."""
    label = t(f"checkin_rhythm.remind.{'set' if wanted.minute is None else 'change'}.label")
    return Button(label, encode(_FEATURE, "rem_form", str(wanted.mask)), discord.ButtonStyle.primary)


def _how(state: ReminderState) -> str:
    wanted = state.wanted
    if wanted.minute is None:
        return t("checkin_rhythm.remind.off_words")
    return t(
        "checkin_rhythm.remind.on",
        at=show_clock(wanted.minute),
        zone=zone_label(state.zone.key, state.now),
        days=show_weekdays(wanted.days),
    )


def _what_keeps_it_quiet(state: ReminderState) -> list[str]:
    found: list[str] = []
    if state.switched_off:
        found.append(t("checkin_rhythm.remind.switched_off"))
    if state.quiet is not None:
        start, end = (show_clock(minute) for minute in state.quiet)
        found.append(t("checkin_rhythm.remind.in_quiet", start=start, end=end))
    if state.rests:
        found.append(t("checkin_rhythm.remind.resting"))
    elif state.group_rests:
        found.append(t("checkin_rhythm.remind.group_rests"))
    if state.closed:
        found.append(t("checkin_rhythm.remind.closed"))
    return found


def reminder_form(wanted: Wanted) -> Form:
    """The time of day and the days."""
    return Form(
        _FEATURE,
        "rem_set",
        t("checkin_rhythm.remind_form.form.title"),
        (
            Write(
                "at",
                t("checkin_rhythm.remind_form.at.label"),
                longest=_LONGEST_TIME,
                shortest=1,
                value="" if wanted.minute is None else show_clock(wanted.minute),
                placeholder=t("checkin_rhythm.remind_form.at.placeholder"),
            ),
            Several(
                "days",
                t("checkin_rhythm.remind_form.days.label"),
                tuple(Option(show_weekdays(frozenset({day})), str(day), chosen=day in wanted.days) for day in range(7)),
                required=True,
            ),
        ),
    )


def mark_of(due: DueReminder) -> str:
    """The id on a reminder's message, by which a retry finds it."""
    return encode(_FEATURE, "rem_stop", f"{due.guild_id}.{due.edition}.{due.day.isoformat()}")


def reminder_message(due: DueReminder, group: str | None) -> Panel:
    """The message; `group` is the server's name, where this process knows it."""
    words = (
        t("checkin_rhythm.message.words", group=isolated(escaped(group[:_LONGEST_NAME])))
        if group
        else t("checkin_rhythm.message.words_nameless")
    )
    return Panel(
        (
            Text(words),
            buttons(
                Link(t("checkin_rhythm.message.go.label"), address_of(due)),
                Button(t("checkin_rhythm.message.stop.label"), mark_of(due)),
            ),
        )
    )


def address_of(due: DueReminder) -> str:
    """Where the reader checks in."""
    parts = [str(due.guild_id), *(str(one) for one in (due.channel_id, due.message_id) if one is not None)]
    return f"https://discord.com/channels/{'/'.join(parts)}"
