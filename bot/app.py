"""The composition root: settings, logging, storage, content, client, opened in this order and closed in the other."""

import asyncio
import gc
import logging
import random
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TextIO

import aiohttp
import discord
from discord.ext import commands

from bot.client import Evenkeel, Rooms, point_discord_at
from bot.clock import Clock, SystemClock
from bot.content import Content, ContentFaults, load_content
from bot.contracts import DataOwners, Events, OpenCalls
from bot.discordkit import ConsentGate, ErrorPath, FrontDesk, Router, Screening, Sender, Standings
from bot.errors import (
    EXIT_CONTENT,
    EXIT_DATABASE,
    EXIT_DISCORD,
    EXIT_INTENTS,
    EXIT_SETTINGS,
    EXIT_TOKEN,
    EXIT_UNEXPECTED,
    StartError,
)
from bot.guilds import Guilds
from bot.health import health_endpoint
from bot.housekeeping import BACKUPS_KEPT_DAYS, Housekeeping
from bot.ids import Ids
from bot.jobs import BURST, RATE, Registry, Runner, TokenBucket
from bot.logs import logging_to
from bot.members import Consents, MemberData, Members
from bot.metrics import Metrics
from bot.notices import TeamNotices
from bot.outages import Outages
from bot.settings import Settings
from bot.storage import (
    HEAD,
    Database,
    Vault,
    backup,
    check_key,
    current_revision,
    load_or_make_key,
    migrate_in_subprocess,
    open_database,
    require_head,
)
from bot.storage.opening import for_one_bot, is_database_trouble
from bot.text.catalogue import DATA_DIR

# Seconds that running jobs and open answers may take to finish when the process is asked to stop.
GRACE = 10.0
# Seconds until the daily round is planned again where the database refused it.
PLAN_AGAIN = 60.0

_log = logging.getLogger(__name__)


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Clock | None = None,
    source: random.Random | None = None,
    log_stream: TextIO | None = None,
    alone: bool = False,
) -> AsyncIterator[Evenkeel]:
    """Build the whole bot, not yet connected; the rehearsal and the tests get the same one as `run`.

    `alone` keeps another bot off the same SQLite file until this one is closed.
    Raises `StartError` for a database that can't be used, a key that doesn't fit, or faulty content.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(logging_to(log_stream, settings.log_level))
        content = read_content(DATA_DIR)
        vault = Vault.from_keys(load_or_make_key(_secret(settings), settings.var_dir))
        if alone:
            stack.enter_context(for_one_bot(settings.database_url))
        database = await _ready_database(settings)
        stack.push_async_callback(database.close)
        await check_key(database, vault)
        point_discord_at(settings.discord_api_url)
        bot = _compose(settings, clock, source or random.SystemRandom(), content, vault, database)
        stack.push_async_callback(bot.close)
        yield bot


def _compose(
    settings: Settings, clock: Clock, source: random.Random, content: Content, vault: Vault, database: Database
) -> Evenkeel:
    rooms = _rooms(settings, clock, Ids(clock, source), content, vault, database)
    bot = Evenkeel(rooms)
    bot.sender = Sender(bot, TokenBucket(RATE, BURST, clock), rooms.metrics)
    bot.notices = TeamNotices(rooms.guilds, bot.sender)
    bot.jobs = Runner(
        database,
        clock,
        Registry(),
        owner=rooms.ids.key(),
        owns_guild=bot.owns,
        on_gave_up=bot.notices.gave_up,
        record_error=rooms.errors.record,
        source=source,
        observe=rooms.metrics.job,
    )
    bot.housekeeping = Housekeeping(bot.jobs, database, clock, rooms.ids, settings.var_dir / "backups")
    bot.outages = Outages(database, clock, bot.division, rooms.errors.record)
    for listener, event in (
        (bot.outages.begin, "on_ready"),
        (bot.outages.lost, "on_shard_disconnect"),
        (bot.outages.back, "on_shard_ready"),
        (bot.outages.back, "on_shard_resumed"),
    ):
        bot.add_listener(listener, event)
    return bot


def _rooms(settings: Settings, clock: Clock, ids: Ids, content: Content, vault: Vault, database: Database) -> Rooms:
    metrics = Metrics()
    errors = ErrorPath(ids, metrics)
    guilds = Guilds(database, clock)
    members = Members(database, vault, clock)
    consents = Consents(database, clock)
    owners = DataOwners()
    owners.register(MemberData(members))
    front_desk = FrontDesk(Standings(guilds), ids, errors, metrics)
    return Rooms(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        vault=vault,
        content=content,
        metrics=metrics,
        guilds=guilds,
        members=members,
        owners=owners,
        events=Events(),
        calls=OpenCalls(),
        screening=Screening(),
        errors=errors,
        front_desk=front_desk,
        router=Router(front_desk),
        consents=consents,
        consent=ConsentGate(database, consents),
    )


def read_content(data_dir: Path) -> Content:
    """Load what people read. Raises `StartError` (exit 7) that names the first faults."""
    try:
        return load_content(data_dir)
    except ContentFaults as error:
        first = "; ".join(f"{fault.path}:{fault.line} {fault.message}" for fault in error.faults[:3])
        raise StartError(
            f"Faults in the content: {len(error.faults)} ({first}). `evenkeel content check` names them all.",
            EXIT_CONTENT,
        ) from error


async def _ready_database(settings: Settings) -> Database:
    async with AsyncExitStack() as unless_ready:
        database = await open_database(settings.database_url)
        unless_ready.push_async_callback(database.close)
        revision = await current_revision(database)
        if revision != HEAD and settings.is_sqlite:
            if revision is not None:
                await backup(database, settings.var_dir / "backups", BACKUPS_KEPT_DAYS)
            await unless_ready.aclose()
            await migrate_in_subprocess(settings.database_url)
            database = await open_database(settings.database_url)
            unless_ready.push_async_callback(database.close)
        await require_head(database)
        unless_ready.pop_all()
    return database


def _secret(settings: Settings) -> str | None:
    return settings.evenkeel_key.get_secret_value() if settings.evenkeel_key else None


async def serve(settings: Settings) -> None:
    """Run the bot until a signal ends it. Raises `StartError` with one plain sentence for what a host can mend."""
    if settings.discord_token is None:
        raise StartError(
            "There is no DISCORD_TOKEN. Make one at https://discord.com/developers/applications (New Application, then "
            "Bot, then Reset Token), put it into .env as DISCORD_TOKEN=..., and start again. `make rehearse` shows the "
            "whole bot without any token.",
            EXIT_SETTINGS,
        )
    async with assembled(settings, alone=True) as bot:
        # What was built so far stays until the end: no collection of garbage need go through it again.
        gc.freeze()
        health = health_endpoint(
            settings.health_host, settings.health_port, bot.rooms.metrics, bot.is_ready, bot.jobs.lag
        )
        async with health:
            await _until_stopped(bot, settings.discord_token.get_secret_value())


async def _until_stopped(bot: Evenkeel, token: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    connection = loop.create_task(_connected(bot, token), name="evenkeel: connection")
    jobs = loop.create_task(_jobs_when_ready(bot), name="evenkeel: jobs")
    watch = loop.create_task(bot.outages.watch(), name="evenkeel: signs of life")
    stopping = loop.create_task(stop.wait(), name="evenkeel: stop")
    try:
        await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
        _log.info("stopping")
    finally:
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(sign)
        jobs.cancel()
        watch.cancel()
        stopping.cancel()
        await bot.jobs.stop(GRACE)
        with suppress(TimeoutError):
            await asyncio.wait_for(bot.front_desk.quiet(), GRACE)
        await bot.close()
    await connection


async def _jobs_when_ready(bot: Evenkeel) -> None:
    while not bot.is_closed():
        if bot.is_ready():
            await _begin_jobs(bot)
            return
        await asyncio.sleep(0.1)


async def _begin_jobs(bot: Evenkeel) -> None:
    """Start the jobs, then plan: a full disk at this moment must not leave a bot that answers and delivers nothing."""
    bot.jobs.start()
    while True:
        [failure] = await asyncio.gather(bot.housekeeping.plan(), return_exceptions=True)
        if failure is None:
            return
        bot.rooms.errors.record(failure, "the plan of the daily round")
        await asyncio.sleep(PLAN_AGAIN)


async def _connected(bot: Evenkeel, token: str) -> None:
    [error] = await asyncio.gather(bot.start(token), return_exceptions=True)
    if isinstance(error, commands.ExtensionFailed):
        error = error.original
    if error is None:
        return
    if isinstance(error, StartError) or not isinstance(error, Exception):
        raise error
    raise _why_it_ended(bot, error) from error


def _why_it_ended(bot: Evenkeel, error: Exception) -> StartError:
    match error:
        case discord.LoginFailure():
            return StartError(
                "Discord does not accept this DISCORD_TOKEN. Make a new one under Bot, Reset Token.", EXIT_TOKEN
            )
        case discord.PrivilegedIntentsRequired():
            return StartError(
                "MEMBER_EVENTS or MESSAGE_SCREENING needs a privileged intent. Turn it on under Bot, Privileged "
                "Gateway Intents, or turn the setting off.",
                EXIT_INTENTS,
            )
        case discord.HTTPException(status=status, code=code) if status < 500:
            return StartError(
                f"Discord refused the start (HTTP {status}, code {code}). The log says at which request.",
                EXIT_UNEXPECTED,
            )
        case discord.HTTPException() | discord.GatewayNotFound() | aiohttp.ClientError() | OSError():
            return StartError("Discord can't be reached from here.", EXIT_DISCORD)
    # Only the log's line with the kind of error and its place: a message can hold people's words.
    reference = bot.rooms.errors.record(error, "the connection")
    if is_database_trouble(error):
        return StartError(f"The database can't be used; the log has the place as {reference}.", EXIT_DATABASE)
    return StartError(f"Evenkeel met an unexpected error; the log has its place as {reference}.", EXIT_UNEXPECTED)
