from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.text import t
from bot.times import (
    at_wall_clock,
    check_quiet_hours,
    clock_choices,
    find_zones,
    is_zone,
    parse_clock_time,
    parse_quiet_hours,
    parse_until,
    resolve_zone,
    show_clock,
    zone_choices,
    zone_label,
    zones_of,
)

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday

ZONES = st.sampled_from(
    ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "UTC"]
).map(ZoneInfo)
MOMENTS = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def refused(words: str, now: datetime = NOON) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse_until(words, now, LONDON)
    assert t(caught.value.key, **caught.value.data)
    return caught.value


# --- ends of pauses


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3 days", "2026-11-25 12:00"),
        ("for a week", "2026-11-29 12:00"),
        ("in two weeks", "2026-12-06 12:00"),
        ("1 month", "2026-12-22 12:00"),
        ("90 minutes", "2026-11-22 13:30"),
        ("8h", "2026-11-22 20:00"),
        ("a couple of hours", "2026-11-22 14:00"),
        ("tomorrow", "2026-11-23 00:00"),
        ("Tomorrow at 9 am", "2026-11-23 09:00"),
        ("the day after tomorrow", "2026-11-24 00:00"),
        ("until Monday", "2026-11-23 00:00"),
        ("wednesday 18:30", "2026-11-25 18:30"),
        ("sunday", "2026-11-29 00:00"),
        ("sunday 9:00", "2026-11-29 09:00"),
        ("next sunday", "2026-11-29 00:00"),
        ("next week", "2026-11-23 00:00"),
        ("next month", "2026-12-01 00:00"),
        ("2026-12-24", "2026-12-24 00:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00"),
        ("2026-12-24T18:00", "2026-12-24 18:00"),
        ("24.12.", "2026-12-24 00:00"),
        ("24/12/2026", "2026-12-24 00:00"),
        ("12/24/26", "2026-12-24 00:00"),
        ("24 December", "2026-12-24 00:00"),
        ("the 24th of December", "2026-12-24 00:00"),
        ("Dec 24, 2026", "2026-12-24 00:00"),
        ("January 2nd", "2027-01-02 00:00"),
        ("22 november", "2027-11-22 00:00"),
        ("18:00", "2026-11-22 18:00"),
        ("9 am", "2026-11-23 09:00"),
        ("noon", "2026-11-23 12:00"),
        ("midnight", "2026-11-23 00:00"),
        ("03/03/2027", "2027-03-03 00:00"),
    ],
)
def test_an_end_is_read_as_it_is_meant(words: str, expected: str) -> None:
    assert parse_until(words, NOON, LONDON).astimezone(LONDON).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "unknown"),
        ("soon", "unknown"),
        ("monday 9", "unknown"),
        ("friday midnight", "unknown"),
        ("today", "past"),
        ("2026-11-21", "past"),
        ("1850-01-01", "past"),
        ("2028-01-01", "far"),
        ("9999-12-31", "far"),
        ("400 days", "far"),
        ("9999 years", "far"),
        ("31 november", "no_such_day"),
        ("29 february", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("31.11.2026", "no_such_day"),
    ],
)
def test_what_cannot_be_an_end_is_refused(words: str, reason: str) -> None:
    assert refused(words).key == f"times.until.{reason}"


def test_a_date_with_two_readings_is_asked_again_with_both() -> None:
    refusal = refused("03/04/2027")
    assert refusal.key == "times.until.ambiguous"
    assert (refusal.data["first_iso"], refusal.data["second_iso"]) == ("2027-03-04", "2027-04-03")


def test_next_friday_is_asked_again_with_both_days() -> None:
    refusal = refused("next friday")
    assert (refusal.data["first_iso"], refusal.data["second_iso"]) == ("2026-11-27", "2026-12-04")


def test_todays_name_with_a_later_time_is_asked_again() -> None:
    assert refused("sunday 18:00").key == "times.until.ambiguous"


def test_a_bare_hour_is_asked_again() -> None:
    refusal = refused("tomorrow at 9")
    assert (refusal.key, refusal.data) == ("times.clock.half_day", {"morning": "09:00", "evening": "21:00"})


def test_a_leap_day_is_found_when_it_is_near() -> None:
    now = datetime(2027, 10, 1, tzinfo=UTC)
    assert parse_until("29 feb", now, LONDON).date() == date(2028, 2, 29)


def test_days_keep_the_time_of_day_when_the_clocks_go_forward() -> None:
    before = datetime(2027, 3, 27, 9, 0, tzinfo=UTC)  # 28 March 2027: 01:00 GMT becomes 02:00 BST
    assert parse_until("1 day", before, LONDON) - before == timedelta(hours=23)
    assert parse_until("24 hours", before, LONDON) - before == timedelta(hours=24)


def test_days_keep_the_time_of_day_when_the_clocks_go_back() -> None:
    before = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)  # noon in New York; 1 November has 25 hours
    assert parse_until("1 day", before, NEW_YORK) - before == timedelta(hours=25)


def test_a_time_the_clock_jumps_over_is_moved_on_and_one_that_comes_twice_is_its_first() -> None:
    assert at_wall_clock(date(2027, 3, 28), 90, LONDON) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # reads 02:30
    assert at_wall_clock(date(2026, 11, 1), 90, NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # still EDT


def test_a_day_without_midnight_begins_when_its_clock_does() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 24 April 2026: midnight becomes 01:00
    now = datetime(2026, 4, 20, tzinfo=UTC)
    assert parse_until("2026-04-24", now, cairo).astimezone(cairo).strftime("%d %H:%M") == "24 01:00"


@given(st.dates(date(2025, 1, 1), date(2034, 1, 1)), st.integers(0, 1439), ZONES)
def test_the_wall_clock_shows_what_was_asked_or_was_moved_forward(day: date, minute: int, zone: ZoneInfo) -> None:
    local = at_wall_clock(day, minute, zone).astimezone(zone)
    shown = local.replace(tzinfo=UTC, fold=0)
    asked = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=UTC)
    assert timedelta(0) <= shown - asked <= timedelta(hours=1)


@given(st.integers(1, 365), MOMENTS, ZONES)
def test_some_days_on_it_is_the_same_time_of_day(days: int, now: datetime, zone: ZoneInfo) -> None:
    here, there = now.astimezone(zone), parse_until(f"{days} days", now, zone).astimezone(zone)
    assert there.date() - here.date() == timedelta(days=days)
    gap = timedelta(hours=there.hour - here.hour, minutes=there.minute - here.minute)
    assert timedelta(0) <= gap <= timedelta(hours=1)


@given(st.dates(date(2025, 1, 1), date(2034, 1, 1)), MOMENTS, ZONES)
def test_an_iso_date_is_its_first_moment_or_refused(day: date, now: datetime, zone: ZoneInfo) -> None:
    start = at_wall_clock(day, 0, zone)
    if start <= now or start - now > timedelta(days=366):
        with pytest.raises(Refusal, match="past" if start <= now else "far"):
            parse_until(day.isoformat(), now, zone)
        return
    until = parse_until(day.isoformat(), now, zone)
    assert until.astimezone(zone).date() == day
    assert (until - timedelta(seconds=1)).astimezone(zone).date() == day - timedelta(days=1)


@given(
    st.text(max_size=40) | st.from_regex(r"[0-9]{1,5}[-/. :][0-9]{1,3}([-/. :a-z]+[0-9]{1,5})?", fullmatch=True), ZONES
)
def test_whatever_is_typed_is_read_or_refused_in_words(words: str, zone: ZoneInfo) -> None:
    refusal = None
    until = NOON + timedelta(days=1)
    try:
        until = parse_until(words, NOON, zone)
    except Refusal as error:
        refusal = error
    assert refusal is None or t(refusal.key, **refusal.data)
    assert NOON < until <= NOON + timedelta(days=366)
    assert until.tzinfo is UTC


# --- times of day and quiet hours


@pytest.mark.parametrize(
    ("words", "minute"),
    [
        ("22:00", 1320), ("22", 1320), ("2200", 1320), ("730", 450), ("7.30", 450), ("07", 420), ("10 pm", 1320),
        ("10PM", 1320), ("10 p.m.", 1320), ("12 am", 0), ("12 pm", 720), ("7:30 pm", 1170), ("22h", 1320),
        ("7h30", 450), ("noon", 720), ("midnight", 0), ("0", 0), ("24:00", 0), ("0:05", 5),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read(words: str, minute: int) -> None:
    assert parse_clock_time(words) == minute


@pytest.mark.parametrize("words", ["", "25", "22:60", "13 pm", "0 am", "24:30", "late", "10:3", "-1", "1 2"])
def test_what_is_no_time_of_day_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match=r"times\.clock\.unknown"):
        parse_clock_time(words)


@pytest.mark.parametrize("words", ["7", "10", "12", "1"])
def test_a_bare_hour_of_half_a_day_is_asked_again(words: str) -> None:
    with pytest.raises(Refusal, match="half_day"):
        parse_clock_time(words)


@pytest.mark.parametrize(
    "words",
    [
        "22:00-07:00", "22-7", "22 to 7", "10pm-7am", "10 pm to 7 am", "from 22:00 until 07:00", "22.00 – 07.00",
        "2200-0700", "22h-7h", "between 10 pm and 7am", " 22:00 — 7:00 ", "10pm-7:00",
    ],
)  # fmt: skip
def test_quiet_hours_are_read(words: str) -> None:
    assert parse_quiet_hours(words) == (1320, 420)


@pytest.mark.parametrize("words", ["off", "None", " no quiet hours"])
def test_no_quiet_hours_can_be_wished(words: str) -> None:
    assert parse_quiet_hours(words) is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("night", "quiet.unknown"),
        ("22:00", "quiet.unknown"),
        ("22:00-", "quiet.unknown"),
        ("22-7-8", "quiet.unknown"),
        ("22:00-22:00", "quiet.same"),
        ("10:00-7:00", "quiet.long"),
        ("10-7", "clock.half_day"),
        ("10pm-7", "clock.half_day"),
        ("x-y", "clock.unknown"),
    ],
)
def test_quiet_hours_that_cannot_be_meant_are_refused(words: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_quiet_hours(words)
    assert caught.value.key == f"times.{reason}"
    assert t(caught.value.key, **caught.value.data)


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_quiet_hours_survive_being_shown_and_read(start: int, end: int) -> None:
    try:
        wanted = check_quiet_hours(start, end)
    except Refusal:
        assert start == end or (end - start) % 1440 > 18 * 60
        return
    assert parse_quiet_hours(f"{show_clock(start)}-{show_clock(end)}") == wanted


@given(st.text(max_size=30))
def test_clock_suggestions_never_raise_and_are_readable(words: str) -> None:
    for choice in clock_choices(words):
        assert show_clock(parse_clock_time(choice.value)) == choice.value


def test_clock_suggestions_begin_with_the_evening_and_offer_both_halves() -> None:
    assert [choice.value for choice in clock_choices("")][:3] == ["20:00", "21:00", "22:00"]
    assert len({choice.value for choice in clock_choices("")}) == 24
    assert [choice.name for choice in clock_choices("10")] == ["10:00 (10 am)", "22:00 (10 pm)"]


# --- zones


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("berlin", "Europe/Berlin"), ("Europe/Berlin", "Europe/Berlin"), ("europe berlin", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"), ("germany", "Europe/Berlin"), ("new york", "America/New_York"),
        ("newyork", "America/New_York"), ("los angles", "America/Los_Angeles"), ("são paulo", "America/Sao_Paulo"),
        ("US/Eastern", "America/New_York"), ("est", "America/New_York"), ("UK", "Europe/London"),
        ("utc", "UTC"), ("calcutta", "Asia/Kolkata"), ("oslo", "Europe/Oslo"), ("New Zealand", "Pacific/Auckland"),
    ],
)  # fmt: skip
def test_a_zone_is_found_by_what_people_call_it(words: str, zone: str) -> None:
    assert resolve_zone(words, now=NOON) == zone
    assert find_zones(words, 1, now=NOON) == (zone,)


@pytest.mark.parametrize(
    ("words", "reason"),
    [("eastern", "several"), ("australia", "several"), ("UTC+2", "offset"), ("", "unknown"), ("qqqq", "unknown")],
)
def test_a_zone_that_is_not_clear_is_asked_again(words: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        resolve_zone(words, now=NOON)
    assert caught.value.key == f"times.zone.{reason}"
    assert t(caught.value.key, **caught.value.data)


def test_the_country_decides_between_zones_of_one_name() -> None:
    assert resolve_zone("eastern", now=NOON, country="CA") == "America/Toronto"
    assert resolve_zone("victoria", now=NOON, country="AU") == "Australia/Melbourne"


def test_an_offset_finds_the_zones_that_stand_there_now() -> None:
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert "Europe/Helsinki" in find_zones("UTC+2", now=NOON)
    assert "Europe/Helsinki" not in find_zones("UTC+2", now=summer)
    assert find_zones("utc +2", 1, now=summer, country="DE") == ("Europe/Berlin",)
    assert find_zones("+5:30", 1, now=NOON) == ("Asia/Kolkata",)


def test_without_words_the_countrys_own_zones_come_first() -> None:
    assert find_zones("", 3, now=NOON, country="PT") == ("Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores")
    assert len(find_zones("", now=NOON)) == 25
    assert zones_of("ZZ") == zones_of(None) == ()


def test_a_zone_is_shown_with_its_country_and_its_time() -> None:
    assert zone_label("Europe/Berlin", NOON) == "Berlin, Germany · 13:00"
    assert zone_label("UTC", NOON) == "UTC · 12:00"
    assert zone_label("Atlantic/Bermuda", NOON) == "Bermuda · 08:00"


def test_only_exact_names_may_be_stored() -> None:
    assert is_zone("Europe/Berlin")
    assert is_zone("UTC")
    assert not is_zone("europe/berlin")
    assert not is_zone("US/Eastern")
    assert not is_zone("../../etc/passwd")


@given(st.text(max_size=30))
def test_zone_suggestions_never_raise_and_can_all_be_stored(words: str) -> None:
    found = zone_choices(words, now=NOON)
    assert len(found) <= 25
    assert all(is_zone(choice.zone) and 0 < len(choice.name) <= 100 for choice in found)


def test_every_zone_of_our_own_file_exists_and_can_be_stored() -> None:
    import tomllib

    from bot.text.catalogue import DATA_DIR

    with (DATA_DIR / "zone_names.toml").open("rb") as file:
        own = tomllib.load(file)
    named = {zone for zones in own["also"].values() for zone in zones}
    assert [zone for zone in named | set(own["likely"]) if not is_zone(zone)] == []
    assert len(own["likely"]) == len(set(own["likely"])) <= 25
