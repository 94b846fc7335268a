"""What a group may write: each rule finds what it is for, and leaves what people mean alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import (
    Claim,
    GroupFault,
    Snippet,
    dialled_numbers,
    group_faults,
    group_snippet,
    load_content,
    tags_of,
    tidied,
    title_key,
)
from bot.content.model import NO_DATE

DATA = Path(__file__).resolve().parents[3] / "data"
DAY = date(2026, 11, 23)
DIALLED = dialled_numbers(load_content(DATA).support_lines)
CLOSING = "Don't stop suddenly; talk to your prescriber."
NHS = Claim("", "NHS, Medicines A to Z", "2024", "https://www.nhs.uk/medicines/")
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def own(**words: Any) -> Snippet:
    told = {"title": "Our walk", "body": "We walk around the lake.", "topic": "peers", "day": DAY, **words}
    return group_snippet("own-aaaaaaaaaaaa", **told)


def faults(**words: Any) -> set[tuple[str, str]]:
    return {(one.rule, one.part) for one in group_faults(own(**words), DIALLED)}


def found(**words: Any) -> tuple[GroupFault, ...]:
    return group_faults(own(**words), DIALLED)


@pytest.mark.parametrize(
    "body",
    [
        "We walk around the lake.",
        "Hi",
        "I'm an addict and I should have known. Clean for a year!",  # a group speaks in its own words
        "On day 12 I slept.",
        f"My prescriber and I talked about going cold turkey. {CLOSING}",
        f"Going cold turkey scared me\n**{CLOSING}**",
        "A seizure can't wait. Call your emergency number.",
        "We met in 2019-2021, on 24-11-2019, and at https://example.org/12345678901.",
        f"Our family {FAMILY} walks.",
        "# A heading\n- and a list\n> and words of somebody else",
    ],
)
def test_a_group_speaks_in_its_own_words(body: str) -> None:
    assert found(body=body) == ()


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("dose", "I took 5 mg.", "5 mg"),
        ("dose", "I took **5** mg.", "5 mg"),
        ("dose", "It was 5㎎ then.", "5mg"),
        ("dose", "I took m\u2062g.", "mg"),
        ("dose", "I took m\ufe0fg.", "mg"),
        ("dose", "I took 5\ufe0f\u20e3 mg.", "5 mg"),
        ("dose", "I took m\U000e0067g.", "mg"),  # the tidying leaves this one: flags are made of it
        ("dose", "I took half a\n**Tablet**.", "half a Tablet"),
        ("dose", "One tablet   at night.", "One tablet at night"),
        ("dose", "Twice a day, my tablet.", "Twice a day … tablet"),
        ("equivalent", "It equals my old dose.", "equals … dose"),
        ("schedule", "I cut it by 10 percent.", "cut it by 10 percent"),
        ("schedule", "I went on reducing every two weeks.", "every two weeks … reducing"),
        ("schedule", "After each review I cut it every two weeks.", "cut it every two weeks"),
        ("switching", "Switch to Diazepam first.", "Switch to Diazepam"),
        ("added_substance", "Melatonin helped me.", "Melatonin … helped"),
        ("mention", "Ask <@123456>.", "<@123456>"),
        ("mention", "Hello @everyone.", "@everyone"),
        ("phone_number", "Ring 020 7946 0018.", "020 7946 0018"),
        ("phone_number", "Ring 988.", "988"),
    ],
)
@pytest.mark.parametrize("part", ["title", "body", "question", "tags", "claims", "says"])
def test_each_rule_of_words_holds_in_every_part(part: str, rule: str, text: str, words: str) -> None:
    parts: dict[str, dict[str, Any]] = {
        "tags": {"tags": [text.replace(",", "").replace("\n", " ")]},
        "claims": {"claims": [replace(NHS, source=text)]},
        "says": {"claims": [replace(NHS, says=text)]},
    }
    shown = {(one.rule, one.part, one.words.lower()) for one in found(**parts.get(part, {part: text}))}
    assert (rule, "claims" if part == "says" else part, words.lower()) in shown


@pytest.mark.parametrize(
    "text",
    [
        "112 days, and counting.",
        "Walk 192 is the long one.",
        "We met in room 988.",
        "It helped me for 112 days.",
        "After 112 days I reached the lake. Call me if you walk too.",
        "Day 112. The phone stays off.",
        "I called it 10177 steps.",
        "The 988 of my village",
        "I'd call 2023 my hardest year.",
        "Call 200 people?",
        "My blood pressure was 119/80 when I reached the clinic.",
        "Count down: 10 9 8 7 6 5 4 3 2 1.",
        "Breathe in 1-2-3-4-5-6-7.",
        "1 000 000 thanks.",
        "Reading 112",
        "111. Walk\n112. Sit by the lake",
        "We met in 2019/2020, on 24.12.2019.",
    ],
)
def test_what_counts_something_is_no_number_to_call(text: str) -> None:
    assert not found(body=text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The 988 Lifeline is there at night.", "988"),
        ("Lifeline: 988", "988"),
        ("In danger: 112.", "112"),
        ("Appelez le 112!", "112"),
        ("112 is there for an emergency.", "112"),
        ("9-1-1 is free.", "9-1-1"),
        ("116123 is kind.", "116123"),
        ("Call 115 if it gets bad.", "115"),  # of a country whose lines nobody watches here
        ("Ring us on 55512.", "55512"),
        ("01.23.45.67.89", "01 23 45 67 89"),
        ("0171/123456", "0171 123456"),
        ("Call 5\ufe0f\u20e35\ufe0f\u20e35\ufe0f\u20e3.", "555"),
    ],
)
def test_a_number_to_call_is_found_however_it_is_written(text: str, number: str) -> None:
    assert [(one.rule, one.words) for one in found(body=text)] == [("phone_number", number)]


@pytest.mark.parametrize(
    ("rule", "body", "words"),
    [
        ("closing_sentence", "I went cold turkey.", "cold turkey"),
        ("closing_sentence", f"I tapered. {CLOSING} Then we walked.", "tapered"),
        ("emergency_number", "I had a seizure.", "seizure"),
        ("emergency_number", "We speak of suicide.", "suicide"),
    ],
)
def test_what_keeps_people_safe_has_to_be_said(rule: str, body: str, words: str) -> None:
    assert GroupFault(rule, "body", words) in found(body=body)
    assert (rule, "body") in faults(title=body, body="We talk.")


@pytest.mark.parametrize(
    ("rule", "part", "words"),
    [
        ("title_long", "title", {"title": "a" * 61}),
        ("title_empty", "title", {"title": "** **"}),
        ("title_empty", "title", {"title": "\u3164"}),
        ("body_long", "body", {"body": "a" * 901}),
        ("body_empty", "body", {"body": " …\n"}),
        ("question_long", "question", {"question": "a" * 201}),
        ("tags_many", "tags", {"tags": [f"t{number}" for number in range(13)]}),
        ("tag_long", "tags", {"tags": ["a" * 31]}),
        ("claims_many", "claims", {"claims": [NHS] * 9}),
        ("claim_says", "claims", {"claims": [replace(NHS, says="a" * 301)]}),
        ("claim_unnamed", "claims", {"claims": [replace(NHS, source=" ")]}),
        ("claim_source", "claims", {"claims": [replace(NHS, source="a" * 201)]}),
        ("claim_year", "claims", {"claims": [replace(NHS, year="24")]}),
        ("claim_address", "claims", {"claims": [replace(NHS, address="http://www.nhs.uk")]}),
        ("claim_address", "claims", {"claims": [replace(NHS, address="https://www.nhs.uk/" + "a" * 400)]}),
        ("claim_address", "claims", {"claims": [replace(NHS, address="javascript:alert(1)")]}),
    ],
)
def test_each_limit_is_told(rule: str, part: str, words: dict[str, Any]) -> None:
    assert faults(**words) == {(rule, part)}


def test_what_fits_exactly_is_fine() -> None:
    assert not found(
        title="a" * 60, body="a" * 900, question="a" * 200, tags=[f"{n:02}" + "a" * 28 for n in range(12)],
        claims=[replace(NHS, says="a" * 300, source="a" * 200)] * 8,
    )  # fmt: skip
    assert not found(claims=[replace(NHS, year="")])


@pytest.mark.parametrize("text", ["dose 1 ", "*", "half a ", "cut the dose "])
@pytest.mark.parametrize("part", ["title", "body", "question", "tags"])
def test_a_text_that_fills_a_file_is_judged_like_a_page_of_it(part: str, text: str) -> None:
    """A rule that reads all of it would need minutes for some of these; so a test that hangs has failed."""
    whole = text * (1_000_000 // len(text))
    assert faults(**{part: [whole] if part == "tags" else whole})


def test_the_end_of_a_text_that_is_too_long_counts() -> None:
    assert faults(body=f"I went cold turkey. {'a ' * 2000}. {CLOSING}") == {("body_long", "body")}


def test_each_fault_is_told_once() -> None:
    assert [one.rule for one in found(body="I took 5 mg. Then 5 mg again.")] == ["dose"]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\u00ad", "\ufeff", "\x07", "a\u200d", "\u3164"])
def test_hidden_characters_are_taken_out_and_never_stand_on_a_shelf(hidden: str) -> None:
    clean = own(title=f"Our{hidden} walk", body=f"We{hidden} walk.", tags=[f"la{hidden}ke"], question=f"W{hidden}hy?")
    assert not group_faults(clean, DIALLED)
    assert hidden[-1] not in clean.title + clean.body + clean.question + "".join(clean.tags)
    raw = replace(clean, body=f"We{hidden} walk.")
    assert [one.rule for one in group_faults(raw, DIALLED)] == ["unseen"]


@pytest.mark.parametrize(
    "words", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937", FAMILY]
)
def test_what_joins_letters_and_pictures_stays_where_it_belongs(words: str) -> None:
    kept = own(title=f"A {words}", body=words, question=words)
    assert (kept.title, kept.body, kept.question) == (f"A {words}", words, words)
    assert not [one for one in group_faults(kept, DIALLED) if one.rule == "unseen"]
    assert title_key(words) == title_key(words.replace("\u200c", "").replace("\u200d", ""))


def test_it_is_tidied() -> None:
    tidy = own(
        title="  ## **Our**  `walk` #1 ",
        body="One  \r\nline.\r\n\r\n\r\n\r\nTwo.\t\n",
        question=" Why\nnot? ",
        tags=["#Lake, walk;lake", "", "Fresh  air"],
        claims=[Claim(" It  helps ", " NHS ", "", " https://www.nhs.uk/ ")],
    )
    assert (tidy.title, tidy.body, tidy.question) == ("Our walk #1", "One\nline.\n\nTwo.", "Why not?")
    assert tidy.tags == ("lake", "walk", "fresh air")
    assert tidy.claims == (Claim("It helps", "NHS", NO_DATE, "https://www.nhs.uk/"),)
    assert (tidy.own, tidy.status, tidy.code) == (True, "sourced", "")
    assert own().status == "needs_check"


@pytest.mark.parametrize("part", ["title", "body", "question"])
def test_what_names_suicide_is_read_with_care(part: str) -> None:
    assert own().tone == "calm"
    assert own(**{part: "After a sui**cide**"}).tone == "careful"
    assert own(tone="careful").tone == "careful"


def test_titles_that_look_alike_are_alike() -> None:
    assert title_key(" Our  WALK") == title_key("our walk")
    assert title_key("Ｏur walk") == title_key("our walk")
    assert title_key("Our walk 2") != title_key("Our walk")


def test_tags_stand_between_commas_and_lines() -> None:
    assert tags_of("a, b;c\nd", "B") == ("a", "b", "c", "d")
    assert tags_of(" , ") == ()


@given(st.text(max_size=80), st.text(max_size=200), st.lists(st.text(max_size=20), max_size=4))
def test_anything_at_all_can_be_tidied_twice_and_judged(title: str, body: str, tags: list[str]) -> None:
    once = own(title=title, body=body, tags=tags, question=title, claims=[Claim(body, title, title, body)])
    assert tidied(once) == once
    assert isinstance(group_faults(once, DIALLED), tuple)
    assert not [one for one in group_faults(once, DIALLED) if one.rule == "unseen"]


@given(st.text(alphabet="*_~`|\\#->\u200b\u200d\U0001f468e\u0301 \n\r", max_size=40))
def test_signs_in_a_row_are_tidied_once_and_for_all(text: str) -> None:
    once = own(title=text, body=text, tags=[text], question=text)
    assert tidied(once) == once
