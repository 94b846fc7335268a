"""`/manage-checkins` in a moderator's hands: begun, mended, changed, paused, removed, and never another server's."""

from datetime import timedelta
from typing import Any

import pytest
from simcord import ChannelHandle, InteractionResult
from simcord.backend.errors import SetupError
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.contracts import ClockChanged, GuildReset
from bot.text import t
from cogs.checkins.cog.schedule_panel import SchedulePanelDesk
from cogs.checkins.service.schedules import ScheduleService
from cogs.checkins.service.wishes import GROUPS_CLOCK, Wish
from cogs.checkins.store.schedules import CheckinSchedule
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, shown, words_of
from tests.features.setting_up import bot_of, delete_channel, deny_bot

START, NAME, TIME, ZONE, OPEN, STOP, PLAIN, ASKING, PAUSE, RESUME, REMOVE, ALL, SEE = (
    t(f"checkins.panel.{one}.label")
    for one in (
        "start", "name", "time", "zone", "open_threads", "stop_threads", "without_prompts", "with_prompts", "pause",
        "resume", "remove", "all", "preview",
    )
)  # fmt: skip
STARTED, KEPT, DRAFT = (t(f"checkins.panel.{one}") for one in ("started", "kept", "draft"))
NEW = t("checkins.every.new.label")


async def manage(world: World, what: str, **options: Any) -> InteractionResult:
    return await world.group.moderator.slash(world.group.channel("lounge"), f"manage-checkins {what}", **options)


async def create(world: World, **options: Any) -> InteractionResult:
    given = {"name": "Evening", "channel": world.group.channel("check-ins"), "time": "20:00", **options}
    return await manage(world, "create", **given)


async def press(world: World, on: InteractionResult, label: str) -> InteractionResult:
    return await world.group.moderator.click(shown(on), label=label)


async def fill(world: World, on: InteractionResult, label: str, **words: Any) -> InteractionResult:
    return await world.group.moderator.submit_modal(await press(world, on, label), words)


async def choose(world: World, on: InteractionResult, verb: str, *values: Any) -> InteractionResult:
    custom_id = next(str(one["custom_id"]) for one in components_of(on) if f":{verb}:" in one.get("custom_id", ""))
    return await world.group.moderator.select(shown(on), list(values), custom_id=custom_id)


def link(channel: ChannelHandle) -> str:
    return f"<#{channel.id}>"


def service_of(world: World) -> ScheduleService:
    _, handler = bot_of(world).rooms.router.routes["checkins", "sch_open"]
    desk: SchedulePanelDesk = handler.__self__  # type: ignore[attr-defined]
    return desk._room.schedules


async def kept(world: World) -> tuple[CheckinSchedule, ...]:
    return await service_of(world).all_of(world.group.guild.id)


async def only(world: World) -> CheckinSchedule:
    (one,) = await kept(world)
    return one


async def test_one_command_starts_it_and_shows_what_follows(world: World) -> None:
    done = await create(world)
    assert done.ephemeral
    told = words_of(done)
    for words in ("## Evening", STARTED, "London, United Kingdom · 18:00", t("checkins.panel.threads_off")):
        assert words in told
    assert t("checkins.panel.questions", name="How am I today") in told
    assert (
        t("checkins.panel.when", channel=link(world.group.channel("check-ins")), time="20:00", days="every day") in told
    )
    assert f"<t:{int((world.env.now() + timedelta(hours=2)).timestamp())}:F>" in told
    assert buttons_of(done) == [TIME, NAME, ZONE, OPEN, PLAIN, SEE, PAUSE, REMOVE, ALL]
    one = await only(world)
    assert (one.name, one.minute, one.timezone, one.weekdays) == ("Evening", 1200, None, frozenset(range(7)))


async def test_every_option_can_be_given_at_once(world: World) -> None:
    done = await create(
        world, timezone="kathmandu", days="mon-fri", questions="Rose, thorn, bud", thread=True, time="7 am"
    )  # fmt: skip
    told = words_of(done)
    assert "Kathmandu, Nepal · 23:45" in told
    assert "at **07:00**, Monday to Friday" in told
    assert t("checkins.panel.threads_on") in told
    one = await only(world)
    assert (one.timezone, one.question_set, one.thread, one.prompts) == (
        "Asia/Kathmandu", "rose-thorn-bud", True, True
    )  # fmt: skip
    group = await manage(world, "edit", timezone="the group's", prompts=False, days="weekends")
    assert t("checkins.panel.group_zone", zone="London, United Kingdom · 18:00") in words_of(group)
    assert t("checkins.panel.prompts_off") in words_of(group)
    assert (await only(world)).timezone is None


async def test_what_does_not_read_is_said_and_everything_else_comes_along(world: World) -> None:
    draft = await create(
        world, name="Night _owls_ 🦉", channel=world.group.channel("lounge"), time="late", timezone="qwertz",
        days="someday", questions="riddles", thread=True,
    )  # fmt: skip
    told = words_of(draft)
    for key in ("times.clock.unknown", "times.zone.unknown", "times.weekdays.unknown", "checkins.panel.rest_there"):
        assert t(key) in told
    assert "**Gratitude**" in told
    assert t("checkins.panel.draft_open") in told
    assert START not in buttons_of(draft)
    assert await kept(world) == ()
    await world.restart()
    draft = await fill(world, draft, TIME, time="10:15 pm")
    draft = await fill(world, draft, ZONE, zone="Nepal")
    draft = await choose(world, draft, "sch_days", "5", "6")
    draft = await choose(world, draft, "sch_set", "gratitude")
    assert DRAFT in words_of(draft)
    done = await press(world, await press(world, draft, PLAIN), START)
    assert STARTED in words_of(done)
    one = await only(world)
    assert (one.name, one.channel_id, one.minute, one.timezone) == (
        "Night _owls_ 🦉", world.group.channel("lounge").id, 22 * 60 + 15, "Asia/Kathmandu"
    )  # fmt: skip
    assert (one.weekdays, one.question_set, one.thread, one.prompts) == (frozenset({5, 6}), "gratitude", True, False)


@pytest.mark.parametrize("label", ["07:00", "19:00"])
async def test_a_bare_seven_is_asked_about_with_two_buttons(world: World, label: str) -> None:
    asked = await create(world, time="7", days="weekdays")
    assert t("checkins.panel.half_day") in words_of(asked)
    assert buttons_of(asked)[:2] == ["07:00", "19:00"]
    assert t("checkins.panel.no_time") not in words_of(asked)
    chosen = await press(world, asked, label)
    assert STARTED in words_of(await press(world, chosen, START))
    again = await fill(world, await manage(world, "edit"), TIME, time="8")
    assert f"at **{label}**, Monday to Friday" in words_of(again)
    assert "at **20:00**" in words_of(await press(world, again, "20:00"))


async def test_a_name_that_will_not_do_loses_nothing(world: World) -> None:
    draft = await create(world, name="Down to 0.25 mg", time="21:00")
    assert t("checkins.name.medicine", words="0.25 mg") in words_of(draft)
    assert "## Down to 0.25 mg" in words_of(draft)
    assert t("checkins.name.medicine", words="0.25 mg") in words_of(await press(world, draft, START))
    form = await press(world, draft, NAME)
    assert "Down to 0.25 mg" in str(form.modal)
    mended = await world.group.moderator.submit_modal(form, {"name": "Down to earth"})
    assert STARTED in words_of(await press(world, mended, START))
    # On one that is kept, the name it has stays, and the other is there to mend.
    refused = await manage(world, "edit", name="@everyone come", time="22:00")
    assert t("checkins.name.mention", words="@everyone") in words_of(refused)
    assert KEPT in words_of(refused)
    assert "at **22:00**" in words_of(refused)
    assert "## Down to earth" in words_of(refused)
    assert "@everyone come" in str((await press(world, refused, NAME)).modal)


async def test_a_channel_that_will_not_do_is_said_with_what_is_missing(world: World) -> None:
    quiet = world.group.channel("quiet-rooms")
    draft = await create(world, channel=quiet, thread=True)
    assert f"In {link(quiet)}" in words_of(draft)
    assert "**Send Messages**" in words_of(draft)
    assert await kept(world) == ()
    moved = await choose(world, draft, "sch_channel", world.group.channel("check-ins"))
    assert STARTED in words_of(await press(world, moved, START))
    refused = await manage(world, "edit", channel=quiet, time="21:30")
    assert "**Send Messages**" in words_of(refused)
    assert KEPT in words_of(refused)
    one = await only(world)
    assert (one.channel_id, one.minute) == (world.group.channel("check-ins").id, 21 * 60 + 30)


async def test_a_moderator_posts_only_where_they_can_write_themselves(world: World) -> None:
    closed, mod = world.group.guild.create_text_channel("admins"), world.group.moderator
    await world.env.settle()
    world.env.backend.set_overwrite(closed.id, Overwrite(mod.id, OverwriteType.MEMBER, 0, 1 << 11))
    await world.env.settle()
    assert t("checkins.panel.not_yours", channel=link(closed)) in words_of(await create(world, channel=closed))
    assert await kept(world) == ()


async def test_threads_ask_for_what_they_need_and_can_always_be_stopped(world: World) -> None:
    panel = await press(world, await create(world), OPEN)
    assert t("checkins.panel.threads_on") in words_of(panel)
    await deny_bot(world, world.group.channel("check-ins"), "create_public_threads")
    panel = await manage(world, "edit")
    assert "**Create Public Threads**" in words_of(panel)
    stopped = await press(world, panel, STOP)
    assert t("checkins.panel.threads_off") in words_of(stopped)
    again = await press(world, stopped, OPEN)
    assert "**Create Public Threads**" in words_of(again)
    assert not (await only(world)).thread


async def test_a_channel_that_is_gone_is_said_and_another_can_be_picked(world: World) -> None:
    await create(world)
    await delete_channel(world, world.group.channel("check-ins"))
    panel = await manage(world, "edit")
    assert t("checkins.panel.gone") in words_of(panel)
    moved = await choose(world, panel, "sch_channel", world.group.channel("lounge"))
    assert KEPT in words_of(moved)
    assert (await only(world)).channel_id == world.group.channel("lounge").id


async def test_an_eleventh_is_told_what_to_do_and_keeps_its_words(world: World) -> None:
    empty = await manage(world, "list")
    for number in range(10):
        await create(world, name=f"Check-in {number}")
    draft = await create(world, name="One more")
    assert t("checkins.full", most=10) in words_of(draft)
    assert "## One more" in words_of(draft)
    listed = await manage(world, "list")
    assert NEW not in buttons_of(listed)
    assert t("checkins.full", most=10) in words_of(await press(world, empty, NEW))
    opened = await choose(world, listed, "sch_open", await key(world, "Check-in 0"))
    gone = await press(world, await press(world, opened, REMOVE), t("checkins.removing.yes.label"))
    assert t("checkins.removing.done", name="Check-in 0") in words_of(gone)
    assert STARTED in words_of(await press(world, draft, START))


async def named(world: World, name: str) -> CheckinSchedule:
    return await service_of(world).named(world.group.guild.id, name)


async def key(world: World, name: str) -> str:
    return f"s{(await named(world, name)).schedule_id}"


async def test_the_same_command_twice_starts_one(world: World) -> None:
    await create(world, days="weekends")
    again = await create(world, days="sat-sun")
    assert "## Evening" in words_of(again)
    assert DRAFT not in words_of(again)
    assert (await only(world)).weekdays == {5, 6}


async def test_the_panel_changes_one_thing_at_a_time(world: World) -> None:
    panel = await create(world)
    for verb, values in (("sch_days", ["0", "2"]), ("sch_set", ["evening-review"])):
        panel = await choose(world, panel, verb, *values)
        assert KEPT in words_of(panel)
    panel = await fill(world, panel, NAME, name="Dusk")
    panel = await fill(world, panel, ZONE, zone="Tokyo")
    panel = await press(world, await press(world, panel, PLAIN), ASKING)
    panel = await fill(world, panel, TIME, time="noonish")
    assert t("times.clock.unknown") in words_of(panel)
    one = await only(world)
    assert (one.name, one.weekdays, one.question_set, one.timezone, one.minute, one.prompts) == (
        "Dusk", frozenset({0, 2}), "evening-review", "Asia/Tokyo", 1200, True
    )  # fmt: skip


async def test_quiet_hours_and_a_resting_group_are_said(world: World) -> None:
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await rooms.guilds.set_profile(writer, world.group.guild.id, quiet=(19 * 60, 7 * 60))
    await rooms.events.publish(ClockChanged(world.group.guild.id))
    told = words_of(await create(world))
    assert t("checkins.panel.moved", time="20:00", start="19:00", end="07:00", posted="07:00") in told
    async with rooms.database.write() as writer:
        await rooms.guilds.set_pause(writer, world.group.guild.id, True, None)
    told = words_of(await manage(world, "edit"))
    assert t("checkins.panel.rests") in told
    assert ":F>" not in told


async def test_a_rest_with_and_without_an_end(world: World) -> None:
    await create(world)
    paused = await manage(world, "pause", until="friday")
    assert t("checkins.panel.paused_until", day="Friday 27 November") in words_of(paused)
    assert RESUME in buttons_of(paused)
    assert PAUSE not in buttons_of(paused)
    unread = await manage(world, "pause", until="03/04")
    assert "2027-" in words_of(unread)
    assert t("checkins.panel.paused_until", day="Friday 27 November") in words_of(unread)
    back = await press(world, unread, RESUME)
    assert t("checkins.panel.paused") not in words_of(back)
    assert f"<t:{int((world.env.now() + timedelta(hours=2)).timestamp())}:F>" in words_of(back)
    assert t("checkins.panel.awake") in words_of(await manage(world, "resume"))
    for_good = await fill(world, back, PAUSE, until="")
    assert t("checkins.panel.paused") in words_of(for_good)
    assert t("checkins.every.paused") in words_of(await manage(world, "list"))
    assert KEPT in words_of(await manage(world, "resume"))
    assert not (await only(world)).paused


async def test_with_several_the_command_asks_which_and_loses_nothing(world: World) -> None:
    await create(world)
    await create(world, name="Morning", time="08:00")
    asked = await manage(world, "edit", name="Dawn", time="06:30", days="weekends", thread=True, prompts=False)
    assert t("checkins.pick.edit") in words_of(asked)
    assert "> Dawn" in words_of(asked)
    done = await choose(world, asked, "sch_pick", await key(world, "Morning"))
    assert KEPT in words_of(done)
    dawn = await named(world, "Dawn")
    assert (dawn.name, dawn.minute, dawn.weekdays, dawn.thread, dawn.prompts) == (
        "Dawn", 390, frozenset({5, 6}), True, False
    )  # fmt: skip
    asked = await manage(world, "pause", until="friday")
    paused = await choose(world, asked, "sch_pick", await key(world, "Evening"))
    assert t("checkins.panel.paused_until", day="Friday 27 November") in words_of(paused)
    resumed = await choose(world, await manage(world, "resume"), "sch_pick", await key(world, "Evening"))
    assert KEPT in words_of(resumed)
    removing = await choose(world, await manage(world, "remove"), "sch_pick", await key(world, "Evening"))
    assert t("checkins.removing.ask", name="Evening") in words_of(removing)
    stays = await press(world, removing, t("checkins.removing.no.label"))
    assert "## Evening" in words_of(stays)
    assert len(await kept(world)) == 2


async def test_a_bare_seven_is_asked_about_behind_the_question_which_one(world: World) -> None:
    await create(world)
    await create(world, name="Morning", time="08:00")
    asked = await manage(world, "edit", time="7", days="weekends")
    assert t("checkins.panel.half_day") not in words_of(asked)
    chosen = await choose(world, asked, "sch_pick", await key(world, "Morning"))
    assert t("checkins.panel.half_day") in words_of(chosen)
    await press(world, chosen, "07:00")
    morning = await named(world, "Morning")
    assert (morning.minute, morning.weekdays) == (7 * 60, frozenset({5, 6}))


async def test_a_name_that_nobody_knows_asks_which_one_was_meant(world: World) -> None:
    await create(world)
    asked = await manage(world, "edit", schedule="Midnight", time="23:00")
    assert t("checkins.unknown", names="**Evening**") in words_of(asked)
    done = await choose(world, asked, "sch_pick", await key(world, "Evening"))
    assert "at **23:00**" in words_of(done)
    assert "at **21:00**" in words_of(await manage(world, "edit", schedule="EVENING", time="9 pm"))


@pytest.mark.parametrize("what", ["edit", "pause", "resume", "remove"])
async def test_with_none_it_says_how_to_set_one_up(world: World, what: str) -> None:
    told = await manage(world, what)
    assert t("checkins.every.empty") in words_of(told)
    draft = await fill(world, told, NEW, name="Morning", time="8 am", days="")
    assert link(world.group.channel("check-ins")) in words_of(draft)
    assert await kept(world) == ()
    assert STARTED in words_of(await press(world, draft, START))


async def test_the_list_shows_all_and_opens_each(world: World) -> None:
    assert t("checkins.every.empty") in words_of(await manage(world, "list"))
    await create(world)
    await create(world, name="Ab*end", time="09:00", timezone="Asia/Tokyo", days="sat sun")
    listed = await manage(world, "list")
    told = words_of(listed)
    assert t("checkins.every.heading") in told
    assert r"**Ab end**" in told
    assert "09:00 (Tokyo), Saturday and Sunday" in told
    assert told.count(":R>") == 2
    opened = await choose(world, listed, "sch_open", await key(world, "Evening"))
    assert "## Evening" in words_of(opened)
    assert shown(opened).id == shown(listed).id
    assert t("checkins.every.heading") in words_of(await press(world, opened, ALL))


async def test_the_groups_settings_are_kept_below_the_list(world: World) -> None:
    listed = await manage(world, "list")
    assert t("checkins.group.wait", minutes=45) in words_of(listed)
    longer = await choose(world, listed, "sch_wait", "90")
    assert t("checkins.group.wait", minutes=90) in words_of(longer)
    on = await press(world, longer, t("checkins.group.weekly_start.label"))
    assert t("checkins.group.weekly_on", channel=link(world.group.channel("check-ins"))) in words_of(on)
    moved = await choose(world, on, "sch_where", world.group.channel("lounge"))
    assert t("checkins.group.weekly_on", channel=link(world.group.channel("lounge"))) in words_of(moved)
    await deny_bot(world, world.group.channel("celebrations"), "send_messages")
    refused = await choose(world, moved, "sch_where", world.group.channel("celebrations"))
    assert "**Send Messages**" in words_of(refused)
    assert t("checkins.group.weekly_on", channel=link(world.group.channel("lounge"))) in words_of(refused)
    await world.restart()
    off = await press(world, moved, t("checkins.group.weekly_stop.label"))
    assert t("checkins.group.weekly_off") in words_of(off)
    assert t("checkins.group.wait", minutes=90) in words_of(off)


async def test_a_server_without_set_up_can_still_begin(bare_world: World) -> None:
    lounge, admin = bare_world.group.channel("lounge"), bare_world.group.admin
    listed = await admin.slash(lounge, "manage-checkins list")
    told = await admin.click(shown(listed), label=t("checkins.group.weekly_start.label"))
    assert t("checkins.group.no_channel") in words_of(told)
    form = await admin.click(shown(listed), label=NEW)
    draft = await admin.submit_modal(form, {"name": "Evening", "time": "8 pm", "days": "daily"})
    assert t("checkins.panel.no_channel") in words_of(draft)
    assert t("checkins.panel.no_zone") in words_of(draft)
    picker = next(str(one["custom_id"]) for one in components_of(draft) if ":sch_channel:" in one.get("custom_id", ""))
    draft = await admin.select(shown(draft), [lounge], custom_id=picker)
    assert STARTED in words_of(await admin.click(shown(draft), label=START))


async def test_what_was_removed_meanwhile_is_said(world: World) -> None:
    panel = await create(world)
    one = await only(world)
    await service_of(world).remove(one.guild_id, one.schedule_id)
    for label in (PAUSE, OPEN, REMOVE, NAME):
        assert t("checkins.gone") in words_of(await press(world, panel, label))


async def test_another_servers_check_in_opens_nothing(world: World) -> None:
    panel = await create(world)
    wish = Wish("Elsewhere", 1, 60, GROUPS_CLOCK, frozenset({0}), "gratitude", False, True)
    theirs = await service_of(world).create(world.other.guild.id, wish)
    here = await only(world)
    for verb in ("sch_thread", "sch_remove", "sch_pause", "sch_days"):
        _exchange(world, panel, str(here.schedule_id), str(theirs.schedule_id))
        if verb == "sch_days":
            told = await choose(world, panel, verb, "3")
        else:
            told = await press(world, panel, {"sch_thread": OPEN, "sch_remove": REMOVE, "sch_pause": PAUSE}[verb])
        assert t("checkins.gone") in words_of(told)
    assert await service_of(world).all_of(world.other.guild.id) == (theirs,)
    assert t("checkins.unknown", names="**Evening**") in words_of(
        await manage(world, "edit", schedule=str(theirs.schedule_id))
    )


async def test_a_draft_that_names_another_servers_channel_keeps_nothing(world: World) -> None:
    draft = await press(world, await create(world, time="7"), "19:00")
    here, there = world.group.channel("check-ins").id, world.other.channel("lounge").id
    _exchange(world, draft, f"{here:x}", f"{there:x}")
    assert t("checkins.panel.gone") in words_of(await press(world, draft, START))
    assert await kept(world) == ()


def _exchange(world: World, result: InteractionResult, old: str, new: str) -> None:
    message = world.env.backend.get_message(shown(result).channel_id, shown(result).id)
    message.components = _exchanged(message.components, old, new)


def _exchanged(components: Any, old: str, new: str) -> Any:
    if isinstance(components, list):
        return [_exchanged(one, old, new) for one in components]
    if isinstance(components, dict):
        return {name: _exchanged(value, old, new) for name, value in components.items()}
    return components.replace(old, new) if isinstance(components, str) else components


async def test_suggestions_are_this_groups_own(world: World) -> None:
    await create(world)
    wish = Wish("Evening elsewhere", 1, 60, GROUPS_CLOCK, frozenset({0}), "gratitude", False, True)
    await service_of(world).create(world.other.guild.id, wish)
    lounge, mod = world.group.channel("lounge"), world.group.moderator
    one = await only(world)
    assert await mod.autocomplete(lounge, "manage-checkins edit", "schedule", "eve") == [
        {"name": "Evening", "value": str(one.schedule_id)}
    ]
    days = await mod.autocomplete(lounge, "manage-checkins create", "days", "week")
    assert [choice["name"] for choice in days] == ["Monday to Friday", "Saturday and Sunday"]


@pytest.mark.parametrize("kind", ["member", "facilitator", "newcomer"])
async def test_only_moderators_set_check_ins_up(world: World, kind: str) -> None:
    panel = await create(world)
    who = world.group.person(kind).actor
    with pytest.raises(SetupError):
        await who.slash(world.group.channel("lounge"), "manage-checkins remove")
    with pytest.raises(SetupError):
        await who.click(shown(panel), label=REMOVE)
    assert len(await kept(world)) == 1


async def test_a_reset_of_the_server_takes_them_all(world: World) -> None:
    await create(world)
    await bot_of(world).rooms.events.publish(GuildReset(world.group.guild.id))
    assert t("checkins.every.empty") in words_of(await manage(world, "list"))


async def test_no_name_is_in_the_log(world: World, engine: Any) -> None:
    await create(world, name="Nightjar")
    await manage(world, "edit", name="Nightjar 5 mg", time="Nightjar")
    await manage(world, "pause", until="Nightjar")
    assert "Nightjar" not in engine.log.getvalue()
