"""`/checkin history` and `/checkin export`: one's own days as a picture, a list and a file, and nobody else's."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from PIL import Image
from simcord import InteractionResult, MemberActor

from bot.client import Evenkeel
from bot.discordkit import encode
from bot.errors import Refusal
from bot.text import t
from cogs.checkins.rules import Choice, Rhythm
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.people import PeopleStore
from rehearsal.world import World
from tests.features.conftest import TestEngine
from tests.features.seeing import buttons_of, components_of, shown, words_of
from tests.unit.checkins.history_made import entry

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
CANARY = "canary-77c1"
_SELECT, _GALLERY = 3, 12


async def keep(bot: Evenkeel, world: World, who: MemberActor, *entries: Entry) -> None:
    """Put entries where the form would."""
    store = EntryStore(bot.rooms.vault)
    async with bot.rooms.database.write() as writer:
        for place, one in enumerate(entries):
            mine = replace(one, entry_id=who.id % 2**40 * 1000 + place, user_id=who.id, guild_id=world.group.guild.id)
            await store.put(writer, mine)


def month(*, until: date = TODAY, count: int = 20) -> tuple[Entry, ...]:
    return tuple(entry(until - back * DAY, mood=1 + back % 5, sleep=2, urge=back % 11) for back in range(count))


async def look(world: World, who: MemberActor, **options: Any) -> InteractionResult:
    return await who.slash(world.group.channel("lounge"), "checkin history", **options)


def described(result: InteractionResult) -> str:
    found = [one for one in components_of(result) if one["type"] == _GALLERY]
    return str(found[0]["items"][0]["description"]) if found else ""


def selects(result: InteractionResult) -> list[Mapping[str, Any]]:
    return [one for one in components_of(result) if one["type"] == _SELECT]


def files_of(world: World, result: InteractionResult) -> dict[str, bytes]:
    cdn = world.env.backend.cdn
    return {one.filename: cdn.get(one.url) or b"" for one in shown(result).attachments}


async def open_first(who: MemberActor, result: InteractionResult) -> InteractionResult:
    chooser = next(one for one in selects(result) if "hist_open" in one["custom_id"])
    return await who.select(
        shown(result), custom_id=chooser["custom_id"], values=[chooser["options"][0]["value"]]
    )  # fmt: skip


async def test_somebody_new_is_told_kindly(world: World) -> None:
    result = await look(world, world.group.members[0])
    assert result.ephemeral
    assert t("checkin_history.empty").splitlines()[1][:30] in words_of(result)
    assert "/checkin now" in words_of(
        await world.group.members[0].slash(world.group.channel("lounge"), "checkin export")
    )


async def test_when_all_of_it_has_gone_the_days_still_count(world: World, bot: Evenkeel) -> None:
    member, people = world.group.members[0], PeopleStore()
    who = world.group.guild.id, member.id
    async with bot.rooms.database.write() as writer:
        await people.alone(writer, *who, bot.rooms.clock.now(), bot.rooms.database.row_lock)
        await people.keep(writer, *who, Rhythm(total=300, until=TODAY - 40 * DAY))
    for command in ("history", "export"):
        words = words_of(await member.slash(world.group.channel("lounge"), f"checkin {command}"))
        assert t("checkin_rhythm.total", count=300) in words
        assert t("checkin_history.gone") in words


async def test_a_month_as_a_picture_in_words_and_as_a_list(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month())
    result = await look(world, member)
    assert result.ephemeral
    [(name, drawn)] = files_of(world, result).items()
    assert name.endswith(".png")
    assert Image.open(BytesIO(drawn)).size[0] == 1000
    assert "Mood: 20 days." in described(result)
    words = words_of(result)
    assert words.index("20") < words.index("Monday 23 November**")  # the total comes first
    assert t("checkin_history.page", number=1, pages=3) in words
    assert {"Earlier", "A week", "A year"} <= set(buttons_of(result))
    assert "Later" not in buttons_of(result)


async def test_earlier_and_later_lead_through_all_of_it_and_back(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month(count=20), *month(until=TODAY - 200 * DAY, count=3))
    result, seen = await look(world, member, days=30), []
    for _ in range(9):
        seen.append(words_of(result))
        if "Earlier" not in buttons_of(result):
            break
        result = await member.click(shown(result), label="Earlier")
    assert len(seen) == 4  # three pages of this month, one of the days in spring
    assert "7 May" in seen[-1]
    back = []
    while "Later" in buttons_of(result):
        result = await member.click(shown(result), label="Later")
        back.append(words_of(result))
    assert back == seen[-2::-1]


@pytest.mark.parametrize(("label", "days"), [("A week", 7), ("3 months", 90), ("A year", 365)])
async def test_other_spans(world: World, bot: Evenkeel, label: str, days: int) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month())
    result = await member.click(shown(await look(world, member)), label=label)
    gaps = t("checkin_history.picture.gaps", count=days - 20) if days > 20 else t("checkin_history.picture.no_gaps")
    assert gaps in described(result)
    assert words_of(result) == words_of(await look(world, member, days=days))


async def test_an_entry_is_opened_whole_and_closed_again(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, entry(TODAY, words=f"{CANARY} " * 40, mood=2), entry(TODAY - DAY, mood=3))
    listed = await look(world, member)
    assert "…" in words_of(listed)
    opened = await open_first(member, listed)
    assert words_of(opened).count(CANARY) == 40
    again = await member.click(shown(opened), label=t("checkin_history.back.label"))
    assert words_of(again) == words_of(listed)


async def test_words_in_a_post_are_linked(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    shared = entry(TODAY, words=None, choice=Choice.GROUP, channel_id=5, message_id=6, mood=2)
    await keep(bot, world, member, replace(shared, outline=entry(TODAY, words="x").words or ()))
    listed = await look(world, member)
    assert f"/{world.group.guild.id}/5/6" in words_of(listed)
    assert f"/{world.group.guild.id}/5/6" in words_of(await open_first(member, listed))


async def test_an_old_entry_can_be_deleted_from_here(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, entry(TODAY - 90 * DAY, words=CANARY), entry(TODAY, words="today"))
    old = await member.click(shown(await look(world, member)), label="Earlier")
    sheet = await member.click(shown(await open_first(member, old)), label=t("checkin_history.change.label"))
    assert CANARY in words_of(sheet)
    for verb in ("entry_delete", "entry_gone"):
        [button] = [one for one in components_of(sheet) if f":{verb}:" in one.get("custom_id", "")]
        sheet = await member.click(shown(sheet), custom_id=button["custom_id"])
    await world.catch_up()
    left = await look(world, member, days=365)
    assert CANARY not in words_of(left)
    assert "Earlier" not in buttons_of(left)


async def test_nobody_sees_another_persons_days(world: World, bot: Evenkeel, engine: TestEngine) -> None:
    mine, other = world.group.members[:2]
    await keep(bot, world, mine, entry(TODAY, words=CANARY, mood=1))
    await keep(bot, world, other, entry(TODAY, words="hers", mood=5))
    seen = await look(world, other)
    assert CANARY not in words_of(seen)
    async with bot.rooms.database.read() as reader:
        [theirs] = await EntryStore(bot.rooms.vault).of_day(reader, world.group.guild.id, mine.id, TODAY)
    assert str(theirs.entry_id) not in str(components_of(seen))
    # Discord lets nobody choose what isn't offered; should it ever, the row is read again.
    _, handler = bot.rooms.router.routes["checkins", "hist_open"]
    service = handler.__self__._service  # type: ignore[attr-defined]
    for guild_id, user_id in ((world.group.guild.id, other.id), (world.other.guild.id, mine.id)):
        with pytest.raises(Refusal):
            await service.entry(guild_id, user_id, theirs.entry_id)
    assert (await service.entry(world.group.guild.id, mine.id, theirs.entry_id)).user_id == mine.id
    assert CANARY not in engine.log.getvalue()


async def test_another_servers_days_are_apart(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    store = EntryStore(bot.rooms.vault)
    async with bot.rooms.database.write() as writer:
        there = replace(entry(TODAY, words=CANARY), user_id=member.id, guild_id=world.other.guild.id)
        await store.put(writer, there)
    assert "/checkin now" in words_of(await look(world, member))
    assert CANARY not in words_of(await look(world, member))


async def test_a_picture_that_takes_too_long_leaves_the_list(
    world: World, bot: Evenkeel, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month(count=3))

    async def slow(*_: object) -> bytes:
        raise TimeoutError

    _, handler = bot.rooms.router.routes["checkins", "hist_look"]
    monkeypatch.setattr(handler.__self__._easel, "draw", slow)  # type: ignore[attr-defined]
    result = await look(world, member)
    assert t("checkin_history.no_picture") in words_of(result)
    assert "Monday 23 November**" in words_of(result)


async def test_a_restart_leaves_the_panel_alive(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month())
    before = await look(world, member)
    await world.restart()
    assert t("checkin_history.page", number=2, pages=3) in words_of(
        await member.click(shown(before), label="Earlier")
    )  # fmt: skip


async def test_the_file_has_all_of_it(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    long_ago = entry(TODAY - 300 * DAY, words=f"=HYPERLINK({CANARY})", urge=7)
    await keep(bot, world, member, *month(), long_ago)
    result = await member.slash(world.group.channel("lounge"), "checkin export")
    assert result.ephemeral
    assert t("checkin_history.export.heading", count=21) in words_of(result)
    [(name, content)] = files_of(world, result).items()
    assert name == "check-ins.csv"
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 21
    assert rows[0]["Day"] == str(TODAY - 300 * DAY)
    assert rows[0]["Your words"] == f"In a line: =HYPERLINK({CANARY})"
    assert rows[0]["Questions"] == "How am I today"
    assert rows[-1]["Mood (1 to 5)"] == "1"
    from_panel = await member.click(shown(await look(world, member)), label=t("checkin_history.take.label"))
    assert files_of(world, from_panel) == {name: content}


async def months(bot: Evenkeel, world: World, who: MemberActor) -> int | None:
    async with bot.rooms.database.read() as reader:
        return (await PeopleStore().get(reader, world.group.guild.id, who.id)).months


async def choose_months(who: MemberActor, panel: InteractionResult, value: str) -> InteractionResult:
    chooser = next(one for one in selects(panel) if "hist_months" in one["custom_id"])
    return await who.select(shown(panel), custom_id=chooser["custom_id"], values=[value])


async def test_a_shorter_time_is_asked_about_and_needs_consent(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month(count=3))
    asked = await choose_months(member, await look(world, member), "3")
    assert "goes for good" in words_of(asked)
    assert await months(bot, world, member) is None
    left = await member.click(shown(asked), label=t("checkin_history.months.no.label"))
    assert "Monday 23 November**" in words_of(left)
    asked = await choose_months(member, left, "3")
    gate = await member.click(shown(asked), label=t("checkin_history.months.yes.label"))
    assert await months(bot, world, member) is None
    kept = await member.click(shown(gate), label=t("privacy.consent.agree.label"))
    assert await months(bot, world, member) == 3
    assert t("checkin_history.kept", months=t("checkin_history.months.said", count=3)) in words_of(kept)
    longer = await choose_months(member, kept, "12")  # takes nothing away, so it isn't asked
    assert await months(bot, world, member) is None
    assert t("checkin_history.months.said", count=12) in words_of(longer)


async def test_never_longer_than_the_group(world: World, bot: Evenkeel) -> None:
    member = world.group.members[0]
    await keep(bot, world, member, *month(count=1))
    async with bot.rooms.database.write() as writer:
        await bot.rooms.guilds.set_retention(writer, world.group.guild.id, "check-ins", 3)
    panel = await look(world, member)
    chooser = next(one for one in selects(panel) if "hist_months" in one["custom_id"])
    assert [one["value"] for one in chooser["options"]] == ["3", "1"]


@pytest.mark.parametrize("verb", ["hist_look", "hist_span", "hist_earlier", "hist_later", "hist_open", "hist_months"])
def test_every_key_of_the_panel_fits_an_id(verb: str) -> None:
    assert len(encode("checkins", verb, "365.2026-11-23.9999")) <= 100
