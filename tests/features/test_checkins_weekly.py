"""The weekly summary: shown to the team, told to the group once and where they want it, and never a name or a few."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.errors import SetupError

from bot.client import Evenkeel
from bot.contracts import GuildReset
from bot.discordkit import Sender
from bot.errors import TryAgain
from bot.text import t
from cogs.checkins.rules import Choice
from cogs.checkins.service.weeks import plan_week
from cogs.checkins.store.entries import EntryStore
from cogs.checkins.store.groups import GroupSettings, GroupStore
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, last, public_words, shown, words_of
from tests.features.setting_up import bot_of, delete_channel, deny_bot
from tests.unit.checkins.history_made import entry

WEEK = date(2026, 11, 16)
DAY = timedelta(days=1)
CANARY = "canary-c0de"
HEADING = "## The week from "
POST = t("checkin_weekly.post.label")


async def people_write(world: World, count: int, *, week: date = WEEK, **changes: Any) -> None:
    """Entries of so many different people on the week's Wednesday, shared with the group."""
    bot = bot_of(world)
    store = EntryStore(bot.rooms.vault)
    values: dict[str, Any] = {"mood": 4, "sleep": 1, "urge": 5, "choice": Choice.GROUP, "words": CANARY}
    values |= {"numbers_shown": True, **changes}
    async with bot.rooms.database.write() as writer:
        for number in range(count):
            made = entry(week + 2 * DAY, entry_id=week.toordinal() * 1000 + number, **values)
            await store.put(writer, replace(made, guild_id=world.group.guild.id, user_id=(900 + number) << 22))


async def switch_on(world: World, channel: str = "check-ins") -> None:
    bot, guild_id = bot_of(world), world.group.guild.id
    settings = GroupSettings(guild_id, weekly_channel_id=world.group.channel(channel).id, edition=bot.rooms.ids.new())
    async with bot.rooms.database.write() as writer:
        await GroupStore().put(writer, settings, bot.rooms.clock.now())
        await plan_week(writer, bot.rooms.ids, guild_id, settings, bot.rooms.clock.now())
    await world.catch_up()


async def summary(world: World, who: MemberActor | None = None) -> InteractionResult:
    who = who or world.group.moderator
    return await who.slash(world.group.channel("lounge"), "manage-checkins summary")


def told(world: World, channel: str = "check-ins") -> int:
    return public_words(world.group.channel(channel)).count(HEADING)


async def to_monday(world: World) -> None:
    """From the world's Monday evening to the next Monday at noon."""
    await world.advance(timedelta(days=6, hours=18))


async def test_the_team_sees_it_first_and_nobody_else(world: World) -> None:
    await people_write(world, 6)
    seen = await summary(world)
    assert seen.ephemeral
    words = words_of(seen)
    assert "from Monday 16 November to Sunday 22 November" in words
    assert "6 people" in words
    assert "Mood: **rather good**" in words
    assert "Sleep: **hardly any**" in words
    assert "Urge: **in the middle**" in words
    assert CANARY not in words
    assert POST in buttons_of(seen)
    assert told(world) == 0
    with pytest.raises(SetupError, match="not visible"):
        await summary(world, world.group.members[0])


@pytest.mark.parametrize("count", [0, 1, 4])
async def test_of_few_people_no_number_is_told(world: World, count: int) -> None:
    await people_write(world, count)
    seen = await summary(world)
    assert "at least five" in words_of(seen)
    assert POST not in buttons_of(seen)
    assert not {"1", "4", "0"} & set(words_of(seen).replace("10:00", "").split())
    await switch_on(world)
    await people_write(world, count, week=WEEK + 7 * DAY)
    await to_monday(world)
    assert told(world) == 0
    assert HEADING not in public_words(world.group.channel("mod-log"))


async def test_a_moderator_posts_it_once_however_often_they_press(world: World) -> None:
    await people_write(world, 5)
    panel, another = await summary(world), await summary(world)
    for seen in (panel, panel, another):
        pressed = await world.group.moderator.click(shown(seen), label=POST)
    await world.catch_up()
    assert told(world) == 1
    assert CANARY not in public_words(world.group.channel("check-ins"))
    assert "<@" not in public_words(world.group.channel("check-ins"))
    after = await summary(world)
    assert POST not in buttons_of(after)
    assert "in the group already" in words_of(after)
    assert t("checkin_weekly.team.coming", channel=f"<#{world.group.channel('check-ins').id}>") in words_of(pressed)
    why = await world.group.members[0].click(
        last(world.group.channel("check-ins")), label=t("checkin_weekly.why.label")
    )
    assert why.ephemeral
    assert "five" in words_of(why)


async def test_a_panel_of_an_earlier_week_posts_nothing(world: World) -> None:
    await people_write(world, 5)
    panel = await summary(world)
    await world.advance(7 * DAY)
    pressed = await world.group.moderator.click(shown(panel), label=POST)
    assert t("kit.refused.outdated") in words_of(pressed)
    await world.catch_up()
    assert told(world) == 0


async def test_a_channel_that_is_closed_or_gone_is_told_and_mended(world: World) -> None:
    await people_write(world, 5)
    channel = world.group.channel("check-ins")
    await deny_bot(world, channel, "send_messages")
    pressed = await world.group.moderator.click(shown(await summary(world)), label=POST)
    assert "Send Messages" in words_of(pressed)
    await delete_channel(world, channel)
    again = await summary(world)
    if POST in buttons_of(again):
        assert t("checkins.panel.gone") in words_of(await world.group.moderator.click(shown(again), label=POST))
    else:
        assert t("checkin_weekly.team.nowhere") in words_of(again)
    await world.catch_up()


async def test_each_monday_at_ten_by_itself(world: World) -> None:
    await switch_on(world)
    for weeks in (1, 2, 3):
        await people_write(world, 5 + weeks, week=WEEK + weeks * 7 * DAY)
        await to_monday(world)
        assert told(world) == weeks
        await world.advance(timedelta(hours=6))
    posts = [one for one in world.group.channel("check-ins").history() if HEADING in str(one.components)]
    zone = await world.zone()
    assert {(one.created_at.astimezone(zone).weekday(), one.created_at.astimezone(zone).hour) for one in posts} == {
        (0, 10)
    }


async def test_told_by_a_moderator_it_is_not_told_again_on_monday(world: World) -> None:
    await switch_on(world)
    await people_write(world, 5, week=WEEK + 7 * DAY)
    await world.advance(timedelta(days=6, hours=14))  # Monday, eight in the morning
    await world.group.moderator.click(shown(await summary(world)), label=POST)
    await world.catch_up()
    assert told(world) == 1
    await world.advance(DAY)
    assert told(world) == 1


async def test_a_killed_bot_posts_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to the first try is lost, the bot is restarted: the post is found in the channel."""
    await switch_on(world)
    await people_write(world, 5, week=WEEK + 7 * DAY)
    real = Sender.post

    async def lost(*args: Any, **options: Any) -> int:
        await real(*args, **options)
        raise TryAgain

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "post", lost)
        await world.advance(timedelta(days=6, hours=16, minutes=1))
    assert told(world) == 1
    await world.restart()
    await world.advance(timedelta(hours=3))
    assert told(world) == 1
    assert "in the group already" in words_of(await summary(world))


async def test_away_for_days_it_is_not_sent_late_and_the_team_is_told(world: World) -> None:
    await switch_on(world)
    await people_write(world, 5, week=WEEK + 7 * DAY)
    await world.restart(timedelta(days=8))
    await world.catch_up()
    assert told(world) == 0
    assert "wasn't posted" in public_words(world.group.channel("mod-log"))
    await people_write(world, 5, week=WEEK + 14 * DAY)
    await world.advance(timedelta(days=6))
    assert told(world) == 1


async def test_a_gone_channel_is_told_to_the_team_and_the_next_week_comes(world: World) -> None:
    await switch_on(world, "lounge")
    await people_write(world, 5, week=WEEK + 7 * DAY)
    await delete_channel(world, world.group.channel("lounge"))
    await to_monday(world)
    assert t("kit.team.reason.unknown_channel") in public_words(world.group.channel("mod-log"))
    bot: Evenkeel = bot_of(world)
    assert await bot.jobs.next_due() is not None


async def test_a_reset_of_the_group_forgets_what_its_weeks_said(world: World) -> None:
    await people_write(world, 6)
    assert "6 people" in words_of(await summary(world))
    await bot_of(world).rooms.events.publish(GuildReset(world.group.guild.id))
    seen = words_of(await summary(world))
    assert "6 people" not in seen
    assert "there is no summary" in seen


async def test_looking_and_pressing_at_once(world: World, engine: TestEngine) -> None:
    await people_write(world, 5)
    _, handler = bot_of(world).rooms.router.routes["checkins", "week_post"]
    service = handler.__self__._service  # type: ignore[attr-defined]
    guild_id = world.group.guild.id
    seen = await asyncio.gather(*(service.last(guild_id) for _ in range(5)))
    assert len(set(map(repr, seen))) == 1
    await asyncio.gather(*(service.order(guild_id, WEEK, str(n)) for n in range(4)))
    await world.catch_up()
    assert told(world) == 1
    assert CANARY not in engine.log.getvalue()
