from datetime import UTC, datetime, timedelta

import pytest

from bot.contracts import GuildReset
from bot.errors import Refusal
from bot.text import t
from tests.unit.setup.conftest import Rooms
from tests.unit.setup.doubles import GUILD

OTHER = GUILD + 1


async def refused(work: object, key: str) -> None:
    with pytest.raises(Refusal) as caught:
        await work  # type: ignore[misc]
    assert caught.value.key == key
    assert t(caught.value.key, **caught.value.data)


async def test_what_a_group_tells_is_kept_for_it_alone(rooms: Rooms) -> None:
    await rooms.group.tell(GUILD, timezone="berlin", country="germany", kind="mixed", quiet="10pm to 7am")
    profile = await rooms.guilds.profile(GUILD)
    assert (profile.timezone, profile.country, profile.kind) == ("Europe/Berlin", "DE", "mixed")
    assert (profile.quiet_from, profile.quiet_to) == (1320, 420)
    assert (await rooms.guilds.profile(OTHER)).timezone is None


async def test_parts_left_out_stay_as_they_are(rooms: Rooms) -> None:
    await rooms.group.tell(GUILD, timezone="berlin", kind="mixed", quiet="22-7")
    await rooms.group.tell(GUILD, country="AT")
    profile = await rooms.guilds.profile(GUILD)
    assert (profile.timezone, profile.kind, profile.country) == ("Europe/Berlin", "mixed", "AT")
    await rooms.group.tell(GUILD, quiet="off")
    assert (await rooms.guilds.profile(GUILD)).quiet_from is None


async def test_a_country_with_one_zone_brings_it_along_but_never_overrules(rooms: Rooms) -> None:
    told = await rooms.group.tell(GUILD, country="Ireland")
    assert (told.timezone, told.zone_by_country) == ("Europe/Dublin", True)
    told = await rooms.group.tell(GUILD, country="Japan")
    assert (told.timezone, told.zone_by_country) == (None, False)
    told = await rooms.group.tell(OTHER, country="USA")
    assert (told.timezone, told.zone_by_country) == (None, False)


async def test_one_part_that_does_not_read_keeps_none(rooms: Rooms) -> None:
    await refused(rooms.group.tell(GUILD, kind="mixed", quiet="sometimes"), "times.quiet.unknown")
    await refused(rooms.group.tell(GUILD, country="Narnia", timezone="berlin"), "times.country.unknown")
    await refused(rooms.group.tell(GUILD, timezone="eastern"), "times.zone.several")
    await refused(rooms.group.tell(GUILD, kind="chess"), "setup.group.unknown_kind")
    assert (await rooms.guilds.profile(GUILD)).kind is None


async def test_the_guide_is_where_it_was_left(rooms: Rooms) -> None:
    overview, again = await rooms.group.open_guide(GUILD)
    assert (overview.guide.step, again) == ("group", False)
    await rooms.group.go(GUILD, "channels")
    overview, again = await rooms.group.open_guide(GUILD)
    assert (overview.guide.step, again) == ("channels", True)
    assert (await rooms.group.overview(OTHER)).guide.step == "group"
    await refused(rooms.group.go(GUILD, "nowhere"), "kit.refused.outdated")


async def test_a_rest_lasts_until_it_ends_or_is_ended(rooms: Rooms) -> None:
    await rooms.group.tell(GUILD, timezone="Europe/London")
    rest = await rooms.group.pause(GUILD, "3 days")
    now = rooms.clock.now()
    assert rest.until == now + timedelta(days=3)
    assert (await rooms.guilds.profile(GUILD)).rests(now)
    assert not (await rooms.guilds.profile(GUILD)).rests(now + timedelta(days=3))
    assert not (await rooms.group.pause(GUILD, None)).resting
    assert not (await rooms.guilds.profile(GUILD)).rests(now)
    assert (await rooms.group.pause(GUILD, "  ")).until is None
    assert (await rooms.guilds.profile(GUILD)).rests(now + timedelta(days=4000))


async def test_an_end_given_while_resting_moves_the_end(rooms: Rooms) -> None:
    await rooms.group.pause(GUILD, None)
    rest = await rooms.group.pause(GUILD, "2 days")
    assert rest.resting
    assert rest.in_utc


async def test_a_rest_over_the_spring_change_ends_at_the_same_time_of_day(rooms: Rooms) -> None:
    await rooms.group.tell(GUILD, timezone="Europe/London")
    rooms.clock.set(datetime(2026, 3, 28, 20, 0, tzinfo=UTC))
    assert (await rooms.group.pause(GUILD, "1 day")).until == datetime(2026, 3, 29, 19, 0, tzinfo=UTC)
    assert (await rooms.group.pause(GUILD, "2026-03-29 01:30")).until == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


async def test_a_rest_that_has_run_out_begins_anew(rooms: Rooms) -> None:
    await rooms.group.pause(GUILD, "1 hour")
    rooms.clock.advance(timedelta(hours=2))
    assert (await rooms.group.pause(GUILD, None)).resting


async def test_an_end_that_does_not_read_changes_nothing(rooms: Rooms) -> None:
    await refused(rooms.group.pause(GUILD, "03/04"), "times.until.ambiguous")
    assert not (await rooms.guilds.profile(GUILD)).rests(rooms.clock.now())


async def test_fewer_months_are_asked_about_first(rooms: Rooms) -> None:
    assert (await rooms.group.keep(GUILD, "check-ins", 3, sure=False)).ask
    assert await rooms.guilds.retention(GUILD) == {}
    kept = await rooms.group.keep(GUILD, "check-ins", 3, sure=True)
    assert (kept.before, kept.months, kept.ask) == (12, 3, False)
    assert not (await rooms.group.keep(GUILD, "check-ins", 12, sure=False)).ask
    assert (await rooms.group.overview(GUILD)).months["check-ins"] == 12


@pytest.mark.parametrize(("feature", "months"), [("check-ins", 18), ("check-ins", 0), ("cases", 36), ("notes", 3)])
async def test_no_other_time_can_be_chosen(rooms: Rooms, feature: str, months: int) -> None:
    await refused(rooms.group.keep(GUILD, feature, months, sure=True), "setup.retention.refused")


async def test_a_reset_wants_the_servers_name_and_counts_once(rooms: Rooms) -> None:
    told: list[GuildReset] = []

    async def hear(event: GuildReset) -> None:
        told.append(event)

    rooms.events.listen(GuildReset, hear)
    for guild in (GUILD, OTHER):
        await rooms.group.tell(guild, kind="mixed", timezone="berlin")
        await rooms.group.go(guild, "channels")
        await rooms.group.keep(guild, "cases", 12, sure=True)
    await refused(rooms.group.reset(rooms.server, "Lantern Street", "form-1"), "setup.reset.other_name")
    assert (await rooms.guilds.profile(GUILD)).kind == "mixed"
    await rooms.group.reset(rooms.server, " harbour  LIGHTS ", "form-2")
    await rooms.group.reset(rooms.server, "Harbour Lights", "form-2")
    assert told == [GuildReset(GUILD)]
    assert (await rooms.guilds.profile(GUILD)).kind is None
    assert await rooms.guilds.retention(GUILD) == {}
    assert (await rooms.group.overview(GUILD)).guide.step == "group"
    assert (await rooms.guilds.profile(OTHER)).kind == "mixed"
    assert (await rooms.group.overview(OTHER)).guide.step == "channels"


async def test_a_name_of_signs_alone_has_to_be_typed_as_it_is(rooms: Rooms) -> None:
    rooms.server.name = "🌊 ✨"
    await refused(rooms.group.reset(rooms.server, "", "form-1"), "setup.reset.other_name")
    await rooms.group.reset(rooms.server, "🌊 ✨", "form-2")


async def test_leaving_and_coming_back_is_kept(rooms: Rooms) -> None:
    await rooms.group.tell(GUILD, kind="mixed")

    async def left_at() -> int | None:
        async with rooms.database.read() as reader:
            found: int | None = await reader.fetch_value("SELECT left_at FROM guilds WHERE guild_id = $1", GUILD)
            return found

    await rooms.group.left(GUILD)
    assert await left_at() is not None
    await rooms.group.back(GUILD)
    assert await left_at() is None
    await rooms.group.left(OTHER)
    async with rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM guilds") == 1
