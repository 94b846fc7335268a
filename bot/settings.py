"""Settings: read once from the environment and `.env`, frozen, and complained about all at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from bot.errors import EXIT_SETTINGS, StartError

LOOPBACK = "127.0.0.1"


def _blank_is_missing(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _numbers(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


OptionalText = Annotated[str | None, BeforeValidator(_blank_is_missing)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_blank_is_missing)]


class Settings(BaseModel):
    """Everything a host may decide. Secrets never show in `repr`; `.env.example` explains each one."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    discord_token: OptionalSecret = None
    database_url: str = "sqlite:///var/evenkeel.db"
    evenkeel_key: OptionalSecret = None
    discord_api_url: OptionalText = None
    shard_ids: Annotated[tuple[int, ...] | None, BeforeValidator(_numbers), BeforeValidator(_blank_is_missing)] = None
    shard_count: Annotated[int | None, BeforeValidator(_blank_is_missing), Field(ge=1)] = None
    health_host: str = LOOPBACK
    health_port: Annotated[int | None, BeforeValidator(_blank_is_missing), Field(ge=0, le=65535)] = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    message_screening: bool = False
    member_events: bool = False
    var_dir: Path = Path("var")

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @field_validator("discord_api_url")
    @classmethod
    def _whole_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
            raise ValueError("must be a whole address such as http://127.0.0.1:3000/api/v10")
        return value.rstrip("/") if value else value

    @field_validator("shard_ids")
    @classmethod
    def _own_shards(cls, value: tuple[int, ...] | None) -> tuple[int, ...] | None:
        if value is not None and (len(set(value)) != len(value) or min(value) < 0):
            raise ValueError("must be different numbers from 0 up, such as 0,1")
        return value

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:///")


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings; the environment wins over `env_file`.

    Raises `StartError` (exit 2) that names every problem at once, and never a secret's value.
    """
    values: dict[str, str | None] = dict(dotenv_values(env_file)) if env_file and env_file.is_file() else {}
    values.update(os.environ if environ is None else environ)
    known = {name: values[name.upper()] for name in Settings.model_fields if values.get(name.upper()) is not None}
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        raise StartError(_sentence(error), EXIT_SETTINGS) from None
    if settings.shard_ids is not None and (
        settings.shard_count is None or max(settings.shard_ids) >= settings.shard_count
    ):
        raise StartError("SHARD_IDS needs a SHARD_COUNT above its largest number.", EXIT_SETTINGS)
    return settings


def _sentence(error: ValidationError) -> str:
    problems = sorted({f"{str(fault['loc'][0]).upper()} {_reason(fault['msg'])}" for fault in error.errors()})
    return "Please mend these settings: " + "; ".join(problems) + "."


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should", "should").rstrip(".")
