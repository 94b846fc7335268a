"""Every promise of the privacy texts, held against the tables, the owners and the numbers of the running bot."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import discord
import pytest

from bot.client import Evenkeel
from bot.discordkit import Panel, decode
from bot.housekeeping import BACKUPS_KEPT_DAYS, MARKS_KEPT
from bot.jobs import KEEP_ENDED
from bot.members.consent import POLICY_VERSION
from bot.text import t
from cogs.care.rules import KEPT_AFTER_SETTLING, KEPT_UNSETTLED
from cogs.privacy import ui
from cogs.privacy.rules import KEPT_AFTER_LEAVING, PAGES
from rehearsal.world import World

POLICY = Path(__file__).parents[2] / "PRIVACY.md"
# A phone shows about this much of a message without scrolling.
PHONE_SCREEN = 650
# What the policy says of each column of each table with a person in it. A new column needs its words, a new table too.
PROMISED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "members": {
            "timezone": "time zone", "country": "country", "quiet_from": "quiet hours", "quiet_to": "quiet hours",
            "words_sealed": "encrypted", "default_audience": "who sees what you share", "companion": "companion",
            "reminders": "reminders", "break_since": "breaks", "break_until": "breaks", "left_at": "when you left",
        },
        "member_avoids": {"other_id": "rather not be paired with"},
        "consents": {"policy_version": "agreed to this", "agreed_at": "when you agreed to this"},
        "saved_snippets": {"snippet_id": "which ones you saved", "saved_at": "and when"},
        "shared_readings": {
            "snippet_id": "which one", "channel_id": "where the post is", "message_id": "where the post is",
            "shared_at": "and when",
        },
        "member_stays": {"since": "since when a time zone held", "timezone": "time zone"},
        "member_rests": {"kind": "when you rested", "since": "when you rested", "until": "when you rested"},
        "checkin_entries": {
            "entry_id": "check-ins", "schedule_id": "which form", "set_id": "which form", "day": "the day",
            "post_day": "the day", "choice": "who may see them", "mood": "the numbers you chose",
            "sleep": "the numbers you chose", "urge": "the numbers you chose", "marks_sealed": "your other choices",
            "words_sealed": "your words, encrypted", "numbers_shown": "who may see them", "held": "who may see them",
            "edition": "check-ins", "place": "where the post is", "channel_id": "where the post is",
            "message_id": "where the post is", "room_id": "where the post is", "asked_at": "you asked for a reply",
            "answered_at": "when it came", "told_early": "you asked for a reply", "told": "you asked for a reply",
            "written_at": "the day",
        },
        "checkin_skips": {"day": "the days you skipped", "pressed_at": "the days you skipped"},
        "checkin_replies": {
            "reply_id": "your replies", "entry_id": "where your replies are", "words_sealed": "your words, encrypted",
            "channel_id": "where your replies are", "message_id": "where your replies are",
            "written_at": "where your replies are",
        },
        "checkin_requests": {
            "entry_id": "when you were asked", "asked_at": "when you were asked", "fell_through": "when you were asked",
        },
        "checkin_people": {
            "remind_minute": "your reminder", "remind_days": "your reminder", "remind_edition": "your reminder",
            "remind_failures": "your reminder", "remind_ended": "your reminder",
            "months": "how long you keep check-ins", "offer_day": "last offered support",
            "kept": "a count that outlives them",
        },
        "checkin_panels": {"measure": "part of a weekly average"},
        "care_requests": {
            "channel_id": "where the card", "message_id": "where the card", "thread_id": "the quiet room",
            "waiting_id": "messages posted in it for you", "welcome_id": "messages posted in it for you",
            "created_at": "when", "claimed_by": "who came", "claimed_at": "who came", "settled_at": "when",
        },
    }
)  # fmt: skip
# Numbers of rows, of servers and of people, and times of the row itself, say nothing of their own.
PLAIN = frozenset({"guild_id", "user_id", "request_id", "updated_at", "created_at"})


def plain(text: str) -> str:
    return " ".join(re.sub(r"[*`]", "", text).casefold().split())


def holds_a_person(column: str) -> bool:
    """Whether a column is for a person's number, by the way our tables name such columns."""
    return column == "other_id" or column.endswith("_by") or "user" in column or "member" in column


async def columns(bot: Evenkeel) -> dict[str, set[str]]:
    async with bot.rooms.database.read() as reader:
        tables = await reader.fetch_all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        return {
            table["name"]: {row["name"] for row in await reader.fetch_all(f"PRAGMA table_info({table['name']})")}
            for table in tables
        }


async def test_every_table_with_a_person_in_it_has_an_owner(bot: Evenkeel) -> None:
    owned = {table for owner in bot.rooms.owners for table in owner.tables}
    about_people = {table for table, names in (await columns(bot)).items() if any(map(holds_a_person, names))}
    assert about_people - {"setup_guides"} == owned


async def test_the_setup_guide_belongs_to_the_group_and_names_nobody(bare_world: World) -> None:
    bot, group = bare_world.bot, bare_world.group
    assert isinstance(bot, Evenkeel)
    shown = await group.admin.slash(group.channel("lounge"), "setup guide")
    await group.admin.click(shown.response, custom_id="ek1:setup:step:roles")  # type: ignore[arg-type]
    async with bot.rooms.database.read() as reader:
        states = [row["state"] for row in await reader.fetch_all("SELECT state FROM setup_guides")]
    assert not any(str(person.actor.id) in state for person in group.people.values() for state in states)


async def test_every_owner_has_its_words(bot: Evenkeel) -> None:
    written = plain(POLICY.read_text(encoding="utf-8"))
    for owner in bot.rooms.owners:
        for part in ("choice", "description", "kept", "long", "seen"):
            assert t(f"privacy.owner.{owner.name}.{part}")
        assert plain(t(f"privacy.owner.{owner.name}.choice")) in written


async def test_every_column_is_named_in_the_policy(bot: Evenkeel) -> None:
    written = plain(POLICY.read_text(encoding="utf-8"))
    known = await columns(bot)
    for owner in bot.rooms.owners:
        kept = plain(t(f"privacy.owner.{owner.name}.kept"))
        for table in owner.tables:
            promised = PROMISED[table]
            assert known[table] - PLAIN <= promised.keys(), f"{table} keeps what the policy doesn't say"
            assert promised.keys() <= known[table], f"the policy names what {table} doesn't keep"
            for words in promised.values():
                assert words in kept
                assert words in written


def test_the_numbers_are_those_of_the_code() -> None:
    written = plain(POLICY.read_text(encoding="utf-8"))
    left = KEPT_AFTER_LEAVING.days
    assert f"until {left} days after you leave this server" in t("privacy.consent.ask")
    assert f"until {left} days after you leave the server" in written
    assert f"{left} days after you leave a server" in written
    assert f"each copy is deleted after {BACKUPS_KEPT_DAYS} days" in written
    settled = KEPT_AFTER_SETTLING.days
    assert f"until {settled} days after" in t("privacy.owner.care.long")
    assert f"until {settled} days after the team has settled" in written
    unsettled = f"if nobody does, until {KEPT_UNSETTLED.days} days after the call"
    assert unsettled in plain(t("privacy.owner.care.long"))
    assert unsettled in written
    assert (MARKS_KEPT.days, KEEP_ENDED.days) == (1, 7)
    for text in (t("privacy.policy.long_rest"), written):
        assert "for a day" in text.casefold()
        assert "for a week" in text.casefold()
    assert f"policy version: {POLICY_VERSION}" in written


def test_the_question_fits_on_a_phone_and_says_all_four_things() -> None:
    question = t("privacy.consent.ask")
    assert len(question) <= PHONE_SCREEN
    for words in (
        "What I'd keep",
        "How long",
        "Who sees it",
        "To erase it",
        "`/privacy erase`",
        "Nothing is stored until",
    ):
        assert words in question


async def drawn(panel: Panel) -> list[discord.ui.Item[discord.ui.LayoutView]]:
    items = list(panel.draw().walk_children())
    assert len(items) <= 40
    assert sum(len(item.content) for item in items if isinstance(item, discord.ui.TextDisplay)) <= 4000
    return items


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
async def test_every_page_fits_and_its_buttons_lead_somewhere(bot: Evenkeel, page: str, dialect: str) -> None:
    facts = ui.PolicyFacts(POLICY_VERSION, "sqlite" if dialect == "sqlite" else "postgresql", bot.rooms.owners)
    for item in await drawn(ui.policy(page, facts)):
        if isinstance(item, discord.ui.Button):
            read = decode(item.custom_id or "")
            assert read is not None
            assert (read.feature, read.verb) in bot.rooms.router.routes


async def test_the_pages_speak_of_every_owner(bot: Evenkeel) -> None:
    facts = ui.PolicyFacts(POLICY_VERSION, "sqlite", bot.rooms.owners)
    for page in ("kept", "long", "seen"):
        words = "\n".join(
            item.content for item in await drawn(ui.policy(page, facts)) if isinstance(item, discord.ui.TextDisplay)
        )
        for owner in bot.rooms.owners:
            assert t(f"privacy.owner.{owner.name}.{page}") in words


def test_commands_named_in_the_policy_exist(bot: Evenkeel) -> None:
    known = {command.qualified_name for command in bot.tree.walk_commands()}
    texts = [
        POLICY.read_text(encoding="utf-8"),
        *(t(f"privacy.policy.{page}") for page in PAGES),
        t("privacy.consent.ask"),
    ]
    for text in texts:
        for name in re.findall(r"`/([a-z -]+)`", text):
            assert name in known
