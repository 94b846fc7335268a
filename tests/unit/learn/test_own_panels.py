"""Panels and forms of a group's own readings: everything fits Discord, says what it is, and keeps what was written."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from bot.content import Claim, GroupFault, Snippet, group_snippet
from bot.content.group import Part
from bot.text import t
from cogs.learn import ui
from cogs.learn.rules import sources_read, sources_written
from cogs.learn.service import Kept, OwnDraft, Page, Reading, Urgent, draft_of, page_of
from cogs.learn.service.own import LIST_PAGE
from cogs.learn.store import OwnSnippet
from cogs.learn.ui import drafts, own
from tests.unit.learn.conftest import shipped
from tests.unit.learn.test_learn_panels import as_read, drawn, labels, numbers, shelves, words

DAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)
TOPICS = tuple(shipped().library.topics.values())
RULES = (
    "dose", "equivalent", "schedule", "switching", "added_substance", "closing_sentence", "emergency_number", "mention",
    "phone_number", "unseen", "title_empty", "title_long", "title_taken", "title_retired", "title_shipped", "topic",
    "body_empty", "body_long", "question_long", "tags_many", "tag_long", "claims_many", "claim_says", "claim_unnamed",
    "claim_source", "claim_year", "claim_address", "full",
)  # fmt: skip
PARTS: tuple[Part, ...] = ("title", "topic", "body", "question", "tags", "claims")
HEAVY = tuple(
    GroupFault(rule, part, "w" * 900) for rule, part in product(RULES, PARTS) for _ in range(4)
)  # fmt: skip
LONG = OwnDraft("t" * 60, "b" * 900, "understanding", "q" * 200, "g" * 382)


def longest(retired: bool = False) -> OwnSnippet:
    claim = Claim("s" * 300, "n" * 200, "n.d.", "https://example.org/" + "a" * 380)
    snippet = group_snippet(
        "own-aaaaaaaaaaaa", title=LONG.title, body=LONG.body, topic="understanding", question=LONG.question,
        tags=[f"{number:02}" + "g" * 28 for number in range(12)], claims=[claim] * 8, day=DAY, tone="careful",
        audience="family",
    )  # fmt: skip
    return OwnSnippet(snippet, NOW, NOW if retired else None)


def widest() -> Urgent:
    return max(numbers(), key=lambda urgent: len(words(ui.public_panel(as_read(longest().snippet, urgent), "k" * 12))))


def reading(one: OwnSnippet) -> Reading:
    return replace(as_read(one.snippet), urgent=widest(), more=False, today=False)


@pytest.mark.parametrize("retired", [False, True])
def test_the_fullest_card_fits(retired: bool) -> None:
    one = longest(retired)
    panel = own.card_panel(one, reading(one), "library.card.stays_careful")
    told = words(panel)
    assert LONG.body in told
    assert t("learn.mark.own") in told
    assert (t("library.card.back.label") in labels(panel)) is retired
    drawn(own.retired_panel(one))
    drawn(own.delete_panel(one.snippet))
    drawn(own.deleted_panel(one.snippet.title))


def test_a_page_of_the_longest_titles_fits() -> None:
    items = tuple(
        replace(longest(number % 2 == 0), snippet=replace(longest().snippet, id=f"own-{number:012}"))
        for number in range(200)
    )
    drawn(own.list_panel(page_of(items, 1, LIST_PAGE), TOPICS))
    empty: Page[OwnSnippet] = page_of((), 0, LIST_PAGE)
    assert t("library.own.empty") in words(own.list_panel(empty, TOPICS))


def test_every_fault_is_told_in_words_that_fit_beside_the_longest_draft() -> None:
    key = drafts.words_key(longest().snippet)
    panel = drafts.unfit_panel(HEAVY, LONG, key)
    assert LONG.body in words(panel)
    drawn(drafts.unfit_sources_panel(HEAVY, "l" * own.LONGEST_SOURCES, drafts.sources_key(longest().snippet)))
    drawn(drafts.overtaken_panel(longest(), LONG))
    drawn(drafts.overtaken_panel(None, LONG))
    for current in (longest(), None):
        drawn(drafts.overtaken_sources_panel(current, "l" * own.LONGEST_SOURCES))
        drawn(drafts.overtaken_sources_panel(current, ""))


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_its_own_words_and_shows_the_writers(rule: str) -> None:
    (told,) = drafts.faults_told([GroupFault(rule, "body", "@everyone **5** mg")])
    assert "Please" in told or rule in {"body_empty", "full"}
    assert "@everyone" not in told
    assert "**5**" not in told


def test_one_rule_is_told_once_with_all_its_words() -> None:
    faults = [GroupFault("dose", "body", f"{number} mg") for number in range(5)]
    told = drafts.faults_told([*faults, GroupFault("dose", "title", "9 mg")])
    assert len(told) == 2
    assert told[0].startswith("In the text: “0 mg”, “1 mg”, “2 mg”, “…”.")


def test_the_form_holds_the_longest_words_a_file_may_bring() -> None:
    [*_, tags] = own.writing_form(TOPICS, draft_of(longest().snippet)).fields
    assert tags.value == ", ".join(longest().snippet.tags)  # type: ignore[union-attr]


def test_sources_taken_away_from_what_is_gone_leave_an_answer() -> None:
    assert words(drafts.overtaken_sources_panel(None, "")) == t("library.own.gone")


def test_the_form_takes_back_every_word_that_fits() -> None:
    form = own.writing_form(TOPICS, LONG, drafts.words_key(longest().snippet))
    values = [getattr(field, "value", None) for field in form.fields]
    assert values == [LONG.title, LONG.body, None, LONG.question, LONG.tags]
    assert len(form.fields) == 5
    assert own.writing_form(TOPICS).verb != form.verb
    assert own.sources_form("l" * 9000, "k").fields[0].value == "l" * own.LONGEST_SOURCES  # type: ignore[union-attr]


def test_words_never_called_checked_are_not_called_so() -> None:
    for claims in ((), longest().snippet.claims):
        snippet = replace(longest().snippet, claims=claims, status="sourced" if claims else "needs_check")
        for panel in (ui.reading_panel(as_read(snippet)), ui.public_panel(as_read(snippet), "k" * 12)):
            assert "Written by this group on 23 November 2026." in words(panel)
            assert "hecked" not in words(panel)
        page = words(ui.sources_panel(snippet, 0, date(2030, 1, 1)))
        assert t("learn.sources.own", day="23 November 2026") in page
        for never in ("hecked", "Reviewed", "late", t("learn.sources.checking")):
            assert never not in page
        assert (t("learn.sources.none_own") in page) is (not claims)


def test_a_source_that_says_nothing_stands_by_its_name() -> None:
    snippet = replace(longest().snippet, claims=(Claim("", "NHS", "2024", "https://www.nhs.uk/"),))
    assert "**1.** [NHS](<https://www.nhs.uk/>), 2024" in words(ui.sources_panel(snippet, 0, DAY))


def test_a_shipped_one_is_never_called_the_groups() -> None:
    for snippet in shipped().library:
        assert t("learn.mark.own") not in words(ui.reading_panel(as_read(snippet)))


def test_saved_ones_say_what_they_are() -> None:
    snippet = longest().snippet
    kept = (
        Kept(snippet.id, snippet, NOW, snippet.title),
        Kept("own-bbbbbbbbbbbb", None, NOW, "Our old walk"),
        Kept("own-cccccccccccc", None, NOW),
    )
    told = words(ui.saved_panel(page_of(kept, 0, 8), shelves()))
    assert t("learn.mark.own") in told
    assert "**Our old walk**" in told
    assert f"**{t('learn.saved.taken_out')}**" in told
    assert "own-" not in told


@pytest.mark.parametrize(
    ("line", "source", "year", "address"),
    [
        ("NHS, 2024, https://www.nhs.uk/", "NHS", "2024", "https://www.nhs.uk/"),
        ("NHS, A to Z; 2024; https://www.nhs.uk/", "NHS, A to Z", "2024", "https://www.nhs.uk/"),
        ("NHS https://www.nhs.uk/", "NHS", "", "https://www.nhs.uk/"),
        ("NHS, n.d., https://www.nhs.uk/", "NHS", "n.d.", "https://www.nhs.uk/"),
        ("https://www.nhs.uk/", "", "", "https://www.nhs.uk/"),
        ("The NHS, 24 https://www.nhs.uk/", "The NHS, 24", "", "https://www.nhs.uk/"),
        ("My cousin, 2024", "My cousin, 2024", "", ""),
        ("NHS www.nhs.uk", "NHS", "", "www.nhs.uk"),
    ],
)
def test_sources_are_read_as_people_write_them(line: str, source: str, year: str, address: str) -> None:
    assert sources_read(f"\n  {line}  \n\n") == (Claim("", source, year, address),)


def test_every_shipped_source_comes_through_the_form_unchanged() -> None:
    for snippet in shipped().library:
        assert sources_read(sources_written(snippet.claims), snippet.claims) == snippet.claims


def test_of_two_sources_at_one_address_each_keeps_what_it_says() -> None:
    one, two = (Claim(f"{name} says", name, "2024", "https://www.nhs.uk/") for name in ("One", "Two"))
    assert sources_read(sources_written([two, one]), (one, two)) == (two, one)
    assert sources_read(sources_written([two]), (one, two)) == (two,)


def test_what_the_form_holds_is_what_was_written() -> None:
    snippet: Snippet = longest().snippet
    assert draft_of(snippet).tags.split(", ") == list(snippet.tags)
