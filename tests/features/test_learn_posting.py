"""A facilitator posts a reading for everyone: asked first, posted once, and never where they could not write."""

import asyncio
import re
from typing import Any

import pytest
from simcord import InteractionResult, MemberActor

from bot.client import Evenkeel
from bot.text import t
from cogs.learn.delivery.posting import ReadingPosts
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, last, public_words, shown, words_of
from tests.features.test_learn import CALM, CAREFUL, POST, SOURCES, press, title_of, type_it
from tests.features.test_learn_saved import AGREE, SAVE, agree, saved_rows

YES, NO = t("learn.post.yes.label"), t("learn.post.no.label")


async def ask(world: World, who: MemberActor, snippet: str = CALM, channel: str = "lounge") -> InteractionResult:
    reading = await who.slash(world.group.channel(channel), "learn read", snippet=snippet)
    return await press(who, reading, POST)


def posts(world: World, channel: str = "lounge") -> int:
    return public_words(world.group.channel(channel)).count("## ")


@pytest.mark.parametrize("kind", ["facilitator", "moderator", "admin"])
async def test_the_team_can_post_after_a_second_thought(world: World, kind: str) -> None:
    who = world.group.person(kind).actor
    asked = await ask(world, who)
    assert asked.ephemeral
    assert f"<#{world.group.channel('lounge').id}>" in words_of(asked)
    assert posts(world) == 0
    done = await press(who, asked, YES)
    assert shown(done).id == shown(asked).id
    post = last(world.group.channel("lounge"))
    assert f"/{post.id}>" in words_of(done)
    told = public_words(world.group.channel("lounge"))
    assert "## Slow breathing" in told
    assert str(who.id) not in told
    assert POST not in str(post.components)


async def test_not_now_posts_nothing(world: World) -> None:
    who = world.group.facilitators[0]
    assert t("learn.post.left") in words_of(await press(who, await ask(world, who), NO))
    assert posts(world) == 0


async def test_a_careful_one_is_thought_about_and_carries_its_warning_and_the_groups_number(world: World) -> None:
    who = world.group.facilitators[0]
    asked = await ask(world, who, CAREFUL)
    assert t("learn.post.careful") in words_of(asked)
    await press(who, asked, YES)
    told = public_words(world.group.channel("lounge"))
    assert t("learn.reading.careful") in told
    assert "call **999** or **112**" in told


async def test_two_presses_post_once_and_a_new_question_may_post_again(world: World) -> None:
    who = world.group.facilitators[0]
    asked = await ask(world, who)
    custom_id = next(one["custom_id"] for one in components_of(asked) if ":publish:" in one.get("custom_id", ""))
    message = world.env.backend.get_message(shown(asked).channel_id, shown(asked).id)
    kept = list(message.components)
    await who.click(shown(asked), custom_id=custom_id)
    message.components = kept  # as a second thumb still sees it
    again = await who.click(shown(asked), custom_id=custom_id)
    assert f"/{last(world.group.channel('lounge')).id}>" in words_of(again)
    assert posts(world) == 1
    await press(who, await ask(world, who), YES)
    assert posts(world) == 2


async def test_two_presses_at_the_same_moment_post_once(world: World, bot: Evenkeel) -> None:
    desk = _posts(bot)
    mark = desk.new_mark()
    lounge = world.group.channel("lounge").id
    outcomes = await asyncio.gather(*(desk.publish(world.group.guild.id, lounge, CALM, mark) for _ in range(3)))
    await world.env.settle()
    made = last(world.group.channel("lounge")).id
    assert {outcome.message_id for outcome in outcomes if outcome.state == "posted"} == {made}
    assert {outcome.state for outcome in outcomes} <= {"posted", "already"}
    assert posts(world) == 1


async def test_yes_after_a_restart_still_posts_once(world: World) -> None:
    who = world.group.facilitators[0]
    asked = await ask(world, who)
    await world.restart()
    await press(who, asked, YES)
    assert posts(world) == 1


async def test_a_closed_channel_is_said_and_can_be_tried_again(world: World) -> None:
    who = world.group.facilitators[0]
    asked = await ask(world, who)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="no", times=1)
    refused = await press(who, asked, YES)
    assert t("learn.post.refused") in words_of(refused)
    assert YES in buttons_of(refused)
    assert posts(world) == 0
    await press(who, refused, YES)
    assert posts(world) == 1


async def test_a_lost_answer_is_looked_for_before_posting_again(world: World, bot: Evenkeel) -> None:
    """Discord took the post, and its answer never came."""
    desk = _posts(bot)
    guild_id, lounge = world.group.guild.id, world.group.channel("lounge").id
    mark = desk.new_mark()
    first = await desk.publish(guild_id, lounge, CALM, mark)
    second = await desk.publish(guild_id, lounge, CALM, mark.replace(".1", ".2"))
    assert second.state == "posted"
    assert second.message_id == first.message_id
    assert posts(world) == 1


async def test_discord_not_answering_keeps_the_question_open(world: World) -> None:
    who = world.group.facilitators[0]
    asked = await ask(world, who)
    world.env.inject_error("POST", "/channels/*/messages", status=500, code=0, message="no", times=None)
    later = await press(who, asked, YES)
    assert t("learn.post.later") in words_of(later)
    assert re.search(r"~[a-z2-7]{12}\.2", str(components_of(later)))


async def test_nobody_posts_where_they_could_not_write_themselves(world: World) -> None:
    who = world.group.facilitators[0]
    refused = await ask(world, who, channel="quiet-rooms")
    place = f"<#{world.group.channel('quiet-rooms').id}>"
    assert words_of(refused) == t("learn.post.not_yours", channel=place)
    assert YES not in buttons_of(refused)
    assert posts(world, "quiet-rooms") == 0


async def test_somebody_who_is_no_facilitator_any_more_posts_nothing(world: World, bot: Evenkeel) -> None:
    who = world.group.facilitators[0]
    asked = await ask(world, who)
    async with bot.rooms.database.write() as writer:
        await bot.rooms.guilds.set_role(writer, world.group.guild.id, "facilitator", world.group.roles["companion"].id)
    assert words_of(await press(who, asked, YES)) == t("kit.refused.facilitator")
    assert posts(world) == 0


async def test_everybody_can_use_the_post_and_only_they_see_what_comes(world: World, bot: Evenkeel) -> None:
    await press(world.group.facilitators[0], await ask(world, world.group.facilitators[0]), YES)
    lounge = world.group.channel("lounge")
    before = public_words(lounge)
    post = last(lounge)
    robin, wren = world.group.members[:2]
    await agree(world, bot, robin)
    sources = await robin.click(post, label=SOURCES)
    more = await robin.click(post, label=t("learn.reading.more.label"))
    kept = await robin.click(post, label=SAVE)
    twice = await robin.click(post, label=SAVE)
    asked = await wren.click(post, label=SAVE)
    assert all(one.ephemeral for one in (sources, more, kept, twice, asked))
    assert title_of(more) == "Ways to cope"
    assert t("learn.saved.new", title="Slow breathing") in words_of(kept)
    assert t("learn.saved.already", title="Slow breathing") in words_of(twice)
    assert AGREE in buttons_of(asked)
    assert [row[1] for row in await saved_rows(world)] == [robin.id]
    off = await press(robin, kept, t("learn.saved.undo.label"))
    assert t("learn.saved.undone", title="Slow breathing") in words_of(off)
    assert t("learn.saved.empty") in words_of(await press(robin, off, t("learn.saved.list.label")))
    assert public_words(lounge) == before


async def test_the_post_still_works_after_a_restart(world: World) -> None:
    who = world.group.facilitators[0]
    await press(who, await ask(world, who), YES)
    await world.restart()
    assert "Sources" in words_of(await world.group.newcomer.click(last(world.group.channel("lounge")), label=SOURCES))


async def test_a_group_question_stands_in_public_only(world: World) -> None:
    who = world.group.facilitators[0]
    private = await type_it(world, who, "read", snippet="what-clonazepam-is")
    assert "A question for the group" not in words_of(private)
    await press(who, await press(who, private, POST), YES)
    assert "A question for the group" in public_words(world.group.channel("lounge"))


def _posts(bot: Evenkeel) -> ReadingPosts:
    _, handler = bot.rooms.router.routes["learn", "publish"]
    sharing: Any = handler.__self__  # type: ignore[attr-defined]
    desk: ReadingPosts = sharing._posts
    return desk
