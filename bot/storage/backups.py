"""Backups of a SQLite file while it is in use.

What was sealed stays sealed in a backup; the key is not in it. What somebody erased leaves the backups only with
their age: `keep_days` is part of the promise made to members.
"""

import asyncio
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.errors import EXIT_DATABASE, StartError
from bot.storage.address import is_postgresql, sqlite_path
from bot.storage.filelock import FileLock, LockHeldError
from bot.storage.interface import Database
from bot.storage.sqlite import SqliteDatabase
from bot.storage.sqlite_connections import BUSY_SECONDS, unreachable

STAMP = "%Y%m%dT%H%M%SZ"
WAIT_SECONDS = 60.0
ASIDE = ".before-"
_STAMPED = re.compile(r"(\d{8}T\d{6}Z)")


async def backup(source: Database | str, target_dir: Path, keep_days: int, *, clock: Clock | None = None) -> Path:
    """Write `evenkeel-<UTC time>.db` (mode 0600) into the folder and return it; the bot goes on meanwhile.

    The copy is one consistent moment, checked before it gets its name. Backups, and old files that a restore
    kept aside, are deleted when they are older than `keep_days` (at least 1). Raises `StartError` (database) when
    the file can't be read, the copy is damaged, or the database is PostgreSQL, which has `pg_dump` for this.
    """
    if keep_days < 1:
        raise ValueError("a backup is kept for at least one day")
    path = _file_of(source, "pg_dump --format=custom")
    now = (clock or SystemClock()).now()
    return await asyncio.to_thread(_backup, path, target_dir, now, now - timedelta(days=keep_days))


def _file_of(source: Database | str, instead: str) -> Path:
    if isinstance(source, SqliteDatabase):
        return source.path
    if isinstance(source, str) and not is_postgresql(source):
        return sqlite_path(source)
    raise no_file(instead)


def no_file(instead: str) -> StartError:
    """Say that PostgreSQL has its own program for this."""
    return StartError(f"This is for SQLite files; with PostgreSQL use `{instead}`.", EXIT_DATABASE)


def _backup(path: Path, target_dir: Path, now: datetime, oldest: datetime) -> Path:
    if not path.exists():
        raise unreachable(path, "there is no such file")
    try:
        with FileLock(path).held(alone=False, wait=WAIT_SECONDS):
            made = keep_copy(path, target_dir, now)
    except LockHeldError as held:
        raise unreachable(path, "it is being migrated or restored by another process") from held
    except OSError as error:
        raise unreachable(path, error.strerror or "unknown reason") from error
    _prune(target_dir.glob("evenkeel-*.db"), oldest, made)
    _prune(path.parent.glob(f"{path.name}{ASIDE}*"), oldest, made)
    return made


def keep_copy(path: Path, target_dir: Path, now: datetime) -> Path:
    """Copy the database into the folder under the name of this moment; raises `StartError` (database)."""
    try:
        with FileLock(target_dir / "backups").held(alone=True, wait=WAIT_SECONDS):
            for leftover in target_dir.glob(".evenkeel-*.partial"):
                leftover.unlink()  # of a run that was cut off: we are alone here
            draft = copied(path, target_dir)
            return _named(draft, target_dir, f"evenkeel-{now.astimezone(UTC):{STAMP}}")
    except LockHeldError as held:
        raise StartError(f"Another backup into {target_dir} is under way.", EXIT_DATABASE) from held
    except OSError as error:
        raise StartError(f"The folder {target_dir} can't take a backup: {error.strerror}.", EXIT_DATABASE) from error


def copied(path: Path, folder: Path) -> Path:
    """Copy a database, in use or not, to a checked draft in the folder; raises OSError, `StartError` (database)."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".evenkeel-", suffix=".partial")  # mode 0600
    os.close(descriptor)
    draft = Path(name)
    try:
        # A connection of its own and all pages in one step: WAL lets writers go on, and a copy made in several
        # steps would begin again at every commit.
        with (
            closing(sqlite3.connect(_existing(path), uri=True, timeout=BUSY_SECONDS)) as source,
            closing(sqlite3.connect(draft, isolation_level=None)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            verdict = target.execute("PRAGMA integrity_check").fetchone()[0]
        _flush(draft)
    except sqlite3.Error as error:
        draft.unlink()
        raise unreachable(path, str(error)) from error
    except OSError:
        draft.unlink()
        raise
    if verdict != "ok":
        draft.unlink()
        raise unreachable(path, "its integrity check found damage")
    return draft


def _existing(path: Path) -> str:
    """Name the file in the form that doesn't make it when it is missing."""
    return f"{path.absolute().as_uri()}?mode=rw"


def _flush(file: Path) -> None:
    """Wait until the file is on the disk: after a power cut its name must not stand for an empty one."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(draft: Path, folder: Path, stem: str) -> Path:
    """Give the draft its name, or the next free one when two backups are made within a second."""
    number = 1
    while True:
        target = folder / (f"{stem}.db" if number == 1 else f"{stem}-{number}.db")
        if not target.exists():
            return draft.rename(target)
        number += 1


def _prune(files: Iterable[Path], oldest: datetime, keep: Path) -> None:
    """Delete files named after a moment before `oldest`; the name counts, for copying changes a file's date."""
    for file in files:
        stamp = _STAMPED.search(file.name)
        if stamp is None or file == keep:
            continue
        if datetime.strptime(stamp[1], STAMP).replace(tzinfo=UTC) < oldest:
            file.unlink(missing_ok=True)
