from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load_content
from bot.countries import country_name, country_names, find_countries, is_country, resolve_country
from bot.errors import Refusal
from bot.text import t
from bot.text.catalogue import DATA_DIR


def test_the_list_holds_every_code_of_iso_3166_and_no_other() -> None:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    codes = {line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#")}
    assert set(country_names()) == codes
    assert len(codes) == 249


def test_no_name_stands_for_two_countries_and_none_is_too_long_for_a_suggestion() -> None:
    names = [name.casefold() for names in country_names().values() for name in names]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 100


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Germany", "DE"), ("de", "DE"), ("Deutschland", "DE"), ("UK", "GB"), ("england", "GB"), ("usa", "US"),
        ("Turkey", "TR"), ("turkiye", "TR"), ("cote d'ivoire", "CI"), ("Netherland", "NL"), ("swizerland", "CH"),
        ("niger", "NE"), ("Ireland", "IE"), ("korea", "KR"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_what_people_call_it(words: str, code: str) -> None:
    assert resolve_country(words) == code
    assert find_countries(words)[0].code == code


@pytest.mark.parametrize(("words", "reason"), [("united", "several"), ("", "unknown"), ("narnia", "unknown")])
def test_a_country_that_is_not_clear_is_asked_again(words: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        resolve_country(words)
    assert caught.value.key == f"times.country.{reason}"
    assert t(caught.value.key, **caught.value.data)


def test_every_country_with_support_lines_is_on_the_list() -> None:
    lines = load_content(DATA_DIR).support_lines
    assert [code for code in lines.countries() if not is_country(code)] == []


def test_without_words_all_are_in_order_of_name() -> None:
    names = [country.name for country in find_countries("", limit=300)]
    assert len(names) == 249
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]


@given(st.text(max_size=30))
def test_suggestions_never_raise(words: str) -> None:
    found = find_countries(words)
    assert len(found) <= 25
    assert all(is_country(country.code) and country_name(country.code) == country.name for country in found)
