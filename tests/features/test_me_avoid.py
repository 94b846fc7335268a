"""The avoid list: one's own, quiet, and never told."""

from bot.client import Evenkeel
from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, public_words, words_of
from tests.features.test_me import AGREE, agree_by, type_it

REMOVE = t("me.avoid_list.remove.label")


async def test_somebody_is_kept_apart_and_never_told(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    requests = len(world.env.http_requests)
    done = await agree_by(world, robin, "me avoid", member=wren)
    assert done.response is not None
    assert done.response.ephemeral
    assert words_of(done) == t("me.avoid.done", person=wren.mention)
    assert await bot.rooms.members.apart(world.group.guild.id, wren.id, robin.id)
    # Nothing went anywhere but into Robin's own answers.
    sent = [entry for entry in world.env.http_requests[requests:] if "/interactions/" not in entry.path]
    assert [entry.path for entry in sent if entry.method != "GET"] == []
    for channel in world.group.guild.channels.values():
        assert wren.mention not in public_words(channel)
    theirs = await type_it(world, wren, "me avoid-list")
    assert robin.mention not in words_of(theirs)
    assert words_of(theirs) == t("me.avoid_list.empty")


async def test_oneself_and_bots_cannot_be_avoided(world: World) -> None:
    robin = world.group.members[0]
    assert words_of(await type_it(world, robin, "me avoid", member=robin)) == t("me.avoid.self")
    robot = world.env.create_user("beep", bot=True)
    added = world.group.guild.add_member(robot)
    await world.env.settle()
    assert words_of(await type_it(world, robin, "me avoid", member=added)) == t("me.avoid.bot")


async def test_twice_is_once(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    await agree_by(world, robin, "me avoid", member=wren)
    again = await type_it(world, robin, "me avoid", member=wren)
    assert words_of(again) == t("me.avoid.already", person=wren.mention)
    assert len(await bot.rooms.members.avoids(world.group.guild.id, robin.id)) == 1


async def test_the_list_has_a_button_for_each_and_pages(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    others = [person.actor for person in world.group.people.values() if person.actor.id != robin.id][:8]
    await agree_by(world, robin, "me avoid", member=others[0])
    for other in others[1:]:
        await type_it(world, robin, "me avoid", member=other)
    first = await type_it(world, robin, "me avoid-list")
    assert first.ephemeral
    assert buttons_of(first).count(REMOVE) == 6
    second = await robin.click(first.response, label=t("me.avoid_list.after.label"))  # type: ignore[arg-type]
    assert buttons_of(second).count(REMOVE) == 2
    await world.restart()
    for other in others[6:]:
        custom_id = f"ek1:me:unavoid:{other.id}.1"
        gone = await robin.click(second.response or first.response, custom_id=custom_id)  # type: ignore[arg-type]
        assert t("me.avoid_list.removed", person=other.mention) in words_of(gone)
    assert buttons_of(gone).count(REMOVE) == 6  # the page that emptied gave way to the one before
    fresh = world.bot
    assert isinstance(fresh, Evenkeel)
    left = await fresh.rooms.members.avoids(world.group.guild.id, robin.id)
    assert [entry.other_id for entry in left] == [other.id for other in others[:6]]


async def test_an_old_list_takes_nobody_off_twice(world: World) -> None:
    robin, wren = world.group.members[:2]
    await agree_by(world, robin, "me avoid", member=wren)
    one = await type_it(world, robin, "me avoid-list")
    other = await type_it(world, robin, "me avoid-list")
    await robin.click(one.response, label=REMOVE)  # type: ignore[arg-type]
    late = await robin.click(other.response, label=REMOVE)  # type: ignore[arg-type]
    assert t("me.avoid_list.gone", person=wren.mention) in words_of(late)


async def test_who_has_left_can_be_avoided_and_taken_off(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    await agree_by(world, robin, "me avoid", member=wren)
    world.group.guild.remove_member(wren)
    await world.env.settle()
    shown = await type_it(world, robin, "me avoid-list")
    assert wren.mention in words_of(shown)
    await robin.click(shown.response, label=REMOVE)  # type: ignore[arg-type]
    assert await bot.rooms.members.avoids(world.group.guild.id, robin.id) == ()


async def test_the_list_of_another_server_is_another_list(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    await agree_by(world, robin, "me avoid", member=wren)
    twin = world.other.guild.add_member(robin.user)
    await world.env.settle()
    there = await twin.slash(world.other.channel("lounge"), "me avoid-list")
    assert words_of(there) == t("me.avoid_list.empty")
    assert AGREE not in buttons_of(there)
