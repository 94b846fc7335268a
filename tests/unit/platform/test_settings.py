from pathlib import Path

import pytest

from bot.errors import EXIT_SETTINGS, StartError
from bot.settings import load_settings

SECRET = "a-token-nobody-may-see"


def test_the_defaults_need_nothing() -> None:
    settings = load_settings({}, None)
    assert settings.discord_token is None
    assert settings.database_url == "sqlite:///var/evenkeel.db"
    assert settings.is_sqlite
    assert not settings.message_screening
    assert not settings.member_events
    assert settings.health_port is None


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("LOG_LEVEL=debug\nMEMBER_EVENTS=true\nDISCORD_TOKEN=\n")
    settings = load_settings({"LOG_LEVEL": "warning"}, file)
    assert settings.log_level == "WARNING"
    assert settings.member_events
    assert settings.discord_token is None


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(StartError) as caught:
        load_settings({"DATABASE_URL": "mysql://x", "LOG_LEVEL": "loud", "HEALTH_PORT": "99999"}, None)
    assert caught.value.exit_code == EXIT_SETTINGS
    for name in ("DATABASE_URL", "LOG_LEVEL", "HEALTH_PORT"):
        assert name in caught.value.sentence


def test_secrets_never_show() -> None:
    settings = load_settings({"DISCORD_TOKEN": SECRET, "EVENKEEL_KEY": SECRET}, None)
    assert SECRET not in repr(settings)
    with pytest.raises(StartError) as caught:
        load_settings({"DISCORD_TOKEN": SECRET, "DATABASE_URL": f"mysql://u:{SECRET}@h/d"}, None)
    assert SECRET not in caught.value.sentence


@pytest.mark.parametrize(
    "environ",
    [
        {"SHARD_IDS": "0,1"},
        {"SHARD_IDS": "0,2", "SHARD_COUNT": "2"},
        {"SHARD_IDS": "1,1", "SHARD_COUNT": "4"},
        {"SHARD_IDS": "-1", "SHARD_COUNT": "4"},
        {"SHARD_IDS": "a", "SHARD_COUNT": "4"},
        {"SHARD_COUNT": "0"},
        {"DISCORD_API_URL": "not an address"},
    ],
)
def test_what_cannot_work_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(StartError):
        load_settings(environ, None)


def test_shards_of_this_process() -> None:
    settings = load_settings({"SHARD_IDS": "0, 2", "SHARD_COUNT": "4"}, None)
    assert settings.shard_ids == (0, 2)
