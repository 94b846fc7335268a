"""Reads a written scenario; the format is described in `scripts/README.md`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rehearsal.script.steps import (
    Advance,
    Become,
    Choose,
    Clear,
    Command,
    Expect,
    Fill,
    Line,
    Place,
    Press,
    Restart,
    Say,
    Scene,
    Send,
    Step,
    Value,
)

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([:,=])|([^\s",:=]+))')
_OPTION = re.compile(r'\s*([a-z0-9_-]+):(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_WORDS = re.compile(r"/([a-z0-9_-]+(?:\s+[a-z0-9_-]+(?![a-z0-9_-]*:))*)")
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_EXPECTED = ("private", "public", "dm", "form", "button", "channel")


class ScriptError(Exception):
    """A line of a scenario can't be read, can't be done, or brought something else than it expects."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


class _LineError(Exception):
    """A sentence on what is wrong with a line."""


@dataclass
class Script:
    """A scenario: how its world begins, and its steps."""

    ready: bool = True
    start: datetime | None = None  # on the group's wall clock, without a zone
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quoted: bool


class _Words:
    """The tokens of one line, taken from the left."""

    def __init__(self, text: str) -> None:
        self._tokens: list[_Token] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise _LineError("a quotation mark is open or stray")
            quoted, sign, word = match.groups()
            token = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else sign or word
            self._tokens.append(_Token(token, quoted is not None))
            position = match.end()

    def __bool__(self) -> bool:
        return bool(self._tokens)

    def take_if(self, word: str) -> bool:
        """Take the next token when it is this unquoted word."""
        if self._tokens and not self._tokens[0].quoted and self._tokens[0].text == word:
            self._tokens.pop(0)
            return True
        return False

    def word(self, wanted: str) -> str:
        """Take an unquoted word; `wanted` names it in the complaint."""
        if not self._tokens or self._tokens[0].quoted:
            raise _LineError(f"{wanted} is missing")
        return self._tokens.pop(0).text

    def text(self, wanted: str) -> str:
        """Take a text in quotation marks."""
        if not self._tokens or not self._tokens[0].quoted:
            raise _LineError(f"{wanted} is missing; it stands in quotation marks")
        return self._tokens.pop(0).text

    def value(self) -> Value:
        """Take a text, `#channel`, `@name`, or a bare word."""
        if not self._tokens:
            raise _LineError("a value is missing")
        token = self._tokens.pop(0)
        return Value("text", token.text) if token.quoted else _value(token.text)

    def values(self) -> tuple[Value, ...]:
        """Take one value or several with commas between them."""
        found = [self.value()]
        while self.take_if(","):
            found.append(self.value())
        return tuple(found)

    def place(self) -> Place:
        """Take `#channel`, `dm`, or `thread "name"`."""
        word = self.word("a place")
        if word == "dm":
            return Place("dm")
        if word == "thread":
            return Place("thread", self.text("the thread's name"))
        if word.startswith("#") and len(word) > 1:
            return Place("channel", word[1:])
        raise _LineError(f'“{word}” is no place: write #channel, dm, or thread "name"')

    def end(self) -> None:
        if self._tokens:
            raise _LineError(f"“{self._tokens[0].text}” is too much on this line")


def parse_script(text: str) -> Script:
    """Read a scenario. Raises `ScriptError` with the number of the first line that can't be read."""
    script = Script()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            if not _read_heading(line, script):
                script.lines.extend(Line(number, step) for step in _read_steps(line))
        except _LineError as wrong:
            raise ScriptError(number, str(wrong)) from None
    return script


def _read_heading(line: str, script: Script) -> bool:
    verb, _, rest = line.partition(" ")
    if verb not in ("begin", "at"):
        return False
    if script.lines:
        raise _LineError(f"“{verb}” belongs above the first step")
    if verb == "begin":
        if rest not in ("ready", "empty"):
            raise _LineError("begin ready, or begin empty")
        script.ready = rest == "ready"
        return True
    try:
        script.start = datetime.strptime(rest, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the group's zone is added later
    except ValueError:
        raise _LineError("a moment looks like 2026-11-23 18:00") from None
    return True


def _read_steps(line: str) -> list[Step]:
    if not line.startswith("as "):
        return [_read_action(line)]
    who, colon, action = _split_speaker(line)
    words = _Words(who)
    words.take_if("as")
    person = words.word("a name")
    place = words.place() if words.take_if("in") else None
    words.end()
    steps: list[Step] = [Become(person, place)]
    if colon:
        if not action:
            raise _LineError("nothing stands after the colon")
        steps.append(_read_action(action))
    return steps


def _split_speaker(line: str) -> tuple[str, str, str]:
    """Cut `as robin in #lounge: ...` at its first colon outside quotation marks."""
    quoted = False
    for position, sign in enumerate(line):
        quoted ^= sign == '"'
        if sign == ":" and not quoted:
            return line[:position], ":", line[position + 1 :].strip()
    return line, "", ""


def _read_action(line: str) -> Step:
    if line.startswith("/"):
        return _read_command(line)
    verb, _, rest = line.partition(" ")
    reader = _READERS.get(verb)
    if reader is None:
        raise _LineError(f"“{verb}” is no step; the steps are {', '.join(sorted(_READERS))} and /commands")
    words = _Words(rest)
    step = reader(words)
    words.end()
    return step


def _read_command(line: str) -> Command:
    match = _WORDS.match(line)
    if match is None:
        raise _LineError('a command looks like /learn read snippet:"a title"')
    options: list[tuple[str, Value]] = []
    position, end = match.end(), len(line.rstrip())
    while position < end:
        option = _OPTION.match(line, position)
        if option is None:
            raise _LineError(f"“{line[position:].strip()}” is no option; one looks like name:value")
        name, quoted, bare = option.groups()
        options.append((name, Value("text", quoted) if quoted is not None else _value(bare)))
        position = option.end()
    return Command(" ".join(match.group(1).split()), tuple(options))


def _value(word: str) -> Value:
    if word.startswith("#") and len(word) > 1:
        return Value("channel", word[1:])
    if word.startswith("@") and len(word) > 1:
        return Value("mention", word[1:])
    return Value("text", word)


def _read_choose(words: _Words) -> Choose:
    values = words.values()
    return Choose(values, words.text("the list's hint") if words.take_if("from") else "")


def _read_fill(words: _Words) -> Fill:
    label = words.text("the field's label")
    if not words.take_if("="):
        raise _LineError('write fill "label" = "value"')
    return Fill(label, words.values())


def _read_advance(words: _Words) -> Advance:
    if words.take_if("to"):
        if words.word("morning") != "morning":
            raise _LineError("advance to morning, or advance 3 hours")
        return Advance(None)
    return Advance(_read_span(words))


def _read_restart(words: _Words) -> Restart:
    return Restart(_read_span(words)) if words.take_if("after") else Restart()


def _read_span(words: _Words) -> timedelta:
    amount, unit = words.word("a number"), words.word("a unit").removesuffix("s")
    if not amount.isdecimal() or unit not in _UNITS:
        raise _LineError("write a number of minutes, hours, days or weeks")
    return int(amount) * _UNITS[unit]


def _read_expect(words: _Words) -> Expect:
    absent = words.take_if("no")
    what = words.word("what to expect")
    if what not in _EXPECTED:
        raise _LineError(f"“{what}” can't be expected; what can: {', '.join(_EXPECTED)}")
    if what == "channel":
        return Expect(what, words.place().name, absent=absent)
    text = words.text("the text to expect")
    return Expect(what, text, words.place() if words.take_if("in") else None, absent)


_READERS: dict[str, Callable[[_Words], Step]] = {
    "scene": lambda words: Scene(words.text("the scene's title")),
    "say": lambda words: Say(words.text("what to say")),
    "press": lambda words: Press(words.text("the button's label")),
    "choose": _read_choose,
    "fill": _read_fill,
    "clear": lambda words: Clear(words.text("the field's label")),
    "send": lambda _words: Send(),
    "advance": _read_advance,
    "restart": _read_restart,
    "expect": _read_expect,
}
