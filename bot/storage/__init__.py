"""The database: one small interface, two engines, encryption at rest, migrations and backups."""

from bot.storage.alone import alone
from bot.storage.backups import backup
from bot.storage.interface import (
    Condition,
    ConditionFailed,
    Database,
    DatabaseBusy,
    Dialect,
    Reader,
    Row,
    TransactionFailed,
    Value,
    Writer,
)
from bot.storage.keys import load_or_make_key
from bot.storage.opening import open_database
from bot.storage.restoring import restore
from bot.storage.revision import HEAD, REVISIONS, current_revision, require_head
from bot.storage.rotation import SEALED_COLUMNS, SealedTable, check_key, rotate
from bot.storage.upgrade import migrate, migrate_in_subprocess
from bot.storage.vault import SealBroken, Vault

__all__ = [
    "HEAD",
    "REVISIONS",
    "SEALED_COLUMNS",
    "Condition",
    "ConditionFailed",
    "Database",
    "DatabaseBusy",
    "Dialect",
    "Reader",
    "Row",
    "SealBroken",
    "SealedTable",
    "TransactionFailed",
    "Value",
    "Vault",
    "Writer",
    "alone",
    "backup",
    "check_key",
    "current_revision",
    "load_or_make_key",
    "migrate",
    "migrate_in_subprocess",
    "open_database",
    "require_head",
    "restore",
    "rotate",
]
