"""The picture: readable by night and by day, by people who see colours otherwise, with gaps left as gaps."""

import asyncio
import os
import stat
import threading
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.content import Role
from cogs.checkins.service.picture import PictureData, Spread, picture_of
from cogs.checkins.store.past import Mark
from cogs.checkins.ui import chart
from cogs.checkins.ui.chart import GROUND, INK, PAPER, REST, STYLES, Easel, day_marks, draw

LAST = date(2026, 11, 23)
DAY = timedelta(days=1)
# What Discord shows around a picture: its darkest theme, its dark one, its light one.
AROUND = ("#000000", "#313338", "#FFFFFF")


def data(*marks: Mark, days: int = 30, resting: tuple[date, ...] = ()) -> PictureData:
    return picture_of(LAST - (days - 1) * DAY, LAST, marks, resting)


def mood(back: int, number: int) -> Mark:
    return Mark(LAST - back * DAY, {"mood": number})


def picture(drawn: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(drawn)).convert("RGB")).astype(int)


def near(pixels: Any, colour: str) -> Any:
    """Where the picture has a colour, but for the softness of an edge."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return np.abs(pixels - wanted).sum(axis=2) < 60


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [GROUND, PAPER])
@pytest.mark.parametrize("colour", [INK, *(style.colour for style in STYLES.values())])
def test_letters_and_marks_stand_out_of_the_ground(colour: str, ground: str) -> None:
    """Each measure's name is written in its colour, so that all of them are held to the measure of letters."""
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("ground", [GROUND, PAPER])
def test_the_days_of_rest_stand_out(ground: str) -> None:
    assert contrast(REST, ground) >= 3


def test_each_measure_has_a_mark_and_a_colour_of_its_own() -> None:
    assert len({style.mark for style in STYLES.values()}) == len({style.colour for style in STYLES.values()}) == 3
    luminances = sorted(luminance(style.colour) for style in STYLES.values())
    assert luminances[-1] > luminances[0]


def test_the_ground_is_solid_whatever_is_around(tmp_path: Path) -> None:
    shown = Image.open(BytesIO(draw(data(mood(3, 2)), tmp_path)))
    assert shown.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    for around in AROUND:
        over = Image.new("RGBA", shown.size, around)
        over.alpha_composite(shown.convert("RGBA"))
        assert over.convert("RGB").tobytes() == shown.convert("RGB").tobytes()


@pytest.mark.parametrize(("days", "roles"), [(7, 1), (30, 2), (90, 3), (365, 3), (1, 1)])
def test_every_span_fits_a_phone(tmp_path: Path, days: int, roles: int) -> None:
    names: tuple[Role, ...] = ("mood", "sleep", "urge")
    marks = [Mark(LAST - back * DAY, dict.fromkeys(names[:roles], 1 + back % 5)) for back in range(days)]
    drawn = draw(data(*marks, days=days), tmp_path)
    width, height = Image.open(BytesIO(drawn)).size
    assert width == 1000
    assert 200 <= height <= 740
    assert len(drawn) < 400_000


def test_only_measures_with_an_answer_are_drawn(tmp_path: Path) -> None:
    pixels = picture(draw(data(Mark(LAST, {"urge": 3})), tmp_path))
    assert near(pixels, STYLES["urge"].colour).any()
    assert not near(pixels, STYLES["mood"].colour).any()


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_one_answer_alone_is_seen(tmp_path: Path, days: int) -> None:
    """In the panel, right of the words of the scale: at least a hundred of its pixels."""
    pixels = picture(draw(data(mood(days // 2, 3), days=days), tmp_path))
    assert near(pixels, STYLES["mood"].colour)[58:208, 190:].sum() > 100


def test_a_gap_is_a_gap(tmp_path: Path) -> None:
    """Half way between two neighbours there is a line, between two others nothing."""
    for apart, joined in ((1, True), (2, False)):
        pixels = picture(draw(data(mood(3, 4), mood(3 - apart, 4), days=7), tmp_path))
        seen = near(pixels, STYLES["mood"].colour)[58:208, 190:].any(axis=0)
        columns = np.flatnonzero(seen)
        middle = (columns[0] + columns[-1]) // 2
        assert set(seen[middle - 10 : middle + 10]) == {joined}


def test_days_of_rest_are_shaded_and_named(tmp_path: Path) -> None:
    rest = tuple(LAST - back * DAY for back in (3, 4, 5))
    plain, rested = (Image.open(BytesIO(draw(data(mood(1, 3), resting=days), tmp_path))) for days in ((), rest))
    assert rested.size[1] > plain.size[1]  # a line below says what the grey is
    strip = near(np.asarray(rested.convert("RGB")).astype(int), REST)[150:215, 190:]
    assert strip.any()


def test_the_last_answer_of_a_day_counts_and_the_others_show_how_far_they_reach() -> None:
    several = data(mood(1, 5), mood(1, 1), mood(1, 3), mood(0, 2))
    [line] = several.lines
    assert list(line.days.values()) == [Spread(3, 1, 5), Spread(2, 2, 2)]
    assert line.stretches() == ((LAST - DAY, LAST),)


def test_stretches_end_where_a_day_has_no_answer() -> None:
    [line] = data(mood(9, 1), mood(8, 1), mood(6, 1), mood(3, 1), mood(2, 1), mood(1, 1)).lines
    assert [len(stretch) for stretch in line.stretches()] == [2, 1, 3]


def test_rests_are_joined_and_cut_to_the_picture() -> None:
    days = tuple(LAST - back * DAY for back in (0, 1, 2, 5, 400))
    assert data(mood(1, 1), resting=days).rests() == ((LAST - 5 * DAY, LAST - 5 * DAY), (LAST - 2 * DAY, LAST))


@pytest.mark.parametrize("days", [1, 2, 7, 8, 30, 31, 32, 90, 92, 93, 365, 366])
def test_there_is_room_for_the_dates(days: int) -> None:
    for shift in range(0, 366, 13):
        last = LAST + shift * DAY
        marked = day_marks(last - (days - 1) * DAY, last)
        assert 0 < len(marked) <= 9
        assert sum(map(len, marked.values())) <= 60


async def test_it_is_drawn_beside_the_event_loop_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def drawn(_: PictureData, __: Path) -> bytes:
        threads.append(threading.current_thread().name)
        return b"drawn"

    monkeypatch.setattr(chart, "draw", drawn)
    easel = Easel(tmp_path)
    assert await asyncio.gather(*(easel.draw(data(mood(1, 1))) for _ in range(5))) == [b"drawn"] * 5
    assert len(set(threads)) == 1
    assert threading.current_thread().name not in threads


async def test_whoever_waits_too_long_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(chart, "PATIENCE", 0.0)
    monkeypatch.setattr(chart, "draw", lambda *_: free.wait(10) and b"")
    with pytest.raises(TimeoutError):
        await Easel(tmp_path).draw(data(mood(1, 1)))
    free.set()


@pytest.mark.parametrize("why", ["closed", "a file"])
def test_a_folder_that_cannot_be_written_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", "")  # so that what is set meanwhile is undone
    monkeypatch.delenv("MPLCONFIGDIR")
    folder = tmp_path / "home"
    if why == "closed":
        folder.mkdir()
        monkeypatch.setattr("os.access", lambda *_: False)
    else:
        folder.write_text("")
    chart._settle_in(folder / "matplotlib")
    there = Path(os.environ["MPLCONFIGDIR"])
    assert there.is_dir()
    assert there != folder / "matplotlib"
    there.rmdir()


def test_its_folder_is_for_the_bot_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", "")  # so that what is set meanwhile is undone
    monkeypatch.delenv("MPLCONFIGDIR")
    chart._settle_in(tmp_path / "matplotlib")
    assert os.environ["MPLCONFIGDIR"] == str(tmp_path / "matplotlib")
    assert stat.S_IMODE((tmp_path / "matplotlib").stat().st_mode) == 0o700


def test_each_picture_is_the_same_again(tmp_path: Path) -> None:
    shown = data(*(mood(back, 1 + back % 5) for back in range(0, 30, 2)))
    assert draw(shown, tmp_path) == draw(shown, tmp_path)
