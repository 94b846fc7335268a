"""The jobs table: the only SQL that knows it.

Times are kept as BIGINT milliseconds UTC. `lease_until` doubles as "nobody takes it before", so that the
backoff of a job that failed for now needs no column of its own and `due_at` keeps the moment that was
promised.
"""
# ruff: noqa: S608 -- what is put together here are constants of this module and placeholders, never a value

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.ids import Ids
from bot.jobs.choice import Waiting
from bot.jobs.model import LONGEST_PAYLOAD, Job, check_payload, check_token
from bot.jobs.verdict import Standing, Verdict
from bot.storage import Database, Reader, Row, Value, Writer

_READY = "CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END"
_PENDING = "done_at IS NULL AND failed_at IS NULL"
_DUE = f"{_PENDING} AND due_at <= $1"
_FREE = f"{_DUE} AND (lease_until IS NULL OR lease_until <= $1)"


@dataclass(frozen=True, slots=True)
class Leased:
    """A row under our lease. The payload stays JSON until the attempt: a spoilt one harms no other job."""

    id: int
    kind: str
    guild_id: int | None
    due_at: datetime
    payload: str
    standing: Standing

    def job(self) -> Job:
        """Return the job as its handler sees it. Raises `ValueError` for a payload that is no JSON."""
        attempts = self.standing.attempts
        return Job(self.id, self.kind, self.guild_id, self.due_at, json.loads(self.payload), attempts)


async def enqueue(
    writer: Writer,
    ids: Ids,
    *,
    kind: str,
    guild_id: int | None,
    due_at: datetime,
    payload: Mapping[str, Any],
    dedupe_key: str | None = None,
) -> int:
    """Write a job in the caller's transaction and return its id; call the runner's `kick()` after the commit.

    `payload` holds ids only (see `Job`). Where a job with this `dedupe_key` exists already, waiting or ended
    and not pruned yet, nothing changes and its id is returned. Raises `ValueError` for a naive `due_at`, for
    a payload with anything longer than a token or of more than 1,000 characters, and for a kind or key that
    is no token.
    """
    check_token("a job's kind", kind)
    check_payload(payload)
    if dedupe_key is not None:
        check_token("a dedupe key", dedupe_key)
    text = json.dumps(dict(payload), separators=(",", ":"), sort_keys=True)
    if len(text) > LONGEST_PAYLOAD:
        raise ValueError("a payload holds a few ids, not a text")
    # One statement: a look and an insert would race with another process, and DO NOTHING returns no row.
    found = await writer.fetch_value(
        "INSERT INTO jobs (id, kind, guild_id, due_at, payload, dedupe_key) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (dedupe_key) DO UPDATE SET dedupe_key = excluded.dedupe_key RETURNING id",
        *(ids.new(), kind, guild_id, to_ms(due_at), text, dedupe_key),
    )
    return int(found)


async def cancel(writer: Writer, dedupe_key: str) -> bool:
    """Delete the waiting job of this key, in the caller's transaction; return whether there was one.

    A job that runs at this moment may still be delivered. One that ended stays, and with it the key.
    """
    return await writer.execute(f"DELETE FROM jobs WHERE dedupe_key = $1 AND {_PENDING}", dedupe_key) > 0


async def prune(writer: Writer, before: datetime) -> int:
    """Delete the jobs that ended before a moment, done or given up; return how many there were."""
    return await writer.execute("DELETE FROM jobs WHERE done_at < $1 OR failed_at < $1", to_ms(before))


async def waiting(
    reader: Reader,
    now: datetime,
    kinds: Sequence[str],
    urgent: Sequence[str],
    *,
    turns: int,
    after: int,
    page: int,
    skip: int,
) -> list[Waiting]:
    """Return one page of the jobs that are due and free: each server's first, then each one's second, ...

    At most `turns` of each server, and only of the kinds named; those that are `urgent` come first. The servers stand
    in a ring that begins behind `after`, the one served last (0: jobs of no server): as soon as its first job is taken,
    a server's second one is its first.
    """
    if not kinds:
        return []
    rest = f"CASE WHEN kind IN ({_places(6 + len(kinds), urgent)}) THEN 0 ELSE 1 END" if urgent else "1"
    rows = await reader.fetch_all(
        "SELECT id, guild_id, ready_at FROM (SELECT id, guild_id, ready_at, rest,"
        " ROW_NUMBER() OVER (PARTITION BY guild_id ORDER BY rest, due_at, id) AS turn"
        f" FROM (SELECT id, guild_id, due_at, {_READY} AS ready_at, {rest} AS rest"
        f" FROM jobs WHERE {_FREE} AND kind IN ({_places(6, kinds)})) AS due) AS ranked"
        " WHERE turn <= $2 ORDER BY rest, turn, CASE WHEN COALESCE(guild_id, 0) > $5 THEN 0 ELSE 1 END,"
        " COALESCE(guild_id, 0), id LIMIT $3 OFFSET $4",
        to_ms(now),
        turns,
        page,
        skip,
        after,
        *kinds,
        *urgent,
    )
    return [Waiting(row["id"], row["guild_id"], row["ready_at"]) for row in rows]


async def lease(database: Database, job_ids: Sequence[int], owner: str, now: datetime, until: datetime) -> list[Leased]:
    """Take the jobs that are still free, in one transaction, and return them.

    A lease that its owner let expire counts as an attempt: the job may have been delivered before the crash.
    """
    async with database.write() as writer:
        rows = await writer.fetch_all(
            f"WITH free AS (SELECT id FROM jobs WHERE {_FREE} AND id IN ({_places(4, job_ids)})"
            f" {database.lock_clause})"
            " UPDATE jobs SET attempts = attempts + CASE WHEN lease_owner IS NULL THEN 0 ELSE 1 END,"
            " lease_owner = $2, lease_until = $3 WHERE id IN (SELECT id FROM free)"
            " RETURNING id, kind, guild_id, due_at, payload, attempts, last_error",
            to_ms(now),
            owner,
            to_ms(until),
            *job_ids,
        )
    return [_leased(row) for row in rows]


async def read_again(reader: Reader, job_id: int, owner: str, now: datetime) -> Leased | None:
    """Return the job as it stands now, or None where it is gone, over, or no longer leased by this owner."""
    row = await reader.fetch_one(
        "SELECT id, kind, guild_id, due_at, payload, attempts, last_error FROM jobs"
        f" WHERE id = $2 AND lease_owner = $3 AND lease_until > $1 AND {_DUE}",
        *(to_ms(now), job_id, owner),
    )
    return _leased(row) if row is not None else None


async def record(writer: Writer, job_id: int, owner: str, verdict: Verdict) -> bool:
    """Write what became of a job; return False, and write nothing, where its lease is no longer ours."""
    holder = owner if verdict.holds else None
    changed = await writer.execute(
        "UPDATE jobs SET attempts = $3, last_error = $4, done_at = $5, failed_at = $6, lease_until = $7,"
        f" lease_owner = $8 WHERE id = $1 AND lease_owner = $2 AND {_PENDING}",
        *(job_id, owner, verdict.attempts, verdict.last_error),
        *(_ms(verdict.done_at), _ms(verdict.failed_at), _ms(verdict.free_at), holder),
    )
    return changed > 0


async def release(writer: Writer, owner: str, keep: Collection[int]) -> int:
    """Give back every lease of an owner but those in `keep`; return how many there were."""
    rest = f" AND id NOT IN ({_places(2, keep)})" if keep else ""
    return await writer.execute(
        f"UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1 AND {_PENDING}{rest}",
        owner,
        *keep,
    )


async def soonest(reader: Reader, kinds: Sequence[str], until: datetime | None) -> list[tuple[int | None, int]]:
    """Return, for each server, when its next job is ready, among those due up to a moment (None: all)."""
    if not kinds:
        return []
    rows = await reader.fetch_all(
        f"SELECT guild_id, MIN({_READY}) AS ready_at FROM jobs"
        f" WHERE {_DUE} AND kind IN ({_places(2, kinds)}) GROUP BY guild_id",
        2**63 - 1 if until is None else to_ms(until),
        *kinds,
    )
    return [(row["guild_id"], row["ready_at"]) for row in rows]


async def unknown_kinds(reader: Reader, kinds: Sequence[str], now: datetime) -> list[str]:
    """Return the kinds of due jobs that are not among those named."""
    rest = f" AND kind NOT IN ({_places(2, kinds)})" if kinds else ""
    rows = await reader.fetch_all(
        f"SELECT DISTINCT kind FROM jobs WHERE {_DUE}{rest} ORDER BY kind", to_ms(now), *kinds
    )
    return [row["kind"] for row in rows]


def _leased(row: Row) -> Leased:
    standing = Standing(row["attempts"], row["last_error"])
    return Leased(row["id"], row["kind"], row["guild_id"], from_ms(row["due_at"]), row["payload"], standing)


def _ms(moment: datetime | None) -> Value:
    return None if moment is None else to_ms(moment)


def _places(first: int, values: Collection[Value]) -> str:
    """Return `$4, $5, $6` for three values: placeholders only, so that no value becomes part of the SQL."""
    return ", ".join(f"${number}" for number in range(first, first + len(values)))
