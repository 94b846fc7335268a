"""Every command in everybody's hands either works or refuses kindly; and nobody's words reach the log."""

import logging

import pytest

from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.crawler import CANARY, Crawler

EVERYBODY = ("admin", "moderator", "facilitator", "member", "family", "newcomer")
# What is meant for everybody's eyes, by the press that makes it so.
PUBLIC_BY_DESIGN = ("learn:post",)


@pytest.mark.parametrize("kind", EVERYBODY)
async def test_every_command_works_or_refuses_kindly_and_logs_no_words(
    world: World, engine: TestEngine, kind: str
) -> None:
    person = world.group.person(kind).actor
    crawler = Crawler(world, person, world.group.channel("lounge"))
    await crawler.try_everything()
    assert len(crawler.tried) > 20
    world.env.raise_errors()
    assert not [path for path in crawler.public if not any(part in path for part in PUBLIC_BY_DESIGN)]
    await world.restart()  # closes the first bot, and with it flushes its log
    log = engine.log.getvalue()
    assert "unexpected error" not in log
    assert CANARY not in log
    assert CANARY[:12] not in log


async def test_the_canary_can_be_found(world: World, engine: TestEngine) -> None:
    """The test above can fail: what is logged does arrive where it looks."""
    logging.getLogger("bot.somewhere").warning("%s", CANARY)
    await world.restart()  # closes the first bot, and with it flushes its log
    assert CANARY in engine.log.getvalue()


async def test_people_of_another_server_meet_nothing_of_this_one(world: World) -> None:
    stranger = next(iter(world.other.people.values())).actor
    crawler = Crawler(world, stranger, world.other.channel("lounge"))
    await crawler.try_everything()
    world.env.raise_errors()
