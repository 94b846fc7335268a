"""The panels and the file of somebody's own days: bad keys open nothing, everything fits, no cell is run."""

import csv
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.discordkit import Button, Choose, Panel, Picture, Row, Text
from bot.text import t
from cogs.checkins.rules import Choice, Rhythm
from cogs.checkins.rules.answers import Given
from cogs.checkins.service.history import LAST_PAGE, History, Keeping, Spot, Told
from cogs.checkins.service.picture import picture_of
from cogs.checkins.service.rhythm import RhythmView
from cogs.checkins.store.entries import Entry
from cogs.checkins.store.past import Mark
from cogs.checkins.ui import sheet as sheets
from cogs.checkins.ui.history import (
    MOST_DESCRIBED,
    described,
    empty_panel,
    entry_panel,
    history_panel,
    read_spot,
    shorter_panel,
    spot_key,
)
from cogs.checkins.ui.sheet import Sheet, harmless
from tests.unit.checkins.history_made import entry, marked, said

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def history(*entries: Entry, marks: tuple[Mark, ...] = (), **changes: Any) -> History:
    first, last = TODAY - 29 * DAY, TODAY
    seen = History(
        Spot(), first, last, len(entries), 1, entries, picture_of(first, last, marks, ()), len(marks),
        RhythmView(Rhythm(total=len(entries)), TODAY, ()), Keeping(None, 12), None, None,
    )  # fmt: skip
    return replace(seen, **changes)


def words(panel: Panel) -> str:
    return "\n".join(block.words for block in panel.blocks if isinstance(block, Text))


def labels(panel: Panel) -> list[str]:
    return [one.label for block in panel.blocks if isinstance(block, Row) for one in block.items]


@pytest.mark.parametrize("spot", [Spot(), Spot(365, TODAY, 12), Spot(7, None, LAST_PAGE), Spot(90, TODAY - 900 * DAY)])
def test_a_spot_travels_in_an_id(spot: Spot) -> None:
    assert read_spot(spot_key(spot)) == spot
    assert len(spot_key(spot)) < 25


@pytest.mark.parametrize(
    "key",
    ["", "30", "31..0", "30..", "30..x", "30.2026-02-30.0", "30.2026-11-23.-2", "30..99999", "30.0001-01-01.0",
     "30.9999-12-31.0", "٣٠..0", "30..0.1", "30. 2026-11-23.0"],
)  # fmt: skip
def test_a_made_up_spot_opens_nothing(key: str) -> None:
    assert read_spot(key) is None


async def test_nothing_yet_is_told_kindly() -> None:
    new = RhythmView(Rhythm(), TODAY, ())
    assert "/checkin now" in words(empty_panel(new))
    assert "a word" in words(empty_panel(new, "a word"))
    empty_panel(new).draw()


async def test_when_the_last_one_has_gone_the_days_still_count() -> None:
    seen = words(empty_panel(RhythmView(Rhythm(total=300), TODAY, ()), "a word"))
    assert t("checkin_rhythm.total", count=300) in seen
    assert t("checkin_history.gone") in seen
    assert "a word" in seen
    assert "none yet" not in seen


async def test_the_list_says_who_sees_it_and_where_the_words_are() -> None:
    shared = entry(
        TODAY, entry_id=1, words=None, choice=Choice.GROUP, channel_id=5, message_id=6, mood=4, outline=(said(""),)
    )
    private = entry(TODAY - DAY, entry_id=2, words="A *quiet* day @everyone", urge=3)
    bare = entry(TODAY - 2 * DAY, entry_id=3)
    seen = words(history_panel(history(shared, private, bare), None))
    assert f"https://discord.com/channels/{shared.guild_id}/5/6" in seen
    assert "Mood: 4 · All right" in seen
    assert "Urge: 3" in seen
    assert "\\*quiet\\*" in seen
    assert "@everyone" not in seen
    assert t("checkin_history.line.here") in seen
    assert "Monday 23 November** · the group" in seen
    assert "Sunday 22 November** · just me" in seen


async def test_no_words_were_given_and_none_are_promised() -> None:
    """A post without words has none to link to."""
    shared = entry(TODAY, words=None, choice=Choice.GROUP, channel_id=5, message_id=6, mood=4)
    assert "Your words" not in words(history_panel(history(shared), None))


@pytest.mark.parametrize("sign", ["a", "*", "\U0001f9d1\u200d\U0001f33e", "\u05d0", "\n# ", "@everyone "])
async def test_eight_long_entries_fit_in_one_message(sign: str) -> None:
    long = tuple(said((sign * 800)[:800], "L" * 45) for _ in range(3))
    page = tuple(
        replace(entry(TODAY - place * DAY, entry_id=place + 1, mood=1, sleep=5, urge=10), words=long)
        for place in range(8)
    )
    panel = history_panel(history(*page, pages=9), b"png", owed="w" * 200, notice="n" * 200)
    panel.draw()
    assert len([block for block in panel.blocks if isinstance(block, Choose)]) == 2


@pytest.mark.parametrize("sign", ["a", "*", "`", "[x](http://y)", "\u05d0", "\n- "])
async def test_an_entry_of_four_long_texts_is_shown_to_its_last_sign(sign: str) -> None:
    text = (sign * 800)[:797] + "end"
    panel = entry_panel(replace(entry(TODAY), words=tuple(said(text, "*" * 45) for _ in range(4))), Spot())
    panel.draw()
    assert words(panel).count("end") == 4


async def test_an_entry_of_long_choices_fits() -> None:
    choices = tuple(Given(f"q{n}", "choices", "", "*" * 45, shown=", ".join(["*" * 100] * 4)) for n in range(3))
    panel = entry_panel(replace(entry(TODAY), marks=choices, words=(said("*" * 800),)), Spot())
    panel.draw()


async def test_the_panel_turns_where_there_is_something() -> None:
    one = entry(TODAY)
    both = history_panel(history(one, earlier=Spot(30, TODAY - 40 * DAY), later=Spot(30)), None)
    assert labels(both)[:2] == ["Earlier", "Later"]
    assert "Earlier" not in labels(history_panel(history(one), None))
    ids = [
        item.custom_id
        for block in both.blocks if isinstance(block, Row) for item in block.items if isinstance(item, Button)
    ]  # fmt: skip
    assert len(set(ids)) == len(ids)


async def test_days_without_an_entry_are_no_reproach() -> None:
    seen = words(history_panel(history(), None))
    assert t("checkin_history.none_here") in seen
    assert not {"missed", "only", "lost"} & set(seen.replace("nothing is lost", "").lower().split())


async def test_the_picture_comes_with_its_words_or_is_missed_in_words() -> None:
    some = (Mark(TODAY, {"mood": 3}), Mark(TODAY, {"mood": 5}))
    drawn = history_panel(history(entry(TODAY), marks=some), b"png")
    [picture] = [block for block in drawn.blocks if isinstance(block, Picture)]
    assert picture.described == described(history(entry(TODAY), marks=some))
    assert t("checkin_history.picture.several_small") in words(drawn)
    assert t("checkin_history.no_picture") in words(history_panel(history(entry(TODAY), marks=some), None))
    assert t("checkin_history.no_numbers") in words(history_panel(history(entry(TODAY)), None))


def test_the_picture_in_words() -> None:
    marks = (
        Mark(TODAY - 4 * DAY, {"mood": 2, "urge": 0}), Mark(TODAY - 3 * DAY, {"mood": 5}), Mark(TODAY, {"mood": 4}),
    )  # fmt: skip
    told = described(history(marks=marks))
    assert "from Sunday 25 October to Monday 23 November" in told
    assert "Mood: 3 days. Lowest 2 (rough), highest 5 (good), latest 4 (all right) on Monday 23 November." in told
    assert "Urge: one day, 0 of 10." in told
    assert "Sleep" not in told
    assert "The other 27 days are empty." in told
    assert not {"better", "worse", "up", "down", "missed"} & set(told.lower().replace(".", "").split())


def test_the_words_of_a_whole_year_fit() -> None:
    first = TODAY - 364 * DAY
    every = tuple(
        Mark(first + n * DAY, {"mood": 1 + n % 5, "sleep": 1 + n % 5, "urge": n % 11}) for n in range(365) if n % 7
    )
    resting = [first + n * DAY for n in range(20)]
    seen = history(first=first, picture=picture_of(first, TODAY, (*every, every[-1]), resting), answered=len(every))
    assert len(described(seen)) < MOST_DESCRIBED
    assert "2025" in described(seen)
    assert described(seen).endswith(t("checkin_history.picture.rests", count=20))


async def test_keeping_offers_the_group_s_time_or_shorter() -> None:
    assert Keeping(None, 12).choices == (12, 6, 3, 1)
    assert Keeping(6, 9).choices == (9, 6, 3, 1)
    assert Keeping(6, 3).choices == (3, 1)
    assert (Keeping(6, 3).chosen, Keeping(1, 3).chosen, Keeping(None, 3).chosen) == (3, 1, 3)
    shorter_panel(1, Spot()).draw()


def told(one: Entry, **changes: Any) -> Told:
    moment = datetime(2026, 11, 23, 21, 30, tzinfo=ZoneInfo("Asia/Kathmandu"))
    return replace(Told(one, "Evening", "How am I today", moment), **changes)


def rows(sheet: Sheet) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(sheet.file().content.decode("utf-8-sig"), newline="")))


def test_the_file_has_every_answer() -> None:
    other = Given("help", "choices", "", "What helped?", shown="A walk, Tea")
    private = replace(
        entry(TODAY, mood=4, sleep=2, words='Two lines,\nwith "quotes"; and \U0001f33f'),
        marks=(marked("mood", 4), marked("sleep", 2), other),
    )
    shared = entry(TODAY, words=None, choice=Choice.GROUP_REPLY, channel_id=5, message_id=6)
    sheet = Sheet()
    sheet.add((told(private), told(shared, name="")))
    content = sheet.file().content
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 3
    first, second = rows(sheet)
    assert list(first.values()) == [
        "2026-11-23", "2026-11-23T21:30:00+05:45", "Evening", "How am I today", "Just me", "4", "2", "",
        "What helped?: A walk, Tea", 'In a line: Two lines,\nwith "quotes"; and \U0001f33f', "",
    ]  # fmt: skip
    assert second["Post"].endswith("/5/6")
    assert (second["Check-in"], second["Your words"]) == ("", "")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n-1", "－1"])
def test_no_cell_is_run(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    sheet = Sheet()
    sheet.add((told(entry(TODAY), name=cell),))
    assert not rows(sheet)[0]["Check-in"].lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("cell", ["", "4", "a-b", "A line: =1", "#1", "'x"])
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_large_file_is_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet()
    sheet.add(told(entry(TODAY, words="word " * 100)) for _ in range(20))
    plain = sheet.file()
    monkeypatch.setattr(sheets, "LARGEST", 1000)
    packed = sheet.file()
    assert packed.name == "check-ins.csv.zip"
    assert zipfile.ZipFile(BytesIO(packed.content)).read("check-ins.csv") == plain.content
    assert sheet.count == 20


def test_utc_is_written_too() -> None:
    sheet = Sheet()
    sheet.add((told(entry(TODAY), written_at=datetime(2026, 11, 23, 4, tzinfo=UTC)),))
    assert rows(sheet)[0]["Written"] == "2026-11-23T04:00:00+00:00"
