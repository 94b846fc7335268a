"""Settings: read once from the environment and `.env`, frozen, and complained about all at once.

Written by hand because a validation library costs a process that runs for months 10 MB and a start 0.1 seconds, for
twelve values (measured with pydantic 2.14; `docs/measurements.md`).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.errors import EXIT_SETTINGS, StartError

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class Secret:
    """A value that never shows by accident: not in `repr`, not in a log line, not in an error."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"


def _text(value: str) -> str:
    return value


def _secret(value: str) -> Secret:
    return Secret(value)


def _switch(value: str) -> bool:
    if value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise ValueError("must be true or false")


def _level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise ValueError("must be one of " + ", ".join(LOG_LEVELS))
    return value.upper()


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be a whole address such as http://127.0.0.1:3000/api/v10")
    return value.rstrip("/")


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdecimal() or not lowest <= int(value) <= highest:
            raise ValueError(f"must be a number from {lowest} to {highest}")
        return int(value)

    return read


def _shards(value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() for part in parts) or len(set(parts)) != len(parts):
        raise ValueError("must be different numbers from 0 up, such as 0,1")
    return tuple(int(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a host may decide; `.env.example` explains each one. An empty value counts as not given."""

    discord_token: Secret | None = field(default=None, metadata={"read": _secret})
    database_url: str = field(default="sqlite:///var/evenkeel.db", metadata={"read": _database})
    evenkeel_key: Secret | None = field(default=None, metadata={"read": _secret})
    discord_api_url: str | None = field(default=None, metadata={"read": _address})
    shard_ids: tuple[int, ...] | None = field(default=None, metadata={"read": _shards})
    shard_count: int | None = field(default=None, metadata={"read": _number(1, 100_000)})
    health_host: str = field(default="127.0.0.1", metadata={"read": _text})
    health_port: int | None = field(default=None, metadata={"read": _number(0, 65_535)})
    log_level: str = field(default="INFO", metadata={"read": _level})
    message_screening: bool = field(default=False, metadata={"read": _switch})
    member_events: bool = field(default=False, metadata={"read": _switch})
    var_dir: Path = field(default=Path("var"), metadata={"read": Path})

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite:///")


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings; the environment wins over `env_file`.

    Raises `StartError` (exit 2) that names every problem at once, and never a secret's value.
    """
    given: dict[str, str | None] = dict(dotenv_values(env_file)) if env_file and env_file.is_file() else {}
    given.update(os.environ if environ is None else environ)
    values: dict[str, Any] = {}
    problems = []
    for one in fields(Settings):
        raw = (given.get(one.name.upper()) or "").strip()
        if not raw:
            continue
        try:
            values[one.name] = one.metadata["read"](raw)
        except ValueError as error:
            problems.append(f"{one.name.upper()} {error}")
    if not problems:
        settings = Settings(**values)
        if settings.shard_ids is None or max(settings.shard_ids) < (settings.shard_count or 0):
            return settings
        problems.append("SHARD_IDS needs a SHARD_COUNT above its largest number")
    raise StartError("Please mend these settings: " + "; ".join(problems) + ".", EXIT_SETTINGS)
