import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guilds import CHANNEL_PURPOSES, PRIVATE_PURPOSES, RETENTION_MONTHS, ROLE_PURPOSES
from bot.permissions import (
    CHANNEL_NEEDS,
    MANAGE_CHANNELS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    invite_permissions,
)
from cogs.setup.rules.fit import (
    Place,
    Rank,
    channel_fault,
    exposed,
    gates,
    kept_months,
    lacking_for_channels,
    lacking_to_empower,
    month_choices,
    quiet_faults,
    role_fault,
)

ROLES = {"moderator": 1, "facilitator": 2, "companion": 3, "member": 4, "family": 5}
TEXT = Place(10, "x", "text", "", 0, VIEW.bit | SEND.bit)
ROLE = Rank(20, "x", everyone=False, managed=False, above_bot=False, bits=0, mentionable=False)


@pytest.mark.parametrize("purpose", CHANNEL_PURPOSES)
def test_the_bot_may_do_all_it_needs_in_a_new_channel(purpose: str) -> None:
    (bot,) = [gate for gate in gates(purpose, ROLES) if gate.who == "bot"]
    assert set(CHANNEL_NEEDS[purpose]) <= set(bot.allow)
    assert not bot.deny


@pytest.mark.parametrize("purpose", CHANNEL_PURPOSES)
def test_only_private_channels_are_closed_to_everybody(purpose: str) -> None:
    denied = {one for gate in gates(purpose, ROLES) if gate.who == "everyone" for one in gate.deny}
    assert (VIEW in denied) == (purpose in PRIVATE_PURPOSES)


def test_members_companions_and_family_are_never_let_into_a_private_channel() -> None:
    for purpose in PRIVATE_PURPOSES:
        assert not {3, 4, 5} & {gate.who for gate in gates(purpose, ROLES)}


def test_one_role_for_two_purposes_has_one_gate() -> None:
    who = [gate.who for gate in gates("care", {"moderator": 1, "facilitator": 1})]
    assert len(who) == len(set(who))


def test_nobody_writes_in_quiet_rooms_but_in_its_threads() -> None:
    (everyone,) = [gate for gate in gates("quiet-rooms", ROLES) if gate.who == "everyone"]
    assert {VIEW, SEND_IN_THREADS} <= set(everyone.allow)
    assert SEND in everyone.deny
    assert quiet_faults(TEXT) == ("quiet_open", "quiet_mute")
    assert quiet_faults(Place(1, "x", "text", "", 0, VIEW.bit | SEND_IN_THREADS.bit)) == ()
    assert quiet_faults(Place(1, "x", "text", "", 0, 0)) == ("quiet_hidden", "quiet_mute")


def test_an_invite_is_enough_to_make_every_channel() -> None:
    assert lacking_for_channels(CHANNEL_PURPOSES, invite_permissions()) == ()
    assert lacking_to_empower(invite_permissions()) == ()
    assert lacking_for_channels(("library",), 0)[0] is MANAGE_CHANNELS


@pytest.mark.parametrize(
    ("purpose", "place", "taken", "fault"),
    [
        ("library", None, {}, "elsewhere"),
        ("library", Place(10, "x", "other", "", 0, 0), {}, "not_text"),
        ("library", Place(10, "x", "news", "", 0, 0), {}, None),
        ("care", Place(10, "x", "news", "", 0, 0), {}, "news"),
        ("sessions", Place(10, "x", "news", "", 0, 0), {}, "news"),
        ("check-ins", TEXT, {}, None),
        ("check-ins", TEXT, {"check-ins": 10, "care": 11}, None),
        ("check-ins", TEXT, {"celebrations": 10}, None),
        ("check-ins", TEXT, {"care": 10}, "mixed"),
        ("care", TEXT, {"mod-log": 10}, None),
        ("care", TEXT, {"mod-log": 10, "library": 10}, "mixed"),
        ("quiet-rooms", TEXT, {"library": 10}, "quiet_alone"),
        ("library", TEXT, {"quiet-rooms": 10}, "quiet_alone"),
    ],
)
def test_which_channel_fits(purpose: str, place: Place | None, taken: dict[str, int], fault: str | None) -> None:
    assert channel_fault(purpose, place, taken) == fault


@pytest.mark.parametrize(
    ("purpose", "rank", "taken", "fault"),
    [
        ("member", None, {}, "elsewhere"),
        ("member", Rank(20, "@everyone", True, False, False, 0, False), {}, "everyone"),
        ("member", Rank(20, "Bot", False, True, False, 0, False), {}, "managed"),
        ("member", Rank(20, "Boss", False, False, False, 1 << 3, False), {}, "powerful"),
        ("family", Rank(20, "Boss", False, False, False, 1 << 40, False), {}, "powerful"),
        ("moderator", Rank(20, "Boss", False, False, False, 1 << 40, False), {}, None),
        ("moderator", Rank(20, "Boss", False, False, True, 0, False), {}, None),
        ("member", ROLE, {"moderator": 20}, "mixed"),
        ("facilitator", ROLE, {"member": 20}, "mixed"),
        ("facilitator", ROLE, {"moderator": 20}, None),
        ("companion", ROLE, {"member": 20}, None),
        ("member", ROLE, {"member": 20}, None),
    ],
)
def test_which_role_fits(purpose: str, rank: Rank | None, taken: dict[str, int], fault: str | None) -> None:
    assert role_fault(purpose, rank, taken) == fault


@given(st.sampled_from(CHANNEL_PURPOSES), st.integers(0, 1 << 50))
def test_only_a_private_purpose_can_be_exposed(purpose: str, everyone: int) -> None:
    place = Place(10, "x", "text", "", 0, everyone)
    assert exposed(purpose, place) == (purpose in PRIVATE_PURPOSES and bool(everyone & VIEW.bit))


@given(st.sampled_from(sorted(RETENTION_MONTHS)), st.integers(-100, 1000))
def test_nothing_is_ever_kept_longer_than_promised(feature: str, months: int) -> None:
    assert kept_months(feature, {feature: months}) <= RETENTION_MONTHS[feature]
    assert kept_months(feature, {}) == RETENTION_MONTHS[feature] == max(month_choices(feature))
    assert min(month_choices(feature)) == 1


def test_every_role_of_the_product_is_thought_of() -> None:
    assert set(ROLES) == set(ROLE_PURPOSES)
