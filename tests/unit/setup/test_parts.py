import pytest

from bot.errors import Refusal
from bot.permissions import HISTORY, MANAGE_ROLES, MODERATE_MEMBERS, SEND_IN_THREADS, VIEW
from bot.text import t
from cogs.setup.rules.fit import Viewer
from cogs.setup.service.losses import GONE
from tests.unit.setup.conftest import Rooms
from tests.unit.setup.doubles import EVERYTHING, GUILD, ORDINARY


async def test_a_channel_is_kept_with_what_to_look_at(rooms: Rooms) -> None:
    open_channel = rooms.server.add_channel("team", bot=EVERYTHING & ~HISTORY.bit)
    chosen = await rooms.parts.choose_channel(rooms.server, "care", open_channel)
    assert (chosen.exposed, chosen.lacking) == (True, (HISTORY,))
    assert await rooms.guilds.channels(GUILD) == {"care": open_channel}
    quiet = await rooms.parts.choose_channel(rooms.server, "quiet-rooms", rooms.server.add_channel("quiet"))
    assert quiet.quiet == ("quiet_open",)


async def test_another_servers_channel_or_role_is_not_found(rooms: Rooms) -> None:
    for work in (
        rooms.parts.choose_channel(rooms.server, "library", 424242),
        rooms.parts.choose_role(rooms.server, "member", 424242),
    ):
        with pytest.raises(Refusal, match="elsewhere") as caught:
            await work
        assert t(caught.value.key)
    assert await rooms.guilds.channels(GUILD) == await rooms.guilds.roles(GUILD) == {}


async def test_a_purpose_that_there_is_not_is_refused(rooms: Rooms) -> None:
    with pytest.raises(Refusal, match="outdated"):
        await rooms.parts.choose_channel(rooms.server, "secrets", rooms.server.add_channel("x"))
    with pytest.raises(Refusal, match="outdated"):
        await rooms.parts.choose_role(rooms.server, "king", rooms.server.add_role("x"))


async def test_a_role_above_the_bot_is_kept_and_said(rooms: Rooms) -> None:
    high = rooms.server.add_role("Friends", above_bot=True)
    assert (await rooms.parts.choose_role(rooms.server, "member", high)).out_of_reach
    team = rooms.server.add_role("Team", above_bot=True)
    chosen = await rooms.parts.choose_role(rooms.server, "moderator", team)
    assert (chosen.out_of_reach, chosen.powerless) == (False, True)


async def test_the_moderator_role_gets_its_permission_once_all_is_right(rooms: Rooms) -> None:
    role_id = rooms.server.add_role("Team")
    await rooms.parts.choose_role(rooms.server, "moderator", role_id)
    assert await rooms.parts.powerless_moderators(rooms.server) == role_id
    assert (await rooms.parts.empower(rooms.server, role_id, may_pass_on=False)).reason == "not_yours"
    rooms.server.bits &= ~MANAGE_ROLES.bit
    lacking = await rooms.parts.empower(rooms.server, role_id, may_pass_on=True)
    assert (lacking.reason, lacking.lacking) == ("lacking", (MANAGE_ROLES,))
    rooms.server.bits = EVERYTHING
    rooms.server.refuses = "forbidden"
    assert (await rooms.parts.empower(rooms.server, role_id, may_pass_on=True)).reason == "forbidden"
    rooms.server.refuses = None
    assert (await rooms.parts.empower(rooms.server, role_id, may_pass_on=True)).done
    assert rooms.server.ranks[role_id].bits == MODERATE_MEMBERS.bit
    assert await rooms.parts.powerless_moderators(rooms.server) is None


async def test_no_other_role_can_be_given_the_permission(rooms: Rooms) -> None:
    member = rooms.server.add_role("Member")
    await rooms.parts.choose_role(rooms.server, "member", member)
    with pytest.raises(Refusal, match="outdated"):
        await rooms.parts.empower(rooms.server, member, may_pass_on=True)
    high = rooms.server.add_role("Team", above_bot=True)
    await rooms.parts.choose_role(rooms.server, "moderator", high)
    assert (await rooms.parts.empower(rooms.server, high, may_pass_on=True)).reason == "above"
    assert rooms.server.calls == []


async def test_a_team_role_is_let_into_its_channel_and_no_other_role(rooms: Rooms) -> None:
    care = rooms.server.add_channel("care", everyone=0)
    team, member = rooms.server.add_role("Team"), rooms.server.add_role("Member")
    await rooms.parts.choose_channel(rooms.server, "care", care)
    await rooms.parts.choose_role(rooms.server, "moderator", team)
    await rooms.parts.choose_role(rooms.server, "member", member)
    assert "team_blind" in {finding.kind for finding in await rooms.parts.check(rooms.server)}
    with pytest.raises(Refusal, match="outdated"):
        await rooms.parts.open_door(rooms.server, "care", "member")
    await rooms.parts.open_door(rooms.server, "care", "moderator")
    assert "team_blind" not in {finding.kind for finding in await rooms.parts.check(rooms.server)}


@pytest.mark.parametrize("reason", ["forbidden", "gone", "refused", "full", "unreachable"])
async def test_every_refusal_at_a_door_has_its_words(rooms: Rooms, reason: str) -> None:
    await rooms.parts.choose_channel(rooms.server, "care", rooms.server.add_channel("care", everyone=0))
    await rooms.parts.choose_role(rooms.server, "moderator", rooms.server.add_role("Team"))
    rooms.server.refuses = reason
    with pytest.raises(Refusal) as caught:
        await rooms.parts.open_door(rooms.server, "care", "moderator")
    assert t(caught.value.key)


async def test_the_check_reads_what_discord_has_now(rooms: Rooms) -> None:
    care = rooms.server.add_channel("care", everyone=ORDINARY)
    await rooms.parts.choose_channel(rooms.server, "care", care)
    assert "exposed" in {finding.kind for finding in await rooms.parts.check(rooms.server)}
    del rooms.server.channels[care]
    assert "channel_gone" in {finding.kind for finding in await rooms.parts.check(rooms.server)}


async def test_the_check_names_strangers_in_private_channels(rooms: Rooms) -> None:
    care = rooms.server.add_channel("care", everyone=0)
    library = rooms.server.add_channel("library")
    await rooms.parts.choose_channel(rooms.server, "care", care)
    await rooms.parts.choose_channel(rooms.server, "library", library)
    stranger = Viewer(77, person=True, bits=VIEW.bit)
    rooms.server.seen_by = {care: (stranger,), library: (stranger,)}
    named = [finding for finding in await rooms.parts.check(rooms.server) if finding.others]
    assert [(finding.channel_id, finding.others) for finding in named] == [(care, (stranger,))]


async def test_quiet_rooms_of_a_gated_server_are_well(rooms: Rooms) -> None:
    quiet, member = rooms.server.add_channel("quiet", everyone=0), rooms.server.add_role("Member")
    rooms.server.sights[member, quiet] = VIEW.bit | SEND_IN_THREADS.bit
    assert (await rooms.parts.choose_channel(rooms.server, "quiet-rooms", quiet)).quiet != ()
    await rooms.parts.choose_role(rooms.server, "member", member)
    assert (await rooms.parts.choose_channel(rooms.server, "quiet-rooms", quiet)).quiet == ()
    assert not {"quiet_hidden", "quiet_mute"} & {finding.kind for finding in await rooms.parts.check(rooms.server)}


async def test_what_is_deleted_is_forgotten_and_told_once(rooms: Rooms) -> None:
    both = rooms.server.add_channel("talk")
    await rooms.parts.choose_channel(rooms.server, "check-ins", both)
    await rooms.parts.choose_channel(rooms.server, "celebrations", both)
    role = rooms.server.add_role("Member")
    await rooms.parts.choose_role(rooms.server, "member", role)
    assert await rooms.losses.channel_gone(GUILD, both)
    assert not await rooms.losses.channel_gone(GUILD, both)
    assert await rooms.losses.role_gone(GUILD, role)
    assert not await rooms.losses.channel_gone(GUILD, 999)
    assert await rooms.guilds.channels(GUILD) == await rooms.guilds.roles(GUILD) == {}
    async with rooms.database.read() as reader:
        jobs = await reader.fetch_all("SELECT payload FROM jobs WHERE kind = $1 ORDER BY payload", GONE)
    assert [job["payload"] for job in jobs] == [
        '{"part":"channel","purpose":"celebrations"}',
        '{"part":"channel","purpose":"check-ins"}',
        '{"part":"role","purpose":"member"}',
    ]


async def test_another_servers_loss_is_not_ours(rooms: Rooms) -> None:
    channel = rooms.server.add_channel("talk")
    await rooms.parts.choose_channel(rooms.server, "check-ins", channel)
    assert not await rooms.losses.channel_gone(GUILD + 1, channel)
    assert await rooms.guilds.channels(GUILD) == {"check-ins": channel}
