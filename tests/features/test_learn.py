"""`/learn` as people type it: reading, searching, browsing, today's reading, sources, in everybody's hands."""

from datetime import timedelta

import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.errors import SetupError

from bot.client import Evenkeel
from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, shown, words_of

CALM, CAREFUL, FAMILY = "slow-breathing", "seizure-first-aid", "how-to-be-there"
EVERYBODY = ("admin", "moderator", "facilitator", "member", "family", "newcomer")
TEAM = ("admin", "moderator", "facilitator")
POST, SOURCES, NEXT = (t(f"learn.reading.{one}.label") for one in ("post", "sources", "next"))
HELP = t("learn.reading.care.label")


async def type_it(world: World, who: MemberActor, command: str, **options: str) -> InteractionResult:
    return await who.slash(world.group.channel("lounge"), f"learn {command}", **options)


async def press(who: MemberActor, on: InteractionResult, label: str) -> InteractionResult:
    return await who.click(shown(on), label=label)


async def pick(who: MemberActor, on: InteractionResult, value: str, verb: str = "open") -> InteractionResult:
    return await who.select(shown(on), [value], custom_id=f"ek1:learn:{verb}:")


def title_of(result: InteractionResult) -> str:
    return words_of(result).partition("\n")[0].removeprefix("## ")


@pytest.mark.parametrize("kind", EVERYBODY)
async def test_each_command_works_privately_in_everybodys_hands(world: World, kind: str) -> None:
    who = world.group.person(kind).actor
    reading = await type_it(world, who, "read", snippet=CALM)
    assert title_of(reading) == "Slow breathing"
    assert (POST in buttons_of(reading)) is (kind in TEAM)
    search = await type_it(world, who, "search", words="seizur")
    assert "Seizure first aid" in words_of(search)
    topics = await type_it(world, who, "topics")
    assert "Safety first" in words_of(topics)
    today = await type_it(world, who, "today")
    assert t("learn.reading.today") in words_of(today)
    saved = await type_it(world, who, "saved")
    assert t("learn.saved.empty") in words_of(saved)
    assert all(result.ephemeral for result in (reading, search, topics, today, saved))


async def test_it_is_not_offered_in_direct_messages(world: World) -> None:
    with pytest.raises(SetupError):
        await world.group.newcomer.user.slash("learn today")


async def test_it_works_in_a_server_that_set_nothing_up(bare_world: World) -> None:
    newcomer = bare_world.group.newcomer
    reading = await type_it(bare_world, newcomer, "read", snippet=CAREFUL)
    assert "findahelpline.com" in words_of(reading)
    assert t("learn.reading.today") in words_of(await type_it(bare_world, newcomer, "today"))


@pytest.mark.parametrize("typed", ["tolerence", "toler", "TOLLERANCE", "tolerance plain"])
async def test_autocomplete_forgives_typing_at_night(world: World, typed: str) -> None:
    member, lounge = world.group.members[0], world.group.channel("lounge")
    offered = await member.autocomplete(lounge, "learn read", "snippet", typed)
    assert offered[0] == {"name": "Tolerance in plain words", "value": "tolerance-in-plain-words"}


async def test_autocomplete_offers_something_before_anything_is_typed(world: World) -> None:
    lounge = world.group.channel("lounge")
    offered = await world.group.members[0].autocomplete(lounge, "learn read", "snippet", "")
    assert len(offered) == 25
    family = await world.group.family.autocomplete(lounge, "learn read", "snippet", "")
    assert family[0]["value"] == FAMILY
    assert await world.group.members[0].autocomplete(lounge, "learn read", "snippet", "🙂" * 50)
    assert await world.group.members[0].autocomplete(lounge, "learn read", "snippet", "zzzqqq") == []


async def test_a_title_nobody_wrote_brings_what_comes_near(world: World) -> None:
    member = world.group.members[0]
    near = await type_it(world, member, "read", snippet="toleranse and depandence")
    assert t("learn.search.near") in words_of(near)
    opened = await pick(member, near, "tolerance-in-plain-words")
    assert title_of(opened) == "Tolerance in plain words"
    one = await type_it(world, member, "read", snippet="tolerence")
    assert title_of(await press(member, one, t("learn.saved.open.label"))) == "Tolerance in plain words"


@pytest.mark.parametrize("command", ["search", "read"])
async def test_nothing_found_is_kind_and_leads_on(world: World, command: str) -> None:
    member = world.group.members[0]
    option = {"words": "zzzqqq"} if command == "search" else {"snippet": "zzzqqq"}
    nothing = await type_it(world, member, command, **option)
    assert t("learn.search.none") in words_of(nothing)
    shelf = await pick(member, nothing, "coping", "shelf")
    assert title_of(shelf) == "Ways to cope"
    again = await type_it(world, member, command, **option)
    assert "999" in words_of(await press(member, again, HELP))


async def test_a_search_forgives_and_opens_below_its_list(world: World) -> None:
    member = world.group.members[5]
    found = await type_it(world, member, "search", words="cant sleap")
    assert "Sleep in withdrawal" in words_of(found)
    opened = await pick(member, found, "sleep-in-withdrawal")
    assert title_of(opened) == "Sleep in withdrawal"
    assert opened.ephemeral
    assert shown(opened).id != shown(found).id
    assert "Sleep in withdrawal" in words_of(found)  # the list still stands


async def test_topics_lead_to_titles_and_titles_to_readings(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    topics = await type_it(world, member, "topics")
    many = len(bot.rooms.content.library.by_topic("safety"))
    assert f"**Safety first** · {many} readings" in words_of(topics)
    shelf = await pick(member, topics, "safety", "shelf")
    assert title_of(shelf) == "Safety first"
    assert title_of(await pick(member, shelf, CAREFUL)) == "Seizure first aid: stay, safe, side"
    back = await press(member, shelf, t("learn.topics.all.label"))
    assert t("learn.topics.placeholder") in str(components_of(back))


@pytest.mark.parametrize(("typed", "offered"), [("i want to kill myself", True), ("fits", True), ("sleep", False)])
async def test_a_search_for_danger_offers_help_first(world: World, typed: str, offered: bool) -> None:
    found = await type_it(world, world.group.members[0], "search", words=typed)
    assert (HELP in buttons_of(found)) is offered


async def test_next_redraws_the_reading_and_walks_its_topic(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    reading = await type_it(world, member, "read", snippet=CALM)
    seen = [title_of(reading)]
    many = len(bot.rooms.content.library.by_topic("coping"))
    for _ in range(many):
        following = await press(member, reading, NEXT)
        assert shown(following).id == shown(reading).id
        seen.append(title_of(following))
    assert seen[-1] == seen[0]
    assert len(set(seen)) == many


async def test_family_members_meet_family_readings_first(world: World) -> None:
    for who, first in ((world.group.family, "for family and friends"), (world.group.members[0], "")):
        found = await type_it(world, who, "search", words="somebody you love")
        lines = [line for line in words_of(found).splitlines() if line != t("learn.search.none_urgent")]
        assert first in lines[3]


async def test_careful_ones_warn_first_and_end_with_the_readers_own_number(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    async with bot.rooms.database.write() as writer:
        await bot.rooms.members.set(writer, world.group.guild.id, member.id, country="US")
    for who, number in ((member, "United States: call **911**"), (world.group.members[1], "call **999** or **112**")):
        reading = await type_it(world, who, "read", snippet=CAREFUL)
        told = words_of(reading)
        assert told.index(t("learn.reading.careful")) < told.index("three words can carry you") < told.index(number)
        assert buttons_of(reading)[0] == HELP
    help_now = await press(member, reading := await type_it(world, member, "read", snippet=CAREFUL), HELP)
    assert "911" in words_of(help_now)
    assert shown(help_now).id != shown(reading).id


async def test_sources_open_beside_the_reading(world: World) -> None:
    member = world.group.members[0]
    reading = await type_it(world, member, "read", snippet="why-doctors-prescribe-it")
    sources = await press(member, reading, SOURCES)
    assert sources.ephemeral
    assert shown(sources).id != shown(reading).id
    told = words_of(sources)
    assert t("learn.sources.checking") in told
    assert "Reviewed: 22 November 2026" in told
    assert t("learn.sources.advice") in told
    assert "](<https://" in told


async def test_today_is_one_for_all_and_changes_at_the_groups_midnight(world: World) -> None:
    titles = {
        title_of(await type_it(world, world.group.person(kind).actor, "today"))
        for kind in ("admin", "member", "family")
    }
    assert len(titles) == 1
    await world.advance(timedelta(hours=5, minutes=59))
    assert title_of(await type_it(world, world.group.members[0], "today")) in titles
    await world.advance(timedelta(minutes=2))
    assert title_of(await type_it(world, world.group.members[0], "today")) not in titles


async def test_everything_can_be_pressed_after_a_restart(world: World) -> None:
    member = world.group.members[0]
    reading = await type_it(world, member, "read", snippet=CALM)
    topics = await type_it(world, member, "topics")
    found = await type_it(world, member, "search", words="cant sleep")
    await world.restart()
    assert "Sources" in words_of(await press(member, reading, SOURCES))
    assert title_of(await press(member, reading, NEXT)) != "Slow breathing"
    assert title_of(await pick(member, topics, "safety", "shelf")) == "Safety first"
    assert title_of(await pick(member, found, "sleep-in-withdrawal")) == "Sleep in withdrawal"


NOWHERE = ("", "no-such-thing", "~", "-1", "9" * 30, "safety.99", "no-such-thing~7")


@pytest.mark.parametrize("verb", ["open", "next", "sources", "save", "unsave", "undo", "shelf", "saved", "topics"])
async def test_ids_that_lead_nowhere_are_answered_kindly(world: World, bot: Evenkeel, verb: str) -> None:
    member = world.group.members[0]
    for key in NOWHERE:
        reading = await type_it(world, member, "read", snippet=CALM)
        forge(world, reading, f"ek1:learn:{verb}:{key}")
        answer = await member.click(shown(reading), custom_id=f"ek1:learn:{verb}:{key}")
        assert words_of(answer)
        assert shown(answer).ephemeral
    async with bot.rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM saved_snippets") == 0


@pytest.mark.parametrize("verb", ["post", "publish", "leave"])
async def test_a_made_up_button_for_the_team_stays_shut_for_members(world: World, verb: str) -> None:
    reading = await type_it(world, world.group.members[0], "read", snippet=CALM)
    custom_id = f"ek1:learn:{verb}:{CALM}~abcdefghijkl.1"
    forge(world, reading, custom_id)
    answer = await world.group.members[0].click(shown(reading), custom_id=custom_id)
    assert words_of(answer) == t("kit.refused.facilitator")
    assert list(world.group.channel("lounge").history()) == []


def forge(world: World, result: InteractionResult, custom_id: str) -> None:
    """Put a button with this id on an answer, as a changed library or an old version would have left it."""
    message = world.env.backend.get_message(shown(result).channel_id, shown(result).id)
    row = {
        "type": 1,
        "id": 900,
        "components": [{"type": 2, "id": 901, "style": 2, "label": "?", "custom_id": custom_id}],
    }
    message.components[0]["components"].append(row)
