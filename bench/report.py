"""The table: every figure of both bots, and how many times the bare one's ours is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.rounds import Figures, Plan, middle, percentile

AIM = 1.3


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing; `better_high` for what should be large, such as answers a second."""

    what: str
    unit: str
    bare: float
    ours: float
    better_high: bool = False

    @property
    def ratio(self) -> float:
        """How many times the cost of the bare bot: above 1 is worse, whatever the unit."""
        return self.bare / self.ours if self.better_high else self.ours / self.bare


def lines(bare: Figures, ours: Figures, plan: Plan) -> list[Line]:
    """All lines of the table, in reading order."""
    return [
        *_round_trips(bare, ours, plan),
        Line(
            "CPU an answer, one at a time", "ms",
            _each(bare.alone_cpu, bare.alone), _each(ours.alone_cpu, ours.alone),
        ),
        Line(
            f"CPU an answer, {plan.at_once} at a time", "ms",
            _each(bare.together_cpu, bare.together), _each(ours.together_cpu, ours.together),
        ),
        Line("memory, 1 server", "MB", middle(bare.memory), middle(ours.memory)),
        Line(f"memory, {plan.guilds} servers", "MB", middle(bare.big_memory), middle(ours.big_memory)),
        Line("first answer after a first start", "s", bare.first_start, ours.first_start),
        Line("first answer after a start", "s", middle(bare.starts), middle(ours.starts)),
        Line(f"the same, {plan.guilds} servers", "s", middle(bare.big_starts), middle(ours.big_starts)),
    ]  # fmt: skip


def _round_trips(bare: Figures, ours: Figures, plan: Plan) -> Iterator[Line]:
    for what, one, other in (
        ("one at a time", bare.alone, ours.alone),
        (f"{plan.at_once} at a time", bare.together, ours.together),
    ):
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            yield Line(f"answer, {what}, {name}", "ms", percentile(one, share) * 1e3, percentile(other, share) * 1e3)
    yield Line(
        f"answers a second, {plan.at_once} at a time", "1/s",
        len(bare.together) / bare.together_wall, len(ours.together) / ours.together_wall, better_high=True,
    )  # fmt: skip


def _each(seconds: float, answers: list[float]) -> float:
    # CPU time comes in steps of 10 ms; a run too short to use one counts as one step, never as free.
    return max(seconds, 0.01) / len(answers) * 1e3


def table(found: list[Line]) -> str:
    """The lines as text."""
    rows = [f"{'':34} {'bare':>10} {'Evenkeel':>10} {'':4} {'ratio':>6}"]
    for line in found:
        mark = "" if line.ratio <= AIM else f"  above the aim of {AIM}"
        rows.append(f"{line.what:34} {line.bare:10.2f} {line.ours:10.2f} {line.unit:4} {line.ratio:6.2f}{mark}")
    return "\n".join(rows)
