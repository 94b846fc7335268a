"""Keeping readings: consent before the first one, a list that is the person's alone, and nothing left when erased."""

import json
from dataclasses import replace
from typing import Any

import pytest
from simcord import InteractionResult, MemberActor

from bot.client import Evenkeel
from bot.content import Library
from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, last, shown, words_of
from tests.features.test_learn import CALM, POST, press, title_of, type_it

AGREE, LATER = t("privacy.consent.agree.label"), t("privacy.consent.later.label")
SAVE, SAVED = t("learn.reading.save.label"), t("learn.reading.saved.label")
OPEN = t("learn.saved.open.label")


async def agree(world: World, bot: Evenkeel, *people: MemberActor) -> None:
    async with bot.rooms.database.write() as writer:
        for one in people:
            await bot.rooms.consents.agree(writer, one.guild.id, one.id)


async def saved_rows(world: World) -> list[tuple[int, int, str]]:
    assert isinstance(world.bot, Evenkeel)
    async with world.bot.rooms.database.read() as reader:
        rows = await reader.fetch_all("SELECT guild_id, user_id, snippet_id FROM saved_snippets ORDER BY snippet_id")
    return [(row["guild_id"], row["user_id"], row["snippet_id"]) for row in rows]


async def save(world: World, who: MemberActor, *snippets: str) -> InteractionResult:
    for snippet in snippets:
        done = await press(who, await type_it(world, who, "read", snippet=snippet), SAVE)
    return done


async def updated(world: World, monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    """Start the bot again with another library, as after an update."""
    assert isinstance(world.bot, Evenkeel)
    content = replace(world.bot.rooms.content, library=library)
    monkeypatch.setattr("bot.app.load_content", lambda folder: content)
    await world.restart()


async def test_nothing_is_kept_before_i_agree(world: World) -> None:
    member = world.group.members[0]
    reading = await type_it(world, member, "read", snippet=CALM)
    asked = await press(member, reading, SAVE)
    assert buttons_of(asked) == [AGREE, LATER]
    assert await saved_rows(world) == []
    receipt = await press(member, asked, AGREE)
    assert t("learn.saved.new", title="Slow breathing") in words_of(receipt)
    assert shown(receipt).id == shown(asked).id
    assert await saved_rows(world) == [(world.group.guild.id, member.id, CALM)]
    # The reading above still says "Save": pressing it again shows how things are.
    again = await press(member, reading, SAVE)
    assert SAVED in buttons_of(again)
    assert len(await saved_rows(world)) == 1


async def test_not_now_keeps_nothing(world: World) -> None:
    member = world.group.members[0]
    asked = await press(member, await type_it(world, member, "read", snippet=CALM), SAVE)
    assert t("privacy.consent.declined") in words_of(await press(member, asked, LATER))
    assert await saved_rows(world) == []


async def test_i_agree_after_a_restart_still_saves(world: World) -> None:
    member = world.group.members[0]
    asked = await press(member, await type_it(world, member, "read", snippet=CALM), SAVE)
    await world.restart()
    await press(member, asked, AGREE)
    assert len(await saved_rows(world)) == 1


async def test_the_button_changes_with_what_it_does(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await agree(world, bot, member)
    reading = await type_it(world, member, "read", snippet=CALM)
    kept = await press(member, reading, SAVE)
    assert shown(kept).id == shown(reading).id
    assert SAVED in buttons_of(kept)
    assert SAVE not in buttons_of(kept)
    assert SAVED in buttons_of(await type_it(world, member, "read", snippet=CALM))
    off = await press(member, kept, SAVED)
    assert SAVE in buttons_of(off)
    assert await saved_rows(world) == []


async def test_taking_off_needs_no_consent(world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch) -> None:
    member = world.group.members[0]
    await agree(world, bot, member)
    kept = await save(world, member, CALM)
    monkeypatch.setattr(bot.rooms.consents, "version", "2027-01")
    assert SAVE in buttons_of(await press(member, kept, SAVED))
    assert await saved_rows(world) == []


async def test_the_list_opens_turns_and_lets_go(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await agree(world, bot, member)
    snippets = list(bot.rooms.content.library.snippets)[:9]
    for place, snippet in enumerate(snippets):
        await save(world, member, snippet)
        await world.env.advance_time(60 + place)
    listed = await type_it(world, member, "saved")
    assert listed.ephemeral
    assert buttons_of(listed) == [OPEN] * 8 + [t("learn.page.later.label")]
    newest = bot.rooms.content.library.snippets[snippets[-1]]
    assert f"**{newest.title}**" in words_of(listed)
    opened = await member.click(shown(listed), custom_id=f"ek1:learn:open:{newest.id}")
    assert title_of(opened) == newest.title
    assert shown(opened).id != shown(listed).id
    last_page = await press(member, listed, t("learn.page.later.label"))
    assert buttons_of(last_page) == [OPEN, t("learn.page.earlier.label")]
    # The last page empties: the one before it is shown.
    after = await member.select(shown(last_page), [snippets[0]], custom_id="ek1:learn:drop:1")
    assert t("learn.saved.taken_off", count=1) in words_of(after)
    assert buttons_of(after) == [OPEN] * 8
    everything = await member.select(shown(after), snippets[1:], custom_id="ek1:learn:drop:0")
    assert t("learn.saved.empty") in words_of(everything)
    assert await saved_rows(world) == []


async def test_a_retired_reading_says_so_and_can_be_taken_off(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.group.members[0]
    await agree(world, bot, member)
    reading = await save(world, member, CALM)
    shipped = bot.rooms.content.library
    left = {key: snippet for key, snippet in shipped.snippets.items() if key != CALM}
    await updated(world, monkeypatch, Library(shipped.topics, left))
    listed = await type_it(world, member, "saved")
    assert "Slow breathing" in words_of(listed)
    assert "retired" in words_of(listed)
    assert OPEN not in buttons_of(listed)
    for label in (t("learn.reading.sources.label"), t("learn.reading.next.label")):
        assert words_of(await press(member, reading, label)) == t("learn.gone")
    after = await member.select(shown(listed), [CALM], custom_id="ek1:learn:drop:0")
    assert t("learn.saved.empty") in words_of(after)
    assert await saved_rows(world) == []


async def test_a_renamed_reading_stays_saved_and_its_old_buttons_work(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    robin, wren = world.group.members[:2]
    await agree(world, bot, robin, wren)
    reading = await save(world, robin, CALM)
    facilitator = world.group.facilitators[0]
    asked = await press(facilitator, await type_it(world, facilitator, "read", snippet=CALM), POST)
    shared = await press(facilitator, asked, t("learn.post.yes.label"))
    post = last(world.group.channel("lounge"))
    assert "is posted" in words_of(shared)
    shipped = bot.rooms.content.library
    renamed = replace(shipped.snippets[CALM], id="breathing-slowly", title="Breathing slowly", formerly=(CALM,))
    others = {key: snippet for key, snippet in shipped.snippets.items() if key != CALM}
    await updated(world, monkeypatch, Library(shipped.topics, {**others, renamed.id: renamed}))

    listed = await type_it(world, robin, "saved")
    assert "**Breathing slowly**" in words_of(listed)
    assert buttons_of(listed) == [OPEN]
    opened = await press(robin, listed, OPEN)
    assert title_of(opened) == "Breathing slowly"
    assert SAVED in buttons_of(opened)
    assert SAVED in buttons_of(await type_it(world, robin, "read", snippet=CALM))
    # What was drawn under the old id: the reading itself, and the post for everyone.
    assert "Breathing slowly" in words_of(await press(robin, reading, t("learn.reading.sources.label")))
    assert title_of(await press(robin, reading, t("learn.reading.next.label"))) != "Breathing slowly"
    twice = await robin.click(post, label=SAVE)
    assert t("learn.saved.already", title="Breathing slowly") in words_of(twice)
    assert "Breathing slowly" in words_of(await wren.click(post, label=t("learn.reading.sources.label")))
    new = await wren.click(post, label=SAVE)
    assert t("learn.saved.new", title="Breathing slowly") in words_of(new)
    assert [row[1:] for row in await saved_rows(world)] == [(wren.id, renamed.id), (robin.id, CALM)]
    off = await robin.select(shown(listed), [CALM], custom_id="ek1:learn:drop:0")
    assert t("learn.saved.empty") in words_of(off)
    undone = await press(wren, new, t("learn.saved.undo.label"))
    assert t("learn.saved.undone", title="Breathing slowly") in words_of(undone)
    assert await saved_rows(world) == []


async def test_two_readings_that_became_one_stand_on_the_list_once(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.group.members[0]
    await agree(world, bot, member)
    await save(world, member, CALM, "five-senses-grounding")
    shipped = bot.rooms.content.library
    both = (CALM, "five-senses-grounding")
    joined = replace(shipped.snippets[CALM], id="two-calm-things", title="Two calm things", formerly=both)
    others = {key: snippet for key, snippet in shipped.snippets.items() if key not in both}
    await updated(world, monkeypatch, Library(shipped.topics, {**others, joined.id: joined}))
    listed = await type_it(world, member, "saved")
    assert buttons_of(listed) == [OPEN]
    reading = await press(member, listed, OPEN)
    await press(member, reading, SAVED)
    assert t("learn.saved.empty") in words_of(await type_it(world, member, "saved"))
    assert await saved_rows(world) == []


async def test_another_servers_list_is_never_seen_or_changed(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    twin = world.other.guild.add_member(robin.user)
    await world.env.settle()
    await agree(world, bot, robin, twin)
    await save(world, robin, CALM)
    elsewhere = world.other.channel("lounge")
    assert t("learn.saved.empty") in words_of(await twin.slash(elsewhere, "learn saved"))
    there = await twin.slash(elsewhere, "learn read", snippet=CALM)
    assert SAVE in buttons_of(there)
    kept = await twin.click(shown(there), label=SAVE)
    await twin.click(shown(kept), label=SAVED)
    assert await saved_rows(world) == [(world.group.guild.id, robin.id, CALM)]


async def test_nobody_elses_list_is_seen(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    await agree(world, bot, robin, wren)
    await save(world, robin, CALM)
    assert t("learn.saved.empty") in words_of(await type_it(world, wren, "saved"))
    assert SAVE in buttons_of(await type_it(world, wren, "read", snippet=CALM))


async def test_export_holds_the_list_and_erase_takes_it(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    await agree(world, bot, robin, wren)
    await save(world, robin, CALM, "what-clonazepam-is")
    await save(world, wren, CALM)
    owner = next(one for one in bot.rooms.owners if one.name == "learn")
    async with bot.rooms.database.read() as reader:
        found: dict[str, Any] = await owner.export(reader, world.group.guild.id, robin.id)
    assert {one["reading"] for one in found["saved_readings"]} == {CALM, "what-clonazepam-is"}
    assert json.dumps(found)
    async with bot.rooms.database.write() as writer:
        erased = await owner.erase(writer, world.group.guild.id, robin.id)
    assert erased.rows == 2
    assert await saved_rows(world) == [(world.group.guild.id, wren.id, CALM)]
    assert t("learn.saved.empty") in words_of(await type_it(world, robin, "saved"))


async def test_looking_around_stores_nothing(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    for command, option in (("search", {"words": "sleep"}), ("read", {"snippet": CALM}), ("topics", {}), ("saved", {})):
        await type_it(world, member, command, **option)
    async with bot.rooms.database.read() as reader:
        for table in ("saved_snippets", "members", "consents"):
            assert await reader.fetch_value(f"SELECT COUNT(*) FROM {table}") == 0


async def test_what_people_search_for_reaches_no_log(world: World) -> None:
    from tests.features.conftest import TestEngine

    member = world.group.members[0]
    canary = "canary5e1f-words-of-a-person"
    await type_it(world, member, "search", words=canary)
    await type_it(world, member, "read", snippet=canary)
    await member.autocomplete(world.group.channel("lounge"), "learn read", "snippet", canary)
    await world.restart()
    engine = world.engine
    assert isinstance(engine, TestEngine)
    assert "canary5e1f" not in engine.log.getvalue()


async def test_the_select_that_lets_go_names_what_it_lets_go(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await agree(world, bot, member)
    await save(world, member, CALM)
    listed = await type_it(world, member, "saved")
    menu = next(one for one in components_of(listed) if one.get("custom_id", "").startswith("ek1:learn:drop"))
    assert [option["label"] for option in menu["options"]] == ["Slow breathing"]
