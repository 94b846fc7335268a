"""Reminders as people meet them: one private message at their own time, only when it is of use, and easily ended."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import discord
import pytest
from simcord import InteractionResult, MemberActor

from bot.discordkit.panels import Panel
from bot.errors import TryAgain
from bot.text import t
from cogs.checkins.service.reminders import REMIND
from cogs.checkins.store.people import PeopleStore, Person
from rehearsal.world import World
from tests.features.answering import agrees, dms
from tests.features.checking_in import filled
from tests.features.seeing import buttons_of, shown, words_of
from tests.features.setting_up import another_process, bot_of
from tests.features.test_learn_daily_posts import words

AGREE = t("privacy.consent.agree.label")
SET, CHANGE, OFF, STOP = (
    t(f"checkin_rhythm.{key}.label") for key in ("remind.set", "remind.change", "remind.off", "message.stop")
)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def robin(world: World) -> MemberActor:
    who = world.group.members[0]
    await agrees(world, who)
    return who


async def type_it(world: World, who: MemberActor, command: str, **options: object) -> InteractionResult:
    result = await who.slash(world.group.channel("lounge"), command, **options)
    assert result.modal is not None or shown(result).ephemeral
    return result


async def person(world: World, who: MemberActor) -> Person:
    async with bot_of(world).rooms.database.read() as reader:
        return await PeopleStore().get(reader, world.group.guild.id, who.id)


async def waiting(world: World) -> int:
    async with bot_of(world).rooms.database.read() as reader:
        return int(await reader.fetch_value("SELECT COUNT(*) FROM jobs WHERE kind = $1 AND done_at IS NULL", REMIND))


async def skips(world: World, who: MemberActor, day: date) -> None:
    """Let somebody have dealt with a day."""
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await PeopleStore().skip(writer, world.group.guild.id, who.id, day, rooms.clock.now())


async def test_nothing_is_kept_before_i_agree_and_then_it_comes(world: World) -> None:
    who = world.group.members[0]
    asked = await type_it(world, who, "checkin remind", at="20:00", days="every day")
    assert t("privacy.consent.ask") in words_of(asked)
    assert await waiting(world) == 0
    done = await who.click(shown(asked), label=AGREE)
    assert t("checkin_rhythm.remind.kept") in words_of(done)
    assert "**20:00** by your clock" in words_of(done)
    assert buttons_of(done) == [CHANGE, OFF]
    await world.advance(2 * HOUR)
    [message] = dms(who)
    assert "Harbour Lights" in words(message)
    assert message.created_at == datetime(2026, 11, 23, 20, tzinfo=UTC)
    assert STOP in str(message.components)


async def test_looking_stores_nothing(world: World) -> None:
    who = world.group.members[0]
    looked = await type_it(world, who, "checkin remind")
    assert t("checkin_rhythm.remind.off_words") in words_of(looked)
    assert buttons_of(looked) == [SET]
    assert await waiting(world) == 0
    assert await person(world, who) == Person(world.group.guild.id, who.id)


async def test_only_when_not_checked_in_yet_and_again_the_day_after(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="8 pm")
    await skips(world, robin, date(2026, 11, 23))
    await world.advance(3 * HOUR)
    assert dms(robin) == []
    await world.advance(DAY)
    await world.advance(DAY)
    assert len(dms(robin)) == 2
    assert await waiting(world) == 1


@pytest.mark.parametrize(
    ("options", "key"),
    [({"at": "7"}, "times.clock.half_day"), ({"at": "late"}, "times.clock.unknown"),
     ({"at": "20:00", "days": "someday"}, "times.weekdays.unknown")],
)  # fmt: skip
async def test_what_does_not_read_says_what_would(
    world: World, robin: MemberActor, options: dict[str, str], key: str
) -> None:
    refused = await type_it(world, robin, "checkin remind", **options)
    assert t(key).partition("{")[0].partition("`")[0] in words_of(refused)
    assert await waiting(world) == 0


async def test_days_without_a_time_ask_for_it_and_are_not_lost(world: World, robin: MemberActor) -> None:
    asked = await type_it(world, robin, "checkin remind", days="mon wed")
    assert t("checkin_rhythm.remind.no_time") in words_of(asked)
    form = await robin.click(shown(asked), label=SET)
    again = await robin.submit_modal(form, {"at": "7", "days": ["0", "2"]})
    assert "morning or evening" in words_of(again)
    form = await robin.click(shown(again), label=SET)
    assert filled(form) == {"at": "", "days": ["0", "2"]}
    done = await robin.submit_modal(form, {"at": "7 pm", "days": ["0", "2"]})
    assert "**19:00** by your clock" in words_of(done)
    assert (await person(world, robin)).remind_days == frozenset({0, 2})
    moved = await type_it(world, robin, "checkin remind", at="21:00")
    assert "**21:00** by your clock" in words_of(moved)
    assert (await person(world, robin)).remind_days == frozenset({0, 2})


async def test_a_time_in_my_quiet_hours_is_refused_with_the_hours(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "me quiet", **{"from": "22:00", "to": "07:00"})
    refused = await type_it(world, robin, "checkin remind", at="23:00")
    assert "**23:00** is within your quiet hours (22:00 to 07:00)" in words_of(refused)
    asked = await type_it(world, robin, "checkin remind")
    form = await robin.click(shown(asked), label=SET)
    again = await robin.submit_modal(form, {"at": "23:30", "days": ["0"]})
    assert "is within your quiet hours" in words_of(again)
    assert await waiting(world) == 0


async def test_the_panel_says_what_keeps_it_quiet(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    settings = await type_it(world, robin, "me settings")
    await robin.click(shown(settings), label=t("me.reminders.off_button.label"))
    await type_it(world, robin, "me quiet", **{"from": "19:00", "to": "07:00"})
    await type_it(world, robin, "checkin pause")
    seen = await type_it(world, robin, "checkin remind")
    for key in ("switched_off", "resting"):
        assert t(f"checkin_rhythm.remind.{key}") in words_of(seen)
    assert "within your quiet hours (19:00 to 07:00)" in words_of(seen)
    assert "Next time" not in words_of(seen)
    await world.advance(2 * DAY)
    assert dms(robin) == []


async def test_turning_it_off_by_command_by_button_and_from_the_message(world: World, robin: MemberActor) -> None:
    none = await type_it(world, robin, "checkin remind-off")
    assert t("checkin_rhythm.remind.ended_before") in words_of(none)
    kept = await type_it(world, robin, "checkin remind", at="20:00")
    ended = await robin.click(shown(kept), label=OFF)
    assert t("checkin_rhythm.remind.ended") in words_of(ended)
    await type_it(world, robin, "checkin remind", at="20:00")
    assert t("checkin_rhythm.remind.ended") in words_of(await type_it(world, robin, "checkin remind-off"))
    await world.advance(DAY)
    assert dms(robin) == []
    await type_it(world, robin, "checkin remind", at="20:00")
    await world.advance(DAY)
    [message] = dms(robin)
    await world.restart()
    stopped = await robin.user.click(message, label=STOP)
    assert t("checkin_rhythm.message.stopped") in words_of(stopped)
    again = await robin.user.click(message, label=STOP)
    assert t("checkin_rhythm.message.stopped_before") in words_of(again)
    await world.advance(2 * DAY)
    assert len(dms(robin)) == 1


async def test_closed_doors_twice_end_it_and_the_next_visit_says_so_once(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="closed", times=1)
    await world.advance(DAY)
    seen = await type_it(world, robin, "checkin remind")
    assert t("checkin_rhythm.remind.closed") in words_of(seen)
    assert (await person(world, robin)).remind_failures == 1
    await world.advance(DAY)  # this one arrives
    assert (len(dms(robin)), (await person(world, robin)).remind_failures) == (1, 0)
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, message="closed", times=1)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50278, message="closed", times=2)
    await world.advance(2 * DAY)
    assert (await person(world, robin)).remind_minute is None
    seen = await type_it(world, robin, "checkin remind")
    assert t("checkin_rhythm.word.ended") in words_of(seen)
    seen = await type_it(world, robin, "checkin remind")
    assert t("checkin_rhythm.word.ended") not in words_of(seen)
    await world.advance(2 * DAY)
    assert len(dms(robin)) == 1


async def test_a_lost_answer_and_a_restart_remind_nobody_twice(
    world: World, robin: MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    sender = bot_of(world).sender
    whole = sender.whisper

    async def lost(user_id: int, panel: Panel, *, nonce: str, marker: str | None = None) -> int:
        await whole(user_id, panel, nonce=nonce, marker=marker)
        raise TryAgain  # the message arrived, its answer didn't

    monkeypatch.setattr(sender, "whisper", lost)
    await world.advance(2 * HOUR + timedelta(seconds=1))
    assert len(dms(robin)) == 1
    await world.restart()
    await world.advance(HOUR)
    assert len(dms(robin)) == 1
    await world.advance(DAY)
    assert len(dms(robin)) == 2


async def test_two_processes_at_once_remind_once(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    bot = bot_of(world)
    other = another_process(bot)
    await world.clock.sleep((2 * HOUR).total_seconds())
    await asyncio.gather(bot.jobs.run_due(), other.run_due())
    await world.env.settle()
    assert len(dms(robin)) == 1
    assert await waiting(world) == 1


async def test_an_outage_of_an_hour_is_made_good_and_a_long_one_is_passed_over(
    world: World, robin: MemberActor
) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    await world.restart(away=3 * HOUR)
    assert len(dms(robin)) == 1
    await world.restart(away=2 * DAY)  # 21:00 on Wednesday: that evening's, an hour late, and not Tuesday's
    assert len(dms(robin)) == 2
    await world.restart(away=timedelta(hours=26))
    assert len(dms(robin)) == 2  # 23:00: too late
    await world.advance(DAY)
    assert len(dms(robin)) == 3


async def test_a_new_zone_moves_it(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    await type_it(world, robin, "me timezone", zone="New York")
    await world.advance(5 * HOUR)
    assert dms(robin) == []
    await world.advance(DAY)
    hours = [message.created_at.hour for message in dms(robin)]
    assert hours == [1]  # 20:00 in New York


async def test_who_erases_everything_is_reminded_no_more(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await writer.execute("DELETE FROM checkin_people WHERE user_id = $1", robin.id)
    await world.advance(2 * DAY)
    assert dms(robin) == []
    assert await waiting(world) == 0


async def test_another_persons_form_and_message_open_nothing(world: World, robin: MemberActor) -> None:
    await type_it(world, robin, "checkin remind", at="20:00")
    await world.advance(2 * HOUR)
    [message] = dms(robin)
    edition = (await person(world, robin)).remind_edition
    bot, wren = bot_of(world), world.group.members[1]
    service = bot.rooms.router.routes["checkins", "rem_stop"][1].__self__._service  # type: ignore[attr-defined]
    assert not await service.stop(world.group.guild.id, wren.id, edition)
    assert not await service.stop(world.other.guild.id, robin.id, edition)
    assert (await person(world, robin)).remind_minute == 20 * 60
    assert isinstance(message, discord.Message)
