"""What every command shares, as people meet it: private, kind when it fails, the same after a restart."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.client import Evenkeel
from bot.members.consent import POLICY_VERSION
from bot.text import t
from rehearsal.world import World, opened_world
from tests.features.conftest import EVENING, TestEngine
from tests.features.seeing import shown, words_of

CANARY = "canary-6e3f"
REFERENCE = re.compile(r"`([2-9A-Z]{4}-[2-9A-Z]{4})`")
AGREE, LATER = t("privacy.consent.agree.label"), t("privacy.consent.later.label")


async def breaks(*arguments: object, **options: object) -> None:
    raise ValueError(CANARY, arguments, options)


@pytest.fixture
async def troubled(engine: TestEngine) -> AsyncIterator[World]:
    """A world in which a handler may break, as the test means it to."""
    async with opened_world(engine, ready=True, start=EVENING) as opened:
        yield opened
        assert len(opened.env.errors) == 1


def care(bot: discord.Client) -> Any:
    """Return the service behind `/sos`, as this start of the bot has it."""
    assert isinstance(bot, Evenkeel)
    return bot.get_cog("CareCog")._service  # type: ignore[union-attr]


async def consents(bot: Evenkeel) -> int:
    async with bot.rooms.database.read() as reader:
        return int(await reader.fetch_value("SELECT COUNT(*) FROM consents"))


async def test_a_command_that_breaks_shows_a_reference_that_the_log_has_too(
    troubled: World, engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care(troubled.bot), "screen", breaks)
    lounge = troubled.group.channel("lounge")
    result = await troubled.group.members[0].slash(lounge, "sos")
    assert result.ephemeral
    [reference] = REFERENCE.findall(words_of(result))
    assert CANARY not in words_of(result)
    assert "ValueError" not in words_of(result)
    await troubled.restart()
    assert f"unexpected error {reference}" in engine.log.getvalue()
    assert CANARY not in engine.log.getvalue()


async def test_a_press_that_breaks_does_the_same_and_changes_nothing_on_the_message(
    troubled: World, engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = troubled.group.members[0]
    screen = await member.slash(troubled.group.channel("lounge"), "sos")
    monkeypatch.setattr(care(troubled.bot), "call_team", breaks)
    result = await member.click(shown(screen), label="Ask the team to come")
    assert result.ephemeral
    [reference] = REFERENCE.findall(words_of(result))
    await troubled.restart()
    assert f"unexpected error {reference}" in engine.log.getvalue()
    assert CANARY not in engine.log.getvalue()


async def test_suggestions_that_break_leave_a_trace_without_what_was_typed(
    world: World, bot: Evenkeel, engine: TestEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn: Any = bot.get_cog("LearnCog")
    monkeypatch.setattr(learn._service, "complete", breaks)
    assert (
        await world.group.members[0].autocomplete(world.group.channel("lounge"), "learn read", "snippet", CANARY) == []
    )
    await world.restart()
    log = engine.log.getvalue()
    assert CANARY not in log
    [line] = [line for line in log.splitlines() if "autocomplete" in line]
    assert "ValueError at " in line


async def test_the_right_to_press_is_read_again_each_time(world: World, bot: Evenkeel) -> None:
    member, facilitator = world.group.members[0], world.group.facilitators[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await bot.jobs.run_due()
    await world.env.settle()
    card = world.group.channel("care").last_message
    assert card is not None
    async with bot.rooms.database.write() as writer:
        await bot.rooms.guilds.forget_role(writer, world.group.guild.id, world.group.roles["facilitator"].id)
    refused = await facilitator.click(card, label="I'm coming")
    assert refused.ephemeral
    assert t("kit.refused.facilitator") in words_of(refused)
    async with bot.rooms.database.write() as writer:
        await bot.rooms.guilds.set_role(
            writer, world.group.guild.id, "facilitator", world.group.roles["facilitator"].id
        )
    assert "is coming" in words_of(await facilitator.click(card, label="I'm coming"))


async def test_consent_survives_a_restart_between_the_question_and_the_answer(world: World) -> None:
    member = world.group.members[0]
    asked = await member.slash(world.group.channel("lounge"), "me timezone", zone="Europe/Lisbon")
    await world.restart()
    bot = world.bot
    assert isinstance(bot, Evenkeel)
    assert await consents(bot) == 0
    await member.click(shown(asked), label=AGREE)
    assert await consents(bot) == 1
    assert (await bot.rooms.members.profile(world.group.guild.id, member.id)).timezone == "Europe/Lisbon"


async def test_not_now_stores_nothing(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    asked = await member.slash(world.group.channel("lounge"), "me timezone", zone="Europe/Lisbon")
    declined = await member.click(shown(asked), label=LATER)
    assert "Nothing was stored" in words_of(declined)
    assert await consents(bot) == 0
    assert (await bot.rooms.members.profile(world.group.guild.id, member.id)).timezone is None


async def test_another_version_asks_again_and_an_old_button_is_refused(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    lounge = world.group.channel("lounge")
    stale = await member.slash(lounge, "me timezone", zone="Europe/Lisbon")
    bot.rooms.consents.version = f"{POLICY_VERSION}-next"
    refused = await member.click(shown(stale), label=AGREE)
    assert t("kit.refused.outdated") in words_of(refused)
    assert await consents(bot) == 0
    asked = await member.slash(lounge, "me timezone", zone="Europe/Lisbon")
    await member.click(shown(asked), label=AGREE)
    assert await consents(bot) == 1
    again = await member.slash(lounge, "me timezone", zone="Europe/Paris")
    assert t("privacy.consent.ask") not in words_of(again)
    bot.rooms.consents.version = f"{POLICY_VERSION}-after-that"
    asked = await member.slash(lounge, "me timezone", zone="Europe/Paris")
    assert t("privacy.consent.ask") in words_of(asked)


async def test_the_metrics_name_nobody_after_an_evening(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await world.advance(timedelta(minutes=11))
    told = bot.rooms.metrics.render().decode()
    assert 'action="care.call"' in told
    assert 'kind="care.card",outcome="done"' in told
    for number in (world.group.guild.id, member.id, world.group.channel("care").id):
        assert str(number) not in told
