"""The library in full: a group's own readings, its daily reading, what it has read, what was shared."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("shared_readings", "days_readings", "daily_readings", "group_snippets")


def upgrade() -> None:
    """Build the tables of the library."""
    op.create_table(
        "group_snippets",
        _key("guild_id", sa.BigInteger()),
        _key("snippet_id", sa.Text()),
        sa.Column("words_sealed", sa.Text(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "daily_readings",
        _key("guild_id", _KEY),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("thread", sa.SmallInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("settled_day", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_day", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "days_readings",
        _key("guild_id", sa.BigInteger()),
        _key("day", sa.Text()),
        sa.Column("snippet_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "shared_readings",
        _key("message_id", _KEY),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("snippet_id", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("shared_readings_person", "shared_readings", ["guild_id", "user_id"])


def downgrade() -> None:
    """Drop the tables of the library."""
    op.drop_index("shared_readings_person", table_name="shared_readings")
    for table in _TABLES:
        op.drop_table(table)


def _key(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False, nullable=False)
