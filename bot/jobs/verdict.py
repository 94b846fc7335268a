"""What follows from one attempt at a job. Pure: an ending goes in, the change to the job's row comes out.

    ending                   while running                       while telling that it was given up
    finished                 done or skipped                     given up
    TryAgain, out of time    kept, with backoff                  kept, with backoff
    RefusedForGood           giving up: the team is told         given up, untold (logged)
    cut by our own stop      kept, free at once                  kept, free at once
    any other exception      kept, with backoff; after eight     kept, with backoff; after eight
                             attempts giving up                  attempts given up, untold (logged)

An outage must not use up the eight attempts of a job that then meets a defect once: the eighth attempt gives
up only when the attempt before it ended in a defect too.
"""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeGuard

from bot.errors import RefusedForGood, TryAgain
from bot.jobs.model import MOST_FAULTS, backoff

LEASE = timedelta(seconds=120)
# The end of an attempt must come before the end of its lease, or two processes could deliver the same job.
# The half minute between is for the clocks of two machines that differ.
ATTEMPT_LIMIT = 90.0  # seconds

_GAVE_UP = "gave_up:"
_FAULT = "fault"
_REASON = re.compile(r"[a-z0-9_]{1,40}")


class Outcome(StrEnum):
    """What became of a job by one attempt, for the metrics and for the count of finished jobs."""

    DONE = "done"
    SKIPPED = "skipped"
    GIVEN_UP = "given_up"
    GIVING_UP = "giving_up"
    KEPT = "kept"

    @property
    def final(self) -> bool:
        """Whether the job is over."""
        return self in {Outcome.DONE, Outcome.SKIPPED, Outcome.GIVEN_UP}


class Finished(StrEnum):
    """An attempt that went through, by what it did."""

    RAN = "ran"
    SKIPPED = "skipped"
    TOLD = "told"


class Cut(StrEnum):
    """An attempt that was ended from outside; nobody knows whether it delivered."""

    OUT_OF_TIME = "timed_out"
    STOPPED = "stopped"


Ending = Finished | Cut | BaseException


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stood when its attempt began."""

    attempts: int
    last_error: str | None

    @property
    def reason(self) -> str | None:
        """Why the job is being given up; None while it is not."""
        if self.last_error is None or not self.last_error.startswith(_GAVE_UP):
            return None
        return self.last_error.removeprefix(_GAVE_UP)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The change to a job's row.

    `free_at` is the moment before which nobody takes it; `holds` keeps the lease for the telling that
    follows.
    """

    outcome: Outcome
    attempts: int
    last_error: str | None = None
    done_at: datetime | None = None
    failed_at: datetime | None = None
    free_at: datetime | None = None
    holds: bool = False


def is_fault(ending: Ending) -> TypeGuard[BaseException]:
    """Return whether the attempt ended in a defect of ours, to be logged under a reference id."""
    return isinstance(ending, BaseException) and not isinstance(ending, TryAgain | RefusedForGood)


def judge(ending: Ending, before: Standing, now: datetime, source: random.Random, reference: str) -> Verdict:
    """Return what becomes of a job after one attempt; `reference` names a defect in log and row."""
    wait = backoff(before.attempts + 1, source)
    match ending:
        case Finished():
            verdict = _finished(ending, before, now)
        case RefusedForGood(reason=reason):
            verdict = _give_up(reason if _REASON.fullmatch(reason) else "refused", before, now)
        case TryAgain(after=after):
            verdict = _keep("try_again", before, now, max(wait, after or 0.0))
        case Cut():
            # The attempt may have delivered: it counts, so that the next one looks first.
            verdict = _keep(ending.value, before, now, 0.0 if ending is Cut.STOPPED else wait)
        case _ if _worn_out(before):
            verdict = _give_up(f"{_FAULT} {reference}", before, now)
        case _:
            verdict = _keep(f"{_FAULT} {type(ending).__name__} {reference}", before, now, wait)
    return verdict


def _finished(how: Finished, before: Standing, now: datetime) -> Verdict:
    if how is Finished.TOLD:
        return Verdict(Outcome.GIVEN_UP, before.attempts, before.reason, failed_at=now)
    if how is Finished.SKIPPED:
        return Verdict(Outcome.SKIPPED, before.attempts, "skipped_late", done_at=now)
    return Verdict(Outcome.DONE, before.attempts, done_at=now)


def _worn_out(before: Standing) -> bool:
    if before.attempts + 1 < MOST_FAULTS:
        return False
    return before.reason is not None or (before.last_error or "").startswith(_FAULT)


def _give_up(reason: str, before: Standing, now: datetime) -> Verdict:
    if before.reason is not None:  # the telling itself failed for good: why is in the log
        return Verdict(Outcome.GIVEN_UP, before.attempts + 1, before.reason, failed_at=now)
    return Verdict(Outcome.GIVING_UP, 0, f"{_GAVE_UP}{reason}", free_at=now + LEASE, holds=True)


def _keep(error: str, before: Standing, now: datetime, seconds: float) -> Verdict:
    kept = error if before.reason is None else before.last_error
    free_at = now + timedelta(seconds=seconds) if seconds else None
    return Verdict(Outcome.KEPT, before.attempts + 1, kept, free_at=free_at)
