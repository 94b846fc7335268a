"""The panel and forms for what a group is: kind, country, time zone, quiet hours."""

from collections.abc import Iterable

from bot.countries import country_name
from bot.discordkit import Block, Button, Choose, Form, Option, Row, Text, Write, buttons, encode
from bot.guilds import GROUP_KINDS, GuildProfile
from bot.text import t
from bot.times import find_zones, parse_quiet_hours, show_clock, zone_label
from cogs.setup.service.group import Overview, Told
from cogs.setup.ui.words import hours

_MOST = 25  # options of a select
_OFF = "off"
_QUIET = (_OFF, "22:00-07:00", "21:00-07:00", "23:00-08:00", "22:00-08:00", "00:00-08:00")


def lines(overview: Overview) -> str:
    """Return what is known of the group, a line each."""
    profile = overview.profile
    start, end = profile.quiet_from, profile.quiet_to
    return "\n".join(
        (
            t("setup.group.line.kind", kind=t(f"setup.kind.{profile.kind}.choice"))
            if profile.kind
            else t("setup.group.line.no_kind"),
            t("setup.group.line.country", country=country_name(profile.country))
            if profile.country
            else t("setup.group.line.no_country"),
            t("setup.group.line.zone", zone=zone_label(profile.timezone, overview.now))
            if profile.timezone
            else t("setup.group.line.no_zone"),
            t("setup.group.line.quiet", start=show_clock(start), end=show_clock(end))
            if start is not None and end is not None
            else t("setup.group.line.no_quiet"),
        )
    )


def blocks(overview: Overview, countries: Iterable[str], where: str, zones: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """Return the selects and the ways to what they don't hold.

    `countries` are offered in the select; `zones` stand in the zone select when somebody's words could mean several.
    """
    return (
        Text(t("setup.group.ask")),
        Text(lines(overview)),
        _kinds(overview.profile, where),
        _countries(overview.profile, countries, where),
        _zones(overview, where, zones),
        _quiet(overview.profile, where),
        _others(where),
    )


def kept(told: Told) -> str:
    """Return the sentence for what was just kept."""
    return t("setup.group.zone_by_country") if told.zone_by_country else t("setup.group.kept")


def form(part: str, where: str) -> Form:
    """Return the small form for a `part`: `country`, `zone` or `quiet`."""
    field = Write(
        "words",
        t(f"setup.group.form.{part}.label"),
        longest=60,
        shortest=1,
        placeholder=t(f"setup.group.form.{part}.placeholder"),
    )
    return Form("setup", "typed", t(f"setup.group.form.{part}.title"), (field,), f"{part}.{where}")


def _kinds(profile: GuildProfile, where: str) -> Choose:
    options = (Option(t(f"setup.kind.{kind}.choice"), kind, chosen=kind == profile.kind) for kind in GROUP_KINDS)
    return Choose(encode("setup", "kind", where), t("setup.group.kind_select.placeholder"), tuple(options))


def _countries(profile: GuildProfile, countries: Iterable[str], where: str) -> Choose:
    mine = (profile.country,) if profile.country else ()
    codes = list(dict.fromkeys((*mine, *countries)))[:_MOST]
    codes.sort(key=country_name)
    options = (Option(country_name(code), code, chosen=code == profile.country) for code in codes)
    return Choose(encode("setup", "country", where), t("setup.group.country_select.placeholder"), tuple(options))


def _zones(overview: Overview, where: str, asked: tuple[str, ...]) -> Choose:
    profile = overview.profile
    offered = asked or find_zones("", _MOST, now=overview.now, country=profile.country)
    mine = (profile.timezone,) if profile.timezone else ()
    zones = dict.fromkeys((*mine, *offered))
    options = tuple(
        # While somebody chooses among what their words could mean, nothing is chosen: a second choice must count.
        Option(zone_label(zone, overview.now), zone, chosen=zone == profile.timezone and not asked)
        for zone in (offered if asked else zones)
    )
    return Choose(encode("setup", "zone", where), t("setup.group.zone_select.placeholder"), options[:_MOST])


def _quiet(profile: GuildProfile, where: str) -> Choose:
    start, end = profile.quiet_from, profile.quiet_to
    mine = hours((start, end)) if start is not None and end is not None else _OFF
    options = tuple(
        Option(_quiet_words(value), value, chosen=value == mine) for value in dict.fromkeys((*_QUIET, mine))
    )
    return Choose(encode("setup", "quiet", where), t("setup.group.quiet_select.placeholder"), options)


def _quiet_words(value: str) -> str:
    found = parse_quiet_hours(value)
    if found is None:
        return t("setup.quiet.off.choice")
    return t("setup.quiet.hours.choice", start=show_clock(found[0]), end=show_clock(found[1]))


def _others(where: str) -> Row:
    return buttons(
        *(
            Button(t(f"setup.group.other_{part}.label"), encode("setup", "other", f"{part}.{where}"))
            for part in ("country", "zone", "quiet")
        )
    )
