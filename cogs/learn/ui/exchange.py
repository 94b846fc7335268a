"""What an import and an export look like: counts, every fault with its place, files to keep."""

from collections.abc import Iterable

from discord.utils import escape_markdown, escape_mentions

from bot.content.exchange import BundleFault, Place
from bot.discordkit import CAREFUL, Block, Download, Panel, Text
from bot.text import t
from cogs.learn.service import GivenOut, TakenIn
from cogs.learn.ui.lists import clip

# Faults in one message, and their characters: the rest stands in a file.
_MOST_FAULTS, _FAULTS_ROOM = 10, 3000
# Faults in the file beside it: nobody mends more at once, and Discord takes no file of many megabytes.
_MOST_LISTED = 1000
# Characters of what somebody wrote, shown back; the name of a file may be longer.
_SHOWN_WORDS, _SHOWN_NAME = 80, 120


def taken_in_panel(done: TakenIn) -> Panel:
    """Draw what came of an import."""
    counts = (("new", done.new), ("changed", done.changed), ("retired", done.retired), ("same", done.same))
    lines = "\n".join(f"- {t(f'library.import.{kind}', count=count)}" for kind, count in counts if count)
    heading = "library.import.heading" if done.new or done.changed else "library.import.nothing_new"
    blocks: list[Block] = [Text(f"{t(heading)}\n{lines}")]
    if done.before:
        blocks += (Text(t("library.import.before")), *_downloads(done.before))
    return Panel((*blocks, Text(t("library.import.look"))))


def faults_panel(faults: tuple[BundleFault, ...]) -> Panel:
    """Draw that nothing was changed, and why; where there is much to mend, all of it stands in a file as well."""
    lines: list[str] = []
    for fault in faults[:_MOST_FAULTS]:
        line = t("library.import.fault_line", place=_escaped(_place(fault.place)), sentence=_sentence(fault, safe=True))
        if sum(map(len, lines)) + len(line) > _FAULTS_ROOM:
            break
        lines.append(line)
    blocks: list[Block] = [Text(t("library.import.faults", count=len(faults))), Text("\n".join(lines))]
    if rest := min(len(faults), _MOST_LISTED) - len(lines):
        blocks += (Text(t("library.import.rest", count=rest)), Download("to-mend.txt", _list(faults).encode()))
    return Panel(tuple(blocks), CAREFUL)


def _list(faults: tuple[BundleFault, ...]) -> str:
    lines = [f"{_place(fault.place)}: {_sentence(fault, safe=False)}" for fault in faults[:_MOST_LISTED]]
    if more := len(faults) - len(lines):
        lines.append(t("library.import.unlisted", count=more))
    return "\n".join(lines)


def _place(place: Place) -> str:
    file = clip(" ".join(place.file.split()), _SHOWN_NAME)
    match place:
        case Place(file="", line=0, reading=0):
            return t("library.import.at.whole")
        case Place(file="", reading=0):
            return t("library.import.at.bare_line", line=place.line)
        case Place(file="", field=""):
            return t("library.import.at.reading", reading=place.reading)
        case Place(file=""):
            return t("library.import.at.field", reading=place.reading, field=clip(place.field, _SHOWN_NAME))
        case Place(line=0):
            return t("library.import.at.file", file=file)
        case _:
            return t("library.import.at.line", file=file, line=place.line)


def _sentence(fault: BundleFault, *, safe: bool) -> str:
    """What is wrong; `safe` where the words of the file could be read as markdown."""
    data = dict(fault.data)
    if "words" in data:
        words = clip(" ".join(str(data["words"]).split()), _SHOWN_WORDS)
        data["words"] = _escaped(words) if safe else words
    if "part" in data:
        data["part"] = t(f"library.part.{data['part']}")
    if fault.other is not None:
        data["other"] = _escaped(_place(fault.other)) if safe else _place(fault.other)
    return t(fault.key, **data)


def _escaped(words: str) -> str:
    return escape_mentions(escape_markdown(words))


def given_out_panel(given: GivenOut) -> Panel:
    """Draw the group's own readings as files."""
    lines = [t("library.export.how")]
    if given.retired:
        lines.append(t("library.export.retired", count=given.retired))
    if len(given.files) > 1:
        lines.append(t("library.export.parts"))
    heading = t("library.export.heading", count=given.count)
    return Panel((Text(f"{heading}\n" + "\n".join(lines)), *_downloads(given.files)))


def _downloads(files: Iterable[tuple[str, bytes]]) -> tuple[Download, ...]:
    return tuple(Download(name, content) for name, content in files)
