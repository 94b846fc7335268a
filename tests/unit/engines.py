"""The database of the storage's own tests, on both engines, for a feature's `conftest.py` to take in whole."""

from tests.storage.conftest import (
    database,
    engine,
    postgresql_server,
    postgresql_template,
    sqlite_template,
    sqlite_url,
    url,
)

__all__ = ["database", "engine", "postgresql_server", "postgresql_template", "sqlite_template", "sqlite_url", "url"]
