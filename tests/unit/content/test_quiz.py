"""The quiz files: what a sound one gives, each rule with a text that breaks it, and what is missing."""

from pathlib import Path

import pytest

from bot.content import Content, ContentFaults, Fault, check_content, load_content
from tests.unit.content.made import CLOSING, TODAY, TOPICS, WHY, make_data, quiz_text, snippet_text, statement_text

FILE = "data/quiz/peers.toml"
LONG = "It is a word that stands here only to be one of many words in a row. " * 6


def with_quiz(folder: Path, *texts: str, **changes: str) -> Path:
    """A data folder whose quiz holds these texts, or one statement with these changes in front."""
    data = make_data(folder)
    (data / "quiz" / "peers.toml").write_text(quiz_text(*(texts or (statement_text(**changes),))), encoding="utf-8")
    return data


def quiz_of(snippet: str, prefix: str) -> str:
    """Six statements on a reading, the first three of them true."""
    return "\n".join(
        statement_text(id=f'"{prefix}-{place}"', snippet=f'"{snippet}"', answer=str(place < 3).lower())
        for place in range(6)
    )


def load_faults(data: Path) -> list[Fault]:
    with pytest.raises(ContentFaults) as raised:
        load_content(data)
    return list(raised.value.faults)


def test_a_sound_file_gives_statements_by_id_in_the_order_of_the_topics(tmp_path: Path) -> None:
    topics = '[weather]\nname = "Weather"\ndescription = "Rain."\n' + TOPICS
    one = snippet_text(id="rain", code="B1", title="Rain", topic="weather", see_also="[]")
    data = make_data(tmp_path, snippet_text(), one, topics=topics)
    (data / "quiz" / "weather.toml").write_text(quiz_of("rain", "w"), encoding="utf-8")
    content = load_content(data)
    assert check_content(data, TODAY) == []
    assert [statement.topic for statement in content.quiz] == ["weather"] * 6 + ["peers"] * 6
    statement = content.quiz.get("w-3")
    assert statement is not None
    assert (statement.snippet, statement.answer, statement.why) == ("rain", False, WHY)
    assert content.quiz.get("nothing") is None
    assert len(content.quiz) == 12


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"id": '"Not This"'}, 2, "'id' must be lower-case words joined by '-', at most 40 characters"),
        ({"id": f'"{"a" * 41}"'}, 2, "'id' must be lower-case words joined by '-', at most 40 characters"),
        ({"id": '"sound-1"'}, 9, "'sound-1' is the id in data/quiz/peers.toml:2, too"),
        ({"snippet": '"no-such-one"'}, 3, "'no-such-one' is not a reading of the library"),
        ({"says": '"Is it so?"'}, 4, "'says' must end with a full stop"),
        ({"says": '"One. Two. Three."'}, 4, "'says' has more than 2 sentences"),
        ({"says": f'"{"a" * 200}."'}, 4, "'says' has 201 characters; at most 200"),
        ({"answer": '"true"'}, 5, "'answer' must be true or false"),
        ({"answer": "1"}, 5, "'answer' must be true or false"),
        ({"why": '"Too short a reason."'}, 6, "'why' has 4 words; 20 to 60"),
        ({"why": f'"{LONG.strip()}"'}, 6, "'why' has 102 words; 20 to 60"),
        ({"why": f'"{LONG.strip()}"'}, 6, "'why' has 413 characters; at most 400"),
        ({"why": f'"True: {WHY}"'}, 6, "'why' begins with 'True'; begin with the reason"),
        ({"why": f'"False. {WHY}"'}, 6, "'why' begins with 'False'"),
        ({"why": f'"Right, and {WHY}"'}, 6, "'why' begins with 'Right'"),
        ({"why": f'"*Wrong*, but {WHY}"'}, 6, "'why' begins with '*Wrong'"),
        ({"mood": '"grim"'}, 7, "unknown key 'mood'"),
    ],
)
def test_a_fault_of_form_is_found_at_its_line(tmp_path: Path, changes: dict[str, str], line: int, message: str) -> None:
    found = load_faults(with_quiz(tmp_path, **changes))
    assert any((fault.path, fault.line) == (FILE, line) and message in fault.message for fault in found), found


@pytest.mark.parametrize("left_out", ["id", "snippet", "says", "answer", "why"])
def test_nothing_may_be_left_out(tmp_path: Path, left_out: str) -> None:
    text = "\n".join(line for line in statement_text().splitlines() if not line.startswith(f"{left_out} ="))
    found = load_faults(with_quiz(tmp_path, text))
    assert [str(fault) for fault in found] == [f"{FILE}:1: '{left_out}' is missing"]


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"says": '"Half a tablet is a small thing."'}, 4, "dose: "),
        ({"why": f'"{WHY} By week three it is over."'}, 6, "schedule: no calendar"),
        ({"why": f'"{WHY} Everyone should know."'}, 6, "should: "),
        ({"why": f'"{WHY} Abuse is a hard word."'}, 6, "abuse: "),
        ({"why": f'"{WHY} Tell @everyone."'}, 6, "mention: "),
        ({"why": f'"{WHY} Call 555-0100."'}, 6, "phone number: '555-0100' belongs in support_lines.toml"),
        ({"says": '"A taper is a road."'}, 6, "closing sentence: it mentions 'taper'"),
        ({"why": f'"{CLOSING} {WHY} Tapers take time."'}, 6, "closing sentence: it mentions 'stop suddenly'"),
        ({"says": '"A seizure can look like sleep."'}, 6, "emergency number: it mentions 'seizure'"),
        ({"says": '"An overdose can look like sleep."'}, 4, "careful tone: it mentions 'overdose'"),
    ],
)
def test_what_is_said_obeys_the_rules_of_a_reading(
    tmp_path: Path, changes: dict[str, str], line: int, message: str
) -> None:
    found = load_faults(with_quiz(tmp_path, **changes))
    assert any((fault.path, fault.line) == (FILE, line) and fault.message.startswith(message) for fault in found), found


def test_the_closing_sentence_and_the_emergency_number_mend_it(tmp_path: Path) -> None:
    taper = statement_text(id='"a"', says='"A taper is a road."', why=f'"{WHY} {CLOSING}"')
    danger = statement_text(
        id='"b"', says='"A seizure can look like sleep."', why=f'"{WHY} Then call your emergency number."'
    )
    assert isinstance(load_content(with_quiz(tmp_path, taper, danger)), Content)


def on_reading(folder: Path, says: str = "Somebody who only listens takes part, too.", **front: str) -> Path:
    data = make_data(folder, snippet_text(changes=front))
    text = statement_text(snippet='"a-quiet-evening"', says=f'"{says}"')
    (data / "quiz" / "peers.toml").write_text(quiz_text(text), encoding="utf-8")
    return data


def test_a_number_needs_a_checked_reading(tmp_path: Path) -> None:
    says = "It is common for 40 percent of a group to listen."
    load_content(on_reading(tmp_path / "sourced", says, status="sourced"))
    [fault] = load_faults(on_reading(tmp_path / "waiting", says, status="needs_check"))
    assert str(fault) == f"{FILE}:4: unchecked number: '40 percent' while its reading has status needs_check"


def test_a_careful_reading_has_no_statement_but_in_two_topics(tmp_path: Path) -> None:
    [fault] = load_faults(on_reading(tmp_path / "peers", tone="careful", question='""'))
    assert str(fault) == f"{FILE}:3: careful tone: the reading is a careful one; take a calm one"
    for topic in ("safety", "understanding"):
        data = on_reading(tmp_path / topic, tone="careful", topic=topic, question='""')
        (data / "topics.toml").write_text(TOPICS + TOPICS.replace("peers", topic), encoding="utf-8")
        (data / "quiz" / "peers.toml").write_text(quiz_text(), encoding="utf-8")
        (data / "quiz" / f"{topic}.toml").write_text(quiz_of("a-quiet-evening", topic), encoding="utf-8")
        assert len(load_content(data).quiz) == 12


def test_a_reading_of_another_topic_is_a_fault(tmp_path: Path) -> None:
    data = on_reading(tmp_path, topic="weather")
    (data / "topics.toml").write_text(TOPICS + TOPICS.replace("peers", "weather"), encoding="utf-8")
    (data / "quiz" / "weather.toml").write_text(quiz_of("a-quiet-evening", "weather"), encoding="utf-8")
    assert [str(fault) for fault in load_faults(data)] == [f"{FILE}:3: 'a-quiet-evening' is a reading of 'weather'"]


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    data = on_reading(tmp_path, topic="weather")
    (data / "topics.toml").write_text(TOPICS + TOPICS.replace("peers", "weather"), encoding="utf-8")
    (data / "quiz" / "peers.toml").write_text(quiz_text(), encoding="utf-8")
    text = quiz_of("a-quiet-evening", "weather").replace("weather-0", "sound-0")
    (data / "quiz" / "weather.toml").write_text(text, encoding="utf-8")
    message = "data/quiz/weather.toml:2: 'sound-0' is the id in data/quiz/peers.toml:2, too"
    assert [str(fault) for fault in load_faults(data)] == [message]


def test_strange_files_are_faults(tmp_path: Path) -> None:
    data = make_data(tmp_path)
    (data / "quiz" / "notes.txt").write_text("x")
    (data / "quiz" / "weather.toml").write_text(statement_text())
    (data / "quiz" / "peers.toml").write_text("statement = 1\nmore = 2\n")
    assert [str(fault) for fault in load_faults(data)] == [
        "data/quiz/notes.txt:1: only .toml files belong in this folder",
        "data/quiz/peers.toml:1: 'statement' must be a list",
        "data/quiz/peers.toml:2: unknown key 'more'",
        "data/quiz/weather.toml:1: 'weather' is not a topic of topics.toml",
    ]
    (data / "quiz" / "peers.toml").write_text("[[statement]\n")
    assert any("this is not TOML" in fault.message for fault in load_faults(data))


def check_faults(data: Path) -> list[str]:
    return [str(fault) for fault in check_content(data, TODAY)]


def test_the_check_reads_the_grade_and_the_length_of_sentences(tmp_path: Path) -> None:
    heavy = (
        "Institutional participation necessitates considerable determination. Individual predispositions and "
        "communication difficulties complicate administrative considerations."
    )
    [fault] = check_faults(with_quiz(tmp_path / "heavy", why=f'"{heavy} {WHY}"'))
    assert fault.startswith(f"{FILE}:6: reading grade ")
    long = "It is " + "so and " * 15 + "so, and a group is glad of them."
    [fault] = check_faults(with_quiz(tmp_path / "long", why=f'"{long}"'))
    assert fault == f"{FILE}:6: a sentence of 40 words; at most 30"


def test_every_topic_has_five_statements_and_a_third_of_each_answer(tmp_path: Path) -> None:
    data = make_data(tmp_path)
    file = data / "quiz" / "peers.toml"

    def of(true: int, count: int) -> list[str]:
        answers = (str(place < true).lower() for place in range(count))
        texts = (statement_text(id=f'"s-{place}"', answer=answer) for place, answer in enumerate(answers))
        file.write_text("\n".join(texts), encoding="utf-8")
        return check_faults(data)

    assert of(2, 6) == of(4, 6) == of(3, 5) == []
    assert of(2, 4) == [f"{FILE}:1: 4 statements; at least 5"]
    for true in (0, 1, 5, 6):
        assert of(true, 6) == [f"{FILE}:1: {true} of 6 statements are true; at least a third is true, a third not"]
    file.unlink()
    assert check_faults(data) == [f"{FILE}:1: the topic 'peers' has no statements"]
    (data / "quiz").rmdir()
    assert check_faults(data) == [f"{FILE}:1: the topic 'peers' has no statements"]
    assert [str(fault) for fault in load_faults(data)] == [f"{FILE}:1: the topic 'peers' has no statements"]
