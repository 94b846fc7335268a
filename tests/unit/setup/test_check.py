from dataclasses import replace

import pytest

from bot.guilds import CHANNEL_PURPOSES, PRIVATE_PURPOSES, ROLE_PURPOSES, GuildProfile
from bot.permissions import (
    ADMINISTRATOR_BIT,
    CHANNEL_NEEDS,
    MENTION_EVERYONE,
    MODERATE_MEMBERS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    invite_permissions,
)
from cogs.setup.rules.check import Finding, State, Weight, inspect
from cogs.setup.rules.fit import TEAM, Place, Rank, Viewer

ALL = invite_permissions()
CHANNELS = {purpose: 100 + number for number, purpose in enumerate(CHANNEL_PURPOSES)}
ROLES = {purpose: 200 + number for number, purpose in enumerate(ROLE_PURPOSES)}
CARE, LOG = CHANNELS["care"], CHANNELS["mod-log"]


def place(purpose: str) -> Place:
    everyone = VIEW.bit | SEND.bit | SEND_IN_THREADS.bit
    if purpose in PRIVATE_PURPOSES:
        everyone = 0
    if purpose == "quiet-rooms":
        everyone = VIEW.bit | SEND_IN_THREADS.bit
    return Place(CHANNELS[purpose], purpose, "text", "", ALL, everyone)


def well() -> State:
    ranks = {
        role_id: Rank(
            role_id,
            purpose,
            everyone=False,
            managed=False,
            above_bot=False,
            bits=MODERATE_MEMBERS.bit if purpose == "moderator" else 0,
            mentionable=purpose in TEAM,
        )
        for purpose, role_id in ROLES.items()
    }
    return State(
        GuildProfile(1, timezone="Europe/Berlin", country="DE", kind="mixed"),
        ALL,
        CHANNELS,
        ROLES,
        {CHANNELS[purpose]: place(purpose) for purpose in CHANNEL_PURPOSES},
        ranks,
        {
            (ROLES["moderator"], CARE): VIEW.bit,
            (ROLES["facilitator"], CARE): VIEW.bit,
            (ROLES["moderator"], LOG): VIEW.bit,
        },
    )


def kinds(state: State) -> list[tuple[str, str]]:
    return [(finding.kind, finding.purpose) for finding in inspect(state)]


def with_place(purpose: str, **changes: object) -> State:
    state = well()
    changed = replace(state.places[CHANNELS[purpose]], **changes)  # type: ignore[arg-type]
    return replace(state, places={**state.places, changed.channel_id: changed})


def with_rank(purpose: str, **changes: object) -> State:
    state = well()
    changed = replace(state.ranks[ROLES[purpose]], **changes)  # type: ignore[arg-type]
    return replace(state, ranks={**state.ranks, changed.role_id: changed})


def test_a_group_as_the_guide_makes_it_is_well() -> None:
    assert inspect(well()) == ()


def test_an_empty_group_has_only_things_to_choose() -> None:
    findings = inspect(State(GuildProfile(1), ALL, {}, {}, {}, {}))
    assert {finding.weight for finding in findings} == {Weight.CHOOSE}
    assert len(findings) == len(CHANNEL_PURPOSES) + len(ROLE_PURPOSES) + 3


@pytest.mark.parametrize("purpose", CHANNEL_PURPOSES)
def test_every_permission_is_missed_where_it_is_missing(purpose: str) -> None:
    for need in CHANNEL_NEEDS[purpose]:
        (finding,) = inspect(with_place(purpose, bot=ALL & ~need.bit))
        assert finding == Finding("channel", Weight.MEND, purpose, CHANNELS[purpose], needs=(need,))


def test_a_channel_that_cannot_be_seen_lacks_that_alone() -> None:
    (finding,) = inspect(with_place("sessions", bot=0))
    assert finding.needs == (VIEW,)


def test_what_is_missing_in_the_whole_server_comes_first() -> None:
    state = replace(well(), held=0, profile=GuildProfile(1))
    assert kinds(state)[0] == ("server", "")
    assert MODERATE_MEMBERS in inspect(state)[0].needs


@pytest.mark.parametrize("purpose", sorted(PRIVATE_PURPOSES))
def test_a_private_channel_open_to_everybody_is_told(purpose: str) -> None:
    assert kinds(with_place(purpose, everyone=VIEW.bit)) == [("exposed", purpose)]


@pytest.mark.parametrize("channel", [CARE, LOG])
def test_everybody_outside_the_team_who_sees_a_private_channel_is_named(channel: int) -> None:
    strangers = (
        Viewer(ROLES["member"], person=False, bits=VIEW.bit),
        Viewer(900, person=False, bits=VIEW.bit | SEND.bit),
        Viewer(901, person=True, bits=VIEW.bit),
        Viewer(902, person=True, bits=VIEW.bit, roles=frozenset({900, ROLES["companion"]})),
    )
    (finding,) = inspect(replace(well(), viewers={channel: strangers}))
    assert (finding.kind, finding.weight, finding.channel_id) == ("exposed_to", Weight.MEND, channel)
    assert finding.others == strangers


def test_who_belongs_in_a_private_channel_is_not_named() -> None:
    at_home = (
        Viewer(ROLES["moderator"], person=False, bits=VIEW.bit),
        Viewer(ROLES["facilitator"], person=False, bits=VIEW.bit),
        Viewer(900, person=False, bits=VIEW.bit | ADMINISTRATOR_BIT),
        Viewer(901, person=False, bits=SEND.bit),
        Viewer(902, person=True, bits=VIEW.bit | ADMINISTRATOR_BIT),
        Viewer(903, person=True, bits=VIEW.bit, roles=frozenset({ROLES["facilitator"]})),
        Viewer(904, person=True, bits=0),
    )
    assert inspect(replace(well(), viewers={CARE: at_home, LOG: at_home})) == ()
    open_to_all = (Viewer(900, person=False, bits=VIEW.bit),)
    assert inspect(replace(well(), viewers={CHANNELS["library"]: open_to_all})) == ()


def test_a_team_that_cannot_see_its_channel_is_told() -> None:
    (finding, other, _) = inspect(replace(well(), sights={}))
    assert (finding.kind, finding.purpose, finding.role) == ("team_blind", "care", "moderator")
    assert (other.kind, other.purpose, other.role) == ("team_blind", "care", "facilitator")


def test_quiet_rooms_are_held_to_their_shape() -> None:
    assert kinds(with_place("quiet-rooms", everyone=VIEW.bit | SEND.bit)) == [
        ("quiet_open", "quiet-rooms"),
        ("quiet_mute", "quiet-rooms"),
    ]


def test_quiet_rooms_of_a_gated_server_are_open_to_its_members() -> None:
    gated = with_place("quiet-rooms", everyone=0)
    assert kinds(gated) == [("quiet_hidden", "quiet-rooms"), ("quiet_mute", "quiet-rooms")]
    where = (ROLES["member"], CHANNELS["quiet-rooms"])
    rooms = VIEW.bit | SEND_IN_THREADS.bit
    assert kinds(replace(gated, sights={**gated.sights, where: rooms})) == []
    assert kinds(replace(gated, sights={**gated.sights, where: rooms | SEND.bit})) == [("quiet_open", "quiet-rooms")]
    companions = (ROLES["companion"], CHANNELS["quiet-rooms"])
    assert ("quiet_hidden", "quiet-rooms") in kinds(replace(gated, sights={**gated.sights, companions: rooms}))


def test_what_is_gone_is_told() -> None:
    state = well()
    places = {key: one for key, one in state.places.items() if key != CARE}
    ranks = {key: one for key, one in state.ranks.items() if key != ROLES["member"]}
    assert kinds(replace(state, places=places, ranks=ranks)) == [("channel_gone", "care"), ("role_gone", "member")]


def test_a_role_out_of_reach_matters_only_where_the_bot_hands_it_out() -> None:
    assert kinds(with_rank("member", above_bot=True)) == [("role_above", "member")]
    assert kinds(with_rank("facilitator", above_bot=True)) == []


def test_a_member_role_that_gained_power_is_told() -> None:
    (finding,) = inspect(with_rank("member", bits=1 << 3))
    assert (finding.kind, finding.fault) == ("role_unfit", "powerful")


def test_moderators_without_timeout_members_are_told() -> None:
    assert kinds(with_rank("moderator", bits=0)) == [("moderator_powerless", "moderator")]
    assert kinds(with_rank("moderator", bits=1 << 3)) == []


def test_a_channel_turned_into_announcements_is_told() -> None:
    (finding,) = inspect(with_place("care", kind="news"))
    assert (finding.kind, finding.fault) == ("channel_unfit", "news")


def test_a_team_that_cannot_be_pinged_is_found() -> None:
    assert kinds(with_rank("moderator", mentionable=False)) == [("unheard", "moderator")]
    assert kinds(with_rank("facilitator", mentionable=False)) == [("unheard", "facilitator")]
    assert kinds(with_rank("companion", mentionable=False)) == []
    silent = with_rank("moderator", mentionable=False)
    shared = replace(silent, roles={**silent.roles, "facilitator": silent.roles["moderator"]})
    assert kinds(shared).count(("unheard", "moderator")) == 1
    assert ("unheard", "facilitator") not in kinds(shared)
    may_ping_all = replace(silent.places[CARE], bot=ALL | MENTION_EVERYONE.bit)
    assert inspect(replace(silent, places={**silent.places, CARE: may_ping_all})) == ()
    nowhere_to_call = {purpose: one for purpose, one in silent.channels.items() if purpose != "care"}
    assert ("unheard", "moderator") not in kinds(replace(silent, channels=nowhere_to_call))
