"""What a person's settings look like: the panel, the receipts, the avoid list."""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.clock import from_ms
from bot.countries import country_name, is_country
from bot.discordkit import Aside, Button, Choose, Option, Panel, Text, buttons, encode, say
from bot.members import AUDIENCES, WORDINGS
from bot.members.store import Avoid
from bot.text import t
from bot.times import show_clock, zone_label
from cogs.me.rules import Change, hours_of, page_of
from cogs.me.service import Settings

_NO_WORD = "none"


def settings(shown: Settings, notice: str | None = None) -> Panel:
    """The settings panel; `notice` says first what has just changed."""
    return Panel(
        (
            Text(t("me.settings.lead")),
            *([Text(notice)] if notice else []),
            Text(t("me.settings.words")),
            _words(shown),
            Text(t("me.settings.audience")),
            _audience(shown),
            _companion(shown),
            _reminders(shown),
            _zone(shown),
            _country(shown),
            _quiet(shown),
            _rest(shown),
            Text(t("me.settings.hint")),
            buttons(_list_button()),
        )
    )


def receipt(notice: str) -> Panel:
    """What a typed command has changed, with the way to everything else."""
    return say(notice).and_then(buttons(Button(t("me.settings.all.label"), encode("me", "settings")), _list_button()))


def word_of(option: str) -> str:
    """The wording that an option of the panel stands for; empty for no word at all."""
    return "" if option == _NO_WORD else option


def kept(change: Change, now: datetime) -> str:
    """The sentence for a change that was kept; `now` decides what a zone's clock shows."""
    if change.kind in ("companion", "reminders"):
        return t(f"me.kept.{change.kind}_{'on' if change.value == '1' else 'off'}")
    if change.kind == "rest":
        return t("me.kept.rest_until", until=_moment(from_ms(int(change.value)))) if change.value else t("me.kept.rest")
    if not change.value:
        return t(f"me.kept.{change.kind}_none")
    if change.kind == "quiet":
        start, end = hours_of(change.value)
        return t("me.kept.quiet", start=show_clock(start), end=show_clock(end))
    words = {
        "words": lambda: t(f"me.words.{change.value}"),
        "audience": lambda: t(f"me.audience.{change.value}"),
        "timezone": lambda: zone_label(change.value, now),
        "country": lambda: country_name(change.value),
    }[change.kind]()
    name = {"timezone": "zone"}.get(change.kind, change.kind)
    return t(f"me.kept.{change.kind}", **{name: words})


def avoided(other_id: int, *, new: bool) -> Panel:
    """That somebody is on the list now, or was before."""
    return say(t(f"me.avoid.{'done' if new else 'already'}", person=_person(other_id))).and_then(
        buttons(_list_button())
    )


def avoid_list(entries: Sequence[Avoid], page: int, notice: str | None = None) -> Panel:
    """One page of the list, with a button beside each person."""
    there, pages, shown = page_of(entries, page)
    first = [Text(notice)] if notice else []
    if not shown:
        return Panel((*first, Text(t("me.avoid_list.empty"))))
    people = (
        Aside(
            t("me.avoid_list.entry", person=_person(entry.other_id), since=_day(entry.created_at)),
            Button(t("me.avoid_list.remove.label"), encode("me", "unavoid", f"{entry.other_id}.{there}")),
        )
        for entry in shown
    )
    panel = Panel((*first, Text(t("me.avoid_list.lead")), *people))
    if pages == 1:
        return panel
    return panel.and_then(
        Text(t("me.avoid_list.page", page=there + 1, pages=pages)),
        buttons(
            Button(t("me.avoid_list.before.label"), encode("me", "list", f"{there - 1}")) if there else None,
            Button(t("me.avoid_list.after.label"), encode("me", "list", f"{there + 1}")) if there + 1 < pages else None,
        ),
    )


def removed(other_id: int, *, was_there: bool) -> str:
    """The sentence for somebody taken off the list."""
    return t(f"me.avoid_list.{'removed' if was_there else 'gone'}", person=_person(other_id))


def _words(shown: Settings) -> Choose:
    chosen = shown.profile.words or _NO_WORD
    return Choose(
        encode("me", "words"),
        t("me.settings.words_choice.placeholder"),
        tuple(
            Option(t(f"me.words.{key}"), key, t(f"me.words_about.{key}.description"), chosen=key == chosen)
            for key in (*WORDINGS, _NO_WORD)
        ),
    )


def _audience(shown: Settings) -> Choose:
    return Choose(
        encode("me", "audience"),
        t("me.settings.audience_choice.placeholder"),
        tuple(
            Option(
                t(f"me.audience.{key}"),
                key,
                t(f"me.audience_about.{key}.description"),
                chosen=key == shown.profile.default_audience,
            )
            for key in AUDIENCES
        ),
    )


def _companion(shown: Settings) -> Text | Aside:
    if not shown.profile.companion and not shown.companion_role:
        return Text(t("me.companion.no_role"))
    if not shown.companion_role:
        return Aside(t("me.companion.paused"), _switch("companion", on=False))
    return Aside(
        t(f"me.companion.{'on' if shown.profile.companion else 'off'}"),
        _switch("companion", on=not shown.profile.companion),
    )


def _reminders(shown: Settings) -> Aside:
    on = shown.profile.reminders
    return Aside(t(f"me.reminders.{'on' if on else 'off'}"), _switch("reminders", on=not on))


def _switch(kind: str, *, on: bool) -> Button:
    """The button says what it leads to, so that a second press of an old panel changes nothing more."""
    return Button(t(f"me.{kind}.{'on' if on else 'off'}_button.label"), encode("me", "switch", f"{kind}.{int(on)}"))


def _zone(shown: Settings) -> Text | Aside:
    label = zone_label(shown.zone or "UTC", shown.now)
    if shown.profile.timezone:
        return Aside(t("me.shown.zone", zone=label), _forget("timezone", "group"))
    return Text(t("me.shown.zone_group" if shown.group.timezone else "me.shown.zone_none", zone=label))


def _country(shown: Settings) -> Text | Aside:
    code = shown.country
    if code is None or not is_country(code):
        return Text(t("me.shown.country_none"))
    if shown.profile.country:
        return Aside(t("me.shown.country", country=country_name(code)), _forget("country", "forget"))
    return Text(t("me.shown.country_group", country=country_name(code)))


def _quiet(shown: Settings) -> Text | Aside:
    start, end = shown.profile.quiet_from, shown.profile.quiet_to
    if start is None or end is None:
        return Text(t("me.shown.quiet_none"))
    return Aside(t("me.shown.quiet", start=show_clock(start), end=show_clock(end)), _forget("quiet", "quiet"))


def _rest(shown: Settings) -> Aside:
    profile = shown.profile
    if not profile.on_break(shown.now):
        return Aside(t("me.shown.rest_none"), Button(t("me.shown.rest_button.label"), encode("me", "rest")))
    words = t(
        "me.shown.rest_until" if profile.break_until else "me.shown.rest",
        since=_day(profile.break_since),
        **({"until": _moment(profile.break_until)} if profile.break_until else {}),
    )
    return Aside(words, Button(t("me.shown.back_button.label"), encode("me", "back")))


def _forget(kind: str, button: str) -> Button:
    return Button(t(f"me.shown.{button}_button.label"), encode("me", "forget", kind))


def _list_button() -> Button:
    return Button(t("me.settings.list.label"), encode("me", "list", "0"))


def _person(user_id: int) -> str:
    # Discord shows the present name; nobody is told, because no message of ours mentions anybody.
    return f"<@{user_id}>"


def _day(moment: datetime | None) -> str:
    return discord.utils.format_dt(moment, "d") if moment else ""


def _moment(moment: datetime | None) -> str:
    return discord.utils.format_dt(moment, "F") if moment else ""
