"""Every `/setup` command typed: by the admin, by everybody else, with good input and bad."""

import discord
import pytest
from simcord import ChannelHandle, InteractionResult, OptionError
from simcord.backend.errors import SetupError
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.contracts import GuildReset
from rehearsal.world import World
from tests.features.seeing import buttons_of, public_words, shown, words_of
from tests.features.setting_up import (
    bot_of,
    bot_role,
    channels_kept,
    delete_channel,
    delete_role,
    deny_bot,
    edit_role,
    roles_kept,
    take_from_bot,
)

COMMANDS = ("guide", "show", "check", "group", "retention", "pause", "reset")


async def setup(world: World, command: str, **options: object) -> InteractionResult:
    return await world.group.admin.slash(world.group.channel("welcome"), f"setup {command}", **options)


async def click(world: World, on: InteractionResult, label: str) -> InteractionResult:
    return await world.group.admin.click(shown(on), label=label)


async def test_only_admins_are_shown_the_command(world: World) -> None:
    here = world.group.channel("welcome")
    assert "setup guide" in world.group.admin.available_commands(here)
    for person in (world.group.moderator, world.group.facilitators[0], world.group.members[0], world.group.newcomer):
        assert not [name for name in person.available_commands(here) if name.startswith("setup")]
        with pytest.raises(SetupError):
            await person.slash(here, "setup show")


async def test_somebody_let_in_by_an_integration_setting_is_refused_all_the_same(world: World) -> None:
    moderator = world.group.moderator
    command = next(one for one in await bot_of(world).tree.fetch_commands() if one.name == "setup")
    world.group.guild.set_command_permissions(command.id, {moderator: True})
    for name in COMMANDS:
        refused = await moderator.slash(world.group.channel("welcome"), f"setup {name}")
        assert refused.ephemeral
        assert "for people who manage this server" in words_of(refused)
    profile = await bot_of(world).rooms.guilds.profile(world.group.guild.id)
    assert profile.paused_since is None


async def test_everything_is_answered_privately(world: World) -> None:
    before = public_words(world.group.channel("welcome"))
    for name in COMMANDS:
        result = await setup(world, name)
        assert result.ephemeral
        assert words_of(result)
    assert public_words(world.group.channel("welcome")) == before


async def test_the_group_is_told_by_options(world: World) -> None:
    told = await setup(
        world, "group", timezone="Europe/Berlin", country="DE", kind="family", quiet_hours="10 pm to 7 am"
    )
    words = words_of(told)
    for part in ("Berlin, Germany", "**Country:** Germany", "Family and friends", "22:00 to 07:00"):
        assert part in words
    refused = await setup(world, "group", quiet_hours="10-7")
    assert "morning or evening" in words_of(refused)
    assert "22:00 to 07:00" in words_of(await setup(world, "group"))


async def test_zones_and_countries_are_suggested(world: World) -> None:
    admin, here = world.group.admin, world.group.channel("welcome")
    zones = await admin.autocomplete(here, "setup group", "timezone", "berl")
    assert zones[0]["value"] == "Europe/Berlin"
    assert "Germany" in zones[0]["name"]
    countries = await admin.autocomplete(here, "setup group", "country", "deutsch")
    assert countries == [{"name": "Germany", "value": "DE"}] or countries[0]["value"] == "DE"
    assert len(await admin.autocomplete(here, "setup group", "timezone", "")) == 25


async def test_a_channel_is_chosen_and_looked_at(world: World) -> None:
    lounge = world.group.channel("lounge")
    well = await setup(world, "channel", purpose="library", channel=lounge)
    assert "I can do all I need there" in words_of(well)
    assert (await channels_kept(world))["library"] == lounge.id
    for other in ("care", "quiet-rooms"):
        refused = await setup(world, "channel", purpose=other, channel=lounge)
        assert "serves nothing else" in words_of(refused)
    welcome = world.group.channel("welcome")
    warned = await setup(world, "channel", purpose="care", channel=welcome)
    assert "everybody can see" in words_of(warned)
    assert (await channels_kept(world))["care"] == welcome.id


async def test_voice_announcement_and_category_are_refused(world: World) -> None:
    """Discord itself takes text and announcement channels alone; what remains is ours to refuse."""
    guild = world.group.guild
    kept = await channels_kept(world)
    voice = guild.create_voice_channel("Talk")
    news = guild.create_news_channel("news")
    category = guild.create_category("Rooms")
    await world.env.settle()
    for channel in (voice, category):
        with pytest.raises(OptionError):
            await setup(world, "channel", purpose="sessions", channel=channel)
    refused = await setup(world, "channel", purpose="care", channel=news)
    assert "announcement channel" in words_of(refused)
    assert await channels_kept(world) == kept


async def test_a_role_is_chosen_and_looked_at(world: World) -> None:
    guild = world.group.guild
    refused = await setup(world, "role", purpose="member", role=guild.default_role)
    assert "@everyone" in words_of(refused)
    managed = next(role for role in guild.roles.values() if role.id == bot_role(world))
    assert "belongs to a bot" in words_of(await setup(world, "role", purpose="companion", role=managed))
    boss = guild.create_role("Boss", permissions=discord.Permissions(ban_members=True))
    await world.env.settle()
    assert "without such permissions" in words_of(await setup(world, "role", purpose="member", role=boss))
    team = guild.create_role("Team")
    await world.env.settle()
    chosen = await setup(world, "role", purpose="moderator", role=team)
    assert "now stands for moderators" in words_of(chosen)
    assert "What can be done" in buttons_of(chosen)
    assert (await roles_kept(world))["moderator"] == team.id


async def test_a_role_above_the_bot_is_explained(world: World) -> None:
    family = world.group.roles["family"]
    world.env.backend.reorder_roles(
        world.group.guild.id, [{"id": family.id, "position": 20}, {"id": bot_role(world), "position": 1}]
    )
    await world.env.settle()
    chosen = await setup(world, "role", purpose="family", role=family)
    assert "drag **Evenkeel** above it" in words_of(chosen)
    assert "drag **Evenkeel** above it" in words_of(await setup(world, "check"))


async def test_the_check_names_channel_permission_and_mending(world: World) -> None:
    well = await setup(world, "check")
    assert "To mend" not in words_of(well)
    await take_from_bot(world, "manage_channels")
    await deny_bot(world, world.group.channel("check-ins"), "create_public_threads")
    ill = words_of(await setup(world, "check"))
    assert f"<#{world.group.channel('check-ins').id}>: I lack **Create Public Threads**" in ill
    assert "In the whole server I lack **Manage Channels**" in ill
    assert f"<#{world.group.channel('library').id}>: I lack" not in ill


async def test_a_blind_team_is_let_in_by_one_press(world: World) -> None:
    extra = world.group.guild.create_role("Hosts")
    await world.env.settle()
    await setup(world, "role", purpose="facilitator", role=extra)
    panel = await setup(world, "check")
    assert f"<@&{extra.id}> can't see <#{world.group.channel('care').id}>" in words_of(panel)
    mended = await click(world, panel, "Let them in")
    assert "they can see it now" in words_of(mended)
    assert "can't see" not in words_of(mended)
    await take_from_bot(world, "manage_roles")
    other = world.group.guild.create_role("Hosts two")
    await world.env.settle()
    await setup(world, "role", purpose="facilitator", role=other)
    refused = await click(world, await setup(world, "check"), "Let them in")
    assert "I lack **Manage Roles**" in words_of(refused)


_SEE = discord.Permissions(view_channel=True).value


async def let_see(
    world: World, channel: ChannelHandle, who: int, *, person: bool = False, allow: int = _SEE, deny: int = 0
) -> None:
    """Set what a role or a person may do in one channel; seeing it, unless told otherwise."""
    kind = OverwriteType.MEMBER if person else OverwriteType.ROLE
    world.env.backend.set_overwrite(channel.id, Overwrite(who, kind, allow, deny))
    await world.env.settle()


async def test_strangers_who_see_a_private_channel_are_named(world: World) -> None:
    guild, care = world.group.guild, world.group.channel("care")
    role, boss = (
        guild.create_role("Guests"),
        guild.create_role("Boss", permissions=discord.Permissions(administrator=True)),
    )
    stranger, moderator, owner = world.group.members[0], world.group.moderator, world.group.admin
    await world.env.settle()
    for let_in in (role, boss):
        await let_see(world, care, let_in.id)
    await let_see(world, care, bot_role(world))
    gone = 4242
    for person in (stranger.id, moderator.id, owner.id, gone):
        await let_see(world, care, person, person=True)
    words = words_of(await setup(world, "check"))
    assert f"<#{care.id}> is for the team alone, but <@&{role.id}>, <@{stranger.id}> can see it" in words
    assert "is for the team alone" not in words.replace(f"<#{care.id}> is for the team alone", "")


async def test_a_stranger_is_named_while_discord_does_not_answer_for_them(world: World) -> None:
    stranger, log = world.group.members[0], world.group.channel("mod-log")
    await let_see(world, log, stranger.id, person=True)
    world.env.inject_error("GET", "/guilds/*/members/*", status=403, code=50001, message="Missing Access")
    assert f"<#{log.id}> is for the team alone, but <@{stranger.id}> can see it" in words_of(
        await setup(world, "check")
    )


async def test_a_gated_server_is_well(world: World) -> None:
    guild = world.group.guild
    quiet = world.group.channel("quiet-rooms")
    await edit_role(world, guild.id, permissions=0)
    rooms = discord.Permissions(view_channel=True, read_message_history=True, send_messages_in_threads=True).value
    writing = discord.Permissions(
        send_messages=True, create_public_threads=True, create_private_threads=True, view_channel=True
    ).value
    await let_see(world, quiet, guild.id, allow=0, deny=writing)
    assert "so people have to see it" in words_of(await setup(world, "check"))
    await let_see(world, quiet, world.group.roles["member"].id, allow=rooms)
    assert f"<#{quiet.id}> holds private threads" not in words_of(await setup(world, "check"))


async def test_a_deleted_channel_is_forgotten_and_the_team_is_told(world: World) -> None:
    await delete_channel(world, world.group.channel("library"))
    assert "library" not in await channels_kept(world)
    await bot_of(world).jobs.run_due()
    await world.env.settle()
    told = public_words(world.group.channel("mod-log"))
    assert told.count("The channel for **the library** was deleted") == 1
    assert "Not chosen yet:** channels for the library" in words_of(await setup(world, "check"))


async def test_a_deleted_log_is_told_in_care(world: World) -> None:
    await delete_channel(world, world.group.channel("mod-log"))
    await bot_of(world).jobs.run_due()
    await world.env.settle()
    assert "the moderators' log" in public_words(world.group.channel("care"))


async def test_a_deleted_role_is_forgotten_and_the_team_is_told(world: World) -> None:
    await delete_role(world, world.group.roles["companion"].id)
    assert "companion" not in await roles_kept(world)
    await bot_of(world).jobs.run_due()
    await world.env.settle()
    assert "The role for **companions** was deleted" in public_words(world.group.channel("mod-log"))


async def test_a_loss_mended_before_the_word_went_out_is_not_told(world: World) -> None:
    await delete_channel(world, world.group.channel("library"))
    await setup(world, "channel", purpose="library", channel=world.group.channel("lounge"))
    await bot_of(world).jobs.run_due()
    await world.env.settle()
    assert "was deleted" not in public_words(world.group.channel("mod-log"))


async def test_what_was_deleted_while_away_is_seen_in_show_and_check(world: World) -> None:
    async with bot_of(world).rooms.database.write() as writer:
        await bot_of(world).rooms.guilds.set_channel(writer, world.group.guild.id, "library", 4242)
        await bot_of(world).rooms.guilds.set_role(writer, world.group.guild.id, "family", 4343)
    shown_now = words_of(await setup(world, "show"))
    assert shown_now.count("gone; please choose another") == 2
    checked = words_of(await setup(world, "check"))
    assert "The channel for the library is gone" in checked
    assert "The role for family and friends is gone" in checked


async def test_times_are_shortened_after_asking(world: World) -> None:
    admin = world.group.admin
    panel = await setup(world, "retention")
    asked = await admin.select(shown(panel), ["3"], custom_id="ek1:setup:keep:check-ins")
    assert "can't be brought back" in words_of(asked)
    left = await click(world, asked, "Leave it as it is")
    assert "**Check-ins:** 12 months" in words_of(left)
    asked = await admin.select(shown(left), ["3"], custom_id="ek1:setup:keep:check-ins")
    kept = await click(world, asked, "Yes, keep them for that long")
    assert "Check-ins: kept for 3 months" in words_of(kept)
    assert (await bot_of(world).rooms.guilds.retention(world.group.guild.id)) == {"check-ins": 3}


async def test_the_bot_rests_and_wakes(world: World) -> None:
    rest = await setup(world, "pause", until="tomorrow 9 am")
    assert "<t:" in words_of(rest)
    assert "Resting" in words_of(await setup(world, "show"))
    assert "awake again" in words_of(await setup(world, "pause"))
    rest = await setup(world, "pause")
    assert "until you wake me" in words_of(rest)
    await world.restart()
    assert "awake again" in words_of(await click(world, rest, "Wake me now"))
    asked = await setup(world, "pause", until="04/05")
    assert "two ways" in words_of(asked)
    assert "Resting" not in words_of(await setup(world, "show"))


async def test_a_reset_asks_for_the_name_and_leaves_the_channels(world: World) -> None:
    admin = world.group.admin
    resets: list[GuildReset] = []

    async def hear(event: GuildReset) -> None:
        resets.append(event)

    bot_of(world).rooms.events.listen(GuildReset, hear)
    panel = await setup(world, "reset")
    assert "This stays" in words_of(panel)
    form = await click(world, panel, "Erase the set-up")
    wrong = await admin.submit_modal(form, {"name": "something else"})
    assert "nothing was erased" in words_of(wrong)
    form = await click(world, panel, "Erase the set-up")
    done = await admin.submit_modal(form, {"name": "harbour lights"})
    assert "The set-up is erased" in words_of(done)
    form._interaction.modal_consumed = False  # Discord and an impatient thumb can deliver a form twice
    await admin.submit_modal(form, {"name": "harbour lights"})
    assert resets == [GuildReset(world.group.guild.id)]
    assert await channels_kept(world) == await roles_kept(world) == {}
    assert "care" in world.group.guild.channels
    plan = await click(world, await to_channels(world), "Make the missing channels")
    assert "I made these before" in words_of(plan)
    used = await click(world, plan, "Use them again")
    assert words_of(used).count("<#") == 7


async def to_channels(world: World) -> InteractionResult:
    panel = await setup(world, "guide")
    return await click(world, await click(world, panel, "Continue"), "Continue")


async def test_keeping_everything_is_one_press(world: World) -> None:
    kept = await click(world, await setup(world, "reset"), "Keep everything")
    assert "Nothing was erased" in words_of(kept)
    assert len(await channels_kept(world)) == 7


async def test_nothing_crosses_to_another_server(world: World) -> None:
    await setup(world, "group", kind="family", timezone="Asia/Tokyo")
    await setup(world, "pause")
    guilds = bot_of(world).rooms.guilds
    other = world.other.guild.id
    assert (await guilds.profile(other)).kind is None
    assert not (await guilds.profile(other)).rests(bot_of(world).rooms.clock.now())
    assert await guilds.channels(other) == await guilds.roles(other) == {}


async def test_a_deleted_channel_of_a_role_edit_is_seen_at_once(world: World) -> None:
    await edit_role(world, world.group.roles["member"].id, permissions=discord.Permissions(administrator=True).value)
    assert "without such permissions" in words_of(await setup(world, "check"))


async def test_the_bot_being_removed_is_kept(world: World) -> None:
    bot, other = bot_of(world), world.other.guild.id
    async with bot.rooms.database.write() as writer:
        await bot.rooms.guilds.set_profile(writer, other, kind="family")
    world.env.backend.remove_guild(other)
    await world.env.settle()
    async with bot.rooms.database.read() as reader:
        rows = await reader.fetch_all("SELECT guild_id FROM guilds WHERE left_at IS NOT NULL")
    assert [row["guild_id"] for row in rows] == [other]
