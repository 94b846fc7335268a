"""The files of screening: what sound ones give, and each fault with its file and line."""

import re
from pathlib import Path

import pytest

from bot.content import ContentFaults, Fault, Phrase, load_content
from bot.content.phrases import read_phrase
from tests.unit.content.made import SCREENING, make_data

LISTS = {"fillers": ("just", "kind of"), "boat": ("boat", "rowing boat")}


def faults_of(folder: Path, name: str, text: str | None) -> list[Fault]:
    """The faults of a data folder with another text in one of the files of screening; `None` for no such file."""
    data = make_data(folder)
    path = data / "screening" / f"{name}.toml"
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentFaults) as raised:
        load_content(data)
    return list(raised.value.faults)


def matches(phrase: str, text: str) -> bool:
    """Whether a phrase is found in a text that stands in the form of the screen."""
    return re.search(rf"(?<= )(?:{read_phrase(phrase, LISTS).pattern})", text) is not None


def test_sound_files_give_families_guards_and_spellings(tmp_path: Path) -> None:
    rules = load_content(make_data(tmp_path)).screening
    assert [(family.category, family.tense) for family in rules.families] == [
        ("self_harm_now", "now"), ("emergency_now", "now"),
    ]  # fmt: skip
    assert rules.families[1].phrases[0].written == "boat is/has sinking/sunk"
    assert [guard.place for guard in rules.guards] == ["before"]
    assert dict(rules.spellings) == {"im": "i am"}


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("boat sinks", ". the boat sinks . ", ". the boats sinks . "),
        ("sink*", ". it is sinking . ", ". it is a kitchen . "),
        ("I ~ am sinking", ". but i just kind of am sinking . ", ". she said i am not sinking . "),
        ("I ~ am sinking", ". , am sinking . ", ". she am sinking . "),
        ("{boat} sinks", ". the rowing boat sinks . ", ". the ship sinks . "),
        ("boat * sinks", ". the boat we saw today sinks . ", ". the boat never sinks . "),
        ("boat * sinks", ". the boat sinks . ", ". the boat is as big as a house sinks . "),
        ("boat sinks .", ". the boat sinks , he says . ", ". the boat sinks often . "),
        ("# boats", ". 12 boats . ", ". twelve boats . "),
        ("my? boat sinks", ". boat sinks . ", ". boat that sinks . "),
        ("oar/{boat} sinks", ". rowing , boat , sinks . ", ". rowing sinks . "),
    ],
)
def test_the_notation(phrase: str, found: str, not_found: str) -> None:
    assert matches(phrase, found)
    assert not matches(phrase, not_found)


def test_a_text_that_a_phrase_matches_has_a_word_of_each_need() -> None:
    phrase = read_phrase("I ~ see/saw my? {boat} * sink*", LISTS)
    assert phrase.needs == (frozenset({"see", "saw"}), frozenset({"boat", "rowing"}), frozenset({"sink*"}))
    assert isinstance(phrase, Phrase)


@pytest.mark.parametrize(
    ("name", "change", "line", "message"),
    [
        ("words", ('["just"]', '["Just"]'), 2, "'Just' must be plain words in lower case, without short forms"),
        ("words", ("fillers", "fill"), 1, "there is no list 'fillers'"),
        ("words", ("im =", "Im ="), 5, "'Im' must be one word of letters and digits"),
        ("words", ('"i am"', '"I am"'), 5, "'word' must be plain words, not 'I am'"),
        ("self_harm_now", ("am sinking", "{am} sinking"), 5, "there is no list 'am'"),
        ("self_harm_now", ("am sinking", "I'm sinking"), 5, "'I'm' in 'I ~ I'm sinking' is neither a word nor a sign"),
        ("self_harm_now", ("I ~ am sinking", "I ~ *"), 5, "'I ~ *' needs at least one word of its own"),
        ("self_harm_now", ("am sinking", "am  sinking"), 5, "'' in 'I ~ am  sinking' is neither a word nor a sign"),
        ("self_harm_now", ('"now"', '"soon"'), 4, "'tense' must be one of now, just_now, not 'soon'"),
        ("self_harm_now", ("about =", "abuot ="), 3, "unknown key 'abuot'"),
        ("emergency_now", ("[[family]]", "[[families]]"), 1, "unknown key 'families'"),
        ("guards", ('"before"', '"behind"'), 7, "'place' must be one of before, clause, sentence, not 'behind'"),
        ("guards", ('["not"]', '["not",\n  "not",\n]'), 8, "'not' stands twice in 'phrases'"),
        ("guards", ('["not"]', '["not",\n  "nei ther/nor.",\n]'), 9, "'nor.' in 'nei ther/nor.' is neither a word nor"),
        ("guards", ('["not"]', '["not"]\ntenses = ["past"]'), 9, "an item of 'tenses' must be one of now, just_now"),
    ],
)
def test_each_fault_is_named_with_its_line(
    tmp_path: Path, name: str, change: tuple[str, str], line: int, message: str
) -> None:
    assert change[0] in SCREENING[name]
    faults = faults_of(tmp_path, name, SCREENING[name].replace(*change))
    ours = [(fault.line, fault.message) for fault in faults if fault.path == f"data/screening/{name}.toml"]
    assert any(where == line and text.startswith(message) for where, text in ours), faults


@pytest.mark.parametrize("name", sorted(SCREENING))
def test_no_file_may_be_missing(tmp_path: Path, name: str) -> None:
    faults = faults_of(tmp_path, name, None)
    assert any(fault.path == f"data/screening/{name}.toml" for fault in faults)


def test_a_file_that_nothing_reads_is_a_fault(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "sourcing", "")
    assert [(fault.path, fault.message) for fault in faults] == [
        ("data/screening", "'sourcing.toml' is no file that screening reads")
    ]
