"""The file of support lines: its form, and who is shown what."""

from datetime import date
from pathlib import Path

import pytest

from bot.content import ELSEWHERE, ContentFaults, Fault, SupportLines, check_content, load_content, needs_check
from tests.unit.content.made import ELSEWHERE as ELSEWHERE_ENTRY
from tests.unit.content.made import EMERGENCY, LINE, STANDING, TODAY, line_of, make_data, snippet_text, support_text

FILE = "data/support_lines.toml"


def lines_of(tmp_path: Path, text: str) -> SupportLines:
    return load_content(make_data(tmp_path, support_lines=text)).support_lines


def faults_of(tmp_path: Path, text: str) -> list[Fault]:
    with pytest.raises(ContentFaults) as raised:
        load_content(make_data(tmp_path, support_lines=text))
    return list(raised.value.faults)


def test_only_lines_that_were_seen_are_shown_unless_asked_for(tmp_path: Path) -> None:
    seen, unchecked = STANDING.format(status="seen"), STANDING.format(status="needs_check")
    second = LINE.replace("us-one", "us-two") + unchecked
    lines = lines_of(tmp_path, support_text().replace(EMERGENCY, f"{second}\n{EMERGENCY}"))
    assert [line.id for line in lines.for_country("US")] == ["us-one"]
    assert [line.id for line in lines.for_country("US", include_unchecked=True)] == ["us-one", "us-two"]
    assert lines.for_country("DE") == ()
    assert lines.for_country(ELSEWHERE) == ()
    assert 'status = "seen"' in seen


def test_an_emergency_number_is_shown_though_nobody_verified_it(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, support_text())
    number = lines.emergency("US")
    assert number is not None
    assert (number.number, number.status, number.last_verified) == ("911", "needs_check", None)
    assert lines.emergency("DE") is None
    assert lines.emergency(ELSEWHERE) is None
    assert dict(lines.countries()) == {"US": "United States"}
    assert lines.elsewhere.address == "https://example.org"


@pytest.mark.parametrize(
    ("old", "new", "start", "message"),
    [
        ('call = "555-0100"\n', "", "[[line]]", "a line needs 'call', 'text' or 'chat'"),
        ('call = "555-0100"', 'call = "call us"', "call", "'call' must be digits with single spaces or hyphens"),
        ('call = "555-0100"', 'call = "555  0100"', "call", "'call' must be digits with single spaces or hyphens"),
        ('call = "555-0100"', "call = 5550100", "call", "'call' must be text"),
        ('call = "555-0100"', 'chat = "http://example.org"', "chat", "'chat' must be an https address or 'WhatsApp"),
        ('call = "555-0100"', 'chat = "https://b.org"\ncall_also = ["1"]', "call_also", "'call_also' without 'call'"),
        ('call = "555-0100"', 'call = "1"\ntext_word = "HOME"', "text_word", "'text_word' without 'text'"),
        ('"https://example.org"', '"http://example.org"', "address", "'address' must be an https address"),
        ('kind = "crisis"', 'kind = "chat"', "kind", "'kind' must be one of crisis, substance, poison, not 'chat'"),
        ('country = "US"', 'country = "usa"', "country", "'country' must be two capital letters"),
        ('id = "us-one"', 'id = "de-one"', "id", "'id' must begin with 'us-'"),
        ('source_seen = "a page"\n', "", "[[line]]", "'source_seen' is missing"),
        ('kind = "crisis"', 'kind = "crisis"\nwho = "all"', "who", "unknown key 'who'"),
        ('kind = "crisis"', 'kind = "crisis"\nnote = "You should call."', "[[line]]", "should:"),
    ],
)
def test_a_fault_of_a_line_names_its_place(tmp_path: Path, old: str, new: str, start: str, message: str) -> None:
    text = support_text(LINE.replace(old, new))
    found = faults_of(tmp_path, text)
    assert any(f.path == FILE and f.line == line_of(text, start) and message in f.message for f in found), found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (support_text(LINE.replace('"US"', '"DE"').replace("us-one", "de-one")), "'DE' has no emergency number"),
        (support_text(LINE.replace("United States", "America")), "'country_name' differs from 'United States'"),
        (support_text(f"{LINE}{STANDING.format(status='seen')}\n{LINE}"), "'us-one' stands twice"),
        (
            support_text(emergency=f"{EMERGENCY}{STANDING.format(status='seen')}\n{EMERGENCY}"),
            "'US' has two emergency entries",
        ),
        (support_text(emergency=EMERGENCY.replace('"911"', '"nine"')), "'number' must be digits"),
        (support_text(emergency=EMERGENCY + 'also = [{ number = "1", what = "x" }]\n'), "unknown key 'what'"),
        (support_text(elsewhere=ELSEWHERE_ENTRY.replace("https", "http")), "'address' must be an https address"),
        (support_text().replace("[elsewhere]", "[somewhere]"), "'elsewhere' is missing"),
        (support_text().replace('verified_by = ""', 'verified_by = "Ada"', 1), "are filled together"),
        (support_text().replace('last_verified = ""\n', "", 1), "'last_verified' is missing"),
        (support_text().replace('"2026-11-22"', '"2026-13-01"', 1), "must be a real date"),
    ],
)
def test_a_fault_between_entries_is_found(tmp_path: Path, text: str, message: str) -> None:
    found = faults_of(tmp_path, text)
    assert any(fault.path == FILE and message in fault.message for fault in found), found


def test_toml_that_cannot_be_read_names_its_line(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, support_text() + "\n\n= 3\n")
    assert fault.line == support_text().count("\n") + 3
    assert fault.message.startswith("this is not TOML")


def test_entries_that_nobody_looked_at_for_a_year_are_flagged(tmp_path: Path) -> None:
    snippets = [snippet_text(see_also="[]")]
    data = make_data(tmp_path, *snippets)
    stale = "more than a year ago"
    assert not [f for f in check_content(data, date(2027, 11, 22)) if stale in f.message]
    faults = [f for f in check_content(data, date(2027, 11, 23)) if stale in f.message]
    text = support_text()
    starts = ["[[line]]", "[[emergency]]", "[elsewhere]"]
    assert [fault.line for fault in faults] == [line_of(text, start) for start in starts]
    assert faults[0].message == "United States: One: last looked at on 2026-11-22, more than a year ago"


def test_a_later_look_by_a_person_counts(tmp_path: Path) -> None:
    verified = support_text().replace(
        'last_verified = ""\nverified_by = ""', 'last_verified = "2027-06-01"\nverified_by = "Ada"'
    )
    faults = check_content(make_data(tmp_path, support_lines=verified), date(2028, 5, 31))
    assert not [fault for fault in faults if fault.path == FILE]
    assert len([f for f in check_content(tmp_path / "data", date(2027, 5, 31)) if "after today" in f.message]) == 3


def test_the_report_names_what_waits_for_a_person(tmp_path: Path) -> None:
    data = make_data(tmp_path, snippet_text(status="needs_check"))
    assert [str(item) for item in needs_check(data)] == [
        "data/snippets/a-quiet-evening.md:9: A1 A quiet evening (needs_check, no reader)",
        "data/snippets/another-evening.md:9: A2 Another evening (no reader)",
        "data/support_lines.toml:1: United States: One (live page not compared)",
        "data/support_lines.toml:15: United States: emergency number (needs_check, live page not compared)",
        "data/support_lines.toml:25: elsewhere: A directory (needs_check, live page not compared)",
    ]


def test_what_a_person_verified_is_not_in_the_report(tmp_path: Path) -> None:
    verified = support_text().replace(
        'last_verified = ""\nverified_by = ""', 'last_verified = "2026-11-22"\nverified_by = "Ada"'
    )
    data = make_data(tmp_path, snippet_text(reviewed_by="Ada"), support_lines=verified.replace("needs_check", "seen"))
    assert [item.what for item in needs_check(data)] == ["A2 Another evening"]
    assert check_content(data, TODAY) == []
