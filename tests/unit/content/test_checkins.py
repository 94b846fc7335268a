"""Prompts and question sets: what sound files give, each rule with a text that breaks it, and what ships."""

from collections import Counter
from pathlib import Path

import pytest

from bot.content import Content, ContentFaults, Prompt, Question, check_content, load_content
from bot.content.checkins import DAYS, LONGEST_ANSWER, MOST_RADIO, ROLE_SCALES
from bot.content.prompts import REST_DAYS
from bot.content.safety.passages import folded, sentences
from bot.content.snippets import count_words
from bot.guilds.model import GROUP_KINDS
from tests.unit.content.made import (
    THINGS,
    TODAY,
    make_data,
    prompt_text,
    prompts_text,
    question_text,
    questions_text,
)

PROMPTS, QUESTIONS = "data/prompts.toml", "data/questions.toml"
DATA = Path(__file__).resolve().parents[3] / "data"
OPTIONS = '["Rest", "Company"]'


def with_prompt(folder: Path, **changes: str) -> Path:
    return make_data(folder, prompts=prompts_text(prompt_text(**changes)))


def with_question(folder: Path, **changes: str | None) -> Path:
    return make_data(folder, questions=questions_text(question_text(**changes)))


def choice(**changes: str | None) -> dict[str, str | None]:
    """The changes that make the mood question a choice."""
    none: dict[str, str | None] = dict.fromkeys(("role", "lowest", "highest", "words"))
    return none | {"kind": '"choice"', "options": OPTIONS} | changes


def load_faults(data: Path) -> list[str]:
    with pytest.raises(ContentFaults) as raised:
        load_content(data)
    return [str(fault) for fault in raised.value.faults]


def check_faults(data: Path) -> list[str]:
    return [str(fault) for fault in check_content(data, TODAY)]


def test_a_sound_file_gives_prompts_by_id_in_its_order(tmp_path: Path) -> None:
    data = with_prompt(tmp_path, kinds='["family", "mixed"]', days='["sunday", "monday"]')
    content = load_content(data)
    assert check_faults(data) == []
    assert list(content.prompts) == ["a-walk", *THINGS]
    walk = content.prompts["a-walk"]
    assert (walk.kinds, walk.days) == (("family", "mixed"), (0, 6))
    assert walk.text == "Say you went for a walk. Who or what would you like to meet on the way?"


def test_a_prompt_fits_its_kinds_and_days() -> None:
    everyone, families = Prompt("a", "A"), Prompt("b", "B", kinds=("family",), days=(0,))
    assert all(everyone.fits(kind, day) for kind in (None, *GROUP_KINDS) for day in range(7))
    found = {(kind, day) for kind in (None, *GROUP_KINDS) for day in range(7) if families.fits(kind, day)}
    assert found == {("family", 0)}


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"id": '"Not This"'}, 2, "'id' must be lower-case words joined by '-', at most 40 characters"),
        ({"id": f'"{"a" * 41}"'}, 2, "'id' must be lower-case words joined by '-', at most 40 characters"),
        ({"text": '"What is on your mind just now?"'}, 3, "'text' has 7 words; 10 to 35"),
        ({"text": f'"What is{" so" * 34}?"'}, 3, "'text' has 36 words; 10 to 35"),
        ({"text": f'"What is {"so" * 110} and so on and so on and on?"'}, 3, "'text' has 256 characters; at most 220"),
        ({"text": '"One is here. Two are there. What would you say to all of them?"'}, 3, "more than 2 sentences"),
        ({"text": '"Tell us where you are and what you see from there"'}, 3, "must end with a full stop"),
        ({"text": '"What does Monday look like from where you are sitting now?"'}, 3, "'monday', so it needs 'days'"),
        ({"text": '"What does the weekend look like from where you are now?"'}, 3, "'weekend', so it needs 'days'"),
        ({"kinds": '["families"]'}, 4, "an item of 'kinds' must be one of benzodiazepines, recovery, family"),
        ({"kinds": '["family", "family"]'}, 4, "'family' stands twice in 'kinds'"),
        ({"kinds": str(list(GROUP_KINDS))}, 4, "'kinds' names every one; leave it out"),
        ({"days": '["Monday"]'}, 4, "an item of 'days' must be one of monday, tuesday"),
        ({"days": str(list(DAYS))}, 4, "'days' names every one; leave it out"),
        ({"mood": '"grim"'}, 4, "unknown key 'mood'"),
        ({"text": '"What would a gram of calm, or 20 mg of it, look like to you?"'}, 3, "dose: "),
        ({"text": '"What could your medicine say if it were a person in this room?"'}, 3, "medicine: no medicine"),
        ({"text": '"If a taper were a road, what would you see from the side of it?"'}, 3, "medicine: it speaks of"),
        ({"text": '"What would you like to say to your anxiety if it sat right here?"'}, 3, "symptom: "),
        ({"text": '"What would you say to a seizure if it were a guest in your house?"'}, 3, "danger: "),
        ({"text": '"Is there anything that you think you should have done by now?"'}, 3, "should: "),
        ({"text": '"Which habit of yours is a clean one, and which is a dirty one?"'}, 3, "clean or dirty: "),
        ({"text": '"What is going well for you and for all of the others here!"'}, 3, "cheerleading: "),
        ({"text": '"What is it that makes you proud of where you are right now?"'}, 3, "cheerleading: "),
        ({"text": '"What would you pray for, if you were to pray at all today?"'}, 3, "religion: "),
        ({"text": '"How would you rate the last day or so, all things told?"'}, 3, "score: "),
        ({"text": '"What are the 3 things that you would take to an island?"'}, 3, "score: "),
        ({"text": '"Good morning to all of you, what is on your table right now?"'}, 3, "time of day: "),
        ({"text": '"What would you like to have with you when you lie down tonight?"'}, 3, "time of day: "),
        ({"text": '"Tell @everyone what you see from the window where you are now."'}, 3, "mention: "),
        ({"text": '"Would you rather call 555-0100-22 or write to somebody you like?"'}, 3, "phone number: "),
    ],
)
def test_a_fault_of_a_prompt_is_found_at_its_line(
    tmp_path: Path, changes: dict[str, str], line: int, message: str
) -> None:
    found = load_faults(with_prompt(tmp_path, **changes))
    assert any(fault.startswith(f"{PROMPTS}:{line}: ") and message in fault for fault in found), found


def test_a_prompt_that_names_its_day_is_fine_with_days(tmp_path: Path) -> None:
    text = '"Monday is here with its big bag. What would you like to find in it?"'
    assert "a-walk" in load_content(with_prompt(tmp_path, text=text, days='["monday"]')).prompts


@pytest.mark.parametrize("left_out", ["id", "text"])
def test_a_prompt_needs_id_and_text(tmp_path: Path, left_out: str) -> None:
    text = "\n".join(line for line in prompt_text().splitlines() if not line.startswith(f"{left_out} ="))
    assert load_faults(make_data(tmp_path, prompts=prompts_text(text))) == [f"{PROMPTS}:1: '{left_out}' is missing"]


def test_a_prompts_id_is_its_own(tmp_path: Path) -> None:
    assert load_faults(with_prompt(tmp_path, id='"apple"')) == [f"{PROMPTS}:10: 'apple' is the id in line 2, too"]


def test_each_kind_of_group_has_a_months_prompts_on_each_day(tmp_path: Path) -> None:
    def of(folder: str, *texts: str) -> list[str]:
        sound = prompts_text().split("\n\n")
        sound[-1] = "\n".join(texts)
        return check_faults(make_data(tmp_path / folder, prompts="\n".join(sound)))

    missing = f"{PROMPTS}:1: {REST_DAYS} prompts for a group of kind "
    assert of("enough", prompt_text()) == []
    [fault] = of("kind", prompt_text(kinds='["family"]'))
    assert fault.startswith(f"{missing}'benzodiazepines' on a monday; ")
    [fault] = of("day", prompt_text(days='["monday"]'))
    assert fault.startswith(f"{missing}'benzodiazepines' on a tuesday; ")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('"The apple lies in the cellar. Who put it there, do you think?"', "the apple lies"),
        ('"A cup is never alone. What would you put beside the apple?"', "what would you put beside the apple"),
    ],
)
def test_no_two_prompts_are_alike(tmp_path: Path, text: str, key: str) -> None:
    data = with_prompt(tmp_path, text=text)
    load_content(data)
    assert check_faults(data) == [f"{PROMPTS}:11: '{key}' stands in line 3, too; no two prompts are alike"]


def test_the_check_reads_the_grade_of_prompts_and_questions(tmp_path: Path) -> None:
    heavy = '"We all go over the day by ourselves, considering difficulties, opportunities and necessities."'
    questions = questions_text(description=heavy)
    found = check_faults(make_data(tmp_path, prompts=prompts_text(prompt_text(text=heavy)), questions=questions))
    assert [fault.split(" grade ")[0] for fault in found] == [f"{PROMPTS}:3: reading", f"{QUESTIONS}:3: reading"]


def test_a_sound_file_gives_question_sets_by_id_in_its_order(tmp_path: Path) -> None:
    text = questions_text(
        question_text(required="true"),
        question_text(**choice(id='"had"', kind='"choices"', description='"As many as you like."')),
        question_text(**choice(id='"line"', kind='"short"', options=None)),
        question_text(**choice(id='"more"', kind='"long"', options=None)),
    )
    other = questions_text(key="another-one", name='"Another one"')
    data = make_data(tmp_path, questions=f"{text}\n{other}")
    content = load_content(data)
    assert check_faults(data) == []
    assert list(content.question_sets) == ["a-short-one", "another-one"]
    short = content.question_sets["a-short-one"]
    assert (short.name, short.description, short.own) == ("A short one", "One question, for a start.", False)
    mood, had, line, more = short.questions
    assert (mood.kind, mood.role, mood.required, mood.lowest, mood.highest) == ("scale", "mood", True, 1, 5)
    assert mood.steps() == ((1, "Low"), (2, "Lowish"), (3, "So-so"), (4, "All right"), (5, "Good"))
    assert (had.kind, had.options, had.description) == ("choices", ("Rest", "Company"), "As many as you like.")
    assert [one.required for one in (had, line, more)] == [False] * 3
    assert [one.counted for one in short.questions] == [True, True, False, False]
    assert short.asks_for("mood") is mood
    assert short.asks_for("sleep") is None


def test_a_scale_with_words_at_its_ends() -> None:
    urge = Question("urge", "scale", "Urge", lowest=0, highest=3, words=("Not there", "Strong"))
    assert urge.steps() == ((0, "Not there"), (1, ""), (2, ""), (3, "Strong"))
    assert Question("x", "scale", "X", lowest=0, highest=1).steps() == ((0, ""), (1, ""))


FIVE = '["A", "B", "C", "D", "E"]'


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"id": '"Not This"'}, 6, "'id' must be lower-case words joined by '-', at most 40 characters"),
        ({"kind": '"slider"'}, 7, "'kind' must be one of scale, choice, choices, short, long, not 'slider'"),
        ({"role": '"energy"'}, 8, "'role' must be one of mood, sleep, urge, not 'energy'"),
        ({"role": '"urge"'}, 8, "the scales of what the history draws are mood 1 to 5, sleep 1 to 5, urge 0 to 10"),
        ({"label": None}, 5, "'label' is missing or empty"),
        ({"label": '""'}, 9, "'label' is missing or empty"),
        ({"label": f'"{"a" * 46}"'}, 9, "label long: '46'"),
        ({"label": '" How?"'}, 9, "'label' must be one line without spaces around it"),
        ({"lowest": None}, 5, "'lowest' is missing"),
        ({"lowest": "true"}, 10, "'lowest' must be a whole number"),
        ({"lowest": "1.5"}, 10, "'lowest' must be a whole number"),
        ({"highest": '"5"'}, 11, "'highest' must be a whole number"),
        ({"highest": "11"}, 10, "within 0 and 10, not from 1 to 11"),
        ({"lowest": "5"}, 10, "within 0 and 10, not from 5 to 5"),
        ({"lowest": "-1"}, 10, "within 0 and 10, not from -1 to 5"),
        ({"words": '["A", "B", "C"]'}, 12, "3 words; a scale has two, for its ends, or one for each step"),
        ({"words": '["A", "B"]'}, 12, "2 words; mood has one for each step"),
        ({"words": '["A", "B", "C", "D", "a"]'}, 12, "word twice: 'a'"),
        ({"words": '["A", "B", "C", "D", "?"]'}, 12, "word empty: '?'"),
        ({"words": '["A", "B", "C", "D", 5]'}, 12, "an item of 'words' must be one line of text"),
        ({"words": '["A", "B", "C", "D", " E"]'}, 12, "an item of 'words' must be one line of text"),
        ({"words": f'["A", "B", "C", "D", "{"e" * 61}"]'}, 12, "word long: '61'"),
        ({"words": "[]"}, 12, "'words' is empty"),
        ({"options": OPTIONS}, 13, "options stray: 'Rest'"),
        ({"required": '"no"'}, 13, "'required' must be true or false"),
        ({"mood": '"grim"'}, 13, "unknown key 'mood'"),
        ({"description": f'"{"a" * 101}"'}, 13, "description long: '101'"),
        (choice(options='["One"]'), 9, "options few: '1'"),
        (choice(options=str([f"n{place}" for place in range(11)])), 9, "options many: '11'"),
        (choice(options='["Rest", "rest"]'), 9, "option twice: 'rest'"),
        (choice(options='["Rest", ""]'), 9, "option empty: ''"),
        (choice(options=f'["Rest", "{"a" * 101}"]'), 9, "option long: '101'"),
        (choice(options=None), 5, "'options' is missing"),
        (choice(words=FIVE), 9, "words stray: 'A'"),
        (choice(lowest="1"), 9, "numbers stray: '1 to 0'"),
        (choice(role='"sleep"'), 8, "'sleep' has another"),
        ({"label": '"What did your medicine do today?"'}, 9, "medicine: "),
        ({"label": '"How is the pain?"'}, 9, "symptom: "),
        ({"label": '"How is the pain?"'}, 9, "symptom score: 'pain'"),
        ({"label": '"How strong is your faith?"'}, 9, "religion: "),
        ({"label": '"What should we know?"'}, 9, "should: "),
        ({"description": '"Call 555-0100-22 first."'}, 13, "phone number: '555-0100-22'"),
        ({"description": '"Tell @here about it."'}, 13, "mention: '@here'"),
    ],
)
def test_a_fault_of_a_question_is_found_at_its_line(
    tmp_path: Path, changes: dict[str, str | None], line: int, message: str
) -> None:
    found = load_faults(with_question(tmp_path, **changes))
    assert any(fault.startswith(f"{QUESTIONS}:{line}: ") and message in fault for fault in found), found


def test_faults_of_a_set_are_found_at_its_lines(tmp_path: Path) -> None:
    def of(text: str) -> list[str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        return [fault.removeprefix(f"{QUESTIONS}:") for fault in load_faults(make_data(folder, questions=text))]

    five = (question_text(**choice(id=f'"q-{place}"')) for place in range(5))
    assert of(questions_text(*five)) == ["1: 5 questions; a form takes 4 beside who may see the answers"]
    assert of(questions_text().split("[[")[0]) == ["1: a set asks at least one question"]
    assert of(questions_text(name=f'"{"a" * 46}"')) == ["2: name long: '46'"]
    assert of(questions_text(name='""')) == ["2: 'name' is missing or empty"]
    assert of(questions_text(description='""')) == ["3: 'description' is empty"]
    assert of(questions_text(description=f'"{"a" * 101}"')) == ["3: description long: '101'"]
    assert of(questions_text(more="1")) == ["4: unknown key 'more'"]
    assert of(questions_text(key="A_b", name='"A"')) == [
        "1: 'A_b' must be lower-case words joined by '-', at most 40 characters"
    ]
    twice = questions_text(question_text(), question_text(required="true"))
    assert of(twice) == [
        "15: id twice: 'mood'",
        "17: role twice: 'mood'",
        "22: only the first question may be required",
    ]
    again = questions_text(key="another", name='"a  Short one"'.replace("  ", " "))
    assert of(f"{questions_text()}\n{again}") == ["15: 'a Short one' is the name of another set, too"]
    assert of("") == ["1: there are no question sets"]
    assert "1: expected fields of the form 'key: value' here" in of("x = 1\n")


def test_missing_and_broken_files_are_faults(tmp_path: Path) -> None:
    data = make_data(tmp_path, prompts="[[prompt]\n", questions="[x\n")
    assert [fault.split(":")[2].strip() for fault in load_faults(data)] == ["this is not TOML"] * 2
    (data / "prompts.toml").write_text("more = 1\n")
    (data / "questions.toml").unlink()
    assert load_faults(data) == [
        f"{PROMPTS}:1: 'prompt' is missing",
        f"{PROMPTS}:1: unknown key 'more'",
        f"{QUESTIONS}:1: the file can't be read: No such file or directory",
    ]


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(DATA)


def _words(text: str) -> set[str]:
    return {word.strip(".,:;?\"'") for word in folded(text).split()}


def test_seventy_five_prompts_ship_sixty_for_everyone_and_a_dozen_for_families(content: Content) -> None:
    prompts = list(content.prompts.values())
    assert len(prompts) >= 75
    assert sum(not (prompt.kinds or prompt.days) for prompt in prompts) >= 60
    assert sum(prompt.kinds == ("family",) for prompt in prompts) >= 12
    assert 3 <= sum(bool(prompt.days) for prompt in prompts) <= 10


def test_shipped_prompts_vary(content: Content) -> None:
    prompts = list(content.prompts.values())
    assert all(sum(1 for _ in sentences(one.text)) <= 2 and 10 <= count_words(one.text) <= 35 for one in prompts)
    [(word, most)] = Counter(folded(one.text).split()[0] for one in prompts).most_common(1)
    assert most * 8 <= len(prompts), f"{most} begin with '{word}'"
    close = [
        (one.id, other.id)
        for place, one in enumerate(prompts)
        for other in prompts[:place]
        if 2 * len(_words(one.text) & _words(other.text)) > len(_words(one.text) | _words(other.text))
    ]
    assert close == []


def test_the_five_presets_ship_and_nothing_in_them_is_required(content: Content) -> None:
    sets = content.question_sets
    assert {key: one.name for key, one in sets.items()} == {
        "how-am-i-today": "How am I today",
        "evening-review": "Evening review",
        "family-and-friends": "Family and friends",
        "rose-thorn-bud": "Rose, thorn, bud",
        "gratitude": "Gratitude",
    }
    questions = [question for one in sets.values() for question in one.questions]
    assert not any(question.required for question in questions)
    assert all(any(not question.counted for question in one.questions) for one in sets.values())


def test_how_am_i_today_asks_for_mood_sleep_urge_and_a_line(content: Content) -> None:
    mood, sleep, urge, line = content.question_sets["how-am-i-today"].questions
    assert [one.role for one in (mood, sleep, urge)] == list(ROLE_SCALES)
    assert all(word for question in (mood, sleep) for _, word in question.steps())
    assert len(urge.steps()) == 11 > MOST_RADIO
    assert LONGEST_ANSWER[line.kind] == 150


def test_a_mood_has_the_same_words_everywhere(content: Content) -> None:
    moods = [question for one in content.question_sets.values() if (question := one.asks_for("mood"))]
    assert len(moods) == 3
    assert len({question.words for question in moods}) == 1
