"""The one way to answer: in time, in private, once."""

import asyncio
import json
import logging

import aiohttp
import discord
import pytest

from bot.discordkit import Answer, Form, Panel, Text, Write, say
from bot.discordkit import answer as answers
from bot.discordkit.answer import NOBODY
from bot.discordkit.panels import Download
from bot.errors import Refusal
from tests.unit.platform.desk import (
    ASKED,
    COMMAND,
    DEFERRED,
    FORM,
    PRESS,
    SHOWN,
    UPDATED,
    UPDATING,
    Desk,
    refused,
)

QUESTION = Form("me", "words", "Words", (Write("words", "Yours"),))
TAKEN_BEFORE = 40060


def test_the_patience_is_inside_our_promise_of_one_second() -> None:
    assert 0 < answers.PATIENCE < 1


async def test_a_quick_answer_is_the_first_answer_and_private(desk: Desk) -> None:
    answer = desk.answer(desk.interaction())
    assert not answer.said
    with answer.on_time():
        await answer.show(say("Here you are."))
    [call] = desk.line.calls
    assert (call.way, call.kind, call.private) == ("callback", SHOWN, True)
    assert "Here you are." in call.text
    assert call.body["data"]["allowed_mentions"] == NOBODY.to_dict()
    assert answer.said


async def test_no_alarm_is_left_behind_by_a_quick_answer(desk: Desk) -> None:
    answer = desk.answer(desk.interaction())
    with answer.on_time():
        pass
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert desk.line.calls == []


@pytest.mark.parametrize("public", [False, True])
async def test_a_slow_command_is_acknowledged_by_itself_and_keeps_its_visibility(desk: Desk, public: bool) -> None:
    answer = desk.answer(desk.interaction(), public=public)
    with answer.on_time():
        await desk.line.called.wait()
        assert not answer.said
        await answer.show(say("At last."))
        await answer.show(say("And one more."))
    defer, first, second = desk.line.calls
    assert (defer.way, defer.kind, defer.private) == ("callback", DEFERRED, not public)
    assert first.way == "edit"
    assert (second.way, second.private) == ("followup", not public)


@pytest.mark.parametrize("kind", [PRESS, FORM])
async def test_a_slow_press_leaves_its_message_alone_and_answers_beside_it_in_private(desk: Desk, kind: int) -> None:
    answer = desk.answer(desk.interaction(kind, on_message=True))
    with answer.on_time():
        await desk.line.called.wait()
        await answer.show(say("Only for you."))
    defer, beside = desk.line.calls
    assert defer.kind == UPDATING
    assert (beside.way, beside.private) == ("followup", True)


async def test_a_private_text_never_follows_a_public_acknowledgement(desk: Desk) -> None:
    for kind, on_message in ((COMMAND, False), (PRESS, True), (FORM, True), (FORM, False)):
        desk.line.calls.clear()
        desk.line.called.clear()
        answer = desk.answer(desk.interaction(kind, on_message=on_message))
        with answer.on_time():
            await desk.line.called.wait()
            await answer.show(say("Only for you."))
        assert all(call.private or call.kind == UPDATING or call.way == "edit" for call in desk.line.calls)
        assert desk.line.ways == (["callback", "followup"] if on_message else ["callback", "edit"])


async def test_an_apology_beside_a_public_answer_is_private_where_it_still_can_be(desk: Desk) -> None:
    answer = desk.answer(desk.interaction(), public=True)
    await answer.show(say("Not for you."), aside=True)
    await answer.show(say("Later."), aside=True)
    assert [call.private for call in desk.line.calls] == [True, True]


async def test_a_panel_is_redrawn_in_its_place(desk: Desk) -> None:
    quick = desk.answer(desk.press("ek1:me:words:"))
    await quick.redraw(say("New."))
    assert [(call.way, call.kind) for call in desk.line.calls] == [("callback", UPDATED)]
    await quick.redraw(say("Newer."))
    assert desk.line.ways == ["callback", "edit"]


async def test_a_slow_redraw_and_one_without_a_message(desk: Desk) -> None:
    slow = desk.answer(desk.press("ek1:me:words:"))
    with slow.on_time():
        await desk.line.called.wait()
        await slow.redraw(say("New."))
    assert [(call.way, call.kind) for call in desk.line.calls] == [("callback", UPDATING), ("edit", None)]
    desk.line.calls.clear()
    await desk.answer(desk.interaction()).redraw(say("Shown."))
    assert [(call.way, call.kind, call.private) for call in desk.line.calls] == [("callback", SHOWN, True)]


async def test_an_answer_taken_before_its_retry_counts_as_given(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.line.faults.append(refused(400, TAKEN_BEFORE))
    answer = desk.answer(desk.interaction())
    await answer.show(say("Once."))
    assert answer.said
    await answer.show(say("More."))
    assert desk.line.ways == ["callback", "followup"]
    assert desk.line.calls[1].private
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_form_and_a_redraw_taken_before_their_retry_count_too(desk: Desk) -> None:
    desk.line.faults.extend([refused(400, TAKEN_BEFORE), refused(400, TAKEN_BEFORE)])
    await desk.answer(desk.interaction()).ask(QUESTION)
    await desk.answer(desk.press("ek1:me:words:")).redraw(say("Once."))
    assert [call.kind for call in desk.line.calls] == [ASKED, UPDATED]


async def test_any_other_refusal_of_the_answer_is_raised(desk: Desk) -> None:
    desk.line.faults.append(refused(400, 50035))
    answer = desk.answer(desk.interaction())
    with pytest.raises(discord.HTTPException):
        await answer.show(say("Too long."))
    assert not answer.said


async def test_an_acknowledgement_taken_before_its_retry_is_one(desk: Desk) -> None:
    desk.line.faults.append(refused(400, TAKEN_BEFORE))
    answer = desk.answer(desk.interaction())
    with answer.on_time():
        await desk.line.called.wait()
        await answer.show(say("At last."))
    assert desk.line.ways == ["callback", "edit"]


@pytest.mark.parametrize("fault", [refused(500, 0), aiohttp.ServerDisconnectedError(), ConnectionResetError()])
async def test_after_a_failed_acknowledgement_the_answer_is_still_the_first_one(desk: Desk, fault: Exception) -> None:
    desk.line.faults.append(fault)
    answer = desk.answer(desk.interaction())
    with answer.on_time():
        await desk.line.called.wait()
        await answer.show(say("All the same."))
    assert [(call.way, call.kind) for call in desk.line.calls] == [("callback", DEFERRED), ("callback", SHOWN)]


async def test_a_form_opens_first_or_is_refused_kindly(desk: Desk) -> None:
    quick = desk.answer(desk.interaction())
    await quick.ask(QUESTION)
    assert desk.line.calls[0].kind == ASKED
    slow = desk.answer(desk.interaction())
    desk.line.called.clear()
    with slow.on_time():
        await desk.line.called.wait()
        with pytest.raises(Refusal) as told:
            await slow.ask(QUESTION)
    assert told.value.key == "kit.slow_form"
    assert [call.kind for call in desk.line.calls] == [ASKED, DEFERRED]


async def test_an_answer_is_found_again_from_its_interaction(desk: Desk) -> None:
    interaction = desk.interaction()
    with pytest.raises(KeyError):
        Answer.to(interaction)
    answer = desk.answer(interaction)
    assert Answer.to(interaction) is answer


async def test_files_go_with_the_answer_and_with_a_late_one(desk: Desk) -> None:
    panel = Panel((Text("Your copy."), Download("copy.json", b"{}")))
    await desk.answer(desk.interaction()).show(panel)
    late = desk.answer(desk.interaction())
    desk.line.called.clear()
    with late.on_time():
        await desk.line.called.wait()
        await late.show(panel)
    for call in (desk.line.calls[0], desk.line.calls[2]):
        body = call.body["data"] if call.way == "callback" else call.body
        assert [file["filename"] for file in body["attachments"]] == ["copy.json"]
        assert "attachment://copy.json" in json.dumps(body)
