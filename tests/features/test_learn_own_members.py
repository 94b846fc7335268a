"""The group's own readings as members meet them: found, read, walked, saved, shared; and nowhere else."""

import discord
import pytest
from simcord import MemberActor

from bot.client import Evenkeel
from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, shown, words_of
from tests.features.test_learn import title_of, type_it
from tests.features.test_learn_own import WALK, fill_in, id_of, manage, moderator, press, write
from tests.features.test_learn_saved import agree

TITLE, MARK = WALK["title"], t("learn.mark.own")
NEXT, SAVE, OPEN = (t(f"learn.{one}.label") for one in ("reading.next", "reading.save", "saved.open"))


@pytest.fixture
async def identity(world: World) -> str:
    """The id of a reading that a moderator has just written."""
    return id_of(await write(world))


def member(world: World) -> MemberActor:
    return world.group.members[0]


def stranger(world: World) -> MemberActor:
    """A moderator of the other server."""
    guild = world.other.guild
    allowed = discord.Permissions(moderate_members=True, view_channel=True, use_application_commands=True)
    world.env.backend.edit_role(guild.id, guild.default_role.id, {"permissions": allowed.value})
    return next(iter(world.other.people.values())).actor


async def test_members_find_it_at_once_in_every_way(world: World, identity: str) -> None:
    who, lounge = member(world), world.group.channel("lounge")
    offered = await who.autocomplete(lounge, "learn read", "snippet", "sundey")
    assert offered[0] == {"name": TITLE, "value": identity}
    found = await type_it(world, who, "search", words="sunday lake")
    assert f"**{TITLE}**\n-# Support among peers · {MARK}" in words_of(found)
    assert title_of(await type_it(world, who, "read", snippet=TITLE.lower())) == TITLE
    shelf = await who.select(
        shown(await type_it(world, who, "topics")), ["peers"], custom_id="ek1:learn:shelf:"
    )  # fmt: skip
    assert f"- {TITLE} · {MARK}" in words_of(shelf)
    opened = await who.select(shown(shelf), [identity], custom_id="ek1:learn:open:")
    assert words_of(opened).startswith(f"## {TITLE}\n-# Support among peers · {MARK}")


async def test_next_walks_past_it(world: World, identity: str) -> None:
    who = member(world)
    reading = await type_it(world, who, "read", snippet=identity)
    seen = {title_of(reading)}
    while title_of(reading := await press(who, reading, NEXT)) not in seen:
        seen.add(title_of(reading))
    assert title_of(reading) == TITLE
    assert len(seen) > 3


async def test_saved_it_says_what_became_of_it(world: World, bot: Evenkeel, identity: str) -> None:
    who = member(world)
    await agree(world, bot, who)
    await press(who, await type_it(world, who, "read", snippet=identity), SAVE)
    saved = await type_it(world, who, "saved")
    assert f"**{TITLE}**\n-# Support among peers · {MARK}" in words_of(saved)
    await fill_in(moderator(world), await manage(world, "edit", snippet=identity), **{**WALK, "title": "The lake"})
    renamed = await type_it(world, who, "saved")
    assert "**The lake**" in words_of(renamed)
    assert title_of(await press(who, renamed, OPEN)) == "The lake"
    await manage(world, "retire", snippet=identity)
    retired = await type_it(world, who, "saved")
    assert t("learn.saved.retired", name="The lake", when="").splitlines()[0] in words_of(retired)
    assert OPEN not in buttons_of(retired)
    listed = await manage(world, "list")
    card = await moderator(world).select(shown(listed), [identity], custom_id="ek1:library:card:")
    asked = await press(moderator(world), card, t("library.card.delete.label"))
    await press(moderator(world), asked, t("library.deleting.yes.label"))
    gone = await type_it(world, who, "saved")
    assert t("learn.saved.taken_out") in words_of(gone)
    assert "own-" not in words_of(gone)
    off = await who.select(shown(gone), [identity], custom_id="ek1:learn:drop:0")
    assert t("learn.saved.empty") in words_of(off)


async def test_retired_it_is_gone_for_members_and_old_buttons_say_so(world: World, identity: str) -> None:
    who = member(world)
    found = await type_it(world, who, "search", words="sunday lake")
    reading = await type_it(world, who, "read", snippet=identity)
    await manage(world, "retire", snippet=identity)
    assert t("learn.gone") in words_of(await press(who, found, OPEN))
    for label in (NEXT, SAVE, t("learn.reading.sources.label")):
        assert t("learn.gone") in words_of(await press(who, reading, label))
    assert TITLE not in words_of(await type_it(world, who, "search", words="sunday lake"))


async def test_in_danger_it_shows_the_readers_own_number(world: World) -> None:
    identity = id_of(await write(world, body="A seizure can't wait. Call your emergency number."))
    reading = await type_it(world, member(world), "read", snippet=identity)
    assert "United Kingdom: call **999**" in words_of(reading)


async def test_another_server_never_meets_it(world: World, identity: str) -> None:
    who, lounge = stranger(world), world.other.channel("lounge")
    for typed in (identity, TITLE):
        read = await who.slash(lounge, "learn read", snippet=typed)
        assert WALK["body"] not in words_of(read)
        assert f"**{TITLE}**" not in words_of(read)
        for command, key in (("edit", "gone"), ("retire", "gone")):
            answer = await who.slash(lounge, f"manage-library {command}", snippet=typed)
            assert t(f"library.own.{key}") in words_of(answer)
    found = await who.slash(lounge, "learn search", words="sunday lake")
    assert TITLE not in words_of(found)
    assert await who.autocomplete(lounge, "manage-library edit", "snippet", "sunday") == []
    assert identity not in str(await who.autocomplete(lounge, "learn read", "snippet", "sunday"))
    listed = await who.slash(lounge, "manage-library list")
    assert t("library.own.empty") in words_of(listed)
    assert title_of(await type_it(world, member(world), "read", snippet=identity)) == TITLE


async def test_a_made_up_id_of_another_server_opens_nothing(world: World, identity: str) -> None:
    """Buttons of a message of their own, with the other server's id in them."""
    who, lounge = stranger(world), world.other.channel("lounge")
    await fill_in(who, await who.slash(lounge, "manage-library add"), **{**WALK, "title": "Theirs"})
    bot = world.bot
    assert isinstance(bot, Evenkeel)
    async with bot.rooms.database.write() as writer:
        # Their own rows take the place of a forged id: the same id exists in both servers, with words of each.
        await writer.execute(
            "UPDATE group_snippets SET snippet_id = $1 WHERE guild_id = $2", identity, world.other.guild.id
        )
    reading = await who.slash(lounge, "learn read", snippet=identity)
    assert title_of(reading) == "Theirs"
    await who.slash(lounge, "manage-library retire", snippet=identity)
    assert title_of(await type_it(world, member(world), "read", snippet=identity)) == TITLE


async def test_erasing_a_person_leaves_the_groups_words(world: World, bot: Evenkeel, identity: str) -> None:
    """Nobody's id stands beside a reading: it belongs to the group, and goes with the group."""
    async with bot.rooms.database.write() as writer:
        for owner in bot.rooms.owners:
            await owner.erase(writer, world.group.guild.id, moderator(world).id)
    assert title_of(await type_it(world, member(world), "read", snippet=identity)) == TITLE
    async with bot.rooms.database.read() as reader:
        row = await reader.fetch_one("SELECT * FROM group_snippets")
    assert row is not None
    assert str(moderator(world).id) not in str(dict(row))


async def test_a_reset_tells_of_them_first_and_takes_them(world: World, bot: Evenkeel, identity: str) -> None:
    admin, lounge = world.group.admin, world.group.channel("lounge")
    asked = await admin.slash(lounge, "setup reset")
    assert "`/manage-library export`" in words_of(asked)
    form = await press(admin, asked, t("setup.reset.ask.label"))
    await admin.submit_modal(form, {"name": world.group.guild.name})
    async with bot.rooms.database.read() as reader:
        assert await reader.fetch_value("SELECT COUNT(*) FROM group_snippets") == 0
    assert TITLE not in words_of(await type_it(world, member(world), "search", words="sunday lake"))
