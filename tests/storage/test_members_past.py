"""Since when a zone held and when somebody rested, on both engines: kept with the settings, exported, erased."""

from datetime import timedelta

import pytest

from bot.clock import EPOCH
from bot.guilds import Guilds
from bot.members import MemberData, Members, Rest
from bot.storage import Database, Vault
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN = 11 << 22, 12 << 22
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def members(database: Database, clock: FakeClock) -> Members:
    return Members(database, Vault.from_keys(["A" * 43 + "="]), clock)


@pytest.fixture
def guilds(database: Database, clock: FakeClock) -> Guilds:
    return Guilds(database, clock)


async def test_a_zone_holds_from_its_moment_and_the_one_before_until_then(
    database: Database, members: Members, clock: FakeClock
) -> None:
    first = clock.now()
    async with database.write() as writer:
        assert await members.stays_in(writer, HERE, ROBIN) == ((EPOCH, None),)
        await members.set(writer, HERE, ROBIN, timezone="Europe/London")
        assert await members.stays_in(writer, HERE, ROBIN) == ((EPOCH, None), (first, "Europe/London"))
        clock.advance(HOUR)
        await members.set(writer, HERE, ROBIN, timezone="Europe/London", country="GB")  # the same one: no stay
        await members.set(writer, HERE, ROBIN, country="NZ")
        clock.advance(HOUR)
        await members.set(writer, HERE, ROBIN, timezone=None)
        assert await members.stays_in(writer, HERE, ROBIN) == (
            (EPOCH, None), (first, "Europe/London"), (first + 2 * HOUR, None),
        )  # fmt: skip
        assert await members.stays_in(writer, THERE, ROBIN) == ((EPOCH, None),)
        assert await members.stays_in(writer, HERE, WREN) == ((EPOCH, None),)


async def test_a_zone_from_before_stays_were_kept_holds_since_ever(database: Database, members: Members) -> None:
    async with database.write() as writer:
        await writer.execute(
            "INSERT INTO members (guild_id, user_id, timezone, created_at, updated_at) VALUES ($1, $2, $3, 1, 1)",
            HERE, ROBIN, "Asia/Tokyo",
        )  # fmt: skip
        assert await members.stays_in(writer, HERE, ROBIN) == ((EPOCH, "Asia/Tokyo"),)
        await members.set(writer, HERE, ROBIN, timezone="Asia/Kathmandu")
        stays = await members.stays_in(writer, HERE, ROBIN)
    assert [zone for _, zone in stays] == ["Asia/Tokyo", "Asia/Kathmandu"]


async def test_two_zones_within_a_millisecond_are_one_stay(database: Database, members: Members) -> None:
    async with database.write() as writer:
        await members.set(writer, HERE, ROBIN, timezone="Asia/Tokyo")
        await members.set(writer, HERE, ROBIN, timezone="Europe/Paris")
        assert [zone for _, zone in await members.stays_in(writer, HERE, ROBIN)] == [None, "Europe/Paris"]


async def test_a_break_is_kept_as_a_rest_and_begun_again_it_goes_on(
    database: Database, members: Members, clock: FakeClock
) -> None:
    begun = clock.now()
    async with database.write() as writer:
        await members.set_break(writer, HERE, ROBIN, resting=True, until=begun + 5 * HOUR)
        clock.advance(HOUR)
        await members.set_break(writer, HERE, ROBIN, resting=True)
        assert Rest("break", begun, None) in await members.rests_in(writer, HERE, ROBIN)
        clock.advance(HOUR)
        await members.set_break(writer, HERE, ROBIN, resting=False)
        assert await members.rests_in(writer, HERE, ROBIN) == (Rest("break", begun, begun + 2 * HOUR),)


async def test_a_break_from_before_rests_were_kept_is_one(database: Database, members: Members) -> None:
    async with database.write() as writer:
        await writer.execute(
            "INSERT INTO members (guild_id, user_id, break_since, created_at, updated_at) VALUES ($1, $2, $3, 1, 1)",
            HERE, ROBIN, 3_600_000,
        )  # fmt: skip
        assert await members.rests_in(writer, HERE, ROBIN) == (Rest("break", EPOCH + HOUR, None),)


async def test_kinds_of_rest_are_apart_and_a_second_end_changes_nothing(
    database: Database, members: Members, clock: FakeClock
) -> None:
    begun = clock.now()
    async with database.write() as writer:
        assert await members.rest(writer, HERE, ROBIN, "checkins", resting=True, until=begun + HOUR)
        assert not await members.rest(writer, HERE, ROBIN, "break", resting=False)
        assert not await members.rest(writer, THERE, ROBIN, "checkins", resting=False)
        assert not await members.rest(writer, HERE, WREN, "checkins", resting=False)
        clock.advance(2 * HOUR)  # over by itself
        assert not await members.rest(writer, HERE, ROBIN, "checkins", resting=False)
        await members.rest(writer, HERE, ROBIN, "checkins", resting=True)
        clock.advance(HOUR)
        assert await members.rest(writer, HERE, ROBIN, "checkins", resting=False)
        assert not await members.rest(writer, HERE, ROBIN, "checkins", resting=False)
        assert await members.rests_in(writer, HERE, ROBIN) == (
            Rest("checkins", begun, begun + HOUR), Rest("checkins", begun + 2 * HOUR, begun + 3 * HOUR),
        )  # fmt: skip


@pytest.mark.parametrize(("hours", "holds"), [(-1, False), (0, True), (1, True), (2, False)])
def test_a_rest_holds_from_its_beginning_until_just_before_its_end(hours: int, holds: bool) -> None:
    begun = FakeClock().now()
    assert Rest("break", begun, begun + 2 * HOUR).holds(begun + hours * HOUR) is holds


async def test_a_copy_holds_both_and_erasing_leaves_neither(
    database: Database, members: Members, clock: FakeClock
) -> None:
    owner = MemberData(members)
    async with database.write() as writer:
        for user_id in (ROBIN, WREN):
            await members.set(writer, HERE, user_id, timezone="Asia/Tokyo")
            await members.rest(writer, HERE, user_id, "checkins", resting=True, until=clock.now() + HOUR)
        copy = await owner.export(writer, HERE, ROBIN)
        assert copy["zones"] == [
            {"timezone": None, "since": None}, {"timezone": "Asia/Tokyo", "since": clock.now().isoformat()},
        ]  # fmt: skip
        assert copy["rests"] == [
            {"from": "checkins", "since": clock.now().isoformat(), "until": (clock.now() + HOUR).isoformat()}
        ]
        assert (await owner.erase(writer, HERE, ROBIN)).rows == 4
        assert await owner.export(writer, HERE, ROBIN) == {}
        assert await owner.people(writer, HERE) == {WREN}
        assert await members.stays_in(writer, HERE, ROBIN) == ((EPOCH, None),)


async def test_the_groups_zone_holds_from_its_moment_and_was_utc_before(
    database: Database, guilds: Guilds, clock: FakeClock
) -> None:
    first = clock.now()
    async with database.write() as writer:
        assert await guilds.stays_in(writer, HERE) == ((EPOCH, "UTC"),)
        await guilds.set_profile(writer, HERE, country="GB")
        await guilds.set_profile(writer, HERE, timezone="Europe/London")
        clock.advance(HOUR)
        await guilds.set_profile(writer, HERE, timezone="Europe/London")
        await guilds.set_profile(writer, HERE, timezone="Asia/Tokyo")
        assert await guilds.stays_in(writer, HERE) == (
            (EPOCH, "UTC"), (first, "Europe/London"), (first + HOUR, "Asia/Tokyo"),
        )  # fmt: skip
        assert await guilds.stays_in(writer, THERE) == ((EPOCH, "UTC"),)
        await guilds.reset(writer, HERE)
        assert await guilds.stays_in(writer, HERE) == ((EPOCH, "UTC"),)


async def test_the_groups_rests_are_kept_beyond_their_end(database: Database, guilds: Guilds, clock: FakeClock) -> None:
    begun = clock.now()
    async with database.write() as writer:
        await guilds.set_pause(writer, HERE, False, None)  # it wasn't resting
        assert await guilds.rests_in(writer, HERE, EPOCH) == ()
        await guilds.set_pause(writer, HERE, True, begun + 9 * HOUR)
        clock.advance(HOUR)
        await guilds.set_pause(writer, HERE, True, None)
        assert await guilds.rests_in(writer, HERE, EPOCH) == ((begun, None),)
        await guilds.set_pause(writer, HERE, False, None)
        assert await guilds.rests_in(writer, HERE, EPOCH) == ((begun, begun + HOUR),)
        assert await guilds.rests_in(writer, HERE, begun + HOUR) == ()
        assert await guilds.rests_in(writer, THERE, EPOCH) == ()
        await guilds.reset(writer, HERE)
        assert await guilds.rests_in(writer, HERE, EPOCH) == ()
