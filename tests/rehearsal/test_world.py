"""Time, restarts and the diary of a world."""

from datetime import UTC, datetime, timedelta

from simcord.backend.access import channel_accessible

from rehearsal.world import World
from tests.rehearsal.conftest import EVENING
from tests.rehearsal.standin import StandInEngine


def _told(world: World) -> list[str]:
    return [f"{entry.text} {answer}".strip() for entry, answer in world.diary.entries()]


async def test_the_world_begins_at_its_moment_and_the_bot_reads_the_same_clock(world: World) -> None:
    assert world.env.now() == EVENING
    assert world.clock.now() == EVENING
    await world.advance(timedelta(hours=1))
    assert world.clock.now() == EVENING + timedelta(hours=1)


async def test_jobs_run_at_their_own_time_while_a_day_passes(world: World, engine: StandInEngine) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    for hours in (3, 2):
        await robin.slash(lounge, "later", hours=hours)
    await world.advance(timedelta(days=1))
    posts = [message for message in lounge.history() if message.content.startswith("Back at")]
    assert [post.created_at for post in posts] == [EVENING + timedelta(hours=2), EVENING + timedelta(hours=3)]
    assert world.env.now() == EVENING + timedelta(days=1)
    assert not engine.memory.jobs


async def test_what_is_due_at_once_runs_without_moving_the_clock(world: World, engine: StandInEngine) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    assert not await world.catch_up()
    await robin.slash(lounge, "later", hours=0)
    await robin.slash(lounge, "later", hours=1)
    assert await world.catch_up()
    assert len(engine.memory.jobs) == 1
    assert world.env.now() == EVENING


async def test_a_job_that_is_not_due_waits(world: World, engine: StandInEngine) -> None:
    await world.group.admin.slash(world.group.channel("lounge"), "later", hours=3)
    await world.advance(timedelta(hours=2))
    assert len(engine.memory.jobs) == 1


async def test_a_job_that_never_finishes_does_not_stop_time(world: World, engine: StandInEngine) -> None:
    engine.memory.stuck = True
    await world.group.admin.slash(world.group.channel("lounge"), "later", hours=1)
    await world.advance(timedelta(hours=2))
    assert world.env.now() == EVENING + timedelta(hours=2)


async def test_the_next_morning_is_eight_on_the_groups_wall_clock(world: World, engine: StandInEngine) -> None:
    engine.memory.zone = "Europe/Paris"
    await world.advance_to_morning()
    assert world.env.now() == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    await world.advance_to_morning()
    assert world.env.now() == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


async def test_a_restart_keeps_what_was_stored_and_old_buttons_work(world: World, engine: StandInEngine) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    before = await robin.slash(lounge, "panel")
    assert before.response is not None
    await robin.click(before.response, custom_id="si:more")
    first = world.bot
    await world.restart()
    assert world.bot is not first
    assert engine.open_bots == 1
    await robin.click(before.response, custom_id="si:more")
    assert engine.memory.counted == 2
    assert engine.memory.starts == 2


async def test_nothing_runs_while_the_bot_is_away(world: World, engine: StandInEngine) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    await robin.slash(lounge, "later", hours=3)
    await world.restart(timedelta(days=2))
    assert world.env.now() == EVENING + timedelta(days=2)
    posts = [message for message in lounge.history() if message.content.startswith("Back at")]
    assert [post.created_at for post in posts] == [EVENING + timedelta(days=2)]


async def test_the_diary_tells_deeds_and_answers_in_plain_words(world: World) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    shown = await robin.slash(lounge, "panel")
    assert shown.response is not None
    await robin.click(shown.response, custom_id="si:more")
    await robin.select(shown.response, ["Europe/Paris"], custom_id="si:zone")
    form = await robin.click(shown.response, custom_id="si:write")
    await robin.submit_modal(form, {"words": "slowly", "who": "me"})
    await robin.send(lounge, "Good evening")
    await robin.slash(lounge, "room")
    assert _told(world) == [
        "Robin used /panel in #lounge. Evenkeel answered, only for Robin: Good evening",
        "Robin pressed “Say more →” in #lounge. Evenkeel changed its panel: Good evening",
        "Robin chose “Europe/Paris” in #lounge. Evenkeel changed its panel: Good evening",
        "Robin pressed “Write” in #lounge. Evenkeel showed a form: Your words",
        "Robin sent a form in #lounge. Evenkeel answered, only for Robin: Kept: slowly (me)",
        "Robin wrote in #lounge: Good evening",
        "Robin used /room in #lounge. Evenkeel answered, only for Robin: Come in.",
        "A new thread opened in #lounge: “A quiet talk”.",
        "Evenkeel wrote in “A quiet talk”: Here we are.",
    ]


async def test_the_diary_is_silent_about_typing_and_about_the_seeding(world: World) -> None:
    assert _told(world) == []
    await world.group.person("robin").actor.autocomplete(world.group.channel("lounge"), "read", "title", "tol")
    assert _told(world) == []


async def test_the_diary_tells_of_time_and_restarts(world: World) -> None:
    await world.advance(timedelta(minutes=10))
    await world.restart()
    assert _told(world) == [
        "The clock moved to Monday 23 November, 18:10.",
        "The bot was stopped and started again. Nothing was lost.",
    ]
    assert [deed.verb for deed in world.diary.deeds] == ["time", "restart"]


async def test_deeds_name_the_command_and_the_item(world: World) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    shown = await robin.slash(lounge, "panel")
    assert shown.response is not None
    await robin.click(shown.response, custom_id="si:more")
    assert [(deed.user_id, deed.verb, deed.name) for deed in world.diary.deeds] == [
        (robin.id, "command", "panel"),
        (robin.id, "press", "si:more"),
    ]


async def _sees_thread(world: World, key: str) -> bool:
    [thread] = world.group.channel("lounge").threads
    return channel_accessible(world.env.backend, thread.id, world.group.person(key).actor.id)


async def test_a_mention_elsewhere_brings_nobody_in(world: World) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    await robin.slash(lounge, "room")
    await robin.send(lounge, world.group.person("wren").actor.mention)
    assert not await _sees_thread(world, "wren")


async def test_a_mention_by_somebody_who_may_add_nobody_brings_nobody_in(world: World) -> None:
    robin, lounge = world.group.person("robin").actor, world.group.channel("lounge")
    await robin.slash(lounge, "room")
    [thread] = lounge.threads
    kept = world.env.backend.get_channel(thread.id).thread_metadata
    assert kept is not None
    kept.invitable = False
    await robin.send(thread, world.group.person("wren").actor.mention)
    assert not await _sees_thread(world, "wren")
