"""`evenkeel doctor`: looks at everything the bot needs and says, in one sentence each, what is well or what to mend."""

import base64
import binascii
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
import discord

from bot.client import point_discord_at
from bot.content import ContentFaults, load_content
from bot.errors import StartError
from bot.permissions import missing_for_invite
from bot.settings import Settings
from bot.storage import (
    HEAD,
    REVISIONS,
    Vault,
    check_key,
    current_revision,
    load_or_make_key,
    open_database,
)
from bot.text.catalogue import DATA_DIR

# A token is three parts: the application's id in base64, a time, and a signature (Discord's developer documentation,
# "Authentication"; the lengths have changed over the years, so only the first part is read).
_TOKEN = re.compile(r"([\w-]{18,})\.([\w-]{5,})\.([\w-]{20,})")
# Before this day the clock is surely wrong: the code is younger.
_NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
# Servers a page; Discord gives at most 200.
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what to do if it is not."""

    about: str
    well: bool
    words: str


async def examine(settings: Settings, *, online: bool) -> list[Finding]:
    """Look at everything; `online` also asks Discord. A missing database or key file is made, nothing else changes."""
    findings = [*_token(settings), *_content(), *_clock()]
    findings += [finding async for finding in _database(settings)]
    if online:
        findings += [finding async for finding in _discord(settings)]
    return findings


def _token(settings: Settings) -> Iterable[Finding]:
    if settings.discord_token is None:
        yield Finding("token", False, "DISCORD_TOKEN is empty; `evenkeel rehearse` works without one.")
        return
    match = _TOKEN.fullmatch(settings.discord_token.get_secret_value())
    well = match is not None and _is_id(match[1])
    yield Finding("token", well, "has the right shape." if well else "does not look like a bot token; copy it again.")


def _is_id(part: str) -> bool:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


def _content() -> Iterable[Finding]:
    try:
        load_content(DATA_DIR)
    except ContentFaults as error:
        yield Finding("content", False, f"{len(error.faults)} faults; `evenkeel content check` names them.")
    else:
        yield Finding("content", True, "every text can be read.")


def _clock() -> Iterable[Finding]:
    try:
        ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", False, "no zone data; install the tzdata package.")
    else:
        yield Finding("time zones", True, "zone data is there.")
    now = datetime.now(UTC)
    yield Finding("clock", now >= _NOT_BEFORE, f"this machine says {now:%Y-%m-%d %H:%M} UTC.")


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        database = await open_database(settings.database_url)
    except StartError as error:
        yield Finding("database", False, error.sentence)
        return
    try:
        revision = await current_revision(database)
        yield _revision(settings, revision)
        given = settings.evenkeel_key.get_secret_value() if settings.evenkeel_key else None
        vault = Vault.from_keys(load_or_make_key(given, settings.var_dir))
        if revision == HEAD:
            await check_key(database, vault)
        yield Finding("key", True, "opens what is sealed.")
    except StartError as error:
        yield Finding("key", False, error.sentence)
    finally:
        await database.close()


def _revision(settings: Settings, revision: str | None) -> Finding:
    if revision == HEAD:
        return Finding("database", True, f"at revision {revision}.")
    if revision is not None and revision not in REVISIONS:
        return Finding("database", False, f"of a newer Evenkeel (revision {revision}); update this one.")
    if settings.is_sqlite:
        # A SQLite file is made, or backed up and brought up to date, by the next start.
        return Finding("database", True, f"the next start brings it to revision {HEAD}.")
    return Finding("database", False, f"not at revision {HEAD}; run `evenkeel migrate`.")


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    if settings.discord_token is None:
        return
    point_discord_at(settings.discord_api_url)
    client = discord.Client(intents=discord.Intents.none())
    try:
        async with client:
            await client.login(settings.discord_token.get_secret_value())
            application = await client.application_info()
            for finding in _intents(settings, application.flags):
                yield finding
            async for finding in _guilds(client):
                yield finding
    except discord.LoginFailure:
        yield Finding("Discord", False, "does not accept this token; make a new one under Bot, Reset Token.")
    except (aiohttp.ClientError, discord.HTTPException, OSError):
        yield Finding("Discord", False, "can't be reached from here.")


def _intents(settings: Settings, flags: discord.ApplicationFlags) -> Iterable[Finding]:
    wanted = (
        (
            "Server Members intent",
            settings.member_events,
            flags.gateway_guild_members,
            flags.gateway_guild_members_limited,
        ),
        (
            "Message Content intent",
            settings.message_screening,
            flags.gateway_message_content,
            flags.gateway_message_content_limited,
        ),
    )
    for name, needed, granted, limited in wanted:
        if not needed:
            yield Finding(name, True, "not needed by these settings.")
        elif granted or limited:
            yield Finding(name, True, "is on.")
        else:
            yield Finding(name, False, "is off; turn it on under Bot, Privileged Gateway Intents.")


async def _guilds(client: discord.Client) -> AsyncIterator[Finding]:
    # discord.py's own guild objects leave out what this listing says of the bot's permissions.
    after = 0
    while page := await client.http.get_guilds(limit=_PAGE, after=after):
        for guild in page:
            missing = missing_for_invite(discord.Permissions(int(guild["permissions"])))
            words = f"missing: {', '.join(missing)}. `/setup check` says where." if missing else "has every permission."
            yield Finding(f"server {guild['id']}", not missing, words)
        after = int(page[-1]["id"])
        if len(page) < _PAGE:
            return
