"""Playing written scenarios: what is done, told, expected, and what fails."""

from zoneinfo import ZoneInfo

import pytest

from rehearsal.script import ScriptError, parse_script, play
from tests.rehearsal.standin import StandInEngine

LONDON = ZoneInfo("Europe/London")


async def _play(engine: StandInEngine, text: str) -> str:
    told: list[str] = []
    await play(parse_script(text), engine, told.append, LONDON)
    return "\n".join(told)


async def _fault(engine: StandInEngine, text: str) -> ScriptError:
    with pytest.raises(ScriptError) as caught:
        await _play(engine, text)
    return caught.value


async def test_a_whole_conversation_reads_like_one(engine: StandInEngine) -> None:
    told = await _play(
        engine,
        """
        at 2026-11-23 18:00
        scene "An evening"
        as robin in #lounge: /panel
        expect private "Good evening"
        expect no public "Good evening"
        press "Say more"
        expect private "Pressed 1 times"
        choose "Europe/London" from "Time zone"
        choose "Europe/Paris" from "Pressed 1 times"
        press "Write"
        expect form "Who may see this"
        fill "Words" = "slowly"
        fill "Who may see this" = "The group"
        send
        expect private "Kept: slowly (group)"
        """,
    )
    assert told.strip().splitlines()[:9] == [
        "— An evening —",
        "",
        "Monday 23 November 2026",
        "18:00  Robin, in #lounge: /panel",
        "       Evenkeel, only to Robin, in #lounge",
        "         Good evening",
        "         Pressed 0 times. Words: none",
        "         [Say more →] [Write] [Not now]",
        "         (Time zone ▾)",
    ]
    assert "Evenkeel shows Robin a form: Your words" in told
    assert "fills in “Words” with slowly" in told
    assert engine.memory.words == "slowly (group)"


async def test_a_field_nobody_touches_keeps_what_stood_in_it(engine: StandInEngine) -> None:
    await _play(engine, 'as robin in #lounge: /panel\npress "Write"\nsend')
    assert engine.memory.words == "as before (me)"


async def test_options_are_read_as_the_client_reads_them(engine: StandInEngine) -> None:
    await _play(
        engine,
        """
        as robin in #welcome: /share where:#lounge who:@finch loud:yes
        expect public "For @Finch!" in #lounge
        expect no public "For @Finch!" in #welcome
        as robin: /read title:"sleep"
        expect private "When sleep won't come"
        as robin: /read title:"Tolerance in plain words"
        expect private "Tolerance in plain words"
        """,
    )


async def test_direct_messages_and_threads_are_places(engine: StandInEngine) -> None:
    await _play(
        engine,
        """
        as robin in dm: /read title:sleep
        expect dm "When sleep"
        as robin in #lounge: /room
        expect public "Here we are"
        as robin in thread "A quiet talk": say "Thank you"
        expect public "Thank you" in thread "A quiet talk"
        """,
    )


async def test_lists_of_channels_take_channels(engine: StandInEngine) -> None:
    told = await _play(engine, 'as robin in #lounge: /panel\nchoose #library\nexpect private "#library it is"')
    assert "chooses #library" in told


async def test_time_and_restarts(engine: StandInEngine) -> None:
    told = await _play(
        engine,
        """
        as robin in #lounge: /later hours:14
        /panel
        advance 2 hours
        expect no public "Back at"
        restart
        press "Say more"
        expect private "Pressed 1 times"
        advance to morning
        expect public "Back at Tuesday 24 November 08:00" in #lounge
        """,
    )
    assert "Tuesday 24 November 2026" not in told.split("… the night passes")[0]
    assert engine.memory.starts == 2


async def test_what_a_step_makes_due_belongs_to_the_step(engine: StandInEngine) -> None:
    await _play(engine, 'as robin in #lounge: /later hours:0\nexpect public "Back at" in #lounge')


async def test_what_somebody_can_not_see_is_not_public_to_them(engine: StandInEngine) -> None:
    told = 'as juniper in #care: say "For the team"\nas {person}\nexpect {no} public "For the team"'
    await _play(engine, told.format(person="linden", no=""))
    await _play(engine, told.format(person="robin", no="no"))


async def test_what_discord_notes_by_itself_is_not_told(engine: StandInEngine) -> None:
    told = await _play(engine, "as robin in #lounge: /room")
    assert "Evenkeel in “A quiet talk”" in told
    assert "Evenkeel in #lounge" not in told


async def test_an_empty_server_has_no_care_channel(engine: StandInEngine) -> None:
    await _play(engine, "begin empty\nas admin in #welcome\nexpect no channel #care")
    await _play(engine, "as admin in #welcome\nexpect channel #care\nas robin\nexpect no channel #care")


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ('press "Jump"', "no button “Jump” here; there is “Say more →”"),
        ('press "Not now"', "can't be pressed now"),
        ('choose "Europe/Paris" from "Colours"', "on offer is nothing"),
        ('choose "Mars"', "no list here offers Mars; on offer is “Europe/London”"),
        ('fill "Words" = "x"', "no form is open"),
        ("send", "no form is open"),
        ("/nothing", "nothing"),
        ("/read titel:x", "has no option titel"),
        ("as nobody: restart", "nobody here is called nobody"),
        ("as robin in #care: /panel", "(?i)missing|access"),
        ("as robin in #moon: /panel", "there is no #moon"),
        ('expect private "Good night"', "expected private “Good night”; there was “good evening"),
        ('expect no private "good evening"', "expected no private"),
        ('expect public "Good evening"', "nothing of the kind"),
        ('expect form "Words"', "no form"),
        ('expect button "Jump"', "expected button"),
        ("/broken", r"the bot failed in this step \(CommandInvokeError\)"),
    ],
)
async def test_what_can_not_be_done_or_is_not_so_fails_with_its_line(
    engine: StandInEngine, step: str, told: str
) -> None:
    fault = await _fault(engine, f"as robin in #lounge: /panel\n{step}")
    assert fault.line == 2
    with pytest.raises(ScriptError, match=told):
        raise fault


async def test_nobody_acts_before_somebody_is_named(engine: StandInEngine) -> None:
    assert "begin with as NAME" in (await _fault(engine, "/panel")).sentence


async def test_a_persons_private_answer_is_not_anothers(engine: StandInEngine) -> None:
    fault = await _fault(engine, 'as robin in #lounge: /panel\nas wren\nexpect private "Good evening"')
    assert fault.line == 3


async def test_anothers_open_form_can_not_be_sent(engine: StandInEngine) -> None:
    fault = await _fault(engine, 'as robin in #lounge: /panel\npress "Write"\nas wren\nsend')
    assert fault.sentence == "no form is open"
