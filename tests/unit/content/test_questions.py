"""What a group may ask: what nobody is asked is found in every wording, and what people mean is left alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Question, QuestionFault, QuestionSet, check_question_set, tidied_set
from bot.content.checkins import QUESTION_KINDS

DIALLED = frozenset({"988"})
CLOSING = "Don't stop suddenly; talk to your prescriber."
TWO = ("Yes", "No")


def asked(*questions: Question, name: str = "Ours", description: str = "") -> QuestionSet:
    return QuestionSet("own-a", name, description, questions, own=True)


def question(label: str = "How was it?", kind: Any = "long", **more: Any) -> Question:
    if kind in {"choice", "choices"}:
        more = {"options": TWO, **more}
    if kind == "scale":
        more = {"lowest": 0, "highest": 10, "words": ("None", "A lot"), **more}
    return Question("q", kind, label, **more)


def rules(question_set: QuestionSet) -> set[str]:
    return {fault.rule for fault in check_question_set(question_set, DIALLED)}


@pytest.mark.parametrize(
    "fine",
    [
        question("What's one thing you did for yourself?"),
        question("Should I have known? Tell an addict!"),  # a group speaks in its own words
        question("Did you pray?", "choice"),
        question("How tense are you?", "scale", description="From calm to wound up."),
        question("How are you?", "choices", options=("Anxious", "Low", "Fine", "Can't say")),
        question("Pick the word that fits", "choice"),
        question("Which of these fits you best?", "choice"),
        question("How many kind words did you hear?", "scale"),
        question("How much time did you take for yourself?"),
        question("How much did you take on today?"),
        question("What does your medicine mean to you?"),
        question("What helped with the pain?", "short"),
        question("How is your taper going?", description=CLOSING),
        question("Where are you?", "choice", options=("Tapering", "Holding", "Done"), description=CLOSING),
        question("How far did you walk, and how long?", "scale"),
        question("100 days or 988 steps?", "short"),
        question("¿Cómo estás hoy?"),
        question("حالت چطوره؟"),
    ],
)
def test_what_people_mean_is_left_alone(fine: Question) -> None:
    assert check_question_set(asked(fine), DIALLED) == ()


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("dose", question("Did you take 2 mg?")),
        ("dose", question("What now?", "choice", options=("Half a tablet", "None"))),
        ("dose_asked", question("What's your dose today?")),
        ("dose_asked", question("Today's dosage", "short")),
        ("dose_asked", question("How many pills so far?", "short")),
        ("dose_asked", question("How much did you take?", "short", description="Your benzo, I mean.")),
        ("dose_asked", question("How much did you take?", "short")),
        ("dose_asked", question("How many have you taken so far today?", "short")),
        ("dose_asked", question("How much are you on right now", "short")),
        ("dose_asked", question("Clonazepam: which amount?", "short")),
        ("dose_asked", question("When did you take your meds?", "short")),
        ("dose_asked", question("How much did you cut this week?", "short", description=CLOSING)),
        ("dose_asked", question("How far into your taper are you?", "short", description=CLOSING)),
        ("dose_asked", question("Pace of your taper", "short", description=CLOSING)),
        ("dose_asked", question("How **many** p\u00adills?", "short")),
        ("medicine_counted", question("Took your meds?", "choice")),
        ("medicine_counted", question("What did you do?", "choices", options=("Walked", "Took a tablet"))),
        ("symptom_score", question("How bad are your symptoms?", "scale")),
        ("symptom_score", question("Rate it", "scale", words=("No pain", "A lot"))),
        ("symptom_score", question("What did you have?", "choices", options=("Nausea", "Tremors"))),
        ("symptom_score", question("Anxiety", "scale")),
        ("danger_asked", question("Did you have a seizure?", "choice")),
        ("danger_asked", question("Any fits today?", "choice")),
        ("danger_asked", question("Did you think of suicide?")),
        ("danger_asked", question("Do you want to hurt yourself?", "scale")),
        ("closing_sentence", question("How is your taper going?")),
        ("closing_sentence", question("What made you stop taking it?", description=f"{CLOSING} Or tell us.")),
        ("phone_number", question("Who did you call?", description="Call 988 if you need to.")),
        ("mention", question("Tell <@123456789012345678> how it was")),
        ("unseen", question("How\u202e was it?")),
        ("label_empty", question("…")),
        ("label_long", question("a" * 46)),
        ("description_long", question(description="a" * 101)),
        ("options_few", question(kind="choice", options=("One",))),
        ("options_many", question(kind="choices", options=tuple("abcdefghijk"))),
        ("option_twice", question(kind="choice", options=("Yes", "YES"))),
        ("options_stray", question(options=TWO)),
        ("scale_range", question(kind="scale", highest=11)),
        ("scale_words", question(kind="scale", words=("One",))),
        ("scale_words", question(kind="scale", words=())),
        ("role_scale", question(kind="scale", role="mood")),
        ("role_scale", question(role="urge")),
        ("mood_words", question(kind="scale", role="mood", lowest=1, highest=5)),
    ],
)
def test_each_rule_finds_what_it_is_for(rule: str, bad: Question) -> None:
    assert rule in rules(asked(bad))


def test_a_form_of_discord_is_full_at_five() -> None:
    four = [replace(question(), id=str(place)) for place in range(4)]
    assert rules(asked(*four)) == set()
    assert rules(asked(*four, question())) == {"questions_many"}
    assert rules(asked()) == {"questions_none"}


def test_everything_at_its_limit_is_fine() -> None:
    ten = tuple(f"{'a' * 99}{sign}" for sign in "abcdefghij")
    eleven = tuple(f"{'a' * 59}{sign}" for sign in "abcdefghijk")
    full = asked(
        question("a" * 45, "scale", words=eleven, role="urge", required=True),
        replace(question("b" * 45, "choices", options=ten), id="b", description="c" * 100),
        name="n" * 45,
        description="d" * 100,
    )
    assert check_question_set(full, DIALLED) == ()


def test_only_the_first_is_required_and_nothing_comes_twice() -> None:
    mood = question(kind="scale", role="mood", lowest=1, highest=5, words=tuple("abcde"), required=True)
    assert rules(asked(mood)) == set()
    assert rules(asked(mood, mood)) == {"required_later", "id_twice", "role_twice"}


def test_a_sets_own_texts_are_read_too() -> None:
    assert rules(asked(question(), name="")) == {"name_empty"}
    assert rules(asked(question(), name="a" * 46)) == {"name_long"}
    assert rules(asked(question(), description="a" * 101)) == {"description_long"}
    assert rules(asked(question(), description="Half a tablet more")) == {"dose"}
    assert rules(asked(question("How much?"), name="Medicine diary")) == {"dose_asked"}
    assert rules(asked(question("How bad?", "scale"), name="Symptom diary")) == {"symptom_score"}


def test_a_fault_says_where_it_is_and_in_which_words() -> None:
    fine, bad = question(), replace(question("How many Pills?", "short"), id="two")
    assert check_question_set(asked(fine, bad), DIALLED) == (
        QuestionFault("dose_asked", 1, "label", "how many … pills"),
    )


def test_a_huge_set_is_judged_in_a_moment() -> None:
    huge = question("how many " * 100_000, "choice", options=("pills " * 10_000,) * 1000)
    found = rules(asked(huge, *[huge] * 500, name="a " * 100_000))
    assert {"questions_many", "options_many", "label_long", "name_long"} <= found


texts = st.text(max_size=60)
made = st.builds(
    Question,
    id=st.sampled_from(("a", "b")),
    kind=st.sampled_from(QUESTION_KINDS),
    label=texts,
    description=texts,
    role=st.sampled_from(("", "mood", "sleep", "urge")),
    required=st.booleans(),
    lowest=st.integers(-2, 12),
    highest=st.integers(-2, 12),
    words=st.lists(texts, max_size=6).map(tuple),
    options=st.lists(texts, max_size=12).map(tuple),
)


@given(st.builds(asked, made, made, name=texts, description=texts))
def test_tidying_twice_changes_nothing_and_leaves_nothing_unseen(written: QuestionSet) -> None:
    tidy = tidied_set(written)
    assert tidied_set(tidy) == tidy
    assert "unseen" not in rules(tidy)


def test_tidying_takes_out_what_nobody_means() -> None:
    written = asked(question("  How\u200b was\n it? ", "choice", options=(" Yes ", "No\t")), name=" Ours\u202e ")
    tidy = tidied_set(written)
    assert (tidy.name, tidy.questions[0].label, tidy.questions[0].options) == ("Ours", "How was it?", ("Yes", "No"))
