"""An import is all or nothing, changes what it names and nothing else, and counts once when it comes twice."""

import asyncio
import json
import random
from datetime import timedelta
from typing import Any

import pytest

from bot.content import MOST_OWN, Snippet, dialled_numbers, group_snippet
from bot.content.exchange import BundleFault
from bot.errors import Refusal
from bot.ids import Ids
from cogs.learn.service import ExchangeService, GivenOut, GroupLibraries, NotTakenIn, TakenIn
from cogs.learn.store import OwnSnippet
from tests.unit.learn.conftest import HERE, THERE, Desk, shipped

KEY = "own-abcdefgh2345"


@pytest.fixture
def exchange(desk: Desk) -> ExchangeService:
    return _service(desk, 1)


def _service(desk: Desk, seed: int) -> ExchangeService:
    ids = Ids(desk.clock, random.Random(seed))
    content = shipped()
    return ExchangeService(
        desk.database, desk.clock, ids, content.library, desk.own, dialled_numbers(content.support_lines)
    )


def reading(title: str, body: str = "Words.", **fields: Any) -> dict[str, Any]:
    return {"title": title, "topic": "coping", "body": body, **fields}


async def send(exchange: ExchangeService, *readings: dict[str, Any], guild_id: int = HERE) -> TakenIn | NotTakenIn:
    return await exchange.take_in(guild_id, "a.json", json.dumps({"snippets": readings}).encode())


async def taken(exchange: ExchangeService, *readings: dict[str, Any], guild_id: int = HERE) -> TakenIn:
    done = await send(exchange, *readings, guild_id=guild_id)
    assert isinstance(done, TakenIn)
    return done


async def refused(exchange: ExchangeService, *readings: dict[str, Any]) -> tuple[BundleFault, ...]:
    done = await send(exchange, *readings)
    assert isinstance(done, NotTakenIn)
    return done.faults


async def every(desk: Desk, guild_id: int = HERE) -> tuple[OwnSnippet, ...]:
    async with desk.database.read() as reader:
        return await desk.own.all_of(reader, guild_id)


async def ids_of(desk: Desk, guild_id: int = HERE) -> dict[str, str]:
    return {one.snippet.title: one.snippet.id for one in await every(desk, guild_id)}


async def retire(desk: Desk, snippet_id: str) -> None:
    async with desk.database.write() as writer:
        assert await desk.own.retire(writer, HERE, snippet_id, 1 << 60, desk.clock.now())


async def test_new_readings_keep_the_files_order_and_get_ids_of_their_own(
    desk: Desk, exchange: ExchangeService
) -> None:
    titles = [f"Walk w{number}" for number in (3, 1, 4, 2, 8, 6, 5, 7)]
    done = await taken(exchange, *(reading(title, id="slow-breathing") for title in titles))
    assert (done.new, done.changed, done.same, done.before) == (8, 0, 0, ())
    kept = await every(desk)
    assert [one.snippet.title for one in kept] == titles
    assert len({one.snippet.id for one in kept}) == 8
    assert await every(desk, THERE) == ()


async def test_a_fault_of_one_is_a_fault_of_all(desk: Desk, exchange: ExchangeService) -> None:
    await taken(exchange, reading("Kept"))
    before = await every(desk)
    own = (await ids_of(desk))["Kept"]
    faults = await refused(
        exchange,
        reading("Kept", "Changed.", id=own),
        reading("New"),
        reading("slow  BREATHING"),
        reading("Dose", "Take 5 mg."),
    )
    assert [fault.key for fault in faults] == ["library.fault.dose"]
    faults = await refused(exchange, reading("Kept", "Changed.", id=own), reading("New"), reading("slow  BREATHING"))
    assert [(fault.key, fault.place.reading) for fault in faults] == [("library.fault.title_shipped", 3)]
    assert await every(desk) == before


async def test_an_own_id_changes_that_reading_and_tells_how_it_was(desk: Desk, exchange: ExchangeService) -> None:
    await taken(exchange, reading("One"), reading("Two"))
    before = await every(desk)
    ids = await ids_of(desk)
    desk.clock.advance(timedelta(hours=30))
    done = await taken(exchange, reading("Uno", id=ids["One"], tone="careful"), reading("Two", id=ids["Two"]))
    assert (done.new, done.changed, done.same, done.retired) == (0, 1, 1, 0)
    after = await every(desk)
    assert [one.snippet.title for one in after] == ["Uno", "Two"]
    assert after[0].created_at == before[0].created_at
    assert after[0].snippet.reviewed > before[0].snippet.reviewed
    assert after[1] == before[1]
    [(name, content)] = done.before
    assert name == "before-2026-01-16.zip"
    back = await exchange.take_in(HERE, name, content)
    assert isinstance(back, TakenIn)
    assert (back.new, back.changed, back.same) == (0, 1, 0)
    assert [one.snippet.title for one in await every(desk)] == ["One", "Two"]


async def test_an_id_of_another_server_or_of_nobody_makes_a_new_one(desk: Desk, exchange: ExchangeService) -> None:
    await taken(exchange, reading("One"))
    theirs = await every(desk)
    done = await taken(exchange, reading("One", id=theirs[0].snippet.id), reading("Two", id=KEY), guild_id=THERE)
    assert done.new == 2
    assert not {theirs[0].snippet.id, KEY} & set((await ids_of(desk, THERE)).values())
    assert await every(desk) == theirs


async def test_titles_may_be_swapped_and_given_on_but_never_be_two(desk: Desk, exchange: ExchangeService) -> None:
    await taken(exchange, reading("One"), reading("Two"))
    ids = await ids_of(desk)
    swapped = await taken(exchange, reading("Two", "a", id=ids["One"]), reading("One", "b", id=ids["Two"]))
    assert swapped.changed == 2
    given_on = await taken(exchange, reading("Three", "a", id=ids["One"]), reading("Two", "new"))
    assert (given_on.new, given_on.changed) == (1, 1)
    [fault] = await refused(exchange, reading("one", "other words"))
    assert (fault.key, fault.data["id"]) == ("library.import.fault.title_taken", ids["Two"])
    [fault] = await refused(exchange, reading("ONE", "a", id=ids["One"]))
    assert fault.key == "library.import.fault.title_taken"


async def test_the_words_of_a_reading_that_takes_another_name_are_not_taken_for_it(
    desk: Desk, exchange: ExchangeService
) -> None:
    await taken(exchange, reading("One"))
    own = (await ids_of(desk))["One"]
    done = await taken(exchange, reading("One"), reading("Uno", id=own))
    assert (done.new, done.changed, done.same) == (1, 1, 0)
    assert set(await ids_of(desk)) == {"One", "Uno"}


async def test_the_same_file_again_changes_nothing(desk: Desk, exchange: ExchangeService) -> None:
    readings = [reading("One"), reading("Two", tags=["b", "a"])]
    await taken(exchange, *readings)
    before = await every(desk)
    done = await taken(exchange, *readings)
    assert (done.new, done.changed, done.same) == (0, 0, 2)
    assert await every(desk) == before


async def test_two_imports_at_once_are_one_after_the_other(desk: Desk, exchange: ExchangeService) -> None:
    readings = [reading(f"Walk w{number}") for number in range(20)]
    both = await asyncio.gather(*(send(_service(desk, seed), *readings) for seed in range(4)))
    assert sorted(one.new for one in both if isinstance(one, TakenIn)) == [0, 0, 0, 20]
    assert len(await every(desk)) == 20


async def test_two_imports_at_once_never_fill_a_group_beyond_its_room(desk: Desk, exchange: ExchangeService) -> None:
    files = [[reading(f"{name} w{number}") for number in range(150)] for name in "ab"]
    both = await asyncio.gather(*(send(_service(desk, seed), *file) for seed, file in enumerate(files)))
    assert {type(one) for one in both} == {TakenIn, NotTakenIn}
    assert len(await every(desk)) == 150


async def test_a_group_has_room_for_so_many_retired_ones_too(desk: Desk, exchange: ExchangeService) -> None:
    await taken(exchange, *(reading(f"Walk w{number}") for number in range(MOST_OWN - 1)))
    await retire(desk, (await ids_of(desk))["Walk w5"])
    [fault] = await refused(exchange, reading("One"), reading("Two"))
    assert (fault.key, fault.data) == ("library.import.fault.room", {"count": 2, "room": 1, "most": MOST_OWN})
    assert (await taken(exchange, reading("One"))).new == 1


async def test_a_retired_reading_takes_new_words_and_stays_retired(desk: Desk, exchange: ExchangeService) -> None:
    await taken(exchange, reading("One"), reading("Two"))
    own = (await ids_of(desk))["One"]
    await retire(desk, own)
    [fault] = await refused(exchange, reading("One", "other"))
    assert (fault.key, fault.data["id"]) == ("library.import.fault.title_retired", own)
    [fault] = await refused(exchange, reading("One"))
    assert fault.key == "library.import.fault.title_retired"
    done = await taken(exchange, reading("One", "other", id=own))
    assert (done.changed, done.retired) == (1, 1)
    [one, _] = await every(desk)
    assert one.retired_at is not None
    assert one.snippet.body == "other"


async def test_what_goes_out_is_what_is_there_but_for_retired_ones(desk: Desk, exchange: ExchangeService) -> None:
    claim = {"source": "A book", "address": "https://example.org"}
    await taken(exchange, reading("One", "a\nb", claims=[claim]), reading("Two", question="Why?"), reading("Three"))
    await retire(desk, (await ids_of(desk))["Three"])
    for kind in ("zip", "json"):
        given = await exchange.give_out(HERE, kind)
        assert isinstance(given, GivenOut)
        assert (given.count, given.retired, len(given.files)) == (2, 1, 1)
        again = await exchange.take_in(HERE, *given.files[0])
        assert again == TakenIn(0, 0, 2, 0)
        there = await exchange.take_in(THERE, *given.files[0])
        assert isinstance(there, TakenIn)
        assert there.new + there.same == 2
    assert [_plain(one) for one in await every(desk, THERE)] == [_plain(one) for one in (await every(desk))[:2]]


def _plain(own: OwnSnippet) -> Snippet:
    told = own.snippet
    return group_snippet(
        "", title=told.title, topic=told.topic, body=told.body, day=told.reviewed, tags=told.tags,
        question=told.question, claims=told.claims, audience=told.audience, tone=told.tone,
    )  # fmt: skip


async def test_nothing_to_give_out_is_a_refusal(desk: Desk, exchange: ExchangeService) -> None:
    with pytest.raises(Refusal) as none:
        await exchange.give_out(HERE, "zip")
    assert none.value.key == "library.export.none"
    await taken(exchange, reading("One"))
    await retire(desk, (await ids_of(desk))["One"])
    with pytest.raises(Refusal) as retired:
        await exchange.give_out(HERE, "zip")
    assert retired.value.key == "library.export.only_retired"


async def test_the_groups_library_has_them_at_once(desk: Desk, exchange: ExchangeService) -> None:
    libraries = GroupLibraries(desk.database, shipped(), desk.own)
    assert not any(one.own for one in (await libraries.of(HERE)).library)
    await taken(exchange, reading("One"))
    own = (await ids_of(desk))["One"]
    assert (await libraries.of(HERE)).snippet(own).body == "Words."
    await taken(exchange, reading("One", "Others.", id=own))
    assert (await libraries.of(HERE)).snippet(own).body == "Others."
    assert (await libraries.of(THERE)).library.get(own) is None
