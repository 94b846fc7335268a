"""Logs: through a queue, so that a slow disk or pipe never holds the event loop; ids only, never words or names."""

import json
import logging
import logging.handlers
import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from bot.discordkit.error_path import describe

# discord.py logs the whole text of a failed handler or an unknown payload; what we need of it we log ourselves.
_QUIET = ("discord.client", "discord.app_commands.tree", "discord.ui.view", "discord.ui.modal")


class LineFormatter(logging.Formatter):
    """One JSON object a line: when, how grave, where, what. An exception is told by its kind and places alone."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class _ThroughQueue(logging.handlers.QueueHandler):
    """Formats before queueing: the record must not carry an exception's words to another place."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        record.msg = self.format(record)
        record.args = None
        record.exc_info = None
        record.exc_text = None
        return record


@contextmanager
def logging_to(stream: TextIO | None = None, level: str = "INFO") -> Iterator[None]:
    """Send the log of this process to `stream` (standard error by default) until the block ends."""
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    entrance = _ThroughQueue(lines)
    entrance.setFormatter(LineFormatter())
    exit_ = logging.StreamHandler(stream or sys.stderr)
    listener = logging.handlers.QueueListener(lines, exit_)
    root = logging.getLogger()
    before = root.level
    root.addHandler(entrance)
    root.setLevel(level)
    quiet = {name: logging.getLogger(name).level for name in _QUIET}
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # At DEBUG discord.py writes whole payloads, people's words included.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelName(level)))
    listener.start()
    try:
        yield
    finally:
        listener.stop()
        root.removeHandler(entrance)
        root.setLevel(before)
        for name, earlier in quiet.items():
            logging.getLogger(name).setLevel(earlier)
