"""`python -m bench [--quick]`: prints how the bot compares with a bare discord.py bot on this machine."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
import time
from pathlib import Path

from bench import history, library, machine, schedules
from bench.contenders import BARE, OURS
from bench.report import lines, table
from bench.rounds import QUICK, Plan, measure


def main() -> None:
    """Measures and prints; takes up to ten minutes, with `--quick` about one."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny counts: shows that it works, measures nothing")
    quick = parser.parse_args().quick
    plan = QUICK if quick else Plan()
    pinned = machine.pin_apart()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
        figures = asyncio.run(measure((BARE, OURS), plan, Path(folder), pinned[1] if pinned else None))
    bare, ours = figures[BARE.name], figures[OURS.name]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {_where(pinned)}")
    print(f"{len(ours.alone)} answers one at a time, {len(ours.together)} answers {plan.at_once} at a time, each bot")
    print(table(lines(bare, ours, plan)))
    print(library.measure())
    print(library.shelves())
    print(history.measure(quick=quick))
    print(schedules.measure(quick=quick, cores=pinned[1] if pinned else None))
    print(f"rows written: {bare.rows} and {ours.rows}; measured in {time.monotonic() - began:.0f} s")


def _where(pinned: tuple[set[int], set[int]] | None) -> str:
    if pinned is None:
        return "everything on one core"
    return f"bots on core {min(pinned[1])}, Discord and load on core {min(pinned[0])}"


if __name__ == "__main__":
    main()
