"""`/sos` and `/support now` in the hands of people who need them."""

from datetime import timedelta

import pytest

from bot.client import Evenkeel
from bot.errors import Refusal
from rehearsal.world import World
from tests.features.seeing import buttons_of, last, public_words, shown, words_of


async def test_the_screen_names_the_number_the_country_and_one_line(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    for command in ("sos", "support now"):
        result = await member.slash(world.group.channel("lounge"), command)
        assert result.ephemeral
        words = words_of(result)
        number = bot.rooms.content.support_lines.emergency(world.group.country)
        assert number is not None
        assert number.number in words
        assert number.country_name in words
        assert buttons_of(result)[:1] == ["Ask the team to come"]


async def test_it_works_in_a_direct_message_with_nothing_known(world: World) -> None:
    result = await world.group.newcomer.user.slash("sos")
    words = words_of(result)
    assert "findahelpline.com" in words
    assert "Ask the team to come" not in buttons_of(result)


async def test_somebody_elsewhere_sees_their_own_country(world: World) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    choice = await member.click(shown(screen), label="I'm elsewhere")
    france = await member.select(shown(choice), ["FR"])
    assert "3114" in words_of(france)
    choice = await member.click(shown(france), label="I'm elsewhere")
    assert "findahelpline.com" in words_of(await member.select(shown(choice), ["elsewhere"]))


async def test_grounding_goes_step_by_step_and_can_be_left(world: World) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    step = await member.click(shown(screen), label="Ground with me")
    for word in ("four", "Three", "Two", "One"):
        step = await member.click(shown(step), label="Next")
        assert f"**{word}" in words_of(step) or word.lower() in words_of(step).lower()
    assert "Next" not in buttons_of(step)
    back = await member.click(shown(step), label="Who to call" if "Who to call" in buttons_of(step) else None)
    assert back.ephemeral


async def test_the_team_is_called_once_and_somebody_comes(world: World, bot: Evenkeel) -> None:
    member, moderator = world.group.members[0], world.group.moderator
    screen = await member.slash(world.group.channel("lounge"), "sos")
    told = await member.click(shown(screen), label="Ask the team to come")
    assert "I've told the team" in words_of(told)
    again = await member.slash(world.group.channel("lounge"), "sos")
    told_again = await member.click(shown(again), label="Ask the team to come")
    assert "The team knows" in words_of(told_again)
    await bot.jobs.run_due()
    await world.env.settle()
    care = world.group.channel("care")
    assert public_words(care).count("Somebody asks for the team") == 1
    assert member.mention in public_words(care)

    card = last(care)
    await moderator.click(card, label="I'm coming")
    await bot.jobs.run_due()
    await world.env.settle()
    (room,) = world.group.channel("quiet-rooms").threads
    assert member.mention in public_words(room)
    assert moderator.mention in public_words(room)
    for person in (member, moderator):
        assert "help" in person.available_commands(room), "they can see the room"
    assert not world.group.newcomer.available_commands(room)
    assert bot.get_guild(world.group.guild.id).get_thread(room.id).is_private()  # type: ignore[union-attr]

    other = world.group.facilitators[0]
    late = await other.click(last(care), label="Settled")
    assert "Settled" in words_of(late)
    await world.advance(timedelta(days=8))
    async with bot.rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM care_requests") == 0


async def test_nobody_coming_is_said_after_ten_minutes(world: World, bot: Evenkeel) -> None:
    member = world.group.members[1]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await world.advance(timedelta(minutes=11))
    assert "Still nobody" in public_words(world.group.channel("care"))
    (room,) = world.group.channel("quiet-rooms").threads
    words = public_words(room)
    assert "nobody from the team has come yet" in words
    assert "call" in words.lower()


async def test_a_card_survives_a_restart_and_is_not_for_members(world: World) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await world.restart()
    bot = world.bot
    assert isinstance(bot, Evenkeel)
    await bot.jobs.run_due()
    await world.env.settle()
    card = last(world.group.channel("care"))
    claimed = await world.group.facilitators[0].click(card, label="I'm coming")
    assert "is coming" in words_of(claimed)
    late = await world.group.moderator.click(last(world.group.channel("care")), label="Settled")
    assert "Settled" in words_of(late)


async def test_a_group_without_a_care_channel_says_so(bare_world: World) -> None:
    result = await bare_world.group.newcomer.slash(bare_world.group.channel("lounge"), "sos")
    assert "Ask the team to come" not in buttons_of(result)


@pytest.mark.parametrize("code", [50013, 50001])
async def test_no_quiet_room_means_the_team_is_told(world: World, bot: Evenkeel, code: int) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await bot.jobs.run_due()
    await world.env.settle()
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=code, message="no", times=None)
    await world.group.moderator.click(last(world.group.channel("care")), label="I'm coming")
    await bot.jobs.run_due()
    await world.env.settle()
    assert "couldn't open a quiet room" in public_words(world.group.channel("care"))


async def test_another_servers_card_cannot_be_claimed_from_here(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    async with bot.rooms.database.read() as reader:
        request = await reader.fetch_value("SELECT request_id FROM care_requests")
    service = bot.get_cog("CareCog")._service  # type: ignore[union-attr]
    with pytest.raises(Refusal):
        await service.claim(world.other.guild.id, request, 1)


async def test_a_copy_and_the_erasure_name_both_sides_of_a_call(world: World, bot: Evenkeel) -> None:
    member, moderator, guild_id = world.group.members[0], world.group.moderator, world.group.guild.id
    screen = await member.slash(world.group.channel("lounge"), "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await bot.jobs.run_due()
    await world.env.settle()
    await moderator.click(last(world.group.channel("care")), label="I'm coming")
    (owner,) = [owner for owner in bot.rooms.owners if owner.name == "care"]
    async with bot.rooms.database.write() as writer:
        assert set(await owner.export(writer, guild_id, member.id)) == {"calls_for_the_team"}
        assert set(await owner.export(writer, guild_id, moderator.id)) == {"calls_answered"}
        assert await owner.people(writer, guild_id) == {member.id, moderator.id}
        assert (await owner.erase(writer, guild_id, moderator.id)).posts == ()
        assert await owner.people(writer, guild_id) == {member.id}
        assert len((await owner.erase(writer, guild_id, member.id)).posts) == 1
        assert await owner.people(writer, guild_id) == set()
        assert await owner.servers(writer, moderator.id) == set()
