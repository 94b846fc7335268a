"""The daily check-in post as the group meets it: on time, once, through outages and closed doors; and its buttons."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord import ChannelHandle, InteractionResult

from bot.client import Evenkeel
from bot.errors import TryAgain
from bot.text import t
from cogs.checkins.service.counts import plan_count
from cogs.checkins.store.posts import PostStore
from rehearsal.world import World, opened_world
from tests.features.conftest import TestEngine
from tests.features.seeing import _walk, buttons_of, components_of, last, public_words, shown, words_of
from tests.features.setting_up import another_process, bot_of, delete_channel, deny_bot

LONDON = ZoneInfo("Europe/London")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW, ALONE, SKIP = (t(f"checkin_post.post.{one}.label") for one in ("now", "alone", "skip"))
UNDO = t("checkin_post.skip.undo.label")


async def manage(world: World, what: str, **options: Any) -> InteractionResult:
    return await world.group.moderator.slash(world.group.channel("lounge"), f"manage-checkins {what}", **options)


async def create(world: World, **options: Any) -> None:
    given = {"name": "Evening", "channel": world.group.channel("check-ins"), "time": "20:00", **options}
    assert t("checkins.panel.started") in words_of(await manage(world, "create", **given))


def posts(channel: ChannelHandle) -> list[discord.Message]:
    """The daily posts of a channel, the earliest first."""
    return sorted((one for one in channel.history() if "checkins:skip:" in str(one.components)), key=lambda one: one.id)


def words(message: discord.Message) -> str:
    return "\n".join(one["content"] for one in _walk(message.components) if one["type"] == 10)


def labels(message: discord.Message) -> list[str]:
    return [one["label"] for one in _walk(message.components) if one["type"] == 2]


def team(world: World) -> str:
    return public_words(world.group.channel("mod-log"))


def told(world: World, key: str) -> int:
    """How often the team's log holds the sentence of `key` about "Evening"."""
    data = dict.fromkeys(("first", "last", "channel", "reason", "next"), "|")
    sentence = t(key, count=2, name="|", **data)
    longest = max(sentence.replace("2", "|").split("|"), key=len)
    assert len(longest) > 20
    return team(world).count(longest)


async def agreed(world: World) -> None:
    """Let the group's first member agree to the policy."""
    rooms, member = bot_of(world).rooms, world.group.members[0]
    async with rooms.database.write() as writer:
        await rooms.consents.agree(writer, world.group.guild.id, member.id)


async def posted(world: World, **options: Any) -> discord.Message:
    """The post of a check-in, two hours after its making."""
    await create(world, **options)
    await world.advance(2 * HOUR)
    return posts(world.group.channel("check-ins"))[0]


@pytest.mark.parametrize("start", [datetime(2026, 10, 20, 12, tzinfo=UTC), datetime(2026, 3, 24, 12, tzinfo=UTC)])
async def test_a_fortnight_asks_once_a_day_at_eight_on_the_wall(engine: TestEngine, start: datetime) -> None:
    """The clocks change in it, the bot is away for two days, and comes back within the two hours on another."""
    async with opened_world(engine, ready=True, start=start) as world:
        with world.env.time_context():
            await create(world)
            await world.advance(3 * DAY)
            await world.restart(away=2 * DAY)
            await world.advance(2 * DAY)
            await world.advance(timedelta(hours=7))
            await world.restart(away=2 * HOUR)
            await world.advance(7 * DAY)
            found = [one.created_at.astimezone(LONDON) for one in posts(world.group.channel("check-ins"))]
            first = start.date()
            days = [first + step * DAY for step in range(15)]
            assert [one.date() for one in found] == [day for day in days if day not in days[3:5]]
            assert {one.time() for one in found if one.date() != days[7]} == {time(20, 0)}
            assert len({one.utcoffset() for one in found}) == 2
            prompts = [words(one).splitlines()[1] for one in posts(world.group.channel("check-ins"))]
            assert len(set(prompts)) == len(prompts)
            assert told(world, "checkin_post.team.missed") == 1


async def test_what_the_post_says_and_offers(world: World) -> None:
    post = await posted(world)
    lines = words(post).splitlines()
    assert lines[0] == "## \u2068Evening\u2069"
    assert lines[2] == t("checkin_post.post.nobody", day="Monday 23 November")
    assert lines[3] == t("checkin_post.post.who")
    assert lines[1] in {prompt.text for prompt in bot_of(world).rooms.content.prompts.values()}
    assert labels(post) == [NOW, ALONE, SKIP]
    assert not post.mentions


async def test_the_preview_is_the_post_with_buttons_that_do_nothing(world: World) -> None:
    await create(world, thread=True)
    seen = await manage(world, "preview")
    assert seen.ephemeral
    assert buttons_of(seen) == [NOW, ALONE, SKIP, "Open the form", "Post it now"]
    assert [one.get("disabled", False) for one in components_of(seen) if one["type"] == 2] == [True] * 3 + [False] * 2
    assert posts(world.group.channel("check-ins")) == []
    assert t("checkin_post.preview.threads") in words_of(seen)
    form = await world.group.moderator.click(shown(seen), label="Open the form")
    assert form.modal is not None
    await world.advance(2 * HOUR)
    [post] = posts(world.group.channel("check-ins"))
    assert words(post) in words_of(seen)


async def test_with_several_it_asks_which_and_with_none_says_how_to_make_one(world: World) -> None:
    for what in ("preview", "post-now"):
        assert t("checkins.none") in words_of(await manage(world, what))
    await create(world)
    await create(world, name="Morning", time="08:00")
    asked = await manage(world, "preview")
    assert t("checkin_post.pick.heading") in words_of(asked)
    [select] = [one for one in components_of(asked) if one["type"] == 3]
    value = next(one["value"] for one in select["options"] if one["label"] == "Morning")
    seen = await world.group.moderator.select(shown(asked), [value], custom_id=select["custom_id"])
    assert "Morning" in words_of(seen)
    by_name = await manage(world, "preview", schedule="morning")
    assert words_of(by_name) == words_of(seen)
    asked = await manage(world, "post-now")
    [select] = [one for one in components_of(asked) if one["type"] == 3]
    done = await world.group.moderator.select(shown(asked), [value], custom_id=select["custom_id"])
    assert "Morning" in words_of(done)
    assert len(posts(world.group.channel("check-ins"))) == 1


async def test_post_now_posts_once_and_says_where(world: World) -> None:
    await create(world)
    channel = world.group.channel("check-ins")
    done = await manage(world, "post-now")
    [post] = posts(channel)
    tomorrow = int((world.env.now() + DAY + 2 * HOUR).timestamp())
    assert t("checkin_post.now.next", when=f"<t:{tomorrow}:F>") in words_of(done)
    link = f"https://discord.com/channels/{world.group.guild.id}/{channel.id}/{post.id}"
    assert link in str(shown(done).components)
    again = await manage(world, "post-now")
    assert "is there already" in words_of(again)
    assert link in str(shown(again).components)
    await world.advance(4 * HOUR)
    assert len(posts(channel)) == 1
    await world.advance(DAY)
    assert len(posts(channel)) == 2


async def test_post_now_says_what_is_in_the_way(world: World) -> None:
    await create(world)
    channel, backend = world.group.channel("check-ins"), world.env.backend
    await deny_bot(world, channel, "send_messages")
    assert "**Send Messages**" in words_of(await manage(world, "post-now"))
    backend.delete_overwrite(channel.id, backend.bot_user.id)
    await world.env.settle()
    world.env.inject_error("POST", f"/channels/{channel.id}/messages", status=403, code=50013, message="no")
    assert t("kit.team.reason.no_permission") in words_of(await manage(world, "post-now"))
    world.env.inject_error("POST", f"/channels/{channel.id}/messages", status=400, code=50035, message="no")
    assert t("kit.team.reason.other") in words_of(await manage(world, "post-now"))
    assert posts(channel) == []
    await delete_channel(world, channel)
    assert "I can't see its channel" in words_of(await manage(world, "post-now"))
    await world.group.admin.slash(world.group.channel("lounge"), "setup pause")
    assert t("checkin_post.preview.rests") in words_of(await manage(world, "preview"))


async def test_post_now_while_the_bot_rests(world: World) -> None:
    await create(world)
    await world.group.admin.slash(world.group.channel("lounge"), "setup pause")
    assert t("checkin_post.now.rests") in words_of(await manage(world, "post-now"))
    await world.advance(DAY)
    assert posts(world.group.channel("check-ins")) == []
    assert told(world, "checkin_post.team.missed") == 0


async def test_another_servers_check_in_opens_nothing(world: World, bot: Evenkeel) -> None:
    await create(world)
    seen, mod = await manage(world, "preview"), world.group.moderator
    async with bot.rooms.database.write() as writer:
        await writer.execute("UPDATE checkin_schedules SET guild_id = $1", world.other.guild.id)
        schedule_id = await writer.fetch_value("SELECT schedule_id FROM checkin_schedules")
    for label in ("Open the form", "Post it now"):
        pressed = await mod.click(shown(seen), label=label)
        assert pressed.modal is None
        assert t("checkins.gone") in words_of(pressed)
    for what in ("preview", "post-now"):
        assert t("checkins.none") in words_of(await manage(world, what, schedule=str(schedule_id)))
    assert posts(world.group.channel("check-ins")) == []


async def test_a_moderator_no_more_cannot_post_from_an_old_preview(world: World) -> None:
    await create(world)
    seen, mod = await manage(world, "preview"), world.group.moderator
    member = world.env.backend.get_guild(world.group.guild.id).members[mod.id]
    member.role_ids.clear()
    for label in ("Post it now", "Open the form"):
        pressed = await mod.click(shown(seen), label=label)
        assert pressed.modal is None
        assert t("kit.refused.moderator") in words_of(pressed)
    assert posts(world.group.channel("check-ins")) == []


async def test_not_today_asks_first_then_rests_the_day_and_can_be_taken_back(world: World) -> None:
    post = await posted(world)
    member = world.group.members[0]
    asked = await member.click(post, label=SKIP)
    assert asked.ephemeral
    assert await skips(world) == []
    done = await member.click(shown(asked), label=t("privacy.consent.agree.label"))
    assert t("checkin_post.skip.done", day="Monday 23 November") in words_of(done)
    assert await skips(world) == [(member.id, "2026-11-23")]
    again = await member.click(post, label=SKIP)
    assert again.ephemeral
    assert t("checkin_post.skip.already", day="Monday 23 November") in words_of(again)
    back = await member.click(shown(again), label=UNDO)
    assert t("checkin_post.skip.undone", day="Monday 23 November") in words_of(back)
    assert buttons_of(back) == [NOW, ALONE]
    assert await skips(world) == []
    twice = await member.click(shown(done), label=UNDO)
    assert t("checkin_post.skip.nothing", day="Monday 23 November") in words_of(twice)
    assert labels(last(world.group.channel("check-ins"))) == [NOW, ALONE, SKIP]


async def skips(world: World) -> list[tuple[int, str]]:
    async with bot_of(world).rooms.database.read() as reader:
        rows = await reader.fetch_all("SELECT user_id, day FROM checkin_skips ORDER BY user_id")
    return [(row["user_id"], row["day"]) for row in rows]


async def test_not_today_is_of_the_pressers_own_day_and_ends_with_it(world: World) -> None:
    await agreed(world)
    post = await posted(world)
    member = world.group.members[0]
    await world.advance(timedelta(hours=12))  # the next morning: yesterday can still be taken off
    done = await member.click(post, label=SKIP)
    assert t("checkin_post.skip.done", day="Monday 23 November") in words_of(done)
    await world.advance(DAY)
    over = await member.click(post, label=SKIP)
    assert t("checkin_post.skip.over") in words_of(over)
    assert await skips(world) == [(member.id, "2026-11-23")]


async def test_an_entry_of_the_day_leaves_nothing_to_skip(world: World) -> None:
    await agreed(world)
    post = await posted(world)
    member = world.group.members[0]
    await written(world, post, member.id)
    done = await member.click(post, label=SKIP)
    assert t("checkin_post.skip.entry", day="Monday 23 November") in words_of(done)
    assert await skips(world) == []


async def written(world: World, post: discord.Message, user_id: int) -> None:
    """An entry of the post's day, kept by hand."""
    schedule_id = int(str(post.components).partition("checkins:skip:")[2].partition(".")[0])
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await writer.execute(
            "INSERT INTO checkin_entries (entry_id, guild_id, user_id, schedule_id, set_id, day, post_day, choice, "
            "numbers_shown, edition, place, told_early, told, written_at, updated_at) "
            "VALUES ($1, $2, $3, $4, 'x', '2026-11-23', '2026-11-23', 'me', 0, 1, 'nowhere', 0, 0, 1, 1)",
            rooms.ids.new(), world.group.guild.id, user_id, schedule_id,
        )  # fmt: skip


async def test_a_made_up_or_foreign_post_cannot_be_skipped(world: World) -> None:
    await agreed(world)
    await create(world)
    await world.advance(2 * HOUR)
    [post] = posts(world.group.channel("check-ins"))
    bot, member = bot_of(world), world.group.members[0]
    async with bot.rooms.database.write() as writer:
        await writer.execute("UPDATE checkin_posts SET guild_id = $1", world.other.guild.id)
    refused = await member.click(post, label=SKIP)
    assert t("kit.refused.outdated") in words_of(refused)
    assert await skips(world) == []


async def test_a_lost_answer_posts_nothing_twice(world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch) -> None:
    await create(world, thread=True)
    send, markers = bot.sender.post, []

    async def lost(*arguments: Any, marker: str | None = None, **options: Any) -> int:
        markers.append(marker)
        message_id = await send(*arguments, marker=marker, **options)
        if len(markers) == 1:
            raise TryAgain
        return message_id

    monkeypatch.setattr(bot.sender, "post", lost)
    await world.advance(3 * HOUR)
    [post] = posts(world.group.channel("check-ins"))
    assert markers == [None]  # the second try finds it
    threads = [one for one in world.group.channel("check-ins").history() if one.type.name == "thread_created"]
    assert [one.content for one in threads] == ["Evening · Monday 23 November"]
    assert labels(post) == [NOW, ALONE, SKIP]


async def test_a_restart_before_the_answer_came_posts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create(world)
    send = bot_of(world).sender.post

    async def killed(*arguments: Any, **options: Any) -> int:
        await send(*arguments, **options)
        raise TryAgain

    monkeypatch.setattr(bot_of(world).sender, "post", killed)
    await world.advance(2 * HOUR)
    assert len(posts(world.group.channel("check-ins"))) == 1
    await world.restart(away=timedelta(minutes=20))
    await world.advance(HOUR)
    assert len(posts(world.group.channel("check-ins"))) == 1
    pressed = await world.group.members[0].click(posts(world.group.channel("check-ins"))[0], label=SKIP)
    assert t("privacy.consent.agree.label") in buttons_of(pressed)
    assert told(world, "checkin_post.team.missed") == 0


async def test_two_processes_post_once(world: World, bot: Evenkeel) -> None:
    await create(world, thread=True)
    other = another_process(bot)
    await world.clock.sleep(timedelta(hours=2).total_seconds())
    await asyncio.gather(bot.jobs.run_due(), other.run_due())
    await world.env.settle()
    assert len(posts(world.group.channel("check-ins"))) == 1


async def test_a_deleted_channel_is_told_once_and_another_one_mends_it(world: World) -> None:
    await create(world)
    await delete_channel(world, world.group.channel("check-ins"))
    await world.advance(3 * DAY)
    assert told(world, "checkin_post.team.refused") == 1
    assert t("kit.team.reason.unknown_channel") in team(world)
    await manage(world, "edit", channel=world.group.channel("lounge"))
    await world.advance(DAY)
    assert len(posts(world.group.channel("lounge"))) == 1


async def test_a_lost_permission_is_told_once_and_clears_itself(world: World) -> None:
    await create(world, thread=True)
    channel, backend = world.group.channel("check-ins"), world.env.backend
    await deny_bot(world, channel, "send_messages")
    await world.advance(2 * DAY)
    assert told(world, "checkin_post.team.refused") == 1
    backend.delete_overwrite(channel.id, backend.bot_user.id)
    await deny_bot(world, channel, "create_public_threads")
    await world.advance(2 * DAY)
    assert len(posts(channel)) == 2
    assert told(world, "checkin_post.team.thread") == 1
    assert told(world, "checkin_post.team.refused") == 1


async def test_a_server_that_put_the_bot_out_is_not_asked_for_ever(world: World, bot: Evenkeel) -> None:
    await create(world)
    world.env.backend.remove_guild(world.group.guild.id)
    await world.env.settle()
    await world.advance(32 * DAY)
    async with bot.rooms.database.read() as reader:
        here = await reader.fetch_value(
            "SELECT COUNT(*) FROM jobs WHERE guild_id = $1 AND kind = 'checkins.turn' AND done_at IS NULL "
            "AND failed_at IS NULL",
            world.group.guild.id,
        )
    assert here == 0


async def test_the_count_follows_and_keeps_the_words(world: World) -> None:
    post = await posted(world)
    before = words(post).splitlines()
    await written(world, post, world.group.members[0].id)
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        kept = await PostStore().by_message(writer, world.group.guild.id, post.id)
        assert kept is not None
        now = rooms.clock.now()
        await plan_count(writer, rooms.ids, PostStore(), kept.guild_id, kept.schedule_id, kept.day, now)
    await world.advance(timedelta(seconds=11))
    [post] = posts(world.group.channel("check-ins"))
    after = words(post).splitlines()
    assert after[2] == t("checkin_post.post.somebody", count=1, day="Monday 23 November")
    assert (after[:2], after[3:]) == (before[:2], before[3:])
    assert labels(post) == [NOW, ALONE, SKIP]
