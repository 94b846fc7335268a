"""What the platform's own tests share."""

import pytest

from tests.storage.conftest import sqlite_database, sqlite_template, sqlite_url
from tests.unit.platform.desk import Desk, made_desk

__all__ = ["sqlite_database", "sqlite_template", "sqlite_url"]


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A front desk with real interactions, and nobody at the other end of the line."""
    return made_desk(monkeypatch)
