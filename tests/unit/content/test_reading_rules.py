"""What a whole snippet has to say: closing sentence, emergency number, tone, numbers, dates."""

from datetime import date
from pathlib import Path

import pytest

from bot.content import Fault, Snippet, check_content, mentions_danger
from bot.content.safety.danger import (
    CLOSING_SENTENCE,
    EMERGENCY_SENTENCE,
    danger_sign,
    ends_with_closing_sentence,
    names_emergency_number,
    speaks_of_change,
    unchecked_number,
)
from bot.content.safety.readings import Setting, phone_numbers
from bot.content.snippets import read_snippet
from bot.content.source import Sheet
from tests.unit.content.made import CLOSING, PLAIN_BODY, TODAY, line_of, make_data, snippet_text

FILE = "data/snippets/a-quiet-evening.md"


def faults_of(tmp_path: Path, body: str = PLAIN_BODY, today: date = TODAY, **changes: str) -> list[Fault]:
    return check_content(make_data(tmp_path, snippet_text(body, changes)), today)


@pytest.mark.parametrize(
    "words",
    [
        "Stopping a medicine takes care.",
        "You may want to lower your dose.",
        "You may want to lower the next dose.",
        "Don't skip a tablet.",
        "If you missed a dose, call.",
        "The dose was changed last year.",
        "Tablets were missed.",
        "A taper is a plan.",
        "Tapering is slow.",
        "Withdrawal is a word.",
        "She went cold turkey.",
        "He is coming off it.",
        "They came off a benzodiazepine.",
        "You stopped taking it.",
        "To stop suddenly is a risk.",
        "It lasts long after the last tablet.",
        "You ran out.",
        "A sudden end can be a danger.",
        "Small cuts are usual.",
        "You could pause your medicine plan.",
        "Doing without tablets is hard.",
    ],
)
def test_a_change_of_medicine_is_noticed_and_needs_the_closing_sentence(tmp_path: Path, words: str) -> None:
    assert speaks_of_change(words)
    [fault] = faults_of(tmp_path / "open", f"{PLAIN_BODY} {words}")
    assert fault.path == FILE
    assert fault.line == line_of(snippet_text(PLAIN_BODY), "If you would")
    assert fault.message.startswith("closing sentence: it mentions '")
    assert fault.message.endswith(f'so the body ends with "{CLOSING_SENTENCE}"')
    assert faults_of(tmp_path / "closed", f"{PLAIN_BODY} {words} {CLOSING}") == []


def test_a_title_that_speaks_of_change_needs_the_closing_sentence_too(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, title="Slow tapers")
    assert "closing sentence" in fault.message


@pytest.mark.parametrize(
    "words",
    [
        "Stop if you feel dizzy.",
        "Medicine can slow thinking down.",
        "A medicine can stop panic for a while.",
        "You can pause the video.",
        "Nobody has to change their mind. Medicine is for them.",
        "Put the phone down before you get off the bus.",
        "You can leave the group or change your name.",
        "The withdrawal of consent is a right.",
        PLAIN_BODY,
        CLOSING,
    ],
)
def test_other_stops_and_changes_are_none(words: str) -> None:
    assert not speaks_of_change(words)


@pytest.mark.parametrize(
    "ending",
    [
        CLOSING,
        "Don’t stop suddenly; talk to your prescriber.",
        "Do not stop suddenly: talk with your prescriber or a pharmacist.",
        "Please don't stop suddenly. Talk to the prescriber first.",
        "Don't stop it suddenly, talk to their prescriber or their pharmacist today.",
        "Don't stop your medicine suddenly; please talk to a prescriber.",
    ],
)
def test_variants_of_the_closing_sentence_count(ending: str) -> None:
    assert ends_with_closing_sentence(f"Take care. {ending}")
    assert ends_with_closing_sentence(f"Take care.\n\n{ending}")


@pytest.mark.parametrize(
    "ending",
    [
        "Don't stop suddenly.",
        "Talk to your prescriber.",
        "Don't stop suddenly; talk to your friends.",
        "Don't stop suddenly; talk to your prescriber. Take care.",
        "Don't stop slowly; talk to your prescriber.",
        "If you can, don't stop suddenly; talk to your prescriber?",
        "Stop suddenly; talk to your prescriber.",
        "Why don't stop suddenly; talk to your prescriber",
    ],
)
def test_other_endings_do_not(ending: str) -> None:
    assert not ends_with_closing_sentence(f"Take care. {ending}")


@pytest.mark.parametrize(
    "words",
    [
        "A seizure can happen.",
        "Convulsions look frightening.",
        "You can't breathe.",
        "There is trouble breathing.",
        "You hallucinate at night.",
        "You see things that aren't there.",
        "You hear voices.",
        "You feel suicidal.",
        "Thoughts of suicide come.",
        "You want to die.",
        "You think of hurting yourself.",
        "You have chest pain.",
        "Someone fainted.",
        "Somebody collapsed.",
        "They can't be woken.",
        "Her lips: blue lips are a sign.",
        "An overdose is near.",
        "You took too much.",
        "There is deep confusion.",
        "A psychosis can start.",
    ],
)
def test_a_danger_sign_needs_the_emergency_number(tmp_path: Path, words: str) -> None:
    assert danger_sign(words)
    faults = faults_of(tmp_path / "open", f"{PLAIN_BODY} {words}", tone="careful")
    assert [(fault.path, fault.line) for fault in faults] == [(FILE, line_of(snippet_text(PLAIN_BODY), "If you would"))]
    assert faults[0].message.startswith("emergency number: it mentions '")
    assert faults[0].message.endswith(f'so it says "{EMERGENCY_SENTENCE}"')
    assert faults_of(tmp_path / "told", f"{PLAIN_BODY} {words} {EMERGENCY_SENTENCE}", tone="careful") == []


@pytest.mark.parametrize(
    "words",
    [
        "It is given for seizure disorders.",
        "It helps to hold seizures back.",
        "An anti-seizure medicine.",
        "Certain kinds of epilepsy.",
        "It benefits from time.",
        "A faint light in the hall.",
        "Breathing slowly can help.",
        "You can see things differently in the morning, if you like.",
    ],
)
def test_an_illness_and_everyday_words_are_no_danger_sign(words: str) -> None:
    assert not danger_sign(words)


@pytest.mark.parametrize(
    "words",
    [
        "Call your emergency number right away.",
        "Please ring the emergency number.",
        "Phone emergency services.",
        "Dial your local emergency number.",
        "The number to call: call their emergency number.",
    ],
)
def test_ways_to_name_the_emergency_number(words: str) -> None:
    assert names_emergency_number(words)


@pytest.mark.parametrize("words", ["Get help.", "Call someone.", "It is an emergency.", "An emergency number exists."])
def test_what_does_not_name_it(words: str) -> None:
    assert not names_emergency_number(words)


def test_a_shown_snippet_knows_whether_it_speaks_of_danger() -> None:
    def snippet(body: str) -> Snippet:
        read = read_snippet(snippet_text(body), Sheet("x"))
        assert read is not None
        return read.snippet

    assert mentions_danger(snippet(f"{PLAIN_BODY} A seizure came. Call your emergency number."))
    assert not mentions_danger(snippet(PLAIN_BODY))


@pytest.mark.parametrize("words", ["Thoughts of suicide may come.", "An overdose may come.", "Self-harm is a word."])
def test_suicide_self_harm_and_overdose_make_a_snippet_careful(tmp_path: Path, words: str) -> None:
    body = f"{PLAIN_BODY} {words} {EMERGENCY_SENTENCE}"
    [fault] = faults_of(tmp_path, body)
    assert (fault.line, fault.message[:13]) == (line_of(snippet_text(), "tone"), "careful tone:")


@pytest.mark.parametrize(
    "words",
    [
        "It takes 30 percent.",
        "It took 104 people.",
        "It lasts six weeks.",
        "Within 3-4 days.",
        "Longer than five minutes.",
    ],
)
def test_a_text_that_waits_for_a_check_holds_no_telling_number(tmp_path: Path, words: str) -> None:
    assert unchecked_number(words)
    body = f"{PLAIN_BODY} {words}"
    [fault] = faults_of(tmp_path / "waiting", body, status="needs_check")
    assert "unchecked number" in fault.message
    assert faults_of(tmp_path / "sourced", body) == []
    [fault] = faults_of(tmp_path / "title", title=words, status="needs_check")
    assert fault.line == line_of(snippet_text(), "title")


@pytest.mark.parametrize(
    "words",
    ["Count to four, then to 6.", "Since 2020 it is so.", "Walk for five minutes.", "At 3 a.m.", "A few days."],
)
def test_counts_years_and_short_exercises_are_no_telling_numbers(words: str) -> None:
    assert not unchecked_number(words)


def test_a_number_to_call_belongs_in_the_support_lines(tmp_path: Path) -> None:
    for number in ("911", "555-0100", "555 0199", "+44 20 7946 0000", "1-800-555-0100"):
        faults = faults_of(tmp_path / number, f"{PLAIN_BODY} Call {number} at once.")
        assert [fault.message for fault in faults] == [f"phone number: '{number}' belongs in support_lines.toml"]
    assert faults_of(tmp_path / "none", f"{PLAIN_BODY} In 2020, 785 people; 1.500 more on 2026-11-22.") == []


def test_a_number_of_the_support_lines_is_found_however_it_is_spaced() -> None:
    setting = Setting(frozenset({"116123", "988"}))
    assert [number for number, _ in phone_numbers("Call 116 123 or 9-8-8 or 988.", setting)] == [
        "116 123",
        "9-8-8",
        "988",
    ]
    assert not list(phone_numbers("Room 112, page 1988.", setting))


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        ({"title": "Half a tablet"}, "title", "dose: no counts or parts of tablets ('half a tablet')"),
        ({"question": "Should you rest?"}, "question", "should:"),
        (
            {"claims": "\n  - says: Addicts.\n    source: S\n    year: n.d.\n    address: https://b.org"},
            "  - says",
            "label:",
        ),
        (
            {"claims": "\n  - says: Abuse.\n    source: S\n    year: n.d.\n    address: https://b.org"},
            "  - says",
            "abuse:",
        ),
        ({"title": "On abuse"}, "title", "abuse:"),
    ],
)
def test_title_question_and_claims_are_held_to_the_rules(
    tmp_path: Path, changes: dict[str, str], key: str, message: str
) -> None:
    [fault] = check_content(make_data(tmp_path, snippet_text(changes=changes)), TODAY)
    assert (fault.path, fault.line) == (FILE, line_of(snippet_text(changes=changes), key))
    assert fault.message.startswith(message)


def test_a_labels_claim_may_use_the_labels_word(tmp_path: Path) -> None:
    claim = "\n  - says: It names abuse, misuse and addiction.\n    source: US label, boxed warning\n    year: 2023\n"
    assert faults_of(tmp_path, claims=claim + "    address: https://b.org") == []


def test_a_fault_in_the_body_names_its_own_line(tmp_path: Path) -> None:
    wrapped = PLAIN_BODY.replace("the whole story.", "the\nwhole story, you should know.").replace(
        "come and go", "come\nand go"
    )
    text = snippet_text(wrapped)
    [fault] = faults_of(tmp_path, wrapped)
    assert (fault.line, fault.message[:7]) == (line_of(text, "whole story"), "should:")


@pytest.mark.parametrize(
    ("changes", "today", "key", "message"),
    [
        ({}, date(2026, 11, 21), "reviewed", "'reviewed' 2026-11-22 is after today"),
        ({"review_by": "2027-11-23"}, TODAY, "review_by", "more than twelve months after"),
        ({"review_by": "2026-11-22"}, TODAY, "review_by", "'review_by' is not after 'reviewed'"),
        ({}, date(2027, 5, 23), "review_by", "the review of 2027-05-22 is overdue"),
        (
            {"reviewed": "2024-02-29", "review_by": "2025-03-01"},
            date(2024, 3, 1),
            "review_by",
            "more than twelve months",
        ),
    ],
)
def test_review_dates(tmp_path: Path, changes: dict[str, str], today: date, key: str, message: str) -> None:
    faults = [
        fault
        for fault in check_content(make_data(tmp_path, snippet_text(changes=changes)), today)
        if fault.path == FILE
    ]
    line = line_of(snippet_text(changes=changes), key)
    assert any(fault.line == line and message in fault.message for fault in faults), faults


def test_twelve_months_to_the_day_and_the_day_itself_are_in_time(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "a", review_by="2027-11-22") == []
    other = "data/snippets/another-evening.md"
    assert {fault.path for fault in faults_of(tmp_path / "b", today=date(2027, 5, 22))} == set()
    assert {fault.path for fault in faults_of(tmp_path / "c", today=date(2027, 5, 23))} == {FILE, other}


def test_a_source_from_the_future_is_a_fault(tmp_path: Path) -> None:
    claim = "\n  - says: A.\n    source: B\n    year: 2027\n    address: https://b.org"
    [fault] = faults_of(tmp_path, claims=claim)
    assert fault.message == "review date: the source is dated 2027, after today"


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("So many milligrams", "dose: no amounts of a medicine"),
        ("Two tablets", "dose: no counts or parts of tablets"),
        ("A pill every 8 hours", "dose: no times of taking a medicine"),
        ("Tablets of the same strength", "equivalent:"),
        ("A ten percent cut", "schedule: no sizes of a reduction"),
        ("Wean over six months", "schedule: no pace of a reduction"),
        ("Each week lower it, then check in", "schedule: no pace of a reduction"),
        ("By week three", "schedule: no calendar of steps or of symptoms"),
        ("Swap to diazepam", "switching:"),
        ("Melatonin helps", "added substance:"),
        ("An addict speaks", "label:"),
        ("Clean again", "clean or dirty:"),
        ("A relapse", "relapse:"),
        ("He committed suicide", "suicide words:"),
        ("Hooked on calm", "habit:"),
        ("Just withdrawal", "just withdrawal:"),
        ("What you should do", "should:"),
        ("A cure", "promise:"),
        ("Living hell", "scare:"),
        ("Sudden and harmless", "sudden and mild:"),
        ("Hello @here", "mention:"),
        ("On abuse", "abuse:"),
        ("Tapers", "closing sentence:"),
        ("Seizures", "emergency number:"),
        ("Self-harm", "careful tone:"),
        ("Call 911", "phone number:"),
    ],
)
def test_every_rule_is_asked_of_every_snippet(tmp_path: Path, title: str, rule: str) -> None:
    assert any(fault.message.startswith(rule) for fault in faults_of(tmp_path, title=title))
