"""The format of written scenarios: what each line means, and what is said of a line that means nothing."""

from datetime import datetime, timedelta

import pytest

from rehearsal.script import ScriptError, parse_script
from rehearsal.script.steps import (
    Advance,
    Become,
    Choose,
    Command,
    Expect,
    Fill,
    Place,
    Press,
    Restart,
    Say,
    Scene,
    Send,
    Step,
    Value,
)

LOUNGE = Place("channel", "lounge")


def _steps(text: str) -> list[Step]:
    return [line.step for line in parse_script(text).lines]


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ('scene "The first evening"', [Scene("The first evening")]),
        ("as robin in #lounge", [Become("robin", LOUNGE)]),
        ("as robin in dm: /sos", [Become("robin", Place("dm")), Command("sos")]),
        ('as robin in thread "A quiet talk"', [Become("robin", Place("thread", "A quiet talk"))]),
        ('as Robin: say "it is 5:30, and quiet"', [Become("Robin", None), Say("it is 5:30, and quiet")]),
        ('as robin in #lounge: press "Next"', [Become("robin", LOUNGE), Press("Next")]),
        ("/setup guide", [Command("setup guide")]),
        ('/learn read snippet:"Sleep: a few nights"', [
            Command("learn read", (("snippet", Value("text", "Sleep: a few nights")),))
        ]),
        ("/setup channel purpose:care channel:#care", [
            Command("setup channel", (("purpose", Value("text", "care")), ("channel", Value("channel", "care"))))
        ]),
        ("/me quiet from:23:00 to:07:00", [
            Command("me quiet", (("from", Value("text", "23:00")), ("to", Value("text", "07:00"))))
        ]),
        ("/me avoid member:@brook", [Command("me avoid", (("member", Value("mention", "brook")),))]),
        ('choose "Europe/London"', [Choose((Value("text", "Europe/London"),))]),
        ('choose "Monday", "Friday" from "Days"', [
            Choose((Value("text", "Monday"), Value("text", "Friday")), "Days")
        ]),
        ("choose #care", [Choose((Value("channel", "care"),))]),
        ('fill "Words" = "she said \\"no\\""', [Fill("Words", (Value("text", 'she said "no"'),))]),
        ('fill "Ready" = yes', [Fill("Ready", (Value("text", "yes"),))]),
        ("send", [Send()]),
        ("restart", [Restart()]),
        ("restart after 2 days", [Restart(timedelta(days=2))]),
        ("advance 10 minutes", [Advance(timedelta(minutes=10))]),
        ("advance 1 week", [Advance(timedelta(weeks=1))]),
        ("advance to morning", [Advance(None)]),
        ('expect private "hello"', [Expect("private", "hello")]),
        ('expect no public "hello" in #lounge', [Expect("public", "hello", LOUNGE, absent=True)]),
        ("expect channel #care", [Expect("channel", "care")]),
        ("# a note", []),
        ("", []),
    ],
)  # fmt: skip
def test_lines_that_mean_something(line: str, steps: list[Step]) -> None:
    assert _steps(line) == steps


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("dance", "“dance” is no step"),
        ("as robin in lounge", "is no place"),
        ("as robin in #lounge:", "nothing stands after the colon"),
        ("as", "is no step"),
        ('as "robin"', "a name is missing"),
        ("press Next", "the button's label is missing"),
        ('press "Next" "Back"', "too much"),
        ('press "Next', "quotation mark"),
        ('fill "Words" "x"', "write fill"),
        ("choose", "a value is missing"),
        ("advance soon", "a unit is missing"),
        ("advance 2 moons", "minutes, hours, days or weeks"),
        ("advance to evening", "advance to morning"),
        ("restart after lunch", "a unit is missing"),
        ("restart 2 days", "too much"),
        ('expect loud "x"', "can't be expected"),
        ("expect private", "the text to expect is missing"),
        ('/learn read "a title"', "is no option"),
        ("/Learn", "a command looks like"),
        ("begin somewhere", "begin ready, or begin empty"),
        ("at noon", "a moment looks like"),
    ],
)
def test_lines_that_mean_nothing_are_named_by_number(line: str, told: str) -> None:
    with pytest.raises(ScriptError, match=told) as caught:
        parse_script(f"# a note\n\n{line}\n")
    assert caught.value.line == 3


def test_the_beginning_of_a_scenario() -> None:
    script = parse_script("begin empty\nat 2026-03-28 22:30\nrestart\n")
    assert not script.ready
    assert script.start == datetime(2026, 3, 28, 22, 30)  # noqa: DTZ001 - a wall clock without a zone
    assert [line.number for line in script.lines] == [3]


def test_a_scenario_begins_ready_unless_it_says_otherwise() -> None:
    assert parse_script("restart").ready
    assert parse_script("restart").start is None


def test_the_beginning_stands_above_the_steps() -> None:
    with pytest.raises(ScriptError, match="above the first step"):
        parse_script("restart\nbegin empty")
