"""The one error path: a kind sentence for the person, a reference for the log, and the error's own words for nobody."""

import logging
import re
from collections.abc import Iterator

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.discordkit.error_path import describe
from bot.discordkit.sender import delivery_error
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.text import t
from tests.unit.platform.desk import AUTOCOMPLETE, COMMAND, Desk, refused

CANARY = "canary-9c1e"
REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.DEBUG, logger="bot")
    yield caplog
    assert CANARY not in caplog.text


def invoked(error: Exception) -> app_commands.CommandInvokeError:
    """Wrap an error as discord.py does when a command raised it."""

    @app_commands.command(name="anything", description="Anything")
    async def anything(interaction: discord.Interaction) -> None:
        """Never runs."""

    return app_commands.CommandInvokeError(anything, error)


def raised(error: BaseException) -> BaseException:
    """Return the error with a place it came from."""
    try:
        raise error
    except type(error) as caught:
        return caught


async def told(desk: Desk, error: BaseException) -> str:
    """Return the one answer that the error path gives."""
    await desk.errors.tell(desk.interaction(), error)
    [call] = desk.line.calls
    assert call.private
    assert CANARY not in call.text
    return call.text


@pytest.mark.parametrize("wrapped", [False, True])
async def test_what_nobody_expected_has_one_reference_in_both_places(
    desk: Desk, log: pytest.LogCaptureFixture, wrapped: bool
) -> None:
    error = raised(ValueError(CANARY))
    assert isinstance(error, ValueError)
    text = await told(desk, invoked(error) if wrapped else error)
    [reference] = REFERENCE.findall(text)
    [record] = log.records
    assert reference in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert "test_error_path.py" in record.getMessage()
    assert t("kit.error.unexpected", reference=reference).split(".")[0] in text
    assert "evenkeel_unexpected_errors_total 1.0" in desk.metrics.render().decode()


async def test_two_errors_have_two_references(desk: Desk) -> None:
    assert desk.errors.record(ValueError()) != desk.errors.record(ValueError())


async def test_a_refusal_is_told_and_is_no_error(desk: Desk, log: pytest.LogCaptureFixture) -> None:
    assert t("kit.refused.not_yours") in await told(desk, invoked(Refusal("kit.refused.not_yours")))
    assert not log.records


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (refused(403, 50013, CANARY), "kit.error.forbidden"),
        (refused(404, 10003, CANARY), "kit.error.gone"),
    ],
)
async def test_what_discord_refused_is_told_in_words_somebody_can_act_on(
    desk: Desk, log: pytest.LogCaptureFixture, error: discord.HTTPException, key: str
) -> None:
    assert t(key) in await told(desk, invoked(error))
    assert f"{error.status}/{error.code}" in log.text


async def test_an_input_that_cannot_be_read_and_a_command_from_before(
    desk: Desk, log: pytest.LogCaptureFixture
) -> None:
    transformer = app_commands.Transformer()
    unread = app_commands.TransformerError(CANARY, discord.AppCommandOptionType.string, transformer)
    assert t("kit.error.input") in await told(desk, unread)
    desk.line.calls.clear()
    assert t("kit.error.changed") in await told(desk, app_commands.CommandNotFound(CANARY, []))
    assert not log.records


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (404, 10015), (401, 50027)])
async def test_an_interaction_that_ran_out_is_left_alone(
    desk: Desk, log: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    await desk.errors.tell(desk.interaction(), invoked(refused(status, code, CANARY)))
    assert desk.line.calls == []
    assert [record.levelno for record in log.records] == [logging.INFO]


@pytest.mark.parametrize("fault", [refused(500, 0, CANARY), aiohttp.ServerDisconnectedError(CANARY), OSError(CANARY)])
async def test_an_apology_that_cannot_be_delivered_ends_there(
    desk: Desk, log: pytest.LogCaptureFixture, fault: Exception
) -> None:
    desk.line.faults.append(fault)
    await desk.errors.tell(desk.interaction(), Refusal("kit.refused.not_yours"))
    [record] = log.records
    assert "apology" in record.getMessage()


async def test_an_apology_after_a_late_acknowledgement_takes_its_place(desk: Desk) -> None:
    interaction = desk.interaction(COMMAND)
    with desk.answer(interaction).on_time():
        await desk.line.called.wait()
    await desk.errors.tell(interaction, raised(ValueError(CANARY)))
    assert desk.line.ways == ["callback", "edit"]


async def test_suggestions_that_fail_are_recorded_and_never_answered(desk: Desk, log: pytest.LogCaptureFixture) -> None:
    await desk.errors.tell(desk.interaction(AUTOCOMPLETE), raised(ValueError(CANARY)))
    assert desk.line.calls == []
    assert "suggestions" in log.text


def test_an_error_is_described_by_kind_and_places_alone() -> None:
    words = describe(raised(KeyError(CANARY)))
    assert words.startswith("KeyError at ")
    assert "raised" in words
    assert CANARY not in words
    assert describe(KeyError(CANARY)) == "KeyError at unknown"
    assert describe(refused(403, 50013, CANARY)) == "Forbidden 403/50013 at unknown"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (refused(403, 50013), "no_permission"),
        (refused(403, 50001), "no_access"),
        (refused(404, 10003), "unknown_channel"),
        (refused(404, 10008), "unknown_message"),
        (refused(403, 1), "forbidden"),
        (refused(400, 50035), "http_400"),
    ],
)
def test_a_delivery_refused_for_good_has_a_short_reason(error: discord.HTTPException, reason: str) -> None:
    verdict = delivery_error(error)
    assert isinstance(verdict, RefusedForGood)
    assert verdict.reason == reason


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_delivery_that_may_pass_is_tried_again(status: int) -> None:
    assert isinstance(delivery_error(refused(status, 0)), TryAgain)
