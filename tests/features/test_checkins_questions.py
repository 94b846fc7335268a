"""The sets of questions in moderators' hands: written, mended, changed, tried, deleted, also after a restart."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.errors import SetupError

from bot.client import Evenkeel
from bot.policy import Standing, decide
from bot.text import t
from cogs.checkins.service.sets import DEFAULT_SET, MOST_OWN_SETS
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, components_of, public_words, shown, words_of

SUNDAY: dict[str, Any] = {
    "name": "Our Sunday",
    "description": "For slow evenings.",
    "kind": "choices",
    "label": "What was there today?",
    "lines": "Rest\nA laugh\nCompany",
}
BAD: dict[str, Any] = {**SUNDAY, "kind": "scale", "label": "How bad is your *pain*?", "lines": "None\nA lot"}
TRY, OURS, NAME, ADD, REMOVE = (t(f"questions.card.{one}.label") for one in ("try", "ours", "name", "add", "remove"))
CHANGE, UP, DOWN, DROP, BACK = (
    t(f"questions.question.{one}.label") for one in ("change", "up", "down", "drop", "back")
)
MEND, AGAIN, THEIRS = (
    t(f"questions.{one}.label") for one in ("unfit.mend", "overtaken.again", "overtaken.theirs")
)  # fmt: skip
LIST, YES, KEEP = t("questions.list.all.label"), t("questions.remove.yes.label"), t("questions.remove.no.label")


def moderator(world: World) -> MemberActor:
    return world.group.person("moderator").actor


async def manage(world: World, command: str, who: MemberActor | None = None, **options: Any) -> InteractionResult:
    return await (who or moderator(world)).slash(
        world.group.channel("lounge"), f"manage-questions {command}", **options
    )


async def press(world: World, on: InteractionResult, label: str) -> InteractionResult:
    return await moderator(world).click(shown(on), label=label)


async def fill_in(world: World, form: InteractionResult, **words: Any) -> InteractionResult:
    return await moderator(world).submit_modal(form, words)


async def write(world: World, **words: Any) -> InteractionResult:
    return await fill_in(world, await manage(world, "add"), **{**SUNDAY, **words})


async def pick(world: World, on: InteractionResult, verb: str, value: str) -> InteractionResult:
    return await moderator(world).select(shown(on), [value], custom_id=f"ek1:checkins:{verb}:")


def options_of(on: InteractionResult) -> dict[str, str]:
    """What the select offers, by its words."""
    return {one["label"]: one["value"] for part in components_of(on) for one in part.get("options", ())}


def written_in(form: InteractionResult) -> dict[str, Any]:
    """What stands in an open form."""
    assert form.modal is not None
    found: dict[str, Any] = {}
    for label in form.modal["components"]:
        component = label["component"]
        chosen = [one["value"] for one in component.get("options", ()) if one.get("default")]
        found[component["custom_id"]] = "".join(chosen) if "options" in component else component.get("value", "")
    return found


def fields_of(form: InteractionResult) -> list[str]:
    assert form.modal is not None
    return [one["component"]["custom_id"] for one in form.modal["components"]]


def title_of(form: InteractionResult) -> str:
    assert form.modal is not None
    return str(form.modal["title"])


async def rows(world: World) -> list[tuple[int, str]]:
    assert isinstance(world.bot, Evenkeel)
    async with world.bot.rooms.database.read() as reader:
        found = await reader.fetch_all("SELECT guild_id, set_id FROM checkin_question_sets ORDER BY created_at")
    return [(row["guild_id"], row["set_id"]) for row in found]


async def asked_by(world: World, name: str, set_id: str) -> None:
    assert isinstance(world.bot, Evenkeel)
    rooms = world.bot.rooms
    schedule = CheckinSchedule(
        7, world.group.guild.id, name, 8, 1200, None, frozenset(range(7)), set_id, thread=False, prompts=True,
        edition=1, settled_day=date(2026, 11, 22),
    )  # fmt: skip
    async with rooms.database.write() as writer:
        await ScheduleStore(rooms.vault).put(writer, schedule, datetime(2026, 11, 23, tzinfo=UTC))


async def test_a_set_is_written_in_one_form_and_stands_as_members_will_see_it(world: World) -> None:
    card = await write(world)
    assert card.ephemeral
    for words in (t("questions.card.kept"), "## Our Sunday", "For slow evenings.", "Any of: Rest · A laugh · Company"):
        assert words in words_of(card)
    assert t("questions.card.unused") in words_of(card)
    assert buttons_of(card) == [ADD, TRY, NAME, REMOVE, LIST]
    [(guild_id, set_id)] = await rows(world)
    assert guild_id == world.group.guild.id
    form = await press(world, card, TRY)
    assert title_of(form) == "Our Sunday"
    assert fields_of(form)[1:] == ["who"]
    tried = await fill_in(world, form, **{fields_of(form)[0]: ["Rest"], "who": "group"})
    assert words_of(tried) == t("questions.card.tried")
    assert tried.ephemeral
    assert await rows(world) == [(guild_id, set_id)]
    assert "Rest" not in public_words(world.group.channel("check-ins"))


async def test_what_rules_find_is_told_and_every_word_waits_to_be_mended(world: World) -> None:
    told = await write(world, **BAD)
    assert told.ephemeral
    assert "Question 1 (“How bad is your \\*pain\\*?”) would count a symptom (“pain”)" in words_of(told)
    assert "a short line or a longer text" in words_of(told)
    assert await rows(world) == []
    await world.restart()  # the words are in the message, not in the bot's memory
    form = await press(world, told, MEND)
    assert written_in(form) == BAD
    again = await fill_in(world, form, **{**BAD, "label": "How are you?", "name": "how am I today"})
    assert shown(again).id == shown(told).id
    assert "called “how am I today”" in words_of(again)
    card = await fill_in(world, await press(world, again, MEND), **{**BAD, "label": "How calm are you?"})
    assert t("questions.card.kept") in words_of(card)
    assert "A number from 1 to 5: None … A lot" in words_of(card)


async def test_a_preset_is_looked_at_tried_and_made_ours(world: World) -> None:
    listed = await manage(world, "list")
    assert t("questions.list.no_own") in words_of(listed)
    card = await pick(world, listed, "set_open", DEFAULT_SET)
    assert shown(card).id == shown(listed).id
    assert buttons_of(card) == [TRY, OURS, LIST]
    assert t("questions.card.preset") in words_of(card)
    assert fields_of(await press(world, card, TRY)) == ["mood", "sleep", "urge", "line", "who"]
    form = await press(world, card, OURS)
    own = await fill_in(world, form, name="Our day", description=written_in(form)["description"])
    assert "## Our day" in words_of(own)
    assert len(options_of(own)) == 4
    assert "- Our day" in words_of(await press(world, own, LIST))
    assert t("questions.card.preset") in words_of(await manage(world, "edit", set="gratitude"))


async def test_questions_of_each_kind_are_added_changed_moved_and_taken_out(world: World) -> None:
    card = await write(world)
    form = await press(world, await press(world, card, ADD), t("questions.kind.scale.label"))
    assert fields_of(form) == ["label", "about", "numbers", "lines"]
    card = await fill_in(world, form, label="How tense?", about="Right now.", numbers="0-10", lines="Calm\nVery")
    assert "**2. How tense?**\nRight now.\n-# A number from 0 to 10: Calm … Very" in words_of(card)
    adding = await press(world, card, ADD)
    card = await press(world, adding, t("questions.adding.sleep.label"))
    assert "**3. How did you sleep?**" in words_of(card)
    adding = await press(world, card, ADD)
    assert t("questions.adding.sleep.label") not in buttons_of(adding)
    card = await press(world, adding, BACK)
    question = await pick(world, card, "set_question", options_of(card)["How tense?"])
    assert buttons_of(question) == [CHANGE, UP, DOWN, DROP, BACK]
    await world.restart()
    question = await press(world, question, UP)
    assert buttons_of(question) == [CHANGE, DOWN, DROP, BACK]
    form = await press(world, question, CHANGE)
    assert written_in(form) == {"label": "How tense?", "about": "Right now.", "numbers": "0-10", "lines": "Calm\nVery"}
    card = await fill_in(world, form, **{**written_in(form), "numbers": "1-4"})
    assert "**1. How tense?**\nRight now.\n-# A number from 1 to 4: Calm … Very" in words_of(card)
    same = await press(world, await pick(world, card, "set_question", options_of(card)["How tense?"]), CHANGE)
    assert t("questions.card.already") in words_of(await fill_in(world, same, **written_in(same)))
    card = await manage(world, "edit", set="our sunday")
    asked = await press(world, await pick(world, card, "set_question", options_of(card)["How tense?"]), DROP)
    kept = await press(world, asked, t("questions.question.drop_no.label"))
    card = await press(world, await press(world, kept, DROP), t("questions.question.drop_yes.label"))
    assert list(options_of(card)) == ["What was there today?", "How did you sleep?"]


async def test_our_mood_question_keeps_its_numbers_and_needs_all_its_words(world: World) -> None:
    card = await press(world, await press(world, await write(world), ADD), t("questions.adding.mood.label"))
    question = await pick(world, card, "set_question", options_of(card)["How are you today?"])
    assert t("questions.answer.mood") in words_of(question)
    form = await press(world, question, CHANGE)
    assert fields_of(form) == ["label", "about", "lines"]
    told = await fill_in(world, form, label="And you?", about="", lines="Low\nHigh")
    assert "needs a word for each of its five steps, and there are 2" in words_of(told)
    card = await fill_in(world, await press(world, told, MEND), label="And you?", about="", lines="a\nb\nc\nd\ne")
    assert "**2. And you?**\n-# A number from 1 to 5: a … e" in words_of(card)


async def test_the_last_question_and_a_full_set_are_explained(world: World) -> None:
    card = await write(world)
    question = await pick(world, card, "set_question", next(iter(options_of(card).values())))
    assert buttons_of(question) == [CHANGE, DROP, BACK]
    told = await press(world, await press(world, question, DROP), t("questions.question.drop_yes.label"))
    assert "A set asks at least one question" in words_of(told)
    card = await press(world, told, BACK)
    stale = await press(world, card, ADD)
    for role in ("mood", "sleep", "urge"):
        card = await press(world, await press(world, await manage(world, "edit", set="our sunday"), ADD),
                           t(f"questions.adding.{role}.label"))  # fmt: skip
    form = await press(world, stale, t("questions.kind.short.label"))
    told = await fill_in(world, form, label="One more?", about="")
    assert "this would make 5" in words_of(told)
    assert "One more?" in words_of(told)


async def test_name_and_description_change_and_the_next_form_has_them_at_once(world: World) -> None:
    card = await write(world)
    form = await press(world, card, NAME)
    assert written_in(form) == {"name": "Our Sunday", "description": "For slow evenings."}
    changed = await fill_in(world, form, name="  Our\u200b  Monday ", description="")
    assert shown(changed).id == shown(card).id
    assert "## Our Monday\n-#" in words_of(changed)
    assert title_of(await press(world, changed, TRY)) == "Our Monday"


async def test_who_is_overtaken_keeps_every_word_and_both_ways_out(world: World) -> None:
    card = await write(world)
    mine, theirs = await press(world, card, NAME), await press(world, card, NAME)
    await fill_in(world, theirs, name="Theirs", description="")
    told = await fill_in(world, mine, name="Mine", description="My reason")
    assert t("questions.overtaken.heading") in words_of(told)
    assert "My reason" in words_of(told)
    assert "## Theirs" in words_of(await press(world, told, THEIRS))
    mine, theirs = await press(world, card, NAME), await press(world, card, NAME)
    await fill_in(world, theirs, name="Theirs again", description="")
    told = await fill_in(world, mine, name="Mine", description="My reason")
    await world.restart()
    form = await press(world, told, AGAIN)
    assert written_in(form) == {"name": "Mine", "description": "My reason"}
    assert "## Mine\nMy reason" in words_of(await fill_in(world, form, **written_in(form)))


async def test_words_for_a_question_or_a_set_that_is_gone_are_shown_again(world: World) -> None:
    card = await press(world, await press(world, await write(world), ADD), t("questions.adding.urge.label"))
    first = options_of(card)["What was there today?"]
    question = await pick(world, await manage(world, "edit", set="our sunday"), "set_question", first)
    form = await press(world, question, CHANGE)
    drop = await press(world, question, DROP)
    await press(world, drop, t("questions.question.drop_yes.label"))
    told = await fill_in(world, form, label="My own words", about="", lines="One\nTwo")
    assert t("questions.overtaken.question_gone") in words_of(told)
    assert "My own words" in words_of(told)
    card = await press(world, told, BACK)
    form, other = await press(world, card, NAME), await manage(world, "edit", set="our sunday")
    await press(world, await press(world, await manage(world, "edit", set="our sunday"), REMOVE), YES)
    told = await fill_in(world, form, name="My name", description="")
    assert t("questions.overtaken.gone") in words_of(told)
    assert "My name" in words_of(told)
    assert t("questions.gone") in words_of(await press(world, other, TRY))


async def test_deleting_is_asked_and_refused_while_a_check_in_asks_the_set(world: World) -> None:
    card = await write(world)
    [(_, set_id)] = await rows(world)
    await asked_by(world, "Evening *circle*", set_id)
    assert "Our Sunday · asked by Evening \\*circle\\*" in words_of(await manage(world, "list"))
    for told in (await manage(world, "remove", set=set_id), await press(world, card, REMOVE)):
        assert "A check-in still asks this set: Evening" in words_of(told)
    assert "-# Asked by: Evening \\*circle\\*." in words_of(await manage(world, "edit", set=set_id))
    await asked_by(world, "Evening", DEFAULT_SET)
    asked = await manage(world, "remove", set="OUR sunday")
    kept = await press(world, asked, KEEP)
    assert len(await rows(world)) == 1
    asked = await press(world, kept, REMOVE)
    await asked_by(world, "Evening", set_id)  # taken between the question and the press
    assert "A check-in still asks this set" in words_of(await press(world, asked, YES))
    await asked_by(world, "Evening", DEFAULT_SET)
    other = await manage(world, "remove", set=set_id)
    await world.restart()
    done = await press(world, asked, YES)
    assert t("questions.remove.done", name="Our Sunday") in words_of(done)
    assert await rows(world) == []
    assert t("questions.gone") in words_of(await press(world, other, YES))
    assert t("questions.preset") in words_of(await manage(world, "remove", set=DEFAULT_SET))


async def test_a_full_group_is_told_kindly_before_it_types(world: World) -> None:
    form = await manage(world, "add")
    for number in range(MOST_OWN_SETS):
        await write(world, name=f"Set {number}")
    assert t("questions.full", most=MOST_OWN_SETS) in words_of(await manage(world, "add"))
    told = await fill_in(world, form, **SUNDAY)
    assert "as many as fit" in words_of(told)
    listed = await manage(world, "list")
    assert len(options_of(listed)) == 25
    card = await pick(world, listed, "set_open", options_of(listed)["Set 7"])
    await press(world, await press(world, card, REMOVE), YES)
    assert t("questions.card.kept") in words_of(await fill_in(world, await press(world, told, MEND), **SUNDAY))


async def test_names_are_suggested_by_what_is_typed(world: World) -> None:
    await write(world)
    [(_, set_id)] = await rows(world)

    async def offered(command: str, typed: str) -> dict[str, str]:
        found = await moderator(world).autocomplete(
            world.group.channel("lounge"), f"manage-questions {command}", "set", typed
        )
        return {one["name"]: one["value"] for one in found}

    assert await offered("edit", "") == {"Our Sunday": set_id}
    assert await offered("remove", "SUN our") == {"Our Sunday": set_id}
    assert await offered("edit", "gratitude") == await offered("edit", "x" * 100) == {}
    for command in ("edit", "remove"):
        assert t("questions.gone") in words_of(await manage(world, command, set="nothing like it"))
        assert "- Our Sunday" in words_of(await manage(world, command))


async def test_another_servers_set_opens_nothing(world: World, bot: Evenkeel) -> None:
    await write(world)
    [(_, set_id)] = await rows(world)
    async with bot.rooms.database.write() as writer:
        await writer.execute("UPDATE checkin_question_sets SET guild_id = $1", world.other.guild.id)
    for command in ("edit", "remove"):
        assert t("questions.gone") in words_of(await manage(world, command, set=set_id))
    assert "Our Sunday" not in words_of(await manage(world, "list"))


@pytest.mark.parametrize("kind", ["facilitator", "member", "family", "newcomer"])
async def test_only_moderators_are_offered_it(world: World, kind: str) -> None:
    for command in ("list", "add", "edit", "remove"):
        with pytest.raises(SetupError):
            await manage(world, command, world.group.person(kind).actor)


async def test_every_press_asks_whether_it_is_a_moderator(bot: Evenkeel) -> None:
    actions = {route.action for route, _ in bot.rooms.router.routes.values() if route.verb.startswith("set_")}
    assert actions == {"checkins.questions"}
    assert not decide("checkins.questions", Standing(guild_id=1, user_id=2, facilitator=True)).allowed


async def test_nobodys_words_reach_the_log_or_lie_open_in_the_file(world: World, engine: TestEngine) -> None:
    canary = "canary9c31"
    card = await write(
        world, name=f"{canary} a", description=canary, label=f"{canary}?", lines=f"{canary} x\n{canary} y"
    )
    assert canary in words_of(card)
    told = await write(world, name=f"{canary} b", label=f"{canary} pills, how many?")
    assert canary in words_of(told)
    await manage(world, "edit", set=f"{canary} gone")
    await press(world, card, TRY)
    await world.restart()
    assert canary not in engine.log.getvalue()
    assert "unexpected error" not in engine.log.getvalue()
    files = [one for one in engine.settings.var_dir.rglob("*") if one.is_file()]
    assert any(one.name.startswith("evenkeel.db") for one in files)
    assert not [one.name for one in files if canary.encode() in one.read_bytes()]
