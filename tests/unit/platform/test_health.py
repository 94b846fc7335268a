"""The health endpoint over real HTTP on loopback."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from bot.errors import EXIT_SETTINGS, StartError
from bot.health import LATEST, health_endpoint
from bot.jobs.runner import LONGEST_NAP
from bot.metrics import Metrics
from bot.storage import Database
from tests.unit.jobs.workshop import Workshop

LOOPBACK = "127.0.0.1"


@dataclass
class Vitals:
    """How the bot does."""

    is_ready: bool = True
    late: float = 0.0

    def ready(self) -> bool:
        return self.is_ready

    def lag(self) -> float:
        return self.late


@asynccontextmanager
async def served(vitals: Vitals, metrics: Metrics) -> AsyncIterator[str]:
    async with health_endpoint(LOOPBACK, 0, metrics, vitals.ready, vitals.lag) as port:
        yield f"http://{LOOPBACK}:{port}"


async def got(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status, await response.text()


@pytest.mark.parametrize(
    ("vitals", "status"),
    [
        (Vitals(), 200),
        (Vitals(late=LATEST - 1), 200),
        (Vitals(late=LATEST), 503),
        (Vitals(is_ready=False), 503),
        (Vitals(is_ready=False, late=LATEST * 2), 503),
    ],
)
async def test_a_supervisor_hears_whether_it_is_well(vitals: Vitals, status: int) -> None:
    async with served(vitals, Metrics()) as address:
        answered, body = await got(f"{address}/health")
    assert answered == status
    assert json.loads(body) == {"gateway_ready": vitals.is_ready, "scheduler_lag_seconds": vitals.late}


async def test_it_says_how_it_is_now_and_not_how_it_was() -> None:
    vitals = Vitals(is_ready=False)
    async with served(vitals, Metrics()) as address:
        assert (await got(f"{address}/health"))[0] == 503
        vitals.is_ready = True
        assert (await got(f"{address}/health"))[0] == 200


async def test_jobs_that_nobody_looks_for_are_late(sqlite_database: Database) -> None:
    shop = Workshop(sqlite_database)
    runner = shop.runner()
    shop.clock.advance(LONGEST_NAP + 5)
    assert runner.lag() == 5  # since it was made: nothing says that there are none
    await runner.run_due()
    assert runner.lag() == 0
    shop.clock.advance(LONGEST_NAP)
    assert runner.lag() == 0
    shop.clock.advance(7)
    assert runner.lag() == 7


async def test_a_database_that_breaks_is_heard_of_although_nothing_was_due(sqlite_database: Database) -> None:
    shop = Workshop(sqlite_database)
    runner = shop.runner()
    await runner.run_due()
    await sqlite_database.close()
    async with health_endpoint(LOOPBACK, 0, Metrics(), lambda: True, runner.lag) as port:
        assert (await got(f"http://{LOOPBACK}:{port}/health"))[0] == 200
        shop.clock.advance(LONGEST_NAP + LATEST)
        with pytest.raises(ValueError, match="Connection closed"):
            await runner.run_due()
        assert (await got(f"http://{LOOPBACK}:{port}/health"))[0] == 503


async def test_prometheus_reads_the_metrics() -> None:
    vitals, metrics = Vitals(late=7.5), Metrics()
    metrics.unexpected_error()
    async with served(vitals, metrics) as address:
        status, body = await got(f"{address}/metrics")
    assert status == 200
    for line in (
        "evenkeel_gateway_ready 1.0", "evenkeel_scheduler_lag_seconds 7.5", "evenkeel_unexpected_errors_total 1.0"
    ):  # fmt: skip
        assert line in body.splitlines()


async def test_there_is_nothing_else_to_see() -> None:
    async with served(Vitals(), Metrics()) as address:
        assert (await got(f"{address}/"))[0] == 404


async def test_without_a_port_nothing_listens() -> None:
    async with health_endpoint(LOOPBACK, None, Metrics(), Vitals().ready, Vitals().lag) as port:
        assert port is None


async def test_a_port_in_use_is_one_plain_sentence() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError) as caught:
            async with health_endpoint(LOOPBACK, port, Metrics(), Vitals().ready, Vitals().lag):
                raise AssertionError("it must not open")
    assert caught.value.exit_code == EXIT_SETTINGS
    assert str(port) in caught.value.sentence


async def test_it_is_gone_after_the_block() -> None:
    async with served(Vitals(), Metrics()) as address:
        pass
    with pytest.raises(aiohttp.ClientConnectionError):
        await got(f"{address}/health")
