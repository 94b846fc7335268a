"""What somebody saved: once each, theirs alone, gone when erased."""

import asyncio
from datetime import timedelta

import pytest

from bot.contracts import Erased, Post
from cogs.learn.store import Saved, Shared
from tests.unit.learn.conftest import HERE, ROBIN, THERE, WREN, Desk


async def _save(desk: Desk, snippet_id: str, guild_id: int = HERE, user_id: int = ROBIN) -> bool:
    async with desk.database.write() as writer:
        return await desk.store.add(writer, guild_id, user_id, snippet_id, desk.clock.now())


async def _saved(desk: Desk, guild_id: int = HERE, user_id: int = ROBIN) -> list[str]:
    async with desk.database.read() as reader:
        return [one.snippet_id for one in await desk.store.all_of(reader, guild_id, user_id)]


async def test_saving_twice_counts_once_and_keeps_the_first_moment(desk: Desk) -> None:
    first = desk.clock.now()
    assert await _save(desk, "a-page")
    desk.clock.advance(timedelta(hours=5))
    assert not await _save(desk, "a-page")
    async with desk.database.read() as reader:
        assert await desk.store.all_of(reader, HERE, ROBIN) == (Saved("a-page", first),)


async def test_two_presses_at_once_save_once(desk: Desk) -> None:
    assert sorted(await asyncio.gather(_save(desk, "a-page"), _save(desk, "a-page"))) == [False, True]
    assert await _saved(desk) == ["a-page"]


async def test_the_newest_comes_first(desk: Desk) -> None:
    for page in ("one", "two", "three"):
        await _save(desk, page)
        desk.clock.advance(timedelta(minutes=1))
    assert await _saved(desk) == ["three", "two", "one"]


async def test_nobody_elses_and_no_other_servers(desk: Desk) -> None:
    await _save(desk, "here")
    await _save(desk, "there", guild_id=THERE)
    await _save(desk, "of-wren", user_id=WREN)
    assert await _saved(desk) == ["here"]
    async with desk.database.write() as writer:
        assert not await desk.store.remove(writer, HERE, ROBIN, "there")
        assert not await desk.store.remove(writer, HERE, ROBIN, "of-wren")
        assert await desk.store.remove(writer, HERE, ROBIN, "here")
        assert not await desk.store.remove(writer, HERE, ROBIN, "here")
    assert await _saved(desk) == []
    assert await _saved(desk, THERE) == ["there"]
    assert await _saved(desk, user_id=WREN) == ["of-wren"]


async def test_export_names_each_reading_and_its_moment(desk: Desk) -> None:
    await _save(desk, "here")
    async with desk.database.read() as reader:
        assert await desk.store.export(reader, HERE, ROBIN) == {
            "saved_readings": [{"reading": "here", "saved_at": desk.clock.now().isoformat()}]
        }
        assert await desk.store.export(reader, HERE, WREN) == {}


async def test_erasing_takes_one_persons_list_of_one_server(desk: Desk) -> None:
    for page in ("one", "two"):
        await _save(desk, page)
    await _save(desk, "there", guild_id=THERE)
    await _save(desk, "of-wren", user_id=WREN)
    async with desk.database.write() as writer:
        assert await desk.store.erase(writer, HERE, ROBIN) == Erased(2)
    assert await _saved(desk) == []
    async with desk.database.read() as reader:
        assert await desk.store.servers(reader, ROBIN) == {THERE}
        assert await desk.store.people(reader, HERE) == {WREN}
        assert await desk.store.servers(reader) == {HERE, THERE}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_owner_is_the_one_that_privacy_speaks_of(desk: Desk) -> None:
    from bot.text import t

    assert t(f"privacy.owner.{desk.store.name}.kept")
    assert desk.store.tables == {"saved_snippets", "shared_readings"}


async def _share(desk: Desk, message_id: int, guild_id: int = HERE, user_id: int = ROBIN, snippet: str = "a") -> None:
    async with desk.database.write() as writer:
        await desk.store.shared.add(writer, Shared(guild_id, user_id, 7, message_id, snippet, desk.clock.now()))


async def test_a_post_knows_whose_note_it_carries_in_its_own_server_only(desk: Desk) -> None:
    await _share(desk, 70)
    await _share(desk, 70, user_id=WREN)  # the first one counts
    async with desk.database.read() as reader:
        assert await desk.store.shared.author_of(reader, HERE, 70) == ROBIN
        assert await desk.store.shared.author_of(reader, THERE, 70) is None
        assert await desk.store.shared.author_of(reader, HERE, 71) is None
    async with desk.database.write() as writer:
        await desk.store.shared.remove(writer, THERE, 70)
        assert await desk.store.shared.author_of(writer, HERE, 70) == ROBIN
        await desk.store.shared.remove(writer, HERE, 70)
        await desk.store.shared.remove(writer, HERE, 70)
        assert await desk.store.shared.author_of(writer, HERE, 70) is None


async def test_the_newest_post_of_a_reading_is_found_under_any_of_its_ids(desk: Desk) -> None:
    await _share(desk, 70, snippet="old-name")
    desk.clock.advance(timedelta(days=1))
    await _share(desk, 71, snippet="new-name")
    await _share(desk, 72, snippet="another")
    await _share(desk, 73, user_id=WREN, snippet="new-name")
    await _share(desk, 74, guild_id=THERE, snippet="new-name")
    async with desk.database.read() as reader:
        newest = await desk.store.shared.last_of(reader, HERE, ROBIN, ("new-name", "old-name"))
        assert newest is not None
        assert newest.message_id == 71
        earlier = await desk.store.shared.last_of(reader, HERE, ROBIN, ("old-name",))
        assert earlier is not None
        assert earlier.message_id == 70
        assert await desk.store.shared.last_of(reader, HERE, ROBIN, ("nothing",)) is None


async def test_posts_are_exported_and_named_when_erased(desk: Desk) -> None:
    await _share(desk, 70)
    await _share(desk, 71, user_id=WREN)
    await _share(desk, 72, guild_id=THERE)
    async with desk.database.read() as reader:
        told = {"reading": "a", "channel_id": 7, "message_id": 70, "shared_at": desk.clock.now().isoformat()}
        assert await desk.store.export(reader, HERE, ROBIN) == {"shared_readings": [told]}
        assert await desk.store.people(reader, HERE) == {ROBIN, WREN}
    async with desk.database.write() as writer:
        assert await desk.store.erase(writer, HERE, ROBIN) == Erased(1, (Post(7, 70),))
        assert await desk.store.erase(writer, HERE, ROBIN) == Erased(0)
        assert await desk.store.shared.author_of(writer, HERE, 71) == WREN
        assert await desk.store.shared.author_of(writer, THERE, 72) == ROBIN
