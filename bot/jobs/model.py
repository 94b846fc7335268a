"""What a job is: its kinds, what happens when it is late, how long it waits after a failure, its nonce.

Pure: no database and no event loop. The life of a job, as its row shows it (`-` is NULL):

    state        done_at  failed_at  lease_owner  lease_until         last_error
    waiting      -        -          -            -                   -
    running      -        -          a process    end of the lease    of the attempt before
    kept         -        -          -            not before this     try_again, timed_out, stopped, fault ...
    giving up    -        -          a process    end of the lease    gave_up:<reason>
    given up     -        set        -            -                   <reason>
    done         set      -          -            -                   -
    skipped      set      -          -            -                   skipped_late

`due_at` never moves, so lateness is always measured from the moment that was promised.
"""

import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FIRST_BACKOFF = 5.0  # seconds
LONGEST_BACKOFF = 900.0  # seconds: a quarter of an hour
MOST_FAULTS = 8
NONCE_LENGTH = 25  # Discord API reference, "Create Message": a nonce has up to 25 characters
KEEP_ENDED = timedelta(days=7)  # how long an ended job is kept, to look into and to hold its dedupe key
LONGEST_PAYLOAD = 1000  # characters of JSON: room for a few ids, not for a text

_TOKEN = re.compile(r"[A-Za-z0-9_.:/+-]{1,120}")


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do later.

    `payload` holds ids and short tokens only, never a person's words or name; where a row of a feature says
    who is meant, the payload names that row and not the person, so that erasing the row leaves nothing here.
    `attempts` is how many attempts came before this one: above zero, the job may have been delivered already
    without our knowing (a crash, a lost answer), so look for the earlier post, thread or event before making
    another.
    """

    id: int
    kind: str
    guild_id: int | None
    due_at: datetime
    payload: dict[str, Any]
    attempts: int


Handler = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """What happens to a job that comes late: run once while within `window` of its due time, else skipped.

    `window` None means that it is never too late. `on_skip` is told of a skipped job in place of running it,
    under the same promise as a delivery: it is told again when it fails or the process dies. A job that
    recurs writes its next occurrence there as well as when it runs, or a long outage ends it.
    """

    window: timedelta | None = None
    on_skip: Handler | None = None

    def __post_init__(self) -> None:
        if self.window is not None and self.window < timedelta(0):
            raise ValueError("a window cannot be negative")

    def too_late(self, due_at: datetime, now: datetime) -> bool:
        """Return whether the window is over; its last moment still counts as within."""
        return self.window is not None and now - due_at > self.window


@dataclass(frozen=True, slots=True)
class JobKind:
    """A sort of job, and what does it.

    `run` returns only after the delivery. It raises `TryAgain` where the delivery failed for now and
    `RefusedForGood` where it never can succeed; any other exception counts as a defect of ours. It has 90
    seconds: longer work is cut into several jobs. An `urgent` one, for which somebody waits right now, goes before
    everything that comes by itself.
    """

    name: str
    run: Handler
    late: LatePolicy = LatePolicy()
    urgent: bool = False


class Registry:
    """The kinds this process knows. A job of another kind stays in the table until a process knows it."""

    def __init__(self) -> None:
        self._kinds: dict[str, JobKind] = {}

    def register(self, kind: JobKind) -> None:
        """Add a kind. Raises `ValueError` for a name that is taken or is no token."""
        check_token("the name of a kind", kind.name)
        if kind.name in self._kinds:
            raise ValueError(f"the kind {kind.name} is registered already")
        self._kinds[kind.name] = kind

    def __getitem__(self, name: str) -> JobKind:
        return self._kinds[name]

    def names(self) -> tuple[str, ...]:
        """Return the names of all kinds, in order of registration."""
        return tuple(self._kinds)

    def urgent(self) -> tuple[str, ...]:
        """Return the names of the kinds that go first."""
        return tuple(name for name, kind in self._kinds.items() if kind.urgent)


def backoff(attempts: int, source: random.Random) -> float:
    """Return the seconds to wait after so many attempts (1 or more).

    The span doubles from 5 seconds up to a quarter of an hour; the wait is drawn from its upper half, so that
    what failed together does not come back together.
    """
    span = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** min(max(attempts - 1, 0), 16))
    return span * (0.5 + source.random() / 2)


def nonce(job_id: int, part: int = 0) -> str:
    """Return the nonce of one post of a job: the same for every attempt, different for every other post.

    `part` numbers the posts of a job that makes several (0 to 65,535). Raises `ValueError` outside these
    bounds.
    """
    if not 0 <= job_id < 2**63 or not 0 <= part < 2**16:
        raise ValueError("a nonce is made from a job's id and a small number")
    return f"ek{job_id:x}-{part:x}"


def check_token(what: str, value: str) -> None:
    """Raise `ValueError` unless the value is a short token; the message does not repeat the value."""
    if not _TOKEN.fullmatch(value):
        raise ValueError(f"{what} is not a short token")


def check_payload(payload: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless the payload holds ids and short tokens only; the message repeats no value.

    Allowed are whole numbers, truth values, None, tokens of at most 120 characters without a blank (an id, a
    date, a zone name), and flat lists of these. A sentence never fits.
    """
    for key, value in payload.items():
        check_token("a payload's key", key)
        for item in value if isinstance(value, list | tuple) else (value,):
            if isinstance(item, str):
                check_token(f"the payload's {key}", item)
            elif item is not None and not isinstance(item, int):
                raise ValueError(f"the payload's {key} is no id")
