"""A wish travels in a button's id and is believed in nothing when it comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discordkit import encode
from bot.errors import Refusal
from bot.members import AUDIENCES, WORDINGS
from bot.members.consent import POLICY_VERSION
from bot.times import find_zones
from cogs.me.rules import PEOPLE_A_PAGE, Change, hours_of, page_of, quiet_change, read_change
from tests.clock import FakeClock

LONGEST_ZONE = "America/Argentina/ComodRivadavia"
CHANGES = st.one_of(
    st.sampled_from([Change("words", word) for word in (*WORDINGS, "")]),
    st.sampled_from([Change("audience", audience) for audience in AUDIENCES]),
    st.sampled_from([Change(kind, value) for kind in ("companion", "reminders") for value in ("0", "1")]),
    st.sampled_from([Change("timezone", zone) for zone in ("Europe/Berlin", "UTC", "")]),
    st.sampled_from([Change("country", code) for code in ("DE", "GB", "")]),
    st.builds(
        lambda start, length: Change("quiet", f"{start}-{(start + length) % 1440}"),
        st.integers(0, 1439), st.integers(1, 1080),
    ),
    st.builds(lambda ms: Change("rest", str(ms)), st.integers(0, 253_402_300_799_999)),
    st.builds(lambda user_id: Change("avoid", str(user_id)), st.integers(0, 2**63 - 1)),
)  # fmt: skip


@given(CHANGES, st.booleans())
def test_a_wish_comes_back_as_it_went_and_fits_into_an_id(change: Change, in_panel: bool) -> None:
    change = Change(change.kind, change.value, in_panel)
    assert read_change(change.argument) == change
    assert len(encode("consent", "agree", f"{POLICY_VERSION}~me.keep~{change.argument}")) <= 100


def test_the_longest_zone_fits_into_an_id() -> None:
    argument = Change("timezone", LONGEST_ZONE).argument
    assert encode("consent", "agree", f"{POLICY_VERSION}~me.keep~{argument}")


@pytest.mark.parametrize(
    "argument",
    [
        "", "typed", "typed.words.clean", "panel.audience.everyone", "panel.audience.", "typed.companion.2",
        "typed.reminders.", "typed.timezone.Mars/Olympus", "typed.timezone.europe/berlin", "typed.country.XX",
        "typed.country.de", "typed.quiet.1-1", "typed.quiet.1-1440", "typed.quiet.-1-5", "typed.quiet.60-59",
        "typed.rest.soon", "typed.rest.-5", "typed.rest.9999999999999999", "typed.avoid.9999999999999999999",
        "typed.avoid.", "typed.avoid.²", "typed.avoid.1 OR 1=1", "typed.dose.5",
        "shouted.words.sober",
    ],
)  # fmt: skip
def test_whatever_is_no_setting_is_refused(argument: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_change(argument)
    assert refused.value.key == "kit.refused.outdated"


@given(st.text(max_size=80))
def test_nothing_made_up_gets_through(argument: str) -> None:
    try:
        change = read_change(argument)
    except Refusal:
        return
    assert read_change(change.argument) == change


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("22:00", "07:00", (1320, 420)),
        ("10 pm", "7 am", (1320, 420)),
        ("22", "7", (1320, 420)),
        ("midnight", "06:30", (0, 390)),
    ],
)
def test_quiet_hours_are_read_together(start: str, end: str, hours: tuple[int, int]) -> None:
    assert hours_of(quiet_change(start, end).value) == hours


@pytest.mark.parametrize("word", ["off", " None ", "NEVER", "no"])
def test_a_word_ends_quiet_hours(word: str) -> None:
    assert quiet_change(word, "07:00") == Change("quiet", "")


@pytest.mark.parametrize(
    ("start", "end"),
    [("22:00", "22:00"), ("10", "7"), ("10:00", "07:00"), ("22-23", "7"), ("", "7"), ("25:00", "7:00")],
)
def test_what_could_mean_two_things_is_asked_for_again(start: str, end: str) -> None:
    with pytest.raises(Refusal):
        quiet_change(start, end)


@given(st.lists(st.integers()), st.integers(-3, 40))
def test_a_page_always_exists(entries: list[int], wanted: int) -> None:
    page, pages, shown = page_of(entries, wanted)
    assert 0 <= page < pages
    assert len(shown) <= PEOPLE_A_PAGE
    assert bool(shown) == bool(entries)
    assert [entry for number in range(pages) for entry in page_of(entries, number)[2]] == entries


def test_every_zone_that_can_be_found_can_be_wished_for() -> None:
    for zone in find_zones("", 1000, now=FakeClock().now()):
        change = Change("timezone", zone)
        assert read_change(change.argument) == change
        assert encode("consent", "agree", f"{POLICY_VERSION}~me.keep~{change.argument}")
