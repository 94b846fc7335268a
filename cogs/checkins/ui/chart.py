"""The picture of somebody's history: mood, sleep and urge over time, one small panel each, on one axis of days.

It is read on a phone, at night: it brings its own dark ground, which stands out of Discord's dark and light alike, and
large letters. Nothing is told by colour alone: each measure has a panel, a name and a mark of its own. The colours are
Okabe and Ito's, which colour-blind people can tell apart (Color Universal Design, 2008); every one has a contrast of
at least 4.5 to the ground (WCAG 2.2, 1.4.3 and 1.4.11; a test computes it).

matplotlib is imported by the first picture, on the drawing thread: half a second that nobody else waits for.
"""

import asyncio
import math
import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bot.content import Role
from bot.text import t
from cogs.checkins.service.picture import Line, PictureData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

GROUND, PAPER, INK, GRID, REST = "#171B22", "#1F252E", "#E6EAF0", "#3A4350", "#9AA4B2"
"""Behind everything, behind a panel, letters, lines to read along, and the strip of days of rest."""

PATIENCE = 20.0
"""Seconds that a picture may take, waiting for others included; whoever asked gets the list without it."""

_DPI = 100
_WIDTH, _PANEL, _GAP, _TOP, _BOTTOM, _NOTE = 1000, 150, 62, 58, 52, 40
_LEFT, _RIGHT = 190, 46
_LETTERS, _NAMES = 15.0, 17.0  # points; a phone shows the picture at about two fifths of its size


_SIZES = ((31, (11.0, 2.0)), (92, (8.0, 1.5)), (10_000, (5.5, 1.0)))
"""Points of a mark and of a line, by how crowded it is: for so many days at most, or a third as many answers."""


class _Style(NamedTuple):
    colour: str
    mark: str


STYLES: Mapping[Role, _Style] = MappingProxyType(
    {"mood": _Style("#56B4E9", "o"), "sleep": _Style("#F0E442", "s"), "urge": _Style("#E69F00", "^")}
)
_TICKS: Mapping[Role, tuple[int, ...]] = MappingProxyType(
    {"mood": (1, 2, 3, 4, 5), "sleep": (1, 2, 3, 4, 5), "urge": (0, 5, 10)}
)


class Easel:
    """Draws pictures one after the other on a thread of its own: matplotlib serves one thread at a time.

    `folder` is where it may keep its list of fonts; the home of whoever runs the bot may be read-only or missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread: ThreadPoolExecutor | None = None

    async def draw(self, data: PictureData) -> bytes:
        """Return the picture as PNG. Raises `TimeoutError` after `PATIENCE`."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="evenkeel-picture")
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(self._thread, draw, data, self._folder)


def draw(data: PictureData, folder: Path) -> bytes:
    """Draw the picture: 1,000 pixels wide, about 210 high for each measure. Not for the event loop."""
    _settle_in(folder)
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - see above
    from matplotlib.figure import Figure  # noqa: PLC0415

    count = len(data.lines)
    note = _NOTE if data.resting else 0
    height = _TOP + count * _PANEL + (count - 1) * _GAP + _BOTTOM + note
    figure = Figure(figsize=(_WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    font = _font()
    for place, line in enumerate(data.lines):
        bottom = height - _TOP - (place + 1) * _PANEL - place * _GAP
        frame = (_LEFT / _WIDTH, bottom / height, (_WIDTH - _LEFT - _RIGHT) / _WIDTH, _PANEL / height)
        axes = figure.add_axes(frame, facecolor=PAPER)
        _panel(axes, data, line, font, dates=place == count - 1)
        _name(figure, line, font, (bottom + _PANEL + 28) / height)
    if note:
        _legend(figure, font, note / 2 / height)
    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI)
    return drawn.getvalue()


def _settle_in(folder: Path) -> None:
    """Tell matplotlib, before it is imported, where it may write."""
    if "MPLCONFIGDIR" not in os.environ:
        place = folder
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            place = Path(tempfile.mkdtemp(prefix="evenkeel-"))
        os.environ["MPLCONFIGDIR"] = str(place)


def _font() -> "FontProperties":
    """The letters that come with matplotlib, whatever else the machine has."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    return FontProperties(fname=Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", size=_LETTERS)


def _panel(axes: "Axes", data: PictureData, line: Line, font: "FontProperties", *, dates: bool) -> None:
    low, high = line.scale
    room = (high - low) * 0.14
    axes.set_xlim(-0.6, data.length - 0.4)
    axes.set_ylim(low - room, high + room)
    for side in axes.spines.values():
        side.set_visible(False)
    ticks = _TICKS[line.role]
    axes.set_yticks(
        ticks, [t(f"checkin_history.scale.{line.role}.{tick}") for tick in ticks], color=INK, fontproperties=font
    )
    axes.tick_params(length=0, pad=10)
    axes.hlines(ticks, -0.6, data.length - 0.4, color=GRID, linewidth=1, zorder=1)
    _days(axes, data, font, shown=dates)
    _rests(axes, data, low - room)
    _curve(axes, data, line, STYLES[line.role])


def _name(figure: "Figure", line: Line, font: "FontProperties", across: float) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415

    style, large = STYLES[line.role], font.copy()
    large.set_size(_NAMES)
    figure.add_artist(Line2D([0.03], [across], color=style.colour, marker=style.mark, markersize=13))
    name = t(f"checkin_history.measure.{line.role}")
    figure.text(0.05, across, name, color=style.colour, fontproperties=large, va="center_baseline")


def _curve(axes: "Axes", data: PictureData, line: Line, style: _Style) -> None:
    """Draw a mark for each day, and a line from one day to the next day only: what isn't a number breaks it."""
    crowd = min(data.length, 3 * len(line.days))
    size, weight = next(looks for most, looks in _SIZES if crowd <= most)
    across: list[float] = []
    numbers: list[float] = []
    for stretch in line.stretches():
        across += ((day - data.first).days for day in stretch)
        numbers += (line.days[day].last for day in stretch)
        across.append(math.nan)
        numbers.append(math.nan)
    axes.plot(
        across, numbers, color=style.colour, linewidth=weight, zorder=4, clip_on=False,
        marker=style.mark, markersize=size, markeredgecolor=PAPER, markeredgewidth=weight - 1,
    )  # fmt: skip
    wide = [(day, one) for day, one in line.days.items() if one.lowest < one.highest]
    axes.vlines(
        [(day - data.first).days for day, _ in wide], [one.lowest for _, one in wide],
        [one.highest for _, one in wide], color=style.colour, linewidth=weight * 2, zorder=3,
    )  # fmt: skip


def _rests(axes: "Axes", data: PictureData, floor: float) -> None:
    for first, last in data.rests():
        start, end = (first - data.first).days - 0.5, (last - data.first).days + 0.5
        axes.axvspan(start, end, color=GRID, alpha=0.5, linewidth=0, zorder=0)
        axes.hlines(floor, start, end, color=REST, linewidth=7, zorder=2)


def _days(axes: "Axes", data: PictureData, font: "FontProperties", *, shown: bool) -> None:
    marked = day_marks(data.first, data.last)
    places = [(day - data.first).days for day in marked]
    axes.vlines(places, *axes.get_ylim(), color=GRID, linewidth=1, zorder=1)
    axes.set_xticks(places, list(marked.values()) if shown else [""] * len(places), color=INK, fontproperties=font)


def _legend(figure: "Figure", font: "FontProperties", across: float) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415

    left = _LEFT / _WIDTH
    figure.add_artist(Line2D([left, left + 0.04], [across, across], color=REST, linewidth=7, solid_capstyle="butt"))
    words = t("checkin_history.picture.resting")
    figure.text(left + 0.055, across, words, color=INK, fontproperties=font, va="center_baseline")


def day_marks(first: date, last: date) -> dict[date, str]:
    """Return the days that carry a date below the picture, at most nine, with what stands there."""
    length = (last - first).days + 1
    if length <= 7:
        return {day: f"{day:%a} {day.day}" for day in _each(first, last, 1)}
    if length <= 31:
        return {day: f"{day.day} {day:%b}" for day in _each(first, last, 5)}
    firsts = [day for day in _each(first, last, 1) if day.day in ((1, 15) if length <= 92 else (1,))]
    if length <= 92:
        return {day: f"{day.day} {day:%b}" for day in firsts}
    return {day: f"{day:%b %Y}" if day.month == 1 else f"{day:%b}" for day in firsts if day.month % 2}


def _each(first: date, last: date, step: int) -> list[date]:
    """Every so manyeth day, counted back from the last."""
    return [last - timedelta(days=back) for back in range(0, (last - first).days + 1, step)][::-1]
