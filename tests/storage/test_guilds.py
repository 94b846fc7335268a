"""What is kept of a group, on both engines; two servers never meet."""

from datetime import timedelta

import pytest

from bot.guilds import GuildProfile, Guilds
from bot.storage import Database
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def guilds(database: Database, clock: FakeClock) -> Guilds:
    return Guilds(database, clock)


async def test_a_group_without_a_set_up_is_empty(guilds: Guilds) -> None:
    assert await guilds.profile(HERE) == GuildProfile(HERE)
    assert await guilds.channels(HERE) == {}
    assert await guilds.roles(HERE) == {}
    assert await guilds.retention(HERE) == {}


async def test_a_part_changes_alone(database: Database, guilds: Guilds) -> None:
    async with database.write() as writer:
        await guilds.set_profile(writer, HERE, timezone="Europe/London", country="GB", quiet=(0, 420))
    async with database.write() as writer:
        await guilds.set_profile(writer, HERE, kind="recovery", country="IE")
    assert await guilds.profile(HERE) == GuildProfile(HERE, "Europe/London", "IE", "recovery", 0, 420)
    async with database.write() as writer:
        await guilds.clear_quiet(writer, HERE)
    profile = await guilds.profile(HERE)
    assert (profile.quiet_from, profile.quiet_to, profile.timezone) == (None, None, "Europe/London")


async def test_a_rest_with_and_without_an_end(database: Database, guilds: Guilds, clock: FakeClock) -> None:
    began, end = clock.now(), clock.now() + timedelta(days=1)
    async with database.write() as writer:
        await guilds.set_pause(writer, HERE, True, end)
    profile = await guilds.profile(HERE)
    assert (profile.paused_since, profile.paused_until) == (began, end)
    assert profile.rests(began)
    assert not profile.rests(end)
    async with database.write() as writer:
        await guilds.set_pause(writer, HERE, True, None)
    assert (await guilds.profile(HERE)).rests(began + timedelta(days=900))
    async with database.write() as writer:
        await guilds.set_pause(writer, HERE, False, None)
    assert await guilds.profile(HERE) == GuildProfile(HERE)


async def test_a_purpose_has_one_channel_and_one_role(database: Database, guilds: Guilds) -> None:
    async with database.write() as writer:
        for channel in (7, 8):
            await guilds.set_channel(writer, HERE, "care", channel)
        await guilds.set_channel(writer, HERE, "mod-log", 8)
        for role in (17, 18):
            await guilds.set_role(writer, HERE, "moderator", role)
        assert await guilds.channels_in(writer, HERE) == {"care": 8, "mod-log": 8}
        assert await guilds.roles_in(writer, HERE) == {"moderator": 18}
    assert await guilds.channels(HERE) == {"care": 8, "mod-log": 8}


async def test_what_is_gone_is_forgotten_for_every_purpose_it_had(database: Database, guilds: Guilds) -> None:
    async with database.write() as writer:
        await guilds.set_channel(writer, HERE, "care", 8)
        await guilds.set_channel(writer, HERE, "mod-log", 8)
        await guilds.set_channel(writer, HERE, "library", 9)
        await guilds.set_role(writer, HERE, "moderator", 18)
        assert await guilds.forget_channel(writer, HERE, 8) == 2
        assert await guilds.forget_channel(writer, HERE, 8) == 0
        assert await guilds.forget_role(writer, HERE, 18) == 1
    assert await guilds.channels(HERE) == {"library": 9}
    assert await guilds.roles(HERE) == {}


async def test_the_months_a_group_chose(database: Database, guilds: Guilds) -> None:
    async with database.write() as writer:
        for months in (6, 3):
            await guilds.set_retention(writer, HERE, "cases", months)
    assert await guilds.retention(HERE) == {"cases": 3}


async def test_since_when_the_bot_is_out(database: Database, guilds: Guilds, clock: FakeClock) -> None:
    left = "SELECT left_at FROM guilds WHERE guild_id = $1"
    async with database.write() as writer:
        await guilds.set_left(writer, THERE, left=True)  # nothing is kept of a group without a set-up
        await guilds.set_profile(writer, HERE, country="GB")
        await guilds.set_left(writer, HERE, left=True)
        assert await writer.fetch_value(left, HERE) == int(clock.now().timestamp() * 1000)
        await guilds.set_left(writer, HERE, left=False)
        assert await writer.fetch_value(left, HERE) is None
        assert await writer.fetch_value("SELECT COUNT(*) FROM guilds") == 1


async def test_two_servers_are_apart(database: Database, guilds: Guilds) -> None:
    async with database.write() as writer:
        for guild, country, place in ((HERE, "GB", 7), (THERE, "FR", 8)):
            await guilds.set_profile(writer, guild, country=country, quiet=(1, 2))
            await guilds.set_channel(writer, guild, "care", place)
            await guilds.set_role(writer, guild, "moderator", place)
            await guilds.set_retention(writer, guild, "cases", place)
    async with database.write() as writer:
        # The same ids asked of the other server find nothing to change.
        assert await guilds.forget_channel(writer, HERE, 8) == 0
        assert await guilds.forget_role(writer, HERE, 8) == 0
        await guilds.clear_quiet(writer, HERE)
        await guilds.reset(writer, HERE)
    assert await guilds.profile(HERE) == GuildProfile(HERE)
    assert await guilds.channels(HERE) == await guilds.roles(HERE) == await guilds.retention(HERE) == {}
    there = await guilds.profile(THERE)
    assert (there.country, there.quiet_from) == ("FR", 1)
    assert await guilds.channels(THERE) == {"care": 8}
    assert await guilds.roles(THERE) == {"moderator": 8}
    assert await guilds.retention(THERE) == {"cases": 8}
