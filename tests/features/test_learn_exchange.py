"""`/manage-library import` and `export`: all of a file or nothing, told so that a tired moderator can mend it."""

import json
import re
import zipfile
from io import BytesIO
from typing import Any

import discord
import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.errors import BackendError, SetupError

from bot.client import Evenkeel
from bot.content.exchange import MOST_BYTES
from bot.text import t
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import shown, words_of
from tests.features.test_learn import title_of, type_it

CANARY = "canary-4d2e"
WALK = "---\ntitle: Our Sunday walk\ntopic: coping\n---\n\nWe meet at the gate, rain or shine.\n"
TABLE = "---\ntitle: The quiet table\ntopic: peers\ntags: [silence]\n---\n\nNobody talks there.\n"


def packed(**files: str) -> tuple[str, bytes]:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.md", text)
    return "readings.zip", content.getvalue()


def as_json(*readings: dict[str, Any]) -> tuple[str, bytes]:
    return "readings.json", json.dumps({"snippets": readings}).encode()


async def send(world: World, file: tuple[str, bytes], who: MemberActor | None = None) -> InteractionResult:
    who = who or world.group.person("moderator").actor
    return await who.slash(world.group.channel("lounge"), "manage-library import", file=file)


async def export(world: World, **options: str) -> InteractionResult:
    who = world.group.person("moderator").actor
    return await who.slash(world.group.channel("lounge"), "manage-library export", **options)


async def send_elsewhere(world: World, file: tuple[str, bytes]) -> InteractionResult:
    """Import as somebody who moderates another server."""
    guild = world.other.guild
    role = guild.create_role("Moderators", permissions=discord.Permissions(moderate_members=True))
    moderator = guild.add_member(world.env.create_user("elsewhere"), roles=[role])
    return await moderator.slash(world.other.channel("lounge"), "manage-library import", file=file)


def files_of(world: World, result: InteractionResult) -> dict[str, bytes]:
    cdn = world.env.backend.cdn
    return {one.filename: cdn.get(one.url) or b"" for one in shown(result).attachments}


async def table(world: World) -> list[tuple[object, ...]]:
    assert isinstance(world.bot, Evenkeel)
    async with world.bot.rooms.database.read() as reader:
        rows = await reader.fetch_all("SELECT * FROM group_snippets ORDER BY guild_id, snippet_id")
    return [tuple(row[key] for key in row.keys()) for row in rows]  # noqa: SIM118


async def test_a_good_file_is_in_the_library_at_once(world: World) -> None:
    done = await send(world, packed(walk=WALK, table=TABLE))
    assert done.ephemeral
    assert t("library.import.new", count=2) in words_of(done).replace("1 ", "")
    assert not files_of(world, done)
    member = world.group.members[0]
    assert "The quiet table" in words_of(await type_it(world, member, "search", words="silence"))
    assert title_of(await type_it(world, member, "read", snippet="Our Sunday walk")) == "Our Sunday walk"


async def test_a_broken_file_changes_nothing_and_every_fault_is_told(world: World) -> None:
    await send(world, packed(walk=WALK))
    before = await table(world)
    broken = packed(a=TABLE.replace("peers", "tables"), b="no dashes", c=WALK + "\nTake 5 mg.\n", d=TABLE)
    told = words_of(await send(world, broken))
    assert t("library.import.faults", count=4) in told
    for line in ("a.md, line 3", "b.md, line 1", "c.md, line 8", "“5 mg”", "coping"):
        assert line in told
    assert await table(world) == before
    assert "silence" not in words_of(await type_it(world, world.group.members[0], "search", words="quiet table"))


async def test_a_title_that_is_there_is_refused_with_the_way_to_change_it(world: World) -> None:
    await send(world, packed(walk=WALK))
    [row] = await table(world)
    told = words_of(
        await send(
            world, packed(walk=WALK.replace("rain", "snow"), breath=TABLE.replace("The quiet table", "slow  Breathing"))
        )
    )
    assert f"`id: {row[1]}`" in told
    assert "slow Breathing" in told
    assert await table(world) == [row]


async def test_faults_that_do_not_fit_stand_in_a_file(world: World) -> None:
    many = as_json(*({"title": f"{n} {CANARY}", "topic": "a_b*c*"} for n in range(40)))
    result = await send(world, many)
    assert t("library.import.faults", count=80) in words_of(result)
    [(name, content)] = files_of(world, result).items()
    assert name == "to-mend.txt"
    lines = content.decode().splitlines()
    assert len(lines) == 80
    assert lines[0].startswith("Reading 1, topic: There is no topic “a_b*c*”")
    assert "a\\_b\\*c" in words_of(result)


async def test_a_flood_of_faults_still_fits_a_message(world: World) -> None:
    flood = ",".join(f'"{number:x}": 1' for number in range(90_000))
    result = await send(world, ("readings.json", f'{{"snippets": [{{{flood}}}]}}'.encode()))
    count = 90_003  # with the topic, the title and the text that are missing
    assert t("library.import.faults", count=count) in words_of(result)
    [content] = files_of(world, result).values()
    assert len(content) < MOST_BYTES
    assert content.decode().splitlines()[-1] == t("library.import.unlisted", count=count - 1000)


async def test_words_of_a_file_ring_nobody_and_reach_no_log(world: World, engine: TestEngine) -> None:
    fields = f"{CANARY} @everyone: a\ntitle: <@{world.group.members[0].id}> **x**\ntopic: '@here'\ntone: '`'"
    evil = f"---\n{fields}\n---\n\n{CANARY} 5 mg @everyone\n"
    told = words_of(await send(world, (f"{CANARY}.zip", packed(**{f"{CANARY}*_*": evil})[1])))
    assert "@everyone" not in told
    assert "@here" not in told
    assert CANARY in told
    await send(world, packed(walk=WALK.replace("rain", CANARY)))
    await send(world, (f"{CANARY}.json", b'{"' + CANARY.encode()))
    await export(world)
    await world.restart()
    assert CANARY not in engine.log.getvalue()


@pytest.mark.parametrize("kind", ["zip", "json"])
async def test_what_goes_out_makes_the_other_groups_own_copies(world: World, kind: str) -> None:
    await send(world, packed(walk=WALK, table=TABLE))
    given = await export(world, format=kind)
    assert given.ephemeral
    [(name, content)] = files_of(world, given).items()
    assert name == f"readings-2026-11-23.{kind}"
    again = await send(world, (name, content))
    assert t("library.import.same", count=2) in words_of(again)
    there = await send_elsewhere(world, (name, content))
    assert t("library.import.new", count=2) in words_of(there)
    rows = await table(world)
    assert len(rows) == 4
    assert len({row[1] for row in rows}) == 4
    stranger = next(iter(world.other.people.values())).actor
    found = await stranger.slash(world.other.channel("lounge"), "learn search", words="silence")
    assert "The quiet table" in words_of(found)


async def test_another_servers_readings_are_neither_changed_nor_told(world: World) -> None:
    await send(world, packed(walk=WALK))
    [row] = await table(world)
    mine = f"---\nid: {row[1]}\ntitle: Our Sunday walk\ntopic: coping\n---\n\nOther words.\n"
    done = await send_elsewhere(world, packed(walk=mine))
    assert t("library.import.new", count=1) in words_of(done)
    assert [one for one in await table(world) if one[0] == row[0]] == [row]


async def test_an_edited_export_changes_and_there_is_a_way_back(world: World) -> None:
    await send(world, packed(walk=WALK, table=TABLE))
    [(name, content)] = files_of(world, await export(world, format="json")).items()
    changed = await send(world, (name, content.replace(b"rain or shine", b"or at the kiosk")))
    assert t("library.import.changed", count=1) in words_of(changed)
    assert t("library.import.same", count=1) in words_of(changed)
    member = world.group.members[0]
    assert "kiosk" in words_of(await type_it(world, member, "read", snippet="Our Sunday walk"))
    [back] = files_of(world, changed).items()
    await send(world, back)
    assert "rain or shine" in words_of(await type_it(world, member, "read", snippet="Our Sunday walk"))


async def test_a_retired_one_takes_new_words_and_stays_retired(world: World) -> None:
    await send(world, packed(walk=WALK, table=TABLE))
    [(name, content)] = files_of(world, await export(world, format="json")).items()
    moderator = world.group.person("moderator").actor
    for title in ("Our Sunday walk", "The quiet table"):
        await moderator.slash(world.group.channel("lounge"), "manage-library retire", snippet=title)
        left = await export(world)
        if title == "Our Sunday walk":
            assert t("library.export.retired", count=1) in words_of(left)
    assert words_of(left) == t("library.export.only_retired")
    done = await send(world, (name, content.replace(b"rain or shine", b"or not")))
    assert t("library.import.retired", count=1) in words_of(done)
    near = await type_it(world, world.group.members[0], "read", snippet="Our Sunday walk")
    assert title_of(near) != "Our Sunday walk"


async def test_nothing_to_take_along_says_how_to_begin(world: World) -> None:
    assert words_of(await export(world)) == t("library.export.none")


async def test_a_big_file_is_refused_before_it_is_fetched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(attachment: discord.Attachment) -> bytes:
        raise AssertionError("it was fetched")

    monkeypatch.setattr(discord.Attachment, "read", never)
    told = words_of(await send(world, ("a.zip", b"x" * (MOST_BYTES + 1))))
    assert t("library.import.fault.large") in told
    assert "Nothing was changed" in told


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), "http"])
async def test_a_file_that_discord_keeps_to_itself_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception | str
) -> None:
    async def fails(attachment: discord.Attachment) -> bytes:
        if isinstance(error, str):
            raise discord.NotFound(_answer(), "asset not found")
        raise error

    monkeypatch.setattr(discord.Attachment, "read", fails)
    assert words_of(await send(world, packed(walk=WALK))) == t("library.import.unreachable")
    assert await table(world) == []


def _answer() -> Any:
    return type("Answer", (), {"status": 404, "reason": "Not Found"})()


async def test_the_same_file_from_two_moderators_comes_in_once(world: World) -> None:
    first = await send(world, packed(walk=WALK, table=TABLE))
    second = await send(world, packed(walk=WALK, table=TABLE), world.group.admin)
    assert words_of(first).startswith(t("library.import.heading"))
    assert words_of(second).startswith(t("library.import.nothing_new"))
    assert len(await table(world)) == 2


@pytest.mark.parametrize("kind", ["member", "family", "newcomer", "facilitator"])
async def test_only_moderators_import_and_export(world: World, kind: str) -> None:
    who = world.group.person(kind).actor
    for command, options in (("import", {"file": packed(walk=WALK)}), ("export", {})):
        try:
            result = await who.slash(world.group.channel("lounge"), f"manage-library {command}", **options)
        except (SetupError, BackendError):
            continue  # Discord itself hides it
        assert words_of(result) == t("kit.refused.moderator")
    assert await table(world) == []


async def test_the_numbers_of_a_full_group_are_told(world: World) -> None:
    await send(world, as_json(*({"title": f"Walk w{n}", "topic": "coping", "body": "Words."} for n in range(199))))
    told = words_of(await send(world, packed(walk=WALK, table=TABLE)))
    assert re.search(r"add 2 readings.*room for 1\b", told)
    assert len(await table(world)) == 199
    given = await export(world)
    assert t("library.export.heading", count=199) in words_of(given)
