"""The benchmark works: tiny counts, and never a judgement on time."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from pathlib import Path

import pytest

from bench import library
from bench.contenders import BARE, OURS, ROOT
from bench.report import Line, lines, table
from bench.rounds import QUICK, Figures, measure, percentile

PATIENCE = 90.0
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmark reads /proc")


async def test_both_bots_are_measured_alike(tmp_path: Path) -> None:
    plan = dataclasses.replace(QUICK, blocks=1, guilds=3)
    figures = await measure((BARE, OURS), plan, tmp_path, None)
    for found in figures.values():
        assert len(found.alone) == plan.alone
        assert len(found.together) == plan.together
        assert found.rows == plan.users
        assert len(found.starts) == len(found.memory) == len(found.big_memory) == plan.starts
        assert all(seconds > 0 for seconds in found.alone + found.together + found.starts + found.big_starts)
    made = lines(figures[BARE.name], figures[OURS.name], plan)
    assert all(line.ratio > 0 for line in made)
    shown = table(made)
    assert "answer, one at a time, p99" in shown
    assert "memory, 3 servers" in shown


async def test_a_bot_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    broken = dataclasses.replace(BARE, module=("bench.nothing",))
    with pytest.raises(ChildProcessError, match=r"No module named bench\.nothing"):
        await measure((broken,), QUICK, tmp_path, None)


def test_the_library_is_searched() -> None:
    seen = library.measure(readings=20, searches=10)
    assert len(seen.searching) == len(seen.completing) == 10
    assert "search p50" in str(seen)


def test_ratios_and_percentiles() -> None:
    assert Line("memory", "MB", 50.0, 65.0).ratio == pytest.approx(1.3)
    assert Line("answers", "1/s", 1300.0, 1000.0, better_high=True).ratio == pytest.approx(1.3)
    assert percentile([float(number) for number in range(1, 101)], 0.5) == 51
    assert percentile([float(number) for number in range(1, 101)], 0.99) == 100
    assert percentile([7.0], 0.99) == 7


def test_what_is_above_the_aim_is_marked() -> None:
    shown = table([Line("memory", "MB", 10.0, 13.0), Line("start", "s", 1.0, 1.4)])
    assert shown.count("above the aim") == 1
    assert "start" in shown.splitlines()[-1]
    assert Figures().rows == 0


async def test_its_command_explains_itself() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench", "--help", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert b"--quick" in said
