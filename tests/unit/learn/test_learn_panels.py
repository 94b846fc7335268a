"""Every shipped reading, in every way it can be shown, fits Discord's limits and says what it must."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import discord
import pytest

from bot.content import Claim, Snippet, mentions_danger
from bot.discordkit import Panel, decode
from bot.text import t
from cogs.learn import ui
from cogs.learn.rules import LONGEST_NOTE, escaped
from cogs.learn.service import Draft, Found, Kept, Note, Page, Reading, Shelf, ShelfPage, Urgent, page_of
from cogs.learn.service.reading import SAVED_PAGE
from cogs.learn.store import Shared
from tests.unit.learn.conftest import shipped
from tests.unit.learn.made import reading

MARK = "abcdefghijkl.99"
DAY = date(2026, 11, 22)
EVERY = tuple(shipped().library)
TEXT = discord.ui.TextDisplay


def drawn(panel: Panel) -> list[discord.ui.Item[discord.ui.LayoutView]]:
    """Every component, held against Discord's limits."""
    view = panel.draw()
    items = list(view.walk_children())
    assert len(items) <= 40
    assert sum(len(item.content) for item in items if isinstance(item, TEXT)) <= 4000
    for item in items:
        if isinstance(item, discord.ui.Select):
            assert 1 <= len(item.options) <= 25
            assert all(len(option.label) <= 100 for option in item.options)
            assert all(len(option.description or "") <= 100 for option in item.options)
        if isinstance(item, discord.ui.ActionRow):
            assert 1 <= len(item.children) <= 5
    ids = [item.custom_id for item in items if isinstance(item, discord.ui.Button | discord.ui.Select)]
    assert len(ids) == len(set(ids))
    assert all(custom_id is None or (len(custom_id) <= 100 and decode(custom_id)) for custom_id in ids)
    return items


def words(panel: Panel) -> str:
    return "\n".join(item.content for item in drawn(panel) if isinstance(item, TEXT))


def labels(panel: Panel) -> list[str | None]:
    return [item.label for item in drawn(panel) if isinstance(item, discord.ui.Button)]


def numbers() -> Iterator[Urgent]:
    lines = shipped().support_lines
    for country in (None, *lines.countries()):
        yield Urgent(lines.emergency(country) if country else None, lines.elsewhere)


def as_read(snippet: Snippet, urgent: Urgent | None = None, *, saved: bool = False, post: bool = False) -> Reading:
    library = shipped().library
    related = tuple(one for name in snippet.see_also if (one := library.get(name)))
    return Reading(snippet, library.topics[snippet.topic], saved, saved, True, related, urgent, post)


def shelves() -> tuple[Shelf, ...]:
    library = shipped().library
    return tuple(Shelf(topic, len(library.by_topic(key))) for key, topic in library.topics.items())


@pytest.mark.parametrize("snippet", EVERY, ids=lambda snippet: snippet.id)
def test_every_reading_fits_in_every_way_it_is_shown(snippet: Snippet) -> None:
    longest = max(numbers(), key=lambda urgent: len(words(ui.public_panel(as_read(snippet, urgent), MARK))))
    for urgent, saved, post in product((None, longest), (True, False), (True, False)):
        panel = ui.reading_panel(as_read(snippet, urgent, saved=saved, post=post))
        assert snippet.body in words(panel)
        assert words(panel).startswith(f"## {snippet.title}\n")
        assert (t("learn.reading.post.label") in labels(panel)) is post
        assert (t("learn.reading.saved.label") in labels(panel)) is saved
    public = ui.public_panel(as_read(snippet, longest), MARK.partition(".")[0])
    assert t("learn.reading.post.label") not in labels(public)
    assert "advice" in words(public)
    if snippet.question:
        assert snippet.question in words(public)
    note = Note(2**63 - 1, escaped("*" * LONGEST_NOTE))
    stands = Shared(1, note.user_id, 2**63 - 1, 2**63 - 1, snippet.id, datetime(2026, 11, 22, tzinfo=UTC))
    drawn(ui.public_panel(as_read(snippet, longest), MARK.partition(".")[0], above=ui.note_above(note)))
    drawn(ui.confirm_panel(Draft(as_read(snippet, longest), 2**63 - 1, note, stands), MARK, t("learn.post.refused")))
    drawn(ui.amounts_panel(snippet.id, 2**63 - 1, note, ("10 mg",) * 9))
    drawn(ui.saved_receipt(snippet, new=True))
    drawn(ui.unsaved_receipt(snippet))
    drawn(ui.posted_panel(snippet, 2**63 - 1, 2**63 - 1, 2**63 - 1, "abcdefghijkl"))
    assert len(snippet.id) <= 50


@pytest.mark.parametrize("snippet", EVERY, ids=lambda snippet: snippet.id)
def test_every_source_is_named_with_year_and_address(snippet: Snippet) -> None:
    told = words(ui.sources_panel(snippet, 0, DAY))
    for claim in snippet.claims:
        assert claim.says in told
        assert claim.source in told
        assert f"(<{claim.address}>)" in told
        assert (claim.year if claim.year.isdecimal() else t("learn.sources.no_year")) in told
    assert (t("learn.sources.checking") in told) is (snippet.status == "needs_check")
    assert f"Reviewed: {snippet.reviewed.day} November 2026" in told
    assert "not medical advice" in told


def test_a_careful_one_warns_and_offers_help_before_its_text() -> None:
    snippet = next(one for one in EVERY if one.tone == "careful")
    for panel in (ui.reading_panel(as_read(snippet)), ui.public_panel(as_read(snippet), "k")):
        told = words(panel)
        assert told.index(t("learn.reading.careful")) < told.index(snippet.body)
        assert labels(panel)[0] == t("learn.reading.care.label")
        ids = [item.custom_id for item in drawn(panel) if isinstance(item, discord.ui.Button)]
        assert ids[0] == "ek1:care:now:"
    calm = next(one for one in EVERY if one.tone == "calm")
    assert t("learn.reading.careful") not in words(ui.reading_panel(as_read(calm)))


@pytest.mark.parametrize("country", [None, *shipped().support_lines.countries()])
def test_danger_ends_with_the_right_number(country: str | None) -> None:
    snippet = next(one for one in EVERY if mentions_danger(one))
    lines = shipped().support_lines
    number = lines.emergency(country) if country else None
    told = words(ui.reading_panel(as_read(snippet, Urgent(number, lines.elsewhere))))
    after = told[told.index(snippet.body) + len(snippet.body) :]
    assert "/sos" in after
    if number is None:
        assert lines.elsewhere.address in after
    else:
        assert f"{number.country_name}: call **{number.number}**" in after
        # A number that reaches only one service is never offered as a second number for anything.
        assert not [other.number for other in number.also if other.reach and f"**{other.number}**" in after]


def test_the_longest_claims_a_file_may_hold_are_shown_page_by_page() -> None:
    claims = tuple(Claim("s" * 299 + str(place), "o" * 200, "2024", f"https://a.org/{'x' * 380}") for place in range(8))
    snippet = replace(EVERY[0], claims=claims, reviewed_by="r" * 100, title="t" * 60)
    pages = [ui.sources_panel(snippet, number, DAY) for number in range(3)]
    told = "\n".join(words(page) for page in pages)
    assert all(claim.says in told for claim in claims)
    assert labels(pages[0]) == [t("learn.page.later.label")]
    assert words(ui.sources_panel(snippet, 99, DAY)) == words(pages[-1])


@pytest.mark.parametrize(
    ("reviewed_by", "today", "expected"),
    [
        ("", DAY, "No reviewer has signed it yet"),
        ("a pharmacist", DAY, "by a pharmacist"),
        ("a pharmacist", date(2027, 5, 22), "by a pharmacist"),
        ("a pharmacist", date(2027, 5, 23), "is late"),
    ],
)
def test_the_review_is_told_as_it_is(reviewed_by: str, today: date, expected: str) -> None:
    snippet = replace(EVERY[0], reviewed_by=reviewed_by, review_by=date(2027, 5, 22))
    assert expected in words(ui.sources_panel(snippet, 0, today))


def test_a_source_cannot_break_out_of_its_link() -> None:
    claim = Claim("It says.", "A [odd](https://elsewhere.example) source", "2020", "https://a.example/b_(c)")
    told = words(ui.sources_panel(replace(EVERY[0], claims=(claim,)), 0, DAY))
    assert "(<https://a.example/b_(c)>)" in told
    assert "](https://elsewhere.example)" not in told


def test_every_list_fits() -> None:
    drawn(ui.topics_panel(shelves()))
    for shelf in shelves():
        snippets = shipped().library.by_topic(shelf.topic.key)
        told = words(ui.shelf_panel(ShelfPage(shelf.topic, page_of(snippets, 0, 20))))
        assert all(snippet.title in told for snippet in snippets[:20])
    drawn(ui.found_panel(Found("x" * 6000, EVERY[:8]), shelves()))
    drawn(ui.found_panel(Found("", EVERY[:1]), shelves(), near=True))
    assert labels(ui.found_panel(Found("zzz", ()), shelves())) == [t("learn.reading.care.label")]


def test_a_long_shelf_has_pages() -> None:
    topic = shelves()[0].topic
    many = tuple(reading(f"r{place:02}", f"Title {place:02} {'x' * 50}", topic=topic.key) for place in range(45))
    first, middle, end = (ui.shelf_panel(ShelfPage(topic, page_of(many, number, 20))) for number in range(3))
    back, on = t("learn.page.earlier.label"), t("learn.page.later.label")
    ends = [t("learn.topics.all.label"), t("learn.quiz.open.label")]
    assert [labels(panel) for panel in (first, middle, end)] == [
        [on, *ends], [back, on, *ends], [back, *ends],
    ]  # fmt: skip
    assert t("learn.page.of", number=2, pages=3) in words(middle)


def test_marks_stand_where_they_tell_something() -> None:
    topic = shelves()[0].topic
    mixed = (reading("a", "A", tone="careful"), reading("b", "B", audience="family"))
    told = words(ui.shelf_panel(ShelfPage(topic, page_of(mixed, 0, 20))))
    assert "- A · read with care" in told
    assert "- B · for family and friends" in told
    told = words(ui.shelf_panel(ShelfPage(topic, page_of(mixed[:1], 0, 20))))
    assert told.count("read with care") == 1
    assert t("learn.shelf.all_careful") in told


def test_a_full_page_of_saved_readings_fits_and_names_the_retired() -> None:
    when = datetime(2026, 11, 22, tzinfo=UTC)
    kept = tuple(Kept(one.id, one, when) for one in EVERY[: SAVED_PAGE * 2])
    panel = ui.saved_panel(page_of((*kept, *kept[:3]), 1, SAVED_PAGE), shelves(), taken_off=3)
    assert labels(panel)[-2:] == [t("learn.page.earlier.label"), t("learn.page.later.label")]
    retired = Kept("a-page-of-old", None, when)
    panel = ui.saved_panel(page_of((retired, *kept[:1]), 0, SAVED_PAGE), shelves())
    assert "A page of old" in words(panel)
    assert "retired" in words(panel)
    assert labels(panel) == [t("learn.saved.open.label")]
    empty: Page[Kept] = page_of((), 0, SAVED_PAGE)
    assert t("learn.saved.empty") in words(ui.saved_panel(empty, shelves()))


def test_words_shown_back_do_nothing() -> None:
    typed = "@everyone <@123> **loud** `code` # big [x](https://evil.example)"
    told = words(ui.found_panel(Found(typed, EVERY[:2]), shelves()))
    assert "@everyone" not in told
    assert "**loud**" not in told
    assert "[x](" not in told.replace("\\[x](", "")
