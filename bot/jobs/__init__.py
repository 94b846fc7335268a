"""What must happen later, exactly once: jobs written with the change they follow, then run by lease.

A feature writes a job with `enqueue` in the same transaction as its change, commits, and kicks the runner.
Payloads hold ids only.
"""

from bot.jobs.bucket import BURST, RATE, TokenBucket
from bot.jobs.model import KEEP_ENDED, Handler, Job, JobKind, LatePolicy, Registry, backoff, nonce
from bot.jobs.runner import Runner
from bot.jobs.store import cancel, enqueue
from bot.jobs.verdict import ATTEMPT_LIMIT, LEASE, Outcome

__all__ = [
    "ATTEMPT_LIMIT",
    "BURST",
    "KEEP_ENDED",
    "LEASE",
    "RATE",
    "Handler",
    "Job",
    "JobKind",
    "LatePolicy",
    "Outcome",
    "Registry",
    "Runner",
    "TokenBucket",
    "backoff",
    "cancel",
    "enqueue",
    "nonce",
]
