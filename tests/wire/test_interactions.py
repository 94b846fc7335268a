"""Answers to people over the wire: at once, deferred, by form and select, late, twice, and taken before an error."""

from __future__ import annotations

import asyncio

import discord
import pytest

from tests.wire.bare_bot import BareBot
from tests.wire.discord_server import Guild, WireDiscord
from tests.wire.discord_server.interactions import CHOICES, DEFER, MESSAGE, MODAL, UPDATE

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"


async def test_a_command_is_answered(wire: WireDiscord, guild: Guild, person: int, bare: BareBot) -> None:
    answer = await wire.slash("note", {"text": "tea", "who": person}, user=person, guild=guild)
    assert (answer.kind, answer.ephemeral) == (MESSAGE, True)
    assert "Noted: tea robin" in answer.text
    assert answer.custom_ids == ["bare:again"]
    assert wire.messages_in(int(answer.payload["channel_id"])) == []


async def test_a_client_sends_only_what_is_registered(
    wire: WireDiscord, guild: Guild, person: int, bare: BareBot
) -> None:
    with pytest.raises(AssertionError, match="not registered"):
        await wire.slash("nothing", user=person, guild=guild)
    with pytest.raises(AssertionError, match="left out"):
        await wire.slash("note", user=person, guild=guild)
    with pytest.raises(AssertionError, match="no option"):
        await wire.slash("note", {"text": "x", "colour": "red"}, user=person, guild=guild)


async def test_autocomplete(wire: WireDiscord, guild: Guild, person: int, bare: BareBot) -> None:
    choices = await wire.type_in("note", "text", "te", user=person, guild=guild)
    assert [(choice["name"], choice["value"]) for choice in choices] == [("te!", "te")]
    assert wire.calls(CALLBACK)[-1].body["type"] == CHOICES


async def test_the_first_follow_up_takes_the_visibility_of_the_deferral(
    wire: WireDiscord, guild: Guild, person: int, bare: BareBot
) -> None:
    answer = await wire.slash("later", user=person, guild=guild)
    assert answer.kind == DEFER
    await wire.called(FOLLOW_UP, 2)
    assert answer.message["content"] == "Here it is"
    assert answer.ephemeral
    [posted] = wire.messages_in(int(answer.payload["channel_id"]))
    assert posted["content"] == "And this, for everybody"


async def test_a_form_is_opened_and_sent(wire: WireDiscord, guild: Guild, person: int, bare: BareBot) -> None:
    opened = await wire.slash("form", user=person, guild=guild)
    assert opened.kind == MODAL
    assert "Your words" in opened.text
    answer = await wire.submit(opened, {"words": "a good day"}, user=person, guild=guild)
    assert answer.text == "You wrote: a good day"


async def test_a_choice_updates_its_message(wire: WireDiscord, guild: Guild, person: int, bare: BareBot) -> None:
    role = wire.add_role(guild, "Tea drinkers")
    shown = await wire.slash("pick", user=person, guild=guild)
    [posted] = wire.messages_in(int(shown.payload["channel_id"]))
    answer = await wire.press(posted, "bare:role", [role], user=person, guild=guild)
    assert answer.kind == UPDATE
    assert posted["content"] == "Chosen: Tea drinkers"
    assert posted["components"] == []


async def test_a_press_needs_something_to_press(wire: WireDiscord, guild: Guild, person: int, bare: BareBot) -> None:
    answer = await wire.slash("note", {"text": "tea"}, user=person, guild=guild)
    with pytest.raises(AssertionError, match="nothing to press"):
        await wire.press(answer.message, "bare:other", user=person, guild=guild)


async def test_a_502_after_the_answer_was_taken_is_retried_into_40060(
    wire: WireDiscord, guild: Guild, person: int, bare: BareBot
) -> None:
    wire.fail_next(CALLBACK, 502, taken=True)
    answer = await wire.slash("note", {"text": "tea"}, user=person, guild=guild)
    await wire.called(CALLBACK, 2)
    assert "Noted: tea" in answer.text
    assert [call.status for call in wire.calls(CALLBACK)] == [502, 400]
    async with asyncio.timeout(5), bare.happened:
        await bare.happened.wait_for(lambda: bool(bare.errors))
    [error] = bare.errors
    assert isinstance(error, discord.HTTPException)
    assert error.code == 40060


async def test_a_502_after_a_follow_up_was_taken_posts_it_twice(
    wire: WireDiscord, guild: Guild, person: int, bare: BareBot
) -> None:
    fault = wire.fail_next(FOLLOW_UP, None)
    await wire.slash("later", user=person, guild=guild)
    await wire.called(FOLLOW_UP, 2)
    assert fault.happened == 1
    wire.fail_next(FOLLOW_UP, 502, taken=True)
    answer = await wire.slash("later", user=person, guild=guild)
    await wire.called(FOLLOW_UP, 5)
    assert [message["content"] for message in answer.followups.values()] == ["Here it is", "And this, for everybody"]


async def test_an_answer_after_three_seconds_is_too_late(
    wire: WireDiscord, guild: Guild, person: int, bare: BareBot
) -> None:
    late = await wire.slash("note", {"text": "tea"}, user=person, guild=guild, patience=None)
    late.sent_at -= 3.1
    [call] = await wire.called(CALLBACK)
    assert call.status == 404
    assert late.callback is None


async def test_what_discord_would_refuse_is_refused_and_noted(
    wire: WireDiscord, guild: Guild, person: int, bare: BareBot
) -> None:
    if wire.rest.description is None:
        pytest.skip("Discord's description is absent")
    channel = bare.get_partial_messageable(next(iter(guild.channels)), guild_id=guild.id)
    await bare.until_seen("ready")
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("x" * 4001)
    assert refused.value.code == 50035
    [problem] = wire.take_problems()
    assert problem.kind == "request"
    assert "$.content" in problem.detail
