"""Check-ins: schedules and their posts, entries and replies, what a rhythm is counted from, weekly summaries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEXES = {
    "checkin_schedules_group": ("checkin_schedules", ["guild_id"]),
    "checkin_posts_group": ("checkin_posts", ["guild_id", "day"]),
    "checkin_entries_person": ("checkin_entries", ["guild_id", "user_id", "day"]),
    "checkin_entries_post": ("checkin_entries", ["schedule_id", "post_day"]),
    "checkin_entries_message": ("checkin_entries", ["message_id"]),
    "checkin_entries_room": ("checkin_entries", ["room_id"]),
    "checkin_entries_day": ("checkin_entries", ["guild_id", "day"]),
    "checkin_replies_entry": ("checkin_replies", ["entry_id"]),
    "checkin_replies_person": ("checkin_replies", ["guild_id", "user_id"]),
    "checkin_requests_person": ("checkin_requests", ["guild_id", "user_id"]),
    "checkin_notes_entry": ("checkin_notes", ["entry_id"]),
}
# The few entries that wait for a reply, among all that are kept.
_OPEN = "checkin_entries_open"
_TABLES = (
    "outages", "guild_stays", "guild_rests", "member_stays", "member_rests", "checkin_schedules",
    "checkin_question_sets", "checkin_posts", "checkin_groups", "checkin_entries", "checkin_skips", "checkin_replies",
    "checkin_requests", "checkin_notes", "checkin_people", "checkin_weeks", "checkin_averages", "checkin_panels",
)  # fmt: skip


def upgrade() -> None:
    """Build the tables of the check-ins."""
    _past()
    _group()
    _people()
    _weeks()
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)
    open_wish = sa.text("asked_at IS NOT NULL AND answered_at IS NULL")
    op.create_index(
        _OPEN, "checkin_entries", ["guild_id", "asked_at"], sqlite_where=open_wish, postgresql_where=open_wish
    )


def downgrade() -> None:
    """Drop the tables of the check-ins."""
    op.drop_index(_OPEN, table_name="checkin_entries")
    for name, (table, _columns) in _INDEXES.items():
        op.drop_index(name, table_name=table)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _past() -> None:
    op.create_table("outages", _key("since", _KEY), _whole("until"))
    op.create_table("guild_stays", _key("guild_id"), _key("since"), _text("timezone"))
    op.create_table("guild_rests", _key("guild_id"), _key("since"), _whole("until", nullable=True))
    op.create_table("member_stays", _key("guild_id"), _key("user_id"), _key("since"), _text("timezone", nullable=True))
    op.create_table(
        "member_rests",
        _key("guild_id"),
        _key("user_id"),
        _key("kind", sa.Text()),
        _key("since"),
        _whole("until", nullable=True),
    )


def _group() -> None:
    op.create_table(
        "checkin_schedules",
        _key("schedule_id", _KEY),
        _whole("guild_id"),
        _text("name_sealed"),
        _whole("channel_id"),
        _small("minute"),
        _text("timezone", nullable=True),
        _small("weekdays"),
        _text("question_set"),
        _small("thread"),
        _small("prompts"),
        _whole("edition"),
        _text("settled_day"),
        _small("paused"),
        _text("paused_until", nullable=True),
        _text("trouble", nullable=True),
        _text("trouble_day", nullable=True),
        _whole("created_at"),
        _whole("updated_at"),
    )
    op.create_table(
        "checkin_question_sets",
        _key("guild_id"),
        _key("set_id", sa.Text()),
        _text("words_sealed"),
        _whole("edition"),
        _whole("created_at"),
        _whole("updated_at"),
    )
    op.create_table(
        "checkin_posts",
        _key("schedule_id"),
        _key("day", sa.Text()),
        _whole("guild_id"),
        _whole("channel_id"),
        _whole("message_id", nullable=True),
        _whole("thread_id", nullable=True),
        _text("prompt_id", nullable=True),
        _whole("posted_at"),
        sa.Column("edits", sa.Integer(), nullable=False),
        _whole("edited_at", nullable=True),
    )
    op.create_table(
        "checkin_groups",
        _key("guild_id", _KEY),
        _small("wait_minutes"),
        _whole("weekly_channel_id", nullable=True),
        _whole("edition"),
        _whole("updated_at"),
    )


def _people() -> None:
    op.create_table(
        "checkin_entries",
        _key("entry_id", _KEY),
        _whole("guild_id"),
        _whole("user_id"),
        _whole("schedule_id"),
        _text("set_id"),
        _text("day"),
        _text("post_day", nullable=True),
        _text("choice"),
        _small("mood", nullable=True),
        _small("sleep", nullable=True),
        _small("urge", nullable=True),
        _text("marks_sealed", nullable=True),
        _text("words_sealed", nullable=True),
        _small("numbers_shown"),
        _text("held", nullable=True),
        _whole("edition"),
        _text("place"),
        _whole("channel_id", nullable=True),
        _whole("message_id", nullable=True),
        _whole("room_id", nullable=True),
        _whole("asked_at", nullable=True),
        _whole("answered_at", nullable=True),
        _small("told_early"),
        _small("told"),
        _whole("written_at"),
        _whole("updated_at"),
        sa.UniqueConstraint("guild_id", "user_id", "schedule_id", "day"),
    )
    op.create_table("checkin_skips", _key("guild_id"), _key("user_id"), _key("day", sa.Text()), _whole("pressed_at"))
    op.create_table(
        "checkin_replies",
        _key("reply_id", _KEY),
        _whole("guild_id"),
        _whole("user_id"),
        _whole("entry_id"),
        _text("words_sealed", nullable=True),
        _whole("channel_id", nullable=True),
        _whole("message_id", nullable=True),
        _whole("written_at"),
    )
    op.create_table(
        "checkin_requests",
        _key("entry_id"),
        _key("user_id"),
        _whole("guild_id"),
        _whole("asked_at"),
        _small("fell_through"),
    )
    op.create_table(
        "checkin_notes",
        _key("message_id", _KEY),
        _whole("guild_id"),
        _whole("entry_id"),
        _text("kind"),
        _whole("channel_id"),
        _whole("posted_at"),
    )
    op.create_table(
        "checkin_people",
        _key("guild_id"),
        _key("user_id"),
        _small("remind_minute", nullable=True),
        _small("remind_days", nullable=True),
        _whole("remind_edition"),
        _small("remind_failures"),
        _small("remind_ended"),
        _small("months", nullable=True),
        _text("offer_day", nullable=True),
        _text("kept", nullable=True),
        _whole("updated_at"),
    )


def _weeks() -> None:
    op.create_table(
        "checkin_weeks",
        _key("guild_id"),
        _key("week", sa.Text()),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("about_check_ins", sa.Integer(), nullable=True),
        _text("bands"),
        _whole("channel_id", nullable=True),
        _whole("message_id", nullable=True),
        _whole("computed_at"),
    )
    op.create_table("checkin_averages", _key("guild_id"), _key("measure", sa.Text()), _small("erased"))
    op.create_table("checkin_panels", _key("guild_id"), _key("measure", sa.Text()), _key("user_id"))


def _key(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind or sa.BigInteger(), primary_key=True, autoincrement=False, nullable=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _small(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.SmallInteger(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)
