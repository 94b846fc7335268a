"""What becomes of a call later: its quiet room after an erasure, a call nobody settles, a helper who comes late."""

from datetime import timedelta

import pytest
from simcord import ChannelHandle, MemberActor

from bot.client import Evenkeel
from bot.errors import RefusedForGood
from cogs.privacy.service.erasure import Erasure
from rehearsal.world import World
from tests.features.seeing import last, public_words
from tests.features.test_care_worst_night import call

KEPT = "SELECT COUNT(*) FROM care_requests"
ROOM_SLEEPS = "/channels/*/thread-members/*"


async def come(world: World) -> None:
    """Let a moderator press "I'm coming" on the newest card."""
    await world.group.moderator.click(last(world.group.channel("care")), label="I'm coming")
    assert isinstance(world.bot, Evenkeel)
    await world.bot.jobs.run_due()
    await world.env.settle()


async def kept(bot: Evenkeel) -> int:
    async with bot.rooms.database.read() as reader:
        return int(await reader.fetch_value(KEPT))


async def room_after_both_words(world: World, member: MemberActor) -> ChannelHandle:
    """Return the quiet room of a call that waited for ten minutes and was then taken."""
    await call(world, member)
    await world.advance(timedelta(minutes=11))
    await come(world)
    (room,) = world.group.channel("quiet-rooms").threads
    assert public_words(room).count(member.mention) == 2, "the word that nobody has come, and the helper's welcome"
    return room


async def test_an_erasure_takes_the_bots_words_out_of_the_quiet_room(world: World, bot: Evenkeel) -> None:
    member, rooms = world.group.members[0], bot.rooms
    room = await room_after_both_words(world, member)
    erasure = Erasure(rooms.database, rooms.owners, rooms.events, rooms.clock, rooms.ids, bot.sender)
    receipt = await erasure.erase(world.group.guild.id, member.id, "care", "a-form")
    await world.env.settle()
    assert receipt.deleted == 3, "the card and two words in the room"
    assert member.mention not in public_words(room)
    assert member.mention not in public_words(world.group.channel("care"))


async def test_the_bots_words_in_a_quiet_room_go_with_a_settled_call(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    room = await room_after_both_words(world, member)
    await world.group.moderator.click(last(world.group.channel("care")), label="Settled")
    await world.advance(timedelta(days=8))
    assert await kept(bot) == 0
    assert member.mention not in public_words(room)


async def test_a_sleeping_room_is_woken_to_delete_what_stands_in_it(world: World, bot: Evenkeel) -> None:
    room = await room_after_both_words(world, world.group.members[0])
    world.env.backend.channels[room.id].thread_metadata.archived = True  # type: ignore[union-attr]
    world.env.inject_error("DELETE", f"/channels/{room.id}/messages/*", status=400, code=50083, message="archived")
    await bot.sender.delete(world.group.guild.id, room.id, last(room).id)
    assert not world.env.backend.channels[room.id].thread_metadata.archived  # type: ignore[union-attr]


async def test_a_call_that_nobody_settles_goes_after_thirty_days(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    room = await room_after_both_words(world, member)
    await world.advance(timedelta(days=29))
    assert await kept(bot) == 1
    await world.advance(timedelta(days=1))
    assert await kept(bot) == 0
    for channel in (care, room):
        assert member.mention not in public_words(channel)


async def test_a_call_settled_late_is_kept_for_its_seven_days(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    await call(world, member)
    card = last(care)
    await world.advance(timedelta(days=28))
    await world.group.moderator.click(card, label="Settled")
    await world.advance(timedelta(days=6))
    assert await kept(bot) == 1
    await world.advance(timedelta(days=2))
    assert await kept(bot) == 0


async def test_a_call_replaced_late_goes_thirty_days_after_it_was_made(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await call(world, member)
    await world.advance(timedelta(days=29))
    await call(world, member)
    assert await kept(bot) == 2
    await world.advance(timedelta(days=2))
    assert await kept(bot) == 1


async def test_a_helper_who_comes_late_wakes_the_room(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    await call(world, member)
    card = last(care)
    await world.advance(timedelta(minutes=11))
    (room,) = world.group.channel("quiet-rooms").threads
    world.env.backend.channels[room.id].thread_metadata.archived = True  # type: ignore[union-attr]
    world.env.inject_error("PUT", ROOM_SLEEPS, status=400, code=50083, message="Thread is archived")
    await world.group.moderator.click(card, label="I'm coming")
    await bot.jobs.run_due()
    await world.env.settle()
    assert world.group.moderator.mention in public_words(room)
    assert "help" in world.group.moderator.available_commands(room), "they can see the room"
    assert "couldn't open a quiet room" not in public_words(care)


async def test_the_place_for_quiet_rooms_need_not_be_in_memory(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await call(world, world.group.members[0])
    monkeypatch.setattr(bot, "get_channel", lambda number: None)
    await come(world)
    (room,) = world.group.channel("quiet-rooms").threads
    assert world.group.members[0].mention in public_words(room)
    rooms, name = world.group.channel("quiet-rooms").id, str(room.name)
    again = await bot.sender.private_thread(world.group.guild.id, rooms, name)
    assert again == room.id, "a room whose answer was lost is found again without the memory too"
    with pytest.raises(RefusedForGood):
        await bot.sender.private_thread(world.other.guild.id, rooms, name)


@pytest.mark.parametrize("gone", ["unset", "deleted"])
async def test_nobody_is_said_to_be_called_again_where_the_care_channel_is_gone(
    world: World, bot: Evenkeel, gone: str
) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    await call(world, member)
    if gone == "unset":
        async with bot.rooms.database.write() as writer:
            await writer.execute("DELETE FROM guild_channels WHERE purpose = 'care'")
    else:
        world.env.inject_error(
            "POST", f"/channels/{care.id}/messages", status=404, code=10003, message="no", times=None
        )
    await world.advance(timedelta(minutes=11))
    (room,) = world.group.channel("quiet-rooms").threads
    words = public_words(room)
    assert "nobody from the team has come yet" in words
    assert "called them again" not in words
    assert "couldn't call them again" in words


async def test_the_word_in_the_room_is_put_right_once_the_team_is_reached(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    await call(world, member)
    world.env.inject_error("POST", f"/channels/{care.id}/messages", status=503)
    await world.advance(timedelta(minutes=10, seconds=1))
    (room,) = world.group.channel("quiet-rooms").threads
    assert "couldn't call them again" in public_words(room)
    await world.advance(timedelta(hours=1))
    assert "Still nobody" in public_words(care)
    assert "I've called them again" in public_words(room)
    assert public_words(room).count(member.mention) == 1


async def test_the_second_call_stands_in_for_a_card_that_was_refused(world: World, bot: Evenkeel) -> None:
    """It names the person then, as the card would have, so it has to go as the card would."""
    member, care = world.group.members[0], world.group.channel("care")
    world.env.inject_error("POST", f"/channels/{care.id}/messages", status=403, code=50013, message="no")
    await call(world, member)
    await world.advance(timedelta(minutes=11))
    assert public_words(care).count(member.mention) == 1
    await world.advance(timedelta(days=30))
    assert member.mention not in public_words(care)
