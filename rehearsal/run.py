"""Runs a rehearsal: the page for a person, or a written scenario for a terminal."""

import asyncio
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path

from bot.errors import EXIT_OK, EXIT_SETTINGS, EXIT_UNEXPECTED, StartError
from rehearsal.engine import Engine
from rehearsal.group import group_zone
from rehearsal.lobby import House, serving
from rehearsal.real import EvenkeelEngine
from rehearsal.script import ScriptError, parse_script, play

FIRST_EVENING = Path(__file__).with_name("scripts") / "first-evening.txt"


def main(
    port: int | None = None,
    *,
    headless: bool = False,
    script: Path | None = None,
    open_browser: bool = True,
) -> int:
    """Serve the rehearsal's page until Ctrl+C, or play a scenario; return the exit code.

    Headless, the scenario is `script`, or the shipped first evening without one. A scenario that fails ends with
    code 1 and names its line. The database is a fresh temporary folder that goes when the rehearsal ends. Raises
    `StartError` for a scenario or a port that can't be used.
    """
    with tempfile.TemporaryDirectory(prefix="evenkeel-rehearsal-") as folder:
        if headless or script is not None:
            path = script or FIRST_EVENING
            return asyncio.run(play_text(_text_of(path), path, EvenkeelEngine(Path(folder))))
        fresh = _fresh_folders(Path(folder))
        return asyncio.run(serve_page(lambda: EvenkeelEngine(fresh()), port, open_browser=open_browser))


async def play_text(text: str, path: Path, engine: Engine) -> int:
    """Play the scenario of this file and print its transcript; return the exit code."""
    try:
        steps = await play(parse_script(text), engine, _say, group_zone())
    except ScriptError as fault:
        _say("")
        _say(f"{path}, line {fault.line}: {fault.sentence}")
        return EXIT_UNEXPECTED
    _say("")
    _say(f"All {steps} steps went as written.")
    return EXIT_OK


async def serve_page(engines: Callable[[], Engine], port: int | None, *, open_browser: bool) -> int:
    """Serve the page until a signal ends it. Raises `StartError` where the port is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    house = House(engines)
    try:
        await house.begin(ready=True)
        async with serving(house, port) as address:
            _say(f"The rehearsal is open at {address.url}")
            _say("Stop it with Ctrl+C. Nothing of it is kept.")
            if open_browser and _has_screen():
                await asyncio.to_thread(webbrowser.open, address.url)
            await stop.wait()
    finally:
        await house.close()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(sign)
    return EXIT_OK


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"The scenario {path} can't be read as a text file.", EXIT_SETTINGS) from error


def _fresh_folders(parent: Path) -> Callable[[], Path]:
    """Return what makes a new, empty folder each time: every beginning has a database of its own."""

    def fresh() -> Path:
        return Path(tempfile.mkdtemp(dir=parent))

    return fresh


def _has_screen() -> bool:
    """Whether a browser can show; without a screen, Linux would open a text browser in the terminal."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
