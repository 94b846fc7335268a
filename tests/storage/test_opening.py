"""Addresses, locked doors, and what opening leaves behind."""

import logging
import sqlite3
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import EXIT_DATABASE, EXIT_SETTINGS, StartError
from bot.storage import Database, backup, load_or_make_key, migrate, open_database, sqlite, upgrade
from bot.storage.address import described, is_postgresql, sqlite_path
from bot.storage.filelock import FileLock
from bot.storage.interface import ConditionFailed, DatabaseBusy, TransactionFailed
from bot.storage.opening import for_one_bot, is_database_trouble
from bot.storage.sqlite_connections import ReadingConnection
from tests.storage.opened import opened

CANARY = "canary-7f3a"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def plain(error: StartError) -> bool:
    """One sentence, one line."""
    return error.sentence.endswith(".") and "\n" not in error.sentence and error.sentence[0].isupper()


def connection_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]


def still_running() -> list[threading.Thread]:
    """The connections' threads, those apart that are just ending."""
    threads = connection_threads()
    for thread in threads:
        thread.join(5)
    return [thread for thread in threads if thread.is_alive()]


async def refused(url: str) -> StartError:
    with pytest.raises(StartError) as caught:
        await open_database(url)
    assert plain(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "address",
    ["", "evenkeel.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///x.db?mode=ro", "mysql://a/b"],
)
async def test_addresses_of_no_known_form(address: str) -> None:
    assert (await refused(address)).exit_code == EXIT_SETTINGS


def test_relative_and_absolute_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sqlite_path("sqlite:///var/evenkeel.db") == tmp_path / "var" / "evenkeel.db"
    assert sqlite_path("sqlite:////srv/evenkeel.db") == Path("/srv/evenkeel.db")
    assert is_postgresql("postgres://a/b")
    assert is_postgresql("postgresql://a/b")
    assert not is_postgresql("sqlite:///postgresql://a")


@given(password=st.text("abcXYZ0189%.-_~", min_size=3).map(lambda text: f"pw{text}"))
def test_a_password_is_never_named(password: str) -> None:
    assert described(f"postgresql://someone:{password}@db.example:5432/keel") == (
        "the PostgreSQL database keel at db.example:5432"
    )


async def test_a_file_and_its_folder_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "var" / "evenkeel.db"
    async with opened(f"sqlite:///{path}"):
        assert mode(path.parent) == 0o700
        for file in path.parent.iterdir():
            assert mode(file) == 0o600
        assert path.with_name("evenkeel.db-wal").exists()
    assert sorted(file.name for file in path.parent.iterdir()) == ["evenkeel.db", "evenkeel.db.lock"]


async def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    shared.chmod(0o755)
    async with opened(f"sqlite:///{shared / 'evenkeel.db'}"):
        assert mode(shared) == 0o755


async def test_the_settings_of_every_connection(sqlite_database: Database) -> None:
    for block in (sqlite_database.read(), sqlite_database.write()):
        async with block as reader:
            for setting, value in {
                "journal_mode": "wal",
                "synchronous": 2,  # FULL
                "foreign_keys": 1,
                "secure_delete": 1,
                "busy_timeout": 5000,
            }.items():
                assert await reader.fetch_value(f"PRAGMA {setting}") == value


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Things to buy: bread, apples, a new lamp for the hall.\n" * 40)
    error = await refused(f"sqlite:///{path}")
    assert error.exit_code == EXIT_DATABASE
    assert "not a database" in error.sentence
    FileLock(path).take(alone=True)  # and the lock was given back


async def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert (await refused(f"sqlite:///{tmp_path}")).exit_code == EXIT_DATABASE


async def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert (await refused(f"sqlite:///{tmp_path / 'file' / 'evenkeel.db'}")).exit_code == EXIT_DATABASE


async def test_a_file_that_is_being_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "evenkeel.db"
    monkeypatch.setattr(sqlite, "LOCK_SECONDS", 0.0)
    with FileLock(path).held(alone=True):
        error = await refused(f"sqlite:///{path}")
    assert error.exit_code == EXIT_DATABASE
    assert not path.exists()


async def test_a_file_is_for_one_bot_and_for_other_work_beside_it(sqlite_url: str, tmp_path: Path) -> None:
    with for_one_bot(sqlite_url):
        with (
            pytest.raises(StartError, match=r"^Another Evenkeel is using this database") as caught,
            for_one_bot(sqlite_url),
        ):
            raise AssertionError("a second bot must not start")
        assert caught.value.exit_code == EXIT_DATABASE
        assert plain(caught.value)
        migrate(sqlite_url)
        async with opened(sqlite_url):
            assert (await backup(sqlite_url, tmp_path / "backups", 1)).exists()
    with for_one_bot(sqlite_url):
        pass


def test_a_server_is_for_many_bots() -> None:
    url = "postgresql://127.0.0.1:1/keel"
    with for_one_bot(url), for_one_bot(url):
        pass


def test_a_file_that_no_bot_can_have(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path / 'file' / 'evenkeel.db'}"
    with pytest.raises(StartError, match="can't be used") as caught, for_one_bot(url):
        raise AssertionError("it must not be had")
    assert caught.value.exit_code == EXIT_DATABASE
    assert plain(caught.value)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (sqlite3.OperationalError(), True),
        (TransactionFailed(), True),
        (ConditionFailed(), True),
        (DatabaseBusy(), True),
        (asyncpg.PostgresError(), True),
        (asyncpg.exceptions.DiskFullError(), True),
        (asyncpg.InterfaceError("pool is closed"), True),
        (RuntimeError(), False),
        (OSError(), False),
    ],
)
def test_what_counts_as_trouble_with_the_database(error: Exception, ours: bool) -> None:
    assert is_database_trouble(error) is ours


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_in_the_place_of_var_dir(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    var_dir = tmp_path / "file" / below
    with pytest.raises(StartError) as caught:
        load_or_make_key(None, var_dir)
    assert caught.value.exit_code == EXIT_SETTINGS
    assert plain(caught.value)
    assert f"VAR_DIR {var_dir} " in caught.value.sentence
    assert "Errno" not in caught.value.sentence


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_key_file_in_plain_words(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / "key").mkdir()
    else:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(StartError, match="key file") as caught:
        load_or_make_key(None, tmp_path)
    assert plain(caught.value)
    for raw in ("Errno", "codec", "0xff"):
        assert raw not in caught.value.sentence


async def test_a_refused_opening_closes_what_it_opened(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(ReadingConnection):
        pragmas = ("PRAGMA journal_mode = WAL", "SELECT no_such_function()")

    monkeypatch.setattr(sqlite, "ReadingConnection", Broken)
    error = await refused(sqlite_url)
    assert error.exit_code == EXIT_DATABASE
    assert "no_such_function" in error.sentence
    with FileLock(sqlite_path(sqlite_url)).held(alone=True):
        pass
    assert still_running() == []


async def test_no_thread_outlives_its_database(sqlite_url: str) -> None:
    async with opened(sqlite_url):
        assert len(connection_threads()) == 1 + sqlite.READERS
    assert still_running() == []


async def test_values_are_never_logged(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with opened(sqlite_url) as database, database.write() as writer:
            await writer.execute("INSERT INTO app_state (key, value) VALUES ($1, $1)", CANARY)
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://someone:{secret}@127.0.0.1:1/keel",
        "postgresql://someone:{secret}@127.0.0.1:notaport/keel",
    ],
)
async def test_a_server_that_is_not_there(address: str) -> None:
    error = await refused(address.format(secret=CANARY))
    assert error.exit_code == EXIT_DATABASE
    assert CANARY not in error.sentence


def test_migrating_a_server_that_is_not_there() -> None:
    with pytest.raises(StartError, match="nothing answers there") as caught:
        migrate(f"postgresql://someone:{CANARY}@127.0.0.1:1/keel")
    assert caught.value.exit_code == EXIT_DATABASE
    assert plain(caught.value)


@pytest.mark.postgres
async def test_a_database_that_is_not_there(postgresql_server: str) -> None:
    server, _, _ = postgresql_server.rpartition("/")
    error = await refused(f"{server}/no_such_database")
    assert error.exit_code == EXIT_DATABASE
    assert "there is no such database" in error.sentence


@pytest.mark.postgres
async def test_half_an_opening_is_closed_again(postgresql_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    make = asyncpg.create_pool

    async def only_one(*args: Any, **options: Any) -> Any:
        if made:
            raise ConnectionRefusedError
        made.append(await make(*args, **options))
        return made[0]

    monkeypatch.setattr(asyncpg, "create_pool", only_one)
    assert "nothing answers there" in (await refused(postgresql_server)).sentence
    assert made[0].is_closing()


@pytest.mark.postgres
async def test_a_user_that_is_not_there(postgresql_server: str) -> None:
    place = postgresql_server.rpartition("@")[2]
    error = await refused(f"postgresql://no_such_user:{CANARY}@{place}")
    assert error.exit_code == EXIT_DATABASE
    assert "refused the user" in error.sentence
    assert CANARY not in error.sentence


async def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.storage.postgresql", raising=False)
    monkeypatch.delattr("bot.storage.postgresql", raising=False)
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    error = await refused("postgresql://127.0.0.1/keel")
    assert error.exit_code == EXIT_DATABASE
    assert "extra `postgres`" in error.sentence


def test_migrating_without_greenlet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrade, "find_spec", lambda name: None)
    with pytest.raises(StartError, match="greenlet") as caught:
        migrate("postgresql://127.0.0.1:1/keel")
    assert caught.value.exit_code == EXIT_DATABASE
    assert plain(caught.value)


async def test_other_trouble_with_the_revision_is_not_hidden(sqlite_url: str) -> None:
    connection = sqlite3.connect(sqlite_path(sqlite_url))
    connection.execute("ALTER TABLE alembic_version RENAME COLUMN version_num TO number")
    connection.commit()
    connection.close()
    async with opened(sqlite_url) as database:
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            await database.revision()
