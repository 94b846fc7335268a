"""A rehearsed fortnight: ten people in nine zones, and nobody is asked twice, forgotten, unanswered or overheard."""

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.text import t
from cogs.checkins.rules import Choice, Place
from rehearsal.world import World, opened_world
from tests.features.conftest import TestEngine
from tests.features.fortnight import (
    AFTERWARDS,
    DAY,
    EVENING,
    HOUR,
    MARK,
    MINUTE,
    PLANS,
    START,
    WORTH,
    Plan,
    Said,
    at,
    drawn,
    dues,
    holding,
    messages,
    posts,
    readers,
    text_of,
)
from tests.features.fortnight_answers import Fortnight
from tests.features.seeing import shown

END = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
QUIET_MINUTES = 30 * MINUTE
_CHANNEL = re.compile(r"/channels/(\d+)/messages")


async def lived(world: World, plans: tuple[Plan, ...], seed: int, afterwards: Mapping[tuple[str, int], str], *,
                kills: bool = False) -> Fortnight:  # fmt: skip
    """Live a fortnight, with a look at what everybody can read at each noon."""
    fortnight = Fortnight(world, plans, random.Random(seed))
    await fortnight.set_up()
    fortnight.plan_days(lambda key, number: afterwards.get((key, number), ""))
    if kills:
        fortnight.plan_kills(END)
    noon = START
    while noon < END:
        noon = min(noon + DAY, END)
        await fortnight.live(noon)
        nothing_overheard(fortnight)
    return fortnight


def nothing_overheard(fortnight: Fortnight) -> None:
    """Each word stands where its writer chose and nowhere else, and only those read it whom they chose."""
    world = fortnight.world
    whose = {mark: (one, mark == one.mark) for one in every(fortnight) for mark in (one.mark, *one.marks)}
    found: Counter[str] = Counter()
    for message in messages(world):
        for mark in set(MARK.findall(text_of(message))):
            said, current = whose[mark]
            able = readers(world, message)
            if message.is_ephemeral:
                assert able <= {said.writer.id}, mark
                continue
            assert current, f"{mark} was changed and still stands"
            assert not said.deleted, f"{mark} was deleted and still stands"
            assert message.channel_id in allowed(fortnight, said), mark
            if said.choice.place is Place.CARE:
                assert able <= overhearing(fortnight, said), mark
            found[mark] += 1
    for one in every(fortnight):
        stands = not one.deleted and one.choice is not Choice.ME
        if fortnight.now - one.changed_at > QUIET_MINUTES:
            assert found[one.mark] == (1 if stands else 0), one


def every(fortnight: Fortnight) -> list[Said]:
    """Everything that anybody has said, entries and replies."""
    return [*fortnight.said, *(words for words, _ in fortnight.replies)]


def allowed(fortnight: Fortnight, said: Said) -> set[int]:
    """Where words may stand as their writer chose."""
    group = fortnight.world.group
    if said.room:
        return {one.id for one in group.channel("quiet-rooms").threads}
    if said.choice.place is Place.CARE:
        return {group.channel("care").id}
    if said.choice is Choice.ME:
        return set()
    open_to_all = [group.channel("lounge"), group.channel("check-ins"), *group.channel("check-ins").threads]
    return {one.id for one in open_to_all}


def overhearing(fortnight: Fortnight, said: Said) -> set[int]:
    """Who may read what is for the team: the team; in a private thread its two people, and the server's owner."""
    group = fortnight.world.group
    if not said.room:
        return {group.admin.id, group.moderator.id, *(one.id for one in group.facilitators)}
    entry = next(entry for words, entry in fortnight.replies if words is said)
    return {group.admin.id, said.writer.id, entry.writer.id}


def nothing_ever_leaked(fortnight: Fortnight) -> None:
    """Nothing the bot ever sent was somewhere else even for a moment; nothing is in its log or plain in its files."""
    world = fortnight.world
    whose = {mark: one for one in every(fortnight) for mark in (one.mark, *one.marks)}
    seen = 0
    for request in world.env.http_requests:
        marks, where = set(MARK.findall(str(request.json))), _CHANNEL.match(request.path)
        for said in (whose[mark] for mark in marks if where):
            assert where is not None
            choices = [one for one in Choice if one.place in said.places]
            channels = set().union(*(allowed(fortnight, replace(said, choice=one)) for one in choices))
            assert int(where[1]) in channels, said
            seen += 1
        if marks and request.path.endswith("/callback"):
            answer: Any = request.json
            assert answer["type"] != 4 or answer["data"]["flags"] & 64, request.path
    assert seen > 50
    engine = world.engine
    assert isinstance(engine, TestEngine)
    assert not MARK.search(engine.log.getvalue())
    for file in engine.settings.var_dir.rglob("*"):
        assert not file.is_file() or not re.search(rb"quill\d{4}", file.read_bytes()), file


def asked_on_time(fortnight: Fortnight) -> None:
    """Every check-in was asked once, by the clock on its wall; what fell into an outage came when that was over."""
    for name, due in dues(END).items():
        came = [at(message) for whose, message in posts(fortnight.world) if whose == name]
        assert len(came) == len(due), name
        for planned, moment in zip(due, came, strict=True):
            out = [until for since, until in fortnight.outages if since - MINUTE <= planned <= until]
            assert timedelta() <= moment - planned <= (2 * HOUR if out else timedelta(seconds=2)), (name, planned)
            assert not out or moment <= out[0] + timedelta(minutes=3)


def counted(fortnight: Fortnight) -> None:
    """Each post says how many have answered it, whoever may see what they wrote."""
    for _, post in posts(fortnight.world):
        writers = {one.writer.id for one in fortnight.said if one.post_id == post.id and not one.deleted}
        text = text_of(post)
        if writers:
            sentence = t("checkin_post.post.somebody", count=len(writers), day="|").partition("|")[2]
            assert sentence in text, (len(writers), text)
        else:
            assert "checked in" not in text


def in_their_places(fortnight: Fortnight) -> None:
    """What the group may read stands in the thread of its day's post, where there is one, and calls nobody."""
    for said in fortnight.said:
        if said.deleted or said.choice.place is Place.NOWHERE:
            continue
        [message] = holding(fortnight.world, said.mark)
        assert (message.ping_user_ids, message.ping_role_ids) == ([], [])
        if said.choice.place is Place.GROUP:
            lounge = fortnight.lounge.id
            assert message.channel_id == (said.post_id if said.schedule == EVENING else lounge), said


def companions_spared(fortnight: Fortnight) -> None:
    """Companions are asked once a day at most, never at night, on a break, or about somebody they avoid."""
    backend, people = fortnight.world.env.backend, fortnight.people
    talks = {channel: user for user, channel in backend.dm_channels.items()}
    asked = [one for one in messages(fortnight.world) if one.channel_id in talks]
    by_id = {one.actor.id: one for one in people.values()}
    for one in asked:
        who = by_id[talks[one.channel_id]]
        assert who.actor in fortnight.companions(), "nobody else is written to"
        local = at(one).astimezone(who.zone(at(one)))
        assert who.plan.key != "hazel" or not 1 <= local.hour < 9, local
        rests = who.rests if who.plan.key == "sam" else []
        assert not any(since <= at(one) < (until or END) for since, until in rests), local
    days = Counter((one.channel_id, by_id[talks[one.channel_id]].label(at(one))) for one in asked)
    assert set(days.values()) == {1}
    for request in fortnight.world.env.http_requests:
        where = _CHANNEL.match(request.path)
        if where and int(where[1]) in talks and request.method == "POST":
            companion = by_id[talks[int(where[1])]].plan.key
            told = re.findall(r"/channels/\d+/\d+/(\d+)", str(request.json))
            writers = [fortnight.stood[int(link)].writer for link in told if int(link) in fortnight.stood]
            assert len(writers) == 1
            assert (companion, people["wren"].actor) != ("hazel", writers[0])


def replies_arrived(fortnight: Fortnight) -> None:
    """Every answer stands, and called its reader and nobody else to it."""
    world, me = fortnight.world, fortnight.world.env.backend.bot_user.id
    for words, entry in fortnight.replies:
        [message] = holding(world, words.mark)
        if message.author_id == me:
            calls = [message]
        else:  # people's own words are answered by a call below them, which goes with the entry
            calls = [one for one in messages(world) if str((one.reference or {}).get("message_id")) == str(message.id)]
        stands = not entry.deleted and entry.choice.place is words.choice.place
        wanted = [[entry.writer.id]] if stands or message.author_id == me else []
        assert [one.ping_user_ids for one in calls] == wanted, (words, entry)
        assert not any(one.ping_role_ids for one in calls)
        if words.room:
            assert entry.writer.id in world.env.backend.channels[message.channel_id].thread_members


async def shown_to_each(fortnight: Fortnight) -> None:
    """Everybody's own history tells them what they have; the file they can take holds their private words alone."""
    for one in fortnight.people.values():
        history = await fortnight.type(one.actor, "checkin history", days=30)
        fortnight.check_rhythm(one, history)
        assert history.ephemeral
        file = await fortnight.type(one.actor, "checkin export")
        [sheet] = shown(file).attachments
        marks = set(MARK.findall((await sheet.read()).decode("utf-8-sig")))
        mine = {said.mark for said in one.entries.values() if said.choice is Choice.ME and not said.deleted}
        assert marks == mine, one.plan.key


async def kept_all_its_promises(fortnight: Fortnight) -> None:
    """Everything that is held against the end of a fortnight."""
    asked_on_time(fortnight)
    counted(fortnight)
    in_their_places(fortnight)
    companions_spared(fortnight)
    replies_arrived(fortnight)
    await shown_to_each(fortnight)
    nothing_ever_leaked(fortnight)
    fortnight.world.env.raise_errors()


async def test_a_fortnight_in_which_nothing_is_lost(engine: TestEngine) -> None:
    async with opened_world(engine, ready=True, start=START) as world:
        with world.env.time_context():
            fortnight = await lived(world, PLANS, 1, AFTERWARDS)
            await kept_all_its_promises(fortnight)
            asked = [(name, at(one)) for name, one in posts(world)]
            assert {one.plan.key: one.worth(asked, [], END) for one in fortnight.people.values()} == WORTH
            assert {one.choice for one in fortnight.said} == set(Choice)
            answered = [one for one in fortnight.wishes if one.answered]
            assert len(answered) >= 10
            assert len(fortnight.told) >= 5


async def test_the_same_fortnight_with_the_bot_killed_each_day(engine: TestEngine) -> None:
    async with opened_world(engine, ready=True, start=START) as world:
        with world.env.time_context():
            fortnight = await lived(world, PLANS, 2, AFTERWARDS, kills=True)
            await kept_all_its_promises(fortnight)
            assert (len(fortnight.kills), len(set(fortnight.kills))) == (14, 5)
            assert fortnight.cuts >= 4, "the bot died in the middle of its work"


@pytest.mark.parametrize("seed", [3, 4, 5])
async def test_other_fortnights(engine: TestEngine, seed: int) -> None:
    plans, afterwards = drawn(random.Random(seed))
    async with opened_world(engine, ready=True, start=START) as world:
        with world.env.time_context():
            await kept_all_its_promises(await lived(world, plans, seed, afterwards, kills=seed % 2 == 1))
