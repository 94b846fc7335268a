"""The group's own readings in moderators' hands: written, mended, changed, taken out, brought back."""

import json
from typing import Any

import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.errors import SetupError

from bot.client import Evenkeel
from bot.policy import Standing, decide
from bot.text import t
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, components_of, shown, words_of

WALK: dict[str, Any] = {
    "title": "Our Sunday walk",
    "body": "We walk around the lake every Sunday.\n\nNobody has to talk.",
    "topic": ["peers"],
    "question": "What helps you on a slow day?",
    "tags": "walk, lake, Fresh air",
}
BAD: dict[str, Any] = {
    **WALK,
    "body": "I took **5 mg** twice a day, then half a tablet.\n\nRing <@123> or 911.",
    "tags": "",
}
CHANGE, SOURCES, RETIRE, BACK, DELETE, LIST = (
    t(f"library.card.{one}.label") for one in ("change", "sources", "retire", "back", "delete", "list")
)
MEND, YES = t("library.unfit.mend.label"), t("library.deleting.yes.label")
MINE, THEIRS, AS_NEW, AGAIN = (t(f"library.overtaken.{one}.label") for one in ("mine", "theirs", "new", "again"))
SHIPPED = "Slow breathing"


def moderator(world: World) -> MemberActor:
    return world.group.person("moderator").actor


async def manage(world: World, command: str, who: MemberActor | None = None, **options: Any) -> InteractionResult:
    who = who or moderator(world)
    return await who.slash(world.group.channel("lounge"), f"manage-library {command}", **options)


async def fill_in(who: MemberActor, form: InteractionResult, **words: Any) -> InteractionResult:
    return await who.submit_modal(form, words)


async def write(world: World, who: MemberActor | None = None, **words: Any) -> InteractionResult:
    who = who or moderator(world)
    return await fill_in(who, await manage(world, "add", who), **{**WALK, **words})


async def press(who: MemberActor, on: InteractionResult, label: str) -> InteractionResult:
    return await who.click(shown(on), label=label)


def written_in(form: InteractionResult) -> dict[str, Any]:
    """What stands in an open form."""
    assert form.modal is not None
    found: dict[str, Any] = {}
    for label in form.modal["components"]:
        component = label["component"]
        chosen = [one["value"] for one in component.get("options", ()) if one.get("default")]
        found[component["custom_id"]] = chosen if "options" in component else component.get("value", "")
    return found


def id_of(card: InteractionResult) -> str:
    """The id of the reading whose card is shown."""
    keys = [str(one["custom_id"]).split(":")[3] for one in components_of(card) if "custom_id" in one]
    return next(key for key in keys if key.startswith("own-"))


async def rows(world: World) -> list[tuple[int, bool]]:
    assert isinstance(world.bot, Evenkeel)
    async with world.bot.rooms.database.read() as reader:
        found = await reader.fetch_all("SELECT guild_id, retired_at FROM group_snippets ORDER BY created_at")
    return [(row["guild_id"], row["retired_at"] is not None) for row in found]


async def test_a_reading_is_written_and_shown_as_members_see_it(world: World) -> None:
    card = await write(world)
    assert card.ephemeral
    words = words_of(card)
    assert words.startswith(t("library.card.saved"))
    assert "## Our Sunday walk\n-# Support among peers · written by this group" in words
    assert "Written by this group on 23 November 2026" in words
    assert "What helps you on a slow day?" in words
    assert "checked" not in words.lower()
    assert buttons_of(card) == [CHANGE, SOURCES, RETIRE, LIST]
    assert await rows(world) == [(world.group.guild.id, False)]


async def test_what_rules_find_is_told_and_every_word_waits_to_be_mended(world: World) -> None:
    who = moderator(world)
    told = await write(world, **BAD)
    assert told.ephemeral
    for words in ("“5 mg”, “half a tablet”, “twice a day … tablet”", "“911”", "What you wrote"):
        assert words in words_of(told)
    assert await rows(world) == []
    await world.restart()  # the words are in the message, not in the bot's memory
    form = await press(who, told, MEND)
    assert written_in(form) == BAD
    again = await fill_in(who, form, **{**BAD, "body": "Ask <@123>.", "title": "Other"})
    assert shown(again).id == shown(told).id
    assert words_of(again).count("\n- ") == 1
    form = await press(who, again, MEND)
    assert written_in(form)["title"] == "Other"
    card = await fill_in(who, form, **{**BAD, "body": "We walk.", "question": ""})
    assert t("library.card.saved") in words_of(card)
    assert await rows(world) == [(world.group.guild.id, False)]


@pytest.mark.parametrize("title", [SHIPPED.upper(), "our  sunday walk"])
async def test_two_readings_never_look_alike(world: World, title: str) -> None:
    await write(world)
    told = await write(world, title=title)
    assert "tell them apart" in words_of(told)
    assert len(await rows(world)) == 1
    form = await press(moderator(world), told, MEND)
    assert t("library.card.saved") in words_of(
        await fill_in(moderator(world), form, **{**written_in(form), "title": "The walk"})
    )


async def test_change_the_words_keeps_their_place(world: World) -> None:
    who = moderator(world)
    card = await write(world)
    form = await press(who, card, CHANGE)
    assert written_in(form) == {**WALK, "tags": "walk, lake, fresh air"}
    changed = await fill_in(who, form, **{**written_in(form), "body": "We run."})
    assert shown(changed).id == shown(card).id
    assert words_of(changed).startswith(t("library.card.changed"))
    assert "We run." in words_of(changed)
    same = await fill_in(who, await press(who, changed, CHANGE), **written_in(await press(who, changed, CHANGE)))
    assert words_of(same).startswith(t("library.card.already"))


async def test_an_edit_that_rules_stop_can_be_mended_as_that_edit(world: World) -> None:
    who = moderator(world)
    card = await write(world)
    form = await press(who, card, CHANGE)
    told = await fill_in(who, form, **{**written_in(form), "body": "Take 5 mg."})
    assert t("library.card.changed") not in words_of(told)
    form = await press(who, told, MEND)
    assert written_in(form)["body"] == "Take 5 mg."
    done = await fill_in(who, form, **{**written_in(form), "body": "Take a walk."})
    assert t("library.card.changed") in words_of(done)
    assert len(await rows(world)) == 1


async def test_for_whom_how_and_from_where(world: World) -> None:
    who = moderator(world)
    card = await write(world)
    identity = id_of(card)
    card = await who.select(shown(card), ["family"], custom_id=f"ek1:library:whom:{identity}")
    assert "for family and friends · written by this group" in words_of(card)
    card = await who.select(shown(card), ["careful"], custom_id=f"ek1:library:tone:{identity}")
    assert t("learn.reading.careful") in words_of(card)
    form = await press(who, card, SOURCES)
    told = await fill_in(who, form, sources="My cousin\nNHS, 2024, https://www.nhs.uk/")
    assert "“My cousin”" in words_of(told)
    await world.restart()
    form = await press(who, told, MEND)
    assert written_in(form) == {"sources": "My cousin\nNHS, 2024, https://www.nhs.uk/"}
    card = await fill_in(who, form, sources="NHS, 2024, https://www.nhs.uk/")
    assert t("library.card.changed") in words_of(card)
    assert written_in(await press(who, card, SOURCES)) == {"sources": "NHS, 2024, https://www.nhs.uk/"}
    reading = await who.slash(world.group.channel("lounge"), "learn read", snippet=identity)
    sources = await press(who, reading, t("learn.reading.sources.label"))
    assert "**1.** [NHS](<https://www.nhs.uk/>), 2024" in words_of(sources)
    assert t("learn.sources.own", day="23 November 2026") in words_of(sources)
    assert "Reviewed" not in words_of(sources)


async def test_what_names_suicide_stays_careful_and_says_so(world: World) -> None:
    who = moderator(world)
    card = await write(world, body="After a suicide we sit together. Call your emergency number.")
    assert "**999**" in words_of(card)
    calm = await who.select(shown(card), ["calm"], custom_id=f"ek1:library:tone:{id_of(card)}")
    assert words_of(calm).startswith(t("library.card.stays_careful"))


async def test_two_moderators_at_once_lose_nothing(world: World) -> None:
    who, other = moderator(world), world.group.person("admin").actor
    identity = id_of(await write(world))
    mine = await manage(world, "edit", who, snippet=identity)
    theirs = await manage(world, "edit", other, snippet=identity)
    await fill_in(other, theirs, **{**WALK, "body": "Their words."})
    told = await fill_in(who, mine, **{**WALK, "body": "My words.", "topic": ["coping"]})
    assert "Their words." in words_of(told)
    assert "My words." in words_of(told)
    await world.restart()
    kept = await press(who, told, THEIRS)
    assert "Their words." in words_of(kept)
    second = await fill_in(who, await manage(world, "edit", who, snippet=identity), **{**WALK, "body": "Third."})
    assert "Third." in words_of(second)
    mine = await manage(world, "edit", who, snippet=identity)
    await fill_in(other, await manage(world, "edit", other, snippet=identity), **{**WALK, "body": "Fourth."})
    told = await fill_in(who, mine, **{**WALK, "body": "Fifth.", "topic": ["coping"]})
    done = await press(who, told, MINE)
    assert "Fifth." in words_of(done)
    assert "Ways to cope · written by this group" in words_of(done)
    assert len(await rows(world)) == 1


async def test_words_for_a_reading_that_was_deleted_meanwhile_become_a_new_one(world: World) -> None:
    who = moderator(world)
    card = await write(world)
    form, identity = await press(who, card, CHANGE), id_of(card)
    listed = await manage(world, "list")
    card = await who.select(shown(listed), [identity], custom_id="ek1:library:card:")
    sources = await press(who, card, SOURCES)
    listed = await press(who, await press(who, card, RETIRE), LIST)
    card = await who.select(shown(listed), [identity], custom_id="ek1:library:card:")
    await press(who, await press(who, card, DELETE), YES)
    assert await rows(world) == []
    told = await fill_in(who, form, **{**WALK, "body": "Still here."})
    assert t("library.overtaken.gone") in words_of(told)
    assert "NHS" in words_of(await fill_in(who, sources, sources="NHS, 2024, https://www.nhs.uk/"))
    form = await press(who, told, AS_NEW)
    assert written_in(form)["body"] == "Still here."
    assert t("library.card.saved") in words_of(await fill_in(who, form, **written_in(form)))
    assert await rows(world) == [(world.group.guild.id, False)]


async def test_sources_taken_off_a_reading_that_was_deleted_meanwhile_are_answered(world: World) -> None:
    who = moderator(world)
    form = await press(who, card := await write(world), SOURCES)
    await manage(world, "retire", snippet=(identity := id_of(card)))
    card = await who.select(shown(await manage(world, "list")), [identity], custom_id="ek1:library:card:")
    await press(who, await press(who, card, DELETE), YES)
    assert t("library.own.gone") in words_of(await fill_in(who, form, sources=""))


async def test_words_to_find_it_by_from_a_file_survive_the_form(world: World) -> None:
    tags = [f"{number:02} {'e' * 27}" for number in range(12)]
    many = {"title": "Tagged", "topic": "peers", "body": "Words.", "tags": tags}
    content = json.dumps({"snippets": [many]}).encode()
    await moderator(world).slash(
        world.group.channel("lounge"), "manage-library import", file=("readings.json", content)
    )  # fmt: skip
    form = await manage(world, "edit", snippet="Tagged")
    assert written_in(form)["tags"] == ", ".join(tags)
    same = await fill_in(moderator(world), form, **written_in(form))
    assert words_of(same).startswith(t("library.card.already"))


async def test_sources_that_changed_meanwhile_are_shown_beside_mine(world: World) -> None:
    who = moderator(world)
    card = await write(world)
    mine, theirs = await press(who, card, SOURCES), await press(who, card, SOURCES)
    await fill_in(who, theirs, sources="NHS https://www.nhs.uk/")
    told = await fill_in(who, mine, sources="Cochrane https://www.cochrane.org/")
    assert "NHS" in words_of(told)
    form = await press(who, told, AGAIN)
    assert written_in(form) == {"sources": "Cochrane https://www.cochrane.org/"}
    assert t("library.card.changed") in words_of(await fill_in(who, form, **written_in(form)))


async def test_retired_and_brought_back_by_command_and_by_press(world: World) -> None:
    who = moderator(world)
    identity = id_of(await write(world))
    receipt = await manage(world, "retire", snippet=identity)
    assert t("library.retired.done", title="Our Sunday walk") in words_of(receipt)
    assert await rows(world) == [(world.group.guild.id, True)]
    await world.restart()
    card = await press(who, receipt, BACK)
    assert words_of(card).startswith(t("library.card.back_again"))
    assert await rows(world) == [(world.group.guild.id, False)]
    twice = await press(who, card, RETIRE)
    assert t("library.retired.done", title="Our Sunday walk") in words_of(twice)


async def test_deleting_for_good_is_asked_once_and_told(world: World) -> None:
    who = moderator(world)
    identity = id_of(await write(world))
    await manage(world, "retire", snippet="our sunday WALK")
    listed = await manage(world, "list")
    assert "retired on" in words_of(listed)
    card = await who.select(shown(listed), [identity], custom_id="ek1:library:card:")
    assert words_of(card).startswith(t("library.card.retired"))
    assert buttons_of(card) == [BACK, DELETE, LIST]
    asked = await press(who, card, DELETE)
    kept = await press(who, asked, t("library.deleting.no.label"))
    assert await rows(world) == [(world.group.guild.id, True)]
    asked = await press(who, kept, DELETE)
    done = await press(who, asked, YES)
    assert t("library.deleting.done", title="Our Sunday walk") in words_of(done)
    assert await rows(world) == []
    assert t("library.own.empty") in words_of(await press(who, done, LIST))


async def test_one_that_came_back_meanwhile_is_not_deleted(world: World) -> None:
    who = moderator(world)
    identity = id_of(await write(world))
    await manage(world, "retire", snippet=identity)
    card = await who.select(shown(await manage(world, "list")), [identity], custom_id="ek1:library:card:")
    asked = await press(who, card, DELETE)
    back = await manage(world, "retire", snippet=identity)
    await press(who, back, BACK)
    assert t("library.own.delete.living") in words_of(await press(who, asked, YES))
    assert await rows(world) == [(world.group.guild.id, False)]


async def test_the_list_leads_on(world: World) -> None:
    who = moderator(world)
    for command in ("list", "edit", "retire"):
        empty = await manage(world, command)
        assert t("library.own.empty") in words_of(empty)
        assert (await press(who, empty, t("library.own.begin.label"))).modal is not None
    for number in range(14):
        await write(world, title=f"Walk {number:02}")
    listed = await manage(world, "list")
    assert "There are 14." in words_of(listed)
    assert "- **Walk 00** · Support among peers · since" in words_of(listed)
    assert "Walk 13" not in words_of(listed)
    later = await press(who, listed, t("learn.page.later.label"))
    assert shown(later).id == shown(listed).id
    assert "Walk 13" in words_of(later)
    assert "Walk 00" in words_of(await press(who, later, t("learn.page.earlier.label")))


async def test_a_title_or_nothing_known_is_answered_kindly(world: World) -> None:
    await write(world)
    assert (await manage(world, "edit", snippet=" our sunday walk ")).modal is not None
    for typed, key in ((SHIPPED, "shipped"), ("slow-breathing", "shipped"), ("nothing", "gone")):
        for command in ("edit", "retire"):
            assert t(f"library.own.{key}") in words_of(await manage(world, command, snippet=typed))
    offered = await moderator(world).autocomplete(
        world.group.channel("lounge"), "manage-library edit", "snippet", "wlak"
    )
    assert [one["name"] for one in offered] == ["Our Sunday walk"]


@pytest.mark.parametrize("kind", ["facilitator", "member", "family", "newcomer"])
async def test_only_moderators_are_offered_it(world: World, kind: str) -> None:
    for command in ("add", "list", "edit", "retire"):
        with pytest.raises(SetupError):
            await manage(world, command, world.group.person(kind).actor)


async def test_every_press_asks_whether_it_is_a_moderator(world: World, bot: Evenkeel) -> None:
    actions = {route.action for route, _ in bot.rooms.router.routes.values() if route.feature == "library"}
    assert actions <= {"library.write", "library.daily"}
    assert {decide(action, Standing(guild_id=1, user_id=2, facilitator=True)).allowed for action in actions} == {False}


async def test_nobodys_words_reach_the_log_or_lie_open_in_the_file(world: World, engine: TestEngine) -> None:
    canary = "canary41d8 heron lake"
    who = moderator(world)
    card = await write(world, title=canary, body=f"{canary}.", question=canary, tags=canary)
    await fill_in(who, await press(who, card, SOURCES), sources=f"{canary} https://canary41d8.example.org/")
    told = await write(world, title="Other", body=f"{canary}: take 5 mg.")
    assert canary in words_of(told)
    await manage(world, "edit", snippet=canary)
    await manage(world, "retire", snippet=f"{canary} gone")
    await world.restart()
    assert "canary41d8" not in engine.log.getvalue()
    assert "unexpected error" not in engine.log.getvalue()
    files = [one for one in engine.settings.var_dir.rglob("*") if one.is_file()]
    assert any(one.name.startswith("evenkeel.db") for one in files)
    assert not [one.name for one in files if b"canary41d8" in one.read_bytes()]
