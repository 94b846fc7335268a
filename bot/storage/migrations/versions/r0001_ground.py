"""The ground: groups, members, consent, saved snippets, forms that count once, calls for the team, jobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# On SQLite only a column called INTEGER is the row's own address; a BIGINT key would need a second tree.
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Build every table."""
    op.create_table("app_state", _key("key", sa.Text()), _text("value", needed=True))
    _groups()
    _members()
    _what_members_keep()
    _care()
    _jobs()


def downgrade() -> None:
    """Drop every table."""
    op.drop_index("jobs_due", table_name="jobs")
    op.drop_index("care_requests_open", table_name="care_requests")
    for table in _TABLES:
        op.drop_table(table)


_TABLES = (
    "jobs",
    "care_requests",
    "submissions",
    "saved_snippets",
    "consents",
    "member_avoids",
    "members",
    "setup_guides",
    "guild_retention",
    "guild_roles",
    "guild_channels",
    "guilds",
    "app_state",
)


def _key(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False, nullable=False)


def _big(name: str, *, needed: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not needed)


def _small(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), nullable=True)


def _flag(name: str, default: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), nullable=False, server_default=sa.text(default))


def _text(name: str, *, needed: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not needed)


def _groups() -> None:
    op.create_table(
        "guilds",
        _key("guild_id", _KEY),
        _text("timezone"),
        _text("country"),
        _text("kind"),
        _small("quiet_from"),
        _small("quiet_to"),
        _big("paused_since"),
        _big("paused_until"),
        _big("created_at", needed=True),
        _big("updated_at", needed=True),
        _big("left_at"),
    )
    for table, target in (("guild_channels", "channel_id"), ("guild_roles", "role_id")):
        op.create_table(
            table,
            _key("guild_id", sa.BigInteger()),
            _key("purpose", sa.Text()),
            _big(target, needed=True),
            _big("updated_at", needed=True),
        )
    op.create_table(
        "guild_retention",
        _key("guild_id", sa.BigInteger()),
        _key("feature", sa.Text()),
        sa.Column("months", sa.SmallInteger(), nullable=False),
    )
    op.create_table(
        "setup_guides",
        _key("guild_id", _KEY),
        _text("state", needed=True),
        _big("updated_at", needed=True),
    )


def _members() -> None:
    op.create_table(
        "members",
        _key("guild_id", sa.BigInteger()),
        _key("user_id", sa.BigInteger()),
        _text("timezone"),
        _text("country"),
        _small("quiet_from"),
        _small("quiet_to"),
        _text("words_sealed"),
        _text("default_audience"),
        _flag("companion", "0"),
        _flag("reminders", "1"),
        _big("break_since"),
        _big("break_until"),
        _big("created_at", needed=True),
        _big("updated_at", needed=True),
        _big("left_at"),
    )
    op.create_table(
        "member_avoids",
        _key("guild_id", sa.BigInteger()),
        _key("user_id", sa.BigInteger()),
        _key("other_id", sa.BigInteger()),
        _big("created_at", needed=True),
    )


def _what_members_keep() -> None:
    op.create_table(
        "consents",
        _key("guild_id", sa.BigInteger()),
        _key("user_id", sa.BigInteger()),
        _text("policy_version", needed=True),
        _big("agreed_at", needed=True),
    )
    op.create_table(
        "saved_snippets",
        _key("guild_id", sa.BigInteger()),
        _key("user_id", sa.BigInteger()),
        _key("snippet_id", sa.Text()),
        _big("saved_at", needed=True),
    )
    op.create_table("submissions", _key("submission_key", sa.Text()), _big("handled_at", needed=True))


def _care() -> None:
    op.create_table(
        "care_requests",
        _key("request_id", _KEY),
        _big("guild_id", needed=True),
        _big("user_id", needed=True),
        _big("channel_id"),
        _big("message_id"),
        _big("thread_id"),
        _big("waiting_id"),
        _big("welcome_id"),
        _big("created_at", needed=True),
        _big("claimed_by"),
        _big("claimed_at"),
        _big("settled_at"),
    )
    # One open call a person, however many presses arrive at once.
    op.create_index(
        "care_requests_open",
        "care_requests",
        ["guild_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        _key("id", _KEY),
        _text("kind", needed=True),
        _big("guild_id"),
        _big("due_at", needed=True),
        _text("payload", needed=True),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _text("lease_owner"),
        _big("lease_until"),
        _big("done_at"),
        _big("failed_at"),
        _text("last_error"),
        sa.UniqueConstraint("dedupe_key", name="jobs_dedupe_key"),
    )
    pending = sa.text("done_at IS NULL AND failed_at IS NULL")
    op.create_index("jobs_due", "jobs", ["due_at"], sqlite_where=pending, postgresql_where=pending)
