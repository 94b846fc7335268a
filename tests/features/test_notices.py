"""What the bot gave up on, the team hears once: in `mod-log`, else in `care`, else the log has it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.client import Evenkeel
from bot.errors import RefusedForGood, TryAgain
from bot.jobs import Job, JobKind, enqueue
from bot.text import t
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import public_words

KIND = "test.post"
CANARY = "canary-4b7d"


@dataclass
class Post:
    """A job that ends as the test says."""

    bot: Evenkeel
    error: Exception
    ran: int = 0
    nonces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bot.jobs.register(JobKind(KIND, self.run))

    async def run(self, job: Job) -> None:
        self.ran += 1
        raise self.error

    async def plan(self, guild_id: int | None) -> None:
        rooms = self.bot.rooms
        async with rooms.database.write() as writer:
            await enqueue(writer, rooms.ids, kind=KIND, guild_id=guild_id, due_at=rooms.clock.now(), payload={})

    async def last_error(self) -> str:
        async with self.bot.rooms.database.read() as reader:
            return str(await reader.fetch_value("SELECT last_error FROM jobs WHERE kind = $1", KIND))


async def settled(world: World, bot: Evenkeel) -> None:
    """Let everything due come to its end, some minutes over."""
    await bot.jobs.run_due()
    await world.env.settle()
    await world.advance(timedelta(minutes=30))


async def forget(world: World, bot: Evenkeel, *names: str) -> None:
    async with bot.rooms.database.write() as writer:
        for name in names:
            await bot.rooms.guilds.forget_channel(writer, world.group.guild.id, world.group.channel(name).id)


def told(world: World, name: str, reason: str = "no_permission") -> int:
    """How often a channel was told of the reason."""
    sentence = t("kit.team.gave_up", reason=t(f"kit.team.reason.{reason}"))
    return public_words(world.group.channel(name)).count(sentence)


async def test_the_team_is_told_once_in_its_log(world: World, bot: Evenkeel) -> None:
    post = Post(bot, RefusedForGood("no_permission"))
    await post.plan(world.group.guild.id)
    await settled(world, bot)
    await settled(world, bot)
    assert post.ran == 1
    assert (told(world, "mod-log"), told(world, "care")) == (1, 0)


async def test_a_reason_without_words_of_its_own_is_still_told(world: World, bot: Evenkeel) -> None:
    await Post(bot, RefusedForGood("http_400")).plan(world.group.guild.id)
    await settled(world, bot)
    assert told(world, "mod-log", "other") == 1


async def test_without_that_channel_it_is_the_care_channel(world: World, bot: Evenkeel) -> None:
    await forget(world, bot, "mod-log")
    await Post(bot, RefusedForGood("no_permission")).plan(world.group.guild.id)
    await settled(world, bot)
    assert (told(world, "mod-log"), told(world, "care")) == (0, 1)


async def test_a_channel_that_is_closed_is_passed_over(world: World, bot: Evenkeel, engine: TestEngine) -> None:
    closed = world.group.channel("mod-log").id
    world.env.inject_error("POST", f"/channels/{closed}/messages", status=403, code=50001, message="no", times=None)
    await Post(bot, RefusedForGood("no_permission")).plan(world.group.guild.id)
    await settled(world, bot)
    assert (told(world, "mod-log"), told(world, "care")) == (0, 1)
    await world.restart()
    assert "can't be told in mod-log: no_access" in engine.log.getvalue()


async def test_with_nowhere_to_tell_the_log_has_it(world: World, bot: Evenkeel, engine: TestEngine) -> None:
    await forget(world, bot, "mod-log", "care")
    before = {name: len(channel.history()) for name, channel in world.group.guild.channels.items()}
    await Post(bot, RefusedForGood("no_permission")).plan(world.group.guild.id)
    await settled(world, bot)
    assert {name: len(channel.history()) for name, channel in world.group.guild.channels.items()} == before
    await world.restart()
    assert engine.log.getvalue().count("has nowhere to be told") == 1


async def test_a_job_of_no_server_tells_nobody(world: World, bot: Evenkeel) -> None:
    await Post(bot, RefusedForGood("no_permission")).plan(None)
    await settled(world, bot)
    assert (told(world, "mod-log"), told(world, "care")) == (0, 0)


async def test_another_server_hears_nothing(world: World, bot: Evenkeel) -> None:
    await Post(bot, RefusedForGood("no_permission")).plan(world.other.guild.id)
    await settled(world, bot)
    assert (told(world, "mod-log"), told(world, "care")) == (0, 0)


async def test_telling_is_tried_again_and_told_once_under_one_nonce(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, send = Post(bot, RefusedForGood("no_permission")), bot.sender.post

    async def troubled(*arguments: Any, nonce: str, **options: Any) -> int:
        post.nonces.append(nonce)
        if len(post.nonces) < 3:
            raise TryAgain
        return await send(*arguments, nonce=nonce, **options)

    monkeypatch.setattr(bot.sender, "post", troubled)
    await post.plan(world.group.guild.id)
    await settled(world, bot)
    assert told(world, "mod-log") == 1
    assert len(post.nonces) == 3
    assert len(set(post.nonces)) == 1
    assert post.ran == 1


async def test_a_defect_of_ours_is_named_by_its_reference_alone(
    world: World, bot: Evenkeel, engine: TestEngine
) -> None:
    post = Post(bot, ValueError(CANARY))
    await post.plan(world.group.guild.id)
    for _ in range(6):
        await settled(world, bot)
    assert post.ran == 8
    _, reference = (await post.last_error()).split(" ")
    words = public_words(world.group.channel("mod-log"))
    assert words.count(t("kit.team.fault", reference=reference)) == 1
    assert CANARY not in words
    await world.restart()
    assert reference in engine.log.getvalue()
    assert CANARY not in engine.log.getvalue()
