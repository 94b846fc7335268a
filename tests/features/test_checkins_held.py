"""A text that sounds like danger: help first, nothing leaves, and its writer has the last word."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from simcord import MemberActor

from bot.discordkit import Block, Button, Text, buttons, encode
from bot.text import t
from cogs.checkins.rules import Choice, Place
from rehearsal.world import World
from tests.features.checking_in import agree, asked_today, check_in, choose, fill, filled, only_entry, opens, press
from tests.features.seeing import buttons_of, public_words, words_of
from tests.features.setting_up import bot_of

DARK = "the harbour is dark tonight"
HELP = "Call the harbour master."
SHARE, TEAM, ALONE = (t(f"checkin_entry.held.{one}.label") for one in ("share", "team", "private"))
ASK = t("checkin_entry.held.ask").splitlines()[0]


@pytest.fixture
async def who(world: World) -> MemberActor:
    member = world.group.members[0]
    await agree(world, member)

    async def look(guild_id: int, user_id: int, texts: Sequence[str]) -> tuple[Block, ...] | None:
        assert (guild_id, user_id) == (world.group.guild.id, member.id)
        if not any(DARK in text for text in texts):
            return None
        return Text(HELP), buttons(Button("Ask the team to come", encode("care", "call")))

    bot_of(world).rooms.screening.register(look)
    return member


def everywhere(world: World) -> str:
    return "\n".join(public_words(channel) for channel in world.group.guild.channels.values())


@pytest.mark.parametrize("choice", [Choice.GROUP, Choice.GROUP_REPLY, Choice.TEAM, Choice.TEAM_REACH_OUT])
async def test_help_comes_first_and_nothing_leaves(world: World, who: MemberActor, choice: Choice) -> None:
    held = await check_in(world, who, await asked_today(world), choice, DARK)
    assert held.ephemeral
    assert words_of(held).startswith(HELP)
    assert ASK in words_of(held)
    assert (TEAM in buttons_of(held)) is (choice.place is Place.GROUP)
    assert {"Ask the team to come", SHARE, ALONE} <= set(buttons_of(held))
    await world.advance(timedelta(hours=4))
    assert DARK not in everywhere(world)
    assert who.mention not in everywhere(world)
    entry = await only_entry(world, who)
    assert (entry.choice, entry.held, entry.asked_at, entry.place) == (Choice.ME, choice, None, Place.NOWHERE)


async def test_share_it_shares_it_as_it_was_wished(world: World, who: MemberActor) -> None:
    held = await check_in(world, who, await asked_today(world), Choice.GROUP_REPLY, DARK)
    await press(who, held, SHARE)
    await world.run_due()
    assert DARK in public_words(world.group.channel("check-ins"))
    entry = await only_entry(world, who)
    assert (entry.choice, entry.held, entry.asked_at is not None) == (Choice.GROUP_REPLY, None, True)


@pytest.mark.parametrize(
    ("wished", "became"), [(Choice.GROUP, Choice.TEAM), (Choice.GROUP_REPLY, Choice.TEAM_REACH_OUT)]
)
async def test_team_only_keeps_the_wish_for_a_reply(
    world: World, who: MemberActor, wished: Choice, became: Choice
) -> None:
    held = await check_in(world, who, await asked_today(world), wished, DARK)
    await press(who, held, TEAM)
    await world.run_due()
    assert DARK in public_words(world.group.channel("care"))
    assert DARK not in public_words(world.group.channel("check-ins"))
    assert (await only_entry(world, who)).choice is became


async def test_keep_it_private_keeps_it(world: World, who: MemberActor) -> None:
    held = await check_in(world, who, await asked_today(world), Choice.GROUP, DARK)
    kept = await press(who, held, ALONE)
    await world.run_due()
    assert t("checkin_entry.receipt.kept_private") in words_of(kept)
    entry = await only_entry(world, who)
    assert (entry.choice, entry.held, [one.shown for one in entry.words or ()]) == (Choice.ME, None, [DARK])
    assert DARK not in everywhere(world)


async def test_just_me_on_the_panel_keeps_it_private_as_well(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.GROUP, DARK)
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    kept = await choose(who, panel, "entry_who", Choice.ME.value)
    assert t("checkin_entry.receipt.kept_private") in words_of(kept)
    assert (await only_entry(world, who)).held is None


async def test_the_choice_waits_through_a_restart_and_on_todays_panel(world: World, who: MemberActor) -> None:
    held = await check_in(world, who, await asked_today(world), Choice.GROUP, DARK)
    await world.restart()
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    assert t("checkin_entry.state.held") in words_of(panel)
    assert {SHARE, TEAM, ALONE} <= set(buttons_of(panel))
    await press(who, held, SHARE)
    await world.run_due()
    assert DARK in public_words(world.group.channel("check-ins"))
    await press(who, panel, SHARE)  # pressed in both places
    await world.run_due()
    assert public_words(world.group.channel("check-ins")).count(DARK) == 1


async def test_for_just_me_help_stands_below_the_receipt_and_nobody_is_told(world: World, who: MemberActor) -> None:
    done = await check_in(world, who, await asked_today(world), Choice.ME, DARK)
    assert t("checkin_entry.receipt.kept") in words_of(done)
    assert HELP in words_of(done)
    assert SHARE not in buttons_of(done)
    await world.advance(timedelta(hours=4))
    assert who.mention not in everywhere(world)
    assert (await only_entry(world, who)).held is None


async def test_an_edit_is_looked_at_as_well(world: World, who: MemberActor) -> None:
    post = await asked_today(world)
    await check_in(world, who, post, Choice.GROUP, "a plain evening")
    held = await check_in(world, who, post, Choice.GROUP, DARK)
    assert ASK in words_of(held)
    assert DARK not in everywhere(world)
    form = await opens(who, post)
    assert filled(form)["who"] == ["group"]  # what was wished is still chosen
    await fill(who, form, Choice.GROUP, "a plain evening after all")
    await world.run_due()
    assert "after all" in public_words(world.group.channel("check-ins"))
    assert (await only_entry(world, who)).held is None


async def test_sharing_later_is_looked_at_too(world: World, who: MemberActor) -> None:
    await check_in(world, who, await asked_today(world), Choice.ME, DARK)
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    preview = await choose(who, panel, "entry_who", Choice.GROUP.value)
    assert words_of(preview).startswith(HELP)
    assert TEAM in buttons_of(preview)
    assert DARK not in everywhere(world)
    await press(who, preview, TEAM)
    await world.run_due()
    assert DARK in public_words(world.group.channel("care"))
    assert DARK not in public_words(world.group.channel("check-ins"))


async def test_deleting_what_is_held_back_leaves_nothing(world: World, who: MemberActor) -> None:
    held = await check_in(world, who, await asked_today(world), Choice.GROUP, DARK)
    panel = await who.slash(world.group.channel("lounge"), "checkin today")
    asked = await press(who, panel, t("checkin_entry.delete.button.label"))
    await press(who, asked, t("checkin_entry.delete.yes.label"))
    late = await press(who, held, SHARE)
    await world.run_due()
    assert words_of(late) == t("checkin_entry.gone")
    assert DARK not in everywhere(world)


async def test_the_real_screen_holds_back_what_is_said_plainly(world: World) -> None:
    member = world.group.members[1]
    await agree(world, member)
    held = await check_in(world, member, await asked_today(world), Choice.GROUP, "I want to kill myself tonight")
    assert ASK in words_of(held)
    assert "kill myself" not in everywhere(world)
