"""Logs: through a queue, so that a slow disk or pipe never holds the event loop; ids only, never words or names."""

import copy
import json
import logging
import logging.handlers
import queue
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.discordkit.error_path import describe

# Packages whose messages we write ourselves. A library's message can hold what it worked on: a payload, the arguments
# of a callback, the text of an error.
_OURS = frozenset({"bot", "cogs", "rehearsal"})
# Where a library's finished message may stop being its own: before anything quoted, called or represented.
_NOT_ITS_OWN = re.compile(r"[\n<({\[\"'`:=]")


class LineFormatter(logging.Formatter):
    """One JSON object a line: when, how grave, where, what. An exception is told by its kind and places alone."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _own_message(record) if _is_ours(record) else _library_message(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class _LeftOut:
    """Stands for what is not written, however the template would have shown it."""

    def __repr__(self) -> str:
        return "…"


_LEFT_OUT = _LeftOut()


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _OURS


def _own_message(record: logging.LogRecord) -> str:
    """Our own words with their data; an exception among the data is told by its kind alone."""
    return _filled(record.msg, record.args, lambda value: type(value).__name__ if _is_error(value) else value)


def _library_message(record: logging.LogRecord) -> str:
    """The constant part of a library's message, and of its data the numbers alone."""
    if record.args or _is_error(record.msg):
        return _filled(record.msg, record.args, lambda value: value if isinstance(value, int | float) else _LEFT_OUT)
    return _NOT_ITS_OWN.split(str(record.msg), maxsplit=1)[0].rstrip()


def _filled(template: object, data: Any, shown: Any) -> str:
    if _is_error(template):
        return type(template).__name__
    if not data:
        return str(template)
    values = {name: shown(value) for name, value in data.items()} if isinstance(data, Mapping) else None
    try:
        return str(template) % (tuple(shown(value) for value in data) if values is None else values)
    except (TypeError, ValueError, KeyError):  # `%d` of something left out: the template says enough
        return str(template)


def _is_error(value: object) -> bool:
    return isinstance(value, BaseException)


def _worth_a_line(record: logging.LogRecord) -> bool:
    """At DEBUG libraries write whole payloads and statements: nothing of that is taken in."""
    return _is_ours(record) or record.levelno >= logging.INFO


class _ThroughQueue(logging.handlers.QueueHandler):
    """Formats before queueing: the record must not carry an exception's words to another place."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        line = copy.copy(record)  # other handlers of the process may still want the record as it was
        line.msg = self.format(record)
        line.args = line.exc_info = line.exc_text = line.stack_info = None
        return line


@contextmanager
def logging_to(stream: TextIO | None = None, level: str = "INFO") -> Iterator[None]:
    """Send the log of this process to `stream` (standard error by default) until the block ends."""
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    entrance = _ThroughQueue(lines)
    entrance.setFormatter(LineFormatter())
    entrance.addFilter(_worth_a_line)
    listener = logging.handlers.QueueListener(lines, logging.StreamHandler(stream or sys.stderr))
    root = logging.getLogger()
    before = root.level
    root.addHandler(entrance)
    root.setLevel(level)
    listener.start()
    try:
        yield
    finally:
        root.removeHandler(entrance)
        root.setLevel(before)
        listener.stop()
