"""The guide in an admin's hands: from an empty server to a group that is ready."""

import discord
from simcord import InteractionResult

from bot.guilds import CHANNEL_PURPOSES, ROLE_PURPOSES
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, shown, words_of
from tests.features.setting_up import (
    bot_of,
    bot_role,
    channels_kept,
    edit_role,
    give_to_bot,
    roles_kept,
    take_from_bot,
)


async def guide(world: World) -> InteractionResult:
    return await world.group.admin.slash(world.group.channel("welcome"), "setup guide")


async def click(world: World, on: InteractionResult, label: str) -> InteractionResult:
    return await world.group.admin.click(shown(on), label=label)


async def at_channels(world: World) -> InteractionResult:
    """Open the guide and go on to the channels."""
    return await click(world, await click(world, await guide(world), "Continue"), "Continue")


async def test_a_group_is_set_up_from_nothing(bare_world: World) -> None:
    world = bare_world
    admin = world.group.admin
    panel = await guide(world)
    assert panel.ephemeral
    assert "step 1 of 4" in words_of(panel)
    await admin.select(shown(panel), ["recovery"], custom_id="ek1:setup:kind:guide")
    told = await admin.select(shown(panel), ["DE"], custom_id="ek1:setup:country:guide")
    assert "Berlin, Germany" in words_of(told)
    await admin.select(shown(panel), ["22:00-07:00"], custom_id="ek1:setup:quiet:guide")
    roles = await click(world, panel, "Continue")
    assert "step 2 of 4" in words_of(roles)
    plan = await click(world, roles, "Make the missing roles")
    assert "**Companion**" in words_of(plan)
    assert not await roles_kept(world)
    used = await click(world, plan, "Use the ones I have")
    assert words_of(used).count("<@&") == len(ROLE_PURPOSES)
    channels = await click(world, used, "Continue")
    plan = await click(world, channels, "Make the missing channels")
    assert "`care`: **private**" in words_of(plan)
    assert "care" not in world.group.guild.channels
    made = await click(world, plan, "Make them")
    assert words_of(made).count("<#") == len(CHANNEL_PURPOSES)
    check = await click(world, made, "Continue")
    assert "All is well" in words_of(check)
    assert "/learn topics" in words_of(check)
    profile = await bot_of(world).rooms.guilds.profile(world.group.guild.id)
    assert (profile.kind, profile.country, profile.timezone, profile.quiet_from) == (
        "recovery", "DE", "Europe/Berlin", 1320,
    )  # fmt: skip


async def test_what_was_made_is_private_where_it_has_to_be(bare_world: World) -> None:
    world = bare_world
    plan = await click(world, await click(world, await guide(world), "Continue"), "Make the missing roles")
    used = await click(world, plan, "Use the ones I have")
    plan = await click(world, await click(world, used, "Continue"), "Make the missing channels")
    await click(world, plan, "Make them")
    guild = bot_of(world).get_guild(world.group.guild.id)
    assert guild is not None
    kept = {purpose: guild.get_channel(one) for purpose, one in (await channels_kept(world)).items()}
    sees: dict[str, dict[str, bool]] = {}
    for purpose, channel in kept.items():
        assert isinstance(channel, discord.TextChannel)
        sees[purpose] = {
            role: channel.permissions_for(guild.get_role(one.id) or guild.default_role).view_channel
            for role, one in world.group.roles.items()
        }
        sees[purpose]["everyone"] = channel.permissions_for(guild.default_role).view_channel
        assert channel.permissions_for(guild.me).view_channel
    outside = {"companion": False, "member": False, "family": False, "everyone": False}
    assert sees["care"] == {"moderator": True, "facilitator": True, **outside}
    assert sees["mod-log"] == {"moderator": True, "facilitator": False, **outside}
    assert all(all(seen.values()) for purpose, seen in sees.items() if purpose not in ("care", "mod-log"))
    quiet = kept["quiet-rooms"]
    assert quiet is not None
    everyone = quiet.permissions_for(guild.default_role)
    assert everyone.send_messages_in_threads
    assert not everyone.send_messages
    assert not everyone.create_private_threads
    assert not everyone.create_public_threads


async def test_a_restart_in_the_middle_goes_on_where_it_was(bare_world: World) -> None:
    world = bare_world
    panel = await at_channels(world)
    await world.restart()
    again = await guide(world)
    assert "step 3 of 4" in words_of(again)
    assert "Welcome back" in words_of(again)
    old = await click(world, panel, "Make the missing channels")
    made = await click(world, old, "Make them")
    assert words_of(made).count("<#") == len(CHANNEL_PURPOSES)
    await world.restart()
    later = await click(world, again, "Make the missing channels")
    assert "Nothing to make" in words_of(later)


async def test_two_panels_make_everything_once(bare_world: World) -> None:
    world = bare_world
    first = await click(world, await at_channels(world), "Make the missing channels")
    second = await click(world, await guide(world), "Make the missing channels")
    await click(world, first, "Make them")
    before = dict(world.group.guild.channels)
    said = await click(world, second, "Make them")
    assert "Nothing to make" in words_of(said)
    assert dict(world.group.guild.channels).keys() == before.keys()
    posted = [one for one in world.env.http_requests if one.method == "POST" and one.path.endswith("/channels")]
    assert len(posted) == len(CHANNEL_PURPOSES)


async def test_a_missing_permission_is_named_with_how_to_mend_it(bare_world: World) -> None:
    world = bare_world
    await take_from_bot(world, "manage_channels", "manage_roles")
    panel = await guide(world)
    roles = await click(world, panel, "Continue")
    stopped = await click(world, await click(world, roles, "Make the missing roles"), "Make them")
    assert "**Manage Roles**" in words_of(stopped)
    assert "Server Settings" in words_of(stopped)
    assert "Invite me again" in buttons_of(stopped)
    (link,) = [one["url"] for one in components_of(stopped) if one.get("url")]
    asked = discord.Permissions(int(link.split("permissions=")[1].split("&")[0]))
    assert asked.manage_roles
    assert not asked.administrator
    channels = await click(world, await click(world, stopped, "Back"), "Continue")
    stopped = await click(world, await click(world, channels, "Make the missing channels"), "Make them")
    assert "**Manage Channels**" in words_of(stopped)
    assert not await channels_kept(world)
    await give_to_bot(world, "manage_channels")
    made = await click(world, stopped, "Make them")
    assert words_of(made).count("<#") == len(CHANNEL_PURPOSES)


async def test_discord_refusing_half_way_keeps_what_is_made(bare_world: World) -> None:
    world = bare_world
    plan = await click(world, await at_channels(world), "Make the missing channels")
    world.env.inject_error("POST", "/guilds/*/channels", status=403, code=50013, message="Missing Permissions")
    stopped = await click(world, plan, "Make them")
    assert "Discord didn't let me go on" in words_of(stopped)
    made = await click(world, stopped, "Make them")
    assert words_of(made).count("<#") == len(CHANNEL_PURPOSES)


async def test_a_server_that_is_full_is_told_so(bare_world: World) -> None:
    world = bare_world
    plan = await click(world, await at_channels(world), "Make the missing channels")
    world.env.inject_error("POST", "/guilds/*/channels", status=400, code=30013, message="Maximum reached")
    assert "as many as Discord allows" in words_of(await click(world, plan, "Make them"))


async def test_the_moderator_role_is_given_its_permission(bare_world: World) -> None:
    world = bare_world
    await roles_made(world)
    moderator = (await roles_kept(world))["moderator"]
    panel = await click(world, await guide(world), "What can be done")
    assert "Timeout Members" in words_of(panel)
    steps = await click(world, panel, "Show me the other way")
    assert "Integrations" in words_of(steps)
    done = await click(world, steps, "Give it to the role")
    assert "has Timeout Members now" in words_of(done)
    assert "What can be done" not in buttons_of(done)
    role = world.env.backend.get_role(world.group.guild.id, moderator)
    assert discord.Permissions(role.permissions).moderate_members


async def test_a_role_above_the_bot_is_not_touched_but_explained(bare_world: World) -> None:
    world = bare_world
    await roles_made(world)
    moderator = (await roles_kept(world))["moderator"]
    world.env.backend.reorder_roles(
        world.group.guild.id, [{"id": moderator, "position": 20}, {"id": bot_role(world), "position": 1}]
    )
    await world.env.settle()
    panel = await click(world, await click(world, await guide(world), "What can be done"), "Give it to the role")
    assert "stands above my own role" in words_of(panel)
    role = world.env.backend.get_role(world.group.guild.id, moderator)
    assert not discord.Permissions(role.permissions).moderate_members


async def test_the_bot_is_no_way_to_a_power_one_does_not_hold(bare_world: World) -> None:
    world = bare_world
    await roles_made(world)
    helper = world.group.facilitators[0]
    manager = world.group.guild.create_role("Manager", permissions=discord.Permissions(manage_guild=True))
    stored = world.env.backend.get_guild(world.group.guild.id).members[helper.id]
    world.env.backend.edit_member(world.group.guild.id, helper.id, {"role_ids": [*stored.role_ids, manager.id]})
    await world.env.settle()
    panel = await helper.slash(world.group.channel("welcome"), "setup guide")
    panel = await helper.click(shown(panel), label="What can be done")
    refused = await helper.click(shown(panel), label="Give it to the role")
    assert "you need **Manage Roles**" in words_of(refused)
    role = world.env.backend.get_role(world.group.guild.id, (await roles_kept(world))["moderator"])
    assert not discord.Permissions(role.permissions).moderate_members


async def roles_made(world: World) -> None:
    """Make roles of the bot's own, without any permission, and leave the guide at that step."""
    plan = await click(world, await click(world, await guide(world), "Continue"), "Make the missing roles")
    await click(world, plan, "Make them")


async def test_a_place_is_typed_in_many_ways(bare_world: World) -> None:
    world = bare_world
    admin = world.group.admin
    panel = await guide(world)
    form = await click(world, panel, "Another time zone")
    several = await admin.submit_modal(form, {"words": "eastern"})
    assert "more than one time zone" in words_of(several)
    kept = await admin.select(shown(panel), ["America/Toronto"], custom_id="ek1:setup:zone:guide")
    assert "Toronto, Canada" in words_of(kept)
    form = await click(world, panel, "Another time zone")
    offset = await admin.submit_modal(form, {"words": "UTC+2"})
    assert "summer time" in words_of(offset)
    form = await click(world, panel, "Another time zone")
    assert "Berlin, Germany" in words_of(await admin.submit_modal(form, {"words": "munich"}))
    form = await click(world, panel, "Another country")
    assert "Japan" in words_of(await admin.submit_modal(form, {"words": "japan"}))
    form = await click(world, panel, "Other quiet hours")
    assert "21:30 to 06:45" in words_of(await admin.submit_modal(form, {"words": "9:30 pm to 6:45"}))
    form = await click(world, panel, "Another time zone")
    unknown = await admin.submit_modal(form, {"words": "qqqqq"})
    assert "I don't know that place" in words_of(unknown)


async def test_a_form_survives_a_restart_and_counts_once(bare_world: World) -> None:
    world = bare_world
    admin = world.group.admin
    panel = await guide(world)
    form = await click(world, panel, "Another country")
    await world.restart()
    kept = await admin.submit_modal(form, {"words": "ireland"})
    assert "Dublin, Ireland" in words_of(kept)
    await admin.select(shown(panel), ["DE"], custom_id="ek1:setup:country:guide")
    form._interaction.modal_consumed = False  # Discord and an impatient thumb can deliver a form twice
    await admin.submit_modal(form, {"words": "ireland"})
    assert (await bot_of(world).rooms.guilds.profile(world.group.guild.id)).country == "DE"


async def test_channels_and_roles_are_picked_in_the_guide(bare_world: World) -> None:
    world = bare_world
    admin = world.group.admin
    roles = await click(world, await guide(world), "Continue")
    picked = await admin.select(shown(roles), [world.group.roles["member"]], custom_id="ek1:setup:role:member")
    assert "now stands for members" in words_of(picked)
    await edit_role(world, world.group.roles["family"].id, permissions=discord.Permissions(administrator=True).value)
    refused = await admin.select(shown(roles), [world.group.roles["family"]], custom_id="ek1:setup:role:family")
    assert "pick a role without such permissions" in words_of(refused)
    channels = await click(world, roles, "Continue")
    warned = await admin.select(shown(channels), [world.group.channel("lounge")], custom_id="ek1:setup:channel:care")
    assert "everybody can see" in words_of(warned)
    assert (await channels_kept(world))["care"] == world.group.channel("lounge").id
