"""`/privacy` as people use it: the policy, a copy of everything, erasing, in a server and in direct messages."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from simcord import InteractionResult, MemberActor

from bot.client import Evenkeel
from bot.settings import Settings
from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, words_of

TABLES = ("members", "member_avoids", "consents")
CHOOSE_SERVER = "ek1:privacy:{}_in:"


async def settle_in(bot: Evenkeel, guild_id: int, user_id: int, other_id: int) -> None:
    """Give somebody everything that can be kept about them."""
    rooms = bot.rooms
    async with rooms.database.write() as writer:
        await rooms.consents.agree(writer, guild_id, user_id)
        await rooms.members.set(
            writer, guild_id, user_id, timezone="Europe/Berlin", country="DE", quiet_from=1320, quiet_to=420,
            words="tapering", default_audience="team", companion=1, reminders=0,
        )  # fmt: skip
        await rooms.members.set_break(writer, guild_id, user_id, resting=True)
        await rooms.members.avoid(writer, guild_id, user_id, other_id)


async def rows(bot: Evenkeel, guild_id: int, user_id: int) -> int:
    async with bot.rooms.database.read() as reader:
        counts = [
            await reader.fetch_value(
                f"SELECT COUNT(*) FROM {table} WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
            )
            for table in TABLES
        ]
    return sum(counts)


def files_of(result: InteractionResult, world: World) -> dict[str, bytes]:
    """The files of an answer, by their last part; each must be pointed at by a component, or Discord hides it."""
    shown = result.followups[-1] if result.followups else result.response
    assert shown is not None
    pointed = [one for one in components_of(result) if one["type"] == 13]
    assert len(pointed) == len(shown.attachments)
    found = {one.filename.rsplit(".", 1)[-1]: world.env.backend.cdn.get(one.url) for one in shown.attachments}
    return {kind: content for kind, content in found.items() if content is not None}


async def ask(world: World, who: MemberActor, command: str) -> InteractionResult:
    return await who.slash(world.group.channel("lounge"), f"privacy {command}")


async def choose_and_type(
    who: Any, panel: InteractionResult, guild_id: int, choice: str, word: str = "erase"
) -> InteractionResult:
    form = await who.select(panel.response, [choice], custom_id=f"ek1:privacy:choose:{guild_id}")
    assert form.modal is not None
    result: InteractionResult = await who.submit_modal(form, {"word": word})
    return result


async def test_the_policy_is_short_first_and_more_by_buttons(world: World) -> None:
    finch = world.group.newcomer
    shown = await ask(world, finch, "policy")
    assert shown.ephemeral
    assert len(words_of(shown)) < 900
    for label in ("What is kept", "For how long", "Who sees it", "What I can't promise"):
        page = await finch.click(shown.response, label=label)  # type: ignore[arg-type]
        assert "Version" in words_of(page)
        assert label not in buttons_of(page)
        assert len(words_of(page)) < 2000
        shown = await finch.click(shown.response, label="In short")  # type: ignore[arg-type]
    assert {"Copy of my data", "Erase my data"} <= set(buttons_of(shown))


async def test_the_policy_turns_its_pages_after_a_restart_and_in_a_direct_message(world: World) -> None:
    finch = world.group.newcomer.user
    shown = await finch.slash("privacy policy")
    await world.restart()
    assert "30 days later" in words_of(await finch.click(shown.response, label="For how long"))


async def test_a_copy_holds_everything_of_this_server_and_nothing_else(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    here, there = world.group.guild.id, world.other.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    await settle_in(bot, there, robin.id, 4242)
    await settle_in(bot, here, wren.id, robin.id)
    given = await ask(world, robin, "export")
    assert given.ephemeral
    files = files_of(given, world)
    copy = json.loads(files["json"])
    assert copy["your_id"] == str(robin.id)
    assert copy["server_id"] == str(here)
    data = copy["data"]["settings"]
    assert [entry["person"] for entry in data["avoid_list"]] == [str(wren.id)]
    assert data["consent"]["version"] == bot.rooms.consents.version
    settings = data["settings"]
    assert settings["words"] == "tapering"
    assert (settings["timezone"], settings["country"], settings["default_audience"]) == ("Europe/Berlin", "DE", "team")
    assert (settings["quiet_from"], settings["quiet_to"]) == ("22:00", "07:00")
    assert (settings["companion"], settings["reminders"]) == (True, False)
    assert settings["break_since"]
    assert "4242" not in files["json"].decode()
    lines = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert ["settings", "settings.words", "tapering"] in lines
    assert ["settings", "avoid_list.1.person", str(wren.id)] in lines


# Where the copy calls a column by a better name than the table does.
COLUMNS = {
    "words_sealed": "words", "created_at": "since",
    "updated_at": "changed", "left_at": "left", "other_id": "person", "policy_version": "version",
}  # fmt: skip


async def test_the_copy_has_every_column_that_is_kept(world: World, bot: Evenkeel) -> None:
    """A column that is added to these tables has to be added to the copy."""
    robin, wren = world.group.members[:2]
    await settle_in(bot, world.group.guild.id, robin.id, wren.id)
    copied = json.loads(files_of(await ask(world, robin, "export"), world)["json"])["data"]["settings"]
    parts = {"members": copied["settings"], "member_avoids": copied["avoid_list"][0], "consents": copied["consent"]}
    for table in TABLES:
        async with bot.rooms.database.read() as reader:
            row = await reader.fetch_one(f"SELECT * FROM {table}")
        assert row is not None
        columns = set(row.keys()) - {"guild_id", "user_id"}
        assert {COLUMNS.get(column, column) for column in columns} == parts[table].keys()


async def test_nothing_kept_is_said_plainly(world: World) -> None:
    finch = world.group.newcomer
    for command in ("export", "erase"):
        shown = await ask(world, finch, command)
        assert "I keep nothing about you" in words_of(shown)
        assert buttons_of(shown) == []


async def test_erasing_everything_takes_the_word_and_leaves_no_byte(
    world: World, bot: Evenkeel, settings: Settings
) -> None:
    robin, wren = world.group.members[:2]
    here, there = world.group.guild.id, world.other.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    await settle_in(bot, there, robin.id, wren.id)
    await settle_in(bot, here, wren.id, robin.id)
    folder = Path(settings.database_url.removeprefix("sqlite:///")).parent
    async with bot.rooms.database.read() as reader:
        canary = await reader.fetch_value(
            "SELECT words_sealed FROM members WHERE guild_id = $1 AND user_id = $2", here, robin.id
        )

    def holders() -> list[str]:
        return [file.name for file in folder.glob("evenkeel.db*") if canary.encode() in file.read_bytes()]

    assert holders()  # the test can fail
    panel = await ask(world, robin, "erase")
    assert panel.ephemeral
    mistyped = await choose_and_type(robin, panel, here, "all", "yes please")
    assert words_of(mistyped) == t("privacy.erase.mistyped")
    assert await rows(bot, here, robin.id) == 3

    done = await choose_and_type(robin, panel, here, "all")
    words = words_of(done)
    assert "It is erased" in words
    assert t("privacy.owner.settings.choice") in words
    assert t("privacy.receipt.scrubbed") in words
    assert "within 31 days" in words  # the safety copies
    assert holders() == []
    assert await rows(bot, here, robin.id) == 0
    assert await rows(bot, there, robin.id) == 3
    assert await rows(bot, here, wren.id) == 3
    # From here it is as at the first time: consent is asked for anew.
    asked = await robin.slash(world.group.channel("lounge"), "me country", country="DE")
    assert t("privacy.consent.agree.label") in buttons_of(asked)


async def test_a_form_sent_twice_counts_once(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    panel = await ask(world, robin, "erase")
    form = await robin.select(panel.response, ["all"], custom_id=f"ek1:privacy:choose:{here}")  # type: ignore[arg-type]
    await robin.submit_modal(form, {"word": "erase"})
    await settle_in(bot, here, robin.id, wren.id)
    form._interaction.modal_consumed = False  # Discord and an impatient thumb can deliver a form twice
    again = await robin.submit_modal(form, {"word": "erase"})
    assert words_of(again) == t("privacy.receipt.repeated")
    assert await rows(bot, here, robin.id) == 3


async def test_erasing_goes_on_after_a_restart(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    panel = await ask(world, robin, "erase")
    await world.restart()
    form = await robin.select(panel.response, ["settings"], custom_id=f"ek1:privacy:choose:{here}")  # type: ignore[arg-type]
    await world.restart()
    done = await robin.submit_modal(form, {"word": "ERASE"})
    assert "It is erased" in words_of(done)
    fresh = world.bot
    assert isinstance(fresh, Evenkeel)
    assert await rows(fresh, here, robin.id) == 0


@pytest.mark.parametrize("banned", [False, True])
async def test_who_left_or_was_banned_can_copy_and_erase_by_direct_message(
    world: World, bot: Evenkeel, banned: bool
) -> None:
    robin, wren = world.group.members[:2]
    here, there = world.group.guild.id, world.other.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    await settle_in(bot, there, robin.id, wren.id)
    if banned:
        world.env.backend.apply_ban(here, robin.id, None)
    else:
        world.group.guild.remove_member(robin)
    await world.env.settle()
    me = robin.user

    which = await me.slash("privacy export")
    (menu,) = (one for one in components_of(which) if one["type"] == 3)
    assert {option["label"] for option in menu["options"]} == {"Harbour Lights", "Lantern Street"}
    given = await me.select(which.response, [str(here)], custom_id=CHOOSE_SERVER.format("export"))
    assert str(wren.id) in files_of(given, world)["json"].decode()

    which = await me.slash("privacy erase")
    panel = await me.select(which.response, [str(here)], custom_id=CHOOSE_SERVER.format("erase"))
    done = await choose_and_type(me, panel, here, "all")
    assert "Gone from Harbour Lights" in words_of(done)
    assert await rows(bot, here, robin.id) == 0
    assert await rows(bot, there, robin.id) == 3


async def test_a_direct_message_from_somebody_unknown(world: World) -> None:
    nobody = world.env.create_user("nobody")
    for command in ("export", "erase"):
        assert words_of(await nobody.slash(f"privacy {command}")) == t("privacy.where.none")


async def test_a_server_that_removed_the_bot_can_still_be_chosen(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    await settle_in(bot, 4 << 22, robin.id, 1)
    which = await robin.user.slash("privacy erase")
    (menu,) = (one for one in components_of(which) if one["type"] == 3)
    assert [option["label"] for option in menu["options"]] == [t("privacy.where.gone", id=4 << 22)]
    panel = await robin.user.select(which.response, [str(4 << 22)], custom_id=CHOOSE_SERVER.format("erase"))
    await choose_and_type(robin.user, panel, 4 << 22, "all")
    assert await rows(bot, 4 << 22, robin.id) == 0


async def test_many_servers_come_in_pages(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    for number in range(1, 31):
        await settle_in(bot, number << 22, robin.id, 1)
    which = await robin.user.slash("privacy export")
    more = await robin.user.click(which.response, label=t("privacy.where.more.label"))
    (menu,) = (one for one in components_of(more) if one["type"] == 3)
    assert len(menu["options"]) == 5
    assert buttons_of(more) == []


async def test_closed_direct_messages_change_nothing(world: World, bot: Evenkeel) -> None:
    """Nothing of this is ever sent as a direct message of the bot's own."""
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, robin.id, wren.id)
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, message="closed", times=None)
    assert files_of(await ask(world, robin, "export"), world).keys() == {"json", "csv"}
    done = await choose_and_type(robin, await ask(world, robin, "erase"), here, "all")
    assert "It is erased" in words_of(done)


async def test_a_post_that_cannot_be_deleted_is_named(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    shown = await robin.slash(world.group.channel("lounge"), "sos")
    await robin.click(shown.response, label=t("care.now.team.label"))  # type: ignore[arg-type]
    await bot.jobs.run_due()
    await world.env.settle()
    care = world.group.channel("care")
    card = care.last_message
    assert card is not None
    world.env.inject_error("DELETE", f"/channels/{care.id}/messages/*", status=403, code=50013, message="no")
    done = await choose_and_type(robin, await ask(world, robin, "erase"), world.group.guild.id, "all")
    words = words_of(done)
    assert t("privacy.receipt.stuck") in words
    assert f"https://discord.com/channels/{world.group.guild.id}/{care.id}/{card.id}" in words


async def test_a_post_that_can_be_deleted_is_gone(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    shown = await robin.slash(world.group.channel("lounge"), "sos")
    await robin.click(shown.response, label=t("care.now.team.label"))  # type: ignore[arg-type]
    await bot.jobs.run_due()
    await world.env.settle()
    care = world.group.channel("care")
    assert care.last_message is not None
    done = await choose_and_type(robin, await ask(world, robin, "erase"), world.group.guild.id, "care")
    assert t("privacy.receipt.all_posts", count=1) in words_of(done)
    assert care.last_message is None


async def test_a_post_that_discord_keeps_for_now_goes_a_little_later(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    shown = await robin.slash(world.group.channel("lounge"), "sos")
    await robin.click(shown.response, label=t("care.now.team.label"))  # type: ignore[arg-type]
    await bot.jobs.run_due()
    await world.env.settle()
    care = world.group.channel("care")
    world.env.inject_error("DELETE", f"/channels/{care.id}/messages/*", status=503)
    done = await choose_and_type(robin, await ask(world, robin, "erase"), world.group.guild.id, "all")
    assert t("privacy.receipt.waiting") in words_of(done)
    assert care.last_message is not None
    await world.advance(timedelta(minutes=5))
    assert care.last_message is None


async def test_nobody_elses_list_is_in_my_copy_or_goes_with_my_data(world: World, bot: Evenkeel) -> None:
    robin, wren = world.group.members[:2]
    here = world.group.guild.id
    await settle_in(bot, here, wren.id, robin.id)
    shown = await ask(world, robin, "export")
    assert "I keep nothing about you" in words_of(shown)
    await settle_in(bot, here, robin.id, 99)
    copy = files_of(await ask(world, robin, "export"), world)
    assert str(wren.id) not in copy["json"].decode()
    await choose_and_type(robin, await ask(world, robin, "erase"), here, "all")
    assert await bot.rooms.members.apart(here, robin.id, wren.id)
