"""How an entry looks to others and to its writer: never too long for Discord, never more than was chosen."""

from dataclasses import replace
from itertools import product

import pytest

from bot.discordkit import Button, Panel, Row, Text
from bot.discordkit.panels import MOST_CHARACTERS
from bot.text.escaping import plain
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.answers import Given
from cogs.checkins.service.slots import Slot, set_mark
from cogs.checkins.store.entries import Entry
from cogs.checkins.ui.entries import entry_post, posted_words
from cogs.checkins.ui.receipts import delete_panel, held_panel, lost_panel, preview_panel, receipt_panel, unread_panel
from cogs.checkins.ui.today import Sheet, none_panel, sheet_panel
from tests.unit.checkins.entering import CANARY, EVENING, MONDAY, SET, made_entry, mood, said

SIGNS = "*_#<@>`~|" * 89  # 801 signs, each to be escaped
LONGEST = SIGNS[:800]
LABEL = "[*" * 22
MARKS = tuple(
    Given(f"tick{number}", "choices", "", LABEL, None, " · ".join(["*" * 100] * 10), (0,)) for number in range(4)
)
FOUR = tuple(said(LONGEST, f"q{number}", label=LABEL) for number in range(4))


def words_of(panel: Panel) -> str:
    return "\n".join(block.words for block in panel.blocks if isinstance(block, Text))


def labels_of(panel: Panel) -> list[str]:
    return [item.label for block in panel.blocks if isinstance(block, Row) for item in block.items]


def ids_of(panel: Panel) -> list[str]:
    rows = [block for block in panel.blocks if isinstance(block, Row)]
    return [item.custom_id for row in rows for item in row.items if isinstance(item, Button)]


def marked(panel: Panel) -> dict[int, str]:
    return {one.mark: one.words for one in panel.blocks if isinstance(one, Text) and one.mark is not None}


def standing(choice: Choice, **parts: object) -> Entry:
    where = {"channel_id": 5, "message_id": 6} if choice.place is not Place.NOWHERE else {}
    return made_entry(**({"choice": choice, "place": choice.place, "words": None} | where | parts))


async def test_four_longest_answers_full_of_signs_have_room_in_one_post() -> None:
    for choice, marks, shown in product((Choice.GROUP_REPLY, Choice.TEAM_REACH_OUT), ((), MARKS), (False, True)):
        entry = made_entry(choice=choice, marks=marks, words=FOUR, numbers_shown=shown)
        panel = entry_post(entry, FOUR)
        assert panel.draw().content_length() <= MOST_CHARACTERS
        assert sorted(marked(panel)) == [1, 2, 3, 4]
        assert all(len(text) == 800 for text in marked(panel).values())
        assert not any(set(text) & set("*_<>`~|@") for text in marked(panel).values())


async def test_what_fits_is_escaped_and_read_back_as_it_was_typed() -> None:
    typed = (
        "# not *big*\n- no list\n<@1> @everyone",
        "\u05e9\u05dc\u05d5\u05dd \U0001f468\u200d\U0001f469 a_b",
        LONGEST,
    )
    words = tuple(said(text, f"q{number}") for number, text in enumerate(typed))
    panel = entry_post(made_entry(), words)
    read = posted_words(tuple(replace(one, shown="") for one in words), marked(panel))
    assert [one.shown for one in read] == list(typed)
    assert [one.question_id for one in read] == ["q0", "q1", "q2"]


@pytest.mark.parametrize(("choice", "shown", "seen"), [
    (Choice.GROUP, False, False), (Choice.GROUP, True, True), (Choice.TEAM, False, True),
])  # fmt: skip
async def test_numbers_are_shown_where_they_were_chosen(choice: Choice, shown: bool, seen: bool) -> None:
    panel = entry_post(made_entry(choice=choice, numbers_shown=shown), (said(CANARY),))
    assert ("So-so" in words_of(panel)) is seen


async def test_an_empty_entry_is_a_fine_post() -> None:
    panel = entry_post(made_entry(choice=Choice.GROUP, marks=(), words=()), ())
    assert panel.draw().content_length()
    assert not marked(panel)
    assert ids_of(panel) == ["ek1:checkins:reply_write:9"]


@pytest.mark.parametrize("choice", list(Choice))
async def test_only_a_wish_says_so(choice: Choice) -> None:
    if choice is not Choice.ME:
        assert ("-# They" in words_of(entry_post(made_entry(choice=choice), ()))) is choice.asks


async def test_private_panels_never_outgrow_a_message() -> None:
    blocks = (Text("help " * 200),)
    for choice in Choice:
        entry = standing(choice, marks=MARKS, outline=FOUR)
        for panel in (
            sheet_panel(Sheet(entry, FOUR, MONDAY, MONDAY, names={501: "*" * 80}), "notice " * 20),
            sheet_panel(Sheet(replace(entry, held=Choice.GROUP_REPLY), FOUR, MONDAY, MONDAY)),
            receipt_panel(entry, "## Heading", "note", "", below=blocks),
            held_panel(entry, Choice.GROUP_REPLY, blocks),
            delete_panel(entry),
            unread_panel(entry),
            lost_panel("checkin_entry.lost.full", FOUR),
        ):
            panel.draw()  # raises for a message that is too long
        if choice is not Choice.ME:
            preview_panel(entry, entry, FOUR, blocks).draw()


def test_what_is_cut_short_is_never_read_back() -> None:
    sheet = sheet_panel(Sheet(standing(Choice.GROUP, outline=FOUR), FOUR, MONDAY, MONDAY))
    assert "…" in words_of(sheet)
    assert not marked(sheet)


async def test_words_that_had_to_be_widened_beside_the_buttons_are_never_read_back() -> None:
    typed = tuple(said("a_b *c* " * 100, f"q{number}") for number in range(3))
    assert [plain(text) for text in marked(entry_post(made_entry(), typed)).values()] == [one.shown for one in typed]
    sheet = sheet_panel(Sheet(standing(Choice.GROUP, outline=typed), typed, MONDAY, MONDAY))
    assert "…" not in words_of(sheet)
    assert all(plain(text) == one.shown for one, text in zip(typed, marked(sheet).values(), strict=False))
    few = sheet_panel(Sheet(standing(Choice.GROUP, outline=typed[:1]), typed[:1], MONDAY, MONDAY))
    assert [plain(text) for text in marked(few).values()] == [typed[0].shown]


def test_take_it_back_is_there_while_it_is_shared() -> None:
    for choice in Choice:
        labels = labels_of(receipt_panel(standing(choice), "Kept"))
        assert ("Take it back" in labels) is (choice is not Choice.ME)
        assert ("Show my numbers too" in labels) is (choice.place is Place.GROUP)
        assert "Try again" not in labels
    refused = standing(Choice.GROUP, place=Place.NOWHERE, channel_id=None, message_id=None)
    assert "Try again" in labels_of(receipt_panel(refused, "Kept"))


@pytest.mark.parametrize(
    ("entry", "said_so"),
    [
        (standing(Choice.GROUP), "/5/6"),
        (standing(Choice.GROUP, channel_id=None, message_id=None), "on its way"),
        (standing(Choice.GROUP, place=Place.NOWHERE, channel_id=None, message_id=None), "couldn't post it"),
        (standing(Choice.GROUP, place=Place.CARE), "The earlier post](https://discord.com/channels/"),
        (
            standing(Choice.GROUP, place=Place.NOWHERE, channel_id=None, message_id=None, outline=(said(""),)),
            "your words went with it",
        ),
        (standing(Choice.ME, channel_id=5, message_id=6), "being taken down"),
        (standing(Choice.ME, held=Choice.GROUP), "with you alone for now"),
        (standing(Choice.GROUP_REPLY, asked_at=EVENING), "You asked for a reply"),
        (standing(Choice.GROUP_REPLY, asked_at=EVENING, answered_at=EVENING), "answered you"),
    ],
)
def test_its_writer_is_told_where_it_stands(entry: Entry, said_so: str) -> None:
    assert said_so in words_of(receipt_panel(entry, "Kept"))


def test_who_asked_for_a_reply_is_not_left_without_one_by_team_only() -> None:
    entry = standing(Choice.ME, held=Choice.GROUP_REPLY)
    assert any("team_reach_out" in one for one in ids_of(held_panel(entry, Choice.GROUP_REPLY, ())))
    quiet = ids_of(held_panel(entry, Choice.GROUP, ()))
    assert any(one.endswith(".team") for one in quiet)
    assert len(ids_of(held_panel(entry, Choice.TEAM, ()))) == 2


def test_nothing_written_today_and_yesterday_still_open() -> None:
    slot = Slot(0, set_mark(SET), MONDAY)
    panel = none_panel(slot, slot, (), {}, (MONDAY, MONDAY))
    assert labels_of(panel) == ["Check in", "Fill in yesterday"]
    assert labels_of(none_panel(slot, None, (), {}, (MONDAY, MONDAY))) == ["Check in"]


def test_words_that_are_gone_or_away_are_said_to_be() -> None:
    entry = standing(Choice.GROUP, marks=(mood(3),), outline=(said(""),))
    assert "went with the post" in words_of(sheet_panel(Sheet(entry, None, MONDAY, MONDAY)))
    assert "just now" in words_of(sheet_panel(Sheet(entry, None, MONDAY, MONDAY, away=True)))
    bare = standing(Choice.ME, marks=(), outline=())
    assert "just here" in words_of(sheet_panel(Sheet(bare, (), MONDAY, MONDAY)))
