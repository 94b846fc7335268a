"""Injected time: nothing in the project asks the machine for the time except through a `Clock`."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """What the platform needs of time."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; returns at once for zero or less."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


def to_ms(moment: datetime) -> int:
    """Return milliseconds since 1970 UTC, the form in which every moment is stored.

    Raises `ValueError` for a naive datetime: a moment without a zone is a bug, not a time.
    """
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a zone before it can be stored")
    return (moment - EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the aware UTC moment of a stored number of milliseconds."""
    return EPOCH + milliseconds * _MILLISECOND
