"""Forms with every kind of field, pictures and letters in a written scenario: told and filled in as a person would."""

from zoneinfo import ZoneInfo

import pytest

from rehearsal.script import ScriptError, parse_script, play
from tests.rehearsal.standin import StandInEngine

LONDON = ZoneInfo("Europe/London")
OPEN = "as robin in #lounge: /survey\n"


async def _play(engine: StandInEngine, text: str) -> list[str]:
    told: list[str] = []
    await play(parse_script(text), engine, told.append, LONDON)
    return told


def _from(told: list[str], start: str) -> list[str]:
    """The lines of a transcript from the first one that begins so, without what they are moved in by."""
    place = next(number for number, line in enumerate(told) if line.strip().startswith(start))
    return [line[7:] for line in told[place:]]


async def test_a_form_is_told_as_it_looks_when_it_opens(engine: StandInEngine) -> None:
    told = await _play(engine, OPEN)
    assert _from(told, "Evenkeel shows Robin a form") == [
        "Evenkeel shows Robin a form: How are you?",
        "  Mood *:",
        "    Only you see this.",
        "    ( ) Low (a heavy day)",
        "    ( ) All right",
        "  What helped:",
        "    [ ] Walk",
        "    [x] Tea",
        "    [ ] Sleep",
        "  Urge: (0 to 10 ▾) 0 / 10",
        "  One line: …",
        "  [x] Count me in",
    ]


async def test_what_stands_in_a_field_is_told(engine: StandInEngine) -> None:
    told = await _play(engine, 'as robin in #lounge: /panel\npress "Write"')
    assert _from(told, "Words *") == [
        "  Words *: as before",
        "  Who may see this *:",
        "    (•) Just me",
        "    ( ) The group",
    ]


async def test_every_kind_of_field_is_filled_in_as_in_discord(engine: StandInEngine) -> None:
    told = await _play(
        engine,
        OPEN
        + """
        expect form "a heavy day"
        expect form "Only you see this."
        fill "Mood" = "low"
        fill "What helped" = "Walk", "Sleep"
        fill "Urge" = "10"
        fill "One line" = "slowly"
        fill "Count me in" = no
        send
        expect private "Thank you."
        """,
    )
    assert engine.memory.filled == {
        "mood": "1", "helped": ["walk", "sleep"], "urge": ["10"], "line": "slowly", "in": False
    }  # fmt: skip
    assert any("fills in “What helped” with Walk, Sleep" in line for line in told)


async def test_untouched_fields_send_what_stands_in_them(engine: StandInEngine) -> None:
    await _play(engine, f'{OPEN}fill "Mood" = "All right"\nsend')
    assert engine.memory.filled == {"mood": "2", "helped": ["tea"], "urge": [], "line": "", "in": True}


async def test_fields_are_emptied(engine: StandInEngine) -> None:
    told = await _play(
        engine,
        OPEN
        + """
        fill "Mood" = "Low"
        fill "One line" = "slowly"
        clear "One line"
        clear "What helped"
        clear "Count me in"
        clear "Urge"
        send
        """,
    )
    assert engine.memory.filled == {"mood": "1", "helped": [], "urge": [], "line": "", "in": False}
    assert any("Robin, in #lounge: empties “What helped”" in line for line in told)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("send", "“Mood” must be filled in"),
        ('fill "Mood" = "Low", "All right"', "“Mood” takes 1 at most"),
        ('fill "Mood" = "High"', "“Mood” does not offer “High”; it offers “Low”, “All right”"),
        ('fill "Mood" = "Low"\nclear "Mood"', "one of “Mood” stays chosen: choose another one"),
        ('fill "What helped" = "Walk", "Tea", "Sleep"', "“What helped” takes 2 at most"),
        ('fill "What helped" = "Cake"', "“What helped” does not offer “Cake”; it offers “Walk”, “Tea”, “Sleep”"),
        ('fill "Urge" = "0", "10"', "“Urge” takes 1 at most"),
        ('fill "One line" = "thirteen signs"', "“One line” takes 12 characters at most; these are 14"),
        ('fill "Mood" = "Low"\nfill "One line" = "ab"\nsend', "“One line” takes 3 characters at least; these are 2"),
        ('fill "Count me in" = perhaps', "“Count me in” is filled with yes or no"),
        ('fill "Weather" = "rain"', "the form has no field “Weather”; it has “Mood”, “What helped”, “Urge”"),
        ('clear "Weather"', "the form has no field “Weather”"),
        ('expect form "Weather"', "expected form “Weather”"),
    ],
)
async def test_what_discord_would_not_let_a_person_do(engine: StandInEngine, steps: str, told: str) -> None:
    with pytest.raises(ScriptError) as caught:
        await _play(engine, OPEN + steps)
    assert caught.value.sentence.startswith(told)
    assert caught.value.line == 2 + steps.count("\n")


async def test_nothing_is_emptied_without_a_form(engine: StandInEngine) -> None:
    with pytest.raises(ScriptError, match="no form is open"):
        await _play(engine, 'as robin in #lounge: clear "Words"')


async def test_a_picture_is_told_by_its_words_where_it_stands(engine: StandInEngine) -> None:
    told = await _play(
        engine,
        """
        as robin in #lounge: /picture
        expect private "A line that climbs from Monday to Sunday."
        """,
    )
    assert _from(told, "Your week") == [
        "  Your week",
        "  [picture: A line that climbs from Monday to Sunday.]",
        "  That was it.",
    ]


async def test_a_picture_without_words_is_told_as_that(engine: StandInEngine) -> None:
    told = await _play(engine, "as robin in #lounge: /bare")
    assert "  [picture without a description]" in _from(told, "Your week")


async def test_a_letter_comes_to_one_person_and_is_answered_there(engine: StandInEngine) -> None:
    told = await _play(
        engine,
        """
        as juniper in #lounge: /letter who:@robin
        expect no dm "A letter"
        expect no public "A letter"
        as robin in dm
        expect dm "A letter for you."
        expect button "Thank you"
        press "Thank you"
        expect dm "You're welcome."
        as wren in dm
        expect no dm "You're welcome."
        """,
    )
    assert any("Evenkeel, in direct messages with Robin" in line for line in told)
    assert any("Robin, in direct messages: presses “Thank you”" in line for line in told)
