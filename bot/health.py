"""The health endpoint: `/health` for a supervisor, `/metrics` for Prometheus. Both tell of the bot, never of people."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.errors import EXIT_SETTINGS, StartError
from bot.metrics import Metrics

# Seconds. A job later than this means that the scheduler does not keep up, or stands.
LATEST = 120.0


@asynccontextmanager
async def health_endpoint(
    host: str, port: int | None, metrics: Metrics, ready: Callable[[], bool], lag: Callable[[], float]
) -> AsyncIterator[int | None]:
    """Serve until the block ends; yields the port in use, or None where no port is set.

    Raises `StartError` (exit 2) when the port can't be opened.
    """
    if port is None:
        yield None
        return
    from aiohttp import web  # noqa: PLC0415 - 2 MB that a bot without this endpoint never needs

    async def health(_: web.Request) -> web.Response:
        well = ready() and lag() < LATEST
        report = {"gateway_ready": ready(), "scheduler_lag_seconds": round(lag(), 1)}
        return web.json_response(report, status=200 if well else 503)

    async def scrape(_: web.Request) -> web.Response:
        return web.Response(body=metrics.render(), content_type="text/plain", charset="utf-8")

    metrics.watch(ready, lag)
    application = web.Application()
    application.add_routes([web.get("/health", health), web.get("/metrics", scrape)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise StartError(f"HEALTH_PORT {port} can't be opened on {host}.", EXIT_SETTINGS) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
