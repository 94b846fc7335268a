"""Brings a database to the newest schema."""

import asyncio
import os
import sqlite3
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.errors import EXIT_DATABASE, StartError
from bot.storage.address import is_postgresql, sqlite_path
from bot.storage.backups import keep_copy
from bot.storage.filelock import FileLock, LockHeldError
from bot.storage.opening import postgresql_adapter
from bot.storage.revision import HEAD
from bot.storage.sqlite_connections import peek_revision, prepare, unreachable

if TYPE_CHECKING:
    from bot.storage.schema_change import Direction

WAIT_SECONDS = 30.0


def migrate(url: str, backup_dir: Path | None = None) -> None:
    """Bring the database to HEAD in one transaction: all of it or nothing.

    A SQLite file that holds data is copied into `backup_dir` first, under the same lock, when one is named. Two
    runs at once wait for each other; a database that is at HEAD already is left alone, in use or not. Not inside
    a running event loop (use `migrate_in_subprocess` there). Raises `StartError` (database) when the database
    can't be reached, or when another process keeps a SQLite file in use for longer than 30 seconds.
    """
    move(url, "upgrade", "head", backup_dir)


def move(url: str, direction: "Direction", revision: str, backup_dir: Path | None = None) -> None:
    """Go to any revision: what `migrate` does, and the way back to an older Evenkeel; raises as `migrate` does."""
    if is_postgresql(url):
        asyncio.run(_move_postgresql(url, direction, revision))
    else:
        _move_sqlite(sqlite_path(url), direction, revision, backup_dir)


async def migrate_in_subprocess(url: str, backup_dir: Path | None = None) -> None:
    """Do what `migrate` does in a process of its own, so that this one never holds SQLAlchemy's 22 MB.

    Raises `StartError` with the child's sentence and exit code.
    """
    if not is_postgresql(url) and await asyncio.to_thread(peek_revision, sqlite_path(url)) == HEAD:
        return
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.storage.migrations", "-"),
        *([] if backup_dir is None else [str(backup_dir)]),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        # By stdin, because the address may hold a password and every user of a machine can read command lines.
        _, said = await child.communicate(url.encode())
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            child.terminate()
        await child.wait()
        raise
    if child.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise StartError(lines[-1] if lines else "The migration ended without a word.", child.returncode)


def _move_sqlite(path: Path, direction: "Direction", revision: str, backup_dir: Path | None) -> None:
    found = peek_revision(path)
    if revision == "head" and found == HEAD:
        return
    from bot.storage.schema_change import change_sqlite  # noqa: PLC0415 only here may SQLAlchemy be loaded

    try:
        with FileLock(path).held(alone=True, wait=WAIT_SECONDS):
            prepare(path)
            if backup_dir is not None and found is not None:
                keep_copy(path, backup_dir, SystemClock().now())
            change_sqlite(path, direction, revision)
    except LockHeldError as held:
        raise unreachable(path, "another process is using it; stop that one first") from held
    except (OSError, sqlite3.Error) as error:
        raise unreachable(path, str(error)) from error


async def _move_postgresql(url: str, direction: "Direction", revision: str) -> None:
    adapter = postgresql_adapter()
    if find_spec("greenlet") is None:  # SQLAlchemy would ask for it only in the middle, and in its own words
        raise StartError("Migrating PostgreSQL needs the extra `postgres` (greenlet is missing).", EXIT_DATABASE)
    from bot.storage.schema_change import change_postgresql  # noqa: PLC0415 only here may SQLAlchemy be loaded

    await change_postgresql(lambda: adapter.connect(url), direction, revision)
