"""Logs: one JSON object a line, through a queue, and no words of anybody's, whoever wrote the line."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.logs import LineFormatter, logging_to
from tests.unit.platform.desk import AUTOCOMPLETE, Desk

CANARY = "canary-5d2b"
LIBRARIES = (
    "discord.client", "discord.app_commands.tree", "discord.ui.view", "discord.ui.modal", "discord.gateway",
    "discord.http", "discord.ext.tasks", "discord.ext.commands.bot", "discord.state", "asyncio", "aiohttp.server",
    "asyncpg", "root",
)  # fmt: skip


class Named:
    """Something whose `repr` shows a person's words, as an interaction's or a modal's may."""

    def __repr__(self) -> str:
        return CANARY


def lines(work: Callable[[], None], level: str = "DEBUG") -> list[dict[str, Any]]:
    """Return what the work logs, line by line; all of it, since the end of the block empties the queue."""
    stream = StringIO()
    with logging_to(stream, level):
        work()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(words: str) -> None:
    raise ValueError(words, Named())


def logs_failure(logger: logging.Logger, message: str, *arguments: object) -> Callable[[], None]:
    def work() -> None:
        try:
            fail(CANARY)
        except ValueError:
            logger.exception(message, *arguments)

    return work


def test_a_line_says_when_how_grave_where_and_what() -> None:
    [line] = lines(lambda: logging.getLogger("bot.somewhere").info("server %s has %d members", 7, 3))
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "info", "logger": "bot.somewhere", "message": "server 7 has 3 members"}


def test_every_line_is_there_when_the_block_ends() -> None:
    def work() -> None:
        for number in range(500):
            logging.getLogger("bot.somewhere").info("%d", number)

    assert [line["message"] for line in lines(work)] == [str(number) for number in range(500)]


@pytest.mark.parametrize("name", ["bot.somewhere", "cogs.me.cog", *LIBRARIES])
def test_an_errors_words_are_never_written(name: str) -> None:
    logger = logging.getLogger(name)
    [line] = lines(logs_failure(logger, "it failed"))
    assert CANARY not in json.dumps(line)
    assert line["message"] == "it failed"
    assert line["error"].startswith("ValueError at ")
    assert "test_logs.py" in line["error"]


@pytest.mark.parametrize("name", ["bot.somewhere", *LIBRARIES])
def test_nor_are_they_when_the_error_is_an_argument_or_the_message(name: str) -> None:
    logger = logging.getLogger(name)
    error = ValueError(CANARY)
    said = lines(lambda: logger.warning("it failed: %s", error)) + lines(lambda: logger.warning(error))
    assert len(said) == 2
    assert CANARY not in json.dumps(said)


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_a_library_may_say_its_own_words_and_numbers_alone(name: str, level: str) -> None:
    logger = logging.getLogger(name)

    def work() -> None:
        logger.debug("received %s", CANARY)
        logger.info("%s waits %.2f seconds in shard %d", Named(), 1.5, 2)
        logger.error("Ignoring exception in modal %r:", Named())
        logger.error("%(what)r happened", {"what": Named()})

    said = lines(work, level)
    assert CANARY not in json.dumps(said)
    assert [line["message"] for line in said] == [
        "… waits 1.50 seconds in shard 2",
        "Ignoring exception in modal …:",
        "… happened",
    ]


@pytest.mark.parametrize("name", ["bot.somewhere", "discord.client"])
def test_data_that_does_not_fit_its_template_is_left_out(name: str) -> None:
    record = logging.LogRecord(name, logging.ERROR, "", 1, "it is %d", (Named(),), None)
    line = json.loads(LineFormatter().format(record))
    assert line["message"] == "it is %d"


async def test_an_error_that_nobody_fetched_says_no_words() -> None:
    stream = StringIO()
    with logging_to(stream):
        loop = asyncio.get_running_loop()
        error = ValueError(CANARY)
        future = loop.create_future()
        for message in (f"Exception in callback work({CANARY!r})", "Task exception was never retrieved"):
            loop.default_exception_handler({"message": message, "exception": error, "future": future})
        future.cancel()
    said = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert CANARY not in stream.getvalue()
    assert [line["message"] for line in said] == [
        "Exception in callback work",
        "Task exception was never retrieved",
    ]
    assert all(line["error"].startswith("ValueError") for line in said)


async def test_suggestions_that_fail_leave_a_trace_without_words(desk: Desk) -> None:
    tree = app_commands.CommandTree(desk.client)

    @tree.command(name="read", description="Read")
    async def read(interaction: discord.Interaction, title: str) -> None:
        """Never runs."""

    @read.autocomplete("title")
    async def titles(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        raise ValueError(current)

    stream = StringIO()
    option = {"name": "title", "type": 3, "value": CANARY, "focused": True}
    with logging_to(stream):
        await tree._call(desk.interaction(AUTOCOMPLETE, {"id": "1", "name": "read", "type": 1, "options": [option]}))
    assert CANARY not in stream.getvalue()
    [line] = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert (line["level"], line["logger"]) == ("error", "discord.app_commands.tree")
    assert "ValueError at unit/platform/test_logs.py" in line["error"]


def test_another_handler_of_the_process_still_sees_the_record_as_it_was() -> None:
    seen: list[logging.LogRecord] = []

    class Other(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record)

    other = Other()
    root = logging.getLogger()

    def work() -> None:
        root.addHandler(other)
        logs_failure(logging.getLogger("bot.somewhere"), "it failed %s", 7)()

    try:
        lines(work)
    finally:
        root.removeHandler(other)
    [record] = seen
    assert record.exc_info is not None
    assert record.getMessage() == "it failed 7"


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_the_level_counts_and_all_is_as_before_afterwards(level: str) -> None:
    logger = logging.getLogger("bot.somewhere")
    root, libraries = logging.getLogger(), [logging.getLogger(name) for name in LIBRARIES]
    before = [root.level, list(root.handlers), *(library.level for library in libraries)]

    def work() -> None:
        for grade in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            logger.log(grade, "here")

    said = [line["level"].upper() for line in lines(work, level)]
    every = ["DEBUG", "INFO", "WARNING", "ERROR"]
    assert said == every[every.index(level) :]
    assert [root.level, list(root.handlers), *(library.level for library in libraries)] == before


def test_a_line_stays_one_line() -> None:
    def work() -> None:
        logging.getLogger("bot.somewhere").info("first\nsecond", stack_info=True)

    [line] = lines(work)
    assert line["message"] == "first\nsecond"


def test_without_a_stream_it_is_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with logging_to():
        logging.getLogger("bot.somewhere").warning("here")
    assert json.loads(stream.getvalue())["message"] == "here"
