"""Who left is erased after 30 days; who came back is not."""

from datetime import timedelta

from bot.contracts import PersonErased
from bot.errors import RefusedForGood, TryAgain
from cogs.privacy.rules import SLICE
from tests.unit.privacy.conftest import HERE, ROBIN, THERE, WREN, House

DAY = timedelta(days=1)


async def pass_days(house: House, days: int) -> None:
    """Let days go by, running what falls due."""
    for _ in range(days * 4):
        house.clock.advance(DAY / 4)
        await house.jobs.run_due()


async def is_there(house: House, guild_id: int, user_id: int) -> bool:
    return guild_id in await house.copies.servers(user_id)


async def test_who_left_is_erased_after_thirty_days_and_not_before(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    await house.settle_in(THERE, ROBIN)
    house.doorkeeper.present.remove((HERE, ROBIN))
    await house.departures.left(HERE, ROBIN)
    await pass_days(house, 29)
    assert await is_there(house, HERE, ROBIN)
    await pass_days(house, 2)
    assert not await is_there(house, HERE, ROBIN)
    assert await is_there(house, THERE, ROBIN)
    assert house.erased == [PersonErased(HERE, ROBIN)]
    assert await house.jobs_left("privacy.scrub") == 0


async def test_who_came_back_stays(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    await house.departures.left(HERE, ROBIN)
    await pass_days(house, 10)
    await house.departures.back(HERE, ROBIN)
    await pass_days(house, 30)
    assert await is_there(house, HERE, ROBIN)


async def test_who_came_back_unseen_stays(house: House) -> None:
    """The bot was away when they returned: the last question before the erasing finds them."""
    await house.settle_in(HERE, ROBIN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.left(HERE, ROBIN)
    house.doorkeeper.present.add((HERE, ROBIN))
    await pass_days(house, 40)
    assert await is_there(house, HERE, ROBIN)


async def test_leaving_twice_counts_from_the_last_time(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.left(HERE, ROBIN)
    await pass_days(house, 20)
    await house.departures.back(HERE, ROBIN)
    await pass_days(house, 1)
    await house.departures.left(HERE, ROBIN)
    await pass_days(house, 20)
    assert await is_there(house, HERE, ROBIN)
    await pass_days(house, 11)
    assert not await is_there(house, HERE, ROBIN)


async def test_nothing_is_kept_of_somebody_without_data(house: House) -> None:
    await house.departures.left(HERE, ROBIN)
    assert await house.count("members", HERE, ROBIN) == 0
    assert await house.jobs_left("privacy.left") == 0


async def test_without_the_intent_the_daily_round_notices(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    await house.settle_in(HERE, WREN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.plan()
    await house.departures.plan()  # every process asks
    assert await house.jobs_left("privacy.round") == 1
    await pass_days(house, 1)
    assert (HERE, ROBIN) in house.doorkeeper.asked
    await pass_days(house, 31)
    assert not await is_there(house, HERE, ROBIN)
    assert await is_there(house, HERE, WREN)


async def test_the_round_notices_a_return(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    await house.departures.plan()
    await house.departures.left(HERE, ROBIN)
    await pass_days(house, 2)
    async with house.database.read() as reader:
        left_at = await reader.fetch_value("SELECT left_at FROM members WHERE user_id = $1", ROBIN)
    assert left_at is None


async def test_somebody_with_a_consent_alone_is_seen_too(house: House) -> None:
    async with house.database.write() as writer:
        await house.consents.agree(writer, HERE, ROBIN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.plan()
    await pass_days(house, 33)
    assert await house.count("consents", HERE, ROBIN) == 0
    assert await house.count("members", HERE, ROBIN) == 0


async def test_many_people_are_asked_after_slice_by_slice(house: House) -> None:
    people = [number << 22 for number in range(100, 100 + 2 * SLICE + 10)]
    async with house.database.write() as writer:
        for user_id in people:
            await house.consents.agree(writer, HERE, user_id)
    await house.departures.plan()
    house.clock.advance(DAY)
    await house.jobs.run_due()
    house.clock.advance(3600)
    await house.jobs.run_due()
    first = len(house.doorkeeper.asked)
    assert 0 < first <= SLICE
    for _ in range(4):
        house.clock.advance(60)
        await house.jobs.run_due()
    assert {user_id for _, user_id in house.doorkeeper.asked} == set(people)
    assert len(house.doorkeeper.asked) == len(people)


async def test_many_leavers_are_all_erased(house: House) -> None:
    people = [number << 22 for number in range(100, 150)]
    async with house.database.write() as writer:
        for user_id in people:
            await house.consents.agree(writer, HERE, user_id)
    for user_id in people:
        await house.departures.left(HERE, user_id)
    await pass_days(house, 31)
    async with house.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM consents") == 0
    assert len(house.erased) == len(people)


async def test_a_cut_line_erases_nobody_and_is_tried_again(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.left(HERE, ROBIN)
    house.doorkeeper.failure = TryAgain()
    await pass_days(house, 31)
    assert await is_there(house, HERE, ROBIN)
    house.doorkeeper.failure = None
    await pass_days(house, 1)
    assert not await is_there(house, HERE, ROBIN)


async def test_a_job_given_up_is_made_good_by_the_next_round(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.plan()
    await house.departures.left(HERE, ROBIN)
    await pass_days(house, 29)
    house.doorkeeper.failure = RefusedForGood("http_400")
    await pass_days(house, 2)
    assert ("privacy.left", "http_400") in house.gave_up
    house.doorkeeper.failure = None
    await pass_days(house, 2)
    assert not await is_there(house, HERE, ROBIN)


async def test_a_long_outage_changes_nothing(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.doorkeeper.present.discard((HERE, ROBIN))
    await house.departures.plan()
    await house.departures.left(HERE, ROBIN)
    house.clock.advance(DAY * 90)
    await house.jobs.run_due()
    assert not await is_there(house, HERE, ROBIN)
    assert await house.jobs_left("privacy.round") == 1
