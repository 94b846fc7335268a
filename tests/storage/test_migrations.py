"""From nothing to the newest schema, back, twice at once, and into every wall on the way."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.errors import EXIT_DATABASE, EXIT_REVISION, EXIT_SETTINGS, StartError
from bot.storage import (
    HEAD,
    REVISIONS,
    current_revision,
    migrate,
    migrate_in_subprocess,
    require_head,
    upgrade,
)
from bot.storage.address import sqlite_path
from bot.storage.filelock import FileLock
from bot.storage.migrations.__main__ import main
from bot.storage.sqlite_connections import peek_revision
from tests.storage.opened import opened


async def tables(url: str) -> set[str]:
    async with opened(url) as database, database.read() as reader:
        names = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            "postgresql": "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
        }[database.dialect]
        return {row["name"] for row in await reader.fetch_all(names)}


async def revision(url: str) -> str | None:
    async with opened(url) as database:
        return await current_revision(database)


async def set_revision(url: str, number: str) -> None:
    async with opened(url) as database, database.write() as writer:
        await writer.execute("UPDATE alembic_version SET version_num = $1", number)


def test_the_constants_are_the_migrations() -> None:
    from alembic.script import ScriptDirectory

    from bot.storage.schema_change import configured

    script = ScriptDirectory.from_config(configured())
    assert tuple(step.revision for step in script.walk_revisions())[::-1] == REVISIONS
    assert script.get_current_head() == HEAD


async def test_up_from_nothing_down_and_up_again(empty_url: str) -> None:
    assert await revision(empty_url) is None
    await asyncio.to_thread(migrate, empty_url)
    assert await revision(empty_url) == HEAD
    first = await tables(empty_url)
    assert "members" in first
    await asyncio.to_thread(upgrade.move, empty_url, "downgrade", "base")
    assert await revision(empty_url) is None
    assert await tables(empty_url) == {"alembic_version"}
    await asyncio.to_thread(migrate, empty_url)
    assert await tables(empty_url) == first
    assert await revision(empty_url) == HEAD


async def test_what_an_older_evenkeel_kept_is_there_after_each_step(empty_url: str) -> None:
    """A database of every released revision, with a row in each of its tables, goes up to HEAD and back."""
    await asyncio.to_thread(upgrade.move, empty_url, "upgrade", REVISIONS[0])
    rows = {
        "guilds (guild_id, timezone, created_at, updated_at)": (1 << 61, "Europe/London", 5, 6),
        "members (guild_id, user_id, words_sealed, created_at, updated_at)": (1 << 61, 2, "sealed", 5, 6),
        "saved_snippets (guild_id, user_id, snippet_id, saved_at)": (1 << 61, 2, "slow-breathing", 5),
        "care_requests (request_id, guild_id, user_id, created_at)": (9, 1 << 61, 2, 5),
        "jobs (id, kind, guild_id, due_at, payload)": (7, "care.card", 1 << 61, 5, "{}"),
    }

    async def kept() -> list[tuple[object, ...]]:
        async with opened(empty_url) as database, database.read() as reader:
            found = [await reader.fetch_one(f"SELECT {_columns(into)} FROM {into.split()[0]}") for into in rows]
        return [
            tuple(row[name] for name in _columns(into).split(", "))
            for into, row in zip(rows, found, strict=True)
            if row
        ]

    async with opened(empty_url) as database, database.write() as writer:
        for into, values in rows.items():
            places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
            await writer.execute(f"INSERT INTO {into} VALUES ({places})", *values)
    for number in (*REVISIONS[1:], REVISIONS[0]):
        await asyncio.to_thread(upgrade.move, empty_url, "downgrade" if number == REVISIONS[0] else "upgrade", number)
        assert await revision(empty_url) == number
        assert await kept() == list(rows.values())


def _columns(into: str) -> str:
    return into.partition("(")[2].rstrip(")")


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    await asyncio.to_thread(migrate, empty_url)
    async with opened(empty_url) as database:  # in use: nothing to do must not need the lock
        async with database.write() as writer:
            await writer.execute("INSERT INTO app_state (key, value) VALUES ('a', '1')")
        await asyncio.to_thread(migrate, empty_url)
        await migrate_in_subprocess(empty_url)
        async with database.read() as reader:
            assert await reader.fetch_value("SELECT value FROM app_state") == "1"


async def test_two_runs_at_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate_in_subprocess(empty_url) for _ in range(2)))
    assert await revision(empty_url) == HEAD


async def test_a_migration_that_fails_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    class FailedHalfway(Exception):
        pass

    def stop(*args: object, **options: object) -> None:
        raise FailedHalfway

    await revision(empty_url)
    monkeypatch.setattr(Operations, "create_index", stop)
    with pytest.raises(FailedHalfway):
        await asyncio.to_thread(migrate, empty_url)
    assert await tables(empty_url) == set()
    monkeypatch.undo()
    await asyncio.to_thread(migrate, empty_url)
    assert await revision(empty_url) == HEAD


async def test_a_start_on_another_revision_is_refused(empty_url: str) -> None:
    async def refusal() -> StartError:
        async with opened(empty_url) as database:
            with pytest.raises(StartError) as caught:
                await require_head(database)
        assert caught.value.exit_code == EXIT_REVISION
        return caught.value

    assert "evenkeel migrate" in (await refusal()).sentence
    await asyncio.to_thread(migrate, empty_url)
    async with opened(empty_url) as database:
        await require_head(database)
    await set_revision(empty_url, "9999")
    assert "newer Evenkeel" in (await refusal()).sentence


def test_a_file_in_use_is_not_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "evenkeel.db"
    monkeypatch.setattr(upgrade, "WAIT_SECONDS", 0.0)
    with FileLock(path).held(alone=False), pytest.raises(StartError, match="another process is using it") as caught:
        migrate(f"sqlite:///{path}")
    assert caught.value.exit_code == EXIT_DATABASE
    assert not path.exists()


def test_a_file_locked_by_something_else(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database browser, say, which knows nothing of our lock."""
    from bot.storage import schema_change

    monkeypatch.setattr(schema_change, "BUSY_SECONDS", 0.0)
    browser = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)
    browser.execute("BEGIN IMMEDIATE")
    with pytest.raises(StartError, match="database is locked") as caught:
        upgrade.move(sqlite_url, "downgrade", "base")
    browser.close()
    assert caught.value.exit_code == EXIT_DATABASE
    upgrade.move(sqlite_url, "downgrade", "base")


async def test_the_child_process_says_why(tmp_path: Path) -> None:
    path = tmp_path / "evenkeel.db"
    path.write_bytes(b"not a database, and longer than a header of a hundred bytes would be" * 4)
    with pytest.raises(StartError, match="file is not a database") as caught:
        await migrate_in_subprocess(f"sqlite:///{path}")
    assert caught.value.exit_code == EXIT_DATABASE
    assert "\n" not in caught.value.sentence


async def test_a_cancelled_migration_leaves_no_child(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started: asyncio.Future[asyncio.subprocess.Process] = asyncio.get_running_loop().create_future()
    start = asyncio.create_subprocess_exec

    async def remember(*args: str, **options: Any) -> asyncio.subprocess.Process:
        started.set_result(await start(*args, **options))
        return started.result()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remember)
    task = asyncio.create_task(migrate_in_subprocess(empty_url))
    child = await started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert child.returncode is not None
    assert await revision(empty_url) in (None, HEAD)


def test_the_command_takes_the_address_either_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "evenkeel.db"
    assert main([f"sqlite:///{path}"]) == 0
    assert peek_revision(path) == HEAD
    assert main([]) == EXIT_SETTINGS
    assert main(["mysql://nobody"]) == EXIT_SETTINGS
    assert capsys.readouterr().err.count("\n") == 2


def test_data_is_copied_before_it_is_changed(sqlite_url: str, tmp_path: Path) -> None:
    path, kept = sqlite_path(sqlite_url), tmp_path / "kept"
    migrate(sqlite_url, kept)
    assert not kept.exists()  # nothing to change, nothing to copy
    upgrade.move(sqlite_url, "downgrade", "base", kept)
    copies = list(kept.glob("evenkeel-*.db"))
    assert [peek_revision(copy) for copy in copies] == [HEAD]
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'members'").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("what", ["bot.storage", "bot.storage.migrations"])
def test_importing_the_storage_imports_no_alembic(what: str) -> None:
    """22 MB and half a second of start; asyncpg is an extra and may not even be there."""
    look = f"import sys, {what}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    said = subprocess.run(  # noqa: S603 our own words
        [sys.executable, "-c", look],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert not {"alembic", "sqlalchemy", "mako", "asyncpg"} & set(said.stdout.split())
    assert "bot" in said.stdout.split()


async def test_opening_and_using_a_database_imports_no_alembic(sqlite_url: str) -> None:
    look = (
        "import asyncio, sys\n"
        "from bot.storage import migrate_in_subprocess, open_database, require_head\n"
        "async def run():\n"
        "    await migrate_in_subprocess(sys.argv[1])\n"
        "    database = await open_database(sys.argv[1])\n"
        "    await require_head(database)\n"
        "    await database.close()\n"
        "asyncio.run(run())\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", look, sqlite_url),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    said, _ = await child.communicate()
    assert child.returncode == 0
    assert not {"alembic", "sqlalchemy"} & set(said.decode().split())
