"""A set of questions becomes a form that Discord takes, and what was filled in is read without losing a word."""

import random
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given as drawn_from
from hypothesis import strategies as st

from bot.content import Question, QuestionSet, check_question_set, load_content
from bot.content.checkins import LONGEST_ANSWER
from bot.discordkit import Form, One, Press, Several, Tick, Write
from bot.errors import Refusal
from bot.ids import Ids
from bot.policy import Standing
from bot.text.catalogue import DATA_DIR
from cogs.checkins.rules import Choice
from cogs.checkins.service.answers import Given
from cogs.checkins.ui.form import WHO, entry_form, read_form
from tests.clock import FakeClock

PRESETS = load_content(DATA_DIR).question_sets
TODAY, FAMILY, ROSE = PRESETS["how-am-i-today"], PRESETS["family-and-friends"], PRESETS["rose-thorn-bud"]
FAMILY_EMOJI, PERSIAN = "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥", "امروز می‌خواهم کمی راه بروم"


def sent(who: str | None = "me", **fields: Any) -> Press:
    filled = {name.replace("_", "-"): value for name, value in fields.items()} | ({WHO: who} if who else {})
    return Press(cast(Any, None), cast(Any, None), Standing(1, 2), "", "", (), filled)


def form(question_set: QuestionSet, choice: Choice = Choice.ME, **more: Any) -> Form:
    return entry_form(question_set, verb="form_sent", key="k" * 60, choice=choice, **more)


def one(question_set: QuestionSet, **fields: Any) -> Given:
    (answer,), _ = read_form(question_set, sent(**fields))
    return answer


def asking(*questions: Question, name: str = "Ours") -> QuestionSet:
    return QuestionSet("own-aaaaaaaaaaaa", name, "", questions, own=True)


def longest() -> QuestionSet:
    """Everything at its limit."""
    ten = tuple(f"{'o' * 99}{sign}" for sign in "abcdefghij")
    eleven = tuple(f"{'w' * 59}{sign}" for sign in "abcdefghijk")
    return asking(
        Question("a" * 40, "scale", "l" * 45, "d" * 100, "urge", lowest=0, highest=10, words=eleven),
        Question("b" * 40, "choices", "l" * 45, "d" * 100, options=ten),
        Question("c" * 40, "choice", "l" * 45, "d" * 100, options=ten),
        Question("d" * 40, "long", "l" * 45, "d" * 100),
        name="n" * 45,
    )


@pytest.mark.parametrize("question_set", [*PRESETS.values(), longest()], ids=lambda one: one.id)
@pytest.mark.parametrize("today", [True, False])
async def test_every_form_fits_discord(question_set: QuestionSet, today: bool) -> None:
    assert check_question_set(question_set, frozenset()) == ()
    modal = form(question_set, today=today).draw(Ids(FakeClock(), random.Random(1))).to_dict()
    assert len(modal["title"]) <= 45
    assert len(modal["custom_id"]) <= 100
    assert len(modal["components"]) == len(question_set.questions) + 1 <= 5
    for label in cast("list[dict[str, Any]]", modal["components"]):
        assert len(label["label"]) <= 45
        assert len(label.get("description") or "") <= 100
        for option in label["component"].get("options", ()):
            assert all(len(option.get(part) or "") <= 100 for part in ("label", "value", "description"))
    ids = [label["component"]["custom_id"] for label in cast("list[dict[str, Any]]", modal["components"])]
    assert len(set(ids)) == len(ids)


def test_each_kind_has_its_own_field_and_nothing_must_be_answered() -> None:
    mood, sleep, urge, line, who = form(TODAY).fields
    assert isinstance(mood, One)
    assert [option.label for option in mood.options][::4] == ["1 · Really rough", "5 · Good"]
    assert isinstance(sleep, One)
    assert isinstance(urge, Tick)
    assert [option.label for option in urge.options] == [
        "0 · Not there", *map(str, range(1, 10)), "10 · As strong as it gets",
    ]  # fmt: skip
    assert isinstance(line, Write)
    assert (line.longest, line.shortest, line.long) == (150, 0, False)
    assert isinstance(form(FAMILY).fields[1], Several)
    weighing = form(FAMILY).fields[2]
    assert isinstance(weighing, Write)
    assert (weighing.longest, weighing.long) == (800, True)
    assert not any(field.required for field in (mood, sleep, urge))
    assert isinstance(who, One)
    assert who.required


def test_a_scale_of_ten_steps_is_in_sight_and_one_of_eleven_is_a_select() -> None:
    scale = Question("q", "scale", "How?", lowest=1, highest=10, words=("Low", "High"))
    assert isinstance(form(asking(scale)).fields[0], One)
    assert isinstance(form(asking(replace(scale, lowest=0))).fields[0], Tick)


def test_a_first_question_that_must_be_answered_says_so() -> None:
    for kind, more in (("short", {}), ("choices", {"options": ("a", "b")}), ("choice", {"options": ("a", "b")})):
        field = form(asking(Question("q", cast(Any, kind), "How?", required=True, **cast(Any, more)))).fields[0]
        assert field.shortest == 1 if isinstance(field, Write) else field.required


@pytest.mark.parametrize("choice", list(Choice))
def test_who_may_see_it_is_last_and_one_is_chosen(choice: Choice) -> None:
    who = form(TODAY, choice).fields[-1]
    assert isinstance(who, One)
    assert [option.value for option in who.options] == [one.value for one in Choice]
    assert [option.value for option in who.options if option.chosen] == [choice.value]
    assert all(option.description for option in who.options)


def test_a_day_that_is_over_says_so_in_the_title() -> None:
    assert form(TODAY).title == "How am I today"
    assert form(TODAY, today=False).title == "An earlier day: How am I today"
    assert form(asking(*TODAY.questions, name="n" * 45), today=False).title.endswith("…")


def test_what_was_filled_in_is_read_in_the_order_of_the_set() -> None:
    given, choice = read_form(TODAY, sent("group_reply", line=" Fine. ", urge=("10",), sleep="", mood="4"))
    assert given == (
        Given("mood", "scale", "mood", "How are you today?", 4, "4 · All right"),
        Given("urge", "scale", "urge", "How strong is the urge right now?", 10, "10 · As strong as it gets"),
        Given("line", "short", "", "Anything you'd like to say, in a line", shown="Fine."),
    )
    assert choice is Choice.GROUP_REPLY
    assert one(TODAY, urge=("6",)).shown == "6 of 10"


def test_several_choices_and_one() -> None:
    several = one(FAMILY, had_some=("Company", "Rest"))
    assert (several.shown, several.places, several.words) == ("Rest · Company", (0, 3), False)
    single = asking(Question("q", "choice", "Which?", options=("Yes", "No")))
    assert one(single, q="No") == Given("q", "choice", "", "Which?", shown="No", places=(1,))


def test_a_form_left_blank_is_no_answer_at_all() -> None:
    blank = sent(mood="", sleep="", urge=(), line=" \u200b ")
    assert read_form(TODAY, blank) == ((), Choice.ME)
    assert read_form(TODAY, sent()) == ((), Choice.ME)


@pytest.mark.parametrize("question_set", list(PRESETS.values()), ids=lambda one: one.id)
def test_opened_again_it_holds_what_was_given(question_set: QuestionSet) -> None:
    every: dict[str, Any] = {
        "scale": "3", "choices": ("Rest", "Fresh air"), "short": f"A {FAMILY_EMOJI}", "long": "One.\n\nTwo.",
    }  # fmt: skip
    filled = {question.id: every[question.kind] for question in question_set.questions}
    given, _ = read_form(question_set, sent("team", **filled))
    again = form(question_set, Choice.TEAM, given=given)
    kept: dict[str, Any] = {}
    for field in again.fields[:-1]:
        chosen = () if isinstance(field, Write) else tuple(option.value for option in field.options if option.chosen)
        kept[field.name] = field.value if isinstance(field, Write) else chosen
    assert read_form(question_set, sent("team", **kept)) == (given, Choice.TEAM)
    assert {name: "".join(value) for name, value in kept.items()} == {
        name: "".join(value) for name, value in filled.items()
    }


def test_an_option_that_holds_our_separator_is_ticked_again() -> None:
    either = asking(Question("q", "choice", "Which?", options=("Rest · a lot", "Rest")))
    (field, _) = form(either, given=[one(either, q="Rest · a lot")]).fields
    assert isinstance(field, One)
    assert field.options[0].chosen


@pytest.mark.parametrize("kind", ["short", "long"])
@pytest.mark.parametrize("sign", ["a", "ب", "🙂", "\u0958"])
def test_exactly_the_limit_passes_and_one_more_does_not(kind: Any, sign: str) -> None:
    # The last sign is one letter that Unicode's usual form writes with two.
    asked, most = asking(Question("q", kind, "How?")), LONGEST_ANSWER[kind]
    assert one(asked, q=sign * most).shown == sign * most
    with pytest.raises(Refusal):
        read_form(asked, sent(q=sign * (most + 1)))


@pytest.mark.parametrize("words", [FAMILY_EMOJI, PERSIAN, "🙂" * 150, "# not a heading", "<@1> @everyone **b**"])
def test_words_stay_as_they_were_typed(words: str) -> None:
    assert one(ROSE, rose=words).shown == words


def test_line_breaks_stay_in_a_long_text_and_unseen_signs_go() -> None:
    assert one(FAMILY, weighing=" a\r\n\r\n\r\n\r\nb\u202e\x07c \n  d\t ").shown == "a\n\nbc\n  d"
    assert one(ROSE, rose="a\nb  \u200bc").shown == "a b c"
    assert read_form(ROSE, sent(rose="\u2800 \u3164 \ufe0f\u200d"))[0] == ()


@pytest.mark.parametrize("who", [None, "", "everyone", "ME", "me "])
def test_a_choice_that_is_none_is_refused(who: str | None) -> None:
    with pytest.raises(Refusal, match=r"kit\.refused\.outdated"):
        read_form(TODAY, sent(who, mood="4"))


def test_two_choices_are_none() -> None:
    with pytest.raises(Refusal):
        read_form(TODAY, sent(cast(str, ("me", "group"))))


@pytest.mark.parametrize(
    "fields",
    [
        {"Mood!": "4"},
        {"a" * 41: "4"},
        {"a": "1", "b": "1", "c": "1", "d": "1", "e": "1"},
        {"mood": "x" * 801},
        {"gone": "x" * 801},
        {"had_some": ("x",) * 11},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        read_form(TODAY if "mood" in fields else FAMILY, sent(**fields))


def test_a_set_changed_while_the_form_was_open_loses_nothing_and_counts_nothing_wrong() -> None:
    before = asking(
        Question("q-a", "choices", "Which?", options=("Rest", "Company")),
        Question("q-b", "scale", "How?", lowest=0, highest=10, words=("Low", "High")),
        Question("q-c", "long", "More?"),
        Question("q-d", "short", "A line"),
    )
    after = asking(
        Question("q-d", "long", "A text"),
        replace(before.questions[0], options=("Company", "A walk")),
        replace(before.questions[1], lowest=1, highest=5),
    )
    fields: dict[str, Any] = {"q_a": ("Rest", "Company"), "q_b": ("7",), "q_c": "All\nof it.", "q_d": "Fine."}
    given, _ = read_form(after, sent(**fields))
    assert [(answer.question_id, answer.shown, answer.words) for answer in given] == [
        ("q-d", "Fine.", True), ("q-a", "Rest · Company", False), ("q-b", "7", False), ("q-c", "All\nof it.", True),
    ]  # fmt: skip
    assert [answer.label for answer in given] == ["A text", "Which?", "How?", "Another question"]
    assert all(answer.number is None and not answer.places for answer in given)
    moved = read_form(after, sent(q_a=("Company",)))[0]
    assert moved[0].places == (0,)


def test_a_set_that_is_gone_loses_nothing() -> None:
    given, choice = read_form(PRESETS["gratitude"], sent("team", mood=("2",), line="Hard.", urge=("9",)))
    # A number stays a tick: that form said that it stays with its writer, and words are posted to the group.
    assert [(answer.shown, answer.words) for answer in given] == [("2", False), ("Hard.", True), ("9", False)]
    assert not any(answer.role or answer.number for answer in given)
    assert choice is Choice.TEAM


def test_a_tick_under_the_name_of_a_text_stays_a_tick() -> None:
    (answer,), _ = read_form(asking(Question("q", "short", "A line")), sent("group", q=("I used",)))
    assert (answer.shown, answer.words) == ("I used", False)


@drawn_from(st.text(max_size=150), st.sampled_from(["short", "long"]))
def test_whatever_is_typed_is_kept_the_same_when_it_is_sent_again(typed: str, kind: Any) -> None:
    asked = asking(Question("q", kind, "How?"))
    first, _ = read_form(asked, sent(q=typed))
    if first:
        assert len(first[0].shown) <= LONGEST_ANSWER[kind]
        assert read_form(asked, sent(q=first[0].shown))[0] == first
