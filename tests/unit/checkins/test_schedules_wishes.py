"""What a moderator types about a check-in, part by part, and what it may be called."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content, dialled_numbers, load_content
from bot.errors import Refusal
from bot.guilds import GuildProfile
from bot.text import t
from bot.text.catalogue import DATA_DIR
from cogs.checkins.rules import Schedule
from cogs.checkins.service.names import name_fault, name_key, tidied_name
from cogs.checkins.service.outlook import outlook_for, outlook_of
from cogs.checkins.service.wishes import GROUPS_CLOCK, Spoken, Wish, first_day, granted, hear, wish_of
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui.schedule_drafts import draft_key, heading, quoted, read_draft, read_kept, unquoted

MONDAY = datetime(2026, 1, 12, 18, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
EVENING = CheckinSchedule(
    5, 1, "Evening", 77, 20 * 60, None, frozenset(range(7)), "gratitude", thread=True, prompts=False, edition=3,
    settled_day=date(2026, 1, 11),
)  # fmt: skip


@cache
def shipped() -> Content:
    return load_content(DATA_DIR)


def dialled() -> frozenset[str]:
    return dialled_numbers(shipped().support_lines)


SETS = tuple(shipped().question_sets.values())


def test_each_part_is_read_and_stands_alone() -> None:
    spoken = Spoken("8 pm", "Kathmandu", "mon-fri", "rose, thorn, bud")
    heard = hear(spoken, Wish("Evening", thread=True), SETS, now=MONDAY, country=None)
    assert (heard.refused, heard.halves) == ((), ())
    assert heard.wish == Wish(
        "Evening", None, 1200, "Asia/Kathmandu", frozenset(range(5)), "rose-thorn-bud", True, None
    )  # fmt: skip
    bad = hear(Spoken("late", "Kathmandu", "someday", "??"), Wish("Evening"), SETS, now=MONDAY, country=None)
    assert bad.wish == Wish("Evening", timezone="Asia/Kathmandu")
    assert [one.key for one in bad.refused] == [
        "times.clock.unknown", "times.weekdays.unknown", "checkins.no_such_set"
    ]  # fmt: skip
    assert all(t(one.key, **one.data) for one in bad.refused)


def test_a_bare_seven_gives_both_times_and_no_refusal() -> None:
    heard = hear(Spoken(time="7", days=""), Wish(), SETS, now=MONDAY, country=None)
    assert (heard.wish, heard.halves, heard.refused) == (Wish(), (420, 1140), ())


@pytest.mark.parametrize("words", ["group", "the group's", "The Group’s", "  GROUP "])
def test_the_groups_own_clock_can_be_asked_for_in_words(words: str) -> None:
    assert hear(Spoken(timezone=words), Wish(), SETS, now=MONDAY, country=None).wish.timezone == GROUPS_CLOCK


def test_a_city_that_several_zones_could_be_is_settled_by_the_groups_country() -> None:
    several = hear(Spoken(timezone="UTC+2"), Wish(), SETS, now=MONDAY, country="DE")
    assert [one.key for one in several.refused] == ["times.zone.offset"]
    unknown = hear(Spoken(timezone="Atlantis city"), Wish(), SETS, now=MONDAY, country=None)
    assert [one.key for one in unknown.refused] == ["times.zone.unknown"]


def test_what_is_left_open_stays_as_it_is() -> None:
    assert granted(Wish(), EVENING) == EVENING
    changed = granted(Wish(minute=0, timezone="Asia/Tokyo", thread=False), EVENING)
    assert changed == replace(EVENING, minute=0, timezone="Asia/Tokyo", thread=False)
    assert granted(Wish(timezone=GROUPS_CLOCK), changed).timezone is None
    assert granted(wish_of(EVENING), replace(EVENING, name="", minute=3, timezone="Asia/Tokyo")) == EVENING


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("friday", date(2026, 1, 16)),
        ("friday 6 pm", date(2026, 1, 16)),
        ("friday 20:00", date(2026, 1, 16)),
        ("friday 9 pm", date(2026, 1, 17)),  # that day's check-in is part of the rest
        ("2 hours", date(2026, 1, 12)),
        ("3 hours", date(2026, 1, 13)),
        ("2 weeks", date(2026, 1, 26)),
    ],
)
def test_a_rest_ends_on_the_first_date_that_may_ask_again(words: str, expected: date) -> None:
    assert first_day(words, Schedule(20 * 60, LONDON), MONDAY) == expected


def test_a_rest_is_told_by_the_check_ins_own_clock() -> None:
    assert first_day("tomorrow", Schedule(20 * 60, ZoneInfo("Pacific/Auckland")), MONDAY) == date(2026, 1, 14)
    with pytest.raises(Refusal, match=r"times\.until\.past"):
        first_day("2026-01-11", Schedule(20 * 60, LONDON), MONDAY)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "empty"), ("***", "empty"), ("\u200b \u2066", "empty"), ("🌙", "empty"), ("x" * 46, "long"),
        ("Down to 0.25 mg", "medicine"), ("10% cut day", "medicine"), ("Switch to diazepam", "medicine"),
        ("Stop Klonopin tonight", "medicine"), ("Reduce your dose", "medicine"), ("@everyone", "mention"),
        ("<@123456789012345678>", "mention"), ("Call 988", "phone_number"), ("evening", "taken"),
        ("  EVENING ", "taken"), ("**Evening**", "taken"), ("Ｅvening", "taken"),
    ],
)  # fmt: skip
def test_a_name_that_will_not_do_is_said_why(name: str, key: str) -> None:
    fault = name_fault(tidied_name(name), ["Evening"], dialled())
    assert fault is not None
    assert fault.key == f"checkins.name.{key}"
    assert t(fault.key, **fault.data)


@pytest.mark.parametrize(
    "name",
    ["Evening check-in", "Night owls 🦉", "Tapering circle", "Withdrawal group", "Clonazepam evening", "שלום", "Day 99",
     "x" * 45, "Family & friends", "20:00", "Evening 2"],
)  # fmt: skip
def test_what_groups_call_their_check_ins_is_fine(name: str) -> None:
    assert name_fault(tidied_name(name), ["Evening"], dialled()) is None


@given(st.text(max_size=80))
def test_tidying_a_name_twice_changes_nothing_and_a_panel_gives_it_back(name: str) -> None:
    tidied = tidied_name(name)
    assert tidied_name(tidied) == tidied
    assert name_key(tidied) == name_key(name)
    if tidied:
        assert unquoted(heading(tidied, 1).words) == tidied
        assert unquoted(quoted(tidied, 2).words) == tidied


wishes = st.builds(
    Wish,
    name=st.none(),
    channel_id=st.none() | st.integers(1, 2**63 - 1),
    minute=st.none() | st.integers(0, 1439),
    timezone=st.sampled_from([None, GROUPS_CLOCK, "Asia/Kathmandu", "America/North_Dakota/New_Salem", "UTC"]),
    weekdays=st.none() | st.frozensets(st.integers(0, 6), min_size=1),
    question_set=st.none() | st.sampled_from([one.id for one in SETS]),
    thread=st.none() | st.booleans(),
    prompts=st.none() | st.booleans(),
)


@given(wishes)
def test_a_draft_travels_in_an_id_and_comes_back_whole(wish: Wish) -> None:
    key = draft_key(wish)
    assert len(key) <= 60
    assert read_draft(key, SETS) == wish
    assert read_kept(key) is None


@given(st.text(max_size=60) | st.text("d.0123456789abcdefg", max_size=40).map(lambda rest: f"d{rest}"))
def test_a_made_up_key_raises_nothing(key: str) -> None:
    found = read_draft(key, SETS)
    assert found is None or found.minute is None or 0 <= found.minute < 1440
    kept = read_kept(key)
    assert kept is None or key == f"s{key[1:]}"


def test_what_follows_from_quiet_hours_is_told_by_the_check_ins_clock() -> None:
    group = GuildProfile(1, timezone="Europe/London", quiet_from=19 * 60, quiet_to=7 * 60)
    seen = outlook_of(EVENING, group, MONDAY)
    assert (seen.posted_at, seen.next_at) == (7 * 60, datetime(2026, 1, 13, 7, 0, tzinfo=UTC))
    abroad = outlook_of(replace(EVENING, timezone="Asia/Kathmandu"), group, MONDAY)
    assert (abroad.posted_at, abroad.zone) == (None, "Asia/Kathmandu")
    assert outlook_of(EVENING, replace(group, quiet_from=None), MONDAY).posted_at is None


def test_a_draft_shows_when_it_would_come_and_one_without_a_time_does_not() -> None:
    group = GuildProfile(1, timezone="Europe/London")
    wish = Wish("x", 1, 17 * 60, GROUPS_CLOCK, frozenset({0}), "", False, True)
    assert outlook_for(wish, group, MONDAY).next_at == datetime(2026, 1, 19, 17, 0, tzinfo=UTC)
    assert outlook_for(replace(wish, minute=None), group, MONDAY).next_at is None
    assert outlook_for(wish, GuildProfile(1), MONDAY).zone is None


def test_a_rest_that_is_over_is_none() -> None:
    group = GuildProfile(1, timezone="Europe/London")
    resting = replace(EVENING, paused=True, paused_until=date(2026, 1, 13))
    seen = outlook_of(resting, group, MONDAY)
    assert (seen.paused, seen.paused_until) == (True, date(2026, 1, 13))
    assert seen.next_at == datetime(2026, 1, 13, 20, 0, tzinfo=UTC)
    assert not outlook_of(resting, group, MONDAY + timedelta(hours=6)).paused
    for_good = outlook_of(replace(EVENING, paused=True), group, MONDAY)
    assert (for_good.paused, for_good.paused_until, for_good.next_at) == (True, None, None)
