"""All of somebody's check-ins as a file for a spreadsheet: CSV (RFC 4180) in UTF-8 with the mark that Excel looks for.

A cell that a spreadsheet would run as a formula begins with an apostrophe (OWASP, "CSV Injection"): the words are
somebody's own, but a group wrote the questions, and the file may be opened by somebody else.
"""

import csv
import zipfile
from collections.abc import Iterable
from io import BytesIO, StringIO

from bot.discordkit import Download, Panel, Text
from bot.text import t
from cogs.checkins.rules.answers import Given
from cogs.checkins.service.history import Told
from cogs.checkins.ui.history import post_address

LARGEST = 8_000_000
"""Bytes above which the file is packed: Discord takes 10 MiB from a bot."""

_NAME = "check-ins.csv"
_COLUMNS = ("day", "written", "name", "questions", "who", "mood", "sleep", "urge", "marks", "words", "post")
# What a spreadsheet takes for the beginning of a formula; the last four are the wide signs of Asian keyboards.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Sheet:
    """A file in the making, entry by entry."""

    def __init__(self) -> None:
        self.count = 0
        self._text = StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow(t(f"checkin_history.export.{column}") for column in _COLUMNS)

    def add(self, entries: Iterable[Told]) -> None:
        """Write entries below those that are there."""
        for told in entries:
            self.count += 1
            self._writer.writerow(_row(told))

    def file(self) -> Download:
        """Return what was written, packed where it is large."""
        content = self._text.getvalue().encode("utf-8-sig")
        if len(content) <= LARGEST:
            return Download(_NAME, content)
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_NAME, content)
        return Download(f"{_NAME}.zip", packed.getvalue())


def sheet_panel(count: int, file: Download) -> Panel:
    """Draw the file for whoever asked."""
    words = (t("checkin_history.export.heading", count=count), t("checkin_history.export.where"))
    return Panel((*(Text(one) for one in words), file))


def _row(told: Told) -> tuple[str, ...]:
    entry = told.entry
    numbers = (entry.mood, entry.sleep, entry.urge)
    return (
        entry.day.isoformat(),
        told.written_at.isoformat(timespec="seconds"),
        harmless(told.name),
        harmless(told.questions),
        t(f"checkin_form.who.{entry.choice.value}.label"),
        *("" if number is None else str(number) for number in numbers),
        harmless(_answers(one for one in entry.marks if not one.role)),
        harmless(_answers(entry.words or ())),
        post_address(entry),
    )


def _answers(given: Iterable[Given]) -> str:
    return "\n".join(t("checkin_history.line.asked", label=one.label, shown=one.shown) for one in given if one.shown)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(("\t", "\r", "\n")) else cell
