"""What ships in `data/`: sound as a whole, and every number exactly as the facts file has it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.content import Content, Directory, EmergencyNumber, SupportLine, check_content, load_content, needs_check

DATA = Path(__file__).resolve().parents[3] / "data"


@dataclass(frozen=True)
class Dialled:
    """Everything of a line that somebody could dial or open."""

    call: str = ""
    also: tuple[str, ...] = ()
    text: str = ""
    word: str = ""
    chat: str = ""
    email: str = ""
    tty: str = ""


SHOWN = {
    "us-988": Dialled("988", text="988", chat="https://988lifeline.org"),
    "us-samhsa": Dialled("1-800-662-4357", text="435748", word="your ZIP code", tty="1-800-487-4889"),
    "us-poison-help": Dialled("1-800-222-1222"),
    "gb-samaritans": Dialled("116 123", email="jo@samaritans.org"),
    "ca-988": Dialled("9-8-8", text="9-8-8"),
    "fr-3114": Dialled("3114"),
    "nl-113": Dialled("113", ("0800-0113",), chat="https://113.nl"),
    "za-sadag": Dialled("0800 567 567"),
    "za-dsd": Dialled("0800 12 13 14", text="32312"),
}

KEPT_BACK = {
    "us-crisis-text-line": Dialled(text="741741", word="HOME"),
    "gb-shout": Dialled(text="85258", word="SHOUT"),
    "gb-nhs-111": Dialled("111"),
    "ie-samaritans": Dialled("116 123"),
    "ie-text-about-it": Dialled(text="50808", word="HELLO or TALK"),
    "au-lifeline": Dialled("13 11 14", text="0477 13 11 14", chat="https://lifeline.org.au"),
    "nz-1737": Dialled("1737", text="1737"),
    "in-tele-manas": Dialled("14416", ("1-800-891-4416",)),
    "de-telefonseelsorge": Dialled("0800 1110111", ("0800 1110222", "116 123"), chat="https://telefonseelsorge.de"),
    "es-024": Dialled("024"),
    "it-telefono-amico": Dialled("02 2327 2327", chat="WhatsApp 324 011 7252"),
    "se-mind": Dialled("90101"),
    "br-cvv": Dialled("188", chat="https://cvv.org.br"),
    "mx-linea-de-la-vida": Dialled("800 911 2000"),
    "mx-saptel": Dialled("55 5259 8121"),
    "jp-yorisoi": Dialled("0120-279-338", ("0120-279-226",)),
    "jp-inochi-sos": Dialled("0120-061-338"),
}

EMERGENCY = {
    "AU": ("000", "", ()),
    "BR": ("192", "ambulance (SAMU)", (("190", "police"),)),
    "CA": ("911", "", ()),
    "DE": ("112", "", ()),
    "ES": ("112", "", ()),
    "FR": ("112", "", (("15", "ambulance (SAMU)"),)),
    "GB": ("999", "", (("112", ""),)),
    "IE": ("112", "", (("999", ""),)),
    "IN": ("112", "", (("108", "ambulance in many states"),)),
    "IT": ("112", "", ()),
    "JP": ("119", "ambulance", (("110", "police"),)),
    "MX": ("911", "", ()),
    "NL": ("112", "", ()),
    "NZ": ("111", "", ()),
    "SE": ("112", "", ()),
    "US": ("911", "", ()),
    "ZA": ("112", "", (("10177", ""),)),
}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(DATA)


def test_nothing_that_ships_has_a_fault(content: Content) -> None:
    latest = max(snippet.reviewed for snippet in content.library)
    assert [str(fault) for fault in check_content(DATA, latest)] == []


def test_every_number_is_the_one_of_the_facts(content: Content) -> None:
    lines = content.support_lines.lines
    found = {
        line.id: Dialled(line.call, line.call_also, line.text, line.text_word, line.chat, line.email, line.tty)
        for line in lines
    }
    assert found == SHOWN | KEPT_BACK


def test_exactly_the_lines_seen_on_their_providers_pages_are_shown(content: Content) -> None:
    lines = content.support_lines
    shown = [line.id for code in lines.countries() for line in lines.for_country(code)]
    assert sorted(shown) == sorted(SHOWN)
    everything = [line.id for code in lines.countries() for line in lines.for_country(code, include_unchecked=True)]
    assert sorted(everything) == sorted(SHOWN | KEPT_BACK)


def test_every_country_of_the_facts_has_its_emergency_number_and_no_other_country_is_there(content: Content) -> None:
    lines = content.support_lines
    found = {
        number.country: (number.number, number.reach, tuple((other.number, other.reach) for other in number.also))
        for number in lines.emergencies
    }
    assert found == EMERGENCY
    assert set(lines.countries()) == {line.country for line in lines.lines} == set(EMERGENCY)


def test_the_first_line_of_a_country_is_a_crisis_line(content: Content) -> None:
    lines = content.support_lines
    for code in lines.countries():
        if shown := lines.for_country(code):
            assert shown[0].kind == "crisis"


def test_nothing_claims_a_human_check_that_did_not_happen(content: Content) -> None:
    lines = content.support_lines
    entries: list[SupportLine | EmergencyNumber | Directory] = [*lines.lines, *lines.emergencies, lines.elsewhere]
    assert all((entry.last_verified is None) == (entry.verified_by == "") for entry in entries)
    waiting = [item for item in needs_check(DATA) if item.path == "data/support_lines.toml"]
    assert len(waiting) == len([entry for entry in entries if entry.last_verified is None])


def test_dead_numbers_stay_dead(content: Content) -> None:
    lines = content.support_lines
    numbers = [number for line in lines.lines for number in (line.call, *line.call_also, line.text)]
    numbers += [
        number for entry in lines.emergencies for number in (entry.number, *(also.number for also in entry.also))
    ]
    digits = {"".join(sign for sign in number if sign.isdigit()) for number in numbers} - {""}
    assert not digits & {"141", "0202200060", "18334564566"}
    assert not [number for number in digits if number.startswith(("08457", "1850", "199"))]


def test_elsewhere_is_a_note_and_a_directory(content: Content) -> None:
    elsewhere = content.support_lines.elsewhere
    assert elsewhere.address == "https://findahelpline.com"
    assert "emergency number" in elsewhere.note


def test_the_nine_topics_stand_in_order_and_none_is_a_stranger_to_the_snippets(content: Content) -> None:
    assert list(content.library.topics) == [
        "understanding",
        "safety",
        "prescriber",
        "symptoms",
        "peers",
        "coping",
        "setbacks",
        "family",
        "online",
    ]
    assert {snippet.topic for snippet in content.library} <= content.library.topics.keys()


def test_at_least_thirty_snippets_ship_and_every_topic_has_one(content: Content) -> None:
    assert len(content.library) >= 30
    assert all(content.library.by_topic(key) for key in content.library.topics)
