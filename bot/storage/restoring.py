"""Puts a backup in the place of the database."""

import asyncio
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.errors import EXIT_DATABASE, EXIT_REVISION, StartError
from bot.storage.address import is_postgresql, sqlite_path
from bot.storage.backups import ASIDE, STAMP, copied, no_file
from bot.storage.filelock import FileLock, LockHeldError
from bot.storage.revision import HEAD, REVISIONS
from bot.storage.sqlite_connections import peek_revision, unreachable


async def restore(backup_file: Path, url: str, *, clock: Clock | None = None) -> Path | None:
    """Replace the database by a backup; returns where the old file was kept, or None when there was none.

    The backup is copied and checked before anything is touched, and the exchange is one rename: cut off at any
    moment, there is a whole database, old or new. An older revision is taken; the next start migrates it. What
    was erased since the backup is back: the promise to members asks for it to be erased again.

    Raises `StartError`: database when a process has the database open, when the backup is missing or damaged, or
    on PostgreSQL (see `pg_restore`); revision when the backup is of a newer Evenkeel or of something else.
    """
    if is_postgresql(url):
        raise no_file("pg_restore --clean --if-exists")
    now = (clock or SystemClock()).now()
    return await asyncio.to_thread(_restore, backup_file, sqlite_path(url), now)


def _restore(backup_file: Path, path: Path, now: datetime) -> Path | None:
    try:
        with FileLock(path).held(alone=True):
            draft = copied(backup_file, path.parent)
            try:
                _check_revision(draft, backup_file)
                return _exchange(draft, path, now)
            finally:
                draft.unlink(missing_ok=True)
    except LockHeldError as held:
        raise StartError(f"Evenkeel is running on {path}: stop it before you restore.", EXIT_DATABASE) from held
    except OSError as error:
        raise unreachable(path, error.strerror or "unknown reason") from error


def _check_revision(draft: Path, backup_file: Path) -> None:
    revision = peek_revision(draft)
    if revision is None:
        raise StartError(f"The file {backup_file} is not a backup of Evenkeel.", EXIT_REVISION)
    if revision not in REVISIONS:
        raise StartError(
            f"The backup is of a newer Evenkeel (revision {revision}, this one knows {HEAD}): update first.",
            EXIT_REVISION,
        )


def _exchange(draft: Path, path: Path, now: datetime) -> Path | None:
    aside = path.with_name(f"{path.name}{ASIDE}{now.astimezone(UTC):{STAMP}}") if path.exists() else None
    if aside is not None:
        for suffix in ("", "-wal"):  # together they are the old database
            _copy_if_there(_beside(path, suffix), _beside(aside, suffix))
    for suffix in ("-wal", "-shm"):  # a journal left there would be played into the new file
        _beside(path, suffix).unlink(missing_ok=True)
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return aside


def _copy_if_there(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copyfile(source, target)
        target.chmod(0o600)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
