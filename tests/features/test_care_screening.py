"""What the writer of a worrying text sees first, and that nobody else learns of it."""

import pytest

from bot.client import Evenkeel
from bot.discordkit import Block, Panel, Text, say
from bot.jobs import nonce
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, last, public_words, words_of

WORRYING = "I want to die, said the unmistakable heron."


async def held(world: World, bot: Evenkeel, *texts: str) -> tuple[Block, ...] | None:
    """What the first member is shown before these texts are posted."""
    return await bot.rooms.screening.hold(world.group.guild.id, world.group.members[0].id, texts)


def words_in(blocks: tuple[Block, ...]) -> str:
    """The paragraphs of some blocks."""
    return "\n".join(block.words for block in blocks if isinstance(block, Text))


async def test_the_number_and_one_line_come_first(world: World, bot: Evenkeel) -> None:
    blocks = await held(world, bot, "A calm morning.", WORRYING)
    assert blocks is not None
    words = words_in(blocks)
    number = bot.rooms.content.support_lines.emergency(world.group.country)
    assert number is not None
    assert number.number in words
    assert number.country_name in words
    assert "volunteers may be asleep" in words
    assert "stays your choice" in words


async def test_calm_words_are_let_through(world: World, bot: Evenkeel) -> None:
    assert await held(world, bot, "This heat is killing me.", "I don't want to die.", "") is None
    assert await held(world, bot) is None


async def test_its_buttons_answer_beside_what_they_stand_on(world: World, bot: Evenkeel) -> None:
    blocks = await held(world, bot, WORRYING)
    assert blocks is not None
    lounge, member = world.group.channel("lounge"), world.group.members[0]
    panel = Panel(blocks).and_then(Text("What would you like to do with your words?"))
    await bot.sender.post(world.group.guild.id, lounge.id, panel, nonce=nonce(1))
    message = last(lounge)
    called = await member.click(message, label="Ask the team to come")
    assert called.ephemeral
    assert "I've told the team" in words_of(called)
    more = await member.click(message, label="More ways to get help")
    assert more.ephemeral
    assert "Ground with me" in buttons_of(more)
    assert "What would you like to do" in public_words(lounge)


async def test_without_a_team_its_button_is_left_out(world: World, bot: Evenkeel) -> None:
    async with bot.rooms.database.write() as writer:
        await bot.rooms.guilds.forget_channel(writer, world.group.guild.id, world.group.channel("care").id)
    blocks = await held(world, bot, WORRYING)
    assert blocks is not None
    lounge = world.group.channel("lounge")
    await bot.sender.post(world.group.guild.id, lounge.id, Panel(blocks), nonce=nonce(2))
    with pytest.raises(Exception, match="Ask the team to come"):
        await world.group.members[0].click(last(lounge), label="Ask the team to come")


async def test_nothing_of_it_is_kept_told_or_logged(world: World, bot: Evenkeel, engine: TestEngine) -> None:
    assert await held(world, bot, WORRYING) is not None
    await bot.jobs.run_due()
    await world.env.settle()
    assert public_words(world.group.channel("care")) == ""
    assert "heron" not in engine.log.getvalue()
    assert "self_harm" not in engine.log.getvalue()
    async with bot.rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM care_requests") == 0


async def test_two_looks_and_the_first_that_finds_something(bot: Evenkeel) -> None:
    async def other(guild_id: int, user_id: int, texts: object) -> tuple[Block, ...] | None:
        return say("From elsewhere.").blocks

    bot.rooms.screening.register(other)
    blocks = await bot.rooms.screening.hold(1, 2, ["A calm morning."])
    assert blocks == (Text("From elsewhere."),)
