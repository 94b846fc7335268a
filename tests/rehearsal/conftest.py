"""Worlds for the rehearsal's own tests."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from rehearsal.world import World, opened_world
from tests.rehearsal.standin import StandInEngine

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def engine() -> StandInEngine:
    """A fresh engine over the stand-in bot."""
    return StandInEngine()


@pytest.fixture
async def world(engine: StandInEngine) -> AsyncIterator[World]:
    """A ready world on a Monday evening."""
    async with opened_world(engine, ready=True, start=EVENING) as opened:
        yield opened
