"""A backup made in the middle of work, and the drill of putting it back."""

import asyncio
import errno
import os
import shutil
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import EXIT_DATABASE, EXIT_REVISION, StartError
from bot.storage import HEAD, Database, backup, backups, current_revision, restore
from bot.storage.address import sqlite_path
from bot.storage.filelock import FileLock
from tests.clock import FakeClock
from tests.storage.opened import opened

INSERT = "INSERT INTO app_state (key, value) VALUES ($1, $2)"


async def rows(url: str) -> dict[str, str]:
    async with opened(url) as database, database.read() as reader:
        assert await reader.fetch_value("PRAGMA integrity_check") == "ok"
        return {row["key"]: row["value"] for row in await reader.fetch_all("SELECT key, value FROM app_state")}


async def put(database: Database, key: str, value: str = "") -> None:
    async with database.write() as writer:
        await writer.execute(INSERT, key, value)


async def refused(file: Path, url: str) -> StartError:
    with pytest.raises(StartError) as caught:
        await restore(file, url)
    assert caught.value.sentence.endswith(".")
    assert "\n" not in caught.value.sentence
    return caught.value


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.endswith(".lock"))


async def test_a_backup_is_named_by_its_moment_and_closed_to_others(sqlite_url: str, tmp_path: Path) -> None:
    clock, folder = FakeClock(datetime(2026, 11, 22, 21, 5, 9, tzinfo=UTC)), tmp_path / "kept"
    made = await backup(sqlite_url, folder, 14, clock=clock)
    assert made == folder / "evenkeel-20261122T210509Z.db"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    second = await backup(sqlite_url, folder, 14, clock=clock)
    assert names(folder) == sorted([made.name, second.name])
    assert second.name == "evenkeel-20261122T210509Z-2.db"
    assert await rows(f"sqlite:///{made}") == {}


async def test_old_backups_go_and_nothing_else_does(sqlite_url: str, tmp_path: Path) -> None:
    clock, folder = FakeClock(datetime(2026, 3, 1, tzinfo=UTC)), tmp_path / "kept"
    path = sqlite_path(sqlite_url)
    for _ in range(5):
        await backup(sqlite_url, folder, 3, clock=clock)
        clock.advance(timedelta(days=1))
    (folder / "evenkeel-by-hand.db").touch()
    (folder / "notes.txt").touch()
    (folder / ".evenkeel-cut-off.partial").touch()
    for stamp in ("20260228T000000Z", "20260305T000000Z"):
        path.with_name(f"{path.name}.before-{stamp}").touch()
        path.with_name(f"{path.name}.before-{stamp}-wal").touch()
    await backup(sqlite_url, folder, 3, clock=clock)
    assert names(folder) == [
        *(f"evenkeel-2026030{day}T000000Z.db" for day in (3, 4, 5, 6)),
        "evenkeel-by-hand.db",
        "notes.txt",
    ]
    asides = [name for name in names(path.parent) if "before" in name]
    assert asides == [f"{path.name}.before-20260305T000000Z", f"{path.name}.before-20260305T000000Z-wal"]


async def test_a_backup_under_load_is_one_whole_moment(sqlite_database: Database, tmp_path: Path) -> None:
    """Every block writes a pair; a copy with half a pair, or without what was committed before it, is wrong."""
    database = sqlite_database
    stop = asyncio.Event()
    committed = 0

    async def load() -> None:
        nonlocal committed
        number = 0
        while not stop.is_set():
            async with database.write() as writer:
                await writer.execute_many(INSERT, [(f"left{number}", "x" * 2000), (f"right{number}", "x" * 2000)])
            committed = number = number + 1

    async def save() -> None:
        for copy in range(5):
            before = committed
            made = await backup(database, tmp_path / f"kept{copy}", 7)
            saved = await rows(f"sqlite:///{made}")
            lefts = {key.removeprefix("left") for key in saved if key.startswith("left")}
            rights = {key.removeprefix("right") for key in saved if key.startswith("right")}
            assert lefts == rights
            assert len(lefts) >= before

    loading = asyncio.create_task(load())
    try:
        await save()
        assert committed > 0  # the writer went on beside the copying
    finally:
        stop.set()
        await loading


async def test_the_drill(sqlite_url: str, tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 5, 1, 8, 0, tzinfo=UTC))
    path = sqlite_path(sqlite_url)
    async with opened(sqlite_url) as database:
        await put(database, "kept", "1")
        made = await backup(database, tmp_path / "kept", 7, clock=clock)
        await put(database, "later", "2")

    aside = await restore(made, sqlite_url, clock=clock)
    assert aside == path.with_name("evenkeel.db.before-20260501T080000Z")
    assert await rows(sqlite_url) == {"kept": "1"}
    assert await rows(f"sqlite:///{aside}") == {"kept": "1", "later": "2"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert made.exists()
    async with opened(sqlite_url) as database:
        assert await current_revision(database) == HEAD


async def test_a_journal_left_by_a_crash_goes_aside_with_its_file(sqlite_url: str, tmp_path: Path) -> None:
    path = sqlite_path(sqlite_url)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    async with opened(sqlite_url) as database:
        made = await backup(database, tmp_path / "kept", 7)
        await put(database, "late", "1")
        for file in path.parent.glob("evenkeel.db*"):  # as a power cut would leave them: the row is in the -wal only
            shutil.copyfile(file, crashed / file.name)
    url = f"sqlite:///{crashed / path.name}"
    aside = await restore(made, url)
    assert aside is not None
    assert await rows(url) == {}
    assert await rows(f"sqlite:///{aside}") == {"late": "1"}


async def test_restoring_where_nothing_was(sqlite_url: str, tmp_path: Path) -> None:
    made = await backup(sqlite_url, tmp_path / "kept", 7)
    fresh = tmp_path / "new" / "evenkeel.db"
    assert await restore(made, f"sqlite:///{fresh}") is None
    assert await rows(f"sqlite:///{fresh}") == {}
    assert stat.S_IMODE(fresh.parent.stat().st_mode) == 0o700


async def test_restoring_under_a_running_bot_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    async with opened(sqlite_url) as database:
        await put(database, "a")
        made = await backup(database, tmp_path / "kept", 7)
        await put(database, "b")
        error = await refused(made, sqlite_url)
        assert error.exit_code == EXIT_DATABASE
        assert "stop it" in error.sentence
        await put(database, "c")
    assert set(await rows(sqlite_url)) == {"a", "b", "c"}


async def test_bad_backups_change_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with opened(sqlite_url) as database:
        async with database.write() as writer:
            await writer.execute_many(INSERT, [(f"key{number}", "x" * 500) for number in range(200)])
        made = await backup(database, tmp_path / "kept", 7)
    before = sqlite_path(sqlite_url).read_bytes()

    damaged = tmp_path / "damaged.db"
    content = bytearray(made.read_bytes())
    content[4096 * 3 : 4096 * 30] = b"\xaa" * (4096 * 27)
    damaged.write_bytes(content)
    words = tmp_path / "words.db"
    words.write_text("Nothing of a database in here, only words, and more of them. " * 50)
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    newer = tmp_path / "newer.db"
    shutil.copyfile(made, newer)
    connection = sqlite3.connect(newer)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()

    for file, exit_code in {
        damaged: EXIT_DATABASE,
        words: EXIT_DATABASE,
        tmp_path / "missing.db": EXIT_DATABASE,
        foreign: EXIT_REVISION,
        newer: EXIT_REVISION,
    }.items():
        assert (await refused(file, sqlite_url)).exit_code == exit_code, file.name
        assert sqlite_path(sqlite_url).read_bytes() == before
    assert not (tmp_path / "missing.db").exists()
    assert not list(sqlite_path(sqlite_url).parent.glob("*.before-*"))
    assert not list(sqlite_path(sqlite_url).parent.glob(".evenkeel-*"))


async def test_damage_that_still_reads_is_found(sqlite_url: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)
    for statement in (
        "INSERT INTO submissions (submission_key, handled_at) VALUES ('a', 1)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'handled_at BIGINT', 'handled_at BIGINT CHECK (handled_at > 5)')"
        " WHERE name = 'submissions'",
    ):
        connection.execute(statement)
    connection.close()
    with pytest.raises(StartError, match="integrity check found damage"):
        await backup(sqlite_url, tmp_path / "kept", 7)
    assert names(tmp_path / "kept") == []


async def test_a_full_disk_leaves_no_draft(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    made = await backup(sqlite_url, tmp_path / "kept", 7)
    monkeypatch.setattr("bot.storage.backups.os.fsync", full)
    with pytest.raises(StartError, match="No space left") as caught:
        await backup(sqlite_url, tmp_path / "kept", 7)
    assert caught.value.exit_code == EXIT_DATABASE
    assert names(tmp_path / "kept") == [made.name]
    assert "No space left" in (await refused(made, sqlite_url)).sentence
    assert not list(sqlite_path(sqlite_url).parent.glob(".evenkeel-*"))


async def test_a_folder_that_takes_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError) as caught:
        await backup(sqlite_url, tmp_path / "file", 7)
    assert caught.value.exit_code == EXIT_DATABASE


async def test_one_backup_into_a_folder_at_a_time(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await asyncio.gather(*(backup(sqlite_url, tmp_path / "kept", 7) for _ in range(3)))
    assert len(set(made)) == 3
    monkeypatch.setattr(backups, "WAIT_SECONDS", 0.0)
    for lock, said in {
        FileLock(tmp_path / "kept" / "backups"): "under way",
        FileLock(sqlite_path(sqlite_url)): "migrated or restored",
    }.items():
        with lock.held(alone=True), pytest.raises(StartError, match=said):
            await backup(sqlite_url, tmp_path / "kept", 7)


async def test_backups_are_kept_a_day_at_least(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        await backup(sqlite_url, tmp_path, 0)


async def test_a_backup_of_a_missing_file_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="no such file"):
        await backup(f"sqlite:///{tmp_path / 'deep' / 'none.db'}", tmp_path / "kept", 7)
    assert names(tmp_path) == []


async def test_postgresql_has_its_own_programs(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="pg_dump"):
        await backup("postgresql://127.0.0.1/keel", tmp_path, 7)
    assert "pg_restore" in (await refused(tmp_path / "x.dump", "postgresql://127.0.0.1/keel")).sentence


@pytest.mark.postgres
async def test_an_open_postgresql_database_too(postgresql_template: str, tmp_path: Path) -> None:
    async with opened(postgresql_template) as database:
        with pytest.raises(StartError, match="pg_dump"):
            await backup(database, tmp_path, 7)
