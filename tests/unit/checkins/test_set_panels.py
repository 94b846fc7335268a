"""Panels and forms of the sets: everything fits Discord, each rule has its sentence, and nothing typed is lost."""

import ast
import inspect
import random
from dataclasses import replace
from itertools import product
from typing import Any, cast

import pytest

from bot.content import Question, QuestionFault, QuestionSet, load_content
from bot.content import questions as rules
from bot.content.checkins import QUESTION_KINDS, ROLE_SCALES
from bot.content.group import text_faults
from bot.content.safety.language import MENTIONS
from bot.content.safety.medicine import NO_DOSE_RULES
from bot.discordkit import Form, Panel, Text
from bot.discordkit.custom_ids import decode
from bot.ids import Ids
from bot.text import t
from bot.text.catalogue import DATA_DIR
from cogs.checkins.rules import LONGEST_NAME, MOST_SCHEDULES
from cogs.checkins.service.set_drafts import (
    Target,
    Typed,
    Unfit,
    question_of,
    reworded,
    stamp_of,
    target_of,
    typed_question,
    unread_numbers,
)
from cogs.checkins.service.sets import MOST_OWN_SETS, OWN_SET, Listed
from cogs.checkins.ui import set_faults as faults
from cogs.checkins.ui import sets as ui
from cogs.checkins.ui.set_forms import LONGEST_LINES, set_form
from tests.clock import FakeClock

PRESETS = load_content(DATA_DIR).question_sets
SET, MARK = f"{OWN_SET}{'a' * 12}", "b" * 12
STARS = "*" * 44 + "a"  # every sign has to be escaped
FULL = QuestionSet(
    SET,
    STARS,
    "_" * 99 + "a",
    tuple(
        Question(f"q-{MARK[:-1]}{place}", "choices", STARS, "_" * 99 + "a", options=("_" * 99 + "a",) * 10)
        for place in range(4)
    ),
    own=True,
)
SCALE = Question("q-s", "scale", STARS, "_" * 99 + "a", "urge", lowest=0, highest=10, words=("~" * 59 + "a",) * 11)
LONG = Typed(STARS, "d" * 100, STARS, "a" * 100, ("o" * 99 + "\n\n") * 10 + "x", "1" * 20)
USERS = tuple("_" * (LONGEST_NAME - 1) + str(number) for number in range(MOST_SCHEDULES))
TEXT_RULES = (
    "dose", "equivalent", "schedule", "switching", "added_substance", "mention", "phone_number", "unseen",
)  # fmt: skip
OURS = ("full", "name_taken", "name_preset", "numbers_unread")


def drawn(panel: Panel) -> None:
    """Raise where Discord would refuse it."""
    panel.draw()
    for block in panel.blocks:
        for item in getattr(block, "items", ()):
            assert len(item.label) <= 45
            assert len(item.custom_id) <= 100


def words(panel: Panel) -> str:
    return "\n".join(block.words for block in panel.blocks if isinstance(block, Text))


def known_rules() -> set[str]:
    """Every rule that the code can name: written out as the first thing of what it yields, or made of a list's name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(rules))):
        if (
            isinstance(node, ast.Tuple)
            and len(node.elts) == 3
            and isinstance(node.elts[0], ast.Constant | ast.JoinedStr)
        ):
            found.add(ast.unparse(node.elts[0]))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "QuestionFault":
            found.add(ast.unparse(node.args[0]))
    plain = {rule.strip("'") for rule in found if rule.startswith("'")}
    assert {rule for rule in found if not rule.startswith("'")} == {
        "f'{name or part}_long'", "f'{name}_empty'", "f'{name}_twice'", "rule",
    }  # fmt: skip
    made = {f"{name}_{what}" for name, what in product(("word", "option"), ("long", "empty", "twice"))}
    return plain | made | {"name_long", "description_long", "label_long"}


def test_every_rule_in_the_code_has_its_sentence() -> None:
    assert {"dose_asked", "symptom_score", "options_few", "required_later", "questions_none"} <= known_rules()
    for rule in (*known_rules(), *TEXT_RULES, *OURS):
        assert t(f"questions.fault.{rule}", words="w", where="Here")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("dose", "Did you take 2 mg?"),
        ("equivalent", "20 mg diazepam equals 1 mg clonazepam"),
        ("schedule", "Cut 10% every two weeks"),
        ("mention", "Tell <@123456789012345678>"),
        ("phone_number", "Call 988"),
        ("unseen", "How\u202e was it?"),
    ],
)
def test_the_rules_of_every_text_have_the_names_that_are_told(rule: str, text: str) -> None:
    assert rule in {found for found, _ in text_faults(text, frozenset({"988"}))} & set(TEXT_RULES)


def test_no_text_rule_is_missing_among_the_sentences() -> None:
    names = {cast(Any, rule).name.replace(" ", "_") for rule in (*NO_DOSE_RULES, MENTIONS)}
    assert names | {"unseen", "phone_number"} == set(TEXT_RULES)


async def test_the_fullest_list_fits_one_message_and_one_select() -> None:
    own = [replace(FULL, id=f"{OWN_SET}{number:012}") for number in range(MOST_OWN_SETS)]
    listed = [Listed(one) for one in (*PRESETS.values(), *own)]
    listed[3] = replace(listed[3], used_by=USERS)
    panel = ui.list_panel(tuple(listed))
    drawn(panel)
    assert len(listed) <= 25
    assert t("questions.list.no_own") in words(ui.list_panel(tuple(map(Listed, PRESETS.values()))))


async def test_the_fullest_cards_fit() -> None:
    panel = ui.card_panel(Listed(FULL, USERS), "questions.card.already")
    drawn(panel)
    assert "and 7 more" in words(panel)
    scales = replace(FULL, questions=tuple(replace(SCALE, id=f"q{place}") for place in range(4)))
    drawn(ui.card_panel(Listed(scales, USERS), "questions.card.already"))
    for preset in PRESETS.values():
        drawn(ui.card_panel(Listed(preset)))
        assert t("questions.card.preset") in words(ui.card_panel(Listed(preset)))
    drawn(ui.question_panel(FULL, 1))
    drawn(ui.question_panel(scales, 2))
    drawn(ui.adding_panel(replace(FULL, questions=FULL.questions[:1])))
    drawn(ui.dropping_panel(FULL, FULL.questions[0]))
    drawn(ui.removing_panel(FULL))
    drawn(ui.removed_panel(FULL))


async def test_every_fault_is_told_beside_the_longest_that_can_be_typed() -> None:
    every = (*known_rules(), *TEXT_RULES, *OURS)
    heavy = tuple(QuestionFault(rule, place, "label", "_" * 900 + str(number))
                  for rule in every for place in (None, 0, 3) for number in range(4))  # fmt: skip
    by_length = sorted(every, key=lambda rule: -len(t(f"questions.fault.{rule}", words="", where="")))[:4]
    worst = tuple(fault for fault in heavy if fault.rule in by_length and fault.place == 3)
    typed = replace(LONG, lines="*" * LONGEST_LINES)
    for found in (worst, heavy):
        panel = faults.unfit_panel(Unfit(found, FULL), Target("words", SET, f"q-{MARK}", "c" * 8), typed)
        drawn(panel)
        assert typed.lines in words(panel)
    drawn(faults.stays_panel(Unfit(heavy, FULL), SET))
    for current, there in ((FULL, True), (FULL, False), (None, False)):
        panel = faults.overtaken_panel(current, Target("words", SET, f"q-{MARK}", "c" * 8), typed, there=there)
        drawn(panel)
        assert typed.lines in words(panel)


def test_a_fault_names_the_question_and_shows_its_words() -> None:
    fault = QuestionFault("dose_asked", 1, "label", "how many … pills")
    questions = (replace(SCALE, label="Fine"), replace(SCALE, label="How *many* pills?"))
    (told,) = faults.faults_told((fault,), replace(FULL, questions=questions))
    assert told.startswith("Question 2 (“How \\*many\\* pills?”) asks how much or how fast: “how many … pills”.")
    unnamed = faults.faults_told((QuestionFault("label_empty", 0, "label", ""),), replace(FULL, questions=(
        replace(SCALE, label=""),)))  # fmt: skip
    assert unnamed[0].startswith("Question 1 has no words yet")


def forms() -> list[Form]:
    asked = [set_form(Target("ask", SET, kind), LONG) for kind in QUESTION_KINDS]
    changed = Target("words", SET, f"q-{MARK}", "c" * 8)
    return [
        *asked,
        set_form(Target("new", "", "scale"), LONG),
        set_form(Target("copy", "how-am-i-today"), LONG),
        set_form(Target("name", SET, "", "c" * 8), LONG),
        *(set_form(changed, LONG, replace(SCALE, kind=kind, role="")) for kind in QUESTION_KINDS),
        set_form(changed, LONG, SCALE),
    ]


async def test_every_form_fits_discord_with_the_longest_words() -> None:
    for form in forms():
        modal = form.draw(Ids(FakeClock(), random.Random(2))).to_dict()
        assert len(modal["custom_id"]) <= 100
        assert decode(modal["custom_id"]) is not None
        assert len(modal["components"]) <= 5
        for label in cast("list[dict[str, Any]]", modal["components"]):
            field = label["component"]
            assert len(label["label"]) <= 45
            assert len(field.get("value") or "") <= field.get("max_length", 0) or "value" not in field


def test_what_the_history_draws_keeps_its_numbers() -> None:
    names = [field.name for field in set_form(Target("words", SET, "mood"), Typed(), SCALE).fields]
    assert names == ["label", "about", "lines"]
    made = reworded(Typed("", "", "Mood?", "", "0-3\na\nb"), SCALE)
    assert (made.lowest, made.highest, made.role) == (0, 10, "urge")


@pytest.mark.parametrize(
    ("numbers", "lines", "expected"),
    [
        ("1-5", "low\nhigh", (1, 5, ("low", "high"))),
        ("0 to 10", "low\n\n high ", (0, 10, ("low", "high"))),
        ("from 0 to 3", "a\nb\nc\nd", (0, 3, ("a", "b", "c", "d"))),
        ("", "a\nb\nc", (1, 3, ("a", "b", "c"))),
        ("", "low, high", (1, 5, ("low", "high"))),
        ("", "0-10\nlow\nhigh", (0, 10, ("low", "high"))),
        ("", "1 … 4\nlow\nhigh", (1, 4, ("low", "high"))),
        ("", "", (1, 5, ())),
        ("5-1", "low; high", (5, 1, ("low", "high"))),
        ("many", "low\nhigh", (1, 5, ("low", "high"))),
    ],
)
def test_a_scale_is_read_as_people_write_it(numbers: str, lines: str, expected: Any) -> None:
    made = question_of(Typed(label="How?", lines=lines, numbers=numbers), "scale", "q")
    assert (made.lowest, made.highest, made.words) == expected


def test_numbers_that_are_none_are_told() -> None:
    assert unread_numbers(Typed(numbers=" 0-10 "), 0) == unread_numbers(Typed(), 0) == ()
    for numbers in ("many", "5", "1-2-3", "1-1000"):
        assert unread_numbers(Typed(numbers=numbers), 2) == (QuestionFault("numbers_unread", 2, "lowest", numbers),)


def test_answers_to_tick_stand_on_lines_or_between_commas() -> None:
    assert question_of(Typed(lines="Yes, I did\nNo"), "choice", "q").options == ("Yes, I did", "No")
    assert question_of(Typed(lines="Yes, No; Not sure,"), "choices", "q").options == ("Yes", "No", "Not sure")
    assert question_of(Typed(lines="Yes\nNo"), "short", "q").options == ("Yes", "No")  # a rule tells of these


@pytest.mark.parametrize("question", [one for preset in PRESETS.values() for one in preset.questions])
def test_a_question_opened_and_sent_again_is_the_same(question: Question) -> None:
    assert reworded(typed_question(question), question) == question
    if not question.role:
        assert question_of(typed_question(question), question.kind, question.id) == question


def test_a_key_is_read_as_it_was_written() -> None:
    for target in (
        Target("new"), Target("new", "", "scale"), Target("copy", "gratitude"), Target("ask", SET, "long"),
        Target("name", SET, "", "0123abcd"), Target("words", SET, f"q-{MARK}", "0123abcd"),
    ):  # fmt: skip
        assert target_of(target.key) == target


def test_a_stamp_changes_with_what_the_form_changes_alone() -> None:
    name, first = Target("name", SET), Target("words", SET, FULL.questions[0].id)
    renamed = replace(FULL, name="Other")
    reworded_ = replace(FULL, questions=(replace(FULL.questions[0], label="Other"), *FULL.questions[1:]))
    assert stamp_of(renamed, name) != stamp_of(FULL, name) == stamp_of(reworded_, name)
    assert stamp_of(reworded_, first) != stamp_of(FULL, first) == stamp_of(renamed, first)
    assert stamp_of(FULL, Target("words", SET, "gone")) == stamp_of(FULL, Target("ask", SET, "long")) == ""


def test_ours_are_offered_until_the_set_has_them() -> None:
    panel = ui.adding_panel(replace(FULL, questions=(SCALE,)))
    offered = {
        role for role in ROLE_SCALES for block in panel.blocks for item in getattr(block, "items", ())
        if item.label == t(f"questions.adding.{role}.label")
    }  # fmt: skip
    assert offered == {"mood", "sleep"}
    assert t("questions.adding.full") in words(ui.adding_panel(FULL))
