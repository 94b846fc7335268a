"""Rate limits and scripted faults: what makes a request fail although nothing is wrong with it."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, field

from tests.wire.discord_server.values import Call, Json


@dataclass(frozen=True, slots=True)
class Rule:
    """So many requests in so many seconds."""

    limit: int
    per: float


@dataclass(slots=True)
class _Window:
    ends: float = 0.0
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bucket says: the headers for the answer and, when it is empty, how many seconds to wait."""

    headers: dict[str, str]
    retry_after: float | None = None
    everywhere: bool = False

    def body(self) -> Json:
        """The JSON of a 429."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.everywhere,
        }


class RateLimits:
    """Buckets by route and major parameter, and one for everything; fixed windows, as Discord's.

    The bucket of a route is wide unless a test narrows it, because a test is not to wait; the global limit is
    Discord's documented 50 a second, from which interaction endpoints are free.
    """

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.default = Rule(50, 1.0)
        self.everywhere = Rule(50, 1.0)
        self.refused = 0
        self._windows: dict[str, _Window] = {}

    def take(self, call: Call) -> Verdict:
        """Counts a request; the verdict refuses it when a bucket is empty."""
        now = time.monotonic()
        if not _of_interactions(call):
            shared = self._window("*", self.everywhere, now)
            if shared.used > self.everywhere.limit:
                return self._refuse(
                    shared.ends - now, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, True
                )
        if call.template.endswith("/callback"):
            return Verdict({})
        rule = self.rules.get(call.route, self.default)
        window = self._window(f"{call.route} {_major(call)}", rule, now)
        wait = max(0.0, window.ends - now)
        headers = {
            "X-RateLimit-Limit": str(rule.limit),
            "X-RateLimit-Remaining": str(max(0, rule.limit - window.used)),
            "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": f"{zlib.crc32(call.route.encode()):08x}",
        }
        if window.used > rule.limit:
            return self._refuse(wait, headers | {"X-RateLimit-Scope": "user"}, False)
        return Verdict(headers)

    def _window(self, key: str, rule: Rule, now: float) -> _Window:
        window = self._windows.setdefault(key, _Window())
        if now >= window.ends:
            window.ends, window.used = now + rule.per, 0
        window.used += 1
        return window

    def _refuse(self, wait: float, headers: dict[str, str], everywhere: bool) -> Verdict:
        self.refused += 1
        wait = round(max(wait, 0.01), 3)
        return Verdict(headers | {"Retry-After": str(wait)}, wait, everywhere)


def _of_interactions(call: Call) -> bool:
    return call.template.startswith(("/interactions/", "/webhooks/{webhook_id}/{webhook_token}"))


def _major(call: Call) -> str:
    names = ("channel_id", "guild_id", "webhook_id", "webhook_token")
    return "+".join(call.params[name] for name in names if name in call.params)


@dataclass(eq=False, slots=True)
class Fault:
    """A failure to come: on which route, how often, and how.

    `taken` lets the request have its effect before it fails, `drop` closes the connection instead of
    answering, `delay` (seconds) comes before the answer; a `status` of None only delays.
    """

    route: str
    status: int | None = 500
    times: int = 1
    taken: bool = False
    drop: bool = False
    delay: float = 0.0
    code: int = 0
    message: str = "scripted fault"
    headers: dict[str, str] = field(default_factory=dict)
    happened: int = 0

    def meets(self, call: Call) -> bool:
        """Whether this fault is for a request and not used up."""
        return self.happened < self.times and self.route in {"*", call.route}
