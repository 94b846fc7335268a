"""A member's clock, their days as they were, the rhythm that follows, and the offer after low days."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import EPOCH
from bot.discordkit import Row, Text
from bot.storage import ConditionFailed, Database
from bot.text import t
from cogs.checkins.rules import DayState, Rhythm, Run
from cogs.checkins.service.rhythm import RhythmView, merged
from cogs.checkins.ui.rhythm import offer_blocks, rhythm_text
from tests.unit.checkins.life import DAY, EVENING, HERE, MORNING, ROBIN, THERE, WREN, Life, days
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here

TODAY = date(2026, 1, 15)
FIRST = TODAY - 6 * DAY
STATES = {
    "x": DayState.DONE, ".": DayState.MISSED, "?": DayState.OPEN, "s": DayState.SKIPPED, "r": DayState.RESTED,
    "o": DayState.BOT_OUT, "t": DayState.TRAVELLED, "-": DayState.UNASKED,
}  # fmt: skip


@pytest.fixture
async def life(database: Database) -> Life:
    made = Life(database)
    await made.group()
    await made.agree(ROBIN, WREN)
    return made


async def pattern(life: Life, user_id: int = ROBIN) -> str:
    """The days as one letter each, the earliest first."""
    letters = {state: letter for letter, state in STATES.items()}
    return "".join(letters[state] for _, state in (await life.rhythm.of(HERE, user_id)).states)


async def test_somebody_new_has_nothing_and_nothing_is_stored(life: Life) -> None:
    view = await life.rhythm.of(HERE, 99)
    assert view == RhythmView(Rhythm(), TODAY, ())
    assert rhythm_text(view) == t("checkin_rhythm.none")
    assert await life.count("checkin_people") == 0


async def test_every_kind_of_day_is_told_apart(life: Life) -> None:
    await life.schedule()
    asked = [*days(FIRST, 4), FIRST + 5 * DAY]  # on the fifth day nobody was asked
    await life.asked(*asked)
    await life.wrote(FIRST)
    await life.rhythm.skip(HERE, ROBIN, FIRST + 2 * DAY)
    noon = datetime(2026, 1, 12, 12, tzinfo=UTC)
    await life.down(noon, noon + timedelta(minutes=10))
    async with life.database.write() as writer:
        await writer.execute(
            "INSERT INTO member_rests (guild_id, user_id, kind, since, until) VALUES ($1, $2, 'checkins', $3, $4)",
            HERE, ROBIN, int(datetime(2026, 1, 14, 9, tzinfo=UTC).timestamp() * 1000),
            int(datetime(2026, 1, 14, 10, tzinfo=UTC).timestamp() * 1000),
        )  # fmt: skip
    # 9 January on: done, missed, skipped, out, not asked, rested, and today's post is still to come.
    assert await pattern(life) == "x.so-r?"


async def test_nine_minutes_of_outage_excuse_nothing(life: Life) -> None:
    await life.asked(FIRST, FIRST + DAY)
    await life.wrote(FIRST)
    noon = datetime(2026, 1, 10, 12, tzinfo=UTC)
    await life.down(noon, noon + timedelta(minutes=9, seconds=59))
    assert (await pattern(life)).startswith("x.")


async def test_nobody_misses_a_check_in_that_they_never_answered(life: Life) -> None:
    await life.asked(*days(FIRST, 7), schedule_id=MORNING, hour=9)
    await life.asked(FIRST, TODAY - DAY)
    await life.wrote(FIRST)
    assert await pattern(life) == "x----.-"


async def test_a_check_in_answered_for_the_first_time_brings_no_misses_of_before(life: Life) -> None:
    """Somebody with a long run tries the group's other check-in: nobody has missed what they weren't part of."""
    weekdays, weekend = days(FIRST, 2), days(FIRST + 2 * DAY, 2)  # 9 and 10, 11 and 12 January
    await life.asked(*weekdays, *days(FIRST + 4 * DAY, 2))
    await life.asked(*weekend, TODAY, schedule_id=MORNING, hour=9)
    await life.wrote(*weekdays, *days(FIRST + 4 * DAY, 2))
    assert await pattern(life) == "xx--xx-"
    await life.wrote(TODAY, schedule_id=MORNING)
    assert await pattern(life) == "xx--xxx"
    assert (await life.rhythm.of(HERE, ROBIN)).rhythm.run_days == 5
    await life.asked(TODAY + DAY, schedule_id=MORNING, hour=9)
    life.clock.advance(2 * DAY)
    assert await pattern(life) == "xx--xxx.-"  # from then on it is theirs


async def test_another_server_and_another_person_change_nothing(life: Life) -> None:
    await life.asked(*days(FIRST, 3))
    await life.wrote(FIRST)
    before = await life.rhythm.of(HERE, ROBIN)
    await life.wrote(*days(FIRST, 7), user_id=WREN)
    await life.wrote(*days(FIRST, 7), guild_id=THERE, schedule_id=9)
    async with life.database.write() as writer:
        await life.members.rest(writer, HERE, WREN, "checkins", resting=True)
        await life.members.rest(writer, THERE, ROBIN, "checkins", resting=True)
    assert await life.rhythm.of(HERE, ROBIN) == before


async def test_a_rest_that_goes_on_touches_today_and_no_day_to_come(life: Life) -> None:
    await life.asked(*days(FIRST, 7), hour=9)
    await life.wrote(FIRST)
    life.clock.set(datetime(2026, 1, 13, 12, tzinfo=UTC))
    async with life.database.write() as writer:
        await life.members.rest(writer, HERE, ROBIN, "checkins", resting=True)
    life.clock.set(datetime(2026, 1, 15, 12, tzinfo=UTC))
    assert await pattern(life) == "x...rrr"
    assert (await life.rhythm.of(HERE, ROBIN)).rests
    async with life.database.write() as writer:
        await life.members.rest(writer, HERE, ROBIN, "checkins", resting=False)
    life.clock.advance(DAY)
    await life.asked(TODAY + DAY, hour=9)
    assert await pattern(life) == "x...rrr?"


async def test_a_rest_of_the_group_excuses_the_day_on_which_it_was_asked_all_the_same(life: Life) -> None:
    await life.asked(*days(FIRST, 3), hour=9)
    await life.wrote(FIRST)
    life.clock.set(datetime(2026, 1, 10, 12, tzinfo=UTC))
    async with life.database.write() as writer:
        await life.guilds.set_pause(writer, HERE, True, None)
    life.clock.advance(timedelta(hours=3))
    async with life.database.write() as writer:
        await life.guilds.set_pause(writer, HERE, False, None)
    life.clock.set(datetime(2026, 1, 12, 12, tzinfo=UTC))
    assert await pattern(life) == "xr.-"


async def test_a_flight_from_auckland_to_los_angeles_loses_no_day_and_doubles_none(life: Life) -> None:
    await life.lives_in("Pacific/Auckland")
    life.clock.set(datetime(2026, 1, 16, 6, tzinfo=UTC))  # Friday evening in Auckland
    here = (await life.rhythm.clock(HERE, ROBIN)).today
    assert here == date(2026, 1, 16)
    await life.asked(*days(date(2026, 1, 12), 9), hour=6)
    await life.wrote(*days(date(2026, 1, 12), 5))
    before = (await life.rhythm.of(HERE, ROBIN)).rhythm
    assert (before.total, before.run_days) == (5, 5)
    life.clock.advance(timedelta(hours=12))  # still Friday in Los Angeles
    await life.lives_in("America/Los_Angeles")
    clock = await life.rhythm.clock(HERE, ROBIN)
    assert (clock.today, clock.zone.key) == (date(2026, 1, 16), "America/Los_Angeles")
    assert (await life.rhythm.of(HERE, ROBIN)).rhythm.run_days == 5
    life.clock.set(datetime(2026, 1, 18, 20, tzinfo=UTC))
    after = await life.rhythm.of(HERE, ROBIN)
    # The posts of the 16th and 17th, at 06:00 UTC, were asked on the evening before by the new clock.
    assert dict(after.states)[date(2026, 1, 16)] is DayState.DONE
    assert (after.rhythm.total, after.today) == (5, date(2026, 1, 18))


async def test_a_zone_of_the_groups_counts_from_its_moment_for_those_without_their_own(life: Life) -> None:
    life.clock.advance(DAY)
    await life.group("Asia/Kathmandu")
    clock = await life.rhythm.clock(HERE, WREN)
    assert [stay.zone for stay in clock.stays] == [ZoneInfo(one) for one in ("UTC", "Europe/London", "Asia/Kathmandu")]
    await life.lives_in("America/New_York", WREN)
    await life.group("Asia/Tokyo")
    assert (await life.rhythm.clock(HERE, WREN)).zone.key == "America/New_York"


def test_zones_are_merged_by_their_moments() -> None:
    def at(hours: int) -> datetime:
        return EPOCH + timedelta(hours=hours)

    own = ((EPOCH, None), (at(2), "Asia/Tokyo"), (at(4), None))
    group = ((EPOCH, "Europe/London"), (at(1), "Europe/Paris"), (at(3), "Europe/Rome"), (at(5), "Europe/Rome"))
    stays = merged(own, group)
    assert [(one.since, str(one.zone)) for one in stays] == [
        (EPOCH, "Europe/London"), (at(1), "Europe/Paris"), (at(2), "Asia/Tokyo"), (at(4), "Europe/Rome"),
    ]  # fmt: skip


async def test_today_is_open_only_while_a_post_of_mine_is_still_to_come(life: Life) -> None:
    await life.asked(TODAY - DAY)
    await life.wrote(TODAY - DAY)
    assert await pattern(life) == "x-"
    await life.schedule(MORNING, minute=21 * 60)  # not mine
    assert await pattern(life) == "x-"
    await life.schedule(EVENING, paused=True)
    assert await pattern(life) == "x-"
    await life.schedule(EVENING)
    assert await pattern(life) == "x?"
    async with life.database.write() as writer:
        await life.guilds.set_pause(writer, HERE, True, None)
    assert await pattern(life) == "xr"


async def test_a_skip_is_kept_once_taken_back_and_worth_less_than_an_entry(life: Life) -> None:
    assert await life.rhythm.skip(HERE, ROBIN, TODAY)
    assert not await life.rhythm.skip(HERE, ROBIN, TODAY)
    await life.wrote(TODAY)
    assert await pattern(life) == "x"
    assert await life.rhythm.unskip(HERE, ROBIN, TODAY)
    assert not await life.rhythm.unskip(HERE, ROBIN, TODAY)
    with pytest.raises(ConditionFailed):
        await life.rhythm.skip(HERE, 99, TODAY)
    assert await life.count("checkin_skips") == 0


async def test_the_total_goes_on_from_what_was_kept(life: Life) -> None:
    kept = Rhythm(200, 0.9, Run(40, FIRST - 60 * DAY, FIRST - DAY), until=FIRST - DAY)
    async with life.database.write() as writer:
        await life.people.alone(writer, HERE, ROBIN, life.clock.now(), life.database.row_lock)
        await life.people.keep(writer, HERE, ROBIN, kept)
    await life.asked(*days(FIRST, 2))
    await life.wrote(FIRST - DAY, FIRST)  # the first one counts already, and only waits for its post to go
    view = await life.rhythm.of(HERE, ROBIN)
    assert (view.rhythm.total, view.states[0]) == (201, (FIRST, DayState.DONE))
    assert view.rhythm.run is None  # the day after was missed


@pytest.mark.parametrize("moods", [[1, 1, 1], [3, 1, 1, 1, 1]])
async def test_three_low_days_bring_one_offer_a_run(life: Life, moods: list[int]) -> None:
    first = TODAY - (len(moods) - 1) * DAY
    await life.asked(*days(first, len(moods)))
    for step, mood in enumerate(moods[:-1]):
        await life.wrote(first + step * DAY, mood=mood)
    offered = [await life.rhythm.low_offer(HERE, ROBIN)] if len(moods) == 3 else []
    await life.wrote(TODAY, mood=moods[-1])
    offered += [await life.rhythm.low_offer(HERE, ROBIN) for _ in range(2)]
    assert offered[-2:] == [True, False]
    life.clock.advance(DAY)
    await life.wrote(TODAY + DAY, mood=1)
    assert not await life.rhythm.low_offer(HERE, ROBIN)


async def test_after_a_better_day_low_ones_are_a_new_run(life: Life) -> None:
    for step, mood in enumerate((1, 1, 1)):
        await life.wrote(TODAY - (2 - step) * DAY, mood=mood)
    assert await life.rhythm.low_offer(HERE, ROBIN)
    for mood in (2, 1, 1, 1):
        life.clock.advance(DAY)
        await life.wrote((await life.rhythm.clock(HERE, ROBIN)).today, mood=mood)
    assert await life.rhythm.low_offer(HERE, ROBIN)


async def test_two_entries_at_once_bring_one_offer(life: Life) -> None:
    await life.wrote(*days(TODAY - 2 * DAY, 3), mood=1)
    offers = await asyncio.gather(*(life.rhythm.low_offer(HERE, ROBIN) for _ in range(4)))
    assert sorted(offers) == [False, False, False, True]


async def test_no_offer_is_kept_for_somebody_who_has_not_agreed(life: Life) -> None:
    await life.wrote(*days(TODAY - 2 * DAY, 3), user_id=99, mood=1)
    assert not await life.rhythm.low_offer(HERE, 99)
    assert await life.count("checkin_people") == 0


async def test_a_word_that_is_owed_is_said_once(life: Life) -> None:
    assert await life.rhythm.word_owed(HERE, ROBIN) is None
    async with life.database.write() as writer:
        await life.people.remind(writer, HERE, ROBIN, 1200, range(7), 5, life.clock.now())
        await life.people.remind_no_more(writer, HERE, ROBIN, life.clock.now(), owed=True)
    words = await asyncio.gather(*(life.rhythm.word_owed(HERE, ROBIN) for _ in range(3)))
    assert [one for one in words if one] == [t("checkin_rhythm.word.ended")]
    assert await life.rhythm.word_owed(HERE, WREN) is None


def told(rhythm: Rhythm, *, rests: bool = False) -> list[str]:
    return rhythm_text(RhythmView(rhythm, TODAY, (), rests)).splitlines()


def test_the_total_is_told_first_the_strength_second_the_run_third() -> None:
    assert told(Rhythm(12, 0.5, Run(5, FIRST, TODAY), open_today=True)) == [
        "You've checked in on **12 days**.",
        "Your rhythm is steady.",
        "**5 days** in a row, and today is still open.",
    ]
    assert told(Rhythm(12, 0.5, Run(5, FIRST, TODAY)))[2] == "**5 days** in a row."
    assert told(Rhythm(1, 0.05, Run(1, TODAY, TODAY)))[0] == "You've checked in on **1 day**."


def test_a_broken_run_is_not_told_and_no_percent_is_shown() -> None:
    assert len(told(Rhythm(30, 0.2))) == 2
    assert told(Rhythm(30, 0.2, open_today=True))[2] == "Today is still open."
    assert told(Rhythm(30, 0.2, open_today=True), rests=True)[2] == t("checkin_rhythm.resting")
    for score in (0.0, 0.3, 0.5, 0.7, 1.0):
        assert "%" not in "".join(told(Rhythm(9, score)))


def test_the_offer_leads_to_who_to_call_and_to_the_team() -> None:
    words, row = offer_blocks()
    assert isinstance(words, Text)
    assert isinstance(row, Row)
    assert [getattr(one, "custom_id", "") for one in row.items] == ["ek1:care:now:", "ek1:care:call:beside"]
