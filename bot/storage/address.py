"""Reads `DATABASE_URL`: which engine, which file, and how to name it without its password."""

from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import EXIT_SETTINGS, StartError

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")


def is_postgresql(url: str) -> bool:
    """Say whether the address names a PostgreSQL server."""
    return url.startswith(_POSTGRESQL)


def sqlite_path(url: str) -> Path:
    """Return the file that a `sqlite:///` address names, relative to where the process was started.

    Raises `StartError` (settings) for any other form, also for one in memory, which connections can't share.
    """
    name = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or not name or name.startswith(":") or "?" in name:
        raise StartError(
            "DATABASE_URL must be sqlite:///path/to/file.db or postgresql://user:password@host:port/name.",
            EXIT_SETTINGS,
        )
    return Path(name).absolute()


def described(url: str) -> str:
    """Name the database for the operator, without user name and password."""
    if not is_postgresql(url):
        return f"the database file {sqlite_path(url)}"
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2] or "this machine"
    return f"the PostgreSQL database {parts.path.strip('/') or 'of that user'} at {place}"
