"""`/me` as people type it: settings, zone, country, quiet hours, and consent before anything is kept."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from simcord import InteractionResult, MemberActor
from simcord.backend.errors import SetupError

from bot.client import Evenkeel
from bot.members import MemberProfile
from bot.text import t
from rehearsal.world import World
from tests.features.seeing import buttons_of, components_of, words_of

AGREE, LATER = t("privacy.consent.agree.label"), t("privacy.consent.later.label")


async def type_it(world: World, who: MemberActor, command: str, **options: object) -> InteractionResult:
    return await who.slash(world.group.channel("lounge"), command, **options)


async def agree_by(world: World, who: MemberActor, command: str, **options: object) -> InteractionResult:
    """Type something that stores, and agree."""
    asked = await type_it(world, who, command, **options)
    return await who.click(asked.response, label=AGREE)  # type: ignore[arg-type]


async def profile(world: World, who: MemberActor) -> MemberProfile:
    assert isinstance(world.bot, Evenkeel)
    return await world.bot.rooms.members.profile(world.group.guild.id, who.id)


async def stored(world: World) -> int:
    """How many rows there are about anybody."""
    assert isinstance(world.bot, Evenkeel)
    async with world.bot.rooms.database.read() as reader:
        tables = ("members", "member_avoids", "consents", "saved_snippets")
        counts = [await reader.fetch_value(f"SELECT COUNT(*) FROM {table}") for table in tables]
    return sum(counts)


async def test_looking_at_the_settings_stores_nothing(world: World) -> None:
    shown = await type_it(world, world.group.newcomer, "me settings")
    assert shown.ephemeral
    words = words_of(shown)
    assert "Only you see this" in words
    assert "London" in words
    assert "(the group's)" in words
    assert await stored(world) == 0


async def test_nothing_is_kept_before_i_agree_and_the_wish_is_carried_out_after(world: World) -> None:
    robin = world.group.members[0]
    asked = await type_it(world, robin, "me timezone", zone="Berlin")
    assert asked.ephemeral
    assert t("privacy.consent.ask") in words_of(asked)
    assert buttons_of(asked) == [AGREE, LATER]
    assert await stored(world) == 0
    done = await robin.click(asked.response, label=AGREE)  # type: ignore[arg-type]
    assert "Berlin, Germany" in words_of(done)
    assert (await profile(world, robin)).timezone == "Europe/Berlin"


async def test_consent_is_asked_once_for_a_version_and_again_for_the_next(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    robin = world.group.members[0]
    await agree_by(world, robin, "me timezone", zone="Berlin")
    unasked = await type_it(world, robin, "me country", country="Germany")
    assert "Germany" in words_of(unasked)
    asked_before = await type_it(world, world.group.members[1], "me country", country="Germany")

    monkeypatch.setattr(bot.rooms.consents, "version", "2027-01")
    asked = await type_it(world, robin, "me country", country="France")
    assert AGREE in buttons_of(asked)
    assert (await profile(world, robin)).country == "DE"
    await robin.click(asked.response, label=AGREE)  # type: ignore[arg-type]
    assert (await profile(world, robin)).country == "FR"

    # A question about the earlier version agrees to nothing.
    late = await world.group.members[1].click(asked_before.response, label=AGREE)  # type: ignore[arg-type]
    assert words_of(late) == t("kit.refused.outdated")
    assert (await profile(world, world.group.members[1])).country is None


async def test_consent_in_one_server_is_none_in_another(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    await agree_by(world, robin, "me timezone", zone="Berlin")
    twin = world.other.guild.add_member(robin.user)
    await world.env.settle()
    asked = await twin.slash(world.other.channel("lounge"), "me timezone", zone="Tokyo")
    assert AGREE in buttons_of(asked)
    elsewhere = await bot.rooms.members.profile(world.other.guild.id, robin.id)
    assert elsewhere.timezone is None
    shown = await twin.slash(world.other.channel("lounge"), "me settings")
    assert "Berlin" not in words_of(shown)


async def test_not_now_stores_nothing(world: World) -> None:
    robin = world.group.members[0]
    asked = await type_it(world, robin, "me avoid", member=world.group.members[1])
    declined = await robin.click(asked.response, label=LATER)  # type: ignore[arg-type]
    assert words_of(declined) == t("privacy.consent.declined")
    assert await stored(world) == 0
    again = await type_it(world, robin, "me avoid", member=world.group.members[1])
    assert AGREE in buttons_of(again)


async def test_i_agree_after_a_restart_carries_out_the_wish(world: World) -> None:
    robin = world.group.members[0]
    asked = await type_it(world, robin, "me quiet", **{"from": "10 pm", "to": "7 am"})
    await world.restart()
    done = await robin.click(asked.response, label=AGREE)  # type: ignore[arg-type]
    assert "22:00" in words_of(done)
    kept = await profile(world, robin)
    assert (kept.quiet_from, kept.quiet_to) == (22 * 60, 7 * 60)


async def test_the_panel_changes_what_it_shows(world: World) -> None:
    robin = world.group.members[0]
    await agree_by(world, robin, "me timezone", zone="Berlin")
    panel = await type_it(world, robin, "me settings")
    words = await robin.select(panel.response, ["tapering"], custom_id="ek1:me:words:")  # type: ignore[arg-type]
    assert "tapering" in words_of(words)
    await robin.select(panel.response, ["team"], custom_id="ek1:me:audience:")  # type: ignore[arg-type]
    off = await robin.click(panel.response, custom_id="ek1:me:switch:reminders.0")  # type: ignore[arg-type]
    assert t("me.reminders.off") in words_of(off)
    kept = await profile(world, robin)
    assert (kept.words, kept.default_audience, kept.reminders) == ("tapering", "team", False)
    chosen = [
        option["value"]
        for one in components_of(off)
        if one["type"] == 3
        for option in one["options"]
        if option.get("default")
    ]
    assert chosen == ["tapering", "team"]

    await world.restart()
    forgotten = await robin.click(panel.response, custom_id="ek1:me:forget:timezone")  # type: ignore[arg-type]
    assert "(the group's)" in words_of(forgotten)
    none = await robin.select(panel.response, ["none"], custom_id="ek1:me:words:")  # type: ignore[arg-type]
    assert t("me.kept.words_none") in words_of(none)
    kept = await profile(world, robin)
    assert (kept.words, kept.timezone) == (None, None)


async def test_the_words_are_sealed_in_the_file(world: World, bot: Evenkeel) -> None:
    robin = world.group.members[0]
    await agree_by(world, robin, "me timezone", zone="Berlin")
    panel = await type_it(world, robin, "me settings")
    await robin.select(panel.response, ["in_recovery"], custom_id="ek1:me:words:")  # type: ignore[arg-type]
    async with bot.rooms.database.read() as reader:
        sealed = await reader.fetch_value("SELECT words_sealed FROM members")
    assert "recovery" not in sealed


async def test_companion_is_explained_without_the_role_and_a_switch_with_it(world: World) -> None:
    robin, hazel = world.group.members[0], world.group.person("hazel").actor
    assert t("me.companion.no_role") in words_of(await type_it(world, robin, "me settings"))
    await agree_by(world, hazel, "me timezone", zone="London")
    panel = await type_it(world, hazel, "me settings")
    on = await hazel.click(panel.response, custom_id="ek1:me:switch:companion.1")  # type: ignore[arg-type]
    assert t("me.companion.on") in words_of(on)
    assert (await profile(world, hazel)).companion


async def test_who_lost_the_role_is_told_kindly_and_can_switch_off(world: World, bot: Evenkeel) -> None:
    hazel = world.group.person("hazel").actor
    await agree_by(world, hazel, "me timezone", zone="London")
    offering = await type_it(world, hazel, "me settings")
    await take_companion_role(world)
    refused = await hazel.click(offering.response, custom_id="ek1:me:switch:companion.1")  # type: ignore[arg-type]
    assert words_of(refused) == t("me.companion.needs_role")
    assert not (await profile(world, hazel)).companion

    async with bot.rooms.database.write() as writer:
        await bot.rooms.members.set(writer, world.group.guild.id, hazel.id, companion=1)
    panel = await type_it(world, hazel, "me settings")
    assert t("me.companion.paused") in words_of(panel)
    await hazel.click(panel.response, custom_id="ek1:me:switch:companion.0")  # type: ignore[arg-type]
    assert not (await profile(world, hazel)).companion


async def take_companion_role(world: World) -> None:
    guild = world.env.backend.get_guild(world.group.guild.id)
    held = guild.members[world.group.person("hazel").actor.id].role_ids
    held.remove(world.group.roles["companion"].id)
    await world.env.settle()


@pytest.mark.parametrize(
    ("command", "options", "refusal"),
    [
        ("me timezone", {"zone": "Xqzzvw"}, "times.zone.unknown"),
        ("me country", {"country": "Narnia"}, "times.country.unknown"),
        ("me quiet", {"from": "sometime", "to": "later"}, "times.clock.unknown"),
        ("me quiet", {"from": "22:00", "to": "22:00"}, "times.quiet.same"),
        ("me break", {"until": "yesterday-ish"}, "times.until.unknown"),
        ("me break", {"until": "2026-02-30"}, "times.until.no_such_day"),
        ("me break", {"until": "2020-01-01"}, "times.until.past"),
    ],
)
async def test_what_cannot_be_read_is_asked_for_again(
    world: World, command: str, options: dict[str, str], refusal: str
) -> None:
    answered = await type_it(world, world.group.members[0], command, **options)
    assert answered.ephemeral
    assert words_of(answered) == t(refusal)
    assert await stored(world) == 0


async def test_an_offset_is_no_zone_and_offers_some(world: World) -> None:
    answered = await type_it(world, world.group.members[0], "me timezone", zone="UTC+2")
    assert "summer time" in words_of(answered)
    assert "`" in words_of(answered)


async def test_suggestions_are_those_of_the_persons_country(world: World) -> None:
    robin, lounge = world.group.members[0], world.group.channel("lounge")
    await agree_by(world, robin, "me country", country="New Zealand")
    zones = await robin.autocomplete(lounge, "me timezone", "zone", "")
    assert zones[0]["value"] == "Pacific/Auckland"
    assert 0 < len(zones) <= 25
    assert (await robin.autocomplete(lounge, "me country", "country", "germ"))[0]["value"] == "DE"
    assert (await robin.autocomplete(lounge, "me quiet", "from", "10 pm"))[0]["value"] == "22:00"
    morning = await robin.autocomplete(lounge, "me quiet", "to", "")
    assert morning[0]["value"] == "05:00"


async def test_quiet_hours_go_off_by_word_and_by_button(world: World) -> None:
    robin = world.group.members[0]
    await agree_by(world, robin, "me quiet", **{"from": "22:00", "to": "07:00"})
    off = await type_it(world, robin, "me quiet", **{"from": "off", "to": "07:00"})
    assert words_of(off) == t("me.kept.quiet_none")
    await type_it(world, robin, "me quiet", **{"from": "22:00", "to": "07:00"})
    panel = await type_it(world, robin, "me settings")
    await robin.click(panel.response, label=t("me.shown.quiet_button.label"))  # type: ignore[arg-type]
    assert (await profile(world, robin)).quiet_from is None


async def test_a_break_is_read_by_the_persons_clock_across_summer_time(world: World) -> None:
    """On 28 March 2027 the clocks of Berlin go forward: nine in the morning is seven in UTC, one day earlier eight."""
    robin = world.group.members[0]
    await agree_by(world, robin, "me timezone", zone="Berlin")
    for day, hour in (("2027-03-27", 8), ("2027-03-28", 7)):
        await type_it(world, robin, "me break", until=f"{day} 9 am")
        until = (await profile(world, robin)).break_until
        assert until is not None
        assert until.isoformat() == f"{day}T{hour:02}:00:00+00:00"
    # A time that the clock jumps over is moved forward by the jump.
    await type_it(world, robin, "me break", until="2027-03-28 02:30")
    until = (await profile(world, robin)).break_until
    assert until == datetime(2027, 3, 28, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))


async def test_a_break_rests_and_ends_by_command_by_button_and_by_itself(world: World) -> None:
    robin = world.group.members[0]
    begun = await agree_by(world, robin, "me break")
    assert words_of(begun) == t("me.kept.rest")
    back = await type_it(world, robin, "me back")
    assert words_of(back) == t("me.back.done")
    assert words_of(await type_it(world, robin, "me back")) == t("me.back.not_resting")

    await type_it(world, robin, "me break", until="3 days")
    panel = await type_it(world, robin, "me settings")
    pressed = await robin.click(panel.response, label=t("me.shown.back_button.label"))  # type: ignore[arg-type]
    assert t("me.back.done") in words_of(pressed)
    assert (await profile(world, robin)).break_since is None

    await type_it(world, robin, "me break", until="3 days")
    await world.env.advance_time(4 * 86_400)
    assert words_of(await type_it(world, robin, "me back")) == t("me.back.not_resting")


async def test_an_end_that_passed_while_the_question_stood_is_refused(world: World) -> None:
    robin = world.group.members[0]
    asked = await type_it(world, robin, "me break", until="in 2 hours")
    await world.env.advance_time(3 * 3600)
    late = await robin.click(asked.response, label=AGREE)  # type: ignore[arg-type]
    assert words_of(late) == t("times.until.past")
    assert (await profile(world, robin)).break_since is None


async def test_me_is_for_servers(world: World) -> None:
    with pytest.raises(SetupError):
        await world.group.members[0].user.slash("me settings")
