"""The locks beside a SQLite file: whoever has it open shares one, whoever rebuilds it holds that one alone.

The bot that serves from the file holds a second one, and other work on the file leaves that one be.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL_SECONDS = 0.02
IN_USE = ".lock"
ONE_BOT = ".run.lock"


class LockHeldError(Exception):
    """Another process (or another part of this one) holds the lock."""


class FileLock:
    """An advisory lock on `<database><ending>`; the system frees it when its process ends, however it ends."""

    def __init__(self, database: Path, ending: str = IN_USE) -> None:
        self._path = database.with_name(database.name + ending)
        self._descriptor: int | None = None

    def take(self, *, alone: bool, wait: float = 0.0) -> None:
        """Take the lock, alone or shared, waiting at most `wait` seconds; raises `LockHeldError` after that.

        Makes the folder, mode 0700, when it is missing. Raises OSError when it can't.
        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + wait
        mode = (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB
        while True:
            try:
                fcntl.flock(descriptor, mode)
            except BlockingIOError as held:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    raise LockHeldError(str(self._path)) from held
                time.sleep(_POLL_SECONDS)
            except OSError:
                os.close(descriptor)
                raise
            else:
                self._descriptor = descriptor
                return

    def release(self) -> None:
        """Give the lock back. May be called twice. The file stays: deleting it would part its holders."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextmanager
    def held(self, *, alone: bool, wait: float = 0.0) -> Iterator[None]:
        """Hold the lock for the length of a block; raises `LockHeldError` as `take` does."""
        self.take(alone=alone, wait=wait)
        try:
            yield
        finally:
            self.release()
