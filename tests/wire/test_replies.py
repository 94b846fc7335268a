"""Private words and Discord replies over the wire: once, calling nobody by chance, and a closed door told as one."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
import pytest

from bot.client import Evenkeel
from bot.discordkit import Button, Panel, Text, buttons, encode
from bot.errors import RefusedForGood, TryAgain
from bot.storage import Database
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.guarantee import plan_look
from cogs.checkins.store.entries import EntryStore
from tests.features.answering import made_entry
from tests.wire.discord_server import Guild, WireDiscord
from tests.wire.discord_server.messages import new_message
from tests.wire.discord_server.values import Json

SEND = "POST /channels/{channel_id}/messages"
OPEN = "POST /users/@me/channels"
MARKER = encode("checkins", "ask_cannot", "77")
PANEL = Panel((Text("A word for <@1> and @everyone"), buttons(Button("I can't now", MARKER))))
FAULTS = [{"status": 502, "taken": True}, {"status": 500}, {"status": 429, "headers": {"Retry-After": "0.05"}}]
NAMES = ["502 after it was taken", "500", "429"]


def talk(wire: WireDiscord, person: int) -> list[Json]:
    """What stands between the bot and somebody."""
    return wire.messages_in(int(wire.platform.world.dm_with(person)["id"]))


def says(wire: WireDiscord, channel: int, person: int, **fields: object) -> int:
    """Somebody's message, without its words, as a bot without the content intent gets it."""
    world = wire.platform.world
    message = new_message(world, channel, {}) | {"author": world.users[person], **fields}
    world.keep_message(message)
    return int(message["id"])


def replying(channel: int, message_id: int) -> Json:
    """The fields of a Discord reply."""
    return {"type": 19, "message_reference": {"type": 0, "channel_id": str(channel), "message_id": str(message_id)}}


async def test_a_private_word_has_a_nonce_and_calls_nobody(wire: WireDiscord, person: int, ours: Evenkeel) -> None:
    message_id = await ours.sender.whisper(person, PANEL, nonce="ek4d-0")
    [call] = wire.calls(SEND)
    assert (call.body["enforce_nonce"], call.body["nonce"]) == (True, "ek4d-0")
    assert call.body["allowed_mentions"] == {"parse": []}
    assert [int(one["id"]) for one in talk(wire, person)] == [message_id]


@pytest.mark.parametrize("route", [OPEN, SEND])
@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
async def test_a_private_word_comes_once_whatever_fails(
    wire: WireDiscord, person: int, ours: Evenkeel, route: str, fault: dict[str, object]
) -> None:
    wire.fail_next(route, **fault)  # type: ignore[arg-type]
    await ours.sender.whisper(person, PANEL, nonce="ek4d-0")
    assert len(wire.calls(route)) == 2
    assert len(talk(wire, person)) == 1


async def test_a_private_word_whose_answer_was_lost_is_found_again(
    wire: WireDiscord, person: int, ours: Evenkeel
) -> None:
    wire.fail_next(SEND, drop=True, taken=True)
    with pytest.raises(TryAgain):
        await ours.sender.whisper(person, PANEL, nonce="ek4d-0")
    wire.platform.forget_nonces()
    found = await ours.sender.whisper(person, PANEL, nonce="ek4d-0", marker=MARKER)
    assert [int(one["id"]) for one in talk(wire, person)] == [found]


async def test_a_closed_door_is_told_as_one(wire: WireDiscord, person: int, ours: Evenkeel) -> None:
    wire.close_dms(person)
    with pytest.raises(RefusedForGood) as refused:
        await ours.sender.whisper(person, PANEL, nonce="ek4d-0")
    assert refused.value.reason == "closed_dm"
    assert len(wire.calls(SEND)) == 1, "a closed door is not knocked at again"
    assert talk(wire, person) == []


@pytest.mark.parametrize("fault", [None, *FAULTS], ids=["no fault", *NAMES])
async def test_a_reply_names_its_message_and_calls_its_reader_alone(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, fault: dict[str, object] | None
) -> None:
    channel = wire.add_channel(guild, "check-ins")
    entry = says(wire, channel, person)
    if fault:
        wire.fail_next(SEND, **fault)  # type: ignore[arg-type]
    only = discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(person)], replied_user=False
    )  # fmt: skip
    message_id = await ours.sender.post(guild.id, channel, PANEL, nonce="ek4e-0", mentions=only, reply_to=entry)
    body = wire.calls(SEND)[-1].body
    assert body["message_reference"]["message_id"] in (entry, str(entry))
    assert body["message_reference"]["fail_if_not_exists"] is False
    allowed = body["allowed_mentions"]
    assert (allowed["parse"], allowed["users"], allowed.get("replied_user", False)) == ([], [person], False)
    [_, reply] = wire.messages_in(channel)
    assert (int(reply["id"]), reply["message_reference"]["message_id"]) == (message_id, str(entry))


async def test_a_reply_to_what_is_gone_stands_alone(wire: WireDiscord, guild: Guild, ours: Evenkeel) -> None:
    channel = wire.add_channel(guild, "check-ins")
    await ours.sender.post(guild.id, channel, PANEL, nonce="ek4e-0", reply_to=12345)
    assert len(wire.messages_in(channel)) == 1


async def test_replies_are_found_without_their_words(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel
) -> None:
    """Those to this very message, by people; more of them than one request brings."""
    channel = wire.add_channel(guild, "check-ins")
    post = await ours.sender.post(guild.id, channel, PANEL, nonce="ek4e-0")
    early = says(wire, channel, person, **replying(channel, post))
    for _ in range(120):
        says(wire, channel, person)
    says(wire, channel, wire.platform.world.bot_id, **replying(channel, post))
    says(wire, channel, person, **replying(channel, early))
    late = says(wire, channel, person, **replying(channel, post))
    found = await ours.sender.replies_to(guild.id, channel, post)
    assert [(one.message_id, one.author_id) for one in found] == [(early, person), (late, person)]
    assert (datetime.now(UTC) - found[0].at).total_seconds() < 60


async def asked(database: Database) -> list[int]:
    async with database.read() as reader:
        return [row["fell_through"] for row in await reader.fetch_all("SELECT fell_through FROM checkin_requests")]


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
async def test_a_companion_is_asked_and_behind_a_closed_door_the_team_is_told(
    wire: WireDiscord, guild: Guild, person: int, ours: Evenkeel, closed: bool
) -> None:
    rooms, now = ours.rooms, ours.rooms.clock.now()
    channel, care = wire.add_channel(guild, "check-ins"), wire.add_channel(guild, "care")
    role = wire.add_role(guild, "Companion")
    companion = wire.add_member(guild, "Wren", [role])
    if closed:
        wire.close_dms(companion)
    post = await ours.sender.post(guild.id, channel, PANEL, nonce="ek4e-0")
    entry = made_entry(
        7, guild.id, person, now, choice=Choice.GROUP_REPLY, place=Place.GROUP, channel_id=channel, message_id=post,
        asked_at=datetime.fromtimestamp(int(now.timestamp()) - 3000, UTC),
    )  # fmt: skip
    assert entry.asked_at is not None
    async with rooms.database.write() as writer:
        await rooms.guilds.set_channel(writer, guild.id, "care", care)
        await rooms.guilds.set_role(writer, guild.id, "companion", role)
        await rooms.members.set(writer, guild.id, companion, companion=1)
        await EntryStore(rooms.vault).put(writer, entry)
        await plan_look(writer, rooms.ids, guild.id, 7, entry.asked_at, now)
    await wire.caught_up()
    await ours.jobs.run_due()
    assert await asked(rooms.database) == [int(closed)]
    assert (len(talk(wire, companion)), len(wire.messages_in(care))) == (0 if closed else 1, 1 if closed else 0)
