"""The daily reading day after day: at the right time on the wall, once, through outages and closed doors."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle

from bot.client import Evenkeel
from bot.clock import to_ms
from bot.errors import TryAgain
from bot.text import t
from cogs.learn.cog.daily import DailyDesk
from cogs.learn.service import Plan
from cogs.learn.store import OwnStore
from rehearsal.world import World, opened_world
from tests.features.conftest import TestEngine
from tests.features.seeing import public_words, shown, words_of
from tests.features.setting_up import another_process, bot_of, delete_channel, deny_bot
from tests.unit.learn.made import reading

LONDON = ZoneInfo("Europe/London")
HEADING = t("library.daily.post.heading", day="")
DAY = timedelta(days=1)


async def turn_on(world: World, **options: Any) -> None:
    options = {"time": "09:00", **options}
    done = await world.group.moderator.slash(world.group.channel("lounge"), "manage-library daily", **options)
    assert t("library.daily.kept") in words_of(done)


def posts(channel: ChannelHandle) -> list[discord.Message]:
    """The daily posts of a channel, the earliest first."""
    found = [message for message in channel.history() if HEADING in str(message.components)]
    return sorted(found, key=lambda message: message.id)


def threads(channel: ChannelHandle) -> int:
    """How many threads were opened in a channel."""
    return sum(message.type is discord.MessageType.thread_created for message in channel.history())


def words(message: discord.Message) -> str:
    waiting: list[Any] = list(message.components)
    found = []
    while waiting:
        one = waiting.pop(0)
        waiting = [*getattr(one, "children", ()), *waiting]
        if isinstance(one, discord.TextDisplay):
            found.append(one.content)
    return "\n".join(found)


def title(message: discord.Message) -> str:
    return next(line for line in words(message).splitlines() if line.startswith("## "))


def told(world: World, key: str) -> int:
    """How often the team's log holds the sentence of `key`, whatever stands in its places."""
    beginning = t(key).partition("{")[0]
    assert len(beginning) > 10
    return public_words(world.group.channel("mod-log")).count(beginning)


def desk_of(world: World) -> DailyDesk:
    _, handler = bot_of(world).rooms.router.routes["library", "daily_on"]
    desk: DailyDesk = handler.__self__  # type: ignore[attr-defined]
    return desk


@pytest.mark.parametrize("start", [datetime(2026, 10, 9, 12, tzinfo=UTC), datetime(2026, 3, 12, 12, tzinfo=UTC)])
async def test_a_month_posts_thirty_different_readings_at_nine_on_the_wall(engine: TestEngine, start: datetime) -> None:
    """The clocks change in it, and for two days the bot is away."""
    async with opened_world(engine, ready=True, start=start) as world:
        with world.env.time_context():
            await turn_on(world)
            await world.advance(12 * DAY)
            await world.clock.sleep(2 * DAY.total_seconds())  # nothing runs meanwhile
            await world.restart()
            await world.catch_up()
            await world.advance(18 * DAY)
            found = posts(world.group.channel("library"))
            local = [message.created_at.astimezone(LONDON) for message in found]
            first = start.date() + DAY
            days = [first + step * DAY for step in range(32)]
            assert [one.date() for one in local] == [day for day in days if day not in days[12:13]]
            late = days[13]
            assert {one.time() for one in local if one.date() != late} == {time(9, 0)}
            assert [one.hour for one in local if one.date() == late] == [start.astimezone(LONDON).hour]
            assert {one.utcoffset() for one in local} == {timedelta(0), timedelta(hours=1)}
            assert len(found) == 31
            assert len({title(message) for message in found[:30]}) == 30
            assert all("A question for the group" in words(message) for message in found)
            assert told(world, "library.daily.team.missed_day") == 1
            assert "call" not in public_words(world.group.channel("mod-log"))


async def test_a_long_outage_is_told_once_for_the_whole_gap(world: World) -> None:
    await turn_on(world)
    await world.clock.sleep((4 * DAY).total_seconds())
    await world.restart()
    await world.catch_up()
    await world.advance(timedelta(hours=1))
    assert posts(world.group.channel("library")) == []
    assert told(world, "library.daily.team.missed_days") == 1
    assert "from Tuesday 24 November to Friday 27 November" in public_words(world.group.channel("mod-log"))
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 1


async def test_the_post_and_learn_today_are_the_same(world: World) -> None:
    await turn_on(world)
    await world.advance_to_morning()
    lounge, member = world.group.channel("lounge"), world.group.members[0]
    before = words_of(await member.slash(lounge, "learn today"))
    await world.advance(timedelta(hours=2))
    [post] = posts(world.group.channel("library"))
    assert before.startswith(title(post))
    assert words_of(await member.slash(lounge, "learn today")) == before
    assert words(post).startswith(t("library.daily.post.heading", day="Tuesday 24 November"))
    assert t("learn.reading.today") in before
    save = await member.click(post, label=t("learn.reading.save.label"))
    assert save.ephemeral


async def test_it_carries_on_after_a_restart_between_choosing_and_posting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await turn_on(world)
    await world.advance_to_morning()

    async def down(*_: Any, **__: Any) -> int:
        raise TryAgain

    monkeypatch.setattr(bot_of(world).sender, "post", down)
    await world.advance(timedelta(minutes=61))
    assert posts(world.group.channel("library")) == []
    chosen = words_of(await world.group.members[0].slash(world.group.channel("lounge"), "learn today"))
    await world.restart()
    await world.advance(timedelta(hours=1))
    [post] = posts(world.group.channel("library"))
    assert chosen.startswith(title(post))
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 2


async def test_a_lost_answer_posts_nothing_twice(world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch) -> None:
    await turn_on(world, thread=True)
    send, markers = bot.sender.post, []

    async def lost(*arguments: Any, marker: str | None = None, **options: Any) -> int:
        markers.append(marker)
        message_id = await send(*arguments, marker=marker, **options)
        if len(markers) == 1:
            raise TryAgain
        return message_id

    monkeypatch.setattr(bot.sender, "post", lost)
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 1
    assert markers[0] is None
    assert markers[1] is not None
    assert threads(world.group.channel("library")) == 1


async def test_a_lost_answer_posts_nothing_twice_when_another_reading_is_chosen_meanwhile(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await turn_on(world)
    send, tries = bot.sender.post, 0

    async def lost(*arguments: Any, **options: Any) -> int:
        nonlocal tries
        tries += 1
        message_id = await send(*arguments, **options)
        if tries == 1:
            raise TryAgain
        return message_id

    monkeypatch.setattr(bot.sender, "post", lost)
    await world.advance(timedelta(hours=15, seconds=1))
    async with bot.rooms.database.write() as writer:
        chosen = await writer.fetch_value("SELECT snippet_id FROM days_readings")
        await writer.execute("UPDATE days_readings SET snippet_id = 'retired-since'")
    await world.advance(timedelta(hours=1))
    assert tries == 2
    [post] = posts(world.group.channel("library"))
    assert chosen in str(post.components)


async def test_two_processes_post_once(world: World, bot: Evenkeel) -> None:
    await turn_on(world, thread=True)
    other = another_process(bot)
    await world.clock.sleep(timedelta(hours=15).total_seconds())
    await asyncio.gather(bot.jobs.run_due(), other.run_due())
    await world.env.settle()
    assert len(posts(world.group.channel("library"))) == 1


async def test_a_deleted_channel_is_told_once_and_another_one_mends_it(world: World) -> None:
    await turn_on(world)
    await delete_channel(world, world.group.channel("library"))
    await world.advance(3 * DAY)
    assert told(world, "library.daily.team.refused") == 1
    assert t("kit.team.reason.unknown_channel") in public_words(world.group.channel("mod-log"))
    lounge, mod = world.group.channel("lounge"), world.group.moderator
    panel = await mod.slash(lounge, "manage-library daily")
    assert "**Not posted since Tuesday 24 November:**" in words_of(panel)
    assert t("library.daily.gone") in words_of(panel)
    mended = await mod.select(shown(panel), [lounge], custom_id="ek1:library:daily_channel:")
    assert f"<#{lounge.id}>" in words_of(mended)
    assert "Not posted since" not in words_of(mended)
    await world.advance(DAY)
    assert len(posts(lounge)) == 1


async def test_a_lost_permission_is_told_once_and_clears_itself(world: World) -> None:
    await turn_on(world)
    library = world.group.channel("library")
    await deny_bot(world, library, "send_messages")
    await world.advance(2 * DAY)
    assert told(world, "library.daily.team.refused") == 1
    world.env.backend.delete_overwrite(library.id, world.env.backend.bot_user.id)
    await world.env.settle()
    await world.advance(DAY)
    assert len(posts(library)) == 1
    panel = await world.group.moderator.slash(world.group.channel("lounge"), "manage-library daily")
    assert "Not posted since" not in words_of(panel)


async def test_without_the_right_to_open_threads_the_post_stands(world: World) -> None:
    await turn_on(world, thread=True)
    library = world.group.channel("library")
    await deny_bot(world, library, "create_public_threads")
    await world.advance(2 * DAY)
    assert len(posts(library)) == 2
    assert told(world, "library.daily.team.thread") == 1
    world.env.backend.delete_overwrite(library.id, world.env.backend.bot_user.id)
    await world.env.settle()
    assert threads(library) == 0
    await world.advance(DAY)
    assert (len(posts(library)), threads(library)) == (3, 1)
    panel = await world.group.moderator.slash(world.group.channel("lounge"), "manage-library daily")
    assert "No threads since" not in words_of(panel)


async def test_a_thread_that_is_there_already_counts_as_opened(world: World) -> None:
    await turn_on(world, thread=True)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160004, message="there")
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 1
    assert told(world, "library.daily.team.thread") == 0


async def test_a_post_that_somebody_deleted_needs_no_thread(world: World) -> None:
    await turn_on(world, thread=True)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=404, code=10008, message="gone")
    await world.advance(DAY)
    assert told(world, "library.daily.team.thread") == 0


async def test_a_call_for_help_holds_it_back_until_somebody_settles_it(world: World) -> None:
    await turn_on(world)
    await world.advance_to_morning()
    lounge, library, member, mod = (
        world.group.channel("lounge"), world.group.channel("library"), world.group.members[0], world.group.moderator,
    )  # fmt: skip
    screen = await member.slash(lounge, "sos")
    await member.click(shown(screen), label="Ask the team to come")
    await world.catch_up()
    await world.advance(timedelta(hours=2))
    assert posts(library) == []
    assert t("library.daily.waits") in words_of(await mod.slash(lounge, "manage-library daily"))
    card = next(one for one in world.group.channel("care").history() if "care:claim" in str(one.components))
    await mod.click(card, label=t("care.card.claim.label"))
    await world.advance(timedelta(hours=1))
    assert posts(library) == []
    await mod.click(card, label=t("care.card.settle.label"))
    await world.advance(timedelta(minutes=10))
    assert len(posts(library)) == 1
    assert told(world, "library.daily.team.call") == 0


async def test_another_servers_call_holds_nothing_back_here(world: World, bot: Evenkeel) -> None:
    await turn_on(world)
    async with bot.rooms.database.write() as writer:
        await writer.execute(
            "INSERT INTO care_requests (request_id, guild_id, user_id, created_at) VALUES (1, $1, 2, $2)",
            world.other.guild.id, to_ms(bot.rooms.clock.now()),
        )  # fmt: skip
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 1


async def test_a_call_that_stays_open_is_told_once(world: World) -> None:
    await turn_on(world)
    screen = await world.group.members[0].slash(world.group.channel("lounge"), "sos")
    await world.group.members[0].click(shown(screen), label="Ask the team to come")
    await world.advance(3 * DAY)
    assert posts(world.group.channel("library")) == []
    assert told(world, "library.daily.team.call") == 1
    panel = await world.group.moderator.slash(world.group.channel("lounge"), "manage-library daily")
    assert t("library.daily.trouble.call", day="Tuesday 24 November") in words_of(panel)


async def test_a_call_whose_card_was_deleted_by_hand_holds_it_back_for_a_week(world: World) -> None:
    await turn_on(world)
    screen = await world.group.members[0].slash(world.group.channel("lounge"), "sos")
    await world.group.members[0].click(shown(screen), label="Ask the team to come")
    await world.catch_up()
    await delete_channel(world, world.group.channel("care"))
    await world.advance(7 * DAY)
    assert posts(world.group.channel("library")) == []
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 1


async def test_a_server_that_put_the_bot_out_is_not_asked_for_ever(world: World, bot: Evenkeel) -> None:
    await turn_on(world)
    lounge = world.other.channel("lounge")
    await desk_of(world)._daily.keep(world.other.guild.id, Plan(lounge.id, 540))
    world.env.backend.remove_guild(world.group.guild.id)
    await world.env.settle()
    await world.advance(32 * DAY)
    async with bot.rooms.database.read() as reader:
        here = await reader.fetch_value(
            "SELECT COUNT(*) FROM jobs WHERE guild_id = $1 AND done_at IS NULL", world.group.guild.id
        )
    assert here == 0
    assert len(posts(lounge)) == 32


async def test_a_month_of_refusals_is_told_when_it_ends(world: World) -> None:
    await turn_on(world)
    await deny_bot(world, world.group.channel("library"), "send_messages")
    await world.advance(32 * DAY)
    assert public_words(world.group.channel("mod-log")).count("I try again each day") == 1
    link = f"<#{world.group.channel('library').id}>"
    assert t("library.daily.team.ended", channel=link) in public_words(world.group.channel("mod-log"))
    panel = await world.group.moderator.slash(world.group.channel("lounge"), "manage-library daily")
    assert "It's off." in words_of(panel)


async def test_while_the_whole_bot_rests_nothing_is_posted(world: World) -> None:
    await turn_on(world)
    lounge, admin = world.group.channel("lounge"), world.group.admin
    await admin.slash(lounge, "setup pause")
    before = public_words(world.group.channel("mod-log"))
    await world.advance(3 * DAY)
    assert posts(world.group.channel("library")) == []
    assert public_words(world.group.channel("mod-log")) == before
    assert t("library.daily.rests") in words_of(await world.group.moderator.slash(lounge, "manage-library daily"))
    await admin.slash(lounge, "setup pause")
    await world.advance(DAY)
    assert len(posts(world.group.channel("library"))) == 1


@pytest.fixture
async def own(world: World) -> OwnStore:
    """A reading of the group's own, chosen for tomorrow."""
    bot = bot_of(world)
    store = OwnStore(bot.rooms.vault)
    mine = reading("own-abcdefghijkl", "Our garden", "We meet in the garden.", topic="coping")
    async with bot.rooms.database.write() as writer:
        await store.put(writer, world.group.guild.id, mine, bot.rooms.ids.new(), bot.rooms.clock.now())
        await writer.execute(
            "INSERT INTO days_readings (guild_id, day, snippet_id, round, chosen_at) VALUES ($1, $2, $3, 1, 0)",
            world.group.guild.id, date(2026, 11, 24).isoformat(), mine.id,
        )  # fmt: skip
    return store


async def test_the_groups_own_reading_is_posted_as_its_own(world: World, own: OwnStore) -> None:
    await turn_on(world, thread=True)
    await world.advance(DAY)
    [post] = posts(world.group.channel("library"))
    assert title(post) == "## Our garden"
    assert t("learn.mark.own") in words(post)
    assert "A question for the group" in words(post)
    assert "Our garden" in [message.content for message in world.group.channel("library").history()]  # its thread


async def test_one_that_was_retired_in_the_morning_is_chosen_anew(world: World, own: OwnStore) -> None:
    await turn_on(world)
    await world.advance_to_morning()
    bot, member, lounge = bot_of(world), world.group.members[0], world.group.channel("lounge")
    assert "Our garden" in words_of(await member.slash(lounge, "learn today"))
    async with bot.rooms.database.write() as writer:
        await own.retire(
            writer, world.group.guild.id, "own-abcdefghijkl", bot.rooms.ids.new(), bot.rooms.clock.now()
        )  # fmt: skip
    await world.advance(timedelta(hours=2))
    [post] = posts(world.group.channel("library"))
    assert title(post) != "## Our garden"
    assert words_of(await member.slash(lounge, "learn today")).startswith(title(post))


async def test_a_new_zone_and_quiet_hours_move_it_at_once(world: World) -> None:
    await turn_on(world)
    lounge, admin = world.group.channel("lounge"), world.group.admin
    await admin.slash(lounge, "setup group", timezone="America/New_York")
    await world.advance(DAY)
    await admin.slash(lounge, "setup group", quiet_hours="22:00-10:30")
    panel = await world.group.moderator.slash(lounge, "manage-library daily")
    assert "comes at **10:30**" in words_of(panel)
    await world.advance(DAY)
    here = ZoneInfo("America/New_York")
    found = [post.created_at.astimezone(here).time() for post in posts(world.group.channel("library"))]
    assert found == [time(9, 0), time(10, 30)]


async def test_a_reset_ends_it_here_and_nowhere_else(world: World) -> None:
    await turn_on(world)
    lounge = world.other.channel("lounge")
    await desk_of(world)._daily.keep(world.other.guild.id, Plan(lounge.id, 540))
    admin = world.group.admin
    asked = await admin.slash(world.group.channel("lounge"), "setup reset")
    form = await admin.click(shown(asked), label="Erase the set-up")
    assert "The set-up is erased" in words_of(await admin.submit_modal(form, {"name": "harbour lights"}))
    await world.advance(DAY)
    assert posts(world.group.channel("library")) == []
    assert len(posts(lounge)) == 1
