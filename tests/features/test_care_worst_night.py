"""A bad night on which something is broken as well: the database, the team's memory, a channel, a time."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord import ChannelHandle, MemberActor

from bot.client import Evenkeel
from bot.discordkit import AnyInteraction, Panel, Sender, Standings
from bot.guilds import GuildProfile, Guilds
from bot.policy import Standing
from bot.text import t
from cogs.care import service as care_service
from cogs.care.rules import short_reference
from cogs.care.service import CareService
from rehearsal.world import World
from tests.features.seeing import buttons_of, last, public_words, shown, words_of


async def call(world: World, member: MemberActor) -> str:
    """Press "Ask the team to come", let the team be told, and return the answer."""
    screen = await member.slash(world.group.channel("lounge"), "sos")
    told = await member.click(shown(screen), label="Ask the team to come")
    assert isinstance(world.bot, Evenkeel)
    await world.bot.jobs.run_due()
    await world.env.settle()
    return words_of(told)


def cards(care: ChannelHandle) -> int:
    return public_words(care).count("Somebody asks for the team")


async def test_the_screen_comes_without_a_database(world: World, bot: Evenkeel) -> None:
    await bot.rooms.database.close()
    member = world.group.members[0]
    for command in ("sos", "support now"):
        result = await member.slash(world.group.channel("lounge"), command)
        assert "Call the emergency number where you are" in words_of(result)
        assert "Ground with me" in buttons_of(result)
    choice = await member.click(shown(result), label="Choose my country")
    assert "3114" in words_of(await member.select(shown(choice), ["FR"]))


async def test_the_screen_comes_where_private_words_open_with_no_key(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    async with bot.rooms.database.write() as writer:
        await bot.rooms.members.set(writer, world.group.guild.id, member.id, country="FR")
        await writer.execute("UPDATE members SET words_sealed = 'spoilt'")
    assert "emergency" in words_of(await member.slash(world.group.channel("lounge"), "sos"))


async def test_the_screen_does_not_wait_for_a_slow_database(bot: Evenkeel, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(self: Guilds, guild_id: int) -> GuildProfile:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(Guilds, "profile", never)
    monkeypatch.setattr(care_service, "LONGEST_LOOK", 0.01)
    service: CareService = bot.get_cog("CareCog")._service  # type: ignore[union-attr]
    screen = await service.screen(1, 2)
    assert screen.country is None
    assert screen.team, "nobody knows, so the button may be tried"
    assert not (await service.screen_elsewhere(None, "FR")).team


async def test_a_call_from_another_night_reaches_the_team_anew(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    await call(world, member)
    await world.group.moderator.click(last(care), label="I'm coming")
    await world.advance(timedelta(days=3))  # nobody has pressed "Settled"
    assert "I've told the team" in await call(world, member)
    assert cards(care) == 1, "the first card says who came, the new one that somebody asks"
    assert "Somebody asks for the team" in public_words(care)
    await world.advance(timedelta(minutes=11))
    assert "Still nobody" in public_words(care)


async def test_a_call_is_told_to_the_team_however_late(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await world.env.advance_time(timedelta(hours=9).total_seconds())
    await bot.jobs.run_due()
    await world.env.settle()
    assert cards(world.group.channel("care")) == 1


async def test_a_call_is_forgotten_also_where_its_card_cannot_be_deleted(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    await call(world, member)
    await world.group.moderator.click(last(care), label="Settled")
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50001, message="no", times=None)
    await world.advance(timedelta(days=8))
    async with bot.rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM care_requests") == 0


async def test_only_the_card_names_the_person(world: World, bot: Evenkeel) -> None:
    member, care = world.group.members[0], world.group.channel("care")
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=50013, message="no", times=None)
    await call(world, member)
    card = last(care)
    await world.advance(timedelta(minutes=11))
    words = public_words(care)
    assert "Still nobody" in words
    assert "couldn't open a quiet room" in words
    assert words.count(member.mention) == 1, "what is deleted with the call is the card alone"
    assert words.count(f"/{card.id})") == 2, "the other messages lead to it"


async def test_each_word_to_the_team_has_a_nonce_of_its_own(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord takes a second post with the same nonce for the first: the team would not be called again."""
    nonces: list[str] = []
    post = Sender.post

    async def noted(self: Sender, guild_id: int, channel_id: int, panel: Panel, *, nonce: str, **more: Any) -> int:
        nonces.append(nonce)
        return await post(self, guild_id, channel_id, panel, nonce=nonce, **more)

    monkeypatch.setattr(Sender, "post", noted)
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=50013, message="no", times=None)
    await call(world, world.group.members[0])
    await world.advance(timedelta(minutes=11))
    assert len(nonces) == 3, "the card, that no room could be opened, that nobody has come"
    assert len(set(nonces)) == 3


async def test_in_a_server_the_bot_is_not_in_it_is_as_in_a_direct_message(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.group.members[0]
    async with bot.rooms.database.write() as writer:
        await bot.rooms.members.set(writer, world.other.guild.id, member.id, country="FR")

    async def outside(self: Standings, interaction: AnyInteraction, action: str) -> Standing:
        return Standing(interaction.user.id, None)

    monkeypatch.setattr(Standings, "for_action", outside)
    result = await member.slash(world.group.channel("lounge"), "sos")
    assert "France" in words_of(result), "their own country, wherever they named it"
    assert "Ask the team to come" not in buttons_of(result)


async def test_a_quiet_room_is_never_somebody_elses_thread_of_the_same_name(world: World, bot: Evenkeel) -> None:
    member, rooms = world.group.members[0], world.group.channel("quiet-rooms")
    await call(world, member)
    async with bot.rooms.database.read() as reader:
        request = await reader.fetch_value("SELECT request_id FROM care_requests")
    name = t("care.room.name", reference=short_reference(request))
    stranger = world.group.members[1]
    world.env.backend.create_thread(rooms.id, name, stranger.id)
    world.env.backend.create_thread(rooms.id, name, stranger.id, type=discord.ChannelType.private_thread.value)
    await world.env.settle()
    await world.group.moderator.click(last(world.group.channel("care")), label="I'm coming")
    await bot.jobs.run_due()
    await world.env.settle()
    (room,) = [thread for thread in rooms.threads if member.mention in public_words(thread)]
    made = bot.get_guild(world.group.guild.id).get_thread(room.id)  # type: ignore[union-attr]
    assert made is not None
    assert made.is_private()
    assert made.owner_id == bot.user.id  # type: ignore[union-attr]
