"""`evenkeel doctor`: what it looks at offline, and what it asks a Discord on loopback."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import discord
import pytest
from cryptography.fernet import Fernet

from bot import doctor
from bot.doctor import Finding, examine
from bot.permissions import invite_permissions
from bot.settings import Settings, load_settings
from bot.storage import HEAD, Vault
from tests.unit.content.made import make_data
from tests.wire.bare_bot import pointed_at
from tests.wire.discord_server import WireDiscord

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.Gabcde.abcdefghijklmnopqrstuvwxyz0123"
SECRETS = (TOKEN, "pw-secret")


@pytest.fixture
def var(tmp_path: Path, sqlite_template: Path) -> Path:
    """A host's folder with a migrated database."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    (folder / "evenkeel.db").write_bytes(sqlite_template.read_bytes())
    return folder


def settings(var: Path, **changes: str) -> Settings:
    return load_settings(
        {"DISCORD_TOKEN": TOKEN, "DATABASE_URL": f"sqlite:///{var / 'evenkeel.db'}", "VAR_DIR": str(var)} | changes,
        None,
    )


def execute(var: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(var / "evenkeel.db", isolation_level=None)) as connection:
        connection.execute(statement, values)


async def ill(host: Settings, *, online: bool = False) -> dict[str, str]:
    """Return what is to mend, by what it is about; no finding holds a secret, and each is one plain line."""
    findings = await examine(host, online=online)
    for finding in findings:
        assert finding.words.endswith(".")
        assert "\n" not in finding.words
        assert not any(secret in finding.words for secret in SECRETS)
    return {finding.about: finding.words for finding in findings if not finding.well}


async def test_a_sound_host(var: Path) -> None:
    findings = await examine(settings(var), online=False)
    assert [finding.about for finding in findings if not finding.well] == []
    assert {finding.about for finding in findings} == {"token", "content", "time zones", "clock", "database", "key"}
    assert Finding("database", True, f"at revision {HEAD}.") in findings


@pytest.mark.parametrize("token", ["", "abc", "not.a.token", "äöüäöüäöüäöüäöüäöü.Gabcde." + "x" * 30, "x" * 70])
async def test_what_is_no_token(var: Path, token: str) -> None:
    assert list(await ill(settings(var, DISCORD_TOKEN=token))) == ["token"]


async def test_a_part_that_names_no_application(var: Path) -> None:
    words = "bm90LWEtbnVtYmVyLWF0LWFsbA"  # "not-a-number-at-all" in base64
    assert "copy it again" in (await ill(settings(var, DISCORD_TOKEN=f"{words}.Gabcde.{'x' * 30}")))["token"]


async def test_a_database_that_is_none_or_does_not_answer(var: Path) -> None:
    (var / "evenkeel.db").write_text("Things to buy: bread, apples, a lamp.\n" * 40)
    assert list(await ill(settings(var))) == ["database"]
    nobody = "postgresql://someone:pw-secret@127.0.0.1:9/keel"
    assert list(await ill(settings(var, DATABASE_URL=nobody))) == ["database"]


async def test_a_database_of_a_newer_version(var: Path) -> None:
    execute(var, "UPDATE alembic_version SET version_num = '9999'")
    told = await ill(settings(var))
    assert list(told) == ["database"]
    assert "newer" in told["database"]


async def test_a_file_that_the_next_start_makes_or_upgrades(tmp_path: Path) -> None:
    findings = await examine(settings(tmp_path / "fresh"), online=False)
    [found] = [finding for finding in findings if finding.about == "database"]
    assert found.well
    assert "next start" in found.words


async def test_keys_that_are_none_or_open_nothing(var: Path) -> None:
    assert list(await ill(settings(var, EVENKEEL_KEY="not-a-key"))) == ["key"]
    sealed = Vault.from_keys([Fernet.generate_key().decode()]).seal("my own words")
    execute(
        var,
        "INSERT INTO members (guild_id, user_id, words_sealed, created_at, updated_at) VALUES (7, 8, ?, 1, 1)",
        sealed,
    )
    told = await ill(settings(var, EVENKEEL_KEY=Fernet.generate_key().decode()))
    assert list(told) == ["key"]
    assert "put back" in told["key"]


async def test_faulty_content(var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "DATA_DIR", make_data(tmp_path, topics="[peers\n"))
    assert "content check" in (await ill(settings(var)))["content"]


async def test_a_machine_without_zones_or_with_a_clock_of_the_past(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_zone(key: str) -> Any:
        raise ZoneInfoNotFoundError(key)

    monkeypatch.setattr(doctor, "ZoneInfo", no_zone)
    monkeypatch.setattr(doctor, "_NOT_BEFORE", datetime(9000, 1, 1, tzinfo=UTC))
    assert set(await ill(settings(var))) == {"time zones", "clock"}


class TestOnline:
    """Against the loopback Discord of the wire tests."""

    async def ask(self, var: Path, wire: WireDiscord, **changes: str) -> dict[str, Finding]:
        with pointed_at(wire):
            asked = {"DISCORD_TOKEN": wire.token, "DISCORD_API_URL": wire.url} | changes
            findings = await examine(settings(var, **asked), online=True)
        return {finding.about: finding for finding in findings}

    async def test_intents_that_no_setting_needs_and_what_two_servers_grant(self, var: Path) -> None:
        async with WireDiscord() as wire:
            guild, full = (
                wire.add_guild("Lacking", bot_permissions=0),
                wire.add_guild("Full", bot_permissions=invite_permissions()),
            )
            told = await self.ask(var, wire)
        assert told["Server Members intent"].well
        assert told["Message Content intent"].well
        assert "missing: Manage Channels" in told[f"server {guild.id}"].words
        assert told[f"server {full.id}"].well

    async def test_an_intent_that_a_setting_needs(self, var: Path) -> None:
        async with WireDiscord() as wire:
            told = await self.ask(var, wire, MEMBER_EVENTS="1")
        assert not told["Server Members intent"].well
        assert "Privileged Gateway Intents" in told["Server Members intent"].words
        assert told["Message Content intent"].well

    async def test_a_token_that_discord_does_not_know(self, var: Path) -> None:
        async with WireDiscord() as wire:
            told = await self.ask(var, wire, DISCORD_TOKEN=TOKEN)
        assert not told["Discord"].well
        assert "Reset Token" in told["Discord"].words

    async def test_nobody_there(self, var: Path) -> None:
        async with WireDiscord() as wire:
            told = await self.ask(var, wire, DISCORD_API_URL="http://127.0.0.1:9/api/v10")
        assert told["Discord"].words == "can't be reached from here."


@pytest.mark.parametrize(
    ("flags", "well"),
    [
        (discord.ApplicationFlags(), False),
        (discord.ApplicationFlags(gateway_guild_members=True, gateway_message_content=True), True),
        (discord.ApplicationFlags(gateway_guild_members_limited=True, gateway_message_content_limited=True), True),
    ],
)
def test_an_intent_counts_in_either_form(var: Path, flags: discord.ApplicationFlags, well: bool) -> None:
    host = settings(var, MEMBER_EVENTS="1", MESSAGE_SCREENING="1")
    assert [finding.well for finding in doctor._intents(host, flags)] == [well, well]


async def test_servers_are_read_page_by_page_and_each_missing_permission_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = [invite_permissions(), 0, discord.Permissions.all().value]
    asked: list[int] = []

    async def get_guilds(limit: int, after: int) -> list[dict[str, str]]:
        asked.append(after)
        here = [number for number in range(1, len(held) + 1) if number > after][:limit]
        return [{"id": str(number), "permissions": str(held[number - 1])} for number in here]

    client = discord.Client(intents=discord.Intents.none())
    monkeypatch.setattr(client.http, "get_guilds", get_guilds)
    monkeypatch.setattr(doctor, "_PAGE", 2)
    findings = [finding async for finding in doctor._guilds(client)]
    assert [(finding.about, finding.well) for finding in findings] == [
        ("server 1", True), ("server 2", False), ("server 3", True),
    ]  # fmt: skip
    assert "Manage Roles" in findings[1].words
    assert asked == [0, 2]
