"""Receipts and choices at their longest still fit into one message, and name what they have to."""

import discord
import pytest

from bot.contracts import Post
from bot.discordkit import Panel
from bot.storage import Dialect
from bot.text import t
from cogs.privacy import ui
from cogs.privacy.rules import EVERYTHING
from cogs.privacy.service import Copy, Receipt
from tests.clock import FakeClock

LONGEST_ID = 2**63 - 1
MANY = tuple(Post(LONGEST_ID - number, LONGEST_ID) for number in range(200))
OWNERS = ("settings", "care", "learn")


def words(panel: Panel) -> str:
    items = list(panel.draw().walk_children())
    assert len(items) <= 40
    found = [item.content for item in items if isinstance(item, discord.ui.TextDisplay)]
    assert sum(map(len, found)) <= 4000
    return "\n".join(found)


async def test_the_longest_receipt_fits() -> None:
    given = Receipt(OWNERS, (), 3, MANY, MANY, scrubbed=True)
    panel = ui.receipt(given, LONGEST_ID, "x" * 100, "sqlite", everything=True)
    assert t("privacy.receipt.more", count=192) in words(panel)
    (rest,) = panel.files()
    assert len(rest.fp.read().splitlines()) == 400


async def test_every_post_of_a_short_list_is_named() -> None:
    given = Receipt(OWNERS, (), 0, MANY[:3], MANY[3:5])
    panel = ui.receipt(given, 77, "Harbour", "sqlite", everything=False)
    assert panel.files() == []
    shown = words(panel)
    for post in MANY[:5]:
        assert f"https://discord.com/channels/77/{post.channel_id}/{post.message_id}" in shown
    assert t("privacy.receipt.stuck") in shown
    assert t("privacy.receipt.waiting") in shown


@pytest.mark.parametrize(
    ("dialect", "scrubbed", "key"),
    [("sqlite", True, "scrubbed"), ("sqlite", False, "scrub_later"), ("postgresql", True, "scrub_postgresql")],
)
async def test_the_receipt_says_no_more_than_was_done(dialect: Dialect, scrubbed: bool, key: str) -> None:
    shown = words(ui.receipt(Receipt(("settings",), scrubbed=scrubbed), 7, "Harbour", dialect, everything=False))
    says = {name for name in ("scrubbed", "scrub_later", "scrub_postgresql") if t(f"privacy.receipt.{name}") in shown}
    assert says == {key}


async def test_what_remains_is_said_even_when_nothing_went() -> None:
    shown = words(ui.receipt(Receipt(remains=("privacy.where.none",)), 7, "Harbour", "sqlite", everything=True))
    assert t("privacy.receipt.remains") in shown
    assert t("privacy.where.none") in shown
    assert "It is erased" not in shown


async def test_a_page_of_servers_fits() -> None:
    names = {LONGEST_ID - number: "n" * 100 if number % 2 else None for number in range(25)}
    for purpose in ("export", "erase"):
        assert words(ui.which_server(purpose, names, 3, more=True))


async def test_everything_comes_first_in_the_choice() -> None:
    panel = ui.what_to_erase(7, "Harbour", OWNERS)
    (select,) = (item for item in panel.draw().walk_children() if isinstance(item, discord.ui.Select))
    assert [option.value for option in select.options] == [EVERYTHING, *OWNERS]


async def test_a_servers_name_cannot_mention_or_dress_up() -> None:
    shown = words(ui.what_to_erase(7, "**@everyone** <@1>", OWNERS))
    assert "@everyone" not in shown
    assert "**" not in shown.replace("\\*", "")


async def test_the_files_have_harmless_names() -> None:
    copy = Copy(7, 8, FakeClock().now(), {"settings": {"timezone": "Europe/London"}})
    assert [file.filename for file in ui.copy_of(copy, "Harbour", "v").files()] == [
        "evenkeel-2026-01-15.json", "evenkeel-2026-01-15.csv",
    ]  # fmt: skip


@pytest.mark.parametrize("choice", [EVERYTHING, "settings"])
async def test_the_form_fits_and_differs_each_time(choice: str) -> None:
    form = ui.confirmation(LONGEST_ID, choice)
    assert len(form.title) <= 45
    assert [field.name for field in form.fields] == ["word"]
