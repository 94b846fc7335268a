"""`/learn quiz` as people take it: five statements, private, nothing counted, nothing kept."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copytree

import pytest
from simcord import InteractionResult, MemberActor

from bot.client import Evenkeel
from bot.content import Content, Statement, load_content
from bot.settings import Settings
from bot.text import t
from bot.text.catalogue import DATA_DIR
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, components_of, public_words, shown, words_of

TRUE, FALSE, UNSURE = (t(f"learn.quiz.{one}.label") for one in ("true", "false", "unsure"))
NEXT, DONE, STOP, READ = (t(f"learn.quiz.{one}.label") for one in ("next", "done", "stop", "read"))
AGAIN, OTHER, OPEN = (t(f"learn.quiz.{one}.label") for one in ("again", "other", "open"))
IS_TRUE, IS_NOT = t("learn.quiz.is_true"), t("learn.quiz.is_not")
WHY = "That is how it is told in the reading, and it is told there with more room than a sentence like this one has."
DANGER = "For a seizure, call your emergency number."


def _toml(place: int, snippet: str, topic: str) -> str:
    why = f"{WHY} {DANGER}" if snippet == "seizure-first-aid" else WHY
    says = f"Sentence {place} of {topic} is one that people wonder about."
    return (
        f'[[statement]]\nid = "{topic}-{place}"\nsnippet = "{snippet}"\nsays = "{says}"\n'
        f'answer = {str(place % 2 == 0).lower()}\nwhy = "{why}"\n'
    )


@pytest.fixture(autouse=True)
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped content with a quiz of our own: eight statements a topic."""
    data = tmp_path / "data"
    copytree(DATA_DIR, data)
    (data / "quiz").mkdir(exist_ok=True)
    library = load_content(DATA_DIR).library
    for key in library.topics:
        readings = [one.id for one in library.by_topic(key) if one.tone == "calm" or key == "safety"]
        statements = (_toml(place, readings[place % len(readings)], key) for place in range(8))
        (data / "quiz" / f"{key}.toml").write_text("\n".join(statements), encoding="utf-8")
    monkeypatch.setattr("bot.app.DATA_DIR", data)
    return data


@pytest.fixture
def content(made: Path) -> Content:
    return load_content(made)


async def begin(world: World, who: MemberActor, **options: str) -> InteractionResult:
    return await who.slash(world.group.channel("lounge"), "learn quiz", **options)


async def press(who: MemberActor, on: InteractionResult, label: str) -> InteractionResult:
    return await who.click(shown(on), label=label)


def statement_of(result: InteractionResult, content: Content) -> Statement:
    """The statement that a panel shows."""
    words = words_of(result)
    return next(one for one in content.quiz if one.says in words)


def otherwise(statement: Statement) -> str:
    return FALSE if statement.answer else TRUE


async def take_five(
    who: MemberActor, first: InteractionResult, content: Content, say: Callable[[Statement], str]
) -> tuple[Sequence[Statement], Sequence[str], InteractionResult]:
    """Answer five in a row; what was asked, what was told, and the end."""
    asked, told, now = [], [], first
    for place in range(5):
        asked.append(statement_of(now, content))
        answer = await press(who, now, say(asked[-1]))
        told.append(words_of(answer))
        assert answer.ephemeral or shown(answer).ephemeral
        now = await press(who, answer, DONE if place == 4 else NEXT)
    return asked, told, now


@pytest.mark.parametrize("kind", ["admin", "moderator", "facilitator", "member", "family", "newcomer"])
async def test_a_five_from_the_first_to_the_end_in_everybodys_hands(world: World, content: Content, kind: str) -> None:
    who = world.group.person(kind).actor
    first = await begin(world, who)
    assert first.ephemeral
    assert t("learn.quiz.intro") in words_of(first)
    assert buttons_of(first) == [TRUE, FALSE, UNSURE]
    asked, told, end = await take_five(who, first, content, lambda one: TRUE if one.answer else FALSE)
    assert (
        len({one.id for one in asked}) == len({one.snippet for one in asked}) == len({one.topic for one in asked}) == 5
    )
    assert {one.answer for one in asked} == {True, False}
    assert "safety" not in {one.topic for one in asked}
    assert (asked[0].topic == "family") is (kind == "family")
    for place, (statement, words) in enumerate(zip(asked, told, strict=True), start=1):
        assert (IS_TRUE if statement.answer else IS_NOT) in words
        assert statement.why in words
        assert t("learn.quiz.place", number=place, total=5) in words
    assert t("learn.quiz.whole") in words_of(end)
    assert shown(end).id == shown(first).id  # one message all the way
    [select] = [one for one in components_of(end) if one["type"] == 3]
    assert [one["value"] for one in select["options"]] == [one.snippet for one in asked]
    assert public_words(world.group.channel("lounge")) == public_words(world.group.channel("lounge")).replace(WHY, "")


async def test_five_times_otherwise_is_five_times_kind(world: World, content: Content) -> None:
    member = world.group.members[0]
    asked, told, end = await take_five(member, await begin(world, member), content, otherwise)
    kind = [t(f"learn.quiz.otherwise_word.{place}") for place in range(5)]
    for statement, words, sentence in zip(asked, told, kind, strict=True):
        assert f"**{IS_TRUE if statement.answer else IS_NOT}** {sentence}" in words
    assert len(set(kind)) == 5
    for words in (*told, words_of(end)):
        assert not [one for one in ("wrong", "score", "correct", "mistake", "failed") if one in words.lower()]


async def test_not_being_sure_and_having_known_have_words_of_their_own(world: World, content: Content) -> None:
    member = world.group.members[0]
    unsure = await press(member, await begin(world, member), UNSURE)
    assert t("learn.quiz.unsure_word.0") in words_of(unsure)
    first = await begin(world, member)
    known = await press(member, first, TRUE if statement_of(first, content).answer else FALSE)
    assert t("learn.quiz.same_word.0") in words_of(known)


async def test_read_more_opens_the_reading_below_and_the_quiz_stays(world: World, content: Content) -> None:
    member = world.group.members[0]
    first = await begin(world, member, topic="coping")
    statement = statement_of(first, content)
    answer = await press(member, first, TRUE)
    reading = await press(member, answer, READ)
    snippet = content.library.get(statement.snippet)
    assert snippet is not None
    assert snippet.body in words_of(reading)
    assert reading.ephemeral
    assert shown(reading).id != shown(answer).id
    assert NEXT in buttons_of(answer)


async def test_stopping_is_a_good_end_and_offers_what_was_touched(world: World, content: Content) -> None:
    member = world.group.members[0]
    first = await begin(world, member)
    touched = [statement_of(first, content).snippet]
    second = await press(member, await press(member, first, TRUE), NEXT)
    touched.append(statement_of(second, content).snippet)
    end = await press(member, await press(member, second, FALSE), STOP)
    assert t("learn.quiz.left") in words_of(end)
    [select] = [one for one in components_of(end) if one["type"] == 3]
    assert [one["value"] for one in select["options"]] == touched
    opened = await member.select(shown(end), [touched[1]], custom_id=select["custom_id"])
    assert opened.ephemeral


async def test_every_quiz_begins_with_a_draw_of_its_own(world: World, content: Content) -> None:
    member = world.group.members[0]
    assert len({statement_of(await begin(world, member), content) for _ in range(4)}) > 1


async def test_five_more_are_five_others(world: World, content: Content) -> None:
    member = world.group.members[0]
    asked, _, end = await take_five(member, await begin(world, member), content, otherwise)
    more = await press(member, end, AGAIN)
    assert t("learn.quiz.intro") not in words_of(more)
    others, _, _ = await take_five(member, more, content, otherwise)
    assert not {one.id for one in asked} & {one.id for one in others}


async def test_another_topic_and_the_mix_are_picked_in_place(world: World, content: Content) -> None:
    member = world.group.members[0]
    _, _, end = await take_five(member, await begin(world, member, topic="Ways to cope"), content, otherwise)
    topics = await press(member, end, OTHER)
    assert t("learn.quiz.pick") in words_of(topics)
    safety = await member.select(shown(topics), ["safety"], custom_id="ek1:learn:quiz_pick:")
    assert statement_of(safety, content).topic == "safety"
    assert shown(safety).id == shown(end).id
    topics = await begin(world, member, topic="no such thing")
    mixed = await member.select(shown(topics), ["*"], custom_id="ek1:learn:quiz_pick:")
    asked, _, _ = await take_five(member, mixed, content, otherwise)
    assert len({one.topic for one in asked}) == 5


@pytest.mark.parametrize(
    ("typed", "topic"), [("coping", "coping"), ("WAYS  to cope", "coping"), ("prescriber", "prescriber")]
)
async def test_a_topic_is_found_by_key_name_or_a_word(world: World, content: Content, typed: str, topic: str) -> None:
    member = world.group.members[0]
    asked, _, _ = await take_five(member, await begin(world, member, topic=typed), content, otherwise)
    assert {one.topic for one in asked} == {topic}
    assert {one.answer for one in asked} == {True, False}


@pytest.mark.parametrize("typed", ["zzz", "*", "🙂" * 50, "a"])
async def test_a_topic_that_is_not_there_brings_the_list(world: World, typed: str) -> None:
    listed = await begin(world, world.group.members[0], topic=typed)
    assert t("learn.quiz.unknown") in words_of(listed)
    assert listed.ephemeral


async def test_topics_are_offered_while_typing(world: World) -> None:
    member, lounge = world.group.members[0], world.group.channel("lounge")
    offered = await member.autocomplete(lounge, "learn quiz", "topic", "cop")
    assert {"name": "Ways to cope", "value": "coping"} in offered
    assert len(await member.autocomplete(lounge, "learn quiz", "topic", "")) == 9
    assert len(await member.autocomplete(lounge, "learn quiz", "topic", "zzz")) == 9


async def test_careful_statements_carry_their_mark_and_the_number_to_call(world: World, content: Content) -> None:
    member = world.group.members[0]
    first = await begin(world, member, topic="safety")
    assert t("learn.mark.careful") in words_of(first)
    asked, told, _ = await take_five(member, first, content, otherwise)
    for statement, words in zip(asked, told, strict=True):
        assert t("learn.mark.careful") in words
        assert ("**999**" in words) is (statement.snippet == "seizure-first-aid")
    calm = await begin(world, member, topic="coping")
    assert t("learn.mark.careful") not in words_of(calm)


async def test_the_topics_and_a_shelf_lead_to_it_below(world: World, content: Content) -> None:
    member = world.group.members[0]
    topics = await member.slash(world.group.channel("lounge"), "learn topics")
    mixed = await press(member, topics, OPEN)
    assert buttons_of(mixed) == [TRUE, FALSE, UNSURE]
    assert shown(mixed).id != shown(topics).id
    shelf = await member.select(shown(topics), ["coping"], custom_id="ek1:learn:shelf:")
    on_topic = await press(member, shelf, OPEN)
    assert statement_of(on_topic, content).topic == "coping"
    assert shown(on_topic).id != shown(shelf).id


async def test_it_goes_on_after_a_restart(world: World, content: Content) -> None:
    member = world.group.members[0]
    first = await begin(world, member, topic="peers")
    statement = statement_of(first, content)
    await world.restart()
    answer = await press(member, first, TRUE)
    assert statement_of(answer, content) == statement
    await world.restart()
    following = statement_of(await press(member, answer, NEXT), content)
    assert following.topic == "peers"
    assert following != statement


async def test_a_statement_that_left_with_an_update_is_followed_by_another(
    world: World, content: Content, made: Path
) -> None:
    member = world.group.members[0]
    first = await begin(world, member, topic="peers")
    gone = statement_of(first, content)
    file = made / "quiz" / "peers.toml"
    file.write_text(file.read_text().replace(f'"{gone.id}"', '"written-anew"').replace(gone.says, "Something else."))
    await world.restart()
    another = await press(member, first, TRUE)
    assert t("learn.quiz.instead") in words_of(another)
    assert buttons_of(another) == [TRUE, FALSE, UNSURE]
    assert t("learn.quiz.instead") not in words_of(await press(member, another, TRUE))


async def test_a_topic_that_left_with_an_update_is_told_kindly(world: World, made: Path) -> None:
    member = world.group.members[0]
    first = await begin(world, member, topic="peers")
    for file in (made / "topics.toml", *(made / "snippets").iterdir()):
        text = file.read_text().replace("[peers]", "[circles]").replace("topic: peers", "topic: circles")
        file.write_text(text, encoding="utf-8")
    (made / "quiz" / "peers.toml").rename(made / "quiz" / "circles.toml")
    await world.restart()
    assert t("learn.quiz.none") in words_of(await press(member, first, TRUE))
    assert buttons_of(await begin(world, member)) == [TRUE, FALSE, UNSURE]


async def test_two_presses_at_once_do_no_harm(world: World, content: Content) -> None:
    member = world.group.members[0]
    first = await begin(world, member)
    statement = statement_of(first, content)
    message = world.env.backend.get_message(shown(first).channel_id, shown(first).id)
    before = message.components
    answers = [words_of(await press(member, first, TRUE))]
    message.components = before  # the second thumb was down before the panel was drawn anew
    answers.append(words_of(await press(member, first, FALSE)))
    assert all(statement.why in words for words in answers)
    assert statement_of(await press(member, first, NEXT), content) != statement


async def test_no_answer_is_kept_or_logged(
    world: World, bot: Evenkeel, content: Content, engine: TestEngine, settings: Settings
) -> None:
    file = settings.database_url.removeprefix("sqlite:///")

    def everything() -> list[str]:
        with sqlite3.connect(file) as connection:
            return list(connection.iterdump())

    before = everything()
    member = world.group.members[0]
    asked, _, end = await take_five(member, await begin(world, member), content, otherwise)
    await press(member, await press(member, end, AGAIN), UNSURE)
    assert everything() == before
    await world.restart()
    log = engine.log.getvalue()
    assert log
    assert not [one for one in asked if one.id in log or one.says in log]
