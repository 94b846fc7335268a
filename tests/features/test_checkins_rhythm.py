"""Rests from check-ins, outages, and what is too old: as people meet them, and as Discord looks afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor

from bot.discordkit import Panel, Text
from bot.text import t
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.rhythm import RhythmService
from cogs.checkins.store.entries import EntryStore
from rehearsal.world import World
from tests.features.answering import agrees, made_entry, rows
from tests.features.seeing import buttons_of, public_words, shown, words_of
from tests.features.setting_up import bot_of, delete_channel, deny_bot

AGREE = t("privacy.consent.agree.label")
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def robin(world: World) -> MemberActor:
    who = world.group.members[0]
    await agrees(world, who)
    return who


async def type_it(world: World, who: MemberActor, command: str, **options: object) -> InteractionResult:
    result = await who.slash(world.group.channel("lounge"), command, **options)
    assert shown(result).ephemeral
    return result


def rhythm_of(world: World) -> RhythmService:
    handler = bot_of(world).rooms.router.routes["checkins", "rem_off"][1]
    service: RhythmService = handler.__self__._rhythm  # type: ignore[attr-defined]
    return service


async def today(world: World, who: MemberActor) -> str:
    view = await rhythm_of(world).of(world.group.guild.id, who.id)
    return dict(view.states)[view.today].value


async def keep_entry(world: World, who: MemberActor, day: date, channel: ChannelHandle | None = None) -> int | None:
    """Let somebody have checked in under a day; with a channel, in a post there."""
    bot, guild_id = bot_of(world), world.group.guild.id
    entry_id, message_id = bot.rooms.ids.new(), None
    if channel is not None:
        post = Panel((Text(f"An old check-in of {day}"),))
        message_id = await bot.sender.post(guild_id, channel.id, post, nonce=f"old-{day}"[:25])
    entry = made_entry(
        entry_id, guild_id, who.id, datetime(day.year, day.month, day.day, 20, tzinfo=UTC),
        day=day, choice=Choice.GROUP if channel else Choice.ME, place=Place.GROUP if channel else Place.NOWHERE,
        channel_id=channel.id if channel else None, message_id=message_id, asked_at=None,
    )  # fmt: skip
    async with bot.rooms.database.write() as writer:
        await EntryStore(bot.rooms.vault).put(writer, replace(entry, mood=None))
    return message_id


async def test_a_rest_is_kept_after_consent_and_says_what_waits(world: World) -> None:
    who = world.group.members[0]
    asked = await type_it(world, who, "checkin pause", until="3 days")
    assert t("privacy.consent.ask") in words_of(asked)
    assert await rows(bot_of(world), "member_rests") == 0
    done = await who.click(shown(asked), label=AGREE)
    assert "Check-ins wait until" in words_of(done)
    assert t("checkin_rhythm.pause.open") in words_of(done)
    assert (await rhythm_of(world).of(world.group.guild.id, who.id)).rests


async def test_an_end_is_read_by_my_own_clock(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "me timezone", zone="Auckland")
    await type_it(world, robin, "checkin pause", until="thursday")  # it is Tuesday morning there
    async with bot_of(world).rooms.database.read() as reader:
        [rest] = await bot_of(world).rooms.members.rests_in(reader, world.group.guild.id, robin.id)
    assert rest.until == datetime(2026, 11, 25, 11, tzinfo=UTC)


@pytest.mark.parametrize(("until", "key"), [("blah", "unknown"), ("2026-11-22", "past"), ("in 400 days", "far")])
async def test_an_end_that_does_not_read_stores_nothing(world: World, robin: MemberActor, until: str, key: str) -> None:
    refused = await type_it(world, robin, "checkin pause", until=until)
    assert t(f"times.until.{key}") in words_of(refused)
    assert await rows(bot_of(world), "member_rests") == 0


async def test_an_end_that_passes_before_i_agree_is_refused(world: World) -> None:
    who = world.group.members[0]
    asked = await type_it(world, who, "checkin pause", until="10 minutes")
    await world.advance(HOUR)
    refused = await who.click(shown(asked), label=AGREE)
    assert t("times.until.past") in words_of(refused)
    assert await rows(bot_of(world), "member_rests") == 0


async def test_twice_is_one_rest_with_the_newest_end(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin pause", until="3 days")
    await type_it(world, robin, "checkin pause")
    assert await rows(bot_of(world), "member_rests") == 1
    back = await type_it(world, robin, "checkin resume")
    assert t("checkin_rhythm.resume.done") in words_of(back)
    again = await type_it(world, robin, "checkin resume")
    assert t("checkin_rhythm.resume.not_resting") in words_of(again)
    assert buttons_of(again) == []


async def test_a_rest_freezes_its_days_and_an_entry_counts_all_the_same(world: World, robin: MemberActor) -> None:
    await keep_entry(world, robin, MONDAY - DAY)
    await type_it(world, robin, "checkin pause")
    await world.advance(2 * DAY)
    assert await today(world, robin) == "rested"
    await keep_entry(world, robin, MONDAY + 2 * DAY)
    assert await today(world, robin) == "done"


async def test_a_break_is_another_rest_and_resume_says_how_it_ends(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "me break")
    paused = await type_it(world, robin, "checkin pause")
    assert t("checkin_rhythm.pause.also_break") in words_of(paused)
    resumed = await type_it(world, robin, "checkin resume")
    assert t("checkin_rhythm.resume.done") in words_of(resumed)
    assert t("checkin_rhythm.resume.on_break") in words_of(resumed)
    assert (await rhythm_of(world).of(world.group.guild.id, robin.id)).rests
    back = await robin.click(shown(resumed), label=t("checkin_rhythm.resume.back.label"))
    assert t("me.back.done") in words_of(back)
    assert not (await rhythm_of(world).of(world.group.guild.id, robin.id)).rests


async def test_a_break_alone_is_shown_as_such(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "me break", until="3 days")
    resumed = await type_it(world, robin, "checkin resume")
    assert t("checkin_rhythm.resume.on_break") in words_of(resumed)
    assert t("checkin_rhythm.resume.not_resting") not in words_of(resumed)
    await world.advance(4 * DAY)
    resumed = await type_it(world, robin, "checkin resume")
    assert t("checkin_rhythm.resume.not_resting") in words_of(resumed)


async def test_a_time_away_excuses_the_day_and_a_moved_clock_does_not(world: World, robin: MemberActor) -> None:
    await world.advance(3 * DAY)
    await world.restart()
    assert await rows(bot_of(world), "outages") == 0
    await world.advance(DAY)
    await world.restart(away=timedelta(minutes=9))
    assert await rows(bot_of(world), "outages") == 0
    await world.restart(away=HOUR)
    assert await rows(bot_of(world), "outages") == 1
    await keep_entry(world, robin, MONDAY)
    assert await today(world, robin) == "bot_out"


async def test_old_check_ins_go_from_discord_first_and_totals_stay(world: World, robin: MemberActor) -> None:
    lounge = world.group.channel("lounge")
    await keep_entry(world, robin, MONDAY - 400 * DAY, lounge)
    await keep_entry(world, robin, MONDAY - 390 * DAY)
    await keep_entry(world, robin, MONDAY - DAY)
    assert "An old check-in" in public_words(lounge)
    await world.advance(DAY)
    assert "An old check-in" not in public_words(lounge)
    assert await rows(bot_of(world), "checkin_entries") == 1
    view = await rhythm_of(world).of(world.group.guild.id, robin.id)
    assert view.rhythm.total == 3


async def test_the_round_goes_on_after_restarts_and_outages(world: World, robin: MemberActor) -> None:
    await world.restart(away=3 * DAY)
    await keep_entry(world, robin, MONDAY - 400 * DAY)
    await world.restart()
    await world.advance(DAY)
    assert await rows(bot_of(world), "checkin_entries") == 0
    await keep_entry(world, robin, MONDAY - 401 * DAY)
    await world.advance(DAY)
    assert await rows(bot_of(world), "checkin_entries") == 0


def stuck_in(channel_id: int) -> str:
    return t("checkin_rhythm.stuck", channel=f"<#{channel_id}>", reason="§").partition("§")[0]


async def test_a_post_that_cannot_be_deleted_is_told_once_and_its_row_goes(world: World, robin: MemberActor) -> None:
    lounge = world.group.channel("lounge")
    for step in (400, 401, 402):
        await keep_entry(world, robin, MONDAY - step * DAY, lounge)
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50001, message="no", times=None)
    await world.advance(2 * DAY)
    assert await rows(bot_of(world), "checkin_entries") == 0
    beginning = stuck_in(world.group.channel("lounge").id)
    assert public_words(world.group.channel("mod-log")).count(beginning) == 1


async def test_a_failure_that_passes_deletes_the_post_later(world: World, robin: MemberActor) -> None:
    lounge = world.group.channel("lounge")
    await keep_entry(world, robin, MONDAY - 400 * DAY, lounge)
    world.env.inject_error("DELETE", "/channels/*/messages/*", status=503, times=2)
    await world.advance(DAY)
    assert "An old check-in" not in public_words(lounge)
    assert await rows(bot_of(world), "checkin_entries") == 0


async def test_a_deleted_channel_holds_nothing_up(world: World, robin: MemberActor) -> None:
    celebrations = world.group.channel("celebrations")
    await keep_entry(world, robin, MONDAY - 400 * DAY, celebrations)
    await delete_channel(world, celebrations)
    await world.advance(DAY)
    assert await rows(bot_of(world), "checkin_entries") == 0
    assert stuck_in(celebrations.id) not in public_words(world.group.channel("mod-log"))


async def test_a_channel_i_cannot_see_any_more_is_told(world: World, robin: MemberActor) -> None:
    celebrations = world.group.channel("celebrations")
    await keep_entry(world, robin, MONDAY - 400 * DAY, celebrations)
    await deny_bot(world, celebrations, "view_channel")
    await world.advance(DAY)
    assert await rows(bot_of(world), "checkin_entries") == 0
    assert stuck_in(celebrations.id) in public_words(world.group.channel("mod-log"))
