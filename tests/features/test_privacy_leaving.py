"""Leaving a server: data go after 30 days, with the members intent and without, and stay for who comes back."""

from datetime import timedelta

import pytest

from bot.client import Evenkeel
from bot.settings import Settings, load_settings
from rehearsal.world import World
from tests.features.test_privacy import rows, settle_in


async def left_at(bot: Evenkeel, user_id: int) -> int | None:
    async with bot.rooms.database.read() as reader:
        value: int | None = await reader.fetch_value("SELECT left_at FROM members WHERE user_id = $1", user_id)
    return value


async def test_without_the_intent_the_daily_round_sees_it(world: World, bot: Evenkeel) -> None:
    assert not bot.intents.members
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    await settle_in(bot, here, wren.id, robin.id)
    world.group.guild.remove_member(robin)
    await world.env.settle()
    assert await left_at(bot, robin.id) is None
    await world.advance(timedelta(days=1, hours=2))
    assert await left_at(bot, robin.id) is not None
    assert await left_at(bot, wren.id) is None
    await world.advance(timedelta(days=28))
    assert await rows(bot, here, robin.id) == 3
    await world.advance(timedelta(days=3))
    assert await rows(bot, here, robin.id) == 0
    assert await rows(bot, here, wren.id) == 3


async def test_who_comes_back_is_seen_by_the_round(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    world.group.guild.remove_member(robin)
    await world.advance(timedelta(days=10))
    assert await left_at(bot, robin.id) is not None
    world.group.guild.add_member(robin.user)
    await world.advance(timedelta(days=2))
    assert await left_at(bot, robin.id) is None
    await world.advance(timedelta(days=40))
    assert await rows(bot, here, robin.id) == 3


async def test_a_server_that_removed_the_bot_is_forgotten_too(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    await settle_in(bot, 4 << 22, robin.id, 1)
    await world.advance(timedelta(days=33))
    assert await rows(bot, 4 << 22, robin.id) == 0


async def test_discord_down_for_a_while_erases_nobody(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    world.env.inject_error("GET", f"/guilds/{here}/members/*", status=503, times=20)
    await world.advance(timedelta(days=1, hours=3))
    assert await left_at(bot, robin.id) is None


class TestWithTheIntent:
    """The same with MEMBER_EVENTS on."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return load_settings(
            {"DATABASE_URL": settings.database_url, "VAR_DIR": str(settings.var_dir), "MEMBER_EVENTS": "1"}, None
        )

    async def test_leaving_and_coming_back_are_noted_at_once(self, world: World, bot: Evenkeel) -> None:
        assert bot.intents.members
        robin, wren = world.group.members[:2]
        here = world.group.guild.id
        await settle_in(bot, here, robin.id, wren.id)
        world.group.guild.remove_member(robin)
        world.group.guild.remove_member(world.group.members[2])  # of whom nothing is kept
        await world.env.settle()
        assert await left_at(bot, robin.id) is not None
        assert await rows(bot, here, world.group.members[2].id) == 0
        world.group.guild.add_member(robin.user)
        await world.env.settle()
        assert await left_at(bot, robin.id) is None

    async def test_who_left_is_erased_after_thirty_days(self, world: World, bot: Evenkeel) -> None:
        robin, wren = world.group.members[:2]
        here = world.group.guild.id
        await settle_in(bot, here, robin.id, wren.id)
        world.group.guild.remove_member(robin)
        await world.env.settle()
        await world.advance(timedelta(days=29))
        assert await rows(bot, here, robin.id) == 3
        await world.advance(timedelta(days=2))
        assert await rows(bot, here, robin.id) == 0
