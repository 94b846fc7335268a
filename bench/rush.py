"""What a rush of check-ins was like (`bench/schedules.py` makes one): posts, answers meanwhile, the table of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.rounds import percentile
from bot.jobs import RATE

# What Discord allows a bot in a second, whatever the route.
MOST = 50
TIMEZONE, FORM = "me timezone", "checkin now"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure; times in seconds. `ahead`: from the last row's writing to the moment that all are due.

    `calm` is the most of that for the answers before the rush; `stop` ends the whole, with whatever was seen by then.
    """

    guilds: int = 1000
    each: int = 10
    people: int = 50
    pause: float = 0.05
    ahead: float = 32.0
    calm: float = 20.0
    quiet: float = 20.0
    stop: float = 300.0


QUICK = Plan(guilds=100, each=5, people=10, ahead=14.0, calm=6.0, stop=60.0)


@dataclass(slots=True)
class Phase:
    """What was seen before or during the rush: seconds of answers by command, and how the event loop was used.

    `held`: from when until when (ms) the loopback Discord itself stood still; what left meanwhile came together.
    """

    answers: dict[str, list[float]] = field(default_factory=lambda: {TIMEZONE: [], FORM: []})
    unanswered: int = 0
    unopened: int = 0
    wall: float = 0.0
    loop: float = 0.0
    whole: float = 0.0
    waited: float = 0.0
    load: float = 0.0
    held: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rush:
    """All that was measured. `posts` are (moment in ms, server, schedule id) in the order in which they came."""

    plan: Plan
    due_ms: int
    posts: tuple[tuple[int, int, int], ...]
    calm: Phase
    rush: Phase
    refused: int
    kept: int
    tomorrow: int
    log: int

    @property
    def wanted(self) -> int:
        """How many posts there should be."""
        return self.plan.guilds * self.plan.each

    @property
    def pace(self) -> float:
        """Posts a second, from the first to the last."""
        return (len(self.posts) - 1) / max(0.001, (self.posts[-1][0] - self.posts[0][0]) / 1000)

    @property
    def twice(self) -> int:
        """Posts too many."""
        return len(self.posts) - len({schedule for _, _, schedule in self.posts})

    def busiest(self, *, undisturbed: bool = False) -> int:
        """The most posts in any one second, wherever it begins; `undisturbed`: in which Discord never stood still."""
        most, first = 0, 0
        for last, (moment, _, _) in enumerate(self.posts):
            while moment - self.posts[first][0] >= 1000:
                first += 1
            if undisturbed and any(start < moment and end > moment - 1000 for start, end in self.rush.held):
                continue
            most = max(most, last - first + 1)
        return most

    def firsts(self) -> list[tuple[int, float]]:
        """Of each server's first post: its place among all posts, and the seconds since all were due."""
        seen: dict[int, tuple[int, float]] = {}
        for place, (moment, guild_id, _) in enumerate(self.posts, start=1):
            seen.setdefault(guild_id, (place, (moment - self.due_ms) / 1000))
        return list(seen.values())

    def __str__(self) -> str:
        return "\n".join((f"{self.wanted:,} check-ins in {self.plan.guilds:,} servers, due at once", *self._lines()))

    def _lines(self) -> Iterator[str]:
        if not self.posts:
            yield "  no post came"
            return
        seconds = [place for _, place in self.firsts()]
        missing = self.wanted - len(self.posts) + self.twice
        yield f"  posts {len(self.posts):,}, missing {missing:,}, twice {self.twice:,}; rows kept {self.kept:,}"
        yield f"  jobs written for the next day {self.tomorrow:,}; lines in the log {self.log}"
        undisturbed = self.busiest(undisturbed=True)
        mark = "" if undisturbed <= MOST else f", above the limit of {MOST}"
        yield f"  pace {self.pace:.1f} posts a second (allowed {RATE:.0f}), most in any second {self.busiest()}"
        yield (
            f"  most in a second in which the loopback Discord never stood still {undisturbed}{mark}; it did so "
            f"{len(self.rush.held)} times, {max((end - start for start, end in self.rush.held), default=0)} ms at most"
        )
        yield f"  refused by Discord for their pace: {self.refused}"
        yield (
            f"  first post of a server: among the first {max(place for place, _ in self.firsts()):,}, after "
            f"{min(seconds):.1f} to {max(seconds):.1f} s, middle {percentile(seconds, 0.5):.1f} s"
        )
        yield f"  {'':24} {'before':>16} {'during':>16}"
        for words in (TIMEZONE, FORM):
            for name, share in (("p50", 0.5), ("p99", 0.99)):
                yield _line(
                    f"/{words} {name}",
                    *(f"{percentile(one.answers[words], share) * 1e3:.2f} ms" for one in self._both(words)),
                )
        yield _line("answers (not, no form)", *(
            f"{sum(map(len, one.answers.values()))} ({one.unanswered}, {one.unopened})" for one in self._phases
        ))  # fmt: skip
        for what, of in (("event loop", "loop"), ("process", "whole"), ("waiting for a core", "waited")):
            yield _line(what, *(f"{getattr(one, of) / max(one.wall, 0.001) * 100:.1f} %" for one in self._phases))
        yield _line("load of the machine", *(f"{one.load:.1f}" for one in self._phases))

    @property
    def _phases(self) -> tuple[Phase, Phase]:
        return self.calm, self.rush

    def _both(self, words: str) -> tuple[Phase, ...]:
        return tuple(one if one.answers[words] else Phase({words: [float("nan")]}) for one in self._phases)


def _line(what: str, before: str, during: str) -> str:
    return f"  {what:24} {before:>16} {during:>16}"
