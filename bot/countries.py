"""Every country of ISO 3166-1 (`data/countries.toml`), found by name, other name, two letters or a misspelling."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rapidfuzz import fuzz, process

from bot.errors import Refusal
from bot.text.catalogue import DATA_DIR

MOST = 25  # Discord shows that many suggestions, and as many options in a select
# Of 100 by rapidfuzz's ratio: one letter wrong in six still counts.
_CLOSE = 78


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory: its two letters and its short English name."""

    code: str
    name: str


def find_countries(words: str, limit: int = MOST) -> tuple[Country, ...]:
    """Return the countries that `words` may mean, the best first; all in order of name for no words."""
    plain = plain_name(words)
    named = _named()
    if not plain:
        return tuple(sorted(_countries().values(), key=lambda country: plain_name(country.name)))[:limit]
    scores: dict[str, int] = {}
    for name, code in named.items():
        scores[code] = max(_score(plain, name), scores.get(code, 0))
    found = sorted((code for code, score in scores.items() if score), key=lambda code: (-scores[code], _sorting(code)))
    if not found:
        close = process.extract(plain, named.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=limit)
        found = [named[name] for name, _, _ in close]
    return tuple(_countries()[code] for code in dict.fromkeys(found))[:limit]


def resolve_country(words: str) -> str:
    """Return the two letters of the one country that `words` mean.

    Raises `Refusal`: `times.country.unknown`, or `times.country.several` with up to five `countries`.
    """
    exact = _named().get(plain_name(words))
    if exact is not None:
        return exact
    found = find_countries(words) if words.strip() else ()
    if not found:
        raise Refusal("times.country.unknown")
    if len(found) > 1:
        raise Refusal("times.country.several", countries=", ".join(country.name for country in found[:5]))
    return found[0].code


def country_name(code: str) -> str:
    """Return the name of a country by its two letters. Raises `KeyError` for letters that stand for none."""
    return _countries()[code].name


def country_names() -> Mapping[str, tuple[str, ...]]:
    """Return every name of each country by its two letters, the short English one first."""
    also = _file()["also"]
    return {code: (name, *also.get(code, ())) for code, name in _file()["names"].items()}


def is_country(code: str) -> bool:
    """Whether `code` is the two capital letters of a country."""
    return code in _countries()


def plain_name(words: str) -> str:
    """Return words without case, accents and signs: what people leave out on a phone."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"\W|_", " ", bare.casefold()).split())


def _score(plain: str, name: str) -> int:
    if plain == name:
        return 3
    if name.startswith(plain):
        return 2
    return 1 if f" {plain}" in f" {name}" else 0


def _sorting(code: str) -> str:
    return plain_name(_countries()[code].name)


@cache
def _file() -> Mapping[str, Mapping[str, str]]:
    with (DATA_DIR / "countries.toml").open("rb") as file:
        return MappingProxyType(tomllib.load(file))


@cache
def _countries() -> Mapping[str, Country]:
    return MappingProxyType({code: Country(code, name) for code, name in _file()["names"].items()})


@cache
def _named() -> Mapping[str, str]:
    """Return the code of every plain name; two letters count as a name."""
    codes = {plain_name(code): code for code in _countries()}
    return MappingProxyType(
        codes | {plain_name(name): code for code, names in country_names().items() for name in names}
    )
