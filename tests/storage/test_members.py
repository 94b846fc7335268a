"""What is kept of a person, on both engines: server by server, own words sealed, all of it in a copy, all erased."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.members import Consents, MemberData, MemberProfile, Members
from bot.members.departures import is_away, left_until, mark_back, mark_left
from bot.storage import Database, SealBroken, Vault
from bot.storage.address import sqlite_path
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN, LARK = 11 << 22, 12 << 22, 13 << 22
KEY, OTHER_KEY = "A" * 43 + "=", "B" * 42 + "A="
CANARY = "canary-8a1d"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def members(database: Database, clock: FakeClock) -> Members:
    return Members(database, Vault.from_keys([KEY]), clock)


async def test_somebody_new_has_the_defaults(members: Members) -> None:
    profile = await members.profile(HERE, ROBIN)
    assert profile == MemberProfile(HERE, ROBIN)
    assert (profile.default_audience, profile.companion, profile.reminders) == ("me", False, True)


async def test_a_setting_changes_alone_and_can_be_taken_back(database: Database, members: Members) -> None:
    async with database.write() as writer:
        await members.set(writer, HERE, ROBIN, timezone="Europe/London", words="tapering", companion=1, reminders=0)
    async with database.write() as writer:
        await members.set(writer, HERE, ROBIN, country="GB", quiet_from=1380, quiet_to=420, default_audience="team")
    assert await members.profile(HERE, ROBIN) == MemberProfile(
        HERE, ROBIN, "Europe/London", "GB", 1380, 420, "tapering", "team", companion=True, reminders=False
    )
    async with database.write() as writer:
        await members.set(writer, HERE, ROBIN, words=None, timezone=None)
    profile = await members.profile(HERE, ROBIN)
    assert (profile.words, profile.timezone, profile.country) == (None, None, "GB")


@pytest.mark.parametrize("settings", [{}, {"break_since": 7}, {"words_sealed": "x"}, {"left_at": 1}])
async def test_a_setting_that_is_none_is_refused(
    database: Database, members: Members, settings: dict[str, str | int | None]
) -> None:
    async with database.write() as writer:
        with pytest.raises(ValueError, match="unknown setting"):
            await members.set(writer, HERE, ROBIN, **settings)


async def test_own_words_are_sealed(database: Database, members: Members, clock: FakeClock) -> None:
    async with database.write() as writer:
        await members.set(writer, HERE, ROBIN, words=CANARY)
        sealed = await writer.fetch_value("SELECT words_sealed FROM members WHERE user_id = $1", ROBIN)
    assert CANARY not in sealed
    assert (await members.profile(HERE, ROBIN)).words == CANARY
    with pytest.raises(SealBroken):
        await Members(database, Vault.from_keys([OTHER_KEY]), clock).profile(HERE, ROBIN)


async def test_own_words_are_nowhere_in_the_file(sqlite_database: Database, sqlite_url: str) -> None:
    members = Members(sqlite_database, Vault.from_keys([KEY]), FakeClock())
    async with sqlite_database.write() as writer:
        await members.set(writer, HERE, ROBIN, words=CANARY, timezone="Europe/Lisbon")
    path: Path = sqlite_path(sqlite_url)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
    assert b"Europe/Lisbon" in kept  # what is in the clear is found where this test looks
    assert CANARY.encode() not in kept


async def test_a_break_with_and_without_an_end(database: Database, members: Members, clock: FakeClock) -> None:
    end = clock.now() + timedelta(days=3)
    async with database.write() as writer:
        await members.set_break(writer, HERE, ROBIN, resting=True, until=end)
    profile = await members.profile(HERE, ROBIN)
    assert profile.break_since == clock.now()
    assert profile.on_break(end - timedelta(seconds=1))
    assert not profile.on_break(end)
    async with database.write() as writer:
        await members.set_break(writer, HERE, ROBIN, resting=True)
    assert (await members.profile(HERE, ROBIN)).on_break(end + timedelta(days=900))
    async with database.write() as writer:
        await members.set_break(writer, HERE, ROBIN, resting=False)
    assert not (await members.profile(HERE, ROBIN)).on_break(clock.now())


@pytest.mark.parametrize(
    ("quiet", "hour", "rests"),
    [((1380, 420), 23, True), ((1380, 420), 3, True), ((1380, 420), 7, False), ((540, 600), 9, True),
     ((540, 600), 10, False), ((540, 540), 9, False), ((None, 420), 3, False)],
)  # fmt: skip
def test_quiet_hours_may_pass_midnight(quiet: tuple[int | None, int], hour: int, rests: bool) -> None:
    profile = MemberProfile(HERE, ROBIN, quiet_from=quiet[0], quiet_to=quiet[1])
    moment = datetime(2026, 7, 1, hour, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    assert profile.in_quiet_hours(moment, ZoneInfo("Europe/Paris")) is rests


async def test_two_servers_and_two_people_are_apart(database: Database, members: Members) -> None:
    async with database.write() as writer:
        await members.set(writer, HERE, ROBIN, country="GB")
        await members.set(writer, THERE, ROBIN, country="FR")
        await members.avoid(writer, HERE, ROBIN, WREN)
    assert (await members.profile(HERE, ROBIN)).country == "GB"
    assert (await members.profile(THERE, ROBIN)).country == "FR"
    assert await members.profile(HERE, WREN) == MemberProfile(HERE, WREN)
    assert await members.avoids(THERE, ROBIN) == ()
    assert not await members.apart(THERE, ROBIN, WREN)


async def test_in_direct_messages_the_country_named_last_counts(
    database: Database, members: Members, clock: FakeClock
) -> None:
    assert await members.country_anywhere(ROBIN) is None
    for guild, country in ((HERE, "GB"), (THERE, "FR")):
        async with database.write() as writer:
            await members.set(writer, guild, ROBIN, country=country)
        clock.advance(60)
    assert await members.country_anywhere(ROBIN) == "FR"
    assert await members.country_anywhere(WREN) is None


async def test_an_avoid_list_counts_both_ways_and_is_its_owners(
    database: Database, members: Members, clock: FakeClock
) -> None:
    async with database.write() as writer:
        assert await members.avoid(writer, HERE, ROBIN, WREN)
        assert not await members.avoid(writer, HERE, ROBIN, WREN)
        clock.advance(1)
        assert await members.avoid(writer, HERE, ROBIN, LARK)
    assert await members.apart(HERE, ROBIN, WREN)
    assert await members.apart(HERE, WREN, ROBIN)
    assert not await members.apart(HERE, WREN, LARK)
    assert [avoid.other_id for avoid in await members.avoids(HERE, ROBIN)] == [WREN, LARK]
    assert await members.avoids(HERE, WREN) == ()
    async with database.write() as writer:
        assert not await members.stop_avoiding(writer, HERE, WREN, ROBIN)
        assert await members.stop_avoiding(writer, HERE, ROBIN, WREN)
    assert not await members.apart(HERE, ROBIN, WREN)


async def test_consent_is_for_one_server_and_one_version(
    database: Database, members: Members, clock: FakeClock
) -> None:
    old, new = Consents(database, clock, "1"), Consents(database, clock, "2")
    async with database.write() as writer:
        await old.agree(writer, HERE, ROBIN)
    assert await old.agreed(HERE, ROBIN)
    assert not await old.agreed(THERE, ROBIN)
    assert not await old.agreed(HERE, WREN)
    assert not await new.agreed(HERE, ROBIN)
    async with database.write() as writer:
        await new.agree(writer, HERE, ROBIN)
    assert await new.agreed(HERE, ROBIN)
    assert not await old.agreed(HERE, ROBIN)


async def test_who_left_and_who_came_back(database: Database, clock: FakeClock) -> None:
    first = clock.now()
    async with database.write() as writer:
        assert await mark_left(writer, HERE, ROBIN, first)
        assert not await mark_left(writer, HERE, ROBIN, first + timedelta(days=1))
        assert await mark_left(writer, HERE, WREN, first + timedelta(days=2))
        assert await is_away(writer, HERE, ROBIN)
        assert not await is_away(writer, THERE, ROBIN)
        assert await left_until(writer, HERE, first + timedelta(days=1), most=9) == [ROBIN]
        assert await left_until(writer, HERE, first + timedelta(days=9), most=9) == [ROBIN, WREN]
        assert await left_until(writer, HERE, first + timedelta(days=9), most=1) == [ROBIN]
        assert await mark_back(writer, HERE, ROBIN)
        assert not await mark_back(writer, HERE, ROBIN)
        assert not await is_away(writer, HERE, ROBIN)


async def test_a_copy_holds_everything_opened_and_erasing_leaves_nothing(
    database: Database, members: Members, clock: FakeClock
) -> None:
    owner, consents = MemberData(members), Consents(database, clock, "1")
    async with database.write() as writer:
        for guild, user in ((HERE, ROBIN), (THERE, ROBIN), (HERE, WREN)):
            await members.set(writer, guild, user, words=CANARY, quiet_from=1380, quiet_to=420)
            await members.avoid(writer, guild, user, LARK)
            await consents.agree(writer, guild, user)
        await members.avoid(writer, HERE, LARK, ROBIN)  # somebody else's list: theirs
    async with database.read() as reader:
        copy = await owner.export(reader, HERE, ROBIN)
        assert await owner.export(reader, HERE, 99) == {}
        assert await owner.servers(reader, ROBIN) == {HERE, THERE}
        assert await owner.people(reader, HERE) == {ROBIN, WREN, LARK}
    assert copy["settings"]["words"] == CANARY
    assert (copy["settings"]["quiet_from"], copy["settings"]["quiet_to"]) == ("23:00", "07:00")
    assert [avoid["person"] for avoid in copy["avoid_list"]] == [str(LARK)]
    assert copy["consent"]["version"] == "1"
    async with database.write() as writer:
        assert (await owner.erase(writer, HERE, ROBIN)).rows == 3
    async with database.read() as reader:
        assert await owner.export(reader, HERE, ROBIN) == {}
        assert await owner.servers(reader, ROBIN) == {THERE}
        assert await owner.people(reader, HERE) == {WREN, LARK}
    assert await members.apart(HERE, LARK, ROBIN)
