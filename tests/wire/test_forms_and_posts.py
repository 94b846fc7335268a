"""Forms, files, consent and public posts over the wire: what is sent twice counts once, also after a restart."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bot.client import Evenkeel
from tests.wire.discord_server import Guild, Interaction, WireDiscord
from tests.wire.discord_server.interactions import MODAL
from tests.wire.our_bot import Our

SEND = "POST /channels/{channel_id}/messages"


def starting(answer: Interaction, beginning: str) -> str:
    """The first custom id of an answer that begins like this."""
    found = [one for one in answer.custom_ids if one.startswith(beginning)]
    assert found, f"no {beginning} among {answer.custom_ids}"
    return found[0]


async def agree(wire: WireDiscord, guild: Guild, person: int, asked: Interaction) -> Interaction:
    """Presses "I agree"."""
    return await wire.press(asked.message, starting(asked, "ek1:consent:agree:"), user=person, guild=guild)


def rows(our: Our, table: str) -> int:
    """How many rows a table has."""
    with closing(sqlite3.connect(our.database)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def erase(wire: WireDiscord, guild: Guild, person: int, opened: Interaction) -> str:
    """Sends the filled form; returns what the person is told."""
    done = await wire.submit(opened, {"word": "ERASE"}, user=person, guild=guild)
    return (await wire.settled(done)).text


async def test_nothing_is_stored_before_the_person_agrees(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, our: Our
) -> None:
    asked = await wire.slash("me timezone", {"zone": "Europe/Berlin"}, user=person, guild=guild)
    assert asked.ephemeral
    assert (rows(our, "members"), rows(our, "consents")) == (0, 0)
    await agree(wire, guild, person, asked)
    assert (rows(our, "members"), rows(our, "consents")) == (1, 1)


async def test_consent_after_a_restart_carries_the_wish_on(
    wire: WireDiscord, guild: Guild, person: int, our: Our
) -> None:
    async with our.running():
        asked = await wire.slash("me timezone", {"zone": "Asia/Tokyo"}, user=person, guild=guild)
    async with our.running() as bot:
        await agree(wire, guild, person, asked)
        assert (await bot.rooms.members.profile(guild.id, person)).timezone == "Asia/Tokyo"


async def test_zones_are_suggested_while_somebody_types(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    choices = await wire.type_in("me timezone", "zone", "berl", user=person, guild=guild)
    assert "Europe/Berlin" in [choice["value"] for choice in choices]


async def test_a_reading_is_found_opened_and_saved_once(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, our: Our
) -> None:
    [first, *_] = await wire.type_in("learn read", "snippet", "what clonazepam", user=person, guild=guild)
    reading = await wire.slash("learn read", {"snippet": first["value"]}, user=person, guild=guild)
    save = starting(reading, "ek1:learn:save:")
    asked = await wire.press(reading.message, save, user=person, guild=guild)
    await agree(wire, guild, person, asked)
    assert rows(our, "saved_snippets") == 1
    await wire.press(reading.message, save, user=person, guild=guild, forged=True)
    assert rows(our, "saved_snippets") == 1


async def test_the_copy_of_ones_data_is_attached(wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel) -> None:
    await agree(
        wire, guild, person, await wire.slash("me timezone", {"zone": "Europe/Berlin"}, user=person, guild=guild)
    )
    answer = await wire.slash("privacy export", user=person, guild=guild)
    if not answer.settled.is_set():
        await wire.settled(answer)
    assert answer.ephemeral
    names = [one["filename"] for one in answer.message["attachments"]]
    assert any(name.endswith(".json") for name in names)
    assert any(name.endswith(".csv") for name in names)


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_form_that_arrives_twice_counts_once(
    wire: WireDiscord, guild: Guild, person: int, our: Our, restarts: bool
) -> None:
    async with our.running():
        zone = await wire.slash("me timezone", {"zone": "Europe/Berlin"}, user=person, guild=guild)
        await agree(wire, guild, person, zone)
        choice = await wire.slash("privacy erase", user=person, guild=guild)
        opened = await wire.press(
            choice.message, starting(choice, "ek1:privacy:choose:"), ["all"], user=person, guild=guild
        )
        assert opened.kind == MODAL
        if not restarts:
            await erase(wire, guild, person, opened)
    async with our.running():
        told = [await erase(wire, guild, person, opened) for _ in range(2)]
        assert (rows(our, "members"), rows(our, "submissions")) == (0, 1)
        assert (told[0] == told[1]) is not restarts


async def test_a_reading_is_posted_for_everyone_once(wire: WireDiscord, guild: Guild, our: Our, ours: Evenkeel) -> None:
    role = wire.add_role(guild, "Facilitators")
    async with ours.rooms.database.write() as writer:
        await ours.rooms.guilds.set_role(writer, guild.id, "facilitator", role)
    facilitator = wire.add_member(guild, "Sam", [role])
    reading = await wire.slash("learn read", {"snippet": "what-clonazepam-is"}, user=facilitator, guild=guild)
    asked = await wire.press(reading.message, starting(reading, "ek1:learn:post:"), user=facilitator, guild=guild)
    publish = starting(asked, "ek1:learn:publish:")
    wire.fail_next(SEND, 502, taken=True)
    first = await wire.press(asked.message, publish, user=facilitator, guild=guild)
    await wire.settled(first)
    second = await wire.press(asked.message, publish, user=facilitator, guild=guild, forged=True)
    await wire.settled(second)
    [posted] = [message for message in wire.messages_in(next(iter(guild.channels))) if not message["flags"] & 64]
    assert posted["nonce"]
    assert wire.calls(SEND)[-1].body["allowed_mentions"] == {"parse": []}
