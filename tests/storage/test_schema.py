"""One schema on two engines, and what the rest of Evenkeel relies on in it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import Integer, Text, TypeEngine

from bot.storage import SEALED_COLUMNS, Database, migrate

CONTRACT = {
    "app_state": "key* value!",
    "guilds": "guild_id* timezone country kind quiet_from quiet_to paused_since paused_until created_at! "
    "updated_at! left_at",
    "guild_channels": "guild_id* purpose* channel_id! updated_at!",
    "guild_roles": "guild_id* purpose* role_id! updated_at!",
    "guild_retention": "guild_id* feature* months!",
    "setup_guides": "guild_id* state! updated_at!",
    "members": "guild_id* user_id* timezone country quiet_from quiet_to words_sealed default_audience companion! "
    "reminders! break_since break_until created_at! updated_at! left_at",
    "member_avoids": "guild_id* user_id* other_id* created_at!",
    "consents": "guild_id* user_id* policy_version! agreed_at!",
    "saved_snippets": "guild_id* user_id* snippet_id* saved_at!",
    "group_snippets": "guild_id* snippet_id* words_sealed! edition! created_at! updated_at! retired_at",
    "daily_readings": "guild_id* channel_id! minute! topics! thread! edition! settled_day! trouble trouble_day "
    "updated_at!",
    "days_readings": "guild_id* day* snippet_id! round! channel_id message_id chosen_at!",
    "shared_readings": "message_id* guild_id! user_id! channel_id! snippet_id! shared_at!",
    "outages": "since* until!",
    "guild_stays": "guild_id* since* timezone!",
    "guild_rests": "guild_id* since* until",
    "member_stays": "guild_id* user_id* since* timezone",
    "member_rests": "guild_id* user_id* kind* since* until",
    "checkin_schedules": "schedule_id* guild_id! name_sealed! channel_id! minute! timezone weekdays! question_set! "
    "thread! prompts! edition! settled_day! paused! paused_until trouble trouble_day created_at! updated_at!",
    "checkin_question_sets": "guild_id* set_id* words_sealed! edition! created_at! updated_at!",
    "checkin_posts": "schedule_id* day* guild_id! channel_id! message_id thread_id prompt_id posted_at! edits! "
    "edited_at",
    "checkin_groups": "guild_id* wait_minutes! weekly_channel_id edition! updated_at!",
    "checkin_entries": "entry_id* guild_id! user_id! schedule_id! set_id! day! post_day choice! mood sleep urge "
    "marks_sealed words_sealed numbers_shown! held edition! place! channel_id message_id room_id asked_at answered_at "
    "told_early! told! written_at! updated_at!",
    "checkin_skips": "guild_id* user_id* day* pressed_at!",
    "checkin_replies": "reply_id* guild_id! user_id! entry_id! words_sealed channel_id message_id written_at!",
    "checkin_requests": "entry_id* user_id* guild_id! asked_at! fell_through!",
    "checkin_notes": "message_id* guild_id! entry_id! kind! channel_id! posted_at!",
    "checkin_people": "guild_id* user_id* remind_minute remind_days remind_edition! remind_failures! remind_ended! "
    "months offer_day kept updated_at!",
    "checkin_weeks": "guild_id* week* people about_check_ins bands! channel_id message_id computed_at!",
    "checkin_averages": "guild_id* measure* erased!",
    "checkin_panels": "guild_id* measure* user_id*",
    "submissions": "submission_key* handled_at!",
    "care_requests": "request_id* guild_id! user_id! channel_id message_id thread_id waiting_id welcome_id "
    "created_at! claimed_by claimed_at settled_at",
    "jobs": "id* kind! guild_id due_at! payload! dedupe_key attempts! lease_owner lease_until done_at failed_at "
    "last_error",
}
Schema = dict[str, dict[str, Any]]


def family(kind: TypeEngine[Any]) -> str:
    """SQLite keeps every integer in one way; PostgreSQL has three widths of the same."""
    return next((base.__name__ for base in (Integer, Text) if isinstance(kind, base)), type(kind).__name__)


def described(connection: Connection) -> Schema:
    look = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (family(column["type"]), column["nullable"], column["default"])
                for column in look.get_columns(table)
            },
            "key": look.get_pk_constraint(table)["constrained_columns"],
            "unique": [unique["column_names"] for unique in look.get_unique_constraints(table)],
            "indexes": sorted(
                (str(index["name"]), tuple(index["column_names"]), bool(index["unique"]))
                for index in look.get_indexes(table)
                if not index.get("duplicates_constraint")
            ),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


@pytest.fixture
def sqlite_schema(sqlite_url: str) -> Schema:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        schema = described(connection)
    engine.dispose()
    return schema


async def on_postgresql(address: str, ask: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(address))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(ask)
    finally:
        await engine.dispose()


@pytest.mark.postgres
async def test_the_schema_is_the_same_on_both_engines(sqlite_schema: Schema, postgresql_template: str) -> None:
    assert await on_postgresql(postgresql_template, described) == sqlite_schema


@pytest.mark.postgres
async def test_ids_and_moments_are_wide_enough_on_postgresql(postgresql_template: str) -> None:
    def narrow(connection: Connection) -> set[str]:
        look = inspect(connection)
        columns = [column for table in look.get_table_names() for column in look.get_columns(table)]
        return {column["name"] for column in columns if str(column["type"]) in {"INTEGER", "SMALLINT"}}

    assert await on_postgresql(postgresql_template, narrow) == {
        *("attempts", "companion", "minute", "months", "quiet_from", "quiet_to", "reminders", "round", "thread"),
        *("about_check_ins", "edits", "erased", "fell_through", "mood", "numbers_shown", "paused", "people", "prompts"),
        *("remind_days", "remind_ended", "remind_failures", "remind_minute", "sleep", "told", "told_early", "urge"),
        *("wait_minutes", "weekdays"),
    }


def test_the_tables_are_as_agreed(sqlite_schema: Schema) -> None:
    found = {
        table: " ".join(
            name + ("*" if name in facts["key"] else "" if nullable else "!")
            for name, (_, nullable, _) in facts["columns"].items()
        )
        for table, facts in sqlite_schema.items()
    }
    assert found == CONTRACT
    assert all(
        not nullable
        for facts in sqlite_schema.values()
        for name in facts["key"]
        for nullable in [facts["columns"][name][1]]
    )
    assert sqlite_schema["jobs"]["unique"] == [["dedupe_key"]]
    assert [index[0] for index in sqlite_schema["jobs"]["indexes"]] == ["jobs_due"]


def test_every_sealed_column_is_listed(sqlite_schema: Schema) -> None:
    sealed = {
        table: tuple(name for name in facts["columns"] if name.endswith("_sealed"))
        for table, facts in sqlite_schema.items()
    }
    assert {table: columns for table, columns in sealed.items() if columns} == {
        table: listed.columns for table, listed in SEALED_COLUMNS.items()
    }
    for table, listed in SEALED_COLUMNS.items():
        assert list(listed.key) == sqlite_schema[table]["key"]


async def test_due_jobs_are_found_by_their_index(sqlite_database: Database) -> None:
    async with sqlite_database.read() as reader:
        plan = await reader.fetch_all(
            "EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= $1 "
            "ORDER BY due_at LIMIT 20",
            1,
        )
    assert [row["detail"] for row in plan] == ["SEARCH jobs USING INDEX jobs_due (due_at<?)"]


async def test_defaults_of_a_new_member(database: Database) -> None:
    async with database.write() as writer:
        row = await writer.fetch_one(
            "INSERT INTO members (guild_id, user_id, created_at, updated_at) VALUES ($1, $2, $3, $3) "
            "RETURNING companion, reminders, words_sealed",
            *(1, 2, 3),
        )
    assert row is not None
    assert (row["companion"], row["reminders"], row["words_sealed"]) == (0, 1, None)


async def test_migrating_a_path_with_strange_signs(tmp_path: Path) -> None:
    folder = tmp_path / "100 % #1"
    await asyncio.to_thread(migrate, f"sqlite:///{folder / 'even keel.db'}")
    assert (folder / "even keel.db").exists()
