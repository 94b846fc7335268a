"""The shared vocabulary of the loopback Discord: identifiers, errors, what a route is given and gives."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.wire.discord_server.platform import Platform

Json = dict[str, Any]

# Discord's own epoch, milliseconds of 2015-01-01T00:00:00Z (API reference, "Snowflakes").
EPOCH_MS = 1_420_070_400_000


class Mint:
    """Gives unique snowflakes: of this moment for what happens, of the past for what was there before."""

    def __init__(self) -> None:
        self._low = 0
        self._past_ms = 1_500_000_000_000 - EPOCH_MS

    def now(self) -> int:
        """A snowflake of this moment; discord.py computes ages from it."""
        self._low = (self._low + 1) & 0x3FFFFF
        return ((time.time_ns() // 1_000_000 - EPOCH_MS) << 22) | self._low

    def past(self) -> int:
        """A snowflake of 2017, one millisecond after the one before, so that servers spread over shards."""
        self._past_ms += 1
        return self._past_ms << 22


def iso_now() -> str:
    """The present moment as Discord writes moments."""
    return datetime.now(UTC).isoformat()


class ApiError(Exception):
    """An answer other than success: HTTP status, Discord's JSON error code and its sentence.

    `retry_after` (seconds) makes it one of the few limits that have a code of their own.
    """

    def __init__(self, status: int, code: int, message: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.retry_after = retry_after
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> Json:
        """The JSON that Discord sends with such an answer."""
        body: Json = {"message": self.message, "code": self.code}
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": False}
        return body


def unknown(code: int, what: str) -> ApiError:
    """A 404 for a thing that is not there (JSON error codes 10xxx)."""
    return ApiError(404, code, f"Unknown {what}")


def invalid_form(detail: str) -> ApiError:
    """A 400 for a body that Discord does not accept (JSON error code 50035)."""
    return ApiError(400, 50035, f"Invalid Form Body: {detail}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A route's success: an HTTP status and a JSON body, or none for 204."""

    body: Any = None
    status: int = 200


@dataclass(slots=True)
class Call:
    """One request as a route sees it; path parameters and query are text, the body is parsed."""

    method: str
    path: str
    template: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: tuple[str, ...]
    reason: str | None
    status: int = 0
    fault: str | None = None
    at: float = field(default_factory=time.monotonic)

    @property
    def route(self) -> str:
        """Method and path template, as rules and faults name a route: `GET /users/@me`."""
        return f"{self.method} {self.template}"

    def id(self, name: str) -> int:
        """A path parameter as a snowflake; raises the same 400 as Discord when it is not one."""
        text = self.params[name]
        if not text.isdigit():
            raise invalid_form(f"{name}: value {text!r} is not snowflake")
        return int(text)


Handler = Callable[["Platform", Call], Reply]
Route = tuple[str, str, Handler]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Discord would not have taken, or that this server got wrong; a test fails over it."""

    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"
