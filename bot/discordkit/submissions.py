"""A form counts once, however often Discord or an impatient thumb delivers it."""

from datetime import datetime

from bot.clock import to_ms
from bot.storage import Writer


async def first_time(writer: Writer, submission: str, now: datetime) -> bool:
    """Take the one-time mark of a form in the transaction that stores its answer; False when it was taken before."""
    taken = await writer.execute(
        "INSERT INTO submissions (submission_key, handled_at) VALUES ($1, $2) "
        "ON CONFLICT (submission_key) DO NOTHING",
        submission, to_ms(now),
    )  # fmt: skip
    return taken > 0


async def forget_old(writer: Writer, before: datetime) -> int:
    """Delete marks older than `before`; a day is ample, since an interaction lives for 15 minutes."""
    return await writer.execute("DELETE FROM submissions WHERE handled_at < $1", to_ms(before))
