"""Starting and stopping: as a function, and as the command a person types."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest

from bot.errors import EXIT_OK, EXIT_SETTINGS, EXIT_UNEXPECTED
from rehearsal.run import FIRST_EVENING, play_text, serve_page
from rehearsal.script import parse_script
from tests.rehearsal.standin import StandInEngine

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+/")
PATIENCE = 60  # seconds for the real bot to start on a busy machine


async def test_a_scenario_that_goes_as_written_ends_well(
    engine: StandInEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await play_text("as robin in #lounge: /panel", Path("x.txt"), engine) == EXIT_OK
    told = capsys.readouterr().out
    assert "18:00  Robin, in #lounge: /panel" in told
    assert told.endswith("All 2 steps went as written.\n")


@pytest.mark.parametrize("text", ["\ndance", '\nas robin in #lounge: press "Nothing"'])
async def test_a_scenario_that_fails_names_its_line(
    engine: StandInEngine, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert await play_text(text, Path("x.txt"), engine) == EXIT_UNEXPECTED
    assert "x.txt, line 2: " in capsys.readouterr().out


def test_the_shipped_scenario_can_be_read() -> None:
    assert len(parse_script(FIRST_EVENING.read_text(encoding="utf-8")).lines) > 20


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_the_page(
    engine: StandInEngine, capsys: pytest.CaptureFixture[str], sign: signal.Signals
) -> None:
    serving = asyncio.create_task(serve_page(lambda: engine, None, open_browser=False))
    told = ""
    while not ADDRESS.search(told):
        await asyncio.sleep(0)
        told += capsys.readouterr().out
    assert "Ctrl+C" in told + capsys.readouterr().out
    os.kill(os.getpid(), sign)
    assert await serving == EXIT_OK
    assert engine.open_bots == 0


@asynccontextmanager
async def _started(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the command itself with its temporary files in `folder` and a host's settings that must not matter."""
    environment = {
        **os.environ,
        "TMPDIR": str(folder),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "DISCORD_API_URL": "http://127.0.0.1:1/api/v10",
        "DISCORD_TOKEN": "not-a-token",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "rehearse", "--no-browser", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_command_serves_the_real_bot_and_leaves_nothing(tmp_path: Path) -> None:
    async with _started(tmp_path) as process:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        found = ADDRESS.search(line)
        assert found, line
        async with aiohttp.ClientSession() as session, session.get(found.group() + "state?person=robin") as answer:
            assert answer.status == HTTPStatus.OK
            assert (await answer.json())["group"] == "Harbour Lights"
        process.send_signal(signal.SIGINT)
        _out, told = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == EXIT_OK, told.decode()
    assert told == b""
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - in a coroutine, pathlib is asked for asynchronously


async def test_the_command_says_plainly_that_a_port_is_taken(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, _started(tmp_path, "--port", str(port)) as process:
        _out, told = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == EXIT_SETTINGS
    assert told.decode().strip() == f"Port {port} can't be used here: choose another with --port."


CHECK_INS = ("--script", str(FIRST_EVENING.with_name("check-ins.txt")))


@pytest.mark.parametrize("script", [(), CHECK_INS], ids=["the first evening", "check-ins"])
async def test_the_shipped_scenarios_go_as_written(tmp_path: Path, script: tuple[str, ...]) -> None:
    async with _started(tmp_path, "--headless", *script) as process:
        told, wrong = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == EXIT_OK, told.decode()[-3000:] + wrong.decode()
