"""Sealed text, its keys, and moving from one key to the next."""

import asyncio
import stat
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import EXIT_SETTINGS, StartError
from bot.storage import Database, SealBroken, Vault, check_key, load_or_make_key, rotate, rotation

OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@settings(deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(text: str) -> None:
    vault = Vault.from_keys([NEW, OLD])
    sealed = vault.seal(text)
    assert vault.open(sealed) == text
    assert sealed != vault.seal(text)  # equal texts can't be told from their seals
    assert Vault.from_keys([NEW]).open(sealed) == text
    assert len(sealed) <= 4 * (len(text.encode()) // 3) + 124


def test_a_former_key_still_opens_and_moves() -> None:
    sealed = Vault.from_keys([OLD]).seal("steady")
    vault = Vault.from_keys([NEW, OLD])
    assert vault.open(sealed) == "steady"
    assert not vault.is_newest(sealed)
    moved = vault.rotate(sealed)
    assert vault.is_newest(moved)
    assert Vault.from_keys([NEW]).open(moved) == "steady"


@pytest.mark.parametrize("damage", ["", "x", "steady", "gAAAAA"])
def test_a_wrong_key_or_a_damaged_seal_is_said(damage: str) -> None:
    sealed = Vault.from_keys([FOREIGN]).seal("steady")
    vault = Vault.from_keys([NEW, OLD])
    for broken in (sealed, damage, vault.seal("steady")[:-5] + "AAAA="):
        with pytest.raises(SealBroken) as caught:
            vault.open(broken)
        assert "steady" not in str(caught.value)
        with pytest.raises(SealBroken):
            vault.rotate(broken)
        assert not vault.is_newest(broken)


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, "x" * 44], [NEW[:-1]], ["é" * 44]])
def test_misshapen_keys(keys: list[str]) -> None:
    with pytest.raises(StartError) as caught:
        Vault.from_keys(keys)
    assert caught.value.exit_code == EXIT_SETTINGS
    assert NEW not in caught.value.sentence


def test_the_setting_comes_first(tmp_path: Path) -> None:
    assert load_or_make_key(f" {NEW}, {OLD},", tmp_path / "var") == [NEW, OLD]
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("setting", [None, "", "  "])
def test_a_key_file_is_made_once(tmp_path: Path, setting: str | None) -> None:
    var = tmp_path / "var"
    keys = load_or_make_key(setting, var)
    assert Vault.from_keys(keys).open(Vault.from_keys(keys).seal("a")) == "a"
    assert mode(var) == 0o700
    assert mode(var / "key") == 0o600
    assert [file.name for file in var.iterdir()] == ["key"]
    assert load_or_make_key(setting, var) == keys


def test_a_key_file_may_hold_several_and_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{NEW}\n{OLD}\n")
    (tmp_path / "key").chmod(0o644)
    assert load_or_make_key(None, tmp_path) == [NEW, OLD]
    assert mode(tmp_path / "key") == 0o600


def test_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    found: list[list[str]] = []
    start = threading.Barrier(8)

    def load() -> None:
        start.wait()
        found.append(load_or_make_key(None, tmp_path))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(keys == found[0] for keys in found)
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_key_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / "key").mkdir()
    else:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(StartError) as caught:
        load_or_make_key(None, tmp_path)
    assert caught.value.exit_code == EXIT_SETTINGS


async def fill(database: Database, count: int, vault: Vault) -> None:
    async with database.write() as writer:
        await writer.execute_many(
            "INSERT INTO members (guild_id, user_id, words_sealed, created_at, updated_at) VALUES ($1, $2, $3, 0, 0)",
            [
                (number % 3, number, None if number % 5 == 0 else vault.seal(f"words {number}"))
                for number in range(count)
            ],
        )


async def opened(database: Database, vault: Vault) -> dict[int, str | None]:
    async with database.read() as reader:
        rows = await reader.fetch_all("SELECT user_id, words_sealed FROM members")
    return {row["user_id"]: row["words_sealed"] and vault.open(row["words_sealed"]) for row in rows}


def expected(count: int) -> dict[int, str | None]:
    return {number: None if number % 5 == 0 else f"words {number}" for number in range(count)}


@pytest.mark.parametrize("count", [0, 1, 7, 20, 21, 50])
async def test_rotation_moves_every_value(database: Database, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(rotation, "BATCH", 10)
    await fill(database, count, Vault.from_keys([OLD]))
    both = Vault.from_keys([NEW, OLD])
    moved = len([text for text in expected(count).values() if text])
    assert await rotate(database, both) == moved
    assert await opened(database, Vault.from_keys([NEW])) == expected(count)
    assert await rotate(database, both) == 0


@pytest.mark.parametrize("stop_after", [1, 9, 10, 15, 29])
async def test_rotation_cut_off_in_the_middle_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    class Stopped(Exception):
        pass

    monkeypatch.setattr(rotation, "BATCH", 10)
    await fill(database, 50, Vault.from_keys([OLD]))
    both = Vault.from_keys([NEW, OLD])
    calls = 0

    def move(vault: Vault, sealed: str) -> str:
        nonlocal calls
        calls += 1
        if calls > stop_after:
            raise Stopped
        return Vault.from_keys([NEW]).seal(vault.open(sealed))

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "rotate", move)
        with pytest.raises(Stopped):
            await rotate(database, both)
    assert await opened(database, both) == expected(50)  # half moved, everything readable
    kept = stop_after // 8 * 8  # whole batches: 8 of 10 rows hold words
    assert await rotate(database, both) == 40 - kept
    assert await opened(database, Vault.from_keys([NEW])) == expected(50)


async def test_rotation_with_the_wrong_keys_changes_nothing(database: Database) -> None:
    await fill(database, 12, Vault.from_keys([FOREIGN]))
    with pytest.raises(SealBroken):
        await rotate(database, Vault.from_keys([NEW, OLD]))
    assert await opened(database, Vault.from_keys([FOREIGN])) == expected(12)


async def test_rotation_beside_the_running_bot(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 5)
    await fill(database, 30, Vault.from_keys([OLD]))
    both = Vault.from_keys([NEW, OLD])

    async def change(number: int) -> None:
        async with database.write() as writer:
            sql = "UPDATE members SET words_sealed = $1 WHERE user_id = $2"
            await writer.execute(sql, both.seal("changed"), number)

    await asyncio.gather(rotate(database, both), *(change(number) for number in range(0, 30, 3)))
    after = {**expected(30), **dict.fromkeys(range(0, 30, 3), "changed")}
    assert await opened(database, Vault.from_keys([NEW])) == after


async def test_a_key_that_does_not_fit_is_noticed_at_the_start(database: Database) -> None:
    await check_key(database, Vault.from_keys([NEW]))  # nothing sealed yet
    await fill(database, 3, Vault.from_keys([OLD]))
    await check_key(database, Vault.from_keys([NEW, OLD]))
    with pytest.raises(StartError) as caught:
        await check_key(database, Vault.from_keys([FOREIGN]))
    assert caught.value.exit_code == EXIT_SETTINGS
