import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import ACTIONS, Audience, Standing, decide

PEOPLE = {
    "stranger in a direct message": Standing(1, None),
    "member": Standing(1, 10),
    "companion": Standing(1, 10, companion=True),
    "facilitator": Standing(1, 10, facilitator=True),
    "moderator": Standing(1, 10, moderator=True),
    "admin": Standing(1, 10, admin=True),
}
ALLOWED = {
    Audience.ANYONE: set(PEOPLE),
    Audience.MEMBER: {"member", "companion", "facilitator", "moderator", "admin"},
    Audience.COMPANION: {"companion", "moderator", "admin"},
    Audience.FACILITATOR: {"facilitator", "moderator", "admin"},
    Audience.MODERATOR: {"moderator", "admin"},
    Audience.ADMIN: {"admin"},
}


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("person", PEOPLE)
def test_each_audience_holds_exactly_who_it_names(audience: Audience, person: str) -> None:
    decision = decide("x.y", PEOPLE[person], {"x.y": audience})
    assert decision.allowed == (person in ALLOWED[audience])
    assert bool(decision.reason) != decision.allowed


@given(st.text().filter(lambda action: action not in ACTIONS))
def test_an_unknown_action_is_denied_to_everybody(action: str) -> None:
    everything = Standing(1, 10, admin=True, moderator=True, facilitator=True, companion=True)
    assert not decide(action, everything).allowed


def test_power_in_a_server_is_worth_nothing_outside_it() -> None:
    assert not decide("setup.guide", Standing(1, None, admin=True, moderator=True)).allowed
