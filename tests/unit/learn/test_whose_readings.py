"""Family first for family, last for peers, everywhere; a group's own readings counted there and found nowhere else."""

import pytest

from bot.content import Audience
from cogs.learn.service import Found, LearnService, Visitor
from tests.unit.learn.conftest import HERE, ROBIN, THERE, Desk, shipped
from tests.unit.learn.made import reading

PEER, RELATIVE = Visitor(HERE, ROBIN), Visitor(HERE, ROBIN, family=True)
# For peers, what is for peers and for everyone stands in the order of the library.
PEERS, FAMILY = ["everyone", "peers", "family"], ["family", "everyone", "peers"]
KINDS: tuple[Audience, ...] = ("peers", "everyone", "family")


@pytest.fixture
async def service(desk: Desk) -> LearnService:
    """A group with three own readings on one shelf of the shipped library, one of each audience."""
    async with desk.database.write() as writer:
        for number, audience in enumerate(KINDS):
            own = reading(f"own-{audience}", f"Lanterns for {audience}", "A lantern.", audience=audience)
            await desk.own.put(writer, HERE, own, number + 1, desk.clock.now())
    return desk.service


async def _walk(service: LearnService, visitor: Visitor, first: str) -> list[str]:
    seen = [first]
    while (following := (await service.following(visitor, seen[-1])).snippet.id) != first:
        seen.append(following)
    return seen


def _own(ids: list[str]) -> list[str]:
    return [one.removeprefix("own-") for one in ids if one.startswith("own-")]


@pytest.mark.parametrize(
    ("kind", "visitor", "order"),
    [
        ("recovery", RELATIVE, FAMILY),
        ("family", PEER, FAMILY),
        ("family", RELATIVE, FAMILY),
        ("recovery", PEER, PEERS),
        ("mixed", PEER, PEERS),
        ("mixed", RELATIVE, FAMILY),
    ],
)
async def test_everybody_meets_what_was_written_for_them_first(
    desk: Desk, service: LearnService, kind: str, visitor: Visitor, order: list[str]
) -> None:
    await desk.group(kind=kind)
    shelf = await service.shelf(visitor, "peers")
    found = await service.search(visitor, "lantern")
    offered = await service.complete(visitor, "lant")
    everything = await service.complete(visitor, "")
    walked = await _walk(service, visitor, shelf.page.items[0].id)
    assert _own([one.id for one in shelf.page.items]) == order
    assert _own(walked) == order
    assert _own([one.id for one in found.snippets]) == order
    assert _own([one.id for one in offered]) == order
    assert (everything[0].audience == "family") is (order is FAMILY)


async def test_own_readings_are_counted_where_they_are_and_nowhere_else(desk: Desk, service: LearnService) -> None:
    counts = {shelf.topic.key: shelf.count for shelf in await service.shelves(HERE)}
    elsewhere = {shelf.topic.key: shelf.count for shelf in await service.shelves(THERE)}
    assert counts.pop("peers") == elsewhere.pop("peers") + 3
    assert counts == elsewhere
    assert sum(elsewhere.values()) < len(shipped().library)


async def test_another_servers_readings_are_never_found(desk: Desk, service: LearnService) -> None:
    stranger = Visitor(THERE, ROBIN)
    for typed in ("lanterns for peers", "own-peers", "lantern"):
        found = await service.find(stranger, typed)
        assert isinstance(found, Found)
        assert not _own([one.id for one in found.snippets])
        assert not _own([one.id for one in await service.complete(stranger, typed)])


async def test_a_retired_reading_is_not_found_any_more(desk: Desk, service: LearnService) -> None:
    assert (await service.search(PEER, "lantern")).snippets
    async with desk.database.write() as writer:
        for number, audience in enumerate(KINDS):
            await desk.own.retire(writer, HERE, f"own-{audience}", 10 + number, desk.clock.now())
    assert not _own([one.id for one in (await service.search(PEER, "lantern")).snippets])
    assert {shelf.count for shelf in await service.shelves(HERE)} == {
        shelf.count for shelf in await service.shelves(THERE)
    }
