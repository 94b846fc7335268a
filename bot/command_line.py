"""The subcommands of `evenkeel`."""

import asyncio
import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import EXIT_CONTENT, EXIT_OK, EXIT_SETTINGS, EXIT_UNEXPECTED, StartError
from bot.settings import Settings, load_settings
from bot.text.catalogue import DATA_DIR

app = typer.Typer(
    name="evenkeel",
    help="A Discord bot that gives a peer support group a structured, private and kind place to meet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
content_app = typer.Typer(help="Look after what people read.", no_args_is_help=True, rich_markup_mode=None)
key_app = typer.Typer(help="Look after the key that seals private texts.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(content_app, name="content")
app.add_typer(key_app, name="key")


@app.command()
def run() -> None:
    """Run the bot; needs DISCORD_TOKEN (see .env.example)."""
    from bot.app import serve

    asyncio.run(serve(load_settings()))


@app.command()
def rehearse(
    port: Annotated[int | None, typer.Option(help="Port of the page; any free one without it.")] = None,
    headless: Annotated[bool, typer.Option(help="Play a script and print what happens; no page.")] = False,
    script: Annotated[Path | None, typer.Option(help="The script to play.", exists=True, dir_okay=False)] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Try the whole real bot in a simulated Discord on this machine: no account, no token."""
    try:
        rehearsal = importlib.import_module("rehearsal")
    except ModuleNotFoundError as error:
        raise StartError("The rehearsal's own packages are missing: run `make venv`.", EXIT_SETTINGS) from error
    raise typer.Exit(rehearsal.main(port=port, headless=headless, script=script, open_browser=browser))


@app.command()
def doctor(
    online: Annotated[bool, typer.Option(help="Also ask Discord about the token, intents and servers.")] = False,
) -> None:
    """Look at everything the bot needs and say what to mend."""
    from bot.doctor import examine

    findings = asyncio.run(examine(load_settings(), online=online))
    for finding in findings:
        _say(f"{'ok  ' if finding.well else 'MEND'}  {finding.about}: {finding.words}")
    raise typer.Exit(EXIT_OK if all(finding.well for finding in findings) else EXIT_UNEXPECTED)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema; a SQLite file is backed up first."""
    from bot.storage import HEAD, backup, migrate
    from bot.storage.address import sqlite_path

    settings = load_settings()
    if settings.is_sqlite and sqlite_path(settings.database_url).exists():
        asyncio.run(backup(settings.database_url, settings.var_dir / "backups", _backup_days()))
    migrate(settings.database_url)
    _say(f"The database is at revision {HEAD}.")


@app.command()
def backup(
    to: Annotated[Path | None, typer.Option(help="Folder for the backup; var/backups without it.")] = None,
    keep_days: Annotated[int, typer.Option(help="Backups older than this many days are deleted.", min=1)] = 30,
) -> None:
    """Write a backup of the SQLite file while the bot runs. Sealed texts stay sealed; keep the key elsewhere."""
    from bot.storage import backup

    settings = load_settings()
    made = asyncio.run(backup(settings.database_url, to or settings.var_dir / "backups", keep_days))
    _say(f"Backed up to {made}.")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="The backup file.", exists=True, dir_okay=False)],
) -> None:
    """Put a backup in the place of the SQLite file; the bot must be stopped. The old file is kept beside it."""
    from bot.storage import restore

    kept = asyncio.run(restore(source, load_settings().database_url))
    _say("Restored." + (f" The file from before is kept as {kept}." if kept else ""))


@content_app.command("check")
def content_check(
    report: Annotated[bool, typer.Option(help="Also list what a person still has to verify.")] = False,
    data: Annotated[Path, typer.Option(help="The folder to check.", exists=True, file_okay=False)] = DATA_DIR,
) -> None:
    """Check every text that people read; each fault with its file and line."""
    from bot.content import check_content, needs_check

    faults = check_content(data, datetime.now(UTC).date())
    for fault in faults:
        _say(f"{fault.path}:{fault.line}: {fault.message}")
    if report:
        for item in needs_check(data):
            _say(f"to verify: {item}")
    counted = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    _say(counted if faults else "The content is sound.")
    raise typer.Exit(EXIT_CONTENT if faults else EXIT_OK)


@key_app.command("rotate")
def key_rotate() -> None:
    """Seal every private text anew with the newest key (the first one in EVENKEEL_KEY); the bot must be stopped."""
    _say(f"Texts sealed anew: {asyncio.run(_rotate(load_settings()))}.")


async def _rotate(settings: Settings) -> int:
    from bot.storage import SealBroken, Vault, load_or_make_key, open_database, require_head, rotate

    given = settings.evenkeel_key.get_secret_value() if settings.evenkeel_key else None
    vault = Vault.from_keys(load_or_make_key(given, settings.var_dir))
    database = await open_database(settings.database_url)
    try:
        await require_head(database)
        return await rotate(database, vault)
    except SealBroken as error:
        raise StartError(
            "A private text opens with none of the keys: add the key it was sealed with to EVENKEEL_KEY, after the "
            "newest one, and run this again.",
            EXIT_SETTINGS,
        ) from error
    finally:
        await database.close()


def _backup_days() -> int:
    from bot.housekeeping import BACKUPS_KEPT_DAYS

    return BACKUPS_KEPT_DAYS


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
