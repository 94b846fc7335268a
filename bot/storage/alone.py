"""One change at a time where what is kept hangs on many rows."""

from datetime import datetime

from bot.clock import to_ms
from bot.storage.interface import Writer


async def alone(writer: Writer, name: str, now: datetime) -> None:
    """Let no other change under this name happen before this transaction ends; begin each one with it.

    A count or a name that may stand once hangs on all rows of a group, which PostgreSQL would let two transactions read
    at once: both have to write this line first. It goes with the old marks of forms.
    """
    await writer.execute(
        "INSERT INTO submissions (submission_key, handled_at) VALUES ($1, $2) "
        "ON CONFLICT (submission_key) DO UPDATE SET handled_at = excluded.handled_at",
        name, to_ms(now),
    )  # fmt: skip
