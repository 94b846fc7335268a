"""Use cases of the library, on a real database and the shipped content."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.content import Content, Library
from bot.errors import Refusal
from cogs.learn.service import Found, Reading, Visitor, page_of
from tests.unit.learn.conftest import HERE, ROBIN, THERE, Desk, shipped
from tests.unit.learn.made import reading

CALM, CAREFUL = "slow-breathing", "seizure-first-aid"


def _content(*snippets: object) -> Content:
    made = {snippet.id: snippet for snippet in snippets}  # type: ignore[attr-defined]
    return replace(shipped(), library=Library(shipped().library.topics, made))  # type: ignore[arg-type]


async def test_a_reading_knows_its_topic_its_company_and_whether_it_is_saved(desk: Desk, robin: Visitor) -> None:
    found = await desk.service.open(robin, CALM)
    assert found.topic.key == "coping"
    assert [one.id for one in found.related] == [*found.snippet.see_also]
    assert not found.saved
    assert await desk.service.save(robin, CALM)
    assert not await desk.service.save(robin, CALM)
    assert (await desk.service.open(robin, CALM)).saved
    assert not (await desk.service.open(Visitor(THERE, ROBIN), CALM)).saved
    assert await desk.service.unsave(robin, CALM)
    assert not await desk.service.unsave(robin, CALM)
    assert not (await desk.service.open(robin, CALM)).saved


@pytest.mark.parametrize("wrong", ["", "no-such-reading", "../etc/passwd", "x" * 90, "What clonazepam is"])
async def test_what_does_not_exist_is_refused_and_never_saved(desk: Desk, robin: Visitor, wrong: str) -> None:
    for use in (desk.service.open, desk.service.save, desk.service.following):
        with pytest.raises(Refusal) as refused:
            await use(robin, wrong)
        assert refused.value.key == "learn.gone"
    with pytest.raises(Refusal):
        await desk.service.for_everyone(HERE, wrong)
    with pytest.raises(Refusal) as refused:
        await desk.service.shelf(robin, wrong)
    assert refused.value.key == "learn.shelf.gone"
    assert (await desk.service.saved(robin)).total == 0


async def test_danger_brings_the_number_of_the_persons_country_else_of_the_group(desk: Desk, robin: Visitor) -> None:
    unknown = (await desk.service.open(robin, CAREFUL)).urgent
    assert unknown is not None
    assert unknown.number is None
    await desk.group(country="GB")
    groups = (await desk.service.open(robin, CAREFUL)).urgent
    assert groups is not None
    assert groups.number is not None
    assert groups.number.number == "999"
    async with desk.database.write() as writer:
        await desk.members.set(writer, HERE, ROBIN, country="US")
    own = (await desk.service.open(robin, CAREFUL)).urgent
    assert own is not None
    assert own.number is not None
    assert own.number.number == "911"
    public = (await desk.service.for_everyone(HERE, CAREFUL)).urgent
    assert public is not None
    assert public.number == groups.number


async def test_a_country_without_an_entry_never_gets_another_countrys_number(desk: Desk, robin: Visitor) -> None:
    await desk.group(country="GB")
    async with desk.database.write() as writer:
        await desk.members.set(writer, HERE, ROBIN, country="PL")
    urgent = (await desk.service.open(robin, CAREFUL)).urgent
    assert urgent is not None
    assert urgent.number is None


async def test_a_calm_reading_shows_no_number(desk: Desk, robin: Visitor) -> None:
    await desk.group(country="GB")
    assert (await desk.service.open(robin, CALM)).urgent is None


@pytest.mark.parametrize("typed", ["slow-breathing", "Slow breathing", "  slow   BREATHING "])
async def test_a_title_opens_however_it_is_written(desk: Desk, robin: Visitor, typed: str) -> None:
    found = await desk.service.find(robin, typed)
    assert isinstance(found, Reading)
    assert found.snippet.id == CALM


async def test_a_title_with_typos_is_offered(desk: Desk, robin: Visitor) -> None:
    found = await desk.service.find(robin, "slwo breahting")
    assert isinstance(found, Found)
    assert found.snippets[0].id == CALM


@pytest.mark.parametrize("typed", ["", "   ", "🙂🙂", "zzzzqqqq", "'; -- %_", "x" * 6000])
async def test_a_search_for_nothing_known_finds_nothing(desk: Desk, robin: Visitor, typed: str) -> None:
    assert (await desk.service.search(robin, typed)).snippets == ()


async def test_autocomplete_is_patient_and_never_more_than_discord_takes(desk: Desk, robin: Visitor) -> None:
    assert len(await desk.service.complete(robin, "")) == 25
    for typed in ("toleranc", "tolerence", "toler", "TOLLERANCE"):
        assert (await desk.service.complete(robin, typed))[0].id == "tolerance-in-plain-words", typed


async def test_family_members_see_family_readings_first(desk: Desk, robin: Visitor) -> None:
    aspen = Visitor(HERE, ROBIN, family=True)
    assert (await desk.service.complete(aspen, ""))[0].audience == "family"
    assert (await desk.service.complete(robin, ""))[0].audience == "everyone"
    content = _content(
        reading("for-all", "Being there", topic="family"), reading("for-family", "Being near", topic="family"),
        replace(reading("for-kin", "Being kin", topic="family", audience="family"), code="A9"),
    )  # fmt: skip
    service = desk.of(content)
    assert (await service.shelf(aspen, "family")).page.items[0].id == "for-kin"
    assert (await service.shelf(robin, "family")).page.items[-1].id == "for-kin"
    await desk.group(kind="family")
    assert (await service.shelf(robin, "family")).page.items[0].id == "for-kin"


async def test_next_walks_the_whole_topic_and_begins_again(desk: Desk, robin: Visitor) -> None:
    shelf = [one.id for one in (await desk.service.shelf(robin, "safety")).page.items]
    walked = [shelf[0]]
    for _ in shelf:
        walked.append((await desk.service.following(robin, walked[-1])).snippet.id)
    assert walked == [*shelf, shelf[0]]


async def test_a_topic_of_one_has_no_next(desk: Desk, robin: Visitor) -> None:
    service = desk.of(_content(reading("alone", "Alone", topic="coping")))
    assert not (await service.open(robin, "alone")).more
    assert (await service.following(robin, "alone")).snippet.id == "alone"
    assert [shelf.count for shelf in (await service.shelves(HERE))] == [1]


async def test_every_reading_stands_on_exactly_one_shelf(desk: Desk, robin: Visitor) -> None:
    shelves = await desk.service.shelves(HERE)
    assert sum(shelf.count for shelf in shelves) == len(shipped().library)
    for shelf in shelves:
        assert (await desk.service.shelf(robin, shelf.topic.key)).page.total == shelf.count


async def test_today_is_the_same_for_everybody_in_a_group_and_never_careful(desk: Desk) -> None:
    await desk.group(timezone="Europe/London", kind="recovery")
    seen = []
    for _ in range(80):
        one = await desk.service.today(Visitor(HERE, 1))
        other = await desk.service.today(Visitor(HERE, 2, family=True, may_post=True))
        assert one.snippet == other.snippet
        assert one.snippet.tone == "calm"
        assert one.snippet.audience != "family"
        assert one.today
        seen.append(one.snippet.id)
        desk.clock.advance(timedelta(days=1))
    assert all(before != after for before, after in pairwise(seen))


async def test_each_group_has_an_order_of_its_own(desk: Desk) -> None:
    orders = []
    start = desk.clock.now()
    for guild_id in (HERE, THERE):
        desk.clock.set(start)
        order = []
        for _ in range(10):
            order.append((await desk.service.today(Visitor(guild_id, ROBIN))).snippet.id)
            desk.clock.advance(timedelta(days=1))
        orders.append(order)
    assert orders[0] != orders[1]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Europe/London", datetime(2026, 10, 24, 20, 0, tzinfo=UTC)),  # the day of 25 hours
        ("Europe/London", datetime(2026, 3, 28, 20, 0, tzinfo=UTC)),  # the day of 23 hours
        ("America/Santiago", datetime(2026, 9, 5, 20, 0, tzinfo=UTC)),  # midnight itself is jumped over
        ("Asia/Kathmandu", datetime(2026, 10, 24, 3, 0, tzinfo=UTC)),
    ],
)
async def test_the_day_changes_at_the_groups_own_midnight_also_when_clocks_change(
    desk: Desk, robin: Visitor, zone: str, start: datetime
) -> None:
    from zoneinfo import ZoneInfo

    await desk.group(timezone=zone)
    by_date: dict[object, set[str]] = {}
    for quarter in range(4 * 24 * 3):
        desk.clock.set(start + timedelta(minutes=15 * quarter))
        local = desk.clock.now().astimezone(ZoneInfo(zone)).date()
        by_date.setdefault(local, set()).add((await desk.service.today(robin)).snippet.id)
    assert len(by_date) == 4
    assert all(len(readings) == 1 for readings in by_date.values())
    assert len({reading for readings in by_date.values() for reading in readings}) == 4


async def test_a_group_without_a_zone_reckons_in_utc(desk: Desk, robin: Visitor) -> None:
    desk.clock.set(datetime(2026, 5, 1, 23, 59, tzinfo=UTC))
    before = (await desk.service.today(robin)).snippet
    desk.clock.advance(timedelta(minutes=2))
    assert (await desk.service.today(robin)).snippet != before


async def test_a_library_without_a_calm_reading_says_so(desk: Desk, robin: Visitor) -> None:
    service = desk.of(_content(reading("hard", "Hard", tone="careful")))
    with pytest.raises(Refusal) as refused:
        await service.today(robin)
    assert refused.value.key == "learn.today.none"


async def test_a_retired_reading_stays_on_the_list_until_it_is_taken_off(desk: Desk, robin: Visitor) -> None:
    await desk.service.save(robin, CALM)
    later = desk.of(_content(reading("new", "New")))
    page = await later.saved(robin)
    assert [(kept.snippet_id, kept.snippet) for kept in page.items] == [(CALM, None)]
    assert await later.unsave(robin, CALM)
    assert (await later.saved(robin)).total == 0


def test_pages_hold_everything_once_and_forgive_a_wrong_number() -> None:
    items = tuple(range(17))
    assert [item for number in range(3) for item in page_of(items, number, 8).items] == list(items)
    assert page_of(items, 99, 8) == page_of(items, 2, 8)
    assert page_of(items, -5, 8) == page_of(items, 0, 8)
    assert page_of((), 3, 8).items == ()
    assert page_of((), 3, 8).pages == 1
