"""The text catalogue: lengths by key, house rules, reading grade, each with file and line."""

from pathlib import Path

import pytest

from bot.content import Fault, check_content
from tests.unit.content.made import TODAY, make_data

PLAIN = "We keep the room calm and kind, so that people can come and go as they like."


def faults_of(tmp_path: Path, text: str, name: str = "help.toml") -> list[Fault]:
    data = make_data(tmp_path)
    (data / "texts").mkdir()
    (data / "texts" / name).write_text(text, encoding="utf-8")
    return check_content(data, TODAY)


def test_sound_texts_have_no_faults(tmp_path: Path) -> None:
    text = (
        f'# a remark\ngreeting = "{PLAIN}"\n\n[topics]\ntitle = "What you can do"\n\n[topics.days]\n'
        'one = "{count} day"\nother = "{count} days"\n\n[topics.long]\ntext = """\nFirst line.\nkey = not a key\n"""\n'
        'inline = { one = "a", other = "b" }\n"quoted.key" = "Fine."\n'
    )
    assert faults_of(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f'a = "{PLAIN}"\n[b]\ntitle = "{"x" * 46}"\n', 3, "help.b.title: 46 characters; Discord takes 45 here"),
        (f'[b]\nlabel = "{"x" * 46}"\n', 2, "help.b.label: 46 characters; Discord takes 45 here"),
        (f'[b]\ndescription = "{"x" * 101}"\n', 2, "help.b.description: 101 characters; Discord takes 100 here"),
        (f'[b]\nplaceholder = "{"x" * 101}"\n', 2, "help.b.placeholder: 101 characters; Discord takes 100 here"),
        (f'[b]\nchoice = "{"x" * 101}"\n', 2, "help.b.choice: 101 characters; Discord takes 100 here"),
        (f'[b]\nanything = "{"x" * 4001}"\n', 2, "help.b.anything: 4001 characters; Discord takes 4000 here"),
        (f'[b.title]\none = "x"\nother = "{"x" * 46}"\n', 3, "help.b.title: 46 characters; Discord takes 45 here"),
        ('[b]\nc = ""\n', 2, "help.b.c: the text is empty"),
        ("[b]\nc = 3\n", 2, "help.b.c: a text is a string or a table of 'one' and 'other'"),
        ('[b]\nc = ["x"]\n', 2, "help.b.c: a text is a string or a table of 'one' and 'other'"),
        ('[b.c]\none = "x"\n', 1, "help.b.c: a plural needs both 'one' and 'other'"),
        ('[b.c]\none = "x"\nother = 2\n', 3, "help.b.c: 'one' and 'other' are strings"),
        ('a = """\nYou should\nrest.\n"""\n', 1, "help.a: should: "),
        ('a = "Fine."\n\n\nb = "Take two tablets."\n', 4, "help.b: dose: "),
        ('a = "Addicts."\n', 1, "help.a: label: "),
        ('a = "Report abuse."\n', 1, "help.a: abuse: "),
        ('a = "Call 911 now."\n', 1, "help.a: phone number: '911' belongs in support_lines.toml"),
        ('a = "You\'ll be fine."\n', 1, "help.a: promise: "),
        ('a = "x\n', 1, "this is not TOML"),
        (
            'a = "Notwithstanding considerable organisational complexities, administrators necessarily accumulate '
            'supplementary responsibilities regarding confidentiality obligations universally."\n',
            1,
            "help.a: reading grade ",
        ),
        (f'a = "{" ".join(["so it is"] * 11)}."\n', 1, "help.a: a sentence of 33 words; at most 30"),
    ],
)
def test_a_fault_of_a_text_names_file_line_and_key(tmp_path: Path, text: str, line: int, message: str) -> None:
    found = faults_of(tmp_path, text)
    assert any(f.path == "data/texts/help.toml" and f.line == line and f.message.startswith(message) for f in found), (
        found
    )


def test_a_short_text_has_no_grade(tmp_path: Path) -> None:
    assert faults_of(tmp_path, 'a = "Administrators configure notification responsibilities individually."\n') == []


def test_another_kind_of_file_is_a_fault(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, "x", name="notes.txt")
    assert fault.message == "only .toml files belong in this folder"
