"""Shared or alone, across processes, and free again whatever happened."""

import asyncio
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.filelock import FileLock, LockHeldError


def test_shared_with_shared_alone_with_nobody(tmp_path: Path) -> None:
    path = tmp_path / "evenkeel.db"
    first, second = FileLock(path), FileLock(path)
    first.take(alone=False)
    second.take(alone=False)
    with pytest.raises(LockHeldError):
        FileLock(path).take(alone=True)
    first.release()
    first.release()
    second.release()
    with FileLock(path).held(alone=True):
        for alone in (True, False):
            with pytest.raises(LockHeldError):
                FileLock(path).take(alone=alone)
    FileLock(path).take(alone=True)


def test_a_file_system_without_locks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(descriptor: int, mode: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    lock = FileLock(tmp_path / "evenkeel.db")
    with monkeypatch.context() as patched:
        patched.setattr("bot.storage.filelock.fcntl.flock", none)
        with pytest.raises(OSError, match="No locks available"):
            lock.take(alone=True)
    lock.take(alone=True)
    lock.release()


def test_an_exception_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "evenkeel.db"
    with pytest.raises(ZeroDivisionError), FileLock(path).held(alone=True):
        _ = 1 / 0
    with FileLock(path).held(alone=True):
        pass


def test_waiting_ends_when_the_other_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "evenkeel.db"
    holder, waiter = FileLock(path), FileLock(path)
    holder.take(alone=True)
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            holder.release()

    monkeypatch.setattr("bot.storage.filelock.time.sleep", nap)
    waiter.take(alone=True, wait=30.0)
    assert len(naps) == 3
    waiter.release()


async def test_another_process_holds_it_until_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "evenkeel.db"
    hold = (
        "import sys, pathlib\n"
        "from bot.storage.filelock import FileLock\n"
        "FileLock(pathlib.Path(sys.argv[1])).take(alone=False)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", hold, str(path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"held\n"
    with pytest.raises(LockHeldError):
        FileLock(path).take(alone=True)
    child.kill()
    await child.communicate()
    with FileLock(path).held(alone=True):
        pass
