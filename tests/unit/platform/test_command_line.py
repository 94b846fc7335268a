"""The `evenkeel` command: every subcommand, its exit codes, and one plain sentence for what a host can mend."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

import rehearsal
from bot.__main__ import main
from bot.errors import (
    EXIT_CONTENT,
    EXIT_DATABASE,
    EXIT_OK,
    EXIT_REVISION,
    EXIT_SETTINGS,
    EXIT_UNEXPECTED,
)
from bot.settings import Settings
from bot.storage import HEAD, Vault
from tests.unit.content.made import make_data, snippet_text

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.Gabcde.abcdefghijklmnopqrstuvwxyz0123"
NOBODY = "postgresql://someone:pw-secret@127.0.0.1:9/keel"


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one plain sentence on standard error, beside which there are log lines at most."""
        [line] = [line for line in self.err.splitlines() if not line.startswith("{")]
        assert line[0].isupper()
        assert line.endswith(".")
        assert "Traceback" not in self.err
        return line


Run = Callable[..., Said]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def run(tmp_path: Path, var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a host does, in a folder without `.env`."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.__dataclass_fields__:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{var / 'evenkeel.db'}")
    monkeypatch.setenv("VAR_DIR", str(var))

    def command(*arguments: str, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["evenkeel", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return command


@pytest.fixture
def file(var: Path, sqlite_template: Path) -> Path:
    """A migrated database where the settings say."""
    var.mkdir(mode=0o700)
    path = var / "evenkeel.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


def execute(file: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def keep(file: Path, country: str) -> None:
    execute(
        file,
        "INSERT INTO guilds (guild_id, country, created_at, updated_at) VALUES (7, ?, 1, 1) "
        "ON CONFLICT (guild_id) DO UPDATE SET country = excluded.country",
        country,
    )


def country(file: Path) -> object:
    return execute(file, "SELECT country FROM guilds WHERE guild_id = 7")[0][0]


def keep_words(file: Path, sealed: str) -> None:
    execute(
        file,
        "INSERT INTO members (guild_id, user_id, words_sealed, created_at, updated_at) VALUES (7, 8, ?, 1, 1)",
        sealed,
    )


def test_run_without_a_token_says_where_to_get_one(run: Run) -> None:
    said = run("run")
    assert said.code == EXIT_SETTINGS
    assert "DISCORD_TOKEN" in said.err
    assert "https://discord.com/developers/applications" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", [("run",), ("doctor",), ("migrate",), ("backup",), ("key", "rotate")])
def test_settings_that_cannot_be_read_are_all_named(run: Run, command: tuple[str, ...]) -> None:
    said = run(*command, LOG_LEVEL="loud", HEALTH_PORT="x")
    assert said.code == EXIT_SETTINGS
    assert "LOG_LEVEL" in said.sentence
    assert "HEALTH_PORT" in said.sentence


@pytest.mark.parametrize("command", [("run",), ("migrate",), ("key", "rotate")])
def test_a_database_that_does_not_answer(run: Run, command: tuple[str, ...]) -> None:
    said = run(*command, DATABASE_URL=NOBODY, DISCORD_TOKEN=TOKEN)
    assert said.code == EXIT_DATABASE
    assert "127.0.0.1:9" in said.sentence
    assert "pw-secret" not in said.err


@pytest.mark.parametrize("command", [("backup",), ("restore", "the-file")])
def test_what_only_a_file_can_do_names_the_program_for_postgresql(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "the-file").touch()
    said = run(*command, DATABASE_URL=NOBODY)
    assert said.code == EXIT_DATABASE
    assert "pg_" in said.sentence


@pytest.mark.parametrize("command", [("run",), ("migrate",), ("key", "rotate")])
def test_a_database_of_a_newer_version(run: Run, file: Path, command: tuple[str, ...]) -> None:
    execute(file, "UPDATE alembic_version SET version_num = '9999'")
    said = run(*command, DISCORD_TOKEN=TOKEN)
    assert said.code == EXIT_REVISION
    assert "newer" in said.sentence
    assert "9999" in said.sentence
    assert execute(file, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_run_with_faulty_content_names_the_first_faults(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_data(tmp_path, topics="[peers\n")
    monkeypatch.setattr("bot.app.DATA_DIR", data)
    said = run("run", DISCORD_TOKEN=TOKEN)
    assert said.code == EXIT_CONTENT
    assert "topics.toml:1" in said.sentence
    assert "content check" in said.sentence


def test_run_with_a_key_that_is_none(run: Run, file: Path) -> None:
    said = run("run", DISCORD_TOKEN=TOKEN, EVENKEEL_KEY="not-a-key")
    assert said.code == EXIT_SETTINGS
    assert "EVENKEEL_KEY" in said.sentence
    assert "not-a-key" not in said.err


def test_migrate_makes_a_database_and_backs_up_an_old_one(run: Run, var: Path) -> None:
    first = run("migrate")
    assert (first.code, HEAD in first.out) == (EXIT_OK, True)
    assert execute(var / "evenkeel.db", "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert not (var / "backups").exists()
    assert run("migrate").code == EXIT_OK
    assert len(list((var / "backups").glob("*.db"))) == 1


def test_a_backup_restores_what_was(run: Run, file: Path, tmp_path: Path) -> None:
    keep(file, "GB")
    said = run("backup", "--to", str(tmp_path / "safe"))
    [made] = (tmp_path / "safe").glob("*.db")
    assert said.code == EXIT_OK
    assert str(made) in said.out
    keep(file, "FR")
    said = run("restore", str(made))
    assert said.code == EXIT_OK
    assert country(file) == "GB"
    [before] = file.parent.glob("evenkeel.db.before-*")
    assert str(before) in said.out
    assert country(before) == "FR"


def test_a_backup_restores_onto_a_new_machine(run: Run, file: Path, tmp_path: Path) -> None:
    keep(file, "GB")
    run("backup", "--to", str(tmp_path / "safe"))
    [made] = (tmp_path / "safe").glob("*.db")
    fresh = tmp_path / "fresh" / "var" / "evenkeel.db"
    said = run("restore", str(made), DATABASE_URL=f"sqlite:///{fresh}")
    assert (said.code, said.out) == (EXIT_OK, "Restored.\n")
    assert country(fresh) == "GB"


def test_a_backup_of_nothing_and_one_that_is_none(run: Run, var: Path, tmp_path: Path) -> None:
    said = run("backup")
    assert said.code == EXIT_DATABASE
    assert str(var / "evenkeel.db") in said.sentence
    (tmp_path / "notes.txt").write_text("Things to buy: bread, apples, a lamp.\n" * 40)
    said = run("restore", str(tmp_path / "notes.txt"))
    assert said.code in {EXIT_DATABASE, EXIT_REVISION}
    assert "notes.txt" in said.sentence
    assert run("restore", str(tmp_path / "nowhere.db")).code == EXIT_SETTINGS


def test_the_key_is_changed_in_two_steps(run: Run, file: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keep_words(file, Vault.from_keys([old]).seal("my own words"))
    assert run("key", "rotate", EVENKEEL_KEY=f"{new},{old}").out == "Texts sealed anew: 1.\n"
    [(sealed,)] = execute(file, "SELECT words_sealed FROM members")
    assert Vault.from_keys([new]).open(str(sealed)) == "my own words"
    assert run("key", "rotate", EVENKEEL_KEY=new).out == "Texts sealed anew: 0.\n"


def test_a_text_that_no_key_opens_is_one_plain_sentence(run: Run, file: Path) -> None:
    lost, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Vault.from_keys([lost]).seal("my own words")
    keep_words(file, sealed)
    said = run("key", "rotate", EVENKEEL_KEY=new)
    assert said.code == EXIT_SETTINGS
    assert "EVENKEEL_KEY" in said.sentence
    assert execute(file, "SELECT words_sealed FROM members") == [(sealed,)]


def test_doctor_says_a_line_for_each_thing(run: Run, file: Path) -> None:
    well = run("doctor", DISCORD_TOKEN=TOKEN)
    assert well.code == EXIT_OK
    assert all(line.startswith("ok  ") for line in well.out.splitlines())
    ill = run("doctor")
    assert ill.code == EXIT_UNEXPECTED
    [line] = [line for line in ill.out.splitlines() if line.startswith("MEND")]
    assert "DISCORD_TOKEN" in line


def test_content_check_names_file_and_line(run: Run, tmp_path: Path) -> None:
    data = make_data(tmp_path, snippet_text(topic="nowhere"))
    said = run("content", "check", "--data", str(data))
    assert said.code == EXIT_CONTENT
    text = (data / "snippets" / "a-quiet-evening.md").read_text()
    line = next(number for number, words in enumerate(text.splitlines(), 1) if words.startswith("topic:"))
    assert any(f"a-quiet-evening.md:{line}: " in one for one in said.out.splitlines())
    assert said.out.splitlines()[-1] == "1 fault"
    (data / "quiz" / "peers.toml").unlink()
    assert run("content", "check", "--data", str(data)).out.splitlines()[-1] == "2 faults"


def test_sound_content_is_said_to_be_and_what_is_left_to_verify_is_listed(run: Run, tmp_path: Path) -> None:
    data = make_data(tmp_path)
    said = run("content", "check", "--data", str(data))
    assert (said.code, said.out) == (EXIT_OK, "The content is sound.\n")
    said = run("content", "check", "--data", str(data), "--report")
    assert said.code == EXIT_OK
    assert "to verify: " in said.out


def test_rehearse_hands_over_and_ends_as_the_rehearsal_does(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int | None, bool, Path | None, bool]] = []

    def play(*, port: int | None, headless: bool, script: Path | None, open_browser: bool) -> int:
        asked.append((port, headless, script, open_browser))
        return 7

    monkeypatch.setattr(rehearsal, "main", play)
    script = tmp_path / "evening.txt"
    script.touch()
    assert run("rehearse", "--headless", "--script", str(script), "--no-browser", "--port", "8").code == 7
    assert run("rehearse").code == 7
    assert asked == [(8, True, script, False), (None, False, None, True)]


def test_rehearse_without_its_packages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rehearsal", None)
    said = run("rehearse")
    assert said.code == EXIT_SETTINGS
    assert "make venv" in said.sentence


def test_every_command_explains_itself(run: Run) -> None:
    for command in ("run", "rehearse", "doctor", "migrate", "backup", "restore", "content", "key"):
        assert command in run("--help").out
        said = run(command, "--help")
        assert (said.code, said.err) == (EXIT_OK, "")
        assert f"evenkeel {command}" in said.out


def test_both_ways_to_start_it_are_one_command(tmp_path: Path) -> None:
    environ = {"PATH": "", "PYTHONPATH": str(ROOT), "VAR_DIR": str(tmp_path)}
    ways = ([sys.executable, "-m", "bot"], [str(Path(sys.executable).with_name("evenkeel"))])
    ended = [
        subprocess.run(  # noqa: S603 - our own command
            [*way, *arguments], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        for arguments in (["--help"], ["run"])
        for way in ways
    ]
    help_one, help_other, run_one, run_other = [(one.returncode, one.stdout, one.stderr) for one in ended]
    assert help_one == help_other
    assert run_one == run_other
    assert (help_one[0], run_one[0]) == (EXIT_OK, EXIT_SETTINGS)
    assert "Traceback" not in run_one[2]
