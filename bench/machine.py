"""What this machine tells about a process: CPU time, resident memory, cores. Linux only (`/proc`)."""

from __future__ import annotations

import os
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """CPU time a process has used so far, user and system, in steps of 10 ms (proc(5), fields 14 and 15 of `stat`)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process now, in megabytes of a million bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError(f"process {pid} has no memory any more")


def pin_apart() -> tuple[set[int], set[int]] | None:
    """Keeps this process to the last allowed core; returns the cores for it and for the bots.

    None where there is one core only: then both share it, and the figures say less.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return None
    mine, theirs = {cores[-1]}, {cores[0]}
    os.sched_setaffinity(0, mine)
    return mine, theirs
