"""Whatever somebody wrote is sealed while it is kept, and gone when they say so: whatever is on its way meanwhile."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from simcord import MemberActor

from bot.client import Evenkeel
from bot.errors import TryAgain
from bot.settings import Settings
from bot.text import t
from cogs.checkins.rules import Choice
from cogs.checkins.store.owner import CheckinData
from cogs.privacy.service import Erasure
from cogs.privacy.service.erasure import POST_KIND
from rehearsal.world import World
from tests.features.checking_in import (
    agree,
    asked_today,
    check_in,
    choose,
    entries,
    fill,
    filled,
    only_entry,
    opens,
    press,
)
from tests.features.conftest import TestEngine
from tests.features.seeing import last, public_words, words_of
from tests.features.setting_up import bot_of
from tests.features.test_checkins_questions import write as write_set
from tests.features.test_privacy import ask, choose_and_type, files_of

MARKED, GROUPS = "canary-7f3a", "canary-19d0"
"""In every word of the person's, and in every word of the group's: its questions, the name of its check-in."""

SEALED = (
    ("checkin_entries", "marks_sealed"), ("checkin_entries", "words_sealed"), ("checkin_replies", "words_sealed"),
)  # fmt: skip
BACK, YES = t("checkin_entry.back.label"), t("checkin_entry.preview.yes.label")


class Watch:
    """Everything that was ever kept of the marked words, and the places where a byte of it could be left."""

    def __init__(self, world: World, settings: Settings, log: StringIO) -> None:
        self._world = world
        self._folder = Path(settings.database_url.removeprefix("sqlite:///")).parent
        self._log = log
        self.sealed: set[str] = set()

    async def look(self, *, held: bool = True) -> None:
        """Remember what is sealed by now. Nothing may be readable, in a file, the log or a job."""
        async with bot_of(self._world).rooms.database.read() as reader:
            found = {
                value
                for table, column in SEALED
                for row in await reader.fetch_all(
                    f"SELECT {column} AS sealed FROM {table} WHERE user_id = $1", self._world.group.members[0].id
                )
                if (value := row["sealed"]) is not None
            }
        self.sealed |= found
        assert bool(found) is held
        assert self.holding(MARKED, GROUPS) == []
        assert MARKED not in self._log.getvalue()
        assert GROUPS not in self._log.getvalue()

    def holding(self, *values: str) -> list[str]:
        """The files that hold any of these bytes."""
        return [
            str(file.relative_to(self._folder))
            for file in self._folder.rglob("*")
            if file.is_file() and any(value.encode() in file.read_bytes() for value in values)
        ]

    def in_discord(self) -> list[str]:
        """The channels and threads in which a marked word stands."""
        channels = self._world.group.guild.channels.values()
        every = [*channels, *(thread for channel in channels for thread in channel.threads)]
        return [str(one.name) for one in every if MARKED in public_words(one)]


@pytest.fixture
def watch(world: World, settings: Settings, engine: TestEngine) -> Watch:
    assert isinstance(engine.log, StringIO)
    return Watch(world, settings, engine.log)


@pytest.fixture
async def who(world: World) -> MemberActor:
    member = world.group.members[0]
    await agree(world, member, *world.group.members[1:])
    return member


async def erase(world: World, who: MemberActor, part: str = "all") -> str:
    """Erase by hand, as a person does, and return the receipt."""
    panel = await ask(world, who, "erase")
    return words_of(await choose_and_type(who, panel, world.group.guild.id, part))


async def erased_at_once(world: World, who: MemberActor) -> None:
    """Erase between two steps of the bot, where no person of the simulation can press anything."""
    bot = bot_of(world)
    rooms, sender = bot.rooms, bot.sender
    erasure = Erasure(rooms.database, rooms.owners, rooms.events, rooms.clock, rooms.ids, sender)
    await erasure.erase(world.group.guild.id, who.id, "checkins", f"mark-{who.id}")


async def kept_of(bot: Evenkeel, guild_id: int, user_id: int) -> dict[str, Any]:
    async with bot.rooms.database.read() as reader:
        return await CheckinData(bot.rooms.vault).export(reader, guild_id, user_id)


async def test_every_word_is_sealed_while_it_is_kept_and_leaves_no_byte(
    world: World, watch: Watch, who: MemberActor
) -> None:
    other = world.group.members[1]
    post = await asked_today(world, name=f"{GROUPS} evening")
    await write_set(world, name=f"{GROUPS} set", kind="long", label=f"Does {GROUPS} ask?", lines="")
    await world.group.moderator.slash(
        post_channel(world), "manage-checkins create", name=f"{GROUPS} night", channel=post_channel(world),
        time="23:30", questions=f"{GROUPS} set",
    )  # fmt: skip
    # A form of the group's own questions.
    form = await who.slash(post_channel(world), "checkin now", schedule=f"{GROUPS} night")
    [own] = filled(form).keys() - {"who"}
    await who.submit_modal(form, {"who": "me", own: f"{MARKED} to a question of ours"})
    await watch.look()
    # The form, an edit of it while it is kept alone, a move to the team, one to the group, an edit there.
    done = await fill(who, await opens(who, post), Choice.ME, f"{MARKED} alone", mood="2")
    await watch.look()
    done = await fill(who, await press(who, done, "Change"), Choice.ME, f"{MARKED} mended", mood="3")
    await watch.look()
    preview = await choose(who, await who.slash(post_channel(world), "checkin today"), "entry_who", "team")
    await press(who, preview, YES)
    await watch.look()
    await world.run_due()
    assert watch.in_discord() == ["care"]
    done = await check_in(world, who, post, Choice.GROUP_REPLY, f"{MARKED} for all", mood="1")
    await watch.look()
    assert watch.in_discord() == ["check-ins"]
    # A reply by somebody else is theirs, and stays; one of their own to that other's check-in goes.
    await check_in(world, other, post, Choice.GROUP_REPLY, "another one's words")
    theirs = last(post_channel(world))
    form = await who.click(theirs, label="Write back")
    await who.submit_modal(form, {"words": f"{MARKED} to you"})
    await watch.look()
    await world.run_due()
    # Taken back, shared again, and in its own room with the team.
    back = await press(who, done, BACK)
    await watch.look()
    await world.run_due()
    await fill(who, await press(who, back, "Change"), Choice.TEAM_REACH_OUT, f"{MARKED} once more")
    await world.advance(timedelta(hours=4))  # the team is told that it waits
    await watch.look()
    assert sorted(watch.in_discord()) == ["care", "check-ins"]
    assert watch.holding(*watch.sealed), "the test looks where nothing is kept"

    receipt = await erase(world, who)
    assert t("privacy.receipt.scrubbed") in receipt
    assert watch.holding(*watch.sealed) == []
    assert watch.in_discord() == []
    assert who.mention not in public_words(world.group.channel("care"))
    assert "another one's words" in public_words(post_channel(world))
    await world.restart()
    await world.advance(timedelta(days=2))
    assert await kept_of(bot_of(world), world.group.guild.id, who.id) == {}
    assert watch.in_discord() == []
    assert watch.holding(MARKED, *watch.sealed) == []


def post_channel(world: World) -> Any:
    return world.group.channel("check-ins")


async def posting(world: World, who: MemberActor, *, lost: bool, erased: bool = True) -> None:
    """Let the next post of the bot's be followed by an erasure before anybody knows of it; `lost`: its answer too."""
    sender = bot_of(world).sender
    post = sender.post
    done = False

    async def crossing(*args: Any, **options: Any) -> int:
        nonlocal done
        message_id = await post(*args, **options)
        if done:
            return message_id
        done = True
        if erased:
            await erased_at_once(world, who)
        if lost:
            raise TryAgain
        return message_id

    sender.post = crossing  # type: ignore[method-assign]


@pytest.mark.parametrize("choice", [Choice.GROUP, Choice.GROUP_REPLY, Choice.TEAM_REACH_OUT])
@pytest.mark.parametrize("lost", [False, True], ids=["answered", "answer lost"])
async def test_erased_while_it_is_being_posted(
    world: World, watch: Watch, who: MemberActor, choice: Choice, *, lost: bool
) -> None:
    post = await asked_today(world)
    await fill(who, await opens(who, post), choice, f"{MARKED} on its way")
    await watch.look()
    await posting(world, who, lost=lost)
    await world.run_due()
    assert bool(watch.in_discord()) is lost  # nobody knows of it yet; it is looked for a little later
    await world.advance(timedelta(minutes=5))
    assert watch.in_discord() == []
    assert watch.holding(*watch.sealed) == []


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "answer lost"])
async def test_a_reply_erased_while_it_is_being_posted(
    world: World, watch: Watch, who: MemberActor, *, lost: bool
) -> None:
    post = await asked_today(world)
    await check_in(world, world.group.members[1], post, Choice.GROUP_REPLY, "another one's words")
    form = await who.click(last(post_channel(world)), label="Write back")
    await who.submit_modal(form, {"words": f"{MARKED} to you"})
    await watch.look()
    await posting(world, who, lost=lost)
    await world.run_due()
    await world.advance(timedelta(minutes=5))
    assert watch.in_discord() == []
    assert watch.holding(*watch.sealed) == []


@pytest.mark.parametrize("erased", [False, True])
async def test_a_lost_post_is_found_below_whatever_was_written_while_the_bot_was_away(
    world: World, watch: Watch, who: MemberActor, *, erased: bool
) -> None:
    post = await asked_today(world)
    await fill(who, await opens(who, post), Choice.GROUP, f"{MARKED} on its way")
    await posting(world, who, lost=True, erased=erased)
    await world.run_due()
    for number in range(60):
        await world.group.members[1].send(post_channel(world), f"talk {number}")
    await world.restart(timedelta(hours=1))
    await world.advance(timedelta(hours=1))
    assert public_words(post_channel(world)).count(MARKED) == (0 if erased else 1)


@pytest.mark.parametrize("reply", [False, True])
async def test_erased_after_discord_was_away_for_longer_than_a_post_is_looked_for(
    world: World, watch: Watch, who: MemberActor, *, reply: bool
) -> None:
    post = await asked_today(world)
    await check_in(world, world.group.members[1], post, Choice.GROUP_REPLY, "another one's words")
    theirs = last(post_channel(world))
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
    if reply:
        await who.submit_modal(await who.click(theirs, label="Write back"), {"words": f"{MARKED} to you"})
    else:
        await fill(who, await opens(who, post), Choice.GROUP, f"{MARKED} on its way")
    await world.advance(timedelta(minutes=10))
    world.env.backend.faults.clear()
    await posting(world, who, lost=True)
    await world.advance(timedelta(hours=1))
    assert await kept_of(bot_of(world), world.group.guild.id, who.id) == {}
    assert watch.in_discord() == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_erased_while_discord_is_away(
    world: World, watch: Watch, who: MemberActor, *, restarted: bool
) -> None:  # fmt: skip
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP, f"{MARKED} stands")
    for method, path in (("POST", "/channels/*/messages"), ("DELETE", "/channels/*"), ("PATCH", "/channels/*")):
        world.env.inject_error(method, path, status=503, times=None)
    await fill(who, await opens(who, post), Choice.TEAM, f"{MARKED} is moved")
    await world.run_due()
    await watch.look()
    receipt = await erase(world, who)
    assert t("privacy.receipt.waiting") in receipt
    assert watch.holding(*watch.sealed) == []
    if restarted:
        await world.restart()
    world.env.backend.faults.clear()
    await world.advance(timedelta(hours=1))
    assert watch.in_discord() == []
    assert await kept_of(bot_of(world), world.group.guild.id, who.id) == {}


async def test_deleted_while_discord_is_away_and_erased_then(world: World, watch: Watch, who: MemberActor) -> None:
    """The row is gone already when everything is erased: its post has a job of its own, which outlives both."""
    post = await asked_today(world)
    done = await check_in(world, who, post, Choice.GROUP, f"{MARKED} stands")
    world.env.inject_error("DELETE", "/channels/*", status=503, times=None)
    asked = await press(who, done, "Delete")
    await press(who, asked, t("checkin_entry.delete.yes.label"))
    await world.run_due()
    assert await entries(world, who) == ()
    assert watch.in_discord() == ["check-ins"]
    await erase(world, who)
    world.env.backend.faults.clear()
    await world.restart()
    await world.advance(timedelta(hours=1))
    assert watch.in_discord() == []


async def test_a_post_that_cannot_be_deleted_is_named_on_the_receipt(
    world: World, watch: Watch, who: MemberActor
) -> None:
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP, f"{MARKED} stands")
    entry = await only_entry(world, who)
    world.env.inject_error("DELETE", "/channels/*", status=403, code=50001, message="Missing Access", times=None)
    receipt = await erase(world, who)
    assert f"/{entry.channel_id}/{entry.message_id}" in receipt
    assert watch.in_discord() == ["check-ins"]


async def test_a_copy_has_what_is_on_its_way_and_where_the_rest_stands(world: World, who: MemberActor) -> None:
    post, other = await asked_today(world), world.group.members[1]
    await check_in(world, who, post, Choice.GROUP, "stands in the channel")
    entry = await only_entry(world, who)
    await check_in(world, other, post, Choice.GROUP_REPLY, f"{MARKED} of somebody else")
    form = await who.click(last(post_channel(world)), label="Write back")
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
    await who.submit_modal(form, {"words": "a reply on its way"})
    await world.run_due()
    world.env.backend.faults.clear()
    copy = files_of(await ask(world, who, "export"), world)
    told = json.loads(copy["json"])["data"]["checkins"]
    [one] = told["check_ins"]
    assert one["words"] is None
    assert one["post"].endswith(f"/{entry.channel_id}/{entry.message_id}")
    assert [reply["not_posted_yet"] for reply in told["replies"]] == ["a reply on its way"]
    assert MARKED not in copy["json"].decode() + copy["csv"].decode("utf-8-sig")
    await world.advance(timedelta(hours=1))  # a copy changes nothing: the reply arrives
    assert "a reply on its way" in public_words(post_channel(world))


async def test_the_jobs_of_an_erasure_name_nobody(world: World, who: MemberActor) -> None:
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP_REPLY, f"{MARKED} stands")
    await erase(world, who)
    async with bot_of(world).rooms.database.read() as reader:
        rows = await reader.fetch_all("SELECT kind, payload, dedupe_key FROM jobs")
    left = [f"{row['payload']} {row['dedupe_key']}" for row in rows if row["kind"] != POST_KIND]
    assert left
    assert not any(str(who.id) in one or MARKED in one for one in left)
