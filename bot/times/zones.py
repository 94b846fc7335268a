"""Finds a time zone from what people call it: a city, a country, `eastern`, `CET`, a misspelling, or an offset.

What may be chosen is the tz database's own table for people (`zone.tab`: about 420 zones, each with its country) and
UTC. Everyday names that the table lacks are in `data/zone_names.toml`. An offset such as `UTC+2` is no zone, since it
knows no summer time: it finds the zones that stand there at the moment.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.countries import country_names, plain_name
from bot.errors import Refusal
from bot.text.catalogue import DATA_DIR
from bot.times.hours import show_clock

MOST = 25  # Discord shows that many suggestions, and as many options in a select
UTC_ZONE = "UTC"

_OFFSET = re.compile(r"(?:utc|gmt|z)?\s?([+\-−])\s?(\d{1,2})(?::?(\d{2}))?")
# Of 100 by rapidfuzz's ratio: one letter wrong in six still counts.
_CLOSE = 78


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone to choose: what is shown (at most 100 characters) and its name in the tz database."""

    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class _Atlas:
    """What the tz database and our own file say, ready to be searched; all names are plain (`plain_name`)."""

    names: Mapping[str, tuple[str, ...]]  # name of a place, a country, an abbreviation -> zones
    zones: Mapping[str, str]  # full name of a zone, old ones such as US/Eastern included -> zone
    main: Mapping[str, str]  # country -> the zone of most of it
    by_country: Mapping[str, tuple[str, ...]]
    places: Mapping[str, str]  # zone -> its country's name, empty for UTC
    rank: Mapping[str, int]


def find_zones(words: str, limit: int = MOST, *, now: datetime, country: str | None = None) -> tuple[str, ...]:
    """Return the zones that `words` may mean, the best first; those of `country` (a code) before equally good ones.

    For no words: the zones of the country, then those where most people live. `now` decides where an offset leads.
    """
    plain = plain_name(words)
    atlas = _atlas()
    if not plain:
        found: Iterable[str] = (*zones_of(country), *sorted(atlas.rank, key=lambda zone: atlas.rank[zone]))
    elif (offset := read_offset(words)) is not None:
        found = _at_offset(offset, now, country)
    else:
        found = _scored(plain, country)
    return tuple(dict.fromkeys(found))[:limit]


def resolve_zone(words: str, *, now: datetime, country: str | None = None) -> str:
    """Return the one zone that `words` mean; of a country with several, the zone of most of it where there is one.

    Raises `Refusal`: `times.zone.unknown`; `times.zone.several` or `times.zone.offset`, both with up to five `zones`.
    """
    atlas = _atlas()
    plain = plain_name(words)
    named = atlas.zones.get(plain) or atlas.main.get(plain)
    if named is not None:
        return named
    found = find_zones(words, MOST, now=now, country=country)
    if not plain or not found:
        raise Refusal("times.zone.unknown")
    shown = ", ".join(f"`{zone}`" for zone in found[:5])
    if read_offset(words) is not None:
        raise Refusal("times.zone.offset", zones=shown)
    exact = atlas.names.get(plain, ())
    at_home = [zone for zone in exact if zone in zones_of(country)]
    for only in (at_home, exact, found):
        if len(only) == 1:
            return only[0]
    raise Refusal("times.zone.several", zones=shown)


def zone_choices(words: str, *, now: datetime, country: str | None = None, limit: int = MOST) -> tuple[ZoneChoice, ...]:
    """Return suggestions for what was typed so far, each with its country and the time it is there; never raises."""
    return tuple(ZoneChoice(zone_label(zone, now), zone) for zone in find_zones(words, limit, now=now, country=country))


def zones_of(country: str | None) -> tuple[str, ...]:
    """Return the zones of a country by its two letters, those with most people about first; none for an unknown one."""
    return _atlas().by_country.get(country or "", ())


def zone_label(zone: str, now: datetime) -> str:
    """Return `Berlin, Germany · 14:05`: the city, its country, and what the clock shows there at `now`."""
    local = now.astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    place = _atlas().places.get(zone, "")
    named = f"{city}, {place}" if place not in ("", city) else city
    return f"{named} · {show_clock(local.hour * 60 + local.minute)}"[:100]


def is_zone(zone: str) -> bool:
    """Whether `zone` is a name that may be stored, written exactly as the tz database does."""
    return zone in _atlas().places


def read_offset(words: str) -> timedelta | None:
    """Return the offset that `UTC+2`, `gmt -5` or `+5:30` stands for; None for anything else."""
    found = _OFFSET.fullmatch(words.strip().casefold())
    if found is None:
        return None
    span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return span if found[1] == "+" else -span


def _at_offset(offset: timedelta, now: datetime, country: str | None) -> list[str]:
    atlas = _atlas()
    there = [zone for zone, clock in _clocks().items() if now.astimezone(clock).utcoffset() == offset]
    home = set(zones_of(country))
    return sorted(there, key=lambda zone: (zone not in home, atlas.rank.get(zone, MOST), zone))


def _scored(plain: str, country: str | None) -> list[str]:
    """Return zones from the best match to the worst: whole name, its beginning, a word's beginning, a misspelling."""
    atlas = _atlas()
    best: dict[str, int] = {}
    for name, zones in atlas.names.items():
        score = _score(plain, name)
        for zone in zones if score else ():
            best[zone] = max(score, best.get(zone, 0))
    if not best:
        close = process.extract(plain, atlas.names.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=5)
        best = {zone: int(score) for name, score, _ in reversed(close) for zone in atlas.names[name]}
    home = set(zones_of(country))
    return sorted(best, key=lambda zone: (-best[zone], zone not in home, atlas.rank.get(zone, MOST), zone))


def _score(plain: str, name: str) -> int:
    if plain == name:
        return 300
    if name.startswith(plain):
        return 200
    return 100 if f" {plain}" in f" {name}" else 0


@cache
def _atlas() -> _Atlas:
    tables = files("tzdata").joinpath("zoneinfo")
    countries = country_names()
    with (DATA_DIR / "zone_names.toml").open("rb") as file:
        own = tomllib.load(file)
    names: dict[str, list[str]] = {}
    zones = {plain_name(UTC_ZONE): UTC_ZONE}
    main: dict[str, str] = {}
    places = {UTC_ZONE: ""}
    by_country: dict[str, list[str]] = {}
    for code, _, zone, *remarks in _rows(tables.joinpath("zone.tab").read_text(encoding="utf-8")):
        zones[plain_name(zone)] = zone
        places[zone] = countries[code][0]
        by_country.setdefault(code, []).append(zone)
        city = zone.rsplit("/", 1)[-1]
        for name in {city, zone, f"{city} {places[zone]}", code, *countries[code], *remarks}:
            names.setdefault(plain_name(name), []).append(zone)
        if any(remark.startswith("most of ") for remark in remarks):
            main |= {plain_name(name): zone for name in countries[code]}
    # Our own file decides alone what its names mean, whatever the tables happen to say.
    names |= {plain_name(name): zones_meant for name, zones_meant in own["also"].items()}
    for target, old in _links(tables.joinpath("tzdata.zi").read_text(encoding="utf-8")):
        if target in places and "/" in old:
            zones.setdefault(plain_name(old), target)
    return _Atlas(
        names=MappingProxyType({name: tuple(found) for name, found in names.items()}),
        zones=MappingProxyType(zones),
        main=MappingProxyType(main),
        by_country=MappingProxyType({code: tuple(found) for code, found in by_country.items()}),
        places=MappingProxyType(places),
        rank=MappingProxyType({zone: place for place, zone in enumerate(own["likely"])}),
    )


@cache
def _clocks() -> Mapping[str, ZoneInfo]:
    """Return every zone's clock, kept: zoneinfo alone keeps eight, and an offset asks all of them."""
    return MappingProxyType({zone: ZoneInfo(zone) for zone in _atlas().places})


def _rows(table: str) -> Iterable[list[str]]:
    return (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))


def _links(zi: str) -> Iterable[tuple[str, str]]:
    for line in zi.splitlines():
        if line.startswith("L "):
            _, target, old = line.split()
            yield target, old
