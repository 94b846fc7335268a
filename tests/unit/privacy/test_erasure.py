"""Erasing: what goes, what stays, what follows a refusal of Discord's, and what a crash may cost."""

import asyncio
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from bot.contracts import PersonErased, Post
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.storage import Database, DatabaseBusy
from cogs.privacy.rules import EVERYTHING
from cogs.privacy.service import Erasure
from tests.unit.privacy.conftest import CANARY, HERE, ROBIN, THERE, WREN, House

TABLES = ("members", "member_avoids", "consents", "saved_snippets")


async def counts(house: House, guild_id: int, user_id: int) -> list[int]:
    return [await house.count(table, guild_id, user_id) for table in TABLES]


async def test_everything_of_one_person_in_one_server_goes(house: House) -> None:
    for guild_id, user_id in ((HERE, ROBIN), (THERE, ROBIN), (HERE, WREN)):
        await house.settle_in(guild_id, user_id, other=ROBIN if user_id == WREN else WREN)
    given = await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert set(given.parts) == {"settings", "learn"}
    assert given.scrubbed
    assert not given.repeated
    assert await counts(house, HERE, ROBIN) == [0, 0, 0, 0]
    assert await counts(house, THERE, ROBIN) == [1, 1, 1, 1]
    assert await counts(house, HERE, WREN) == [1, 1, 1, 1]  # also the avoid list that names Robin
    assert house.erased == [PersonErased(HERE, ROBIN)]


async def test_one_part_goes_and_the_rest_stays(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    given = await house.erasure.erase(HERE, ROBIN, "learn", "form-1")
    assert given.parts == ("learn",)
    assert await counts(house, HERE, ROBIN) == [1, 1, 1, 0]
    assert house.erased == []
    assert await house.copies.parts(HERE, ROBIN) == ("settings",)


async def test_a_form_counts_once(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    await house.settle_in(HERE, ROBIN)  # a new beginning, which the old form must not undo
    again = await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert again.repeated
    assert await counts(house, HERE, ROBIN) == [1, 1, 1, 1]


async def test_two_erasures_at_once_both_end_well(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    receipts = await asyncio.gather(
        house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1"), house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-2")
    )
    assert sorted(len(receipt.parts) for receipt in receipts) == [0, 2]
    assert await counts(house, HERE, ROBIN) == [0, 0, 0, 0]
    assert await house.jobs_left("privacy.scrub") == 0


async def test_nothing_to_erase_rebuilds_nothing(house: House) -> None:
    given = await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert given.parts == ()
    assert not given.scrubbed
    assert await house.jobs_left("privacy.scrub") == 0


async def test_an_unknown_part_is_refused(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    with pytest.raises(Refusal) as refused:
        await house.erasure.erase(HERE, ROBIN, "checkins", "form-1")
    assert refused.value.key == "kit.refused.outdated"
    assert await counts(house, HERE, ROBIN) == [1, 1, 1, 1]


async def test_posts_are_deleted_and_the_stubborn_ones_named(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.shelf.posts = (Post(7, 70), Post(7, 71), Post(8, 80))
    house.postman.outcomes = {71: RefusedForGood("forbidden"), 80: TryAgain(1.0)}
    given = await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert given.deleted == 1
    assert given.stuck == (Post(7, 71),)
    assert given.waiting == (Post(8, 80),)
    assert await house.jobs_left("privacy.post") == 1  # only the one that may still succeed
    house.postman.outcomes = {}
    house.clock.advance(3600)
    await house.jobs.run_due()
    assert house.postman.deleted == [70, 80]
    assert house.gave_up == []


async def test_many_posts_are_not_waited_for(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.shelf.posts = tuple(Post(7, 1000 + number) for number in range(100))
    given = await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert given.deleted + len(given.waiting) == 100
    assert given.waiting
    house.clock.advance(3600)
    await house.jobs.run_due()
    assert sorted(house.postman.deleted) == [1000 + number for number in range(100)]


async def test_what_remains_is_handed_on(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.shelf.remains = ("moderation.remains.cases",)
    assert (await house.erasure.erase(HERE, ROBIN, EVERYTHING, "f")).remains == ("moderation.remains.cases",)


async def test_a_crash_after_the_commit_loses_nothing(house: House) -> None:
    """It ends in the middle of deleting the first post: the jobs of the same transaction do the rest."""
    await house.settle_in(HERE, ROBIN)
    house.shelf.posts = (Post(7, 70),)
    house.postman.outcomes = {70: MemoryError()}
    with pytest.raises(MemoryError):
        await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert await counts(house, HERE, ROBIN) == [0, 0, 0, 0]
    house.postman.outcomes = {}
    house.clock.advance(3600)
    await house.jobs.run_due()
    assert house.postman.deleted == [70]
    assert await house.jobs_left("privacy.scrub") == 0


async def test_a_busy_file_is_rebuilt_later(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    busy = create_autospec(Database, instance=True)
    busy.write = house.database.write
    busy.scrub.side_effect = DatabaseBusy("a reader")
    erasure = Erasure(busy, house.owners, house.events, house.clock, house.ids, house.postman)
    given = await erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    assert given.parts
    assert not given.scrubbed
    assert await house.jobs_left("privacy.scrub") == 1
    house.clock.advance(3600)
    await house.jobs.run_due()
    assert await house.jobs_left("privacy.scrub") == 0


async def test_no_byte_is_left_in_any_file(house: House, url: str) -> None:
    if house.database.dialect != "sqlite":
        pytest.skip("only a file has bytes that we can look at")
    folder = Path(url.removeprefix("sqlite:///")).parent

    def holders() -> list[str]:
        return [file.name for file in folder.iterdir() if CANARY.encode() in file.read_bytes()]

    await house.settle_in(HERE, ROBIN)
    assert holders()  # the test can fail
    assert (await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")).scrubbed
    assert holders() == []


async def test_no_job_names_the_person(house: House) -> None:
    await house.settle_in(HERE, ROBIN)
    house.shelf.posts = (Post(7, 70),)
    house.postman.outcomes = {70: TryAgain()}
    await house.departures.left(HERE, ROBIN)
    await house.erasure.erase(HERE, ROBIN, EVERYTHING, "form-1")
    async with house.database.read() as reader:
        rows = await reader.fetch_all("SELECT * FROM jobs")
    assert rows
    for row in rows:
        assert str(ROBIN) not in f"{row['payload']} {row['dedupe_key']}"
