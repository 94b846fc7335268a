"""`/manage-library daily` in a moderator's hands: turned on by one press, changed, looked at, turned off."""

from datetime import timedelta
from typing import Any

import pytest
from simcord import InteractionResult
from simcord.backend.errors import SetupError
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, shown, words_of
from tests.features.setting_up import deny_bot
from tests.features.test_learn_daily_posts import desk_of, posts

ON, OFF, TIME, OPEN, STOP, SEE = (
    t(f"library.daily.{one}.label")
    for one in ("turn_on", "turn_off", "change_time", "open_threads", "stop_threads", "see")
)
KEPT = t("library.daily.kept")
TOPICS = "ek1:library:daily_topics:"


async def daily(world: World, **options: Any) -> InteractionResult:
    return await world.group.moderator.slash(world.group.channel("lounge"), "manage-library daily", **options)


async def press(world: World, on: InteractionResult, label: str) -> InteractionResult:
    return await world.group.moderator.click(shown(on), label=label)


async def typed(world: World, on: InteractionResult, words: str) -> InteractionResult:
    form = await press(world, on, TIME)
    return await world.group.moderator.submit_modal(form, {"time": words})


def link(world: World, name: str) -> str:
    return f"<#{world.group.channel(name).id}>"


def select(result: InteractionResult, verb: str) -> str:
    return next(str(one["custom_id"]) for one in components_of(result) if f":{verb}:" in one.get("custom_id", ""))


async def test_the_first_use_offers_what_is_known_and_one_press_turns_it_on(world: World) -> None:
    first = await daily(world)
    assert first.ephemeral
    assert t("library.daily.off", channel=link(world, "library"), time="09:00") in words_of(first)
    assert "London, United Kingdom" in words_of(first)
    assert buttons_of(first) == [ON, TIME, OPEN, SEE]
    on = await press(world, first, ON)
    assert shown(on).id == shown(first).id
    assert KEPT in words_of(on)
    assert t("library.daily.on", channel=link(world, "library"), time="09:00") in words_of(on)
    assert f"<t:{int((world.env.now() + timedelta(hours=15)).timestamp())}:F>" in words_of(on)
    assert buttons_of(on) == [TIME, OPEN, SEE, OFF]


async def test_nothing_is_kept_before_that_press_and_what_was_chosen_comes_along(world: World) -> None:
    panel = await typed(world, await daily(world), "7 pm")
    panel = await press(world, panel, OPEN)
    lounge, mod = world.group.channel("lounge"), world.group.moderator
    panel = await mod.select(shown(panel), [lounge], custom_id=select(panel, "daily_channel"))
    panel = await mod.select(shown(panel), ["all", "coping", "peers"], custom_id=select(panel, "daily_topics"))
    assert t("library.daily.off", channel=link(world, "lounge"), time="19:00") in words_of(panel)
    assert "09:00" in words_of(await daily(world))
    await world.restart()
    on = await press(world, panel, ON)
    for words in (link(world, "lounge"), "19:00", t("library.daily.threads_on"), "Support among peers, Ways to cope"):
        assert words in words_of(on)
    await world.advance(timedelta(minutes=61))
    assert len(posts(lounge)) == 1


async def test_given_in_one_command_it_is_on_at_once(world: World) -> None:
    done = await daily(
        world, channel=world.group.channel("lounge"), time="8 am", topics="Coping, Setbacks and small wins", thread=True
    )
    assert KEPT in words_of(done)
    assert t("library.daily.on", channel=link(world, "lounge"), time="08:00") in words_of(done)
    assert t("library.daily.some_topics", topics="Ways to cope, Setbacks and small wins") in words_of(done)
    everything = await daily(world, topics="all")
    assert t("library.daily.all_topics") in words_of(everything)
    assert "08:00" in words_of(everything)


@pytest.mark.parametrize("label", ["07:00", "19:00"])
async def test_a_bare_seven_is_asked_about_kindly(world: World, label: str) -> None:
    asked = await typed(world, await daily(world, time="09:00"), "7")
    assert t("library.daily.half_day") in words_of(asked)
    assert buttons_of(asked)[:2] == ["07:00", "19:00"]
    assert f"at **{label}**" in words_of(await press(world, asked, label))


async def test_a_bare_seven_in_the_command_turns_nothing_on_yet(world: World) -> None:
    asked = await daily(world, time="7", thread=True)
    assert t("library.daily.half_day") in words_of(asked)
    chosen = await press(world, asked, "07:00")
    assert ON in buttons_of(chosen)
    on = await press(world, chosen, ON)
    assert t("library.daily.threads_on") in words_of(on)
    assert "at **07:00**" in words_of(on)


async def test_what_can_not_be_read_is_said_and_the_rest_is_kept(world: World) -> None:
    await daily(world, time="09:00")
    told = words_of(await daily(world, time="quarter past", topics="astrology", thread=True))
    assert t("times.clock.unknown") in told
    assert "`coping`" in told
    assert "astrology" not in told
    assert t("library.daily.threads_on") in told
    assert "at **09:00**" in told


async def test_a_channel_that_will_not_do_changes_nothing(world: World) -> None:
    await daily(world, time="09:00")
    told = words_of(await daily(world, channel=world.group.channel("quiet-rooms")))
    assert "There I'm missing: **Send Messages**" in told
    assert KEPT not in told
    assert t("library.daily.on", channel=link(world, "library"), time="09:00") in told
    # The moderator of this group may not write in a room of the admins.
    closed = world.group.guild.create_text_channel("admins")
    await world.env.settle()
    mod = world.group.moderator
    world.env.backend.set_overwrite(closed.id, Overwrite(mod.id, OverwriteType.MEMBER, 0, 1 << 11))
    await world.env.settle()
    assert t("library.daily.not_yours", channel=f"<#{closed.id}>") in words_of(await daily(world, channel=closed))


async def test_threads_ask_for_what_they_need_and_can_always_be_stopped(world: World) -> None:
    panel = await press(world, await daily(world, time="09:00"), OPEN)
    assert t("library.daily.threads_on") in words_of(panel)
    await deny_bot(world, world.group.channel("library"), "create_public_threads")
    panel = await daily(world)
    assert "**Create Public Threads**" in words_of(panel)
    stopped = await press(world, panel, STOP)
    assert t("library.daily.threads_off") in words_of(stopped)
    again = await press(world, stopped, OPEN)
    assert "**Create Public Threads**" in words_of(again)
    assert t("library.daily.threads_off") in words_of(again)


async def test_all_topics_and_some_exclude_each_other(world: World) -> None:
    mod, panel = world.group.moderator, await daily(world, time="09:00")
    some = await mod.select(shown(panel), ["all", "coping"], custom_id=TOPICS)
    assert t("library.daily.some_topics", topics="Ways to cope") in words_of(some)
    every = await mod.select(shown(some), ["all", "coping"], custom_id=TOPICS)
    assert t("library.daily.all_topics") in words_of(every)


async def test_todays_can_be_seen_before_the_group_does(world: World) -> None:
    panel = await daily(world)
    seen = await press(world, panel, SEE)
    assert seen.ephemeral
    assert shown(seen).id != shown(panel).id
    today = await world.group.members[0].slash(world.group.channel("lounge"), "learn today")
    assert words_of(today).partition("\n")[0] in words_of(seen)
    assert "A question for the group" in words_of(seen)
    assert buttons_of(seen) == []


async def test_off_is_off_and_comes_back_as_it_was(world: World) -> None:
    lounge, mod = world.group.channel("lounge"), world.group.moderator
    never = await mod.slash(lounge, "manage-library daily-off")
    assert t("library.daily_off.already") in words_of(never)
    on = await daily(world, time="7 pm", topics="coping")
    off = await press(world, on, OFF)
    assert t("library.daily_off.done") in words_of(off)
    await world.advance(timedelta(days=1))
    assert posts(world.group.channel("library")) == []
    back = await press(world, off, t("library.daily.back.label"))
    assert t("library.daily.some_topics", topics="Ways to cope") in words_of(back)
    assert "at **19:00**" in words_of(await press(world, back, ON))
    done = await mod.slash(lounge, "manage-library daily-off")
    assert t("library.daily_off.done") in words_of(done)


async def test_a_group_without_set_up_is_told_what_to_do(bare_world: World) -> None:
    lounge, admin = bare_world.group.channel("lounge"), bare_world.group.admin
    panel = await admin.slash(lounge, "manage-library daily", time="9 am")
    assert t("library.daily.off_nowhere", time="09:00") in words_of(panel)
    assert t("library.daily.no_zone") in words_of(panel)
    assert ON not in buttons_of(panel)
    panel = await admin.select(shown(panel), [lounge], custom_id=select(panel, "daily_channel"))
    assert KEPT in words_of(await admin.click(shown(panel), label=ON))


async def test_a_draft_that_names_another_servers_channel_opens_nothing(world: World) -> None:
    panel = await daily(world)
    message = world.env.backend.get_message(shown(panel).channel_id, shown(panel).id)
    here, there = str(world.group.channel("library").id), str(world.other.channel("lounge").id)
    message.components = _exchanged(message.components, here, there)
    told = await press(world, panel, ON)
    assert t("library.daily.gone") in words_of(told)
    assert not (await desk_of(world)._daily.current(world.group.guild.id))[1]


def _exchanged(components: Any, old: str, new: str) -> Any:
    if isinstance(components, list):
        return [_exchanged(one, old, new) for one in components]
    if isinstance(components, dict):
        return {key: _exchanged(value, old, new) for key, value in components.items()}
    return components.replace(old, new) if isinstance(components, str) else components


@pytest.mark.parametrize("kind", ["member", "facilitator", "newcomer"])
async def test_only_moderators_turn_it_on(world: World, kind: str) -> None:
    who = world.group.person(kind).actor
    with pytest.raises(SetupError):
        await who.slash(world.group.channel("lounge"), "manage-library daily", time="09:00")
    assert not (await desk_of(world)._daily.current(world.group.guild.id))[1]


async def test_topics_are_suggested_one_after_the_other(world: World) -> None:
    lounge, mod = world.group.channel("lounge"), world.group.moderator
    first = await mod.autocomplete(lounge, "manage-library daily", "topics", "cop")
    assert first == [{"name": "Ways to cope", "value": "coping"}]
    both = await mod.autocomplete(lounge, "manage-library daily", "topics", "coping, setb")
    assert both == [{"name": "Ways to cope, Setbacks and small wins", "value": "coping, setbacks"}]
    times = await mod.autocomplete(lounge, "manage-library daily", "time", "7")
    assert [one["value"] for one in times] == ["07:00", "19:00"]
