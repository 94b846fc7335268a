"""Lines of keys in TOML, and what counts as an address or a day."""

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.entry import real_day, sane_address
from bot.content.source import Sheet, read_yaml_mapping, toml_lines

TOML = '''\
# a = 1
a = 1
"b c" = 2
[t]
x = """
y = 3
"""
y = 4
d.e = 5
[[list]]
k = [
  1,
]
[[list]]
k = 2
[t.u]
'q' = { inline = 1 }
'''


def test_every_key_is_found_on_its_line() -> None:
    assert toml_lines(TOML) == {
        ("a",): 2,
        ("b c",): 3,
        ("t",): 4,
        ("t", "x"): 5,
        ("t", "y"): 8,
        ("t", "d"): 9,
        ("t", "d", "e"): 9,
        ("list", 0): 10,
        ("list", 0, "k"): 11,
        ("list", 1): 14,
        ("list", 1, "k"): 15,
        ("t", "u"): 16,
        ("t", "u", "q"): 17,
    }


KEYS = st.text("abcdefghij", min_size=1, max_size=4)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, st.integers(), min_size=1, max_size=4), max_size=5))
def test_the_lines_of_any_plain_file_hold_the_key_they_are_for(tables: dict[str, dict[str, int]]) -> None:
    text = "".join(
        f"\n[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    assert tomllib.loads(text) == tables
    rows = text.split("\n")
    for path, line in toml_lines(text).items():
        assert rows[line - 1].startswith(f"[{path[0]}]" if len(path) == 1 else f"{path[1]} = ")


@given(st.text(max_size=300))
def test_any_text_is_a_mapping_or_a_fault_and_never_an_error(text: str) -> None:
    sheet = Sheet("x")
    located = read_yaml_mapping(text, 2, sheet)
    assert located is not None or sheet.faults
    assert all(2 <= fault.line <= 2 + len(text) for fault in sheet.faults)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.org",
        "http://a-b.example.org/x?q=1#y",
        "https://doi.org/10.1007/s11606-025-09499-2",
        "https://a.org/%22x%22",
    ],
)
def test_plain_addresses_are_sane(address: str) -> None:
    assert sane_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.org",
        "www.a.org/x",
        "ftp://a.org",
        "javascript:alert(1)",
        "https://",
        "https://a",
        "https://a.1",
        "https://192.0.2.1/x",
        "https://a.org:8080/",
        "https://a.org:x/",
        "https://user@a.org",
        "https://a.org/a b",
        "https://a.org/<x>",
        "https://ä.org",
        "https://-a.org",
        "https://[::1",
    ],
)
def test_odd_addresses_are_not(address: str) -> None:
    assert not sane_address(address)


def test_a_secure_address_is_https() -> None:
    assert sane_address("https://a.org", secure=True)
    assert not sane_address("http://a.org", secure=True)


@given(st.dates())
def test_every_real_day_is_read_back(day: date) -> None:
    assert real_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "written", ["", "2026-2-3", "20261122", "2026-W47-7", "2025-02-29", "٢٠٢٦-١١-٢٢", "2026-11-22 "]
)
def test_other_writings_are_no_day(written: str) -> None:
    assert real_day(written) is None
