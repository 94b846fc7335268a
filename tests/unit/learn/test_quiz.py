"""The quiz: which five are drawn, how they look, and who meets what; all of it from seeds, nothing kept."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Content, Library, Quiz, Statement, Topic
from bot.discordkit import Button, Choose, Panel, Row, Text, decode
from bot.errors import Refusal
from bot.text import t
from cogs.learn import ui
from cogs.learn.rules.quiz import FIVE, draw_five, statements_for
from cogs.learn.service import Asked, Course, QuizService, Said, Told, Visitor
from tests.unit.engines import *  # noqa: F403 - fixtures: pytest looks for them here
from tests.unit.learn.conftest import HERE, ROBIN, Desk, shipped
from tests.unit.learn.made import reading

KEYS = ("understanding", "safety", "peers", "coping", "family", "online")


def statement(place: int, topic: str = "peers", *, answer: bool | None = None, on: int | None = None) -> Statement:
    """A statement on the topic's reading number `on`; every second one is true unless told."""
    true = place % 2 == 0 if answer is None else answer
    return Statement(
        f"{topic}-{place}", topic, f"{topic}-r{place if on is None else on}", "It is so.", true, "Because."
    )


def made(count: int = 8, *keys: str) -> list[Statement]:
    """Statements of each topic, each on a reading of its own."""
    return [statement(place, key) for key in keys or KEYS for place in range(count)]


def library_of(statements: list[Statement]) -> Library:
    """The readings they rest on: of `online` the first half is for peers only; `family` is for families only."""
    snippets = {}
    for one in statements:
        audience = "family" if one.topic == "family" else "everyone"
        tone = "careful" if one.topic == "safety" else "calm"
        made_one = reading(one.snippet, one.snippet.title(), audience=audience, tone=tone, topic=one.topic)  # type: ignore[arg-type]
        snippets[one.snippet] = replace(made_one, audience="peers") if one.id in {"online-0", "online-1"} else made_one
    return Library({key: Topic(key, key.title(), f"About {key}.") for key in KEYS}, snippets)


def of(statements: list[Statement]) -> Content:
    return replace(shipped(), library=library_of(statements), quiz=Quiz(statements))


# Which five


@given(seed=st.text(max_size=8), number=st.integers(0, 30), count=st.integers(2, 9))
def test_a_mix_has_both_answers_no_reading_twice_and_is_spread(seed: str, number: int, count: int) -> None:
    five = draw_five(made(count, "peers", "coping", "online"), seed, number)
    assert len(five) == len({one.id for one in five}) == len({one.snippet for one in five}) == FIVE
    assert {one.answer for one in five} == {True, False}
    if number % max(1, count * 3 // FIVE) == 0:
        assert max(Counter(one.topic for one in five).values()) == 2


@given(seed=st.text(max_size=8), true=st.integers(2, 20), false=st.integers(2, 20), number=st.integers(0, 9))
def test_both_answers_occur_in_every_five_while_a_third_is_of_each(
    seed: str, true: int, false: int, number: int
) -> None:
    true, false = max(true, -(-false // 2)), max(false, -(-true // 2))
    pool = [statement(place, answer=place < true) for place in range(true + false)]
    five = draw_five(pool, seed, number)
    assert len(five) == min(FIVE, len(pool))
    assert {one.answer for one in five} == {True, False}


@given(seed=st.text(max_size=8), readings=st.integers(1, 8))
def test_no_reading_comes_twice_where_there_are_five(seed: str, readings: int) -> None:
    pool = [statement(place, on=place % readings) for place in range(16)]
    five = draw_five(pool, seed)
    assert len({one.snippet for one in five}) == min(FIVE, readings)


@given(seed=st.text(max_size=8))
def test_an_answer_that_few_readings_hold_comes_without_repeating_one(seed: str) -> None:
    untrue = [statement(place, answer=False, on=place) for place in range(2)]
    pool = [*untrue, *(statement(10 + place, answer=True, on=place % 5) for place in range(8))]
    assert len({one.snippet for one in draw_five(pool, seed)}) == FIVE


@given(seed=st.text(max_size=8), count=st.integers(5, 40))
def test_nothing_comes_again_before_the_walk_is_over(seed: str, count: int) -> None:
    pool = [statement(place) for place in range(count)]
    walk = [one.id for number in range(count // FIVE) for one in draw_five(pool, seed, number)]
    assert len(set(walk)) == len(walk) == count // FIVE * FIVE
    assert {one.id for one in draw_five(pool, seed, count // FIVE)} <= {one.id for one in pool}


def test_the_draw_depends_on_the_seed_alone() -> None:
    pool = made()
    assert draw_five(pool, "a") == draw_five(list(reversed(pool)), "a")
    assert len({draw_five(pool, str(seed)) for seed in range(20)}) == 20
    starts = Counter(draw_five(pool, str(seed))[0].topic for seed in range(300))
    assert len(starts) == len(KEYS)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("true", [0, 1, 2, 4])
def test_fewer_than_five_are_all_drawn(count: int, true: int) -> None:
    pool = [statement(place, answer=place < true) for place in range(count)]
    assert {one.id for one in draw_five(pool, "a")} == {one.id for one in pool}


def test_a_lead_topic_begins() -> None:
    for seed in range(30):
        five = draw_five(made(), str(seed), lead="family")
        assert five[0].topic == "family"
        assert len({one.topic for one in five}) == FIVE


def test_the_mix_leaves_safety_out_and_what_is_for_the_others_only() -> None:
    pool = made()
    library = library_of(pool)

    def topics(**wishes: str) -> Counter[str]:
        return Counter(one.topic for one in statements_for(pool, library, **wishes))  # type: ignore[arg-type]

    assert topics() == {"understanding": 8, "peers": 8, "coping": 8, "family": 8, "online": 8}
    assert topics(reader="peers") == {"understanding": 8, "peers": 8, "coping": 8, "online": 8}
    assert topics(reader="family") == {"understanding": 8, "peers": 8, "coping": 8, "family": 8, "online": 6}
    assert topics(topic="family", reader="peers") == {"family": 8}
    assert topics(topic="safety") == {"safety": 8}
    assert topics(topic="weather") == {}


# Who meets what


@pytest.fixture
def service(desk: Desk) -> QuizService:
    content = of(made())
    return QuizService(desk.of(content), desk.guilds, content)


async def first_topics(service: QuizService, visitor: Visitor) -> set[str]:
    return {(await service.asked(visitor, Course(str(seed)))).topic.key for seed in range(40)}


@pytest.mark.parametrize(
    ("kind", "family", "meets"),
    [
        ("recovery", False, {"understanding", "peers", "coping", "online"}),
        ("recovery", True, {"family"}),
        ("family", False, {"family"}),
        ("mixed", False, {"understanding", "peers", "coping", "online", "family"}),
        ("mixed", True, {"family"}),
    ],
)
async def test_a_mix_begins_with_what_is_for_the_reader(
    service: QuizService, desk: Desk, kind: str, family: bool, meets: set[str]
) -> None:
    await desk.group(kind=kind)
    assert await first_topics(service, Visitor(HERE, ROBIN, family=family)) == meets


async def test_a_topic_or_content_that_is_gone_is_refused(service: QuizService, desk: Desk, robin: Visitor) -> None:
    with pytest.raises(Refusal, match=r"learn\.quiz\.none"):
        await service.asked(robin, Course("a", "weather"))
    empty = replace(shipped(), quiz=Quiz())
    bare = QuizService(desk.of(empty), desk.guilds, empty)
    assert bare.topics == bare.topics_like("cop") == ()
    with pytest.raises(Refusal, match=r"learn\.quiz\.none"):
        await bare.asked(robin, Course("a"))


async def test_a_place_beyond_the_end_is_still_a_place(service: QuizService, robin: Visitor) -> None:
    course, _ = ui.course_of("seed~9999~peers")
    assert course.place < 9999
    assert (await service.asked(robin, course)).total == FIVE


def test_topics_are_found_by_their_words(service: QuizService) -> None:
    assert [one.key for one in service.topics_like("COP")] == ["coping"]
    assert [one.key for one in service.topics_like("about on")] == ["online"]
    assert len(service.topics_like("")) == len(service.topics_like("zzz")) == len(KEYS)
    named = {typed: service.topic_named(typed) for typed in ("peers", "Peers", " about  coping. ", "zzz", "about", "*")}
    found = {typed: topic.key if topic else None for typed, topic in named.items()}
    assert found == {
        "peers": "peers", "Peers": "peers", " about  coping. ": "coping", "zzz": None, "about": None, "*": None
    }  # fmt: skip


# How it looks


def asked_with(**changes: str | bool) -> Asked:
    one = replace(statement(0), **changes)  # type: ignore[arg-type]
    return Asked(Course("seed", "peers", 2), one, reading(one.snippet, "A title"), Topic("peers", "Peers", "P."), 3, 5)


def words(panel: Panel) -> str:
    return "\n".join(block.words for block in panel.blocks if isinstance(block, Text))


def custom_ids(panel: Panel) -> list[str]:
    rows = [item for block in panel.blocks if isinstance(block, Row) for item in block.items]
    chosen = [block.custom_id for block in panel.blocks if isinstance(block, Choose)]
    return [item.custom_id for item in rows if isinstance(item, Button)] + chosen


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("said", ["true", "false", "unsure"])
def test_how_it_is_stands_with_a_word_to_what_was_said(answer: bool, said: Said) -> None:
    panel = ui.told_panel(Told(asked_with(answer=answer), said, None))
    verdict = t("learn.quiz.is_true") if answer else t("learn.quiz.is_not")
    kind = "unsure" if said == "unsure" else "same" if (said == "true") is answer else "otherwise"
    word = {
        "unsure": t("learn.quiz.unsure_word.2"),
        "same": t("learn.quiz.same_word.2"),
        "otherwise": t("learn.quiz.otherwise_word.2"),
    }[kind]
    assert f"**{verdict}** {word}" in words(panel)


def test_what_still_waits_for_a_check_says_so() -> None:
    asked = asked_with()
    assert t("learn.quiz.small_checking", title="A title") in words(ui.told_panel(Told(asked, "true", None)))
    checked = replace(asked, reading=replace(asked.reading, status="sourced"))
    assert t("learn.quiz.small", title="A title") in words(ui.told_panel(Told(checked, "true", None)))


def test_the_longest_ids_fit_discord_and_come_back_whole() -> None:
    longest = replace(asked_with(id="i" * 40), course=Course("s" * 6, "t" * 30).at(199))
    ids = custom_ids(ui.statement_panel(longest))
    assert [len(one) <= 100 for one in ids] == [True] * 3
    for custom_id, said in zip(ids, "tfu", strict=True):
        item = decode(custom_id)
        assert item is not None
        course, rest = ui.course_of(item.key)
        assert course == longest.course
        assert rest[:2] == ["i" * 40, said]
    assert all(len(one) <= 100 for one in custom_ids(ui.told_panel(Told(longest, "true", None))))


@pytest.mark.parametrize("key", ["", "~", "a~b~c", "~~~~~~~~~", "a~99999999999~", "x" * 90])
def test_a_key_that_nobody_of_us_made_is_some_course(key: str) -> None:
    course, rest = ui.course_of(key)
    assert 0 <= course.place < 200
    assert len(rest) >= 2
